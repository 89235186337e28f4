"""The graph's vocabulary and the frozen records that pass between folders.

Every node kind and relationship kind is declared once here: both stores' schemas, the loaders'
checks and the table in ``docs/model.md`` derive from these declarations. Rules that hold
everywhere: a node's key is ``id`` (text); dates are ISO text in rows and end in ``_date``;
property values are scalars or lists of text without nulls; no name is a Cypher keyword.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

SCHEMA = 1  # raised when a stored workspace must be changed to be read

PropertyType = Literal["text", "int", "float", "bool", "date", "list"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Property:
    """One property: its name, type and meaning; ``in_view`` is False for bulk kept out of Cypher."""

    name: str
    type: PropertyType
    meaning: str
    in_view: bool = True


@dataclass(frozen=True)
class NodeKind:
    """A node label. ``of_activity`` names the property that holds the owning subject's id.

    Rows of a kind with ``of_activity`` are replaced whenever that subject is derived again. A
    subject is an activity, or a node that is derived from its own records: its ``of_activity`` is
    ``"id"`` and its id begins with its label and a colon, so that no two subjects share an id.
    ``truth`` kinds hold what datasets said or what was numbered; all others can be derived again.
    ``shared`` kinds (organizations, places, ...) go when nothing points at them any more.
    Several records may put one node: of the values of a property in ``least`` the least one that is
    not empty stays, whatever the order; a row that is ``listed`` has the last word.
    """

    label: str
    meaning: str
    properties: tuple[Property, ...]
    of_activity: str | None = None
    truth: bool = False
    shared: bool = False
    least: tuple[str, ...] = ()


@dataclass(frozen=True)
class RelationshipKind:
    """A relationship type with its allowed (from, to) labels.

    The key is (from, to, ``key`` properties). ``of_activity`` says which side or property holds
    the subject from whose records the row was derived: ``"from"``, ``"to"`` or a property name.
    """

    type: str
    meaning: str
    ends: tuple[tuple[str, str], ...]
    properties: tuple[Property, ...] = ()
    key: tuple[str, ...] = ()
    of_activity: str | None = None


def _text(name: str, meaning: str, in_view: bool = True) -> Property:
    return Property(name, "text", meaning, in_view)


_ID = _text("id", "key")

# what the registers' kinds share
_TITLE = _text("title", "what it is called")
_KIND = _text("kind", "what it is, from the drop-down of its sheet")
_STATUS = _text("status", "how far it is, from the drop-down of its sheet")
_EMAIL = _text("email", "shared address")
_SOURCE = _text("source", "where this can be read")
_PERIOD = (Property("start_date", "date", "first day"), Property("end_date", "date", "last day"))


def _amount(name: str, meaning: str) -> tuple[Property, ...]:
    return (
        Property(name, "float", f"{meaning}, in its currency"),
        _text("currency", "ISO 4217"),
        Property(f"{name}_usd", "float", f"{meaning} in USD by the mean rate of that year; empty when unknown"),
    )


def _register(label: str, meaning: str, *properties: Property) -> NodeKind:
    """A kind that one sheet of our own workbooks fills."""
    return NodeKind(label, meaning, (_text("id", f"{label}:<number>"), *properties), of_activity="id")


NODES: tuple[NodeKind, ...] = (
    NodeKind(
        "DatasetVersion",
        "one import of one dataset with other content than before",
        (
            _text("id", "dataset#version"),
            _text("dataset", "dataset id"),
            Property("version", "int", "1, 2, ... in order of import"),
            _text("file", "file name without its folder"),
            _text("source", "format that was read: iati, table"),
            _text("publisher", "reporting organization, or 'several (n)'"),
            _text("licence", "licence, where known"),
            _text("sha256", "hash of the file's content and its mapping"),
            Property("generated_date", "date", "when the publisher made the file"),
            Property("activities", "int", "activities in the file"),
            Property("transactions", "int", "transactions in the file"),
            Property("links", "int", "references to activities in the file"),
            Property("rejected", "int", "rows that could not become records"),
        ),
        truth=True,
    ),
    NodeKind(
        "Record",
        "what one dataset said about one subject",
        (
            _text("id", "dataset#subject#ordinal#version_first"),
            _text("dataset", "dataset id"),
            _text("subject_kind", "label of the subject"),
            _text("subject_id", "key of the subject"),
            Property("ordinal", "int", "counts equal subjects in order of content hash, from 0"),
            Property("row", "int", "position in the file, from 1: activity or table row"),
            Property("version_first", "int", "first version with this content"),
            Property("version_last", "int", "last version with it; empty while current"),
            _text("reporter", "organization key of the reporter"),
            Property("takes_part", "bool", "the reporter takes part in the activity"),
            Property("flagged", "bool", "the file calls the reporter secondary"),
            _text("content", "canonical JSON of what was said", in_view=False),
        ),
        truth=True,
    ),
    NodeKind(
        "FindingNumber",
        "a number that was given to a finding; append-only",
        (
            _text("id", "the number, such as KGZ-14"),
            _text("finding", "finding id"),
            _text("scope", "prefix of the number"),
            Property("ordinal", "int", "running number inside the scope"),
            _text("first_scan", "scan that gave it"),
            Property("pairs", "list", "pairs of the finding when it was numbered"),
        ),
        truth=True,
    ),
    NodeKind(
        "Decision",
        "what a person decided; append-only, undoing is a decision too",
        (
            _text("id", "kind-<running number>, such as organization-3"),
            _text("kind", "what it is about: organization"),
            Property("ordinal", "int", "running number inside its kind: later ones come after"),
            Property("subjects", "list", "ids that it is about, sorted"),
            Property("names", "list", "what the subjects were called then, in their order"),
            _text("verdict", "same, different or unsure; undone takes the standing one back"),
            _text("note", "why, in the person's words"),
            _text("by", "who decided"),
        ),
        truth=True,
    ),
    NodeKind(
        "Organization",
        "any actor",
        (
            _text("id", "reference of a list (PM- begins ours), else ref:<registered>, ref:<code>@<reporter> or name:<name>@<reporter>, of a ministry with /<country>"),
            _text("name", "name"),
            _text("acronym", "acronym"),
            _text("kind", "un, igo, eu, ifi, fund, bilateral, government, ngo, private, ..."),
            Property("listed", "bool", "in the shipped or own lists, which say its name"),
        ),
        shared=True,
        least=("name", "acronym", "kind"),
    ),
    NodeKind(
        "Mention",
        "an organization as some file calls it",
        (
            _text("id", "reference|name|reporter, normalised"),
            _text("ref", "reference as given"),
            _text("name", "name as given"),
        ),
        shared=True,
        least=("ref", "name"),
    ),
    NodeKind(
        "Country",
        "a country or territory",
        (
            _text("id", "ISO 3166-1 alpha-3"),
            _text("iso2", "ISO 3166-1 alpha-2"),
            _text("name", "name"),
        ),
    ),
    NodeKind(
        "CountryGroup",
        "a named set of countries, or a region of the OECD DAC list",
        (
            _text("id", "group id, or dac:<region code>"),
            _text("name", "name"),
            Property("as_of_date", "date", "day the list of members stands for"),
        ),
    ),
    NodeKind(
        "Place",
        "a place inside a country",
        (
            _text("id", "gazetteer:code, else the normalised name"),
            _text("name", "name"),
            _text("admin1", "first-level administrative area"),
        ),
        shared=True,
        least=("name", "admin1"),
    ),
    NodeKind(
        "Activity",
        "IATI's activity: a project, programme, mission, workshop or study tour",
        (
            _text("id", "IATI identifier, or publisher:number"),
            _text("title", "title in English, else the first"),
            _text("description", "descriptions in the title's language"),
            _text("language", "language of title and description"),
            _text("kind", "project, programme, mission, workshop, training, study-tour"),
            _text("scope", "national, multi-country, regional or global"),
            _text("status", "IATI activity status code"),
            Property("start_date", "date", "actual, else planned start"),
            Property("end_date", "date", "actual, else planned end"),
            Property("money_usd", "float", "USD; empty when unknown"),
            _text("money_basis", "commitment, budget or spent"),
            _text("money_flag", "why the amount is left out of sums"),
            Property("ours", "bool", "the workspace's own organization carries it"),
            Property("withdrawn", "bool", "no dataset says so any more"),
            Property("disagreements", "list", "what other records say differently"),
            Property("other_ids", "list", "other identifiers of the activity (types A), as given"),
            _text("funding_source", "of our own: regular budget, Regular Programme, Development Account or extrabudgetary"),
            _text("excom_status", "of our own: how far the Executive Committee's review is"),
            Property("excom_date", "date", "of our own: day of submission or review"),
            _text("expected_outcome", "of our own: what will be different afterwards"),
        ),
    ),
    NodeKind(
        "Reference",
        "a reference to another activity, loaded or not",
        (
            _text("id", "activity|kind|target"),
            _text("activity", "activity or other subject that refers"),
            _text("target", "identifier referred to"),
            _text("kind", "provider, receiver, participant or related; of a register its relationship"),
            Property("resolved", "bool", "the target is loaded"),
        ),
        of_activity="activity",
    ),
    NodeKind(
        "Flow",
        "money of one activity, measure, year, currency, payer and payee",
        (
            _text("id", "activity|measure|year|currency|payer|payee"),
            _text("activity", "the activity"),
            _text("measure", "budget, commitment, disbursement, expenditure or incoming"),
            Property("year", "int", "calendar year"),
            _text("currency", "ISO 4217"),
            Property("amount", "float", "in that currency"),
            Property("amount_usd", "float", "USD by that year's mean rate; empty when none"),
        ),
        of_activity="activity",
    ),
    NodeKind("Sector", "a sector code", (_text("id", "vocabulary:code"), _text("name", "name")), shared=True, least=("name",)),
    NodeKind(
        "Area",
        "one of UNECE's eight subprogrammes",
        (_text("id", "three letters"), _text("name", "name")),
    ),
    NodeKind("Goal", "a Sustainable Development Goal", (_text("id", "SDG:number"), _text("name", "name"))),
    NodeKind(
        "LegalInstrument",
        "a convention, agreement, norm or standard",
        (
            _text("id", "short id, such as WATER"),
            _text("name", "short name"),
            _text("title", "full title"),
            Property("year", "int", "year of adoption"),
            _text("kind", "convention, protocol, agreement, ..."),
        ),
    ),
    NodeKind(
        "Person",
        "somebody who knows something or is a contact; kept outside records and can be erased",
        (
            _text("id", "Person:<normalised name>"),
            _text("name", "name"),
            _text("position", "post or title"),
            _text("email", "address, where given"),
            Property("in_house", "bool", "of our own organization; empty when not said"),
            Property("languages", "list", "working languages"),
            _text("availability", "when and for what they can be asked"),
        ),
        of_activity="id",
    ),
    NodeKind(
        "PersonEntry",
        "what one row of a sheet says of a person: replaced with each import, without history",
        (
            _text("id", "dataset#row#ordinal"),
            _text("dataset", "dataset id"),
            Property("version", "int", "version of the dataset"),
            Property("row", "int", "row of the sheet"),
            _text("person", "person id"),
            _text("name", "name", in_view=False),
            _text("target", "subject that names the person, such as an office; empty on the sheet People", in_view=False),
            _text("content", "canonical JSON of what was said", in_view=False),
        ),
        truth=True,
    ),
    NodeKind(
        "Erased",
        "that a person was erased: a salted hash, by which later imports skip them",
        (_text("id", "hash of salt and normalised name", in_view=False), _text("salt", "salt of this hash", in_view=False)),
        truth=True,
    ),
    _register("Mission", "a journey of an adviser, planned or made", _TITLE, _STATUS, *_PERIOD, _text("adviser", "post whose return names it")),
    _register("Office", "an office of an organization in a country", _TITLE, _KIND, _text("city", "city"), _EMAIL),
    _register("CountryTeam", "a United Nations country team", _TITLE, _EMAIL),
    _register("Agreement", "a memorandum or agreement with partners", _TITLE, _KIND, *_PERIOD, _SOURCE),
    _register(
        "Request",
        "what a government asks for",
        _TITLE,
        _STATUS,
        Property("requested_date", "date", "day of the request"),
        *_amount("cost", "estimated cost"),
        _SOURCE,
    ),
    _register("PlanningFramework", "a country's planning framework and its cycle", _TITLE, _KIND, *_PERIOD, _SOURCE),
    _register("Outcome", "an outcome of a planning framework", _TITLE),
    _register("Fund", "money of a kind that can be asked for", _TITLE, _KIND, Property("end_date", "date", "last day on which it can be used"), *_amount("available", "what can still be used"), _text("contact_level", "division, Regional Adviser or Executive Secretary")),
    _register("Event", "a workshop, training or meeting", _TITLE, _KIND, *_PERIOD, _text("place", "city, or online"), Property("participants", "int", "people who took part")),
    _register("Evaluation", "an evaluation and what it teaches", _TITLE, Property("evaluated_date", "date", "day of the report"), _text("finding", "what was found"), _text("lesson", "what to do otherwise"), _SOURCE),
    _register("GoodPractice", "what worked and could be done elsewhere", _TITLE, _text("description", "what was done and why it worked"), Property("replicable", "bool", "another country could do the same")),
    _register("Network", "a network of policymakers and experts", _TITLE),
    _register("TransboundaryFeature", "a basin, corridor or grid that countries share", _TITLE, _KIND, _SOURCE),
    _register("ActionPoint", "a decision of a committee to follow up", _TITLE, _STATUS, _text("body", "who decided"), Property("decided_date", "date", "day of the decision"), Property("due_date", "date", "day by which it is due"), _text("responsible", "post or unit")),
    NodeKind(
        "Scan",
        "one run over the whole workspace",
        (
            _text("id", "scan-<running number>"),
            Property("data_version", "int", "version of the data that was read"),
            _text("weights_hash", "hash of weights.toml with overrides"),
            _text("codes_hash", "hash of the lists used"),
            _text("package_version", "version of partnermap"),
            _text("engine", "local or spark"),
            Property("pairs", "int", "pairs stored"),
            Property("findings", "int", "findings stored"),
        ),
    ),
    NodeKind(
        "Finding",
        "something a person should know, with reasons",
        (
            _text("id", "stable key"),
            _text("number", "short number for speech, such as KGZ-14"),
            _text("kind", "overlap, ..."),
            _text("class", "overlap class"),
            Property("score", "float", "points of its strongest pair"),
            _text("strength", "strong, fair or weak"),
            _text("concerns", "ours or partners"),
            Property("money_usd", "float", "money at stake, counted twice or combined, by class"),
            _text("status", "open, decided or changed"),
            Property("countries", "list", "ISO alpha-3 codes"),
            _text("headline", "one sentence"),
            _text("text", "canonical JSON of the finding's sections"),
        ),
    ),
)

# kinds that one sheet of our own workbooks fills
REGISTERED = tuple(kind.label for kind in NODES if kind.of_activity == "id" and kind.label != "Person")

_SHARE = Property("share", "float", "0 to 1; shares of one activity add up to 1")
_BASIS = _text("share_basis", "stated, normalised or equal")
_STATED = _text("stated_by", "activity whose record says so")
_MENTION = _text("mention", "how the file calls it")


def _from(labels: tuple[str, ...], end: str) -> tuple[tuple[str, str], ...]:
    return tuple((label, end) for label in labels)


RELATIONSHIPS: tuple[RelationshipKind, ...] = (
    RelationshipKind("DESCRIBES", "a record is about its subject", (("Record", "Activity"), *(("Record", label) for label in REGISTERED)), of_activity="to"),
    RelationshipKind("NAMES", "a mention means an organization", (("Mention", "Organization"),), (_text("by", "reference, other-reference, name, itself or decision"),)),
    RelationshipKind(
        "PARTICIPATES_IN",
        "an organization takes part in an activity",
        (("Organization", "Activity"),),
        (
            _text("role", "funding, accountable, extending, implementing, counterpart or reporting"),
            Property("is_actor", "bool", "it carries out the activity"),
            _text("mention", "how the file calls it"),
        ),
        key=("role", "mention"),
        of_activity="to",
    ),
    RelationshipKind("REPORTS", "an organization reports an activity", (("Organization", "Activity"),), (Property("secondary", "bool", "reports what others do"),), of_activity="to"),
    RelationshipKind(
        "CHILD_OF",
        "part of a larger whole",
        (("Activity", "Activity"), ("Organization", "Organization")),
        (_STATED,),
        key=("stated_by",),
        of_activity="stated_by",
    ),
    RelationshipKind(
        "LOCATED_IN",
        "where an activity takes place",
        (("Activity", "Country"), ("Activity", "CountryGroup"), ("Activity", "Place")),
        (_SHARE, _BASIS),
        of_activity="from",
    ),
    RelationshipKind("IN_SECTOR", "what an activity is about", (("Activity", "Sector"),), (_SHARE, _BASIS), of_activity="from"),
    RelationshipKind(
        "IN_AREA",
        "UNECE area that an activity touches",
        (("Activity", "Area"),),
        (Property("weight", "float", "0 to 1"), _text("basis", "where the link comes from")),
        of_activity="from",
    ),
    RelationshipKind("CONTRIBUTES_TO", "a tag of the publisher, or an outcome of a framework that we name", (("Activity", "Goal"), ("Activity", "Outcome")), (_text("basis", "tag vocabulary, or register"),), key=("basis",), of_activity="from"),
    RelationshipKind("FLOW_OF", "money of an activity", (("Flow", "Activity"),), of_activity="to"),
    RelationshipKind("PAID_BY", "who paid", (("Flow", "Organization"),), (_STATED,), of_activity="stated_by"),
    RelationshipKind("PAID_TO", "who was paid", (("Flow", "Organization"),), (_STATED,), of_activity="stated_by"),
    RelationshipKind(
        "FUNDS",
        "money of one activity goes into another",
        (("Activity", "Activity"),),
        (_STATED, _text("basis", "provider, receiver or participant"), Property("amount_usd", "float", "USD; empty when unknown")),
        key=("stated_by", "basis"),
        of_activity="stated_by",
    ),
    RelationshipKind(
        "RELATED_TO",
        "the publisher relates two activities",
        (("Activity", "Activity"),),
        (_text("relation", "sibling, co-funded or third-party"), _STATED),
        key=("relation", "stated_by"),
        of_activity="stated_by",
    ),
    RelationshipKind("MEMBER_OF", "a country belongs to a group", (("Country", "CountryGroup"),)),
    RelationshipKind("BORDERS", "two countries share a land border", (("Country", "Country"),)),
    RelationshipKind(
        "PARTY_TO",
        "a country is a party to an instrument, an organization to an agreement",
        (("Country", "LegalInstrument"), ("Organization", "LegalInstrument"), ("Organization", "Agreement")),
        (
            _text("stated_by", "subject whose record says so; empty for the shipped list"),
            Property("since_date", "date", "ratification, acceptance, approval, accession or succession; empty when unknown"),
            Property("list_date", "date", "day of the list that says so"),
            _text("checked", "how the date was checked, or where it was read"),
            _MENTION,
        ),
        key=("stated_by",),
        of_activity="stated_by",
    ),
    RelationshipKind(
        "PRESENT_IN",
        "a table of who does what, where (3W) names an organization in a place: no activity",
        (("Organization", "Country"), ("Organization", "Place")),
        (
            _text("stated_by", "presence whose record says so"),
            _text("sector", "sector or cluster, as the table writes it"),
            _MENTION,
            Property("start_date", "date", "first day, where the table tells one"),
            Property("end_date", "date", "last day, where the table tells one"),
        ),
        key=("stated_by",),
        of_activity="stated_by",
    ),
    RelationshipKind("IMPLEMENTS", "work on an instrument", _from(("Activity", "Request", "GoodPractice", "Network"), "LegalInstrument"), of_activity="from"),
    RelationshipKind("COVERS", "which countries and areas it is about", (*_from(REGISTERED, "Area"), *_from(REGISTERED, "Country"), *_from(REGISTERED, "CountryGroup")), of_activity="from"),
    RelationshipKind("REQUESTED_BY", "who asks", (("Request", "Country"), ("Request", "CountryGroup")), of_activity="from"),
    RelationshipKind("ANSWERS", "an activity answers a request", (("Activity", "Request"),), of_activity="from"),
    RelationshipKind("OUTCOME_OF", "an outcome belongs to a framework", (("Outcome", "PlanningFramework"),), of_activity="from"),
    RelationshipKind("LED_BY", "who leads or organizes", (("Outcome", "Organization"), ("Event", "Organization")), (_MENTION,), key=("mention",), of_activity="from"),
    RelationshipKind("OFFICE_OF", "whose office it is", (("Office", "Organization"),), (_MENTION,), key=("mention",), of_activity="from"),
    RelationshipKind("PROVIDES", "who gives the money of a fund", (("Organization", "Fund"),), (_MENTION,), key=("mention",), of_activity="to"),
    RelationshipKind("VISITS", "where a mission goes", (("Mission", "Country"), ("Mission", "CountryGroup")), of_activity="from"),
    RelationshipKind("MEETS", "whom a mission meets", (("Mission", "Organization"),), (_MENTION,), key=("mention",), of_activity="from"),
    RelationshipKind("ATTENDED_BY", "where participants came from", (("Event", "Country"), ("Event", "CountryGroup")), of_activity="from"),
    RelationshipKind(
        "CONCERNS",
        "which activity it is for or about",
        _from(("Mission", "Event", "Evaluation", "GoodPractice", "ActionPoint"), "Activity"),
        of_activity="from",
    ),
    RelationshipKind("APPLIED_IN", "an activity that follows a lesson", (("Evaluation", "Activity"),), of_activity="from"),
    RelationshipKind("KNOWS", "a person knows an area, an instrument or a country", (("Person", "Area"), ("Person", "LegalInstrument"), ("Person", "Country"), ("Person", "CountryGroup")), (_text("evidence", "how we know"),), of_activity="from"),
    RelationshipKind("WORKED_ON", "a person took part in an activity", (("Person", "Activity"),), (_text("role", "in what role"),), of_activity="from"),
    RelationshipKind(
        "AFFILIATED_WITH",
        "a person works at or is a contact of; an organization is a member of",
        (("Person", "Organization"), ("Person", "Office"), ("Person", "CountryTeam"), ("Person", "Network"), ("Organization", "CountryTeam"), ("Organization", "Network")),
        (_text("stated_by", "person or subject whose row says so"), _text("role", "works at, contact, focal point or member"), _MENTION),
        key=("stated_by", "role"),
        of_activity="stated_by",
    ),
    RelationshipKind(
        "OVERLAPS",
        "a pair of activities and what it is; smaller id first",
        (("Activity", "Activity"),),
        (
            _text("class", "overlap class"),
            Property("score", "float", "sum of the points"),
            Property("counted_once_usd", "float", "money told twice; empty when unknown or none"),
            _text("fingerprint", "hash of what was compared"),
            _text("finding", "finding id"),
            Property("features", "list", "names of the reasons"),
            Property("points", "list", "points of the reasons, three decimals"),
            Property("evidence", "list", "canonical JSON of the reasons"),
        ),
    ),
    RelationshipKind("ABOUT", "what a finding is about", (("Finding", "Activity"), ("Finding", "Country"), ("Finding", "Organization")), (_text("side", "left, right or both"),)),
    RelationshipKind("SUCCEEDS", "a finding goes on from an older one", (("Finding", "Finding"),)),
)

NODE: Mapping[str, NodeKind] = {kind.label: kind for kind in NODES}
RELATIONSHIP: Mapping[str, RelationshipKind] = {kind.type: kind for kind in RELATIONSHIPS}


# --- what passes between the folders ---------------------------------------------------------


class Named(TypedDict, total=False):
    """An organization as a file writes it; every key may be missing."""

    ref: str
    name: str
    type: str  # IATI organisation type code
    activity: str  # identifier of its own activity


class ActivityContent(TypedDict, total=False):
    """What one dataset says about one activity: the ``content`` of a Record.

    Codes are those of IATI 2.03 whatever the file's version; amounts and percentages are decimal
    text; dates are ISO text. A key without a value is left out. Lists keep the file's order.
    """

    identifier: str
    reporter: Named
    secondary: bool
    titles: list[dict[str, str]]  # lang, text
    descriptions: list[dict[str, str]]  # lang, text, type
    status: str
    scope: str
    hierarchy: int
    kind: str  # from a table or register; IATI has no such field
    dates: dict[str, str]  # planned_start, actual_start, planned_end, actual_end
    participants: list[dict[str, str]]  # role (1-4 or "counterpart"), ref, name, type, activity
    countries: list[dict[str, str]]  # code (ISO alpha-2, as given), percentage
    regions: list[dict[str, str]]  # code, vocabulary, percentage
    sectors: list[dict[str, str]]  # code, vocabulary, percentage, name
    budgets: list[dict[str, str]]  # type, status, start, end, value, currency, value_date
    transactions: list[dict[str, Any]]  # type, date, value, currency, value_date, provider, receiver, countries, regions, sectors
    related: list[dict[str, str]]  # ref, type (IATI RelatedActivityType)
    other_identifiers: list[dict[str, str]]  # ref, type, owner_ref, owner_name
    policy_markers: list[dict[str, str]]  # code, vocabulary, significance
    tags: list[dict[str, str]]  # code, vocabulary
    locations: list[dict[str, str]]  # name, code, vocabulary, admin1, country, class, latitude, longitude
    updated: str  # last-updated-datetime, as UTC text
    # only in our own registers:
    areas: list[str]  # UNECE areas
    instruments: list[str]  # LegalInstrument ids
    requests: list[str]  # Request ids that it answers
    outcomes: list[str]  # Outcome ids that it contributes to
    funding_source: str
    excom_status: str
    excom_date: str
    expected_outcome: str


def canonical(content: Mapping[str, Any]) -> str:
    """JSON text that is equal for equal content: sorted keys, no spaces, text as it is."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class SourceRecord:
    """One record as a source reads it, before the store gives it a version."""

    subject_kind: str
    subject_id: str
    row: int
    content: str  # canonical JSON
    reporter: str  # organization key of the reporter
    takes_part: bool
    flagged: bool


@dataclass(frozen=True)
class Record:
    """A stored record: a :class:`SourceRecord` with dataset, ordinal and versions."""

    id: str
    dataset: str
    subject_kind: str
    subject_id: str
    ordinal: int
    row: int
    version_first: int
    version_last: int | None
    reporter: str
    takes_part: bool
    flagged: bool
    content: str


@dataclass(frozen=True)
class Refused:
    """A row that did not become a record, or a value that was left out, and why."""

    file: str
    row: int
    field: str
    reason: str
    kept: bool = False  # True: the record stands, only this value is left out

    def __str__(self) -> str:
        where = f"{self.file}, row {self.row}" if self.row else self.file
        return f"{where}, {self.field}: {self.reason}" if self.field else f"{where}: {self.reason}"


@dataclass(frozen=True)
class DatasetVersion:
    """What is known of one version of a dataset while it is imported; the store numbers it."""

    dataset: str
    file: str
    source: str
    sha256: str
    publisher: str = ""
    licence: str = ""
    generated_date: str | None = None
    activities: int = 0
    transactions: int = 0
    links: int = 0
    rejected: int = 0
    version: int = 0


@dataclass(frozen=True)
class Change:
    """What putting records did: numbers of records, and the version they are now."""

    dataset: str
    version: int
    added: int = 0
    closed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class ReporterFacts:
    """Current records of one reporter in one dataset: how many, in how many it takes part."""

    dataset: str
    reporter: str
    activities: int
    taking_part: int
    flagged: int
    generated_date: str | None = None  # of the dataset's newest version: when its file was made


@dataclass(frozen=True)
class GraphRows:
    """Rows for a store: property dicts by node label, and by relationship type.

    A relationship row holds ``from_kind``, ``from_id``, ``to_kind``, ``to_id`` and its properties.
    """

    nodes: dict[str, list[Row]] = field(default_factory=dict)
    relationships: dict[str, list[Row]] = field(default_factory=dict)

    def node(self, label: str, **properties: Any) -> None:
        """Add one node."""
        self.nodes.setdefault(label, []).append(properties)

    def relate(self, kind: str, start: tuple[str, str], end: tuple[str, str], **properties: Any) -> None:
        """Add one relationship from ``(label, id)`` to ``(label, id)``."""
        row: Row = {"from_kind": start[0], "from_id": start[1], "to_kind": end[0], "to_id": end[1]}
        row.update(properties)
        self.relationships.setdefault(kind, []).append(row)


@dataclass(frozen=True)
class ScanResult:
    """Everything a scan stores: replaces Finding, OVERLAPS, ABOUT; adds Scan, numbers, SUCCEEDS."""

    graph: GraphRows
    numbers: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Reason:
    """One piece of evidence with its points, in words, and where each side says so."""

    feature: str
    family: str  # text, identity, actors, money, time, place
    points: float
    text: str
    fields: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    level: str = ""  # how much: the name of its weight is feature.level


@dataclass(frozen=True)
class Pair:
    """Two activities, smaller id first, with class and reasons; the unit that lasts."""

    left: str
    right: str
    cls: str
    score: float
    reasons: tuple[Reason, ...]
    fingerprint: str
    counted_once_usd: float | None = None


@dataclass(frozen=True)
class Member:
    """One activity of a finding, as lists and pages show it."""

    id: str
    title: str
    actors: tuple[str, ...]
    start_date: str | None
    end_date: str | None
    money_usd: float | None
    dataset: str
    rows: str = ""  # "gef.xml activity 65; gef_agencies.csv row 65"
    time: str = ""  # planned, running, closed or end unknown, at the list's as_of
    ours: bool = False


@dataclass(frozen=True)
class Finding:
    """A finding as a person reads it, in the template's order."""

    id: str
    number: str
    kind: str
    cls: str
    score: float
    strength: str
    concerns: str
    status: str
    money_usd: float | None
    countries: tuple[str, ...]
    headline: str
    opinion: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    money: str
    not_known: tuple[str, ...]
    next_step: str
    members: tuple[Member, ...]
    reasons: tuple[Reason, ...]
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Coverage:
    """What was looked at: the first line of every list, page and report."""

    partners: tuple[str, ...]
    activities: int
    newest_date: str | None
    missing: tuple[str, ...]  # expected partners of whom nothing is loaded
    as_of: str
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        partners = ", ".join(self.partners[:8]) + (f" and {len(self.partners) - 8} more" if len(self.partners) > 8 else "")
        text = f"Looked at {self.activities:,} activities of {len(self.partners)} partners ({partners}), newest date {self.newest_date or 'unknown'}, as of {self.as_of}."
        if self.missing:
            text += f" Nothing loaded of: {', '.join(self.missing)}."
        return " ".join([text, *self.notes])


def check_rows(graph: GraphRows) -> None:
    """Raise ``ValueError`` where a row has an undeclared kind, property or end."""
    for label, rows in graph.nodes.items():
        _check_names(label, {p.name for p in NODE[label].properties}, rows)
    for kind, rows in graph.relationships.items():
        declared = RELATIONSHIP[kind]
        names = {p.name for p in declared.properties} | {"from_kind", "from_id", "to_kind", "to_id"}
        _check_names(kind, names, rows)
        for ends in {(row["from_kind"], row["to_kind"]) for row in rows}:
            if ends not in declared.ends:
                raise ValueError(f"{kind} is not declared from {ends[0]} to {ends[1]}")


def _check_names(kind: str, declared: set[str], rows: Iterable[Row]) -> None:
    for row in rows:
        unknown = row.keys() - declared
        if unknown:
            raise ValueError(f"{kind} declares no property {', '.join(sorted(unknown))}")
