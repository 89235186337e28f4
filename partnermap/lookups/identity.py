"""Which organizations may be one: suggestions with reasons, for a person to decide.

Of pairs that come together (:mod:`partnermap.lookups.parties`), what speaks for and against is added
up. The words of a name weigh by how few names have them (inverse document frequency, Sparck Jones
1972, Journal of Documentation 28, 11-21), and two words are one when they mean the same
(``name_words.csv``) or their letters agree (Levenshtein ratio of RapidFuzz).
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from partnermap.codes.name_words import GENERAL, KIND, roles
from partnermap.codes.organizations import is_registered, rank
from partnermap.lookups.names import NameForm, has_place_inside, left_out, made_of, place_name
from partnermap.lookups.parties import Acronyms, Party, Side, acronyms_of_all, blocks, side_of
from partnermap.lookups.translated import translated_acronyms


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


_TRANSLATED = "in another language the words of one begin with"
_FEW = 3  # words that an acronym is made of at least: the beginnings of two fit too easily


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
    parties = sorted(parties, key=lambda party: party.id)  # words find their twins from left to right
    sides = [side_of(party) for party in parties]
    frequency = Counter(word for side in sides for word in side.words)
    compare = _Comparison(weights, frequency, acronyms_of_all(sides), len(parties))
    found = []
    for i, j in blocks(sides, frequency, int(weights.thresholds["common_word"])):
        left, right = parties[i], parties[j]
        if not (left.loaded or right.loaded) or not compare.may_be_one(sides[i], sides[j]):
            continue
        score = compare.pair(sides[i], sides[j])
        # what was decided is looked up for the few that would be asked only: it costs more than most comparisons
        if score.points >= weights.thresholds["suggest"] and not is_settled(left.id, right.id):
            first, second = sorted((left.id, right.id), key=rank)
            found.append(Suggestion(first, second, round(score.points, 1), tuple(score.reasons), tuple(score.against)))
    return sorted(found, key=lambda s: (-s.score, s.left, s.right))


class _Comparison:
    """Adding up what speaks for and against one pair."""

    def __init__(self, weights: IdentityWeights, frequency: Counter[str], acronyms: Acronyms, names: int) -> None:
        self._known = acronyms
        self._frequency = frequency
        self._least: dict[str, float] = {}  # weight of an organization's lightest name
        self._points, self._thresholds = weights.points, weights.thresholds
        self._roles = roles()
        share = {KIND: self._points["kind_word"], GENERAL: self._points["general_word"]}
        in_words = max(self._points[name] for name in ("name", "called_for_short", "cut_off")) + self._points["acronym_besides"]
        short = max(self._points[name] for name in ("acronym", "acronym_of_three", "letters", "first_letters", "translated", "letters_but")) + self._points["same_place"]
        self._best_abroad = max(in_words, short) + self._points["other_country"]  # of names alone, where the two are of two countries
        self._weight = {word: math.log(1 + names / n) * share.get(self._roles.get(word, ""), 1.0) for word, n in frequency.items()}

    def may_be_one(self, left: Side, right: Side) -> bool:
        """A quick look that lets every pair through that could reach the threshold, and few others."""
        if self._is_abroad(left, right) and self._best_abroad < self._thresholds["suggest"]:
            return False
        if left.acronyms or right.acronyms or left.starts & right.starts or (left.number and left.number == right.number):
            return True
        if own := left.own & right.own:
            rare = self._thresholds["own_word"]
            if (left.places and right.places) or min(map(self._frequency.__getitem__, own)) <= rare:
                return True
        shared = sum(map(self._weight.__getitem__, left.words & right.words))
        if 2 * shared >= self._thresholds["quick"] * (self._lightest(left) + self._lightest(right)):
            return True
        others = right.own - own
        return bool(others) and any(self._alike(word, other) for word in left.own - own for other in others)

    def _is_abroad(self, left: Side, right: Side) -> bool:
        """Whether the two are of two countries and nothing but their names speaks for them."""
        one, other = left.party, right.party
        if not one.country or not other.country or one.country == other.country:
            return False
        return not (one.parents & other.parents or one.activities & other.activities or (left.number and left.number == right.number))

    def _lightest(self, side: Side) -> float:
        least = self._least.get(side.party.id)
        if least is None:
            least = self._least[side.party.id] = min(sum(map(self._of, form.words)) for form in side.forms)
        return least

    def pair(self, left: Side, right: Side) -> _Score:
        """The score of the best pair of names, or of an acronym, with what else is known of the two."""
        points = self._points
        seats = frozenset(filter(None, (left.party.country, right.party.country)))
        best = max((self._names(a, b, seats) for a in left.forms for b in right.forms), key=lambda s: s.points)
        short = self._acronyms(left, right)
        if short.points > best.points:
            best = short
        elif short.points > 0 and not best.against:
            best.add(points["acronym_besides"], short.reasons[0])
        one, other = left.party, right.party
        if one.country and one.country == other.country:
            best.add(points["same_country"], f"both are of {place_name(one.country)}")
        elif one.country and other.country:
            best.add(points["other_country"], f"one is of {place_name(one.country)}, the other of {place_name(other.country)}")
        if one.parents & other.parents:
            best.add(points["same_parent"], "both are part of one organization")
        if together := len(one.activities & other.activities):
            best.add(points["shared_activities"], f"both are named in {together} of the same activities")
        if is_registered(one.id) and is_registered(other.id):
            if left.number and left.number == right.number:
                best.add(points["reference"], "their references differ in marks or leading zeros only")
            else:
                best.add(points["both_registered"], "each has a registered reference")
        return best

    # --- acronyms -----------------------------------------------------------------------------

    def _acronyms(self, left: Side, right: Side) -> _Score:
        """The best that an acronym says."""
        found = [self._shared(left, right)]
        found += [self._made(acronym, own, other) for own, other in ((left, right), (right, left)) for acronym in sorted(own.acronyms)]
        return max(found, key=lambda s: s.points)

    def _shared(self, left: Side, right: Side) -> _Score:
        score = _Score()
        shared = left.acronyms & right.acronyms
        if not shared or self._contradict(min(shared), left, right):
            return score
        acronym = min(shared, key=lambda a: (self._known.written.get(a, 0), -len(a), a))
        score.add(self._worth(self._known.written.get(acronym, 0), self._points["acronym"]), f"both are called {acronym}")
        in_words = any(acronym in form.acronyms and form.places and not form.is_acronym for form in (*left.forms, *right.forms))
        self._compare_places(score, self._places(acronym, left), self._places(acronym, right), "acronym_one_country" if in_words and acronym not in self._known.families else "one_country")
        return score

    def _made(self, acronym: str, own: Side, other: Side) -> _Score:
        """An acronym that the words of a name of the other make."""
        best = _Score()
        for form in other.forms:
            worth, how = self._from_words(acronym, form)
            if not worth:
                continue
            score = _Score()
            # what other names make in their own words is theirs before a translation
            others = self._known.made.get(acronym, 0) + (how == _TRANSLATED)
            score.add(self._worth(others, worth), f"{how} {acronym}")
            beside = self._places(acronym, own)
            inside = translated_acronyms(form.plain)[acronym] if how == _TRANSLATED else has_place_inside(acronym, form)
            places = form.places if beside or not inside else beside
            self._compare_places(score, beside, places, "one_country" if beside or acronym in self._known.families else "acronym_one_country")
            if beside and beside == places:
                score.add(self._points["same_place"], f"both say {_named(beside)}")
            if other.acronyms and not own.acronyms & other.acronyms:
                score.add(self._points["other_acronym"], f"the other is called {min(other.acronyms)}")
            if score.points > best.points:
                best = score
        if best.points > 0 and self._contradict(acronym, own, other):
            return _Score()
        return best

    def _from_words(self, acronym: str, form: NameForm) -> tuple[float, str]:
        length, points = len(acronym), self._points
        if length < 3 or form.is_acronym:
            return 0.0, ""
        if acronym in form.initials:
            return points["acronym" if length >= 4 else "acronym_of_three"], "the words of one begin with"
        if length >= 5 and any(i.startswith(acronym) for i in form.initials):
            return points["first_letters"], "the words of one begin like"
        if length >= 4 and acronym in translated_acronyms(form.plain):
            return points["translated"], _TRANSLATED
        if length < 4 or (made := made_of(acronym, form.tokens)) is None:
            return 0.0, ""
        out, words = made
        if words < _FEW:
            return 0.0, ""
        if out == 0:
            return points["letters"], "the beginnings of one's words make"
        return (points["letters_but"], "the beginnings of most of one's words make") if out <= (0.75 if length < 6 else 1.0) else (0.0, "")

    def _worth(self, names: int, worth: float) -> float:
        return worth - self._points["acronym_of_another"] * max(names - 1, 0)

    def _places(self, acronym: str, side: Side) -> frozenset[str]:
        """Places that stand beside an acronym; nowhere when it also stands alone."""
        beside = [form.places for form in side.forms if acronym in form.acronyms]
        return min(beside, key=len, default=frozenset())

    def _compare_places(self, score: _Score, left: frozenset[str], right: frozenset[str], alone: str = "one_country") -> None:
        if left and right and left != right:
            score.add(self._points["other_country"], f"one name says {_named(left)}, the other {_named(right)}")
        elif left != right:
            score.add(self._points[alone], f"one name alone says {_named(left or right)}")

    def _contradict(self, acronym: str, left: Side, right: Side) -> bool:
        """Whether both have names in words, the acronym is made of each, and the words are others'."""
        whole = [[f for f in side.forms if not f.is_acronym] for side in (left, right)]
        if not all(whole) or not all(any(acronym in f.initials or left_out(acronym, f.tokens) == 0 for f in some) for some in whole):
            return False
        return max(self._same_words(a.words, b.words) for a in whole[0] for b in whole[1]) < self._thresholds["contradiction"]

    # --- names in words -----------------------------------------------------------------------

    def _names(self, left: NameForm, right: NameForm, seats: frozenset[str]) -> _Score:
        score = _Score()
        points = self._points
        shorter, longer = sorted((left.plain, right.plain), key=len)
        if len(shorter) >= 25 and shorter != longer and longer.startswith(shorter) and longer[len(shorter)] != " ":
            score.add(points["cut_off"], "one name is the other, cut off in a word")
            return score  # what it lacks behind the cut says nothing
        if left.words and right.words:
            self._compare_words(score, left, right)
        if (left.places | right.places) != seats or (left.places and right.places):  # "X, Denmark" is X that sits in Denmark
            self._compare_places(score, left.places, right.places)
        if score.reasons and self._is_general(left.words, right.words):
            score.add(points["general_only"], "they share general words only")
        if left.numbers != right.numbers:
            score.add(points["other_number"], "their names carry different numbers")
        if left.part or right.part:
            score.add(points["half"], "compared with half of a name")
        return score

    def _compare_words(self, score: _Score, left: NameForm, right: NameForm) -> None:
        points = self._points
        twins = self._twins(left.words, right.words)
        same = self._share(twins, left.words, right.words)
        if same <= 0.3 and not any(a == b and a not in self._roles for a, b in twins):
            return
        alone = _without(left.words, [a for a, _ in twins]), _without(right.words, [b for _, b in twins])
        if self._is_called_for_short(twins, alone, left.places & right.places) and points["name"] * same < points["called_for_short"]:
            score.add(points["called_for_short"], f"{' '.join(a for a, _ in twins)} and general words")
            return
        if same > 0.3:
            score.add(points["name"] * same, "the same name" if same > 0.99 else f"{same:.0%} of the words of both names")
        else:
            return
        kinds, topics = ([sorted({w for w in some if self._roles.get(w) == role}) for some in alone] for role in (KIND, ""))
        if all(kinds):
            score.add(points["other_kind"], f"one is a {'/'.join(kinds[0])}, the other a {'/'.join(kinds[1])}")
        elif any(kinds):
            score.add(points["one_kind"], f"one alone is a {'/'.join(kinds[0] or kinds[1])}")
        if any(topics) and all(w in self._roles for some in alone for w in some) and all(alone):
            score.add(points["other_topic"], f"one says {' '.join(alone[0])}, the other {' '.join(alone[1])}")

    def _is_general(self, left: Sequence[str], right: Sequence[str]) -> bool:
        """Whether two names that differ share no word but what nearly any organization may carry."""
        shared = {a for a, _ in self._twins(left, right)}
        return sorted(left) != sorted(right) and all(self._roles.get(word) in (GENERAL, KIND) for word in shared)

    def _is_called_for_short(self, twins: Sequence[tuple[str, str]], alone: tuple[list[str], list[str]], places: frozenset[str]) -> bool:
        """Whether both share a word of their own that few have, and one adds general words only."""
        own = [self._frequency[a] for a, b in twins if a == b and a not in self._roles and len(a) >= 3]
        if not own or (min(own) > self._thresholds["own_word"] and not places):
            return False
        return not (alone[0] and alone[1]) and all(self._roles.get(w) == GENERAL or (places and self._roles.get(w) == KIND) for w in [*alone[0], *alone[1]])

    def _same_words(self, left: Sequence[str], right: Sequence[str]) -> float:
        return self._share(self._twins(left, right), left, right)

    def _share(self, twins: Sequence[tuple[str, str]], left: Sequence[str], right: Sequence[str]) -> float:
        """Weight of the words that both have, of the weight of all (Dice)."""
        total = sum(map(self._of, left)) + sum(map(self._of, right))
        return sum(self._of(a) + self._of(b) for a, b in twins) / total if total else 0.0

    def _twins(self, left: Sequence[str], right: Sequence[str]) -> list[tuple[str, str]]:
        """Words of both, each with its twin: equal ones first, then those that are spelled alike."""
        rest, found, single = list(right), [], []
        for word in left:
            if word in rest:
                rest.remove(word)
                found.append((word, word))
            else:
                single.append(word)
        for word in single:
            twin = self._twin(word, rest) if (len(left) > 1 and len(right) > 1) or len(word) >= 9 else None
            if twin is not None:
                rest.remove(twin)
                found.append((word, twin))
        return found

    def _twin(self, word: str, others: Iterable[str]) -> str | None:
        known = word in self._roles  # two words of the list are two
        alike = [other for other in others if not (known and other in self._roles) and self._alike(word, other)]
        return max(alike, key=lambda other: fuzz.ratio(word, other), default=None)

    def _alike(self, word: str, other: str) -> bool:
        """Whether two words are one, misspelt, inflected or shortened."""
        shorter, longer = (word, other) if len(word) <= len(other) else (other, word)
        if len(shorter) < 4:
            return False
        if longer.startswith(shorter) and (shorter not in self._roles or longer in self._roles):
            return True  # "Internat" is cut short; Southampton says nothing of the south
        least = self._thresholds["same_word"]
        # no more letters than the shorter has can agree
        return 200 * len(shorter) >= least * (len(shorter) + len(longer)) and fuzz.ratio(shorter, longer, score_cutoff=least) > 0

    def _of(self, word: str) -> float:
        return self._weight.get(word, 1.0)


def _without(words: Sequence[str], some: Iterable[str]) -> list[str]:
    rest = list(words)
    for word in some:
        rest.remove(word)
    return rest


def _named(places: Iterable[str]) -> str:
    return ", ".join(sorted(map(place_name, places)))
