"""One comparison block: some activities, with the rarity of their terms among themselves."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from partnermap.pairing.ragged import Bools, Floats, Ints, Ragged, Shared, flagged, totals
from partnermap.pairing.row_kernels import taken
from partnermap.pairing.table import ACTS, FUNDS, TAKES_PART, TELLS, Table
from partnermap.pairing.terms import bits_of
from partnermap.pairing.texts import IN_DESCRIPTION, IN_TITLE, Texts

TITLE_WEIGHT = 2.0
FEW = 5  # documents of a block that a name stands in at most
UNIT = 2**12  # weights are whole numbers up to it, so that products come out equal in any order


class Block:
    """Rows of a table in id order; everything about pairs of them is a function of them alone.

    Parameters
    ----------
    rows : what the block's positions are of
    counted : rows whose documents say how rare a term is; all, unless told. With none of them terms
        are as rare as in the background
    """

    def __init__(self, table: Table, texts: Texts, rows: Ints, counted: Ints | None = None) -> None:
        self.table, self.texts, self.rows = table, texts, rows
        self._taken: dict[str, Ragged] = {}
        some = texts.terms.taken(rows)
        here = np.zeros(len(texts.terms.labels), dtype=bool)
        here[some.ids] = True
        self.found: Ints = np.flatnonzero(here)
        where = (np.cumsum(here) - 1)[some.ids]
        self.terms = Ragged(some.indptr, where, self.found, some.values)  # type: ignore[arg-type]
        documents = where
        if counted is not None:
            told = texts.terms.taken(counted).ids
            place = np.searchsorted(self.found, told)
            documents = place[(place < len(self.found)) & (self.found[np.minimum(place, len(self.found) - 1)] == told)]
        size = len(rows) if counted is None else len(counted)
        self.documents: Ints = np.bincount(documents, minlength=len(self.found))
        self.bits: Floats = bits_of(self.documents, texts.prior[self.found], size)

    @cached_property
    def flags(self) -> npt.NDArray[np.uint8]:
        """Where each entry of ``terms`` stands."""
        return self.terms.values.astype(np.uint8)

    def positions(self, terms: Ints) -> Ints:
        """Where the block has terms among its own; -1 for those that it has not."""
        place = np.searchsorted(self.found, terms)
        place[place == len(self.found)] = 0
        here = self.found[place] == terms if len(self.found) else np.zeros(len(terms), dtype=bool)
        return np.where(here, place, -1)

    @cached_property
    def weights(self) -> npt.NDArray[np.int32]:
        """Of each entry of ``terms``: bits times 1 + log2(count), title terms twice, in rows of one
        length just below ``UNIT``."""
        bits = self.bits[self.terms.ids]
        lengths = self.terms.sizes
        _, _, factors = taken(self.texts.terms.indptr, self.texts.terms.ids, self.texts.factors, self.rows)
        values = bits * factors
        values += (self.flags & IN_TITLE > 0) * bits * (TITLE_WEIGHT - 1)
        squares = np.concatenate(([0.0], np.cumsum(np.round(values * values * 64) / 64)))
        norms = np.sqrt(squares[self.terms.indptr[1:]] - squares[self.terms.indptr[:-1]])
        norms[norms == 0] = 1.0
        scaled: npt.NDArray[np.int32] = np.round(values / np.repeat(norms, lengths) * 0.99 * UNIT).astype(np.int32)
        return scaled

    @cached_property
    def is_name(self) -> Bools:
        """Which terms a few of the block alone have, and the background never: they name something."""
        return (self.documents > 0) & (self.documents <= FEW) & self.texts.is_unheard[self.found]

    @cached_property
    def title_sizes(self) -> Ints:
        """How many topic terms each row's title has."""
        return np.bincount(self.terms.rows[self.terms.values.astype(np.int64) & IN_TITLE > 0], minlength=len(self.rows))

    @cached_property
    def who(self) -> Ragged:
        """Every organization of each row with flags of what it does; one in the title pays for it,
        where it tells something in this block: others do not matter here, whoever they are."""
        told, titled = self.ragged("who"), self.ragged("title_organizations")
        tellers = np.unique(told.ids[told.values.astype(np.int64) & TELLS > 0])
        titled = titled.where(np.isin(titled.ids, tellers))
        if not len(titled.ids):
            return told
        rows, ids = (np.concatenate([getattr(some, name) for some in (told, titled)]) for name in ("rows", "ids"))
        return flagged(rows, ids, np.concatenate([told.values, titled.values]), told.labels, len(self.rows))

    @cached_property
    def called(self) -> Ints:
        """Acronyms in titles that are those of an organization which tells or takes part: position
        times the number of acronyms plus the acronym."""
        who = self.ragged("who")
        acronyms = self.texts.organization_acronym[who.ids]
        takes_part = (who.values.astype(np.int64) & (TELLS | TAKES_PART) > 0) & (acronyms >= 0)
        return (who.rows * self.acronyms + acronyms)[takes_part]

    @property
    def acronyms(self) -> int:
        """How many acronyms there are in titles, at least one."""
        return max(1, len(self.texts.title_acronyms.labels))

    @cached_property
    def title_bits(self) -> Floats:
        """Bits of each row's title."""
        here = self.terms.values.astype(np.int64) & IN_TITLE > 0
        return totals(self.terms.rows[here], self.bits[self.terms.ids[here]], len(self.rows))

    @cached_property
    def description_sizes(self) -> Ints:
        """How many topic terms each row's description has."""
        here = self.terms.values.astype(np.int64) & IN_DESCRIPTION > 0
        return np.bincount(self.terms.rows[here], minlength=len(self.rows))

    @cached_property
    def is_general(self) -> Bools:
        """Which terms are words that half of the field uses."""
        return self.texts.is_general[self.found]

    @cached_property
    def is_linked(self) -> Bools:
        """Rows that a record links to something."""
        links, ids = self.table.links, self.table.ids
        return np.array([ids[row] in links for row in self.rows.tolist()], dtype=bool)

    @cached_property
    def tells_of_partners(self) -> Bools:
        """Rows whose description speaks of co-financing or of partners."""
        return self.texts.tells_of_partners[self.rows]

    @cached_property
    def agencies(self) -> Ints:
        """How many organizations carry out each row, besides its tellers."""
        who = self.who
        flags = who.values.astype(np.int64)
        return np.bincount(who.rows[(flags & ACTS > 0) & (flags & TELLS == 0)], minlength=len(self.rows))

    @cached_property
    def acts_itself(self) -> Bools:
        """Rows that a teller carries out itself, alone or with others."""
        who = self.who
        found = np.zeros(len(self.rows), dtype=bool)
        found[who.rows[who.values.astype(np.int64) & (TELLS | ACTS) == TELLS | ACTS]] = True
        return found

    @cached_property
    def names_money(self) -> Bools:
        """Rows that name another's money: a funder besides the teller, or co-financing."""
        who = self.who
        flags = who.values.astype(np.int64)
        found = self.tells_of_partners.copy()
        found[who.rows[(flags & FUNDS > 0) & (flags & TELLS == 0)]] = True
        return found

    def ragged(self, name: str) -> Ragged:
        """A column of the table or of its texts, of this block's rows."""
        found = self._taken.get(name)
        if found is None:
            whole: Ragged = getattr(self.table, name) if hasattr(self.table, name) else getattr(self.texts, name)
            found = self._taken[name] = whole.taken(self.rows)
        return found

    def first_words(self, positions: Ints, entries: Ints) -> npt.NDArray[np.int32]:
        """The words that first stood for entries of ``terms``, which are those of rows at these positions."""
        moved = self.texts.terms.indptr[self.rows[positions]] - self.terms.indptr[positions]
        return self.texts.first[entries + moved]

    def shared(self, left: Ints, right: Ints) -> Shared:
        """Terms that pairs of the block's rows share, with the flags of both."""
        return self.terms.shared(left, right)


def own_work(block: Block) -> Ragged:
    """Who carries out each row, as whose teller tells it: two that have one in common are one actor's work."""
    tellers, actors = block.ragged("principals"), block.ragged("actors")
    width = max(1, len(tellers.labels))
    counts = tellers.sizes[actors.rows]
    at = np.repeat(tellers.indptr[actors.rows] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(int(counts.sum()))
    keys, rows = np.repeat(actors.ids, counts) * width + tellers.ids[at], np.repeat(actors.rows, counts)
    return Ragged.grouped(rows, keys[np.lexsort((keys, rows))], (), len(block.rows))
