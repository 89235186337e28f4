"""Pairs of a whole corpus on this machine, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np

from partnermap.memory import uncollected
from partnermap.model import Pair
from partnermap.pairing.block import Block
from partnermap.pairing.candidates import Keys, blocks, candidates, collapse, linked
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.found import Found, related_pairs
from partnermap.pairing.kept import KeptPairs, signatures
from partnermap.pairing.measure import measure
from partnermap.pairing.ragged import Ints
from partnermap.pairing.reasons import Told
from partnermap.pairing.settle import settle
from partnermap.pairing.weights import Weights
from partnermap.processes import cores, on_every_core

_AT_ONCE = 100_000  # pairs that are measured together
GROWTH = 1.2  # power with which a block's work grows with its activities, about
NO_COUNTRY = 0.2  # share of that work where few activities are searched for
_WORTH_CORES = 20_000  # rows of blocks from which a second process pays
Progress = Callable[[int, int], None]


@uncollected()
def find_pairs(corpus: Corpus, weights: Weights) -> list[Pair]:
    """Every pair of related activities in words, with class, points and reasons, sorted by the two ids; a
    scan works with :func:`find_related`."""
    return list(Told(find_related(corpus, weights), corpus).pairs())


def find_related(corpus: Corpus, weights: Weights, progress: Progress | None = None, kept: KeptPairs | None = None) -> Found:
    """Every pair of related activities with class and points, sorted by the two ids, as columns.

    A pair that stands in several blocks keeps its highest score; of equal ones the class that comes
    last by name, then the first block's.

    Parameters
    ----------
    kept : pairs of blocks that were compared before; what is new is added to it, what is over is
        forgotten. The result is the same with it and without
    """
    todo = blocks(corpus.table)
    names = dict(zip(todo, signatures(corpus.table, corpus.sentences, list(todo.values()), weights), strict=True)) if kept else {}
    told = {block: found for block, name in names.items() if kept and (found := kept.read(name, todo[block])) is not None}
    left = {block: rows for block, rows in todo.items() if block not in told}
    for block, found in _on_every_core(corpus, weights, left):
        told[block] = found
        if kept:
            kept.write(names[block], found, todo[block])
        if progress:
            progress(len(told), len(todo))
    if kept:
        kept.clear(but=list(names.values()))
    every = Found.together([*(told[block] for block in sorted(told)), *linked_pairs(corpus, weights)])
    return settle(corpus.table, every.taken(_best(every)))


def _best(found: Found) -> Ints:
    """Which of each pair is kept, in the order of the pairs."""
    order = np.lexsort((-found.classes, -found.scores, found.right, found.left))
    left, right = found.left[order], found.right[order]
    return order[np.flatnonzero(np.concatenate(([True], (left[1:] != left[:-1]) | (right[1:] != right[:-1])))[: len(order)])]


def some_blocks(corpus: Corpus, weights: Weights, some: Mapping[str, Ints]) -> Iterator[tuple[str, Found]]:
    """The pairs of some blocks, the largest first, reading the texts of their activities alone."""
    rows = np.unique(np.concatenate([*some.values(), np.zeros(0, dtype=np.int64)]))
    part = corpus if len(rows) == len(corpus.table) else corpus.part(rows)
    keys = Keys(part.table, part.texts)
    for block in sorted(some, key=lambda block: (-len(some[block]), block)):
        yield block, block_pairs(part, np.searchsorted(rows, some[block]), keys, weights).on(rows)


def _on_every_core(corpus: Corpus, weights: Weights, todo: Mapping[str, Ints]) -> Iterator[tuple[str, Found]]:
    """The pairs of blocks, in no order: here, or shared out where that pays."""
    if cores() == 1 or sum(map(len, todo.values())) < _WORTH_CORES:
        return some_blocks(corpus, weights, todo)
    largest = max(todo.values(), key=len)
    list(some_blocks(corpus, weights, {"": largest[:2]}))  # what is compiled or read at first use is so once, here
    shares = _shared_out(todo, cores())
    return on_every_core([partial(some_blocks, corpus, weights, share) for share in shares], "compared activities")


def _shared_out(todo: Mapping[str, Ints], number: int) -> list[dict[str, Ints]]:
    """Blocks into as many parts of about equal work: each to the part that has least so far."""
    parts: list[dict[str, Ints]] = [{} for _ in range(number)]
    work = [0.0] * number
    costs = {block: len(rows) ** GROWTH * (1 if block.startswith("country:") else NO_COUNTRY) for block, rows in todo.items()}
    for block in sorted(todo, key=lambda block: (-costs[block], block)):
        least = work.index(min(work))
        parts[least][block] = todo[block]
        work[least] += costs[block]
    return [part for part in parts if part]


def block_pairs(corpus: Corpus, rows: Ints, keys: Keys, weights: Weights) -> Found:
    """The related pairs of one block, a function of the block alone."""
    kept, copies = collapse(corpus.texts, rows)
    block = Block(corpus.table, corpus.texts, kept)
    some = candidates(block, keys, floor=weights.thresholds["cosine_floor"], most=int(weights.thresholds["nearest"]))
    found = []
    for first in range(0, len(some.left), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        found.append(related_pairs(block, measure(block, some.left[part], some.right[part], ~some.keyed[part]), weights))
    if copies:
        whole = Block(corpus.table, corpus.texts, rows, counted=kept)
        left, right = (np.searchsorted(rows, np.array(side)) for side in zip(*copies, strict=True))
        found.append(related_pairs(whole, measure(whole, left, right), weights))
    return Found.together(found)


def linked_pairs(corpus: Corpus, weights: Weights) -> Iterator[Found]:
    """Pairs that a record links, whatever their blocks; nothing where none does."""
    left, right = linked(corpus.table)
    rows = np.unique(np.concatenate((left, right)))
    if not len(rows):
        return
    part = corpus.part(rows)
    every = np.arange(len(rows))
    block = Block(part.table, part.texts, every, counted=every[:0])
    yield related_pairs(block, measure(block, np.searchsorted(rows, left), np.searchsorted(rows, right)), weights).on(rows)
