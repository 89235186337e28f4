"""``graph.sqlite``: opening, schema, migration and what its errors mean.

No module may open the file other than through the standard ``sqlite3`` module: closing a file
handle of one's own, or that of a second SQLite library, drops the locks of this process.
"""

from __future__ import annotations

import hashlib
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from partnermap.errors import StoreError
from partnermap.model import SCHEMA
from partnermap.store.layout import LAYOUTS, Layout

_TYPES = {"text": "TEXT", "int": "INTEGER", "float": "REAL", "bool": "INTEGER", "date": "TEXT", "list": "TEXT"}

# Steps that additions do not cover: old schema -> function that brings it to the next one.
MIGRATIONS: dict[int, Callable[[sqlite3.Connection], None]] = {}

_RECORD_INDICES = (
    # a dataset's current records, which its next version is compared with
    'CREATE INDEX IF NOT EXISTS "Record_current" ON "Record" (dataset, subject_kind, subject_id, ordinal) WHERE version_last IS NULL',
    'CREATE INDEX IF NOT EXISTS "Record_subject" ON "Record" (subject_id)',
    # covers the facts about reporters without reading any content
    'CREATE INDEX IF NOT EXISTS "Record_reporter" ON "Record" (dataset, reporter, subject_kind, subject_id, takes_part, flagged) WHERE version_last IS NULL',
    'CREATE INDEX IF NOT EXISTS "Reference_target" ON "Reference" (target)',
)


def statements() -> list[str]:
    """Every CREATE statement of the current schema."""
    made = ["CREATE TABLE IF NOT EXISTS Meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"]
    for table in LAYOUTS:
        made += [create_table(table), *_create_indices(table)]
    return [*made, *_RECORD_INDICES]


def create_table(table: Layout) -> str:
    """The CREATE statement of one kind's table."""
    columns = [
        f'"{p.name}" {_TYPES[p.type]}{" NOT NULL" if p.name in table.key else ""}'
        for p in table.properties
    ]
    key = ", ".join(f'"{name}"' for name in table.key)
    # A relationship is mostly its key: one tree instead of a table and an index.
    tail = "" if table.is_node else " WITHOUT ROWID"
    return f'CREATE TABLE IF NOT EXISTS "{table.kind}" ({", ".join(columns)}, PRIMARY KEY ({key})){tail}'


def _create_indices(table: Layout) -> list[str]:
    """Indices for replacing an activity's rows and for finding nodes that nothing points at."""
    names = set() if table.is_node else {"to_id"}
    if table.owner:
        names.add(table.owner)
    if "mention" in table.names:
        names.add("mention")
    names.discard(table.key[0])
    return [
        f'CREATE INDEX IF NOT EXISTS "{table.kind}_{name}" ON "{table.kind}" ("{name}")'
        for name in sorted(names)
    ]


def layout_hash() -> str:
    """Changes whenever a kind, property or index is declared differently."""
    return hashlib.sha256("\n".join(statements()).encode()).hexdigest()[:16]


def connect(path: Path, *, wait: float = 5.0) -> sqlite3.Connection:
    """A connection in autocommit mode: transactions are begun and ended by name."""
    connection = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -65536")  # 64 MB
        connection.execute("PRAGMA journal_size_limit = 67108864")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that writes nothing, for a file or folder that may not be written.

    The write-ahead log needs files beside the database. Where they cannot be made, the file is read
    as one that nobody changes: only while no log holds what the file itself lacks.
    """
    address = path.resolve().as_uri()
    log = path.with_name(f"{path.name}-wal")
    for option in ("", "&immutable=1"):
        connection = sqlite3.connect(f"{address}?mode=ro{option}", uri=True, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return connection
        except sqlite3.DatabaseError as error:
            connection.close()
            if option or _primary(error) not in NOT_WRITABLE or (log.exists() and log.stat().st_size):
                raise
        except BaseException:
            connection.close()
            raise
    raise AssertionError  # the loop ends in one or the other


def check_readable(path: Path) -> None:
    """Look whether a file that may not be written is one that this version reads as it is.

    Raises
    ------
    StoreError
        If it is not, or would have to be brought to the current schema first.
    """
    with explained(path), closing(connect_to_read(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "Meta" not in tables:
            raise StoreError(f"{path} is a database of another program. Move it away, or use another folder.")
        schema, layout = _stored_schema(connection)
        if schema > SCHEMA:
            raise StoreError(newer_schema(str(path), schema))
        if schema < SCHEMA or layout != layout_hash():
            raise StoreError(f"{path} was written by an older partnermap and has to be brought up to date, which is not permitted here. Copy the folder to a place where you may write.")


def prepare(path: Path) -> None:
    """Make the file's tables, or bring an older schema to the current one.

    Raises
    ------
    StoreError
        If the file is no database, belongs to another program or to a newer partnermap.
    """
    with explained(path), closing(connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if not tables:
            connection.execute("PRAGMA journal_mode = WAL")
            with transaction(connection):
                _create(connection)
            return
        if "Meta" not in tables:
            raise StoreError(f"{path} is a database of another program. Move it away, or use another folder.")
        schema, layout = _stored_schema(connection)
        if schema > SCHEMA:
            raise StoreError(newer_schema(str(path), schema))
        if schema == SCHEMA and layout == layout_hash():
            return
        if schema < SCHEMA:
            _copy_aside(connection, path, schema)
        with transaction(connection):
            # read again: another process may have migrated while this one waited
            for step in range(_stored_schema(connection)[0], SCHEMA):
                if step in MIGRATIONS:
                    MIGRATIONS[step](connection)
            _add_missing(connection)
            _create(connection)


def _stored_schema(connection: sqlite3.Connection) -> tuple[int, str]:
    meta = dict(connection.execute("SELECT name, value FROM Meta").fetchall())
    return int(meta.get("schema", 0)), meta.get("layout", "")


def newer_schema(where: str, schema: int) -> str:
    """The sentence for a store that a later version wrote."""
    return (
        f"{where} was written by a newer partnermap (schema {schema}); this one reads up to "
        f"{SCHEMA}. Upgrade it: pip install --upgrade partnermap"
    )


def _create(connection: sqlite3.Connection) -> None:
    for statement in statements():
        connection.execute(statement)
    values = {"schema": str(SCHEMA), "layout": layout_hash()}
    for name, value in values.items():
        connection.execute("INSERT OR REPLACE INTO Meta VALUES (?, ?)", (name, value))
    for name, value in {"data_version": "0", "id": uuid.uuid4().hex, "state": uuid.uuid4().hex}.items():
        connection.execute("INSERT OR IGNORE INTO Meta VALUES (?, ?)", (name, value))


def _copy_aside(connection: sqlite3.Connection, path: Path, schema: int) -> None:
    # sqlite's own backup, since the newest pages may still be in the write-ahead log
    with closing(sqlite3.connect(path.with_name(f"{path.name}.schema-{schema}.bak"))) as copy:
        connection.backup(copy)


def _add_missing(connection: sqlite3.Connection) -> None:
    """Add columns that a table of an older schema lacks; new tables come with ``_create``."""
    for table in LAYOUTS:
        stored = {row[1] for row in connection.execute(f'PRAGMA table_info("{table.kind}")')}
        for declared in table.properties:
            if stored and declared.name not in stored:
                connection.execute(
                    f'ALTER TABLE "{table.kind}" ADD COLUMN "{declared.name}" {_TYPES[declared.type]}'
                )


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One write transaction: committed at the end, rolled back when left by any exception."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite itself rolls back on a full disk
            connection.execute("ROLLBACK")
        raise


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn the errors of SQLite that a person can do something about into sentences."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        sentence = _SENTENCES.get(_primary(error))
        if sentence is None:
            raise
        raise StoreError(sentence.format(path=path, folder=path.parent, error=error)) from error


def is_not_writable(error: StoreError) -> bool:
    """Whether a sentence of ``explained`` is about a missing right to write."""
    return isinstance(error.__cause__, sqlite3.DatabaseError) and _primary(error.__cause__) in NOT_WRITABLE


def not_writable(path: Path) -> str:
    """The sentence for what may be read alone."""
    return _SENTENCES[sqlite3.SQLITE_READONLY].format(path=path, folder=path.parent)


def _primary(error: sqlite3.DatabaseError) -> int:
    # extended codes carry the primary one in their lowest byte
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


NOT_WRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_SENTENCES = {
    sqlite3.SQLITE_BUSY: "Another partnermap is writing to {path}; wait until it ends, then run this again.",
    sqlite3.SQLITE_LOCKED: "Another partnermap is writing to {path}; wait until it ends, then run this again.",
    sqlite3.SQLITE_NOTADB: "{path} is not a database. Move it away and import your files again, or put back a copy of it.",
    sqlite3.SQLITE_CORRUPT: "{path} is damaged ({error}). Put back a copy of it, or move it away and import your files again.",
    sqlite3.SQLITE_FULL: "The disk of {path} is full: nothing was stored. Free some space and run this again.",
    sqlite3.SQLITE_READONLY: "There is no permission to write {path}. Ask for the right to write in {folder}.",
    sqlite3.SQLITE_CANTOPEN: "{path} cannot be opened. Look whether {folder} exists and may be read and written.",
    sqlite3.SQLITE_PERM: "There is no permission to open {path}. Ask for the right to write in {folder}.",
    sqlite3.SQLITE_IOERR: "{path} cannot be read or written ({error}): nothing was stored. Look at the disk, then run this again.",
}
