"""The connection to one Neo4j database: opening, schema, reading, writing, what errors mean."""

from __future__ import annotations

import signal
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from types import FrameType
from typing import TYPE_CHECKING, Any

from partnermap.errors import MissingExtra, StoreError
from partnermap.model import NODE, SCHEMA
from partnermap.store.database import newer_schema
from partnermap.store.layout import LAYOUTS, NODE_LAYOUTS, RELATIONSHIP_LAYOUTS, Layout

if TYPE_CHECKING:
    import neo4j

FETCHED = 10_000  # rows that the driver takes at a time
META, IMPORT, STEP = "Meta", "Import", "ImportStep"  # labels of the store's own nodes


class Link:
    """One database with its schema in place.

    Raises
    ------
    MissingExtra
        If the driver is not installed.
    StoreError
        If the server cannot be reached, refuses the login, or holds something else.
    """

    def __init__(self, url: str, user: str, password: str) -> None:
        try:
            import neo4j
        except ImportError as error:
            raise MissingExtra('Neo4j needs its driver: pip install "partnermap[neo4j]"') from error
        self.url = url
        self._user = user
        self._inside: neo4j.Transaction | None = None
        with self.explained():
            self._driver = neo4j.GraphDatabase.driver(
                url,
                auth=(user, password),
                connection_timeout=10.0,
                notifications_min_severity="OFF",  # unknown labels are usual in an empty database
            )
        try:
            self._prepare()
        except BaseException:
            self._driver.close()
            raise

    def close(self) -> None:
        """Close the connections."""
        self._driver.close()

    @contextmanager
    def reading(self) -> Iterator[neo4j.Transaction]:
        """A transaction that the server keeps from writing."""
        with (
            self.explained(),
            whole(),
            self._driver.session(default_access_mode="READ", fetch_size=FETCHED) as session,
            session.begin_transaction() as transaction,
        ):
            yield transaction

    @contextmanager
    def writing(self) -> Iterator[neo4j.Transaction]:
        """A transaction: committed at the end, rolled back when left by any exception."""
        with (
            self.explained(),
            whole(),
            self._driver.session(fetch_size=FETCHED) as session,
            session.begin_transaction() as transaction,
        ):
            yield transaction
            transaction.commit()

    @contextmanager
    def inside(self, transaction: neo4j.Transaction) -> Iterator[None]:
        """Let :meth:`rows` see what this transaction wrote."""
        self._inside = transaction
        try:
            yield
        finally:
            self._inside = None

    def rows(self, statement: str, /, **params: Any) -> Iterator[list[Any]]:
        """Rows of a statement that reads, in pieces as they are asked for; dates as ISO text."""
        if self._inside is not None:
            for record in list(self._inside.run(statement, params)):
                yield [stored_text(value) for value in record.values()]
            return
        with self.explained():
            session = self._driver.session(default_access_mode="READ", fetch_size=FETCHED)
            try:
                with whole():
                    result = session.begin_transaction().run(statement, params)
                    records = result.fetch(FETCHED)
                while records:
                    for record in records:
                        yield [stored_text(value) for value in record.values()]
                    with whole():
                        records = result.fetch(FETCHED)
            finally:
                with whole():
                    session.close()

    def run(self, statement: str, /, **params: Any) -> list[list[Any]]:
        """Run one writing statement in a transaction of its own; its rows."""
        with self.writing() as transaction:
            return [list(record.values()) for record in transaction.run(statement, params)]

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn the driver's errors into sentences."""
        from neo4j.exceptions import (
            AuthError,
            ConfigurationError,
            DriverError,
            Neo4jError,
            ServiceUnavailable,
            SessionExpired,
        )

        try:
            yield
        except AuthError as error:
            raise StoreError(
                f"Neo4j at {self.url} refuses the login of {self._user!r}. Set NEO4J_USERNAME and "
                "NEO4J_PASSWORD to those of that server."
            ) from error
        except (ServiceUnavailable, SessionExpired) as error:
            raise StoreError(
                f"Neo4j at {self.url} does not answer. Start it, or correct the address in partnermap.toml."
            ) from error
        except ConfigurationError as error:
            raise StoreError(f"{self.url} is no address of a Neo4j server: {error}.") from error
        except Neo4jError as error:
            raise StoreError(f"Neo4j at {self.url} reports: {error.message} ({error.code}).") from error
        except DriverError as error:
            raise StoreError(f"Neo4j at {self.url} cannot be used: {error}.") from error

    # --- schema ---------------------------------------------------------------------------------

    def _prepare(self) -> None:
        held = list(self.rows(f"MATCH (m:{META}) RETURN m.schema"))
        if held and held[0][0] > SCHEMA:
            raise StoreError(newer_schema(f"The database at {self.url}", held[0][0]))
        if not held:
            labels = "|".join(NODE)
            if next(self.rows(f"MATCH (n:{labels}) RETURN n.id LIMIT 1"), None) is not None:
                raise StoreError(
                    f"The database at {self.url} holds data of another program. Use an empty one: "
                    "one workspace, one database."
                )
        stored = {row[0] for row in self.rows("SHOW INDEXES YIELD name RETURN name")}
        for name, statement in _schema().items():
            if name not in stored:
                self.run(statement)
        # additions need no step in a database without columns; the constraint keeps this node single
        self.run(
            f"MERGE (m:{META} {{id: 'partnermap'}}) ON CREATE SET m.data_version = 0, m.values = '{{}}',"
            " m.workspace = $workspace SET m.schema = $schema",
            workspace=uuid.uuid4().hex,
            schema=SCHEMA,
        )


def _schema() -> dict[str, str]:
    """Statements by the name of the constraint or index that they make."""
    made = {}
    for label in (*NODE, META, IMPORT, STEP):
        name = f"{label}_id"
        made[name] = f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
    looked_up = [("Record", "subject_id"), ("Record", "dataset"), ("Reference", "target"), (STEP, "journal")]
    looked_up += [(t.kind, t.owner) for t in NODE_LAYOUTS if t.owner]
    for label, name in looked_up:
        made[f"{label}_{name}"] = (
            f"CREATE INDEX {label}_{name} IF NOT EXISTS FOR (n:{label}) ON (n.{name})"
        )
    for table in RELATIONSHIP_LAYOUTS:
        for indexed in {table.owner, "mention"} & set(property_names(table)):
            made[f"{table.kind}_{indexed}"] = (
                f"CREATE INDEX {table.kind}_{indexed} IF NOT EXISTS FOR ()-[r:{table.kind}]-() ON (r.{indexed})"
            )
    return made


def property_names(table: Layout) -> list[str]:
    """Names that are stored on the node or relationship itself, so without a relationship's ends."""
    return [p.name for p in table.properties if p.name not in ("from_kind", "from_id", "to_kind", "to_id")]


_DATES = {table.kind: {p.name for p in table.properties if p.type == "date"} for table in LAYOUTS}


def for_driver(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties as the driver takes them: ISO text becomes a date."""
    dates = _DATES[kind]
    return {
        name: date.fromisoformat(value) if name in dates and value is not None else value
        for name, value in properties.items()
    }


def stored_text(value: Any) -> Any:
    """A value of the driver as rows hold it: a date becomes ISO text."""
    return value.iso_format() if hasattr(value, "iso_format") else value


@contextmanager
def whole() -> Iterator[None]:
    """Let Ctrl-C wait until the block ends, the second one not.

    Cut in two by it, a call leaves the driver's connection in a state that no later call can use,
    not even those of the undo. Only the main thread gets signals.
    """
    previous = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(previous):
        yield
        return
    waiting: list[tuple[int, FrameType | None]] = []

    def wait(number: int, frame: FrameType | None) -> None:
        waiting.append((number, frame))
        if len(waiting) > 1:
            previous(number, frame)

    signal.signal(signal.SIGINT, wait)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
    if waiting:
        previous(*waiting[0])


def chunks(values: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The values in pieces of up to ``size``."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
