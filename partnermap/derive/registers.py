"""Rows of our own workbooks into the graph: subjects of registers, our activities' extras, people.

A register's record holds its sheet's fields. ``LINKS`` says for each kind which field becomes
which relationship; every other field that the kind declares is a property of its node. A subject
without a current record emits nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partnermap.codes.countries import countries, groups
from partnermap.codes.instruments import EUROPEAN_UNION, instruments
from partnermap.codes.money import to_usd
from partnermap.codes.organizations import find_by_name, known_organization
from partnermap.codes.sectors import area_names
from partnermap.derive.context import Context, Said
from partnermap.derive.identity import Identity
from partnermap.derive.organizations import Mentioned, add_organization, named
from partnermap.model import NODE, REGISTERED, ActivityContent, GraphRows, Record, Row


@dataclass(frozen=True)
class Link:
    """A field that becomes relationships: to a listed node, an organization or another subject."""

    field: str
    relation: str
    to: str  # Country (or a group), Area, LegalInstrument, Organization, or a subject's kind
    incoming: bool = False
    role: str = ""


def _common(places: str = "COVERS") -> tuple[Link, ...]:
    return (Link("countries", places, "Country"), Link("areas", "COVERS", "Area"), Link("instruments", "IMPLEMENTS", "LegalInstrument"))


_CONCERNS = Link("activities", "CONCERNS", "Activity")
LINKS: dict[str, tuple[Link, ...]] = {
    "Mission": (*_common("VISITS"), Link("organizations", "MEETS", "Organization"), _CONCERNS),
    "Office": (*_common(), Link("organizations", "OFFICE_OF", "Organization")),
    "CountryTeam": (*_common(), Link("organizations", "AFFILIATED_WITH", "Organization", True, "member")),
    "Agreement": (*_common(), Link("organizations", "PARTY_TO", "Organization", True)),
    "Request": _common("REQUESTED_BY"),
    "PlanningFramework": _common(),
    "Outcome": (*_common(), Link("frameworks", "OUTCOME_OF", "PlanningFramework"), Link("organizations", "LED_BY", "Organization")),
    "Fund": (*_common(), Link("organizations", "PROVIDES", "Organization", True)),
    "Event": (*_common("ATTENDED_BY"), Link("organizations", "LED_BY", "Organization"), _CONCERNS),
    "Evaluation": (*_common(), _CONCERNS, Link("applied_in", "APPLIED_IN", "Activity")),
    "GoodPractice": (*_common(), _CONCERNS),
    "Network": (*_common(), Link("organizations", "AFFILIATED_WITH", "Organization", True, "member")),
    "TransboundaryFeature": _common(),
    "ActionPoint": (*_common(), _CONCERNS),
    "Activity": (Link("requests", "ANSWERS", "Request"), Link("outcomes", "CONTRIBUTES_TO", "Outcome")),
}
_AMOUNTS = {"cost": "requested_date", "available": ""}  # amount and the date whose rate counts


def register_targets(records: Iterable[Record]) -> set[str]:
    """Ids of activities and other subjects that records of registers and activities refer to."""
    found: set[str] = set()
    for record in records:
        links = [link for link in LINKS.get(record.subject_kind, ()) if link.to in (*REGISTERED, "Activity")]
        if links and any(f'"{link.field}":' in record.content for link in links):
            content = json.loads(record.content)
            found.update(target for link in links for target in content.get(link.field, ()))
    return found


def register_rows(graph: GraphRows, records: list[Record], context: Context) -> None:
    """Add the subjects of registers with what belongs to them."""
    by_subject: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda r: (r.dataset, r.ordinal, r.id)):
        if record.version_last is None:
            by_subject.setdefault(record.subject_id, []).append(record)
    for subject, said in sorted(by_subject.items()):
        kind = said[0].subject_kind
        contents = [json.loads(record.content) for record in said]
        graph.node(kind, id=subject, **_properties(kind, contents[0]))
        for record, content in zip(said, contents, strict=True):
            graph.relate("DESCRIBES", ("Record", record.id), (kind, subject))
            _links(graph, (kind, subject), content, context)
            _organizations(graph, (kind, subject), record, content, context)


def _properties(kind: str, content: Mapping[str, Any]) -> Row:
    found: Row = {}
    for declared in NODE[kind].properties:
        value = content.get(declared.name)
        if value is None or declared.name == "id":
            continue
        found[declared.name] = int(Decimal(value)) if declared.type == "int" else float(value) if declared.type == "float" else value
    for name, day in _AMOUNTS.items():
        if name in found:
            when = content.get(day, "")
            usd = to_usd(Decimal(content[name]), content.get("currency", ""), int(when[:4]) if when else None)
            found[f"{name}_usd"] = None if usd is None else round(float(usd), 2)
    return found


def _links(graph: GraphRows, here: tuple[str, str], content: Mapping[str, Any], context: Context) -> None:
    for link in LINKS[here[0]]:
        if link.to != "Organization":
            for value in content.get(link.field, ()):
                _link(graph, here, link, value, context.existing)


def _link(graph: GraphRows, here: tuple[str, str], link: Link, value: str, existing: Collection[str]) -> None:
    if link.to in _LISTED:
        if end := _listed(link.to, value):
            graph.relate(link.relation, here, end)
        return
    if value == here[1]:
        return
    resolved = value in existing
    name = link.relation.lower()
    # kept also where it is resolved, so that what refers to a subject is derived again with it
    graph.node("Reference", id=f"{here[1]}|{name}|{value}", activity=here[1], target=value, kind=name, resolved=resolved)
    if resolved:
        basis = {"basis": "register"} if link.relation == "CONTRIBUTES_TO" else {}
        graph.relate(link.relation, here, (link.to, value), **basis)


_LISTED: dict[str, Callable[[], Collection[str]]] = {"Country": countries, "Area": area_names, "LegalInstrument": instruments}


def _listed(label: str, value: str) -> tuple[str, str] | None:
    """The node of a shipped list; None where the list no longer has it."""
    if value in _LISTED[label]():
        return label, value
    return ("CountryGroup", value) if label == "Country" and value in groups() else None


def named_organizations(record: Record, content: Mapping[str, Any], identity: Identity) -> Iterator[tuple[Link, Mentioned]]:
    """Every organization that a row of a register names, and in which field."""
    said = _said(record, content, identity)
    for link in LINKS[record.subject_kind]:
        for name in content.get(link.field, ()) if link.to == "Organization" else ():
            if who := named(said, {"name": name}):
                yield link, who


def _organizations(graph: GraphRows, here: tuple[str, str], record: Record, content: Mapping[str, Any], context: Context) -> None:
    for link, who in named_organizations(record, content, context.identity):
        add_organization(graph, who)
        ends = [here, ("Organization", who.organization.id)]
        start, end = reversed(ends) if link.incoming else ends
        owner = {"stated_by": here[1]} if link.relation in ("AFFILIATED_WITH", "PARTY_TO") else {}
        role = {"role": link.role} if link.role else {}
        graph.relate(link.relation, start, end, mention=who.mention, **owner, **role)


def _said(record: Record, content: Mapping[str, Any], identity: Identity) -> Said:
    """The record for the resolution of names, which asks for the one country it is about."""
    places: ActivityContent = {"countries": [{"code": countries()[c].iso2} for c in content.get("countries", ()) if c in countries()]}
    return Said(record, places, False, "", "", identity)


def party_rows(graph: GraphRows, records: list[Record], context: Context) -> None:
    """Add who is a party to an instrument by our own lists, beside the shipped one."""
    for record in records:
        said = json.loads(record.content)
        if record.version_last is None and _listed("LegalInstrument", said["instrument"]):
            facts = {"since_date": said.get("since_date"), "list_date": said.get("list_date"), "checked": said.get("source", "our own list")}
            party_row(graph, said["country"], said["instrument"], stated_by=record.subject_id, **facts)


def party_row(graph: GraphRows, party: str, instrument: str, **facts: str | None) -> None:
    """Add one party to an instrument: a country by its alpha-3 code, or the European Union."""
    end = _listed("Country", party)
    if party == EUROPEAN_UNION and (union := known_organization(find_by_name("European Union") or "")):
        graph.node("Organization", id=union.id, name=union.name, acronym=union.acronym, kind=union.kind, listed=True)
        end = ("Organization", union.id)
    if end:
        graph.relate("PARTY_TO", end, ("LegalInstrument", instrument), **facts)


def own_activity_rows(graph: GraphRows, activity: str, said: list[Said], context: Context) -> None:
    """Add what only our registers say of an activity: areas, instruments, requests and outcomes."""
    here = ("Activity", activity)
    stated: dict[str, None] = {}
    for item in said:
        stated.update(dict.fromkeys(item.content.get("areas", ())))
        for instrument in item.content.get("instruments", ()):
            if end := _listed("LegalInstrument", instrument):
                graph.relate("IMPLEMENTS", here, end)
        _links(graph, here, item.content, context)
    for area in stated:
        if area in area_names():
            graph.relate("IN_AREA", here, ("Area", area), weight=1.0, basis="register")


# --- people ---------------------------------------------------------------------------------------

_KNOWS = (("areas", "Area"), ("instruments", "LegalInstrument"), ("countries", "Country"))


def person_targets(entries: Iterable[Row]) -> set[str]:
    """Ids of activities and other subjects that people belong to."""
    found = {str(entry["target"]) for entry in entries if entry["target"]}
    for entry in entries:
        found.update(json.loads(entry["content"]).get("activities", ()))
    return found


def people_rows(entries: Iterable[Row], existing: Collection[str], context: Context) -> GraphRows:
    """People and what they know, from the rows that name them.

    Parameters
    ----------
    entries : rows of PersonEntry
    existing : those of :func:`person_targets` that are loaded
    """
    graph = GraphRows()
    by_person: dict[str, list[Row]] = {}
    # the sheet People knows most of a person
    for entry in sorted(entries, key=lambda e: (bool(e["target"]), e["dataset"], e["row"], e["id"])):
        by_person.setdefault(entry["person"], []).append(entry)
    for person, rows in sorted(by_person.items()):
        contents = [json.loads(row["content"]) for row in rows]
        first = {key: next((c[key] for c in contents if c.get(key) not in (None, "", [])), None) for key in ("position", "email", "in_house", "languages", "availability")}
        graph.node("Person", id=person, name=rows[0]["name"], **first | {"languages": first["languages"] or []})
        for row, content in zip(rows, contents, strict=True):
            _person_links(graph, ("Person", person), row, content, existing, context)
    return graph


def _person_links(graph: GraphRows, here: tuple[str, str], row: Row, content: Mapping[str, Any], existing: Collection[str], context: Context) -> None:
    for field, label in _KNOWS:
        for value in content.get(field, ()):
            if end := _listed(label, value):
                graph.relate("KNOWS", here, end, evidence=content.get("evidence", ""))
    for activity in content.get("activities", ()):
        if activity in existing:
            graph.relate("WORKED_ON", here, ("Activity", activity), role=content.get("role", ""))
    if row["target"] in existing:
        label = row["target"].partition(":")[0]
        graph.relate("AFFILIATED_WITH", here, (label, row["target"]), stated_by=here[1], role=content.get("role", "contact"), mention="")
    # who says so is our own organization, never the person: an unlisted employer's key holds it
    record = Record(row["id"], row["dataset"], "Person", here[1], 0, row["row"], 1, None, context.own, True, False, "")
    for name in content.get("organization", ()):
        who = named(_said(record, {}, context.identity), {"name": name})
        if who:
            add_organization(graph, who)
            graph.relate("AFFILIATED_WITH", here, ("Organization", who.organization.id), stated_by=here[1], role="works at", mention=who.mention)
