"""The journal of an import on Neo4j: what undoes it, who writes it, whether that one still lives.

A server takes no transaction of the size of an import, so a job is written in batches. Each batch
is one transaction that also stores an ``ImportStep``: what every changed row was before. Undoing
makes the steps' changes the other way round, last step first, each in a transaction that deletes
its step; so an undo that is cut short goes on where it stopped, and what is undone is exactly
what was there, derived rows included, without deriving anything again.

The ``Import`` node is there from the first write to the last. Its state is ``records`` (not all
records are in: it can be undone), ``derive`` (all are: it can also be finished) or ``done`` (the
data version is raised; only steps are left to delete). While a journal is ``records`` or
``derive``, other processes read nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from partnermap.errors import StoreError
from partnermap.store.neo4j_changes import RowChange, apply, from_text, to_text
from partnermap.store.neo4j_link import IMPORT, META, STEP, Link

if TYPE_CHECKING:
    import neo4j

State = Literal["records", "derive"]
_BEAT = 10.0  # seconds between two signs of life
_DEAD_AFTER = 60_000  # milliseconds without one
_CLEANED = 20  # steps deleted a transaction: each holds up to some megabytes

_open_here: set[str] = set()  # journals that a job of this process writes


@dataclass(frozen=True)
class Found:
    """A journal that is stored and not done."""

    id: str
    kind: str
    state: State
    host: str
    process: int
    silent_ms: int

    @property
    def lives(self) -> bool:
        """Whether somebody still writes it."""
        if self.host == socket.gethostname():
            if self.process == os.getpid():
                return self.id in _open_here
            if sys.platform != "win32" and not _runs(self.process):
                return False
        return self.silent_ms < _DEAD_AFTER

    def __str__(self) -> str:
        what = {"import": "An import", "scan": "A scan"}.get(self.kind, f"A {self.kind}")
        if self.lives:
            return (
                f"{what} is being written by another partnermap (process {self.process} on {self.host}); "
                "wait until it ends. If it has died, settle it with: partnermap import --resume, or --undo."
            )
        return (
            f"{what} was interrupted (process {self.process} on {self.host}), so what is stored is "
            "not whole. Settle it with: partnermap import --resume, or partnermap import --undo."
        )


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def find(link: Link) -> Found | None:
    """The journal that is open or was interrupted, if any."""
    text = (
        f"MATCH (i:{IMPORT}) WHERE i.state <> 'done'"
        " RETURN i.id, i.kind, i.state, i.host, i.process, timestamp() - i.heartbeat"
    )
    row = next(link.rows(text), None)
    return Found(*row) if row else None


class Journal:
    """An open journal: every change of the job goes through :meth:`write`."""

    def __init__(self, link: Link, id_: str, steps: int) -> None:
        self.id = id_
        self._link = link
        self._steps = steps
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="partnermap journal", daemon=True)
        _open_here.add(id_)
        self._thread.start()

    @classmethod
    def open(cls, link: Link, kind: str) -> Journal:
        """A new journal.

        Raises
        ------
        StoreError
            If another is open or was interrupted.
        """
        id_ = uuid.uuid4().hex
        # known as ours before it can be seen
        _open_here.add(id_)
        try:
            with link.writing() as transaction:
                # the lock on this node lets one writer at a time look and begin
                transaction.run(f"MATCH (m:{META}) SET m.locked_by = $id", id=id_).consume()
                other = find(link)
                if other:
                    raise StoreError(str(other))
                transaction.run(
                    f"CREATE (:{IMPORT} {{id: $id, kind: $kind, state: 'records', host: $host,"
                    " process: $process, heartbeat: timestamp(), values: '{}'})",
                    id=id_,
                    kind=kind,
                    host=socket.gethostname(),
                    process=os.getpid(),
                ).consume()
        except BaseException:
            _open_here.discard(id_)
            with contextlib.suppress(StoreError):  # what is wrong is being told already
                link.run(f"MATCH (i:{IMPORT} {{id: $id}}) DELETE i RETURN 1", id=id_)
            raise
        return cls(link, id_, 0)

    @classmethod
    def take_over(cls, link: Link, found: Found) -> Journal:
        """Go on with the journal of a process that died.

        Raises
        ------
        StoreError
            If somebody still writes it.
        """
        if found.lives:
            raise StoreError(str(found))
        _open_here.add(found.id)
        link.run(
            f"MATCH (i:{IMPORT} {{id: $id}}) SET i.host = $host, i.process = $process,"
            " i.heartbeat = timestamp() RETURN 1",
            id=found.id,
            host=socket.gethostname(),
            process=os.getpid(),
        )
        last = next(link.rows(f"MATCH (s:{STEP} {{journal: $id}}) RETURN coalesce(max(s.n), 0)", id=found.id))
        return cls(link, found.id, last[0])

    def write(self, changes: Sequence[RowChange], touched: Sequence[str] = ()) -> None:
        """Make changes and store what undoes them, in one transaction.

        ``touched`` are activities that the records of this job touch, for a later ``resume``.
        """
        self._steps += 1
        with self._link.writing() as transaction:
            transaction.run(
                f"CREATE (:{STEP} {{id: $id, journal: $journal, n: $n, changes: $changes, touched: $touched}})",
                id=f"{self.id}#{self._steps}",
                journal=self.id,
                n=self._steps,
                changes=to_text(changes),
                touched=list(touched),
            ).consume()
            apply(transaction, changes)

    def touched(self) -> Iterator[str]:
        """Activities that the records of this job touch."""
        for row in self._link.rows(
            f"MATCH (s:{STEP} {{journal: $id}}) UNWIND s.touched AS id RETURN DISTINCT id", id=self.id
        ):
            yield row[0]

    def set_state(self, state: State) -> None:
        """Note how far the job is."""
        self._link.run(
            f"MATCH (i:{IMPORT} {{id: $id}}) SET i.state = $state RETURN 1", id=self.id, state=state
        )

    def set_values(self, values: dict[str, str]) -> None:
        """Keep what ``set_meta`` was given until the job ends."""
        text = json.dumps(values, sort_keys=True)
        self._link.run(f"MATCH (i:{IMPORT} {{id: $id}}) SET i.values = $text RETURN 1", id=self.id, text=text)

    def values(self) -> dict[str, str]:
        """What ``set_meta`` was given so far."""
        row = next(self._link.rows(f"MATCH (i:{IMPORT} {{id: $id}}) RETURN i.values", id=self.id))
        found: dict[str, str] = json.loads(row[0])
        return found

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return self._steps == 0

    def finish(self, values: dict[str, str]) -> None:
        """Raise the data version, keep the values, and drop the journal."""
        with self._link.writing() as transaction:
            raise_version(transaction, values)
            transaction.run(f"MATCH (i:{IMPORT} {{id: $id}}) SET i.state = 'done'", id=self.id).consume()
        self.leave()
        clean(self._link)

    def undo(self) -> None:
        """Make everything as it was before the job, and drop the journal; not if it is done."""
        if next(self._link.rows(f"MATCH (i:{IMPORT} {{id: $id}}) WHERE i.state <> 'done' RETURN 1", id=self.id), None) is None:
            self.leave()
            return
        newest = f"MATCH (s:{STEP} {{journal: $id}}) RETURN s.id, s.changes ORDER BY s.n DESC LIMIT 1"
        while row := next(self._link.rows(newest, id=self.id), None):
            with self._link.writing() as transaction:
                apply(transaction, [change.reversed() for change in from_text(row[1])])
                transaction.run(f"MATCH (s:{STEP} {{id: $id}}) DELETE s", id=row[0]).consume()
        self.drop()

    def drop(self) -> None:
        """Drop a journal without steps."""
        self._link.run(f"MATCH (i:{IMPORT} {{id: $id}}) DELETE i RETURN 1", id=self.id)
        self.leave()

    def leave(self) -> None:
        """Give no further signs of life."""
        self._stop.set()
        self._thread.join()
        _open_here.discard(self.id)

    def _beat(self) -> None:
        while not self._stop.wait(_BEAT):
            try:
                self._link.run(
                    f"MATCH (i:{IMPORT} {{id: $id}}) SET i.heartbeat = timestamp() RETURN 1", id=self.id
                )
            except StoreError:
                continue  # the job's own next write tells what is wrong; the next beat may get through


def raise_version(transaction: neo4j.Transaction, values: dict[str, str]) -> None:
    """Raise the data version and store values, inside a transaction."""
    row = transaction.run(f"MATCH (m:{META}) SET m.data_version = m.data_version + 1 RETURN m.values").single(strict=True)
    merged = json.loads(row[0]) | values
    transaction.run(f"MATCH (m:{META}) SET m.values = $text", text=json.dumps(merged, sort_keys=True)).consume()


def clean(link: Link) -> None:
    """Delete the journals that are done, with their steps, in small transactions."""
    for row in list(link.rows(f"MATCH (i:{IMPORT} {{state: 'done'}}) RETURN i.id")):
        text = f"MATCH (s:{STEP} {{journal: $id}}) WITH s LIMIT {_CLEANED} DELETE s RETURN count(*)"
        while link.run(text, id=row[0])[0][0]:
            pass
        link.run(f"MATCH (i:{IMPORT} {{id: $id}}) DELETE i RETURN 1", id=row[0])
