"""What is printed where: tables and JSON to stdout, messages to stderr, and nothing that runs."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import MAILUU, Run
from tests.small_iati import ADB, GEF, UNDP, UNECE, activity, write
from tests.sources.registers_files import workbook

COVERAGE = "Looked at 4 activities of 3 organizations (UNDP, UNECE, ADB), newest date unknown, as of "
FINDING_KEYS = {"id", "number", "kind", "class", "score", "strength", "concerns", "status", "money_usd", "countries", "headline", "opinion", "for", "against", "money", "not_known", "next", "members", "members_here", "reasons"}
MEMBER_KEYS = {"id", "title", "actors", "start_date", "end_date", "money_usd", "dataset", "rows", "time"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def test_explain_says_how_many_pairs_it_leaves_out(run: Run, small: Path, tmp_path: Path) -> None:
    carried = [activity(f"{number}", MAILUU, reporter=who, implementing=[who], countries="AM") for number, who in enumerate((UNDP, ADB, GEF, UNECE))]
    assert run("import", write(tmp_path, "more", *carried)).exit_code == run("scan").exit_code == 0
    assert "\n1 more pair: --format json\n" in run("explain", "ARM-1").stdout  # six pairs of four records


# --- JSON --------------------------------------------------------------------------------------


def test_findings_as_json(run: Run, small: Path) -> None:
    result = run("findings", "--format", "json")
    found = json.loads(result.stdout)
    assert [f.keys() for f in found] == [FINDING_KEYS] * 2
    ours, partners = found
    told = {row["number"]: row for row in csv.DictReader(io.StringIO(run("findings", "--format", "csv").stdout))}
    assert [[f["opinion"], "; ".join(f["for"]), "; ".join(f["against"]), f["money"], "; ".join(f["not_known"]), f["next"]] for f in found] == [
        [told[f["number"]][name] for name in ("opinion", "for", "against", "money", "not_known", "next")] for f in found
    ]
    assert (ours["number"], ours["concerns"], ours["countries"], ours["kind"], ours["status"]) == ("KGZ-1", "ours", ["KGZ"], "overlap", "open")
    assert all(m.keys() == MEMBER_KEYS for f in found for m in f["members"])
    assert all(r.keys() == {"feature", "points", "text"} for f in found for r in f["reasons"])
    assert partners["members"][0] == {
        "id": "C", "title": MAILUU, "actors": ["UNDP"], "start_date": "2031-01-01", "end_date": "2032-01-01",
        "money_usd": 5.0, "dataset": "all", "rows": "all.xml activity 3", "time": "planned",
    }  # fmt: skip
    for finding in found:
        assert sum(r["points"] for r in finding["reasons"]) == pytest.approx(finding["score"], abs=1e-9)
    assert result.stderr.startswith("Looked at 4 activities of 3 organizations")


def test_a_list_of_a_country_marks_findings_of_which_only_a_part_is_there(run: Run, demo: Path) -> None:
    printed = " ".join(run("findings", "--country", "KGZ").stdout.split())
    assert "(6 of 12 records here)" in printed
    assert printed.count("records here)") == 1
    assert "records here" not in run("findings").stdout
    found = {f["number"]: (f["members_here"], len(f["members"])) for f in json.loads(run("findings", "--country", "KGZ", "--format", "json").stdout)}
    assert found["CAS-3"] == (6, 12)


def test_a_map_points_to_findings_that_are_over(run: Run, small: Path) -> None:
    assert run("map").stderr.endswith(", 2 findings.\n")
    (small / "partnermap.toml").write_text('as_of = "2040-01-01"\n', encoding="utf-8")
    assert run("map").stderr.endswith(", 0 findings.\n2 past findings: --past\n")
    assert run("map", "--past").stderr.endswith(", 2 findings.\n")


def test_status_as_json(run: Run, small: Path) -> None:
    found = json.loads(run("status", "--format", "json").stdout)
    assert found.keys() == {"workspace", "store", "data_version", "nodes", "relationships", "datasets", "scans", "unresolved", "withdrawn", "lists"}
    assert found["datasets"] == [{"id": "all", "file": "all.xml", "publisher": "several (3)", "version": 1, "activities": 4, "transactions": 2, "links": 0, "rejected": 0, "withdrawn": False}]
    assert (found["nodes"]["Activity"], found["nodes"]["Finding"], found["relationships"]["OVERLAPS"], found["unresolved"]) == (4, 2, 2, 0)
    assert [s["id"] for s in found["scans"]] == ["scan-1"]


def test_explain_as_json_has_the_pairs(run: Run, small: Path) -> None:
    found = json.loads(run("explain", "UZB-1", "--format", "json").stdout)
    assert found.keys() == FINDING_KEYS | {"pairs"}
    (pair,) = found["pairs"]
    assert (pair["left"], pair["right"], pair["score"]) == ("C", "D", found["score"])
    assert {r["feature"]: r["points"] for r in pair["reasons"]} == {r["feature"]: r["points"] for r in found["reasons"]}


def test_query_as_json_and_csv(run: Run, small: Path) -> None:
    asked = ("query", "country_organizations", "--param", "country=KGZ")
    rows = json.loads(run(*asked, "--format", "json").stdout)
    assert [(r["organization"], r["activities"]) for r in rows] == [("XM-DAC-41114", 1), ("XM-DAC-41314", 1)]
    told = list(csv.DictReader(io.StringIO(run(*asked, "--format", "csv").stdout)))
    assert [r["name"] for r in told] == [r["name"] for r in rows]


# --- lists for people --------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["findings"], ["findings", "--class", "duplication"], ["explain", "KGZ-1"]])
def test_every_list_begins_with_its_coverage(run: Run, small: Path, words: list[str]) -> None:
    printed = " ".join(run(*words).stdout.split())
    assert printed.startswith(COVERAGE)


def test_a_list_of_a_part_begins_with_what_was_looked_at_there(run: Run, small: Path) -> None:
    """By hand: A and B in Kyrgyzstan, B and C of UNDP."""
    for words in (["findings", "--country", "KG"], ["findings", "--country", "KG", "--class", "duplication"]):
        printed = " ".join(run(*words).stdout.split())
        assert printed.startswith("Looked at 2 activities in Kyrgyzstan of 2 organizations (UNDP, UNECE), newest date unknown, as of ")
        assert " By dataset: all 2 (all later). Loaded in all: 4 activities of 3 organizations. " in printed
    assert "No such finding among 2 activities in Kyrgyzstan of 2 organizations." in printed
    for words in (["findings", "--organization", "UNDP"], ["organization", "UNDP"]):
        assert " ".join(run(*words).stdout.split()).startswith("Looked at 2 activities of UNDP (which it carries out, funds or tells), newest date unknown, as of ")
    assert run("map", "--country", "KG").exit_code == 0
    assert "Looked at 2 activities in Kyrgyzstan of 2 organizations" in (small / "out" / "map.html").read_text(encoding="utf-8")


def test_a_list_names_what_it_leaves_out(run: Run, small: Path, tmp_path: Path) -> None:
    old = dict(start="1990-01-01", end="1991-01-01", countries="TJ")
    write(tmp_path, "old", activity("E", MAILUU, reporter=UNDP, **old), activity("F", MAILUU, reporter=ADB, **old), *(activity(f"XM-77-00{n}", t, reporter=ADB, countries="TJ", start="2031-01-01") for n, t in ((1, "Wells"), (2, "Roads"))))
    run("import", tmp_path / "old.xml")
    run("scan")
    lines = run("findings").stdout.splitlines()
    assert lines[-2:] == ["1 past finding: --past", '1 inside one organization: --concerns "one actor"']
    assert run("findings", "--top", "1").stdout.splitlines()[-3:] == ["1 more: without --top", *lines[-2:]]
    assert "Listed 1 of 4 findings." in run("findings", "--top", "1").stdout
    # nothing but past ones: what was looked at, and where they are
    empty = run("findings", "--country", "TJ").stdout
    assert "Nothing that still runs or is planned on " in empty and "the one finding asked for is over" in empty
    assert "1 past finding: --past" in empty
    assert "TJK-" in run("findings", "--country", "TJ", "--past").stdout


def test_what_a_scan_and_the_end_of_a_list_count_adds_up(run: Run, small: Path, tmp_path: Path) -> None:
    """By hand: two between organizations, still to come; two inside ADB, one of them over."""
    over, to_come = (dict(reporter=ADB, countries="TJ", start=f"{year}-01-01", end=f"{year + 1}-01-01") for year in (2001, 2031))
    parts = ((1, "Wells of Khorog", over), (2, "Roads of Khorog", over), (3, "Schools of Dushanbe", to_come), (4, "Bridges of Dushanbe", to_come))
    write(tmp_path, "parts", *(activity(f"XM-{77 + (n > 2)}-00{n}", title, **said) for n, title, said in parts))
    run("import", tmp_path / "parts.xml")
    assert run("scan").stdout == "scan-2: 4 pairs, 4 findings: 2 between organizations, 2 inside one. List them: partnermap findings\n"
    assert run("findings").stdout.splitlines()[-3:] == ["Listed 2 of 4 findings.", '1 inside one organization: --concerns "one actor"', '1 past inside one organization: --concerns "one actor" --past']
    assert run("findings", "--past").stdout.splitlines()[-2:] == ["Listed 2 of 4 findings.", '2 inside one organization: --concerns "one actor" --past']
    inside = run("findings", "--past", "--concerns", "one actor").stdout
    assert "Listed" not in inside and inside.count("part of") == 2


def test_one_of_a_thing_is_told_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--quiet", "init", tmp_path / "one")
    monkeypatch.chdir(tmp_path / "one")
    assert run("import", write(tmp_path, "one", activity("A", MAILUU, reporter=UNDP, countries="KG", commitment=5))).stdout == "one version 1: 1 activity of United Nations Development Programme (XM-DAC-41114), 1 transaction, 0 links; 1 new or changed\n"
    run("scan")
    printed = run("findings").stdout
    assert printed.startswith("Looked at 1 activity of 1 organization (UNDP), newest") and "No such finding among 1 activity of 1 organization." in printed


def test_check_takes_a_number_of_our_registers_and_the_end_of_an_identifier(run: Run, small: Path, tmp_path: Path) -> None:
    said = dict(countries="KG", start="2031-01-01", end="2032-01-01")
    write(tmp_path, "ends", activity("XM-DAC-41314:TC-1", MAILUU, reporter=UNECE, **said), activity("XM-DAC-41114-TC-1", "Wells", reporter=UNDP, **said), *(activity(f"{ref}-0{ref[-1]}-77", "Roads", reporter=ADB, **said) for ref in ("XX-1", "XX-2")))
    run("import", tmp_path / "ends.xml")
    run("scan")

    def found(draft: str) -> list[dict[str, object]]:
        return json.loads(run("check", draft, "--format", "json").stdout)["matches"]

    assert found("TC-1") == found("tc-1") == found("XM-DAC-41314:TC-1") != []  # ours goes first
    assert found("02-77") == found("XX-2-02-77")
    several = run("check", "77")
    assert several.exit_code == 1 and several.stderr == "partnermap: '77' may be any of: XX-1-01-77, XX-2-02-77. Give the whole identifier.\n"
    assert "is no activity that is loaded" in run("check", "TC-9").stderr
    assert run("check", "Wells").exit_code == 1  # a word that is no end of an identifier stays what it was


def test_a_table_can_go_to_a_file(run: Run, small: Path) -> None:
    result = run("findings", "-o", "list.txt")
    assert result.stdout == "" and result.stderr == "Wrote list.txt.\n"
    assert (small / "list.txt").read_text(encoding="utf-8").startswith("Looked at 4 activities")


def test_explain_shows_points_texts_and_rows(run: Run, small: Path) -> None:
    printed = run("explain", "UZB-1").stdout
    assert "all.xml activity 3" in printed and "all.xml activity 4" in printed
    assert "*Uranium* *tailings*" in printed
    score = json.loads(run("explain", "UZB-1", "--format", "json").stdout)["score"]
    assert f"{score:+g}  adds up to the score" in printed
    # points are for explain alone
    assert "points" not in run("findings").stdout


def test_quiet_says_nothing_beside_the_list(run: Run, small: Path) -> None:
    for words in (["import", small.parent / "all.xml"], ["scan"], ["findings", "--format", "csv"], ["findings", "-o", "list.txt"], ["map"]):
        assert run("--quiet", *words).stderr == run(*words, "-q").stderr == ""
    assert run("map").stderr


def test_verbose_tells_every_refused_value(run: Run, small: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "bad", *(activity(f"X-{n}", "Wells", countries="XX") for n in range(5)))
    few, every = run("import", path), run("--verbose", "import", path.rename(tmp_path / "bad2.xml"))
    assert few.stderr.count("XX") == 1 and "(and 4 more like this: rows 2, 3, 4 …)" in few.stderr
    assert every.stderr.count("XX") == 5


# --- spreadsheets ------------------------------------------------------------------------------

EVIL = ["=HYPERLINK(\"http://x\",\"y\") uranium tailings of Mailuu-Suu", "+1+1 uranium tailings of Mailuu-Suu", "-2+3 uranium tailings of Mailuu-Suu", "@SUM(A1) uranium tailings of Mailuu-Suu"]


@pytest.fixture
def evil(small: Path, tmp_path: Path, run: Run) -> Path:
    """Findings whose titles and organizations would be formulas in a spreadsheet."""
    said = dict(countries="TJ", start="2031-01-01", end="2032-01-01")
    write(tmp_path, "evil", *(activity(f"={n}", title, reporter=f"XX-{n}|=cmd|".rstrip("|"), **said) for n, title in enumerate(EVIL)))
    run("import", tmp_path / "evil.xml")
    run("scan")
    return small


def is_formula(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return text.startswith(FORMULA)
    return False


def test_csv_neutralises_formulas(run: Run, evil: Path) -> None:
    tables = [run("findings", "--format", "csv"), run("query", "country_activities", "--param", "country=TJK", "--format", "csv")]
    cells = [cell for result in tables for row in csv.reader(io.StringIO(result.stdout)) for cell in row]
    assert not list(filter(is_formula, cells))
    assert {f"'{title}" for title in EVIL} <= set(cells)  # whole, and as text


def test_xlsx_neutralises_formulas(run: Run, evil: Path) -> None:
    assert run("findings", "--format", "xlsx", "-o", "list.xlsx").exit_code == 0
    sheet = load_workbook(evil / "list.xlsx")["findings"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [c for c in cells if c.data_type == "f" or (isinstance(c.value, str) and is_formula(c.value))]
    assert any(isinstance(c.value, str) and c.value.startswith("'=HYPERLINK") for c in cells)
    assert str(sheet["A1"].value).startswith("Looked at 8 activities")
    assert [c.value for c in sheet[2]][:3] == ["Number", "What it may be", "How sure"]


def test_a_workbook_of_findings_is_set_for_reading(run: Run, small: Path, tmp_path: Path) -> None:
    long = "Uranium tailings of Mailuu-Suu made safe, with people of many villages along the river who keep watch over them"
    write(tmp_path, "long", activity("L", long, reporter=GEF, implementing=[UNDP], countries="KG UZ", start="2030-06-01"), activity("M", long, reporter=ADB, countries="KG UZ", start="2031-01-01", end="2033-01-01"))
    run("import", tmp_path / "long.xml")
    run("scan")
    assert run("findings", "-o", "list.xlsx").stderr == "Wrote list.xlsx.\n"
    sheet = load_workbook(small / "list.xlsx")["findings"]
    names = [c.value for c in sheet[2]]
    assert names == [
        "Number", "What it may be", "How sure", "Score", "Whose", "Status", "Money (USD)", "Country codes", "Countries", "Organizations", "Earliest start", "Latest end known",
        "Finding", "Opinion", "What speaks for it", "What speaks against it", "Money in words", "Not known", "Next step", "Activities", "Activities here", "Source rows", "Identifier",
    ]  # fmt: skip
    found = [dict(zip(names, (c.value for c in row), strict=True)) for row in sheet.iter_rows(min_row=3)]
    (two,) = (row for row in found if "L" in str(row["Source rows"]) or "long.xml" in str(row["Source rows"]))
    assert (two["Country codes"], two["Countries"]) == ("KGZ, UZB", "Kyrgyzstan, Uzbekistan")
    assert {"ADB", "GEF", "UNDP"} <= set(str(two["Organizations"]).split(", "))  # who does it, and who tells
    assert (str(two["Earliest start"])[:10], str(two["Latest end known"])[:10]) == ("2030-06-01", "2033-01-01")
    widths = {name: sheet.column_dimensions[c.column_letter].width for name, c in zip(names, sheet[2], strict=True)}
    assert max(widths.values()) == 50 == widths["Finding"] and max(widths["Number"], widths["Score"], widths["How sure"]) <= 10
    assert all(c.alignment.wrap_text for row in sheet.iter_rows(min_row=2) for c in row)
    (first,) = sheet.merged_cells.ranges  # what was looked at stands on the screen, whatever its length
    assert (first.min_row, first.max_row, first.min_col) == (1, 1, 1) and sheet["A1"].alignment.wrap_text
    across = [widths[name] for name in names[: first.max_col]]
    assert sum(across[:-1]) < 110 <= sum(across)
    assert sheet.row_dimensions[1].height >= 15 * len(sheet["A1"].value) / sum(across)
    empty = [c for row in sheet.iter_rows(min_row=3) for c in row if c.value is None]
    assert "Activities here" in {names[c.column - 1] for c in empty} and {c.data_type for c in empty} == {"n"}  # no empty text, which Excel counts


def test_every_row_of_a_workbook_is_as_high_as_its_text(run: Run, small: Path) -> None:
    """LibreOffice shows one line of a row that has no height of its own."""
    run("compare", "UNDP", "ADB", "-o", "it.xlsx")
    heights = load_workbook(small / "it.xlsx").active.row_dimensions
    assert [heights[row].height for row in (2, 3)] == [45, 15]  # "UNDP / amounts / known", and one line
    run("findings", "-o", "list.xlsx")
    sheet = load_workbook(small / "list.xlsx").active
    longest = max(len(str(c.value)) for c in sheet[3])
    assert 15 * longest / 50 <= sheet.row_dimensions[3].height <= 2 * 15 * (1 + longest / 50)  # the widest column has 50 characters


@pytest.mark.parametrize(
    ("words", "headings", "first"),
    [
        (["organization", "UNDP"], ["Name", "Reference", "Role", "Told by", "Activity", "Title", "Country codes", "Countries", "Start", "End", "Money (USD)", "Dataset", "Row"], "Looked at 2 activities of UNDP"),
        (["compare", "UNDP", "ADB"], ["Country", "Country name", "Area", "UNDP activities", "UNDP carried out", "UNDP USD known", "UNDP amounts known", "ADB activities", "ADB carried out", "ADB USD known", "ADB amounts known", "Findings"], "Looked at 3 activities of UNDP or ADB"),
        (["query", "country_organizations", "--param", "country=UZB"], ["Organization", "Name", "Kind", "Activities", "As actor"], "country_organizations country=UZB"),
    ],
)
def test_other_tables_go_to_a_workbook_and_to_csv_too(run: Run, small: Path, words: list[str], headings: list[str], first: str) -> None:
    refused = run(*words, "--format", "xlsx")
    assert refused.exit_code == 2 and "--format xlsx needs a file" in refused.stderr
    assert run(*words, "-o", "it.xlsx").stdout == ""
    sheet = load_workbook(small / "it.xlsx").active
    assert sheet["A1"].value.startswith(first) and [c.value for c in sheet[2]] == headings and sheet.max_row > 2
    run(*words, "-o", "it.csv")
    printed = run(*words, "--format", "csv").stdout
    assert (small / "it.csv").read_bytes() == b"\xef\xbb\xbf" + printed.encode()  # with the mark by which Excel knows UTF-8


def test_a_workbook_of_a_comparison_has_the_findings_too(run: Run, small: Path) -> None:
    run("compare", "UNDP", "ADB", "-o", "it.xlsx")
    run("findings", "-o", "list.xlsx", "--organization", "ADB")
    book, listed = load_workbook(small / "it.xlsx"), load_workbook(small / "list.xlsx")
    assert book.sheetnames == ["side by side", "findings"]
    cells = [[[c.value for c in row] for row in page.iter_rows(min_row=2)] for page in (book["findings"], listed["findings"])]
    assert cells[0] == cells[1] and [row[0] for row in cells[0]] == ["Number", "UZB-1"]
    assert book["findings"]["A1"].value == book["side by side"]["A1"].value


def test_what_names_an_organization_is_written_with_title_dates_countries_and_money(run: Run, small: Path, tmp_path: Path) -> None:
    office = {"No.": "O-1", "Office": "UNDP office in Bishkek", "Organization": "UNDP", "Countries": "Kyrgyzstan"}
    assert run("import", workbook(tmp_path, {"Offices": [office]})).exit_code == 0
    assert run("scan").exit_code == 0
    run("organization", "UNDP", "-o", "it.csv")
    with (small / "it.csv").open(encoding="utf-8-sig", newline="") as file:
        told = {(row["activity"], row["role"]): [row[name] for name in ("title", "countries", "country_names", "start_date", "end_date", "money_usd")] for row in csv.DictReader(file)}
    assert told == {
        ("B", "reporter"): [MAILUU, "KGZ", "Kyrgyzstan", "2031-01-01", "2032-01-01", ""],
        ("C", "reporter"): [MAILUU, "UZB", "Uzbekistan", "2031-01-01", "2032-01-01", "5.0"],
        ("Office:O-1", "owner of an office"): ["UNDP office in Bishkek", "", "", "", "", ""],
    }
    run("organization", "UNDP", "-o", "it.xlsx")
    book = load_workbook(small / "it.xlsx")
    assert book.sheetnames == ["named in", "money in and out", "findings"]
    assert {row[0].value for row in book["findings"].iter_rows(min_row=3)} == {"KGZ-1", "UZB-1"}


def test_a_file_that_cannot_be_written_is_told(run: Run, small: Path) -> None:
    result = run("findings", "-o", small / "no" / "list.csv")
    assert result.exit_code == 1
    assert result.stderr == f"partnermap: {small / 'no' / 'list.csv'} cannot be written: No such file or directory. Close it where it is open, or choose another file with -o.\n"


def test_xlsx_without_a_file_is_wrong_usage(run: Run, small: Path) -> None:
    result = run("findings", "--format", "xlsx")
    assert result.exit_code == 2 and "--format xlsx needs a file: -o findings.xlsx" in result.stderr


def test_the_demo_tables_hold_no_formula(demo: Path) -> None:
    for name in ("findings", "activities"):
        with (demo / "out" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert len(cells) > 100 and not list(filter(is_formula, cells))


# --- consoles ----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])  # click mends the first alone
@pytest.mark.parametrize("words", [["findings", "--past"], ["explain", "UZB-1"], ["query"], ["findings", "--format", "csv"]])
def test_a_console_without_unicode_still_gets_the_list(small: Path, tmp_path: Path, run: Run, words: list[str], encoding: str) -> None:
    path = write(tmp_path, "letters", activity("K", f"Кыргызстан – {MAILUU} ğ 日本", reporter=ADB, countries="UZ", start="2031-01-01", end="2032-01-01"))
    run("import", path)
    run("scan")
    environment = {**os.environ, "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": encoding}
    done = subprocess.run([sys.executable, "-c", "from partnermap.cli import main; main()", *words], cwd=small, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() and b"Traceback" not in done.stderr


def test_a_file_is_utf8_whatever_the_console(small: Path, tmp_path: Path, run: Run) -> None:
    path = write(tmp_path, "letters", activity("K", f"Кыргызстан – {MAILUU}", reporter=ADB, countries="UZ", start="2031-01-01", end="2032-01-01"))
    run("import", path)
    run("scan")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run([sys.executable, "-c", "from partnermap.cli import main; main()", "findings", "--format", "csv", "-o", "list.csv"], cwd=small, env=environment, check=True, capture_output=True)
    assert "Кыргызстан" in (small / "list.csv").read_text(encoding="utf-8")
