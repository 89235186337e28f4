"""Changes to single rows of a Neo4j database, each with what was there before.

A change is made by its key alone and can be turned round, which is what an undo of an import is
made of. Nodes are labelled and relationships typed as ``model/`` declares; statements are put
together from those names only, values are always parameters.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from partnermap.model import NODE, RELATIONSHIP, Row
from partnermap.store.layout import (
    NODE_LAYOUTS,
    RELATIONSHIP_LAYOUTS,
    SUBJECT_LABELS,
    Layout,
    layout,
    plain,
    settled,
)
from partnermap.store.neo4j_link import Link, chunks, for_driver, property_names, stored_text

if TYPE_CHECKING:
    import neo4j

Action = Literal["create", "patch", "delete"]
Key = tuple[Any, ...]  # values of the layout's key: (id,), or (from_id, to_id, from_kind, to_kind, ...)
Properties = dict[str, Any]  # without nulls and without a relationship's ends
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is created, patched or deleted.

    ``before`` and ``after`` hold all properties, of a patch only those that differ (None: absent).
    """

    kind: str
    action: Action
    key: Key
    before: Properties
    after: Properties

    def reversed(self) -> RowChange:
        """The change that undoes this one."""
        turned: dict[Action, Action] = {"create": "delete", "delete": "create", "patch": "patch"}
        return RowChange(self.kind, turned[self.action], self.key, self.after, self.before)


def change_between(kind: str, key: Key, old: Properties | None, new: Properties | None) -> RowChange | None:
    """The change from one state of a row to another; None where they are equal."""
    if old is None or new is None:
        if new is not None:
            return RowChange(kind, "create", key, {}, new)
        return None if old is None else RowChange(kind, "delete", key, old, {})
    names = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
    if not names:
        return None
    return RowChange(
        kind, "patch", key, {n: old.get(n) for n in names}, {n: new.get(n) for n in names}
    )


def keyed(table: Layout, rows: Iterable[Row]) -> dict[Key, Properties]:
    """Rows by their key; of rows with one key the last, but for what :func:`settled` keeps."""
    names = table.names
    found: dict[Key, Properties] = {}
    for values in plain(table, rows):
        row = dict(zip(names, values, strict=True))
        key = tuple(row[name] for name in table.key)
        made = {n: row[n] for n in property_names(table) if row[n] is not None}
        found[key] = settled(table, found.get(key), made)
    return found


# --- keeping them for an undo ----------------------------------------------------------------


def to_text(changes: Sequence[RowChange]) -> str:
    """JSON text that is enough to undo the changes."""
    return json.dumps(
        [[c.kind, c.action, c.key, c.before, sorted(c.after) if c.action == "patch" else []] for c in changes],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_text(text: str) -> list[RowChange]:
    """The changes of :func:`to_text`; what they made of a row is not kept."""
    return [
        RowChange(kind, action, tuple(key), before, dict.fromkeys(names))
        for kind, action, key, before, names in json.loads(text)
    ]


# --- making them ------------------------------------------------------------------------------


def apply(transaction: neo4j.Transaction, changes: Iterable[RowChange]) -> None:
    """Make the changes in an order in which every end exists.

    Raises
    ------
    RuntimeError
        If a row to change is not there: the database was changed by something else.
    """
    groups: dict[tuple[int, str, Action, Key], list[RowChange]] = defaultdict(list)
    for change in changes:
        is_node = layout(change.kind).is_node
        order = {"delete": 1 if is_node else 0, "create": 2 if is_node else 4, "patch": 3 if is_node else 5}
        ends = () if is_node else (change.key[2], change.key[3])
        groups[order[change.action], change.kind, change.action, ends].append(change)
    for (_, kind, action, ends), group in sorted(groups.items(), key=lambda item: item[0]):
        text = _statement(layout(kind), action, ends)
        for part in chunks(group, BATCH):
            rows = [_parameters(change) for change in part]
            made = transaction.run(text, {"rows": rows}).single(strict=True)[0]
            if made != len(rows):
                raise RuntimeError(f"{action} of {len(rows)} {kind} rows changed {made}")


def _parameters(change: RowChange) -> list[Any]:
    return [*change.key, for_driver(change.kind, change.after)]


def _statement(table: Layout, action: Action, ends: Key) -> str:
    """The statement for one action on rows ``[*key, properties]``; it gives back how many."""
    properties = f"row[{len(table.key)}]"
    if table.is_node:
        match, pattern, condition = "UNWIND $rows AS row", f"(x:{table.kind} {{id: row[0]}})", ""
        new = f"(x:{table.kind})"
    else:
        match, condition = _at_key(table, (ends[0], ends[1]))
        pattern = new = f"(a)-[x:{table.kind}]->(b)"
    if action == "create":
        return f"{match} CREATE {new} SET x = {properties} RETURN count(*)"
    found = f"{match} MATCH {pattern} {condition}"
    if action == "patch":
        return f"{found} SET x += {properties} RETURN count(*)"
    return f"{found} {'DETACH DELETE' if table.is_node else 'DELETE'} x RETURN count(*)"


# --- reading rows ------------------------------------------------------------------------------


def read_rows(
    link: Link,
    table: Layout,
    match: str = "",
    condition: str = "",
    *,
    ends: Iterable[tuple[str, str]] | None = None,
    only: Sequence[str] | None = None,
    **params: Any,
) -> Iterator[tuple[Key, Properties]]:
    """Stored rows with their keys, in no order.

    ``ends`` narrows down the labels of both ends, ``only`` the properties that are read.

    ``match`` stands before and ``condition`` behind the pattern, in which the row is ``x`` and
    a relationship's ends are ``a`` and ``b``.
    """
    names = [n for n in property_names(table) if only is None or n in only or n in table.key]
    returned = ", ".join(f"x.{name}" for name in names)
    if table.is_node:
        text = f"{match} MATCH (x:{table.kind}) {condition} RETURN {returned}"
        for values in link.rows(text, **params):
            properties = {n: v for n, v in zip(names, values, strict=True) if v is not None}
            yield (properties["id"],), properties
        return
    for start, end in RELATIONSHIP[table.kind].ends if ends is None else ends:
        pattern = f"{match} MATCH (a:{start})-[x:{table.kind}]->(b:{end}) {condition}"
        columns = ", ".join(["a.id", "b.id", *([returned] if names else [])])
        for values in link.rows(f"{pattern} RETURN {columns}", **params):
            properties = {n: v for n, v in zip(names, values[2:], strict=True) if v is not None}
            yield (values[0], values[1], start, end, *(properties[n] for n in table.key[4:])), properties


def read_owned(link: Link, ids: Sequence[str]) -> dict[str, dict[Key, Properties]]:
    """What was derived for these subjects, by kind.

    Few statements for all kinds, since a server takes longer to plan one than to run it.
    """
    found: dict[str, dict[Key, Properties]] = defaultdict(dict)
    labels = [label for label in SUBJECT_LABELS[1:] if any(id_.startswith(f"{label}:") for id_ in ids)]
    for table in NODE_LAYOUTS:
        if table.owner and (table.owner != "id" or table.kind in labels):
            condition = f"WHERE x.{table.owner} = id"
            found[table.kind].update(read_rows(link, table, "UNWIND $ids AS id", condition, ids=list(ids)))
    for statement in (*_OWNED, *(s for label in labels for s in _owned_by_side(label))):
        for kind, start, start_labels, end, end_labels, stored in link.rows(statement, ids=list(ids)):
            properties = {name: stored_text(value) for name, value in stored.items()}
            ends = (_declared(start_labels), _declared(end_labels))
            rest = (properties[name] for name in layout(kind).key[4:])
            found[kind][start, end, *ends, *rest] = properties
    return found


def _declared(labels: Sequence[str]) -> str:
    # somebody may have given a node a label of their own
    return next(label for label in labels if label in NODE)


_RETURNED = "RETURN type(x), a.id, labels(a), b.id, labels(b), properties(x)"


def _owned_by_side(label: str) -> list[str]:
    """Statements for the relationships that subjects of a label own by being one of their ends."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for table in RELATIONSHIP_LAYOUTS:
        ends = RELATIONSHIP[table.kind].ends
        if (table.owner == "from_id" and any(a == label for a, _ in ends)) or (
            table.owner == "to_id" and any(b == label for _, b in ends)
        ):
            kinds[str(table.owner)].append(table.kind)
    sides = {"from_id": f"(a:{label} {{id: id}})-[x:%s]->(b)", "to_id": f"(a)-[x:%s]->(b:{label} {{id: id}})"}
    return [f"UNWIND $ids AS id MATCH {sides[owner] % '|'.join(some)} {_RETURNED}" for owner, some in sorted(kinds.items())]


def _owned_statements() -> list[str]:
    by_owner: dict[str, list[str]] = defaultdict(list)
    for table in RELATIONSHIP_LAYOUTS:
        if table.owner:
            by_owner[table.owner].append(table.kind)
    for side in ("from_id", "to_id"):
        by_owner.pop(side, None)
    made = _owned_by_side("Activity")
    for owner, kinds in by_owner.items():
        parts = [f"UNWIND $ids AS id MATCH (a)-[x:{kind}]->(b) WHERE x.{owner} = id {_RETURNED}" for kind in kinds]
        made.append(" UNION ALL ".join(parts))
    return made


_OWNED = _owned_statements()


def read_by_key(link: Link, table: Layout, keys: Iterable[Key]) -> dict[Key, Properties]:
    """Those of the rows that are stored."""
    wanted = list(keys)
    found: dict[Key, Properties] = {}
    for part in chunks(wanted, BATCH):
        rows = [list(key) for key in part]
        if table.is_node:
            match, condition = "UNWIND $rows AS row", "WHERE x.id = row[0]"
            found.update(read_rows(link, table, match, condition, rows=rows))
            continue
        by_ends: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)
        for row in rows:
            by_ends[row[2], row[3]].append(row)
        for pair, some in by_ends.items():
            found.update(read_rows(link, table, *_at_key(table, pair), ends=[pair], rows=some))
    return found


def _at_key(table: Layout, ends: tuple[str, str]) -> tuple[str, str]:
    """What stands before and behind a pattern that finds the relationships of ``$rows`` by key.

    Both ends are bound first: an index of a property would find every use of a mention.
    """
    match = (
        f"UNWIND $rows AS row MATCH (a:{ends[0]} {{id: row[0]}}) MATCH (b:{ends[1]} {{id: row[1]}}) "
        "WITH row, a, b"
    )
    conditions = [f"x.{name} = row[{i}]" for i, name in enumerate(table.key) if i >= 4]
    return match, f"WHERE {' AND '.join(conditions)}" if conditions else ""


def existing_nodes(link: Link, label: str, ids: Iterable[str]) -> set[str]:
    """Those of the ids that a node of the label has."""
    found: set[str] = set()
    for part in chunks(sorted(ids), BATCH):
        text = f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN n.id"
        found.update(row[0] for row in link.rows(text, ids=part))
    return found
