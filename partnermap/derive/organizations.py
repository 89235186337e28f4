"""Organizations from mentions, and who carries an activity out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from partnermap.codes.names import normalise
from partnermap.codes.organizations import KnownOrganization, Resolved, known_organization, scope_of
from partnermap.derive.context import Said
from partnermap.model import GraphRows, Row

ROLES = {"1": "funding", "2": "accountable", "3": "extending", "4": "implementing"}
_ACTING = ("implementing", "extending", "accountable")


@dataclass(frozen=True)
class Mentioned:
    """An organization as a record names it: who is meant, by what, and the mention's own words."""

    organization: KnownOrganization
    by: str
    mention: str
    ref: str
    name: str
    above: tuple[KnownOrganization, ...] = ()  # nearest first


@dataclass(frozen=True)
class Participation:
    """One organization in one role, as one record names it."""

    who: Mentioned
    role: str
    is_actor: bool = False


def mention_id(ref: str, name: str, said: Said, found: Resolved) -> str:
    """Key of a mention; who says so counts where nothing but a name or its own code tells who."""
    scope = ""
    if found.by == "itself" and (not ref or "@" in found.organization.id):
        scope = scope_of(name, said.record.reporter, said.country) if not ref else said.record.reporter
    return f"{ref.strip().upper()}|{normalise(name) or name.strip()}|{scope}"


def named(said: Said, who: Mapping[str, Any] | None) -> Mentioned | None:
    """The organization that a record names; None if nobody."""
    if not who:
        return None
    ref, name = str(who.get("ref", "")).strip(), " ".join(str(who.get("name", "")).split())
    meant = said.meant(ref, name, str(who.get("type", "")))
    if meant is None:
        return None
    found, organization = meant
    by = found.by if organization.id == found.organization.id else "decision"
    above = tuple(said.identity.above(organization.id))
    return Mentioned(organization, by, mention_id(ref, name, said, found), ref, name, above)


def namings_in(said: Said) -> Iterator[tuple[str, Row]]:
    """Everybody whom a record of an activity names, with the role in words."""
    yield "reporter", dict(said.content.get("reporter", {}))
    for who in said.content.get("participants", []):
        yield ROLES.get(who.get("role", ""), who.get("role", "")), dict(who)
    for entry in said.content.get("transactions", []):
        for side in ("provider", "receiver"):
            if entry.get(side):
                yield side, entry[side]
    for party in said.content.get("planned_parties", []):
        yield f"planned {party['side']}", dict(party)


def participations(said: list[Said]) -> list[Participation]:
    """Everybody who takes part, over all records, with the actors marked.

    The actor is who implements, else extends, else is accountable, else the funding organization
    where the reporter is secondary, else the reporter (then in the role ``reporting``).
    """
    found: dict[tuple[str, str, str], Participation] = {}
    for item in said:
        for who in item.content.get("participants", []):
            role = ROLES.get(who.get("role", ""), who.get("role", ""))
            hit = named(item, who)
            if hit and role in (*ROLES.values(), "counterpart"):
                found.setdefault((hit.organization.id, role, hit.mention), Participation(hit, role))
    parts = list(found.values())
    roles = {part.role for part in parts}
    acting = next((role for role in _ACTING if role in roles), "")
    if not acting and said[0].secondary and "funding" in roles:
        acting = "funding"
    if not acting:
        hit = named(said[0], said[0].content.get("reporter"))
        if hit:
            parts.append(Participation(hit, "reporting"))
            acting = "reporting"
    marked = [replace(p, is_actor=p.role == acting) for p in parts]
    return sorted(marked, key=lambda p: (p.who.organization.id, p.role, p.who.mention))


def organization_rows(graph: GraphRows, activity: str, parts: list[Participation], said: list[Said]) -> None:
    """Add organizations, mentions, participations and reporters of one activity."""
    for part in parts:
        add_organization(graph, part.who)
        graph.relate(
            "PARTICIPATES_IN",
            ("Organization", part.who.organization.id),
            ("Activity", activity),
            role=part.role,
            is_actor=part.is_actor,
            mention=part.who.mention,
        )
    reported: dict[str, bool] = {}
    for item in said:
        hit = named(item, item.content.get("reporter"))
        if hit:
            add_organization(graph, hit)
            org = hit.organization.id
            reported[org] = reported.get(org, True) and item.secondary
    for org, secondary in sorted(reported.items()):
        graph.relate("REPORTS", ("Organization", org), ("Activity", activity), secondary=secondary)
    _other_namings(graph, activity, {part.who.mention for part in parts}, said)


def _other_namings(graph: GraphRows, activity: str, carried: set[str], said: list[Said]) -> None:
    """Add names that no participation carries, so that nobody whom a record names is lost.

    REPORTS and PAID_BY point at organizations, and money comes from one record alone.
    """
    for item in said:
        for _, who in namings_in(item):
            hit = named(item, who)
            if hit and hit.mention not in carried:
                carried.add(hit.mention)
                add_organization(graph, hit)
                graph.relate("NAMED_IN", ("Mention", hit.mention), ("Activity", activity))


def add_organization(graph: GraphRows, who: Mentioned) -> None:
    """Add an organization with its mention and the organizations above it."""
    org = who.organization
    _put(graph, org)
    graph.node("Mention", id=who.mention, ref=who.ref, name=who.name)
    graph.relate("NAMES", ("Mention", who.mention), ("Organization", org.id), by=who.by)
    for above in who.above:
        _put(graph, above)
        graph.relate("CHILD_OF", ("Organization", org.id), ("Organization", above.id), stated_by=above_of(org.id))
        org = above


def above_of(org_id: str) -> str:
    """What says who is above an organization: lists and decisions, no activity."""
    return f"above:{org_id}"


def _put(graph: GraphRows, org: KnownOrganization) -> None:
    listed = known_organization(org.id) is not None
    graph.node("Organization", id=org.id, name=org.name, acronym=org.acronym, kind=org.kind, listed=listed)
