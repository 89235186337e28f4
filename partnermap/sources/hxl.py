"""Tables with HXL tags (who does what, where: 3W) into records of who is present where.

The tag row (``#org``, ``#sector``, ``#adm1+name``, ...) says what each column means, so that no
mapping is needed. A row says that an organization is present in a country or place; it names no
activity, and none is made of it. Rows of one organization, country, place and sector are one
presence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from partnermap.codes.countries import by_iso2, countries, find_country
from partnermap.codes.names import normalise
from partnermap.errors import UnreadableFile
from partnermap.model import DatasetVersion, Refused, SourceRecord, canonical
from partnermap.sources.archive import Content
from partnermap.sources.imports import Import, dataset_id
from partnermap.sources.records import Doubts, misspelt
from partnermap.sources.table import open_lines
from partnermap.sources.table_csv import CsvLines
from partnermap.sources.table_dates import read_date
from partnermap.sources.table_layout import ruled_out
from partnermap.sources.table_lines import CellError, Line, Lines
from partnermap.sources.table_places import close_names
from partnermap.sources.table_xlsx import XlsxLines
from partnermap.sources.values import shown

LIMITS = (
    "says who is present where on the day it was made; not what is done, with how much money or with whom. "
    "Nothing is counted as an activity, and nobody being listed in a place does not mean that nobody is there."
)
_SEARCHED = 25  # rows in which the tag row must stand, as in the HXL standard
_TAG = re.compile(r"#[A-Za-z][A-Za-z0-9_]*(\s*\+\s*[A-Za-z][A-Za-z0-9_]*)*")
_PCODE = re.compile(r"([A-Z]{2})\d+", re.ASCII)
_GIVES_MONEY = {"funder", "funding", "donor"}
_DATE_FORMATS = ("%Y-%m-%d", "%d-%b-%Y", "%d %b %Y", "%Y/%m/%d", "serial")


@dataclass(frozen=True)
class Column:
    """A column's tag and attributes: ``#adm1+name+en`` is ``adm1`` with ``name`` and ``en``."""

    at: int
    tag: str
    attributes: frozenset[str]


@dataclass
class _Presence:
    row: int
    content: dict[str, Any]


@dataclass
class Tagged:
    """The tag row of a table, and its columns by tag."""

    row: int
    columns: dict[str, list[Column]] = field(default_factory=dict)

    def of(self, *tags: str) -> list[Column]:
        return [column for tag in tags for column in self.columns.get(tag, ())]


def find_tags(lines: Iterable[Line]) -> Tagged | None:
    """The tag row among the first 25 rows, or None: at least half of its filled cells are tags."""
    for number, line in lines:
        filled = [cell for cell in line if cell]
        tags = [cell for cell in filled if _TAG.fullmatch(cell)]
        if tags and 2 * len(tags) >= len(filled):
            found = Tagged(number)
            for at, cell in enumerate(line):
                if _TAG.fullmatch(cell):
                    tag, *attributes = (part.strip().lower() for part in cell[1:].split("+"))
                    found.columns.setdefault(tag, []).append(Column(at, tag, frozenset(attributes)))
            return found
        if number >= _SEARCHED:
            break
    return None


def has_tags(content: Content) -> bool:
    """Whether a table has a tag row."""
    try:
        return find_tags(_open(content, []).lines()) is not None
    except UnreadableFile:  # it says so when it is read as what it is
        return False


def _open(content: Content, refused: list[Refused]) -> CsvLines | XlsxLines:
    return open_lines(content, {}, refused, fits=lambda top: find_tags(enumerate(top, start=1)) is not None)


def read_hxl(content: Content, dataset: str | None = None) -> Import:
    """Who is present where, as a tagged table says: records of the kind ``Presence``.

    Parameters
    ----------
    content : a workbook or text with separators, with a tag row
    dataset : dataset id; default from the file's name

    Returns
    -------
    Import
        ``dataset`` is complete, with no activities. Countries are found by code or exact name. Rows
        of totals are left out and reported.

    Raises
    ------
    UnreadableFile
        If no column says who or none says where.
    """
    refused: list[Refused] = []
    lines = _open(content, refused)
    tagged = find_tags(lines.lines())
    if tagged is None:
        raise UnreadableFile(f"{content.name}: has no HXL tag row among its first {_SEARCHED} rows. Import it with --mapping FILE.toml.")
    if not tagged.of("org"):
        raise UnreadableFile(f"{content.name}: has HXL tags and no #org, so it does not say who is where. Import it with --mapping FILE.toml.")
    if not tagged.of("country", "adm1", "adm2"):
        raise UnreadableFile(f"{content.name}: has HXL tags and no #country, #adm1 or #adm2, so it does not say where anybody is. Import it with --mapping FILE.toml.")
    name = dataset or dataset_id(content.name)
    doubts = Doubts(content.name, refused)
    found: dict[str, _Presence] = {}
    rows = 0
    for row, cells in _rows(lines, tagged):
        doubts.row = row
        if ruled := ruled_out({f"column {at}": cell for at, cell in enumerate(cells, start=1) if cell}):
            doubts.refuse("", f"{ruled}, and nobody's presence; left out.")
            continue
        rows += 1
        for said in _row(cells, tagged, doubts, lines.day_zero):
            known = found.setdefault(_key(said), _Presence(row, said))
            _widen(known.content, said)
    version = DatasetVersion(
        dataset=name,
        file=content.name,
        source="hxl",
        sha256=lines.digest.hexdigest(),
        rejected=len({entry.row for entry in refused if not entry.kept}),
    )
    told = f"{rows:,} {'row tells' if rows == 1 else 'rows tell'} of {len(found):,} presence{'' if len(found) == 1 else 's'}"
    notes = [f"{content.name}: {told}; the file {LIMITS}"]
    return Import(version, _records(name, found), refused, notes=notes)


def _records(dataset: str, found: Mapping[str, _Presence]) -> Iterator[SourceRecord]:
    for key, presence in found.items():
        yield SourceRecord("Presence", f"Presence:{dataset}#{key}", presence.row, canonical(presence.content), dataset, True, False)


def _rows(lines: Lines, tagged: Tagged) -> Iterator[tuple[int, list[str]]]:
    for number, line in lines.lines():
        if number > tagged.row and any(line):
            yield number, line


def _cell(cells: Sequence[str], column: Column) -> str:
    return cells[column.at] if column.at < len(cells) else ""


def _first(cells: Sequence[str], columns: Sequence[Column]) -> str:
    return next((text for column in columns if (text := _cell(cells, column))), "")


def _row(cells: list[str], tagged: Tagged, doubts: Doubts, day_zero: date) -> list[dict[str, Any]]:
    """What a row says: one presence for each organization that acts, nothing when nobody does."""
    for at, cell in enumerate(cells):
        if isinstance(cell, CellError):
            doubts(f"column {at + 1}", f"{cell.what} instead of a value; left out. Correct it in the workbook, save it, and import it again.")
    names = _organizations(cells, tagged.of("org"))
    if not names:
        doubts.refuse("#org", "empty, so the row does not say who; left out. Correct it at the source.")
        return []
    for told in filter(None, map(misspelt, names)):
        doubts("#org", f"{told} Correct it at the source.")
    where = _where(cells, tagged, doubts)
    if not where:
        doubts.refuse("#country", "neither a country nor a place that is known, so the row does not say where; left out. Correct it at the source.")
        return []
    said: dict[str, Any] = dict(where)
    if sector := _first(cells, _named_first(tagged.of("sector", "subsector"))):
        said["sector"] = sector
    for key in ("start", "end"):
        columns = [c for c in tagged.of("date") if key in c.attributes]
        if text := _first(cells, columns):
            try:
                said[key] = read_date(text, _DATE_FORMATS, day_zero)
            except ValueError as error:
                doubts("#date", f"{error}; left out. Correct it at the source.")
    return [{"organization": {"name": name}, **said} for name in names]


def _organizations(cells: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """Names of who acts: implementing partners, else the others; who only pays is not present."""
    acting = [column for column in columns if not column.attributes & _GIVES_MONEY]
    for wanted in ("impl", ""):
        some = [c for c in acting if not wanted or wanted in c.attributes]
        plain = [c for c in some if not c.attributes & {"code", "acronym", "type", "abbrev"}] or [c for c in some if c.attributes & {"acronym", "abbrev"}]
        names = [text for column in plain if (text := _cell(cells, column))]
        if names:
            return list(dict.fromkeys(names))
    return []


def _named_first(columns: Sequence[Column]) -> list[Column]:
    """Columns of names before columns of codes."""
    return sorted(columns, key=lambda column: bool(column.attributes & {"code", "id"}))


def _where(cells: Sequence[str], tagged: Tagged, doubts: Doubts) -> dict[str, Any]:
    places = {level: _named_first(tagged.of(level)) for level in ("adm1", "adm2")}
    codes = {level: next((t for c in some if "code" in c.attributes and (t := _cell(cells, c))), "") for level, some in places.items()}
    country = _country(cells, tagged.of("country"), [code for code in codes.values() if code], doubts)
    found: dict[str, Any] = {"country": country} if country else {}
    level = "adm1" if places["adm1"] else "adm2"
    name = _first(cells, [c for c in places[level] if "code" not in c.attributes]) or codes[level]
    if name:
        place = {"name": name, "code": codes[level], "level": level}
        found["place"] = {key: text for key, text in place.items() if text}
    return found


def _country(cells: Sequence[str], columns: Sequence[Column], codes: Sequence[str], doubts: Doubts) -> str:
    """ISO alpha-2 code by code or exact name, else by the code of the place, which begins with it."""
    texts = [text for column in columns if (text := _cell(cells, column))]
    iso3 = next((found for text in texts if (found := find_country(text))), None)
    if texts and iso3 is None:
        close = close_names(texts[0])
        hint = f" Is it {' or '.join(close)}? Nothing is taken without you." if close else ""
        doubts("#country", f"{shown(texts[0])} is no country's code or name; left out.{hint} Correct it at the source.")
        return ""
    if iso3 is None:
        prefixes = {match[1] for code in codes if (match := _PCODE.fullmatch(code))}
        iso3 = by_iso2(prefixes.pop()) if len(prefixes) == 1 else None
    return countries()[iso3].iso2 if iso3 else ""


def _key(said: Mapping[str, Any]) -> str:
    place = said.get("place", {})
    parts = (said["organization"]["name"], said.get("country", ""), place.get("code") or place.get("name", ""), said.get("sector", ""))
    return "|".join(normalise(part) or part for part in parts)


def _widen(known: dict[str, Any], said: Mapping[str, Any]) -> None:
    """One presence from several rows: from the earliest start to the latest end."""
    known["rows"] = known.get("rows", 0) + 1
    if "start" in said:
        known["start"] = min(known.get("start", said["start"]), said["start"])
    if "end" in said:
        known["end"] = max(known.get("end", said["end"]), said["end"])
