// missions_in_country: missions to a country, whose they are and whom they meet, the latest first
// params: $country ISO 3166-1 alpha-3 code
// columns: mission STRING, title STRING, status STRING, start_date DATE, end_date DATE, adviser STRING, meets STRING
MATCH (m:Mission)-[:VISITS]->(c:Country {id: $country})
OPTIONAL MATCH (m)-[:MEETS]->(o:Organization)
RETURN m.id AS mission, m.title AS title, m.status AS status, m.start_date AS start_date, m.end_date AS end_date, m.adviser AS adviser, o.name AS meets
ORDER BY start_date DESC, mission, meets
