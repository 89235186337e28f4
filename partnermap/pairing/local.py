"""Pairs of a whole corpus on this machine, block by block."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from partnermap.model import Pair
from partnermap.pairing.block import Block
from partnermap.pairing.candidates import Keys, blocks, candidates, collapse, linked
from partnermap.pairing.classes import UNRELATED, classify
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.levels import LEVELS, Levels, measure
from partnermap.pairing.ragged import Ints
from partnermap.pairing.reasons import HOWS, Both, points_of, reasons, says
from partnermap.pairing.settle import settle
from partnermap.pairing.side import Side
from partnermap.pairing.weights import Weights

_AT_ONCE = 100_000  # pairs that are measured together
_WORTH_CORES = 20_000  # rows of blocks from which a second process pays
Progress = Callable[[int, int], None]


def find_pairs(corpus: Corpus, weights: Weights, progress: Progress | None = None) -> list[Pair]:
    """Every pair of related activities, with class, points and reasons, sorted by the two ids.

    A pair that stands in several blocks keeps its highest score, of equal ones the first block's.
    """
    todo = blocks(corpus.table)
    run = _Run(corpus, weights, Keys(corpus.table, corpus.texts), list(todo.values()))
    told: dict[int, list[Pair]] = {}
    for block, pairs in run.results():
        told[block] = pairs
        if progress:
            progress(len(told), len(todo))
    found: dict[tuple[str, str], Pair] = {}
    for block in sorted(told):
        for pair in told[block]:
            _keep(found, pair)
    for pair in linked_pairs(corpus, weights):
        _keep(found, pair)
    return settle(corpus.table, [found[key] for key in sorted(found)])


@dataclass(frozen=True)
class _Run:
    """Blocks to be done, here or on every core."""

    corpus: Corpus
    weights: Weights
    keys: Keys
    blocks: list[Ints]

    def one(self, block: int) -> tuple[int, list[Pair]]:
        """The pairs of one block."""
        return block, list(block_pairs(self.corpus, self.blocks[block], self.keys, self.weights))

    def results(self) -> Iterator[tuple[int, list[Pair]]]:
        """Each block's pairs, in no order: the largest are begun first."""
        order = sorted(range(len(self.blocks)), key=lambda block: -len(self.blocks[block]))
        cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1  # elsewhere a fork is not safe
        if cores == 1 or sum(map(len, self.blocks)) < _WORTH_CORES:
            yield from map(self.one, order)
            return
        global _running
        _running = self  # a fork shares it without copying
        try:
            with multiprocessing.get_context("fork").Pool(min(cores, len(order)), _ignore_interrupts) as pool:
                yield from pool.imap_unordered(_one, order)
        finally:
            _running = None


_running: _Run | None = None


def _ignore_interrupts() -> None:
    """Ctrl-C is the parent's: it ends its children."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _one(block: int) -> tuple[int, list[Pair]]:
    assert _running is not None
    return _running.one(block)


def block_pairs(corpus: Corpus, rows: Ints, keys: Keys, weights: Weights) -> Iterator[Pair]:
    """The related pairs of one block, a function of the block alone."""
    kept, copies = collapse(corpus.texts, rows)
    block = Block(corpus.table, corpus.texts, kept)
    some = candidates(block, keys, floor=weights.thresholds["cosine_floor"], most=int(weights.thresholds["nearest"]))
    for first in range(0, len(some.left), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        yield from pairs_of(corpus, block, measure(block, some.left[part], some.right[part], ~some.keyed[part]), weights)
    if copies:
        whole = Block(corpus.table, corpus.texts, rows, counted=kept)
        left, right = (np.searchsorted(rows, np.array(side)) for side in zip(*copies, strict=True))
        yield from pairs_of(corpus, whole, measure(whole, left, right), weights)


def linked_pairs(corpus: Corpus, weights: Weights) -> Iterator[Pair]:
    """Pairs that a record links, whatever their blocks."""
    left, right = linked(corpus.table)
    rows = np.unique(np.concatenate((left, right)))
    block = Block(corpus.table, corpus.texts, rows, counted=rows[:0])
    yield from pairs_of(corpus, block, measure(block, np.searchsorted(rows, left), np.searchsorted(rows, right)), weights)


def pairs_of(corpus: Corpus, block: Block, levels: Levels, weights: Weights) -> Iterator[Pair]:
    """The related ones of measured pairs, with reasons."""
    classes = classify(corpus.table, corpus.texts, levels)
    related = classes != UNRELATED
    levels, classes = levels.taken(related), classes[related]
    points, spoken = points_of(levels, classes, weights), says(levels, classes)
    score = np.round(sum(points.values()), 3)
    enough = (score >= weights.thresholds["least_score"]) | levels.is_("link")
    ids, sides = corpus.table.ids, corpus.sides
    for pair in np.flatnonzero(enough).tolist():
        one, other = int(levels.left[pair]), int(levels.right[pair])
        said = [(f, LEVELS[f][code[pair]], float(points[f][pair])) for f, code in levels.codes.items() if spoken[f][pair]]
        told = reasons(Both(corpus, block, one, other, HOWS[levels.how[pair]]), said)
        left, right, cls = sides[ids[one]], sides[ids[other]], str(classes[pair])
        yield Pair(left.id, right.id, cls, round(sum(r.points for r in told), 3), told, fingerprint(left, right), counted_once(left, right, cls))


def _keep(found: dict[tuple[str, str], Pair], pair: Pair) -> None:
    known = found.get((pair.left, pair.right))
    if known is None or (pair.score, pair.cls) > (known.score, known.cls):
        found[pair.left, pair.right] = pair


def fingerprint(left: Side, right: Side) -> str:
    """Hash of both sides' compared fields, whatever the weights and versions."""
    return hashlib.sha256(f"{left.fields_hash}|{right.fields_hash}".encode()).hexdigest()[:16]


def counted_once(left: Side, right: Side, cls: str) -> float | None:
    """USD that both sides tell: the amount of the link, else the smaller side; None where unknown."""
    if cls not in ("same-money", "same-activity"):
        return None
    stated = [x.usd for x in left.links if x.other == right.id and x.usd is not None]
    sides = [s.usd for s in (left, right) if s.usd is not None and not s.flagged]
    if stated:
        return min([max(stated), *sides])
    return min(sides) if len(sides) == 2 else None
