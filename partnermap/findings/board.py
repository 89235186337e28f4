"""Stored findings as a person lists them: for a day, filtered, in order, with coverage."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from partnermap.codes.organizations import known_organization
from partnermap.errors import NotFound
from partnermap.findings.overlap import BETWEEN_TWO, ONE_UNDERTAKING, Group
from partnermap.findings.scan import scan_number
from partnermap.findings.timing import is_changeable, is_current, newest, time_of
from partnermap.findings.wording import next_step
from partnermap.model import Coverage, DatasetCoverage, Finding, Member, Pair, Reason, counted
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.reading import Columns
from partnermap.pairing.side import Side
from partnermap.scope import EVERYTHING, Scope, takes_part

ORDER = ("duplication", "parallel", "sequence", "joint", "same-money", "same-activity", "part-of")
MEASURES = ("commitment", "budget", "disbursement", "expenditure")  # the first that is told is an activity's amount
STATUS = ("open", "decided", "all")
CONCERNS = ("ours", "partners", "one actor")


@dataclass(frozen=True)
class Filter:
    """Which findings to list; empty fields do not filter. Codes and ids, not names."""

    countries: frozenset[str] = frozenset()
    places: tuple[str, ...] = ()  # what these countries are called together
    kind: str = ""
    cls: str = ""
    organization: str = ""
    area: str = ""
    concerns: str = ""
    past: bool = False
    status: str = "open"
    since: str = ""
    number: str = ""

    @property
    def scope(self) -> Scope:
        """The activities that such findings are about."""
        return Scope(self.countries, (self.organization,) if self.organization else (), self.places)


@dataclass(frozen=True)
class Listing:
    """Findings in order, what was looked at, and how many were left out and why."""

    findings: tuple[Finding, ...]
    coverage: Coverage
    past: int  # findings that only ``--past`` lists
    inside: int  # findings of one organization alone, listed by their class or as what they concern
    total: int = 0  # before a list is cut short
    inside_past: int = 0  # more of these that only ``--past`` lists

    @property
    def asked(self) -> int:
        """How many findings there are between organizations and inside one, listed or not."""
        return self.total + self.past + self.inside + self.inside_past


def _rows(columns: Columns, kind: str, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for batch in columns(kind, names):
        yield from batch.to_pylist()


RATED = "in USD"  # in the place of a currency: what has a rate, together
Unrated = dict[tuple[str, str, int | None], float]  # measure, currency and year to amount


@dataclass(frozen=True)
class Board:
    """Every stored finding with its pairs, over the corpus that they are about."""

    findings: tuple[dict[str, Any], ...]
    pairs: dict[str, tuple[Pair, ...]]  # finding id to pairs
    corpus: Corpus
    areas: dict[str, frozenset[str]]  # activity to areas
    since: dict[str, str]  # finding id to the scan that numbered it
    sources: dict[str, tuple[str, ...]]  # activity to "file activity row"
    datasets: dict[str, tuple[str, ...]]  # activity to dataset ids
    unrated: dict[str, Unrated]  # activity to amounts that no exchange rate makes USD

    def select(self, wanted: Filter, day: date, expected: Sequence[str] = ()) -> Listing:
        """Findings that a filter lets through, in order, as they stand on a day."""
        kept: list[Finding] = []
        past = inside = inside_past = 0
        for row in self.findings:
            if not self._passes(row, wanted):
                continue
            current = self._is_current(row, day)
            if row["concerns"] == "one actor" and not wanted.cls and not wanted.number and wanted.concerns != "one actor":
                inside += current or wanted.past
                inside_past += not (current or wanted.past)
                continue
            if not current and not wanted.past and not wanted.number:
                past += 1
                continue
            kept.append(self.finding(row, day, wanted.countries))
        kept.sort(key=lambda f: self._order(f, day))
        return Listing(tuple(kept), self.coverage(day, expected, wanted.scope, by_area=bool(wanted.area)), past, inside, len(kept), inside_past)

    def _passes(self, row: dict[str, Any], wanted: Filter) -> bool:
        members = self._members(row["id"])
        if wanted.number:
            return wanted.number.casefold() in (row["number"].casefold(), row["id"].casefold())
        if wanted.countries and not wanted.countries & set(row["countries"]):
            return False
        if wanted.organization and not any(takes_part(m, wanted.organization) for m in members):
            return False
        if wanted.area and not any(wanted.area in self.areas.get(m.id, ()) for m in members):
            return False
        if wanted.since and scan_number(self.since.get(row["id"], "")) < scan_number(wanted.since):
            return False
        return (
            wanted.kind in ("", row["kind"])
            and wanted.cls in ("", row["class"])
            and wanted.concerns in ("", row["concerns"])
            and (wanted.status == "all" or wanted.status == row["status"] or (wanted.status == "open" and row["status"] == "changed"))
        )

    def _members(self, finding: str) -> list[Side]:
        ids = sorted({key for pair in self.pairs[finding] for key in (pair.left, pair.right)})
        return [self.corpus.sides[i] for i in ids]

    def _is_current(self, row: dict[str, Any], day: date) -> bool:
        """Whether one of its activities still runs, is planned, or may run."""
        return any(is_current(s.start, time_of(s.start, s.end, s.status, day), day) for s in self._members(row["id"]))

    def _order(self, finding: Finding, day: date) -> tuple[Any, ...]:
        ours = [self.corpus.sides[m.id] for m in finding.members if m.ours]
        changeable = any(is_changeable(s.start, s.end, time_of(s.start, s.end, s.status, day), day) for s in ours)
        money = finding.money_usd
        return (not ours, not changeable, ORDER.index(finding.cls), money is None, -(money or 0.0), -finding.score, finding.id)

    def finding(self, row: dict[str, Any], day: date, asked: Set[str]) -> Finding:
        """One finding as it stands on a day, in a list of the countries asked for."""
        text = json.loads(row["text"])
        sides = self._members(row["id"])
        group = Group(row["class"], self.pairs[row["id"]], tuple(sides))
        closed = {s.id for s in sides if time_of(s.start, s.end, s.status, day) == "closed"}
        return Finding(
            id=row["id"],
            number=row["number"],
            kind=row["kind"],
            cls=row["class"],
            score=row["score"],
            strength=row["strength"],
            concerns=row["concerns"],
            status=row["status"],
            money_usd=row["money_usd"],
            countries=tuple(row["countries"]),
            headline=row["headline"],
            opinion=text["opinion"],
            speaks_for=tuple(text["speaks_for"]),
            speaks_against=tuple(text["speaks_against"]),
            money=text["money"],
            not_known=tuple(text["not_known"]),
            next_step=next_step(group, self.corpus, over=not self._is_current(row, day), closed=closed),
            members=tuple(self.member(s, day) for s in sides),
            reasons=group.reasons,
            pairs=tuple((p.left, p.right) for p in group.pairs),
            members_here=sum(bool(asked & s.countries.keys()) for s in sides) if asked else None,
        )

    def member(self, side: Side, day: date) -> Member:
        """One activity as lists show it."""
        return Member(
            id=side.id,
            title=side.title,
            actors=tuple(sorted({self.corpus.called(a) for a in side.actors})),
            tellers=tuple(sorted({self.corpus.called(p) for p in side.principals - side.actors})),
            start_date=str(side.start) if side.start else None,
            end_date=str(side.end) if side.end else None,
            money_usd=side.usd,
            money_told=told_amount(self.unrated.get(side.id, {})) if side.usd is None else "",
            dataset=", ".join(self.datasets.get(side.id, ())),
            rows="; ".join(self.sources.get(side.id, ())),
            time=time_of(side.start, side.end, side.status, day),
            ours=side.ours,
        )

    def coverage(self, day: date, expected: Sequence[str] = (), scope: Scope = EVERYTHING, *, by_area: bool = False) -> Coverage:
        """What was looked at on a day, of all that is loaded or of a scope.

        Parameters
        ----------
        expected : ``id|name`` of organizations; those of whom nothing is loaded, or nothing in the countries, are named
        by_area : also how many of the activities have an area
        """
        everything = [s for s in self.corpus.sides.values() if not s.withdrawn]
        sides = [s for s in everything if scope.holds(s)]
        missing, absent = (_without(expected, some) for some in (everything, sides))
        datasets, without = self._by_dataset(sides, everything, day) if scope else ((), ())
        return Coverage(
            self._carrying_out(sides),
            len(sides),
            _newest(sides, day),
            missing,
            str(day),
            tuple(self._notes(sides, everything, scope, by_area)),
            scope=scope.in_words(self._called),
            datasets=datasets,
            without=without,
            absent=tuple(name for name in absent if name not in missing) if scope.countries and not scope.organizations else (),
            loaded=f"{counted(len(everything), 'activity', 'activities')} of {counted(len(self._carrying_out(everything)), 'organization')}" if scope else "",
        )

    def _called(self, organization: str) -> str:
        """What an organization is called that is loaded, or on our list alone."""
        known = None if organization in self.corpus.names else known_organization(organization)
        return (known.acronym or known.name) if known else self.corpus.called(organization)

    def _carrying_out(self, sides: Sequence[Side]) -> tuple[str, ...]:
        """What the actors of these activities are called, those with most of them first."""
        actors = Counter(o for s in sides for o in s.actors)
        return tuple(dict.fromkeys(self.corpus.called(o) for o, _ in sorted(actors.items(), key=lambda x: (-x[1], x[0]))))

    def _by_dataset(self, sides: Sequence[Side], everything: Sequence[Side], day: date) -> tuple[tuple[DatasetCoverage, ...], tuple[str, ...]]:
        """What each dataset tells of these activities, and the datasets that tell others alone."""
        told: dict[str, list[Side]] = defaultdict(list)
        for side in sides:
            for dataset in self.datasets.get(side.id, ()):
                told[dataset].append(side)
        found = [DatasetCoverage(dataset, len(some), _newest(some, day), any(s.start for s in some)) for dataset, some in told.items()]
        others = {dataset for side in everything for dataset in self.datasets.get(side.id, ())} - told.keys()
        return tuple(sorted(found, key=lambda d: (-d.activities, d.dataset))), tuple(sorted(others))

    def _notes(self, sides: Sequence[Side], everything: Sequence[Side], scope: Scope, by_area: bool) -> Iterator[str]:
        """What of these activities a list cannot show or add up."""
        if not everything:
            yield "No activity is loaded yet. First: partnermap import FILE; then: partnermap scan."
        if scope.countries:
            anywhere = replace(scope, countries=frozenset())
            if nowhere := sum(anywhere.holds(s) and not s.countries for s in everything):
                yield f"{counted(nowhere, 'more activity names', 'more activities name')} no country, and {'is' if nowhere == 1 else 'are'} in no list of one."
            if any(s.ours for s in everything) and not any(s.ours for s in sides):
                yield "None of these activities is ours."
        if by_area:
            found = sum(s.id in self.areas for s in sides)
            yield f"{found:,} of {counted(len(sides), 'activity', 'activities')} {'has' if found == 1 else 'have'} an area: a list by area finds no others."
        if flagged := sum(s.flagged for s in sides):
            yield f"{counted(flagged, 'amount')} too large to believe left out of sums."
        if unrated := [self.unrated[s.id] for s in sides if s.id in self.unrated]:
            yield _without_rate(unrated)


def _newest(sides: Sequence[Side], day: date) -> str | None:
    last = newest((s.start for s in sides), day)
    return str(last) if last else None


def _without(expected: Sequence[str], sides: Sequence[Side]) -> tuple[str, ...]:
    """Names of the expected (``id|name``) who tell and carry out none of these activities; that we name
    somebody beside us in our own is no word of theirs."""
    present = {org for side in sides for org in (side.principals if side.ours else side.actors | side.principals)}
    return tuple(name for org, name in (one.split("|", 1) for one in expected) if org not in present)


def read_board(columns: Columns, corpus: Corpus) -> Board:
    """Every stored finding; ``columns`` is ``Store.columns``."""
    names = ["id", "number", "kind", "class", "score", "strength", "concerns", "money_usd", "status", "countries", "headline", "text"]
    findings = tuple(_rows(columns, "Finding", names))
    pairs: dict[str, list[Pair]] = defaultdict(list)
    wanted = ["from_id", "to_id", "class", "score", "counted_once_usd", "fingerprint", "finding", "features", "points", "evidence"]
    for row in _rows(columns, "OVERLAPS", wanted):
        reasons = tuple(
            _reason(feature, points, evidence)
            for feature, points, evidence in zip(row["features"], row["points"], row["evidence"], strict=True)
        )
        pairs[row["finding"]].append(
            Pair(row["from_id"], row["to_id"], row["class"], row["score"], reasons, row["fingerprint"], row["counted_once_usd"])
        )
    areas: dict[str, set[str]] = defaultdict(set)
    for row in _rows(columns, "IN_AREA", ["from_id", "to_id"]):
        areas[row["from_id"]].add(row["to_id"])
    since = {r["finding"]: r["first_scan"] for r in _rows(columns, "FindingNumber", ["finding", "first_scan"])}
    sources, datasets = _provenance(columns)
    return Board(
        findings,
        {key: tuple(rows) for key, rows in pairs.items()},
        corpus,
        {key: frozenset(found) for key, found in areas.items()},
        since,
        sources,
        datasets,
        _unrated(columns),
    )


def _unrated(columns: Columns) -> dict[str, Unrated]:
    """Activities with an amount that has no rate, and what else they tell, which may have one."""
    wanted = ["activity", "measure", "currency", "year", "amount", "amount_usd"]
    without: set[str] = set()
    for batch in columns("Flow", wanted):
        rows = batch.filter(pc.is_null(batch.column(5))).to_pylist()
        without |= {row["activity"] for row in rows if row["currency"] and row["measure"] != "incoming"}
    found: dict[str, Unrated] = defaultdict(dict)
    for batch in columns("Flow", wanted) if without else ():
        for row in batch.filter(pc.is_in(batch.column(0), pa.array(sorted(without), batch.schema.field(0).type))).to_pylist():
            rated = row["amount_usd"] is not None
            key = (row["measure"], RATED, None) if rated else (row["measure"], row["currency"] or "", row["year"])
            found[row["activity"]][key] = found[row["activity"]].get(key, 0.0) + row["amount_usd" if rated else "amount"]
    return dict(found)


def told_amount(unrated: Unrated) -> str:
    """An amount in its own currencies, each with the year that has no rate; empty where there is none."""
    measure = next((m for m in MEASURES if any(key[0] == m for key in unrated)), "")
    told = sorted((currency != RATED, currency, year or 0, amount) for (kind, currency, year), amount in unrated.items() if kind == measure)
    words = [f"USD {amount:,.0f}" if not missing else f"{currency or 'unknown currency'} {amount:,.0f} (no exchange rate{f' for {year}' if year else ', no year'})" for missing, currency, year, amount in told]
    return " and ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")


def _without_rate(unrated: Sequence[Unrated]) -> str:
    counted = Counter(f"{currency} {year or 'without year'}" for amounts in unrated for measure, currency, year in amounts if currency and currency != RATED and measure != "incoming")
    several = sum(counted.values()) > 1
    told = ", ".join(f"{name}: {often}" for name, often in sorted(counted.items(), key=lambda x: (-x[1], x[0]))[:6])
    return f"{sum(counted.values())} amount{'s have' if several else ' has'} no exchange rate and count{'' if several else 's'} as unknown ({told}{', …' if len(counted) > 6 else ''}); rates can be given in lists/exchange_rates.csv."


def _reason(feature: str, points: str, evidence: str) -> Reason:
    said = json.loads(evidence)
    return Reason(feature, said["family"], float(points), said["text"], tuple(said["fields"]), tuple(said["terms"]), said["level"])


def _provenance(columns: Columns) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Activity to its source rows in words, and to its dataset ids."""
    files: dict[str, tuple[int, str, str]] = {}
    for row in _rows(columns, "DatasetVersion", ["dataset", "version", "file", "source"]):
        files[row["dataset"]] = max(files.get(row["dataset"], (0, "", "")), (row["version"], row["file"], row["source"]))
    rows: dict[str, list[str]] = defaultdict(list)
    datasets: dict[str, list[str]] = defaultdict(list)
    for record in _rows(columns, "Record", ["dataset", "subject_id", "row", "version_last"]):
        if record["version_last"] is None:
            _, file, source = files.get(record["dataset"], (0, record["dataset"], ""))
            unit = "activity" if source == "iati" else "row"
            rows[record["subject_id"]].append(f"{file} {unit} {record['row']}")
            datasets[record["subject_id"]].append(record["dataset"])
    return {k: tuple(v) for k, v in rows.items()}, {k: tuple(sorted(set(v))) for k, v in datasets.items()}


def check_class(name: str) -> str:
    """A class by its name, in the words of lists too.

    Raises
    ------
    NotFound
        If there is no such class.
    """
    plain = name.strip().casefold().replace(" ", "-").removeprefix("possible-")
    if plain not in (*ONE_UNDERTAKING, *BETWEEN_TWO):
        raise NotFound(f"{name!r} is no class. Known: {', '.join(ORDER)}.")
    return plain
