"""Proposed mappings: what a table shows, what is asked, and how far the proposal is from right."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from partnermap.cli import main
from partnermap.errors import UnreadableFile
from partnermap.sources.mapping import load_mapping
from partnermap.sources.suggest import suggest_mapping
from tests.sources.iati_files import activity, contents, write
from tests.workspaces import DATA, REPOSITORY, needs_shared

HEADER = "Activity number,Project title,Objective,Countries,State of things,Stage,Planned start,Date of completion,Budget (million EUR),Implementing agency,Donor,Internal"
SENTENCE = "The project supports water users in drawing up the plans that they need for the basin of the river {n}."
ROWS = [
    f'OS-{n},Water {n} for the valley,{SENTENCE.format(n=n)},"{c}",x{n},{stage},{1 + n % 28:02}.02.2020,{13 + n}.03.2021,{n}.5,{agency},EU,{n}'
    for n, (c, stage, agency) in enumerate(
        [
            ("Kazakhstan; Kyrgyz Republic", "Ongoing", "UNDP"),
            ("Uzbekistan", "Closed", "UNDP/FAO"),
            ("Regional", "Ongoing", "FAO"),
            ("Tajikistan", "Mothballed", "UNDP"),
            ("Ukriane", "Planned", "FAO"),
            ("Georgia", "Ongoing", "UNEP"),
        ]
    )
]


def table(folder: Path, name: str = "osce-2024-01-31.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *ROWS]), encoding="utf-8")
    return path


def test_a_table_that_nobody_tuned_for(tmp_path: Path) -> None:
    """No rule was changed for it, except that a unit in the header is no question."""
    proposal = suggest_mapping(table(tmp_path))
    read = tomllib.loads(proposal.text)
    fields = read["fields"]
    assert (read["identifier"], read["table"]["publisher_ref"], read["table"]["licence"]) == ("XM-DAC-47131:{Activity number}", "XM-DAC-47131", "unknown")
    assert fields["title"] == "Project title"
    assert fields["description"] == {"column": "Objective", "type": "2"}
    assert fields["countries"] == {"column": "Countries", "split": ";", "form": "name", "values": {"Ukriane": "UA"}, "scopes": {"Regional": "2"}}
    assert fields["status"] == {"column": "Stage", "values": {"Closed": "4", "Mothballed": "?", "Ongoing": "2", "Planned": "1"}}
    assert fields["dates"] == {
        "planned_start": {"column": "Planned start", "formats": ["%d.%m.%Y"]},
        "planned_end": {"column": "Date of completion", "formats": ["%d.%m.%Y"]},
    }
    assert fields["money"] == {"column": "Budget (million EUR)", "currency": "EUR", "unit": 1000000, "date": "planned_start"}
    assert [(p["role"], p.get("column"), p.get("split")) for p in fields["participants"]] == [
        ("funding", None, None),
        ("implementing", "Implementing agency", "/"),
        ("funding", "Donor", None),
    ]
    assert proposal.unused == ["State of things", "Internal"]
    assert [(line, why) for line, confidence, why in proposal.confidence if confidence == "asked"] == [('"Mothballed" = "?"', "which IATI status?")]


def test_every_line_has_a_confidence_and_close_names_are_a_guess(tmp_path: Path) -> None:
    proposal = suggest_mapping(table(tmp_path))
    assert {confidence for _, confidence, _ in proposal.confidence} == {"sure", "likely", "guess", "asked"}
    assert ('"Ukriane" = "UA"', "guess", "close to Ukraine") in proposal.confidence
    said = [line for line in proposal.text.split("\n") if "=" in line and not line.startswith("#")]
    assert len(said) == len([c for c in proposal.confidence if "=" in c[0]]) and all(" # " in line for line in said)


def test_an_answered_proposal_reads_the_rows_that_were_shown(tmp_path: Path) -> None:
    proposal = suggest_mapping(table(tmp_path))
    (tmp_path / "map.toml").write_text(proposal.text.replace('"Mothballed" = "?"', '"Mothballed" = "6"'), encoding="utf-8")
    said = contents(table(tmp_path), mapping=tmp_path / "map.toml")
    assert said[:3] == [dict(row) for row in proposal.rows[:3]]
    assert said[3] == {**proposal.rows[3], "status": "6"}
    assert [b["value"] for b in said[1]["budgets"]] == ["1500000"]


def test_an_unanswered_proposal_is_refused(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(suggest_mapping(table(tmp_path)).text, encoding="utf-8")
    with pytest.raises(UnreadableFile) as caught:
        load_mapping(tmp_path / "map.toml")
    assert str(caught.value) == 'map.toml: [fields] status: Mothballed = "?" is a question that the proposal left to you. Write its code, or take the line out.'


@pytest.mark.parametrize(
    ("old", "line"),
    [
        ("Budget (million EUR)", 'money = { column = "Budget", currency = "?", unit = "?", date = "planned_start" }'),
        ("Budget (million EUR)", ""),
    ],
)
def test_unit_and_currency_are_asked_and_never_assumed(tmp_path: Path, old: str, line: str) -> None:
    text = suggest_mapping(table(tmp_path, header=HEADER.replace(old, "Budget" if line else "Zzz"))).text
    assert (line in text) if line else "money" not in text


def test_day_and_month_that_cannot_be_told_apart_are_asked(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Project id,Title,Start date\n" + "\n".join(f"{n},Water {n} for all,0{n}/0{n + 1}/2020" for n in range(1, 6)))
    proposal = suggest_mapping(path)
    assert ('planned_start = { column = "Start date", formats = ["?"] }', "asked", "day and month cannot be told apart") in proposal.confidence
    assert [row["identifier"] for row in proposal.rows] == [f"?:{n}" for n in range(1, 6)]


def test_the_widest_sheet_and_the_header_below_a_banner(tmp_path: Path) -> None:
    made = Workbook()
    made.active.title = "Info"
    made.active.append(["a", "b", "c"])
    sheet = made.create_sheet("Projects")
    for line in (["Our projects, 2024"], [], ["Project ID", "Title", "Country", "Sector"], ["A1", "Roads to Osh", "Kyrgyzstan", "Transport"], ["A2", "Water in Osh", "Kyrgyzstan", "Water"]):
        sheet.append(line)
    made.save(tmp_path / "undp.xlsx")
    read = tomllib.loads(suggest_mapping(tmp_path / "undp.xlsx").text)
    assert (read["table"]["sheet"], read["table"]["header_row"], read["table"]["publisher_ref"]) == ("Projects", 3, "XM-DAC-41114")


def test_what_is_no_table_or_has_no_numbers(tmp_path: Path) -> None:
    def refusal(path: Path) -> str:
        with pytest.raises(UnreadableFile) as caught:
            suggest_mapping(path)
        return str(caught.value)

    assert refusal(write(tmp_path, activity())) == "file.xml: is no foreign table (iati) and needs no mapping. Import it as it is."
    (tmp_path / "t.csv").write_text("Organisation,Code,Title\n#org,#adm1+code,#activity\nUNDP,KG06,Water for all\n")
    assert refusal(tmp_path / "t.csv") == (
        "t.csv: has a row of HXL tags, which say what its columns mean, so it needs no mapping. Import it as it is, without --suggest: it tells who is present where."
    )
    (tmp_path / "t.csv").write_text("Who,Where\nUNDP,Osh\n")
    assert refusal(tmp_path / "t.csv") == (
        "t.csv: no column looks like a project number, filled in most rows, nor like a title. Row 1 is taken as the header, with 'Who', 'Where'. Write the mapping by hand: docs/mapping.md."
    )
    (tmp_path / "t.csv").write_text("Project ID,Where\n")
    assert refusal(tmp_path / "t.csv") == "t.csv: has a header and no rows, so nothing can be proposed."


# --- the command ------------------------------------------------------------------------------------


def test_the_command_shows_writes_and_imports_nothing(tmp_path: Path) -> None:
    path = table(tmp_path)
    done = CliRunner().invoke(main, ["import", str(path), "--suggest"])
    assert done.exit_code == 0, done.output
    written = tmp_path / "osce-2024-01-31.toml"
    assert written.read_text(encoding="utf-8") == suggest_mapping(path).text
    assert "Activity 5 as it would be read:\n" in done.stdout and "Activity 6" not in done.stdout
    assert "Columns not used: State of things, Internal" in done.stdout
    assert f"Written to {written}, with 1 line for you to answer. Check it; then: partnermap import {path} --mapping {written}" in done.stderr
    assert {p.name for p in tmp_path.iterdir()} == {path.name, written.name}


def test_the_command_never_writes_over_a_file(tmp_path: Path) -> None:
    path, taken = table(tmp_path), tmp_path / "mine.toml"
    taken.write_text("mine")
    done = CliRunner().invoke(main, ["import", str(path), "--suggest", "-o", str(taken)])
    assert (done.exit_code, taken.read_text()) == (1, "mine")
    assert f"{taken}: exists already and may hold somebody's work, so it is left as it is. Name another with -o FILE.toml." in done.stderr


# --- the three tables ---------------------------------------------------------------------------------


def bench() -> ModuleType:
    sys.path.insert(0, str(REPOSITORY / "bench"))
    try:
        spec = importlib.util.spec_from_file_location("bench_suggest", REPOSITORY / "bench" / "suggest.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(REPOSITORY / "bench"))


def test_a_correction_is_one_changed_line() -> None:
    measure = bench()
    changes = measure.corrections('a = "1" # likely: x\n\nb = 2\nc = "#"\n', 'a  =  "1"\nb = 3\nc = "#"\nd = 4\ne = 5')
    assert (changes, measure.number_of(changes)) == ([(["b = 2"], ["b = 3"]), ([], ["d = 4", "e = 5"])], 3)


@pytest.mark.parametrize("name", ["gef_agencies.csv", "world_bank.csv", "ebrd.xlsx"])
@needs_shared[0]
@needs_shared[1]
def test_at_most_three_lines_are_corrected(name: str) -> None:
    measure = bench()
    finished = (REPOSITORY / "examples" / "mappings" / f"{Path(name).stem}.toml").read_text(encoding="utf-8")
    changes = measure.corrections(suggest_mapping(DATA / "tabular" / name).text, finished)
    assert measure.number_of(changes) <= 3, changes
