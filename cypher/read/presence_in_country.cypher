// presence_in_country: organizations that tables of who does what, where (3W) name in a country; no activities
// params: $country ISO 3166-1 alpha-3 code
// columns: organization STRING, name STRING, sector STRING, start_date DATE, end_date DATE, stated_by STRING
MATCH (o:Organization)-[p:PRESENT_IN]->(c:Country {id: $country})
RETURN o.id AS organization, o.name AS name, p.sector AS sector, p.start_date AS start_date, p.end_date AS end_date, p.stated_by AS stated_by
ORDER BY organization, stated_by
