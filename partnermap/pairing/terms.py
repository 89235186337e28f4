"""How rare a term is inside one comparison block.

No statistic of the whole corpus enters: a block's own counts are smoothed with a background table
that is shipped and versioned with the weights, so that a new file changes only its own blocks.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

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


def bits_of(counts: npt.NDArray[Any], prior: npt.NDArray[np.float64], documents: int) -> npt.NDArray[np.float64]:
    """Bits of terms with these document counts in a block, and these shares in the background."""
    share = (counts + PRIOR * prior) / (documents + PRIOR)
    bits: npt.NDArray[np.float64] = np.round(-np.log2(share) * _STEP) / _STEP
    return bits


class Rarity:
    """Bits of information of each term in one block: -log2 of its smoothed share of documents."""

    def __init__(self, sides: Iterable[Side] = ()) -> None:
        counts: Counter[str] = Counter()
        self._documents = 0
        for side in sides:
            self._documents += 1
            counts.update(side.topic_counts().keys())
        self._count: Callable[[str], int] = counts.__getitem__
        self._known: dict[str, float] = {}

    @classmethod
    def counted(cls, documents: int, count: Callable[[str], int]) -> Rarity:
        """Of a block whose documents are counted already."""
        made = cls()
        made._documents, made._count = documents, count
        return made

    def bits(self, term: str) -> float:
        """Bits of one term."""
        found = self._known.get(term)
        if found is None:
            counts, documents = background()
            prior = (counts.get(term, 0) + 0.5) / (documents + 1)
            found = float(bits_of(np.array([self._count(term)]), np.array([prior]), self._documents)[0])
            self._known[term] = found
        return found

    def total(self, terms: Iterable[str]) -> float:
        """Bits of several terms together."""
        return sum(self.bits(term) for term in terms)

    def rarest(self, terms: Iterable[str], most: int) -> list[str]:
        """The rarest terms, rarest first, ties by name."""
        return sorted(terms, key=lambda t: (-self.bits(t), t))[:most]
