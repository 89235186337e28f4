// funding_links: money that goes from one activity into another, and which of them says so
// params:
// columns: payer STRING, payer_title STRING, payee STRING, payee_title STRING, stated_by STRING, basis STRING, amount_usd FLOAT
MATCH (a:Activity)-[f:FUNDS]->(b:Activity) WHERE coalesce(a.withdrawn, false) = false AND coalesce(b.withdrawn, false) = false
RETURN a.id AS payer, a.title AS payer_title, b.id AS payee, b.title AS payee_title, f.stated_by AS stated_by, f.basis AS basis, f.amount_usd AS amount_usd
ORDER BY payer, payee, stated_by, basis
