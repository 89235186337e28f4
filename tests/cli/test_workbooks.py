"""Our own workbooks from the command line: made, filled in, imported, pre-filled, and people erased."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from partnermap.sources.registers_unit import BOOKS
from tests.cli.conftest import Run
from tests.sources.registers_files import FIRST, example_rows, request, workbook

POST = "Regional Adviser Environment"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Iterator[Path]:
    """An empty workspace as the current folder."""
    run("--quiet", "init", tmp_path / "region")
    monkeypatch.chdir(tmp_path / "region")
    yield tmp_path / "region"


def fill(path: Path, sheet: str, row: int, *cells: object, about: str = "") -> None:
    """Type cells into a workbook, from the first column."""
    opened = load_workbook(path)
    for column, value in enumerate(cells, 1):
        opened[sheet].cell(row, column).value = value
    if about:
        opened["About"]["B4"] = about
    opened.save(path)


def test_a_new_workspace_has_its_workbooks(folder: Path) -> None:
    assert {path.name for path in folder.glob("*.xlsx")} == {"registers.xlsx", "adviser-return.xlsx"}
    assert load_workbook(folder / "registers.xlsx").sheetnames == ["About", *(s.name for s in BOOKS["registers"].sheets), "Lists"]
    assert load_workbook(folder / "adviser-return.xlsx")["About"]["B6"].value == "United Nations Economic Commission for Europe"


def test_a_return_is_filled_in_imported_and_comes_back_filled(folder: Path, run: Run) -> None:
    fill(folder / "adviser-return.xlsx", "Missions", FIRST, None, "Prepare a workshop", "Tajikistan", "2026-06-08", None, "planned", about=POST)
    first = run("import", "adviser-return.xlsx")
    assert first.exit_code == 0, first.output
    assert first.stdout == "adviser-return-regional-adviser-environment-missions version 1: 1 row; 1 new or changed\n"
    assert "sheet Missions: 2 rows marked EXAMPLE are ignored" in first.stderr
    written = run("workbook", "adviser-return", "--adviser", POST.upper(), "-o", "next.xlsx")
    assert written.stderr == "Wrote next.xlsx: 1 in Missions. Fill it in, then: partnermap import next.xlsx\n"
    page = load_workbook(folder / "next.xlsx")["Missions"]
    number = "prepare-a-workshop-tjk-2026-06-08-regional-adviser-environment"
    assert [page.cell(FIRST, n).value for n in (1, 2, 3)] == [number, "Prepare a workshop", "Tajikistan"]
    assert page.cell(FIRST, 4).number_format == "yyyy-mm-dd" and page.cell(FIRST + 1, 2).value is None
    assert "nothing has changed" in run("import", "next.xlsx").stdout
    fill(folder / "next.xlsx", "Missions", FIRST, number, "Prepare two workshops")
    assert "1 new or changed, 1 closed" in run("import", "next.xlsx").stdout
    found = run("query", "missions_in_country", "--param", "country=TJK", "--format", "csv").stdout
    assert found.splitlines()[1].startswith(f"Mission:{number},Prepare two workshops,planned,2026-06-08")


def test_missions_of_one_purpose_in_two_returns_are_two(folder: Path, run: Run) -> None:
    for n, (post, place, day) in enumerate([(POST, "Tajikistan", "2026-06-08"), ("Regional Adviser Trade", "Georgia", "2026-09-01")]):
        assert run("workbook", "adviser-return", "--adviser", post, "-o", f"{n}.xlsx").exit_code == 0
        fill(folder / f"{n}.xlsx", "Missions", FIRST, None, "Meet the country team", place, day, None, "planned")
    assert run("import", "0.xlsx", "1.xlsx").exit_code == 0
    for country, post in (("TJK", POST), ("GEO", "Regional Adviser Trade")):
        found = run("query", "missions_in_country", "--param", f"country={country}", "--format", "csv").stdout.splitlines()
        assert len(found) == 2 and post in found[1]


def test_a_return_needs_a_post(folder: Path, run: Run) -> None:
    result = run("workbook", "adviser-return")
    assert result.exit_code == 2 and 'Say whose return it is: --adviser "Regional Adviser Environment".' in result.stderr


@pytest.mark.parametrize("book", BOOKS)
def test_a_filled_workbook_round_trips(folder: Path, tmp_path: Path, run: Run, book: str) -> None:
    path = workbook(tmp_path, {sheet.name: example_rows(sheet, ("A 1", "+B-2")) for sheet in BOOKS[book].sheets}, book=book, adviser=POST, name="filled.xlsx")
    first = run("--verbose", "import", path)
    assert first.exit_code == 0 and "left out" not in first.stderr and "refused" not in first.stderr
    before = run("status", "--format", "json").stdout
    options = ["--adviser", POST] if book == "adviser-return" else []
    assert run("workbook", book, *options, "-o", "again.xlsx").exit_code == 0
    second = run("import", "again.xlsx")
    lines = second.stdout.splitlines()
    assert len(lines) == len(BOOKS[book].sheets) and all(line.endswith("; nothing has changed") for line in lines), second.stdout
    assert run("status", "--format", "json").stdout == before


def test_rows_in_another_order_are_no_change_and_keep_their_source(folder: Path, tmp_path: Path, run: Run) -> None:
    run("import", workbook(tmp_path, {"Requests": [request("R-1"), request("R-2")]}))
    assert "2 rows; nothing has changed" in run("import", workbook(tmp_path, {"Requests": [request("R-2"), request("R-1")]})).stdout
    assert run("workbook", "registers").exit_code == 0
    page = load_workbook(folder / "registers.xlsx")["Requests"]
    assert [page.cell(FIRST + n, 1).value for n in (0, 1)] == ["R-2", "R-1"]


def test_refused_rows_are_told_and_the_others_load(folder: Path, tmp_path: Path, run: Run) -> None:
    path = workbook(tmp_path, {"Requests": [request("R-1", Status="opn"), request("R-2")]})
    result = run("import", path)
    assert result.exit_code == 0 and result.stdout == "registers-requests version 1: 1 row; 1 new or changed\n"
    assert "refused: registers.xlsx, sheet Requests, row 5, Status: opn is not allowed (did you mean open?); use one of: open, planned, " in result.stderr
    strict = run("import", path, "--strict")
    assert strict.exit_code == 1 and "Nothing was imported, because of --strict." in strict.stderr


def test_examples_are_nothing_to_be_strict_about(folder: Path, tmp_path: Path, run: Run) -> None:
    assert run("import", workbook(tmp_path, {"Requests": [request()]}), "--strict").exit_code == 0


def test_a_person_is_erased_after_asking(folder: Path, tmp_path: Path, run: Run) -> None:
    path = workbook(tmp_path, {"People": [{"Name": "Jane Sample", "Areas": "Trade"}], "Requests": [request(Source="letter to Jane Sample")]})
    assert "registers-people version 1: 0 rows, 1 about people; people have changed" in run("import", path).stdout
    asked = run("erase", "Jane Sample")  # no answer
    assert asked.exit_code == 1 and "This cannot be undone: 1 row about the person, 1 record. Erase [y/N]" in asked.stderr
    assert "Jane Sample" in run("query", "experts_for_area", "--param", "area=TRD").stdout
    done = run("erase", "Jane Sample", "--yes")
    assert done.exit_code == 0 and done.stderr.startswith("Erased: 1 row about the person, 1 record. Later imports skip rows about this person; ")
    assert "Jane" not in run("query", "experts_for_area", "--param", "area=TRD").stdout
    again = run("erase", "Jane Sample", "--yes")
    assert again.exit_code == 1 and "Nobody called 'Jane Sample' is known here" in again.stderr
    later = run("import", path)
    assert "this person was erased from the workspace and is skipped" in later.stderr


def test_what_stays_of_an_erased_person_is_told_and_findings_forget(folder: Path, tmp_path: Path, run: Run) -> None:
    """Identifiers stay, and so do references to them; files are named and not touched."""
    table = tmp_path / "joan-doe.csv"
    table.write_text("No;Title;What;Agency;Start\nJOAN-DOE-3;Pastures with Joan Doe;Care for pastures in Naryn with Joan Doe;UNDP;2025\n4;Roads, see P9JOAN-DOE-3;Roads;Joan Doe;2025\n", encoding="utf-8")
    mapping = """identifier = "{prefix}:{{No}}"
[table]
publisher = "{prefix}"
licence = "unknown"
[fields]
title = "Title"
description = "What"
related = {{ column = "Title", pattern = 'P9(\\S+)', type = "3" }}
[[fields.participants]]
role = "implementing"
column = "Agency"
[fields.dates]
planned_start = {{ column = "Start", formats = ["%Y"] }}
"""
    for prefix in ("OSCE", "SDC"):
        (tmp_path / f"{prefix}.toml").write_text(mapping.format(prefix=prefix), encoding="utf-8")
        assert run("import", table, "--mapping", tmp_path / f"{prefix}.toml", "--dataset", prefix).exit_code == 0
    run("scan")
    assert "Joan Doe" in run("findings").stdout
    run("findings", "--format", "csv", "-o", folder / "out" / "list.csv")
    run("findings", "--format", "xlsx", "-o", folder / "out" / "list.xlsx")
    (folder / "inbox" / "Joan Doe.csv").write_text("x")
    (folder / "inbox" / "joan.csv").write_bytes("Нет; Joan\u00a0Doe".encode("cp1251"))
    done = run("erase", "Joan Doe", "--yes")
    assert "2 versions of datasets, 4 records. The findings were scanned again. Later imports skip rows about this person; a text that names them comes back with its file." in done.stderr
    assert "The name stays in 2 identifiers of activities, by which others refer to them: OSCE:JOAN-DOE-3, SDC:JOAN-DOE-3. Have them changed at the source." in done.stderr
    assert "Files here that still name them: inbox/Joan Doe.csv, inbox/joan.csv, out/list.csv, out/list.xlsx. Take them out there, and of your own files and copies elsewhere too." in done.stderr
    said = run("findings").stdout + run("findings", "--format", "json").stdout
    assert "Pastures with [erased]" in said and "joan doe" not in said.casefold()
    assert run("query", "--cypher", "MATCH (a:Activity)-[:RELATED_TO]->(b:Activity) RETURN a.id AS left, b.id AS right ORDER BY left, right").stdout.count("JOAN-DOE-3") == 2
    again = run("erase", "Joan Doe", "--yes")
    assert again.exit_code == 1 and "no row names them" in again.stderr and "The name stays in 2 identifiers" in again.stderr


def test_a_decision_forgets_an_erased_person(folder: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "t.csv").write_text("No;Title;Agency\n1;Wells;Doe Joan Consulting\n", encoding="utf-8")
    for name in ("OSCE", "SDC"):
        (tmp_path / "t.toml").write_text(f'identifier = "{name}:{{No}}"\n[table]\npublisher = "{name}"\n[fields]\ntitle = "Title"\n[[fields.participants]]\nrole = "implementing"\ncolumn = "Agency"\n')
        assert run("import", tmp_path / "t.csv", "--mapping", tmp_path / "t.toml", "--dataset", name).exit_code == 0
    decided = run("organizations", "--same", "name:doe joan consulting@osce", "name:doe joan consulting@sdc", "--note", "asked Doe Joan")
    assert decided.exit_code == 0, decided.output
    done = run("erase", "Doe Joan", "--yes")
    assert "2 records, 1 decision" in done.stderr
    text = run("organizations", "--decisions").stdout + run("query", "--cypher", "MATCH (d:Decision) RETURN d.names AS names, d.subjects AS subjects, d.note AS note").stdout
    assert "asked [erased]" in text and "doe" not in text.casefold()


def test_a_return_for_others_is_theirs_and_stays_so(folder: Path, run: Run) -> None:
    """Nobody types into About: whose activities they are was written when the workbook was made."""
    office = "OSCE Programme Office in Bishkek"
    assert run("workbook", "adviser-return", "--adviser", office, "--organization", "OSCE", "-o", "osce.xlsx").exit_code == 0
    fill(folder / "osce.xlsx", "Activities", FIRST, None, "Training of customs officers", "workshop", "Trade", "Tajikistan", None, None, "planned")
    assert run("import", "osce.xlsx").exit_code == 0
    assert run("workbook", "adviser-return", "--adviser", office, "-o", "next.xlsx").exit_code == 0
    about = load_workbook(folder / "next.xlsx")["About"]
    assert (about["B4"].value, about["B5"].value) == (office, "XM-DAC-47131")
    assert "1 row; nothing has changed" in run("import", "next.xlsx").stdout
    told = run("query", "--cypher", "MATCH (a:Activity) RETURN a.id AS id, a.ours AS ours", "--format", "csv").stdout
    assert told.split() == ["id,ours", "XM-DAC-47131:training-of-customs-officers,False"]


def test_registers_are_our_own(folder: Path, run: Run) -> None:
    refused = run("workbook", "registers", "--organization", "OSCE", "-o", "x.xlsx")
    assert refused.exit_code == 2 and "--organization is for adviser-return: the registers are our own." in refused.stderr
