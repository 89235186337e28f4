"""Names of organizations taken apart, so that two spellings of one can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from partnermap.codes.countries import by_iso2, countries, country_named, country_words
from partnermap.codes.lists import lists_in_use
from partnermap.codes.name_words import GENERAL, LONGEST, PLACE, SMALL, Meaning, meaning
from partnermap.codes.names import normalise
from partnermap.codes.organizations import organization_acronyms

_BRACKETS = re.compile(r"\(([^()]*)\)?")
_ACRONYM = re.compile(r"^[^\W\d_]{2,}[\w&/.\-]{0,8}$")
_SPLIT = re.compile(r"\s+[-–—|:/]+\s+|\s*\|\s*")
_SLASH = re.compile(r"^([A-Z]{3,10})/(?=\S+\s)")  # "UNOPS/United Nations Office ...", but not "... HIV/AIDS"
_BILINGUAL = re.compile(r"\s*[/*|]\s*")
_SPELT_OUT = re.compile(r"^(.+?)\s*\(([^()]+)\)$")
_ELISION = re.compile(r"\b([ldLD])['’]")
_CODE_BEHIND = re.compile(r"[\s\-–]([A-Z]{2,3})\s*$")
_NUMBER = re.compile(r"^\d+$")
LEGAL = frozenset(
    ["ltd", "limited", "inc", "incorporated", "llc", "llp", "plc", "gmbh", "ggmbh", "mbh", "ev", "asbl", "vzw", "aisbl", "ngo", "co", "corp", "corporation", "cic", "sa", "srl", "sarl", "bv", "nv", "ab", "oy", "as", "aps", "npc", "pty", "pvt", "private", "ong", "onlus", "stichting", "stiftung", "registered", "trustees", "charity", "charitable", "cbo"]
)
Token = tuple[str, float]
FREE, HALF, FULL = 0.0, 0.5, 1.0  # what it costs an acronym to leave out a small word or place, a general word, another
_UN = re.compile(r"^(?:un|united nations) ")
_ACTING = frozenset(["as", "for", "on", "through", "via"])  # behind an acronym: what it does there
_OF_SMALL = 0.25  # what a letter of a small word costs: MoF of "Ministry of Finance"
_LONGEST_NAME = 100  # words; a longer text is no name
_LONGEST_PIECE = 5  # letters that one word gives to an acronym: GRASHO of "Grassroot Support ..."


@dataclass(frozen=True)
class NameForm:
    """A name taken apart: its words of weight, its countries and numbers, its acronyms.

    ``tokens`` are the words that an acronym may be made of, each with what leaving it out costs;
    ``part`` says that the form is one half of a name in two languages, or of one spelt out in brackets.
    """

    plain: str
    words: tuple[str, ...]
    places: frozenset[str]
    numbers: frozenset[str]
    acronyms: frozenset[str]
    initials: frozenset[str]
    tokens: tuple[Token, ...] = ()
    part: bool = False

    @property
    def is_acronym(self) -> bool:
        """Whether the name is an acronym and perhaps places, nothing else."""
        return not self.tokens


def name_forms(name: str) -> list[NameForm]:
    """A name taken apart, with the lists in use; of one in two languages, or spelt out in brackets, also each half."""
    return list(_forms(" ".join(name.split()), lists_in_use()))


@lru_cache(maxsize=65_536)
def _forms(name: str, lists: str) -> tuple[NameForm, ...]:
    whole = _form(name)
    if whole.is_acronym and "-" in name and " " not in name:  # WWF-BE is in Belgium, SOS-CV not in Cape Verde
        letters = letters_of(name)
        if not letters:  # dashes alone
            return (whole,)
        return (whole, replace(whole, words=(letters.lower(),), places=frozenset(), acronyms=frozenset([letters])))
    halves = [half for half in _BILINGUAL.split(name) if len(half.split()) >= 3]
    if (spelt := _SPELT_OUT.match(name)) and len(spelt[2].split()) >= 3:
        halves = [spelt[1], spelt[2]]  # "ADD International (Action on Disability and Development)"
    if len(halves) < 2:
        return (whole,)
    parts = [replace(form, part=True, places=form.places or whole.places) for form in map(_form, halves)]
    return (whole, *parts)


def _form(name: str) -> NameForm:
    name = _ELISION.sub(r"\1 ", name)
    acronyms = {letters_of(part) for part in _BRACKETS.findall(name) if _is_short_name(part)}
    rest = _BRACKETS.sub(lambda m: " " if _is_short_name(m[1]) else f" {m[1]} ", name)
    parts = [p for p in _SPLIT.split(_SLASH.sub(r"\1 - ", rest)) if p.strip()]
    if len(parts) > 1:
        short = [p for p in parts if _is_acronym(p) and not _place(p) and len(letters_of(p)) > 2]
        acronyms |= {letters_of(p) for p in short}
        parts = [p for p in parts if p not in short] or parts
    text = " ".join(parts)
    if (with_place := _acronym_with_place(text)) is not None:
        letters, place = with_place
        means = meaning(letters.lower())
        words = means.words if means and means.role != PLACE else (letters.lower(),)
        return NameForm(normalise(text), words, place, frozenset(), frozenset(acronyms | {letters}), frozenset())
    text, beside = _without_acronym(text)
    plain = normalise(text)
    found, places, tokens = _words(_UN.sub("united nations ", plain))
    if (ahead := _beside_general_words(text, tokens)) is not None:
        beside = {*beside, ahead}
        tokens = []
    words = tuple(found)
    if (last := _CODE_BEHIND.search(text)) and not text.isupper() and words and words[-1] == last[1].lower():
        code = by_iso2(last[1]) or (last[1] if last[1] in countries() else None)
        if code:  # "Amref Health Africa NL"
            words, places, tokens = words[:-1], places | {code}, tokens[:-1]
    numbers = frozenset(w for w in words if _NUMBER.match(w))
    return NameForm(plain, words, frozenset(places), numbers, frozenset(acronyms | beside), _initials(tokens), tuple(tokens))


def _initials(tokens: list[Token]) -> frozenset[str]:
    """First letters in capitals: with and without places, small words and general words."""
    in_words = [word for word, _ in tokens if word not in SMALL]
    without_places = [word for word, cost in tokens if cost or word in SMALL]
    of_weight = [word for word, cost in tokens if cost]
    found = {"".join(word[0] for word in some) for some in (in_words, without_places, of_weight, [word for word, cost in tokens if cost == FULL])}
    for at, word in enumerate(of_weight):
        if (means := meaning(word)) and means.words == ("ministry",):  # FMoEWR of "Federal Ministry of Energy and Water Resources"
            found.add("".join(word[0] for word in of_weight[:at]) + "mo" + "".join(word[0] for word in of_weight[at + 1 :]))
    return frozenset(letters.upper() for letters in found if len(letters) > 1)


def _acronym_with_place(text: str) -> tuple[str, frozenset[str]] | None:
    """Letters and places of "WFP", "ADRA Nepal", "SOS-CV Belgium", "UK-DHSC"; None for longer names."""
    words = text.split()
    if len(words) == 1 and not (text.isupper() and "-" in text):
        # one word in capitals; of a text that is all in capitals any word may be
        return (letters_of(text), frozenset()) if _is_acronym(text) else None
    pieces = words if len(words) > 1 else text.split("-")
    for at, short in ((0, pieces[0]), (len(pieces) - 1, pieces[-1])):
        rest = " ".join(pieces[1:] if at == 0 else pieces[:-1])
        if not _is_acronym(short) or len(letters_of(short)) < 3:
            continue
        code = (by_iso2(rest) if rest.isupper() and len(rest) == 2 else None) or _place(rest)
        if code:
            return letters_of(short), frozenset([code])
    return (letters_of(text), frozenset()) if len(words) == 1 and _is_acronym(text) else None


def _beside_general_words(text: str, tokens: Iterable[Token]) -> str | None:
    """Letters of "VSF International": an acronym first, beyond it general words; None for others.

    Also of "UNDP as administrative agent", where a list has the acronym.
    """
    first, second = [*text.split()[:2], "", ""][:2]
    letters = letters_of(first)
    if second.lower() in _ACTING and len(letters) >= 4 and first in organization_acronyms():
        return letters
    if text.isupper() or len(letters) < 3 or not first.isupper() or not _is_acronym(first):
        return None
    rest = [cost for word, cost in tokens if word != normalise(first)]
    return letters if rest and max(rest) < FULL else None


def _place(text: str) -> str | None:
    if code := country_named(text):
        return code
    found = meaning(normalise(text))
    return found.words[0] if found and found.role == PLACE else None


def _without_acronym(text: str) -> tuple[str, set[str]]:
    """A name without the acronym of its own words before or behind it: "ASAL Action in Semi Arid Lands"."""
    words = text.split()
    if len(words) < 3 or text.isupper():
        return text, set()
    for short, rest in ((words[0], words[1:]), (words[-1], words[:-1])):
        letters = letters_of(short)
        if len(letters) >= 3 and short.isupper():
            tokens = _words(normalise(" ".join(rest)))[2]
            if left_out(letters, tuple(tokens)) == 0:
                return " ".join(rest), {letters}
    return text, set()


def _is_acronym(text: str) -> bool:
    text = text.strip()
    return bool(_ACRONYM.match(text)) and sum(c.isupper() for c in text) >= max(2, len(text) / 2)


def _is_short_name(text: str) -> bool:
    """One word in brackets that is no place: an acronym, or what it is called for short."""
    text = text.strip()
    if _place(text):
        return False
    return _is_acronym(text) or (text.isalpha() and text[:1].isupper() and 3 <= len(text) <= 10)


def letters_of(text: str) -> str:
    """An acronym's letters in capitals, without marks."""
    return "".join(c for c in text if c.isalnum()).upper()


def _words(plain: str) -> tuple[list[str], set[str], list[Token]]:
    """Words of weight; places named, which are no words; and what an acronym may be made of."""
    at_hand = plain.split()
    words: list[str] = []
    places: set[str] = set()
    tokens: list[Token] = []
    at = 0
    while at < len(at_hand):
        size, code = _place_at(at_hand, at)
        if code:
            if code not in places:  # NRC is "Norwegian Refugee Council, Norway"
                tokens += [(word, FREE) for word in at_hand[at : at + size]]
            places.add(code)
            at += size
            continue
        if (phrase := _phrase_at(at_hand, at)) is not None:  # "охраны здоровья" is health
            size, means = phrase
            words += means.words
            tokens += [(word, HALF if means.role == GENERAL else FULL) for word in at_hand[at : at + size]]
            at += size
            continue
        word = at_hand[at]
        at += 1
        if word in SMALL:
            tokens.append((word, FREE))
        elif word in LEGAL:
            tokens += [(word, FREE)] if at == 1 else []  # SOMO is Stichting Onderzoek ..., but no acronym ends in Ltd
        else:
            known = meaning(word)
            tokens.append((word, HALF if known and known.role == GENERAL else FULL))
            words += known.words if known else [_singular(word)]
    if at_hand[:2] == ["united", "nations"]:
        tokens[:2] = [(word, HALF) for word in at_hand[:2]]
    return words, places, tokens


def _place_at(words: list[str], at: int) -> tuple[int, str]:
    """How many words from here name a place, and which; (0, "") for none."""
    for size in range(min(5, len(words) - at), 0, -1):
        span = " ".join(words[at : at + size])
        code = _place(span) if size <= LONGEST or span in country_words() else None
        if code:
            return size, code
    return 0, ""


def _phrase_at(words: list[str], at: int) -> tuple[int, Meaning] | None:
    """How many words from here are a phrase of the list, and what it means."""
    for size in range(min(LONGEST, len(words) - at), 1, -1):
        found = meaning(" ".join(words[at : at + size]))
        if found is not None:
            return size, found
    return None


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word


def left_out(acronym: str, tokens: tuple[Token, ...]) -> float | None:
    """How many words of weight an acronym leaves out; None when the words do not make it.

    Each word gives its beginning, of up to five letters, in order: AMODEFA is A-MO-DE-FA of
    "Associação Moçambicana para Desenvolvimento da Família". Small words and places may be left
    out, general words count half; the first letters are never those of a later word of weight.
    """
    found = made_of(acronym, tokens)
    return None if found is None else found[0]


@lru_cache(maxsize=65_536)
def made_of(acronym: str, tokens: tuple[Token, ...]) -> tuple[float, int] | None:
    """What an acronym leaves out, as ``left_out``, and how many words it is made of besides small ones."""
    letters = acronym.lower()
    if len(tokens) > _LONGEST_NAME:
        return None
    known: dict[tuple[int, int], tuple[float, int] | None] = {}

    def best(used: int, at: int) -> tuple[float, int] | None:
        """The least left out, and of those ways the most words (as a negative number)."""
        if at == len(tokens):
            return (0.0, 0) if used == len(letters) else None
        if (used, at) not in known:
            word, cost = tokens[at]
            found: list[tuple[float, int]] = []
            if (used or cost < FULL) and (rest := best(used, at + 1)) is not None:
                found.append((rest[0] + cost, rest[1]))
            for size in range(1, min(_LONGEST_PIECE, len(word), len(letters) - used) + 1):
                if letters[used + size - 1] != word[size - 1]:
                    break
                if (rest := best(used + size, at + 1)) is not None:
                    found.append((rest[0] + _OF_SMALL, rest[1]) if word in SMALL else (rest[0], rest[1] - 1))
            known[used, at] = min(found, default=None)
        return known[used, at]

    found = best(0, 0) if letters else None
    return found and (found[0], -found[1])


def has_place_inside(acronym: str, form: NameForm) -> bool:
    """Whether letters of the acronym stand for a place: NRC of "Norwegian Refugee Council"."""
    without = tuple((word, cost) for word, cost in form.tokens if cost or word in SMALL)
    return bool(form.places) and left_out(acronym, without) != left_out(acronym, form.tokens)


def place_name(code: str) -> str:
    """English name of a country, or the region's own."""
    known = countries().get(code)
    return known.name if known else code
