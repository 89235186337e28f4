"""The sheets of the unit's ``registers.xlsx``, and the table of both workbooks."""

from __future__ import annotations

from partnermap.sources.registers_sheets import (
    ADVISER_ACTIVITIES,
    CURRENCY_COLUMN,
    END,
    EXCOM,
    FOR_ACTIVITY,
    FUNDING,
    INSTRUMENTS,
    MISSIONS,
    REQUEST_STATUS,
    START,
    Book,
    Column,
    Sheet,
    activity_columns,
    areas,
    countries,
    number,
)

_CONTACTS = Column("Contacts", "contacts", "people", "People to write to, as Name <address>; several with a semicolon between them. They are kept apart and can be erased.", width=36)
_MAIL = Column("E-mail", "email", "text", "A shared address; personal ones belong to the contacts.", width=24)
_SOURCE = Column("Source", "source", "text", "Where this can be read: a document number or an address.", width=28)

OWN_ACTIVITIES = Sheet(
    "Own activities",
    "Activity",
    "What the organization does and plans, with what committees ask for: funding source, review, counterpart and outcome.",
    (
        *activity_columns(("planned", "ongoing", "completed", "cancelled")),
        Column("Description", "description", "long", "Two or three sentences: what is done, for whom.", width=50),
        Column("National counterpart", "counterparts", "organizations", "The institution in the country that owns it; several with a semicolon between them.", width=30),
        Column("Funding source", "funding_source", "choice", "Where the money comes from.", False, FUNDING, 18),
        Column("Donors", "donors", "organizations", "Who gives extrabudgetary money; several with a semicolon between them.", width=24),
        Column("Budget", "budget", "number", "Total, without the currency. Leave it empty when it is not known; 0 means nothing is spent.", width=14),
        CURRENCY_COLUMN,
        Column("EXCOM status", "excom_status", "choice", "Review of extrabudgetary projects by the Executive Committee.", False, EXCOM, 14),
        Column("EXCOM date", "excom_date", "date", "Day of submission or review; a date such as 2026-05-31.", width=12),
        Column("Expected outcome", "expected_outcome", "long", "What will be different afterwards.", width=40),
        Column("Framework outcome", "outcomes", "refs:Outcome", "No. of the outcome in the sheet Outcomes that it contributes to; several with a semicolon between them.", width=20),
    ),
    (
        ("EXAMPLE 1", "Accession to the Water Convention and its Protocol on Water and Health", "project", "Environment", "Kyrgyzstan", "2026-03-01", "2027-12-31", "ongoing", "UNDP", "Water Convention; Protocol on Water and Health", "REQ-2026-01", "Legal advice and two workshops for the ministries concerned.", "Ministry of Natural Resources of Kyrgyzstan", "extrabudgetary", "Switzerland", "180000", "USD", "reviewed", "2026-01-27", "A draft law on accession is before parliament.", "KGZ-UNSDCF-3.1"),
        ("EXAMPLE 2", "Training on the system of environmental-economic accounts", "training", "Statistics; Environment", "SPECA", "2026-10-05", "2026-10-09", "planned", "", "", "", "", "", "Regular Programme", "", "", "", "not needed", "", "", ""),
    ),
)

PEOPLE = Sheet(
    "People",
    "Person",
    "Who knows what. Kept apart from all other records; partnermap erase NAME removes a person and says what stays where.",
    (
        Column("Name", "name", "text", "First name and family name. Two people of one name: add something in brackets.", True, width=24),
        Column("Position", "position", "text", "Post or title.", width=26),
        Column("Organization", "organization", "organizations", "Where they work.", width=28),
        Column("In-house", "in_house", "yes", "yes for our own staff, no for others.", width=10),
        Column("E-mail", "email", "text", "Leave it empty unless they agreed.", width=24),
        areas(),
        INSTRUMENTS,
        Column("Languages", "languages", "texts", "Working languages; several with a semicolon between them.", width=20),
        countries("Countries they know."),
        Column("Worked on", "activities", "refs:Activity", "No. of our activities, or IATI identifiers; several with a semicolon between them.", width=22),
        Column("Availability", "availability", "text", "When and for what they can be asked.", width=22),
        Column("Evidence", "evidence", "text", "How we know what they know: a report, a mission, their word.", width=28),
    ),
    (
        ("EXAMPLE Jane Sample", "Legal officer", "UNECE", "yes", "", "Environment", "Water Convention", "English; Russian", "Kyrgyzstan; Tajikistan", "TC-2026-01", "two missions a year", "wrote the 2024 guide"),
        ("EXAMPLE John Sample", "Customs expert", "Ministry of Transport of Georgia", "no", "", "Transport; Trade", "TIR Convention", "Georgian; English", "SPECA", "", "workshops only", "trainer in 2025"),
    ),
    ("name",),
)

OFFICES = Sheet(
    "Offices",
    "Office",
    "Offices of partners in countries: whom to contact before a mission.",
    (
        number("UNDP-KGZ"),
        Column("Office", "title", "text", "Its name.", True, width=34),
        Column("Organization", "organizations", "organizations", "Whose office it is.", True, width=24),
        Column("Kind", "kind", "choice", "", False, ("country office", "resident coordinator office", "field office", "regional office", "delegation", "embassy"), 24),
        Column("City", "city", "text", "", width=16),
        countries("Countries it covers.", True),
        _CONTACTS,
        _MAIL,
    ),
    (
        ("EXAMPLE 1", "UNDP in Kyrgyzstan", "UNDP", "country office", "Bishkek", "Kyrgyzstan", "Jane Sample <jane.sample@example.org>", "office@example.org"),
        ("EXAMPLE 2", "OSCE Programme Office in Dushanbe", "OSCE", "field office", "Dushanbe", "Tajikistan", "", ""),
    ),
)

TEAMS = Sheet(
    "Country teams",
    "CountryTeam",
    "United Nations country teams: who is in them, and whom to write to.",
    (
        number("UNCT-KGZ"),
        Column("Country team", "title", "text", "Its name.", True, width=34),
        countries("The country, or those of a multi-country office.", True),
        Column("Members", "organizations", "organizations", "Agencies in the team; several with a semicolon between them.", width=44),
        _CONTACTS,
        _MAIL,
    ),
    (
        ("EXAMPLE 1", "United Nations country team in Kyrgyzstan", "Kyrgyzstan", "UNDP; UNICEF; FAO; WHO", "", "rco@example.org"),
        ("EXAMPLE 2", "United Nations country team in Uzbekistan", "Uzbekistan", "UNDP; UNESCO", "", ""),
    ),
)

AGREEMENTS = Sheet(
    "Agreements",
    "Agreement",
    "Memoranda and agreements with partners: who, on what, until when.",
    (
        number("MOU-OSCE"),
        Column("Title", "title", "text", "", True, width=44),
        Column("Kind", "kind", "choice", "", False, ("memorandum of understanding", "cooperation agreement", "exchange of letters", "joint work plan", "contribution agreement"), 26),
        Column("Parties", "organizations", "organizations", "All parties, ours too; several with a semicolon between them.", True, width=26),
        areas(),
        countries("Only where it is limited to some."),
        Column("Start", "start_date", "date", "Day of signature or entry into force; a date such as 2026-05-31.", True, width=12),
        END,
        _SOURCE,
    ),
    (
        ("EXAMPLE 1", "Memorandum of understanding with OSCE", "memorandum of understanding", "UNECE; OSCE", "Environment; Transport; Economic Cooperation and Integration", "", "2004-12-01", "", ""),
        ("EXAMPLE 2", "Joint work plan with UNEP on environmental performance reviews", "joint work plan", "UNECE; UNEP", "Environment", "", "2025-01-01", "2027-12-31", ""),
    ),
)

REQUESTS = Sheet(
    "Requests",
    "Request",
    "What governments ask for: the demand side of every committee's table.",
    (
        number("REQ-2026-01"),
        Column("Theme", "title", "long", "What is asked for, in one line.", True, width=44),
        areas(True),
        countries("Who asks: a country, or a group of them.", True),
        INSTRUMENTS,
        Column("Date", "requested_date", "date", "Day of the request; a date such as 2026-05-31.", True, width=12),
        Column("Status", "status", "choice", "", True, REQUEST_STATUS, 20),
        Column("Estimated cost", "cost", "number", "Without the currency. Leave it empty when it is not known.", width=14),
        CURRENCY_COLUMN,
        _SOURCE,
    ),
    (
        ("EXAMPLE 1", "Support in acceding to the Water Convention", "Environment", "Kyrgyzstan", "Water Convention", "2025-11-03", "partly answered", "250000", "USD", "letter of 3 November 2025"),
        ("EXAMPLE 2", "Single window for foreign trade", "Trade; Transport", "Tajikistan", "Single Window Recommendation", "2026-02-12", "open", "", "", ""),
    ),
)

FRAMEWORKS = Sheet(
    "Frameworks",
    "PlanningFramework",
    "Planning frameworks of countries and their cycles: when an issue can still be brought in.",
    (
        number("KGZ-UNSDCF"),
        Column("Title", "title", "text", "", True, width=46),
        Column("Kind", "kind", "choice", "", False, ("cooperation framework", "common country analysis", "national development plan", "poverty reduction strategy", "sector strategy", "partner's country strategy"), 26),
        countries("Whose it is.", True),
        Column("Start", "start_date", "date", "First day; a date such as 2026-01-01.", True, width=12),
        Column("End", "end_date", "date", "Last day; a date such as 2030-12-31.", True, width=12),
        _SOURCE,
    ),
    (
        ("EXAMPLE 1", "Cooperation Framework of Kyrgyzstan 2023-2027", "cooperation framework", "Kyrgyzstan", "2023-01-01", "2027-12-31", ""),
        ("EXAMPLE 2", "National development strategy of Tajikistan to 2030", "national development plan", "Tajikistan", "2016-12-01", "2030-12-31", ""),
    ),
)

OUTCOMES = Sheet(
    "Outcomes",
    "Outcome",
    "Outcomes of planning frameworks that activities contribute to.",
    (
        number("KGZ-UNSDCF-3.1"),
        Column("Outcome", "title", "long", "Its text, or the heart of it.", True, width=56),
        Column("Framework", "frameworks", "refs:PlanningFramework", "No. of the framework in the sheet Frameworks.", True, width=18),
        areas(),
        Column("Led by", "organizations", "organizations", "Agencies that lead it; several with a semicolon between them.", width=26),
    ),
    (
        ("EXAMPLE 1", "By 2027 ecosystems and communities are more resilient to climate change", "KGZ-UNSDCF", "Environment", "UNDP; UNEP"),
        ("EXAMPLE 2", "By 2027 trade and transport across borders take half the time", "KGZ-UNSDCF", "Trade; Transport", ""),
    ),
)

FUNDS = Sheet(
    "Funds",
    "Fund",
    "Funds and donors: what is available for which theme and country, and who talks to them.",
    (
        number("CHE-WATER"),
        Column("Fund", "title", "text", "", True, width=36),
        Column("Kind", "kind", "choice", "", True, FUNDING, 20),
        Column("Donors", "organizations", "organizations", "Who provides it; several with a semicolon between them.", width=26),
        areas(),
        countries("Only where it is limited to some."),
        Column("Available", "available", "number", "What can still be used, without the currency.", width=14),
        CURRENCY_COLUMN,
        Column("Until", "end_date", "date", "Last day on which it can be used; a date such as 2026-12-31.", width=12),
        Column("Level of contact", "contact_level", "choice", "Who speaks with the donor.", False, ("division", "Regional Adviser", "Executive Secretary"), 20),
    ),
    (
        ("EXAMPLE 1", "Swiss contribution on water in Central Asia", "extrabudgetary", "Switzerland", "Environment", "Central Asia", "420000", "USD", "2027-12-31", "division"),
        ("EXAMPLE 2", "Regular Programme of Technical Cooperation", "Regular Programme", "", "", "", "", "", "", "division"),
    ),
)

EVENTS = Sheet(
    "Events",
    "Event",
    "Workshops, trainings and meetings, with the countries that took part.",
    (
        number("EV-2026-02"),
        Column("Title", "title", "long", "What it was called.", True, width=44),
        Column("Kind", "kind", "choice", "", False, ("workshop", "seminar", "training", "study-tour", "conference", "meeting"), 14),
        areas(),
        Column("Place", "place", "text", "City, or online.", width=16),
        START,
        END,
        Column("Organizers", "organizations", "organizations", "Several with a semicolon between them.", width=24),
        Column("Participants' countries", "countries", "countries", "Countries that participants came from; several with a semicolon between them.", True, width=36),
        Column("Participants", "participants", "number", "How many people.", width=13),
        FOR_ACTIVITY,
    ),
    (
        ("EXAMPLE 1", "Regional workshop on transboundary water cooperation", "workshop", "Environment", "Almaty", "2025-10-14", "2025-10-16", "UNECE; OSCE", "Kazakhstan; Kyrgyzstan; Tajikistan; Uzbekistan", "46", ""),
        ("EXAMPLE 2", "Training on road safety statistics", "training", "Transport; Statistics", "online", "2025-06-03", "2025-06-04", "UNECE", "Georgia; Armenia", "22", ""),
    ),
)

EVALUATIONS = Sheet(
    "Evaluations",
    "Evaluation",
    "Evaluations and what they teach: one row a lesson.",
    (
        number("EVAL-2025-01"),
        Column("Title", "title", "text", "", True, width=40),
        Column("Date", "evaluated_date", "date", "Day of the report; a date such as 2026-05-31.", True, width=12),
        Column("Of activity", "activities", "refs:Activity", "No. of our activities that were evaluated, or IATI identifiers; several with a semicolon between them.", width=22),
        areas(),
        Column("Finding", "finding", "long", "What was found.", width=44),
        Column("Lesson", "lesson", "long", "What to do otherwise.", width=44),
        Column("Applied in", "applied_in", "refs:Activity", "No. of activities that follow the lesson; several with a semicolon between them.", width=22),
        _SOURCE,
    ),
    (
        ("EXAMPLE 1", "Evaluation of water policy dialogues", "2025-05-20", "TC-2023-04", "Environment", "Countries kept what had a budget line.", "Plan the budget line with the ministry of finance from the start.", "TC-2026-01", ""),
        ("EXAMPLE 2", "Review of trade facilitation advice", "2024-12-01", "", "Trade", "Advice without follow-up was not used.", "Agree a follow-up mission within six months.", "", ""),
    ),
)

PRACTICES = Sheet(
    "Good practices",
    "GoodPractice",
    "What worked and could be done elsewhere.",
    (
        number("GP-2025-03"),
        Column("Title", "title", "text", "", True, width=40),
        Column("Description", "description", "long", "What was done and why it worked.", width=50),
        areas(),
        countries("Where it was done."),
        INSTRUMENTS,
        Column("From activity", "activities", "refs:Activity", "No. of our activities, or IATI identifiers; several with a semicolon between them.", width=22),
        Column("Replicable", "replicable", "yes", "yes if another country could do the same.", width=12),
    ),
    (
        ("EXAMPLE 1", "A national target-setting group under the Protocol on Water and Health", "Ministries of health and environment chair it in turn.", "Environment", "Republic of Moldova", "Protocol on Water and Health", "", "yes"),
        ("EXAMPLE 2", "Twinning of statistical offices", "One office visits the other twice a year.", "Statistics", "Georgia", "", "", "yes"),
    ),
)

NETWORKS = Sheet(
    "Networks",
    "Network",
    "Networks of policymakers and experts, and their focal points.",
    (
        number("NET-WATER"),
        Column("Network", "title", "text", "", True, width=40),
        areas(),
        countries("Countries it reaches."),
        INSTRUMENTS,
        Column("Members", "organizations", "organizations", "Institutions in it; several with a semicolon between them.", width=36),
        Column("Focal points", "contacts", "people", "As Name <address>; several with a semicolon between them. They are kept apart and can be erased.", width=36),
    ),
    (
        ("EXAMPLE 1", "Focal points of the Water Convention", "Environment", "Kazakhstan; Uzbekistan", "Water Convention", "", "Jane Sample <jane.sample@example.org>"),
        ("EXAMPLE 2", "SPECA working group on trade", "Trade", "SPECA", "", "", ""),
    ),
)

PARTIES = Sheet(
    "Parties",
    "InstrumentParty",
    "Parties to instruments that the shipped list lacks or has wrong. Status tables of the UN Treaty Collection import as text.",
    (
        Column("Instrument", "instrument", "instrument", "Short name from the list.", True, width=30),
        Column("Country", "country", "country", "Name or ISO code.", True, width=24),
        Column("Since", "since_date", "date", "Day of ratification, acceptance, approval, accession or succession; a date such as 2026-05-31.", width=12),
        Column("List date", "list_date", "date", "Day of the list that says so; a date such as 2026-05-31.", width=12),
        _SOURCE,
    ),
    (
        ("EXAMPLE TIR Convention", "Tajikistan", "1996-09-11", "2026-01-01", "UN Treaty Collection"),
        ("EXAMPLE TIR Convention", "Turkmenistan", "1996-09-18", "2026-01-01", "UN Treaty Collection"),
    ),
    ("instrument", "country"),
)

FEATURES = Sheet(
    "Transboundary features",
    "TransboundaryFeature",
    "Basins, corridors and grids that several countries share.",
    (
        number("AMU-DARYA"),
        Column("Name", "title", "text", "", True, width=30),
        Column("Kind", "kind", "choice", "", True, ("river basin", "lake", "aquifer", "sea", "transport corridor", "power grid", "gas pipeline", "protected area", "mountain range"), 20),
        countries("Countries that share it.", True),
        areas(),
        Column("Source", "source", "text", "Where the list of countries comes from.", True, width=36),
    ),
    (
        ("EXAMPLE 1", "Chu-Talas", "river basin", "Kazakhstan; Kyrgyzstan", "Environment", "Second Assessment of Transboundary Rivers, 2011"),
        ("EXAMPLE 2", "Trans-Caspian corridor", "transport corridor", "Kazakhstan; Azerbaijan; Georgia", "Transport", "EATL study"),
    ),
)

DECISIONS = Sheet(
    "Decisions",
    "ActionPoint",
    "Decisions of committees and working groups to follow up.",
    (
        number("WG-2026-02"),
        Column("Decision", "title", "long", "What was decided.", True, width=54),
        Column("Body", "body", "text", "Who decided: committee, working group, meeting.", True, width=30),
        Column("Date", "decided_date", "date", "A date such as 2026-05-31.", True, width=12),
        Column("Due", "due_date", "date", "A date such as 2026-05-31.", width=12),
        Column("Responsible", "responsible", "text", "A post or unit rather than a name.", width=26),
        Column("Status", "status", "choice", "", True, ("open", "in progress", "done", "dropped"), 14),
        areas(),
        FOR_ACTIVITY,
    ),
    (
        ("EXAMPLE 1", "Advisers report planned missions before each quarter", "Working Group on Technical Cooperation", "2026-02-10", "2026-03-31", "Technical Cooperation Unit", "open", "", ""),
        ("EXAMPLE 2", "Submit two proposals to the Development Account", "Working Group on Technical Cooperation", "2026-02-10", "2026-06-30", "Divisions", "in progress", "", ""),
    ),
)

BOOKS = {
    "adviser-return": Book(
        "adviser-return",
        "Return of a Regional Adviser",
        "What you do, plan to do, and where you travel. Change what has changed, add rows below, send the file back.",
        (ADVISER_ACTIVITIES, MISSIONS),
    ),
    "registers": Book(
        "registers",
        "Registers of the technical cooperation unit",
        "One sheet a register. Fill in what you know; each sheet can be imported alone or with the others.",
        (OWN_ACTIVITIES, PEOPLE, OFFICES, TEAMS, AGREEMENTS, REQUESTS, FRAMEWORKS, OUTCOMES, FUNDS, EVENTS, EVALUATIONS, PRACTICES, NETWORKS, PARTIES, FEATURES, DECISIONS),
    ),
}
