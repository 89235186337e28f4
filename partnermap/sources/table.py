'''A foreign table (CSV, XLSX) into records, through a mapping that says what its columns mean.

One row is one activity, or several rows are with ``group``; row 1 is the first line, as a
spreadsheet counts. A mapping is a TOML file:

    identifier = "US-501c3-522318905-SG-{AidData Project ID}"   # columns in braces

    [table]
    publisher = "Global Environment Facility"   # who reports; also publisher_ref, publisher_type
    licence = "ODC-By 1.0"                      # also secondary, dataset, language, sheet, group, ...
    [fields]
    title = "Project title"                     # a column, or { column = ..., language = ... }
    status = { column = "Status", values = { "Project Completion" = "3" } }
    dates.planned_start = { column = "Start", formats = ["%d-%b-%y"] }
    countries = { column = "Codes", split = ",", form = "iso2", scopes = { "1W" = "1" } }
    money = { column = "Amount", currency = "USD", unit = 1000000, zero = "unknown" }

    [[fields.participants]]
    role = "implementing"                       # or funding, accountable, extending, counterpart
    column = "Agency"                           # or name and ref, for a constant
    split = "/,"                                # each of these characters separates names

``partnermap.sources.mapping`` declares every key; ``docs/mapping.md`` explains them. A cell
without text says nothing: it gives no key and no report.
'''

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from partnermap.errors import UnreadableFile
from partnermap.model import DatasetVersion, Refused, SourceRecord, canonical
from partnermap.sources.archive import ZIP, Content
from partnermap.sources.imports import Import, dataset_id
from partnermap.sources.mapping import Mapping as TableMapping
from partnermap.sources.records import Doubts, record_of
from partnermap.sources.table_csv import CsvLines
from partnermap.sources.table_group import merge_rows
from partnermap.sources.table_layout import rows_left_out
from partnermap.sources.table_lines import LONG, CellError, Row, Rows, joined
from partnermap.sources.table_rows import read_row
from partnermap.sources.table_xlsx import Fits, XlsxLines
from partnermap.sources.values import shown


def open_lines(content: Content, table: Mapping[str, Any], refused: list[Refused], *, fits: Fits, stated_in: str = "") -> CsvLines | XlsxLines:
    """The lines of a file, opened by what its first bytes are.

    Parameters
    ----------
    table : a mapping's ``[table]``: delimiter, encoding, sheet, words that say nothing
    refused : takes what the file as a whole leaves in doubt
    fits : whether a sheet is the one that is meant, by its first rows, where nobody named one
    stated_in : the mapping's name, for messages
    """
    if content.head(4) == ZIP:
        return XlsxLines(content, table, fits, refused)
    return CsvLines(content, table, stated_in, refused)


def read_table(content: Content, mapping: TableMapping, dataset: str | None = None) -> Import:
    """Records of a table: one activity a row, or all rows of one identifier.

    Parameters
    ----------
    content : a workbook, or text with separators in UTF-8 (with or without a mark), UTF-16 with
        a mark, or else in Windows-1251, KOI8 or DOS 866 where it is Cyrillic, in Windows-1252 where not
    mapping : what its columns mean
    dataset : dataset id; default the mapping's, else from the file's name

    Returns
    -------
    Import
        ``dataset`` is complete. A row without identifier is refused, and one that is no activity
        (totals, headings, notes below the list); values that cannot be read are left out and reported.

    Raises
    ------
    UnreadableFile
        If the mapping names a column that the table lacks, or the table cannot be read as rows.
    MissingExtra
        If the file is a workbook and openpyxl is not installed.
    """
    refused: list[Refused] = []
    options = mapping.table
    lines = open_lines(content, options, refused, fits=lambda top: _holds_columns(top, mapping), stated_in=mapping.file)
    lines.digest.update(mapping.text.encode())
    rows = Rows(lines, options.get("header_row", 1), options.get("header_rows", 1))
    _check_columns(mapping, rows)
    beside = rows_left_out(rows, () if options.get("by_title") else mapping.identifier_columns(), notes=options.get("notes", True))
    count, unnamed, repeated = 0, 0, _Repeated()
    for number, cells, _ in rows:
        count += 1
        identifier = "" if number in beside else mapping.identify(cells)
        unnamed += not identifier
        if identifier:
            repeated.add(identifier)
    repeated.close()
    if not count:
        raise UnreadableFile(f"{content.name}: has a header and no rows, so there is nothing to import.")
    publisher, ref = options["publisher"], options.get("publisher_ref", "")
    version = DatasetVersion(
        dataset=dataset or options.get("dataset") or dataset_id(content.name),
        file=content.name,
        source="table",
        sha256=lines.digest.hexdigest(),
        publisher=f"{publisher} ({ref})" if ref else publisher,
        licence=options.get("licence", ""),
        generated_date=options.get("generated_date"),
        activities=repeated.different if options.get("group") else count - len(beside),
        rejected=unnamed,
    )
    return Import(version, _records(rows, mapping, beside, repeated, refused), refused)


def _holds_columns(top: list[list[str]], mapping: TableMapping) -> bool:
    """Whether the header rows hold every column; where there are several, whether there are any."""
    first, count = mapping.table.get("header_row", 1) - 1, mapping.table.get("header_rows", 1)
    header = top[first : first + count]
    return bool(header) and set(mapping.columns()) <= set(joined(header))


class _Repeated:
    """Which identifiers stand in several rows, in a few bytes a row: their hashes, of 64 bits."""

    def __init__(self) -> None:
        self._exact, self._folded = array("Q"), array("Q")
        self._sizes: dict[int, int] = {}
        self._alike: set[int] = set()
        self.different = 0

    def add(self, identifier: str) -> None:
        self._exact.append(_hash64(identifier))
        self._folded.append(_hash64(identifier.casefold()))

    def close(self) -> None:
        """Keep the repeated ones alone."""
        exact, times = np.unique(np.frombuffer(self._exact, dtype=np.uint64), return_counts=True)
        self.different = len(exact)
        self._sizes = dict(zip(exact[times > 1].tolist(), times[times > 1].tolist(), strict=True))
        folded, times = np.unique(np.frombuffer(self._folded, dtype=np.uint64), return_counts=True)
        self._alike = set(folded[times > 1].tolist())
        self._exact, self._folded = array("Q"), array("Q")

    def rows_of(self, identifier: str) -> int:
        """In how many rows it stands."""
        return self._sizes.get(_hash64(identifier), 1)

    def is_alike(self, identifier: str) -> bool:
        """Whether it stands in several rows, ignoring capital letters."""
        return _hash64(identifier.casefold()) in self._alike


def _hash64(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def _records(rows: Rows, mapping: TableMapping, beside: Mapping[int, str], repeated: _Repeated, refused: list[Refused]) -> Iterator[SourceRecord]:
    doubts = Doubts(rows.source.file, refused)
    seen: dict[str, tuple[int, bytes]] = {}
    folded: dict[str, str] = {}
    grouped = bool(mapping.table.get("group"))
    for identifier, group in _groups(rows, mapping, beside, repeated, doubts):
        told = len(refused)
        said = []
        for row, cells, extra in group:
            doubts.row = row
            _check_cells(cells, extra, mapping, doubts)
            said.append((row, read_row(identifier, cells, mapping, doubts, rows.source.day_zero)))
        refused[told:] = _once(refused[told:])
        activity = merge_rows(said, doubts) if grouped else said[0][1]
        doubts.row = group[0][0]
        text = canonical(activity)
        if repeated.is_alike(identifier):
            doubts.check_repeated(identifier, text, seen)
            other = folded.setdefault(identifier.casefold(), identifier)
            if other != identifier:
                doubts("identifier", f"differs from another in capital letters only: “{shown(identifier)}” and “{shown(other)}”; both are kept as two. Are they one project? Correct it at the source.")
        yield record_of(activity, group[0][0], text)


def _once(told: list[Refused]) -> list[Refused]:
    """What several rows of one activity leave in doubt in the same words, once."""
    found: dict[tuple[str, str], Refused] = {}
    for entry in told:
        found.setdefault((entry.field, entry.reason), entry)
    return list(found.values())


def _groups(rows: Rows, mapping: TableMapping, beside: Mapping[int, str], repeated: _Repeated, doubts: Doubts) -> Iterator[tuple[str, list[Row]]]:
    """Rows of one activity together; without grouping, every row by itself.

    Rows of a group may lie anywhere: those that have begun are held until their last one came.
    """
    waiting: dict[str, list[Row]] = {}
    grouped = bool(mapping.table.get("group"))
    for row in rows:
        identifier = mapping.identify(row[1])
        if row[0] in beside:
            doubts.row = row[0]
            doubts.refuse("", beside[row[0]])
        elif not identifier:
            doubts.row = row[0]
            errors = [cell.what for column in mapping.identifier_columns() if isinstance(cell := row[1][column], CellError)]
            advice = "Correct it in the workbook, save it, and import it again." if errors else "Correct it at the source."
            doubts.refuse(", ".join(mapping.identifier_columns()), f"{' and '.join(errors) or 'empty'}, so the row has no identifier and is left out. {advice}")
        elif not grouped:
            yield identifier, [row]
        else:
            group = waiting.setdefault(identifier, [])
            group.append(row)
            if len(group) == repeated.rows_of(identifier):
                yield identifier, waiting.pop(identifier)


def _check_cells(cells: Mapping[str, str], extra: list[str], mapping: TableMapping, doubts: Doubts) -> None:
    if any(extra):
        doubts("", f"more cells than the header has; {shown(' '.join(extra))} is left out. Check separators and quotes.")
    for column in mapping.columns():
        if len(cells[column]) > LONG:
            doubts(column, f"{len(cells[column]):,} characters in one cell; kept. Is a quote not closed, or a file pasted in?")


def _check_columns(mapping: TableMapping, rows: Rows) -> None:
    file, header = rows.source.file, rows.header()
    missing = [column for column in mapping.columns() if column not in header]
    if missing:
        raise UnreadableFile(
            f"{file}: has no column {', '.join(map(repr, missing))}, which the mapping {mapping.file} names. "
            f"Its columns are {', '.join(repr(name) for name in header[:60] if name)}.{_elsewhere(mapping, rows)}"
        )
    twice = [column for column in mapping.columns() if header.count(column) > 1]
    if twice:
        raise UnreadableFile(f"{file}: has the column {twice[0]!r} more than once, so it is not clear which one is meant. Rename one.")


def _elsewhere(mapping: TableMapping, rows: Rows) -> str:
    """A hint where another of the first lines is the header."""
    for number, line in rows.first_lines(20):
        if set(mapping.columns()) <= set(line):
            return f" Row {number} holds them all: write header_row = {number} under [table]."
    if isinstance(rows.source, XlsxLines) and rows.source.hidden:
        return f" Sheets that are hidden were not looked at: {', '.join(map(repr, rows.source.hidden))}. Name one to read it: [table] sheet = \"...\"."
    return ""
