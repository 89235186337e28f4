"""Copies planted in a generated corpus: how many a scan finds, kind by kind."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from generated import KINDS, generate
from measure import Rate
from why import print_lost

from partnermap.pairing.corpus import read_corpus
from partnermap.pairing.local import find_pairs
from partnermap.pairing.weights import Weights

SIZE = 10_000
SEEDS = (1, 2, 3)


def planted(shared: Path, weights: Weights, verbose: int) -> list[Rate]:
    """Recall of any class, over all kinds, without ``purpose``, and of each."""
    of: Counter[str] = Counter()
    right: Counter[str] = Counter()
    said: Counter[tuple[str, str]] = Counter()
    for seed in SEEDS:
        made = generate(shared, SIZE, seed)
        corpus = read_corpus(made.columns)
        pairs = {(p.left, p.right): p for p in find_pairs(corpus, weights)}
        wanted = {(min(k), max(k)): kind for k, kind in made.planted.items()}
        of.update(wanted.values())
        right.update(kind for key, kind in wanted.items() if key in pairs)
        said.update((kind, pairs[key].cls if key in pairs else "not found") for key, kind in wanted.items())
        print(f"seed {seed}: {SIZE} activities, {len(wanted)} planted copies, {len(pairs)} pairs found")
        print_lost({k: kind for k, kind in wanted.items() if k not in pairs}, corpus, weights, verbose)
    for (kind, cls), n in sorted(said.items()):
        print(f"  {kind:12} {cls:14} {n}")
    some = [kind for kind in KINDS if kind != "purpose"]
    return [
        Rate("planted copies found", right.total(), of.total(), 0.98),
        Rate("planted copies found, without purpose", sum(right[k] for k in some), sum(of[k] for k in some), 0.995),
        *(Rate(f"planted copies found: {kind}", right[kind], of[kind]) for kind in KINDS),
    ]
