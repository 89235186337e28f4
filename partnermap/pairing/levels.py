"""How much each feature says about pairs: the levels that there are, and those of many pairs.

A feature that one side is silent on says nothing (level 0): unknown is never a penalty. What a
level is worth stands in ``weights.toml``; what it reads like in words, in reasons.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from partnermap.pairing.ragged import Bools, Floats, Ints

# Feature to its levels; 0 stands for silence.
LEVELS = {
    "link": ("", "funds", "funded-by", "parent", "child", "co-funded", "sibling", "third-party"),
    "number": ("", "same", "root"),
    "acronym": ("", "shared", "short", "written-out"),
    "title": ("", "equal", "same", "contained", "close", "some", "little", "name", "word"),
    "terms": ("", "many", "several", "few"),
    "copy": ("", "whole", "nearly"),
    "sector": ("", "same", "related", "other"),
    "teller": ("", "mutual", "funder", "implementer"),
    "partner": ("", "named"),
    "together": ("", "shared"),
    "money": ("", "equal", "near", "differ"),
    "dates": ("", "near", "overlap", "apart", "far"),
    "place": ("", "same", "same-several", "most", "part", "region", "other-country"),
    "spot": ("", "shared", "other"),
    "names": ("", "other"),
    "kind": ("", "differ"),
}
# How titles are alike, most alike first, and the level that each is.
HOW = {"": "", "equal": "equal", "whole": "contained", "core": "contained", "like": "same", "covered": "contained", "close": "close", "some": "some", "little": "little", "name": "name", "word": "word"}
HOWS = tuple(HOW)
RAREST = 5  # words that texts share which are looked at, and named
RARE = 10.0  # bits of a term that two titles hardly share by chance
TELLING = 6.0  # bits of a term beside which a start in the same year says something
YEAR = 365


@dataclass(frozen=True)
class Levels:
    """Pairs of rows of a table with a level of each feature, and what the classes ask besides."""

    left: Ints
    right: Ints
    codes: dict[str, npt.NDArray[np.int8]]
    how: Ints  # number in ``HOWS``
    gap: Floats  # days between the starts, NaN where unknown
    days: Floats  # both run; negative when apart, NaN where unproven
    one_teller: Bools
    shared_actors: Bools
    title_bits: Floats  # of the terms that both titles have
    title_terms: Ints  # how many those are
    likeness: Floats  # those as a share of both titles, 0 to 1
    rare_terms: Ints  # of those, how many are rare
    rarest_term: Floats  # bits of the rarest of those
    own_terms: Ints  # of those, how many are no general words
    rarest_own: Floats
    own_bits: Floats  # of those together
    lone_word: Bools  # one of those hardly anybody else of the block has
    words_bits: Floats  # of all terms that both have
    has_name: Bools  # both titles have a name that few have
    left_pays: Bools  # the left's teller funds the right
    right_pays: Bools
    carried_out: Bools  # one's teller carries out the other, whose teller does not
    is_covered: Bools  # all terms of one title are in the other
    is_titled_elsewhere: Bools  # where one's teller pays for or carries out the other: a title names a country that the other does not

    def is_(self, feature: str, *levels: str) -> Bools:
        """Where a feature has one of these levels; of any where none is given."""
        code = self.codes[feature]
        if not levels:
            return code > 0
        found: Bools = code == LEVELS[feature].index(levels[0])
        for level in levels[1:]:
            found |= code == LEVELS[feature].index(level)
        return found

    def is_how(self, *hows: str) -> Bools:
        """Where titles are alike in one of these ways."""
        return np.isin(self.how, [HOWS.index(how) for how in hows])

    def of(self, pair: int) -> dict[str, str]:
        """Feature to level of one pair, those that say something."""
        return {feature: LEVELS[feature][code[pair]] for feature, code in self.codes.items() if code[pair]}

    @cached_property
    def one_actor(self) -> Bools:
        """Both are one actor's, told by one teller."""
        return self.shared_actors & self.one_teller

    def taken(self, kept: Ints | Bools) -> Levels:
        """Some of the pairs."""
        values = {name: getattr(self, name)[kept] for name in self.__dataclass_fields__ if name != "codes"}
        return Levels(codes={feature: code[kept] for feature, code in self.codes.items()}, **values)
