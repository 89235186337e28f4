"""Who is who in a workspace: what may be one, deciding it, and everything that names somebody.

A decision is stored and what it touches is derived again in one job, so that nobody sees the one
without the other.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set

from partnermap.codes.countries import CLOSE, by_iso2, country_named
from partnermap.codes.countries import countries as country_names
from partnermap.codes.lists import rows as list_rows
from partnermap.codes.names import normalise
from partnermap.codes.organizations import (
    find_by_name,
    known_organization,
    known_organizations,
    resolve,
)
from partnermap.derive.context import Said
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
from partnermap.derive.organizations import Mentioned, above_of, named, namings_in
from partnermap.derive.presence import present
from partnermap.derive.registers import LINKS, named_organizations
from partnermap.errors import NotFound
from partnermap.findings.board import Board
from partnermap.intake import rederive
from partnermap.lookups.identity import Suggestion, suggest
from partnermap.lookups.parties import Party
from partnermap.lookups.profile import Naming, Profile, funds, relatives, roles
from partnermap.lookups.side_by_side import Share, are_between, side_by_side, takes_part
from partnermap.model import RELATIONSHIP, Finding, GraphRows, Record, Row
from partnermap.pairing.corpus import Corpus
from partnermap.settings import Settings
from partnermap.store import Store
from partnermap.store.layout import layout

_OF_ACTIVITY = (("PARTICIPATES_IN", "from_id", "to_id"), ("REPORTS", "from_id", "to_id"), ("PAID_BY", "to_id", "stated_by"), ("PAID_TO", "to_id", "stated_by"))

# what registers say of an organization: the relationship, its side and the subject's
_OF_SUBJECT = (
    ("PARTY_TO", "from_id", "stated_by"),
    ("PRESENT_IN", "from_id", "stated_by"),
    ("AFFILIATED_WITH", "from_id", "stated_by"),
    ("AFFILIATED_WITH", "to_id", "stated_by"),
    ("OFFICE_OF", "to_id", "from_id"),
    ("LED_BY", "to_id", "from_id"),
    ("MEETS", "to_id", "from_id"),
    ("PROVIDES", "from_id", "to_id"),
)

_SHORT = 6  # letters of an acronym, in which one wrong letter is over a fifth

# as what a register names an organization, by the relationship that it becomes
AS = {"MEETS": "met", "OFFICE_OF": "owner of an office", "AFFILIATED_WITH": "member", "PARTY_TO": "party", "LED_BY": "lead", "PROVIDES": "donor"}


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
        aliases = [alias for member in identity.members(org) for alias in called.get(member, ()) if (org, normalise(alias)) not in identity.parted]
        own = activities.get(org, set())
        at = {country for activity in own for country in countries[activity]}
        found[org] = Party(
            org,
            tuple(dict.fromkeys([row["name"], *names[org], *aliases])),
            frozenset(filter(None, [row["acronym"]])),
            _country_of(org) or (next(iter(at)) if len(at) == 1 else ""),
            frozenset(above.id for above in identity.above(org)),
            frozenset(own),
            row["kind"] or "",
        )
    for known, aliases in known_organizations():
        if identity.id_of(known.id) not in found:
            found[known.id] = Party(
                known.id, tuple(dict.fromkeys([known.name, *aliases])), frozenset(filter(None, [known.acronym])), _country_of(known.id), frozenset(above.id for above in identity.above(known.id)), kind=known.kind, loaded=False
            )
    return [found[org] for org in sorted(found)]


def _country_of(org: str) -> str:
    known = known_organization(org)
    return (by_iso2(known.country) or "") if known and known.country else ""


def activities_of(store: Store, wanted: Iterable[str] | None = None) -> dict[str, set[str]]:
    """Activities by organization that any record of them names; of all organizations, or of some."""
    only = None if wanted is None else set(wanted)
    found: dict[str, set[str]] = defaultdict(set)
    for kind, organization, activity in _OF_ACTIVITY:
        for row in _rows(store, kind, organization, activity):
            if only is None or row[organization] in only:
                found[row[organization]].add(row[activity])
    meant = {row["from_id"]: row["to_id"] for row in _rows(store, "NAMES", "from_id", "to_id") if only is None or row["to_id"] in only}
    for row in _rows(store, "NAMED_IN", "from_id", "to_id"):
        if row["from_id"] in meant:
            found[meant[row["from_id"]]].add(row["to_id"])
    return found


def _subjects_of(store: Store, wanted: Set[str]) -> set[str]:
    """Subjects of registers and 3W lists that name one of these organizations, and people there."""
    return {row[subject] for kind, side, subject in _OF_SUBJECT for row in _rows(store, kind, side, subject) if row[side] in wanted and row[subject]}


def suggestions(store: Store, everyone: Sequence[Party] | None = None) -> list[Suggestion]:
    """What may be one organization, without what was decided or follows from it; best first."""
    identity = identity_of(decisions(store))
    ours = {row["ref"] for row in list_rows("organizations")}
    everyone = parties(store, identity) if everyone is None else everyone
    met = {party.id for party in everyone if party.activities}

    def is_settled(left: str, right: str) -> bool:
        pair = {left, right}
        return (
            not pair & met  # a parent by our list, met in no activity
            or pair <= ours  # the list keeps them apart
            or identity.is_apart(left, right)
            or identity.is_unsure(left, right)
            or any(above.id in pair for org in pair for above in identity.above(org))
            or any(country_named(getattr(known_organization(org), "name", "")) for org in pair)  # a country and its agency
        )

    return suggest(everyone, is_settled)


def meant_by(name: str, identity: Identity) -> str | None:
    """Id of the listed organization that a name means, or of what was parted from it; else None."""
    known = known_organization(find_by_name(name) or "")
    return identity.meant(known, name).id if known else None


def find_party(name: str, everyone: Sequence[Party], identity: Identity) -> Party:
    """The organization with this id, name, alias or acronym; loaded ones go first.

    Raises
    ------
    NotFound
        If none or several are meant.
    """
    by_id = {party.id: party for party in everyone}
    for found in (identity.id_of(name), meant_by(name, identity)):
        if found in by_id:
            return by_id[found]
    for loaded, alike in ((True, str.casefold), (False, str.casefold), (True, normalise)):
        hits = [p for p in everyone if p.loaded == loaded and alike(name) in map(alike, (p.id, *p.names, *p.acronyms))]
        if len(hits) == 1:
            return hits[0]
        if hits:
            raise NotFound(f"{name!r} may be any of: {', '.join(p.id for p in hits[:8])}. Give one of these.")
    meant = closest(name, [text for party in sorted(everyone, key=lambda p: not p.loaded) for text in (*party.names, *party.acronyms)])
    raise NotFound(f"No organization called {name!r} is loaded or listed. {meant or 'Find it with: partnermap organizations --find TEXT'}")


def closest(name: str, known: Iterable[str]) -> str:
    """"Did you mean ...?" with up to three of the known names that a misspelt one may mean; empty without any.

    Names of which 80 percent of the letters are equal; of up to six letters also those in which one
    is wrong, missing, too many or in its neighbour's place. Never taken, only asked.
    """
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA

    wanted = normalise(name)
    found: dict[str, tuple[float, int, str]] = {}
    for place, text in enumerate(dict.fromkeys(known)):
        plain = normalise(text)
        score = fuzz.ratio(wanted, plain)
        if score >= CLOSE or (wanted and len(wanted) <= _SHORT and OSA.distance(wanted, plain, score_cutoff=1) <= 1 and len(plain) > 2):
            found[plain] = min(found.get(plain, (0.0, place, text)), (-score, place, text))
    close = [text for _, _, text in sorted(found.values())[:3]]
    return f"Did you mean {' or '.join(close)}?" if close else ""


def decide(store: Store, settings: Settings, verdict: str, names: Sequence[str], *, note: str = "", by: str = "") -> tuple[Row, int]:
    """Store a decision on two organizations and derive again what it touches.

    The decision comes back, and how many activities were derived again.

    Raises
    ------
    NotFound
        If a name means none or several, both mean one, or the decision contradicts others.
    """
    taken = decisions(store)
    identity = identity_of(taken)
    everyone = parties(store, identity)
    first = find_party(names[0], everyone, identity)
    # a name that others have too is the one's that was given by its id
    second = first if identity.id_of(names[0]) == first.id and normalise(names[1]) in map(normalise, first.names) else find_party(names[1], everyone, identity)
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
    mine = {row["from_id"] for row in _rows(store, "NAMES", "from_id", "to_id") if row["to_id"] == party.id}
    for row in _rows(store, "Mention", "id", "ref", "name"):
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
    moved |= {org for (of, name), parted in {*before.parted.items()} ^ {*after.parted.items()} for org in (of, parted.id)}
    loaded = {known["id"] for known in _rows(store, "Organization", "id")}
    hung = {org for org in loaded if [above.id for above in before.above(org)] != [above.id for above in after.above(org)]}
    gone = {before.id_of(org) for org in moved} | hung
    held = activities_of(store, gone)
    touched = sorted(set().union(*held.values()))
    subjects = _subjects_of(store, gone)
    with store.job("decision", rederive=lambda job: rederive(job, settings)) as job:
        job.put_truth("Decision", [row])
        job.put_graph([above_of(org) for org in sorted(hung)], GraphRows())
        if touched or subjects:
            job.touch([*touched, *sorted(subjects)])
            rederive(job, settings)
    return len(touched)


def namings(store: Store, org: str) -> list[Naming]:
    """Every place in the current records that names this organization, by dataset and row."""
    identity = identity_of(decisions(store))
    wanted = activities_of(store, [org]).get(org, set()) | _subjects_of(store, {org})
    found: list[Naming] = []
    files = _files(store)
    for raw in _rows(store, "Record", *layout("Record").names):
        if raw["subject_id"] in wanted and raw["version_last"] is None:
            record = Record(**raw)
            for role, hit in _named_by(record, identity):
                if hit and hit.organization.id == org:
                    file, unit = files[record.dataset]
                    where = f"{file} {unit} {record.row}"
                    found.append(Naming(hit.name, hit.ref, role, hit.by, record.subject_id, record.dataset, record.row, where))
    return sorted(found, key=lambda n: (n.dataset, n.row, n.role, n.name, n.ref))


def _named_by(record: Record, identity: Identity) -> Iterator[tuple[str, Mentioned | None]]:
    """Everybody whom a record names, and as what."""
    content = json.loads(record.content)
    if record.subject_kind == "Activity":
        said = Said(record, content, False, "", identity=identity)
        for role, who in namings_in(said):
            yield role, named(said, who)
    elif record.subject_kind == "Presence":
        yield "present", present(record, content, identity)
    elif record.subject_kind in LINKS:
        for link, hit in named_organizations(record, content, identity):
            yield AS[link.relation], hit


def _files(store: Store) -> dict[str, tuple[str, str]]:
    """Dataset to the file of its newest version and what its rows are called."""
    newest: dict[str, tuple[int, str, str]] = {}
    for row in _rows(store, "DatasetVersion", "dataset", "version", "file", "source"):
        newest[row["dataset"]] = max(newest.get(row["dataset"], (0, "", "")), (row["version"], row["file"], row["source"]))
    return {dataset: (file, "activity" if source == "iati" else "row") for dataset, (_, file, source) in newest.items()}


def presences(store: Store, org: str) -> list[Row]:
    """Where a 3W list says that the organization is present; empty where no such list is loaded."""
    if "PRESENT_IN" not in RELATIONSHIP:
        return []
    names = [p.name for p in layout("PRESENT_IN").properties]
    return [row for row in _rows(store, "PRESENT_IN", *names) if row["from_id"] == org]


def profile(store: Store, corpus: Corpus, name: str) -> Profile:
    """Everything that names a loaded organization, and its money; by id, name, alias or acronym.

    Raises
    ------
    NotFound
        If none or several are meant, or the one is on a list only.
    """
    identity = identity_of(decisions(store))
    party = find_party(name, parties(store, identity), identity)
    if not party.loaded:
        raise NotFound(f"{party.name} ({party.id}) is on our list, and no loaded file names it.")
    above, below = relatives(store.columns, party.id)
    acronym = next(iter(sorted(party.acronyms)), "")
    return Profile(
        party.id,
        party.name,
        acronym,
        party.kind,
        tuple(above),
        tuple(below),
        tuple(namings(store, party.id)),
        tuple(roles(store.columns, corpus, party.id)),
        tuple(funds(store.columns, corpus, party.id)),
        tuple(presences(store, party.id)),
    )


# --- rows for lists -------------------------------------------------------------------------------


def listed_organizations(store: Store, find: str = "") -> list[Row]:
    """Loaded organizations with how much they are met; ``find`` is part of one of the names."""
    identity = identity_of(decisions(store))
    everyone = [p for p in parties(store, identity) if p.loaded and _is_called(p, find)]
    everyone.sort(key=lambda p: (-len(p.activities), p.id))
    mentioned: dict[str, int] = defaultdict(int)
    for row in _rows(store, "NAMES", "to_id"):
        mentioned[row["to_id"]] += 1
    return [
        {"name": p.name, "acronym": next(iter(sorted(p.acronyms)), ""), "kind": p.kind, "activities": len(p.activities), "names": mentioned[p.id], "taken_for_one": [m for m in identity.members(p.id) if m != p.id], "id": p.id}
        for p in everyone
    ]


def _is_called(party: Party, find: str) -> bool:
    """Whether a text is part of the id, a name or the acronym."""
    return find.casefold() in " ".join([party.id, *party.names, *party.acronyms]).casefold()


def suggestion_rows(store: Store, find: str = "") -> list[Row]:
    """Suggestions with both sides' names, as plain values; ``find`` is part of a name of either."""
    everyone = parties(store, identity_of(decisions(store)))
    by_id = {party.id: party for party in everyone}

    def side(org: str) -> Row:
        party = by_id[org]
        return {"id": org, "name": party.name, "names": list(party.names), "activities": len(party.activities), "loaded": party.loaded}

    return [
        {"left": side(s.left), "right": side(s.right), "points": s.score, "for": list(s.reasons), "against": list(s.against)}
        for s in suggestions(store, everyone)
        if _is_called(by_id[s.left], find) or _is_called(by_id[s.right], find)
    ]


def decision_rows(store: Store) -> list[Row]:
    """Every decision, and whether it stands."""
    taken = decisions(store)
    stands = {row["id"] for row in standing(taken).values()}
    return [
        {"id": row["id"], "verdict": row["verdict"], "A": row["names"][0], "B": row["names"][1], "stands": row["id"] in stands, "note": row["note"], "by": row["by"], "subjects": row["subjects"]}
        for row in taken
    ]


def is_open(store: Store, left: str, right: str) -> bool:
    """Whether decisions neither say nor imply what two are to each other."""
    identity = identity_of(decisions(store))
    return identity.id_of(left) != identity.id_of(right) and not identity.is_apart(left, right) and not identity.is_unsure(left, right)


def _share_values(share: Share) -> Row:
    return {"activities": share.activities, "carried_out": share.carried_out, "usd": share.money.usd if share.money.known else None, "known": share.money.known}


def compare(store: Store, board: Board, names: Sequence[str], findings: Sequence[Finding], countries: frozenset[str] = frozenset()) -> Row:
    """Organizations side by side as plain values, with the ids of those findings that are between them.

    Of one of whom no activity is loaded (``loaded`` False) every number is None, and so is the number
    of findings where fewer than two are left: 0 would read as known.

    Raises
    ------
    NotFound
        If a name means none or several, or two mean one.
    """
    identity = identity_of(decisions(store))
    everyone = parties(store, identity)
    chosen = [find_party(name, everyone, identity) for name in names]
    ids = [party.id for party in chosen]
    if len(set(ids)) < len(ids):
        twice = next(party for party in chosen if ids.count(party.id) > 1)
        raise NotFound(f"Two of these are one organization: {twice.name} ({twice.id}). Name different ones.")
    lines = side_by_side(board.corpus, board.areas, findings, ids, countries)
    loaded = [any(takes_part(side, org) for side in board.corpus.sides.values() if not side.withdrawn) for org in ids]
    shared = {f.id for f in are_between(findings, board.corpus, ids) if not countries or countries & set(f.countries)}
    return {
        "organizations": [{"id": p.id, "name": p.name, "called": next(iter(sorted(p.acronyms)), p.name), "activities": len(p.activities), "loaded": known} for p, known in zip(chosen, loaded, strict=True)],
        "lines": [
            {
                "country": line.country,
                "country_name": country_names()[line.country].name,
                "area": line.area,
                "shares": [_share_values(share) if known else dict.fromkeys(_share_values(share)) for share, known in zip(line.shares, loaded, strict=True)],
                "findings": line.findings if sum(loaded) > 1 else None,
            }
            for line in lines
        ],
        "finding_ids": shared,
    }
