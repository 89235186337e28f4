// country_contacts: offices and country teams that cover a country, with the people to write to
// params: $country ISO 3166-1 alpha-3 code
// columns: contact STRING, title STRING, kind STRING, email STRING, person STRING, person_email STRING
MATCH (t:Office|CountryTeam)-[:COVERS]->(c:Country {id: $country})
OPTIONAL MATCH (p:Person)-[:AFFILIATED_WITH]->(t)
RETURN t.id AS contact, t.title AS title, t.kind AS kind, t.email AS email, p.name AS person, p.email AS person_email
ORDER BY contact, person
