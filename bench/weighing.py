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
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from measure import Rate
from truth import COARSE, WORLD_BANK, Known, classes, given_pairs, known_pairs, place_of

import partnermap.pairing.weights
from partnermap.pairing.candidates import blocks, compared
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.evidence import FEATURES, Both
from partnermap.pairing.local import find_pairs
from partnermap.pairing.terms import Rarity
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


def levels_of(both: Both) -> frozenset[tuple[str, str]]:
    """Every level that a feature says of two sides."""
    return frozenset((name, hit.level) for name, (_, find) in FEATURES.items() if (hit := find(both)))


def read_levels(corpus: Corpus, known: Iterable[Known]) -> Told:
    """Levels of the known undertakings, and of random pairs of two tellers in one country."""
    every = compared(corpus)
    sides = {name: [every[i] for i in rows] for name, rows in blocks(every).items()}
    rarity = {name: Rarity(members) for name, members in sides.items()}

    def both(one: str, other: str) -> Both:
        left, right = corpus.sides[min(one, other)], corpus.sides[max(one, other)]
        shared = sorted(left.countries.keys() & right.countries.keys())
        return Both(left, right, corpus, rarity.get(f"country:{shared[0]}", Rarity(())) if shared else Rarity(()))

    found = {k.key: levels_of(both(*k.key)) for k in known if k.cls in COARSE and k.left in corpus.sides and k.right in corpus.sides}
    generator = random.Random(1)
    names = [n for n, members in sides.items() if n.startswith("country:") and len(members) > 20]
    chance: Levels = Counter()
    drawn = 0
    while drawn < RANDOM:
        one, other = generator.sample(sides[generator.choice(names)], 2)
        if not one.principals & other.principals:
            drawn += 1
            chance.update(levels_of(both(one.id, other.id)))
    return Told(found, chance, drawn)


def print_weights(told: Told, weights: Weights) -> None:
    """The counts that ``weights.toml`` is made of, beside what it holds."""
    print(f"feature.level: m of {len(told.known)} known undertakings, u of {told.drawn} random pairs of two tellers in one country")
    for name in FEATURES:
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
