"""Dates of a table's cells, in the forms that a mapping names, and periods that hold two of them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from itertools import islice

from partnermap.codes.names import fold
from partnermap.sources.table_lines import day_of
from partnermap.sources.table_quarters import quarter_in
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
# "1 марта 2026 г.", "2019-2022 гг.", "1 de marzo de 2026", "1er mars 2026"
_FILLING = re.compile(r"\s*(?:\b|(?<=\d))(?:гг?\.?|год[ауы]?|рр?\.|рок[иу]|years?)$|\bde\s+|(?<=\b1)er\b", re.IGNORECASE)

QUARTER = "quarter"  # a form beside those of strptime
_HINT = f', or "{QUARTER}" if it is a quarter of a year'
LONGEST = 60  # letters of a period
_ONE_DAY = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")  # "03/04/2021" is no March to April 2021
_FROM = re.compile(r"(?:from|between|since|со?|від|з|du|de|depuis|desde|vom?n?|seit|ab)\s+", re.IGNORECASE)
_UNTIL = re.compile(r"(?:until|till|up to|to|до|по|jusqu.(?:au|en|a|à)|hasta|bis)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[-–—−/…]|\.{2,}|\b(?:to|until|till|through|and|по|до|au|à|jusqu.(?:au|en|a|à)|bis(?: zum)?|hasta|al?|y)\b)\s*", re.IGNORECASE)
_OPEN = re.compile(
    r"|present|ongoing|on-?going|now|to date|today|open|current|н\.? ?в\.?|наст(?:оящее|\.)? ?вр(?:емя|\.)?|сегодня|en cours|ce jour|laufend|heute|offen|(?:la )?actualidad|la fecha|en curso", re.IGNORECASE
)


def read_date(text: str, formats: tuple[str, ...], day_zero: date = date(1899, 12, 30), *, last: bool = False) -> str:
    """ISO date of a text in one of the formats (those of ``strptime``), tried in their order.

    Months are read by their English, French, German, Spanish and Russian names whatever the
    computer's language; a year of two digits is 1969 to 2068. A format without a day is the first
    day of its month or year, the last one with ``last``. The format ``quarter`` ("Q1 2024") is
    likewise its first or last day, ``serial`` a spreadsheet's number of days since ``day_zero``. A
    workbook's own dates come as ISO dates, which are read whatever the formats.

    Raises
    ------
    ValueError
        With the words for a report.

    >>> read_date("9-Nov-11", ("%d-%b-%y",))
    '2011-11-09'
    >>> read_date("2024 Q3", ("quarter",)), read_date("1er trimestre 2024", ("quarter",), last=True)
    ('2024-07-01', '2024-03-31')
    >>> read_date("март 2026 г.", ("%B %Y",)), read_date("March 2026", ("%B %Y",), last=True)
    ('2026-03-01', '2026-03-31')
    """
    words = _FILLING.sub("", text)
    numbered = _MONTH_WORD.sub(_month_number, words)
    serial, quarter = _SERIAL.fullmatch(text) is not None, quarter_in(words)
    for form in formats:
        if form == "serial":
            if serial:
                return iso_date(day_of(text, day_zero).isoformat())
            continue
        if form == QUARTER:
            if quarter:
                year, number = quarter
                return iso_date((_month_end(year, 3 * number) if last else date(year, 3 * number - 2, 1)).isoformat())
            continue
        named = "%b" in form or "%B" in form
        plain = form.replace("%b", "%m").replace("%B", "%m")
        try:
            day = datetime.strptime(numbered if named else words, plain).date()
        except ValueError:
            continue
        return iso_date((_last_day(day, plain) if last else day).isoformat())
    if text[4:5] == "-" == text[7:8]:
        return iso_date(text)
    hint = ', or "serial" if it is a spreadsheet\'s number of days' if serial else _HINT if quarter else ""
    raise ValueError(f"{shown(text)} is not of the form {' or '.join(formats)}{hint}")


def _month_number(match: re.Match[str]) -> str:
    word = fold(match.group())
    number = _MONTHS.get(word[:4]) or _MONTHS.get(word[:3])
    return str(number) if number else match.group()


def _last_day(day: date, form: str) -> date:
    """The last day of the month or year that a format without a day means."""
    if any(sign in form for sign in ("%d", "%j", "%x", "%c", "%U", "%W", "%V")):
        return day
    return _month_end(day.year, day.month if "%m" in form else 12)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def read_period(text: str, formats: tuple[str, ...], day_zero: date = date(1899, 12, 30)) -> tuple[str, str]:
    """ISO dates of the start and the end that one text tells, each in one of the formats; empty where it tells none.

    A month, quarter or year by itself is a period from its first day to its last.

    Raises
    ------
    ValueError
        With the words for a report: no period, one day alone, or several readings.

    >>> read_period("с 2019 по 2022", ("%Y",)), read_period("1 - 15 March 2021", ("%d %B %Y",))
    (('2019-01-01', '2022-12-31'), ('2021-03-01', '2021-03-15'))
    >>> read_period("from 2024", ("%Y",)), read_period("2024 Q3-Q4", ("quarter",))
    (('2024-01-01', ''), ('2024-07-01', '2024-12-31'))
    """

    def is_date(part: str) -> bool:
        try:
            read_date(part, formats, day_zero)
        except ValueError:
            return False
        return True

    try:
        start, end = period_parts(text, is_date)
    except ValueError as error:
        hint = ""
        with suppress(ValueError):
            period_parts(text, lambda part: is_date(part) or quarter_in(part) is not None)
            hint = _HINT
        raise ValueError(f"{error}, each of the form {' or '.join(formats)}{hint}") from None
    first = read_date(start, formats, day_zero) if start else ""
    last = read_date(end, formats, day_zero, last=True) if end else ""
    if start == end and first == last:
        raise ValueError(f"{shown(text)} is one day, and not said whether the first or the last")
    return first, last


def period_parts(text: str, is_date: Callable[[str], bool]) -> tuple[str, str]:
    """The texts of a period's start and end; both the same where there is one date, empty where one is not told.

    Raises
    ------
    ValueError
        If no place, or more than one, parts the text into two dates.
    """
    plain = _FILLING.sub("", text)
    if is_date(plain):
        return plain, plain
    begins, ends = _FROM.match(plain), _UNTIL.match(plain)
    if begins and is_date(plain[begins.end() :]):
        return plain[begins.end() :], ""
    if ends and is_date(plain[ends.end() :]):
        return "", plain[ends.end() :]
    inner = plain[begins.end() :] if begins else plain
    found: set[tuple[str, str]] = set()
    if len(plain) <= LONGEST and not _ONE_DAY.fullmatch(plain):
        found.update(parts for match in _BETWEEN.finditer(inner) for parts in _both(inner[: match.start()], inner[match.end() :], is_date))
    if len(found) != 1:
        raise ValueError(f"{shown(text)} {'has several readings as a' if found else 'is no'} period of two dates")
    return found.pop()


def _both(start: str, end: str, is_date: Callable[[str], bool]) -> set[tuple[str, str]]:
    """Two dates, where the texts around one separator are such: the first may lack what the second tells."""
    if is_date(start) and _OPEN.fullmatch(end):
        return {(start, "")}
    if re.fullmatch(r"\d{4}", start) and re.fullmatch(r"\d\d", end) and is_date(start):
        # "2019/20"; "2009-12" may be a month
        return {(start, start[:2] + end)} if int(end) > 12 else set()
    if (quarter := quarter_in(start)) and quarter_in(longer := f"{end} {quarter[0]}") and is_date(start):  # "2024 Q3-Q4"
        return {(start, longer)}
    if not is_date(end):
        return set()
    if is_date(start):
        return {(start, end)}
    # "March - June 2021", "01.03 - 31.12.2021", "1 - 15 March 2021"
    more = (start.rstrip(".") + end[at.start() :] for at in re.finditer(r"[ ./]", end))
    return {(longer, end) for longer in islice(filter(is_date, more), 1)}
