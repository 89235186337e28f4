"""What pairing compares, as columns: one row an activity, in the order of their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from partnermap.pairing.ragged import Bools, Floats, Ints, Ragged, codes, flagged
from partnermap.pairing.side import Link, Side

# what an organization does in an activity
ACTS, TELLS, FUNDS, TAKES_PART, COUNTERPART = 1, 2, 4, 8, 16
NUMBER = 5  # letters and digits of which a number of one thing has at least so many
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
    def called(self) -> dict[str, list[str]]:
        """Acronym to the organizations that are called so."""
        found: dict[str, list[str]] = {}
        for org in self.principals.labels:
            if acronym := self.acronyms.get(org):
                found.setdefault(acronym, []).append(org)
        return found

    @cached_property
    def numbers(self) -> Ragged:
        """Numbers that an activity has elsewhere."""
        able = np.array([is_number(label) for label in self.other_ids.labels], dtype=bool)
        return self.other_ids.where(able[self.other_ids.ids])

    @cached_property
    def numbers_known_by(self) -> Ragged:
        """Numbers that an activity has elsewhere, the end of its own identifier, and the number whose
        pieces that counts."""
        tails = pc.replace_substring_regex(pa.array(self.ids, pa.string()), r"(?s)^.*[-:]", "")
        own = np.array([row for row, tail in enumerate(tails.to_pylist()) if is_number(tail)], dtype=np.int64)
        pieces = [(row, root) for row in np.flatnonzero(pc.match_substring_regex(tails, r"^\pN{3}$")).tolist() if (root := root_of(self.ids[row]))]
        names = pa.chunked_array([tails.take(pa.array(own)), pa.array([root for _, root in pieces], pa.string()), pa.array(self.numbers.labels, pa.string()).take(pa.array(self.numbers.ids))])
        coded = names.combine_chunks().dictionary_encode()
        rows = np.concatenate([own, np.array([row for row, _ in pieces], dtype=np.int64), self.numbers.rows])
        return Ragged.of(rows, coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_pylist(), len(self))

    @cached_property
    def id_code(self) -> Ints:
        """Equal for identifiers that differ in case only."""
        ids = pa.array(self.ids, pa.string())
        folded = pc.utf8_lower(ids) if pc.all(pc.string_is_ascii(ids)).as_py() else pa.array([key.casefold() for key in self.ids], pa.string())
        found: Ints = folded.dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
        return found

    @cached_property
    def root_code(self) -> Ints:
        """Equal for identifiers that count pieces of one number; another number for each other one."""
        may = pc.match_substring_regex(pa.array(self.ids, pa.string()), r"\pN-\pN{3}$").to_numpy(zero_copy_only=False)
        found = -1 - np.arange(len(self))
        known: dict[str, int] = {}
        for row in np.flatnonzero(may).tolist():
            if root := root_of(self.ids[row]):
                found[row] = known.setdefault(root, len(known))
        return found

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


def is_number(text: str, least: int = NUMBER) -> bool:
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
