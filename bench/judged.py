"""Findings that two readers judged from the source rows, with class and score hidden.

``judged.csv``: round, the strongest pair's two ids, the class said when it was drawn, its score
band inside the class, what each reader would say and what else a colleague could defend
(separated by ``|``), and why. A class is right where both readers say or allow it, wrong where
neither does, undecidable where they differ. After each round the rules were mended, so "as drawn"
is out of sample for its round, and "now" is not. Rounds 1 to 5 and 7 were drawn by ``sample_findings.py``;
round 6 are other pairs of findings that were read before, and more of one organization's own. Round 7
leaves nothing out that was read before.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from measure import Rate

from partnermap.model import Pair
from partnermap.pairing.classes import UNRELATED

FILE = Path(__file__).parent / "judged.csv"


def verdict(row: Mapping[str, str], cls: str) -> str:
    """right, wrong or undecidable."""
    allowed = sum(cls in (row[reader], *row[f"{reader}_also"].split("|")) for reader in ("first", "second"))
    return ("wrong", "undecidable", "right")[allowed]


def judged(pairs: Mapping[tuple[str, str], Pair], verbose: bool) -> list[Rate]:
    """Right of all that were drawn, round by round as drawn, and all rounds as a scan says them now."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rates = []
    for number in sorted({row["round"] for row in rows}, key=int):
        drawn = [row for row in rows if row["round"] == number]
        said = Counter(verdict(row, row["said"]) for row in drawn)
        print(f"round {number}, as drawn: {', '.join(f'{n} {what}' for what, n in sorted(said.items()))}")
        rates.append(Rate(f"judged findings, round {number} as drawn: right", said["right"], len(drawn), 0.9))
    now: dict[str, Counter[str]] = {}
    for row in rows:
        pair = pairs.get((min(row["left"], row["right"]), max(row["left"], row["right"])))
        cls = pair.cls if pair else UNRELATED
        found = verdict(row, cls)
        now.setdefault(cls, Counter())[found] += 1
        if verbose and found == "wrong":
            print(f"  {row['left']} {row['right']}: {cls}, readers {row['first']} and {row['second']}: {row['why']}")
    for cls, counts in sorted(now.items()):
        print(f"  now {cls:14} {', '.join(f'{n} {what}' for what, n in sorted(counts.items()))}")
    total = sum((counts for counts in now.values()), Counter[str]())
    return [*rates, Rate("judged findings, all rounds as a scan says them now: right", total["right"], total.total(), 0.9)]
