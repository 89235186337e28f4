"""How rare a term is inside one comparison block.

No statistic of the whole corpus enters: a block's own counts are smoothed with a background table
that is shipped and versioned with the weights, so that a new file changes only its own blocks.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np

from partnermap.pairing.ragged import Floats, Ints

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


def bits_of(counts: Ints, prior: Floats, documents: int) -> Floats:
    """Bits of information of terms, -log2 of their smoothed share of documents.

    Parameters
    ----------
    counts : documents of a block that hold each term
    prior : share of the background's documents that do
    documents : of the block
    """
    share = (counts + PRIOR * prior) / (documents + PRIOR)
    bits: Floats = np.round(-np.log2(share) * _STEP) / _STEP
    return bits
