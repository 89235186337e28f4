// open_requests: requests that are not answered yet, with who asks and what answers them so far
// params:
// columns: request STRING, title STRING, status STRING, requested_date DATE, cost_usd FLOAT, asked_by STRING, activities INT
MATCH (r:Request)-[:REQUESTED_BY]->(c)
WHERE r.status IN ['open', 'planned', 'partly answered']
OPTIONAL MATCH (a:Activity)-[:ANSWERS]->(r)
RETURN r.id AS request, r.title AS title, r.status AS status, r.requested_date AS requested_date, r.cost_usd AS cost_usd, c.id AS asked_by, count(DISTINCT a.id) AS activities
ORDER BY requested_date, request, asked_by
