// instrument_parties: parties to an instrument, since when, and which list says so
// params: $instrument instrument id such as WATER
// columns: country STRING, name STRING, since_date DATE, list_date DATE, checked STRING, stated_by STRING
MATCH (c:Country)-[p:PARTY_TO]->(i:LegalInstrument {id: $instrument})
RETURN c.id AS country, c.name AS name, p.since_date AS since_date, p.list_date AS list_date, p.checked AS checked, p.stated_by AS stated_by
ORDER BY country, stated_by
