// findings_of_country: findings about one country, strongest first
// params: $country ISO 3166-1 alpha-3 code
// columns: finding STRING, number STRING, kind STRING, class STRING, score FLOAT, strength STRING, concerns STRING, status STRING, money_usd FLOAT, countries LIST, headline STRING
MATCH (f:Finding)-[:ABOUT]->(c:Country {id: $country})
RETURN DISTINCT f.id AS finding, f.number AS number, f.kind AS kind, f.class AS class, f.score AS score, f.strength AS strength, f.concerns AS concerns, f.status AS status, f.money_usd AS money_usd, f.countries AS countries, f.headline AS headline
ORDER BY score DESC, finding
