"""Organizations that may be a listed one misspelt: asked at import, kept as they are written, real ones let alone."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from partnermap.codes.misspelt_organizations import misspelt_organization
from partnermap.codes.organizations import find_by_name
from tests.sources.iati_files import read
from tests.sources.registers_files import read_sheet, said, workbook
from tests.sources.test_shared_files import AGENCIES, SHARED
from tests.sources.test_table import mapped, row, table

KEPT = "is on no list of organizations, and stays as it is written. Did you mean"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("UNPD", "UNDP"),
        ("unpd", "UNDP"),
        ("UNECSO", "UNESCO"),
        ("GZI", "GIZ"),
        ("ПРОНО", "ПРООН"),
        ("Eurpean Commission", "European Commission"),
        ("European Comission (EC)", "European Commission"),
        ("WORLD BNAK", "World Bank"),
        ("WorldBank", "World Bank"),
        ("United Nation Developement Programme", "United Nations Development Programme"),
        ("European Bank of Reconstruction and Development", "European Bank for Reconstruction and Development"),
        ("Европейскй союз", "Европейский союз"),
        ("Swizerland", "Switzerland"),
        ("Goverment of Japan", "Government of Japan"),
    ],
)
def test_a_misspelt_name_is_asked_about(name: str, meant: str) -> None:
    assert misspelt_organization(name) == f"Did you mean {meant}?"


@pytest.mark.parametrize(
    "name",
    [
        *("UNDP", "UNEP", "IFAD", "ADB", "AfDB", "World Bank"),  # listed
        *("IFAC", "IDB", "IADB", "UNRWA", "ICS", "Itad"),  # real, and a letter beside IFAD, ADB, CIS and others
        *("Andean Development Bank", "Austrian Development Fund", "Ministry of Finance", "World Vision", "Australian Development Agency"),
        *("", "?", "UN", "the"),
    ],
)
def test_a_real_name_near_a_listed_one_is_let_alone(name: str) -> None:
    assert misspelt_organization(name) == ""


def test_a_table_asks_and_keeps_and_its_mapping_may_answer(tmp_path: Path) -> None:
    path = table(tmp_path, row(Lead="UNPD", Partner="IFAC"))
    records, reports = read(path, mapping=mapped(tmp_path))
    assert {"role": "4", "name": "UNPD"} in json.loads(records[0].content)["participants"]
    assert reports == [f"{path.name}, row 2, Lead: UNPD {KEPT} UNDP? Correct it at the source, or add it to the mapping. [kept]"]
    answered = mapped(tmp_path).read_text(encoding="utf-8").replace('column = "Lead"', 'column = "Lead"\nvalues = { "UNPD" = "UNPD" }')
    assert read(path, mapping=mapped(tmp_path, answered))[1] == []


def test_a_cell_of_several_listed_organizations_is_asked_about(tmp_path: Path) -> None:
    path = table(tmp_path, row(Lead="UNECE; GIZ"), row(Project_ID="8", Lead="Ministry of Health; Kyrgyzstan"))
    records, reports = read(path, mapping=mapped(tmp_path))
    assert {"role": "4", "name": "UNECE; GIZ"} in json.loads(records[0].content)["participants"]
    assert reports == [
        f"{path.name}, row 2, Lead: UNECE; GIZ is on no list of organizations, but parts of it are; kept as one. "
        'Are they several? Write split = ";" beside the column in the mapping. [kept]'
    ]


def test_a_mission_return_asks_and_keeps(tmp_path: Path) -> None:
    mission = {"Purpose": "Meeting", "Countries": "Kyrgyzstan", "Start": "2026-04-20", "Status": "planned", "To meet": "UNPD; IFAC; Eurpean Commission"}
    path = workbook(tmp_path, {"Missions": [mission]}, book="adviser-return", adviser="Regional Adviser Trade")
    (record,), reports = read_sheet(path, "adviser-return-regional-adviser-trade-missions")
    assert said(record)["organizations"] == ["UNPD", "IFAC", "Eurpean Commission"]
    where = "adviser-return.xlsx, sheet Missions, row 5, To meet:"
    assert reports == [
        f"{where} UNPD {KEPT} UNDP? Correct it, or leave it if it is right [kept]",
        f"{where} Eurpean Commission {KEPT} European Commission? Correct it, or leave it if it is right [kept]",
    ]


def test_a_3w_list_asks_and_keeps(tmp_path: Path) -> None:
    path = tmp_path / "3w.csv"
    path.write_text("#org,#country\nUNICFE,KGZ\nUNICEF,KGZ\n", encoding="utf-8")
    records, reports = read(path)
    assert [json.loads(record.content)["organization"]["name"] for record in records] == ["UNICFE", "UNICEF"]
    assert reports == [f"3w.csv, row 2, #org: UNICFE {KEPT} UNICEF? Correct it at the source. [kept]"]


@pytest.mark.shared
@pytest.mark.skipif(not AGENCIES.is_file(), reason=f"needs the larger files: no {AGENCIES}; set PARTNERMAP_SHARED")
def test_real_lists_raise_one_false_alarm() -> None:
    """616 unlisted names of the GEF's partners and 1,248 of a humanitarian 3W list; who is meant was read by hand."""
    with AGENCIES.open(encoding="utf-8", errors="replace", newline="") as file:
        agencies = {line["Executing partner / agency"] for line in csv.DictReader(file)}
    with (SHARED / "vocab" / "organizations_iati3w.csv").open(encoding="utf-8", newline="") as file:
        presences = {name for line in csv.DictReader(file) for name in [line["name"], line["acronym"], *line["aliases"].split("|")]}
    assert {name for name in agencies if misspelt_organization(name)} == set()
    asked = {name for name in presences if misspelt_organization(name)}
    assert all(find_by_name(name) is None for name in asked)
    assert asked - {"UNPOS"} == {  # UNPOS is the UN's political office for Somalia, and not UNOPS; the others are right
        "European Commission Humanitarian Aid Civil Protection",
        "Finland Ministry of Foreign Affairs",
        "Foreign Commonwealth Development Office",
        "Foreign Commonwealth Office",
        "International Labour Orgamization (ILO)",
        "United Nations Office on Drug and Crime",
        "United States Department of State (USDOS)",
    }
