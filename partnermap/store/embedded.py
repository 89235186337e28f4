"""The embedded store: ``graph.sqlite``, one transaction a job, Cypher through a thrown-away view.

``graph.sqlite`` is the only copy of anything. A job has a connection of its own, so its temporary
tables end with it; ``columns`` reads each table from one snapshot on another connection.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from partnermap.errors import StoreError
from partnermap.model import (
    NODE,
    Change,
    DatasetVersion,
    GraphRows,
    Property,
    Record,
    ReporterFacts,
    Row,
    ScanResult,
    SourceRecord,
    check_rows,
)
from partnermap.store import JobKind, Rederive, database, rows, versions
from partnermap.store.answers import named_question, text_question
from partnermap.store.cypher_view import CypherView
from partnermap.store.folder import check_folder
from partnermap.store.layout import SHARED, Layout, layout
from partnermap.store.reader import read_batches

if TYPE_CHECKING:
    import pyarrow as pa

FILE = "graph.sqlite"
BATCH_OF_ACTIVITIES = 5_000
_RESERVED = {"schema", "layout", "data_version", "id", "state"}
_RECORD = layout("Record").names


class EmbeddedStore:
    """The store of a workspace in ``graph.sqlite`` of its folder.

    Raises
    ------
    StoreError
        If the folder cannot hold a database, or the file is not one that this version reads.
    """

    def __init__(self, folder: Path) -> None:
        folder = Path(folder)
        check_folder(folder)
        self.path = folder / FILE
        self._scratch: TemporaryDirectory[str] | None = None  # of a store that may be read alone
        self._connection: sqlite3.Connection | None = None
        try:
            database.prepare(self.path)
            with database.explained(self.path):
                self._connection = database.connect(self.path)
        except StoreError as error:
            if not database.is_not_writable(error) or not self.path.exists():
                raise
            database.check_readable(self.path)
            self._scratch = TemporaryDirectory(prefix="partnermap-", ignore_cleanup_errors=True)
        self._view = CypherView(self.path, Path(self._scratch.name) if self._scratch else folder / ".cache", self._reading)

    def _reading(self) -> sqlite3.Connection:
        return database.connect_to_read(self.path) if self._scratch else database.connect(self.path)

    def _known(self) -> AbstractContextManager[sqlite3.Connection]:
        """The connection that is open, or a new one: a file that is read alone may change meanwhile."""
        return nullcontext(self._connection) if self._connection else closing(self._reading())

    def check_writable(self) -> None:
        """Raise StoreError where the file or its folder may be read alone."""
        if self._scratch:
            raise StoreError(database.not_writable(self.path))

    @contextmanager
    def job(self, kind: JobKind, *, rederive: Rederive | None = None) -> Iterator[EmbeddedJob]:
        """One transaction: committed at the end, rolled back when left by any exception."""
        self.check_writable()
        # A second writer gets its sentence soon; a reader's checkpoint takes less than a second.
        with (
            database.explained(self.path),
            closing(database.connect(self.path, wait=1.0)) as connection,
        ):
            connection.executescript(versions.TEMPORARY + rows.TEMPORARY)
            with database.transaction(connection):
                job = EmbeddedJob(connection)
                yield job
                job.finish()

    def columns(self, kind: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Columns of a kind in key order, from one snapshot, in batches of up to 50,000 rows."""
        table = layout(kind)
        properties = table.chosen(names)
        return self._batches(table, properties)

    def _batches(self, table: Layout, properties: Sequence[Property]) -> Iterator[pa.RecordBatch]:
        with (
            database.explained(self.path),
            closing(self._reading()) as connection,
        ):
            yield from read_batches(connection, table, properties)

    def read(self, query: str, **params: object) -> pa.Table:
        """Rows of a named query, with the types of its header."""
        return self._view.run(named_question(query, params))

    def read_text(self, cypher: str, **params: object) -> pa.Table:
        """Rows of any read-only Cypher text."""
        return self._view.run(text_question(cypher, params))

    def meta(self, name: str) -> str | None:
        """A value that ``set_meta`` stored."""
        with database.explained(self.path), self._known() as connection:
            row = connection.execute("SELECT value FROM Meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def unfinished(self) -> str | None:
        """Always None: an import is one transaction."""
        return None

    def settle(self, *, resume: bool, rederive: Rederive) -> str:
        """Say that there is nothing to settle."""
        return "No import is unfinished: each one is stored whole or not at all."

    def version(self) -> int:
        """The data version: raised by every job that changed something."""
        return int(self.meta("data_version") or 0)

    def close(self) -> None:
        """Close the files; the store cannot be used afterwards."""
        self._view.close()
        if self._connection:
            self._connection.close()
        if self._scratch:
            self._scratch.cleanup()


class EmbeddedJob:
    """Writing inside the one transaction of a job."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._changed = 0

    def put_records(
        self, dataset: DatasetVersion, records: Iterable[SourceRecord], *, replace: bool = False
    ) -> Change:
        """Store a dataset's next version; see :mod:`partnermap.store.versions`."""
        before = self._connection.total_changes  # a version that is there already writes nothing
        change = versions.put_version(self._connection, dataset, records, replace=replace)
        self._changed += self._connection.total_changes - before
        return change

    def put_truth(self, label: str, rows_: Iterable[Row]) -> None:
        """Store rows of a truth kind as they are."""
        if not NODE[label].truth:
            raise ValueError(f"{label} is derived: put it with put_graph")
        self._changed += rows.upsert(self._connection, layout(label), rows_)

    def drop_truth(self, label: str, ids: Sequence[str]) -> None:
        """Remove rows of a truth kind without a trace: what SQLite frees is written over."""
        if not NODE[label].truth:
            raise ValueError(f"{label} is derived: replace it with put_graph")
        self._connection.execute("PRAGMA secure_delete = ON")
        text = f'DELETE FROM "{label}" WHERE id IN (SELECT value FROM json_each(?))'
        self._changed += self._connection.execute(text, (json.dumps(list(ids)),)).rowcount

    def truth(self, label: str) -> list[Row]:
        """Rows of a truth kind in id order, with those that this job put."""
        table = layout(label)
        batches = read_batches(self._connection, table, table.properties)
        return [row for batch in batches for row in batch.to_pylist()]

    def touch(self, ids: Iterable[str]) -> None:
        """Count these subjects among the ``touched``."""
        self._connection.executemany("INSERT OR IGNORE INTO Touched VALUES (?)", ((id_,) for id_ in ids))

    def reporters(self) -> list[ReporterFacts]:
        """Facts about each (dataset, reporter) with current records, sorted."""
        found = self._connection.execute(
            "SELECT dataset, reporter, count(*), sum(takes_part), sum(flagged),"
            ' (SELECT v.generated_date FROM "DatasetVersion" v WHERE v.dataset = r.dataset'
            ' ORDER BY v.version DESC LIMIT 1) FROM "Record" r'
            " WHERE version_last IS NULL AND subject_kind = 'Activity' GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return [ReporterFacts(*row) for row in found]

    def touched(
        self, *, reporters: Sequence[tuple[str, str]] = (), everything: bool = False
    ) -> Iterator[list[str]]:
        """Ids of subjects to derive again, sorted, in batches of up to 5,000."""
        run = self._connection.execute
        listed = f"Touched_{uuid.uuid4().hex}"  # a list of its own, since deriving changes what it is read from
        run(f"CREATE TEMP TABLE {listed} (id TEXT PRIMARY KEY) WITHOUT ROWID")
        add = f"INSERT OR IGNORE INTO {listed} SELECT "
        if everything:
            run(f'{add} subject_id FROM "Record"')
        run(f"{add} id FROM Touched")
        run(f'{add} activity FROM "Reference" WHERE target IN (SELECT id FROM Touched)')
        for dataset, reporter in reporters:
            run(
                f'{add} subject_id FROM "Record" WHERE dataset = ? AND reporter = ?'
                " AND subject_kind = 'Activity' AND version_last IS NULL",
                (dataset, reporter),
            )
        last = ""
        page = f"SELECT id FROM {listed} WHERE id > ? ORDER BY id LIMIT {BATCH_OF_ACTIVITIES}"
        while batch := [id_ for (id_,) in run(page, (last,)).fetchall()]:
            last = batch[-1]
            yield batch
        run(f"DROP TABLE {listed}")

    def current(self, ids: Sequence[str]) -> list[Record]:
        """Current records of these subjects, sorted by id; of one without any, its last ones.

        The last ones are, of each dataset, those that were closed latest.
        """
        found = self._connection.execute(
            f'SELECT {", ".join(_RECORD)} FROM "Record" r'
            " WHERE subject_id IN (SELECT value FROM json_each(?)) AND (version_last IS NULL OR ("
            '  NOT EXISTS (SELECT 1 FROM "Record" c WHERE c.subject_id = r.subject_id'
            "   AND c.version_last IS NULL)"
            '  AND version_last = (SELECT max(version_last) FROM "Record" l WHERE l.subject_id = r.subject_id'
            "   AND l.dataset = r.dataset))) ORDER BY id",
            (json.dumps(list(ids)),),
        )
        return [
            Record(**dict(zip(_RECORD, row, strict=True)) | {"takes_part": bool(row[9]), "flagged": bool(row[10])})
            for row in found
        ]

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that have a record: of activities current or closed, of others current."""
        found: set[str] = set()
        remaining = iter(ids)
        while batch := list(islice(remaining, 50_000)):
            found.update(
                id_
                for (id_,) in self._connection.execute(
                    "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM \"Record\""
                    " WHERE subject_id = value AND (subject_kind = 'Activity' OR version_last IS NULL))",
                    (json.dumps(batch),),
                )
            )
        return found

    def put_graph(self, ids: Sequence[str], graph: GraphRows) -> None:
        """Replace what was derived for these subjects; other nodes are added or updated."""
        check_rows(graph)
        self._changed += rows.put_rows(self._connection, ids, graph)

    def put_scan(self, scan: ScanResult) -> None:
        """Replace the stored pairs and findings; numbers, scans and SUCCEEDS are added."""
        check_rows(scan.graph)
        run = self._connection.execute
        run(
            "INSERT OR IGNORE INTO Loose SELECT to_kind, to_id FROM ABOUT WHERE to_kind IN"
            f" ({', '.join('?' * len(SHARED))})",
            sorted(SHARED),
        )
        for kind in ("OVERLAPS", "ABOUT", "Finding"):
            self._changed += run(f'DELETE FROM "{kind}"').rowcount
        for label, nodes in scan.graph.nodes.items():
            self._changed += rows.upsert(self._connection, layout(label), nodes)
        for kind, related in scan.graph.relationships.items():
            if kind == "SUCCEEDS":
                self._changed += rows.upsert(self._connection, layout(kind), related)
            else:
                self._changed += rows.put_relationships(self._connection, layout(kind), related)
        # a finding that is no longer stored has nothing that could succeed it
        self._changed += run(
            'DELETE FROM SUCCEEDS WHERE from_id NOT IN (SELECT id FROM "Finding")'
            ' OR to_id NOT IN (SELECT id FROM "Finding")'
        ).rowcount
        stored = {id_ for (id_,) in run('SELECT id FROM "FindingNumber"')}
        fresh = [row for row in scan.numbers if row["id"] not in stored]
        self._changed += rows.upsert(self._connection, layout("FindingNumber"), fresh)

    def set_meta(self, name: str, value: str) -> None:
        """Remember a value with this job."""
        if name in _RESERVED:
            raise ValueError(f"{name} is the store's own")
        self._changed += self._connection.execute(
            "INSERT INTO Meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
            " WHERE value <> excluded.value",
            (name, value),
        ).rowcount

    def finish(self) -> None:
        """Remove orphans, check that ends exist and raise the data version if anything changed.

        Raises
        ------
        StoreError
            If a relationship of this job has an end that does not exist.
        """
        self._changed += rows.remove_orphans(self._connection)
        rows.check_ends(self._connection)
        if self._changed:
            run = self._connection.execute
            run("UPDATE Meta SET value = value + 1 WHERE name = 'data_version'")
            # tells this state from any other of the same version, such as one restored from a copy
            run("UPDATE Meta SET value = ? WHERE name = 'state'", (uuid.uuid4().hex,))
