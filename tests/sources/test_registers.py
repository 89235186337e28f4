"""Our own workbooks: what is written, and what is read of it."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from partnermap.errors import UnreadableFile
from partnermap.sources import open_imports
from partnermap.sources.registers_book import write_book
from partnermap.sources.registers_cells import Own, activity_id, read_cell, shown_cell
from partnermap.sources.registers_sheets import Sheet
from partnermap.sources.registers_unit import AGREEMENTS, BOOKS, OWN_ACTIVITIES, REQUESTS
from tests.sources.registers_files import (
    FIRST,
    HEADER,
    OWN,
    empty,
    example_rows,
    read_sheet,
    request,
    said,
    sheets,
    workbook,
)

UNIT = BOOKS["registers"]
EVERY = [(book.name, sheet) for book in BOOKS.values() for sheet in book.sheets]


def ids(value: object) -> str:
    return value.name if isinstance(value, Sheet) else str(value)


# --- each sheet, alone and together ---------------------------------------------------------------


@pytest.mark.parametrize(("book", "sheet"), EVERY, ids=ids)
def test_a_sheet_imports_alone_and_its_examples_are_right(tmp_path: Path, book: str, sheet: Sheet) -> None:
    path = workbook(tmp_path, {sheet.name: example_rows(sheet)}, book=book, adviser="Adviser Trade")
    (found,) = sheets(path).values()
    records = list(found.records)
    assert [str(r) for r in found.refused] == []
    rows = [(r.subject_kind, r.row) for r in records] if sheet.kind != "Person" else [("Person", p["row"]) for p in found.people]
    assert rows == [(sheet.kind, FIRST), (sheet.kind, FIRST + 1)]
    base = "registers" if book == "registers" else "adviser-return-adviser-trade"
    assert (found.dataset.dataset, found.dataset.source) == (f"{base}-{sheet.dataset}", "registers")


def test_all_sheets_import_together_in_the_order_of_the_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path, {sheet.name: example_rows(sheet) for sheet in reversed(UNIT.sheets)})
    assert list(sheets(path)) == [f"registers-{sheet.dataset}" for sheet in UNIT.sheets]


def test_a_workbook_with_only_one_of_the_sheets_is_read(tmp_path: Path) -> None:
    def alone(book: object) -> None:
        for name in book.sheetnames:  # type: ignore[attr-defined]
            if name != "Requests":
                del book[name]  # type: ignore[attr-defined]

    path = workbook(tmp_path, {"Requests": [request()]}, change=alone)
    records, reports = read_sheet(path, "registers-requests")
    # whose it is stands in the workbook's mark too
    assert [(r.subject_id, r.reporter) for r in records] == [("Request:REQ-1", "XM-DAC-41314")] and reports == []


def test_a_dataset_may_be_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Requests": [request()]})
    assert list(sheets(path, dataset="asia")) == ["asia-requests"]


def test_what_a_row_says(tmp_path: Path) -> None:
    row = request(Countries="KG; Central Asia;TJK", Areas="environment; TRD", Instruments="Water Convention; xxvii-1", Estimated_cost=250000.5, Currency="usd", Date=dt.datetime(2026, 1, 31))
    (record,), reports = read_sheet(workbook(tmp_path, {"Requests": [row]}), "registers-requests")
    assert reports == []
    assert (record.subject_id, record.takes_part, record.flagged) == ("Request:REQ-1", True, False)
    assert said(record) == {
        "title": "Water law",
        "areas": ["ENV", "TRD"],
        "countries": ["KGZ", "central_asia", "TJK"],
        "instruments": ["WATER", "LRTAP"],
        "requested_date": "2026-01-31",
        "status": "open",
        "cost": "250000.5",
        "currency": "USD",
    }


def test_an_own_activity_is_reported_and_carried_out_by_us(tmp_path: Path) -> None:
    row = example_rows(OWN_ACTIVITIES)[0] | {"Status": "completed"}
    (record,), reports = read_sheet(workbook(tmp_path, {"Own activities": [row]}), "registers-own-activities")
    us = {"ref": "XM-DAC-41314", "name": "United Nations Economic Commission for Europe"}
    assert reports == [] and record.takes_part
    assert said(record) == {
        "identifier": "XM-DAC-41314:1",
        "reporter": us,
        "titles": [{"lang": "en", "text": "Accession to the Water Convention and its Protocol on Water and Health"}],
        "descriptions": [{"lang": "en", "text": "Legal advice and two workshops for the ministries concerned.", "type": "1"}],
        "kind": "project",
        "status": "4",
        "dates": {"actual_start": "2026-03-01", "actual_end": "2027-12-31"},
        "participants": [
            {"role": "4", **us},
            {"role": "4", "name": "UNDP"},
            {"role": "1", "name": "Switzerland"},
            {"role": "counterpart", "name": "Ministry of Natural Resources of Kyrgyzstan"},
        ],
        "countries": [{"code": "KG"}],
        "budgets": [{"type": "1", "start": "2026-03-01", "end": "2027-12-31", "value": "180000", "currency": "USD"}],
        "areas": ["ENV"],
        "instruments": ["WATER", "WATER-HEALTH"],
        "requests": ["Request:REQ-2026-01"],
        "outcomes": ["Outcome:KGZ-UNSDCF-3.1"],
        "funding_source": "extrabudgetary",
        "excom_status": "reviewed",
        "excom_date": "2026-01-27",
        "expected_outcome": "A draft law on accession is before parliament.",
    }


@pytest.mark.parametrize(("status", "dates"), [("planned", {"planned_start", "planned_end"}), ("ongoing", {"actual_start", "planned_end"}), ("cancelled", {"planned_start", "planned_end"})])
def test_dates_are_actual_as_far_as_the_status_says(tmp_path: Path, status: str, dates: set[str]) -> None:
    row = example_rows(OWN_ACTIVITIES)[0] | {"Status": status}
    (record,), _ = read_sheet(workbook(tmp_path, {"Own activities": [row]}), "registers-own-activities")
    assert said(record)["dates"].keys() == dates


def test_people_are_handed_on_beside_the_records(tmp_path: Path) -> None:
    offices = [{"No.": "O", "Office": "Office", "Organization": "UNDP", "Countries": "KGZ", "Contacts": "Jane Sample <j@example.org>; Ann Other"}]
    found = sheets(workbook(tmp_path, {"Offices": offices}))["registers-offices"]
    assert [(p["id"], p["person"], p["name"], p["target"], p["content"]) for p in found.people] == [
        ("registers-offices#5#0", "Person:jane sample", "Jane Sample", "Office:O", '{"email":"j@example.org","role":"contact"}'),
        ("registers-offices#5#1", "Person:ann other", "Ann Other", "Office:O", '{"role":"contact"}'),
    ]
    assert "Jane" not in "".join(r.content for r in found.records)


def test_a_row_without_a_number_is_known_by_its_title(tmp_path: Path) -> None:
    records, _ = read_sheet(workbook(tmp_path, {"Requests": [request("", Theme="Safer roads, Osh")]}), "registers-requests")
    assert [r.subject_id for r in records] == ["Request:safer-roads-osh"]


def missions(folder: Path, *changed: dict[str, str], adviser: str = "Regional Adviser Trade") -> tuple[list[str], list[str]]:
    """Ids of missions that differ from one without a number as said, and the reports."""
    rows = [{"Purpose": "Meet the country team", "Countries": "Kyrgyzstan", "Start": "2026-04-20", "Status": "planned", **cells} for cells in changed]
    path = workbook(folder, {"Missions": rows}, book="adviser-return", adviser=adviser)
    records, reports = read_sheet(path, f"adviser-return-{adviser.lower().replace(' ', '-')}-missions")
    return [r.subject_id for r in records], reports


def test_missions_of_one_purpose_and_no_number_are_told_apart(tmp_path: Path) -> None:
    first, *others = ({}, {"Start": "2026-10-12"}, {"Countries": "Kazakhstan"}, {"Countries": "Kazakhstan; Kyrgyzstan"})
    found, reports = missions(tmp_path, first, *others)
    assert (len(set(found)), reports) == (4, [])
    assert found[0] == "Mission:meet-country-team-kgz-2026-04-20-regional-adviser-trade"
    # whatever else stands in the sheet, in which order, and whatever else changes in the row
    assert missions(tmp_path, *reversed(others), {"Status": "done", "End": "2026-04-24", "To meet": "UNDP"})[0][-1] == found[0]
    assert missions(tmp_path, {"Countries": "KGZ; Kazakhstan"})[0] == [found[3]]
    assert missions(tmp_path, {}, adviser="Regional Adviser Transport")[0] != [found[0]]
    long = "Meet the country team and the ministries of transport, trade and the environment on what follows from the review"
    assert len(set(missions(tmp_path, {"Purpose": long}, {"Purpose": long, "Start": "2026-10-12"})[0])) == 2


def test_missions_that_nothing_tells_apart_are_one_and_told(tmp_path: Path) -> None:
    found, reports = missions(tmp_path, {}, {"To meet": "UNDP"}, {"No.": "M-1"})
    assert [number.removeprefix("Mission:") for number in found] == ["meet-country-team-kgz-2026-04-20-regional-adviser-trade", "M-1"]
    assert reports == [
        "adviser-return.xlsx, sheet Missions, row 6, No.: is empty, and Purpose, Countries and Start are those of row 5, so that the two cannot be told apart. Give this row a number; it is left out"
    ]


@pytest.mark.parametrize(
    ("text", "identifier"),
    [("TC-2026-01", "XM-DAC-41314:TC-2026-01"), ("XM-DAC-41114-PROJECT-1", "XM-DAC-41114-PROJECT-1"), ("44000-P130534", "44000-P130534"), ("KG-1:x", "KG-1:x")],
)
def test_a_reference_to_an_activity_is_ours_or_an_identifier(text: str, identifier: str) -> None:
    assert activity_id(text, OWN) == identifier


def test_examples_are_ignored_and_said_so(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Requests": [request(), request("EXAMPLE 3", Theme="another")]})
    found = sheets(path)["registers-requests"]
    assert [r.subject_id for r in found.records] == ["Request:REQ-1"]
    assert found.notes == ["sheet Requests: 3 rows marked EXAMPLE are ignored"]


def test_a_sheet_with_no_row_is_told_apart_from_one_that_is_not_there(tmp_path: Path) -> None:
    path = workbook(tmp_path, {"Requests": [request()]}, change=lambda book: book.remove(book["Funds"]))
    emptied = {found.dataset.dataset: found.emptied for found in open_imports(path)}
    assert emptied["registers-requests"] is False and emptied["registers-events"] is True
    assert "registers-funds" not in emptied


def test_a_return_says_whose_it_is(tmp_path: Path) -> None:
    rows = {"Missions": example_rows(BOOKS["adviser-return"].sheets[1])}
    with pytest.raises(UnreadableFile) as caught:
        sheets(workbook(tmp_path, rows, book="adviser-return"))
    assert str(caught.value) == (
        "adviser-return.xlsx, sheet About, cell B4: does not say whose return it is. Write the post there, such as "
        "Regional Adviser Environment, and import the file again."
    )


def test_a_number_twice_leaves_the_second_row_out(tmp_path: Path) -> None:
    records, reports = read_sheet(workbook(tmp_path, {"Requests": [request(), request(Theme="Other")]}), "registers-requests")
    assert [said(r)["title"] for r in records] == ["Water law"]
    assert reports == ["registers.xlsx, sheet Requests, row 6, No.: is also that of row 5, so that the two cannot be told apart. Give this row another; it is left out"]


# --- what is written ------------------------------------------------------------------------------


@pytest.mark.parametrize(("book", "sheet"), EVERY, ids=ids)
def test_columns_have_notes_and_drop_downs_of_their_vocabulary(book: str, sheet: Sheet) -> None:
    opened = load_workbook(BytesIO(empty(book)))
    page = opened[sheet.name]
    rules = {str(rule.sqref).split(":")[0].rstrip("0123456789"): rule for rule in page.data_validations.dataValidation}
    for column, head in zip(sheet.columns, page[HEADER], strict=False):
        assert head.value == (f"{column.name} *" if column.required else column.name)
        assert head.comment and (column.note in head.comment.text or not column.note)
        if column.form == "choice":
            rule = rules[head.column_letter]
            where = rule.formula1.removeprefix("=Lists!").replace("$", "")
            assert tuple(cell.value for (cell,) in opened["Lists"][where]) == column.choices
            assert (rule.showErrorMessage, rule.errorStyle) == (True, "stop")
        elif column.form in ("areas", "countries", "instruments", "organizations"):
            assert rules[head.column_letter].showErrorMessage is False  # several values are right too
    assert page.freeze_panes and page.print_title_rows == f"${HEADER}:${HEADER}" and page.page_setup.orientation == "landscape"
    assert opened["Lists"].sheet_state == "hidden"


def test_every_word_of_a_drop_down_can_be_read() -> None:
    lists = load_workbook(BytesIO(empty("registers")))["Lists"]
    forms = {"Areas": "areas", "Countries and groups": "countries", "Countries": "country", "Instruments": "instruments", "Currencies": "currency", "Yes or no": "yes"}
    by_form = {c.form: c for s in UNIT.sheets for c in s.columns}
    found = {}
    for column in lists.iter_cols():
        if (form := forms.get(column[0].value)) is not None:
            words = [cell.value for cell in column[1:] if cell.value]
            found[form] = len(words)
            for word in words:
                assert read_cell(by_form[form], word, OWN)[1] == [], word
    assert found.keys() == set(forms.values()) and found["areas"] == 8 and found["country"] == 250


EVIL = ["=1+1", "+49 30", "-", "@SUM(A1)", '=HYPERLINK("http://x","y")']


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_book(path, UNIT, OWN, {"Requests": [(f"R{n}", {"title": text, "areas": ["ENV"], "countries": ["KGZ"], "requested_date": "2026-01-31", "status": "open", "source": text}) for n, text in enumerate(EVIL)]})
    cells = [load_workbook(path)["Requests"].cell(FIRST + n, 2) for n in range(len(EVIL))]
    assert [(c.data_type, c.quotePrefix) for c in cells] == [("s", True)] * len(EVIL)
    with zipfile.ZipFile(path) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))
    records, reports = read_sheet(path, "registers-requests")
    assert [said(r)["title"] for r in records] == EVIL and reports == []


WORDS = st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters=";<>"), min_size=1, max_size=20).map(lambda t: f"a{t}")
VALUES = {
    "text": WORDS,
    "date": st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)).map(str),
    "number": st.decimals(0, 10**12, places=2).map(lambda d: format(d.normalize(), "f")),
    "yes": st.booleans(),
    "areas": st.lists(st.sampled_from(["ENV", "TRA", "TRD"]), min_size=1, unique=True),
    "countries": st.lists(st.sampled_from(["KGZ", "HKG", "XKX", "speca", "transition"]), min_size=1, unique=True),
    "instruments": st.lists(st.sampled_from(["WATER", "TIR", "ADR"]), min_size=1, unique=True),
    "organizations": st.lists(WORDS, min_size=1, unique=True),
}


@given(data=st.data(), form=st.sampled_from(sorted(VALUES)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_shown_reads_the_same(data: st.DataObject, form: str) -> None:
    column = next(c for s in UNIT.sheets for c in s.columns if c.form == form)
    value = data.draw(VALUES[form])
    found, problems = read_cell(column, shown_cell(column, value, OWN), OWN)
    assert found == value
    assert problems == [] or form == "organizations"  # "afDB" is kept and asked about


def test_agreements_name_the_same_parties_when_written_again(tmp_path: Path) -> None:
    first = workbook(tmp_path, {"Agreements": example_rows(AGREEMENTS)})
    records, _ = read_sheet(first, "registers-agreements")
    again = tmp_path / "again.xlsx"
    write_book(again, UNIT, Own(OWN.ref, OWN.name), {"Agreements": [(r.subject_id.partition(":")[2], said(r)) for r in records]})
    assert sheets(again)["registers-agreements"].dataset.sha256 == sheets(first)["registers-agreements"].dataset.sha256
    assert REQUESTS.numbered and AGREEMENTS.numbered
