"""Where a pair that should have been found is lost, stage by stage.

Looks inside ``partnermap/pairing``; the measures themselves do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from partnermap.pairing.block import UNIT, Block
from partnermap.pairing.candidates import Keys, blocks, candidates, collapse
from partnermap.pairing.classes import UNRELATED, classify
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.found import related_pairs
from partnermap.pairing.measure import measure
from partnermap.pairing.weights import Weights

STAGES = ("no block in common", "cosine below the floor", "beyond the nearest", "shares too little", "unrelated by class", "score below the least", "found")


@dataclass(frozen=True)
class Lost:
    """The furthest stage that a pair came to in any block, and what was seen there."""

    stage: str
    cosine: float = 0.0
    title: float = 0.0  # bits of the titles in both
    words: float = 0.0  # bits of all words in both
    evidence: str = ""

    def __str__(self) -> str:
        return f"{self.stage}; cosine {self.cosine:.2f}, shared bits {self.title:.0f} of titles and {self.words:.0f} of all; {self.evidence}"


def lost_at(wanted: Sequence[tuple[str, str]], corpus: Corpus, weights: Weights) -> dict[tuple[str, str], Lost]:
    """For each pair the furthest stage."""
    table, texts = corpus.table, corpus.texts
    keys = Keys(table, texts)
    best = dict.fromkeys(wanted, Lost(STAGES[0]))
    floor, most = weights.thresholds["cosine_floor"], int(weights.thresholds["nearest"])
    for rows in blocks(table).values():
        kept, _ = collapse(texts, rows)
        here = {table.ids[row]: n for n, row in enumerate(kept.tolist())}
        inside = [pair for pair in wanted if pair[0] in here and pair[1] in here]
        if not inside:
            continue
        block = Block(table, texts, kept)
        weighted = csr_matrix((block.weights / UNIT, block.terms.ids, block.terms.indptr), shape=(len(kept), len(block.found)))
        some = candidates(block, keys, floor=floor, most=most)
        at = {pair: n for n, pair in enumerate(zip(some.left.tolist(), some.right.tolist(), strict=True))}
        for pair in inside:
            i, j = sorted((here[pair[0]], here[pair[1]]))
            cosines = (weighted[[i, j]] @ weighted.T).toarray()
            cosine = float(cosines[0, j])
            levels = measure(block, np.array([i]), np.array([j]))
            if (i, j) not in at:
                nearer = min(int((cosines[0] > cosine).sum()), int((cosines[1] > cosine).sum()))
                stage = STAGES[1] if cosine < floor else STAGES[2] if nearer > most else STAGES[3]
            elif not len(measure(block, np.array([i]), np.array([j]), ~some.keyed[[at[i, j]]]).left):
                stage = STAGES[3]
            elif classify(table, texts, levels)[0] == UNRELATED:
                stage = STAGES[4]
            else:
                stage = STAGES[6 if len(related_pairs(block, levels, weights)) else 5]
            if STAGES.index(stage) > STAGES.index(best[pair].stage):
                said = ", ".join(f"{name} {level}" for name, level in levels.of(0).items())
                best[pair] = Lost(stage, cosine, float(levels.title_bits[0]), float(levels.words_bits[0]), said)
    return best


def print_lost(kinds: dict[tuple[str, str], str], corpus: Corpus, weights: Weights, examples: int) -> None:
    """Counts by kind and stage, with some examples of each."""
    lost = lost_at(list(kinds), corpus, weights)
    counts = Counter((kinds[ids], one.stage) for ids, one in lost.items())
    for (kind, stage), n in sorted(counts.items()):
        print(f"  {kind:12} {stage:26} {n}")
        if stage != STAGES[-1]:
            for (a, b), one in [(k, v) for k, v in lost.items() if (kinds[k], v.stage) == (kind, stage)][:examples]:
                print(f"       {one}\n         {corpus.sides[a].title[:100]} — {corpus.sides[a].description[:160]}\n         {corpus.sides[b].title[:100]} — {corpus.sides[b].description[:160]}")
