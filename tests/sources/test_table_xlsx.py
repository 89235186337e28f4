"""Workbooks as tables: which sheet, what cells hold, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from partnermap.errors import UnreadableFile
from partnermap.sources import open_imports
from tests.sources.iati_files import contents, open_one, read

MAPPING = """
identifier = "F:{No}"
[table]
publisher = "Fund"
TABLE
[fields]
title = "Title"
description = "What"
dates.planned_start = { column = "Start", formats = ["%d.%m.%Y"FORMATS] }
"""
HEADER = ("No", "Title", "What", "Start")


def mapped(folder: Path, table: str = "", formats: str = "") -> Path:
    path = folder / "map.toml"
    path.write_text(MAPPING.replace("TABLE", table).replace("FORMATS", formats), encoding="utf-8")
    return path


def book(folder: Path, *rows: Sequence[object], header: Sequence[object] = HEADER, name: str = "fund.xlsx") -> Path:
    made = Workbook()
    for row in (header, *rows):
        made.active.append(list(row))
    made.save(folder / name)
    return folder / name


def refusal(path: Path, mapping: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        list(open_imports(path, mapping=mapping))
    return str(caught.value)


def with_xml(path: Path, old: str, new: str) -> Path:
    """The workbook with a piece of its first sheet's XML replaced."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"].decode()
    assert old in sheet
    members["xl/worksheets/sheet1.xml"] = sheet.replace(old, new).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_cells_of_every_kind(tmp_path: Path) -> None:
    path = book(tmp_path, [7, "K&auml;rnten_x000D_\n water", 12.5, datetime(2012, 1, 31)], ["8", True, date(2011, 1, 1), "31.12.2013"])
    first, second = contents(path, mapping=mapped(tmp_path))
    assert first == {
        "identifier": "F:7",
        "reporter": {"name": "Fund"},
        "titles": [{"text": "Kärnten water"}],
        "descriptions": [{"text": "12.5"}],
        "dates": {"planned_start": "2012-01-31"},
    }
    assert (second["titles"][0]["text"], second["descriptions"][0]["text"], second["dates"]["planned_start"]) == ("true", "2011-01-01", "2013-12-31")


@pytest.mark.parametrize("text", ["=1+1", "+7 996 555", "-x", "@cmd"])
def test_text_that_looks_like_a_formula_is_text(tmp_path: Path, text: str) -> None:
    made = Workbook()
    made.active.append(HEADER)
    made.active.append(["7", "x", "w", None])
    made.active["B2"].value = text
    made.active["B2"].data_type = "s"
    made.save(tmp_path / "fund.xlsx")
    (said,) = contents(tmp_path / "fund.xlsx", mapping=mapped(tmp_path))
    assert said["titles"] == [{"text": text}]


def test_a_formula_gives_its_stored_value(tmp_path: Path) -> None:
    path = with_xml(book(tmp_path, ["7", "=1+1", "w", None]), "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>")
    assert contents(path, mapping=mapped(tmp_path))[0]["titles"] == [{"text": "2"}]


def test_errors_and_formulas_without_a_value_are_reported(tmp_path: Path) -> None:
    path = book(tmp_path, ["7", "#REF!", "=1+1", None], ["#N/A", "x", "w", None])
    records, reports = read(path, mapping=mapped(tmp_path))
    assert [json.loads(r.content) for r in records] == [{"identifier": "F:7", "reporter": {"name": "Fund"}}]
    again = "instead of a value; left out. Correct it in the workbook, save it, and import it again. [kept]"
    assert reports == [
        f"fund.xlsx, row 2, Title: the error #REF! {again}",
        "fund.xlsx, row 2, Title: no title; the activity is kept. Correct it at the source. [kept]",
        f"fund.xlsx, row 2, What: a formula without a stored value {again}",
        "fund.xlsx, row 3, No: the error #N/A, so the row has no identifier and is left out. Correct it in the workbook, save it, and import it again.",
    ]


def test_a_1904_workbook_counts_from_its_own_day(tmp_path: Path) -> None:
    made = Workbook()
    made.epoch = CALENDAR_MAC_1904
    made.active.append(HEADER)
    made.active.append(["7", "T", "w", date(2012, 1, 31)])  # openpyxl writes 39477: 1,462 days fewer than from 1900
    made.active.append(["8", "T", "w", 39477])
    made.save(tmp_path / "fund.xlsx")
    said = contents(tmp_path / "fund.xlsx", mapping=mapped(tmp_path, formats=', "serial"'))
    assert [one["dates"] for one in said] == [{"planned_start": "2012-01-31"}] * 2


def test_a_date_stored_as_number_is_read_where_the_mapping_says_so(tmp_path: Path) -> None:
    path = book(tmp_path, ["7", "T", "w", 40939])  # 31 January 2012, as Excel shows it
    assert contents(path, mapping=mapped(tmp_path, formats=', "serial"'))[0]["dates"] == {"planned_start": "2012-01-31"}
    assert read(path, mapping=mapped(tmp_path))[1] == [
        'fund.xlsx, row 2, Start: date 40939 is not of the form %d.%m.%Y, or "serial" if it is a spreadsheet\'s number of days; left out. '
        "Correct it at the source, or add it to the mapping. [kept]"
    ]


# --- which sheet, which header --------------------------------------------------------------------


def sheets(folder: Path, **rows: Sequence[Sequence[object]]) -> Path:
    """A workbook of several sheets; one whose name begins with ``Hidden`` is hidden."""
    made = Workbook()
    made.remove(made.active)
    for title, lines in rows.items():
        sheet = made.create_sheet(title, len(made.sheetnames))
        for line in lines:
            sheet.append(list(line))
        if title.startswith("Hidden"):
            sheet.sheet_state = "hidden"
    made.save(folder / "fund.xlsx")
    return folder / "fund.xlsx"


def test_the_sheet_with_the_columns_is_read(tmp_path: Path) -> None:
    path = sheets(tmp_path, Info=[["Read me"]], Data=[HEADER, ["7", "T", "w", None]])
    assert [one["identifier"] for one in contents(path, mapping=mapped(tmp_path))] == ["F:7"]


def test_a_hidden_sheet_is_read_only_by_name_and_told(tmp_path: Path) -> None:
    path = sheets(tmp_path, Data=[HEADER, ["7", "T", "w", None]], Hidden=[HEADER, ["8", "T", "w", None]])
    records, reports = read(path, mapping=mapped(tmp_path))
    assert ([r.subject_id for r in records], reports) == (["F:7"], ["fund.xlsx, sheet: hidden, and not read: 'Hidden'. Name a sheet in the mapping to read it. [kept]"])
    records, reports = read(path, mapping=mapped(tmp_path, 'sheet = "Hidden"'))
    assert ([r.subject_id for r in records], reports) == (["F:8"], ["fund.xlsx, sheet: 'Hidden' is hidden; it is read because the mapping names it. [kept]"])


def test_a_table_in_a_hidden_sheet_is_pointed_to(tmp_path: Path) -> None:
    path = sheets(tmp_path, Cover=[["Our projects"]], Hidden=[HEADER, ["7", "T", "w", None]])
    assert refusal(path, mapped(tmp_path)).endswith("Its columns are 'Our projects'. Sheets that are hidden were not looked at: 'Hidden'. Name one to read it: [table] sheet = \"...\".")


def test_sheets_that_cannot_be_told_apart_are_refused(tmp_path: Path) -> None:
    path = sheets(tmp_path, A=[HEADER, ["7", "T"]], B=[HEADER, ["8", "T"]])
    assert refusal(path, mapped(tmp_path)) == (
        "fund.xlsx: has 2 visible sheets ('A', 'B'), and it is not clear which one is meant. Name it in the mapping: [table] sheet = \"...\"."
    )
    assert refusal(path, mapped(tmp_path, 'sheet = "C"')) == "fund.xlsx: has no sheet 'C', which the mapping names. Its sheets are 'A', 'B'."


def test_a_header_below_a_banner_is_named(tmp_path: Path) -> None:
    path = book(tmp_path, HEADER, ["7", "T", "w", None], header=["Our projects"])
    assert refusal(path, mapped(tmp_path)).endswith("Its columns are 'Our projects'. Row 2 holds them all: write header_row = 2 under [table].")
    (record,), _ = read(path, mapping=mapped(tmp_path, "header_row = 2"))
    assert (record.subject_id, record.row) == ("F:7", 3)


def test_merged_headers_and_cells_count_for_what_they_cover(tmp_path: Path) -> None:
    made = Workbook()
    sheet = made.active
    for line in (["No", "About", None, "Start"], [None, "Title", "What", None], ["7", "T", "both", None], ["8", "U", None, None], ["9", "V", "own", None]):
        sheet.append(line)
    for merged in ("A1:A2", "B1:C1", "D1:D2", "C3:C4"):
        sheet.merge_cells(merged)
    made.save(tmp_path / "fund.xlsx")
    mapping = mapped(tmp_path, "header_rows = 2")
    mapping.write_text(mapping.read_text().replace('"Title"', '"About / Title"').replace('"What"', '"About / What"'))
    said = contents(tmp_path / "fund.xlsx", mapping=mapping)
    assert [(one["identifier"], one["descriptions"][0]["text"]) for one in said] == [("F:7", "both"), ("F:8", "both"), ("F:9", "own")]


def test_a_header_that_stands_twice(tmp_path: Path) -> None:
    path = book(tmp_path, ["7", "T", "w", None, "x"], header=(*HEADER, "Title"))
    assert refusal(path, mapped(tmp_path)) == "fund.xlsx: has the column 'Title' more than once, so it is not clear which one is meant. Rename one."


def test_a_damaged_workbook(tmp_path: Path) -> None:
    path = with_xml(book(tmp_path, ["7", "T", "w", None]), "</sheetData>", "</broken>")
    assert refusal(path, mapped(tmp_path)).startswith("fund.xlsx: the workbook is damaged or was not written as Excel does (ParseError: mismatched tag")


def test_a_workbook_inside_a_zip_is_read(tmp_path: Path) -> None:
    book(tmp_path, ["7", "T", "w", None])
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(tmp_path / "fund.xlsx", "fund.xlsx")
    found = open_one(tmp_path / "all.zip", mapping=mapped(tmp_path))
    assert (found.dataset.dataset, [r.subject_id for r in found.records]) == ("fund", ["F:7"])


# --- size ----------------------------------------------------------------------------------------


def test_a_cell_of_two_megabytes_is_kept_and_told(tmp_path: Path) -> None:
    long = "water " * 350_000
    made = with_xml(book(tmp_path, ["7", "T", "LONG", None]), "LONG", long)
    records, reports = read(made, mapping=mapped(tmp_path))
    assert json.loads(records[0].content)["descriptions"] == [{"text": long.strip()}]
    assert reports == ["fund.xlsx, row 2, What: 2,099,999 characters in one cell; kept. Is a quote not closed, or a file pasted in? [kept]"]


MEASURE = """
import sys
from pathlib import Path
from partnermap.sources import open_imports
(found,) = open_imports(Path(sys.argv[1]), mapping=Path(sys.argv[2]))
count = sum(1 for _ in found.records)
print(count, Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    """30,000 rows need no more than 3,000; 300,000 took 81 MB when this was written."""
    peaks = {}
    for count in (3_000, 30_000):
        made = Workbook(write_only=True)
        sheet = made.create_sheet()
        sheet.append(HEADER)
        for number in range(count):
            sheet.append([number, f"Title {number % 50}", "What", None])
        made.save(tmp_path / f"{count}.xlsx")
        command = [sys.executable, "-c", MEASURE, tmp_path / f"{count}.xlsx", mapped(tmp_path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
        read_rows, peaks[count] = map(int, done.stdout.split())
        assert read_rows == count
    assert peaks[30_000] / peaks[3_000] < 1.1


# --- a law ---------------------------------------------------------------------------------------

# what neither file can hold: control characters, and lone surrogates
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_a_workbook_and_a_csv_say_the_same(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    made = Workbook()
    made.active.append(HEADER)
    for number, texts in enumerate(rows, start=1):
        made.active.append([str(number), *texts])
        for cell in made.active[number + 1]:
            cell.data_type = "s"
    made.save(tmp_path / "fund.xlsx")
    quoted = [",".join('"' + text.replace('"', '""') + '"' for text in (str(n), *texts, "")) for n, texts in enumerate(rows, start=1)]
    (tmp_path / "fund.csv").write_text("\n".join([",".join(HEADER), *quoted]), encoding="utf-8")
    answers: list[Any] = [[json.loads(r.content) for r in open_one(tmp_path / name, mapping=mapped(tmp_path)).records] for name in ("fund.xlsx", "fund.csv")]
    assert answers[0] == answers[1]
    assert [one["identifier"] for one in answers[0]] == [f"F:{n}" for n in range(1, len(rows) + 1)]
