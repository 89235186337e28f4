"""Columns of a store into the table that pairing compares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partnermap.codes.countries import groups
from partnermap.pairing.ragged import Bools, Floats, Ints, Ragged
from partnermap.pairing.side import WIDE, Link
from partnermap.pairing.table import Table, table_of

Columns = Callable[[str, Sequence[str]], Iterator[pa.RecordBatch]]


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

    def __init__(self, ids: pa.Array, size: int) -> None:
        self._ids, self._size = ids, size

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
    ids = _texts(told["id"])
    if not pc.all(pc.less(ids[:-1], ids[1:])).as_py():
        told = told.take(pc.sort_indices(ids))
        ids = _texts(told["id"])
    reader = _Reader(ids, len(ids))
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
        found["countries"] = _with_members(found["countries"], found["regions"])
    told = _read(columns, "IN_SECTOR", ["from_id", "to_id", "share"])
    if told is not None:
        codes = _texts(told["to_id"])
        here = pc.or_(pc.starts_with(codes, "1:"), pc.starts_with(codes, "2:")).to_numpy(zero_copy_only=False)
        found["sectors"] = reader.ragged(reader.rows(told["from_id"])[here], codes.filter(pa.array(here)), np.nan_to_num(_numbers(told["share"]))[here])
    return found


def _with_members(countries: Ragged, regions: Ragged) -> Ragged:
    """Countries, and where a row names none but a small group of them ("Central Asia"), its members."""
    silent = countries.sizes == 0
    told = [(row, number) for row, number in zip(regions.rows.tolist(), regions.ids.tolist(), strict=True) if silent[row]]
    members = {label: sorted(groups()[label][1]) for label in regions.labels if label in groups() and len(groups()[label][1]) <= WIDE}
    more = [(row, iso3, 1 / len(members[name])) for row, number in told if (name := regions.labels[number]) in members for iso3 in members[name]]
    if not more:
        return countries
    names = sorted({*countries.labels, *(iso3 for _, iso3, _ in more)})
    number_of = {name: number for number, name in enumerate(names)}
    old = np.array([number_of[label] for label in countries.labels], dtype=np.int64)
    rows = np.concatenate([countries.rows, np.array([row for row, _, _ in more], dtype=np.int64)])
    ids = np.concatenate([old[countries.ids], np.array([number_of[iso3] for _, iso3, _ in more], dtype=np.int64)])
    return Ragged.of(rows, ids, names, countries.size, np.concatenate([countries.values, np.array([share for _, _, share in more])]))


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
