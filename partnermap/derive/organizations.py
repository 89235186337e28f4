"""Organizations from mentions, and who carries an activity out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from partnermap.codes.names import normalise
from partnermap.codes.organizations import Resolved, known_organization, resolve
from partnermap.derive.context import Said
from partnermap.model import GraphRows

ROLES = {"1": "funding", "2": "accountable", "3": "extending", "4": "implementing"}
_ACTING = ("implementing", "extending", "accountable")


@dataclass(frozen=True)
class Participation:
    """One organization in one role, as one record names it."""

    organization: Resolved
    mention: str
    ref: str
    name: str
    role: str
    is_actor: bool = False


def mention_id(ref: str, name: str, reporter: str, by: str) -> str:
    """Key of a mention; the reporter counts where nothing but the name says who is meant."""
    scope = reporter if by == "itself" and not ref else ""
    return f"{ref.strip().upper()}|{normalise(name) or name.strip()}|{scope}"


def named(
    said: Said, who: Mapping[str, Any] | None
) -> tuple[Resolved, str, str, str] | None:
    """The organization that a record names, with mention id, reference and name; None if nobody."""
    if not who:
        return None
    ref, name = str(who.get("ref", "")), " ".join(str(who.get("name", "")).split())
    meant = resolve(ref, name, said.record.reporter, str(who.get("type", "")))
    if meant is None:
        return None
    return meant, mention_id(ref, name, said.record.reporter, meant.by), ref.strip(), name


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
                part = Participation(hit[0], hit[1], hit[2], hit[3], role)
                found.setdefault((part.organization.organization.id, role, part.mention), part)
    parts = list(found.values())
    roles = {part.role for part in parts}
    acting = next((role for role in _ACTING if role in roles), "")
    if not acting and said[0].secondary and "funding" in roles:
        acting = "funding"
    if not acting:
        hit = named(said[0], said[0].content.get("reporter"))
        if hit:
            parts.append(Participation(hit[0], hit[1], hit[2], hit[3], "reporting"))
            acting = "reporting"
    marked = [
        Participation(p.organization, p.mention, p.ref, p.name, p.role, p.role == acting) for p in parts
    ]
    return sorted(marked, key=lambda p: (p.organization.organization.id, p.role, p.mention))


def organization_rows(graph: GraphRows, activity: str, parts: list[Participation], said: list[Said]) -> None:
    """Add organizations, mentions, participations and reporters of one activity."""
    for part in parts:
        add_organization(graph, part.organization, part.mention, part.ref, part.name)
        graph.relate(
            "PARTICIPATES_IN",
            ("Organization", part.organization.organization.id),
            ("Activity", activity),
            role=part.role,
            is_actor=part.is_actor,
            mention=part.mention,
        )
    reported: dict[str, bool] = {}
    for item in said:
        hit = named(item, item.content.get("reporter"))
        if hit:
            add_organization(graph, *hit)
            org = hit[0].organization.id
            reported[org] = reported.get(org, True) and item.secondary
    for org, secondary in sorted(reported.items()):
        graph.relate("REPORTS", ("Organization", org), ("Activity", activity), secondary=secondary)


def add_organization(graph: GraphRows, meant: Resolved, mention: str, ref: str, name: str) -> None:
    """Add an organization with its mention and the organizations above it."""
    org = meant.organization
    graph.node("Organization", id=org.id, name=org.name, acronym=org.acronym, kind=org.kind)
    graph.node("Mention", id=mention, ref=ref, name=name)
    graph.relate("NAMES", ("Mention", mention), ("Organization", org.id), by=meant.by)
    while org.parent and (above := known_organization(org.parent)):
        graph.node("Organization", id=above.id, name=above.name, acronym=above.acronym, kind=above.kind)
        graph.relate("CHILD_OF", ("Organization", org.id), ("Organization", above.id), stated_by="")
        org = above
