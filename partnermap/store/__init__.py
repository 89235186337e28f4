"""The ``Store`` protocol and the table of stores."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from partnermap.errors import StoreError
from partnermap.model import (
    Change,
    DatasetVersion,
    GraphRows,
    Record,
    ReporterFacts,
    Row,
    ScanResult,
    SourceRecord,
)
from partnermap.store.layout import layout

if TYPE_CHECKING:
    import pyarrow as pa

JobKind = Literal["import", "scan", "decision"]
Rederive = Callable[["Job"], None]


class Job(Protocol):
    """Writing inside one job; left by an exception, the store is as it was before."""

    def put_records(
        self, dataset: DatasetVersion, records: Iterable[SourceRecord], *, replace: bool = False
    ) -> Change:
        """Store a dataset's next version; nothing changes when its sha256 is that of the newest.

        Raises
        ------
        DatasetConflict
            When the version would close over half of the dataset's current records and
            ``replace`` is False.
        """
        ...

    def put_truth(self, label: str, rows: Iterable[Row]) -> None:
        """Store rows of a truth kind as they are: decisions, or all when a workspace is copied."""
        ...

    def drop_truth(self, label: str, ids: Sequence[str]) -> None:
        """Remove rows of a truth kind without a trace: what was said of a person."""
        ...

    def truth(self, label: str) -> list[Row]:
        """Rows of a truth kind in id order, with those that this job put."""
        ...

    def touch(self, ids: Iterable[str]) -> None:
        """Count these subjects among the ``touched``, though their records are unchanged."""
        ...

    def reporters(self) -> list[ReporterFacts]:
        """Facts about each (dataset, reporter) with current records, sorted."""
        ...

    def touched(
        self, *, reporters: Sequence[tuple[str, str]] = (), everything: bool = False
    ) -> Iterator[list[str]]:
        """Ids of subjects to derive again, sorted, in batches of up to 5,000.

        Those whose records this job changed, those with a Reference to one of them, those with a
        current record of one of ``reporters`` (dataset, reporter), or all.
        """
        ...

    def current(self, ids: Sequence[str]) -> list[Record]:
        """Current records of these subjects, sorted by id; of one without any, its last ones."""
        ...

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that have a record: of activities current or closed, of others current."""
        ...

    def put_graph(self, ids: Sequence[str], graph: GraphRows) -> None:
        """Replace what was derived for these subjects; other nodes are added or updated."""
        ...

    def put_scan(self, scan: ScanResult) -> None:
        """Replace the stored pairs and findings; numbers, scans and SUCCEEDS are added."""
        ...

    def set_meta(self, name: str, value: str) -> None:
        """Remember a value, such as ``codes_hash``, with this job."""
        ...


class Store(Protocol):
    """A workspace's graph, wherever it is kept."""

    def job(self, kind: JobKind, *, rederive: Rederive | None = None) -> AbstractContextManager[Job]:
        """Open a job. ``rederive`` derives what ``touched`` names; a store without large
        transactions calls it to undo an import that was given up."""
        ...

    def check_writable(self) -> None:
        """Raise StoreError where it is known before a job that nothing may be written."""
        ...

    def columns(self, kind: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Columns of a node kind, or of a relationship kind (with ``from_id``, ``to_id``,
        ``from_kind``, ``to_kind``), in key order, straight from the tables."""
        ...

    def read(self, query: str, **params: object) -> pa.Table:
        """Rows of a named query of ``cypher/read``, with the types of its header."""
        ...

    def read_text(self, cypher: str, **params: object) -> pa.Table:
        """Rows of any read-only Cypher text."""
        ...

    def meta(self, name: str) -> str | None:
        """A value that ``set_meta`` stored."""
        ...

    def unfinished(self) -> str | None:
        """A sentence on an import that is open or died, else None."""
        ...

    def settle(self, *, resume: bool, rederive: Rederive) -> str:
        """Finish (``resume``) or undo the unfinished import; a sentence on what was done."""
        ...

    def version(self) -> int:
        """The data version: raised by every job that changed something."""
        ...

    def close(self) -> None: ...


def read_rows(store: Store, kind: str, *names: str) -> Iterator[Row]:
    """Rows of a node or relationship kind in key order, with these columns, else with all."""
    for batch in store.columns(kind, names or layout(kind).names):
        yield from batch.to_pylist()


def open_store(url: str, folder: Path, environment: dict[str, str] | None = None) -> Store:
    """Open the store that a workspace names.

    Parameters
    ----------
    url : ``"embedded"`` (``graph.sqlite`` in ``folder``) or a ``neo4j://host:port`` address
    folder : the workspace's folder
    environment : may hold ``NEO4J_USERNAME`` and ``NEO4J_PASSWORD``

    Raises
    ------
    StoreError
        If no such store exists, or it cannot be opened.
    """
    scheme = url.split("://", 1)[0]
    if scheme not in STORES:
        raise StoreError(
            f"{url!r} is no store. Use \"embedded\" or an address that starts with "
            f"{', '.join(name + '://' for name in STORES if name != 'embedded')}."
        )
    return STORES[scheme](url, folder, environment or {})


def _embedded(url: str, folder: Path, environment: dict[str, str]) -> Store:
    from partnermap.store.embedded import EmbeddedStore

    return EmbeddedStore(folder)


def _neo4j(url: str, folder: Path, environment: dict[str, str]) -> Store:
    from partnermap.store.neo4j import Neo4jStore

    return Neo4jStore(url, environment.get("NEO4J_USERNAME", "neo4j"), environment.get("NEO4J_PASSWORD", ""))


STORES: dict[str, Callable[[str, Path, dict[str, str]], Store]] = {
    "embedded": _embedded,
    "neo4j": _neo4j,
    "neo4j+s": _neo4j,
    "bolt": _neo4j,
}
