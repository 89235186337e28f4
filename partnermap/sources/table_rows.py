"""One row of a table into what it says about an activity, as the mapping reads it."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from partnermap.codes.money import currencies, to_usd
from partnermap.codes.names import fold, normalise
from partnermap.model import ActivityContent
from partnermap.sources.iati_codes import DESCRIPTION_TYPE, RELATED_TYPE, SCOPE, STATUS, Codes
from partnermap.sources.mapping import Mapping
from partnermap.sources.records import Doubts
from partnermap.sources.table_draft import AT_SOURCE, Draft
from partnermap.sources.table_lines import day_of
from partnermap.sources.table_money import (
    SUSPICIOUS_USD,
    TooSmall,
    Written,
    contradicted,
    first_amount,
    scaled,
)
from partnermap.sources.table_places import add_places
from partnermap.sources.values import iso_date, shown

# first letters of months in English, then French, German, Spanish and Russian where they differ, without accents
_MONTHS = {
    start: number
    for starts in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan fev mar avr mai juin juil aou sep oct nov dec",
        "jan feb mar apr mai jun jul aug sep okt nov dez",
        "ene feb mar abr may jun jul ago sep oct nov dic",
        "янв фев мар апр мая июн июл авг сен окт ноя дек",
        "янв фев мар апр маи июн июл авг сен окт ноя дек",
    )
    for number, start in enumerate(starts.split(), start=1)
}
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_MONTH_WORD = re.compile(r"[^\W\d_]{3,9}")
_FILLING = re.compile(r"\s*\b(?:г\.?|года?)$|\bde\s+")  # "1 марта 2026 г.", "1 de marzo de 2026"


def read_row(identifier: str, cells: dict[str, str], mapping: Mapping, tell: Doubts, day_zero: date = date(1899, 12, 30)) -> ActivityContent:
    """What a row says about an activity.

    Parameters
    ----------
    identifier : of the activity
    cells : by column, with single spaces
    mapping : what the columns mean
    tell : called with column and reason for each value that is left out or in doubt
    day_zero : from which a spreadsheet counts its days
    """
    draft = Draft(cells, mapping, tell, day_zero)
    table = mapping.table
    draft.content["identifier"] = identifier
    reporter = {"ref": table.get("publisher_ref"), "name": table["publisher"], "type": table.get("publisher_type")}
    draft.content["reporter"] = {key: text for key, text in reporter.items() if text}
    if table.get("secondary"):
        draft.content["secondary"] = True
    _texts(draft)
    _codes(draft)
    _dates(draft)
    add_places(draft)
    _participants(draft)
    _sectors(draft)
    _money(draft)
    for part in draft.parts("related"):
        for ref in map(mapping.identify_number, draft.numbers(part)):
            if ref != identifier:
                draft.add("related", ref=ref, type=RELATED_TYPE.find(part.type) or "")
    for part in draft.parts("other_identifiers"):
        for ref in draft.numbers(part) if part.pattern else draft.words(part):
            draft.add("other_identifiers", ref=ref, type=part.type, owner_ref=part.owner_ref, owner_name=part.owner_name)
    return cast(ActivityContent, draft.content)


def _texts(draft: Draft) -> None:
    language = draft.mapping.table.get("language", "")
    for part in draft.parts("title"):
        if text := draft.cell(part):
            draft.add("titles", lang=part.language or language, text=text)
    if draft.mapping.parts.get("title") and "titles" not in draft.content:
        draft.tell(draft.mapping.parts["title"][0].column, "no title; the activity is kept. Correct it at the source.")
    for part in draft.parts("description"):
        if text := draft.cell(part):
            kind = DESCRIPTION_TYPE.find(part.type) or ""
            draft.add("descriptions", lang=part.language or language, text=f"{part.label}: {text}" if part.label else text, type=kind)


def _codes(draft: Draft) -> None:
    _code(draft, "status", STATUS)
    _code(draft, "scope", SCOPE)
    for part in draft.parts("kind"):
        if word := part.value or next(draft.words(part), ""):
            draft.content["kind"] = word


def _code(draft: Draft, key: str, codes: Codes) -> None:
    for part in draft.parts(key):
        for word in draft.words(part):
            code = codes.find(word)
            if code:
                draft.content[key] = code
            else:
                draft.tell(part.column, f"{shown(word)} is no {key} that the mapping knows; left out. {AT_SOURCE}")


def _dates(draft: Draft) -> None:
    found: dict[str, str] = {}
    for name, parts in draft.mapping.parts.items():
        if name.startswith("dates.") and (text := draft.cell(parts[0])):
            try:
                found[name.removeprefix("dates.")] = read_date(text, parts[0].formats, draft.day_zero, last=name.endswith("_end"))
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


def read_date(text: str, formats: tuple[str, ...], day_zero: date = date(1899, 12, 30), *, last: bool = False) -> str:
    """ISO date of a text in one of the formats (those of ``strptime``), tried in their order.

    Months are read by their English, French, German, Spanish and Russian names whatever the
    computer's language; a year of two digits is 1969 to 2068. A format without a day is the first
    day of its month or year, the last one with ``last``. The format ``serial`` is a spreadsheet's number of days since
    ``day_zero``. A workbook's own dates come as ISO dates, which are read whatever the formats.

    Raises
    ------
    ValueError
        With the words for a report.

    >>> read_date("9-Nov-11", ("%d-%b-%y",))
    '2011-11-09'
    >>> read_date("март 2026 г.", ("%B %Y",)), read_date("March 2026", ("%B %Y",), last=True)
    ('2026-03-01', '2026-03-31')
    """
    numbered = _MONTH_WORD.sub(_month_number, _FILLING.sub("", text))
    serial = _SERIAL.fullmatch(text) is not None
    for form in formats:
        if form == "serial":
            if serial:
                return iso_date(day_of(text, day_zero).isoformat())
            continue
        named = "%b" in form or "%B" in form
        plain = form.replace("%b", "%m").replace("%B", "%m")
        try:
            day = datetime.strptime(numbered if named else text, plain).date()
        except ValueError:
            continue
        return iso_date((_last_day(day, plain) if last else day).isoformat())
    if text[4:5] == "-" == text[7:8]:
        return iso_date(text)
    hint = ', or "serial" if it is a spreadsheet\'s number of days' if serial else ""
    raise ValueError(f"{shown(text)} is not of the form {' or '.join(formats)}{hint}")


def _month_number(match: re.Match[str]) -> str:
    word = fold(match.group())
    number = _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])
    return str(number) if number else match.group()


def _last_day(day: date, form: str) -> date:
    """The last day of the month or year that a format without a day means."""
    if any(sign in form for sign in ("%d", "%j", "%x", "%c", "%U", "%W", "%V")):
        return day
    month = day.month if "%m" in form else 12
    return date(day.year, month, monthrange(day.year, month)[1])


def _money(draft: Draft) -> None:
    """Budgets, each of the year of the date that the mapping names."""
    dates = draft.content.get("dates", {})
    for part in draft.parts("money"):
        text = draft.cell(part)
        if not text:
            continue
        try:
            if part.form == "text":
                value, written = first_amount(text, part.decimal, part.at_least)
            else:
                value, written = scaled(text, part.unit, part.decimal), Written(text, len(str(part.unit)) - 1, part.currency)
        except ValueError as error:
            advice = "Lower it in the mapping where such amounts count." if isinstance(error, TooSmall) else "Correct it at the source."
            draft.tell(part.column, f"{error}; left out. {advice}")
            continue
        currency = written.currency
        if contradicted(written, part.decimal):
            draft.tell(
                part.column,
                f"“{shown(text)}” is read as {currency} {value}, since the mapping says decimal = \"{part.decimal}\", but three digits after the mark "
                "look like thousands; kept. Correct it at the source, or the mapping where the whole column is written so.",
            )
        if Decimal(value) == 0 and part.zero != "zero":
            if not part.zero:
                draft.tell(part.column, '0, and the mapping does not say whether it means unknown; left out. Write zero = "unknown" or zero = "zero".')
            continue
        when = dates.get(part.date, "")
        draft.add("budgets", type="1", value=value, currency=currency, start=when, end=when, value_date=when)
        if currency not in currencies():
            draft.tell(part.column, f"no exchange rate for currency {currency}; the amount is kept, without a value in USD.")
        usd = to_usd(Decimal(value), currency, int(when[:4]) if when else None)
        if usd is not None and abs(usd) > SUSPICIOUS_USD:
            draft.tell(part.column, f"{Decimal(value):,} {currency} is over USD 10 billion: are currency and unit right? Kept, to be checked.")


def _participants(draft: Draft) -> None:
    """Organizations in the mapping's order; one that has the role already is not repeated."""
    seen: set[tuple[str, str]] = set()
    for part in draft.parts("participants"):
        names = draft.words(part) if part.column else iter([part.name])
        for name in names:
            key = (part.role, normalise(name) or part.ref)
            if key not in seen:
                seen.add(key)
                draft.add("participants", role=part.role, ref=part.ref, name=name, type=part.type)


def _sectors(draft: Draft) -> None:
    for part in draft.parts("sectors"):
        for word in draft.words(part):
            draft.add("sectors", **{part.form: word}, vocabulary=part.vocabulary)
