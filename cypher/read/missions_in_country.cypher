// missions_in_country: missions to a country, or to a group of countries that it belongs to, whose they are and whom they meet, the latest first
// params: $country ISO 3166-1 alpha-3 code
// columns: mission STRING, title STRING, status STRING, start_date DATE, end_date DATE, place STRING, adviser STRING, meets STRING
MATCH (c:Country {id: $country})
OPTIONAL MATCH (c)-[:MEMBER_OF]->(g:CountryGroup)
WITH collect(g.id) AS groups
MATCH (m:Mission)-[:VISITS]->(w:Country|CountryGroup) WHERE w.id = $country OR w.id IN groups
OPTIONAL MATCH (m)-[:MEETS]->(o:Organization)
RETURN m.id AS mission, m.title AS title, m.status AS status, m.start_date AS start_date, m.end_date AS end_date, w.name AS place, m.adviser AS adviser, o.name AS meets
ORDER BY start_date DESC, mission, place, meets
