"""Sums that count money once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Totals:
    """Gross, linked and net USD over the known amounts, and how many of how many are known."""

    gross: float
    linked: float
    known: int
    members: int

    @property
    def net(self) -> float:
        """What is there when money that several tell is counted once."""
        return self.gross - self.linked


def totals(amounts: Mapping[str, float | None], links: Iterable[tuple[str, str, float | None]]) -> Totals:
    """Gross, linked and net of a set of activities.

    Net is the sum of max(0, amount - what its links count once). A link takes from its smaller
    side; one of unknown amount counts the whole smaller side. A side that is told again whole
    takes from the other where an earlier link has used it up, and links that close a circle take
    nothing more, so that a chain of three tellings counts once.

    Parameters
    ----------
    amounts : activity id to USD, None where unknown
    links : (id, id, USD counted once or None) between activities of the set
    """
    known = {key: usd for key, usd in amounts.items() if usd is not None}
    above = {key: key for key in amounts}

    def root(key: str) -> str:
        while above[key] != key:
            key = above[key]
        return key

    left = dict(known)
    edges = []
    for one, other, usd in links:
        if one in known and other in known:
            smaller = min(one, other, key=lambda k: (known[k], k))
            edges.append((-min(known[smaller] if usd is None else usd, known[smaller]), smaller, one, other))
    linked = 0.0
    for negative, smaller, one, other in sorted(edges):
        if root(one) != root(other):
            above[root(one)] = root(other)
            taken = min(-negative, left[smaller])
            left[smaller] -= taken
            linked += taken
            if -negative == known[smaller]:  # told again whole: what an earlier link took is in the other too
                larger = other if smaller == one else one
                rest = min(-negative - taken, left[larger])
                left[larger] -= rest
                linked += rest
    return Totals(sum(known.values()), linked, len(known), len(amounts))


def in_words(total: float, known: int, members: int) -> str:
    """A sum in words; "at least" where some amounts are unknown, "unknown" where all are."""
    if not known:
        return "unknown"
    text = f"USD {total / 1_000_000:,.2f} million" if total >= 1_000_000 else f"USD {total:,.0f}"
    return text if known == members else f"at least {text} ({known} of {members} known)"
