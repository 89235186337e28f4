"""How telling each level of evidence is: m of known undertakings, u of random pairs, and what the
weights owe to the pairs they are measured on.

The weights come from pairs that also measure the result. Left out one at a time (ranking) or by
halves (classes), each pair is judged with weights that never saw it. The rules of the classes
cannot be left out so: they were written by people who had read the pairs.

Looks inside ``partnermap/pairing``, since unrelated pairs have no reasons to read.
"""

from __future__ import annotations

import hashlib
import math
import random
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from measure import Rate
from truth import COARSE, WORLD_BANK, Known, classes, given_pairs, known_pairs, place_of

import partnermap.pairing.weights
from partnermap.pairing.block import Block
from partnermap.pairing.candidates import blocks
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.levels import LEVELS
from partnermap.pairing.local import find_pairs
from partnermap.pairing.measure import measure
from partnermap.pairing.weights import Weights, load_weights

RANDOM = 40_000
Levels = Counter[tuple[str, str]]  # (feature, level)


@dataclass(frozen=True)
class Told:
    """Levels of each known undertaking, and of pairs drawn at random."""

    known: dict[tuple[str, str], frozenset[tuple[str, str]]]
    chance: Levels
    drawn: int

    def bits(self, feature: str, level: str, without: Iterable[tuple[str, str]] = ()) -> float:
        """log2(m/u), each smoothed by a half, of the known pairs but those left out."""
        out = set(without)
        kept = [levels for key, levels in self.known.items() if key not in out]
        m = sum((feature, level) in levels for levels in kept)
        return math.log2(((m + 0.5) / (len(kept) + 1)) / ((self.chance[feature, level] + 0.5) / (self.drawn + 1)))


def levels_of(corpus: Corpus, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    """Every level that a feature says of pairs, each in the first block of a country that both are in."""
    table, texts = corpus.table, corpus.texts
    every = blocks(table)
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one, other in pairs:
        left, right = corpus.sides[one], corpus.sides[other]
        groups[min((f"country:{c}" for c in left.countries.keys() & right.countries.keys()), default="")].append((one, other))
    found = {}
    for name, some in groups.items():
        ends = np.array([[table.row_of[key] for key in pair] for pair in some])
        rows = every.get(name)
        if rows is None or not np.isin(ends, rows).all():
            rows = np.unique(ends)
            block = Block(table, texts, rows, counted=rows[:0])
        else:
            block = Block(table, texts, rows)
        left, right = (np.searchsorted(rows, side(ends, axis=1)) for side in (np.min, np.max))
        levels = measure(block, left, right)
        found.update({pair: frozenset(levels.of(n).items()) for n, pair in enumerate(some)})
    return found


def read_levels(corpus: Corpus, known: Iterable[Known]) -> Told:
    """Levels of the known undertakings, and of random pairs of two tellers in one country."""
    table = corpus.table
    found = levels_of(corpus, [k.key for k in known if k.cls in COARSE and k.left in corpus.sides and k.right in corpus.sides])
    generator = random.Random(1)
    members = [rows.tolist() for name, rows in blocks(table).items() if name.startswith("country:") and len(rows) > 20]
    tellers = [set(table.principals.at(row)) for row in range(len(table))]
    drawn: list[tuple[str, str]] = []
    while len(drawn) < RANDOM:
        one, other = generator.sample(generator.choice(members), 2)
        if not tellers[one] & tellers[other]:
            drawn.append((table.ids[one], table.ids[other]))
    told = levels_of(corpus, dict.fromkeys(drawn))
    chance: Levels = Counter(level for pair in drawn for level in told[pair])
    return Told(found, chance, RANDOM)


def print_weights(told: Told, weights: Weights) -> None:
    """The counts that ``weights.toml`` is made of, beside what it holds."""
    print(f"feature.level: m of {len(told.known)} known undertakings, u of {told.drawn} random pairs of two tellers in one country")
    for name in LEVELS:
        for level in weights.points[name]:
            m = sum((name, level) in levels for levels in told.known.values())
            print(f"  {name}.{level:15} {m:4} {told.chance[name, level]:6}  {told.bits(name, level):+.1f}  now {weights.of(name, level):+.1f}")


def measured() -> list[tuple[str, str]]:
    """The levels of ``weights.toml`` whose points are measured, not set by hand."""
    with (Path(partnermap.pairing.weights.__file__).parent / "weights.toml").open("rb") as file:
        points = tomllib.load(file)["points"]
    return [(feature, level) for feature, levels in points.items() for level, entry in levels.items() if "m" in entry]


def without(told: Told, left_out: Iterable[tuple[str, str]]) -> Weights:
    """The weights as they would be had these pairs never been seen."""
    out = list(left_out)
    return load_weights({f"{f}.{level}": round(told.bits(f, level, out), 1) for f, level in measured()})


def held_out(corpus: Corpus, told: Told, truth: Path) -> list[Rate]:
    """The ranking with each pair left out, and the classes by halves, beside weights of all pairs."""
    pairs = given_pairs(truth)
    rates = []
    for name, one_out in (("weights measured again on all pairs", False), ("the pair left out of the weights", True)):
        every = without(told, ())
        places = [place_of(one, other, WORLD_BANK, corpus, without(told, [(min(one, other), max(one, other))]) if one_out else every)[0] for one, other in pairs]
        rates += [Rate(f"GEF to World Bank, {name}: {word}", sum(p is not None and p <= most for p in places), len(pairs)) for most, word in ((1, "first"), (3, "in the first three"))]
    known = known_pairs(truth)
    halves: list[list[Known]] = [[], []]
    for one_known in known:
        halves[hashlib.sha256("|".join(one_known.key).encode()).digest()[0] % 2].append(one_known)
    pooled: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for half in halves:
        found = {(p.left, p.right): p for p in find_pairs(corpus, without(told, [k.key for k in half]))}
        for rate in classes(found, corpus, half, "half", False):
            pooled[rate.question] += rate.right
            of[rate.question] += rate.of
    return [*rates, *(Rate(question.replace("(half)", "(weights of the other half)"), pooled[question], of[question]) for question in pooled)]
