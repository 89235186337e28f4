// agreements_of_organization: agreements that an organization is a party to, with their areas
// params: $organization organization id
// columns: agreement STRING, title STRING, kind STRING, start_date DATE, end_date DATE, area STRING
MATCH (o:Organization {id: $organization})-[:PARTY_TO]->(g:Agreement)
OPTIONAL MATCH (g)-[:COVERS]->(a:Area)
RETURN g.id AS agreement, g.title AS title, g.kind AS kind, g.start_date AS start_date, g.end_date AS end_date, a.id AS area
ORDER BY agreement, area
