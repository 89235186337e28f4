"""The Neo4j store: the same records and graph as the embedded one, in one database of a server.

An import is written in batches under a journal that can undo each of them
(:mod:`partnermap.store.neo4j_journal`); while one is open or was interrupted, others read
nothing. A scan is compared with the stored one and its differences are written in one
transaction, or under such a journal when they are too many for one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from partnermap.errors import StoreError
from partnermap.store import JobKind, Rederive
from partnermap.store.answers import Question, named_question, text_question, typed
from partnermap.store.database import create_table
from partnermap.store.layout import arrow_type, layout
from partnermap.store.neo4j_changes import read_rows
from partnermap.store.neo4j_job import Neo4jJob, data_version, meta_values
from partnermap.store.neo4j_journal import Journal, clean, find
from partnermap.store.neo4j_link import Link, stored_text
from partnermap.store.reader import read_batches
from partnermap.store.rows import sql_values

if TYPE_CHECKING:
    import pyarrow as pa


class Neo4jStore:
    """The store of a workspace in the database of a Neo4j server.

    Raises
    ------
    MissingExtra
        If the driver is not installed.
    StoreError
        If the server cannot be reached, refuses the login, or holds something else.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        self._link = Link(url, user, password)
        self._job: Neo4jJob | None = None

    @contextmanager
    def job(self, kind: JobKind, *, rederive: Rederive | None = None) -> Iterator[Neo4jJob]:
        """A job that is undone when left by any exception.

        ``rederive`` is not called: what a job replaced is kept until it ends, so an undo puts
        back the derived rows themselves.

        Raises
        ------
        StoreError
            If another job is open or was interrupted.
        """
        clean(self._link)
        job = Neo4jJob(self._link, kind)
        self._job = job
        try:
            yield from self._guarded(job, kind)
        finally:
            self._job = None
            job.close()

    def _guarded(self, job: Neo4jJob, kind: JobKind) -> Iterator[Neo4jJob]:
        try:
            if kind == "import":
                job.open_journal()
            yield job
            job.finish()
        except BaseException as error:
            try:
                job.undo()
            except StoreError as second:
                raise StoreError(
                    f"{error} What was written could not be undone either ({second}). When the server "
                    "answers again: partnermap import --undo"
                ) from error
            raise

    def check_writable(self) -> None:
        """Nothing: a server tells when it is written to."""

    def columns(self, kind: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Columns of a kind in key order, in batches of up to 50,000 rows.

        The rows pass through a temporary SQLite table, since a server orders by code points in
        its indices but by UTF-16 units elsewhere.
        """
        table = layout(kind)
        properties = table.chosen(names)
        return self._batches(kind, [p.name for p in properties])

    def _batches(self, kind: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        table = layout(kind)
        self._check_whole()
        with closing(sqlite3.connect("", isolation_level=None)) as spool:
            spool.execute(create_table(table))
            spool.execute("BEGIN")
            columns = list(dict.fromkeys([*table.key, *names]))
            rows = (
                sql_values(dict(zip(table.key, key, strict=True)) | properties, columns)
                for key, properties in read_rows(self._link, table, only=names)
            )
            quoted = ", ".join(f'"{name}"' for name in columns)
            spool.executemany(
                f'INSERT INTO "{kind}" ({quoted}) VALUES ({", ".join("?" * len(columns))})', rows
            )
            self._check_whole()
            yield from read_batches(spool, table, table.chosen(names))

    def read(self, query: str, **params: object) -> pa.Table:
        """Rows of a named query, with the types of its header."""
        return self._run(named_question(query, params))

    def read_text(self, cypher: str, **params: object) -> pa.Table:
        """Rows of any read-only Cypher text."""
        return self._run(text_question(cypher, params))

    def _run(self, question: Question) -> pa.Table:
        from neo4j.exceptions import ClientError

        self._check_whole()
        try:
            with self._link.reading() as transaction:
                result = transaction.run(question.text, dict(question.params))
                names = list(result.keys())
                rows = [[_plain(value) for value in record.values()] for record in result]
        except StoreError as error:
            if isinstance(error.__cause__, ClientError):
                raise StoreError(
                    f"{question.name} cannot be run: {error.__cause__.message}"
                ) from error.__cause__
            raise
        self._check_whole()
        return typed(_table(names, rows, question), question)

    def _check_whole(self) -> None:
        """Raise while a job of somebody else is open or was interrupted."""
        found = find(self._link)
        own = self._job.journal.id if self._job and self._job.journal else None
        if found and found.id != own:
            raise StoreError(str(found))

    def meta(self, name: str) -> str | None:
        """A value that ``set_meta`` stored."""
        return meta_values(self._link).get(name)

    def unfinished(self) -> str | None:
        """A sentence on a job that is open or was interrupted, else None."""
        found = find(self._link)
        return str(found) if found else None

    def settle(self, *, resume: bool, rederive: Rederive) -> str:
        """Finish (``resume``) or undo the interrupted job; a sentence on what was done.

        Raises
        ------
        StoreError
            If somebody still writes it, or it cannot be finished because not all records are in.
        """
        found = find(self._link)
        if found is None:
            return "No import is unfinished."
        if resume and (found.kind != "import" or found.state != "derive") and not found.lives:
            raise StoreError(
                "The import was interrupted before all of its records were stored, so it cannot be "
                "finished. Undo it with: partnermap import --undo, then import the file again."
                if found.kind == "import"
                else f"The {found.kind} was interrupted. Undo it with: partnermap import --undo, then "
                f"{'scan' if found.kind == 'scan' else 'decide'} again."
            )
        journal = Journal.take_over(self._link, found)
        if not resume:
            try:
                journal.undo()
            finally:
                journal.leave()
            return f"The {found.kind} was undone: everything is as it was before."
        job = Neo4jJob(self._link, "import", journal)
        self._job = job
        try:
            rederive(job)
            job.finish()
        finally:
            # what is not finished stays in the journal and can be settled again
            self._job = None
            journal.leave()
            job.close()
        return "The import was finished."

    def version(self) -> int:
        """The data version: raised by every job that changed something."""
        return data_version(self._link)

    def close(self) -> None:
        """Close the connections."""
        self._link.close()


def _plain(value: Any) -> Any:
    """A value of the driver as Arrow takes it; nodes and paths become their properties or text."""
    import neo4j.graph as graph
    import neo4j.time as time

    if isinstance(value, (time.Date, time.DateTime)):
        return value.to_native()
    if isinstance(value, (graph.Node, graph.Relationship)):
        return {name: _plain(some) for name, some in value.items()}
    if isinstance(value, list):
        return [_plain(some) for some in value]
    if isinstance(value, graph.Path):
        return str(value)
    return value


def _table(names: list[str], rows: list[list[Any]], question: Question) -> pa.Table:
    import pyarrow as pa

    arrays = []
    for i, name in enumerate(names):
        type_ = arrow_type(question.columns[name]) if name in question.columns else None
        values = [row[i] for row in rows]
        try:
            arrays.append(pa.array(values, type_))
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            if type_ is not None:
                raise StoreError(f"{question.name} gives a value that does not fit {name}: {error}") from error
            # a text of one's own may mix types in a column
            arrays.append(pa.array([None if v is None else str(stored_text(v)) for v in values]))
    return pa.Table.from_arrays(arrays, names=names)
