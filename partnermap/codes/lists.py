"""Reading the shipped CSV lists, each once."""

from __future__ import annotations

import csv
import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "data"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of ``data/<name>.csv``."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def codelist(name: str) -> dict[str, str]:
    """Code to name of ``data/<name>.csv``, such as ``iati_activity_status``."""
    return {row["code"]: row["name"] for row in rows(name)}


@cache
def codes_hash() -> str:
    """Hash of every shipped list: other lists mean that everything is derived again."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.csv")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
