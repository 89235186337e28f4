"""What people decided about who is who, and what follows from it.

Decisions are rows of the truth kind ``Decision`` with ``kind`` "organization". Nothing is ever
rewritten: of one pair the latest verdict stands, and "undone" takes it back. What stands is closed
over both ways: with A same as B and B different from C, A is different from C.

Two names that lists or spelling make one organization are parted by a decision "different" between
it and ``parted:<name>@<its id>``: mentions by that name mean the latter from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from partnermap.codes.names import normalise
from partnermap.codes.organizations import KnownOrganization, known_organization, rank
from partnermap.model import Row

KIND = "organization"
VERDICTS = ("same", "different", "unsure")
UNDONE = "undone"
PARTED = "parted:"  # sorts behind "name:", so that of two names the parted one never stands for both
Pair = tuple[str, str]


def pair_of(left: str, right: str) -> Pair:
    """Two ids as the key of a decision."""
    return (min(left, right), max(left, right))


def parted_id(name: str, org_id: str) -> str:
    """Id of what a name of an organization means once it was parted from it."""
    return f"{PARTED}{normalise(name)}@{org_id}"


def standing(decisions: Iterable[Row]) -> dict[Pair, Row]:
    """The decision that stands on each pair, in the order in which they were taken."""
    found: dict[Pair, Row] = {}
    for row in sorted((d for d in decisions if d["kind"] == KIND), key=lambda d: d["ordinal"]):
        left, right = row["subjects"]
        found.pop((left, right), None)
        if row["verdict"] != UNDONE:
            found[left, right] = row
    return found


@dataclass(frozen=True)
class Identity:
    """Which organization each one is taken for, by decision; without decisions, itself."""

    canonical: Mapping[str, KnownOrganization] = field(default_factory=dict)
    apart: frozenset[Pair] = frozenset()  # pairs of canonical ids
    unsure: frozenset[Pair] = frozenset()
    parted: Mapping[tuple[str, str], KnownOrganization] = field(default_factory=dict)  # by id and normalised name

    def of(self, organization: KnownOrganization) -> KnownOrganization:
        """The organization that stands for this one."""
        return self.canonical.get(organization.id, organization)

    def meant(self, organization: KnownOrganization, name: str) -> KnownOrganization:
        """Whom a mention with this name means, which by itself means ``organization``."""
        found = self.of(organization)
        seen: set[str] = set()
        while self.parted and found.id not in seen and (parted := self.parted.get((found.id, normalise(name)))):
            seen.add(found.id)
            found = self.of(parted)
        return found if found.kind or found is organization or known_organization(found.id) else replace(found, kind=_own_kind(organization))

    def above(self, org_id: str) -> list[KnownOrganization]:
        """The organizations above, nearest first; one that is absorbed gives its place to who stands for it."""
        found: list[KnownOrganization] = []
        org = self._right_above(org_id)
        while org:
            found.append(org)
            org = self._right_above(org.id)
        return found

    def _right_above(self, org_id: str) -> KnownOrganization | None:
        """None too where decisions put an organization above itself."""
        own = self.id_of(org_id)
        first = org = self._by_list(own)
        seen: set[str] = set()
        while org and org.id not in seen:
            if org.id == own:
                return None
            seen.add(org.id)
            org = self._by_list(org.id)
        return first

    def _by_list(self, own: str) -> KnownOrganization | None:
        known = self.canonical.get(own) or known_organization(own)
        parent = known_organization(known.parent) if known and known.parent else None
        return self.of(parent) if parent else None

    def id_of(self, org_id: str) -> str:
        """The id that stands for this one."""
        found = self.canonical.get(org_id)
        return found.id if found else org_id

    def is_apart(self, left: str, right: str) -> bool:
        """Whether it was decided, or follows, that two are different."""
        return pair_of(self.id_of(left), self.id_of(right)) in self.apart

    def is_unsure(self, left: str, right: str) -> bool:
        """Whether somebody looked and could not tell."""
        return pair_of(self.id_of(left), self.id_of(right)) in self.unsure

    def members(self, org_id: str) -> list[str]:
        """The ids that are taken for one with this one, sorted."""
        own = self.id_of(org_id)
        return sorted(m for m, known in self.canonical.items() if known.id == own) or [org_id]


def identity_of(decisions: Iterable[Row]) -> Identity:
    """What the decisions that stand mean together."""
    rows = standing(decisions)
    names = {org: name for row in rows.values() for org, name in zip(row["subjects"], row["names"], strict=True)}
    groups = _groups(pair for pair, row in rows.items() if row["verdict"] == "same")
    canonical: dict[str, KnownOrganization] = {}
    for group in groups:
        members = sorted(group, key=rank)
        known = known_organization(members[0]) or KnownOrganization(members[0], names[members[0]], "", "")
        parents = [k.parent for k in map(known_organization, members) if k and k.parent and k.parent not in group]
        canonical.update(dict.fromkeys(group, replace(known, parent=next(iter(parents), ""))))
    plain = Identity(canonical)
    pairs = {verdict: frozenset(pair_of(*map(plain.id_of, p)) for p, row in rows.items() if row["verdict"] == verdict) for verdict in VERDICTS}
    parted = {}
    for subjects, row in rows.items():
        for subject, name in zip(subjects, row["names"], strict=True):
            plain_name, _, org = subject.removeprefix(PARTED).partition("@")
            if row["verdict"] == "different" and subject.startswith(PARTED) and org in subjects:
                parted[plain.id_of(org), plain_name] = KnownOrganization(subject, name, "", "")
    return Identity(canonical, pairs["different"], pairs["unsure"], parted)


def _own_kind(organization: KnownOrganization) -> str:
    """The kind that a mention tells; that of a list belongs to the listed one alone."""
    return "" if known_organization(organization.id) else organization.kind


def _groups(pairs: Iterable[Pair]) -> list[set[str]]:
    """Connected components."""
    of: dict[str, set[str]] = {}
    for left, right in pairs:
        merged = of.get(left, {left}) | of.get(right, {right})
        of.update(dict.fromkeys(merged, merged))
    return list({id(group): group for group in of.values()}.values())


def contradiction(verdict: str, subjects: Sequence[str], decisions: Iterable[Row]) -> str:
    """Why a decision cannot stand beside the others, as a sentence; empty when it can."""
    pair = pair_of(*subjects)
    others = [row for key, row in standing(decisions).items() if key != pair]
    identity = identity_of(others)
    if verdict == "same" and identity.is_apart(*pair):
        ends = {identity.id_of(org) for org in pair}
        against = next(r for r in others if r["verdict"] == "different" and {identity.id_of(s) for s in r["subjects"]} == ends)
        return f"{against['id']} says that {' and '.join(against['names'])} are different, and both are meant here. Undo it first: partnermap organizations --undo {against['id']}"
    if verdict == "different" and identity.id_of(pair[0]) == identity.id_of(pair[1]):
        return one_by(pair[0], others)
    return ""


def one_by(org_id: str, decisions: Iterable[Row]) -> str:
    """By which decisions an organization stands for others, or another for it, as a sentence."""
    rows = list(standing(decisions).values())
    identity = identity_of(rows)
    chain = [r["id"] for r in rows if r["verdict"] == "same" and identity.id_of(r["subjects"][0]) == identity.id_of(org_id)]
    return f"They are one by {', '.join(chain)}. Undo what is wrong first: partnermap organizations --undo {chain[-1]}"
