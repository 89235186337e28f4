"""Sets of names, one for each activity, as compressed rows of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_SHIFT = 32  # a shared entry's two values, each below 32, add up in the exponent of one number


@dataclass(frozen=True)
class Ragged:
    """Row ``i`` holds ``ids[indptr[i]:indptr[i + 1]]``, ascending, each the number of a label.

    ``values`` go with ``ids``: a share, or a small number of flags.
    """

    indptr: Ints
    ids: Ints
    labels: Sequence[str]
    values: Floats

    @classmethod
    def of(cls, rows: Ints, ids: Ints, labels: Sequence[str], size: int, values: Floats | None = None) -> Ragged:
        """From pairs of row and number in any order; of one pair told twice the first value stays."""
        keys, first, _ = firsts(rows * max(1, len(labels)) + ids)
        counts = np.bincount(keys // max(1, len(labels)), minlength=size)
        told = np.ones(len(keys)) if values is None else values[first]
        return cls(np.concatenate(([0], np.cumsum(counts))), keys % max(1, len(labels)), labels, told)

    @classmethod
    def of_sets(cls, sets: Sequence[Sequence[str]], labels: Sequence[str] | None = None) -> Ragged:
        """From the names of each row."""
        known = sorted({name for names in sets for name in names}) if labels is None else labels
        number = {name: n for n, name in enumerate(known)}
        rows = np.repeat(np.arange(len(sets)), [len(names) for names in sets])
        ids = np.array([number[name] for names in sets for name in names], dtype=np.int64)
        return cls.of(rows.astype(np.int64), ids, known, len(sets))

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.indptr) - 1

    @property
    def sizes(self) -> Ints:
        """Length of each row."""
        return np.diff(self.indptr)

    @property
    def rows(self) -> Ints:
        """The row of each entry."""
        return np.repeat(np.arange(self.size), self.sizes)

    @cached_property
    def _plain(self) -> tuple[list[int], list[int], list[float]]:
        return self.indptr.tolist(), self.ids.tolist(), self.values.tolist()

    def at(self, row: int) -> list[str]:
        """The names of one row."""
        indptr, ids, _ = self._plain
        return [self.labels[n] for n in ids[indptr[row] : indptr[row + 1]]]

    def valued(self, row: int) -> dict[str, float]:
        """The names of one row with their values."""
        indptr, ids, values = self._plain
        some = slice(indptr[row], indptr[row + 1])
        return {self.labels[n]: value for n, value in zip(ids[some], values[some], strict=True)}

    def where(self, kept: Bools) -> Ragged:
        """The entries that are kept."""
        counts = np.bincount(self.rows[kept], minlength=self.size)
        return Ragged(np.concatenate(([0], np.cumsum(counts))), self.ids[kept], self.labels, self.values[kept])

    def taken(self, rows: Ints) -> Ragged:
        """Some rows, in the order given."""
        lengths = self.sizes[rows]
        indptr = np.concatenate(([0], np.cumsum(lengths)))
        entries = np.repeat(self.indptr[rows] - indptr[:-1], lengths) + np.arange(int(indptr[-1]))
        return Ragged(indptr, self.ids[entries], self.labels, self.values[entries])

    def matrix(self, values: Floats | None = None) -> csr_matrix:
        """As a sparse matrix of ``values``, else ones."""
        told = np.ones(len(self.ids)) if values is None else values
        return csr_matrix((told, self.ids, self.indptr), shape=(self.size, max(1, len(self.labels))))

    @cached_property
    def _exponents(self) -> tuple[csr_matrix, csr_matrix]:
        return self.matrix(np.exp2(self.values)), self.matrix(np.exp2(self.values * _SHIFT))

    @cached_property
    def _ones(self) -> csr_matrix:
        return self.matrix()

    @cached_property
    def _shares(self) -> csr_matrix:
        return self.matrix(self.values)

    def common(self, left: Ints, right: Ints) -> Ints:
        """How many entries pairs of rows have in common."""
        if not len(self.ids):
            return np.zeros(len(left), dtype=np.int64)
        both = self._ones[left].multiply(self._ones[right])
        return np.asarray(both.sum(axis=1)).ravel().astype(np.int64)

    def overlap(self, left: Ints, right: Ints) -> Floats:
        """Sum of the smaller values of what pairs of rows have in common (Schoener 1968)."""
        if not len(self.ids):
            return np.zeros(len(left))
        return np.asarray(self._shares[left].minimum(self._shares[right]).sum(axis=1)).ravel()

    def shared(self, left: Ints, right: Ints) -> Shared:
        """What pairs of rows have in common, with the values of both sides, each 0 to 31."""
        one, other = self._exponents
        both = one[left].multiply(other[right]).tocsr()
        exponents = np.frexp(both.data)[1].astype(np.int64) - 1
        pairs = np.repeat(np.arange(len(left)), np.diff(both.indptr))
        return Shared(len(left), pairs, both.indices.astype(np.int64), exponents % _SHIFT, exponents // _SHIFT)


@dataclass(frozen=True)
class Shared:
    """Entries that both sides of pairs have: the pair, the number, and each side's value."""

    size: int
    pairs: Ints
    ids: Ints
    left: Ints
    right: Ints

    def count(self, kept: Bools | None = None) -> Ints:
        """How many entries each pair has, of those kept."""
        return np.bincount(self.pairs if kept is None else self.pairs[kept], minlength=self.size)

    def any(self, kept: Bools) -> Bools:
        """Whether a pair has one of those kept."""
        found = np.zeros(self.size, dtype=bool)
        found[self.pairs[kept]] = True
        return found

    def total(self, weights: Floats, kept: Bools | None = None) -> Floats:
        """Sum of the entries' weights of each pair."""
        if kept is None:
            return totals(self.pairs, weights, self.size)
        return totals(self.pairs[kept], weights[kept], self.size)

    def most(self, weights: Floats, kept: Bools) -> Floats:
        """The largest weight of each pair's entries, 0 where it has none."""
        found = np.zeros(self.size)
        np.maximum.at(found, self.pairs[kept], weights[kept])
        return found

    def total_of_most(self, weights: Floats, kept: Bools, number: int) -> Floats:
        """Sum of each pair's largest weights, so many of them."""
        pairs, told = self.pairs[kept], weights[kept]
        order = np.lexsort((-told, pairs))
        pairs, told = pairs[order], told[order]
        first = np.searchsorted(pairs, pairs)  # where each one's pair begins
        leading = np.arange(len(pairs)) - first < number
        return totals(pairs[leading], told[leading], self.size)

    def of_pairs(self, kept: Bools) -> Shared:
        """The entries of some of the pairs."""
        here = kept[self.pairs]
        place = np.cumsum(kept) - 1
        return Shared(int(kept.sum()), place[self.pairs[here]], self.ids[here], self.left[here], self.right[here])


def totals(numbers: Ints, weights: Floats, size: int) -> Floats:
    """Sum of the weights of each number below ``size``."""
    found: Floats = np.bincount(numbers, weights, minlength=size).astype(np.float64)
    return found


def flagged(rows: Ints, ids: Ints, flags: Floats, labels: Sequence[str], size: int) -> Ragged:
    """Names of rows with all their flags together."""
    width = max(1, len(labels))
    keys, which = np.unique(rows * width + ids, return_inverse=True)
    together = np.zeros(len(keys), dtype=np.int64)
    np.bitwise_or.at(together, which, flags.astype(np.int64))
    return replace(Ragged.of(keys // width, keys % width, labels, size), values=together.astype(np.float64))


def firsts(keys: Ints) -> tuple[Ints, Ints, Ints]:
    """The distinct ones of numbers from 0, ascending, where each stands first, and how often it does."""
    size = len(keys)
    if not size or int(keys.max()) >= 2**62 // size:
        found, first, counts = np.unique(keys, return_index=True, return_counts=True)
        return found, first, counts
    both = keys * size + np.arange(size)  # sorting a number that has its place in it is faster than sorting places
    both.sort()
    keys = both // size
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[starts], both[starts] % size, np.diff(np.append(starts, size))


def codes(values: Sequence[object]) -> Ints:
    """A number for each value, equal for equal ones."""
    seen: dict[object, int] = {}
    return np.fromiter((seen.setdefault(value, len(seen)) for value in values), dtype=np.int64, count=len(values))


def selected(mask: Bools, test: Callable[[int], bool]) -> Bools:
    """Where the mask holds and the test of the position does too: for what only words can tell."""
    found = mask.copy()
    for position in np.flatnonzero(mask).tolist():
        found[position] = test(position)
    return found
