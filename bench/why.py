"""Where a pair that should have been found is lost, stage by stage.

Looks inside ``partnermap/pairing``; the measures themselves do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from partnermap.pairing import candidates as search
from partnermap.pairing.classes import UNRELATED, classify
from partnermap.pairing.corpus import Corpus, Side
from partnermap.pairing.evidence import Both, Found, find_evidence
from partnermap.pairing.local import compare
from partnermap.pairing.matrix import TermMatrix
from partnermap.pairing.weights import Weights

STAGES = ("no block in common", "cosine below the floor", "beyond the nearest", "shares too little", "no evidence", "unrelated by class", "score below the least", "found")


@dataclass(frozen=True)
class Lost:
    """The furthest stage that a pair came to in any block, and what was seen there."""

    stage: str
    cosine: float = 0.0
    title: float = 0.0  # bits of the titles in both
    words: float = 0.0  # bits of all words in both
    cover: float = 0.0
    likeness: float = 0.0
    evidence: str = ""

    def __str__(self) -> str:
        return f"{self.stage}; cosine {self.cosine:.2f}, shared bits {self.title:.0f} of titles and {self.words:.0f} of all, cover {self.cover:.2f}, likeness {self.likeness:.2f}; {self.evidence}"


def lost_at(wanted: Sequence[tuple[str, str]], corpus: Corpus, weights: Weights) -> dict[tuple[str, str], Lost]:
    """For each pair the furthest stage."""
    sides = search.compared(corpus)
    at = {side.id: n for n, side in enumerate(sides)}
    matrix = TermMatrix(sides)
    pairs = [tuple(sorted((at[a], at[b]))) for a, b in wanted]
    best = dict.fromkeys(pairs, Lost(STAGES[0]))
    floor, most = weights.thresholds["cosine_floor"], int(weights.thresholds["nearest"])
    for rows in search.blocks(sides).values():
        kept, copies = search.collapse(sides, rows)
        here = {int(r): n for n, r in enumerate(kept)}
        inside = [p for p in best if p[0] in here and p[1] in here]
        if not inside:
            continue
        block = matrix.block(kept)
        candidates = {*search.candidates(sides, block, floor=floor, most=most), *copies}
        for pair in inside:
            i, j = here[pair[0]], here[pair[1]]
            cosines = (block.weighted[[i, j]] @ block.weighted.T).toarray()
            title, words, cover, likeness = (float(x[0]) for x in block.shared_bits(np.array([i]), np.array([j])))
            cosine = float(cosines[0, j])
            nearer = min(int((cosines[0] > cosine).sum()), int((cosines[1] > cosine).sum()))
            evidence = ""
            if pair in candidates:
                stage, evidence = _judged(sides[pair[0]], sides[pair[1]], corpus, block, weights)
            else:
                stage = STAGES[1] if cosine < floor else STAGES[2] if nearer > most else STAGES[3]
            lost = Lost(stage, cosine, title, words, cover, likeness, evidence)
            if STAGES.index(stage) > STAGES.index(best[pair].stage):
                best[pair] = lost
    return {ids: best[pair] for ids, pair in zip(wanted, pairs, strict=True)}


def _judged(one: Side, other: Side, corpus: Corpus, block: object, weights: Weights) -> tuple[str, str]:
    both = Both(one, other, corpus, block.rarity, spoken=False)  # type: ignore[attr-defined]
    found: dict[str, Found] = find_evidence(both)
    said = ", ".join(f"{name} {hit.level}" for name, hit in found.items())
    if not found:
        return STAGES[4], said
    if classify(both, found) == UNRELATED:
        return STAGES[5], said
    return STAGES[7 if compare(one, other, corpus, both.rarity, weights) else 6], said


def print_lost(kinds: dict[tuple[str, str], str], corpus: Corpus, weights: Weights, examples: int) -> None:
    """Counts by kind and stage, with some examples of each."""
    lost = lost_at(list(kinds), corpus, weights)
    counts = Counter((kinds[ids], one.stage) for ids, one in lost.items())
    for (kind, stage), n in sorted(counts.items()):
        print(f"  {kind:12} {stage:26} {n}")
        if stage != STAGES[-1]:
            for (a, b), one in [(k, v) for k, v in lost.items() if (kinds[k], v.stage) == (kind, stage)][:examples]:
                print(f"       {one}\n         {corpus.sides[a].title[:100]} — {corpus.sides[a].description[:160]}\n         {corpus.sides[b].title[:100]} — {corpus.sides[b].description[:160]}")
