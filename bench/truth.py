"""What partnermap says of the pairs that somebody knows or has read: ranking and classes.

The ranking asks, for each GEF activity of ``gef-world-bank-pairs.csv``, where its World Bank
project stands among everything of the World Bank that partnermap finds near it. A tie counts
against us, and what is not found is last.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from corpora import labelled_id
from measure import Rate
from scipy.sparse import csr_matrix

from partnermap.lookups.check import neighbours
from partnermap.model import Pair
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.side import Side
from partnermap.pairing.weights import Weights

GEF, WORLD_BANK = "US-501c3-522318905-SG-", "44000-"
ONCE = ("same-activity", "same-money")
COARSE = {**dict.fromkeys(ONCE, "once"), **dict.fromkeys(("joint", "part-of", "sequence"), "linked")}


@dataclass(frozen=True)
class Known:
    """A pair and the class that somebody gave it."""

    left: str
    right: str
    cls: str
    doubt: str
    labelled: bool  # of labelled-pairs.csv

    @property
    def key(self) -> tuple[str, str]:
        """Both ids, smaller first."""
        return (self.left, self.right) if self.left < self.right else (self.right, self.left)


def given_pairs(truth: Path) -> list[tuple[str, str]]:
    """(GEF activity, World Bank project) of the GEF's own numbers."""
    with (truth / "gef-world-bank-pairs.csv").open(encoding="utf-8") as file:
        return [(GEF + r["aiddata_id"], labelled_id("world_bank", r["world_bank_id"])) for r in csv.DictReader(file)]


def known_pairs(truth: Path) -> list[Known]:
    """The pairs of both files; one that stands in both counts with the labelled ones."""
    pairs: dict[tuple[str, str], Known] = {}
    with (truth / "labelled-pairs.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            ends = [labelled_id(row[f"{side}_dataset"], row[f"{side}_id"]) for side in ("left", "right")]
            known = Known(ends[0], ends[1], row["class"], row["doubt"], True)
            pairs.setdefault(known.key, known)
    for one, other in given_pairs(truth):
        known = Known(one, other, "same-money", "given", False)
        pairs.setdefault(known.key, known)
    return list(pairs.values())


def lead_agencies(shared: Path) -> dict[str, str]:
    """GEF activity to its lead agency."""
    with (shared / "data" / "tabular" / "gef_agencies.csv").open(encoding="utf-8", errors="replace") as file:
        return {GEF + row["AidData Project ID"]: row["Lead agency"].strip() for row in csv.DictReader(file)}


def rank(ranked: Mapping[str, float], right: str) -> int | None:
    """Place of the right one; those of the same score stand before it."""
    if right not in ranked:
        return None
    return sum(score >= ranked[right] for score in ranked.values())


def place_of(one: str, right: str, among: str, corpus: Corpus, weights: Weights) -> tuple[int | None, str]:
    """Place of the right one in what ``check`` says, among identifiers that begin so; and the first."""
    found = neighbours(corpus.sides[one], corpus, weights, len(corpus.sides))
    ranked = {m.side.id: m.pair.score for m in found if m.side.id.startswith(among)}
    return rank(ranked, right), next(iter(ranked), "")


def baseline(one: Side, pool: Sequence[Side], words: Callable[[Side], Sequence[str]]) -> dict[str, float]:
    """Cosine of TF-IDF in the country: 1 + ln(count) times 1 + ln(documents / (1 + with it))."""
    near = [s for s in pool if s.countries.keys() & one.countries.keys()] or list(pool)
    counts = [Counter(words(s)) for s in [*near, one]]
    number = {t: n for n, t in enumerate(sorted({t for row in counts for t in row}))}
    rows, cols, values = zip(*((r, number[t], 1 + np.log(n)) for r, row in enumerate(counts) for t, n in row.items()), strict=True)
    matrix = csr_matrix((values, (rows, cols)), shape=(len(counts), len(number)))
    documents = np.asarray((matrix > 0).sum(axis=0)).ravel()
    matrix = csr_matrix(matrix.multiply(1 + np.log(len(counts) / (1 + documents))))
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    cosines = (matrix[:-1] @ matrix[-1].T).toarray().ravel() / np.where(norms[:-1] * norms[-1] > 0, norms[:-1] * norms[-1], 1)
    return {s.id: float(c) for s, c in zip(near, cosines, strict=True)}


def plain(side: Side) -> list[str]:
    """Every word of a title and description, as a baseline takes them."""
    text = f"{side.title} {side.description}".lower()
    return "".join(c if c.isalnum() else " " for c in text).split()


def ranking(corpus: Corpus, weights: Weights, truth: Path, verbose: bool) -> list[Rate]:
    """How often the right project is first, and in the first three."""
    pairs = given_pairs(truth)
    ways: dict[str, list[int | None]] = {"GEF to World Bank": [], "World Bank to GEF": [], "TF-IDF in the country": []}
    bank = [s for s in corpus.sides.values() if s.id.startswith(WORLD_BANK) and not s.withdrawn]
    for gef, project in pairs:
        for way, one, right, among in (("GEF to World Bank", gef, project, WORLD_BANK), ("World Bank to GEF", project, gef, GEF)):
            at, nearest = place_of(one, right, among, corpus, weights)
            ways[way].append(at)
            if at != 1 and verbose:
                print(f"  {way}, place {at}: {corpus.sides[one].title[:80]}\n     right: {corpus.sides[right].title[:80]}\n     first: {corpus.sides[nearest].title[:80] if nearest else ''}")
        ways["TF-IDF in the country"].append(rank(baseline(corpus.sides[gef], bank, plain), project))
    rates = []
    for way, places in ways.items():
        asked = (26, 27) if way == "GEF to World Bank" else (None, None)
        for (most, name), least in zip(((1, "first"), (3, "in the first three")), asked, strict=True):
            first = sum(p is not None and p <= most for p in places)
            rates.append(Rate(f"{way}: right one {name}", first, len(pairs), least and least / len(pairs)))
    return rates


def classes(pairs: Mapping[tuple[str, str], Pair], corpus: Corpus, known: Sequence[Known], name: str, verbose: bool) -> list[Rate]:
    """How often the class is the given one, exactly and coarsely, as a scan says it."""
    got: dict[tuple[str, str], str] = {}
    confusion: Counter[tuple[str, str]] = Counter()
    for one in known:
        merged = one.left not in corpus.sides or one.right not in corpus.sides
        found = pairs.get(one.key)
        got[one.key] = one.cls if merged else found.cls if found else "unrelated"
        confusion[one.cls, "merged by identifier" if merged else got[one.key]] += 1
        if verbose and got[one.key] != one.cls:
            left, right = corpus.sides[one.left], corpus.sides[one.right]
            why = ", ".join(f"{r.feature} {r.level}" for r in found.reasons) if found else ""
            print(f"  {one.cls} (doubt {one.doubt}) found as {got[one.key]} {f'{found.score:.1f}' if found else ''}\n     {left.title[:90]} | {right.title[:90]}\n     {why}")
    print(f"class given -> found by a scan ({name})")
    for (given, said), n in sorted(confusion.items()):
        print(f"  {given:14} {said:22} {n}")
    coarse = [(COARSE.get(k.cls, "other"), COARSE.get(got[k.key], "other")) for k in known]
    once = [given for given, said in coarse if said == "once"]
    return [
        Rate(f"once, linked or other ({name})", sum(a == b for a, b in coarse), len(known), 0.85),
        Rate(f"exact class ({name})", sum(got[k.key] == k.cls for k in known), len(known), 0.75),
        Rate(f"said count once and was ({name})", once.count("once"), len(once), 0.95),
    ]
