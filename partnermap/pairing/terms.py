"""How rare a term is inside one comparison block.

No statistic of the whole corpus enters: a block's own counts are smoothed with a background table
that is shipped and versioned with the weights, so that a new file changes only its own blocks.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from partnermap.pairing.corpus import Side

PRIOR = 300  # documents that the background counts for, set by hand: a small country's portfolio
_STEP = 64  # values are multiples of 1/64 bit, so that sums are exact in any order


@cache
def background() -> tuple[dict[str, int], int]:
    """Term to number of documents, and the number of documents, of ``background.csv``."""
    counts: dict[str, int] = {}
    with (Path(__file__).parent / "background.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            counts[row["term"]] = int(row["documents"])
    return counts, counts.pop("", 1)


class Rarity:
    """Bits of information of each term in one block: -log2 of its smoothed share of documents."""

    def __init__(self, sides: Iterable[Side]) -> None:
        self._documents = 0
        self._counts: Counter[str] = Counter()
        for side in sides:
            self._documents += 1
            self._counts.update(side.all_terms.keys())
        self._known: dict[str, float] = {}

    def bits(self, term: str) -> float:
        """Bits of one term."""
        found = self._known.get(term)
        if found is None:
            counts, documents = background()
            prior = (counts.get(term, 0) + 0.5) / (documents + 1)
            share = (self._counts[term] + PRIOR * prior) / (self._documents + PRIOR)
            found = round(-math.log2(share) * _STEP) / _STEP
            self._known[term] = found
        return found

    def total(self, terms: Iterable[str]) -> float:
        """Bits of several terms together."""
        return sum(self.bits(term) for term in terms)

    def rarest(self, terms: Iterable[str], most: int) -> list[str]:
        """The rarest terms, rarest first, ties by name."""
        return sorted(terms, key=lambda t: (-self.bits(t), t))[:most]
