"""Organizations taken apart for comparison, and which of them come together.

Pairs come together by a rare word, by two common words, by an acronym or by the beginning of the
name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from partnermap.codes.name_words import GENERAL, roles
from partnermap.codes.organizations import register_number
from partnermap.lookups.names import HALF, NameForm, has_place_inside, letters_of, name_forms
from partnermap.lookups.translated import translated_acronyms

_MANY = 12  # names with one acronym from which it tells nobody


@dataclass(frozen=True)
class Party:
    """An organization as it is compared: every name that it goes by, and where it is met."""

    id: str
    names: tuple[str, ...]
    acronyms: frozenset[str] = frozenset()
    country: str = ""  # ISO alpha-3 of the lists, or of all its activities
    parents: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    kind: str = ""
    loaded: bool = True  # False: on a list only

    @property
    def name(self) -> str:
        """What it is called."""
        return self.names[0]


@dataclass(frozen=True)
class Side:
    """An organization with its names taken apart."""

    party: Party
    forms: tuple[NameForm, ...]
    words: frozenset[str]
    acronyms: frozenset[str]
    own: frozenset[str]  # words of no list
    places: frozenset[str]
    starts: frozenset[str]
    number: str  # of a national register


def side_of(party: Party) -> Side:
    """The organization with each of its names taken apart, with the lists in use."""
    forms = tuple(form for name in party.names for form in name_forms(name))
    acronyms = frozenset(filter(None, map(letters_of, party.acronyms))).union(*(form.acronyms for form in forms))
    words = frozenset(word for form in forms for word in form.words)
    own = frozenset(word for word in words if word not in roles())
    number = register_number(party.id.removeprefix("ref:"))
    return Side(party, forms, words, acronyms, own, frozenset(p for form in forms for p in form.places), frozenset(form.plain[:8] for form in forms), number)


@dataclass(frozen=True)
class Acronyms:
    """What the names of all tell about acronyms."""

    written: dict[str, int]  # names in other words that have it in writing
    made: dict[str, int]  # that have it, or begin with its letters
    families: set[str]  # of names that differ in their places: alone it means none of them


@dataclass
class _Expansion:
    """Words that an acronym stands for, and the places that names of these words say."""

    words: frozenset[str]
    places: set[frozenset[str]] = field(default_factory=set)


def acronyms_of_all(sides: Sequence[Side]) -> Acronyms:
    """Acronyms with the names that have them.

    Names of which half of the words agree are one name, written differently; which are one depends
    on which came first.
    """
    of = roles()
    written: dict[str, list[_Expansion]] = defaultdict(list)
    made: dict[str, list[_Expansion]] = defaultdict(list)
    beside: dict[str, set[frozenset[str]]] = defaultdict(set)
    for form in (form for side in sides for form in side.forms):
        if form.is_acronym:
            for acronym in form.acronyms if form.places else ():
                beside[acronym].add(form.places)
            continue
        words = frozenset(w for w in form.words if of.get(w) != GENERAL)
        for acronym in form.acronyms | form.initials:
            places = [form.places] if form.places and not has_place_inside(acronym, form) else []
            for found in (written, made) if acronym in form.acronyms else (made,):
                known = next((other for other in found[acronym] if 2 * len(words & other.words) >= len(words | other.words)), None)
                if known is None and len(found[acronym]) < _MANY:
                    found[acronym].append(known := _Expansion(words))
                if known is not None:
                    known.places.update(places)
    families = {acronym for acronym, some in made.items() if any(len(one.places | beside[acronym]) > 1 for one in some)}
    families.update(acronym for acronym, places in beside.items() if len(places) > 1)
    return Acronyms({a: len(some) for a, some in written.items()}, {a: len(some) for a, some in made.items()}, families)


def blocks(sides: Sequence[Side], frequency: Counter[str], common: int) -> Iterator[tuple[int, int]]:
    """Index pairs that have something rare in common, each once."""
    sharing: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for number, side in enumerate(sides):
        for key in _keys(side, frequency, common):
            sharing[key].add(number)
    seen: set[tuple[int, int]] = set()
    for members in sharing.values():
        if 1 < len(members) <= 4 * common:
            seen.update(combinations(sorted(members), 2))
    yield from seen


def _keys(side: Side, frequency: Counter[str], common: int) -> Iterator[tuple[str, ...]]:
    of = roles()
    for acronym in side.acronyms:
        yield ("acronym", acronym)
        yield ("ends", acronym[0], acronym[-1])
        yield ("begins", acronym[:5])
        for second, last in combinations(acronym[1:8], 2):
            yield ("letters", acronym[0], second, last)
    for form in side.forms:
        for initials in form.initials:
            yield ("acronym", initials)
            if len(initials) >= 3:
                yield ("letters", initials[0], initials[1], initials[-1])
                yield ("letters", initials[0], initials[1], initials[-2])
                yield ("begins", initials[:5])
                if form.tokens[0][1] <= HALF:  # NSWP of "Global Network of Sex Work Projects"
                    yield ("letters", initials[1], initials[2], initials[-1])
            elif len(initials) == 2:
                yield ("ends", initials[0], initials[1])
        for acronym in translated_acronyms(form.plain):
            yield ("acronym", acronym)
        if not form.words:
            continue
        yield ("start", form.plain[:8])
        yield ("words", *sorted(form.words))
        for word in form.words:
            if frequency[word] <= common:
                yield ("word", word)
                if len(word) >= 6:
                    yield ("stem", word[:5])
        for two in combinations(sorted(w for w in set(form.words) if of.get(w) != GENERAL), 2):
            yield ("two", *two)
        for place in form.places:
            for word in form.words:
                if word not in of:
                    yield ("at", place, word)
