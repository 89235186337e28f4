"""Amounts in the cells of a table: a number in a stated unit, or the first amount in words.

Nothing is assumed: the currency and the unit of a bare number come from the mapping, those of an
amount in words from the words. Words and symbols of currencies are few and unambiguous; "pounds"
or "manat" alone could be several and are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from partnermap.codes.lists import listed
from partnermap.codes.money import currencies
from partnermap.sources.values import amount, shown

SUSPICIOUS_USD = Decimal(10_000_000_000)
_THREE = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")  # "350,000": one mark, and three digits after it
SEARCHED = 20_000  # characters of a cell in which an amount is looked for
# What texts write besides ISO codes; the ECU was its own unit until 1998.
SIGNS = {"US$": "USD", "$": "USD", "€": "EUR", "ECU": "XEU", "DM": "DEM"}
WORDS = {
    "us dollars": "USD",
    "dollars": "USD",
    "euros": "EUR",
    "euro;": "EUR",  # what is left of &euro; where the ampersand was lost
    "euro": "EUR",
    "евро": "EUR",
    "долл": "USD",
    "сомони": "TJS",
    "сом": "KGS",
    "руб": "RUB",
    "тенге": "KZT",
    "грн": "UAH",
    "гривен": "UAH",
    "сум": "UZS",
    "лари": "GEL",
    "драм": "AMD",
}
POWERS = {
    **dict.fromkeys(("thousand", "тыс", "k"), 3),
    **dict.fromkeys(("million", "millions", "mln", "mio", "mn", "mm", "ml", "m", "млн", "миллион", "миллиона", "миллионов"), 6),
    **dict.fromkeys(("billion", "billions", "bln", "bn", "b", "млрд", "миллиард", "миллиарда", "миллиардов"), 9),
}


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


@listed
def _codes() -> dict[str, str]:
    """ISO code by what stands for it: codes and signs, in capitals as texts write them."""
    return {code: code for code in sorted(currencies() | {"XEU"})} | SIGNS


@listed
def _amount() -> re.Pattern[str]:
    """A currency before or after a number, which may begin a range and have a word of size."""
    codes, words = _codes(), _any(WORDS)
    currency = rf"US\$|(?<![\w$€])(?:{_any(set(codes) - {'US$'})})|(?<!\w)(?i:{words})"
    number = r"\d(?:[\d.,']|[\u00a0 ](?=\d{3}(?!\d))){0,38}(?<=\d)"  # bounded, or a long cell of digits would be tried at every one
    until = rf"(?:\s?(?:-|–|to)\s?(?:{_any(SIGNS)})?\s?(?:{number}))?"  # "15 - 20 million": 15 million
    times = rf"\.?(?:\s?(?i:(?P<NAME>{_any(w for w in POWERS if w not in ('k', 'b'))})\b)|(?P<NAME_letter>[kKbB])\b)?"
    return re.compile(
        rf"(?P<before>{currency})\s?(?P<first>{number}){until}{times.replace('NAME', 'times')}"
        rf"|(?<![\w.,])(?P<second>{number}){times.replace('NAME', 'multiplied')}\.?\s?(?:of\s)?(?P<after>(?:{_any(codes)})(?!\w)|(?i:{words})\w*)"
    )


def amount_in_words(text: str, decimal: str = "", at_least: int = 0) -> tuple[str, str]:
    """Amount as plain decimal text, and its currency: the first in a text that has both.

    Parameters
    ----------
    decimal : the mark before a fraction, ``"."`` or ``","``; without it, a number that can be
        read in two ways is refused
    at_least : smaller amounts are passed over, such as the nominal value of a share

    Raises
    ------
    ValueError
        With the words for a report, where there is no such amount.

    >>> amount_in_words("Up to the equivalent of DM 15 million (ECU 8 million)")
    ('15000000', 'DEM')
    >>> amount_in_words("USD 3,2m"), amount_in_words("15 mln. сом")
    (('3200000', 'USD'), ('15000000', 'KGS'))
    """
    value, written = first_amount(text, decimal, at_least)
    return value, written.currency


def first_amount(text: str, decimal: str = "", at_least: int = 0) -> tuple[str, Written]:
    """As :func:`amount_in_words`, with the amount as the text writes it."""
    smaller = ""
    for written in amounts_in(text):
        value = Decimal(_in_one_way(written, decimal)).scaleb(written.power)
        if value >= at_least:
            return _plain(value), written
        smaller = smaller or f"{written.currency} {_plain(value)}"
    if smaller:
        raise TooSmall(f"{smaller} in “{shown(text)}” is under at_least = {at_least}")
    raise ValueError(f"no amount with a currency in “{shown(text)}”")


class TooSmall(ValueError):
    """There are amounts, and the mapping passes over such small ones."""


@dataclass(frozen=True)
class Written:
    """An amount as a text writes it."""

    number: str  # with its marks
    power: int  # of ten, by a word such as "million"
    currency: str


def amounts_in(text: str) -> Iterator[Written]:
    """Every amount of a text that has a currency."""
    for match in _amount().finditer(text[:SEARCHED]):
        found = match.groupdict()
        times = found["times"] or found["times_letter"] or found["multiplied"] or found["multiplied_letter"] or ""
        yield Written(found["first"] or found["second"], POWERS.get(times.lower(), 0), _currency(found["before"] or found["after"]))


def _in_one_way(written: Written, decimal: str) -> str:
    """Plain text of its number; "75.000" has two readings unless a mark is stated or a word of size follows."""
    if not (decimal or written.power) and _THREE.fullmatch(written.number):
        raise ValueError(f"{shown(written.number)} can be read as thousands or as a fraction")
    return number_in(written.number, decimal)


def decimal_told(number: str) -> str:
    """The mark before a fraction that a number's own marks tell, ``"."`` or ``","``; empty where they tell nothing.

    >>> decimal_told("400.000,00"), decimal_told("75.000"), decimal_told("8,5"), decimal_told("8500")
    (',', ',', ',', '')
    """
    marks = re.sub(r"[^.,]", "", number)
    if not marks:
        return ""
    other = {".": ",", ",": "."}
    if len(set(marks)) == 2:
        return marks[-1]
    in_groups = re.fullmatch(r"[1-9]\d{0,2}([.,]\d{3})+", number) is not None
    return other[marks[0]] if in_groups else marks[0] if len(marks) == 1 else ""


def contradicted(written: Written, decimal: str) -> bool:
    """Whether an amount in whole units is grouped in thousands by the mark that is said to stand before a fraction."""
    return bool(decimal) and not written.power and decimal in written.number and _THREE.fullmatch(written.number.strip()) is not None


def _currency(word: str) -> str:
    return _codes().get(word) or next(code for start, code in WORDS.items() if word.lower().startswith(start))


def _plain(value: Decimal) -> str:
    return format(value.to_integral_value() if value == value.to_integral_value() else value.normalize(), "f")


def number_in(text: str, decimal: str = "") -> str:
    """Plain decimal text of a number whose fraction begins at the given mark.

    Raises
    ------
    ValueError
        With the words for a report.
    """
    text = text.strip(" \u00a0")
    if not decimal:
        return amount(text)
    thousands = "," if decimal == "." else "."
    plain = re.sub(f"(?<=\\d)[{re.escape(thousands)}'\u00a0 ](?=\\d{{3}}(?!\\d))", "", text)
    return amount(plain.replace(decimal, "."))


def scaled(text: str, unit: int, decimal: str = "") -> str:
    """Plain decimal text of a number times its unit.

    Raises
    ------
    ValueError
        With the words for a report.

    >>> scaled("33.5", 1_000_000)
    '33500000'
    """
    return _plain(Decimal(number_in(text, decimal)) * unit)
