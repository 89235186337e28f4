"""Sets of names, one for each activity, as compressed rows of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from partnermap.pairing import row_kernels

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


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
        keys, first = _firsts(rows * max(1, len(labels)) + ids)
        counts = np.bincount(keys // max(1, len(labels)), minlength=size)
        told = np.ones(len(keys)) if values is None else values[first]
        return cls(np.concatenate(([0], np.cumsum(counts))), keys % max(1, len(labels)), labels, told)

    @classmethod
    def grouped(cls, rows: Ints, ids: Ints, labels: Sequence[str], size: int) -> Ragged:
        """From pairs of row and number in the order of the rows."""
        indptr = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=size))))
        return cls(indptr, ids, labels, np.ones(len(ids)))

    @classmethod
    def of_sets(cls, sets: Sequence[Sequence[str]], labels: Sequence[str] | None = None) -> Ragged:
        """From the names of each row."""
        known = sorted({name for names in sets for name in names}) if labels is None else labels
        number = {name: n for n, name in enumerate(known)}
        rows = np.repeat(np.arange(len(sets)), [len(names) for names in sets])
        ids = np.array([number[name] for names in sets for name in names], dtype=np.int64)
        return cls.of(rows.astype(np.int64), ids, known, len(sets))

    @classmethod
    def distinct(cls, indptr: Ints, ids: npt.NDArray[np.int32], labels: Sequence[str]) -> Ragged:
        """From rows of numbers in any order, some of them more than once."""
        pointers, some = row_kernels.distinct(indptr, ids)
        return cls(pointers, some, labels, np.ones(len(some)))

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
        start, end = indptr[row], indptr[row + 1]
        return [self.labels[n] for n in ids[start:end]] if start < end else []

    def valued(self, row: int) -> dict[str, float]:
        """The names of one row with their values."""
        indptr, ids, values = self._plain
        some = slice(indptr[row], indptr[row + 1])
        return {self.labels[n]: value for n, value in zip(ids[some], values[some], strict=True)}

    def alone(self) -> Ragged:
        """The entries without their values."""
        return replace(self, values=np.ones(len(self.ids)))

    def where(self, kept: Bools) -> Ragged:
        """The entries that are kept."""
        counts = np.bincount(self.rows[kept], minlength=self.size)
        return Ragged(np.concatenate(([0], np.cumsum(counts))), self.ids[kept], self.labels, self.values[kept])

    def taken(self, rows: Ints) -> Ragged:
        """Some rows, in the order given."""
        indptr, ids, values = row_kernels.taken(self.indptr, self.ids, self.values, rows)
        return Ragged(indptr, ids, self.labels, values)

    def common(self, left: Ints, right: Ints) -> Ints:
        """How many entries pairs of rows have in common."""
        found: Ints = row_kernels.common(self.indptr, self.ids, left, right)
        return found

    def overlap(self, left: Ints, right: Ints) -> Floats:
        """Sum of the smaller values of what pairs of rows have in common (Schoener 1968)."""
        found: Floats = row_kernels.overlap(self.indptr, self.ids, self.values, left, right)
        return found

    def shared(self, left: Ints, right: Ints) -> Shared:
        """What pairs of rows have in common, with the flags of both sides."""
        pairs, one, other = row_kernels.shared(self.indptr, self.ids, left, right, self.common(left, right))
        flags = self.values.astype(np.int64)
        return Shared(len(left), pairs, self.ids[one], flags[one], flags[other], one)


@dataclass(frozen=True)
class Shared:
    """Entries that both sides of pairs have: the pair, the number, each side's flags, and where the left has it."""

    size: int
    pairs: Ints
    ids: Ints
    left: Ints
    right: Ints
    at: Ints

    def any(self, kept: Bools) -> Bools:
        """Whether a pair has one of those kept."""
        found = np.zeros(self.size, dtype=bool)
        found[self.pairs[kept]] = True
        return found


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


def _firsts(keys: Ints) -> tuple[Ints, Ints]:
    """The distinct ones of numbers from 0, ascending, and where each stands first."""
    size = len(keys)
    if not size or int(keys.max()) >= 2**62 // size:
        found, first = np.unique(keys, return_index=True)
        return found, first
    both = keys * size + np.arange(size)  # sorting a number that has its place in it is faster than sorting places
    both.sort()
    keys = both // size
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[starts], both[starts] % size


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
