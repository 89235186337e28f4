"""A job's scratch on this computer: a temporary SQLite database, so that memory stays flat.

It has the tables of ``graph.sqlite``, so that versions are counted by the same code as in the
embedded store, and relationships that wait for an end to be derived in a later batch.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from partnermap.model import Change, DatasetVersion, Row, SourceRecord
from partnermap.store import database, rows, versions
from partnermap.store.layout import SHARED, layout
from partnermap.store.neo4j_changes import Key, Properties, RowChange
from partnermap.store.neo4j_link import Link

_TABLES = """
CREATE TEMP TABLE Updated (id TEXT PRIMARY KEY, row, reporter, takes_part, flagged) WITHOUT ROWID;
CREATE TEMP TABLE Saved (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE Pending (kind TEXT, row_key TEXT, owner TEXT, properties TEXT, PRIMARY KEY (kind, row_key));
CREATE TEMP TRIGGER Kept BEFORE UPDATE OF row, reporter, takes_part, flagged ON "Record"
    BEGIN INSERT OR IGNORE INTO Updated VALUES (old.id, old.row, old.reporter, old.takes_part, old.flagged); END;
"""
_FACTS = ("row", "reporter", "takes_part", "flagged")
_RECORDS = 10_000  # records a batch, and
_BYTES = 16_000_000  # bytes of content


class Spool:
    """The scratch of one job."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect("", isolation_level=None)  # on disk, without a name
        for statement in database.statements():
            self.connection.execute(statement)
        self.connection.executescript(versions.TEMPORARY + rows.TEMPORARY + _TABLES)
        self.connection.execute("BEGIN")  # one transaction that is never committed: no syncing

    def close(self) -> None:
        """Drop everything."""
        self.connection.close()

    # --- versions of a dataset --------------------------------------------------------------

    def put_version(
        self, link: Link, dataset: DatasetVersion, records: Iterable[SourceRecord], *, replace: bool
    ) -> tuple[Change, bool]:
        """Compare the dataset's next version with what the server holds; see ``versions``.

        Contents are compared by their hash, so that the stored ones stay on the server. The
        second value says whether there is a new version at all.
        """
        run = self.connection.execute
        for table in ("Record", "DatasetVersion", "Updated"):
            run(f'DELETE FROM "{table}"')
        self.connection.executemany(
            'INSERT INTO "DatasetVersion" (id, version, sha256, dataset) VALUES (?, ?, ?, ?)',
            link.rows(
                "MATCH (v:DatasetVersion) WHERE v.dataset = $id RETURN v.id, v.version, v.sha256, v.dataset",
                id=dataset.dataset,
            ),
        )
        names = ("id", "dataset", "subject_kind", "subject_id", "ordinal", "version_first", *_FACTS)
        self.connection.executemany(
            f'INSERT INTO "Record" (content, {", ".join(names)}) VALUES ({", ".join("?" * (len(names) + 1))})',
            link.rows(
                "MATCH (r:Record {dataset: $id}) WHERE r.version_last IS NULL RETURN r.content_hash, "
                + ", ".join(f"r.{name}" for name in names),
                id=dataset.dataset,
            ),
        )
        newest = run('SELECT max(version) FROM "DatasetVersion"').fetchone()[0]
        change = versions.put_version(
            self.connection, dataset, records, replace=replace, same="r.content = i.hash"
        )
        return change, change.version != newest

    def record_changes(self, version: int) -> Iterator[list[RowChange]]:
        """What the last ``put_version`` changes, in batches."""
        batch: list[RowChange] = []
        size = 0
        for change in self._record_changes(version):
            batch.append(change)
            size += len(change.after.get("content", ""))
            if len(batch) == _RECORDS or size > _BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _record_changes(self, version: int) -> Iterator[RowChange]:
        run = self.connection.execute
        for (id_,) in run('SELECT id FROM "Record" WHERE version_last = ?', (version - 1,)):
            yield RowChange("Record", "patch", (id_,), {"version_last": None}, {"version_last": version - 1})
        changed = run(
            'SELECT u.id, u.row, u.reporter, u.takes_part, u.flagged, r.row, r.reporter, r.takes_part, r.flagged'
            ' FROM Updated u JOIN "Record" r USING (id)'
        )
        for id_, *facts in changed:
            yield RowChange("Record", "patch", (id_,), _facts(facts[:4]), _facts(facts[4:]))
        table = layout("Record")
        added = run(f'SELECT {", ".join(table.names)} FROM "Record" WHERE version_first = ?', (version,))
        for values in added:
            row = dict(zip(table.names, values, strict=True))
            yield RowChange("Record", "create", (row["id"],), {}, record_properties(row))

    def unsaved_touched(self) -> list[str]:
        """Activities whose records changed since this was last asked."""
        run = self.connection.execute
        found = [id_ for (id_,) in run("SELECT id FROM Touched EXCEPT SELECT id FROM Saved ORDER BY 1")]
        run("INSERT OR IGNORE INTO Saved SELECT id FROM Touched")
        return found

    def new_list(self) -> str:
        """The name of a new empty list of ids."""
        name = f"Listed_{uuid.uuid4().hex}"
        self.connection.execute(f"CREATE TEMP TABLE {name} (id TEXT PRIMARY KEY) WITHOUT ROWID")
        return name

    def add(self, table: str, ids: Iterable[str]) -> None:
        """Add ids to ``Touched`` or a list."""
        self.connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?)", ((id_,) for id_ in ids))

    def pages(self, table: str, size: int) -> Iterator[list[str]]:
        """The ids of ``Touched`` or a list in order, in pieces of up to ``size``."""
        last = ""
        text = f"SELECT id FROM {table} WHERE id > ? ORDER BY id LIMIT ?"
        while page := [id_ for (id_,) in self.connection.execute(text, (last, size)).fetchall()]:
            last = page[-1]
            yield page

    # --- relationships that wait for an end ----------------------------------------------------

    def wait(self, kind: str, waiting: Iterable[tuple[Key, Properties]]) -> None:
        """Keep relationships whose ends are not all there yet."""
        self.connection.executemany(
            "INSERT OR REPLACE INTO Pending VALUES (?, ?, ?, ?)",
            (
                (kind, json.dumps(key), owner_of(kind, key, properties), json.dumps(properties))
                for key, properties in waiting
            ),
        )

    def forget(self, ids: Iterable[str]) -> None:
        """Drop waiting relationships of activities that are derived again."""
        self.connection.executemany("DELETE FROM Pending WHERE owner = ?", ((id_,) for id_ in ids))

    def waiting(self, size: int) -> Iterator[tuple[str, dict[Key, Properties]]]:
        """Waiting relationships by type, in pieces of up to ``size``."""
        run = self.connection.execute
        kinds = [kind for (kind,) in run("SELECT DISTINCT kind FROM Pending ORDER BY 1").fetchall()]
        for kind in kinds:
            found = run("SELECT row_key, properties FROM Pending WHERE kind = ? ORDER BY row_key", (kind,))
            while piece := found.fetchmany(size):
                yield kind, {tuple(json.loads(key)): json.loads(properties) for key, properties in piece}

    # --- shared nodes that may have lost what kept them ------------------------------------------

    def loosen(self, changes: Sequence[RowChange]) -> None:
        """Remember the shared nodes that these changes may leave without use."""
        loose: set[tuple[str, str]] = set()
        for change in changes:
            if change.kind in SHARED and change.action == "create":
                loose.add((change.kind, change.key[0]))
            elif not layout(change.kind).is_node and change.action == "delete":
                loose.update({(change.key[2], change.key[0]), (change.key[3], change.key[1])})
                if "mention" in change.before:
                    loose.add(("Mention", change.before["mention"]))
        self.connection.executemany(
            "INSERT OR IGNORE INTO Loose VALUES (?, ?)", (node for node in loose if node[0] in SHARED)
        )

    def take_loose(self) -> dict[str, list[str]]:
        """The remembered nodes by label, which are then forgotten."""
        found: dict[str, list[str]] = {}
        for kind, id_ in self.connection.execute("SELECT kind, id FROM Loose ORDER BY kind, id"):
            found.setdefault(kind, []).append(id_)
        self.connection.execute("DELETE FROM Loose")
        return found


def owner_of(kind: str, key: Key, properties: Properties) -> str | None:
    """The activity from whose records a relationship was derived."""
    table = layout(kind)
    if table.owner is None:
        return None
    owner: str | None = key[table.key.index(table.owner)] if table.owner in table.key else properties.get(table.owner)
    return owner


def _facts(values: Sequence[Any]) -> Properties:
    row, reporter, takes_part, flagged = values
    return {"row": row, "reporter": reporter, "takes_part": bool(takes_part), "flagged": bool(flagged)}


def record_properties(row: Row) -> Properties:
    """A Record's properties with the hash of its content, by which later versions compare it."""
    found = {name: value for name, value in row.items() if value is not None}
    for name in ("takes_part", "flagged"):
        if name in found:
            found[name] = bool(found[name])
    return found | {"content_hash": versions.hashed(row["content"])}
