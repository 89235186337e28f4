"""Writing derived rows into ``graph.sqlite``: replacing, adding, ends that exist, orphans.

All work on temporary tables of the job: ``Ids`` (activities being replaced), ``Ends`` (both ends
of every relationship written) and ``Loose`` (shared nodes that may have lost what kept them).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from partnermap.errors import StoreError
from partnermap.model import NODE, RELATIONSHIPS, GraphRows, Row
from partnermap.store.layout import (
    NODE_LAYOUTS,
    RELATIONSHIP_LAYOUTS,
    SHARED,
    SUBJECT_LABELS,
    Layout,
    is_own_outgoing,
    is_single,
    layout,
    plain,
)

TEMPORARY = """
CREATE TEMP TABLE Ids (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE Ends (kind TEXT, id TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TEMP TABLE Loose (kind TEXT, id TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID;
"""

_SHARED_LIST = ", ".join(f"'{label}'" for label in sorted(SHARED))


def put_rows(connection: sqlite3.Connection, ids: Sequence[str], graph: GraphRows) -> int:
    """Replace what was derived for these activities; the number of rows deleted or written."""
    changed = _delete_owned(connection, ids)
    for label, rows in graph.nodes.items():
        if label in SHARED:
            _loosen(connection, ((label, row["id"]) for row in rows))
        changed += upsert(connection, layout(label), rows)
    for kind, rows in graph.relationships.items():
        changed += put_relationships(connection, layout(kind), rows)
    return changed


def put_relationships(connection: sqlite3.Connection, table: Layout, rows: Sequence[Row]) -> int:
    """Add or update relationships, and remember their ends for :func:`missing_ends`."""
    changed = 0
    if is_single(table.kind):
        changed += _delete_by_start(connection, table, rows)
    ends = {(row["from_kind"], row["from_id"]) for row in rows}
    ends.update((row["to_kind"], row["to_id"]) for row in rows)
    connection.executemany("INSERT OR IGNORE INTO Ends VALUES (?, ?)", ends)
    return changed + upsert(connection, table, rows)


def upsert(connection: sqlite3.Connection, table: Layout, rows: Iterable[Row]) -> int:
    """Add rows or update those of the same key; the number of rows that became different."""
    names = [f'"{name}"' for name in table.names]
    others = [f'"{name}"' for name in table.names if name not in table.key]
    key = ", ".join(f'"{name}"' for name in table.key)
    sql = f'INSERT INTO "{table.kind}" ({", ".join(names)}) VALUES ({", ".join("?" * len(names))})'
    if others:
        excluded = [_value(table, name) for name in others]
        sql += (
            f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(map('{} = {}'.format, others, excluded))}"
            f" WHERE ({', '.join(others)}) IS NOT ({', '.join(excluded)})"
        )
    else:
        sql += f" ON CONFLICT ({key}) DO NOTHING"
    return connection.executemany(sql, _sql_rows(table, rows)).rowcount


def _value(table: Layout, name: str) -> str:
    """SQL of what an update stores in a (quoted) column: the new value, or as layout.settled says."""
    new, old = f"excluded.{name}", f'"{table.kind}".{name}'
    if name.strip('"') not in table.least:
        return new
    takes = f"{old} IS NULL OR {old} = '' OR ({new} <> '' AND {new} < {old})"
    if "listed" in table.names:
        takes = f'excluded."listed" OR {takes}'
    return f"CASE WHEN {takes} THEN {new} ELSE {old} END"


def _sql_rows(table: Layout, rows: Iterable[Row]) -> Iterator[list[Any]]:
    lists = [i for i, p in enumerate(table.properties) if p.type == "list"]
    for values in plain(table, rows):
        for i in lists:
            if values[i] is not None:
                values[i] = _list_text(values[i])
        yield values


def sql_values(row: Row, names: Sequence[str]) -> list[Any]:
    """Values of a plain row as SQLite stores them."""
    values = [row.get(name) for name in names]
    return [_list_text(value) if isinstance(value, list) else value for value in values]


def _list_text(value: list[str]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _delete_owned(connection: sqlite3.Connection, ids: Sequence[str]) -> int:
    changed = 0
    connection.execute("DELETE FROM Ids")
    connection.executemany("INSERT OR IGNORE INTO Ids VALUES (?)", ((id_,) for id_ in ids))
    for table in (*RELATIONSHIP_LAYOUTS, *NODE_LAYOUTS):
        if table.owner:
            where = f'WHERE "{table.owner}" IN (SELECT id FROM Ids){_owner_kind(table)}'
            if not table.is_node:
                _loosen_ends(connection, table, where)
            changed += connection.execute(f'DELETE FROM "{table.kind}" {where}').rowcount
    return changed


def _owner_kind(table: Layout) -> str:
    # the side that holds the subject; a country or an organization may have an activity's id
    side = {"from_id": "from_kind", "to_id": "to_kind"}.get(table.owner or "")
    return f" AND {side} IN ({', '.join(map(repr, SUBJECT_LABELS))})" if side else ""


def _delete_by_start(connection: sqlite3.Connection, table: Layout, rows: Sequence[Row]) -> int:
    """Delete the rows that the new ones take the place of, except equal ones."""
    kept = {(row["from_id"], row["to_id"]) for row in rows}
    connection.execute("DELETE FROM Ids")
    connection.executemany("INSERT OR IGNORE INTO Ids VALUES (?)", {(start,) for start, _ in kept})
    stored = connection.execute(
        f'SELECT from_kind, from_id, to_kind, to_id FROM "{table.kind}" WHERE from_id IN (SELECT id FROM Ids)'
    ).fetchall()
    old = [row for row in stored if (row[1], row[3]) not in kept]
    _loosen(connection, ((row[2], row[3]) for row in old))
    connection.executemany(
        f'DELETE FROM "{table.kind}" WHERE from_kind = ? AND from_id = ? AND to_kind = ? AND to_id = ?', old
    )
    return len(old)


# --- ends that exist ----------------------------------------------------------------------------


def check_ends(connection: sqlite3.Connection) -> None:
    """Raise where a relationship written in this job has an end that does not exist.

    Raises
    ------
    StoreError
        Naming the relationship, the kind and the ids that are missing.
    """
    kinds = [kind for (kind,) in connection.execute("SELECT DISTINCT kind FROM Ends")]
    for kind in kinds:
        missing = (
            f"SELECT id FROM Ends WHERE kind = '{kind}'"
            f' AND NOT EXISTS (SELECT 1 FROM "{kind}" n WHERE n.id = Ends.id)'
        )
        if connection.execute(f"{missing} LIMIT 1").fetchone() is None:
            continue
        # An end may be gone together with its relationship: only rows still there count.
        for table in RELATIONSHIP_LAYOUTS:
            for side in ("from", "to"):
                found = connection.execute(
                    f'SELECT DISTINCT {side}_id FROM "{table.kind}" WHERE {side}_kind = ? AND {side}_id IN ({missing})'
                    " ORDER BY 1 LIMIT 6",
                    (kind,),
                ).fetchall()
                if found:
                    raise StoreError(missing_end(table.kind, kind, [id_ for (id_,) in found]))


def missing_end(relationship: str, kind: str, ids: Sequence[str]) -> str:
    """The sentence for relationships to nodes that do not exist."""
    named = ", ".join(ids[:5]) + (", ..." if len(ids) > 5 else "")
    return f"{relationship} points at a {kind} that does not exist: {named}. Nothing was stored."


# --- shared nodes that nothing points at -----------------------------------------------------


def _loosen(connection: sqlite3.Connection, nodes: Iterable[tuple[str, str]]) -> None:
    connection.executemany("INSERT OR IGNORE INTO Loose VALUES (?, ?)", nodes)


def _loosen_ends(connection: sqlite3.Connection, table: Layout, where: str) -> None:
    declared = next(r for r in RELATIONSHIPS if r.type == table.kind)
    for side, labels in (("from", {a for a, _ in declared.ends}), ("to", {b for _, b in declared.ends})):
        if labels & SHARED:
            connection.execute(
                f'INSERT OR IGNORE INTO Loose SELECT {side}_kind, {side}_id FROM "{table.kind}" {where}'
                f" AND {side}_kind IN ({_SHARED_LIST})"
            )
    if "mention" in table.names:
        connection.execute(
            f"INSERT OR IGNORE INTO Loose SELECT 'Mention', mention FROM \"{table.kind}\" {where}"
        )


def remove_orphans(connection: sqlite3.Connection) -> int:
    """Remove shared nodes that this job left without anything that points at them.

    A mention is in use while a relationship carries it as its ``mention``. What an orphan itself
    points at (the organization that a mention names, the parent of an organization) may become an
    orphan in turn.
    """
    removed = 0
    while True:
        orphans = [
            (label, id_)
            for label in sorted(SHARED)
            for (id_,) in connection.execute(
                f"SELECT id FROM Loose WHERE kind = '{label}' AND EXISTS (SELECT 1 FROM \"{label}\" n"
                f" WHERE n.id = Loose.id) AND NOT {_in_use(label, 'Loose.id')}"
            ).fetchall()
        ]
        connection.execute("DELETE FROM Loose")
        if not orphans:
            return removed
        for label, id_ in orphans:
            removed += _remove(connection, label, id_)


def _in_use(label: str, id_: str) -> str:
    """SQL that is true while something keeps the node."""
    uses = []
    for declared in RELATIONSHIPS:
        for start, end in declared.ends:
            ends = f"r.from_kind = '{start}' AND r.to_kind = '{end}'"
            if end == label:
                # a node does not keep itself
                loop = f" AND r.from_id <> {id_}" if start == label else ""
                uses.append(f'SELECT 1 FROM "{declared.type}" r WHERE r.to_id = {id_} AND {ends}{loop}')
            if start == label and not is_own_outgoing(start, end):
                uses.append(f'SELECT 1 FROM "{declared.type}" r WHERE r.from_id = {id_} AND {ends}')
        if label == "Mention" and any(p.name == "mention" for p in declared.properties):
            uses.append(f'SELECT 1 FROM "{declared.type}" r WHERE r.mention = {id_}')
    return "(" + " OR ".join(f"EXISTS ({use})" for use in uses) + ")" if uses else "0"


def _remove(connection: sqlite3.Connection, label: str, id_: str) -> int:
    assert NODE[label].shared
    for declared in RELATIONSHIPS:
        if any(start == label for start, _ in declared.ends):
            where = f"WHERE from_kind = '{label}' AND from_id = ?"
            connection.execute(
                f'INSERT OR IGNORE INTO Loose SELECT to_kind, to_id FROM "{declared.type}" {where}'
                f" AND to_kind IN ({_SHARED_LIST})",
                (id_,),
            )
            connection.execute(f'DELETE FROM "{declared.type}" {where}', (id_,))
        if any(end == label for _, end in declared.ends):
            connection.execute(
                f'DELETE FROM "{declared.type}" WHERE to_kind = \'{label}\' AND to_id = ?', (id_,)
            )
    return connection.execute(f'DELETE FROM "{label}" WHERE id = ?', (id_,)).rowcount
