"""Several rows that tell of one activity, into what they say together.

Lists (countries, places, participants, sectors, other identifiers, references) are the union.
Everything else, money among it, counts once: the value that most rows give, of equally frequent
ones the first in alphabetical order, so that the order of rows does not matter; rows that say
otherwise are reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

from partnermap.model import ActivityContent, canonical
from partnermap.sources.records import Doubts
from partnermap.sources.values import shown

UNION = ("countries", "regions", "locations", "participants", "sectors", "other_identifiers", "related")
_NAMES = {"titles": "title", "descriptions": "description", "budgets": "money"}
Said = Sequence[tuple[int, ActivityContent]]  # row, what it says


def merge_rows(said: Said, tell: Doubts) -> ActivityContent:
    """What the rows of one activity say together.

    Parameters
    ----------
    said : row number and content of each row
    tell : called for each value that a row gives and that does not count
    """
    first = said[0][1]
    if all(content == first for _, content in said):
        return first
    merged: dict[str, Any] = {}
    keys = dict.fromkeys(key for _, content in said for key in content)
    for key in keys:
        given = [(row, content[key]) for row, content in said if key in content]  # type: ignore[literal-required]
        if key in UNION:
            merged[key] = _union([values for _, values in given])
        elif key == "dates":
            merged[key] = _dates(given, tell)
        else:
            merged[key] = _counts(given, _NAMES.get(key, key), tell)
    return cast(ActivityContent, merged)


def _union(lists: Sequence[Sequence[Mapping[str, str]]]) -> list[dict[str, str]]:
    """Every entry once; those that stand first in their row come first."""
    place: dict[str, tuple[int, str]] = {}
    entries: dict[str, dict[str, str]] = {}
    for values in lists:
        for at, entry in enumerate(values):
            text = canonical(entry)
            entries[text] = dict(entry)
            place[text] = min(place.get(text, (at, text)), (at, text))
    return [entries[text] for text in sorted(entries, key=place.__getitem__)]


def _dates(given: Sequence[tuple[int, dict[str, str]]], tell: Doubts) -> dict[str, str]:
    names = dict.fromkeys(name for _, dates in given for name in dates)
    found = {name: _counts([(row, dates[name]) for row, dates in given if name in dates], f"date {name}", tell) for name in names}
    for basis in ("planned", "actual"):
        start, end = found.get(f"{basis}_start"), found.get(f"{basis}_end")
        if start and end and end < start:
            tell(f"date {basis}_end", f"{end} is before the {basis} start {start} of other rows; the end is left out. Correct it at the source.")
            del found[f"{basis}_end"]
    return found


def _counts(given: Sequence[tuple[int, Any]], name: str, tell: Doubts) -> Any:
    """The value that most rows give; the first row of every other one is reported."""
    words = [_words(value) for _, value in given]
    number = Counter(words)
    chosen = min(number, key=lambda text: (-number[text], text))
    where = given[words.index(chosen)][0]
    for text in number:
        if text != chosen:
            tell.row = given[words.index(text)][0]
            tell(name, f"rows of one activity differ: “{shown(text)}” here and “{shown(chosen)}” in row {where}; the latter counts, as in {number[chosen]} of {len(given)} rows.")
    # equal words may still differ, as a budget in its date
    return min((value for (_, value), text in zip(given, words, strict=True) if text == chosen), key=lambda value: canonical({"value": value}))


def _words(value: Any) -> str:
    """A value as a message shows it."""
    if isinstance(value, list):
        return "; ".join(_words(entry) for entry in value)
    if isinstance(value, dict):
        if "value" in value:
            return f"{value['value']} {value.get('currency', '')}".strip()
        return str(value.get("text") or " ".join(map(str, value.values())))
    return str(value)
