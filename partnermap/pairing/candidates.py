"""Which activities to compare: blocks of one country or scope, and candidates inside each.

A block's candidates depend on the block alone: rows are in id order, weights are multiples of
2^-12, so that ties and sums come out equal whatever the order of the files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from partnermap.pairing.block import FEW, UNIT, Block, own_work
from partnermap.pairing.ragged import Bools, Ints, Ragged
from partnermap.pairing.row_kernels import nearest
from partnermap.pairing.side import WIDE, Side
from partnermap.pairing.table import ACTS, FUNDS, TELLS, Table
from partnermap.pairing.texts import IN_TITLE, Texts

COPIES = 8  # tellings of one text from which only the first is searched for
WIDER = ("regional", "multi-country", "global")  # scopes of which an activity that names one country is compared beyond it
TEMPLATE = 40  # activities of a block from which a title or name is a template and names nothing


def blocks_of(countries: Iterable[str], regions: Iterable[str], scope: str) -> list[str]:
    """Names of the blocks that an activity is compared in."""
    codes = list(countries)
    found: list[str] = []
    if len(codes) <= WIDE:
        found += map(_country_block, codes)
    if len(codes) > 1 or scope in ("regional", "multi-country"):
        found += [f"region:{code}" for code in regions] or ["scope:regional"]
    if len(codes) > WIDE or scope == "global" or not found:
        found.append("scope:global")
    return found


def _country_block(code: str) -> str:
    return f"country:{code}"


def blocks_of_side(side: Side) -> list[str]:
    """The same of one activity."""
    return blocks_of(side.countries, side.regions, side.scope)


def blocks(table: Table) -> dict[str, Ints]:
    """Block name to rows of its activities in order; names sorted. What no dataset says any more
    is compared with nothing."""
    countries, regions = table.countries, table.regions
    # most name one country and have no wider scope: they are sorted by it at once
    of_one = ~table.withdrawn & (countries.sizes == 1) & ~np.isin(table.scopes, WIDER)
    found: dict[str, list[Ints]] = defaultdict(list)
    rows = np.flatnonzero(of_one)
    ids = countries.ids[countries.indptr[rows]]
    for country, some in enumerate(np.split(rows[np.argsort(ids, kind="stable")], np.cumsum(np.bincount(ids, minlength=len(countries.labels)))[:-1])):
        if len(some):
            found[_country_block(countries.labels[country])].append(some)
    others: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero(~table.withdrawn & ~of_one).tolist():
        for block in blocks_of(countries.at(row), regions.at(row), table.scopes[row]):
            others[block].append(row)
    for block, listed in others.items():
        found[block].append(np.array(listed, dtype=np.int64))
    return {block: np.sort(np.concatenate(parts)) for block, parts in sorted(found.items())}


def collapse(texts: Texts, rows: Ints) -> tuple[Ints, list[tuple[int, int]]]:
    """The rows without the copies of texts that many tell, and pairs of each copy with its first.

    Sixty tellings of one text would make its words common, fill each other's nearest, and be lost
    or found in pieces; as pairs with the first of them they stay one group.
    """
    code = texts.text_code[rows]
    _, first, which, counts = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    copies = (counts[which] > COPIES) & (first[which] != np.arange(len(rows)))
    return rows[~copies], list(zip(rows[first[which[copies]]].tolist(), rows[copies].tolist(), strict=True))


@dataclass(frozen=True)
class Candidates:
    """Pairs of positions in a block, smaller first, sorted; and which a title, name or number brought."""

    left: Ints
    right: Ints
    keyed: Bools


def candidates(block: Block, keys: Keys, *, floor: float, most: int) -> Candidates:
    """Pairs worth a look.

    The ``most`` nearest by text (cosine of at least ``floor``) of other actors or tellers; those
    that share a title, an acronym or a project number; of other actors or tellers, those that have
    a name in both titles; and what a funder tells with what others tell of its money.
    """
    size = max(1, len(block.rows))
    near = _near(block, floor, most) if len(block.rows) > 1 and len(block.found) else np.zeros(0, dtype=np.int64)
    keyed = np.concatenate((keys.pairs(block.rows), _paid(block), _of_one_name(block)))
    every = np.unique(np.concatenate((near, keyed)))
    is_keyed = np.zeros(len(every), dtype=bool)
    is_keyed[np.searchsorted(every, keyed)] = True
    return Candidates(every // size, every % size, is_keyed)


def _near(block: Block, floor: float, most: int) -> Ints:
    """Pairs as left times the size plus right, some of them twice.

    Two that name countries meet in a block of a country; elsewhere they meet those that name none.
    """
    named = block.ragged("countries").sizes
    is_open = np.ones(len(named), dtype=bool) if _is_of_a_country(block) else (named == 0) | (named > WIDE)
    own, weights = own_work(block), block.weights
    found: Ints = nearest(block.terms.indptr, block.terms.ids, weights, own.indptr, own.ids, is_open, int(floor * UNIT**2), most)
    return found


def _is_of_a_country(block: Block) -> bool:
    """Whether all its activities name one country."""
    told = block.ragged("countries")
    return len(told.ids) > 0 and int(np.bincount(told.ids).max()) == len(block.rows)


def _paid(block: Block) -> Ints:
    """What a funder tells with what others tell of that funder's money; where it names agencies,
    with what one of them tells."""
    who = block.who
    flags, width = who.values.astype(np.int64), max(1, len(who.labels))
    funds, tells, acts = (np.flatnonzero(flags & flag > 0) for flag in (FUNDS, TELLS, ACTS))
    funds, acts = funds[flags[funds] & TELLS == 0], acts[flags[acts] & TELLS == 0]
    grants, work = _joined(who, tells, acts), _joined(who, funds, tells)  # (funder, agency) of each
    named = _between(grants[0], grants[1] * width + grants[2], work[0], work[1] * width + work[2], len(block.rows))
    silent = tells[block.agencies[who.rows[tells]] == 0]
    return np.union1d(named, _between(who.rows[silent], who.ids[silent], who.rows[funds], who.ids[funds], len(block.rows)))


def _joined(who: Ragged, first: Ints, second: Ints) -> tuple[Ints, Ints, Ints]:
    """Row, organization of the first entries and of the second, for each two of a row."""
    rows = who.rows
    starts = np.searchsorted(rows[second], rows[first])
    counts = np.searchsorted(rows[second], rows[first], side="right") - starts
    at = np.repeat(starts - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(int(counts.sum()))
    return np.repeat(rows[first], counts), np.repeat(who.ids[first], counts), who.ids[second][at]


def _between(left: Ints, left_keys: Ints, right: Ints, right_keys: Ints, size: int) -> Ints:
    """Pairs of rows of one key, one of each side, where neither side has too many, as left times the size plus right."""
    found = [np.zeros(0, dtype=np.int64)]
    for key in np.intersect1d(left_keys, right_keys).tolist():
        one, other = left[left_keys == key], right[right_keys == key]
        if max(len(one), len(other)) <= TEMPLATE:
            a, b = np.repeat(one, len(other)), np.tile(other, len(one))
            found.append((np.minimum(a, b) * size + np.maximum(a, b))[a != b])
    return np.unique(np.concatenate(found))


def _of_one_name(block: Block) -> Ints:
    """Pairs whose titles both have a name that few of the block have."""
    entries = (block.terms.values.astype(np.int64) & IN_TITLE > 0) & block.is_name[block.terms.ids]
    pairs = _within(block.terms.rows[entries], block.terms.ids[entries], FEW, len(block.rows))
    left, right = pairs // len(block.rows), pairs % len(block.rows)
    who = block.who.shared(left, right)
    both = who.left & who.right
    return pairs[~(who.any(both & TELLS > 0) & who.any(both & ACTS > 0))]


def _within(positions: Ints, keys: Ints, most: int, size: int) -> Ints:
    """Pairs of positions of one key that at most so many have, as left times the size plus right."""
    order = np.lexsort((positions, keys))
    positions, keys = positions[order], keys[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, dtype=np.int64)
    lengths = np.diff(np.append(starts, len(keys)))
    found = [np.zeros(0, dtype=np.int64)]
    for length in np.unique(lengths[(lengths > 1) & (lengths <= most)]).tolist():
        groups = positions[starts[lengths == length][:, None] + np.arange(length)]
        one, other = _two_of(length)
        found.append((groups[:, one] * size + groups[:, other]).ravel())
    return np.unique(np.concatenate(found))


@cache
def _two_of(number: int) -> tuple[Ints, Ints]:
    """Positions of each two of some, the smaller first."""
    one, other = np.triu_indices(number, 1)
    return one, other


class Keys:
    """What brings two activities together whatever their words: one title but for its phase, acronym or number."""

    def __init__(self, table: Table, texts: Texts) -> None:
        self._size = len(table)
        every = np.arange(self._size)
        acronyms, numbers = texts.title_acronyms, table.numbers_known_by
        held = [_of_several(rows[~table.withdrawn[rows]], keys[~table.withdrawn[rows]]) for rows, keys in ((every, texts.bare_code), (acronyms.rows, acronyms.ids), (numbers.rows, numbers.ids))]
        first = np.cumsum([0, *(int(keys.max(initial=-1)) + 1 for _, keys in held)])
        self._rows = np.concatenate([rows for rows, _ in held])
        self._keys = np.concatenate([keys + start for start, (_, keys) in zip(first.tolist(), held, strict=False)])

    def pairs(self, rows: Ints) -> Ints:
        """Pairs of positions among rows that share a key which fewer than ``TEMPLATE`` have, as
        left times the size plus right."""
        position = np.full(self._size, -1)
        position[rows] = np.arange(len(rows))
        position = position[self._rows]
        here = position >= 0
        return _within(position[here], self._keys[here], TEMPLATE, len(rows))


def _of_several(rows: Ints, keys: Ints) -> tuple[Ints, Ints]:
    """Those whose key more than one row has."""
    several = np.bincount(keys)[keys] > 1 if len(keys) else np.zeros(0, dtype=bool)
    return rows[several], keys[several]


def linked(table: Table) -> tuple[Ints, Ints]:
    """Rows of pairs of activities that a record links, smaller first, sorted."""
    row_of = table.row_of
    found = set()
    for key, links in table.links.items():
        for link in links:
            if link.other in row_of and key in row_of and link.other != key:
                one, other = sorted((row_of[key], row_of[link.other]))
                if not (table.withdrawn[one] or table.withdrawn[other]):
                    found.add((one, other))
    some = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return some[:, 0], some[:, 1]
