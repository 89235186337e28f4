"""One organization: what it does in which role, and its money in and out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa

from partnermap.codes.countries import countries as country_names
from partnermap.pairing.corpus import Corpus

Columns = Callable[[str, Sequence[str]], Iterator[pa.RecordBatch]]
ROLES = ("implementing", "extending", "accountable", "funding", "counterpart", "reporting")


@dataclass(frozen=True)
class Naming:
    """One place where a file names an organization."""

    name: str
    ref: str
    role: str  # reporter, a role of IATI, provider, receiver, planned provider or receiver, present; or as what a register names it
    by: str  # what told who is meant
    activity: str  # or another subject of a register
    dataset: str
    row: int
    where: str  # "gef.xml activity 65"
    title: str  # of the activity or other subject
    countries: tuple[str, ...] = ()  # of the activity, as what follows: ISO alpha-3
    start_date: str | None = None
    end_date: str | None = None
    money_usd: float | None = None  # None too where it is too large to believe


@dataclass(frozen=True)
class Money:
    """A sum over activities or flows: USD of those that are known, and how many they are."""

    usd: float
    known: int
    of: int

    def __str__(self) -> str:
        if not self.known:
            return f"unknown (0 of {self.of} known)" if self.of else "none"
        least = "at least " if self.known < self.of else ""
        return f"{least}USD {self.usd:,.0f} ({self.known} of {self.of} known)"


def money_of(amounts: Iterable[float | None]) -> Money:
    """The sum of what is known; unknown amounts count in ``of`` only."""
    every = list(amounts)
    known = [amount for amount in every if amount is not None]
    return Money(sum(known), len(known), len(every))


@dataclass(frozen=True)
class NameLine:
    """One name, with reference, under which an organization goes, and where."""

    name: str
    ref: str
    by: str
    roles: tuple[str, ...]
    datasets: tuple[str, ...]
    times: int
    rows: tuple[str, ...]


@dataclass(frozen=True)
class RoleLine:
    """Activities of an organization in one role."""

    role: str
    activities: tuple[str, ...]
    countries: tuple[str, ...]
    money: Money  # of the activities, not of the organization's part in them


@dataclass(frozen=True)
class FundsLine:
    """Money between the organization and another: flows of one measure, or links of activities."""

    direction: str  # in or out
    measure: str  # commitment, disbursement, expenditure, incoming; or "activity" for FUNDS links
    other: str  # organization id; empty where the file names nobody
    money: Money


@dataclass(frozen=True)
class Profile:
    """Everything that is known of one organization, without the findings about it."""

    id: str
    name: str
    acronym: str
    kind: str
    parents: tuple[str, ...]  # ids, here and below
    children: tuple[str, ...]
    namings: tuple[Naming, ...]
    roles: tuple[RoleLine, ...]
    funds: tuple[FundsLine, ...]
    presence: tuple[dict[str, Any], ...] = ()  # rows of 3W lists: who is there, no activities

    @property
    def names(self) -> list[NameLine]:
        """Its names, the most frequent first."""
        held: dict[tuple[str, str, str], list[Naming]] = defaultdict(list)
        for naming in self.namings:
            held[naming.name, naming.ref, naming.by].append(naming)
        lines = [
            NameLine(name, ref, by, tuple(sorted({n.role for n in some})), tuple(sorted({n.dataset for n in some})), len(some), tuple(dict.fromkeys(n.where for n in some)))
            for (name, ref, by), some in held.items()
        ]
        return sorted(lines, key=lambda line: (-line.times, line.name, line.ref, line.by))


def namings_frame(namings: Sequence[Naming]) -> pd.DataFrame:
    """One row a place that names an organization, in the given order.

    Columns: ``name``, ``reference``, ``role``, ``told by``, ``activity`` (or another subject of a register),
    its ``title``, and of activities ``countries`` (codes, comma), ``country_names``, ``start_date``, ``end_date``
    (dates or None) and ``money_usd`` (of the whole activity, on each of its rows); ``dataset``, ``row``.
    """
    names = ["name", "reference", "role", "told by", "activity", "title", "countries", "country_names", "start_date", "end_date", "money_usd", "dataset", "row"]
    rows = [
        (
            n.name,
            n.ref,
            n.role,
            n.by,
            n.activity,
            n.title,
            ", ".join(n.countries),
            ", ".join(country_names()[code].name for code in n.countries),
            date.fromisoformat(n.start_date) if n.start_date else None,
            date.fromisoformat(n.end_date) if n.end_date else None,
            n.money_usd,
            n.dataset,
            n.row,
        )
        for n in namings
    ]
    return pd.DataFrame(rows, columns=names)


def roles(columns: Columns, corpus: Corpus, org: str) -> list[RoleLine]:
    """What an organization takes part in, by role; flagged amounts count as unknown."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows(columns, "PARTICIPATES_IN", ["from_id", "to_id", "role"]):
        if row["from_id"] == org:
            found[row["role"]].add(row["to_id"])
    for row in _rows(columns, "REPORTS", ["from_id", "to_id"]):
        if row["from_id"] == org:
            found["reporting"].add(row["to_id"])
    lines = []
    for role in sorted(found, key=ROLES.index):
        sides = [side for activity in sorted(found[role]) if not (side := corpus.sides[activity]).withdrawn]
        if not sides:
            continue
        countries = tuple(sorted({country for side in sides for country in side.countries}))
        lines.append(RoleLine(role, tuple(side.id for side in sides), countries, money_of(None if s.flagged else s.usd for s in sides)))
    return lines


def funds(columns: Columns, corpus: Corpus, org: str) -> list[FundsLine]:
    """Money in and out by measure and other side; measures are never added to each other."""
    flows = {row["id"]: row for row in _rows(columns, "Flow", ["id", "measure", "amount_usd"])}
    payers = {row["from_id"]: row["to_id"] for row in _rows(columns, "PAID_BY", ["from_id", "to_id"])}
    receivers = {row["from_id"]: row["to_id"] for row in _rows(columns, "PAID_TO", ["from_id", "to_id"])}
    amounts: dict[tuple[str, str, str], list[float | None]] = defaultdict(list)
    for flow, row in flows.items():
        payer, receiver = payers.get(flow, ""), receivers.get(flow, "")
        if payer == org:
            amounts["out", row["measure"], receiver].append(row["amount_usd"])
        if receiver == org:
            amounts["in", row["measure"], payer].append(row["amount_usd"])
    for row in _rows(columns, "FUNDS", ["from_id", "to_id", "amount_usd"]):
        giver, taker = corpus.sides.get(row["from_id"]), corpus.sides.get(row["to_id"])
        if not giver or not taker or row["from_id"] == row["to_id"]:
            continue
        if org in giver.principals and org not in taker.actors:
            for other in sorted(taker.actors):
                amounts["out", "activity", other].append(row["amount_usd"])
        if org in taker.actors and org not in giver.principals:
            for other in sorted(giver.principals):
                amounts["in", "activity", other].append(row["amount_usd"])
    lines = [FundsLine(direction, measure, other, money_of(some)) for (direction, measure, other), some in amounts.items()]
    return sorted(lines, key=lambda line: (line.direction, line.measure, -line.money.usd, line.other))


def relatives(columns: Columns, org: str) -> tuple[list[str], list[str]]:
    """Ids of the organizations right above and right below."""
    rows = [r for r in _rows(columns, "CHILD_OF", ["from_id", "to_id", "from_kind"]) if r["from_kind"] == "Organization"]
    return sorted({r["to_id"] for r in rows if r["from_id"] == org}), sorted({r["from_id"] for r in rows if r["to_id"] == org})


def _rows(columns: Columns, kind: str, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for batch in columns(kind, names):
        yield from batch.to_pylist()
