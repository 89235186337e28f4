"""Who is who in a workspace: the organizations met or listed, whom a name means, and what may be one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set

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
from partnermap.pairing.corpus import Corpus
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


def parties(store: Store, identity: Identity) -> list[Party]:
    """Every loaded organization with all its names, and those of the lists that are not loaded."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    mentions = {row["id"]: row["name"] for row in read_rows(store, "Mention", "id", "name")}
    for row in read_rows(store, "NAMES", "from_id", "to_id"):
        if mentions.get(row["from_id"]):
            names[row["to_id"]].setdefault(mentions[row["from_id"]])
    activities = activities_of(store)
    countries: dict[str, set[str]] = defaultdict(set)
    for row in read_rows(store, "LOCATED_IN", "from_id", "to_kind", "to_id"):
        if row["to_kind"] == "Country":
            countries[row["from_id"]].add(row["to_id"])
    called = {org.id: known for org, known in known_organizations()}
    found: dict[str, Party] = {}
    for row in read_rows(store, "Organization", "id", "name", "acronym", "kind"):
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


def asked_organization(name: str, corpus: Corpus, identity: Identity) -> str:
    """Id of the loaded organization that a list is asked for, by id, acronym or name in any case, or part of a name.

    Raises
    ------
    NotFound
        If none or several are meant.
    """
    for found in (identity.id_of(name), meant_by(name, identity)):
        if found in corpus.names:
            return str(found)
    wanted = name.casefold()
    hits = sorted(o for o, n in corpus.names.items() if wanted in (n.casefold(), corpus.acronyms.get(o, "").casefold()))
    hits = hits or sorted(o for o, n in corpus.names.items() if wanted in n.casefold())
    if len(hits) == 1:
        return hits[0]
    if hits:
        raise NotFound(f"{name!r} may be any of: {', '.join(corpus.names[o] for o in hits[:8])}. Give the whole name.")
    meant = closest(name, [text for o, n in sorted(corpus.names.items()) for text in (n, corpus.acronyms.get(o, "")) if text])
    raise NotFound(f"No organization called {name!r} is loaded.{' ' if meant else ''}{meant}")


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
