"""What the common words of organizations' names mean, whatever the language or abbreviation.

``name_words.csv`` has a row for each spelling: "ministère", "министерств*" and "Min" all mean
"ministry". A star ends the beginning of a word, for languages that inflect; two or three words are
a phrase ("сельского хозяйства"). A plural of a listed singular means the same. A role tells how much
a meaning says about which organization it is:

kind     what body it is: a ministry is no bank
general  nearly any organization may carry it: "organization", "international", "development"
place    a country (ISO 3166-1 alpha-3) or a region, also as an adjective: "Norwegian"
(empty)  a topic: "water"
"""

from __future__ import annotations

from dataclasses import dataclass

from partnermap.codes.lists import listed, rows
from partnermap.codes.names import normalise

KIND, GENERAL, PLACE = "kind", "general", "place"
_PLURALS = (("ies", "y"), ("es", ""), ("s", ""), ("oes", "ao"), ("x", ""))  # English and Romance ones, where the list has the singular
LONGEST = 3  # words in a spelling of the list
# of no weight: they differ between spellings of one name
SMALL = frozenset(
    ["of", "the", "and", "for", "in", "on", "to", "a", "an", "at", "by", "with", "from", "through", "via", "de", "du", "des", "la", "le", "les", "l", "d", "et", "en", "pour", "au", "aux", "del", "los", "las", "el", "lo", "per", "di", "della", "delle", "dei", "y", "para", "e", "da", "do", "dos", "das", "und", "der", "die", "fur", "von", "zu", "im", "van", "het", "een", "voor", "op", "и", "по", "на", "в", "с", "при", "для", "i", "na", "za", "pro", "fi", "og", "til", "av", "den", "det", "te", "al"]
)


@dataclass(frozen=True)
class Meaning:
    """What a spelling means; German compounds mean several words."""

    words: tuple[str, ...]
    role: str


@listed
def _spellings() -> tuple[dict[str, Meaning], dict[str, Meaning]]:
    """Meanings by whole spelling, and by beginning of a word."""
    whole: dict[str, Meaning] = {}
    beginnings: dict[str, Meaning] = {}
    for row in rows("name_words"):
        means = (row["means"],) if row["role"] == PLACE else tuple(row["means"].split())
        of = beginnings if row["word"].endswith("*") else whole
        of.setdefault(normalise(row["word"].rstrip("*")), Meaning(means, row["role"]))
    return whole, beginnings


@listed
def roles() -> dict[str, str]:
    """Role of each single meaning; words that the list lacks have none: they are a name's own."""
    return {row["means"]: row["role"] for row in rows("name_words") if " " not in row["means"] or row["role"] == PLACE}


@listed
def spelled_out() -> frozenset[str]:
    """Words that the list has whole, not as the beginning of others."""
    return frozenset(word for spelling in _spellings()[0] for word in spelling.split())


def meaning(spelling: str) -> Meaning | None:
    """What a normalised word or phrase means; None for words of no list."""
    whole, beginnings = _spellings()
    if (found := whole.get(spelling)) is not None or " " in spelling:
        return found
    for ending, instead in _PLURALS:
        if len(spelling) > 5 and spelling.endswith(ending) and (found := whole.get(spelling.removesuffix(ending) + instead)) is not None:
            return found
    for end in range(len(spelling), 2, -1):
        if (found := beginnings.get(spelling[:end])) is not None:
            return found
    return None


def same_words(left: str, right: str) -> bool:
    """Whether two normalised names say the same, word for word, in any order and language."""
    return _meanings(left) == _meanings(right) != []


def _meanings(plain: str) -> list[str]:
    found: list[str] = []
    for word in plain.split():
        if word not in SMALL:
            known = meaning(word)
            found += known.words if known else (word,)
    return sorted(found)
