"""Words of a title or description, told apart: topic, means, form, place, number, acronym.

Topic words are stemmed with Snowball, so that "pastures" and "pasture" are one term. Places, form
words ("project", "phase") and words of means ("capacity building", "emergency rehabilitation") say
nothing about a purpose and never count as topic.
"""

from __future__ import annotations

import re
import string
import sys
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import Stemmer

from partnermap.codes.countries import (
    countries,
    country_names,
    country_words,
    official_names,
)
from partnermap.codes.lists import listed
from partnermap.codes.names import fold, normalise

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_CAPITALS = string.ascii_uppercase.encode()
_LETTERS = string.ascii_letters.encode()
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]{2,}(?:-[A-Z0-9]{2,})?\b")
_COUNTRY_FIRST = re.compile(r"^[A-Z]{2}\s*[-:–]+\s*")  # "KG - Disaster Hazard"
FORMERLY = r"(?i)\s*\((?:formerly|former|previously)\b[^)]*\)?"  # what a title was before is no part of it
_FORMERLY = re.compile(FORMERLY)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
_ORDINAL = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "1st": 1, "2nd": 2, "3rd": 3}
_PHASE = re.compile(r"\b(?:phase|stage|part|tranche|project|program|programme)\s+([ivx]{1,4}|\d)\b")
_NUMBERS = re.compile(rf"\b(?:{'|'.join(_ORDINAL)}|ii|iii|iv)\b")
FOLLOWS = re.compile(
    r"\b(implementation of|follow[- ]?up|second phase|continuation|scaling up)\b"
)
TOPS_UP = re.compile(r"\b(add(?:itional|['’]?l|\.)? financing|supplementa(?:ry|l))\b")
PREPARES = re.compile(
    r"\b(prepar\w+|feasibility|project design|master plan|design of|pre-?investment|strategic environmental framework|assessment for)\b"
)
# Thai, Lao, Burmese, Khmer, kana, Chinese characters
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
# beside a country's name, of a water or a landscape that many share: "Lake Chad", "Senegal River Basin"
_WATERS = frozenset(["basin", "delta", "gulf", "highlands", "lake", "rift", "river", "sea", "strait", "valley"])
_GIVES = frozenset(["fund", "funded", "funds", "grant", "response", "special", "support", "trust"])  # behind a donor's: "Japan Fund"
_WORDS = frozenset(["america", "island", "jersey"])  # names of countries in some language, and words of other names
_LONGEST_NAME = 6  # words
_SHORTEST_NAME = 4  # letters: "US$", "UK response"
_LANGUAGES = {"en": "english", "fr": "french", "es": "spanish", "ru": "russian", "de": "german", "pt": "portuguese"}


@cache
def _file() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "words.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def common_acronyms() -> frozenset[str]:
    """Acronyms, folded, that are words of the field."""
    return frozenset(_file()["acronyms"]["common"].split())


@cache
def general_words() -> frozenset[str]:
    """Stems of topic words that half of the field uses: alone they are no common purpose."""
    return frozenset(stem(word, "en") for word in _file()["general"]["en"].split())


@cache
def place_names() -> frozenset[str]:
    """Stems of names of provinces, towns and waters that titles carry."""
    return frozenset(stem(word, "en") for word in _file()["names"]["en"].split())


@cache
def _lists() -> tuple[dict[str, frozenset[str]], frozenset[str], frozenset[str]]:
    data = _file()
    stop = {lang: frozenset(fold(words).split()) for lang, words in data["stop"].items()}
    form, weak = (frozenset(fold(" ".join(data[k].values())).split()) for k in ("form", "weak"))
    return stop, form, weak


@listed
def _place_words() -> frozenset[str]:
    """Single words that only ever name a place, with their English adjectives."""
    generic = {"islands", "island", "new", "south", "north", "east", "west", "central", "united", "republic", "states", "of", "and"}
    found = set()
    for name in country_words() - official_names():
        for word in name.split():
            if len(word) > 3 and word not in generic:
                found.add(word)
    adjectives = set()
    for word in found:
        adjectives.update({word + "n", word + "an", word + "ian", word + "i", word + "ese", word + "ish"})
        if word.endswith("stan"):
            adjectives.add(word[:-4])
        if word.endswith(("a", "e", "y")):
            adjectives.update({word[:-1] + "ian", word[:-1] + "an", word[:-1] + "ese"})
    extra = ["asia", "asian", "europe", "european", "africa", "african", "central", "eastern", "western", "northern", "southern", "north", "south", "east", "west", "central", "lao", "sri sao viet nam gms mekong greater subregion subregional pdr", "png", "drc", "drv", "dprk", "fsm", "kyrgyz", "tajik", "uzbek", "kazakh", "turkmen", "azeri", "balkan", "balkans", "caucasus", "pacific", "caribbean", "latin", "america", "american", "mediterranean", "prc", "cars", "car", "sub", "saharan", "city", "province", "oblast", "rayon", "region", "district", "state", "states"]
    return frozenset(found | adjectives | set(extra))


def stop_words() -> dict[str, frozenset[str]]:
    """Folded stop words by two-letter language."""
    return _lists()[0]


def spaced(folded: str) -> str:
    """A text whose scripts set no spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese)
    in overlapping pairs of letters, which stand for words there."""
    if not _UNSPACED.search(folded):
        return folded
    return _UNSPACED.sub(lambda match: f" {' '.join(match[0][i : i + 2] for i in range(max(1, len(match[0]) - 1)))} ", folded)


def language_of(code: str) -> str:
    """The language that a text with this code is read in."""
    return code.lower()[:2] or "en"


@cache
def _stemmer(language: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(_LANGUAGES.get(language, "english"), 0)


@cache
def stem(word: str, language: str) -> str:
    """The stem of a folded word."""
    if word.isascii() is False and language == "en" and any("а" <= c <= "я" for c in word):
        language = "ru"
    return str(_stemmer(language).stemWord(word))


@listed
def word_classes(language: str) -> dict[str, str]:
    """The class of each word that a list has: the others are numbers, single letters or topics."""
    stop, form, weak = _lists()
    found: dict[str, str] = {}
    for kind, words in (("weak", weak), ("form", form), ("place", _place_words())):
        found.update((word, kind) for word in words if not word.isdigit())
    found.update((word, "stop") for word in stop["en"] | stop.get(language, frozenset()))
    return found


def stems(words: Sequence[str], language: str) -> list[str]:
    """The stem of each folded word."""
    told = _stemmer(language).stemWords(words)
    return [term if word.isascii() else stem(word, language) for word, term in zip(words, told, strict=True)]


def run_terms(words: Sequence[str], kinds: Sequence[str], language: str) -> list[str]:
    """The term of each folded word of a class: its stem, and one form of a place."""
    return [_place(word) if kind == "place" else term for word, kind, term in zip(words, kinds, stems(words, language), strict=True)]


def word_class(word: str, language: str) -> str:
    """stop, number, place, form, weak or topic."""
    return _class_of(word, word_classes(language))


def classes_of(words: Iterable[str], language: str) -> list[str]:
    """The class of each word."""
    known = word_classes(language)
    return [_class_of(word, known) for word in words]


def _class_of(word: str, known: Mapping[str, str]) -> str:
    return known.get(word) or ("number" if word.isdigit() else "form" if len(word) < 2 else "topic")


def run_of(text: str, language: str = "en") -> list[str]:
    """Every term of a text but stop words, in order.

    Parameters
    ----------
    text : a title, or a name
    language : two-letter code; an unknown one is read as English
    """
    language = language_of(language)
    words = _WORD.findall(fold(text))
    kinds = classes_of(words, language)
    return [term for term, kind in zip(run_terms(words, kinds, language), kinds, strict=True) if kind != "stop"]


def _place(word: str) -> str:
    """One form for a place and its adjective: "asian" is "asia"."""
    return word[:-1] if word.endswith("n") and word[:-1] in _place_words() else word


def topics_of(text: str, language: str = "en") -> list[str]:
    """The topic terms of a text alone, in order with repeats."""
    known = _topics(language_of(language))
    words = _WORD.findall(fold(_COUNTRY_FIRST.sub("", text)))
    return [term for word in words if (term := known[word])]


def marked(text: str, terms: Collection[str], language: str = "en") -> str:
    """A text with a star on each side of the words that are one of the terms."""
    known = _topics(language_of(language))
    return _WORD.sub(lambda match: f"*{match[0]}*" if known[fold(match[0])] in terms else match[0], text)


class _Topics(dict[str, str]):
    """Word to topic term, empty for what is no topic; filled as words are met."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, word: str) -> str:
        topic = word_class(word, self.language) == "topic"
        term = self[word] = sys.intern(stem(word, self.language)) if topic else ""
        return term


@listed
def _topics(language: str) -> _Topics:
    return _Topics(language)


def acronyms_of(text: str) -> frozenset[str]:
    """Words in capitals of three letters or more; none where the whole text is in capitals."""
    whole = _ACRONYM.findall(text)
    if not whole or _is_in_capitals(text):
        return frozenset()
    return frozenset([*whole, *(part for name in whole for part in name.split("-") if len(part) > 2)])


def _is_in_capitals(text: str) -> bool:
    """Whether most letters of a text are capitals."""
    if text.isascii():  # counted by leaving them out, which is fast
        written = text.encode()
        letters, capitals = (len(written) - len(written.translate(None, some)) for some in (_LETTERS, _CAPITALS))
    else:
        letters, capitals = sum(map(str.isalpha, text)), sum(map(str.isupper, text))
    return capitals > 0.7 * letters


def course_of(title: str) -> tuple[int | None, bool, bool, bool]:
    """The phase that a title numbers, and whether it follows, tops up or prepares something."""
    folded = fold(_COUNTRY_FIRST.sub("", _FORMERLY.sub("", title)))
    return phase_of(folded), bool(FOLLOWS.search(folded)), bool(TOPS_UP.search(folded)), bool(PREPARES.search(folded))


def phase_of(folded: str) -> int | None:
    """The phase, part or ordinal that a folded title gives, as a number."""
    if match := _PHASE.search(folded):
        return _ROMAN.get(match[1]) or (int(match[1]) if match[1].isdigit() else None)
    if not _NUMBERS.search(folded):
        return None
    words = folded.replace("(", " ").replace(")", " ").split()
    for position, word in enumerate(words):
        bare = word.strip(".,:;-")
        if bare in _ORDINAL and position <= 1:
            return _ORDINAL[bare]
        if bare in ("ii", "iii", "iv"):
            return _ROMAN[bare]
    return None


@listed
def _longer_names() -> dict[str, set[str]]:
    """A country's name to the countries whose English name holds it among other words."""
    names = country_names()
    found: dict[str, set[str]] = {}
    for country in countries().values():
        words = normalise(country.name).split()
        parts = {" ".join(words[a:b]) for a in range(len(words)) for b in range(a + 1, len(words) + 1)}
        for name in parts & names.keys():
            found.setdefault(name, set()).add(country.iso3)
    return found


def countries_named(title: str) -> frozenset[str]:
    """Alpha-3 codes of countries whose name stands in a title, and of all that it may mean ("Congo");
    the longest name of those that begin at one word, and none of waters or funds called after a country."""
    names, words = country_names(), normalise(title).split()
    found, at = set(), 0
    while at < len(words):
        size = next((n for n in range(_LONGEST_NAME, 0, -1) if " ".join(words[at : at + n]) in names), 0)
        name, behind = " ".join(words[at : at + size]), words[at + size : at + size + 1]
        before = words[max(0, at - 2) : at - 1] if words[max(0, at - 1) : at] == ["of"] else words[max(0, at - 1) : at]
        if len(name) >= _SHORTEST_NAME and name not in _WORDS and _WATERS.isdisjoint(before + behind) and _GIVES.isdisjoint(behind):
            found |= {names[name], *_longer_names().get(name, ())}
        at += max(1, size)
    return frozenset(found)


def title_key(text: str) -> str:
    """A title for equality: normalised, without notes in brackets at its end."""
    return normalise(re.sub(r"\s*\([^()]*\)\s*$", "", text))
