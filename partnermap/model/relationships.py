"""Every relationship kind with its allowed ends, key, properties and meaning."""

from __future__ import annotations

from collections.abc import Mapping

from partnermap.model.kinds import Property, RelationshipKind
from partnermap.model.kinds import text as _text
from partnermap.model.nodes import REGISTERED

_SHARE = Property("share", "float", "0 to 1; shares of one activity add up to 1")
_BASIS = _text("share_basis", "stated, normalised or equal")
_STATED = _text("stated_by", "activity whose record says so")
_MENTION = _text("mention", "how the file calls it")


def _from(labels: tuple[str, ...], end: str) -> tuple[tuple[str, str], ...]:
    return tuple((label, end) for label in labels)


RELATIONSHIPS: tuple[RelationshipKind, ...] = (
    RelationshipKind("DESCRIBES", "a record is about its subject", (("Record", "Activity"), *(("Record", label) for label in REGISTERED)), of_subject="to"),
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
        of_subject="to",
    ),
    RelationshipKind("REPORTS", "an organization reports an activity", (("Organization", "Activity"),), (Property("secondary", "bool", "reports what others do"),), of_subject="to"),
    RelationshipKind("NAMED_IN", "an activity's records call somebody so, as reporter, payer, receiver or in a role of no other relationship", (("Mention", "Activity"),), of_subject="to"),
    RelationshipKind(
        "CHILD_OF",
        "part of a larger whole",
        (("Activity", "Activity"), ("Organization", "Organization")),
        (_text("stated_by", "activity whose record says so; of an organization above:<its id>, since lists and decisions do"),),
        key=("stated_by",),
        of_subject="stated_by",
    ),
    RelationshipKind(
        "LOCATED_IN",
        "where an activity takes place",
        (("Activity", "Country"), ("Activity", "CountryGroup"), ("Activity", "Place")),
        (_SHARE, _BASIS),
        of_subject="from",
    ),
    RelationshipKind("IN_SECTOR", "what an activity is about", (("Activity", "Sector"),), (_SHARE, _BASIS), of_subject="from"),
    RelationshipKind(
        "IN_AREA",
        "UNECE area that an activity touches",
        (("Activity", "Area"),),
        (Property("weight", "float", "0 to 1"), _text("basis", "where the link comes from")),
        of_subject="from",
    ),
    RelationshipKind("CONTRIBUTES_TO", "a tag of the publisher, or an outcome of a framework that we name", (("Activity", "Goal"), ("Activity", "Outcome")), (_text("basis", "tag vocabulary, or register"),), key=("basis",), of_subject="from"),
    RelationshipKind("FLOW_OF", "money of an activity", (("Flow", "Activity"),), of_subject="to"),
    RelationshipKind("PAID_BY", "who paid", (("Flow", "Organization"),), (_STATED,), of_subject="stated_by"),
    RelationshipKind("PAID_TO", "who was paid", (("Flow", "Organization"),), (_STATED,), of_subject="stated_by"),
    RelationshipKind(
        "FUNDS",
        "money of one activity goes into another",
        (("Activity", "Activity"),),
        (_STATED, _text("basis", "provider, receiver or participant"), Property("amount_usd", "float", "USD; empty when unknown")),
        key=("stated_by", "basis"),
        of_subject="stated_by",
    ),
    RelationshipKind(
        "RELATED_TO",
        "the publisher relates two activities",
        (("Activity", "Activity"),),
        (_text("relation", "sibling, co-funded or third-party"), _STATED),
        key=("relation", "stated_by"),
        of_subject="stated_by",
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
        of_subject="stated_by",
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
        of_subject="stated_by",
    ),
    RelationshipKind("IMPLEMENTS", "work on an instrument", _from(("Activity", "Request", "GoodPractice", "Network"), "LegalInstrument"), of_subject="from"),
    RelationshipKind("COVERS", "which countries and areas it is about", (*_from(REGISTERED, "Area"), *_from(REGISTERED, "Country"), *_from(REGISTERED, "CountryGroup")), of_subject="from"),
    RelationshipKind("REQUESTED_BY", "who asks", (("Request", "Country"), ("Request", "CountryGroup")), of_subject="from"),
    RelationshipKind("ANSWERS", "an activity answers a request", (("Activity", "Request"),), of_subject="from"),
    RelationshipKind("OUTCOME_OF", "an outcome belongs to a framework", (("Outcome", "PlanningFramework"),), of_subject="from"),
    RelationshipKind("LED_BY", "who leads or organizes", (("Outcome", "Organization"), ("Event", "Organization")), (_MENTION,), key=("mention",), of_subject="from"),
    RelationshipKind("OFFICE_OF", "whose office it is", (("Office", "Organization"),), (_MENTION,), key=("mention",), of_subject="from"),
    RelationshipKind("PROVIDES", "who gives the money of a fund", (("Organization", "Fund"),), (_MENTION,), key=("mention",), of_subject="to"),
    RelationshipKind("VISITS", "where a mission goes", (("Mission", "Country"), ("Mission", "CountryGroup")), of_subject="from"),
    RelationshipKind("MEETS", "whom a mission meets", (("Mission", "Organization"),), (_MENTION,), key=("mention",), of_subject="from"),
    RelationshipKind("ATTENDED_BY", "where participants came from", (("Event", "Country"), ("Event", "CountryGroup")), of_subject="from"),
    RelationshipKind(
        "CONCERNS",
        "which activity it is for or about",
        _from(("Mission", "Event", "Evaluation", "GoodPractice", "ActionPoint"), "Activity"),
        of_subject="from",
    ),
    RelationshipKind("APPLIED_IN", "an activity that follows a lesson", (("Evaluation", "Activity"),), of_subject="from"),
    RelationshipKind("KNOWS", "a person knows an area, an instrument or a country", (("Person", "Area"), ("Person", "LegalInstrument"), ("Person", "Country"), ("Person", "CountryGroup")), (_text("evidence", "how we know"),), of_subject="from"),
    RelationshipKind("WORKED_ON", "a person took part in an activity", (("Person", "Activity"),), (_text("role", "in what role"),), of_subject="from"),
    RelationshipKind(
        "AFFILIATED_WITH",
        "a person works at or is a contact of; an organization is a member of",
        (("Person", "Organization"), ("Person", "Office"), ("Person", "CountryTeam"), ("Person", "Network"), ("Organization", "CountryTeam"), ("Organization", "Network")),
        (_text("stated_by", "person or subject whose row says so"), _text("role", "works at, contact, focal point or member"), _MENTION),
        key=("stated_by", "role"),
        of_subject="stated_by",
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

RELATIONSHIP: Mapping[str, RelationshipKind] = {kind.type: kind for kind in RELATIONSHIPS}
