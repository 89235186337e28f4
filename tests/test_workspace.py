"""The one object that notebooks talk to: frames, graphs, copies, and what is read again."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest

import partnermap as pm
from partnermap.errors import NotFound, StoreError, WrongArgument
from partnermap.settings import FILE, Settings, read_settings
from partnermap.workspace import Workspace
from tests.conftest import neo4j_place
from tests.neo4j_server import Server
from tests.small_iati import (
    ADB,
    GEF,
    UNDP,
    UNECE,
    activity,
    everything,
    related,
    rows,
    transaction,
    write,
)
from tests.workspaces import demo_folder

MAILUU = "Uranium tailings of Mailuu-Suu made safe"
HISTORY = ("Scan",)  # counts scans and versions of a workspace: not moved by a copy


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Workspace]:
    """A scanned workspace of five activities and three findings, on 30 June 2009."""
    folder = Workspace.create(tmp_path / "region", Settings(name="Region", as_of=date(2009, 6, 30)))
    with Workspace(folder) as workspace:
        workspace.import_files(
            write(
                tmp_path,
                "all",
                activity("A", MAILUU, reporter=UNECE, countries="KG", start="2009-01-01", end="2010-01-01", commitment=1000),
                activity("B", MAILUU, reporter=UNDP, countries="KG", start="2009-01-01"),
                activity("C", "CACILM: Pastures", reporter=UNDP, countries="KG UZ", start="2009-03-01", inside=transaction("disbursement", 5, receiver="E")),
                activity("D", "CACILM: Drylands", reporter=ADB, funding=[GEF], countries="UZ", start="2009-03-01"),
                activity("E", "Wells", reporter=GEF, regions="89", inside=related("elsewhere", "3")),
            )
        )
        workspace.scan()
        yield workspace


def test_findings_as_a_frame(filled: Workspace) -> None:
    frame = filled.findings()
    assert list(frame.columns) == ["number", "class", "strength", "score", "concerns", "status", "money_usd", "countries", "country_names", "organizations", "start_date", "end_date", "headline", "opinion", "for", "against", "money", "not_known", "next", "members", "members_here", "rows", "id"]
    assert list(zip(frame["number"], frame["class"], frame["concerns"], frame["countries"], strict=True)) == [
        ("KGZ-1", "joint", "ours", "KGZ"),
        ("CAS-1", "joint", "partners", "KGZ, UZB"),
    ]
    assert frame.loc[0, "members"] == f"{MAILUU} | {MAILUU}"
    assert frame.loc[0, "rows"] == "all.xml activity 1 | all.xml activity 2"
    assert list(filled.findings(concerns="ours")["number"]) == ["KGZ-1"]
    assert filled.findings(country="TJ").empty


@pytest.mark.parametrize("country", ["Uzbekistan", "uz", ["UZB"], ("UZ",), {"UZB"}, pd.Series(["UZ"])])
def test_countries_are_asked_for_in_one_way_everywhere(filled: Workspace, country: Any) -> None:
    assert list(filled.findings(country=country)["number"]) == ["CAS-1"]
    assert list(filled.activities(country=country)["id"]) == ["C", "D"]
    assert {n for n, kind in filled.graph(country=country).nodes(data="kind") if kind == "Activity"} == {"C", "D"}
    assert filled.map(country=country).title == "Uzbekistan · Region"
    assert {line["country"] for line in filled.compare("UNDP", "ADB", country=country).lines} == {"UZB"}
    assert {m.side.id for m in filled.check("CACILM: Drylands and pastures", country=country)} >= {"C", "D"}
    assert set(filled.query("country_activities", country=country)["activity"]) == {"C", "D"}


def test_several_countries_and_groups_are_any_of_them(filled: Workspace) -> None:
    assert list(filled.activities(country=["KG", "TJ"])["id"]) == list("ABC")
    assert list(filled.activities(country="KG", group=["south_caucasus", "SPECA"])["id"]) == list("ABCD")
    assert filled.map(country=["KG", "UZ"], group="SCA").title == "Kyrgyzstan, Uzbekistan, South Caucasus · Region"
    assert list(filled.findings(country=[], group=None)["number"]) == ["KGZ-1", "CAS-1"]
    with pytest.raises(WrongArgument, match="give one name, not 2"):
        filled.query("country_activities", country=["KG", "UZ"])


@pytest.mark.parametrize("day", [date(2001, 1, 1), datetime(2001, 1, 1, 12), "2001-01-01", pd.Timestamp("2001-01-01")])
def test_days_are_dates_or_text_everywhere(filled: Workspace, day: Any) -> None:
    assert filled.listing(as_of=day).coverage.as_of == filled.compare("UNDP", "ADB", as_of=day).coverage.as_of == "2001-01-01"
    assert filled.finding("KGZ-1", as_of=day).members[0].time == "planned"
    alone, both = (filled.check(MAILUU, country="KG", start=start, end="2010-06-30")[0].pair.reasons for start in (None, day))
    assert {r.feature for r in both} - {r.feature for r in alone} == {"dates"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (dict(country=7), 'country = 7 is no name. Give one such as "Kyrgyzstan", or a list of them.'),
        (dict(group=["SPECA", None]), "group = ['SPECA', None] is no name."),
        (dict(as_of=20090630), "as_of 20090630 is no date such as 2026-05-31."),
        (dict(top=-1), "top = -1: give how many to list, or 0 for all."),
        (dict(top="ten"), "top = 'ten': give how many to list, or 0 for all."),
    ],
)
def test_what_is_no_name_day_or_number_is_told(filled: Workspace, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongArgument, match=re.escape(message)):
        filled.findings(**wrong)


def test_a_check_tells_a_wrong_day_and_number_and_gives_all_for_0(filled: Workspace) -> None:
    with pytest.raises(WrongArgument, match="start 'soon' is no date such as 2026-05-31"):
        filled.check(MAILUU, start="soon")
    with pytest.raises(WrongArgument, match="top = -1"):
        filled.check(MAILUU, top=-1)
    assert len(filled.check(MAILUU, top=0)) > len(filled.check(MAILUU, top=1)) == 1
    with pytest.raises(WrongArgument, match="two or more organizations"):
        filled.compare("UNDP")


def test_a_map_says_how_many_findings_are_over(filled: Workspace) -> None:
    filled.settings = replace(filled.settings, as_of=date(2030, 1, 1))
    page = filled.map(country="KG")
    assert page.past == 2 and not page.findings
    assert "No finding here is of what still runs or is planned: all 2 are over. A map with what is over: partnermap map --past, in Python map(past=True)." in page.html
    assert "0 findings (2 more are over: past=True)" in repr(page)
    everything = filled.map(country="KG", past=True)
    assert everything.past == 0 and len(everything.findings) == 2
    assert "are over" not in everything.html and "over:" not in repr(everything)
    assert filled.map(finding="KGZ-1").past == 0


def test_activities_as_a_frame(filled: Workspace) -> None:
    frame = filled.activities()
    assert list(frame.columns) == ["id", "title", "actors", "countries", "kind", "scope", "start_date", "end_date", "money_usd", "share", "share_usd", "ours", "rows"]
    assert list(frame["id"]) == list("ABCDE")
    assert list(frame["ours"]) == [True, False, False, False, False]
    assert list(filled.activities(country="Kyrgyzstan")["id"]) == list("ABC")
    assert list(filled.activities(country="UZ", organization="UNDP")["id"]) == ["C"]
    assert list(filled.activities(group="central_asia")["id"]) == list("ABCD")
    assert frame["money_usd"].isna().tolist() == [False, True, False, True, True]


def test_the_graph_around_a_country(filled: Workspace) -> None:
    graph = filled.graph(country="KG")
    assert isinstance(graph, nx.MultiDiGraph)
    kinds = {kind: {n for n, d in graph.nodes(data=True) if d["kind"] == kind} for kind in ("Activity", "Country", "Organization")}
    assert kinds == {"Activity": set("ABC"), "Country": {"KGZ", "UZB"}, "Organization": {"XM-DAC-41314", "XM-DAC-41114"}}
    assert [(a, b, d["class"], d["finding"]) for a, b, d in graph.edges(data=True) if d["kind"] == "OVERLAPS"] == [("A", "B", "joint", filled.finding("KGZ-1").id)]
    assert ("C", "E") in filled.graph().edges() and set(filled.graph(finding="CAS-1").nodes) >= {"C", "D"}
    assert filled.graph(organization="ADB").nodes["D"]["name"] == "CACILM: Drylands"


def test_money_of_a_country_adds_up(tmp_path: Path) -> None:
    with Workspace(Workspace.create(tmp_path / "money")) as workspace:
        workspace.import_files(
            write(
                tmp_path,
                "all",
                activity("A", "Roads", countries={"KG": 25, "UZ": 75}, commitment=400),
                activity("B", "Wells", countries="KG TJ", regions="89", commitment=90),  # no shares told: three equal ones
                activity("C", "Dams", countries="KG", commitment=20e9),  # more than can be believed
                activity("D", "Dykes", countries="KG"),
            )
        )

        def shares(**asked: Any) -> dict[str, tuple[float, float | None]]:
            frame = workspace.activities(**asked)
            return {i: (round(share, 4), None if pd.isna(usd) else round(usd, 2)) for i, share, usd in zip(frame["id"], frame["share"], frame["share_usd"], strict=True)}

        assert shares(country="KG") == {"A": (0.25, 100), "B": (0.3333, 30), "C": (1, None), "D": (1, None)}
        assert shares(country=["KG", "UZ"]) == {"A": (1, 400), "B": (0.3333, 30), "C": (1, None), "D": (1, None)}
        assert shares() == {"A": (1, 400), "B": (1, 90), "C": (1, None), "D": (1, None)}
        parts = [workspace.activities(country=code)["share_usd"].sum() for code in ("KG", "UZ", "TJ")]
        assert sum(parts) == pytest.approx(400 + 60)  # the region's 30 are in no country
        assert workspace.activities(country="KG")["money_usd"].sum() == 400 + 90 + 20e9


def _written_and_read(graph: nx.MultiDiGraph, write_graph: Any, read_graph: Any, path: Path) -> tuple[dict[str, Any], list[Any]]:
    write_graph(graph, path)
    read = read_graph(path)
    nodes = {key: {k: v for k, v in values.items() if k != "label"} for key, values in read.nodes(data=True)}
    return nodes, sorted((a, b, values["kind"], values.get("score"), values.get("role")) for a, b, values in read.edges(data=True))


@pytest.mark.parametrize("form", ["graphml", "gexf"])
@pytest.mark.parametrize("asked", [{}, {"country": "KGZ"}, {"finding": "CAS-3"}])
def test_the_graph_can_be_written_for_other_programs(form: str, asked: dict[str, str], tmp_path: Path) -> None:
    with Workspace(demo_folder()) as workspace:
        graph = workspace.graph(**asked)
    nodes, edges = _written_and_read(graph, getattr(nx, f"write_{form}"), getattr(nx, f"read_{form}"), tmp_path / f"graph.{form}")
    assert nodes == dict(graph.nodes(data=True))
    assert edges == sorted((a, b, values["kind"], values.get("score"), values.get("role")) for a, b, values in graph.edges(data=True))
    assert {kind for _, kind in graph.nodes(data="kind")} >= {"Activity", "Organization", "Country"}


def test_a_graph_has_no_attribute_for_what_is_unknown(filled: Workspace) -> None:
    nodes = filled.graph().nodes
    assert (nodes["A"]["money_usd"], nodes["A"]["start_date"], nodes["A"]["time"], nodes["A"]["money_in_doubt"]) == (1000, "2009-01-01", "running", False)
    assert not nodes["B"].keys() & {"money_usd", "end_date", "description"}
    assert nodes["XM-DAC-41114"] == {"kind": "Organization", "name": "UNDP", "full_name": "United Nations Development Programme"}


def test_a_query_as_a_frame(filled: Workspace) -> None:
    frame = filled.query("funding_links")
    assert list(zip(frame["payer"], frame["payee"], frame["amount_usd"], strict=True)) == [("C", "E", 5.0)]
    assert filled.query(cypher="MATCH (a:Activity) RETURN count(a) AS n")["n"].item() == 5
    with pytest.raises(NotFound, match="There is no query 'atlantis'"):
        filled.query("atlantis")


def test_status_counts_what_is_stored(filled: Workspace) -> None:
    status = filled.status()
    stored = everything(filled)
    assert {**status["nodes"], **status["relationships"]} == {kind: len(found) for kind, found in stored.items()}
    assert (status["unresolved"], status["workspace"], status["store"]) == (1, "Region", "embedded")


def test_a_finding_by_number_in_any_case_or_by_id(filled: Workspace) -> None:
    assert filled.finding("kgz-1") == filled.finding("KGZ-1") == filled.finding(filled.finding("KGZ-1").id)


def test_what_another_one_writes_is_read_again(filled: Workspace, tmp_path: Path) -> None:
    assert len(filled.activities()) == 5
    with Workspace(filled.folder) as other:
        other.import_files(write(tmp_path, "more", activity("F", "Roads", countries="KG")))
        other.scan()
    assert len(filled.activities()) == 6


def test_deleting_the_cache_changes_no_answer(filled: Workspace) -> None:
    before = filled.query("country_activities", country="KGZ")
    filled.close()
    shutil.rmtree(filled.folder / ".cache")
    with Workspace(filled.folder) as again:
        assert again.query("country_activities", country="KGZ").equals(before)
        assert again.findings().equals(again.findings())


def test_open_by_name(filled: Workspace) -> None:
    workspace = pm.open(filled.folder)
    assert list(workspace.findings()["number"]) == ["KGZ-1", "CAS-1"]
    workspace.close()
    with pytest.raises(NotFound, match="is no workspace"):
        pm.open(filled.folder / "elsewhere")


def test_settings_are_read_as_they_were_written(tmp_path: Path) -> None:
    said = Settings("A “name”", "XM-DAC-1", ("UNDP", "a\\b"), "embedded", "ru", date(2026, 5, 31), {"XM-1": True, "XM-2": False}, {"title.same": 8.5})
    Workspace.create(tmp_path, said)
    assert read_settings(tmp_path) == said
    assert (tmp_path / FILE).read_text(encoding="utf-8").startswith("# A partnermap workspace.")


def test_a_scan_of_nothing(tmp_path: Path) -> None:
    with Workspace(Workspace.create(tmp_path)) as workspace:
        scan = workspace.scan()
        assert (scan["pairs"], scan["findings"], workspace.listing().findings) == (0, 0, ())


@pytest.mark.skipif(os.name == "nt", reason="permissions work otherwise there")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises((StoreError, PermissionError)):
        Workspace.create(tmp_path / "region")


# --- copies ------------------------------------------------------------------------------------


@pytest.mark.neo4j
def test_a_copy_on_neo4j_has_the_same_rows_and_findings(filled: Workspace, neo4j_server: Server, tmp_path: Path) -> None:
    place = neo4j_place(neo4j_server, tmp_path / "server")
    there = Workspace(filled.folder, place.environment)
    # a member that joined after the number was given, and a version that closed a record
    filled.import_files(write(tmp_path, "more", activity("F", "CACILM: Forests", reporter=GEF, countries="KG", start="2009-01-01")))
    filled.scan()
    counts = there.copy_to(place.url)
    assert counts == {"DatasetVersion": 2, "Record": 6, "FindingNumber": 2}
    there.close()
    copied = Path(shutil.copytree(filled.folder, tmp_path / "copied", ignore=shutil.ignore_patterns("graph.sqlite*", ".cache")))
    text = (copied / FILE).read_text(encoding="utf-8")
    (copied / FILE).write_text(text.replace('store = "embedded"', f'store = "{place.url}"'), encoding="utf-8")
    with Workspace(copied, place.environment) as moved:
        moved.scan()
        assert everything(moved, HISTORY) == everything(filled, HISTORY)
        assert moved.findings().equals(filled.findings())
        with pytest.raises(StoreError, match="already holds records"):
            moved.copy_to(place.url)


def test_a_copy_onto_itself_is_refused(filled: Workspace) -> None:
    before = everything(filled)
    with pytest.raises(StoreError, match="embedded already holds records"):
        filled.copy_to("embedded")
    assert everything(filled) == before


def test_the_demo_is_a_workspace_like_any_other(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(demo_folder(), tmp_path / "demo"))
    with Workspace(folder) as workspace:
        before = {f.number: f.id for f in workspace.listing(past=True, status="all").findings}
        workspace.import_files(write(tmp_path, "mine", activity("XM-DAC-41314-X", "Something else entirely", reporter=UNECE, countries="KG", start="2009-01-01")))
        workspace.scan()
        after = {f.number: f.id for f in workspace.listing(past=True, status="all").findings}
        assert after == before
        assert len(rows(workspace, "Scan", "id")) == 2
