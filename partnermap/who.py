"""Who is who in a workspace: the organizations met or listed, whom a name means, and what may be one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace

from partnermap.codes.countries import by_iso2, country_named
from partnermap.codes.lists import rows as list_rows
from partnermap.codes.misspelt import closest
from partnermap.codes.names import normalise
from partnermap.codes.organizations import find_by_name, known_organization, known_organizations
from partnermap.derive.identity import KIND, Identity, identity_of
from partnermap.errors import NotFound
from partnermap.lookups.identity import Suggestion, suggest
from partnermap.lookups.parties import Party
from partnermap.model import Row
from partnermap.store import Store, read_rows

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


def decisions(store: Store) -> list[Row]:
    """Every decision on organizations, in the order in which they were taken."""
    names = ("id", "kind", "ordinal", "subjects", "names", "verdict", "note", "by")
    found = [row for row in read_rows(store, "Decision", *names) if row["kind"] == KIND]
    return sorted(found, key=lambda row: row["ordinal"])


def decided(store: Store) -> Identity:
    """Which organization each one is taken for, by every decision."""
    return identity_of(decisions(store))


def named_parties(store: Store, identity: Identity) -> list[Party]:
    """Every loaded organization with all its names, and those of the lists that are not loaded; without activities."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    mentions = {row["id"]: row["name"] for row in read_rows(store, "Mention", "id", "name")}
    for row in read_rows(store, "NAMES", "from_id", "to_id"):
        if mentions.get(row["from_id"]):
            names[row["to_id"]].setdefault(mentions[row["from_id"]])
    called = {org.id: known for org, known in known_organizations()}
    found: dict[str, Party] = {}
    for row in read_rows(store, "Organization", "id", "name", "acronym", "kind"):
        org = row["id"]
        aliases = [alias for member in identity.members(org) for alias in called.get(member, ()) if (org, normalise(alias)) not in identity.parted]
        found[org] = _party(identity, org, [row["name"], *names[org], *aliases], row["acronym"], row["kind"] or "", loaded=True)
    for known, aliases in known_organizations():
        if identity.id_of(known.id) not in found:
            found[known.id] = _party(identity, known.id, [known.name, *aliases], known.acronym, known.kind, loaded=False)
    return [found[org] for org in sorted(found)]


def _party(identity: Identity, org: str, names: Sequence[str], acronym: str | None, kind: str, *, loaded: bool) -> Party:
    parents = frozenset(above.id for above in identity.above(org))
    return Party(org, tuple(dict.fromkeys(names)), frozenset(filter(None, [acronym])), _country_of(org), parents, kind=kind, loaded=loaded)


def parties(store: Store, identity: Identity) -> list[Party]:
    """``named_parties`` with the activities of each, and the country that all of these are in."""
    activities = activities_of(store)
    countries: dict[str, set[str]] = defaultdict(set)
    for row in read_rows(store, "LOCATED_IN", "from_id", "to_kind", "to_id"):
        if row["to_kind"] == "Country":
            countries[row["from_id"]].add(row["to_id"])
    found = []
    for party in named_parties(store, identity):
        own = activities.get(party.id, set()) if party.loaded else set()
        at = {country for activity in own for country in countries[activity]}
        found.append(replace(party, country=party.country or (next(iter(at)) if len(at) == 1 else ""), activities=frozenset(own)))
    return found


def _country_of(org: str) -> str:
    known = known_organization(org)
    return (by_iso2(known.country) or "") if known and known.country else ""


def activities_of(store: Store, wanted: Iterable[str] | None = None) -> dict[str, set[str]]:
    """Activities by organization that any record of them names; of all organizations, or of some."""
    only = None if wanted is None else set(wanted)
    found: dict[str, set[str]] = defaultdict(set)
    for kind, organization, activity in _OF_ACTIVITY:
        for row in read_rows(store, kind, organization, activity):
            if only is None or row[organization] in only:
                found[row[organization]].add(row[activity])
    meant = {row["from_id"]: row["to_id"] for row in read_rows(store, "NAMES", "from_id", "to_id") if only is None or row["to_id"] in only}
    for row in read_rows(store, "NAMED_IN", "from_id", "to_id"):
        if row["from_id"] in meant:
            found[meant[row["from_id"]]].add(row["to_id"])
    return found


def subjects_of(store: Store, wanted: Set[str]) -> set[str]:
    """Subjects of registers and 3W lists that name one of these organizations, and people there."""
    return {row[subject] for kind, side, subject in _OF_SUBJECT for row in read_rows(store, kind, side, subject) if row[side] in wanted and row[subject]}


def meant_by(name: str, identity: Identity) -> str | None:
    """Id of the listed organization that a name means, or of what was parted from it; else None."""
    known = known_organization(find_by_name(name) or "")
    return identity.meant(known, name).id if known else None


def find_party(name: str, everyone: Sequence[Party], identity: Identity, *, by_part: bool = False) -> Party:
    """The organization with this id, name, alias or acronym; loaded ones go first.

    ``by_part``: else the loaded one whose own name holds this text.

    Raises
    ------
    NotFound
        If none or several are meant.
    """
    by_id = {party.id: party for party in everyone}
    meant = [by_id[found] for found in (identity.id_of(name), meant_by(name, identity)) if found in by_id]
    if meant and (meant[0].loaded or meant[0].id == name):
        return meant[0]

    def called(alike: Callable[[str], str], *, loaded: bool) -> list[Party]:
        return [p for p in everyone if p.loaded == loaded and alike(name) in map(alike, (p.id, *p.names, *p.acronyms))]

    hits = called(str.casefold, loaded=True) or meant[:1] or called(str.casefold, loaded=False) or called(normalise, loaded=True)
    if by_part and not hits:
        hits = [p for p in everyone if p.loaded and name.casefold() in p.name.casefold()]
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise NotFound(f"{name!r} may be any of: {', '.join(f'{p.name} ({p.id})' for p in hits[:8])}{', …' if hits[8:] else ''}. Give the id in brackets.")
    own = [text for p in everyone if p.loaded for text in (p.name, *p.acronyms)]
    close = closest(name, own) or closest(name, [text for p in everyone for text in (*p.names, *p.acronyms)])
    raise NotFound(f"No organization called {name!r} is loaded or listed. {close or 'Find it with: partnermap organizations --find TEXT'}")


def loaded_organization(store: Store, name: str) -> Party:
    """The loaded organization that a user asks for, by id, name, alias, acronym or part of its name; without its activities.

    Raises
    ------
    NotFound
        If none or several are meant, or the one is on a list only.
    """
    identity = decided(store)
    party = find_party(name, named_parties(store, identity), identity, by_part=True)
    if not party.loaded:
        raise NotFound(f"{party.name} ({party.id}) is on our list, and no loaded file names it.")
    return party


def listed_organizations(store: Store, find: str = "") -> list[Row]:
    """Loaded organizations with how much they are met; ``find`` is part of one of the names."""
    identity = decided(store)
    everyone = [p for p in parties(store, identity) if p.loaded and _is_called(p, find)]
    everyone.sort(key=lambda p: (-len(p.activities), p.id))
    mentioned: dict[str, int] = defaultdict(int)
    for row in read_rows(store, "NAMES", "to_id"):
        mentioned[row["to_id"]] += 1
    return [
        {"name": p.name, "acronym": next(iter(sorted(p.acronyms)), ""), "kind": p.kind, "activities": len(p.activities), "names": mentioned[p.id], "taken_for_one": [m for m in identity.members(p.id) if m != p.id], "id": p.id}
        for p in everyone
    ]


def _is_called(party: Party, find: str) -> bool:
    """Whether a text is part of the id, a name or the acronym."""
    return find.casefold() in " ".join([party.id, *party.names, *party.acronyms]).casefold()


def suggestions(store: Store, everyone: Sequence[Party] | None = None) -> list[Suggestion]:
    """What may be one organization, without what was decided or follows from it; best first."""
    identity = decided(store)
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


def suggestion_rows(store: Store, find: str = "") -> list[Row]:
    """Suggestions with both sides' names, as plain values; ``find`` is part of a name of either."""
    everyone = parties(store, decided(store))
    by_id = {party.id: party for party in everyone}

    def side(org: str) -> Row:
        party = by_id[org]
        return {"id": org, "name": party.name, "names": list(party.names), "activities": len(party.activities), "loaded": party.loaded}

    return [
        {"left": side(s.left), "right": side(s.right), "points": s.score, "for": list(s.reasons), "against": list(s.against)}
        for s in suggestions(store, everyone)
        if _is_called(by_id[s.left], find) or _is_called(by_id[s.right], find)
    ]
