"""Putting a dataset's next version into ``graph.sqlite``: what is new, changed, gone, the same.

Records are compared by (subject kind, subject id, ordinal, content). A record whose content is
the same keeps its id and ``version_first``; its ``row`` and what is known of its reporter are
brought up to date, so that provenance always points into the newest file. A version that lacks a
record closes it (``version_last``); changed content closes the old record and adds one.

The incoming records pass through a temporary table that SQLite keeps on disk, so memory does not
grow with the file.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from partnermap.errors import DatasetConflict
from partnermap.model import Change, DatasetVersion, SourceRecord
from partnermap.store.layout import layout
from partnermap.store.rows import upsert

# Tables of one job; they go with the job's connection.
TEMPORARY = """
CREATE TEMP TABLE Incoming (
    n INTEGER PRIMARY KEY, subject_kind TEXT, subject_id TEXT, ordinal INTEGER, hash TEXT,
    row INTEGER, reporter TEXT, takes_part INTEGER, flagged INTEGER, content TEXT);
CREATE TEMP TABLE Same (n INTEGER PRIMARY KEY, id TEXT UNIQUE);
CREATE TEMP TABLE Touched (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""

_MATCH = (
    "r.dataset = :dataset AND r.version_last IS NULL AND r.subject_kind = i.subject_kind "
    "AND r.subject_id = i.subject_id AND r.ordinal = i.ordinal"
)
_CURRENT = '"Record" r WHERE r.dataset = :dataset AND r.version_last IS NULL'
_FACTS = "(r.reporter, r.takes_part, r.flagged) IS NOT (i.reporter, i.takes_part, i.flagged)"


def put_version(
    connection: sqlite3.Connection,
    dataset: DatasetVersion,
    records: Iterable[SourceRecord],
    *,
    replace: bool,
    same: str = "r.content = i.content",
) -> Change:
    """Store the dataset's next version inside the running transaction; fills ``Touched``.

    ``same`` is the SQL that is true for a stored record r and an incoming one i of equal content.

    Raises
    ------
    DatasetConflict
        If more than half of the dataset's current records have no successor and ``replace`` is
        False. A record whose content changed has one.
    """
    current = {"dataset": dataset.dataset}
    newest, sha256 = connection.execute(
        'SELECT max(version), sha256 FROM "DatasetVersion" WHERE dataset = :dataset', current
    ).fetchone()
    (stored,) = connection.execute(f"SELECT count(*) FROM {_CURRENT}", current).fetchone()
    if newest is not None and sha256 == dataset.sha256:
        return Change(dataset.dataset, newest, unchanged=stored)

    _fill_incoming(connection, records)
    (lost,) = connection.execute(
        f"SELECT count(*) FROM {_CURRENT} AND NOT EXISTS (SELECT 1 FROM Incoming i WHERE {_MATCH})",
        current,
    ).fetchone()
    if lost * 2 > stored and not replace:
        raise DatasetConflict(conflict(dataset, lost, stored))

    version = (newest or 0) + 1
    added, closed = _compare(connection, current | {"version": version}, same)
    upsert(connection, layout("DatasetVersion"), [version_row(dataset, version)])
    connection.execute("DELETE FROM Incoming")
    return Change(dataset.dataset, version, added, closed, stored - closed)


def version_row(dataset: DatasetVersion, version: int) -> dict[str, Any]:
    """The DatasetVersion node of a dataset's version."""
    return asdict(dataset) | {"id": f"{dataset.dataset}#{version}", "version": version}


def conflict(dataset: DatasetVersion, lost: int, stored: int) -> str:
    """The sentence for a version that lacks most of what its dataset holds."""
    return (
        f"{dataset.file} lacks {lost:,} of the {stored:,} records of dataset "
        f"{dataset.dataset!r}. If it is another dataset, give it a name with --dataset NAME; if it "
        "takes the place of what is stored, import it with --replace."
    )


def hashed(content: str) -> str:
    """Hash of a record's content, which orders equal subjects."""
    return hashlib.sha256(content.encode()).hexdigest()


def _fill_incoming(connection: sqlite3.Connection, records: Iterable[SourceRecord]) -> None:
    def rows() -> Iterator[tuple[Any, ...]]:
        for r in records:
            yield (r.subject_kind, r.subject_id, hashed(r.content), r.row, r.reporter, r.takes_part, r.flagged, r.content)

    connection.execute("DELETE FROM Incoming")
    connection.execute("DELETE FROM Same")
    connection.execute("DROP INDEX IF EXISTS temp.Incoming_subject")
    connection.executemany(
        "INSERT INTO Incoming (subject_kind, subject_id, ordinal, hash, row, reporter, takes_part, flagged, content)"
        " VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?)",
        rows(),
    )
    connection.execute("CREATE INDEX temp.Incoming_subject ON Incoming (subject_kind, subject_id)")
    connection.execute(
        "UPDATE Incoming SET ordinal = place FROM ("
        " SELECT n AS at, row_number() OVER (PARTITION BY subject_kind, subject_id ORDER BY hash, row) - 1 AS place"
        " FROM Incoming WHERE (subject_kind, subject_id) IN ("
        "  SELECT subject_kind, subject_id FROM Incoming GROUP BY 1, 2 HAVING count(*) > 1)"
        ") WHERE n = at AND place > 0"
    )


def _compare(connection: sqlite3.Connection, values: dict[str, Any], same: str) -> tuple[int, int]:
    """Keep, close and add records; the numbers added and closed."""
    run = connection.execute
    run(
        f'INSERT INTO Same SELECT i.n, r.id FROM Incoming i JOIN "Record" r ON {_MATCH} WHERE {same}',
        values,
    )
    run(
        "INSERT OR IGNORE INTO Touched SELECT i.subject_id FROM Incoming i WHERE"
        " i.n NOT IN (SELECT n FROM Same)"
    )
    run(
        'INSERT OR IGNORE INTO Touched SELECT i.subject_id FROM Incoming i JOIN Same USING (n) JOIN "Record" r'
        f" ON r.id = Same.id WHERE {_FACTS}"
    )
    run(
        f"INSERT OR IGNORE INTO Touched SELECT r.subject_id FROM {_CURRENT}"
        " AND r.id NOT IN (SELECT id FROM Same)",
        values,
    )
    run(
        'UPDATE "Record" AS r SET row = i.row, reporter = i.reporter, takes_part = i.takes_part, flagged = i.flagged'
        f" FROM Same JOIN Incoming i USING (n) WHERE r.id = Same.id AND (r.row IS NOT i.row OR {_FACTS})"
    )
    closed = run(
        f'UPDATE "Record" AS r SET version_last = :version - 1 WHERE {_CURRENT.partition(" WHERE ")[2]}'
        " AND r.id NOT IN (SELECT id FROM Same)",
        values,
    ).rowcount
    added = run(
        'INSERT INTO "Record" (id, dataset, subject_kind, subject_id, ordinal, row, version_first, reporter,'
        " takes_part, flagged, content) SELECT :dataset || '#' || subject_id || '#' || ordinal || '#' || :version,"
        " :dataset, subject_kind, subject_id, ordinal, row, :version, reporter, takes_part, flagged, content"
        " FROM Incoming WHERE n NOT IN (SELECT n FROM Same) ORDER BY n",
        values,
    ).rowcount
    return added, closed
