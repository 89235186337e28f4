"""The lines of one sheet of a workbook (XLSX), streamed: memory does not grow with its rows.

Taking a workbook's XML apart is slow, so the first whole pass leaves its lines in a temporary file
without a name, and later passes read that.

Formulas give the value that the program which saved the workbook stored with them; a merged
range gives its value to each of its cells; dates come as ISO text, counted from the workbook's
own first day (1900 or 1904). Text is text, also where it begins with ``=``, ``+``, ``-`` or ``@``.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import repeat
from typing import Any, BinaryIO, cast

from partnermap.errors import MissingExtra, UnreadableFile
from partnermap.model import Refused
from partnermap.sources.archive import FREE_BYTES, MAX_RATIO, Content
from partnermap.sources.table_lines import CellError, Line, nothing_words, tidy

Fits = Callable[[list[list[str]]], bool]  # whether a sheet is meant, by its first rows
TOP = 60  # of them
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_BLOCK = 1 << 20
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_NO_VALUE = "a formula without a stored value"
# what openpyxl raises where a workbook is damaged or not written by the rules
_DAMAGE = (zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError, AttributeError, SyntaxError, EOFError, OSError)


class XlsxLines:
    """Lines of the sheet that the mapping names, or of the only visible one whose top fits."""

    def __init__(self, content: Content, table: Mapping[str, Any], fits: Fits, refused: list[Refused]) -> None:
        self.file = content.name
        self.day_zero = date(1899, 12, 30)
        self._content, self._nothing = content, nothing_words(table)
        self.sheet = self._path = ""
        self.hidden: list[str] = []  # sheets that are hidden and not read
        self._merges: list[tuple[int, int, int, int]] = []  # first row, last row, first column, last column
        self._formulas = False
        self._spool: BinaryIO | None = None  # the lines, once a pass came to their end
        self.digest = _hash(content)
        self._choose(table.get("sheet"), fits, refused)

    def lines(self) -> Iterator[Line]:
        if self._spool is not None:
            self._spool.seek(0)
            for text in self._spool:
                number, line = json.loads(text)
                yield number, [CellError.of(cell[0]) if isinstance(cell, list) else cell for cell in line]
            return
        spool = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - later passes read it
        for number, line in self._parsed():
            spool.write(json.dumps([number, [[cell.what] if isinstance(cell, CellError) else cell for cell in line]]).encode() + b"\n")
            yield number, line
        self._spool = spool

    def _parsed(self) -> Iterator[Line]:
        with _workbook(self._content) as book, self._formula_rows() as formulas:
            sheet = book[self.sheet]
            sheet.reset_dimensions()  # written dimensions are often wrong; the rows themselves count
            merged = _Merged(self._merges)
            rows = self._guarded(sheet.iter_rows(values_only=True))
            for number, (cells, texts) in enumerate(zip(rows, formulas, strict=False), start=1):
                line = [self._text(cell) for cell in cells]
                for at, text in enumerate(texts or ()):
                    if at < len(line) and cells[at] is None and isinstance(text, str) and text.startswith("="):
                        line[at] = CellError.of(_NO_VALUE)
                yield number, merged.fill(number, line)

    def _text(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, str):
            return CellError.of(f"the error {value}") if value in _ERRORS else tidy(value, self._nothing)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        if isinstance(value, datetime):
            return value.date().isoformat() if value.time() == time(0) else value.isoformat(sep=" ", timespec="seconds")
        return value.isoformat() if isinstance(value, date | time) else str(value)

    @contextmanager
    def _formula_rows(self) -> Iterator[Iterator[Any]]:
        """Each row's formulas, beside its values; nothing to compare in a sheet without formulas."""
        if not self._formulas:
            yield repeat(None)
            return
        with _workbook(self._content, data_only=False) as book:
            sheet = book[self.sheet]
            sheet.reset_dimensions()
            yield self._guarded(sheet.iter_rows(values_only=True))

    def _guarded(self, rows: Iterator[Any]) -> Iterator[Any]:
        try:
            yield from rows
        except _DAMAGE as error:
            raise _damaged(self.file, error) from error

    def _choose(self, stated: str | None, fits: Fits, refused: list[Refused]) -> None:
        with _workbook(self._content) as book:
            self.day_zero = date(1904, 1, 1) if book.epoch.year == 1904 else self.day_zero
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            hidden = [title for title, sheet in sheets.items() if sheet.sheet_state != "visible"]
            visible = [title for title in sheets if title not in hidden]
            if stated is not None and stated not in sheets:
                raise UnreadableFile(f"{self.file}: has no sheet {stated!r}, which the mapping names. Its sheets are {', '.join(map(repr, sheets))}.")
            fitting = [title for title in visible if stated is None and len(visible) > 1 and fits(self._top(sheets[title]))]
            if stated is None and len(visible) > 1 and len(fitting) != 1:
                raise UnreadableFile(
                    f"{self.file}: has {len(visible)} visible sheets ({', '.join(map(repr, visible))}), and it is not clear which one is meant. "
                    'Name it in the mapping: [table] sheet = "...".'
                )
            if not sheets or (stated is None and not visible):
                raise UnreadableFile(f"{self.file}: has no visible sheet. Show the sheet that is meant, or name it in the mapping.")
            self.sheet = stated or (fitting or visible)[0]
            self._path = sheets[self.sheet]._worksheet_path
        if self.sheet in hidden:
            refused.append(Refused(self.file, 0, "sheet", f"{self.sheet!r} is hidden; it is read because the mapping names it.", kept=True))
        self.hidden = [title for title in hidden if title != self.sheet]
        if self.hidden:
            refused.append(Refused(self.file, 0, "sheet", f"hidden, and not read: {', '.join(map(repr, self.hidden))}. Name a sheet in the mapping to read it.", kept=True))
        self._scan()

    def _top(self, sheet: Any) -> list[list[str]]:
        sheet.reset_dimensions()
        return [[self._text(cell) for cell in row] for row in self._guarded(sheet.iter_rows(max_row=TOP, values_only=True))]

    def _scan(self) -> None:
        """Merged ranges, and whether there are formulas: they stand in the sheet's XML alone."""
        from openpyxl.utils.cell import range_boundaries

        found: set[bytes] = set()
        with _seekable(self._content) as file, zipfile.ZipFile(file) as archive, archive.open(self._path) as sheet:
            kept = b""
            while block := sheet.read(_BLOCK):
                block = kept + block
                found.update(_MERGED.findall(block))
                self._formulas = self._formulas or _FORMULA.search(block) is not None
                kept = block[-200:]
        for ref in found:
            left, top, right, bottom = range_boundaries(ref.decode())
            self._merges.append((top, bottom, left - 1, right - 1))
        self._merges.sort()


class _Merged:
    """Gives each cell of a merged range the value of its first one."""

    def __init__(self, ranges: list[tuple[int, int, int, int]]) -> None:
        self._coming = iter(ranges)
        self._next = next(self._coming, None)
        self._open: list[tuple[int, int, int, str]] = []  # last row, first and last column, value

    def fill(self, number: int, line: list[str]) -> list[str]:
        self._open = [one for one in self._open if one[0] >= number]
        while self._next and self._next[0] <= number:
            _, bottom, left, right = self._next
            self._open.append((bottom, left, right, line[left] if left < len(line) else ""))
            self._next = next(self._coming, None)
        for _, left, right, value in self._open:
            line.extend([""] * (right + 1 - len(line)))
            line[left : right + 1] = [value] * (right + 1 - left)
        return line


def _hash(content: Content) -> hashlib._Hash:
    digest = hashlib.sha256()
    with content.opened() as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest


@contextmanager
def _seekable(content: Content) -> Iterator[BinaryIO]:
    """The file's bytes, copied aside where they lie inside a zip, since a workbook is read in leaps."""
    with content.opened() as file:
        if content.name.count("/") == 0:
            with content.open_raw() as raw:
                yield raw
            return
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(file, copy)
            copy.seek(0)
            yield cast(BinaryIO, copy)


@contextmanager
def _workbook(content: Content, *, data_only: bool = True) -> Iterator[Any]:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise MissingExtra(f'{content.name}: reading a workbook needs openpyxl: pip install "partnermap[xlsx]"') from error
    with _seekable(content) as file:
        try:
            _check_size(content, file)
            # of page headers, styles and rules, which carry no data
            warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
            book = load_workbook(file, read_only=True, data_only=data_only, keep_links=False)
        except UnreadableFile:
            raise
        except _DAMAGE as error:
            raise _damaged(content.name, error) from error
        try:
            yield book
        finally:
            book.close()


def _check_size(content: Content, file: BinaryIO) -> None:
    with zipfile.ZipFile(file) as archive:
        expanded = sum(member.file_size for member in archive.infolist())
    file.seek(0)
    if expanded > FREE_BYTES and expanded > MAX_RATIO * max(content.packed_size, 1):
        raise UnreadableFile(
            f"{content.name}: {content.packed_size:,} packed bytes expand to {expanded:,}, over {MAX_RATIO} times their size, so nothing was read. "
            "If the workbook is real, save its sheet as CSV and import that."
        )


def _damaged(file: str, error: BaseException) -> UnreadableFile:
    return UnreadableFile(f"{file}: the workbook is damaged or was not written as Excel does ({type(error).__name__}: {error}). Open it in Excel, save it again, and import that.")
