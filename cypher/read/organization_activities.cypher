// organization_activities: activities that one organization takes part in, with its role
// params: $organization organization id
// columns: activity STRING, title STRING, role STRING, is_actor BOOL, status STRING, start_date DATE, end_date DATE, money_usd FLOAT
MATCH (o:Organization {id: $organization})-[p:PARTICIPATES_IN]->(a:Activity) WHERE coalesce(a.withdrawn, false) = false
RETURN DISTINCT a.id AS activity, a.title AS title, p.role AS role, p.is_actor AS is_actor, a.status AS status, a.start_date AS start_date, a.end_date AS end_date, a.money_usd AS money_usd
ORDER BY activity, role, is_actor
