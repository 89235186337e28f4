"""Pairs into findings: one undertaking is one finding, whatever the number of its records."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from partnermap.findings.money import Totals, totals
from partnermap.model import Pair, Reason
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.side import Side

KIND = "overlap"
ONE_UNDERTAKING = ("joint", "same-money", "same-activity", "part-of")  # first present names the group
BETWEEN_TWO = ("duplication", "parallel", "sequence")


@dataclass(frozen=True)
class Group:
    """Pairs that make one finding, and the activities they are about, sorted."""

    cls: str
    pairs: tuple[Pair, ...]
    members: tuple[Side, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Keys of the pairs, sorted."""
        return tuple(sorted(f"{p.left}|{p.right}" for p in self.pairs))

    @cached_property
    def best(self) -> Pair:
        """The strongest pair of the finding's class."""
        of_class = [p for p in self.pairs if p.cls == self.cls]
        return min(of_class, key=lambda p: (-p.score, p.left, p.right))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Reasons of the strongest pair: they add up to the score."""
        return self.best.reasons

    @property
    def strength(self) -> str:
        """strong, fair or weak: four, two or fewer families of reasons above one point."""
        return "strong" if len(self.families) >= 4 else "fair" if len(self.families) >= 2 else "weak"

    @cached_property
    def families(self) -> list[str]:
        """Families of the reasons above one point, sorted."""
        return sorted({reason.family for reason in self.reasons if reason.points > 1})

    @property
    def ours(self) -> bool:
        """Whether an activity of ours is in it."""
        return any(member.ours for member in self.members)

    @property
    def one_actor(self) -> bool:
        """Whether everything in it is one organization's own."""
        actors = frozenset.intersection(*(m.actors for m in self.members))
        tellers = frozenset.intersection(*(m.principals for m in self.members))
        return bool(tellers) and (bool(actors) or self.cls == "part-of")

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Countries that it is about: of one undertaking all, else those that two sides share."""
        sides = {m.id: m.countries.keys() for m in self.members}
        found: set[str] = set()
        for pair in self.pairs:
            left, right = sides[pair.left], sides[pair.right]
            found |= (left | right) if self.cls in ONE_UNDERTAKING else (left & right)
        return tuple(sorted(found))

    @cached_property
    def totals(self) -> Totals:
        """Gross, linked and net USD of the members."""
        amounts = {m.id: None if m.flagged else m.usd for m in self.members}
        links = [(p.left, p.right, p.counted_once_usd) for p in self.pairs if p.cls in ("same-money", "same-activity")]
        return totals(amounts, links)

    @cached_property
    def money_usd(self) -> float | None:
        """USD at stake (duplication, parallel), told twice (same-*) or combined (the others)."""
        if self.cls in ("duplication", "parallel"):
            return self._at_stake()
        found = self.totals
        if self.cls in ("same-money", "same-activity"):
            return found.linked or None
        return found.net if found.known else None

    def _at_stake(self) -> float | None:
        """The smaller side in the shared countries; unknown where a side is."""
        sides = {m.id: m for m in self.members}
        amounts: dict[str, float | None] = {}
        for pair in self.pairs:
            shared = sides[pair.left].countries.keys() & sides[pair.right].countries.keys()
            for key in (pair.left, pair.right):
                side = sides[key]
                share = sum(side.countries[c] for c in shared) if shared else 1.0
                amounts[key] = None if side.usd is None or side.flagged else side.usd * share
        best = self.best
        left, right = amounts[best.left], amounts[best.right]
        return None if left is None or right is None else min(left, right)


def group_of(cls: str, pairs: Sequence[Pair], corpus: Corpus) -> Group:
    """Pairs that make one finding, with their activities."""
    ids = sorted({key for p in pairs for key in (p.left, p.right)})
    return Group(cls, tuple(pairs), tuple(corpus.sides[i] for i in ids))


def parted(ends: Sequence[tuple[str, str]], classes: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Which pairs make one finding, and its class; sorted by their first pair.

    One undertaking is a connected component over same-activity, same-money, joint and part-of
    pairs; a sequence inside it belongs to it. Other pairs join two undertakings and group by
    those two.

    Parameters
    ----------
    ends : ids of each pair, sorted
    classes : of each pair
    """
    above: dict[str, str] = {}

    def root(key: str) -> str:
        above.setdefault(key, key)
        while above[key] != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    for (left, right), cls in zip(ends, classes, strict=True):
        if cls in ONE_UNDERTAKING:
            one, other = sorted((root(left), root(right)))
            above[other] = one
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, (left, right) in enumerate(ends):
        one, other = sorted((root(left), root(right)))
        found[one, other].append(n)
    groups = []
    for (one, other), some in found.items():
        here = {classes[n] for n in some}
        order = ONE_UNDERTAKING if one == other else BETWEEN_TWO
        groups.append((next(c for c in order if c in here), some))
    return sorted(groups, key=lambda group: min("|".join(ends[n]) for n in group[1]))


def finding_id(keys: Sequence[str]) -> str:
    """Key of a finding that is seen for the first time: kind and the keys of its pairs, sorted."""
    digest = hashlib.sha256("\n".join([KIND, *keys]).encode()).hexdigest()
    return f"{KIND}-{digest[:12]}"
