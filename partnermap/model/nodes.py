"""Every node kind with its properties and their meaning."""

from __future__ import annotations

from collections.abc import Mapping

from partnermap.model.kinds import NodeKind, Property
from partnermap.model.kinds import text as _text

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
    return NodeKind(label, meaning, (_text("id", f"{label}:<number>"), *properties), of_subject="id")


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
            _text("id", "reference of a list (PM- begins ours), else ref:<registered>, ref:<code>@<reporter> or name:<name>@<reporter>, of a ministry with /<country>; parted:<name>@<id> of a name that was decided to be another"),
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
        of_subject="activity",
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
        of_subject="activity",
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
        of_subject="id",
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
REGISTERED = tuple(kind.label for kind in NODES if kind.of_subject == "id" and kind.label != "Person")

NODE: Mapping[str, NodeKind] = {kind.label: kind for kind in NODES}
