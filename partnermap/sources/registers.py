"""Our own workbooks into records: one dataset a sheet, so that each sheet stands for itself.

A workbook carries a mark (``MARK``) and a sheet About; see ``registers_book``. On each sheet the
header is found by its names, rows marked EXAMPLE are passed over, and what cannot be read is
reported with sheet, row, column and what is allowed. People are never part of a record: they are
handed on beside the records (``Import.people``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from partnermap.codes.names import normalise
from partnermap.errors import UnreadableFile
from partnermap.model import DatasetVersion, Refused, Row, SourceRecord, canonical
from partnermap.sources.archive import Content
from partnermap.sources.imports import Import
from partnermap.sources.records import Doubts, record_of, reporter_key
from partnermap.sources.registers_activity import activity_content
from partnermap.sources.registers_cells import (
    Own,
    Value,
    activity_id,
    name_and_address,
    nearest,
    read_cell,
)
from partnermap.sources.registers_grid import Grid, Opened, open_workbook
from partnermap.sources.registers_sheets import ABOUT, EXAMPLE, LISTS, Book, Column, Sheet
from partnermap.sources.registers_unit import BOOKS

NOTHING = f"no sheet has a row to import; rows marked {EXAMPLE} are only shown."
LOOK = 12  # rows among which the header is looked for


def read_registers(content: Content, dataset: str | None = None) -> list[Import]:
    """The sheets of one of our workbooks that hold rows, each as a dataset of its own.

    Parameters
    ----------
    content : the file
    dataset : how the datasets' ids begin; default ``registers``, or ``adviser-return-`` and who
        sends it

    Returns
    -------
    list of Import
        In the order of the workbook's declaration; then those with a header and no row, marked
        ``emptied``.

    Raises
    ------
    UnreadableFile
        If the file cannot be opened, does not say whose return it is, or has no sheet that can be read.
    """
    opened = open_workbook(content)
    book = BOOKS[opened.book]
    base = dataset or _base(content, opened)
    doubts: list[Refused] = []
    found: list[Import] = []
    emptied: list[Import] = []
    grids: dict[str, Grid] = {}
    for grid in opened.grids:
        sheet = book.sheet(grid.name)
        if grid.name in (ABOUT, LISTS):
            continue
        if sheet is None:
            names = [s.name for s in book.sheets]
            doubts.append(Refused(content.name, 0, f"sheet {grid.name}", f"is no sheet of this workbook{nearest(grid.name, names)} and was not read; known: {', '.join(names)}", kept=True))
        elif grid.hidden:
            doubts.append(Refused(content.name, 0, f"sheet {grid.name}", "is hidden and was not read; unhide it, or delete it", kept=True))
        else:
            grids[sheet.name] = grid
    for sheet in book.sheets:
        if sheet.name in grids:
            one = _Reading(content, sheet, grids[sheet.name], opened.own, opened.adviser, f"{base}-{sheet.dataset}")
            if one.read():
                (found if one.rows else emptied).append(one.result(book))
            else:
                doubts += one.refused
    found += emptied
    if not found:
        told = " ".join(map(str, doubts[:3]))
        raise UnreadableFile(f"{content.name}: {NOTHING} {told}".strip())
    found[0].refused[:0] = doubts
    return found


def _base(content: Content, opened: Opened) -> str:
    if opened.book != "adviser-return":
        return opened.book
    if not opened.adviser:
        raise UnreadableFile(
            f"{content.name}, sheet {ABOUT}, cell B4: does not say whose return it is. Write the post there, such as "
            "Regional Adviser Environment, and import the file again."
        )
    return return_id(opened.adviser)


def return_id(adviser: str) -> str:
    """How the ids of an adviser's datasets begin."""
    return f"adviser-return-{normalise(adviser).replace(' ', '-')}"


@dataclass
class _Reading:
    """One sheet while it is read."""

    content: Content
    sheet: Sheet
    grid: Grid
    own: Own
    adviser: str
    dataset: str
    records: list[SourceRecord] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.doubts = Doubts(f"{self.content.name}, sheet {self.sheet.name}", self.refused)

    def read(self) -> bool:
        """Read the sheet; whether it has a header that can be read."""
        header = self._header()
        if header is None:
            return False
        at, columns = header
        examples = 0
        first = next((place for place, column in columns.items() if column is self.sheet.columns[0]), 0)
        for number, cells in self.grid.rows(after=at):
            if not any(cells[i] not in (None, "") for i in columns):
                continue
            if any(str(cells[place] or "").strip().startswith(EXAMPLE) for place in (0, first)):
                examples += 1
                continue
            self.rows += 1
            self.doubts.row = number
            self._row(number, cells, columns)
        for row, column, reason in self.grid.problems:
            if row > at:
                self.doubts.row = row
                self.doubts(columns[column].name if column in columns else f"column {column + 1}", reason)
        self.refused.sort(key=lambda r: r.row)
        if self.rows and examples:
            self.notes.append(f"sheet {self.sheet.name}: {examples} rows marked {EXAMPLE} are ignored")
        return True

    def _header(self) -> tuple[int, dict[int, Column]] | None:
        """Row of the header, and the columns by their position from 0."""
        by_name = {normalise(c.name): c for c in self.sheet.columns}
        best: tuple[int, int, Sequence[Any]] = (0, 0, ())
        for number, cells in self.grid.rows(until=LOOK):
            known = len({normalise(str(c)) for c in cells if c is not None} & by_name.keys())
            if known > best[0]:
                best = (known, number, cells)
        if best[0] < min(2, len(self.sheet.columns)):
            self.doubts.refuse("", f"has no header row; its columns are {', '.join(c.name for c in self.sheet.columns)}. Copy them from an empty workbook: partnermap workbook {self._book()}")
            return None
        columns: dict[int, Column] = {}
        self.doubts.row = best[1]
        for place, text in enumerate(best[2]):
            if text is None or not str(text).strip():
                continue
            column = by_name.get(normalise(str(text)))
            if column is None:
                names = [c.name for c in self.sheet.columns]
                self.doubts(str(text), f"is no column of this sheet{nearest(str(text), names)} and was not read; known: {', '.join(names)}")
            elif column in columns.values():
                self.doubts(column.name, "stands twice in the header; the first one is read. Rename or delete the other")
            else:
                columns[place] = column
        missing = [c.name for c in self.sheet.columns if c.required and c not in columns.values()]
        if missing:
            self.doubts.refuse(", ".join(missing), f"{'is' if len(missing) == 1 else 'are'} missing in the header, so that no row can be read. Put the column back")
            return None
        return best[1], columns

    def _book(self) -> str:
        return next(name for name, book in BOOKS.items() if self.sheet in book.sheets)

    # --- one row ---------------------------------------------------------------------------------

    def _row(self, number: int, cells: Sequence[Any], columns: dict[int, Column]) -> None:
        values: dict[str, Value] = {}
        bad: list[str] = []
        for place, column in columns.items():
            value, problems = read_cell(column, cells[place], self.own, self.grid.first_day)
            if value is not None:
                values[column.field] = value
            needed = column.required and value is None
            for problem in problems:
                (self.doubts.refuse if needed else self.doubts)(column.name, problem + (". The row is left out" if needed else ""))
            if needed:
                bad.append(column.name)
                if not problems:
                    told = f"use one of: {', '.join(column.choices)}" if column.choices else column.note.rstrip(".") or "fill it in"
                    self.doubts.refuse(column.name, f"is empty and needed: {told}. The row is left out")
        if bad:
            return
        self._check(values)
        if self.sheet.kind == "Person":
            self._person_row(number, values)
            return
        if self.sheet.kind == "Mission":
            values["adviser"] = self.adviser
        subject = self._subject(values)
        if subject in self.seen:
            self.doubts.refuse(self.sheet.columns[0].name, self._as_before(self.seen[subject], values))
            return
        self.seen[subject] = number
        self._contacts(number, subject, values)
        values.pop("number", None)
        if self.sheet.kind == "Activity":
            activity = activity_content(subject, values, self.own)
            self.records.append(record_of(activity, number, canonical(activity)))
        else:
            reporter = reporter_key(self.own.ref, self.own.name)
            self.records.append(SourceRecord(self.sheet.kind, subject, number, canonical(values), reporter, True, False))

    def _check(self, values: dict[str, Value]) -> None:
        start, end = values.get("start_date"), values.get("end_date")
        if start and end and str(end) < str(start):
            self.doubts("End", f"{end} is before the start {start}; the end is left out. Correct one of them")
            del values["end_date"]
        amounts = next((c for c in self.sheet.columns if c.form == "number" and c.field in ("budget", "cost", "available")), None)
        if amounts and values.get(amounts.field) is not None and not values.get("currency"):
            self.doubts("Currency", f"is empty, so that {amounts.name} {values[amounts.field]} is left out; add a code such as USD")
            del values[amounts.field]

    def _subject(self, values: dict[str, Value]) -> str:
        number = str(values.get("number") or "")
        if not number and not self.sheet.numbered:
            number = ":".join(str(values[name]) for name in self.sheet.key)
        elif not number:
            title, *more = (_as_words(values.get(name, "")) for name in self.sheet.key)
            number = "-".join([title[:80], *filter(None, more)])
        return activity_id(number, self.own) if self.sheet.kind == "Activity" else f"{self.sheet.kind}:{number}"

    def _as_before(self, row: int, values: dict[str, Value]) -> str:
        """What is wrong with a row that cannot be told from an earlier one."""
        if values.get("number") or not self.sheet.numbered:
            return f"is also that of row {row}, so that the two cannot be told apart. Give this row another; it is left out"
        same = [column.name for column in self.sheet.columns if column.field in self.sheet.key]
        told = " and ".join(filter(None, [", ".join(same[:-1]), same[-1]]))
        return f"is empty, and {told} {'is that' if len(same) == 1 else 'are those'} of row {row}, so that the two cannot be told apart. Give this row a number; it is left out"

    # --- people ----------------------------------------------------------------------------------

    def _person_row(self, number: int, values: dict[str, Value]) -> None:
        name = str(values.pop("name"))
        self._person(number, name, "", values)

    def _contacts(self, number: int, subject: str, values: dict[str, Value]) -> None:
        contacts = values.pop("contacts", None)
        for text in contacts if isinstance(contacts, list) else ():
            name, address = name_and_address(text)
            role = "focal point" if self.sheet.kind == "Network" else "contact"
            self._person(number, name, subject, {"role": role, **({"email": address} if address else {})})

    def _person(self, number: int, name: str, target: str, said: dict[str, Value]) -> None:
        ordinal = sum(row["row"] == number for row in self.people)
        self.people.append(
            {
                "id": f"{self.dataset}#{number}#{ordinal}",
                "dataset": self.dataset,
                "row": number,
                "person": person_id(name),
                "name": name,
                "target": target,
                "content": canonical(said),
            }
        )

    # --- the result ------------------------------------------------------------------------------

    def result(self, book: Book) -> Import:
        """The sheet as an import."""
        said = [[r.row, r.subject_id, r.content] for r in self.records]
        told = [[p["row"], p["name"], p["target"], p["content"]] for p in self.people]
        digest = hashlib.sha256(canonical({"records": said, "people": told}).encode()).hexdigest()
        version = DatasetVersion(
            dataset=self.dataset,
            file=self.content.name,
            source="registers",
            sha256=digest,
            publisher=f"{self.own.name} ({self.own.ref})" if self.own.name else self.own.ref,
            activities=sum(r.subject_kind == "Activity" for r in self.records),
            rejected=len({r.row for r in self.refused if not r.kept}),
        )
        return Import(version, iter(self.records), self.refused, self.people, self.notes, emptied=not self.rows)


def _as_words(value: Value) -> str:
    """A value as a part of a number: small letters and hyphens, several values in one order."""
    return normalise(" ".join(sorted(value)) if isinstance(value, list) else str(value)).replace(" ", "-")


def person_id(name: str) -> str:
    """Key of a person: the normalised name."""
    return f"Person:{normalise(name)}"
