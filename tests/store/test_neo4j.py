"""The Neo4j store by itself: opening, logins, large scans, and what it leaves on the server."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from partnermap.errors import StoreError
from partnermap.model import SCHEMA, GraphRows, ScanResult
from partnermap.store import Store, neo4j_changes, neo4j_job, open_store
from tests.conftest import Place, neo4j_place
from tests.neo4j_server import Server
from tests.store.samples import (
    dump,
    first,
    load,
    put_scan,
    rederive,
    rows_of,
    scan,
    second,
    version,
)

pytestmark = pytest.mark.neo4j


@pytest.fixture
def there(neo4j_server: Server, tmp_path: Path) -> Iterator[Place]:
    place = neo4j_place(neo4j_server, tmp_path)
    yield place
    for store in place.opened:
        store.close()


def own_nodes(running: Server) -> list[tuple[str, int]]:
    """The store's own nodes on the server, by label."""
    with running.driver() as driver:
        found = driver.execute_query(
            "MATCH (n:Meta|Import|ImportStep) RETURN labels(n)[0] AS label, count(*) AS n ORDER BY label"
        )
    return [(row["label"], row["n"]) for row in found.records]


def test_a_finished_job_leaves_no_journal(there: Place, neo4j_server: Server) -> None:
    store = there.open()
    load(store, version("d", "1"), first())
    load(store, version("d", "2"), second())
    put_scan(store, scan(1))
    with pytest.raises(RuntimeError), store.job("import") as job:
        rederive(job)
        raise RuntimeError
    assert own_nodes(neo4j_server) == [("Meta", 1)]


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_both_kinds_of_address_open_it(there: Place, scheme: str) -> None:
    load(there.open(), version("d", "1"), first())
    there.url = there.url.replace("bolt", scheme)
    assert len(rows_of(there.open(), "Activity")) == 3


def test_a_wrong_password_is_named(there: Place) -> None:
    there.environment["NEO4J_PASSWORD"] = "wrong"
    with pytest.raises(StoreError) as caught:
        there.open()
    assert str(caught.value) == (
        f"Neo4j at {there.url} refuses the login of 'neo4j'. Set NEO4J_USERNAME and NEO4J_PASSWORD "
        "to those of that server."
    )


def test_a_server_that_is_down_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening
        url = f"bolt://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(StoreError) as caught:
            open_store(url, tmp_path, {})
    assert str(caught.value) == (
        f"Neo4j at {url} does not answer. Start it, or correct the address in partnermap.toml."
    )


def test_an_address_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"'mysql://here' is no store. Use \"embedded\" or an address"):
        open_store("mysql://here", tmp_path, {})


def test_a_newer_schema_is_refused(there: Place, neo4j_server: Server) -> None:
    there.open()
    with neo4j_server.driver() as driver:
        driver.execute_query("MATCH (m:Meta) SET m.schema = $n", n=SCHEMA + 1)
    with pytest.raises(StoreError, match=rf"was written by a newer partnermap \(schema {SCHEMA + 1}\)"):
        there.open()


def test_data_of_another_program_is_left_alone(there: Place, neo4j_server: Server) -> None:
    with neo4j_server.driver() as driver:
        driver.execute_query("CREATE (:Country {name: 'of a game'})")
    with pytest.raises(StoreError, match="holds data of another program"):
        there.open()


def test_a_missing_driver_names_the_extra(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['neo4j'] = None\n"
        "from pathlib import Path\n"
        "from partnermap.errors import MissingExtra\n"
        "from partnermap.store import open_store\n"
        "try:\n    open_store('bolt://127.0.0.1:1', Path('.'))\n"
        "except MissingExtra as error:\n    print(error)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == 'Neo4j needs its driver: pip install "partnermap[neo4j]"\n'


# --- scans that do not fit one transaction ------------------------------------------------------


@pytest.fixture
def journaled(there: Place, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store with a scan, where more than three changes no longer fit one transaction."""
    store = there.open()
    load(store, version("d", "1"), first())
    put_scan(store, scan(1))
    monkeypatch.setattr(neo4j_job, "IN_ONE_TRANSACTION", 3)
    return store


def test_a_large_scan_is_stored_in_batches(journaled: Store, neo4j_server: Server) -> None:
    put_scan(journaled, scan(2, ["f2", "f3", "f4"], score=7.0))
    assert rows_of(journaled, "Finding", "id", "score") == [("f2", 7.0), ("f3", 7.0), ("f4", 7.0)]
    assert rows_of(journaled, "OVERLAPS", "score") == [(7.0,)]
    assert (journaled.version(), own_nodes(neo4j_server)) == (3, [("Meta", 1)])


def test_a_large_scan_that_is_left_is_undone(journaled: Store) -> None:
    before = dump(journaled)
    with pytest.raises(KeyboardInterrupt), journaled.job("scan") as job:
        job.put_scan(scan(2, ["f2", "f3", "f4"], score=7.0))
        raise KeyboardInterrupt
    assert dump(journaled) == before


def test_a_large_scan_that_died_can_only_be_undone(journaled: Store, there: Place, neo4j_server: Server) -> None:
    before = dump(journaled)
    opened = journaled.job("scan")
    job = opened.__enter__()
    job.put_scan(scan(2, ["f2", "f3", "f4"], score=7.0))
    with neo4j_server.driver() as driver:  # as if another machine had begun it, long ago
        driver.execute_query("MATCH (i:Import) SET i.host = 'gone', i.heartbeat = 0")
    later = there.open()
    with pytest.raises(StoreError, match="A scan was interrupted"):
        dump(later)
    with pytest.raises(StoreError, match="Undo it with: partnermap import --undo, then scan again"):
        later.settle(resume=True, rederive=rederive)
    assert later.settle(resume=False, rederive=rederive) == (
        "The scan was undone: everything is as it was before."
    )
    assert dump(later) == before


def test_only_what_differs_is_written(there: Place, neo4j_server: Server) -> None:
    store = there.open()
    load(store, version("d", "1"), first())
    put_scan(store, scan(1))
    with neo4j_server.driver() as driver:
        # a mark on the rows themselves is lost by whatever is made anew
        driver.execute_query("MATCH (f:Finding) SET f.seen = true")
        driver.execute_query("MATCH ()-[o:OVERLAPS]->() SET o.seen = true")
        graph = scan(2, ["f2"]).graph
        graph.nodes["Finding"][0]["status"] = "decided"
        put_scan(store, ScanResult(graph))
        seen = driver.execute_query("MATCH (f:Finding) RETURN f.seen AS seen, f.status AS status").records
        pair = driver.execute_query("MATCH ()-[o:OVERLAPS]->() RETURN o.seen AS seen").records
    assert [dict(row) for row in seen] == [{"seen": True, "status": "decided"}]
    assert [dict(row) for row in pair] == [{"seen": True}]


def test_a_scan_of_data_that_changed_meanwhile_is_refused(there: Place) -> None:
    store, other = there.open(), there.open()
    load(store, version("d", "1"), first())
    with pytest.raises(StoreError, match="changed by another partnermap meanwhile"), store.job("scan") as job:
        job.put_scan(scan(1))
        load(other, version("d", "2"), second())
    assert rows_of(store, "Finding") == []


def test_more_rows_than_a_batch(there: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (neo4j_job, neo4j_changes):
        monkeypatch.setattr(module, "BATCH", 300)
    store = there.open()
    graph = GraphRows()
    ids = [f"A{i:05d}" for i in range(1_000)]
    for id_ in ids:
        graph.node("Activity", id=id_)
        graph.node("Flow", id=f"{id_}|1", activity=id_, year=2020)
        graph.relate("FLOW_OF", ("Flow", f"{id_}|1"), ("Activity", id_))
    with store.job("import") as job:
        job.put_graph(ids, graph)
    with pytest.raises(KeyboardInterrupt), store.job("import") as job:
        job.put_graph(ids, GraphRows())
        assert rows_of(store, "Flow") == []
        raise KeyboardInterrupt
    assert [row[0] for row in rows_of(store, "FLOW_OF", "to_id")] == ids
