"""Our own workbooks, declared once: every sheet with its columns, what they allow, and examples.

The writer, the reader, the pre-filled copies and ``docs/registers.md`` all follow this table.
``form`` says what a cell holds:

``text``, ``long``, ``date``, ``number``, ``yes``
    one value
``choice``
    one of ``choices``
``area``, ``currency``, ``country``, ``instrument``
    one of a shipped list
``areas``, ``countries``, ``instruments``
    several of a shipped list, with semicolons between them
``organizations``, ``texts``, ``people``
    several free values, with semicolons between them; people are kept outside the records
``refs:<Kind>``
    numbers (column No.) of rows of another sheet
"""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "1"  # of the workbooks; raised when an older one can no longer be read
ABOUT, LISTS = "About", "Lists"
NUMBER = "No."
EXAMPLE = "EXAMPLE"
SEPARATOR = ";"

ACTIVITY_KINDS = ("project", "programme", "advisory", "workshop", "training", "study-tour")
FUNDING = ("regular budget", "Regular Programme", "Development Account", "extrabudgetary")
EXCOM = ("not needed", "to be submitted", "submitted", "reviewed", "returned")
REQUEST_STATUS = ("open", "planned", "partly answered", "answered", "answered by a partner", "withdrawn")
MISSION_STATUS = ("planned", "ongoing", "done", "cancelled")


@dataclass(frozen=True)
class Column:
    """One column: its header, the field it fills, what a cell holds, and what the note says."""

    name: str
    field: str
    form: str
    note: str
    required: bool = False
    choices: tuple[str, ...] = ()
    width: int = 18

    @property
    def several(self) -> bool:
        """A cell may hold several values."""
        return self.form in ("areas", "countries", "instruments", "organizations", "texts", "people") or self.form.startswith("refs:")


@dataclass(frozen=True)
class Sheet:
    """One sheet: the kind of subject a row is about, and two example rows.

    ``key`` names the fields that tell rows apart where the column No. is empty; ``adviser`` is whose
    return it is.
    """

    name: str
    kind: str
    purpose: str
    columns: tuple[Column, ...]
    examples: tuple[tuple[str, ...], tuple[str, ...]]
    key: tuple[str, ...] = ("title",)

    @property
    def dataset(self) -> str:
        """The last part of the sheet's dataset id."""
        return self.name.lower().replace(" ", "-")

    @property
    def numbered(self) -> bool:
        """Whether rows have a number; people and parties are told apart by what they say."""
        return self.columns[0].name == NUMBER


@dataclass(frozen=True)
class Book:
    """A workbook: its name as a dataset and file, what it is for, and its sheets."""

    name: str
    title: str
    purpose: str
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of this name in any case."""
        return next((s for s in self.sheets if s.name.casefold() == name.strip().casefold()), None)


def number(example: str) -> Column:
    return Column(NUMBER, "number", "text", f"Your own number, such as {example}. Leave it empty and one is given; keep it afterwards, it is how the row is known again.", width=14)


def areas(required: bool = False, note: str = "UNECE areas of work; several with a semicolon between them.") -> Column:
    return Column("Areas", "areas", "areas", note, required, width=26)


def countries(note: str, required: bool = False) -> Column:
    return Column("Countries", "countries", "countries", f"{note} Names or ISO codes, or a group such as SPECA or Central Asia; several with a semicolon between them.", required, width=30)


INSTRUMENTS = Column("Instruments", "instruments", "instruments", "Conventions, agreements and standards concerned: short names from the list; several with a semicolon between them.", width=26)
CURRENCY_COLUMN = Column("Currency", "currency", "currency", "ISO code such as USD, EUR or CHF.", width=10)
FOR_ACTIVITY = Column("For activity", "activities", "refs:Activity", "No. of one of our activities, or the IATI identifier of anybody's; several with a semicolon between them.", width=22)
START = Column("Start", "start_date", "date", "First day; a date such as 2026-05-31.", width=12)
END = Column("End", "end_date", "date", "Last day; a date such as 2026-05-31.", width=12)
_TITLE_NOTE = "What it is called, in English: theme and place rather than a project's short name, since it is compared with partners' titles."


def activity_columns(statuses: tuple[str, ...]) -> tuple[Column, ...]:
    return (
        number("TC-2026-07"),
        Column("Title", "title", "long", _TITLE_NOTE, True, width=46),
        Column("Kind", "kind", "choice", "What it is; seminars and conferences count as workshops, missions as advisory. Two of unlike kinds are seldom the same.", True, ACTIVITY_KINDS, 14),
        areas(True),
        countries("Where it takes place.", True),
        START,
        END,
        Column("Status", "status", "choice", "Planned: not begun. Ongoing: begun.", True, statuses, 12),
        Column("Partners", "partners", "organizations", "Organizations that carry it out with us, by acronym or full name; several with a semicolon between them.", width=30),
        INSTRUMENTS,
        Column("Answers request", "requests", "refs:Request", "No. of the request in the sheet Requests that it answers; several with a semicolon between them.", width=18),
    )


ADVISER_ACTIVITIES = Sheet(
    "Activities",
    "Activity",
    "What you do and plan to do: one row an activity. Change what has changed since your last return, and add what is new.",
    activity_columns(("planned", "ongoing", "completed", "cancelled")),
    (
        ("EXAMPLE 1", "Workshop on national water quality standards in Tajikistan", "workshop", "Environment", "Tajikistan", "2026-09-15", "2026-09-17", "planned", "UNDP; OSCE", "Water Convention", "REQ-2026-03"),
        ("EXAMPLE 2", "Advice on joining the TIR Convention", "advisory", "Transport; Trade", "Turkmenistan; Uzbekistan", "2026-02-01", "", "ongoing", "", "TIR Convention", ""),
    ),
)

MISSIONS = Sheet(
    "Missions",
    "Mission",
    "Where you travel: one row a mission, also those only planned, so that colleagues and country teams know of them.",
    (
        number("M-2026-04"),
        Column("Purpose", "title", "long", "Why you go, in one line.", True, width=44),
        countries("Where you go.", True),
        Column("Start", "start_date", "date", "First day; a date such as 2026-05-31.", True, width=12),
        END,
        Column("Status", "status", "choice", "", True, MISSION_STATUS, 12),
        areas(),
        Column("To meet", "organizations", "organizations", "Ministries and partners to meet, with the country in the name of a ministry; several with a semicolon between them.", width=34),
        FOR_ACTIVITY,
    ),
    (
        ("EXAMPLE 1", "Prepare the workshop on water quality standards", "Tajikistan", "2026-06-08", "2026-06-11", "planned", "Environment", "UNDP; Ministry of Energy and Water Resources of Tajikistan", ""),
        ("EXAMPLE 2", "Transport advice and meeting with the country team", "Kazakhstan; Kyrgyzstan", "2026-04-20", "2026-04-24", "planned", "Transport", "", ""),
    ),
    ("title", "countries", "start_date", "adviser"),  # one purpose brings an adviser to many places, again and again
)
