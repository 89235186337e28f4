"""Pairs of blocks that an earlier scan compared, found again by what was compared.

A block's pairs are a function of its activities, the weights, the lists and this code: its
signature is a hash of all of these. A scan after one new file therefore redoes the blocks that the
file touched, and reads the others.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa

from partnermap.codes.lists import codes_hash
from partnermap.model import canonical
from partnermap.pairing.found import SCHEMA, Found
from partnermap.pairing.hashes import Hashes, followed, hash_of, hashes_of, of_numbers, of_rows
from partnermap.pairing.ragged import Ints, Ragged
from partnermap.pairing.table import Table
from partnermap.pairing.weights import Weights

_CODE = [Path(__file__).parent, Path(__file__).parents[1] / "codes"]  # all that a block's pairs are made by
_COLUMNS = ("countries", "regions", "places", "sectors", "actors", "funders", "participants", "counterparts", "principals", "other_ids")


class KeptPairs:
    """A folder with one file a block, which may be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, signature: str, rows: Ints) -> Found | None:
        """The pairs of a block of this signature; None where none are kept, or not as they were written.

        Parameters
        ----------
        rows : of the block
        """
        try:
            kept = (self.folder / signature).read_bytes()
        except OSError:
            return None
        if _digest(kept[_DIGEST:]) != kept[:_DIGEST]:
            return None
        with pa.ipc.open_stream(pa.py_buffer(kept)[_DIGEST:]) as stream:
            return Found(stream.read_all()).on(rows)

    def write(self, signature: str, found: Found, rows: Ints) -> None:
        """Keep the pairs of a block; a folder that cannot be written to keeps nothing."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, SCHEMA, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
            writer.write_table(found.at(rows).columns)
        told = sink.getvalue().to_pybytes()
        unfinished = self.folder / f"{signature}.{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(_digest(told) + told)
            unfinished.replace(self.folder / signature)
        except OSError:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def clear(self, but: Sequence[str] = ()) -> None:
        """Forget every block, except those of these signatures."""
        wanted = set(but)
        for path in self.folder.glob("*") if self.folder.is_dir() else ():
            if path.name not in wanted:
                path.unlink(missing_ok=True)


_DIGEST = 16  # bytes of the hash that a kept block begins with: Arrow's files have none


def _digest(told: bytes) -> bytes:
    return hashlib.blake2b(told, digest_size=_DIGEST).digest()


def signatures(table: Table, sentences: Sequence[tuple[str, ...]], blocks: Sequence[Ints], weights: Weights) -> list[str]:
    """The signature of each block.

    Parameters
    ----------
    sentences : on co-financing, of each row
    """
    rows = _rows(table, sentences)
    start = hashlib.blake2b(f"{weights.hash} {codes_hash()} {_code_hash()}".encode(), digest_size=16)
    found = []
    for block in blocks:
        digest = start.copy()
        digest.update(rows[block].tobytes())
        found.append(digest.hexdigest())
    return found


def _code_hash() -> str:
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(p for folder in _CODE for p in folder.iterdir() if p.suffix in (".py", ".toml", ".csv")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _rows(table: Table, sentences: Sequence[tuple[str, ...]]) -> Hashes:
    """A hash of everything that is compared or said of each row."""
    texts = zip(table.ids, table.titles.to_pylist(), table.descriptions.to_pylist(), table.languages, table.kinds, table.scopes, sentences, strict=True)
    found = hashes_of("\0".join([*row[:-1], *row[-1]]) for row in texts)
    flags = table.flagged.astype(np.uint64) + 2 * table.ours.astype(np.uint64) + 4 * table.withdrawn.astype(np.uint64)
    for numbers in (table.start, table.end, table.usd, table.first_year):
        found = followed(found, of_numbers(numbers))
    found = followed(found, flags)
    called = {"places": table.place_names}
    organizations = {org: f"{name} {table.acronyms.get(org, '')}" for org, name in table.names.items()}
    for column in _COLUMNS:
        ragged: Ragged = getattr(table, column)
        names = called.get(column, organizations)
        found = followed(found, of_rows(ragged, hashes_of(f"{column} {label} {names.get(label, '')}" for label in ragged.labels)))
    for key, links in table.links.items():
        if key in table.row_of:
            row = table.row_of[key]
            found[row] = hash_of(f"{found[row]} {canonical({'links': [[x.other, x.sort, x.usd] for x in links]})}")
    return found
