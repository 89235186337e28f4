"""Cypher on both stores: the shared queries, every declared name, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnermap.errors import NotFound, StoreError
from partnermap.model import NODE, RELATIONSHIP, GraphRows
from partnermap.queries import all_queries
from partnermap.store import Store, open_store
from partnermap.store.layout import LAYOUTS, arrow_type
from tests.conftest import neo4j_place
from tests.neo4j_server import Server
from tests.store.samples import (
    dump,
    first,
    load,
    put_registered,
    put_scan,
    said,
    scan,
    second,
    version,
)

PARAMETERS: dict[str, str] = {
    "country": "KGZ",
    "organization": "name:UNDP@R",
    "activity": "A",
    "area": "ENV",
    "instrument": "WATER",
}


# a node kind whose key is kept out of Cypher is kept out as a whole
IN_VIEW = [t.kind for t in LAYOUTS if all(p.in_view for p in t.properties if p.name == "id")]


def fill(store: Store) -> None:
    load(store, version("d", "1"), first())
    load(store, version("d", "2"), second())
    load(store, version("e", "1"), [said("A", 7, reporter="S", by=["UNDP"], start="2021-02-03")])
    put_registered(store)
    put_scan(store, scan(1))


@pytest.fixture(scope="module")
def filled(
    neo4j_server: Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Store]]:
    """The same data in both stores."""
    folder = tmp_path_factory.mktemp("filled")
    place = neo4j_place(neo4j_server, folder)
    stores = (open_store("embedded", folder), open_store(place.url, folder, place.environment))
    for store in stores:
        fill(store)
    yield stores
    for store in stores:
        store.close()


# --- the same answers on both ------------------------------------------------------------------


@pytest.mark.neo4j
@pytest.mark.parametrize("name", sorted(all_queries()))
def test_a_shared_query_gives_the_same_rows_and_its_header(filled: tuple[Store, Store], name: str) -> None:
    query = all_queries()[name]
    values = {parameter: PARAMETERS[parameter] for parameter in query.params}
    embedded, server = (store.read(name, **values) for store in filled)
    assert embedded.schema == pa.schema([(n, arrow_type(t)) for n, t in query.columns.items()])
    assert query.purpose
    assert server.equals(embedded)
    assert embedded.num_rows > 0, "the sample gives this query no row to compare"


@pytest.mark.neo4j
def test_both_stores_hold_the_same(filled: tuple[Store, Store]) -> None:
    assert dump(filled[0]) == dump(filled[1])


@pytest.mark.neo4j
@pytest.mark.parametrize("kind", IN_VIEW)
def test_every_declared_name_needs_no_quotes(filled: tuple[Store, Store], kind: str) -> None:
    if kind in NODE:
        pattern, properties = f"(x:{kind})", NODE[kind].properties
    else:
        start, end = RELATIONSHIP[kind].ends[0]
        pattern, properties = f"(a:{start})-[x:{kind}]->(b:{end})", RELATIONSHIP[kind].properties
    names = [p.name for p in properties if p.in_view]
    returned = ", ".join(f"x.{name} AS {name}_" for name in names) or "count(*) AS n_"
    for store in filled:
        found = store.read_text(f"MATCH {pattern} RETURN {returned}")
        assert found.column_names == ([f"{name}_" for name in names] or ["n_"])


@pytest.mark.neo4j
def test_one_text_gives_the_same_on_both(filled: tuple[Store, Store]) -> None:
    text = (
        "MATCH (f:Finding)-[r:ABOUT]->(x) "
        "RETURN f.id AS finding, x.id AS subject, r.side AS side, f.countries AS countries, 1.5 AS half "
        "ORDER BY finding, subject"
    )
    embedded, server = (store.read_text(text) for store in filled)
    assert embedded.to_pylist() == [
        {"finding": finding, "subject": subject, "side": side, "countries": ["KGZ"], "half": 1.5}
        for finding in ("f1", "f2")
        for subject, side in (("A", "left"), ("KGZ", "both"))
    ]
    assert server.equals(embedded)


# --- what queries answer -------------------------------------------------------------------------


def test_answers_by_hand(store: Store) -> None:
    fill(store)
    sectors = store.read("country_sectors", country="UZB").to_pylist()
    # A is FAO's and UNDP's in Uzbekistan with sector 31110, B is ADB's and UNDP's with 14030
    assert {(r["organization"], r["sector"], r["activities"]) for r in sectors} == {
        ("name:ADB@R", "14030", 1),
        ("name:FAO@R", "31110", 1),
        ("name:UNDP@R", "14030", 1),
        ("name:UNDP@S", "31110", 1),
    }
    sources = store.read("activity_sources", activity="A").to_pylist()
    assert [(r["record"], r["version"], r["file"], r["source_row"], r["is_current"]) for r in sources] == [
        ("d#A#0#1", 1, "d.xml", 1, False),
        ("d#A#0#2", 2, "d.xml", 2, True),
        ("e#A#0#1", 1, "e.xml", 7, True),
    ]
    assert store.read("country_activities", country="no such").num_rows == 0


def test_values_reach_a_query_as_they_are(store: Store) -> None:
    load(store, version("d", "1"), [said("it's \"A\" `x` \\ }) //", title="x")])
    found = store.read("activity_sources", activity="it's \"A\" `x` \\ }) //")
    assert found.num_rows == 1


def test_a_query_sees_the_newest_data(store: Store) -> None:
    load(store, version("d", "1"), first())
    assert store.read("country_activities", country="UZB")["activity"].to_pylist() == ["B", "B"]
    load(store, version("d", "2"), second())
    assert store.read("country_activities", country="UZB")["activity"].to_pylist() == ["A", "B", "B"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300),
    lists=st.none() | st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=3),
    date=st.none() | st.dates(),
    number=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    truth=st.none() | st.booleans(),
)
def test_cypher_gives_back_what_was_written(store: Store, **row: Any) -> None:
    graph = GraphRows()
    date = row["date"] and row["date"].isoformat()
    graph.node("Activity", id="A", title=row["title"], other_ids=row["lists"], start_date=date, money_usd=row["number"], ours=row["truth"])
    with store.job("import") as job:
        job.put_graph(["A"], graph)
    found = store.read_text(
        "MATCH (a:Activity {id: $id}) RETURN a.title AS title, a.other_ids AS lists,"
        " a.start_date AS date, a.money_usd AS number, a.ours AS truth",
        id="A",
    )
    assert found.to_pylist() == [row]


# --- what is refused ------------------------------------------------------------------------------


def test_parameters_are_compared_with_the_header(store: Store) -> None:
    with pytest.raises(StoreError) as caught:
        store.read("country_activities")
    assert str(caught.value) == (
        "Query country_activities needs a value for country (ISO 3166-1 alpha-3 code)."
    )
    with pytest.raises(StoreError) as caught:
        store.read("country_activities", country="KGZ", year=2020)
    assert str(caught.value) == "Query country_activities has no parameter year: it takes country."
    with pytest.raises(StoreError) as caught:
        store.read("country_activities", contry="KGZ")
    assert str(caught.value) == "Query country_activities has no parameter contry: it needs a value for country (ISO 3166-1 alpha-3 code)."
    with pytest.raises(NotFound, match=r"There is no query 'no_such'. Known: activity_sources, "):
        store.read("no_such")


WRITING = [
    "CREATE (:Country {id: 'XXX'})",
    "MATCH (c:Country) SET c.name = 'x'",
    "MATCH (c:Country) DETACH DELETE c",
    "MATCH (c:Country) WITH c LIMIT 1 MERGE (:Country {id: 'XXX'}) RETURN 1 AS n",
    "MATCH (c:Country)\nREMOVE c.name",
    "DROP TABLE Country",
    "MATCH (c:Country) RETURN c.id AS id; MATCH (c:Country) DELETE c",
    "MATCH (c:Country) RETURN c.id AS id; MATCH (c:Country) RETURN c.id AS id",
    "COPY (MATCH (c:Country) RETURN c.id) TO 'FOLDER/stolen.csv'",
    "LOAD FROM '/etc/passwd' RETURN *",
    "WITH 1 AS n LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
    "CALL db.labels()",
    "MATCH (c:Country) CALL db.labels() YIELD label RETURN label",
    "EXPORT DATABASE 'FOLDER/copy'",
    "INSTALL httpfs",
    "/* RETURN */ CREATE (:Country {id: 'XXX'})",
    "",
]


@pytest.mark.parametrize("text", WRITING)
def test_text_that_does_more_than_read_is_refused(store: Store, tmp_path: Path, text: str) -> None:
    load(store, version("d", "1"), first())
    before = dump(store)
    with pytest.raises(StoreError, match=r"The Cypher text (must begin|holds)"):
        store.read_text(text.replace("FOLDER", str(tmp_path)))
    assert dump(store) == before
    assert {path.name for path in tmp_path.iterdir()} <= {"graph.sqlite", "graph.sqlite-wal", "graph.sqlite-shm", ".cache"}


def test_words_in_text_and_names_are_no_clauses(store: Store) -> None:
    load(store, version("d", "1"), first())
    found = store.read_text(
        "MATCH (a:Activity) WHERE a.title <> 'SET; DELETE' AND a.id <> \"CREATE\" // MERGE\n"
        "/* DROP; */ WITH a.title AS `set` RETURN `set` AS title ORDER BY title;"
    )
    assert found["title"].to_pylist() == ["Rivers", "Roads", "Water"]


def test_a_wrong_text_is_named(store: Store) -> None:
    with pytest.raises(StoreError, match=r"The Cypher text cannot be run: .*foo"):
        store.read_text("MATCH (a:Activity) RETURN foo")
