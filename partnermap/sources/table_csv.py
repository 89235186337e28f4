"""The lines of a CSV file: its delimiter and encoding found, or as the mapping states them."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO, cast

from partnermap.errors import UnreadableFile
from partnermap.model import Refused
from partnermap.sources.archive import Content
from partnermap.sources.table_encoding import NAMES, line_encodings, utf8
from partnermap.sources.table_lines import Line, nothing_words, tidy

MAX_CELL = 16_000_000  # characters; a longer cell is a quote that nobody closed
DELIMITERS = ",;\t|"
_TOP = 25  # lines among which a header is looked for


class CsvLines:
    """A CSV file's lines, after one pass that took its hash and tried its encoding."""

    def __init__(self, content: Content, table: Mapping[str, Any], stated_in: str, refused: list[Refused]) -> None:
        self.file = content.name
        self.day_zero = date(1899, 12, 30)
        self._content, self._nothing = content, nothing_words(table)
        self.digest, self.encoding, self._others = _hash(content, table.get("encoding"), stated_in, refused)
        self._delimiter = table.get("delimiter") or _find_delimiter(content, self.encoding, table.get("header_row", 1))

    def lines(self) -> Iterator[Line]:
        with self._content.opened() as file:
            yield from self._lines(file)

    def _lines(self, file: BinaryIO) -> Iterator[Line]:
        buffer = io.BufferedReader(cast(io.RawIOBase, file))
        wrapper = io.TextIOWrapper(buffer, self.encoding, "replace", newline="") if not self._others else None
        text = wrapper or (read if (read := utf8(line)) is not None else line.decode(self._others, "replace") for line in buffer)
        csv.field_size_limit(MAX_CELL)  # of the whole process; Python's own limit is 131,072
        # strict: an unclosed quote would otherwise swallow every row after it without a word
        reader = csv.reader(text, delimiter=self._delimiter, strict=True)
        try:
            for number, line in enumerate(reader, start=1):
                yield number, [tidy(cell, self._nothing) for cell in line]
        except csv.Error as error:
            raise UnreadableFile(
                f"{self.file}: breaks near line {reader.line_num} ({error}), so no row after it can be told apart and nothing "
                "was imported. Look for a quote that is not closed or not doubled, or for another separator."
            ) from error
        finally:
            if wrapper:
                wrapper.detach()


def _hash(content: Content, stated: str | None, stated_in: str, refused: list[Refused]) -> tuple[hashlib._Hash, str, str]:
    """Hash of the content, the encoding in which every byte can be read, and of lines that are not in it, if any."""
    digest = hashlib.sha256()
    encoding = stated or _marked(content.head(4))
    broken = False
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError as error:
        raise UnreadableFile(f"{stated_in}: {error}. Name the encoding as Python does, such as utf-8 or cp1252.") from error
    with content.opened() as file:
        while block := file.read(65_536):
            digest.update(block)
            if broken:
                continue
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                if stated:
                    raise UnreadableFile(f"{content.name}: is not in the encoding {stated} that the mapping states. Correct the mapping or leave encoding out.") from error
                broken = True
    if not broken:
        return digest, encoding, ""
    found = line_encodings(content)
    name = NAMES[found.single]
    accents = "" if "Cyrillic" in name else " with accents"
    if found.mixed:
        what = f"{found.lines:,} lines, from line {found.first:,} on, are" if found.lines > 1 else f"line {found.first:,} is"
        refused.append(Refused(content.name, 0, "encoding", f"{what} not UTF-8 as others are; read as {name}. Check letters{accents}, and ask for a file in one encoding.", kept=True))
        return digest, "utf-8", found.single
    refused.append(Refused(content.name, 0, "encoding", f"not UTF-8; read as {name}. Check letters{accents}, or state the encoding in the mapping.", kept=True))
    return digest, found.single, ""


def _marked(start: bytes) -> str:
    return "utf-16" if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def _find_delimiter(content: Content, encoding: str, header_row: int) -> str:
    """The separator that the header line holds most often, or where it holds none, as a title does, the first lines.

    A comma when none of them holds any.
    """
    lines = content.head().decode(encoding, "replace").split("\n")
    for some in ([lines[min(header_row, len(lines)) - 1]], lines[:_TOP]):
        outside = "".join("".join(some).split('"')[::2])
        if any(mark in outside for mark in DELIMITERS):
            return max(DELIMITERS, key=outside.count)
    return ","
