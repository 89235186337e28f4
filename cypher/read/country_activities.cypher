// country_activities: activities located in one country, or in a group of countries that it belongs to, with who carries them out
// params: $country ISO 3166-1 alpha-3 code
// columns: activity STRING, title STRING, actor STRING, start_date DATE, end_date DATE, place STRING, share FLOAT, money_usd FLOAT
MATCH (c:Country {id: $country})
OPTIONAL MATCH (c)-[:MEMBER_OF]->(g:CountryGroup)
WITH collect(g.id) AS groups
MATCH (a:Activity)-[l:LOCATED_IN]->(w:Country|CountryGroup) WHERE (w.id = $country OR w.id IN groups) AND coalesce(a.withdrawn, false) = false
OPTIONAL MATCH (o:Organization)-[p:PARTICIPATES_IN]->(a) WHERE p.is_actor
RETURN DISTINCT a.id AS activity, a.title AS title, o.name AS actor, a.start_date AS start_date, a.end_date AS end_date, w.name AS place, l.share AS share, a.money_usd AS money_usd
ORDER BY activity, place, actor
