"""Writes docs/registers.md from the declared workbooks: python docs/make_registers.py"""

from __future__ import annotations

from pathlib import Path

from partnermap.sources.registers_sheets import Book, Column, Sheet
from partnermap.sources.registers_unit import BOOKS

FILE = Path(__file__).with_name("registers.md")
HEAD = """\
# Our own workbooks

The tables below are made from `partnermap/sources/registers_sheets.py` and `registers_unit.py` by
`python docs/make_registers.py`; do not edit this page by hand.

OSCE, country teams and our own divisions publish no IATI. What they know comes in two workbooks:

- `adviser-return.xlsx`: what a Regional Adviser does, plans, and where the journeys go. Ten rows
  take ten minutes: drop-downs offer countries, areas, instruments and organizations, and the next
  return comes filled with the last one, so that only changes are typed.
- `registers.xlsx`: the unit's registers, one sheet each. Fill in what you know.

`partnermap init` puts both into the workspace, empty. Later:

```
partnermap workbook registers -o registers.xlsx
partnermap workbook adviser-return --adviser "Regional Adviser Environment" -o return.xlsx
partnermap import return.xlsx
```

A return that somebody else fills in, such as OSCE or a country team, is made with `--organization OSCE`:
its sheet About names whose activities they are. Without it they would count as ours.

**What an import does.** Each sheet is a dataset of its own (`registers-requests`,
`adviser-return-regional-adviser-environment-missions`), so a file with one sheet changes that one
alone. A row is known again by its number (column No.);
a row without one gets one from its title, and `partnermap workbook` writes it back: keep it. A mission
gets one from purpose, countries, first day and adviser, so that one that is put off is another where
nobody kept its number. A row
that is gone from a sheet is withdrawn; where more than half of a sheet's rows are gone, only with
`--replace`, and the other sheets load. The same holds for a sheet that has no row left: it may be one
that nobody filled in, so what it held stays, the import says so, and `--replace` withdraws it. With
`--replace` every sheet in the file counts as whole: delete those that you do not send. A workbook
that is written and imported again without a change changes nothing.

**What is read.** The header is found by its names among the first rows, so rows above it and the
order of columns do not matter. Rows whose first cell begins with EXAMPLE are ignored, and the
import says so. A value that is not allowed is left out and named with sheet, row, column and what
is allowed; where the column is needed, the row is left out; all other rows load.

- Several values stand in one cell with semicolons between them.
- A date is a date cell, `2026-05-31`, `31.5.2026`, `31 May 2026`, or the number that a spreadsheet
  keeps for a day, also of a workbook that counts from 1904. `5/6/2026` can be two days and is
  left out.
- A formula counts with its last result and is reported; an error such as `#N/A` is left out. The
  value of merged cells counts for each of their rows and is reported. Hidden sheets are not read.
- Text that begins with `=`, `+`, `-` or `@` stays text, here and when it is written again.
- A workbook that is protected with a password is refused.
- Countries resolve exactly, by name or ISO code, or not at all; a group such as SPECA stays a group.
- An organization on no list is kept as one of its own; where it may be a listed one misspelt (UNPD),
  the import asks.
- `Answers request`, `For activity` and the like name the number of a row, or the IATI identifier of
  anybody's activity. What is not loaded yet is linked when it comes; `partnermap status` counts
  what is missing.

**People** are kept apart from all records: of what a row says of them only the newest version is
kept. `partnermap erase NAME` removes the person, their links, and the name in every text: of records
(a title, a note, the name of a return), decisions, findings, and reports in `rejected/`. What stays:

- a salted hash, by which later imports skip rows about them in our workbooks;
- the identifier of an activity, since others refer by it, also one made of its title (`by_title`); the
  command lists them. Have them changed at the source;
- files: those of the workspace's folder that still name the person (`inbox/`, `out/`, workbooks, a copy
  of an older `graph.sqlite`) are listed and not touched, others are yours to find. A text that names
  the person comes back when its file is imported again.

Name a return by its post rather than by a person.

**Status tables of the UN Treaty Collection** import as they are pasted into a text file, with one
line in front that names the instrument. They become the dataset `parties-<instrument>`, beside the
shipped list, whose dates are of 2015 to 2021:

```
Instrument: Water Convention
Participant	Signature	Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)
Albania	18 Mar 1992	 5 Jan 1994
Azerbaijan		 3 Aug 2000 a
```
"""
_FORMS = {
    "text": "text",
    "long": "text",
    "date": "date",
    "number": "number",
    "yes": "yes or no",
    "areas": "areas of work",
    "countries": "countries or groups",
    "country": "country",
    "instrument": "instrument",
    "instruments": "instruments",
    "currency": "currency code",
    "organizations": "organizations",
    "texts": "several texts",
    "people": "people",
}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_book(book) for book in BOOKS.values())]).rstrip() + "\n"


def _book(book: Book) -> str:
    return "\n".join([f"## {book.name}.xlsx", "", f"{book.title}. {book.purpose}", "", *(_sheet(sheet) for sheet in book.sheets)])


def _sheet(sheet: Sheet) -> str:
    becomes = {"Person": "`Person`, outside records", "InstrumentParty": "`PARTY_TO`"}.get(sheet.kind, f"`{sheet.kind}`")
    rows = [f"### {sheet.name}", "", f"{sheet.purpose} A row becomes: {becomes}.", "", "| column | holds | needed | note |", "| --- | --- | --- | --- |"]
    rows += [f"| {c.name} | {_form(c)} | {'yes' if c.required else ''} | {_cell(c.note)} |" for c in sheet.columns]
    return "\n".join([*rows, ""])


def _form(column: Column) -> str:
    if column.form == "choice":
        return _cell(", ".join(column.choices))
    if column.form.startswith("refs:"):
        return "numbers"
    return _FORMS[column.form]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8", newline="\n")
