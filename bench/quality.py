"""What partnermap gets right, on pairs that somebody knows, read, hid or planted.

    python bench/quality.py SHARED WORKSPACE             # every measure, and the table
    python bench/quality.py SHARED WORKSPACE -v          # also every error, with what it rests on
    python bench/quality.py SHARED WORKSPACE --weights   # also the counts behind weights.toml (section held-out)
    python bench/quality.py SHARED WORKSPACE --only ranking classes

SHARED holds ``data/``; WORKSPACE is made of its six files where it is not there yet. Counts stand
beside rates, with Wilson 95 % intervals; the table at the end is what docs/method.md repeats.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from corpora import build
from decoys import decoys
from judged import judged
from masked import masked
from measure import Rate, table
from planted import planted
from truth import classes, known_pairs, ranking
from weighing import held_out, print_weights, read_levels

from partnermap.model import Pair
from partnermap.pairing.corpus import read_corpus
from partnermap.pairing.local import find_pairs
from partnermap.pairing.weights import load_weights

SECTIONS = ("ranking", "masked", "classes", "held-out", "decoys", "planted", "judged")


def main(shared: Path, folder: Path, only: list[str], verbose: bool, with_weights: bool) -> None:
    """Print each section, then the table."""
    with build(shared, folder) as workspace:
        corpus = read_corpus(workspace.store.columns)
    weights = load_weights()
    truth = shared / "data" / "truth"
    known = known_pairs(truth)

    @cache
    def found_pairs() -> dict[tuple[str, str], Pair]:
        return {(p.left, p.right): p for p in find_pairs(corpus, weights)}

    def class_rates() -> list[Rate]:
        pairs = found_pairs()
        rates = classes(pairs, corpus, known, "all", verbose)
        return rates + classes(pairs, corpus, [k for k in known if k.labelled], "the 60 alone", False)

    def held_out_rates() -> list[Rate]:
        told = read_levels(corpus, known)
        if with_weights:
            print_weights(told, weights)
        return held_out(corpus, told, truth)

    sections: dict[str, Callable[[], list[Rate]]] = {
        "ranking": lambda: ranking(corpus, weights, truth, verbose),
        "masked": lambda: masked(shared, weights, verbose),
        "classes": class_rates,
        "held-out": held_out_rates,
        "decoys": lambda: decoys(shared, weights, verbose),
        "planted": lambda: planted(shared, weights, 3 if verbose else 0),
        "judged": lambda: judged(found_pairs(), verbose),
    }
    rates: list[Rate] = []
    for name in only:
        started = time.perf_counter()
        print(f"\n{name}")
        found = sections[name]()
        for rate in found:
            print(f"  {rate}")
        print(f"  {time.perf_counter() - started:.0f} s")
        rates += found
    print(f"\n{table(rates)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("--weights", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    main(options.shared, options.workspace, options.only, options.verbose, options.weights)
