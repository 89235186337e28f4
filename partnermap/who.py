"""Who is who in a workspace: what may be one, deciding it, and everything that names somebody.

A decision is stored and what it touches is derived again in one job, so that nobody sees the one
without the other.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from partnermap.codes.countries import by_iso2, country_named
from partnermap.codes.lists import rows as list_rows
from partnermap.codes.organizations import (
    find_by_name,
    known_organization,
    known_organizations,
    parents_of,
)
from partnermap.derive.context import Said
from partnermap.derive.identity import (
    KIND,
    UNDONE,
    Identity,
    contradiction,
    identity_of,
    pair_of,
    standing,
)
from partnermap.derive.organizations import ROLES, named
from partnermap.errors import NotFound
from partnermap.intake import rederive
from partnermap.lookups.identity import Party, Suggestion, suggest
from partnermap.model import RELATIONSHIP, Record, Row
from partnermap.settings import Settings
from partnermap.store import Store
from partnermap.store.layout import layout

_OF_ACTIVITY = (("PARTICIPATES_IN", "from_id", "to_id"), ("REPORTS", "from_id", "to_id"), ("PAID_BY", "to_id", "stated_by"), ("PAID_TO", "to_id", "stated_by"))


@dataclass(frozen=True)
class Naming:
    """One place where a file names an organization."""

    name: str
    ref: str
    role: str  # reporter, a role of IATI, provider or receiver
    by: str  # what told who is meant
    activity: str
    dataset: str
    row: int


def _rows(store: Store, kind: str, *names: str) -> Iterator[Row]:
    for batch in store.columns(kind, names):
        yield from batch.to_pylist()


def decisions(store: Store) -> list[Row]:
    """Every decision on organizations, in the order in which they were taken."""
    names = ("id", "kind", "ordinal", "subjects", "names", "verdict", "note", "by")
    found = [row for row in _rows(store, "Decision", *names) if row["kind"] == KIND]
    return sorted(found, key=lambda row: row["ordinal"])


def parties(store: Store, identity: Identity) -> list[Party]:
    """Every loaded organization with all its names, and those of the lists that are not loaded."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    mentions = {row["id"]: row["name"] for row in _rows(store, "Mention", "id", "name")}
    for row in _rows(store, "NAMES", "from_id", "to_id"):
        if mentions.get(row["from_id"]):
            names[row["to_id"]].setdefault(mentions[row["from_id"]])
    activities = activities_of(store)
    countries: dict[str, set[str]] = defaultdict(set)
    for row in _rows(store, "LOCATED_IN", "from_id", "to_kind", "to_id"):
        if row["to_kind"] == "Country":
            countries[row["from_id"]].add(row["to_id"])
    called = {org.id: known for org, known in known_organizations()}
    found: dict[str, Party] = {}
    for row in _rows(store, "Organization", "id", "name", "acronym", "kind"):
        org = row["id"]
        aliases = [alias for member in identity.members(org) for alias in called.get(member, ())]
        own = activities.get(org, set())
        at = {country for activity in own for country in countries[activity]}
        found[org] = Party(
            org,
            tuple(dict.fromkeys([row["name"], *names[org], *aliases])),
            frozenset(filter(None, [row["acronym"]])),
            _country_of(org) or (next(iter(at)) if len(at) == 1 else ""),
            frozenset(parents_of(org)),
            frozenset(own),
            row["kind"] or "",
        )
    for known, aliases in known_organizations():
        if identity.id_of(known.id) not in found:
            found[known.id] = Party(
                known.id, tuple(dict.fromkeys([known.name, *aliases])), frozenset(filter(None, [known.acronym])), _country_of(known.id), frozenset(parents_of(known.id)), kind=known.kind, loaded=False
            )
    return [found[org] for org in sorted(found)]


def _country_of(org: str) -> str:
    known = known_organization(org)
    return (by_iso2(known.country) or "") if known and known.country else ""


def activities_of(store: Store, wanted: Iterable[str] | None = None) -> dict[str, set[str]]:
    """Activities by organization, in any role or as payer or receiver; of all, or of some."""
    only = None if wanted is None else set(wanted)
    found: dict[str, set[str]] = defaultdict(set)
    for kind, organization, activity in _OF_ACTIVITY:
        for row in _rows(store, kind, organization, activity):
            if only is None or row[organization] in only:
                found[row[organization]].add(row[activity])
    return found


def suggestions(store: Store, everyone: Sequence[Party] | None = None) -> list[Suggestion]:
    """What may be one organization, without what was decided or follows from it; best first."""
    identity = identity_of(decisions(store))
    ours = {row["ref"] for row in list_rows("organizations")}

    def is_settled(left: str, right: str) -> bool:
        pair = {left, right}
        return (
            pair <= ours  # the list keeps them apart
            or identity.is_apart(left, right)
            or identity.is_unsure(left, right)
            or left in parents_of(right)
            or right in parents_of(left)
            or any(country_named(getattr(known_organization(org), "name", "")) for org in pair)  # a country and its agency
        )

    return suggest(parties(store, identity) if everyone is None else everyone, is_settled)


def find_party(name: str, everyone: Sequence[Party]) -> Party:
    """The organization with this id, name, alias or acronym; loaded ones go first.

    Raises
    ------
    NotFound
        If none or several are meant.
    """
    by_id = {party.id: party for party in everyone}
    listed = find_by_name(name)
    if name in by_id or listed in by_id:
        return by_id[name if name in by_id else str(listed)]
    wanted = name.casefold()
    for loaded in (True, False):
        hits = [p for p in everyone if p.loaded == loaded and wanted in {p.id.casefold(), *map(str.casefold, p.names), *map(str.casefold, p.acronyms)}]
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise NotFound(f"{name!r} may be any of: {', '.join(p.id for p in hits[:8])}. Give one of these.")
    raise NotFound(f"No organization called {name!r} is loaded or listed. Find it with: partnermap organizations --find TEXT")


def decide(store: Store, settings: Settings, verdict: str, names: Sequence[str], *, note: str = "", by: str = "") -> tuple[Row, int]:
    """Store a decision on two organizations and derive again what it touches.

    The decision comes back, and how many activities were derived again.

    Raises
    ------
    NotFound
        If a name means none or several, both mean one, or the decision contradicts others.
    """
    taken = decisions(store)
    everyone = parties(store, identity_of(taken))
    first, second = (find_party(name, everyone) for name in names)
    if first.id == second.id:
        raise NotFound(f"{names[0]!r} and {names[1]!r} already are one organization: {first.name} ({first.id}).")
    if against := contradiction(verdict, (first.id, second.id), taken):
        raise NotFound(f"This cannot stand beside what was decided. {against}")
    called = {first.id: first.name, second.id: second.name}
    subjects = list(pair_of(first.id, second.id))
    row = _next(taken, subjects, [called[org] for org in subjects], verdict, note, by)
    return row, _store(store, settings, taken, row)


def undo(store: Store, settings: Settings, decision: str = "", *, by: str = "") -> tuple[Row, int]:
    """Take back a decision that stands, or the last one; as ``decide``.

    Raises
    ------
    NotFound
        If there is none, or it does not stand.
    """
    taken = decisions(store)
    rows = {row["id"]: row for row in standing(taken).values()}
    if not rows:
        raise NotFound("No decision on organizations stands: there is nothing to undo.")
    if decision and decision not in rows:
        raise NotFound(f"{decision!r} is no decision that stands. They are: {', '.join(rows)}.")
    old = rows[decision] if decision else max(rows.values(), key=lambda row: row["ordinal"])
    row = _next(taken, old["subjects"], old["names"], UNDONE, f"takes back {old['id']}", by)
    return row, _store(store, settings, taken, row)


def _next(taken: Sequence[Row], subjects: list[str], names: list[str], verdict: str, note: str, by: str) -> Row:
    ordinal = max((row["ordinal"] for row in taken), default=0) + 1
    return {"id": f"{KIND}-{ordinal}", "kind": KIND, "ordinal": ordinal, "subjects": subjects, "names": names, "verdict": verdict, "note": note, "by": by}


def _store(store: Store, settings: Settings, taken: list[Row], row: Row) -> int:
    before, after = identity_of(taken), identity_of([*taken, row])
    moved = {org for org in {*before.canonical, *after.canonical} if before.canonical.get(org) != after.canonical.get(org)}
    held = activities_of(store, {before.id_of(org) for org in moved})
    touched = sorted(set().union(*held.values()))
    with store.job("decision", rederive=lambda job: rederive(job, settings)) as job:
        job.put_truth("Decision", [row])
        if touched:
            job.touch(touched)
            rederive(job, settings)
    return len(touched)


def namings(store: Store, org: str) -> list[Naming]:
    """Every place in the current records that names this organization, by dataset and row."""
    identity = identity_of(decisions(store))
    wanted = activities_of(store, [org]).get(org, set())
    found: list[Naming] = []
    for raw in _rows(store, "Record", *layout("Record").names):
        if raw["subject_kind"] == "Activity" and raw["subject_id"] in wanted and raw["version_last"] is None:
            record = Record(**raw)
            said = Said(record, json.loads(record.content), False, "", identity=identity)
            for role, who in _named_in(said):
                hit = named(said, who)
                if hit and hit.organization.id == org:
                    found.append(Naming(hit.name, hit.ref, role, hit.by, record.subject_id, record.dataset, record.row))
    return sorted(found, key=lambda n: (n.dataset, n.row, n.role, n.name, n.ref))


def _named_in(said: Said) -> Iterator[tuple[str, Row]]:
    yield "reporter", dict(said.content.get("reporter", {}))
    for who in said.content.get("participants", []):
        yield ROLES.get(who.get("role", ""), who.get("role", "")), dict(who)
    for entry in said.content.get("transactions", []):
        for side in ("provider", "receiver"):
            if entry.get(side):
                yield side, entry[side]


def presences(store: Store, org: str) -> list[Row]:
    """Where a 3W list says that the organization is present; empty where no such list is loaded."""
    if "PRESENT_IN" not in RELATIONSHIP:
        return []
    names = [p.name for p in layout("PRESENT_IN").properties]
    return [row for row in _rows(store, "PRESENT_IN", *names) if row["from_id"] == org]
