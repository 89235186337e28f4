"""Decisions on organizations: taken, taken back and listed.

A decision is stored and what it touches is derived again in one job, so that nobody sees the one
without the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from partnermap import who
from partnermap.codes.names import normalise
from partnermap.codes.organizations import find_by_name, known_organization, resolve
from partnermap.derive.identity import (
    KIND,
    UNDONE,
    Identity,
    contradiction,
    identity_of,
    one_by,
    pair_of,
    parted_id,
    standing,
)
from partnermap.derive.organizations import above_of
from partnermap.errors import NotFound
from partnermap.intake import rederive
from partnermap.lookups.parties import Party
from partnermap.model import GraphRows, Row
from partnermap.settings import Settings
from partnermap.store import Store, read_rows


def decide(store: Store, settings: Settings, verdict: str, names: Sequence[str], *, note: str = "", by: str = "") -> tuple[Row, int]:
    """Store a decision on two organizations and derive again what it touches.

    The decision comes back, and how many activities were derived again.

    Raises
    ------
    NotFound
        If a name means none or several, both mean one, or the decision contradicts others.
    """
    taken = who.decisions(store)
    identity = identity_of(taken)
    everyone = who.parties(store, identity)
    first = who.find_party(names[0], everyone, identity)
    # a name that others have too is the one's that was given by its id
    second = first if identity.id_of(names[0]) == first.id and normalise(names[1]) in map(normalise, first.names) else who.find_party(names[1], everyone, identity)
    called = {first.id: first.name, second.id: second.name}
    if first.id == second.id and verdict == "different":
        called = _parting(store, first, names, identity, taken)
    elif first.id == second.id:
        raise NotFound(f"{names[0]!r} and {names[1]!r} already are one organization: {first.name} ({first.id}).")
    if against := contradiction(verdict, list(called), taken):
        raise NotFound(f"This cannot stand beside what was decided. {against}")
    subjects = list(pair_of(*called))
    row = _next(taken, subjects, [called[org] for org in subjects], verdict, note, by)
    return row, _store(store, settings, taken, row)


def _parting(store: Store, party: Party, names: Sequence[str], identity: Identity, taken: Sequence[Row]) -> dict[str, str]:
    """Two names of one organization as two: ids and what they are called.

    The second name leaves, unless it is the one on the list; all others stay with the first.

    Raises
    ------
    NotFound
        If nothing in a file tells the two apart, or they are one by decision.
    """
    stays, leaves = names
    listed = known_organization(party.id)
    if listed and normalise(leaves) == normalise(listed.name):
        stays, leaves = leaves, stays
    either = f"{stays!r} and {leaves!r} are both {party.name} ({party.id})"
    if identity.id_of(leaves) == party.id or (listed and normalise(leaves) == normalise(listed.name)):
        raise NotFound(f"{either}. Give two of its names; the second one becomes an organization of its own. Find them with: partnermap organization {party.id!r}")
    if normalise(stays) == normalise(leaves) or not normalise(leaves):
        raise NotFound(f"{either}, and the names differ in no letter or number, so that no row tells which one it means. Correct the name, or add a reference, at the source, and import the file again.")
    mine, other = (_by_themselves(store, party, name, identity) for name in (stays, leaves))
    if mine and other and not mine & other:
        raise NotFound(f"This cannot stand beside what was decided. {one_by(party.id, taken)}")
    return {party.id: party.name if identity.id_of(stays) == party.id else stays, parted_id(leaves, party.id): leaves}


def _by_themselves(store: Store, party: Party, name: str, identity: Identity) -> set[str]:
    """Ids that a name of an organization means without any decision, in the files and on the lists."""
    if identity.id_of(name) == party.id:
        return {name}
    listed = find_by_name(name)
    found = {listed} if listed and identity.id_of(listed) == party.id else set()
    mine = {row["from_id"] for row in read_rows(store, "NAMES", "from_id", "to_id") if row["to_id"] == party.id}
    for row in read_rows(store, "Mention", "id", "ref", "name"):
        if row["id"] in mine and normalise(row["name"]) == normalise(name):
            # what ends the id says who told it, with the country where that counts
            meant = resolve(row["ref"], row["name"], row["id"].rpartition("|")[2])
            found |= {meant.organization.id} if meant else set()
    return found


def undo(store: Store, settings: Settings, decision: str = "", *, by: str = "") -> tuple[Row, int]:
    """Take back a decision that stands, or the last one; as ``decide``.

    Raises
    ------
    NotFound
        If there is none, or it does not stand.
    """
    taken = who.decisions(store)
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
    moved |= {org for (of, name), parted in {*before.parted.items()} ^ {*after.parted.items()} for org in (of, parted.id)}
    loaded = {known["id"] for known in read_rows(store, "Organization", "id")}
    hung = {org for org in loaded if [above.id for above in before.above(org)] != [above.id for above in after.above(org)]}
    gone = {before.id_of(org) for org in moved} | hung
    held = who.activities_of(store, gone)
    touched = sorted(set().union(*held.values()))
    subjects = who.subjects_of(store, gone)
    with store.job("decision", rederive=lambda job: rederive(job, settings)) as job:
        job.put_truth("Decision", [row])
        job.put_graph([above_of(org) for org in sorted(hung)], GraphRows())
        if touched or subjects:
            job.touch([*touched, *sorted(subjects)])
            rederive(job, settings)
    return len(touched)


def decision_rows(store: Store) -> list[Row]:
    """Every decision, and whether it stands."""
    taken = who.decisions(store)
    stands = {row["id"] for row in standing(taken).values()}
    return [
        {"id": row["id"], "verdict": row["verdict"], "A": row["names"][0], "B": row["names"][1], "stands": row["id"] in stands, "note": row["note"], "by": row["by"], "subjects": row["subjects"]}
        for row in taken
    ]


def is_open(store: Store, left: str, right: str) -> bool:
    """Whether decisions neither say nor imply what two are to each other."""
    identity = who.decided(store)
    return identity.id_of(left) != identity.id_of(right) and not identity.is_apart(left, right) and not identity.is_unsure(left, right)
