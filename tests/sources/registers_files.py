"""Our own workbooks for the tests, filled by hand, and reading them through the front door."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openpyxl import Workbook, load_workbook

from partnermap.model import SourceRecord
from partnermap.sources import Import, open_imports
from partnermap.sources.registers_book import FIRST, HEADER, write_book
from partnermap.sources.registers_cells import Own
from partnermap.sources.registers_sheets import EXAMPLE, Sheet
from partnermap.sources.registers_unit import BOOKS

OWN = Own("XM-DAC-41314", "United Nations Economic Commission for Europe")
Cells = Mapping[str, Any]
Change = Callable[[Workbook], object]


@cache
def empty(book: str, adviser: str = "") -> bytes:
    """The bytes of a workbook as it is written."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write_book(path, BOOKS[book], OWN, adviser=adviser)
        return path.read_bytes()


def workbook(folder: Path, rows: Mapping[str, Sequence[Cells]], *, book: str = "registers", adviser: str = "", name: str = "", change: Change | None = None) -> Path:
    """A workbook with these rows: by sheet, cells by the name of their column.

    ``change`` is called with the openpyxl workbook before it is saved.
    """
    path = folder / (name or f"{book}.xlsx")
    opened = load_workbook(BytesIO(empty(book, adviser)))
    for sheet, some in rows.items():
        declared = BOOKS[book].sheet(sheet)
        assert declared
        names = [column.name for column in declared.columns]
        for number, cells in enumerate(some, FIRST):
            for column, value in cells.items():
                opened[sheet].cell(number, names.index(column) + 1).value = value
    if change:
        change(opened)
    opened.save(path)
    return path


def example_rows(sheet: Sheet, numbers: Sequence[str] = ("1", "2")) -> list[Cells]:
    """The sheet's two examples as rows to be imported."""
    found = []
    for number, example in zip(numbers, sheet.examples, strict=True):
        cells = dict(zip((c.name for c in sheet.columns), example, strict=True))
        first = sheet.columns[0].name
        cells[first] = number if sheet.numbered else cells[first].removeprefix(EXAMPLE).strip()
        found.append({name: text or None for name, text in cells.items()})
    return found


def request(number: str = "REQ-1", **cells: Any) -> dict[str, Any]:
    """A row of the sheet Requests; ``Date`` and others by keyword, spaces as ``_``."""
    said = {"No.": number, "Theme": "Water law", "Areas": "Environment", "Countries": "Kyrgyzstan", "Date": "2026-01-31", "Status": "open"}
    return said | {name.replace("_", " "): value for name, value in cells.items()}


def sheets(path: Path, **options: Any) -> dict[str, Import]:
    """The datasets of a workbook by id, without sheets that hold no row."""
    return {found.dataset.dataset: found for found in open_imports(path, **options) if not found.emptied}


def read_sheet(path: Path, dataset: str) -> tuple[list[SourceRecord], list[str]]:
    """Records of one sheet, and its reports as text, with ``[kept]`` where the record stands."""
    found = sheets(path)[dataset]
    return list(found.records), [f"{entry}{' [kept]' if entry.kept else ''}" for entry in found.refused]


def said(record: SourceRecord) -> Any:
    """What a record holds."""
    return json.loads(record.content)


def at(sheet: Sheet, column: str) -> int:
    """Number of a column, from 1."""
    return [c.name for c in sheet.columns].index(column) + 1


__all__ = ["FIRST", "HEADER", "OWN", "at", "empty", "example_rows", "read_sheet", "request", "said", "sheets", "workbook"]
