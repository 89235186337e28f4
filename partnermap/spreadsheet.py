"""Tables for Excel: CSV and workbooks in which text from data is text, never a formula."""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

CSV_ENCODING = "utf-8-sig"  # of a file: without the mark at its start Excel takes it for another encoding
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WIDE = 50  # characters of the widest column of a workbook
_NARROW = 6
_SCREEN = 110  # characters that a screen shows side by side
_LINE = 15  # points
_HIGHEST = 409  # points of a row, at most, in Excel

# What a column is called in a workbook, where it is not its name with a capital letter and spaces.
HEADINGS: Mapping[str, str] = {
    "money_usd": "Money (USD)",
    "money": "Money in words",
    "amount_usd": "Amount (USD)",
    "class": "What it may be",
    "strength": "How sure",
    "concerns": "Whose",
    "countries": "Country codes",
    "country_names": "Countries",
    "start_date": "Start",
    "end_date": "End",
    "headline": "Finding",
    "for": "What speaks for it",
    "against": "What speaks against it",
    "not_known": "Not known",
    "next": "Next step",
    "members": "Activities",
    "members_here": "Activities here",
    "rows": "Source rows",
    "id": "Identifier",
    "org_id": "Organization (identifier)",
}


@dataclass(frozen=True)
class Sheet:
    """A table as a page of a workbook, under a line on what it is made from.

    ``headings`` are what some of its columns are called, where ``HEADINGS`` has other words.
    """

    name: str
    first_line: str
    headers: Sequence[str]
    rows: Sequence[Sequence[object]]
    headings: Mapping[str, str] = field(default_factory=dict)

    @property
    def called(self) -> list[str]:
        """The columns in plain words."""
        return [self.headings.get(name) or heading(name) for name in self.headers]


def heading(name: str) -> str:
    """A column's name in plain words.

    >>> heading("not_known"), heading("sector_code"), heading("USD of ADB")
    ('Not known', 'Sector code', 'USD of ADB')
    """
    words = HEADINGS.get(name) or name.replace("_", " ")
    return words[:1].upper() + words[1:]


def safe_cell(value: object) -> object:
    """A value for a spreadsheet: text that would be a formula there is made plain text."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def as_csv(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """CSV text that a spreadsheet opens without running anything."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([safe_cell(name) for name in headers])
    writer.writerows([safe_cell(_plain(v)) for v in row] for row in rows)
    return out.getvalue()


def write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    """A workbook of tables, each with its first line, a header row in plain words, and one row each, set for reading.

    Columns are as wide as most of their values, up to 50 characters; longer text goes over several lines,
    the first line over as many columns as a screen shows. Every row has its height: LibreOffice, unlike
    Excel, shows one line of a row without. What is empty is an empty cell, not empty text, which Excel would
    count.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet)
    book.save(path)


def _fill(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    def cell(value: object) -> object:
        plain = safe_cell(_plain(value))
        if plain == "":
            return None
        return ILLEGAL_CHARACTERS_RE.sub(" ", plain) if isinstance(plain, str) else plain

    page.append([cell(sheet.first_line)])
    page.append([cell(name) for name in sheet.called])
    for row in sheet.rows:
        page.append([cell(value) for value in row])
    for header in page[2]:
        header.font = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
        header.fill = PatternFill("solid", start_color="0072B2")
        header.alignment = Alignment(wrap_text=True, vertical="top")
    for number, name in enumerate(sheet.called, start=1):
        letter = get_column_letter(number)
        longest_word = max(map(len, name.split()), default=0) + 2  # and the arrow of the filter
        longest = _longest([one.value for one in page[letter][2:]])
        page.column_dimensions[letter].width = max(_NARROW, min(_WIDE, max(longest, longest_word) + 2))
    _spread_first_line(page)
    widths = [page.column_dimensions[get_column_letter(number)].width for number in range(1, page.max_column + 1)]
    for number, cells in enumerate(page.iter_rows(min_row=2), start=2):
        lines = max((_lines(one.value, width) for one, width in zip(cells, widths, strict=True)), default=1)
        page.row_dimensions[number].height = min(_HIGHEST, _LINE * lines)
    for cells in page.iter_rows(min_row=3):
        for one in cells:
            one.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(one.value, (int, float)) and abs(one.value) >= 1000:
                one.number_format = "#,##0"
    page.freeze_panes = "B3"
    page.auto_filter.ref = f"A2:{get_column_letter(max(1, len(sheet.headers)))}{max(2, page.max_row)}"


def _spread_first_line(page: Worksheet) -> None:
    """Merge the first row's text over the columns of a screen, as high as its lines need."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    width, columns = 0.0, 0
    while columns < page.max_column and width < _SCREEN:
        columns += 1
        width += page.column_dimensions[get_column_letter(columns)].width
    if columns > 1:
        page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=columns)
    page["A1"].alignment = Alignment(wrap_text=True, vertical="top")
    page.row_dimensions[1].height = min(_HIGHEST, _LINE * _lines(page["A1"].value, width))


def _lines(value: object, width: float) -> int:
    """Over how many lines a cell goes in a column of this many characters."""
    if not isinstance(value, str) or _length(value) <= width - 2:
        return 1
    fit = max(1, int(width / 1.1))  # letters differ in width, and so do fonts
    return sum(max(1, len(textwrap.wrap(part, fit, break_on_hyphens=False))) for part in value.split("\n"))


def _longest(values: Sequence[object]) -> int:
    """What a column has to be wide for: all numbers and dates, and nine in ten of its texts.

    A text that does not fit goes over several lines; a number would be shown as "####".
    """
    texts = sorted(_length(value) for value in values if isinstance(value, str))
    others = [_length(value) for value in values if value is not None and not isinstance(value, str)]
    return max([0, *others, *texts[: 1 + len(texts) * 9 // 10][-1:]])


def _length(value: object) -> int:
    """How many characters of one line a cell shows."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return len(f"{value:,.0f}") if abs(value) >= 1000 else len(f"{value:g}")
    return max(map(len, str(value).split("\n")))


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return None if value is None or value != value else value  # NaN is unknown
