"""What a cell of our own workbooks says, by its column's form, and how it is shown again.

``read_cell`` and ``shown_cell`` are inverse: what was read and is written again reads the same.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from partnermap.codes.countries import close_names, countries, find_country, find_group, groups
from partnermap.codes.instruments import find_instrument, instruments
from partnermap.codes.money import currencies
from partnermap.codes.names import normalise
from partnermap.codes.organizations import resolve
from partnermap.codes.sectors import area_names
from partnermap.sources.records import misspelt
from partnermap.sources.registers_sheets import SEPARATOR, Column
from partnermap.sources.values import amount, clean, iso_date, shown

Value = str | bool | list[str]
LONGEST = 32_767  # characters that a cell can hold
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})\.?,?[ -](\d{4})")
_SERIALS = (32_874, 73_050)  # 1990-01-01 to 2099-12-31 in the calendar that begins in 1900
_SHORT = {"speca": "SPECA", "eecca": "EECCA", "carec": "CAREC", "cis": "CIS", "eaeu": "EAEU", "osce": "OSCE", "central_asia": "Central Asia"}
_PERSON = re.compile(r"\s*([^<>]+?)\s*(?:<\s*([^<>]*?)\s*>)?\s*")


@dataclass(frozen=True)
class Own:
    """Whose workbook it is, and how its activities' identifiers begin."""

    ref: str
    name: str = ""

    def activity(self, number: str) -> str:
        """Identifier of one of our activities by its number."""
        return f"{self.ref}:{number}"


def read_cell(column: Column, raw: Any, own: Own, first_day: int = 0) -> tuple[Value | None, list[str]]:
    """The value of a cell and what is wrong with it, in words.

    Parameters
    ----------
    column : what the cell may hold
    raw : text, number, bool, date or None, as openpyxl gives it
    own : whose workbook it is
    first_day : days that a date stored as a number lacks: 1462 where the calendar begins in 1904

    Returns
    -------
    value : None where the cell says nothing or nothing that is allowed
    problems : one sentence for each value that is left out or in doubt
    """
    if raw is None or raw == "":
        return None, []
    if column.form == "date":
        return _one(lambda: read_date(raw, first_day))
    text = cell_text(raw)
    if len(text) > LONGEST:
        return None, [f"is {len(text):,} characters long, and a cell holds {LONGEST:,}; shorten it"]
    if not text:
        return None, []
    if column.form == "yes":
        return _one(lambda: _yes(text))
    if column.form == "number":
        return _one(lambda: _number(text))
    if not column.several:
        return _one(lambda: _word(column, text))
    found: list[str] = []
    problems: list[str] = []
    whole = column.form == "countries" and find_country(text)  # "Korea, Republic of"
    for piece in [text] if whole else text.split(SEPARATOR):
        if word := clean(piece):
            try:
                value = _item(column, word, own)
            except ValueError as error:
                problems.append(str(error))
                continue
            found.extend(v for v in value if v not in found)
            if column.form == "organizations" and (told := misspelt(word)):
                problems.append(f"{told} Correct it, or leave it if it is right")
    return found or None, problems


def _one(read: Any) -> tuple[Value | None, list[str]]:
    try:
        return read(), []
    except ValueError as error:
        return None, [str(error)]


def cell_text(raw: Any) -> str:
    """Text of any cell: whole numbers without a point, dates as ISO text, single spaces."""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        return str(int(raw))
    if isinstance(raw, float):
        return format(Decimal(repr(raw)), "f")
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "minutes")
    if isinstance(raw, (date, time)):
        return raw.isoformat()
    if isinstance(raw, timedelta):
        return str(raw)
    return " ".join(str(raw).replace("_x000D_", " ").split())


def read_date(raw: Any, first_day: int = 0) -> str:
    """ISO date of a date, a spreadsheet's number or a text with one meaning.

    Raises
    ------
    ValueError
        With the words for a report.
    """
    if isinstance(raw, datetime):
        return iso_date(raw.date().isoformat())
    if isinstance(raw, date):
        return iso_date(raw.isoformat())
    text = cell_text(raw)
    if isinstance(raw, (int, float)) or re.fullmatch(r"\d{5}", text):
        serial = int(float(text)) + first_day
        if _SERIALS[0] <= serial <= _SERIALS[1]:
            return (date(1899, 12, 30) + timedelta(days=serial)).isoformat()
        if re.fullmatch(r"(19|20)\d\d", text):
            raise ValueError(f"{text} is a year; write a whole date such as {text}-03-31")
        raise ValueError(f"{shown(text)} is no date; write one such as 2026-05-31")
    if match := _DOTTED.fullmatch(text):
        return _iso(match[3], match[2], match[1], text)
    if match := _SLASHED.fullmatch(text):
        if int(match[1]) <= 12 and int(match[2]) <= 12 and match[1] != match[2]:
            raise ValueError(f"{shown(text)} can be two dates, since month and day are not told apart; write 2026-05-31")
        month, day = (match[2], match[1]) if int(match[1]) > 12 or match[1] == match[2] else (match[1], match[2])
        return _iso(match[3], month, day, text)
    if (match := _WORDED.fullmatch(text)) and match[2][:3].lower() in _MONTHS:
        return _iso(match[3], str(_MONTHS.index(match[2][:3].lower()) + 1), match[1], text)
    try:
        return iso_date(text)
    except ValueError:
        raise ValueError(f"{shown(text)} is no date; write one such as 2026-05-31") from None


def _iso(year: str, month: str, day: str, text: str) -> str:
    try:
        return iso_date(date(int(year), int(month), int(day)).isoformat())
    except ValueError:
        raise ValueError(f"{shown(text)} is no date; write one such as 2026-05-31") from None


def _yes(text: str) -> bool:
    word = text.casefold()
    if word in ("yes", "y", "true", "1", "x", "да", "oui"):
        return True
    if word in ("no", "n", "false", "0", "нет", "non"):
        return False
    raise ValueError(f"{shown(text)} is not allowed; write yes or no")


def _number(text: str) -> str:
    try:
        value = amount(text)
    except ValueError as error:
        raise ValueError(f"{error}; write it in digits alone, such as 180000") from None
    if Decimal(value) < 0:
        raise ValueError(f"{shown(text)} is below zero; correct it")
    return format(Decimal(value).normalize(), "f")


def _word(column: Column, text: str) -> str:
    if column.form == "choice":
        return _allowed(text, {normalise(c): c for c in column.choices}, column.choices, column.note)
    if column.form == "currency":
        if text.upper() in currencies():
            return text.upper()
        raise ValueError(f"{shown(text)} is no currency code; write one such as USD, EUR or CHF")
    if column.form == "instrument":
        return _instrument(text)
    if column.form == "country":
        return _country(text, alone=True)
    return text


def _item(column: Column, text: str, own: Own) -> list[str]:
    if column.form == "areas":
        names = {normalise(k): code for code, name in area_names().items() for k in (code, name)}
        return [_allowed(text, names, tuple(area_names().values()))]
    if column.form == "instruments":
        return [_instrument(text)]
    if column.form == "countries":
        if not (find_country(text) or find_group(text)) and "," in text:
            return [_country(clean(part)) for part in text.split(",") if clean(part)]
        return [_country(text)]
    if column.form == "people":
        return [_person(text)]
    if column.form.startswith("refs:"):
        kind = column.form.removeprefix("refs:")
        return [f"{kind}:{text}" if kind != "Activity" else activity_id(text, own)]
    return [text]


def _allowed(text: str, by_word: dict[str, str], allowed: Sequence[str], note: str = "") -> str:
    found = by_word.get(normalise(text))
    if found:
        return found
    meant = _counted_as(text, allowed, note)
    advice = f" (it counts as {meant}: write that)" if meant else _nearest(text, allowed)
    raise ValueError(f"{shown(text)} is not allowed{advice}; use one of: {', '.join(allowed)}")


def _counted_as(text: str, allowed: Sequence[str], note: str) -> str:
    """The allowed value that the column's note gives for a word: "seminars and conferences count as workshops"."""
    word = normalise(text)
    said = re.search(rf"\b{re.escape(word)}(?:s|es)?\b[^.;,]*?\bas ([\w-]+)", note.casefold()) if len(word) > 3 else None
    return next((value for value in allowed if said and said[1] in (value, f"{value}s")), "")


def _instrument(text: str) -> str:
    found = find_instrument(text)
    if found:
        return found
    names = [n for i in instruments().values() for n in (i.short_name, i.title)]
    raise ValueError(f"{shown(text)} is no instrument of the list{_nearest(text, names)}; use a short name from the sheet Lists")


def _country(text: str, alone: bool = False) -> str:
    found = find_country(text) or (None if alone else find_group(text))
    if found:
        return found
    names = [c.name for c in countries().values()] + ([] if alone else [n for n, _ in groups().values()])
    what = "no country" if alone else "no country and no group of countries"
    close = " or ".join(close_names(text))
    advice = _nearest(text, names) or (f" (did you mean {close}?)" if close else "")
    raise ValueError(f"{shown(text)} is {what}{advice}; use a name from the sheet Lists or an ISO code")


def _nearest(text: str, names: Sequence[str]) -> str:
    by_word = {normalise(name): name for name in names}
    close = difflib.get_close_matches(normalise(text), by_word, 1, 0.7)
    return f" (did you mean {by_word[close[0]]}?)" if close else ""


def nearest(text: str, names: Sequence[str]) -> str:
    """A question in brackets with the name that is most like the text, or nothing."""
    return _nearest(text, names)


def _person(text: str) -> str:
    match = _PERSON.fullmatch(text)
    if not match or not normalise(match[1]):
        raise ValueError(f"{shown(text)} is no name; write Name, or Name <address>")
    return f"{clean(match[1])} <{match[2]}>" if match[2] else clean(match[1])


def name_and_address(person: str) -> tuple[str, str]:
    """Name and address of a value of a column of people."""
    name, _, address = person.removesuffix(">").partition(" <")
    return name, address


def activity_id(text: str, own: Own) -> str:
    """Identifier that a reference means: an IATI one as it is, else our number.

    An identifier holds a colon, or begins with the reference of a known organization.
    """
    if ":" in text:
        return text
    pieces = text.split("-")
    for n in range(1, len(pieces)):
        meant = resolve("-".join(pieces[:n]), "", "")
        if meant and meant.by != "itself":
            return text
    return own.activity(text)


def group_name(group: str) -> str:
    """The short name of a group of countries that people use, where it has one."""
    return _SHORT.get(group, groups()[group][0])


def shown_cell(column: Column, value: Value | None, own: Own) -> str | bool | float | date | None:
    """What a cell shows for a value, so that reading it gives the value again."""
    if value is None or value == [] or value == "":
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f"{SEPARATOR} ".join(_shown(column, v, own) for v in value)
    if column.form == "date":
        return date.fromisoformat(value)
    if column.form == "number":
        number = Decimal(value)
        return int(number) if number == number.to_integral() and len(value) < 16 else float(number)
    return _shown(column, value, own)


def _shown(column: Column, value: str, own: Own) -> str:
    if column.form == "areas":
        return area_names().get(value, value)
    if column.form in ("instrument", "instruments"):
        known = instruments().get(value)
        return known.short_name if known else value
    if column.form in ("country", "countries"):
        if value in countries():
            return countries()[value].name
        return group_name(value) if value in groups() else value
    if column.form.startswith("refs:"):
        kind = column.form.removeprefix("refs:")
        return value.removeprefix(f"{own.ref}:" if kind == "Activity" else f"{kind}:")
    return value
