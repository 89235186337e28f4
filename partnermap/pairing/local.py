"""Pairs of a whole corpus on this machine, block by block."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from partnermap.model import Pair, Reason
from partnermap.pairing.candidates import blocks, candidates, collapse, compared, linked
from partnermap.pairing.classes import UNRELATED, classify
from partnermap.pairing.corpus import Corpus, Side
from partnermap.pairing.evidence import (
    FEATURES,
    NEEDS_TEXT,
    SPEAK_FIRST,
    Both,
    Found,
    find_evidence,
)
from partnermap.pairing.matrix import Ints, TermMatrix
from partnermap.pairing.terms import Rarity
from partnermap.pairing.weights import Weights

# What says nothing of a class: like amounts of two projects are no overlap, and that one is far
# behind the other or larger is no argument against a sequence or a part.
BESIDE = {
    *((cls, "money", level) for cls in ("parallel", "duplication") for level in ("equal", "near", "differ")),
    *((cls, "money", "differ") for cls in ("sequence", "joint", "part-of")),
    *(("sequence", "dates", level) for level in ("far", "apart")),
}
Progress = Callable[[int, int], None]


def find_pairs(corpus: Corpus, weights: Weights, progress: Progress | None = None) -> list[Pair]:
    """Every pair of related activities, with class, points and reasons, sorted by the two ids.

    A pair that stands in several blocks keeps its highest score.
    """
    sides = compared(corpus)
    matrix = TermMatrix(sides)
    todo = blocks(sides)
    found: dict[tuple[str, str], Pair] = {}
    for done, rows in enumerate(todo.values(), start=1):
        for pair in block_pairs(sides, rows, matrix, corpus, weights):
            _keep(found, pair)
        if progress:
            progress(done, len(todo))
    nothing = Rarity()
    for one, other in linked(corpus):
        left, right = corpus.sides[one], corpus.sides[other]
        if not (left.withdrawn or right.withdrawn):
            _keep(found, compare(left, right, corpus, nothing, weights))
    return [found[key] for key in sorted(found)]


def block_pairs(
    sides: Sequence[Side], rows: Ints, matrix: TermMatrix, corpus: Corpus, weights: Weights
) -> Iterator[Pair]:
    """The related pairs of one block, a function of the block alone."""
    floor, most = weights.thresholds["cosine_floor"], int(weights.thresholds["nearest"])
    rows, copies = collapse(sides, rows)
    block = matrix.block(rows)
    for i, j in [*candidates(sides, block, floor=floor, most=most), *copies]:
        if pair := compare(sides[i], sides[j], corpus, block.rarity, weights):
            yield pair


def _keep(found: dict[tuple[str, str], Pair], pair: Pair | None) -> None:
    if pair is not None:
        known = found.get((pair.left, pair.right))
        if known is None or (pair.score, pair.cls) > (known.score, known.cls):
            found[pair.left, pair.right] = pair


def compare(one: Side, other: Side, corpus: Corpus, rarity: Rarity, weights: Weights) -> Pair | None:
    """The pair of two activities, or None where they are unrelated."""
    left, right = sorted((one, other), key=lambda s: s.id)
    silent = Both(left, right, corpus, rarity, spoken=False)
    levels = find_evidence(silent)
    if not levels or (cls := classify(silent, levels)) == UNRELATED:
        return None
    both = replace(silent, spoken=True)
    found = find_evidence(both)
    reasons = reasons_of({k: hit for k, hit in found.items() if (cls, k, hit.level) not in BESIDE}, weights)
    score = round(sum(reason.points for reason in reasons), 3)
    if score < weights.thresholds["least_score"] and "link" not in found:
        return None
    once = counted_once(both, cls)
    return Pair(left.id, right.id, cls, score, reasons, fingerprint(left, right), once)


def reasons_of(found: Mapping[str, Found], weights: Weights) -> tuple[Reason, ...]:
    """Reasons with their points, most points first; they add up to the score."""
    text = max((weights.of(f, found[f].level) for f in SPEAK_FIRST if f in found), default=0.0)
    reasons = []
    for feature, hit in found.items():
        points = weights.of(feature, hit.level)
        if feature in NEEDS_TEXT and points > 0 and text < weights.thresholds["text_floor"]:
            points = 0.0
        reasons.append(Reason(feature, FEATURES[feature][0], points, hit.text, hit.fields, hit.terms, hit.level))
    return tuple(sorted(reasons, key=lambda r: (-r.points, r.feature)))


def fingerprint(left: Side, right: Side) -> str:
    """Hash of both sides' compared fields, whatever the weights and versions."""
    return hashlib.sha256(f"{left.fields_hash}|{right.fields_hash}".encode()).hexdigest()[:16]


def counted_once(both: Both, cls: str) -> float | None:
    """USD that both sides tell: the amount of the link, else the smaller side; None where unknown."""
    if cls not in ("same-money", "same-activity"):
        return None
    stated = [x.usd for x in both.left.links if x.other == both.right.id and x.usd is not None]
    sides = [s.usd for s in both.sides if s.usd is not None and not s.flagged]
    if stated:
        return min([max(stated), *sides])
    return min(sides) if len(sides) == 2 else None
