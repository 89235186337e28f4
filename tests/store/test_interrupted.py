"""A job that is left, killed or met by another: the store is as it was, or says what to do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from partnermap.errors import StoreError
from partnermap.model import SourceRecord
from partnermap.store import Job, Store, open_store
from tests.conftest import Place, neo4j_place
from tests.neo4j_server import Server
from tests.store.samples import (
    Rows,
    derive,
    dump,
    first,
    load,
    put_scan,
    rederive,
    rows_of,
    said,
    scan,
    second,
    version,
)


class Stop(Exception):
    """What a test leaves a job with."""


def halfway(job: Job, error: BaseException) -> None:
    """Bring in the later version, derive a part of it, and leave."""
    job.put_records(version("d", "2"), second())
    job.put_records(version("e", "1"), [said("X", by=["NEW"], sectors=["999"])])
    [ids] = job.touched()
    assert ids == ["A", "C", "D", "X"]
    for id_ in ("A", "C", "X"):
        job.put_graph([id_], derive(job.current([id_]), job.existing))
    job.set_meta("codes_hash", "new")
    raise error


def before_records_end(job: Job, error: BaseException) -> None:
    """Leave while the source is read."""

    def records() -> Iterator[SourceRecord]:
        yield from second()[:1]
        raise error

    job.put_records(version("d", "2"), records())


@pytest.mark.parametrize("error", [Stop(), KeyboardInterrupt(), SystemExit(1)], ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("leave", [before_records_end, halfway])
def test_an_import_that_is_left_changes_nothing(
    store: Store, leave: Callable[[Job, BaseException], None], error: BaseException
) -> None:
    load(store, version("d", "1"), first())
    put_scan(store, scan(1))
    before, number = dump(store), store.version()
    with pytest.raises(type(error)), store.job("import", rederive=rederive) as job:
        leave(job, error)
    assert (dump(store), store.version(), store.meta("codes_hash")) == (before, number, None)
    assert store.unfinished() is None
    assert load(store, version("d", "2"), second()).added == 2


@pytest.mark.parametrize("error", [Stop(), KeyboardInterrupt()], ids=lambda e: type(e).__name__)
def test_a_scan_that_is_left_changes_nothing(store: Store, error: BaseException) -> None:
    load(store, version("d", "1"), first())
    put_scan(store, scan(1))
    before, number = dump(store), store.version()
    with pytest.raises(type(error)), store.job("scan") as job:
        job.put_scan(scan(2, ["f3"]))
        raise error
    assert (dump(store), store.version()) == (before, number)


def test_a_missing_end_found_at_the_end_undoes_everything(store: Store) -> None:
    load(store, version("d", "1"), first())
    before = dump(store)
    with pytest.raises(StoreError, match=r"does not exist: Q"), store.job("import") as job:
        job.put_records(version("d", "2"), second())
        rederive(job)
        graph = derive(job.current(["A"]), job.existing)
        graph.relate("IN_SECTOR", ("Activity", "A"), ("Sector", "Q"), share=1.0)
        job.put_graph(["A"], graph)
    assert dump(store) == before


# --- killed processes -------------------------------------------------------------------------


@contextmanager
def process(place: Place, where: str) -> Iterator[subprocess.Popen[str]]:
    """Another process, waiting in the middle of its import."""
    command = [sys.executable, "-m", "tests.store.interrupted", place.url, str(place.folder), where]
    environment = {**os.environ, **place.environment}
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=root) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == "here\n"
            yield other
        finally:
            other.kill()


def kill(place: Place, where: str) -> None:
    with process(place, where) as other:
        other.kill()
        other.wait()


@pytest.mark.parametrize("where", ["records", "stored", "deriving"])
def test_a_killed_import_can_be_undone(place: Place, where: str) -> None:
    store = place.open()
    load(store, version("d", "1"), first())
    put_scan(store, scan(1))
    before, number = dump(store), store.version()
    answer = store.read("country_activities", country="KGZ")
    kill(place, where)
    later = place.open()
    if place.url == "embedded":
        assert later.unfinished() is None
        assert later.settle(resume=False, rederive=rederive) == (
            "No import is unfinished: each one is stored whole or not at all."
        )
    else:
        said_so = later.unfinished()
        assert said_so is not None
        assert "An import was interrupted" in said_so
        for read in (
            lambda: later.read("country_activities", country="KGZ"),
            lambda: later.read_text("MATCH (a:Activity) RETURN a.id AS id"),
            lambda: list(later.columns("Activity", ["id"])),
            lambda: put_scan(later, scan(2)),
            lambda: load(later, version("e", "1"), []),
        ):
            with pytest.raises(StoreError) as caught:
                read()
            assert str(caught.value) == said_so
            assert said_so.endswith("partnermap import --resume, or partnermap import --undo.")
        assert later.settle(resume=False, rederive=rederive) == (
            "The import was undone: everything is as it was before."
        )
        assert later.unfinished() is None
    assert (dump(later), later.version()) == (before, number)
    assert later.read("country_activities", country="KGZ") == answer
    assert load(later, version("d", "2"), second()).added == 2


@pytest.mark.neo4j
@pytest.mark.parametrize("where", ["records", "stored", "deriving"])
def test_a_killed_import_can_be_finished_when_all_records_are_in(
    neo4j_server: Server, tmp_path: Path, where: str
) -> None:
    wanted = after_both_versions(tmp_path)
    place = neo4j_place(neo4j_server, tmp_path)
    store = place.open()
    load(store, version("d", "1"), first())
    kill(place, where)
    if where == "deriving":
        assert store.settle(resume=True, rederive=rederive) == "The import was finished."
    else:
        with pytest.raises(StoreError, match=r"cannot be finished. Undo it with: partnermap import --undo"):
            store.settle(resume=True, rederive=rederive)
        store.settle(resume=False, rederive=rederive)
        load(store, version("d", "2"), second())
    assert dump(store) == wanted
    assert (store.unfinished(), store.version()) == (None, 2)
    store.close()


def after_both_versions(folder: Path) -> dict[str, Rows]:
    store = open_store("embedded", folder)
    load(store, version("d", "1"), first())
    load(store, version("d", "2"), second())
    wanted = dump(store)
    store.close()
    return wanted


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_ctrl_c_in_the_middle_of_writing_undoes_first(place: Place) -> None:
    store = place.open()
    load(store, version("d", "1"), first())
    before = dump(store)
    for delay in (0.01, 0.3, 0.7):
        with process(place, "busy") as other:
            time.sleep(delay)
            other.send_signal(signal.SIGINT)
            assert other.wait(60) == -signal.SIGINT
        assert store.unfinished() is None
        assert dump(store) == before


# --- two at a time ------------------------------------------------------------------------------


def test_a_second_writer_is_told_to_wait(place: Place) -> None:
    store = place.open()
    load(store, version("d", "1"), first())
    with process(place, "stored"):
        with pytest.raises(StoreError, match=r"nother partnermap.* wait until it ends"):
            load(store, version("e", "1"), [said("X")])
        with pytest.raises(StoreError, match=r"nother partnermap.* wait until it ends"):
            put_scan(store, scan(1))


def test_a_reader_sees_nothing_of_an_open_import(place: Place) -> None:
    store = place.open()
    load(store, version("d", "1"), first())
    before = rows_of(store, "Activity")
    with process(place, "deriving"):
        if place.url == "embedded":
            assert rows_of(store, "Activity") == before
        else:
            with pytest.raises(StoreError, match=r"An import is being written by another partnermap"):
                rows_of(store, "Activity")


def test_a_living_import_cannot_be_settled(place: Place) -> None:
    store = place.open()
    with process(place, "deriving"):
        if place.url != "embedded":
            with pytest.raises(StoreError, match=r"is being written by another partnermap"):
                store.settle(resume=False, rederive=rederive)


def test_a_job_inside_a_job_is_refused(store: Store) -> None:
    with store.job("import") as job:
        job.put_records(version("d", "1"), first())
        with pytest.raises(StoreError, match=r"nother partnermap"), store.job("import"):
            pass
        rederive(job)
    assert len(rows_of(store, "Activity")) == 3
