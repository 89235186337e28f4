"""Tables with HXL tags: who is present where, from file to graph, and never an activity."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from partnermap.errors import UnreadableFile
from partnermap.settings import Settings
from partnermap.sources import open_imports
from partnermap.workspace import Workspace
from tests.conftest import Place
from tests.sources.iati_files import open_one, read

HEADER = ["Organization", "Donor", "Cluster", "Country", "Province", "Code", "From"]
TAGS = ["#org+name+impl", "#org+funder", "#sector +name", "#country+code", "#adm1+name", "#adm1+code", "#date+start"]
OSH = ["UNDP", "USAID", "Shelter", "KGZ", "Osh", "KG06", "2021-03-01"]


def table(folder: Path, *rows: list[str], tags: list[str] = TAGS, name: str = "3w.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in ([HEADER[: len(tags)], tags, *rows])), encoding="utf-8")
    return path


def said(path: Path) -> list[dict[str, Any]]:
    return [json.loads(record.content) for record in open_one(path).records]


def test_a_row_is_a_presence_and_needs_no_mapping(tmp_path: Path) -> None:
    found = open_one(table(tmp_path, OSH))
    (record,) = found.records
    assert (record.subject_kind, record.subject_id, record.row) == ("Presence", "Presence:3w#undp|kg|kg06|shelter", 3)
    assert json.loads(record.content) == {
        "organization": {"name": "UNDP"},
        "country": "KG",
        "place": {"name": "Osh", "code": "KG06", "level": "adm1"},
        "sector": "Shelter",
        "start": "2021-03-01",
        "rows": 1,
    }
    assert (found.dataset.source, found.dataset.activities) == ("hxl", 0)
    assert found.notes == [
        "3w.csv: 1 row tells of 1 presence; the file says who is present where on the day it was made; not what is done, with how much money or with whom. "
        "Nothing is counted as an activity, and nobody being listed in a place does not mean that nobody is there."
    ]


def test_rows_of_one_organization_place_and_sector_are_one_presence(tmp_path: Path) -> None:
    earlier = [*OSH[:6], "2020-01-01"]
    assert [(one["start"], one["rows"]) for one in said(table(tmp_path, OSH, earlier, OSH))] == [("2020-01-01", 3)]


@pytest.mark.parametrize(
    ("tags", "row", "names"),
    [
        (["#org", "#country"], ["ACTED", "KGZ"], ["ACTED"]),
        (["#org+prog", "#org+impl", "#country"], ["UNDP", "ACTED", "KGZ"], ["ACTED"]),
        (["#org+prog", "#org+impl", "#country"], ["UNDP", "", "KGZ"], ["UNDP"]),
        (["#org+code", "#org+name", "#country"], ["0042", "ACTED", "KGZ"], ["ACTED"]),
        (["#org+acronym", "#country"], ["UNDP", "KGZ"], ["UNDP"]),
    ],
)
def test_who_acts_is_present_and_who_pays_is_not(tmp_path: Path, tags: list[str], row: list[str], names: list[str]) -> None:
    assert [one["organization"]["name"] for one in said(table(tmp_path, row, tags=tags))] == names


@pytest.mark.parametrize(
    ("tags", "row", "country"),
    [
        (["#org", "#country+name"], ["ACTED", "Kyrgyz Republic"], "KG"),
        (["#org", "#country", "#country+code"], ["ACTED", "", "kgz"], "KG"),
        (["#org", "#adm1+name", "#adm1+code"], ["ACTED", "Osh", "KG06"], "KG"),
        (["#org", "#adm1+name", "#adm1+code"], ["ACTED", "Osh", "06"], None),
    ],
)
def test_the_country_by_code_name_or_the_place_s_code(tmp_path: Path, tags: list[str], row: list[str], country: str | None) -> None:
    assert [one.get("country") for one in said(table(tmp_path, row, tags=tags))] == [country]


def test_rows_that_do_not_say_who_or_where_are_refused(tmp_path: Path) -> None:
    records, reports = read(table(tmp_path, ["", *OSH[1:]], ["ACTED", "", "Health", "Ukriane", "", "", ""], [*OSH[:6], "soon"]))
    assert [r.row for r in records] == [5]
    assert reports == [
        "3w.csv, row 3, #org: empty, so the row does not say who; left out. Correct it at the source.",
        "3w.csv, row 4, #country: Ukriane is no country's code or name; left out. Is it Ukraine? Nothing is taken without you. Correct it at the source. [kept]",
        "3w.csv, row 4, #country: neither a country nor a place that is known, so the row does not say where; left out. Correct it at the source.",
        "3w.csv, row 5, #date: soon is not of the form %Y-%m-%d or %d-%b-%Y or %d %b %Y or %Y/%m/%d or serial; left out. Correct it at the source. [kept]",
    ]
    assert open_one(table(tmp_path, ["", *OSH[1:]], OSH)).dataset.rejected == 1


def test_rows_of_totals_are_nobody_s_presence(tmp_path: Path) -> None:
    """Also one that names the country: its first cell would be an organization called Total."""
    totals = [["Total", "", "", "KGZ", "Osh", "KG06", ""], ["Всего по проектам", "", "", "", "", "", "12"], ["", "Grand total", "", "", "", "", "12"], [str(n) for n in range(1, 8)]]
    found = open_one(table(tmp_path, OSH, *totals))
    assert [json.loads(record.content)["organization"]["name"] for record in found.records] == ["UNDP"]
    assert [str(entry) for entry in found.refused] == [
        "3w.csv, row 4: “Total” stands first: a row of totals, and nobody's presence; left out.",
        "3w.csv, row 5: “Всего по проектам” stands first: a row of totals, and nobody's presence; left out.",
        "3w.csv, row 6: “Grand total” stands first: a row of totals, and nobody's presence; left out.",
        "3w.csv, row 7: numbers of the columns, and nobody's presence; left out.",
    ]
    assert found.notes[0].startswith("3w.csv: 1 row tells of 1 presence;")


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        (["#country", "#sector"], "3w.csv: has HXL tags and no #org, so it does not say who is where. Import it with --mapping FILE.toml."),
        (["#org", "#sector"], "3w.csv: has HXL tags and no #country, #adm1 or #adm2, so it does not say where anybody is. Import it with --mapping FILE.toml."),
        (["id", "#", "no. #1"], "3w.csv: looks like a table. Name its mapping with --mapping FILE.toml, or let --suggest propose one."),
    ],
)
def test_tables_that_say_nothing_of_presence(tmp_path: Path, tags: list[str], sentence: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        list(open_imports(table(tmp_path, ["a", "b", "c"], tags=tags)))
    assert str(caught.value) == sentence


def test_a_workbook_s_tagged_sheet_is_found(tmp_path: Path) -> None:
    made = Workbook()
    made.active.append(["Read me", "first", "please"])
    sheet = made.create_sheet("3W")
    for line in (["Who does what, where"], HEADER, TAGS, OSH):
        sheet.append(line)
    made.save(tmp_path / "3w.xlsx")
    assert [record.subject_id for record in open_one(tmp_path / "3w.xlsx").records] == ["Presence:3w#undp|kg|kg06|shelter"]


# --- in the graph -----------------------------------------------------------------------------------


def workspace_at(place: Place, folder: Path) -> Workspace:
    return Workspace(Workspace.create(folder / "w", Settings(name="w", store=place.url)), place.environment)


def present(workspace: Workspace) -> set[tuple[str, str, str]]:
    rows = workspace.store.read_text(
        "MATCH (o:Organization)-[p:PRESENT_IN]->(x) RETURN o.id AS who, x.id AS place, p.sector AS sector ORDER BY who, place, sector"
    ).to_pylist()
    return {(row["who"], row["place"], row["sector"]) for row in rows}


def test_presence_is_shown_and_goes_with_its_row(place: Place, tmp_path: Path) -> None:
    workspace = workspace_at(place, tmp_path)
    health = ["ACTED", "ECHO", "Health", "KGZ", "Naryn", "KG04", ""]
    workspace.import_files(table(tmp_path, OSH, health))
    undp, acted = "XM-DAC-41114", next(who for who, where, _ in present(workspace) if where == "place:KG04")
    assert present(workspace) == {(undp, "KGZ", "Shelter"), (undp, "place:KG06", "Shelter"), (acted, "KGZ", "Health"), (acted, "place:KG04", "Health")}
    rows = workspace.store.read("presence_in_country", country="KGZ").to_pylist()
    assert [(row["organization"], row["sector"], str(row["start_date"]), row["stated_by"]) for row in rows if row["organization"] == undp] == [
        (undp, "Shelter", "2021-03-01", "Presence:3w#undp|kg|kg06|shelter")
    ]
    nodes = workspace.status()["nodes"]
    assert (nodes.get("Activity", 0), nodes["Place"], nodes["Record"]) == (0, 2, 2)
    workspace.import_files(table(tmp_path, OSH))
    assert present(workspace) == {(undp, "KGZ", "Shelter"), (undp, "place:KG06", "Shelter")}
    assert workspace.status()["nodes"]["Place"] == 1
    workspace.close()
