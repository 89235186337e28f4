"""What a caller asks with: names, words, days and how many, in every form that people write them in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from operator import index

from partnermap.codes.countries import asked_country, asked_group, countries, groups
from partnermap.errors import NotFound, WrongArgument

Names = str | Collection[str] | None
Day = date | str | None


def asked_names(value: object, argument: str) -> tuple[str, ...]:
    """The names that a text or a collection of texts holds; none for None and "".

    Raises
    ------
    WrongArgument
        If it is anything else; ``argument`` is what the caller knows it by.
    """
    if value is None or isinstance(value, str):
        return (value,) if value else ()
    if not isinstance(value, Collection) or any(not isinstance(name, str) for name in value):
        raise WrongArgument(f'{argument} = {value!r} is no name. Give one such as "Kyrgyzstan", or a list of them.')
    return tuple(value)


def asked_name(value: object, argument: str) -> str:
    """The one name that a text or a collection of one text holds.

    Raises
    ------
    WrongArgument
        If there are none or several, or it is no name.
    """
    names = asked_names(value, argument)
    if len(names) != 1:
        raise WrongArgument(f"{argument} = {value!r}: give one name, not {len(names) or 'none'}.")
    return names[0]


def asked_countries(country: Names, group: Names) -> frozenset[str]:
    """Codes of the countries named and of those in the groups named; raises as ``asked_country``."""
    found = set(map(asked_country, asked_names(country, "country")))
    return frozenset(found.union(*(groups()[asked_group(name)][1] for name in asked_names(group, "group"))))


def asked_places(country: Names, group: Names) -> list[str]:
    """What the countries and groups named are called; raises as ``asked_country``."""
    found = [countries()[asked_country(name)].name for name in asked_names(country, "country")]
    return list(dict.fromkeys(found + [groups()[asked_group(name)][0] for name in asked_names(group, "group")]))


def check_word(word: str, known: Sequence[str], message: str) -> None:
    """Refuse a word that is none of these; an empty one passes.

    Raises
    ------
    NotFound
        With the message and the known words.
    """
    if word and word not in known:
        raise NotFound(f"{message} Known: {', '.join(known)}.")


def asked_day(value: Day, argument: str) -> date | None:
    """The day that a date, a time or ISO text means; None for None.

    Raises
    ------
    WrongArgument
        If it means none.
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise WrongArgument(f"{argument} {value!r} is no date such as 2026-05-31.") from error


def asked_top(value: int) -> int | None:
    """How many of a list's first rows, as the end of a slice: None, which is all, for 0.

    Raises
    ------
    WrongArgument
        If it is negative or no whole number.
    """
    try:
        number = index(value)
    except TypeError:
        number = -1
    if number < 0:
        raise WrongArgument(f"top = {value!r}: give how many to list, or 0 for all.")
    return number or None
