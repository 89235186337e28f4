"""The Ladybug file that Cypher reads on the embedded store: built from the tables, thrown away.

A view holds one state of ``graph.sqlite`` and is never written again: it is bulk-copied into a
file under a temporary name, renamed, and opened read-only (Ladybug's in-place writes have lost
data). A file beside it says which state it is of, with size, time and hash; whatever does not
agree is built anew, so deleting or damaging the folder changes no answer.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnermap.errors import StoreError
from partnermap.model import RELATIONSHIP, SCHEMA, Property
from partnermap.store import database
from partnermap.store.answers import Question, typed
from partnermap.store.layout import LAYOUTS, Layout
from partnermap.store.reader import read_batches

if TYPE_CHECKING:
    import pyarrow as pa

BUFFER_POOL = 256 * 1024 * 1024
_COPIED = 250_000  # rows a COPY: half the time of 50,000, at less memory than a whole table
_HASHED_UP_TO = 256 * 1024 * 1024  # a larger view is judged by size and time: hashing takes over a second
_ABANDONED_AFTER = 3600  # seconds after which an unfinished build has no builder any more
_TYPES = {"text": "STRING", "int": "INT64", "float": "DOUBLE", "bool": "BOOL", "date": "DATE", "list": "STRING[]"}


class CypherView:
    """Runs questions on the view of the current state, building it when there is none."""

    def __init__(self, path: Path, folder: Path, connect: Callable[[], sqlite3.Connection]) -> None:
        self._path = path
        self._connect = connect
        self._folder = folder
        self._state: str | None = None
        self._database: Any = None

    def run(self, question: Question) -> pa.Table:
        """The rows of a question, with the types of its header.

        Raises
        ------
        StoreError
            If the query cannot be run, or the view cannot be built.
        """
        import ladybug

        view = self._open()
        with closing(ladybug.Connection(view)) as connection:
            try:
                result: Any = connection.execute(question.text, dict(question.params))
                with closing(result):
                    table = result.get_as_arrow()
            except RuntimeError as error:
                raise StoreError(f"{question.name} cannot be run: {error}") from error
        return typed(table, question)

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None
            self._state = None

    def _open(self) -> Any:
        with (
            database.explained(self._path),
            closing(self._connect()) as connection,
            _snapshot(connection),
        ):
            meta = dict(connection.execute("SELECT name, value FROM Meta").fetchall())
            state = f"{meta['state']}-{_declared()}"
            if self._database is not None and self._state == state:
                return self._database
            self.close()
            file = self._folder / f"cypher-{meta['data_version']}-{SCHEMA}.lbug"
            if not _agrees(file, state):
                self._build(connection, file, state)
            try:
                self._database = _opened(file)
            except RuntimeError:  # whole, and still not what this Ladybug reads
                self._build(connection, file, state)
                self._database = _opened(file)
        self._state = state
        self._remove_others(file)
        return self._database

    def _build(self, connection: sqlite3.Connection, file: Path, state: str) -> None:
        unfinished = self._folder / f"building-{uuid.uuid4().hex}.lbug"
        try:
            if self._folder.exists() and not self._folder.is_dir():
                self._folder.unlink()
            self._folder.mkdir(exist_ok=True)
            for taken in (file, _beside(file)):
                if taken.is_dir():
                    shutil.rmtree(taken)
            _copy_tables(connection, unfinished)
            side = {"state": state, **_measured(unfinished)}
            # The side file goes first: a view without one that agrees is built again.
            _beside(unfinished).write_text(json.dumps(side), encoding="utf-8")
            _beside(unfinished).replace(_beside(file))
            unfinished.replace(file)
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"The Cypher view in {self._folder} cannot be built: {error}. Look whether the disk "
                "has room and the folder may be written."
            ) from error
        finally:
            for left in self._folder.glob(f"{unfinished.name}*"):
                with contextlib.suppress(OSError):
                    left.unlink()

    def _remove_others(self, file: Path) -> None:
        """Delete older views; one that another process has open stays on Windows."""
        for other in self._folder.glob("*.lbug*"):
            is_current = other.name.startswith(file.name)
            with contextlib.suppress(OSError):
                is_being_built = (
                    other.name.startswith("building-")
                    and time.time() - other.stat().st_mtime < _ABANDONED_AFTER
                )
                if not is_current and not is_being_built:
                    other.unlink()


@contextlib.contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def _opened(file: Path) -> Any:
    import ladybug

    return ladybug.Database(str(file), read_only=True, buffer_pool_size=BUFFER_POOL)


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def _measured(file: Path) -> dict[str, Any]:
    found = file.stat()
    return {"size": found.st_size, "mtime_ns": found.st_mtime_ns, "sha256": _hash(file)}


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _agrees(file: Path, state: str) -> bool:
    """Whether the view is whole and of this state."""
    try:
        side = json.loads(_beside(file).read_text(encoding="utf-8"))
        found = file.stat()
        if not isinstance(side, dict) or side.get("state") != state or side.get("size") != found.st_size:
            return False
        if found.st_size > _HASHED_UP_TO and side.get("mtime_ns") == found.st_mtime_ns:
            return True
        return bool(side.get("sha256") == _hash(file))
    except (OSError, ValueError):
        return False


def _declared() -> str:
    """Hash of what a view is built from: declarations and the Ladybug that writes the file."""
    import ladybug

    text = "\n".join([str(ladybug.__version__), *map(_create, _SHOWN)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _create(table: Layout) -> str:
    if table.is_node:
        columns = [f"{p.name} {_TYPES[p.type]}" for p in _shown(table)]
        return f"CREATE NODE TABLE {table.kind}({', '.join(columns)}, PRIMARY KEY(id))"
    ends = [f"FROM {start} TO {end}" for start, end in RELATIONSHIP[table.kind].ends]
    ends += [f"{p.name} {_TYPES[p.type]}" for p in _shown(table)[2:]]
    return f"CREATE REL TABLE {table.kind}({', '.join(ends)})"


def _shown(table: Layout) -> list[Property]:
    """The columns of a view's table; of a relationship the two ends first."""
    hidden = {"from_kind", "to_kind"}
    return [p for p in table.properties if p.in_view and p.name not in hidden]


# a node kind whose key is kept out of Cypher is kept out as a whole; no relationship has it as an end
_SHOWN = [table for table in LAYOUTS if not table.is_node or any(p.name == "id" for p in _shown(table))]


def _copy_tables(connection: sqlite3.Connection, file: Path) -> None:
    import ladybug

    with (
        closing(ladybug.Database(str(file), buffer_pool_size=BUFFER_POOL)) as view,
        closing(ladybug.Connection(view)) as copy,
    ):
        # one transaction: each of its own is synced to disk, which takes seconds for an empty graph
        copy.execute("BEGIN TRANSACTION")
        for table in _SHOWN:
            copy.execute(_create(table))
        for table in (t for t in _SHOWN if t.is_node):
            batches = read_batches(connection, table, _shown(table), ordered=False, size=_COPIED)
            _copy(copy, f"COPY {table.kind} FROM $rows", batches)
        for table in (t for t in _SHOWN if not t.is_node):
            for ends in RELATIONSHIP[table.kind].ends:
                pair = f"from='{ends[0]}', to='{ends[1]}'"
                batches = read_batches(
                    connection, table, _shown(table), ends=ends, ordered=False, size=_COPIED
                )
                _copy(copy, f"COPY {table.kind} FROM $rows ({pair})", batches)
        copy.execute("COMMIT")


def _copy(copy: Any, text: str, batches: Iterator[pa.RecordBatch]) -> None:
    import pyarrow as pa

    for batch in batches:
        copy.execute(text, {"rows": pa.Table.from_batches([batch])})
