"""How a column tells money: bare numbers or words, its currency and unit, and which mark stands before a fraction."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice

from partnermap.codes.money import currencies
from partnermap.codes.names import fold
from partnermap.sources.mapping import QUESTION
from partnermap.sources.suggest_columns import Column, share
from partnermap.sources.suggest_words import meanings
from partnermap.sources.table_money import (
    POWERS,
    SIGNS,
    WORDS,
    amount_in_words,
    amounts_in,
    decimal_told,
    number_in,
)
from partnermap.sources.values import shown

_SHORT = {".": re.compile(r"\.\d{1,2}(?!\d)"), ",": re.compile(r",\d{1,2}(?!\d)")}

_ZERO = re.compile(r"0+(?:[.,]0*)?")
_CODE = re.compile(r"(?<![^\W_])(?:([kKtTmM])\s?)?([A-Za-z]{3})(?:\s?(mln|mn|mm|[kKmM]))?(?![^\W_])")  # "EURm", "k USD", "budget_usd"
_BESIDE = re.compile(rf"(?<!\w)([kKmM])\s?(?:{'|'.join(map(re.escape, SIGNS))})|(?:{'|'.join(map(re.escape, SIGNS))})\s?([kKmM])(?!\w)")
_THOUSANDS = re.compile(r"(?<![\d.,])['’]?000(?:['’]?s)?(?!\w)")  # "USD '000"
_LETTERS = {"k": 3, "t": 3, "m": 6}  # sizes beside a currency; "TEUR" is a thousand in German
_DOLLARS = {"dollar": "USD", "dolares": "USD"}  # of headers alone, which name their currency in the singular and in Spanish too
_ENGLISH = frozenset(["ALL", "ANG", "BOB", "COP", "CUP", "GEL", "MAD", "MOP", "PEN", "TOP", "TRY"])  # codes that are words too


def money_kind(column: Column, rows: int) -> str:
    """``"number"``, ``"text"`` or empty: how a column tells money, if it does."""
    if not column.has("amount", "amt", "budget", "cost", "finance", "financing", "value", "commitment", "grant", "loan", "funding"):
        return ""
    if column.filled < 0.2 * rows:
        return ""
    numbers, texts = share(map(_is_number, column.sample())), share(map(_is_amount, column.sample()))
    if numbers >= 0.8:
        return "number"
    return "text" if texts >= 0.5 or (texts >= 0.2 and numbers + texts >= 0.8) else ""


def _is_number(text: str) -> bool:
    return any(_reads(number_in, text, mark) for mark in ".,")


def _is_amount(text: str) -> bool:
    return any(_reads(amount_in_words, text, mark) for mark in ".,")


def _reads(read: Callable[[str, str], object], text: str, mark: str) -> bool:
    try:
        read(text, mark)
    except ValueError:
        return False
    return True


def decimal_marks(column: Column, in_words: bool) -> dict[str, list[str]]:
    """By the mark before a fraction, ``"."`` or ``","``, the cells that speak for it."""
    told: dict[str, list[str]] = {".": [], ",": []}
    for text in column.sample(1000):
        numbers = [written.number for written in islice(amounts_in(text), 1)] if in_words else [text]
        for mark in filter(None, map(decimal_told, numbers)):
            told[mark].append(text)
    return told


def smaller_first(column: Column, least: int) -> int:
    """In how many cells an amount under the least comes before one that is not, such as the price of a share."""
    found = 0
    for text in column.values:
        amounts = [Decimal(number_in(w.number, ".")).scaleb(w.power) for w in amounts_in(text) if _reads(number_in, w.number, ".")]
        found += bool(amounts) and amounts[0] < least <= max(amounts)
    return found


def decimal_of(marks: dict[str, list[str]], in_words: bool) -> tuple[str, str]:
    """The mark before a fraction, ``"?"`` with a question where cells contradict each other, or nothing."""
    points, commas = marks["."], marks[","]
    if not points and not commas:
        return (".", "") if in_words else ("", "")
    # a number with a plain fraction makes "33.125" one too
    fraction = next((mark for mark, other in ((".", commas), (",", points)) if all(mark in text for text in other) and any(_SHORT[mark].search(text) for text in marks[mark])), "")
    if not in_words and fraction:
        return ("", "") if fraction == "." else (",", "")
    mark, most, least = (".", points, commas) if len(points) >= len(commas) else (",", commas, points)
    if len(least) <= 0.05 * len(most):
        return mark, ""
    return QUESTION, f"which mark stands before a fraction? {shown(commas[0])} speaks for a comma, {shown(points[0])} for a point; correct what differs"


def zeros(column: Column) -> int:
    """In how many cells the amount, or the first of an amount in words, is 0."""
    found = 0
    for text, times in column.values.items():
        first = next(amounts_in(text), None)
        found += times * bool(_ZERO.fullmatch(first.number if first else text))
    return found


def currency_in(header: str) -> str:
    """The currency that a header names by a code, a sign or a word, where it names one alone; else empty.

    >>> currency_in("Сумма (долл. США)"), currency_in("budget_usd"), currency_in("Budget, EURm"), currency_in("Budget (USD/EUR)")
    ('USD', 'USD', 'EUR', '')
    """
    plain = fold(header)
    found = {code for code, _ in _codes_in(header)}
    for sign, code in SIGNS.items():  # "A$" is no US dollar, and "ADMIN" no German mark
        ends = r"(?!\w)" if sign.isalpha() else ""
        if re.search(rf"(?<![^\W_kKmM]){re.escape(sign)}{ends}", header):
            found.add(code)
    for word, code in (WORDS | _DOLLARS).items():
        inflected = r"\w*" if len(word) > 3 else "(?:ов|а|у)?"
        if re.search(rf"(?<!\w){re.escape(word)}{inflected}(?!\w)", plain):
            found.add(code)
    return found.pop() if len(found) == 1 else ""


def unit_in(header: str) -> int:
    """1000 or 1000000 where a header says that its amounts are thousands or millions, and nothing else; else 0.

    >>> unit_in("Budget, million USD"), unit_in("CHF '000"), unit_in("Kosten (TEUR)"), unit_in("M&E budget")
    (1000000, 1000, 1000, 0)
    """
    found = {POWERS[word] for word in meanings(header) if len(word) > 1 and word in POWERS}
    letters = [size for _, size in _codes_in(header)] + [before or after for before, after in _BESIDE.findall(header)]
    found.update(_LETTERS[size[0].lower()] for size in letters if size)
    if _THOUSANDS.search(header):
        found.add(3)
    return int(10 ** found.pop()) if len(found) == 1 else 0


def _codes_in(header: str) -> Iterator[tuple[str, str]]:
    """ISO codes in a header, each with the size beside it, if any: "EURm", "k USD"."""
    for match in _CODE.finditer(header):
        size, code = match[1] or match[3] or "", match[2].upper()
        if code not in currencies() | {"XEU"} or (size and match[2] != code):
            continue
        if code not in _ENGLISH or (match[2] == code and not header.isupper()):
            yield code, size
