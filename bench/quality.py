"""What the pairing gets right on pairs that somebody read.

    python bench/quality.py SHARED WORKSPACE

Prints, for the 27 GEF and World Bank pairs and the 60 labelled pairs of ``data/truth``: the class
found against the class given, how far the coarser question (count once, linked or other) is right,
and for each weight its share among known undertakings (m) and among pairs drawn at random from one
block (u), with the counts.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from collections import Counter, defaultdict
from pathlib import Path

from corpora import build, labelled_id

from partnermap.pairing.candidates import blocks, compared
from partnermap.pairing.classes import classify
from partnermap.pairing.corpus import Corpus, read_corpus
from partnermap.pairing.evidence import FEATURES, Both, find_evidence
from partnermap.pairing.terms import Rarity
from partnermap.pairing.weights import load_weights

GEF = "US-501c3-522318905-SG-"
COARSE = {"same-activity": "once", "same-money": "once", "joint": "linked", "part-of": "linked", "sequence": "linked"}
RANDOM = 40_000


def both_of(corpus: Corpus, one: str, other: str, rarity: dict[str, Rarity]) -> Both:
    """The two sides in the first block they share."""
    left, right = sorted((corpus.sides[one], corpus.sides[other]), key=lambda s: s.id)
    shared = sorted(left.countries.keys() & right.countries.keys())
    known = rarity.get(f"country:{shared[0]}") if shared else None
    return Both(left, right, corpus, known or Rarity(()))


def known_pairs(truth: Path) -> list[tuple[str, str, str, str]]:
    """(left, right, class, doubt) of both files."""
    pairs = []
    with (truth / "labelled-pairs.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            ends = [labelled_id(row[f"{side}_dataset"], row[f"{side}_id"]) for side in ("left", "right")]
            pairs.append((*ends, row["class"], row["doubt"]))
    with (truth / "gef-world-bank-pairs.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pairs.append((GEF + row["aiddata_id"], labelled_id("world_bank", row["world_bank_id"]), "same-money", "given"))
    return list(dict.fromkeys(pairs))


def main(shared: Path, folder: Path, verbose: bool) -> None:
    workspace = build(shared, folder)
    corpus = read_corpus(workspace.store.columns)
    every = compared(corpus)
    sides = {name: [every[i] for i in rows] for name, rows in blocks(every).items()}
    rarity = {name: Rarity(members) for name, members in sides.items()}
    weights = load_weights()
    confusion: Counter[tuple[str, str]] = Counter()
    coarse: Counter[tuple[str, str]] = Counter()
    levels: dict[str, Counter[str]] = defaultdict(Counter)
    undertakings = 0
    for one, other, cls, doubt in known_pairs(shared / "data" / "truth"):
        if one not in corpus.sides or other not in corpus.sides:
            confusion[cls, "merged by identifier"] += 1
            coarse[COARSE.get(cls, "other"), COARSE.get(cls, "other")] += 1
            continue
        both = both_of(corpus, one, other, rarity)
        found = find_evidence(both)
        got = classify(both, found) if found else "unrelated"
        confusion[cls, got] += 1
        coarse[COARSE.get(cls, "other"), COARSE.get(got, "other")] += 1
        if cls in COARSE:
            undertakings += 1
            hits = {name: hit for name, (_, find) in FEATURES.items() if (hit := find(both))}
            for name, hit in hits.items():
                levels[name][hit.level] += 1
        if got != cls and verbose:
            score = sum(weights.of(n, h.level) for n, h in found.items())
            print(f"{cls} ({doubt}) found as {got} {score:.1f}\n   {both.left.title[:90]} | {both.right.title[:90]}\n   {[(n, h.level) for n, h in found.items()]}")
    print("class given -> found")
    for (given, got), n in sorted(confusion.items()):
        print(f"  {given:14} {got:22} {n}")
    right, total = sum(n for (a, b), n in coarse.items() if a == b), sum(coarse.values())
    exact = sum(n for (a, b), n in confusion.items() if b in (a, "merged by identifier"))
    once = sum(n for (a, b), n in coarse.items() if b == "once")
    print(f"count once / linked / other right: {right} of {total}; exact class: {exact} of {total}")
    print(f"count-once precision: {coarse['once', 'once']} of {once}")
    chance: dict[str, Counter[str]] = defaultdict(Counter)
    generator = random.Random(1)
    names = [n for n, members in sides.items() if n.startswith("country:") and len(members) > 20]
    drawn = 0
    while drawn < RANDOM:
        members = sides[generator.choice(names)]
        one, other = generator.sample(members, 2)
        if one.principals & other.principals:
            continue
        drawn += 1
        both = both_of(corpus, one.id, other.id, rarity)
        for name, (_, find) in FEATURES.items():
            if hit := find(both):
                chance[name][hit.level] += 1
    print(f"feature.level: m of {undertakings} known undertakings, u of {drawn} random pairs of two tellers in one country")
    for name in FEATURES:
        for level in weights.points[name]:
            m, u = levels[name][level], chance[name][level]
            bits = math.log2(((m + 0.5) / (undertakings + 1)) / ((u + 0.5) / (drawn + 1)))
            print(f"  {name}.{level:15} {m:4} {u:6}  {bits:+.1f}  now {weights.of(name, level):+.1f}")
    workspace.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), "-v" in sys.argv)
