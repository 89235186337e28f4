// organization_partners: organizations that take part in the same activities as one organization
// params: $organization organization id
// columns: partner STRING, name STRING, kind STRING, activities INT, first_start_date DATE, last_end_date DATE
MATCH (o:Organization {id: $organization})-[:PARTICIPATES_IN]->(a:Activity)<-[:PARTICIPATES_IN]-(p:Organization)
WHERE p.id <> $organization AND coalesce(a.withdrawn, false) = false
RETURN p.id AS partner, p.name AS name, p.kind AS kind, count(DISTINCT a.id) AS activities, min(a.start_date) AS first_start_date, max(a.end_date) AS last_end_date
ORDER BY activities DESC, partner
