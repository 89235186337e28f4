"""Columns of a store into what pairing compares: one ``Side`` an activity."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pyarrow as pa

from partnermap.model import canonical
from partnermap.pairing.text import Words, plain_words, take_apart, title_key, topics_of

_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
CO_FINANCING = re.compile(
    r"\b(?:co-?financ\w*|co-?fund\w*|parallel financ\w*|jointly (?:financed|funded|implemented)|in parallel with|together with|in partnership with|joint(?:ly)? with|grant from|loan from|financed by|funded by|with funding from)\b",
    re.I,
)
Columns = Callable[[str, Sequence[str]], Iterator[pa.RecordBatch]]


@dataclass(frozen=True)
class Link:
    """An explicit link of an activity: to whom, of what sort, USD where told."""

    other: str
    sort: str  # funds, funded-by, parent, child, sibling, co-funded, third-party
    usd: float | None


@dataclass(frozen=True)
class Side:
    """One activity as it is compared. Organizations and countries are ids."""

    id: str
    title: str
    description: str
    language: str
    kind: str
    scope: str
    status: str
    start: date | None
    end: date | None
    usd: float | None
    flagged: bool
    ours: bool
    withdrawn: bool
    countries: dict[str, float] = field(default_factory=dict)
    regions: dict[str, float] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    place_names: frozenset[str] = frozenset()
    sectors: dict[str, float] = field(default_factory=dict)
    actors: frozenset[str] = frozenset()
    funders: frozenset[str] = frozenset()
    participants: frozenset[str] = frozenset()
    counterparts: frozenset[str] = frozenset()
    principals: frozenset[str] = frozenset()  # who tells it: the reporter, or whom a secondary one tells of
    other_ids: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()
    first_year: int | None = None  # of its money

    @cached_property
    def title_words(self) -> Words:
        """The title taken apart."""
        return take_apart(self.title, self.language)

    def topic_counts(self) -> dict[str, int]:
        """Topic terms of title and description with their counts."""
        return Counter([*self.title_topics, *topics_of(self.description, self.language)])

    @property
    def title_topics(self) -> list[str]:
        """Topic terms of the title, in order with repeats."""
        return topics_of(self.title, self.language)

    @cached_property
    def text_key(self) -> str:
        """Title and description for equality."""
        return f"{plain_words(self.title)}|{plain_words(self.description)}"

    @cached_property
    def description_terms(self) -> frozenset[str]:
        """Topic terms of the description."""
        return frozenset(topics_of(self.description, self.language))

    @cached_property
    def co_financing(self) -> tuple[str, ...]:
        """Sentences of the description that speak of co-financing or of partners."""
        if not CO_FINANCING.search(self.description):
            return ()
        return tuple(s for s in sentences(self.description) if CO_FINANCING.search(s))

    @cached_property
    def names_money(self) -> bool:
        """Whether it names another's money: a funder besides its teller, or co-financing."""
        return not self.funders <= self.principals or bool(self.co_financing)

    @cached_property
    def title_terms(self) -> frozenset[str]:
        """Topic terms of the title."""
        return frozenset(self.title_words.topic)

    @cached_property
    def place_terms(self) -> frozenset[str]:
        """Stems of the words that name its places inside the country."""
        return frozenset(t for name in self.place_names for t in take_apart(name, self.language).run)

    @cached_property
    def all_terms(self) -> frozenset[str]:
        """Topic terms of title and description."""
        return frozenset(self.topic_counts())

    @cached_property
    def title_key(self) -> str:
        """The title for equality."""
        return title_key(self.title)

    @cached_property
    def fields_hash(self) -> str:
        """Hash of everything that is compared: changes when a source changes what it says."""
        said = {
            "title": self.title_key,
            "description": " ".join(self.description.split()).casefold(),
            "kind": self.kind,
            "dates": [str(self.start), str(self.end)],
            "usd": None if self.usd is None else round(self.usd),
            "countries": sorted(self.countries),
            "regions": sorted(self.regions),
            "sectors": sorted(self.sectors),
            "actors": sorted(self.actors),
            "funders": sorted(self.funders),
            "ids": sorted(self.other_ids),
            "links": sorted(f"{link.sort} {link.other}" for link in self.links),
        }
        return hashlib.sha256(canonical(said).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Corpus:
    """Every activity by id, in id order, and the names of the organizations."""

    sides: dict[str, Side]
    names: dict[str, str]  # organization id to name
    acronyms: dict[str, str]  # organization id to acronym

    @cached_property
    def repeated_sentences(self) -> frozenset[tuple[str, str]]:
        """(teller, sentence on co-financing) that it writes in three or more activities: form."""
        counts: Counter[tuple[str, str]] = Counter()
        for side in self.sides.values():
            for sentence in set(side.co_financing):
                counts.update((teller, sentence) for teller in side.principals)
        return frozenset(key for key, n in counts.items() if n >= 3)

    def called(self, organization: str) -> str:
        """Acronym, else name, of an organization."""
        return self.acronyms.get(organization) or self.names.get(organization, organization)


def sentences(text: str) -> list[str]:
    """The sentences of a text, with one space between words."""
    return [" ".join(part.split()) for part in _SENTENCE.split(text) if part.strip()]


def _rows(columns: Columns, kind: str, names: Sequence[str]) -> Iterator[tuple[object, ...]]:
    for batch in columns(kind, names):
        yield from zip(*(batch.column(i).to_pylist() for i in range(batch.num_columns)), strict=True)


def read_corpus(columns: Columns) -> Corpus:
    """Everything that pairing compares, one pass over each kind.

    Parameters
    ----------
    columns : ``Store.columns``
    """
    names: dict[str, str] = {}
    acronyms: dict[str, str] = {}
    for org, name, acronym in _rows(columns, "Organization", ["id", "name", "acronym"]):
        names[str(org)] = str(name)
        if acronym:
            acronyms[str(org)] = str(acronym)
    parts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for org, activity, role, is_actor in _rows(columns, "PARTICIPATES_IN", ["from_id", "to_id", "role", "is_actor"]):
        own = parts[str(activity)]
        own[str(role)].add(str(org))
        if is_actor:
            own["actor"].add(str(org))
    for org, activity, secondary in _rows(columns, "REPORTS", ["from_id", "to_id", "secondary"]):
        parts[str(activity)]["secondary" if secondary else "primary"].add(str(org))
    where: dict[str, dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for activity, kind, target, share in _rows(columns, "LOCATED_IN", ["from_id", "to_kind", "to_id", "share"]):
        where[str(activity)][str(kind)][str(target)] = float(share or 0.0)  # type: ignore[arg-type]
    for activity, target, share in _rows(columns, "IN_SECTOR", ["from_id", "to_id", "share"]):
        if str(target).startswith(("1:", "2:")):
            where[str(activity)]["Sector"][str(target)] = float(share or 0.0)  # type: ignore[arg-type]
    place_names = {str(key): str(name) for key, name in _rows(columns, "Place", ["id", "name"])}
    links = _links(columns)
    years: dict[str, int] = {}
    for flow_of, year in _rows(columns, "Flow", ["activity", "year"]):
        if year:
            years[str(flow_of)] = min(years.get(str(flow_of), 9999), int(year))  # type: ignore[call-overload]
    sides: dict[str, Side] = {}
    wanted = ["id", "title", "description", "language", "kind", "scope", "status", "start_date", "end_date", "money_usd", "money_flag", "ours", "withdrawn", "other_ids"]
    for row in _rows(columns, "Activity", wanted):
        activity = str(row[0])
        who, at = parts[activity], where[activity]
        principals = who["primary"] or who["funding"] or who["secondary"]
        sides[activity] = Side(
            id=activity,
            title=str(row[1] or ""),
            description=str(row[2] or ""),
            language=str(row[3] or "en"),
            kind=str(row[4] or "project"),
            scope=str(row[5] or ""),
            status=str(row[6] or ""),
            start=row[7],  # type: ignore[arg-type]
            end=row[8],  # type: ignore[arg-type]
            usd=None if row[9] is None else float(row[9]),  # type: ignore[arg-type]
            flagged=bool(row[10]),
            ours=bool(row[11]),
            withdrawn=bool(row[12]),
            countries=at["Country"],
            regions=at["CountryGroup"],
            places=frozenset(at["Place"]),
            place_names=frozenset(place_names[p] for p in at["Place"]),
            sectors=at["Sector"],
            actors=frozenset(who["actor"]),
            funders=frozenset(who["funding"]),
            participants=frozenset().union(*(who[r] for r in ("funding", "accountable", "extending", "implementing", "reporting"))),
            counterparts=frozenset(who["counterpart"]),
            principals=frozenset(principals),
            other_ids=frozenset(row[13] or ()),  # type: ignore[call-overload]
            links=tuple(links.get(activity, ())),
            first_year=years.get(activity),
        )
    return Corpus(sides, names, acronyms)


def _links(columns: Columns) -> dict[str, list[Link]]:
    found: dict[str, set[Link]] = defaultdict(set)
    for start, end, usd in _rows(columns, "FUNDS", ["from_id", "to_id", "amount_usd"]):
        found[str(start)].add(Link(str(end), "funds", usd))  # type: ignore[arg-type]
        found[str(end)].add(Link(str(start), "funded-by", usd))  # type: ignore[arg-type]
    for start, end, kind in _rows(columns, "CHILD_OF", ["from_id", "to_id", "from_kind"]):
        if kind == "Activity":
            found[str(start)].add(Link(str(end), "parent", None))
            found[str(end)].add(Link(str(start), "child", None))
    for start, end, relation in _rows(columns, "RELATED_TO", ["from_id", "to_id", "relation"]):
        found[str(start)].add(Link(str(end), str(relation), None))
        found[str(end)].add(Link(str(start), str(relation), None))
    return {k: sorted(v, key=lambda x: (x.other, x.sort, x.usd or 0.0)) for k, v in found.items()}
