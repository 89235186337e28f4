"""How ``model/``'s kinds lie in a store: columns, keys, order and Arrow types.

Both stores and the Cypher view take names, types and keys from here, so that no schema is
written twice. Order is by code point everywhere: SQLite compares the bytes of UTF-8 and Neo4j
compares code points, which is the same order.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from partnermap.errors import NotFound, StoreError
from partnermap.model import NODE, NODES, RELATIONSHIP, RELATIONSHIPS, Property, Row

if TYPE_CHECKING:
    import pyarrow as pa

ENDS = ("from_kind", "from_id", "to_kind", "to_id")


@dataclass(frozen=True)
class Layout:
    """One kind as a table: a node label, or a relationship type with its four end columns.

    ``key`` is unique and gives the order of reading; ``owner`` is the column that holds the
    subject whose derivation made the row, None where no single one did; ``least`` as in
    ``model.NodeKind``.
    """

    kind: str
    is_node: bool
    properties: tuple[Property, ...]
    key: tuple[str, ...]
    owner: str | None
    least: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every column, in the order in which rows are stored."""
        return tuple(p.name for p in self.properties)

    def chosen(self, names: Sequence[str]) -> list[Property]:
        """The properties of these names, in that order.

        Raises
        ------
        NotFound
            If the kind declares no such property.
        """
        known = {p.name: p for p in self.properties}
        for name in names:
            if name not in known:
                raise NotFound(f"{self.kind} has no column {name!r}. Known: {', '.join(known)}.")
        return [known[name] for name in names]


def settled(table: Layout, old: Row | None, new: Row) -> Row:
    """The row to store where ``old`` is stored: the least values stay, unless the new is listed."""
    if not old or not table.least or new.get("listed"):
        return new
    kept = {n: old[n] for n in table.least if old.get(n) and (not new.get(n) or old[n] < new[n])}
    return {**new, **kept}


@cache
def layout(kind: str) -> Layout:
    """The layout of a node label or relationship type.

    Raises
    ------
    NotFound
        If ``model/`` declares no such kind.
    """
    if kind in NODE:
        node = NODE[kind]
        return Layout(kind, True, node.properties, ("id",), node.of_subject, node.least)
    if kind in RELATIONSHIP:
        relationship = RELATIONSHIP[kind]
        ends = tuple(Property(name, "text", "") for name in ENDS)
        owner = {"from": "from_id", "to": "to_id"}.get(
            relationship.of_subject or "", relationship.of_subject
        )
        key = ("from_id", "to_id", "from_kind", "to_kind", *relationship.key)
        return Layout(kind, False, ends + relationship.properties, key, owner)
    raise NotFound(f"There is no kind {kind!r}. Known: {', '.join([*NODE, *RELATIONSHIP])}.")


NODE_LAYOUTS = tuple(layout(kind.label) for kind in NODES)
RELATIONSHIP_LAYOUTS = tuple(layout(kind.type) for kind in RELATIONSHIPS)
LAYOUTS = NODE_LAYOUTS + RELATIONSHIP_LAYOUTS

# labels whose rows are replaced when their records change; all but activities begin their ids so
SUBJECT_LABELS = ("Activity", *(kind.label for kind in NODES if kind.of_subject == "id"))
SHARED = frozenset(kind.label for kind in NODES if kind.shared)


def is_own_outgoing(start: str, end: str) -> bool:
    """Whether a relationship between these labels keeps only its end from the orphan clean-up.

    A mention names an organization and a ministry is part of a government, yet neither is in use
    because of that: between two shared kinds only the end is kept.
    """
    return start in SHARED and end in SHARED


def is_single(kind: str) -> bool:
    """Whether a start has one end at most, so that putting a row replaces the earlier one.

    A mention means one organization: a later resolution takes the place of the earlier.
    """
    declared = RELATIONSHIP[kind]
    return declared.of_subject is None and all(a in SHARED and b in SHARED for a, b in declared.ends)


# --- rows into plain values ---------------------------------------------------------------------


def plain(table: Layout, rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Rows as lists in the order of ``table.names``, checked and with defaults.

    A missing property is None, a missing part of a relationship's key is empty text; a float
    that is no number is None; dates stay ISO text and lists stay lists.

    Raises
    ------
    StoreError
        If a date is not ISO text or a list holds something other than text.
    """
    names = table.names
    checks: list[tuple[int, Callable[[Any], Any]]] = [
        (i, _CHECKS[p.type]) for i, p in enumerate(table.properties) if p.type in _CHECKS
    ]
    key = [i for i, name in enumerate(names) if name in table.key]
    for row in rows:
        get = row.get
        values = [get(name) for name in names]
        for i, check in checks:
            if values[i] is not None:
                try:
                    values[i] = check(values[i])
                except (TypeError, ValueError) as error:
                    raise StoreError(
                        f"{table.kind} {[values[k] for k in key]}: {values[i]!r} cannot be stored "
                        f"as {names[i]}: {error}"
                    ) from error
        for i in key:
            if values[i] is None:
                values[i] = ""
        yield values


def _iso_date(value: Any) -> str:
    # isoformat: "20200131" and a datetime's text would be read, but not be equal as text
    return (date.fromisoformat(value) if isinstance(value, str) else value).isoformat()[:10]


def _finite(value: Any) -> float | None:
    number = float(value)
    return None if math.isnan(number) else number


def _texts(value: Any) -> list[str]:
    texts = list(value)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a list holds text only")
    return texts


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "date": _iso_date,
    "float": _finite,
    "list": _texts,
    "bool": bool,
}


# --- stored values into Arrow ----------------------------------------------------------------


def arrow_type(type_: str) -> pa.DataType:
    """The Arrow type of a property type, or of a type name in a query's header."""
    import pyarrow as pa

    types: dict[str, pa.DataType] = {
        "text": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "date": pa.date32(),
        "list": pa.list_(pa.string()),
    }
    return types[{"string": "text"}.get(type_.lower(), type_.lower())]


def arrow_schema(properties: Iterable[Property]) -> pa.Schema:
    """The Arrow schema of these properties."""
    import pyarrow as pa

    return pa.schema([pa.field(p.name, arrow_type(p.type)) for p in properties])


def arrow_from_sql(type_: str, values: Sequence[Any]) -> pa.Array[Any]:
    """A column as SQLite gives it (ISO dates, JSON lists, 0 and 1) with its Arrow type."""
    import pyarrow as pa

    if type_ == "date":
        return pa.array(values, pa.string()).cast(pa.date32())
    if type_ == "bool":
        return pa.array(values, pa.int8()).cast(pa.bool_())
    if type_ == "list":
        values = [None if value is None else json.loads(value) for value in values]
    return pa.array(values, arrow_type(type_))
