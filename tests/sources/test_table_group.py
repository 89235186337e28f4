"""Several rows that tell of one activity, and project numbers that are nearly one."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sources.iati_files import contents, open_one, read
from tests.sources.test_table import refusal

MAPPING = """
identifier = "44000-{No}"
[table]
publisher = "Bank"
group = GROUP
[fields]
title = "Title"
countries = { column = "Country", form = "name", split = ";" }
locations = { column = "Place", admin1 = "Province", latitude = "Lat", longitude = "Lon", code = "Code", vocabulary = "G1" }
money = { column = "Amount", currency = "USD", unit = 1000000, zero = "unknown", date = "approval" }
dates.approval = { column = "Day" }
related = { column = "Title", pattern = '\\bP0*(\\d{5,6})\\b', number = "P{found}", digits = 6, type = "3" }
[[fields.participants]]
role = "funding"
column = "Line"
listed_only = true
values = { "GEF Project" = "Global Environment Facility" }
"""
HEADER = "No,Title,Country,Place,Province,Lat,Lon,Code,Amount,Day,Line"
COLUMNS = HEADER.split(",")


def mapped(folder: Path, group: bool = True) -> Path:
    path = folder / "bank.toml"
    path.write_text(MAPPING.replace("GROUP", str(group).lower()), encoding="utf-8")
    return path


def table(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "bank.csv"
    lines = [",".join('"' + row.get(column, "") + '"' for column in COLUMNS) for row in rows]
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


def row(**cells: str) -> dict[str, str]:
    return {"No": "P000001", "Title": "Roads", "Country": "Kyrgyz Republic", "Amount": "5", "Day": "2004-06-22", **cells}


def test_rows_of_one_number_are_one_activity(tmp_path: Path) -> None:
    """By hand: countries and places are the union, 5 million count once, not three times."""
    path = table(
        tmp_path,
        row(Place="Osh", Province="Osh oblast", Lat="40.5", Lon="72.8", Code="1346798"),
        row(No="P000002", Amount="0", Line="IDA"),
        row(Place="Naryn", Code="1527592"),
        row(Country="Kazakhstan; Kyrgyz Republic", Line="GEF Project"),
    )
    records, reports = read(path, mapping=mapped(tmp_path))
    assert ([(r.subject_id, r.row) for r in records], reports) == ([("44000-P000002", 3), ("44000-P000001", 2)], [])
    said = json.loads(records[1].content)
    assert said["countries"] == [{"code": "KG"}, {"code": "KZ"}]
    assert said["locations"] == [
        {"name": "Osh", "vocabulary": "G1", "admin1": "Osh oblast", "latitude": "40.5", "longitude": "72.8", "code": "1346798"},
        {"name": "Naryn", "vocabulary": "G1", "code": "1527592"},
    ]
    assert [(b["value"], b["start"]) for b in said["budgets"]] == [("5000000", "2004-06-22")]
    assert said["participants"] == [{"role": "1", "name": "Global Environment Facility"}]
    assert {"budgets", "participants"}.isdisjoint(json.loads(records[0].content))  # 0 is unknown, IDA is not listed
    assert open_one(path, mapping=mapped(tmp_path)).dataset.activities == 2


def test_without_grouping_every_row_is_a_record(tmp_path: Path) -> None:
    records, reports = read(table(tmp_path, row(Place="Osh"), row(Place="Naryn")), mapping=mapped(tmp_path, False))
    assert [r.row for r in records] == [2, 3]
    assert reports == ["bank.csv, row 3, identifier: 44000-P000001 also stands in row 2 with other content; both are kept. [kept]"]


def test_the_value_of_most_rows_counts_and_others_are_reported(tmp_path: Path) -> None:
    path = table(tmp_path, row(Title="Road", Amount="6"), row(), row())
    records, reports = read(path, mapping=mapped(tmp_path))
    said = json.loads(records[0].content)
    assert (said["titles"][0]["text"], said["budgets"][0]["value"]) == ("Roads", "5000000")
    assert reports == [
        "bank.csv, row 2, title: rows of one activity differ: “Road” here and “Roads” in row 3; the latter counts, as in 2 of 3 rows. [kept]",
        "bank.csv, row 2, money: rows of one activity differ: “6000000 USD” here and “5000000 USD” in row 3; the latter counts, as in 2 of 3 rows. [kept]",
    ]


def test_a_doubt_in_every_row_is_told_once(tmp_path: Path) -> None:
    reports = read(table(tmp_path, row(Country="Regional"), row(Country="Regional")), mapping=mapped(tmp_path))[1]
    assert reports == ["bank.csv, row 2, Country: Regional is no country's name; left out. Correct it at the source, or add it to the mapping. [kept]"]


CELLS = st.fixed_dictionaries(
    {},
    optional={
        "No": st.sampled_from(["P000001", "P000002"]),
        "Title": st.sampled_from(["Roads", "Road", "Roads, see P83235"]),
        "Country": st.sampled_from(["Kyrgyz Republic", "Kazakhstan", "Kazakhstan;Georgia", "Regional"]),
        "Place": st.sampled_from(["Osh", "Naryn"]),
        "Amount": st.sampled_from(["0", "5", "6", ""]),
        "Day": st.sampled_from(["2004-06-22", "2005-01-01", "soon"]),
        "Line": st.sampled_from(["GEF Project", "IDA"]),
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(CELLS, min_size=1, max_size=6), seed=st.integers(0, 99))
def test_the_order_of_rows_does_not_matter(tmp_path: Path, cells: list[dict[str, str]], seed: int) -> None:
    rows = [row(**one) for one in cells]
    shuffled = random.Random(seed).sample(rows, len(rows))

    def answer(some: list[dict[str, str]]) -> dict[str, Any]:
        return {one["identifier"]: one for one in contents(table(tmp_path, *some), mapping=mapped(tmp_path))}

    assert answer(rows) == answer(shuffled)


# --- numbers ---------------------------------------------------------------------------------------


def test_numbers_that_differ_in_capital_letters_stay_two_and_are_told(tmp_path: Path) -> None:
    records, reports = read(table(tmp_path, row(No="p113202"), row(No="P113202"), row(No="P113203")), mapping=mapped(tmp_path))
    assert [r.subject_id for r in records] == ["44000-p113202", "44000-P113202", "44000-P113203"]
    assert reports == [
        "bank.csv, row 3, identifier: differs from another in capital letters only: “44000-P113202” and “44000-p113202”; both are kept as two. Are they one project? Correct it at the source. [kept]"
    ]


@pytest.mark.parametrize(
    ("title", "related"),
    [
        ("Additional Financing of the project (DHMP, P83235)", ["44000-P083235"]),
        ("after P083235 and P112775, P83235", ["44000-P083235", "44000-P112775"]),
        ("see P000001 itself", None),
        ("in AP83235 or P8323", None),
    ],
)
def test_a_number_in_a_title_refers_to_that_project(tmp_path: Path, title: str, related: list[str] | None) -> None:
    (said,) = contents(table(tmp_path, row(Title=title)), mapping=mapped(tmp_path))
    assert said.get("related") == (related and [{"ref": ref, "type": "3"} for ref in related])


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (r"(\\d{5,6})".replace("\\\\", "\\"), r"\d{5,6}", "[fields] related: pattern needs one pair of brackets, around the number."),
        (r"'\bP0*(\d{5,6})\b'", "'('", "[fields] related: pattern is no regular expression (missing ), unterminated subpattern at position 0)."),
        ('"P{found}"', '"P"', "[fields] related: number has no {found}, which stands for what the pattern found."),
        ('type = "3"', 'type = "9"', "[fields] related: type '9' is no IATI related activity type; write 1 (parent), 2 (child), 3 (sibling), 4 (co-funded) or 5 (third party)."),
        ("44000-{No}", "44000-{No}-{Title}", "[fields] related needs an identifier with one column, whose place the number found takes."),
    ],
)
def test_a_related_part_is_checked(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    mapping = mapped(tmp_path)
    text = mapping.read_text()
    assert old in text
    mapping.write_text(text.replace(old, new))
    assert refusal(table(tmp_path, row()), mapping) == f"bank.toml: {sentence}"
