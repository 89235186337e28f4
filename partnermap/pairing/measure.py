"""Levels of every feature for pairs of a block, many at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from partnermap.codes.countries import GLOBAL_REGION
from partnermap.codes.names import fold
from partnermap.pairing.block import Block
from partnermap.pairing.levels import HOW, LEVELS, RARE, RAREST, YEAR, Levels
from partnermap.pairing.partners import is_named
from partnermap.pairing.ragged import Bools, Floats, Ints, Ragged, Shared, selected
from partnermap.pairing.row_kernels import (
    BITS,
    COUNTS,
    compared,
    shared_bits,
    stand_in,
    written_out,
)
from partnermap.pairing.table import ACTS, COUNTERPART, FUNDS, TAKES_PART, TELLS, Table
from partnermap.pairing.texts import Texts
from partnermap.pairing.tokens import Tokens

MANY = {"many": 38.0, "several": 30.0, "few": 22.0}  # bits of the rarest words that texts share
MUCH, MANY_WORDS = 50.0, 6  # bits and words that texts share which are many together beside a word of the titles
LONE, LONE_BITS = 3, 7.0  # documents and bits of a word that hardly anybody else has
LEAST_PLACES = 0.2  # share of the shorter list of places from which a shared one counts
LEAST_COPIED = 8  # topic terms of a description from which an equal one is no chance
# What two texts must share at least before they are compared word by word: titles alike, or nearly
# all of the poorer one, or bits of words besides; or a title word where one side names another's money.
LEAST_TITLE, LEAST_LIKENESS, LEAST_COVER, LEAST_WORDS = 9.0, 0.25, 0.4, 22.0
NEARLY_ALL = 0.9


def measure(block: Block, left: Ints, right: Ints, searched: Bools | None = None) -> Levels:
    """Levels of pairs, given as positions in a block, the smaller id left.

    Parameters
    ----------
    searched : pairs that only the search by text brought; they are left out where they share too little
    """
    if searched is not None:
        worth = ~searched | _share_enough(block, left, right)
        left, right = left[worth], right[worth]
    return _Measured(block, left, right).levels()


def _share_enough(block: Block, left: Ints, right: Ints) -> Bools:
    title, words = shared_bits(block.terms.indptr, block.terms.ids, block.flags, block.bits, left, right)
    whole = block.title_bits[left], block.title_bits[right]
    poorer, union = np.minimum(*whole), whole[0] + whole[1] - title
    cover, likeness = (title / np.where(total > 0, total, 1.0) for total in (poorer, union))
    alike = (title >= LEAST_TITLE) & ((likeness >= LEAST_LIKENESS) | (cover >= LEAST_COVER))
    tells = block.names_money
    told = (title > 0) & (tells[left] | tells[right])
    found: Bools = alike | (cover >= NEARLY_ALL) | (words - title >= LEAST_WORDS) | told
    return found


class _Measured:
    """One run of :func:`measure`."""

    def __init__(self, block: Block, left: Ints, right: Ints) -> None:
        self.block, self.left, self.right = block, left, right
        self.rows = block.rows[left], block.rows[right]
        self.table: Table = block.table
        self.texts: Texts = block.texts
        self.size = len(left)
        acronym, tags, dropped = self._acronym()
        kinds = block.is_general + 2 * ((block.bits >= LONE_BITS) & (block.documents <= LONE)) + 4 * block.is_name
        bits, counts = compared(block.terms.indptr, block.terms.ids, block.flags, block.bits, kinds.astype(np.uint8), left, right, tags.indptr, tags.ids, dropped, RARE, RAREST)
        self.acronym = acronym
        self.bits: dict[str, Floats] = dict(zip(BITS, bits, strict=True))
        self.counts: dict[str, Ints] = dict(zip(COUNTS, counts, strict=True))

    def levels(self) -> Levels:
        who = self.block.who.shared(self.left, self.right)
        one_teller = who.any((who.left & who.right & TELLS) > 0)
        shared_actors = who.any((who.left & who.right & ACTS) > 0)
        gap, days = self._times()
        teller, left_pays, right_pays, carried_out = self._teller(who, one_teller)
        how = self._how()
        codes = {
            "link": self._link(),
            "number": self._number(one_teller),
            "acronym": self.acronym,
            "title": np.array([LEVELS["title"].index(level) for level in HOW.values()])[how],
            "terms": self._terms(),
            "copy": self._copy(),
            "sector": self._sector(),
            "teller": teller,
            "partner": self._partner(),
            "together": self._together(who),
            "money": self._money(),
            "dates": self._dates(gap, days),
            "place": self._place(),
            "spot": self._spot(),
            "names": self._names(),
            "kind": (self.table.kind_code[self.rows[0]] != self.table.kind_code[self.rows[1]]).astype(np.int64),
        }
        bits, counts = self.bits, self.counts
        titles = np.minimum(self.block.title_sizes[self.left], self.block.title_sizes[self.right])
        return Levels(
            *self.rows,
            codes={feature: code.astype(np.int8) for feature, code in codes.items()},
            how=how,
            gap=gap,
            days=days,
            one_teller=one_teller,
            shared_actors=shared_actors,
            title_bits=bits["title"],
            title_terms=counts["title"],
            likeness=self._likeness(),
            rare_terms=counts["rare"],
            rarest_term=bits["rarest"],
            own_terms=counts["own"],
            rarest_own=bits["rarest_own"],
            own_bits=bits["own"],
            lone_word=counts["lone"] > 0,
            words_bits=bits["words"],
            has_name=counts["names"] > 0,
            left_pays=left_pays,
            right_pays=right_pays,
            carried_out=carried_out,
            is_covered=(counts["title"] > 0) & (counts["title"] == titles),
            is_titled_elsewhere=selected(teller > 0, self._is_titled_elsewhere),
        )

    def _code(self, feature: str, *cases: tuple[str, Bools]) -> Ints:
        """The first level of a feature whose case holds."""
        found = np.zeros(self.size, dtype=np.int64)
        for level, holds in reversed(cases):
            found[holds] = LEVELS[feature].index(level)
        return found

    def _pairwise(self, values: Floats | Ints | Bools) -> tuple[np.ndarray, np.ndarray]:
        """A column of the table, of both sides."""
        return values[self.rows[0]], values[self.rows[1]]

    # --- identity -----------------------------------------------------------------------------

    def _link(self) -> Ints:
        found = np.zeros(self.size, dtype=np.int64)
        links, ids = self.table.links, self.table.ids
        if not links:
            return found
        has = self.block.is_linked[self.left]
        for pair in np.flatnonzero(has).tolist():
            other = ids[self.rows[1][pair]]
            sorts = {x.sort for x in links[ids[self.rows[0][pair]]] if x.other == other}
            found[pair] = next((n for n, sort in enumerate(LEVELS["link"]) if sort in sorts), 0)
        return found

    def _number(self, one_teller: Bools) -> Ints:
        ids, others = self.table.ids, self.table.other_ids
        equal = np.equal(*self._pairwise(self.table.id_code))
        common = self.block.ragged("numbers").common(self.left, self.right) > 0
        known = self.block.ragged("numbers").sizes > 0

        def carries(pair: int) -> bool:
            one, other = self.rows[0][pair], self.rows[1][pair]
            return bool(carried(others.at(one), ids[other]) or carried(others.at(other), ids[one]))

        tails = selected((known[self.left] | known[self.right]) & ~common, carries)
        roots = np.equal(*self._pairwise(self.table.root_code))
        return self._code("number", ("same", equal), ("root", common & one_teller), ("same", common | tails), ("root", roots & one_teller))

    def _acronym(self) -> tuple[Ints, Ragged, Bools]:
        """Levels; terms that are capitals of both titles, which say no purpose unless they are words
        of the field; and which of these are such names and no words of a title."""
        texts, every = self.texts, self.block.ragged("title_acronyms")
        both = every.where(texts.acronym_speaks[every.ids]).shared(self.left, self.right)
        naming, terms = texts.acronym_names[both.ids], self.block.positions(texts.acronym_term[both.ids])
        here = terms >= 0
        tags = Ragged.grouped(both.pairs[here], terms[here], (), self.size)
        own = naming & ~self._is_called(self.left[both.pairs], both.ids) & ~self._is_called(self.right[both.pairs], both.ids)
        found = np.zeros(self.size, dtype=np.int64)
        found[both.pairs[own]] = LEVELS["acronym"].index("short")
        found[both.pairs[own & texts.acronym_is_long[both.ids]]] = LEVELS["acronym"].index("shared")
        long = every.where(texts.acronym_is_long[every.ids])
        may = (found == 0) & written_out(long.indptr, long.ids, *texts.acronym_letters, texts.run_words.indptr, texts.first_letters, self.block.rows, self.left, self.right)
        found[selected(may, lambda pair: self._is_written_out(pair, long))] = LEVELS["acronym"].index("written-out")
        return found, tags, naming[here]

    def _is_called(self, positions: Ints, acronyms: Ints) -> Bools:
        """Whether an organization that tells or takes part at a position has an acronym."""
        return np.isin(positions * self.block.acronyms + acronyms, self.block.called)

    def _is_written_out(self, pair: int, long: Ragged) -> bool:
        """Whether one title has the first letters of the other as an acronym that is of no organization in either.

        Parameters
        ----------
        long : long acronyms of each title
        """
        positions = np.array([self.left[pair], self.right[pair]])
        for one, other in (positions, positions[::-1]):
            letters = self.texts.initials(self.block.rows[other])
            for acronym in long.ids[long.indptr[one] : long.indptr[one + 1]]:
                if fold(long.labels[acronym]) in letters and not self._is_called(positions, acronym).any():
                    return True
        return False

    # --- text ---------------------------------------------------------------------------------

    def _how(self) -> Ints:
        """How alike two titles are, from the bits they share, as a share of the poorer title
        (cover) and of both together (likeness)."""
        count, weight = self.counts["kept"], self.bits["kept"]
        whole = self.block.title_bits[self.left], self.block.title_bits[self.right]
        union = whole[0] + whole[1] - self.bits["title"]
        cover, likeness = (weight / np.where(total > 0, total, 1.0) for total in (np.minimum(*whole), union))
        speaks = count > 0
        cores, runs = self._pairwise(self.texts.core.sizes), self._pairwise(self.texts.run.sizes)
        part, run = np.minimum(*cores), np.minimum(*runs)
        equal = speaks & np.equal(*self._pairwise(self.texts.core_code)) & (part >= 2) & (weight >= 9)
        inside = self.block.ragged("runs").common(self.left, self.right)
        distinct = self.block.ragged("runs").sizes
        shorter = np.where(runs[0] <= runs[1], distinct[self.left], distinct[self.right])
        is_whole = self._stands_in(self.texts.run, speaks & ~equal & (run >= 4) & (weight >= 4) & (inside == shorter))
        may_core = speaks & ~equal & ~is_whole & (part >= 2) & (weight >= np.where(part >= 3, 6, 9)) & (inside >= self._least_core())
        is_core = self._stands_in(self.texts.core, may_core)
        cases = {
            "equal": equal,
            "whole": is_whole,
            "core": is_core,
            "like": speaks & (likeness >= 0.75) & (weight >= 12) & (count >= 3),
            "covered": speaks & (cover >= 0.9) & (weight >= 16) & (count >= 3),
            "close": speaks & (weight >= 14) & ((likeness >= 0.4) | (cover >= 0.6)),
            "some": speaks & (weight >= 9) & ((likeness >= 0.25) | (cover >= 0.4)),
            "little": speaks & (weight >= 5) & (cover >= 0.5),
            "word": speaks,
        }
        how = np.zeros(self.size, dtype=np.int64)
        names = list(HOW)
        for name, holds in reversed(cases.items()):
            how[holds] = names.index(name)
        # a shared place alone is no purpose
        no_purpose = self.counts["kept_purpose"] == 0
        how[no_purpose & speaks & (how != names.index("equal"))] = names.index("word")
        how[(how == names.index("word")) & (self.counts["names"] > 0)] = names.index("name")
        return how

    def _likeness(self) -> Floats:
        title = self.bits["title"]
        union = self.block.title_bits[self.left] + self.block.title_bits[self.right] - title
        return title / np.where(union > 0, union, 1.0)

    def _least_core(self) -> Ints:
        """Distinct terms of the shorter core."""
        distinct = self.texts.core_distinct
        sizes, found = self._pairwise(self.texts.core.sizes), self._pairwise(distinct)
        return np.where(sizes[0] <= sizes[1], *found)

    def _stands_in(self, runs: Tokens, may: Bools) -> Bools:
        """Which of the pairs that may have the words of one side in the other, following each other."""
        found = may.copy()
        found[may] = stand_in(runs.indptr, runs.ids, *(rows[may] for rows in self.rows))
        return found

    def _terms(self) -> Ints:
        count, total, best = self.counts["words"] - self.counts["title"], self.bits["words"] - self.bits["title"], self.bits["rarest_besides"]
        told = np.logical_or(*self._pairwise(self.texts.is_described))
        able = told & (count >= 3) & (total >= min(MANY.values()))
        much = told & (count >= MANY_WORDS) & (self.bits["words"] >= MUCH) & (self.counts["title"] > 0)
        return self._code("terms", ("many", much), *((level, able & (best >= least)) for level, least in MANY.items()))

    def _copy(self) -> Ints:
        left, right = self.block.description_sizes[self.left], self.block.description_sizes[self.right]
        able = np.minimum(left, right) >= LEAST_COPIED
        common = self.counts["description"]
        whole = np.equal(*self._pairwise(self.texts.description_code))
        return self._code("copy", ("whole", able & whole), ("nearly", able & (common >= 0.85 * (left + right - common))))

    def _sector(self) -> Ints:
        sectors = self.block.ragged("sectors")
        both = (sectors.sizes[self.left] > 0) & (sectors.sizes[self.right] > 0)
        same = sectors.overlap(self.left, self.right) >= 0.5
        wide = self.block.ragged("categories").common(self.left, self.right) > 0
        return self._code("sector", ("same", both & same), ("related", both & wide), ("other", both))

    # --- actors -------------------------------------------------------------------------------

    def _teller(self, who: Shared, one_teller: Bools) -> tuple[Ints, Bools, Bools, Bools]:
        """One side's teller pays for, or carries out, the other; whether each pays; and whether one
        carries out what the other's teller only tells.

        Mutual is a funder that names the other's teller as its agency. One that names another
        agency than the one that tells tells of other money.
        """
        mutual, funder, does, alone = (np.zeros(self.size, dtype=bool) for _ in range(4))
        pays = []
        agencies = self.block.agencies
        for one, other, rows, others in ((who.left, who.right, self.left, self.right), (who.right, who.left, self.right, self.left)):
            tells = (one & TELLS > 0) & (other & TELLS == 0)
            agency = (one & ACTS > 0) & (one & TELLS == 0)
            pays.append(who.any(tells & (other & FUNDS > 0)) & ~one_teller)
            mutual |= pays[-1] & who.any(agency & (other & TELLS > 0))
            funder |= pays[-1] & ((agencies[rows] == 0) | who.any(agency & (other & (ACTS | TELLS) > 0)))
            carries = who.any(tells & (other & ACTS > 0)) & ~one_teller
            does |= carries
            alone |= carries & ~self.block.acts_itself[others]
        return self._code("teller", ("mutual", mutual), ("funder", funder), ("implementer", does)), pays[0], pays[1], alone

    def _partner(self) -> Ints:
        """A text of one side names somebody as a partner who tells or carries out the other alone."""
        who, speaks = self.block.who, self.block.tells_of_partners
        does = who.where(who.values.astype(np.int64) & (TELLS | ACTS) > 0)
        width = max(1, len(does.labels))
        own = does.rows * width + does.ids
        found = np.zeros(self.size, dtype=np.int64)
        for one, other in ((self.left, self.right), (self.right, self.left)):
            some = np.flatnonzero(speaks[one])
            others = does.taken(other[some])
            asked = one[some][others.rows] * width + others.ids
            is_other = ~np.isin(asked, own)
            keys, which = np.unique(asked[is_other], return_inverse=True)
            named = [is_named(self.table, self.texts.co_financing[self.block.rows[key // width]], does.labels[key % width]) for key in keys.tolist()]
            found[some[others.rows[is_other]][np.array(named, dtype=bool)[which]]] = LEVELS["partner"].index("named")
        return found

    def _together(self, who: Shared) -> Ints:
        """An organization, other than those who tell and carry them out, takes part in both."""
        both = who.left & who.right
        part = (both & TAKES_PART > 0) & ((who.left | who.right) & TELLS == 0) & (both & ACTS == 0)
        return who.any((both & COUNTERPART > 0) | part).astype(np.int64)

    # --- money, time, place -------------------------------------------------------------------

    def _money(self) -> Ints:
        usd = np.where(self.table.flagged | (self.table.usd == 0), np.nan, self.table.usd)
        left, right = self._pairwise(usd)
        with np.errstate(invalid="ignore"):
            ratio = np.minimum(left, right) / np.maximum(left, right)
            return self._code("money", ("equal", ratio >= 0.95), ("near", ratio >= 0.75), ("differ", ratio < 0.2))

    def _times(self) -> tuple[Floats, Floats]:
        starts, ends = self._pairwise(self.table.start), self._pairwise(self.table.end)
        with np.errstate(invalid="ignore"):
            gap = np.abs(starts[0] - starts[1])
            days = np.minimum(*ends) - np.maximum(*starts)
            for one, other in ((1, 0), (0, 1)):
                apart = ends[one] < starts[other]
                days = np.where(apart, ends[one] - starts[other], days)
        return gap, days

    def _dates(self, gap: Floats, days: Floats) -> Ints:
        with np.errstate(invalid="ignore"):
            return self._code("dates", ("apart", days < 0), ("near", gap <= 366), ("overlap", ~np.isnan(days)), ("far", gap > 4 * YEAR))

    def _place(self) -> Ints:
        countries, regions = self.block.ragged("countries"), self.block.ragged("regions")
        common = countries.common(self.left, self.right)
        left, right = countries.sizes[self.left], countries.sizes[self.right]
        both = (left > 0) & (right > 0)
        equal = both & (common == left) & (common == right)
        most = countries.overlap(self.left, self.right) >= 0.5
        world = regions.labels.index(GLOBAL_REGION) if GLOBAL_REGION in regions.labels else -1
        region = regions.where(regions.ids != world).common(self.left, self.right) > 0
        return self._code(
            "place",
            ("other-country", both & (common == 0)),
            ("same", equal & (common == 1)),
            ("same-several", equal),
            ("most", both & most),
            ("part", both),
            ("region", region),
        )

    def _names(self) -> Ints:
        """Each title names something, and none what the other does."""
        names = self.block.ragged("title_names")
        both = (names.sizes[self.left] > 0) & (names.sizes[self.right] > 0)
        return self._code("names", ("other", both & (names.common(self.left, self.right) == 0)))

    def _is_titled_elsewhere(self, pair: int) -> bool:
        """A title names countries, none of which the other side is in or names."""
        rows = [int(side[pair]) for side in self.rows]
        named = [self.texts.countries_named(self.table, row) for row in rows]
        told = [set(self.table.countries.at(row)) for row in rows]
        return any(bool(named[one] and told[other]) and named[one].isdisjoint(told[other] | named[other]) for one, other in ((0, 1), (1, 0)))

    def _spot(self) -> Ints:
        places = self.block.ragged("places")
        left, right = places.sizes[self.left], places.sizes[self.right]
        both, common = (left > 0) & (right > 0), places.common(self.left, self.right)
        return self._code("spot", ("shared", both & (common >= LEAST_PLACES * np.minimum(left, right))), ("other", both & (common == 0)))


def carried(numbers: Iterable[str], key: str) -> str:
    """The number among these that another's identifier ends with; empty if none does."""
    return min((n for n in numbers if len(n) >= 6 and any(c.isdigit() for c in n) and key.endswith(n)), default="")

