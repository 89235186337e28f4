// country_organizations: who takes part in activities in one country, and in how many as the actor
// params: $country ISO 3166-1 alpha-3 code
// columns: organization STRING, name STRING, kind STRING, activities INT, as_actor INT
MATCH (o:Organization)-[p:PARTICIPATES_IN]->(a:Activity)-[:LOCATED_IN]->(c:Country {id: $country}) WHERE coalesce(a.withdrawn, false) = false
RETURN o.id AS organization, o.name AS name, o.kind AS kind, count(DISTINCT a.id) AS activities, count(DISTINCT CASE WHEN p.is_actor THEN a.id END) AS as_actor
ORDER BY activities DESC, organization
