"""Which organizations may be one: suggestions with reasons, for a person to decide.

Pairs come together by a rare word, by two common words, by an acronym or by the beginning of the
name; what speaks for and against is added up. The words of a name weigh by how few names have
them (inverse document frequency, Sparck Jones 1972, Journal of Documentation 28, 11-21), and two
words are one when their letters agree (Levenshtein ratio of RapidFuzz).
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from pathlib import Path

from rapidfuzz import fuzz

from partnermap.codes.organizations import is_registered, rank, register_number, stands_for
from partnermap.lookups.names import NameForm, country_name, name_form


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
class Suggestion:
    """Two organizations that may be one, the one that would stand for both first."""

    left: str
    right: str
    score: float
    reasons: tuple[str, ...]
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class IdentityWeights:
    """Points and thresholds of ``identity.toml``."""

    points: dict[str, float]
    thresholds: dict[str, float]


@cache
def identity_weights() -> IdentityWeights:
    """The shipped weights."""
    with (Path(__file__).parent / "identity.toml").open("rb") as file:
        data = tomllib.load(file)
    return IdentityWeights(data["points"], data["thresholds"])


@dataclass
class _Score:
    points: float = 0.0
    reasons: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)

    def add(self, points: float, text: str) -> None:
        self.points += points
        (self.reasons if points > 0 else self.against).append(text)


def suggest(
    parties: Sequence[Party],
    is_settled: Callable[[str, str], bool] = lambda left, right: False,
    weights: IdentityWeights | None = None,
) -> list[Suggestion]:
    """Pairs that may be one organization, best first.

    Parameters
    ----------
    parties : organizations, each once; a pair needs one that is loaded
    is_settled : whether a pair needs no question, since it was decided
    weights : other than the shipped ones
    """
    weights = weights or identity_weights()
    forms = [[name_form(name) for name in party.names] for party in parties]
    frequency = Counter(word for some in forms for word in {w for form in some for w in form.words})
    called = Counter(a for party, some in zip(parties, forms, strict=True) for a in party.acronyms.union(*(f.acronyms | {f.initials} for f in some)) if len(a) > 1)
    compare = _Comparison(weights, frequency, called, len(parties))
    found = []
    for i, j in sorted(_blocks(parties, forms, frequency, int(weights.thresholds["common_word"]))):
        left, right = parties[i], parties[j]
        if not (left.loaded or right.loaded) or is_settled(left.id, right.id):
            continue
        score = compare.pair(left, forms[i], right, forms[j])
        if score.points >= weights.thresholds["suggest"]:
            first, second = sorted((left.id, right.id), key=rank)
            found.append(Suggestion(first, second, round(score.points, 1), tuple(score.reasons), tuple(score.against)))
    return sorted(found, key=lambda s: (-s.score, s.left, s.right))


def _blocks(parties: Sequence[Party], forms: Sequence[Sequence[NameForm]], frequency: Counter[str], common: int) -> Iterator[tuple[int, int]]:
    """Index pairs that have something rare in common, each once."""
    blocks: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for number, (party, some) in enumerate(zip(parties, forms, strict=True)):
        for key in _keys(party, some, frequency, common):
            blocks[key].add(number)
    seen: set[tuple[int, int]] = set()
    for members in blocks.values():
        if 1 < len(members) <= 4 * common:
            seen.update(combinations(sorted(members), 2))
    yield from seen


def _keys(party: Party, forms: Iterable[NameForm], frequency: Counter[str], common: int) -> Iterator[tuple[str, ...]]:
    for acronym in party.acronyms.union(*(form.acronyms for form in forms)):
        yield ("acronym", acronym)
        for second, last in combinations(acronym[1:8], 2):
            yield ("letters", acronym[0], second, last)
    for form in forms:
        if len(form.initials) >= 3:
            yield ("acronym", form.initials)
            yield ("letters", form.initials[0], form.initials[1], form.initials[-1])
        if not form.words:
            continue
        yield ("start", form.plain[:8])
        yield ("words", *sorted(form.words))
        for word in form.words:
            if frequency[word] <= common:
                yield ("word", word)
                if len(word) >= 6:
                    yield ("stem", word[:5])
        for two in combinations(sorted(set(form.words)), 2):
            yield ("two", *two)


class _Comparison:
    """Adding up what speaks for and against one pair."""

    def __init__(self, weights: IdentityWeights, frequency: Counter[str], called: Counter[str], names: int) -> None:
        self._called = called
        self._points, self._thresholds = weights.points, weights.thresholds
        self._weight = {word: math.log(1 + names / n) for word, n in frequency.items()}

    def pair(self, left: Party, lefts: Sequence[NameForm], right: Party, rights: Sequence[NameForm]) -> _Score:
        """The score of the best pair of names with what else is known of the two."""
        points = self._points
        best = max((self._names(a, b) for a in lefts for b in rights), key=lambda s: s.points)
        acronyms = [party.acronyms | {a for f in forms for a in f.acronyms} for party, forms in ((left, lefts), (right, rights))]
        shared = sorted(acronyms[0] & acronyms[1])
        begins = sorted((acronyms[0] & {f.initials for f in rights}) | (acronyms[1] & {f.initials for f in lefts}))
        made = {a for own, forms in ((acronyms[0], rights), (acronyms[1], lefts)) for a in own for f in forms if len(a) >= 4 and f.initials[1:] and stands_for(a, f.plain)}
        if shared or begins or made:
            acronym = min(shared or begins or made, key=lambda a: (self._called.get(a, 2), -len(a), a))
            how = "both are called" if shared else "the words of one begin with" if begins else "the letters of one's words make"
            others = max(self._called.get(acronym, 2), 2) - 2
            worth = points["acronym" if shared or begins else "letters"] - points["acronym_of_another"] * others
            if worth > best.points:
                best.points, best.reasons, best.against = worth, [f"{how} {acronym}"], []
            elif worth > 0:
                best.add(points["acronym_besides"], f"{how} {acronym}")
        if left.country and left.country == right.country:
            best.add(points["same_country"], f"both are of {country_name(left.country)}")
        elif left.country and right.country:
            best.add(points["other_country"], f"one is of {country_name(left.country)}, the other of {country_name(right.country)}")
        if left.parents & right.parents:
            best.add(points["same_parent"], "both are part of one organization")
        if together := len(left.activities & right.activities):
            best.add(points["shared_activities"], f"both are named in {together} of the same activities")
        if is_registered(left.id) and is_registered(right.id):
            if _marks_only(left.id, right.id):
                best.add(points["reference"], "their references differ in marks or leading zeros only")
            else:
                best.add(points["both_registered"], "each has a registered reference")
        return best

    def _names(self, left: NameForm, right: NameForm) -> _Score:
        score = _Score()
        points = self._points
        shorter, longer = sorted((left.plain, right.plain), key=len)
        if len(shorter) >= 25 and shorter != longer and longer.startswith(shorter) and longer[len(shorter)] != " ":
            score.add(points["cut_off"], "one name is the other, cut off in a word")
            return score  # what it lacks behind the cut says nothing
        if left.words and right.words:
            same = self._same_words(left.words, right.words)
            if same > 0.3:
                score.add(points["name"] * same, "the same name" if same > 0.99 else f"{same:.0%} of the words of both names")
        if left.places != right.places:
            named = [", ".join(sorted(map(country_name, form.places))) for form in (left, right)]
            if left.places and right.places:
                score.add(points["other_country"], f"one name says {named[0]}, the other {named[1]}")
            else:
                score.add(points["one_country"], f"one name alone says {named[0] or named[1]}")
        if left.numbers != right.numbers:
            score.add(points["other_number"], "their names carry different numbers")
        return score

    def _same_words(self, left: Sequence[str], right: Sequence[str]) -> float:
        """Weight of the words that both have, of the weight of all (Dice)."""
        rest = list(right)
        matched = 0.0
        for word in left:
            twin = word if word in rest else self._twin(word, rest)
            if twin is not None:
                rest.remove(twin)
                matched += self._of(word) + self._of(twin)
        total = sum(map(self._of, left)) + sum(map(self._of, right))
        return matched / total if total else 0.0

    def _twin(self, word: str, others: Iterable[str]) -> str | None:
        best = max(others, key=lambda other: fuzz.ratio(word, other), default=None)
        if best is None or min(len(word), len(best)) < 4:
            return None
        near = fuzz.ratio(word, best) >= self._thresholds["same_word"]
        return best if near or best.startswith(word) or word.startswith(best) else None

    def _of(self, word: str) -> float:
        return self._weight.get(word, 1.0)


def _marks_only(left: str, right: str) -> bool:
    """Two references that no list holds, of one number of a national register."""
    numbers = [register_number(ref.removeprefix("ref:")) for ref in (left, right)]
    return bool(numbers[0]) and numbers[0] == numbers[1]
