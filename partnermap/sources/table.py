'''A foreign table (CSV) into records, through a mapping that says what its columns mean.

One row is one activity; row 1 is the header, as a spreadsheet counts. A mapping is a TOML file:

    identifier = "US-501c3-522318905-SG-{AidData Project ID}"   # columns in braces

    [table]
    publisher = "Global Environment Facility"   # who reports; also publisher_ref, publisher_type
    licence = "ODC-By 1.0"                      # also secondary, dataset, language,
                                                # generated_date, delimiter, encoding
    [fields]
    title = "Project title"                     # a column, or { column = ..., language = ... }
    status = { column = "Status", values = { "Project Completion" = "3" } }
    dates.planned_start = { column = "Start", formats = ["%d-%b-%y"] }
    countries = { column = "Codes", split = ",", form = "iso2", scopes = { "1W" = "1" } }

    [[fields.participants]]
    role = "implementing"                       # or funding, accountable, extending, counterpart
    column = "Agency"                           # or name and ref, for a constant
    split = "/,"                                # each of these characters separates names

``partnermap.sources.mapping`` declares every key; ``docs/mapping.md`` explains them. A cell
without text says nothing: it gives no key and no report.
'''

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO, cast

from partnermap.errors import UnreadableFile
from partnermap.model import DatasetVersion, Refused, SourceRecord, canonical
from partnermap.sources.archive import Content
from partnermap.sources.imports import Import, dataset_id
from partnermap.sources.mapping import Mapping
from partnermap.sources.records import Doubts, record_of
from partnermap.sources.table_rows import read_row
from partnermap.sources.values import clean, shown

FALLBACK = "cp1252"
_DELIMITERS = ",;\t|"
Row = tuple[int, dict[str, str], list[str]]  # row number, cells by column, cells beyond the header


def read_table(content: Content, mapping: Mapping, dataset: str | None = None) -> Import:
    """Records of a table, one activity a row.

    Parameters
    ----------
    content : the file: text with separators, in UTF-8 (with or without a mark), UTF-16 with a
        mark, or else Windows-1252
    mapping : what its columns mean
    dataset : dataset id; default the mapping's, else from the file's name

    Returns
    -------
    Import
        ``dataset`` is complete. A row without identifier is refused; values that cannot be read
        are left out and reported.

    Raises
    ------
    UnreadableFile
        If the mapping names a column that the table lacks, or the table cannot be read as rows.
    """
    refused: list[Refused] = []
    sha256, encoding = _hash(content, mapping, refused)
    delimiter = mapping.table.get("delimiter") or _delimiter(content, encoding)
    table = _Table(content, encoding, delimiter)
    _check_columns(content.name, mapping, table.header())
    rows = named = 0
    for _, cells, _ in table.rows():
        rows += 1
        named += bool(mapping.identify(cells))
    if not rows:
        raise UnreadableFile(f"{content.name}: has a header and no rows, so there is nothing to import.")
    publisher, ref = mapping.table["publisher"], mapping.table.get("publisher_ref", "")
    version = DatasetVersion(
        dataset=dataset or mapping.table.get("dataset") or dataset_id(content.name),
        file=content.name,
        source="table",
        sha256=sha256,
        publisher=f"{publisher} ({ref})" if ref else publisher,
        licence=mapping.table.get("licence", ""),
        generated_date=mapping.table.get("generated_date"),
        activities=rows,
        rejected=rows - named,
    )
    return Import(version, _records(table, mapping, refused), refused)


def _records(table: _Table, mapping: Mapping, refused: list[Refused]) -> Iterator[SourceRecord]:
    doubts = Doubts(table.content.name, refused)
    seen: dict[str, tuple[int, bytes]] = {}
    for row, cells, extra in table.rows():
        doubts.row = row
        identifier = mapping.identify(cells)
        if not identifier:
            doubts.refuse(", ".join(mapping.identifier_columns()), "empty, so the row has no identifier and is left out. Correct it at the source.")
            continue
        if any(extra):
            doubts("", f"more cells than the header has; {shown(' '.join(extra))} is left out. Check separators and quotes.")
        activity = read_row(identifier, cells, mapping, doubts)
        text = canonical(activity)
        doubts.check_repeated(identifier, text, seen)
        yield record_of(activity, row, text)


class _Table:
    """The rows of a file; a new pass at every call."""

    def __init__(self, content: Content, encoding: str, delimiter: str) -> None:
        self.content, self._encoding, self._delimiter = content, encoding, delimiter

    def header(self) -> list[str]:
        with self.content.opened() as file:
            return next(self._lines(file), (0, []))[1]

    def rows(self) -> Iterator[Row]:
        with self.content.opened() as file:
            lines = self._lines(file)
            header = next(lines, (0, []))[1]
            for number, line in lines:
                if any(line):
                    padded = line + [""] * (len(header) - len(line))
                    yield number, dict(zip(header, padded, strict=False)), padded[len(header) :]

    def _lines(self, file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
        # strict: an unclosed quote would otherwise swallow every row after it without a word
        text = io.TextIOWrapper(io.BufferedReader(cast(io.RawIOBase, file)), self._encoding, "replace", newline="")
        reader = csv.reader(text, delimiter=self._delimiter, strict=True)
        try:
            for number, line in enumerate(reader, start=1):
                yield number, [clean(cell) for cell in line]
        except csv.Error as error:
            raise UnreadableFile(
                f"{self.content.name}: breaks near line {reader.line_num} ({error}), so no row after it can be told apart and nothing "
                "was imported. Look for a quote that is not closed or not doubled, or for another separator."
            ) from error
        finally:
            text.detach()


def _check_columns(file: str, mapping: Mapping, header: list[str]) -> None:
    missing = [column for column in mapping.columns() if column not in header]
    if missing:
        raise UnreadableFile(
            f"{file}: has no column {', '.join(map(repr, missing))}, which the mapping {mapping.file} names. "
            f"Its columns are {', '.join(repr(name) for name in header[:60] if name)}."
        )
    twice = [column for column in mapping.columns() if header.count(column) > 1]
    if twice:
        raise UnreadableFile(f"{file}: has the column {twice[0]!r} more than once, so it is not clear which one is meant. Rename one.")


def _hash(content: Content, mapping: Mapping, refused: list[Refused]) -> tuple[str, str]:
    """Hash of content and mapping, and the encoding in which every byte can be read."""
    digest = hashlib.sha256()
    stated = mapping.table.get("encoding")
    encoding = stated or _marked(content.head(4))
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError as error:
        raise UnreadableFile(f"{mapping.file}: {error}. Name the encoding as Python does, such as utf-8 or cp1252.") from error
    with content.opened() as file:
        while block := file.read(65_536):
            digest.update(block)
            if encoding != FALLBACK or stated:
                encoding, decoder = _decode(content.name, decoder, block, encoding, stated, refused)
    digest.update(mapping.text.encode())
    return digest.hexdigest(), encoding


def _decode(
    file: str, decoder: codecs.IncrementalDecoder, block: bytes, encoding: str, stated: str | None, refused: list[Refused]
) -> tuple[str, codecs.IncrementalDecoder]:
    try:
        decoder.decode(block)
    except UnicodeDecodeError as error:
        if stated:
            raise UnreadableFile(f"{file}: is not in the encoding {stated} that the mapping states. Correct the mapping or leave encoding out.") from error
        refused.append(Refused(file, 0, "encoding", "not UTF-8; read as Windows-1252. Check letters with accents, or state the encoding in the mapping.", kept=True))
        return FALLBACK, codecs.getincrementaldecoder(FALLBACK)("replace")
    return encoding, decoder


def _marked(start: bytes) -> str:
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def _delimiter(content: Content, encoding: str) -> str:
    """The separator that the header line holds most often; a comma when it holds none."""
    line = content.head().decode(encoding, "replace").split("\n", 1)[0]
    outside = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)
