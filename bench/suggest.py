"""How far the proposed mappings are from the finished ones.

    python bench/suggest.py SHARED

A correction is one changed line: the two texts without comments, blank lines and spacing are
compared, and each run of lines that differ counts as the longer of its two sides.
"""

from __future__ import annotations

import difflib
import re
import sys
from pathlib import Path

from corpora import MAPPINGS, TABLES

from partnermap.sources.suggest import suggest_mapping

_COMMENT = re.compile(r"""((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'#])*)#.*""")


def normalised(text: str) -> list[str]:
    """The lines that mean something, without comments and spacing."""
    lines = (re.sub(r"\s+", " ", _COMMENT.sub(r"\1", line)).strip() for line in text.split("\n"))
    return [line for line in lines if line]


def corrections(proposed: str, finished: str) -> list[tuple[list[str], list[str]]]:
    """Runs of lines that differ: those proposed and those finished."""
    left, right = normalised(proposed), normalised(finished)
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    return [(left[a:b], right[c:d]) for kind, a, b, c, d in matcher.get_opcodes() if kind != "equal"]


def number_of(changes: list[tuple[list[str], list[str]]]) -> int:
    """Lines to change, to add or to take out."""
    return sum(max(len(old), len(new)) for old, new in changes)


def main(shared: Path) -> None:
    for name, file in TABLES.items():
        proposal = suggest_mapping(shared / "data" / "tabular" / file)
        finished = (MAPPINGS / f"{name}.toml").read_text(encoding="utf-8")
        changes = corrections(proposal.text, finished)
        print(f"{name}: {number_of(changes)} corrections of {len(normalised(finished))} lines")
        for old, new in changes:
            print("".join(f"  - {line}\n" for line in old) + "".join(f"  + {line}\n" for line in new), end="")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
