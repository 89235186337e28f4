"""What speaks for and against related pairs, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache

import numpy as np

from partnermap.codes.countries import GLOBAL_REGION, countries, region_names
from partnermap.codes.lists import listed
from partnermap.codes.names import fold
from partnermap.model import Pair, Reason
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.found import CLASS_NAMES, FEATURES, Found
from partnermap.pairing.levels import HOWS, LEVELS
from partnermap.pairing.measure import carried
from partnermap.pairing.partners import find_partner
from partnermap.pairing.ragged import Ragged
from partnermap.pairing.table import day_of, is_number, root_of
from partnermap.pairing.text import acronyms_of, stem, title_key
from partnermap.pairing.texts import names_one_thing, proper_names

_WORD = re.compile(r"[^\W_]+")
Leading = list[tuple[str, str]]  # (term, word), rarest first


class Both:
    """Two rows of which something is to be said, the smaller id left."""

    def __init__(self, told: Told, left: int, right: int) -> None:
        self.told, self.corpus, self.table = told, told.corpus, told.corpus.table
        self.rows = left, right
        self.how, self.level = "", ""  # how titles are alike; level of the feature in question
        self.title_words: Leading = []
        self.other_words: Leading = []
        self.shorter = 0
        self.written_out = ""

    @property
    def ids(self) -> tuple[str, str]:
        """Both identifiers."""
        return self.table.ids[self.rows[0]], self.table.ids[self.rows[1]]

    def sets(self, name: str) -> tuple[set[str], set[str]]:
        """A column of names, of both sides."""
        column: Ragged = getattr(self.table, name)
        return set(column.at(self.rows[0])), set(column.at(self.rows[1]))

    def values(self, name: str) -> tuple[float, float]:
        """A column of numbers, of both sides; NaN where unknown."""
        column = getattr(self.table, name)
        return float(column[self.rows[0]]), float(column[self.rows[1]])

    def title(self, side: int) -> str:
        """One side's title."""
        return self.told.titles[self.rows[side]]

    @cached_property
    def organizations(self) -> set[str]:
        """Acronyms of who takes part and who tells."""
        return {self.corpus.acronyms.get(o, "") for name in ("participants", "principals") for some in self.sets(name) for o in some}

    @cached_property
    def acronyms(self) -> tuple[frozenset[str], frozenset[str]]:
        """Words in capitals of both titles."""
        return acronyms_of(self.title(0)), acronyms_of(self.title(1))

    def called(self, organizations: Iterable[str]) -> str:
        """Names of organizations in words."""
        return " and ".join(sorted({self.corpus.called(o) for o in organizations}))


Said = tuple[str, tuple[str, ...], tuple[str, ...]]  # text, fields, terms

_LINKS = {
    "funds": "the first is named as the source of the second's money",
    "funded-by": "the second is named as the source of the first's money",
    "parent": "the first is filed as part of the second",
    "child": "the second is filed as part of the first",
    "co-funded": "the publisher files both as co-funded",
    "sibling": "the publisher files both as parts of one whole",
    "third-party": "one is filed as a third party's report of the other",
}


def _link(both: Both) -> Said:
    return _LINKS[both.level], ("link",), ()


def _number(both: Both) -> Said:
    left, right = both.ids
    numbers = both.sets("other_ids")
    if left.casefold() == right.casefold():
        return f"one project number in two spellings ({left}, {right})", ("id",), ()
    if shared := {n for n in numbers[0] & numbers[1] if is_number(n)}:
        return f"both carry the number {min(shared)}", ("other identifier",), ()
    for side, other in ((0, right), (1, left)):
        if tail := carried(numbers[side], other):
            return f"“{_short(both.title(side))}” carries the other's number {tail}", ("other identifier",), ()
    return f"project numbers share the root {root_of(left).rsplit('-', 1)[-1]}", ("id",), ()


def _acronym(both: Both) -> Said:
    if both.level == "written-out":
        return f"one title carries the name {both.written_out}, the other writes it out", ("title",), (both.written_out,)
    left, right = both.acronyms
    shared = {a for a in left & right if a not in both.organizations and names_one_thing(a)}
    longest = max(shared, key=lambda a: (len(a), a))
    return f"both titles carry the name {longest}", ("title",), tuple(sorted(shared))


ALIKE = ("equal", "whole", "core", "like", "covered")  # ways in which titles are alike that may be letter for letter


def _title(both: Both) -> Said:
    leading = both.title_words
    if shared := both.acronyms[0] & both.acronyms[1]:  # names in capitals are told apart
        stems = {stem(fold(a), "en") for a in shared if names_one_thing(a)}
        leading = [(term, word) for term, word in leading if term not in stems]
    terms, words = tuple([term for term, _ in leading[:4]]), _quoted(leading[:4])
    reads = both.how in ALIKE and title_key(both.title(0)) == title_key(both.title(1))
    if reads:
        text = f"both titles read “{_shorter_title(both)}”"
    elif both.how == "equal":
        text = f"both titles say “{_shorter_title(both)}”, apart from places and phases"
    elif both.how == "whole":
        text = f"the whole title “{_shorter_title(both)}” stands inside the other"
    elif both.how == "core":
        text = f"what “{_shorter_title(both)}” is about stands inside the other title"
    elif both.how == "like":
        text = f"nearly equal titles ({words})"
    elif both.how == "covered":
        text = f"nearly all of the title “{_shorter_title(both)}” is in the other ({words})"
    elif both.how == "name":
        text = f"both titles have the rare name {words}"
    else:
        text = f"titles share {words}"
    return text, ("title",), terms


def _shorter_title(both: Both) -> str:
    return _short(both.title(both.shorter))


def _terms(both: Both) -> Said:
    return f"texts share the uncommon words {_quoted(both.other_words[:4])}", ("title", "description"), tuple([term for term, _ in both.other_words])


def _quoted(leading: list[tuple[str, str]]) -> str:
    return ", ".join([f"“{word}”" for _, word in leading])


def _copy(both: Both) -> Said:
    return f"both descriptions are {'' if both.level == 'whole' else 'nearly '}the same text", ("description",), ()


def _teller(both: Both) -> Said:
    principals, actors, funders = (both.sets(name) for name in ("principals", "actors", "funders"))
    titled = tuple({o for acronym in acronyms for o in both.table.called.get(acronym, ())} for acronyms in both.acronyms)
    for one, other in ((0, 1), (1, 0)):
        if both.level == "implementer":
            named = principals[one] & (actors[other] - principals[other])
        else:
            named = principals[one] & ((funders[other] | titled[other]) - principals[other])
        agency = principals[other] & (actors[one] - principals[one])
        if named and (both.level != "mutual" or agency):
            if both.level == "mutual":
                return f"{both.called(named)} reports one, is named as funder of the other, and names {both.called(agency)}, who reports the other, as its agency", ("participating organization",), ()
            if both.level == "funder":
                return f"{both.called(named)} reports one, and is named as funder of the other", ("participating organization",), ()
            return f"{both.called(named)} reports one, and carries out the other for {both.called(principals[other])}", ("participating organization",), ()
    raise AssertionError("a level without a ground")


def _partner(both: Both) -> Said:
    found = find_partner(both.table, both.corpus.sentences, *both.rows)
    assert found is not None
    row, org, words = found
    return f"{both.called(both.table.principals.at(row) or both.table.actors.at(row))} writes “…{words}…”", ("description",), (both.corpus.called(org),)


def _together(both: Both) -> Said:
    counterparts, participants, tellers, actors = (both.sets(name) for name in ("counterparts", "participants", "principals", "actors"))
    shared = (counterparts[0] & counterparts[1]) | ((participants[0] & participants[1]) - tellers[0] - tellers[1] - (actors[0] & actors[1]))
    return f"{both.called(shared)} takes part in both", ("participating organization",), ()


def _money(both: Both) -> Said:
    left, right = both.values("usd")
    return {"equal": "amounts agree: ", "near": "amounts are near: ", "differ": "amounts differ: "}[both.level] + f"{usd(left)} and {usd(right)}", ("money",), ()


def _dates(both: Both) -> Said:
    starts, ends = both.values("start"), both.values("end")
    if both.level in ("near", "far"):
        gap = int(abs(starts[0] - starts[1]))
        months = "started within a month" if gap <= 31 else f"started {_months(round(gap / 30))} apart"
        return f"{months if both.level == 'near' else f'started {gap // 365} years apart'} ({', '.join(map(_month, starts))})", ("dates",), ()
    if both.level == "apart":
        apart = [starts[other] - ends[one] for one, other in ((0, 1), (1, 0)) if ends[one] < starts[other]]
        days = int(apart[0] if apart else max(starts) - min(ends))  # a side may end before it starts
        return f"they do not overlap in time: {_months(days // 30) if days >= 30 else 'less than a month'} between them", ("dates",), ()
    days = int(min(ends) - max(starts))
    return f"both ran for {_months(days // 30)} at the same time", ("dates",), ()


def _months(number: int) -> str:
    return f"{number} months" if number > 1 else "a month"


def _place(both: Both) -> Said:
    if both.level == "other-country":
        return "they name different countries", ("countries",), ()
    if both.level == "region":
        left, right = both.sets("regions")
        return f"both in {region_names()[min((left & right) - {GLOBAL_REGION})]}", ("regions",), ()
    if both.level == "same":
        return f"both in {_country(both.table.countries.at(both.rows[0])[0])} alone", ("countries",), ()
    left, right = both.sets("countries")
    names = [_country(code) for code in sorted(left & right)]
    if both.level == "same-several":
        return f"the same {len(names)} countries: {_listed(names)}", ("countries",), ()
    more = [len(some - (left & right)) for some in (left, right)]
    if min(more):
        return f"both name {_listed(names)}; the other countries differ", ("countries",), ()
    return f"both name {_listed(names)}; one names {max(more)} more", ("countries",), ()


@listed
def _country(code: str) -> str:
    return countries()[code].name


def _spot(both: Both) -> Said:
    if both.level == "other":
        return "the places inside the country differ where both name some", ("locations",), ()
    left, right = both.sets("places")
    known = both.table.place_names
    named = sorted({known[p] for p in left if p in known} & {known[p] for p in right if p in known})
    return f"places inside the country in both: {_listed(named[:4]) if named else len(left & right)}", ("locations",), ()


def _sector(both: Both) -> Said:
    return {"same": "the same sector codes", "related": "sector codes of one category", "other": "sector codes of different categories"}[both.level], ("sectors",), ()


def _names(both: Both) -> Said:
    return "their titles name different things", ("title",), tuple(name for row in both.rows for name in both.told.names[row])


def _kind(both: Both) -> Said:
    left, right = (both.table.kinds[row] for row in both.rows)
    return f"unlike in kind: {left} and {right}", ("kind",), ()


def usd(amount: float | None) -> str:
    """An amount in words."""
    if amount is None:
        return "unknown"
    if amount >= 1_000_000:
        return f"USD {amount / 1_000_000:.2f} million"
    return f"USD {amount:,.0f}"


@lru_cache(maxsize=65_536)
def _month(days: float) -> str:
    day = day_of(days)
    return f"{day:%B %Y}" if day else "unknown"


def _listed(names: list[str]) -> str:
    if len(names) > 6:
        return f"{', '.join(names[:5])} and {len(names) - 5} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _short(title: str, most: int = 90) -> str:
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


# name -> (family, what says it); reasons of different families are independent
SAYS: dict[str, tuple[str, Callable[[Both], Said]]] = {
    "link": ("identity", _link),
    "number": ("identity", _number),
    "acronym": ("identity", _acronym),
    "title": ("text", _title),
    "terms": ("text", _terms),
    "copy": ("text", _copy),
    "sector": ("text", _sector),
    "teller": ("actors", _teller),
    "partner": ("actors", _partner),
    "together": ("actors", _together),
    "money": ("money", _money),
    "dates": ("time", _dates),
    "place": ("place", _place),
    "spot": ("place", _spot),
    "names": ("place", _names),
    "kind": ("text", _kind),
}


class Told:
    """Related pairs of a corpus in words."""

    def __init__(self, found: Found, corpus: Corpus) -> None:
        self.found, self.corpus = found, corpus
        table = corpus.table
        rows = np.union1d(found.left, found.right)
        self.titles: dict[int, str] = dict(zip(rows.tolist(), table.titles.take(rows).to_pylist(), strict=True))
        naming = found.is_("names")
        rows = np.union1d(found.left[naming], found.right[naming])
        names = proper_names(table.titles.take(rows))
        self.names = {row: names.at(n) for n, row in enumerate(rows.tolist())}

    def pairs(self) -> Iterator[Pair]:
        """Each pair with its reasons, in the same order."""
        found, ids = self.found, self.corpus.table.ids
        marks = self.corpus.fingerprints.of(found.left, found.right)
        pair_of, feature = np.nonzero(found.levels)
        ends = np.searchsorted(pair_of, np.arange(len(found) + 1)).tolist()
        said = list(zip(feature.tolist(), found.levels[pair_of, feature].tolist(), found.points[pair_of, feature].tolist(), strict=True))
        columns = [found.columns[name].to_pylist() for name in ("left", "right", "class", "how", "score", "counted_once_usd", "is_right_shorter", "written_out", "title_terms", "title_words", "other_terms", "other_words")]
        for n, (left, right, cls, how, score, once, shorter, written_out, *words) in enumerate(zip(*columns, strict=True)):
            both = Both(self, left, right)
            both.how, both.shorter, both.written_out = HOWS[how], int(shorter), written_out
            both.title_words, both.other_words = (list(zip(terms, self._spelled(left, spelled), strict=True)) for terms, spelled in (words[:2], words[2:]))
            reasons = tuple(sorted([_said(both, *one) for one in said[ends[n] : ends[n + 1]]], key=_order))
            yield Pair(ids[left], ids[right], CLASS_NAMES[cls], score, reasons, marks[n], once)


    def _spelled(self, row: int, words: list[str]) -> list[str]:
        """Words as a row's texts spell them, where folding took marks from their letters ("устойчивое")."""
        if all(map(str.isascii, words)):
            return words
        text = f"{self.titles[row]} {self.corpus.table.descriptions[row].as_py()}"
        spelling = {fold(word): word.lower() for word in reversed(_WORD.findall(text))}
        return [spelling.get(word, word) for word in words]


def _said(both: Both, feature: int, level: int, points: float) -> Reason:
    name = FEATURES[feature]
    family, say = SAYS[name]
    both.level = LEVELS[name][level]
    text, fields, terms = say(both)
    return _reason(name, family, points, text, fields, terms, both.level)


_reason = lru_cache(maxsize=65_536)(Reason)  # many pairs have one in common ("both in Kenya alone")


def _order(reason: Reason) -> tuple[float, str]:
    return -reason.points, reason.feature

