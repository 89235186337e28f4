"""A small world for the stores' tests: records of few words, and how they become a graph."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from partnermap.model import (
    NODES,
    REGISTERED,
    RELATIONSHIPS,
    DatasetVersion,
    GraphRows,
    Record,
    ScanResult,
    SourceRecord,
    canonical,
)
from partnermap.store import Job, Store
from partnermap.store.layout import layout

Rows = list[tuple[Any, ...]]


def version(dataset: str, sha256: str, **facts: Any) -> DatasetVersion:
    return DatasetVersion(dataset, f"{dataset}.xml", "iati", sha256, **facts)


def said(activity: str, row: int = 1, reporter: str = "R", **content: Any) -> SourceRecord:
    """A record: ``title``, ``by`` (organizations), ``funds`` and ``part_of`` (activities), ..."""
    return SourceRecord("Activity", activity, row, canonical(content), reporter, True, False)


def derive(records: Iterable[Record], existing: Any) -> GraphRows:
    """Activities of the records with organizations, sectors, flows and links."""
    graph = GraphRows()
    for record in records:
        content = json.loads(record.content)
        activity = record.subject_id
        withdrawn = record.version_last is not None
        graph.node(
            "Activity",
            id=activity,
            title=content.get("title"),
            start_date=content.get("start"),
            withdrawn=withdrawn,
            money_usd=content.get("money"),
            disagreements=[],
        )
        graph.relate("DESCRIBES", ("Record", record.id), ("Activity", activity))
        for name in content.get("by", ()):
            mention, organization = f"{name}|m", f"name:{name}@{record.reporter}"
            graph.node("Organization", id=organization, name=f"{name} as {activity} says")
            graph.node("Mention", id=mention, name=name)
            graph.relate("NAMES", ("Mention", mention), ("Organization", organization), by="itself")
            graph.relate(
                "PARTICIPATES_IN",
                ("Organization", organization),
                ("Activity", activity),
                role="implementing",
                is_actor=True,
                mention=mention,
            )
            if parent := content.get("parent"):
                graph.node("Organization", id=f"ref:{parent}", name=parent)
                graph.relate(
                    "CHILD_OF", ("Organization", organization), ("Organization", f"ref:{parent}"), stated_by=""
                )
        for code in content.get("sectors", ()):
            graph.node("Sector", id=code, name=f"sector {code}")
            graph.relate("IN_SECTOR", ("Activity", activity), ("Sector", code), share=1.0, share_basis="stated")
        for country in content.get("countries", ()):
            graph.relate("LOCATED_IN", ("Activity", activity), ("Country", country), share=1.0, share_basis="stated")
        for place in content.get("places", ()):
            graph.node("Place", id=place, name=place)
            graph.relate("LOCATED_IN", ("Activity", activity), ("Place", place), share=None, share_basis="stated")
        for year in content.get("years", ()):
            flow = f"{activity}|commitment|{year}"
            graph.node("Flow", id=flow, activity=activity, measure="commitment", year=year, amount=1.5)
            graph.relate("FLOW_OF", ("Flow", flow), ("Activity", activity))
        for target in content.get("funds", ()):
            if existing([target]):
                graph.relate(
                    "FUNDS", ("Activity", activity), ("Activity", target), stated_by=activity, basis="receiver"
                )
            else:
                graph.node("Reference", id=f"{activity}|{target}", activity=activity, target=target, kind="receiver", resolved=False)
    return graph


def rederive(job: Job) -> None:
    """Derive everything that the job touched."""
    graph = GraphRows()
    graph.node("Country", id="KGZ", iso2="KG", name="Kyrgyzstan")
    graph.node("Country", id="UZB", iso2="UZ", name="Uzbekistan")
    graph.relate("BORDERS", ("Country", "KGZ"), ("Country", "UZB"))
    job.put_graph([], graph)
    for ids in job.touched():
        job.put_graph(ids, derive(job.current(ids), job.existing))


def load(store: Store, dataset: DatasetVersion, records: Iterable[SourceRecord], **options: Any) -> Any:
    """Import a version of a dataset as the workspace does; what changed."""
    with store.job("import", rederive=rederive) as job:
        change = job.put_records(dataset, records, **options)
        rederive(job)
    return change


def first() -> list[SourceRecord]:
    """Three activities: B funds A, which is loaded, and C funds X, which is not."""
    return [
        said("A", 1, title="Water", by=["UNDP"], sectors=["14030"], countries=["KGZ"], years=[2020, 2021]),
        said("B", 2, title="Rivers", by=["ADB", "UNDP"], sectors=["14030"], countries=["KGZ", "UZB"], funds=["A"], money=1e6, start="2020-01-31"),
        said("C", 3, title="Roads", by=["WB"], parent="GROUP", places=["Osh"], funds=["X"]),
    ]  # fmt: skip


def second() -> list[SourceRecord]:
    """A later version: A is said otherwise, B is the same, C is missing, D is new."""
    return [
        said("B", 1, title="Rivers", by=["ADB", "UNDP"], sectors=["14030"], countries=["KGZ", "UZB"], funds=["A"], money=1e6, start="2020-01-31"),
        said("A", 2, title="Water and land", by=["FAO"], sectors=["31110"], countries=["UZB"], years=[2021, 2022]),
        said("D", 3, title="Power", by=["UNDP"], places=["Naryn"]),
    ]  # fmt: skip


def scan(number: int, findings: Iterable[str] = ("f1", "f2"), score: float = 4.0) -> ScanResult:
    """A scan that finds the pair A, B in each finding, with a number for each."""
    graph = GraphRows()
    graph.node("Scan", id=f"scan-{number}", data_version=number, engine="local", pairs=1, findings=2)
    graph.relate(
        "OVERLAPS",
        ("Activity", "A"),
        ("Activity", "B"),
        **{"class": "duplication"},
        score=score,
        features=["text", "place"],
        points=["2.500", "1.500"],
        evidence=["{}", "{}"],
    )
    for finding in findings:
        graph.node("Finding", id=finding, kind="overlap", score=score, countries=["KGZ"], **{"class": "duplication"})
        graph.relate("ABOUT", ("Finding", finding), ("Activity", "A"), side="left")
        graph.relate("ABOUT", ("Finding", finding), ("Country", "KGZ"), side="both")
    numbers = tuple(
        {"id": f"KGZ-{finding}", "finding": finding, "scope": "KGZ", "pairs": ["A B"]} for finding in findings
    )
    return ScanResult(graph, numbers)


def registered() -> tuple[list[str], GraphRows]:
    """A row of each register that a shared query reads, with the ids of its subjects."""
    graph = GraphRows()
    graph.node("Area", id="ENV", name="Environment")
    graph.node("LegalInstrument", id="WATER", name="Water Convention")
    graph.relate("PARTY_TO", ("Country", "UZB"), ("LegalInstrument", "WATER"), stated_by="", since_date="2007-09-04")
    graph.node("Office", id="Office:1", title="An office", kind="country office")
    graph.node("CountryTeam", id="CountryTeam:1", title="A team")
    for contact in ("Office", "CountryTeam"):
        graph.relate("COVERS", (contact, f"{contact}:1"), ("Country", "KGZ"))
    graph.node("Person", id="Person:jane sample", name="Jane Sample", in_house=True, languages=["English"])
    graph.relate("KNOWS", ("Person", "Person:jane sample"), ("Area", "ENV"), evidence="wrote the guide")
    graph.relate("WORKED_ON", ("Person", "Person:jane sample"), ("Activity", "A"), role="")
    graph.relate("AFFILIATED_WITH", ("Person", "Person:jane sample"), ("Office", "Office:1"), stated_by="Person:jane sample", role="contact")
    graph.node("Request", id="Request:1", title="Water law", status="open", requested_date="2026-01-02", cost=1.0, cost_usd=1.0)
    graph.relate("REQUESTED_BY", ("Request", "Request:1"), ("Country", "KGZ"))
    graph.relate("REQUESTED_BY", ("Request", "Request:1"), ("Country", "UZB"))
    graph.node("Agreement", id="Agreement:1", title="A memorandum", start_date="2004-12-01")
    graph.relate("PARTY_TO", ("Organization", "name:UNDP@R"), ("Agreement", "Agreement:1"), stated_by="Agreement:1", mention="UNDP|m")
    graph.relate("COVERS", ("Agreement", "Agreement:1"), ("Area", "ENV"))
    graph.node("Mission", id="Mission:1", title="A journey", adviser="Adviser", start_date="2026-05-04", end_date="2026-05-08")
    graph.relate("VISITS", ("Mission", "Mission:1"), ("Country", "KGZ"))
    graph.relate("MEETS", ("Mission", "Mission:1"), ("Organization", "name:UNDP@R"), mention="UNDP|m")
    graph.relate("PRESENT_IN", ("Organization", "name:UNDP@R"), ("Country", "KGZ"), stated_by="Presence:1", sector="Shelter", start_date="2021-03-01")
    subjects = [row["id"] for label in REGISTERED for row in graph.nodes.get(label, ())]
    return ["Person:jane sample", "Presence:1", *subjects], graph


def put_registered(store: Store) -> None:
    with store.job("import", rederive=rederive) as job:
        job.put_graph(*registered())


def put_scan(store: Store, result: ScanResult) -> None:
    with store.job("scan") as job:
        job.put_scan(result)


def dump(store: Store) -> dict[str, Rows]:
    """Every row of every kind, as ``columns`` gives it."""
    kinds = [kind.label for kind in NODES] + [kind.type for kind in RELATIONSHIPS]
    return {kind: rows_of(store, kind) for kind in kinds}


def rows_of(store: Store, kind: str, *names: str) -> Rows:
    """Rows of a kind, as tuples of all its columns or of the named ones."""
    return list(_rows(store, kind, names or layout(kind).names))


def _rows(store: Store, kind: str, names: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    for batch in store.columns(kind, list(names)):
        for row in batch.to_pylist():
            yield tuple(tuple(v) if isinstance(v, list) else v for v in row.values())
