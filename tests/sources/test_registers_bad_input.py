"""What people do to a workbook: each is told with sheet, row and column, and the good rows load."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from partnermap.errors import UnreadableFile
from partnermap.sources import open_imports
from partnermap.sources.registers_cells import read_cell
from partnermap.sources.registers_unit import BOOKS
from tests.sources.registers_files import (
    FIRST,
    HEADER,
    OWN,
    read_sheet,
    request,
    said,
    sheets,
    workbook,
)

REQUESTS = "registers-requests"
WHERE = "registers.xlsx, sheet Requests, row"


def read(folder: Path, *rows: Any, change: Any = None) -> tuple[list[Any], list[str]]:
    """What the records of the sheet Requests say, by number, and the reports."""
    records, reports = read_sheet(workbook(folder, {"Requests": rows}, change=change), REQUESTS)
    return [(r.subject_id.partition(":")[2], said(r)) for r in records], reports


# --- cells ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "report"),
    [
        (request(Status="opn"), "5, Status: opn is not allowed (did you mean open?); use one of: open, planned, partly answered, answered, answered by a partner, withdrawn. The row is left out"),
        (request(Status=None), "5, Status: is empty and needed: use one of: open, planned, partly answered, answered, answered by a partner, withdrawn. The row is left out"),
        (request(Theme="  "), "5, Theme: is empty and needed: What is asked for, in one line. The row is left out"),
        (request(Countries="Kirgisistan; Nowhere"), None),
        (request(Countries="Республика Казахстн"), "5, Countries: Республика Казахстн is no country and no group of countries (did you mean Kazakhstan?); use a name from the sheet Lists or an ISO code. The row is left out"),
        (request(Countries="Atlantis"), "5, Countries: Atlantis is no country and no group of countries; use a name from the sheet Lists or an ISO code. The row is left out"),
        (request(Areas="Environmnt"), "5, Areas: Environmnt is not allowed (did you mean Environment?); use one of: Environment, Transport, Statistics, Economic Cooperation and Integration, Sustainable Energy, Trade, Forests and Timber, Housing and Land Management. The row is left out"),
        (request(Date="5/6/2026"), "5, Date: 5/6/2026 can be two dates, since month and day are not told apart; write 2026-05-31. The row is left out"),
        (request(Date=2026), "5, Date: 2026 is a year; write a whole date such as 2026-03-31. The row is left out"),
        (request(Date="31.2.2026"), "5, Date: 31.2.2026 is no date; write one such as 2026-05-31. The row is left out"),
    ],
)
def test_a_needed_value_that_cannot_be_read_leaves_its_row_out_alone(tmp_path: Path, cell: Any, report: str | None) -> None:
    records, reports = read(tmp_path, cell, request("REQ-2"))
    if report is None:  # one of two countries is right in German
        assert [number for number, _ in records] == ["REQ-1", "REQ-2"] and records[0][1]["countries"] == ["KGZ"]
        assert reports == [f"{WHERE} 5, Countries: Nowhere is no country and no group of countries; use a name from the sheet Lists or an ISO code [kept]"]
        return
    assert [number for number, _ in records] == ["REQ-2"]
    assert reports == [f"{WHERE} {report}"]


@pytest.mark.parametrize(("word", "meant"), [("seminar", "workshop"), ("Conferences", "workshop"), ("mission", "advisory")])
def test_a_word_that_a_note_gives_a_value_for_is_answered_with_it(word: str, meant: str) -> None:
    kind = next(column for book in BOOKS.values() for sheet in book.sheets if sheet.kind == "Activity" for column in sheet.columns if column.name == "Kind")
    assert read_cell(kind, word, OWN) == (None, [f"{word} is not allowed (it counts as {meant}: write that); use one of: project, programme, advisory, workshop, training, study-tour"])


@pytest.mark.parametrize(
    ("cells", "field", "report"),
    [
        ({"Instruments": "Watre Convention; TIR Convention"}, "instruments", "5, Instruments: Watre Convention is no instrument of the list (did you mean Water Convention?); use a short name from the sheet Lists [kept]"),
        ({"Estimated cost": "about 5"}, "cost", "5, Estimated cost: about 5 is no number; write it in digits alone, such as 180000 [kept]"),
        ({"Estimated cost": "12,500", "Currency": "USD"}, "cost", "5, Estimated cost: 12,500 can be read as thousands or as a fraction; write it in digits alone, such as 180000 [kept]"),
        ({"Estimated cost": -5, "Currency": "USD"}, "cost", "5, Estimated cost: -5 is below zero; correct it [kept]"),
        ({"Estimated cost": 5}, "cost", "5, Currency: is empty, so that Estimated cost 5 is left out; add a code such as USD [kept]"),
        ({"Estimated cost": 5, "Currency": "dollars"}, "currency", None),
    ],
)
def test_another_value_that_cannot_be_read_is_left_out_alone(tmp_path: Path, cells: dict[str, Any], field: str, report: str | None) -> None:
    ((_, row), (_, other)), reports = read(tmp_path, request() | cells, request("REQ-2"))
    assert row.get(field) == (["TIR"] if field == "instruments" else None)
    assert other["title"] == "Water law"
    assert report is None or reports == [f"{WHERE} {report}"]
    assert reports


@pytest.mark.parametrize(
    "date",
    [dt.datetime(2026, 1, 31, 12, 30), dt.date(2026, 1, 31), 46053, 46053.75, "46053", "2026-01-31", "31.01.2026", "31. 1. 2026", "31/1/2026", "1/31/2026", "31 Jan 2026", "31st January 2026", "2026-01-31T10:00:00Z"],
    ids=str,
)
def test_a_date_in_any_form_with_one_meaning(tmp_path: Path, date: Any) -> None:
    def plain(book: Workbook) -> None:  # openpyxl formats what it takes for a date
        if isinstance(date, (int, float)):
            book["Requests"].cell(FIRST, 6).number_format = "General"

    ((_, row),), reports = read(tmp_path, request(Date=date), change=plain)
    assert (row["requested_date"], reports) == ("2026-01-31", [])


def test_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    def mac(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        page = book["Requests"]
        page.cell(FIRST, 6).value = dt.datetime(2026, 1, 31)
        page.cell(FIRST + 1, 6).value = 46053 - 1462  # the same day as a plain number
        page.cell(FIRST + 1, 6).number_format = "General"

    found, reports = read(tmp_path, request(), request("REQ-2"), change=mac)
    assert [row["requested_date"] for _, row in found] == ["2026-01-31", "2026-01-31"] and reports == []


def test_formulas_count_with_their_last_result_and_errors_not_at_all(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Requests": [request(Source="=1+1"), request("REQ-2", Source="#N/A"), request("REQ-3", Theme="=A1&A2")]})
    # what a spreadsheet program stores: the formula with its last result
    _rewrite(path, "xl/worksheets/sheet7.xml", [(r"<f>1\+1</f><v ?/>|<f>1\+1</f><v></v>", "<f>1+1</f><v>2</v>")])
    records, reports = read_sheet(path, REQUESTS)
    assert [(r.subject_id, said(r).get("source")) for r in records] == [("Request:REQ-1", "2"), ("Request:REQ-2", None)]
    assert reports == [
        f"{WHERE} 5, Source: is a formula; its last result is read. Type the value [kept]",
        f"{WHERE} 6, Source: holds the error #N/A; left out. Type the value [kept]",
        f"{WHERE} 7, Theme: is empty and needed: What is asked for, in one line. The row is left out",
        f"{WHERE} 7, Theme: is a formula without a result; left out. Type the value [kept]",
    ]


def _rewrite(path: Path, member: str, changes: list[tuple[str, str]]) -> None:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[member].decode()
    for pattern, new in changes:
        text, hits = re.subn(pattern, new, text)
        assert hits, pattern
    parts[member] = text.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_merged_cells_count_for_each_of_their_rows(tmp_path: Path) -> None:
    def merge(book: Workbook) -> None:
        book["Requests"].merge_cells(start_row=FIRST, end_row=FIRST + 1, start_column=4, end_column=4)

    found, reports = read(tmp_path, request(), request("REQ-2", Countries=None), change=merge)
    assert [row["countries"] for _, row in found] == [["KGZ"], ["KGZ"]]
    assert reports == [f"{WHERE} 5, Countries: is merged with the rows down to 6; its value is taken for each of them. Unmerge it [kept]"]


def test_carriage_returns_and_blanks_become_single_spaces(tmp_path: Path) -> None:
    ((_, row),), _ = read(tmp_path, request(Theme="Water_x000D_\n  law\u00a0now "))
    assert row["title"] == "Water law now"


def test_an_end_before_its_start_is_left_out(tmp_path: Path) -> None:
    row = {"No.": "M", "Title": "Memorandum", "Parties": "OSCE", "Start": "2026-02-01", "End": "2026-01-01"}
    (record,), reports = read_sheet(workbook(tmp_path, {"Agreements": [row]}), "registers-agreements")
    assert "end_date" not in said(record)
    assert reports == ["registers.xlsx, sheet Agreements, row 5, End: 2026-01-01 is before the start 2026-02-01; the end is left out. Correct one of them [kept]"]


# --- sheets and columns ---------------------------------------------------------------------------


def test_hidden_and_unknown_sheets_are_told(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["Funds"].sheet_state = "hidden"
        book["Events"].title = "Evnts"
        book.create_sheet("Notes")

    path = workbook(tmp_path, {"Requests": [request()], "Funds": [{"No.": "F"}]}, change=change)
    found = sheets(path)
    assert list(found) == [REQUESTS]
    known = "Own activities, People, Offices, Country teams, Agreements, Requests, Frameworks, Outcomes, Funds, Events, Evaluations, Good practices, Networks, Parties, Transboundary features, Decisions"
    assert [str(entry) for entry in found[REQUESTS].refused] == [
        "registers.xlsx, sheet Funds: is hidden and was not read; unhide it, or delete it",
        f"registers.xlsx, sheet Evnts: is no sheet of this workbook (did you mean Events?) and was not read; known: {known}",
        f"registers.xlsx, sheet Notes: is no sheet of this workbook and was not read; known: {known}",
    ]


def test_columns_in_any_order_unknown_and_twice(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        page = book["Requests"]
        page.insert_rows(1, 3)  # a letterhead
        page.cell(HEADER + 3, 5).value = "Instrumnts"
        page.cell(HEADER + 3, 10).value = "status"
        for row in page.iter_rows(min_row=HEADER + 3, min_col=1, max_col=2):
            row[0].value, row[1].value = row[1].value, row[0].value

    found, reports = read(tmp_path, request(Instruments="TIR Convention"), change=change)
    assert [(number, row["title"], "instruments" in row) for number, row in found] == [("REQ-1", "Water law", False)]
    assert reports == [
        f"{WHERE} 5, Instrumnts: is no column of this sheet (did you mean Instruments?) and was not read; known: No., Theme, Areas, Countries, Instruments, Date, Status, Estimated cost, Currency, Source [kept]",
        f"{WHERE} 5, Status: stands twice in the header; the first one is read. Rename or delete the other [kept]",
    ]


def test_a_needed_column_that_is_missing_leaves_its_sheet_out_and_no_other(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["Requests"].delete_cols(2)

    fund = {"No.": "F", "Fund": "Fund", "Kind": "extrabudgetary"}
    found = sheets(workbook(tmp_path, {"Requests": [request()], "Funds": [fund]}, change=change))
    assert list(found) == ["registers-funds"]
    assert [str(entry) for entry in found["registers-funds"].refused] == [f"{WHERE} 2, Theme: is missing in the header, so that no row can be read. Put the column back"]


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3_000])  # the list of a file's parts stands at another place in a large one
def test_a_password_is_told(tmp_path: Path, rows: int) -> None:
    path, locked = workbook(tmp_path, {"Requests": [request()] * rows}), tmp_path / "locked.xlsx"
    with path.open("rb") as plain, locked.open("wb") as out:
        OOXMLFile(plain).encrypt("secret", out)
    with pytest.raises(UnreadableFile, match=r"^locked.xlsx: is a workbook or document that is locked with a password"):
        list(open_imports(locked))


def test_a_damaged_workbook_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Requests": [request()]})
    _rewrite(path, "xl/worksheets/sheet7.xml", [("(?s)^.*$", "<worksheet")])
    with pytest.raises(UnreadableFile, match=r"^registers.xlsx: the workbook is damaged \(.*Open it in a spreadsheet program and save it again"):
        list(open_imports(path))


def test_a_later_version_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Requests": [request()]})
    _rewrite(path, "xl/workbook.xml", [(r"registers\|1\|", "registers|9|")])
    with pytest.raises(UnreadableFile, match=r"of another partnermap; this one reads version 1. Write a new one with: partnermap workbook$"):
        list(open_imports(path))


def test_another_workbook_is_a_table_and_needs_a_mapping(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "Requests"
    book.active.append(["No.", "Theme"])
    book.save(tmp_path / "theirs.xlsx")
    with pytest.raises(UnreadableFile, match=r"^theirs.xlsx: looks like a table\. Name its mapping"):
        list(open_imports(tmp_path / "theirs.xlsx"))


def test_the_mark_survives_a_workbook_saved_by_another_program(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Requests": [request()]})
    opened = load_workbook(path)
    opened.save(tmp_path / "again.xlsx")
    assert list(sheets(tmp_path / "again.xlsx")) == [REQUESTS]


def test_a_cell_holds_so_much_and_no_more() -> None:
    column = next(c for c in BOOKS["registers"].sheets[5].columns if c.name == "Source")
    value, problems = read_cell(column, "x" * 2_000_000, OWN)
    assert value is None and problems == ["is 2,000,000 characters long, and a cell holds 32,767; shorten it"]
