"""Where a table lies in its file: the separator or sheet, the header, and the rows below it."""

from __future__ import annotations

from dataclasses import dataclass

from partnermap.errors import UnreadableFile
from partnermap.sources.archive import Content
from partnermap.sources.suggest_words import looks_like_header
from partnermap.sources.table import open_lines
from partnermap.sources.table_csv import DELIMITERS, CsvLines
from partnermap.sources.table_encoding import NAMES
from partnermap.sources.table_lines import Rows
from partnermap.sources.table_xlsx import XlsxLines


@dataclass(frozen=True)
class Found:
    """A table's rows, and what a mapping must say of its place."""

    rows: Rows
    header_row: int
    header_rows: int
    encoding: str  # one that a CSV file does not state itself; else empty
    sheet: str  # where a workbook has several


def find_table(content: Content) -> Found:
    """The table of a file; of a workbook the widest sheet.

    Raises
    ------
    UnreadableFile
        If the file cannot be read, or several sheets are as wide.
    """
    widths: list[int] = []

    def look(top: list[list[str]]) -> bool:
        widths.append(_width(top))
        return False

    try:
        source = open_lines(content, {}, [], fits=look)
    except UnreadableFile:
        if not any(widths):
            raise
        source = open_lines(content, {}, [], fits=lambda top: _width(top) == max(widths))
    if isinstance(source, CsvLines):  # a title's comma is no separator
        others = [open_lines(content, {"delimiter": mark}, [], fits=look) for mark in DELIMITERS]
        source = max([source, *others], key=_header_words)
    header_row = _header_row(Rows(source))
    header_rows = _header_rows(Rows(source), header_row)
    encoding = source.encoding if isinstance(source, CsvLines) and source.encoding in NAMES else ""
    sheet = source.sheet if isinstance(source, XlsxLines) and len(widths) > 1 else ""
    return Found(Rows(source, header_row, header_rows), header_row, header_rows, encoding, sheet)


def _width(top: list[list[str]]) -> int:
    return max((sum(map(bool, line)) for line in top), default=0)


def _header_words(source: CsvLines | XlsxLines) -> int:
    """How many cells of the row that would be the header have words of headers; -1 where rows cannot be read."""
    rows = Rows(source)
    try:
        number = _header_row(rows)
        return sum(map(looks_like_header, next((line for at, line in rows.first_lines(25) if at == number), [])))
    except UnreadableFile:
        return -1


def _header_rows(rows: Rows, header_row: int) -> int:
    """Two where the row below the header fills nothing but cells under a heading of several columns, such as 2026 and 2027 under Budget."""
    lines = dict(rows.first_lines(30))
    above, below = lines.get(header_row, []), lines.get(header_row + 1, [])
    width = max(len(above), len(below))
    above, below = (line + [""] * (width - len(line)) for line in (above, below))
    shared = [not above[at] or above[at] in above[max(at - 1, 0) : at] + above[at + 1 : at + 2] or (at + 1 < width and not above[at + 1]) for at in range(width)]
    added = [at for at in range(width) if below[at] and below[at] != above[at]]
    return 2 if added and len(added) < width and all(shared[at] for at in added) else 1


def _header_row(rows: Rows) -> int:
    """Of the first rows with different texts, and no number, in most columns, the one with most words of headers.

    A title that is merged over the columns stands in each of them and counts once.
    """
    first = [(number, [cell for cell in dict.fromkeys(line) if cell]) for number, line in rows.first_lines(25)]
    most = max((len(cells) for _, cells in first), default=0)
    fitting = [(number, cells) for number, cells in first if len(cells) >= max(2, 0.6 * most) and not any(cell.replace(".", "").isdigit() for cell in cells)]
    return max(fitting, key=lambda item: sum(map(looks_like_header, item[1])), default=(1, []))[0]
