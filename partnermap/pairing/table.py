"""What pairing compares, as columns: one row an activity, in the order of their ids."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partnermap.model import canonical
from partnermap.pairing.ragged import Bools, Floats, Ints, Ragged, codes, flagged
from partnermap.pairing.side import Link, Side
from partnermap.pairing.text import title_key

Columns = Callable[[str, Sequence[str]], Iterator[pa.RecordBatch]]
# what an organization does in an activity
ACTS, TELLS, FUNDS, TAKES_PART, COUNTERPART = 1, 2, 4, 8, 16
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Table:
    """Activities as columns. Dates are days since 1970, unknown numbers NaN."""

    ids: list[str]
    titles: pa.Array
    descriptions: pa.Array
    languages: list[str]
    kinds: list[str]
    scopes: list[str]
    statuses: list[str]
    start: Floats
    end: Floats
    usd: Floats
    first_year: Floats  # of its money
    flagged: Bools
    ours: Bools
    withdrawn: Bools
    countries: Ragged  # values are shares, here, of regions and of sectors
    regions: Ragged
    places: Ragged
    sectors: Ragged
    actors: Ragged
    funders: Ragged
    participants: Ragged
    counterparts: Ragged
    principals: Ragged  # who tells it: the reporter, or whom a secondary one tells of
    other_ids: Ragged
    links: Mapping[str, tuple[Link, ...]]
    place_names: Mapping[str, str]
    names: Mapping[str, str]  # organization id to name
    acronyms: Mapping[str, str]  # organization id to acronym

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Id to row."""
        return {key: row for row, key in enumerate(self.ids)}

    @cached_property
    def who(self) -> Ragged:
        """Every organization of an activity with flags of what it does there."""
        some = (self.actors, self.principals, self.funders, self.participants, self.counterparts)
        rows, ids = (np.concatenate([getattr(ragged, name) for ragged in some]) for name in ("rows", "ids"))
        flags = np.repeat(np.array([ACTS, TELLS, FUNDS, TAKES_PART, COUNTERPART], dtype=np.float64), [len(r.ids) for r in some])
        return flagged(rows, ids, flags, self.actors.labels, len(self))

    @cached_property
    def numbers(self) -> Ragged:
        """Numbers that an activity has elsewhere."""
        able = np.array([is_number(label) for label in self.other_ids.labels], dtype=bool)
        return self.other_ids.where(able[self.other_ids.ids])

    @cached_property
    def id_code(self) -> Ints:
        """Equal for identifiers that differ in case only."""
        return codes([key.casefold() for key in self.ids])

    @cached_property
    def root_code(self) -> Ints:
        """Equal for identifiers that count pieces of one number; another number for each other one."""
        return codes([root_of(key) or (row,) for row, key in enumerate(self.ids)])

    @cached_property
    def kind_code(self) -> Ints:
        """Equal for equal kinds."""
        return codes(self.kinds)

    @cached_property
    def categories(self) -> Ragged:
        """Sector categories, by the first three digits of the codes."""
        names = [label.split(":")[1][:3] for label in self.sectors.labels]
        known = sorted(set(names))
        number = {name: n for n, name in enumerate(known)}
        ids = np.array([number[name] for name in names], dtype=np.int64)
        return Ragged.of(self.sectors.rows, ids[self.sectors.ids] if len(ids) else self.sectors.ids, known, len(self))

    @cached_property
    def _hashes(self) -> dict[int, str]:
        return {}

    def fields_hash(self, row: int) -> str:
        """Hash of everything that is compared of one row: changes when a source changes what it says."""
        found = self._hashes.get(row)
        if found is None:
            said = {
                "title": title_key(self.titles[row].as_py()),
                "description": " ".join(self.descriptions[row].as_py().split()).casefold(),
                "kind": self.kinds[row],
                "dates": [str(day_of(self.start[row])), str(day_of(self.end[row]))],
                "usd": None if np.isnan(self.usd[row]) else round(float(self.usd[row])),
                "countries": self.countries.at(row),
                "regions": self.regions.at(row),
                "sectors": self.sectors.at(row),
                "actors": self.actors.at(row),
                "funders": self.funders.at(row),
                "ids": self.other_ids.at(row),
                "links": sorted(f"{link.sort} {link.other}" for link in self.links.get(self.ids[row], ())),
            }
            found = self._hashes[row] = hashlib.sha256(canonical(said).encode()).hexdigest()[:16]
        return found

    def taken(self, rows: Ints) -> Table:
        """Some rows, ascending."""

        def some(column: Any) -> Any:
            if isinstance(column, Ragged):
                return column.taken(rows)
            if isinstance(column, pa.Array):
                return column.take(pa.array(rows))
            if isinstance(column, list):
                return [column[row] for row in rows.tolist()]
            return column[rows] if isinstance(column, np.ndarray) else column

        return Table(**{column.name: some(getattr(self, column.name)) for column in fields(self)})

    def side(self, row: int) -> Side:
        """One activity."""
        places = self.places.at(row)
        return Side(
            id=self.ids[row],
            title=self.titles[row].as_py(),
            description=self.descriptions[row].as_py(),
            language=self.languages[row],
            kind=self.kinds[row],
            scope=self.scopes[row],
            status=self.statuses[row],
            start=day_of(self.start[row]),
            end=day_of(self.end[row]),
            usd=_number(self.usd[row]),
            flagged=bool(self.flagged[row]),
            ours=bool(self.ours[row]),
            withdrawn=bool(self.withdrawn[row]),
            countries=self.countries.valued(row),
            regions=self.regions.valued(row),
            places=frozenset(places),
            place_names=frozenset(self.place_names[p] for p in places if p in self.place_names),
            sectors=self.sectors.valued(row),
            actors=frozenset(self.actors.at(row)),
            funders=frozenset(self.funders.at(row)),
            participants=frozenset(self.participants.at(row)),
            counterparts=frozenset(self.counterparts.at(row)),
            principals=frozenset(self.principals.at(row)),
            other_ids=frozenset(self.other_ids.at(row)),
            links=self.links.get(self.ids[row], ()),
            first_year=None if np.isnan(self.first_year[row]) else int(self.first_year[row]),
        )


def is_number(text: str, least: int = 5) -> bool:
    """Whether a text can be the number of one thing: long enough, with a digit."""
    return len(text) >= least and any(c.isdigit() for c in text)


def root_of(key: str) -> str:
    """Project number of an activity without the part that counts its pieces ("-013"); empty if none does."""
    root, dash, piece = key.rpartition("-")
    return root if dash and len(piece) == 3 and piece.isdigit() and root[-1:].isdigit() else ""


def day_of(days: float) -> date | None:
    """The date of days since 1970; None of NaN."""
    return None if np.isnan(days) else date.fromordinal(_EPOCH.toordinal() + int(days))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


# --- from a store ---------------------------------------------------------------------------------


def _read(columns: Columns, kind: str, names: Sequence[str]) -> pa.Table | None:
    batches = [batch for batch in columns(kind, names) if batch.num_rows]
    return pa.Table.from_batches([batch.rename_columns(list(names)) for batch in batches]) if batches else None


def _texts(column: pa.ChunkedArray, missing: str = "") -> pa.Array:
    told = pc.cast(column, pa.string()).combine_chunks()
    return pc.fill_null(told, missing)


def _words(column: pa.ChunkedArray, missing: str) -> list[str]:
    told = _texts(column)
    return pc.if_else(pc.equal(told, ""), missing, told).to_pylist()  # type: ignore[no-any-return]


def _numbers(column: pa.ChunkedArray) -> Floats:
    told: Floats = pc.cast(column, pa.float64()).combine_chunks().to_numpy(zero_copy_only=False)
    return told


def _days(column: pa.ChunkedArray) -> Floats:
    days = pc.cast(pc.cast(column, pa.date32()), pa.int32())
    return _numbers(days)


def _flags(column: pa.ChunkedArray, truth: bool = False) -> Bools:
    """Whether it is so; with ``truth``, whether it holds anything."""
    if pa.types.is_string(column.type):
        return pc.greater(pc.binary_length(_texts(column)), 0).to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]
    return pc.fill_null(pc.cast(column, pa.bool_()), False).combine_chunks().to_numpy(zero_copy_only=False)  # type: ignore[no-any-return]


class _Reader:
    """Rows of relationships as numbers of activities and of what they lead to."""

    def __init__(self, columns: Columns, ids: pa.Array, size: int) -> None:
        self._columns, self._ids, self._size = columns, ids, size

    def rows(self, column: pa.ChunkedArray) -> Ints:
        """The row of each id; -1 for none of ours."""
        found = pc.fill_null(pc.index_in(_texts(column), value_set=self._ids), -1)
        return found.to_numpy(zero_copy_only=False).astype(np.int64)  # type: ignore[no-any-return]

    def ragged(self, rows: Ints, names: pa.Array, values: Floats | None = None, labels: list[str] | None = None) -> Ragged:
        """Names of rows; rows of -1 are left out."""
        known = sorted(set(names.to_pylist())) if labels is None else labels
        ids = pc.index_in(names, value_set=pa.array(known, pa.string())).to_numpy(zero_copy_only=False).astype(np.int64)
        kept = rows >= 0
        return Ragged.of(rows[kept], ids[kept], known, self._size, None if values is None else values[kept])

    def empty(self, labels: Sequence[str] = ()) -> Ragged:
        """Of no names."""
        nothing = np.zeros(0, dtype=np.int64)
        return Ragged.of(nothing, nothing, labels, self._size)


def read_table(columns: Columns) -> Table:
    """Everything that pairing compares, one pass over each kind.

    Parameters
    ----------
    columns : ``Store.columns``
    """
    wanted = ["id", "title", "description", "language", "kind", "scope", "status", "start_date", "end_date", "money_usd", "money_flag", "ours", "withdrawn", "other_ids"]
    told = _read(columns, "Activity", wanted)
    names, acronyms = _organizations(columns)
    if told is None:
        return table_of([], names, acronyms, {})
    told = told.take(pc.sort_indices(_texts(told["id"])))
    ids = _texts(told["id"])
    reader = _Reader(columns, ids, len(ids))
    where = _where(reader, columns)
    found = Table(
        ids=ids.to_pylist(),
        titles=_texts(told["title"]),
        descriptions=_texts(told["description"]),
        languages=_words(told["language"], "en"),
        kinds=_words(told["kind"], "project"),
        scopes=_words(told["scope"], ""),
        statuses=_words(told["status"], ""),
        start=_days(told["start_date"]),
        end=_days(told["end_date"]),
        usd=_numbers(told["money_usd"]),
        first_year=_first_years(reader, columns, len(ids)),
        flagged=_flags(told["money_flag"]),
        ours=_flags(told["ours"]),
        withdrawn=_flags(told["withdrawn"]),
        **where,
        **_who(reader, columns),
        other_ids=_lists(told["other_ids"], len(ids)),
        links=_links(columns),
        place_names={str(place): str(name) for place, name in _pairs(columns, "Place", ["id", "name"])},
        names=names,
        acronyms=acronyms,
    )
    del told, reader
    pa.default_memory_pool().release_unused()  # else what was read in between stays beside it
    return found


def _pairs(columns: Columns, kind: str, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    told = _read(columns, kind, names)
    return zip(*(_texts(told[name]).to_pylist() for name in names), strict=True) if told else iter(())


def _organizations(columns: Columns) -> tuple[dict[str, str], dict[str, str]]:
    told = list(_pairs(columns, "Organization", ["id", "name", "acronym"]))
    return {org: name for org, name, _ in told}, {org: acronym for org, _, acronym in told if acronym}


def _where(reader: _Reader, columns: Columns) -> dict[str, Ragged]:
    told = _read(columns, "LOCATED_IN", ["from_id", "to_kind", "to_id", "share"])
    found = {name: reader.empty() for name in ("countries", "regions", "places", "sectors")}
    if told is not None:
        rows, kinds, targets, shares = reader.rows(told["from_id"]), _texts(told["to_kind"]), _texts(told["to_id"]), np.nan_to_num(_numbers(told["share"]))
        for name, kind in (("countries", "Country"), ("regions", "CountryGroup"), ("places", "Place")):
            here = pc.equal(kinds, kind).to_numpy(zero_copy_only=False)
            found[name] = reader.ragged(rows[here], targets.filter(pa.array(here)), shares[here])
    told = _read(columns, "IN_SECTOR", ["from_id", "to_id", "share"])
    if told is not None:
        codes = _texts(told["to_id"])
        here = pc.or_(pc.starts_with(codes, "1:"), pc.starts_with(codes, "2:")).to_numpy(zero_copy_only=False)
        found["sectors"] = reader.ragged(reader.rows(told["from_id"])[here], codes.filter(pa.array(here)), np.nan_to_num(_numbers(told["share"]))[here])
    return found


_SOME_PART = ("funding", "accountable", "extending", "implementing", "reporting")


def _who(reader: _Reader, columns: Columns) -> dict[str, Ragged]:
    part = _read(columns, "PARTICIPATES_IN", ["from_id", "to_id", "role", "is_actor"])
    told = _read(columns, "REPORTS", ["from_id", "to_id", "secondary"])
    names = sorted({name for table in (part, told) if table is not None for name in pc.unique(_texts(table["from_id"])).to_pylist()})
    found = {name: reader.empty(names) for name in ("actors", "funders", "participants", "counterparts", "principals")}
    if part is not None:
        rows, orgs, roles = reader.rows(part["to_id"]), _texts(part["from_id"]), _texts(part["role"])
        for name, wanted in (("funders", ["funding"]), ("counterparts", ["counterpart"]), ("participants", _SOME_PART), ("actors", None)):
            here = _flags(part["is_actor"]) if wanted is None else pc.is_in(roles, value_set=pa.array(wanted, pa.string())).to_numpy(zero_copy_only=False)
            found[name] = reader.ragged(rows[here], orgs.filter(pa.array(here)), labels=names)
    tellers = [reader.empty(names)] * 2
    if told is not None:
        rows, orgs, second = reader.rows(told["to_id"]), _texts(told["from_id"]), _flags(told["secondary"])
        tellers = [reader.ragged(rows[here], orgs.filter(pa.array(here)), labels=names) for here in (~second, second)]
    found["principals"] = _first_told(tellers[0], found["funders"], tellers[1])
    return found


def _first_told(*some: Ragged) -> Ragged:
    """Of each row what the first says that says anything."""
    silent = np.ones(some[0].size, dtype=bool)
    rows, ids = [], []
    for ragged in some:
        here = silent[ragged.rows]
        rows.append(ragged.rows[here])
        ids.append(ragged.ids[here])
        silent &= ragged.sizes == 0
    return Ragged.of(np.concatenate(rows), np.concatenate(ids), some[0].labels, some[0].size)


def _lists(column: pa.ChunkedArray, size: int) -> Ragged:
    if pa.types.is_null(column.type):
        return Ragged.of_sets([()] * size)
    told = column.combine_chunks()
    names = _texts(pa.chunked_array([pc.list_flatten(told)]))
    rows = pc.list_parent_indices(told).to_numpy(zero_copy_only=False).astype(np.int64)
    known = sorted(set(names.to_pylist()))
    ids = pc.index_in(names, value_set=pa.array(known, pa.string())).to_numpy(zero_copy_only=False).astype(np.int64)
    return Ragged.of(rows, ids, known, size)


def _first_years(reader: _Reader, columns: Columns, size: int) -> Floats:
    found = np.full(size, np.inf)
    told = _read(columns, "Flow", ["activity", "year"])
    if told is not None:
        rows, years = reader.rows(told["activity"]), _numbers(told["year"])
        kept = (rows >= 0) & (years > 0)
        np.minimum.at(found, rows[kept], years[kept])
    found[np.isinf(found)] = np.nan
    return found


def _links(columns: Columns) -> dict[str, tuple[Link, ...]]:
    found: dict[str, set[Link]] = defaultdict(set)
    told = _read(columns, "FUNDS", ["from_id", "to_id", "amount_usd"])
    if told is not None:
        for start, end, usd in zip(*(told[name].to_pylist() for name in told.column_names), strict=True):
            found[str(start)].add(Link(str(end), "funds", usd))
            found[str(end)].add(Link(str(start), "funded-by", usd))
    for start, end, kind in _pairs(columns, "CHILD_OF", ["from_id", "to_id", "from_kind"]):
        if kind == "Activity":
            found[start].add(Link(end, "parent", None))
            found[end].add(Link(start, "child", None))
    for start, end, relation in _pairs(columns, "RELATED_TO", ["from_id", "to_id", "relation"]):
        found[start].add(Link(end, relation, None))
        found[end].add(Link(start, relation, None))
    return {key: tuple(sorted(links, key=lambda x: (x.other, x.sort, x.usd or 0.0))) for key, links in found.items()}


# --- from sides -----------------------------------------------------------------------------------


def table_of(sides: Iterable[Side], names: Mapping[str, str], acronyms: Mapping[str, str], place_names: Mapping[str, str]) -> Table:
    """A table of activities that are at hand."""
    some = sorted(sides, key=lambda side: side.id)
    organizations = sorted({o for s in some for o in s.actors | s.funders | s.participants | s.counterparts | s.principals})

    def who(name: str) -> Ragged:
        return Ragged.of_sets([sorted(getattr(s, name)) for s in some], organizations)

    def shares(name: str) -> Ragged:
        told = [dict(sorted(getattr(s, name).items())) for s in some]
        plain = Ragged.of_sets([list(one) for one in told])
        return Ragged(plain.indptr, plain.ids, plain.labels, np.array([share for one in told for share in one.values()]))

    def numbers(values: Iterable[float | None]) -> Floats:
        return np.array([np.nan if value is None else float(value) for value in values])

    def days(values: Iterable[date | None]) -> Floats:
        return numbers(None if day is None else day.toordinal() - _EPOCH.toordinal() for day in values)

    def flags(values: Iterable[bool]) -> Bools:
        return np.array(list(values), dtype=bool)

    return Table(
        ids=[s.id for s in some],
        titles=pa.array([s.title for s in some], pa.string()),
        descriptions=pa.array([s.description for s in some], pa.string()),
        languages=[s.language for s in some],
        kinds=[s.kind for s in some],
        scopes=[s.scope for s in some],
        statuses=[s.status for s in some],
        start=days(s.start for s in some),
        end=days(s.end for s in some),
        usd=numbers(s.usd for s in some),
        first_year=numbers(s.first_year for s in some),
        flagged=flags(s.flagged for s in some),
        ours=flags(s.ours for s in some),
        withdrawn=flags(s.withdrawn for s in some),
        countries=shares("countries"),
        regions=shares("regions"),
        places=Ragged.of_sets([sorted(s.places) for s in some]),
        sectors=shares("sectors"),
        actors=who("actors"),
        funders=who("funders"),
        participants=who("participants"),
        counterparts=who("counterparts"),
        principals=who("principals"),
        other_ids=Ragged.of_sets([sorted(s.other_ids) for s in some]),
        links={s.id: s.links for s in some if s.links},
        place_names=place_names,
        names=names,
        acronyms=acronyms,
    )
