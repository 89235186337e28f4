"""One organization's roles and money, and several side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from partnermap.errors import NotFound, WrongArgument
from partnermap.lookups.profile import Money
from partnermap.workspace import Workspace
from tests.small_iati import ADB, GEF, UNDP, activity, transaction, write

SIDES = '<provider-org ref="XM-DAC-47044"><narrative>The GEF</narrative></provider-org><receiver-org ref="XM-DAC-41114"><narrative>PNUD</narrative></receiver-org>'


@pytest.fixture
def loaded(tmp_path: Path) -> Any:
    """Three activities: of ADB in two countries, and of UNDP paid by the GEF, one without money."""
    write(
        tmp_path,
        "all",
        activity("A", "Roads", reporter=ADB, countries={"KG": 25, "UZ": 75}, sectors="21020", commitment=400),
        activity("B", "Roads and wells", reporter=UNDP, countries="KG", funding=[GEF], sectors="21020", inside=transaction("commitment", 100, inside=SIDES)),
        activity("C", "Wells", reporter=UNDP, countries="KG", implementing=["|PNUD"]),
    )
    with Workspace(Workspace.create(tmp_path / "workspace")) as workspace:
        workspace.import_files(tmp_path / "all.xml")
        workspace.scan()
        yield workspace


def test_everything_that_names_an_organization(loaded: Workspace) -> None:
    found = loaded.organization("UNDP")
    assert {(n.name, n.ref, n.role, n.by, n.activity, n.where) for n in found.namings} == {
        ("United Nations Development Programme", "XM-DAC-41114", "reporter", "reference", "B", "all.xml activity 2"),
        ("PNUD", "XM-DAC-41114", "receiver", "reference", "B", "all.xml activity 2"),
        ("United Nations Development Programme", "XM-DAC-41114", "reporter", "reference", "C", "all.xml activity 3"),
        ("PNUD", "", "implementing", "name", "C", "all.xml activity 3"),
    }
    assert [(line.name, line.ref, line.times) for line in found.names] == [("United Nations Development Programme", "XM-DAC-41114", 2), ("PNUD", "", 1), ("PNUD", "XM-DAC-41114", 1)]
    assert found.parents == ("XM-DAC-41305",)


def test_roles_with_money_known_and_unknown(loaded: Workspace) -> None:
    lines = {line.role: (line.activities, line.money) for line in loaded.organization("PNUD").roles}
    assert lines == {"implementing": (("C",), Money(0, 0, 1)), "reporting": (("B", "C"), Money(100, 1, 2))}
    assert str(lines["reporting"][1]) == "at least USD 100 (1 of 2 known)"
    assert str(lines["implementing"][1]) == "unknown (0 of 1 known)"


def test_money_in_and_out(loaded: Workspace) -> None:
    assert [(f.direction, f.measure, f.other, f.money.usd) for f in loaded.organization("GEF").funds] == [("out", "commitment", "XM-DAC-41114", 100)]
    assert [(f.direction, f.measure, f.other, f.money.usd) for f in loaded.organization("UNDP").funds] == [("in", "commitment", "XM-DAC-47044", 100)]


def test_side_by_side_by_country_and_area(loaded: Workspace) -> None:
    found = loaded.compare("ADB", "UNDP")
    lines = {(line["country"], line["area"]): [(s["activities"], s["carried_out"], s["usd"], s["known"]) for s in line["shares"]] for line in found.lines}
    # a quarter of 400 in Kyrgyzstan, three quarters in Uzbekistan; one of UNDP's two amounts is known
    assert lines[("KGZ", "")] == [(1, 1, 100, 1), (2, 2, 100, 1)]
    assert lines[("UZB", "")] == [(1, 1, 300, 1), (0, 0, None, 0)]
    assert lines[("KGZ", "TRA")] == [(1, 1, 100, 1), (1, 1, 100, 1)]
    assert {line["country"] for line in loaded.compare("ADB", "UNDP", country="UZ").lines} == {"UZB"}
    assert str(found.coverage).startswith("Looked at 3 activities of ADB or UNDP (which they carry out, fund or tell), newest date unknown, ")
    assert str(loaded.compare("ADB", "UNDP", country="UZ").coverage).startswith("Looked at 1 activity of ADB or UNDP (which they carry out, fund or tell) in Uzbekistan, ")


def test_overlaps_are_those_between_the_organizations(loaded: Workspace) -> None:
    numbers = {(f.number) for f in loaded.listing(status="all", past=True).findings if {"ADB", "UNDP"} <= {a for m in f.members for a in m.actors}}
    assert {f.number for f in loaded.compare("ADB", "UNDP").findings} == numbers
    assert loaded.compare("GEF", "UNECE").findings == ()


def test_compare_counts_the_findings_that_are_listed(tmp_path: Path) -> None:
    """Three records of one undertaking are three pairs and one finding."""
    name = "Uranium tailings of Mailuu-Suu made safe"
    said = dict(start="2031-01-01", end="2032-01-01", commitment=5)
    write(tmp_path, "all", *(activity(key, name, reporter=who, countries=where, **said) for key, who, where in (("A", ADB, "KG"), ("B", UNDP, "KG"), ("C", UNDP, "KG UZ"), ("D", GEF, "KG"))))
    with Workspace(Workspace.create(tmp_path / "workspace")) as workspace:
        workspace.import_files(tmp_path / "all.xml")
        unknown = workspace.compare("ADB", "UNDP")
        assert {line["findings"] for line in unknown.lines} == {None}
        assert "Nothing was scanned yet" in str(unknown.coverage)
        workspace.scan()
        found = workspace.compare("ADB", "UNDP")
        assert "Nothing was scanned" not in str(found.coverage)
        pairs = [p for f in workspace.listing(past=True, status="all").findings for p in workspace.pairs_of(f)]
        assert len([p for p in pairs if {p.left, p.right} in ({"A", "B"}, {"A", "C"})]) == 2
        assert len(found.findings) == 1
        for line in found.lines:
            listed = workspace.listing(country=line["country"], organization="UNDP", past=True, status="all").findings
            assert [f.number for f in found.findings] == [f.number for f in listed]
            assert (line["country"], line["findings"]) in {("KGZ", 1), ("UZB", 1)}


def test_compare_says_what_two_records_tell(tmp_path: Path) -> None:
    """A grant of the GEF of 4 million, told again by UNDP: 9 million are 5."""
    grant = dict(countries="KG", start="2001-01-01", funding=[GEF])
    write(
        tmp_path,
        "all",
        activity("G", "Second Wetlands Conservation Project", reporter=GEF, implementing=[UNDP], commitment=4_000_000, **grant),
        activity("U", "Second Wetlands Conservation Project", reporter=UNDP, implementing=[UNDP], commitment=4_000_000, **grant),
        activity("V", "Roads", reporter=UNDP, countries="KG", commitment=1_000_000),
        activity("A", "Roads of Sevan", reporter=ADB, countries="AM", commitment=1_000_000),
    )
    with Workspace(Workspace.create(tmp_path / "workspace")) as workspace:
        workspace.import_files(tmp_path / "all.xml")
        workspace.scan()
        told = "These amounts hold up to USD 4.00 million that two records tell (KGZ-1 USD 4.00 million): count it once."
        assert told in str(workspace.compare("GEF", "UNDP").coverage)
        assert told in str(workspace.compare("UNDP", "ADB").coverage)  # both records are in UNDP's sum
        assert "two records tell" not in str(workspace.compare("GEF", "ADB", country="Armenia").coverage)


def test_of_whom_nothing_is_loaded_there_is_no_number(loaded: Workspace) -> None:
    found = loaded.compare("ADB", "OSCE")
    assert [(org["called"], org["loaded"]) for org in found.organizations] == [("ADB", True), ("OSCE", False)]
    assert {(line["shares"][0]["activities"], line["shares"][1]["activities"], line["findings"]) for line in found.lines} == {(1, None, None)}
    assert str(found.coverage).startswith("Looked at 1 activity of ADB or OSCE (which they carry out, fund or tell), ")
    assert "Nothing loaded of: OSCE." in str(found.coverage)
    # two of three are loaded: what is between them is counted, and a country without any of UNDP is a true zero
    lines = {line["country"]: line for line in loaded.compare("ADB", "OSCE", "UNDP").lines if not line["area"]}
    assert [s["activities"] for s in lines["UZB"]["shares"]] == [1, None, 0]
    assert lines["UZB"]["findings"] == 0


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ((["ADB", "UNDP"],), 'Name each organization by itself, as in compare("UNDP", "ADB"); those of a list with compare(*names).'),
        (("ADB", None), 'Name each organization by itself, as in compare("UNDP", "ADB"); those of a list with compare(*names).'),
        (("ADB",), 'Name two or more organizations to compare, as in compare("UNDP", "ADB").'),
        ((), 'Name two or more organizations to compare, as in compare("UNDP", "ADB").'),
    ],
)
def test_how_to_compare_is_told(loaded: Workspace, names: Any, message: str) -> None:
    with pytest.raises(WrongArgument) as told:
        loaded.compare(*names)
    assert str(told.value) == message


def test_one_organization_under_two_names_is_no_comparison(loaded: Workspace) -> None:
    with pytest.raises(NotFound, match="Two of these are one organization: United Nations Development Programme"):
        loaded.compare("UNDP", "PNUD")


def test_who_is_listed_and_not_loaded_is_told_so(loaded: Workspace) -> None:
    with pytest.raises(NotFound, match=r"OSCE|Organization for Security"):
        loaded.organization("OSCE")


@pytest.fixture
def society(tmp_path: Path) -> Any:
    """Activities of a society, which one file calls by two names, and of a name on our list with another's number."""
    write(
        tmp_path,
        "all",
        activity("A", "Wells", reporter=UNDP, implementing=["XX-1|Green Wells Society"]),
        activity("B", "Wells", reporter=UNDP, implementing=["XX-1|Verein Grüner Brunnen"]),
        activity("C", "Wells", reporter=UNDP, implementing=["YY-2|OSCE"]),
        activity("D", "Wells", reporter=UNDP, implementing=["XX-3|Ministry of Environment"], countries="KG"),
        activity("E", "Wells", reporter=UNDP, implementing=["XX-4|Ministry of Environment"], countries="UZ"),
    )
    with Workspace(Workspace.create(tmp_path / "workspace")) as workspace:
        workspace.import_files(tmp_path / "all.xml")
        workspace.scan()
        yield workspace


@pytest.mark.parametrize(
    ("name", "activities"),
    [
        ("green wells society", "AB"),
        ("Verein Grüner Brunnen", "AB"),  # what another row calls it
        ("Green Wells", "AB"),  # a part of its name
        ("UNDP", "ABCDE"),
        ("PNUD", "ABCDE"),
        ("OSCE", "C"),  # on our list under another number, which no file names
    ],
)
def test_an_organization_is_named_in_one_way_everywhere(society: Workspace, name: str, activities: str) -> None:
    found = society.organization(name)
    assert {n.activity for n in found.namings} == set(activities)
    assert society.organization_id(name) == found.id
    assert set(society.activities(organization=name)["id"]) == set(activities)


@pytest.mark.parametrize("ask", [Workspace.organization, Workspace.organization_id, lambda ws, name: ws.findings(organization=name), lambda ws, name: ws.query("organization_activities", organization=name)])
def test_of_whom_it_cannot_be_said_who_is_meant_the_ids_are_told(society: Workspace, ask: Any) -> None:
    with pytest.raises(NotFound, match=r"'Ministry of Environment' may be any of: Ministry of Environment \((ref:)?XX-3\S*\), Ministry of Environment \((ref:)?XX-4\S*\)\. Give the id in brackets\."):
        ask(society, "Ministry of Environment")
    with pytest.raises(NotFound, match=r"World Bank \(44000\) is on our list, and no loaded file names it\."):
        ask(society, "World Bank")


def test_nobody_is_decided_on_by_a_part_of_a_name(society: Workspace) -> None:
    with pytest.raises(NotFound, match="No organization called 'Green Wells' is loaded or listed"):
        society.decide_identity("same", ["Green Wells", "UNDP"])
