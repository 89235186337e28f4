"""Tables for Excel: CSV and workbooks in which text from data is text, never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDE = 60  # characters of the widest column of a workbook


def safe_cell(value: object) -> object:
    """A value for a spreadsheet: text that would be a formula there is made plain text."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def as_csv(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """CSV text that a spreadsheet opens without running anything."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows([safe_cell(_plain(v)) for v in row] for row in rows)
    return out.getvalue()


def write_xlsx(path: Path, sheet: str, coverage: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A workbook with the coverage line, a header row, and one row each, set for reading."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    def cell(value: object) -> object:
        plain = safe_cell(_plain(value))
        return ILLEGAL_CHARACTERS_RE.sub(" ", plain) if isinstance(plain, str) else plain

    book = Workbook()
    page = book.active
    page.title = sheet
    page.append([coverage])
    page.append(list(headers))
    for row in rows:
        page.append([cell(value) for value in row])
    for header in page[2]:
        header.font = Font(bold=True, color="FFFFFF")
        header.fill = PatternFill("solid", start_color="0072B2")
    for number, name in enumerate(headers, start=1):
        longest = max([len(name), *(len(str(row[number - 1])) for row in rows)])
        page.column_dimensions[get_column_letter(number)].width = min(_WIDE, longest + 2)
    for cells in page.iter_rows(min_row=3):
        for one in cells:
            one.alignment = Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = "B3"
    page.auto_filter.ref = f"A2:{get_column_letter(len(headers))}{max(2, page.max_row)}"
    book.save(path)


def _plain(value: object) -> object:
    return None if value is None or value != value else value  # NaN is unknown
