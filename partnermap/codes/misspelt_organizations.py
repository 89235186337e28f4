"""Which well-known organization a misspelt name may mean: asked, never taken.

Likeness of whole names says little here: IFAD and IFAC are a letter apart, the Asian and the
African Development Bank a word. So a name is asked about only where each of its words is one of a
known name's, or that word misspelt, and no word of any list is one misspelt.
"""

from __future__ import annotations

from functools import lru_cache

from partnermap.codes.countries import countries, country_words
from partnermap.codes.lists import listed, lists_in_use, rows
from partnermap.codes.misspelt import did_you_mean
from partnermap.codes.name_words import SMALL, spelled_out
from partnermap.codes.organization_lists import name_key, organization_lists
from partnermap.codes.organizations import IN_BRACKETS, find_by_name

_SHOWN = 2  # organizations in a question
_LETTERS = 4  # in which a whole name may differ: two misspelt words


def misspelt_organization(name: str) -> str:
    """"Did you mean ...?" with the listed organizations that an unlisted name may be misspelt of; empty without any.

    They are those of the workspace's list of organizations and the governments of countries. Words
    in their order, small ones ("of", "and") aside, may have one wrong, missing or added letter, or
    two that changed places; from eight letters on, two such; and an "s" at the end. In a name of
    one word of up to five letters, nothing but two letters that changed places counts: there are
    too many real acronyms beside each other. In "Name (ACRONYM)" either may be misspelt.
    """
    return _question(" ".join(name.split()), lists_in_use())


@lru_cache(maxsize=65_536)
def _question(name: str, lists: str) -> str:
    if find_by_name(name) is not None:
        return ""
    in_brackets = IN_BRACKETS.match(name)
    parts = [part for part in in_brackets.groups() if find_by_name(part) is None] if in_brackets else []
    return did_you_mean(next(filter(None, map(_close, [name, *parts])), []))


def _close(name: str) -> list[str]:
    """Names of the organizations that a name is nearest to, one each, nearest first."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    words = _words(name)
    hits = process.extract(" ".join(words), _spelled(), scorer=OSA.distance, score_cutoff=_LETTERS, limit=None)
    found: dict[str, str] = {}
    for _, _, at in sorted(hits, key=lambda hit: (hit[1], hit[2])):
        text, own, org = _known()[at]
        if _is_misspelt(words, own):
            found.setdefault(org, text)
    return list(found.values())[:_SHOWN]


def _is_misspelt(words: tuple[str, ...], own: tuple[str, ...]) -> bool:
    if "".join(words) == (whole := "".join(own)):  # "WorldBank", "Foreign Commonwealth Office"
        return len(whole) > 2
    if len(words) != len(own):
        return False
    alone = len(own) == 1
    return not (alone and words[0] in _in_lists()) and all(one == other or _is_word_misspelt(one, other, alone) for one, other in zip(words, own, strict=True))


def _is_word_misspelt(word: str, own: str, alone: bool) -> bool:
    from rapidfuzz.distance import OSA

    if not alone and len(own) > 4 and word in (f"{own}s", own.removesuffix("s")):
        return True
    if word in _known_words():
        return False
    if sorted(word) == sorted(own) and len(own) > 2:
        return OSA.distance(word, own) == 1
    few = 6 if alone else 4
    return OSA.distance(word, own) <= (0 if len(own) < few else 1 if len(own) < 8 else 2)


def _words(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others: without small ones, unless that leaves a single one."""
    words = tuple(name_key(name).split())
    more = tuple(word for word in words if word not in SMALL)
    return more if len(more) > 1 else words


@listed
def _known() -> list[tuple[str, tuple[str, ...], str]]:
    """Names that may be meant, their words, and whose they are."""
    found = organization_lists()
    names = [(text, org) for row in rows("organizations") for org in [row["ref"]] for text in found.called.get(org, ())]
    names += [(countries()[iso3].name, org) for iso3, org in found.governments.items()]
    names += [(text, org) for org in found.governments.values() for text in found.called.get(org, ())]
    return [(text, words, org) for text, org in dict.fromkeys(names) if (words := _words(text))]


@listed
def _spelled() -> list[str]:
    """Those words as one text, in the same order."""
    return [" ".join(words) for _, words, _ in _known()]


@listed
def _known_words() -> frozenset[str]:
    """Words that are spelt right: of the names that may be meant, of countries, and of names in general."""
    places = (word for name in country_words() for word in name.split())
    return frozenset(word for _, words, _ in _known() for word in words) | frozenset(places) | spelled_out()


@listed
def _in_lists() -> frozenset[str]:
    """Words of every organization of the lists; alone, each may be somebody's name or acronym."""
    found = organization_lists()
    return frozenset(word for names in found.called.values() for name in names for word in name_key(name).split())
