"""What people decided about who is who, and what follows from it.

Decisions are rows of the truth kind ``Decision`` with ``kind`` "organization". Nothing is ever
rewritten: of one pair the latest verdict stands, and "undone" takes it back. What stands is closed
over both ways: with A same as B and B different from C, A is different from C.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from partnermap.codes.organizations import KnownOrganization, known_organization, rank
from partnermap.model import Row

KIND = "organization"
VERDICTS = ("same", "different", "unsure")
UNDONE = "undone"
Pair = tuple[str, str]


def pair_of(left: str, right: str) -> Pair:
    """Two ids as the key of a decision."""
    return (min(left, right), max(left, right))


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

    def of(self, organization: KnownOrganization) -> KnownOrganization:
        """The organization that stands for this one."""
        return self.canonical.get(organization.id, organization)

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
        first = min(group, key=rank)
        known = known_organization(first) or KnownOrganization(first, names[first], "", "")
        canonical.update(dict.fromkeys(group, known))
    plain = Identity(canonical)
    pairs = {verdict: frozenset(pair_of(*map(plain.id_of, p)) for p, row in rows.items() if row["verdict"] == verdict) for verdict in VERDICTS}
    return Identity(canonical, pairs["different"], pairs["unsure"])


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
        chain = [r for r in others if r["verdict"] == "same" and identity.id_of(r["subjects"][0]) == identity.id_of(pair[0])]
        return f"They are one by {', '.join(r['id'] for r in chain)}. Undo what is wrong first: partnermap organizations --undo {chain[-1]['id']}"
    return ""
