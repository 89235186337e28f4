"""Make ``partnermap/pairing/background.csv``: how many documents hold each term.

    python bench/background.py WORKSPACE

WORKSPACE holds the three IATI files of the shared data (GEF and ADB releases of AidData, ODC-By;
UN COVID-19 activities, MIT). Documents with one title count once; terms in a single document are
left out, since the smoothing gives them the same weight.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from partnermap.pairing import corpus as pairing
from partnermap.pairing.text import title_key
from partnermap.store import open_store


def main(folder: Path) -> None:
    store = open_store("embedded", folder)
    corpus = pairing.read_corpus(store.columns)
    seen: set[str] = set()
    counts: Counter[str] = Counter()
    for row, title in enumerate(corpus.table.titles.to_pylist()):
        if title_key(title) not in seen:
            seen.add(title_key(title))
            counts.update(corpus.texts.terms.at(row))
    path = Path(pairing.__file__).parent / "background.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["term", "documents"])
        writer.writerow(["", len(seen)])
        writer.writerows(sorted((term, n) for term, n in counts.items() if n > 1))
    print(f"{path.name}: {len(seen)} documents, {sum(n > 1 for n in counts.values())} terms")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
