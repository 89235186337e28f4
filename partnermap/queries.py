"""Finding and reading the query texts in ``cypher/``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from partnermap.errors import NotFound

_HERE = Path(__file__).parent
# A wheel carries the folder inside the package, a checkout beside it.
FOLDER = next(p for p in (_HERE / "cypher", _HERE.parent / "cypher") if p.is_dir())


@dataclass(frozen=True)
class Query:
    """One file of ``cypher/read``: its text and what its header declares."""

    name: str
    purpose: str
    params: dict[str, str]  # name -> meaning
    columns: dict[str, str]  # name -> STRING, INT, FLOAT, BOOL, DATE or LIST
    text: str


@cache
def all_queries() -> dict[str, Query]:
    """Every named query, by name."""
    return {q.name: q for q in map(_read, sorted((FOLDER / "read").glob("*.cypher")))}


def query(name: str) -> Query:
    """The named query.

    Raises
    ------
    NotFound
        If ``cypher/read`` has no such file; the message lists the names.
    """
    found = all_queries().get(name)
    if found is None:
        raise NotFound(f"There is no query {name!r}. Known: {', '.join(all_queries())}.")
    return found


def _read(path: Path) -> Query:
    text = path.read_text(encoding="utf-8")
    header = [line[2:].strip() for line in text.splitlines() if line.startswith("//")]
    params: dict[str, str] = {}
    columns: dict[str, str] = {}
    purpose = ""
    for line in header:
        if match := re.match(r"params:\s*(.*)", line):
            for part in filter(None, (p.strip() for p in match[1].split(";"))):
                name, _, meaning = part.partition(" ")
                if name.startswith("$"):
                    params[name[1:]] = meaning.strip()
        elif match := re.match(r"columns:\s*(.*)", line):
            for part in match[1].split(","):
                name, kind = part.split()
                columns[name] = kind
        elif match := re.match(rf"{re.escape(path.stem)}:\s*(.*)", line):
            purpose = match[1]
    return Query(path.stem, purpose, params, columns, text)
