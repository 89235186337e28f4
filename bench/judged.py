"""Findings that somebody judged from the source rows, with class and score hidden.

``judged.csv``: seed, number, class, score band, verdict (right, wrong, undecidable), reason. An
undecidable one is neither right nor wrong and is counted beside.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from measure import Rate

FILE = Path(__file__).parent / "judged.csv"
VERDICTS = ("right", "wrong", "undecidable")


def judged(file: Path = FILE) -> list[Rate]:
    """Right of the decided ones, over all, by class and by score band; nothing without the file."""
    if not file.exists():
        print(f"{file.name} is not there: no findings were judged.")
        return []
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [{k.strip(): v.strip() for k, v in row.items()} for row in csv.DictReader(opened)]
    for number, row in enumerate(rows, start=2):
        if row["verdict"] not in VERDICTS:
            raise ValueError(f"{file}, row {number}: verdict {row['verdict']!r} is none of {', '.join(VERDICTS)}. Correct it and measure again.")
    decided = [row for row in rows if row["verdict"] != "undecidable"]
    print(f"{len(rows)} judged, {len(rows) - len(decided)} of them undecidable; seeds {', '.join(sorted({r['seed'] for r in rows}))}")
    rates = [Rate("judged findings: right, of those that can be decided", sum(r["verdict"] == "right" for r in decided), len(decided))]
    for column in ("class", "score band"):
        right, of = Counter(r[column] for r in decided if r["verdict"] == "right"), Counter(r[column] for r in decided)
        rates += [Rate(f"judged findings, {column} {value}", right[value], of[value]) for value in sorted(of)]
    return rates
