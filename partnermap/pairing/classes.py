"""Which overlap class pairs are, by three questions in order.

(a) Is it one undertaking? (b) If so, is the money the same? (c) If not, is it a later phase, the
same purpose at one place and time, or only the same field?
"""

from __future__ import annotations

import numpy as np

from partnermap.pairing.levels import TELLING, YEAR, Levels
from partnermap.pairing.ragged import Bools, Ints
from partnermap.pairing.table import Table
from partnermap.pairing.texts import Texts

UNRELATED = "unrelated"
CLASSES = ("duplication", "parallel", "sequence", "joint", "same-money", "same-activity", "part-of")
AT_ONCE = 90  # days between two starts under which one does not follow the other
NAMES_ITSELF = 20.0  # bits of shared topic from which equal titles need nothing else
# What else must bear out a like title before it is one undertaking, counted in other families.
NEEDED = {"same": 1, "contained": 1, "close": 2, "some": 2, "little": 2, "word": 3}


def classify(table: Table, texts: Texts, found: Levels) -> np.ndarray:
    """The class of each pair from its levels; ``unrelated`` where nothing holds.

    Parameters
    ----------
    table, texts : what the rows of ``found`` are of
    """
    return _Rules(table, texts, found).classes()


class _Rules:
    def __init__(self, table: Table, texts: Texts, found: Levels) -> None:
        self.table, self.found = table, found
        self.is_ = found.is_
        self.phases = texts.phase[found.left], texts.phase[found.right]
        self.follows = texts.follows[found.left], texts.follows[found.right]
        self.prepares = texts.prepares[found.left], texts.prepares[found.right]
        self.starts = table.start[found.left], table.start[found.right]
        usd = np.where(table.usd == 0, np.nan, table.usd)
        self.has_amounts = ~np.isnan(usd[found.left]) & ~np.isnan(usd[found.right])
        self.texts = texts
        self.filed = self.is_("copy") | self.is_("link", "parent", "child", "sibling") | self.is_("number", "root")
        self.later = self.is_later_phase()
        self.sequence = self.later | self._is_after()

    def classes(self) -> np.ndarray:
        found = self.found
        one = self.is_one_undertaking()
        money = one & self.is_same_money()
        inside = one & ~money & (found.one_actor | (found.one_teller & self.filed))
        apart = ~one & ~found.shared_actors & self.has_same_purpose() & ~self.is_("place", "other-country")
        beside = self._side_by_side()
        speaks = np.logical_or.reduce([self.is_(f) for f in ("link", "number", "acronym", "title", "terms", "copy", "partner")])
        return np.select(
            [
                ~speaks | self._is_too_little(),
                money & found.one_actor,
                money,
                inside & (self.filed | ~self.sequence),
                inside,
                one & self.sequence,
                one,
                ~one & found.shared_actors & self._follows_another_teller(),
                ~one & found.shared_actors,
                apart & self.later,
                apart & (beside == 2),
                apart & (beside == 1),
            ],
            [UNRELATED, "same-activity", "same-money", "part-of", "sequence", "sequence", "joint", "sequence", UNRELATED, "sequence", "duplication", "parallel"],
            UNRELATED,
        )

    def _is_too_little(self) -> Bools:
        """Whether nothing but a word or two of the titles speaks, and neither tells the other's money."""
        others = np.logical_or.reduce([self.is_(f) for f in ("link", "number", "acronym", "terms", "copy", "partner")])
        return ~others & self.is_("title", "word", "little") & ~self.is_("teller", "funder")

    def is_one_undertaking(self) -> Bools:
        """(a): a link, a number, a name, or a like title that something of another family bears out."""
        found, is_ = self.found, self.is_
        linked = is_("link", "funds", "funded-by", "parent", "child", "co-funded", "third-party")
        named = is_("number") | is_("acronym", "shared", "written-out")
        told = is_("teller", "funder") | is_("partner")
        telling = (found.rarest_term >= TELLING) | (found.title_bits >= NAMES_ITSELF)
        rare = found.rare_terms >= 2
        borne_out = np.sum(
            [
                is_("teller", "funder") | (is_("title", "same", "contained") & is_("teller", "implementer")),
                rare,
                (self.phases[0] > 0) & (self.phases[0] == self.phases[1]),
                is_("money", "equal", "near"),
                (telling | told) & is_("dates", "near"),
                is_("spot", "shared") | is_("place", "same-several"),
                is_("together"),
                2 * is_("partner"),
            ],
            axis=0,
        )
        borne_out = borne_out - is_("sector", "other") - is_("kind")  # an advisory mission beside a project is not that project
        needed = np.select([is_("title", level) for level in NEEDED], list(NEEDED.values()), 99)
        weak = is_("title", "some", "little", "word") & ~(told | rare)
        alike = (is_("acronym", "short") & ~is_("title", "word")) | (is_("title", "same") & (found.title_bits >= NAMES_ITSELF)) | (~weak & (borne_out >= needed))
        found_one: Bools = linked | named | (~is_("place", "other-country") & (is_("copy") | (is_("title") & alike)))
        return found_one

    def is_same_money(self) -> Bools:
        """(b): told by funder and implementer, or told twice of one actor."""
        found, is_ = self.found, self.is_
        agree = is_("money", "equal", "near")
        alike = is_("title", "same", "contained")
        funder = is_("teller", "funder") & (agree | alike | (is_("dates", "near") & is_("title", "close", "some")))
        implementer = is_("teller", "implementer") & (found.gap <= 2 * YEAR) & ~self.later & (agree | (~self.has_amounts & alike))
        able = is_("title") & ~is_("money", "differ") & ~is_("place", "region") & is_("place")
        others = np.where(found.one_actor, self._is_told_twice(), able & (funder | implementer))
        return is_("link", "funds", "funded-by", "third-party") | is_("number", "same") | (~self.filed & ~self.has_other_phase() & others)

    def _is_told_twice(self) -> Bools:
        """One title, day, amount and set of countries."""
        found, is_ = self.found, self.is_
        may = found.one_actor & is_("money", "equal") & (found.gap <= 31) & is_("place", "same", "same-several")
        equal = may.copy()
        for pair in np.flatnonzero(may).tolist():
            left, right = (self.table.side(int(row)) for row in (found.left[pair], found.right[pair]))
            equal[pair] = left.title_key == right.title_key and left.countries == right.countries
        return equal

    def has_other_phase(self) -> Bools:
        """Whether the titles number different phases."""
        return (self.phases[0] > 0) & (self.phases[1] > 0) & (self.phases[0] != self.phases[1])

    def is_later_phase(self) -> Bools:
        """The titles number different phases, or one prepares or goes on from the other."""
        found, is_ = self.found, self.is_
        other = self.has_other_phase()
        not_at_once = np.where(np.isnan(found.gap) | (found.gap == 0), AT_ONCE, found.gap) >= AT_ONCE
        alike = is_("title", "same", "contained", "close") | is_("acronym")
        first = [np.maximum(phase, 1) for phase in self.phases]
        numbered = (found.shared_actors | is_("title", "same")) & (first[0] != first[1])
        before = self.starts[0] <= self.starts[1]
        (earlier_follows, later_follows), (earlier_prepares, later_prepares) = ((np.where(before, *told), np.where(before, *told[::-1])) for told in (self.follows, self.prepares))
        goes_on = (found.gap >= 270) & ((later_follows & ~earlier_follows) | (earlier_prepares & ~later_prepares))
        return np.where(other, not_at_once, alike & np.where(numbered, not_at_once, goes_on))

    def _is_after(self) -> Bools:
        """One undertaking's parts, one after the other."""
        gap, days = self.found.gap, self.found.days
        with np.errstate(invalid="ignore"):
            return np.where(np.isnan(days), gap > 3 * YEAR, (days <= 90) & (gap > YEAR))

    def _follows_another_teller(self) -> Bools:
        found, is_ = self.found, self.is_
        close = is_("title", "close") & (is_("spot", "shared") | (found.rare_terms > 0))
        return ~found.one_teller & (is_("title", "same", "contained") | close) & self.sequence

    def has_same_purpose(self) -> Bools:
        """More than a place, a form or words that half of the field uses in common."""
        found, is_ = self.found, self.is_
        own = (found.own_terms >= 2) | (found.rarest_own >= TELLING) | is_("title", "same")
        texts = is_("terms", "many") | (is_("title", "little") & is_("terms", "several", "few"))
        return np.where(is_("title", "same", "contained", "close", "some"), own, texts)

    def _side_by_side(self) -> Ints:
        """(c): 2, a duplication, where purpose, lowest place, kind and time all agree; 1, parallel; 0."""
        found, is_ = self.found, self.is_
        years = [np.where(np.isnan(start), self.table.first_year[row], _year(start)) for start, row in zip(self.starts, (found.left, found.right), strict=True)]
        with np.errstate(invalid="ignore"):
            far = (np.abs(years[0] - years[1]) > 6) | (found.gap > 6 * YEAR)
            able = is_("place") & ~is_("place", "other-country") & ~(found.days < 0) & ~(np.isnan(found.days) & far)
            long = found.days >= 90
        lowest = is_("place", "same", "same-several") & ~is_("spot", "other")
        strong = is_("title", "same", "contained", "close") & ~is_("kind")
        return able.astype(np.int64) * (1 + (lowest & strong & ~is_("sector", "other") & long))


def _year(days: np.ndarray) -> np.ndarray:
    """Calendar year of days since 1970, NaN where unknown."""
    known = ~np.isnan(days)
    found = np.full(len(days), np.nan)
    found[known] = days[known].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return found
