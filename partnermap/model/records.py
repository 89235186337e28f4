"""The frozen records that pass between the folders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from partnermap.model.kinds import Row
from partnermap.model.nodes import NODE
from partnermap.model.relationships import RELATIONSHIP


@dataclass(frozen=True)
class SourceRecord:
    """One record as a source reads it, before the store gives it a version."""

    subject_kind: str
    subject_id: str
    row: int
    content: str  # canonical JSON
    reporter: str  # organization key of the reporter
    takes_part: bool
    flagged: bool


@dataclass(frozen=True)
class Record:
    """A stored record: a :class:`SourceRecord` with dataset, ordinal and versions."""

    id: str
    dataset: str
    subject_kind: str
    subject_id: str
    ordinal: int
    row: int
    version_first: int
    version_last: int | None
    reporter: str
    takes_part: bool
    flagged: bool
    content: str


@dataclass(frozen=True)
class Refused:
    """A row that did not become a record, or a value that was left out, and why."""

    file: str
    row: int
    field: str
    reason: str
    kept: bool = False  # True: the record stands, only this value is left out

    def __str__(self) -> str:
        where = f"{self.file}, row {self.row}" if self.row else self.file
        return f"{where}, {self.field}: {self.reason}" if self.field else f"{where}: {self.reason}"


@dataclass(frozen=True)
class DatasetVersion:
    """What is known of one version of a dataset while it is imported; the store numbers it."""

    dataset: str
    file: str
    source: str
    sha256: str
    publisher: str = ""
    licence: str = ""
    generated_date: str | None = None
    activities: int = 0
    transactions: int = 0
    links: int = 0
    rejected: int = 0
    version: int = 0


@dataclass(frozen=True)
class Change:
    """What putting records did: numbers of records, and the version they are now."""

    dataset: str
    version: int
    added: int = 0
    closed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class ReporterFacts:
    """Current records of one reporter in one dataset: how many, in how many it takes part."""

    dataset: str
    reporter: str
    activities: int
    taking_part: int
    flagged: int
    generated_date: str | None = None  # of the dataset's newest version: when its file was made


@dataclass(frozen=True)
class GraphRows:
    """Rows for a store: property dicts by node label, and by relationship type.

    A relationship row holds ``from_kind``, ``from_id``, ``to_kind``, ``to_id`` and its properties.
    """

    nodes: dict[str, list[Row]] = field(default_factory=dict)
    relationships: dict[str, list[Row]] = field(default_factory=dict)

    def node(self, label: str, **properties: Any) -> None:
        """Add one node."""
        self.nodes.setdefault(label, []).append(properties)

    def relate(self, kind: str, start: tuple[str, str], end: tuple[str, str], **properties: Any) -> None:
        """Add one relationship from ``(label, id)`` to ``(label, id)``."""
        row: Row = {"from_kind": start[0], "from_id": start[1], "to_kind": end[0], "to_id": end[1]}
        row.update(properties)
        self.relationships.setdefault(kind, []).append(row)


@dataclass(frozen=True)
class ScanResult:
    """Everything a scan stores: replaces Finding, OVERLAPS, ABOUT; adds Scan, numbers, SUCCEEDS."""

    graph: GraphRows
    numbers: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Reason:
    """One piece of evidence with its points, in words, and where each side says so."""

    feature: str
    family: str  # text, identity, actors, money, time, place
    points: float
    text: str
    fields: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    level: str = ""  # how much: the name of its weight is feature.level


@dataclass(frozen=True)
class Pair:
    """Two activities, smaller id first, with class and reasons; the unit that lasts."""

    left: str
    right: str
    cls: str
    score: float
    reasons: tuple[Reason, ...]
    fingerprint: str
    counted_once_usd: float | None = None


@dataclass(frozen=True)
class Member:
    """One activity of a finding, as lists and pages show it."""

    id: str
    title: str
    actors: tuple[str, ...]
    start_date: str | None
    end_date: str | None
    money_usd: float | None
    dataset: str
    rows: str = ""  # "gef.xml activity 65; gef_agencies.csv row 65"
    time: str = ""  # planned, running, closed or end unknown, at the list's as_of
    ours: bool = False
    tellers: tuple[str, ...] = ()  # who reports it, where that is no actor
    money_told: str = ""  # in its own currency, where no exchange rate makes it USD


@dataclass(frozen=True)
class Finding:
    """A finding as a person reads it, in the template's order."""

    id: str
    number: str
    kind: str
    cls: str
    score: float
    strength: str
    concerns: str
    status: str
    money_usd: float | None
    countries: tuple[str, ...]
    headline: str
    opinion: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    money: str
    not_known: tuple[str, ...]
    next_step: str
    members: tuple[Member, ...]
    reasons: tuple[Reason, ...]
    pairs: tuple[tuple[str, str], ...] = ()
    members_here: int | None = None  # of the members, how many name a country asked for; None where none was


def check_rows(graph: GraphRows) -> None:
    """Raise ``ValueError`` where a row has an undeclared kind, property or end."""
    for label, rows in graph.nodes.items():
        _check_names(label, {p.name for p in NODE[label].properties}, rows)
    for kind, rows in graph.relationships.items():
        declared = RELATIONSHIP[kind]
        names = {p.name for p in declared.properties} | {"from_kind", "from_id", "to_kind", "to_id"}
        _check_names(kind, names, rows)
        for ends in {(row["from_kind"], row["to_kind"]) for row in rows}:
            if ends not in declared.ends:
                raise ValueError(f"{kind} is not declared from {ends[0]} to {ends[1]}")


def _check_names(kind: str, declared: set[str], rows: Iterable[Row]) -> None:
    for row in rows:
        unknown = row.keys() - declared
        if unknown:
            raise ValueError(f"{kind} declares no property {', '.join(sorted(unknown))}")
