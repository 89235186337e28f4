"""What every store keeps: one suite, run on each."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnermap.errors import DatasetConflict, NotFound, StoreError
from partnermap.model import GraphRows, ReporterFacts, ScanResult, SourceRecord
from partnermap.store import Store
from tests.store.samples import (
    derive,
    dump,
    first,
    load,
    put_scan,
    rows_of,
    said,
    scan,
    second,
    version,
)

# --- versions of a dataset ---------------------------------------------------------------------


def records_of(store: Store) -> set[tuple[Any, ...]]:
    return set(rows_of(store, "Record", "id", "row", "version_last"))


def test_a_first_version_adds_every_record(store: Store) -> None:
    change = load(store, version("d", "one", publisher="P", generated_date="2024-02-29"), first())
    assert (change.version, change.added, change.closed, change.unchanged) == (1, 3, 0, 0)
    assert records_of(store) == {("d#A#0#1", 1, None), ("d#B#0#1", 2, None), ("d#C#0#1", 3, None)}
    assert rows_of(store, "DatasetVersion", "id", "file", "publisher", "generated_date") == [
        ("d#1", "d.xml", "P", dt.date(2024, 2, 29))
    ]


def test_the_same_file_twice_changes_nothing(store: Store) -> None:
    load(store, version("d", "one"), first())
    before, number = dump(store), store.version()
    change = load(store, version("d", "one"), first())
    assert (change.version, change.added, change.closed, change.unchanged) == (1, 0, 0, 3)
    assert (dump(store), store.version()) == (before, number)


def test_a_later_version_closes_changes_keeps_and_adds(store: Store) -> None:
    load(store, version("d", "one"), first())
    change = load(store, version("d", "two"), second())
    assert (change.version, change.added, change.closed, change.unchanged) == (2, 2, 2, 1)
    assert records_of(store) == {
        ("d#A#0#1", 1, 1),  # said otherwise now
        ("d#A#0#2", 2, None),
        ("d#B#0#1", 1, None),  # the same, in the first row now
        ("d#C#0#1", 3, 1),  # missing
        ("d#D#0#2", 3, None),
    }


def test_what_comes_back_after_it_was_missing_is_a_new_record(store: Store) -> None:
    for number, records in enumerate([first(), second(), first()], 1):
        load(store, version("d", str(number)), records)
    assert ("d#C#0#1", 3, 1) in records_of(store)
    assert ("d#C#0#3", 3, None) in records_of(store)


def test_equal_subjects_are_counted_in_the_order_of_their_content_hash(store: Store) -> None:
    twins = [said("A", row, title=title) for row, title in enumerate(["one", "two", "three"], 1)]
    load(store, version("d", "1"), twins)
    before = rows_of(store, "Record", "id", "content")
    assert [id_ for id_, _ in before] == ["d#A#0#1", "d#A#1#1", "d#A#2#1"]
    turned = [said("A", row, title=title) for row, title in enumerate(["three", "one", "two"], 1)]
    change = load(store, version("d", "2"), turned)
    assert (change.added, change.closed, change.unchanged) == (0, 0, 3)
    assert rows_of(store, "Record", "id", "content") == before


def test_equal_content_twice_is_two_records(store: Store) -> None:
    load(store, version("d", "1"), [said("A", 1, title="t"), said("A", 2, title="t")])
    assert records_of(store) == {("d#A#0#1", 1, None), ("d#A#1#1", 2, None)}


def test_a_version_that_lacks_over_half_of_the_records_stops(store: Store) -> None:
    load(store, version("d", "1"), first())
    before = dump(store)
    other = [said("A", 1, title="only this one")]
    with pytest.raises(DatasetConflict) as caught:
        load(store, version("d", "2"), other)
    assert str(caught.value) == (
        "d.xml lacks 2 of the 3 records of dataset 'd'. If it is another dataset, give it a name "
        "with --dataset NAME; if it takes the place of what is stored, import it with --replace."
    )
    assert dump(store) == before
    assert load(store, version("d", "2"), other, replace=True).closed == 3


def test_half_of_the_records_may_go(store: Store) -> None:
    load(store, version("d", "1"), [said("A"), said("B")])
    assert load(store, version("d", "2"), [said("A")]).closed == 1


def test_a_changed_reporter_counts_though_the_content_is_the_same(store: Store) -> None:
    load(store, version("d", "1"), [said("A", 1, title="t"), said("B", 2)])
    with store.job("import") as job:
        job.put_records(version("d", "2"), [said("A", 1, title="t", reporter="S"), said("B", 3)])
        assert list(job.touched()) == [["A"]]
        assert job.reporters() == [ReporterFacts("d", "R", 1, 1, 0), ReporterFacts("d", "S", 1, 1, 0)]


# --- touched, current, existing --------------------------------------------------------------


def test_touched_are_changed_ids_and_those_that_refer_to_them(store: Store) -> None:
    load(store, version("d", "1"), first())
    with store.job("import") as job:
        job.put_records(version("e", "1"), [said("X", reporter="S")])
        assert list(job.touched()) == [["C", "X"]]  # C funds X
        assert list(job.touched(reporters=[("d", "R")])) == [["A", "B", "C", "X"]]
        assert list(job.touched(reporters=[("e", "R")])) == [["C", "X"]]
    with store.job("import") as job:
        assert list(job.touched()) == []
        assert list(job.touched(everything=True)) == [["A", "B", "C", "X"]]


def test_touched_comes_in_sorted_batches(store: Store) -> None:
    ids = [f"A{i}" for i in range(5_500)]
    random.Random(0).shuffle(ids)
    with store.job("import") as job:
        job.put_records(version("d", "1"), [said(id_) for id_ in ids])
        batches = list(job.touched())
    assert [len(batch) for batch in batches] == [5_000, 500]
    assert [id_ for batch in batches for id_ in batch] == sorted(ids)


def test_current_falls_back_to_the_last_records(store: Store) -> None:
    load(store, version("d", "1"), first())
    load(store, version("d", "2"), second())
    load(store, version("e", "1"), [said("C", 9, title="also")])
    load(store, version("e", "2"), [], replace=True)
    load(store, version("e", "3"), [said("C", 9, title="again")])
    load(store, version("e", "4"), [], replace=True)
    with store.job("import") as job:
        found = [(r.id, r.version_last, r.takes_part) for r in job.current(["D", "C", "A", "no such"])]
        assert job.existing(["C", "A", "X", "no such"]) == {"A", "C"}
    assert found == [
        ("d#A#0#2", None, True),
        ("d#C#0#1", 1, True),
        ("d#D#0#2", None, True),
        ("e#C#0#3", 3, True),  # not e#C#0#1, which was closed earlier
    ]


def test_a_job_reads_the_decisions_that_it_put_and_derives_what_it_touched(store: Store) -> None:
    load(store, version("d", "1"), first())
    rows = [{"id": f"organization-{n}", "kind": "organization", "ordinal": n, "subjects": ["a", "b"], "names": ["A", "B"], "verdict": "same", "note": "", "by": "me"} for n in (2, 1)]
    before = dump(store)
    with pytest.raises(KeyError), store.job("decision") as job:
        job.put_truth("Decision", rows[:1])
        raise KeyError
    assert dump(store) == before
    with store.job("decision") as job:
        job.put_truth("Decision", rows[:1])
        assert job.truth("Decision") == rows[:1]
        job.put_truth("Decision", rows[1:])
        assert job.truth("Decision") == rows[::-1]
        job.touch(["C", "A"])
        assert list(job.touched()) == [["A", "C"]]
    with store.job("import") as job:
        assert list(job.touched()) == []
    assert rows_of(store, "Decision", "id", "subjects", "note") == [(f"organization-{n}", ("a", "b"), "") for n in (1, 2)]


# --- the graph ----------------------------------------------------------------------------------


def test_what_was_derived_for_an_activity_is_replaced(store: Store) -> None:
    load(store, version("d", "1"), first())
    load(store, version("d", "2"), second())
    assert rows_of(store, "Flow", "id") == [("A|commitment|2021",), ("A|commitment|2022",)]
    assert set(rows_of(store, "PARTICIPATES_IN", "from_id", "to_id")) == {
        ("name:ADB@R", "B"),
        ("name:FAO@R", "A"),
        ("name:UNDP@R", "B"),
        ("name:UNDP@R", "D"),
        ("name:WB@R", "C"),
    }
    assert rows_of(store, "DESCRIBES", "from_id") == [("d#A#0#2",), ("d#B#0#1",), ("d#C#0#1",), ("d#D#0#2",)]
    assert ("C", True) in rows_of(store, "Activity", "id", "withdrawn")


def test_a_reference_becomes_a_link_when_its_target_is_loaded(store: Store) -> None:
    load(store, version("d", "1"), first())
    assert rows_of(store, "Reference", "activity", "target") == [("C", "X")]
    load(store, version("e", "1"), [said("X", title="the bank's")])
    assert rows_of(store, "Reference") == []
    assert rows_of(store, "FUNDS", "from_id", "to_id") == [("B", "A"), ("C", "X")]


def test_two_orders_of_datasets_give_one_graph(place: Any) -> None:
    store = place.open()
    load(store, version("e", "1"), [said("X", funds=["B"])])
    load(store, version("d", "1"), first())
    assert rows_of(store, "FUNDS", "from_id", "to_id") == [("B", "A"), ("C", "X"), ("X", "B")]
    assert rows_of(store, "Reference") == []


def test_a_relationship_may_come_before_its_end(store: Store) -> None:
    with store.job("import") as job:
        link = GraphRows()
        link.node("Activity", id="A")
        link.relate("FUNDS", ("Activity", "A"), ("Activity", "B"), stated_by="A", basis="receiver")
        job.put_graph(["A"], link)
        later = GraphRows()
        later.node("Activity", id="B")
        job.put_graph(["B"], later)
    assert rows_of(store, "FUNDS", "from_id", "to_id") == [("A", "B")]


def test_a_missing_end_is_refused(store: Store) -> None:
    load(store, version("d", "1"), first())
    before = dump(store)
    graph = GraphRows()
    graph.node("Activity", id="A", title="other")
    graph.relate("LOCATED_IN", ("Activity", "A"), ("Country", "XXX"), share=1.0)
    with pytest.raises(StoreError) as caught, store.job("import") as job:
        job.put_graph(["A"], graph)
    assert str(caught.value) == (
        "LOCATED_IN points at a Country that does not exist: XXX. Nothing was stored."
    )
    assert dump(store) == before


def test_a_relationship_that_was_replaced_needs_no_end(store: Store) -> None:
    graph = GraphRows()
    graph.node("Activity", id="A")
    graph.relate("LOCATED_IN", ("Activity", "A"), ("Country", "XXX"), share=1.0)
    better = GraphRows()
    better.node("Activity", id="A")
    with store.job("import") as job:
        job.put_graph(["A"], graph)
        job.put_graph(["A"], better)
    assert rows_of(store, "Activity", "id") == [("A",)]


def test_undeclared_names_and_ends_are_refused(store: Store) -> None:
    wrong = GraphRows()
    wrong.node("Activity", id="A", colour="red")
    with pytest.raises(ValueError, match=r"Activity declares no property colour"), store.job("import") as job:
        job.put_graph(["A"], wrong)
    wrong = GraphRows()
    wrong.relate("BORDERS", ("Country", "KGZ"), ("Activity", "A"))
    with pytest.raises(ValueError, match=r"BORDERS is not declared from Country to Activity"), store.job("import") as job:
        job.put_graph([], wrong)


def test_a_date_that_is_none_is_refused(store: Store) -> None:
    graph = GraphRows()
    graph.node("Activity", id="A", start_date="31.01.2020")
    with pytest.raises(StoreError, match=r"Activity \['A'\]: '31.01.2020' cannot be stored as start_date"), store.job("import") as job:
        job.put_graph(["A"], graph)


def test_a_list_that_holds_no_text_is_refused(store: Store) -> None:
    graph = GraphRows()
    graph.node("Activity", id="A", other_ids=["1", 2])
    with pytest.raises(StoreError, match=r"cannot be stored as other_ids: a list holds text only"), store.job("import") as job:
        job.put_graph(["A"], graph)


def test_a_mention_means_one_organization(store: Store) -> None:
    load(store, version("d", "1"), first())
    with store.job("import") as job:
        graph = derive(job.current(["C"]), job.existing)
        graph.relationships["NAMES"] = [dict(row, to_id="ref:GROUP") for row in graph.relationships["NAMES"]]
        graph.relationships["PARTICIPATES_IN"] = [dict(row, from_id="ref:GROUP") for row in graph.relationships["PARTICIPATES_IN"]]
        graph.relationships.pop("CHILD_OF")
        job.put_graph(["C"], graph)
    assert ("WB|m", "ref:GROUP") in rows_of(store, "NAMES", "from_id", "to_id")
    assert len([row for row in rows_of(store, "NAMES", "from_id") if row == ("WB|m",)]) == 1
    assert ("name:WB@R",) not in rows_of(store, "Organization", "id")


# --- orphans --------------------------------------------------------------------------------------


def test_shared_nodes_go_when_nothing_points_at_them(store: Store) -> None:
    load(store, version("d", "1"), first())
    load(store, version("d", "2"), [*second()[:2], said("C", 3, by=["ADB"])])
    # WB, its group and Osh were only C's; sector 14030 is still B's
    assert rows_of(store, "Organization", "id") == [("name:ADB@R",), ("name:FAO@R",), ("name:UNDP@R",)]
    assert rows_of(store, "Mention", "id") == [("ADB|m",), ("FAO|m",), ("UNDP|m",)]
    assert rows_of(store, "NAMES", "from_id") == [("ADB|m",), ("FAO|m",), ("UNDP|m",)]
    assert rows_of(store, "CHILD_OF") == []
    assert rows_of(store, "Place") == []
    assert rows_of(store, "Sector", "id") == [("14030",), ("31110",)]
    assert rows_of(store, "Country", "id") == [("KGZ",), ("UZB",)]


def test_a_parent_stays_with_its_child(store: Store) -> None:
    load(store, version("d", "1"), first())
    assert ("ref:GROUP",) in rows_of(store, "Organization", "id")


def test_a_node_that_nothing_uses_is_not_kept(store: Store) -> None:
    graph = GraphRows()
    graph.node("Organization", id="ref:1", name="nobody")
    graph.node("Mention", id="m", name="nobody")
    graph.relate("NAMES", ("Mention", "m"), ("Organization", "ref:1"), by="itself")
    with store.job("import") as job:
        job.put_graph([], graph)
    assert rows_of(store, "Organization") == rows_of(store, "Mention") == []


# --- scans ----------------------------------------------------------------------------------------


def test_a_scan_replaces_findings_and_keeps_numbers(store: Store) -> None:
    load(store, version("d", "1"), first())
    put_scan(store, scan(1))
    later = scan(2, ["f2", "f3"], score=5.0)
    later.graph.relate("SUCCEEDS", ("Finding", "f3"), ("Finding", "f1"))  # f1 is gone
    later.graph.relate("SUCCEEDS", ("Finding", "f3"), ("Finding", "f2"))
    put_scan(store, later)
    assert rows_of(store, "Finding", "id", "score", "countries") == [("f2", 5.0, ("KGZ",)), ("f3", 5.0, ("KGZ",))]
    assert rows_of(store, "OVERLAPS", "from_id", "to_id", "score", "points") == [("A", "B", 5.0, ("2.500", "1.500"))]
    assert set(rows_of(store, "ABOUT", "from_id", "to_kind", "to_id", "side")) == {
        ("f2", "Activity", "A", "left"),
        ("f2", "Country", "KGZ", "both"),
        ("f3", "Activity", "A", "left"),
        ("f3", "Country", "KGZ", "both"),
    }
    assert rows_of(store, "SUCCEEDS", "from_id", "to_id") == [("f3", "f2")]
    assert rows_of(store, "Scan", "id") == [("scan-1",), ("scan-2",)]
    assert rows_of(store, "FindingNumber", "id") == [("KGZ-f1",), ("KGZ-f2",), ("KGZ-f3",)]


def test_a_number_once_given_stays(store: Store) -> None:
    load(store, version("d", "1"), first())
    put_scan(store, scan(1))
    changed = scan(2)
    numbers = tuple({**row, "pairs": ["C D"], "finding": "other"} for row in changed.numbers)
    put_scan(store, ScanResult(changed.graph, numbers))
    assert rows_of(store, "FindingNumber", "finding", "pairs") == [("f1", ("A B",)), ("f2", ("A B",))]


def test_an_empty_scan_leaves_no_finding(store: Store) -> None:
    load(store, version("d", "1"), first())
    put_scan(store, scan(1))
    graph = GraphRows()
    graph.node("Scan", id="scan-2")
    put_scan(store, ScanResult(graph))
    assert [rows_of(store, kind) for kind in ("Finding", "OVERLAPS", "ABOUT")] == [[], [], []]


def test_an_organization_that_only_a_finding_was_about_goes_with_it(store: Store) -> None:
    load(store, version("d", "1"), first())
    about = scan(1)
    about.graph.relate("ABOUT", ("Finding", "f1"), ("Organization", "name:WB@R"), side="both")
    put_scan(store, about)
    load(store, version("d", "2"), [*first()[:2], said("C", 3, title="nobody's")])
    assert ("name:WB@R",) in rows_of(store, "Organization", "id")
    put_scan(store, scan(2))
    assert rows_of(store, "Organization", "id") == [("name:ADB@R",), ("name:UNDP@R",)]


def test_a_scan_about_what_is_not_there_is_refused(store: Store) -> None:
    load(store, version("d", "1"), first())
    put_scan(store, scan(1))
    before, number = dump(store), store.version()
    wrong = scan(2)
    wrong.graph.relate("ABOUT", ("Finding", "f1"), ("Country", "XXX"), side="both")
    with pytest.raises(StoreError, match=r"ABOUT points at a Country that does not exist: XXX"):
        put_scan(store, wrong)
    assert (dump(store), store.version()) == (before, number)


# --- versions, values and columns -----------------------------------------------------------------


def test_the_data_version_is_raised_by_every_job_that_changed_something(store: Store) -> None:
    numbers = [store.version()]
    load(store, version("d", "1"), first())
    numbers.append(store.version())
    load(store, version("d", "1"), first())
    numbers.append(store.version())
    put_scan(store, scan(1))
    numbers.append(store.version())
    assert numbers == [0, 1, 1, 2]


def test_a_value_is_kept_with_its_job(place: Any) -> None:
    store = place.open()
    assert store.meta("codes_hash") is None
    with store.job("import") as job:
        job.set_meta("codes_hash", "abc")
    with pytest.raises(RuntimeError, match=r"stop"), store.job("import") as job:
        job.set_meta("codes_hash", "def")
        raise RuntimeError("stop")
    with store.job("scan") as job:
        job.set_meta("weights", "w")
    assert (place.open().meta("codes_hash"), store.meta("weights"), store.version()) == ("abc", "w", 2)


def test_truth_can_be_put_as_it_is(store: Store) -> None:
    load(store, version("d", "1"), first())
    record = {"id": "e#Z#0#3", "dataset": "e", "subject_kind": "Activity", "subject_id": "Z", "ordinal": 0, "row": 1, "version_first": 3, "reporter": "R", "takes_part": True, "flagged": False, "content": '{"title":"z"}'}  # fmt: skip
    with store.job("import") as job:
        job.put_truth("Record", [record])
        job.put_truth("DatasetVersion", [{"id": "e#3", "dataset": "e", "version": 3, "sha256": "3"}])
        assert job.existing(["Z"]) == {"Z"}
        with pytest.raises(ValueError, match=r"Activity is derived"):
            job.put_truth("Activity", [])
    again = SourceRecord("Activity", "Z", 5, '{"title":"z"}', "R", True, False)
    change = load(store, version("e", "4"), [again])
    assert (change.version, change.added, change.unchanged) == (4, 0, 1)
    assert ("e#Z#0#3", 5, None) in records_of(store)


def test_columns_have_the_declared_types(store: Store) -> None:
    load(store, version("d", "1"), first())
    [batch] = store.columns("Activity", ["start_date", "id", "money_usd", "withdrawn", "disagreements"])
    assert batch.schema == pa.schema(
        {
            "start_date": pa.date32(),
            "id": pa.string(),
            "money_usd": pa.float64(),
            "withdrawn": pa.bool_(),
            "disagreements": pa.list_(pa.string()),
        }
    )
    [batch] = store.columns("FUNDS", ["from_id", "to_kind", "amount_usd"])
    assert batch.to_pylist() == [{"from_id": "B", "to_kind": "Activity", "amount_usd": None}]
    assert list(store.columns("Finding", ["id"])) == []


def test_unknown_kinds_and_columns_are_named(store: Store) -> None:
    with pytest.raises(NotFound, match=r"There is no kind 'Nothing'. Known: DatasetVersion, "):
        store.columns("Nothing", ["id"])
    with pytest.raises(NotFound, match=r"Country has no column 'colour'. Known: id, iso2, name."):
        store.columns("Country", ["id", "colour"])


# Neo4j's indices, Neo4j's memory and SQLite must not each have their own order
ODD_IDS = ["a", "B", "Z\U0001f600", "Z\uffee", "\uffff", "\U00010000", "é", "e\u0301", "\ue000", "a b", "A|ä", "'", '"', "`", "\\", "0", "-1"]


def test_columns_come_in_the_order_of_code_points(store: Store) -> None:
    graph = GraphRows()
    for id_ in random.Random(1).sample(ODD_IDS, len(ODD_IDS)):
        graph.node("Activity", id=id_)
        graph.node("Country", id=id_)
        graph.relate("LOCATED_IN", ("Activity", "a"), ("Country", id_), share=1.0)
        graph.relate("FUNDS", ("Activity", id_), ("Activity", "a"), stated_by=id_, basis="x")
    with store.job("import") as job:
        job.put_graph(ODD_IDS, graph)
    assert rows_of(store, "Activity", "id") == [(id_,) for id_ in sorted(ODD_IDS)]
    assert rows_of(store, "LOCATED_IN", "to_id") == [(id_,) for id_ in sorted(ODD_IDS)]
    assert rows_of(store, "FUNDS", "from_id") == [(id_,) for id_ in sorted(ODD_IDS)]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
activities = st.fixed_dictionaries(
    {
        "title": st.none() | texts,
        "description": st.none() | texts | texts.map(lambda text: (text or "long ") * 3_000),
        "start_date": st.none() | st.dates().map(str),
        "money_usd": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "ours": st.none() | st.booleans(),
        "other_ids": st.none() | st.lists(texts, max_size=4),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(activities, max_size=3))
def test_what_was_written_is_read_back(store: Store, rows: list[dict[str, Any]]) -> None:
    graph = GraphRows()
    for i, row in enumerate(rows):
        graph.node("Activity", id=f"A{i}", **row)
    ids = [f"A{i}" for i in range(len(rows))]
    with store.job("import") as job:
        job.put_graph(ids, graph)
    names = ["title", "description", "start_date", "money_usd", "ours", "other_ids"]
    found = [row for batch in store.columns("Activity", ["id", *names]) for row in batch.to_pylist()]
    for row in found:
        row["start_date"] = row["start_date"] and row["start_date"].isoformat()
    assert [row for row in found if row.pop("id") in ids] == rows
