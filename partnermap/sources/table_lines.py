"""A table as lines of text cells, whatever the file: what the CSV and XLSX readers share.

A line is (row number as a spreadsheet counts, cells). Cells are text with single spaces. A cell
that holds an error instead of a value is a :class:`CellError`, which is empty text and knows why.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Protocol

from partnermap.sources.values import clean

Line = tuple[int, list[str]]
Row = tuple[int, dict[str, str], list[str]]  # row number, cells by column, cells beyond the header

# Cells that are filled and say nothing; a mapping adds its own under ``nothing``.
NOTHING = ("no description available", "n/a", "not available", "not applicable", "-", "--", "null")
LONG = 100_000  # characters from which a cell is reported
_CONTROL = re.compile(r"_x00[01][0-9A-Fa-f]_")  # how Excel writes control characters: _x000D_
_UNDERSCORE = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")  # and the underscore before such text


class CellError(str):
    """An empty cell where an error stands; ``what`` says which, in words for a report."""

    what: str

    @classmethod
    def of(cls, what: str) -> CellError:
        cell = cls("")
        cell.what = what
        return cell


class Lines(Protocol):
    """A file's lines; a new pass at every call, with nothing but the current line in memory."""

    file: str
    day_zero: date  # the day that a spreadsheet counts as 0

    def lines(self) -> Iterator[Line]: ...


def tidy(text: str, nothing: Collection[str] = ()) -> str:
    """A cell's text: entities read, Excel's control characters and white space as single spaces.

    A cell that says nothing in words ("No description available", "n/a") becomes empty.

    >>> tidy("K&auml;rntner _x000D_ Landesbank"), tidy("No description available.", NOTHING)
    ('Kärntner Landesbank', '')
    """
    if "_x00" in text:
        text = _UNDERSCORE.sub("_", _CONTROL.sub(" ", text))
    text = clean(text)
    return "" if len(text) < 40 and text.casefold().rstrip(".") in nothing else text


def nothing_words(table: Mapping[str, Any]) -> frozenset[str]:
    """Words that say nothing: the usual ones and the mapping's."""
    return frozenset(clean(word).casefold().rstrip(".") for word in (*NOTHING, *table.get("nothing", ())))


def day_of(number: str, day_zero: date) -> date:
    """The date that a spreadsheet stores as a number of days.

    Raises
    ------
    ValueError
        If it is no such number.
    """
    days = int(float(number))
    # Excel counts a 29 February 1900 that never was, so its first two months are one day off
    return day_zero + timedelta(days=days + (day_zero.year < 1900 and days < 60))


class Rows:
    """The rows of a table by column name, below its header; a new pass at every call."""

    def __init__(self, lines: Lines, header_row: int = 1, header_rows: int = 1) -> None:
        self.source = lines
        self._first, self._count = header_row, header_rows

    def header(self) -> list[str]:
        """Column names; those of several header rows are joined: ``Budget / 2020``."""
        return next(self._parts(), ([], (0, [])))[0]

    def __iter__(self) -> Iterator[Row]:
        for header, (number, line) in self._parts():
            if number and any(line):
                padded = line + [""] * (len(header) - len(line))
                yield number, dict(zip(header, padded, strict=False)), padded[len(header) :]

    def first_lines(self, count: int) -> list[Line]:
        """The first lines as they are, empty ones passed over."""
        found: list[Line] = []
        for number, line in self.source.lines():
            if any(line):
                found.append((number, line))
            if len(found) == count or number > 1000:
                break
        return found

    def _parts(self) -> Iterator[tuple[list[str], Line]]:
        """The header first with an empty line, then with every line below it."""
        above: list[list[str]] = []
        header: list[str] = []
        for number, line in self.source.lines():
            if number < self._first:
                continue
            if number < self._first + self._count:
                above.append(line)
                if number == self._first + self._count - 1:
                    header = joined(above)
                    yield header, (0, [])
                continue
            yield header, (number, line)


def joined(rows: list[list[str]]) -> list[str]:
    """One name a column from its header rows; an upper name goes on until the next one.

    >>> joined([["Project", "Budget", ""], ["", "2020", "2021"]])
    ['Project', 'Budget / 2020', 'Budget / 2021']
    """
    if len(rows) == 1:
        return rows[0]
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    for row in padded[:-1]:
        for at in range(1, width):
            if not row[at] and padded[-1][at]:
                row[at] = row[at - 1]
    return [" / ".join(dict.fromkeys(filter(None, column))) for column in zip(*padded, strict=True)]
