"""Every activity with what its words and organizations are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from partnermap.pairing.fingerprints import Fingerprints
from partnermap.pairing.ragged import Ints
from partnermap.pairing.reading import Columns, read_table
from partnermap.pairing.side import Side
from partnermap.pairing.table import Table, table_of
from partnermap.pairing.texts import Texts, read_texts, sentences_of


class _Sides(Mapping[str, Side]):
    """Activities by id, in id order, each made when it is asked for."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._made: dict[str, Side] = {}

    def __getitem__(self, key: str) -> Side:
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._table.side(self._table.row_of[key])
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._table.row_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.ids)

    def __len__(self) -> int:
        return len(self._table)


@dataclass(frozen=True)
class Corpus:
    """Every activity as a row of a table, and by id."""

    table: Table
    sentences: list[tuple[str, ...]]  # on co-financing, of each row, but for what its teller repeats

    @classmethod
    def of(cls, sides: Iterable[Side], names: Mapping[str, str], acronyms: Mapping[str, str], place_names: Mapping[str, str] | None = None) -> Corpus:
        """Of activities that are at hand."""
        table = table_of(sides, names, acronyms, place_names or {})
        return cls(table, sentences_of(table))

    def part(self, rows: Ints) -> Corpus:
        """Some rows, ascending, by themselves."""
        return Corpus(self.table.taken(rows), [self.sentences[row] for row in rows.tolist()])

    @cached_property
    def sides(self) -> Mapping[str, Side]:
        """Every activity by id, in id order."""
        return _Sides(self.table)

    @property
    def names(self) -> Mapping[str, str]:
        """Organization id to name."""
        return self.table.names

    @property
    def acronyms(self) -> Mapping[str, str]:
        """Organization id to acronym."""
        return self.table.acronyms

    @cached_property
    def texts(self) -> Texts:
        """What the words of every activity say."""
        return read_texts(self.table, self.sentences)

    @cached_property
    def fingerprints(self) -> Fingerprints:
        """What decisions on pairs are made on."""
        return Fingerprints(self.table)

    def called(self, organization: str) -> str:
        """Acronym, else name, of an organization."""
        return self.acronyms.get(organization) or self.names.get(organization, organization)


def read_corpus(columns: Columns) -> Corpus:
    """Everything that pairing compares.

    Parameters
    ----------
    columns : ``Store.columns``
    """
    table = read_table(columns)
    return Corpus(table, sentences_of(table))
