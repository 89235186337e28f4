"""A proposal while it is made: the table's columns, which of them are used, and the lines so far.

Each line comes with its confidence (sure, likely, guess, asked) and why. What the columns may hold
is guessed in :mod:`partnermap.sources.suggest_columns`.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice

from partnermap.codes.names import normalise
from partnermap.codes.organizations import KnownOrganization
from partnermap.errors import UnreadableFile
from partnermap.sources.archive import Content
from partnermap.sources.imports import dataset_id
from partnermap.sources.mapping import as_number
from partnermap.sources.suggest_columns import (
    Column,
    country_column,
    country_share,
    identifier_column,
    organization_in,
    profile,
    title_column,
)
from partnermap.sources.suggest_dates import date_field
from partnermap.sources.suggest_layout import find_table
from partnermap.sources.table_draft import split
from partnermap.sources.table_layout import rows_left_out

READ = 20_000  # rows that a proposal is made from
QUESTION_MARK = "?"
QUESTION = f'"{QUESTION_MARK}"'
Line = tuple[str, str, str]  # of the mapping, its confidence, why
Section = list[Line]  # a table of its own


class Draft:
    """The lines of a proposal while it is made."""

    def __init__(self, content: Content) -> None:
        self.lines: list[Line] = []
        self.used: set[str] = set()
        self.found = find_table(content)
        self._rows = self.found.rows
        self._read = list(islice(self._rows, READ))
        self._profile()
        if not self.count:
            raise UnreadableFile(f"{content.name}: has a header and no rows, so nothing can be proposed.")
        self.number = identifier_column(self.columns, self.count)
        if self.number:  # a heading where project numbers stand is seen only now
            self._profile(self.number.name)
            self.number = identifier_column(self.columns, self.count)
        self.title = title_column(self.columns)
        if self.number is None and self.title is None:
            raise UnreadableFile(
                f"{content.name}: no column looks like a project number, filled in most rows, nor like a title. Row {self.found.header_row} "
                f"is taken as the header, with {', '.join(repr(name) for name in self._rows.header() if name)}. Write the mapping by hand: docs/mapping.md."
            )
        self.named_by = [self.number] if self.number else self._columns_that_tell_apart()
        self.publisher = organization_in(normalise(dataset_id(content.name)).split())

    def free(self) -> list[Column]:
        return [c for c in self.columns if c.name not in self.used and c.filled]

    def unused(self) -> list[str]:
        """Columns that no line names; of those that share one name nobody can tell which is meant."""
        several = [f"{name} ({times} columns)" for name, times in Counter(self._rows.header()).items() if name and times > 1]
        return [c.name for c in self.columns if c.name not in self.used] + several

    def above(self) -> list[str]:
        """Texts of the rows above the header, each once."""
        lines = self.found.rows.first_lines(self.found.header_row)
        return list(dict.fromkeys(cell for number, line in lines if number < self.found.header_row for cell in line if cell))

    def take(self, column: Column) -> str:
        """The name of a column that a line uses, as TOML writes it."""
        self.used.add(column.name)
        return quoted(column.name)

    def add(self, line: str, confidence: str = "", why: str = "") -> None:
        self.lines.append((line, confidence, why))

    def text(self) -> str:
        out = ["# Proposed by partnermap import --suggest. Check each line; answer every \"?\"; see docs/mapping.md.", ""]
        out += [f"{line} # {confidence}: {why}" if confidence else line for line, confidence, why in self.lines]
        if left := self.unused():
            out += ["", f"# Not used: {', '.join(left)}"]
        return "\n".join(out) + "\n"

    def _columns_that_tell_apart(self) -> list[Column]:
        """The title, with country and then start where several rows have one title."""
        title, place = self.title, country_column(self.columns)
        start = next((c for c in self.columns if (date_field(c) or "").endswith("_start")), None)
        found = [title] if title else []
        for more in (place[2] if place else None, start):
            rows = Counter(tuple(as_number(cells[c.name]) for c in found) for cells in self._cells)
            if max(rows.values(), default=0) < 2:
                break
            found += [more] if more else []
        return found

    def _profile(self, *numbers: str) -> None:
        beside = rows_left_out(self._read, numbers)
        self._cells = [cells for number, cells, _ in self._read if number not in beside]
        self.columns, self.count = profile(self._rows.header(), self._cells), len(self._cells)

    def companion(self, codes: Column) -> dict[str, list[str]]:
        """What stands in the other country column of the rows that hold nothing but a code."""
        other = max((c for c in self.columns if c is not codes), key=lambda c: country_share(c, "name"))
        found: dict[str, list[str]] = {}
        if country_share(other, "name") > 0.5:
            for cells in self._cells:
                pieces = split(cells[codes.name], ",;")
                for piece in pieces:
                    found.setdefault(piece, []).extend([cells[other.name]] if len(pieces) == 1 else [])
        return found


def organisation_type(org: KnownOrganization) -> str:
    """IATI organisation type of a listed organization."""
    return {"bilateral": "10", "government": "10", "public": "15", "ngo": "21", "partnership": "30", "foundation": "60", "private": "70", "academic": "80", "research": "80"}.get(org.kind, "40")


def quoted(text: str) -> str:
    """Text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)
