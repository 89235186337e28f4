"""What a decision on a pair was made on: a hash that changes when a source changes what it says."""

from __future__ import annotations

import numpy as np

from partnermap.pairing.hashes import Hashes, followed, hash_of, hashes_of, of_numbers, of_rows
from partnermap.pairing.ragged import Ints, Ragged
from partnermap.pairing.table import Table
from partnermap.pairing.text import title_key

_NAMES = ("countries", "regions", "sectors", "actors", "funders", "other_ids")


class Fingerprints:
    """Of pairs of a table's rows; each row is hashed once.

    Titles count without marks and case, descriptions without case and runs of spaces, amounts in whole
    USD; the shares of countries and sectors do not count.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known = np.zeros(len(table), dtype=bool)
        self._rows: Hashes = np.zeros(len(table), dtype=np.uint64)
        self._labels: dict[str, Hashes] = {}

    def of(self, left: Ints, right: Ints) -> list[str]:
        """The fingerprint of each pair, 16 hexadecimal digits."""
        rows = np.union1d(left, right)
        new = rows[~self._known[rows]]
        self._rows[new], self._known[new] = self._hashed(new), True
        return [f"{number:016x}" for number in followed(self._rows[left], self._rows[right]).tolist()]

    def _hashed(self, rows: Ints) -> Hashes:
        table, some = self._table, rows.tolist()
        texts = zip(table.titles.take(rows).to_pylist(), table.descriptions.take(rows).to_pylist(), (table.kinds[row] for row in some), strict=True)
        found = hashes_of(f"{title_key(title)}\0{' '.join(description.split()).casefold()}\0{kind}" for title, description, kind in texts)
        for numbers in (table.start[rows], table.end[rows], np.round(table.usd[rows])):
            found = followed(found, of_numbers(numbers))
        for column in _NAMES:
            names: Ragged = getattr(table, column).taken(rows)
            if column not in self._labels:
                self._labels[column] = hashes_of(names.labels)
            found = followed(found, of_rows(names.alone(), self._labels[column]))
        for n, row in enumerate(some):
            if links := table.links.get(table.ids[row]):
                found[n] = hash_of(f"{found[n]} {sorted((link.sort, link.other) for link in links)}")
        return found
