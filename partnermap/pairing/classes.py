"""Which overlap class pairs are, by three questions in order.

(a) Is it one undertaking? (b) If so, is the money the same? (c) If not, is it a later phase, the
same purpose at one place and time, or only the same field?
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from partnermap.pairing.levels import TELLING, YEAR, Levels
from partnermap.pairing.ragged import Bools, Floats, Ints
from partnermap.pairing.table import Table
from partnermap.pairing.texts import Texts

UNRELATED = "unrelated"
CLASSES = ("duplication", "parallel", "sequence", "joint", "same-money", "same-activity", "part-of")
AT_ONCE = 90  # days between two starts under which one does not follow the other
NAMES_ITSELF = 20.0  # bits of shared topic from which equal titles need nothing else
ALIKE = ("equal", "same", "contained")  # levels of titles that say one thing
PAYS = ("mutual", "funder")
# What else must bear out a like title before it is one undertaking, counted in other families.
NEEDED = {"equal": 1, "same": 1, "contained": 1, "close": 2, "some": 2, "little": 2, "name": 3, "word": 3}
APART = 4 * YEAR  # between two starts from which work of which no end is known is not at one time
APART_ALIKE = 6 * YEAR  # the same where the titles say one thing
ONE_GRANT = 6 * YEAR  # between two starts beyond which no grant is told twice
GRANT_STARTS = 3 * YEAR  # between the starts of a grant and of what its agency tells
GRANT_FIRST = 3.5 * YEAR  # of a grant that starts before what its agency tells; of known pairs at most 3.3
ONE_IDEA = 10.0  # bits of specific words below which like titles say one common idea and no more
SOME_TEXT = 40.0  # the same where amounts and starts agree too
ONE_TEXT = 100.0  # bits of all words from which texts of one sector need no common title word
MOST = 0.4  # share of two titles
SEVERAL = 3  # words of the field that are a purpose together where they are most of two titles
LEAST_BITS = 7.0  # of all words, below which a grant and its agency's work have nothing in common
FEW_WORDS = 12.0  # bits below which it takes more than words where the places differ


def classify(table: Table, texts: Texts, found: Levels) -> np.ndarray:
    """The class of each pair from its levels; ``unrelated`` where nothing holds.

    Parameters
    ----------
    table, texts : what the rows of ``found`` are of
    """
    return _Rules(table, texts, found).classes()


class _Rules:
    """Each rule over all pairs at once."""

    def __init__(self, table: Table, texts: Texts, found: Levels) -> None:
        self.table, self.texts, self.found = table, texts, found
        self.is_ = found.is_

    def _both(self, column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return column[self.found.left], column[self.found.right]

    def classes(self) -> np.ndarray:
        """The first case that holds."""
        found, one = self.found, self.is_one_undertaking
        money = one & self.is_same_money
        inside = one & ~money & (found.one_actor | (found.one_teller & self.is_filed_together))
        other = (~one | (one & self.is_after_by_chance)) & ~found.shared_actors & self.has_same_purpose & ~self.is_("place", "other-country")
        beside = self.side_by_side
        cases: list[tuple[Bools, str]] = [
            (self.is_too_little, UNRELATED),
            (money & found.one_actor, "same-activity"),
            (money, "same-money"),
            (inside & (self.is_filed_together | ~self.is_sequence), "part-of"),
            (inside | (one & self.is_sequence & ~self.is_after_by_chance), "sequence"),
            (one & ~self.is_sequence, "joint"),
            (~one & found.shared_actors & self.follows_another_teller, "sequence"),
            (other & self.is_later_phase, "sequence"),
            (other & (beside == 2), "duplication"),
            (other & (beside == 1), "parallel"),
        ]
        return np.select([case for case, _ in cases], [cls for _, cls in cases], UNRELATED)

    @cached_property
    def is_too_little(self) -> Bools:
        """Nothing but a word or two of the titles speaks, and neither tells the other's money."""
        others = np.logical_or.reduce([self.is_(f) for f in ("link", "number", "acronym", "terms", "copy", "partner")])
        title = self.is_("title") & (~self.is_("title", "word", "little") | self.is_("teller", *PAYS))
        title |= self.found.is_covered & self.is_("sector", "same")
        silent: Bools = ~(others | title | self.found.has_name | (self.is_("teller", "mutual") & (self.found.words_bits >= LEAST_BITS)))
        return silent

    def is_title(self, *levels: str) -> Bools:
        """The level of the titles; what is alike in words of the field alone counts as some."""
        general = self._is_of_the_field
        holds = ~general & self.is_("title", *levels)
        found: Bools = (holds | general) if "some" in levels else holds
        return found

    @cached_property
    def _is_of_the_field(self) -> Bools:
        found, is_ = self.found, self.is_
        general: Bools = is_("title", *ALIKE, "close") & (found.own_terms == 0) & ~is_("teller", "mutual", "implementer") & ~is_("place", "same-several")
        return general

    @cached_property
    def is_told(self) -> Bools:
        """One tells the other's money, or names its actor as a partner."""
        return self.is_("teller", *PAYS) | self.is_("partner")

    @cached_property
    def is_one_undertaking(self) -> Bools:
        """(a): a link, a number, a name, or a like title that something of another family bears out."""
        found, is_, is_title, told = self.found, self.is_, self.is_title, self.is_told
        linked = is_("link", "funds", "funded-by", "parent", "child", "co-funded", "third-party")
        named = is_("number") | is_("acronym", "shared", "written-out")
        telling = (found.rarest_term >= TELLING) | (found.title_bits >= NAMES_ITSELF)
        rare = found.rare_terms >= 2
        phases = self._both(self.texts.phase)
        by_itself = ~is_title("close") | telling | told  # titles that are close need a telling word first
        for_it = (
            is_("teller", "mutual"),
            is_("teller", *PAYS) | (is_title(*ALIKE) & is_("teller", "implementer") & ~self._starts_apart(ONE_GRANT)),
            rare,
            ~rare & is_("teller", *PAYS) & found.lone_word,
            (phases[0] > 0) & (phases[0] == phases[1]),
            (is_("money", "equal") | (is_("money", "near") & ~is_title("name", "word"))) & by_itself,
            (telling | told) & is_("dates", "near") & ~is_("place", "part"),
            (is_("spot", "shared") | is_("place", "same-several")) & by_itself & ~is_title("name", "word"),
            is_("together"),
            is_title("close") & (found.title_bits >= NAMES_ITSELF),
            is_("partner"),
            is_("partner") & (is_("dates", "near", "overlap") | ~is_title("little", "name", "word")),  # counts twice
        )
        against = (
            is_("sector", "other"),
            is_("kind"),  # an advisory mission beside a project is not that project
            is_("names") & ~is_title("equal", "same") & ~found.lone_word,
            is_("spot", "other") & is_title("contained", "close") & ~is_("teller"),
            found.is_titled_elsewhere,
            is_("place", "part") & is_title("little", "word") & (found.own_terms == 0),
        )
        borne_out = np.sum(for_it, axis=0) - np.sum(against, axis=0)
        needed = np.select([is_title(level) for level in NEEDED], list(NEEDED.values()), 99)
        needed = needed + (is_title("contained") & (found.title_bits < FEW_WORDS) & ~found.shared_actors & ~is_("place", "same-several"))  # a short title is in many
        # words of the field alone, or no place told, ask for one thing more
        needed = needed + (is_("title", "some", "little") & (((found.own_terms == 0) & ~is_("dates", "near")) | ~is_("place")))
        needed = needed + (is_("title", "contained") & ~is_("place"))
        weak = is_title("some", "little", "name", "word") & ~(told | rare)
        topped_up = found.one_actor & np.logical_or(*self._both(self.texts.tops_up)) & is_title(*ALIKE)
        alike = topped_up | (is_("acronym", "short") & ~is_title("name", "word")) | (is_title("equal", "same") & (found.title_bits >= NAMES_ITSELF)) | (~weak & (borne_out >= needed))
        # of one teller, what different actors carry out is one only where something else than words says so
        alike &= ~found.one_teller | found.shared_actors | (found.rare_terms >= 2) | is_("acronym") | is_("partner") | is_("together") | (is_title("equal", "same") & (found.title_bits >= NAMES_ITSELF) & is_("dates", "near"))
        # titles that name different things at different places ("Guangdong", "Shanghai") need one year to be one
        alike &= ~(is_("names") & is_("spot", "other")) | is_title(*ALIKE) | is_("dates", "near")
        grant = ~is_("title") & is_("teller", "mutual") & (found.gap < GRANT_STARTS) & ~is_("place", "part")
        holds: Bools = linked | named | (~is_("place", "other-country") & (is_("copy") | (is_("title") & alike) | grant))
        return holds

    @cached_property
    def is_same_money(self) -> Bools:
        """(b): told by funder and implementer, or told twice of one actor."""
        found, is_, is_title = self.found, self.is_, self.is_title
        agree, alike = is_("money", "equal", "near"), is_title(*ALIKE)
        usd = self._both(np.where(self.table.usd == 0, np.nan, self.table.usd))
        known = ~np.isnan(usd[0]) & ~np.isnan(usd[1])
        near = is_("dates", "near")
        long_close = is_title("close") & (found.title_bits >= NAMES_ITSELF)
        # near amounts say little where titles have a word or two of the field in common
        agree &= ~is_("money", "near") | ~(is_title("name", "word") | (is_title("some", "little") & (found.own_terms == 0)))
        mutual = is_("teller", "mutual") & (agree | alike | is_title("close") | near)
        funder = is_("teller", *PAYS) & (agree | alike | long_close | (near & is_title("close", "some")))
        implementer = is_("teller", "implementer") & found.carried_out & ~is_("kind") & (found.gap <= 2 * YEAR) & ~self.is_later_phase & (agree | (~known & alike))
        place = is_("place") & ~is_("place", "region") & (alike | ~is_("place", "part"))
        named = is_("title") | is_("acronym") | (is_("teller", "mutual") & near & is_("spot", "shared"))
        able = named & place & ~self._is_one_phase_of_many & ~self._starts_apart(ONE_GRANT) & (~is_("money", "differ") | self._is_a_part_of_it)
        able &= ~found.is_titled_elsewhere & ~self._is_long_before & ~self._is_of_one_field
        told = np.where(found.one_actor, self.is_told_twice, able & (mutual | funder | implementer))
        holds: Bools = is_("link", "funds", "funded-by", "third-party") | is_("number", "same") | (~self.is_filed_together & ~self.has_other_phase & told)
        return holds

    @cached_property
    def _is_one_phase_of_many(self) -> Bools:
        """One title numbers a later phase and the other none, of another amount and day; or the first,
        of another amount and year: that is the first project of a whole."""
        left, right = self._both(self.texts.phase)
        later = np.maximum(left, 1) != np.maximum(right, 1)
        first = (left != right) & ~self.is_("money", "near") & ~self.is_("dates", "near")
        other: Bools = (later | first) & ~self.is_("money", "equal") & ~(self.found.gap == 0)
        return other

    @cached_property
    def _is_long_before(self) -> Bools:
        """The money starts years before what it would pay for; that it is told years later is common."""
        left, right = self._both(self.table.start)
        years = [years * YEAR for years in self._years]
        after = np.where(np.isnan(self.found.gap), years[1] - years[0], right - left)
        long: Bools = (self.found.left_pays & (after > GRANT_FIRST)) | (self.found.right_pays & (-after > GRANT_FIRST))
        return long

    @cached_property
    def _is_of_one_field(self) -> Bools:
        """A funder names no agency, and titles are alike in words of the field alone: then known
        amounts have to agree, and the start too where those words are a part of the titles."""
        found, is_ = self.found, self.is_
        agree = is_("money", "equal", "near")
        left, right = self._both((self.table.usd > 0) & ~self.table.flagged)
        part = (found.likeness < MOST) & ~found.is_how("equal", "whole")
        unsure = np.where(part, ~(agree & is_("dates", "near")), left & right & ~agree)
        holds: Bools = unsure & (found.own_terms == 0) & ~found.has_name & is_("teller", "funder") & ~is_("acronym") & ~is_("place", "same-several")
        return holds

    @cached_property
    def _is_a_part_of_it(self) -> Bools:
        """A grant is smaller than what its agency tells: part of that is its money."""
        left, right = self._both(self.table.usd)
        part: Bools = self.is_("teller", "mutual") & ((self.found.left_pays & (left < right)) | (self.found.right_pays & (right < left)))
        return part

    @cached_property
    def is_told_twice(self) -> Bools:
        """One title, day, amount and set of countries."""
        found, is_ = self.found, self.is_
        equal = found.one_actor & is_("money", "equal") & (found.gap <= 31) & is_("place", "same", "same-several")
        for pair in np.flatnonzero(equal).tolist():
            left, right = (self.table.side(int(row)) for row in (found.left[pair], found.right[pair]))
            equal[pair] = left.title_key == right.title_key and left.countries == right.countries
        return equal

    @cached_property
    def is_filed_together(self) -> Bools:
        """One teller files both as pieces of one whole, or gives both one text."""
        return self.is_("copy") | self.is_("link", "parent", "child", "sibling") | self.is_("number", "root")

    @cached_property
    def has_other_phase(self) -> Bools:
        """The titles number different phases."""
        left, right = self._both(self.texts.phase)
        other: Bools = (left > 0) & (right > 0) & (left != right)
        return other

    @cached_property
    def is_later_phase(self) -> Bools:
        """The titles number different phases, or one prepares or goes on from the other."""
        found, is_ = self.found, self.is_
        not_at_once = np.where(np.isnan(found.gap) | (found.gap == 0), AT_ONCE, found.gap) >= AT_ONCE
        alike = self.is_title(*ALIKE, "close") | is_("acronym")
        first = [np.maximum(phase, 1) for phase in self._both(self.texts.phase)]
        numbered = (found.shared_actors | is_("title", "equal", "same")) & (first[0] != first[1])
        starts = self._both(self.table.start)
        # more money for what another bank's title names is money for one undertaking
        follows = [told | (tops & found.shared_actors) for told, tops in zip(self._both(self.texts.follows), self._both(self.texts.tops_up), strict=True)]
        prepares = self._both(self.texts.prepares)
        before = starts[0] <= starts[1]
        (earlier, later), (prepared, prepares_later) = ((np.where(before, a, b), np.where(before, b, a)) for a, b in (follows, prepares))
        goes_on = (found.gap >= 270) & ((later & ~earlier) | (prepared & ~prepares_later))
        holds: Bools = np.where(self.has_other_phase, not_at_once, alike & np.where(numbered, not_at_once, goes_on))
        return holds

    @cached_property
    def is_sequence(self) -> Bools:
        """One undertaking's parts, one after the other."""
        gap, days, is_ = self.found.gap, self.found.days, self.is_
        after = np.where(np.isnan(days), self._starts_apart(3 * YEAR), (days <= 90) & (gap > YEAR))
        # a programme's mark says no order, and money for a project that goes on comes when it comes
        tag = is_("acronym") & ~is_("title", *ALIKE, "close", "some")
        topped_up = is_("title", *ALIKE) & is_("teller", "implementer") & self.found.shared_actors
        later: Bools = self.is_later_phase | (after & ~topped_up & ~tag)
        return later

    @cached_property
    def is_after_by_chance(self) -> Bools:
        """Years apart, of other actors, with a theme in common that is not the other's whole title."""
        found = self.found
        foreign = found.is_how("core", "covered", "close", "some", "little", "name", "word") & ~self.is_told & ~found.shared_actors
        bare = self.is_("teller", "mutual") & ~self.is_("title", *ALIKE, "close", "some")
        chance: Bools = ~self.is_later_phase & (foreign | bare) & ~self.is_("link") & ~self.is_("number") & ~self.is_("acronym") & ~self.is_("copy") & ~self.is_("place", "same-several")
        return chance & self.is_sequence

    @cached_property
    def follows_another_teller(self) -> Bools:
        """One actor's work that another tells, one part after the other."""
        found, is_ = self.found, self.is_
        close = is_("title", "close") & (is_("spot", "shared") | (found.rare_terms > 0))
        return ~found.one_teller & (is_("title", *ALIKE) | close) & self.is_sequence

    @cached_property
    def has_same_purpose(self) -> Bools:
        """More than a place, a form or words that half of the field uses in common."""
        found, is_ = self.found, self.is_
        own = (found.own_terms >= 2) | (found.rarest_own >= TELLING) | is_("terms", "many", "several")
        own |= is_("title", "equal", "same") | (is_("title", "contained", "close", "some") & (found.title_terms >= SEVERAL) & (found.likeness >= MOST))
        texts = is_("terms", "many") | (found.is_covered & is_("terms", "several")) | (is_("title", "little") & is_("terms", "several", "few"))
        named = is_("sector", "same") & (found.has_name | (found.is_covered & is_("title", *ALIKE, "little")) | (found.words_bits >= np.where(is_("dates", "near") & is_("money", "equal", "near"), SOME_TEXT, ONE_TEXT)))
        holds: Bools = named | np.where(is_("title", *ALIKE, "close", "some"), own, texts)
        return holds

    @cached_property
    def side_by_side(self) -> Ints:
        """(c): 2, a duplication, where purpose, lowest place, kind and time all agree; 1, parallel; 0."""
        found, is_ = self.found, self.is_
        here = is_("place") & ~is_("place", "other-country")
        far = np.where(is_("title", *ALIKE), self._starts_apart(APART_ALIKE), self._starts_apart(APART))
        now = ~(found.days < 0) & ~(np.isnan(found.days) & far)
        lowest = is_("place", "same", "same-several") & ~is_("spot", "other") & ~is_("names")
        strong = is_("title", *ALIKE, "close") & ~is_("kind")
        long = found.days >= AT_ONCE
        return (here & now & ~self._is_one_idea & self._is_bound) * (1 + (lowest & strong & ~is_("sector", "other") & long))

    @cached_property
    def _is_bound(self) -> Bools:
        """Titles say one thing, or more than a country and a theme brings two together."""
        is_ = self.is_
        near = is_("dates", "near", "overlap") | is_("spot", "shared") | is_("place", "same-several") | is_("terms", "many", "several")
        bound: Bools = ~is_("title", "some", "little") | near | is_("sector", "same")
        return bound

    def _starts_apart(self, most: float) -> Bools:
        """By the starts, or by the years of the first money where one is unknown."""
        far: Bools = np.where(np.isnan(self.found.gap), np.abs(self._years[0] - self._years[1]) > most / YEAR, self.found.gap > most)
        return far

    @cached_property
    def _years(self) -> list[Floats]:
        return [np.where(np.isnan(start), first, _year(start)) for start, first in zip(self._both(self.table.start), self._both(self.table.first_year), strict=True)]

    @cached_property
    def _is_one_idea(self) -> Bools:
        """Titles share an idea of the field, and neither time nor place brings them together."""
        found, is_ = self.found, self.is_
        alike = is_("title", "some", "little") & ~is_("terms", "many", "several")
        at_once = is_("dates", "near", "overlap")
        elsewhere = is_("spot", "other") | is_("names") | (is_("place", "part") & ~at_once)
        holds: Bools = alike & ((found.own_bits < ONE_IDEA) & ~at_once & ~is_("spot", "shared") | (found.own_bits < FEW_WORDS) & elsewhere)
        return holds


def _year(days: Floats) -> Floats:
    """Calendar year of days since 1970, NaN where unknown."""
    known = ~np.isnan(days)
    found = np.full(len(days), np.nan)
    found[known] = days[known].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return found
