"""``rejected/``: what the last import of each dataset left out or doubted, as a table for Excel.

A report holds text of the file that was read, so that it may name people: erasing a person takes
its lines too.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from partnermap.errors import StoreError
from partnermap.model import Refused
from partnermap.spreadsheet import as_csv

FOLDER = "rejected"
HEADERS = ("file", "row", "field", "what", "kept or refused")
_NO_FILE_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f]|^\.|[. ]$')
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|(com|lpt)\d)(\.|$)")


def report_path(folder: Path, dataset: str) -> Path:
    """Where the report of a dataset lies in a workspace's folder, whatever letters its name has."""
    name = _NO_FILE_NAME.sub("_", dataset)[:100]
    if name != dataset or _DEVICES.match(name):
        name = f"_{name}-{hashlib.sha256(dataset.encode()).hexdigest()[:8]}"
    return folder / FOLDER / f"{name}.csv"


def write_report(folder: Path, dataset: str, refused: Sequence[Refused]) -> Path | None:
    """Write what an import of a dataset reported, in the place of the one before; None without any.

    Raises
    ------
    StoreError
        If the file cannot be written, such as while Excel shows it.
    """
    path = report_path(folder, dataset)
    try:
        if not refused:
            path.unlink(missing_ok=True)
            return None
        path.parent.mkdir(exist_ok=True)
        rows = [[r.file, r.row or None, r.field, r.reason, "row kept, this value left out or in doubt" if r.kept else "row refused"] for r in refused]
        path.write_text(as_csv(HEADERS, rows), encoding="utf-8-sig", newline="")
    except OSError as error:
        raise StoreError(f"The data are in, but the report {path} cannot be written: {error.strerror}. Close it where it is open, then import the file again.") from error
    return path


def lines_naming(folder: Path, pattern: re.Pattern[str]) -> int:
    """How many lines of all reports a pattern is found in."""
    return sum(_named(row, pattern) for path in _reports(folder) for row in _rows(path))


def drop_lines(folder: Path, pattern: re.Pattern[str]) -> None:
    """Take the lines in which a pattern is found out of all reports."""
    for path in _reports(folder):
        rows = _rows(path)
        kept = [row for row in rows if not _named(row, pattern)]
        if len(kept) < len(rows):
            path.write_text(as_csv(HEADERS, kept), encoding="utf-8-sig", newline="")


def _reports(folder: Path) -> list[Path]:
    return sorted((folder / FOLDER).glob("*.csv"))


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def _named(row: Sequence[str], pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(cell) for cell in row)
