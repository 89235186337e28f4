"""Terms of many activities as arrays: what the search for candidates works on.

Rows are activities in id order, terms inside a row in alphabetical order, so that every sum comes
out equal whatever else is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from partnermap.pairing.corpus import Side
from partnermap.pairing.terms import Rarity, background, bits_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
TITLE_WEIGHT = 2.0
_QUANTUM = 2.0**12


class TermMatrix:
    """Topic terms of activities with counts, and whether the title has them.

    ``indptr``, ``ids`` and ``counts`` are compressed rows; ``in_title`` goes with ``ids``.
    """

    def __init__(self, sides: Sequence[Side]) -> None:
        rows: list[dict[str, int]] = []
        titles: list[frozenset[str]] = []
        words: set[str] = set()
        for side in sides:
            counts = side.topic_counts()
            rows.append(counts)
            titles.append(frozenset(side.title_topics))
            words.update(counts)
        self.terms = sorted(words)
        self.number = {term: n for n, term in enumerate(self.terms)}
        lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
        self.indptr = np.concatenate(([0], np.cumsum(lengths)))
        total = int(self.indptr[-1])
        number = self.number
        ids = np.fromiter((number[t] for row in rows for t in row), dtype=np.int32, count=total)
        counts_ = np.fromiter((n for row in rows for n in row.values()), dtype=np.float64, count=total)
        in_title = np.fromiter((t in title for row, title in zip(rows, titles, strict=True) for t in row), dtype=bool, count=total)
        # alphabetical inside each row: sort by (row, id) once
        order = np.lexsort((ids, np.repeat(np.arange(len(rows)), lengths)))
        self.ids, self.counts, self.in_title = ids[order], counts_[order], in_title[order]
        known, documents = background()
        self.prior = np.array([(known.get(t, 0) + 0.5) / (documents + 1) for t in self.terms])

    def block(self, rows: Ints) -> Block:
        """The rows of one comparison block."""
        return Block(self, rows)


class Block:
    """Some rows of a matrix, with the rarity of their terms among themselves."""

    def __init__(self, matrix: TermMatrix, rows: Ints) -> None:
        self.matrix, self.rows = matrix, rows
        starts, ends = matrix.indptr[rows], matrix.indptr[rows + 1]
        lengths = ends - starts
        self.indptr = np.concatenate(([0], np.cumsum(lengths)))
        # positions start..end of each row, one after the other
        self._at = np.repeat(starts - self.indptr[:-1], lengths) + np.arange(int(self.indptr[-1]))
        self.ids = matrix.ids[self._at]
        self.found, self._where, self.documents = np.unique(self.ids, return_inverse=True, return_counts=True)
        self.bits: Floats = bits_of(self.documents, matrix.prior[self.found], len(rows))

    @cached_property
    def rarity(self) -> Rarity:
        """The rarity of terms in this block, term by term."""
        number, found, documents = self.matrix.number, self.found, self.documents

        def count(term: str) -> int:
            wanted = number.get(term)
            if wanted is None:
                return 0
            at = int(np.searchsorted(found, wanted))
            return int(documents[at]) if at < len(found) and found[at] == wanted else 0

        return Rarity.counted(len(self.rows), count)

    def _rows(self, values: Floats) -> csr_matrix:
        return csr_matrix((values, self._where, self.indptr), shape=(len(self.rows), len(self.found)))

    @cached_property
    def weighted(self) -> csr_matrix:
        """Unit rows: bits times 1 + log2(count), title terms twice; multiples of 2^-12."""
        bits = self.bits[self._where]
        values = bits * (1 + np.log2(self.matrix.counts[self._at]))
        values = values + self.matrix.in_title[self._at] * bits * (TITLE_WEIGHT - 1)
        squares = np.concatenate(([0.0], np.cumsum(np.round(values * values * 64) / 64)))
        norms = np.sqrt(squares[self.indptr[1:]] - squares[self.indptr[:-1]])
        norms[norms == 0] = 1.0
        scaled = np.round(values / np.repeat(norms, np.diff(self.indptr)) * 0.99 * _QUANTUM) / _QUANTUM
        return self._rows(scaled.astype(np.float32))

    @cached_property
    def _titles(self) -> tuple[csr_matrix, csr_matrix]:
        in_title = self.matrix.in_title[self._at].astype(np.float64)
        return self._rows(in_title * self.bits[self._where]), self._rows(in_title)

    @cached_property
    def _all(self) -> tuple[csr_matrix, csr_matrix]:
        return self._rows(self.bits[self._where]), self._rows(np.ones(len(self._where)))

    def shared_bits(self, left: Ints, right: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """What two rows share: bits of the titles and of all words, the share of the poorer title
        that is in the other, and of both titles together (0 to 1)."""
        found = []
        for weights, ones in (self._titles, self._all):
            found.append(np.asarray(weights[left].multiply(ones[right]).sum(axis=1)).ravel())
        whole = np.asarray(self._titles[0].sum(axis=1)).ravel()
        poorer = np.minimum(whole[left], whole[right])
        union = whole[left] + whole[right] - found[0]
        cover, likeness = (found[0] / np.where(total > 0, total, 1.0) for total in (poorer, union))
        return found[0], found[1], cover, likeness
