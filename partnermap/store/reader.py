"""One reader of ``graph.sqlite`` into Arrow, for ``columns()`` and for the Cypher view."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from partnermap.model import Property
from partnermap.store.layout import Layout, arrow_from_sql, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 50_000


def read_batches(
    connection: sqlite3.Connection,
    table: Layout,
    properties: Sequence[Property],
    *,
    ends: tuple[str, str] | None = None,
    ordered: bool = True,
    size: int = BATCH,
) -> Iterator[pa.RecordBatch]:
    """A table's columns in batches of ``size`` rows, in key order unless ``ordered`` is False.

    ``ends`` keeps only relationships between these two labels.
    """
    import pyarrow as pa

    schema = arrow_schema(properties)
    columns = ", ".join(f'"{p.name}"' for p in properties)
    condition = "WHERE from_kind = ? AND to_kind = ?" if ends else ""
    order = "ORDER BY " + ", ".join(f'"{name}"' for name in table.key) if ordered else ""
    cursor = connection.execute(f'SELECT {columns} FROM "{table.kind}" {condition} {order}', ends or ())
    while rows := cursor.fetchmany(size):
        arrays = [
            arrow_from_sql(p.type, values)
            for p, values in zip(properties, zip(*rows, strict=True), strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
