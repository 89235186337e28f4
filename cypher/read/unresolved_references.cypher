// unresolved_references: activities that are referred to and not loaded, most often first
// params:
// columns: target STRING, kind STRING, activities INT
MATCH (r:Reference)
WHERE NOT r.resolved
RETURN r.target AS target, r.kind AS kind, count(DISTINCT r.activity) AS activities
ORDER BY activities DESC, target, kind
