"""Cells that hold several organizations: at which signs they fall into organizations of the lists.

What is one organization's name stays whole: a name that is listed itself, and one with its country
or place ("Ministry of Health, Kyrgyzstan").
"""

from __future__ import annotations

from collections.abc import Iterable

from partnermap.codes.countries import country_words, find_country
from partnermap.codes.names import normalise
from partnermap.codes.organization_lists import is_public
from partnermap.codes.organizations import find_by_name
from partnermap.sources.table_draft import split

_MARKS = ",;/"
_SHARE = 0.3  # of the cells with a sign, from which it separates: as where pieces stand alone in other rows


def marks_between(text: str, paying: bool = False) -> str:
    """The signs of ``,;/`` at which a text falls into listed organizations, all of them or all but one; else empty.

    Parameters
    ----------
    text : of a cell
    paying : whether it names donors; among those a country stands for its government, beside others too

    >>> marks_between("UNECE; GIZ"), marks_between("UNECE, UNPD"), marks_between("Ministry of Health, Kyrgyzstan")
    (';', ',', '')
    """
    inside = [mark for mark in _MARKS if mark in text]
    if not inside or find_by_name(text):
        return ""
    return next((marks for marks in dict.fromkeys(["".join(inside), *inside]) if _are_several(split(text, marks), paying)), "")


def _are_several(pieces: list[str], paying: bool) -> bool:
    places = [piece for piece in pieces if find_country(piece) or normalise(piece) in country_words()]
    unlisted = [piece for piece in pieces if not find_by_name(piece)]
    if places:
        return len(pieces) > 1 and not unlisted and (paying or len(places) == len(pieces))
    return len(pieces) > 1 and len(unlisted) < 2


def listed_marks(texts: Iterable[str], paying: bool = False) -> tuple[str, bool]:
    """The signs that separate listed organizations in a column's cells, and whether somewhere all of them are listed.

    A sign that stands inside one name of the column, between a public body and its country or the rest
    of what it is for, separates nothing there.
    """
    found, sure = "", False
    for mark in _MARKS:
        cells = [text for text in texts if mark in text and not find_by_name(text)]
        hits = [text for text in cells if mark in marks_between(text, paying)]
        if len(hits) >= max(1, _SHARE * len(cells)) and not any(_is_inside(text, mark) for text in cells if text not in hits):
            found += mark
            sure = sure or any(all(map(find_by_name, split(text, _MARKS))) for text in hits)
    return found, sure


def _is_inside(text: str, mark: str) -> bool:
    """Whether a sign stands inside one name: beside a country or place, or behind a public body and before no other."""
    pieces = split(text, mark)
    places = [piece for piece in pieces if find_country(piece) or normalise(piece) in country_words()]
    public = [piece for piece in pieces if is_public(normalise(piece))]
    return bool(places or public) and len(public) < len(pieces)
