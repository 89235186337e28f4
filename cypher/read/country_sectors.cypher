// country_sectors: activities per organization and sector in one country
// params: $country ISO 3166-1 alpha-3 code
// columns: organization STRING, sector STRING, sector_name STRING, activities INT
MATCH (o:Organization)-[:PARTICIPATES_IN]->(a:Activity)-[:LOCATED_IN]->(c:Country {id: $country}) WHERE coalesce(a.withdrawn, false) = false
MATCH (a)-[:IN_SECTOR]->(s:Sector)
RETURN o.id AS organization, s.id AS sector, s.name AS sector_name, count(DISTINCT a.id) AS activities
ORDER BY organization, sector
