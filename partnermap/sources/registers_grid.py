"""A workbook of ours as plain cells: merged ones filled, formulas and errors told apart.

The mark is a defined name with a constant, which stays when sheets are deleted:
``partnermap_workbook`` = ``"registers|1|XM-DAC-41314|United Nations ..."``.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from partnermap.errors import UnreadableFile
from partnermap.sources.archive import Content
from partnermap.sources.registers_cells import Own
from partnermap.sources.registers_sheets import ABOUT, VERSION
from partnermap.sources.registers_unit import BOOKS

MARK = "partnermap_workbook"
LARGEST = 200_000_000  # bytes of an unpacked workbook: ours hold some thousand rows
_IN_XML = re.compile(rf'<(?:\w+:)?definedName[^>]*\bname="{MARK}"[^>]*>([^<]*)<')
_BOOK_XML = "xl/workbook.xml"
ADVISER_CELL, REF_CELL, NAME_CELL = "B4", "B5", "B6"


@dataclass
class Grid:
    """The cells of one sheet."""

    name: str
    hidden: bool
    first_day: int
    cells: list[tuple[Any, ...]]
    problems: list[tuple[int, int, str]] = field(default_factory=list)  # row, column from 0, reason

    def rows(self, after: int = 0, until: int | None = None) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Row numbers from 1 and cells, of the rows behind ``after``, up to ``until``."""
        yield from enumerate(self.cells[after:until], start=after + 1)


@dataclass
class Opened:
    """A workbook of ours: which one, whose, from whom, and its sheets."""

    book: str
    own: Own
    adviser: str
    grids: list[Grid]


def is_ours(workbook_xml: bytes) -> bool:
    """Whether the member ``xl/workbook.xml`` is that of one of our workbooks."""
    return bool(_IN_XML.search(workbook_xml.decode("utf-8", "replace")))


def open_workbook(content: Content) -> Opened:
    """The sheets of one of our workbooks.

    Raises
    ------
    UnreadableFile
        If the file is damaged, too large, or of a later version.
    """
    with content.opened() as file:
        data = file.read()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
            mark = _IN_XML.search(archive.read(_BOOK_XML).decode("utf-8", "replace"))
        if size > LARGEST:
            raise UnreadableFile(f"{content.name}: unpacks to {size:,} bytes, and a workbook of ours holds {LARGEST:,} at most. Copy its rows into an empty one.")
        opened = _open(content, data, (mark[1] if mark else "").replace("&quot;", '"').replace("&amp;", "&").strip('"'))
    except UnreadableFile:  # which is an OSError
        raise
    except (zipfile.BadZipFile, KeyError, ParseError, EOFError, OSError) as error:
        raise UnreadableFile(f"{content.name}: the workbook is damaged ({error}). Open it in a spreadsheet program and save it again.") from error
    return opened


def _open(content: Content, data: bytes, mark: str) -> Opened:
    from openpyxl import load_workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book, _, rest = mark.partition("|")
    version, _, rest = rest.partition("|")
    ref, _, name = rest.partition("|")
    if book not in BOOKS or version != VERSION:
        raise UnreadableFile(f"{content.name}: is a workbook {mark!r} of another partnermap; this one reads version {VERSION}. Write a new one with: partnermap workbook")
    workbook = load_workbook(io.BytesIO(data))
    has_formulas = any(cell.data_type == "f" for sheet in workbook.worksheets for row in sheet.iter_rows() for cell in row)
    computed = load_workbook(io.BytesIO(data), data_only=True) if has_formulas else workbook
    about = {cell: _about(computed, cell) for cell in (ADVISER_CELL, REF_CELL, NAME_CELL)}
    first_day = 1462 if workbook.epoch == CALENDAR_MAC_1904 else 0
    grids = [_grid(sheet, computed[sheet.title], first_day) for sheet in workbook.worksheets]
    return Opened(book, Own(about[REF_CELL] or ref, about[NAME_CELL] or name), about[ADVISER_CELL], grids)


def _about(workbook: Any, cell: str) -> str:
    if ABOUT not in workbook.sheetnames:
        return ""
    return " ".join(str(workbook[ABOUT][cell].value or "").split())


def _grid(sheet: Any, computed: Any, first_day: int) -> Grid:
    grid = Grid(sheet.title, sheet.sheet_state != "visible", first_day, [])
    for row in sheet.iter_rows():
        values = []
        for cell in row:
            value = cell.value
            if cell.data_type == "f":
                value = computed.cell(cell.row, cell.column).value
                reason = "is a formula; its last result is read. Type the value" if value is not None else "is a formula without a result; left out. Type the value"
                grid.problems.append((cell.row, cell.column - 1, reason))
            if cell.data_type == "e" or (isinstance(value, str) and cell.data_type == "f" and value.startswith("#")):
                grid.problems.append((cell.row, cell.column - 1, f"holds the error {value}; left out. Type the value"))
                value = None
            values.append(value)
        grid.cells.append(tuple(values))
    for merged in sorted(sheet.merged_cells.ranges, key=lambda r: (r.min_row, r.min_col)):
        _fill(grid, merged)
    return grid


def _fill(grid: Grid, merged: Any) -> None:
    """Give the value of merged cells to each of their rows."""
    top, left = merged.min_row - 1, merged.min_col - 1
    if top >= len(grid.cells) or merged.max_row == merged.min_row:
        return  # over columns only: the others are empty
    value = grid.cells[top][left]
    for row in range(top + 1, min(merged.max_row, len(grid.cells))):
        cells = list(grid.cells[row])
        cells[left] = value
        grid.cells[row] = tuple(cells)
    grid.problems.append((merged.min_row, left, f"is merged with the rows down to {merged.max_row}; its value is taken for each of them. Unmerge it"))
