// experts_for_area: people who know an area of work, our own first, with how we know
// params: $area area code such as ENV
// columns: person STRING, name STRING, position STRING, in_house BOOL, availability STRING, evidence STRING, activities INT
MATCH (p:Person)-[k:KNOWS]->(a:Area {id: $area})
OPTIONAL MATCH (p)-[:WORKED_ON]->(x:Activity)
RETURN p.id AS person, p.name AS name, p.position AS position, p.in_house AS in_house, p.availability AS availability, k.evidence AS evidence, count(DISTINCT x.id) AS activities
ORDER BY CASE WHEN p.in_house THEN 0 ELSE 1 END, activities DESC, person
