"""Subjects that are no activities, on both stores: touched, replaced, withdrawn, and truth that goes."""

from __future__ import annotations

import json

import pytest

from partnermap.model import GraphRows, Record, SourceRecord, canonical
from partnermap.store import Job, Store
from tests.store.samples import dump, rows_of, version


def request(number: str, row: int = 1, **content: object) -> SourceRecord:
    return SourceRecord("Request", f"Request:{number}", row, canonical(content), "R", True, False)


def derive(records: list[Record]) -> GraphRows:
    graph = GraphRows()
    for record in records:
        if record.version_last is None:
            content = json.loads(record.content)
            graph.node("Request", id=record.subject_id, title=content["title"])
            graph.relate("DESCRIBES", ("Record", record.id), ("Request", record.subject_id))
            for country in content.get("countries", ()):
                graph.relate("REQUESTED_BY", ("Request", record.subject_id), ("Country", country))
                graph.relate("PARTY_TO", ("Country", country), ("LegalInstrument", "WATER"), stated_by=record.subject_id)
    return graph


def rederive(job: Job) -> None:
    graph = GraphRows()
    for country in ("KGZ", "UZB"):
        graph.node("Country", id=country, iso2=country[:2], name=country)
    graph.node("LegalInstrument", id="WATER", name="Water Convention")
    graph.relate("PARTY_TO", ("Country", "KGZ"), ("LegalInstrument", "WATER"), stated_by="")
    job.put_graph([], graph)
    for ids in job.touched():
        job.put_graph(ids, derive(job.current(ids)))


def load(store: Store, sha256: str, *records: SourceRecord, replace: bool = True) -> None:
    with store.job("import", rederive=rederive) as job:
        job.put_records(version("r", sha256), records, replace=replace)
        rederive(job)


def test_a_subject_is_replaced_with_what_it_owns_and_goes_when_withdrawn(store: Store) -> None:
    load(store, "1", request("1", title="Water", countries=["KGZ"]), request("2", 2, title="Roads", countries=["UZB"]))
    load(store, "2", request("1", title="Water and land", countries=["UZB"]))
    assert rows_of(store, "Request", "id", "title") == [("Request:1", "Water and land")]
    assert rows_of(store, "REQUESTED_BY", "from_id", "to_id") == [("Request:1", "UZB")]
    # the shipped statement stays, those of the registers follow their rows
    assert rows_of(store, "PARTY_TO", "from_id", "stated_by") == [("KGZ", ""), ("UZB", "Request:1")]
    assert rows_of(store, "DESCRIBES", "from_id", "to_kind") == [("r#Request:1#0#2", "Request")]


def test_touched_and_existing_know_subjects_of_every_kind(store: Store) -> None:
    load(store, "1", request("1", title="Water"), request("2", 2, title="Roads"))
    load(store, "2", request("1", title="Water"))
    with store.job("import") as job:
        assert job.existing(["Request:1", "Request:2", "Request:3"]) == {"Request:1"}  # 2 is withdrawn
        assert list(job.touched(everything=True)) == [["Request:1", "Request:2"]]
        graph = GraphRows()
        graph.node("Reference", id="x", activity="Request:1", target="Request:9", kind="answers", resolved=False)
        job.put_graph(["Request:1"], graph)
        job.put_records(version("s", "1"), [request("9", title="New")])
        assert list(job.touched()) == [["Request:1", "Request:9"]]


def test_truth_that_is_dropped_is_gone_and_comes_back_when_the_job_fails(store: Store) -> None:
    rows = [{"id": f"d#{n}", "dataset": "d", "version": 1, "row": n, "person": "Person:a", "name": "A", "target": "", "content": "{}"} for n in (1, 2)]
    with store.job("import") as job:
        job.put_truth("PersonEntry", rows)
    before = dump(store)
    with pytest.raises(KeyError), store.job("import") as job:
        job.drop_truth("PersonEntry", ["d#1"])
        raise KeyError
    assert dump(store) == before
    with store.job("import") as job:
        job.drop_truth("PersonEntry", ["d#1", "no such"])
        assert [row["id"] for row in job.truth("PersonEntry")] == ["d#2"]
        with pytest.raises(ValueError, match="Request is derived"):
            job.drop_truth("Request", ["Request:1"])
    assert rows_of(store, "PersonEntry", "id") == [("d#2",)]
