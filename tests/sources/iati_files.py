"""Small IATI files for the tests, and reading them through the front door."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from partnermap.model import SourceRecord
from partnermap.sources import Import, open_imports

REPORTER = '<reporting-org ref="XM-1"><narrative>Reporter</narrative></reporting-org>'
TITLE = '<title><narrative xml:lang="en">Title</narrative></title>'


def activity(inside: str = "", identifier: str = "XM-1-A", head: str = f"{REPORTER}{TITLE}") -> str:
    """An activity without anything to report, with more inside."""
    return f"<iati-activity><iati-identifier>{identifier}</iati-identifier>{head}{inside}</iati-activity>"


def write(folder: Path, *activities: str, version: str = ' version="2.03"', name: str = "file.xml") -> Path:
    """A file of these activities."""
    path = folder / name
    path.write_text(f"<iati-activities{version}>{''.join(activities)}</iati-activities>", encoding="utf-8")
    return path


def open_one(path: Path, **options: Any) -> Import:
    """The one dataset at a path."""
    (found,) = open_imports(path, **options)
    return found


def read(path: Path, **options: Any) -> tuple[list[SourceRecord], list[str]]:
    """Records at a path, and reports as text, with ``[kept]`` where the record stands."""
    found = open_one(path, **options)
    records = list(found.records)
    return records, [f"{entry}{' [kept]' if entry.kept else ''}" for entry in found.refused]


def contents(path: Path, **options: Any) -> list[dict[str, Any]]:
    """What each record says."""
    return [json.loads(record.content) for record in read(path, **options)[0]]
