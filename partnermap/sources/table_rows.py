"""One row of a table into what it says about an activity, as the mapping reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from partnermap.codes.countries import by_iso2, countries, find_country
from partnermap.codes.names import normalise
from partnermap.model import ActivityContent
from partnermap.sources.iati_codes import DESCRIPTION_TYPE, SCOPE, STATUS, Codes
from partnermap.sources.mapping import Mapping, Part
from partnermap.sources.records import Doubts
from partnermap.sources.values import clean, iso_date, shown

AT_SOURCE = "Correct it at the source, or add it to the mapping."
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_WORD = re.compile(r"[A-Za-z]{3,9}")
BROKEN = "\ufffd"


class _Draft:
    def __init__(self, cells: dict[str, str], mapping: Mapping, tell: Doubts) -> None:
        self.content: dict[str, Any] = {}
        self.cells, self.mapping, self.tell = cells, mapping, tell

    def add(self, key: str, **values: str) -> None:
        self.content.setdefault(key, []).append({name: text for name, text in values.items() if text})

    def parts(self, name: str) -> Iterator[Part]:
        yield from self.mapping.parts.get(name, ())

    def cell(self, part: Part) -> str:
        text = self.cells[part.column] if part.column else ""
        if BROKEN in text:
            self.tell(part.column, "broken characters (U+FFFD, from an earlier wrong conversion); kept as they are. Correct them at the source.")
        return text

    def words(self, part: Part) -> Iterator[str]:
        """The values of a cell, split as the part says, each replaced where the part has a meaning."""
        for word in split(self.cell(part), part.split):
            yield part.values.get(word.casefold(), word)


def split(text: str, separators: str) -> list[str]:
    """Text at each of the separators, without empty pieces.

    >>> split("UNDP/World Bank,UNEP", "/,")
    ['UNDP', 'World Bank', 'UNEP']
    """
    pieces = re.split(f"[{re.escape(separators)}]", text) if separators else [text]
    return [piece for piece in map(clean, pieces) if piece]


def read_row(identifier: str, cells: dict[str, str], mapping: Mapping, tell: Doubts) -> ActivityContent:
    """What a row says about an activity.

    Parameters
    ----------
    identifier : of the activity
    cells : by column, with single spaces
    mapping : what the columns mean
    tell : called with column and reason for each value that is left out or in doubt
    """
    draft = _Draft(cells, mapping, tell)
    table = mapping.table
    draft.content["identifier"] = identifier
    reporter = {"ref": table.get("publisher_ref"), "name": table["publisher"], "type": table.get("publisher_type")}
    draft.content["reporter"] = {key: text for key, text in reporter.items() if text}
    if table.get("secondary"):
        draft.content["secondary"] = True
    _texts(draft)
    _codes(draft)
    _dates(draft)
    _places(draft)
    _participants(draft)
    _sectors(draft)
    for part in draft.parts("other_identifiers"):
        for ref in draft.words(part):
            draft.add("other_identifiers", ref=ref, type=part.type, owner_ref=part.owner_ref, owner_name=part.owner_name)
    return cast(ActivityContent, draft.content)


def _texts(draft: _Draft) -> None:
    language = draft.mapping.table.get("language", "")
    for part in draft.parts("title"):
        if text := draft.cell(part):
            draft.add("titles", lang=part.language or language, text=text)
    if draft.mapping.parts.get("title") and "titles" not in draft.content:
        draft.tell(draft.mapping.parts["title"][0].column, "no title; the activity is kept. Correct it at the source.")
    for part in draft.parts("description"):
        if text := draft.cell(part):
            kind = DESCRIPTION_TYPE.find(part.type) or ""
            draft.add("descriptions", lang=part.language or language, text=text, type=kind)


def _codes(draft: _Draft) -> None:
    _code(draft, "status", STATUS)
    _code(draft, "scope", SCOPE)
    for part in draft.parts("kind"):
        if word := part.value or next(draft.words(part), ""):
            draft.content["kind"] = word


def _code(draft: _Draft, key: str, codes: Codes) -> None:
    for part in draft.parts(key):
        for word in draft.words(part):
            code = codes.find(word)
            if code:
                draft.content[key] = code
            else:
                draft.tell(part.column, f"{shown(word)} is no {key} that the mapping knows; left out. {AT_SOURCE}")


def _dates(draft: _Draft) -> None:
    found: dict[str, str] = {}
    for name, parts in draft.mapping.parts.items():
        if name.startswith("dates.") and (text := draft.cell(parts[0])):
            try:
                found[name.removeprefix("dates.")] = read_date(text, parts[0].formats)
            except ValueError as error:
                draft.tell(parts[0].column, f"date {error}; left out. {AT_SOURCE}")
    for basis in ("planned", "actual"):
        start, end = found.get(f"{basis}_start"), found.get(f"{basis}_end")
        if start and end and end < start:
            column = draft.mapping.parts[f"dates.{basis}_end"][0].column
            draft.tell(column, f"{basis} end {end} is before {basis} start {start}; the end is left out. Correct it at the source.")
            del found[f"{basis}_end"]
    if found:
        draft.content["dates"] = found


def read_date(text: str, formats: tuple[str, ...]) -> str:
    """ISO date of a text in one of the formats (those of ``strptime``), tried in their order.

    Months are read by their English names whatever the computer's language; a year of two
    digits is 1969 to 2068.

    Raises
    ------
    ValueError
        With the words for a report.

    >>> read_date("9-Nov-11", ("%d-%b-%y",))
    '2011-11-09'
    """
    numbered = _MONTH_WORD.sub(_month_number, text)
    for form in formats:
        named = "%b" in form or "%B" in form
        plain = form.replace("%b", "%m").replace("%B", "%m")
        try:
            day = datetime.strptime(numbered if named else text, plain).date()
        except ValueError:
            continue
        return iso_date(day.isoformat())
    raise ValueError(f"{shown(text)} is not of the form {' or '.join(formats)}")


def _month_number(match: re.Match[str]) -> str:
    word = match.group().lower()
    return str(_MONTHS.index(word[:3]) + 1) if word[:3] in _MONTHS else match.group()


def _places(draft: _Draft) -> None:
    for part in draft.parts("countries"):
        text = draft.cell(part)
        whole = find_country(text) if text and part.form == "name" else None  # "Korea, Republic of"
        for word in [text] if whole else split(text, part.split):
            _place(word, part, draft)


def _place(word: str, part: Part, draft: _Draft) -> None:
    scope = part.scopes.get(word.casefold())
    if scope:
        draft.content.setdefault("scope", SCOPE.find(scope))
        return
    meant = part.values.get(word.casefold(), word)
    code = by_iso2(meant) if part.form == "iso2" else find_country(meant)
    if code is None:
        what = "no ISO 3166 country code" if part.form == "iso2" else "no country's name"
        draft.tell(part.column, f"{shown(word)} is {what}; left out. {AT_SOURCE}")
        return
    country = {"code": countries()[code].iso2}
    if country not in draft.content.setdefault("countries", []):
        draft.content["countries"].append(country)


def _participants(draft: _Draft) -> None:
    """Organizations in the mapping's order; one that has the role already is not repeated."""
    seen: set[tuple[str, str]] = set()
    for part in draft.parts("participants"):
        names = draft.words(part) if part.column else iter([part.name])
        for name in names:
            key = (part.role, normalise(name) or part.ref)
            if key not in seen:
                seen.add(key)
                draft.add("participants", role=part.role, ref=part.ref, name=name, type=part.type)


def _sectors(draft: _Draft) -> None:
    for part in draft.parts("sectors"):
        for word in draft.words(part):
            draft.add("sectors", **{part.form: word}, vocabulary=part.vocabulary)
