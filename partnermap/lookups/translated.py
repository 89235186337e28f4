"""Acronyms of a name in other languages: CICR of "International Committee of the Red Cross".

The letters are those of the words that ``name_words.csv`` has for the same meanings, one for each
word that is not small; places may be left out. Romance languages put the noun first: the words between
two small words may also stand in reverse ("food programme", programme alimentaire), or the last of them
ahead of the others ("world health organization", organisation mondiale de la santé).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

from partnermap.codes.countries import country_words
from partnermap.codes.lists import listed, lists_in_use, rows
from partnermap.codes.name_words import PLACE, SMALL, meaning
from partnermap.codes.names import normalise

_LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pt", "ru")
_MOST = 200  # acronyms of a name in one language
_NOUN_FIRST = ("es", "fr", "it", "pt")  # also: what they spell as English does stands once in the list


@listed
def _spellings() -> dict[tuple[str, str], frozenset[str]]:
    """Beginnings of the words of one meaning, by language; English where the list has none of its own."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows("name_words"):
        if row["role"] != PLACE and " " not in row["means"]:
            found[row["means"], row["language"]].add(normalise(row["word"].rstrip("*")))
    for (means, language), words in list(found.items()):
        for other in _NOUN_FIRST if language == "en" else ():
            found.setdefault((means, other), words)
    return {key: frozenset(words) for key, words in found.items()}


def translated_acronyms(plain: str) -> dict[str, bool]:
    """Acronyms of four letters or more that a normalised name may have in another language.

    Each with whether a letter stands for a place. Empty for a name with a word whose meaning is not
    known: what stands for it elsewhere is a guess.
    """
    return _translated(plain, lists_in_use())


@lru_cache(maxsize=65_536)
def _translated(plain: str, lists: str) -> dict[str, bool]:
    groups: list[list[tuple[str, str]]] = [[]]
    for word in plain.split():
        known = meaning(word)
        if word in SMALL:
            groups.append([])
        elif (known and known.role == PLACE) or (not known and word in country_words()):
            groups[-1].append((word, ""))
        elif known and len(known.words) == 1:
            groups[-1].append((word, known.words[0]))
        else:
            return {}
    found: dict[str, bool] = {}
    for has_place, some in ((True, groups), (False, [[one for one in group if one[1]] for group in groups])):
        some = [group for group in some if group]
        if sum(map(len, some)) >= 4:
            found.update((acronym, has_place) for language in _LANGUAGES for acronym in _in(language, some))
    return found


def _in(language: str, groups: Sequence[Sequence[tuple[str, str]]]) -> Iterator[str]:
    """Acronyms of a name in one language; none in its own, where the order of its words is known."""
    spelled = _spellings()
    orders = []
    is_own = True
    for group in groups:
        of_words = [spelled.get((means, language), frozenset()) if means else frozenset([word]) for word, means in group]
        is_own = is_own and all(word in own for (word, _), own in zip(group, of_words, strict=True))
        letters = [sorted({word[0].upper() for word in own}) for own in of_words]
        if not 0 < math.prod(map(len, letters)) <= _MOST:
            return
        in_order = [letters, letters[::-1], letters[-1:] + letters[:-1]] if language in _NOUN_FIRST else [letters]
        orders.append(sorted({"".join(some) for order in in_order for some in product(*order)}))
    if not is_own and math.prod(map(len, orders)) <= _MOST:
        yield from map("".join, product(*orders))
