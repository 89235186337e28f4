"""Dates, amounts and percentages from text: read when there is one meaning, else refused.

Each function gives the value or raises ``ValueError`` with the words for a report.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*|Z|[+-]\d{2}:\d{2})?", re.ASCII)
_PLAIN = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_GROUPED = (  # thousands separators whose meaning is beyond doubt
    (re.compile(r"[+-]?\d{1,3}(,\d{3}){2,}(\.\d+)?", re.ASCII), ",", "."),
    (re.compile(r"[+-]?\d{1,3}(,\d{3})+\.\d+", re.ASCII), ",", "."),
    (re.compile(r"[+-]?\d{1,3}(\.\d{3}){2,}(,\d+)?", re.ASCII), ".", ","),
    (re.compile(r"[+-]?\d{1,3}(\.\d{3})+,\d+", re.ASCII), ".", ","),
    (re.compile(r"[+-]?\d{1,3}( \d{3})+(\.\d+)?", re.ASCII), " ", "."),
    (re.compile(r"[+-]?\d{1,3}( \d{3})+,\d+", re.ASCII), " ", ","),
    (re.compile(r"[+-]?\d{1,3}('\d{3})+(\.\d+)?", re.ASCII), "'", "."),
    (re.compile(r"[+-]?(0|[1-9]\d*),(\d{1,2}|\d{4,})", re.ASCII), "", ","),
)
_EARLIEST, _LATEST = 1900, 2199


def clean(text: str | None) -> str:
    """Text with white space of any kind as single spaces, none at the ends.

    Entities that a publisher escaped twice ("C&amp;ocirc;te") are read as the letters they mean.
    """
    if not text:
        return ""
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())


@lru_cache(maxsize=65_536)
def iso_date(text: str) -> str:
    """``YYYY-MM-DD`` of an ISO date or date and time, between 1900 and 2199."""
    match = _ISO_DATE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{shown(text)} is no date of the form 2024-01-31")
    try:
        day = date.fromisoformat(match.group(1))
    except ValueError:
        raise ValueError(f"{shown(text)} is no date") from None
    if not _EARLIEST <= day.year <= _LATEST:
        raise ValueError(f"{shown(text)} is outside {_EARLIEST} to {_LATEST}")
    return match.group(1)


@lru_cache(maxsize=4096)
def iso_moment(text: str) -> str:
    """A date, or a date and time in UTC without its zone, so that text order is order in time."""
    text = text.strip()
    iso_date(text)
    if len(text) == 10:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{shown(text)} is no date and time") from None
    if moment.tzinfo:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="seconds")


def amount(text: str) -> str:
    """Plain decimal text of a number; separators are dropped where only one reading is possible."""
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return text
    text = clean(text)
    if _NUMBER.fullmatch(text) and len(text) <= 40:
        return format(Decimal(text), "f")
    for form, thousands, point in _GROUPED:
        if form.fullmatch(text) and len(text) <= 40:
            return format(Decimal(text.replace(thousands, "").replace(point, ".")), "f")
    if re.fullmatch(r"[+-]?\d{1,3}[,]\d{3}", text):
        raise ValueError(f"{shown(text)} can be read as thousands or as a fraction")
    raise ValueError(f"{shown(text)} is no number")


@lru_cache(maxsize=4096)
def percentage(text: str) -> str:
    """Decimal text from 0 to 100; a percent sign is dropped."""
    value = amount(text.strip().removesuffix("%"))
    if not 0 <= Decimal(value) <= 100:
        raise ValueError(f"{shown(text)} is no percentage from 0 to 100")
    return value


def shown(text: str) -> str:
    """Text from data for a message: on one line, cut after 60 characters."""
    text = clean(text)
    return text if len(text) <= 60 else text[:57] + "..."
