"""How a column tells money: bare numbers or words, and which mark stands before a fraction."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import islice

from partnermap.sources.mapping import QUESTION
from partnermap.sources.suggest_columns import Column, share
from partnermap.sources.table_money import amount_in_words, amounts_in, decimal_told, number_in
from partnermap.sources.values import shown

_SHORT = {".": re.compile(r"\.\d{1,2}(?!\d)"), ",": re.compile(r",\d{1,2}(?!\d)")}


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
