"""organizations, organization and compare on the command line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partnermap.cli import main
from tests.small_iati import ADB, UNDP, activity, write

Run = Callable[..., Result]
GREEN, SOCIETY = "name:green wells society@XM-DAC-41114", "name:society of green wells@XM-DAC-46004"


@pytest.fixture
def wells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A scanned workspace in which two files call a society by two names, as the current folder."""
    folder = tmp_path / "wells"
    run("--quiet", "init", folder, "--expected", "OSCE")
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, countries="KG", implementing=["|Green Wells Society"], commitment=5))
    write(tmp_path, "two", activity("B", "Wells", reporter=ADB, countries="KG", implementing=["|Society of Green Wells"]))
    monkeypatch.chdir(folder)
    assert run("--quiet", "import", tmp_path / "one.xml", tmp_path / "two.xml").exit_code == 0
    assert run("--quiet", "scan").exit_code == 0
    return folder


def as_json(run: Run, *words: str) -> object:
    return json.loads(run("--quiet", *words, "--format", "json").stdout)


def test_organizations_are_listed_after_the_coverage(run: Run, wells: Path) -> None:
    printed = run("organizations").stdout
    assert printed.startswith("Looked at 2 activities of 2 organizations")
    assert "Nothing loaded of: OSCE." in printed
    listed = as_json(run, "organizations", "--find", "green wells")
    assert {(row["id"], row["activities"], row["names"]) for row in listed} == {(GREEN, 1, 1), (SOCIETY, 1, 1)}  # type: ignore[attr-defined]


def test_review_decide_undo(run: Run, wells: Path) -> None:
    (asked,) = [s for s in as_json(run, "organizations", "--review") if s["left"]["id"] == GREEN]  # type: ignore[attr-defined]
    assert (asked["right"]["id"], asked["for"]) == (SOCIETY, ["the same name", "both are of Kyrgyzstan"])
    told = run("organizations", "--same", GREEN, "Society of Green Wells", "--note", "one board", "--by", "Me")
    assert told.exit_code == 0
    assert told.stdout.startswith("organization-1: Green Wells Society (") and "same. Derived 2 activities again." in told.stdout
    assert "until the next: partnermap scan" in told.stderr
    (row,) = as_json(run, "organizations", "--decisions")  # type: ignore[misc]
    assert (row["id"], row["verdict"], row["stands"], row["note"], row["by"]) == ("organization-1", "same", True, "one board", "Me")
    assert as_json(run, "organizations", "--review") == []
    assert [r["taken_for_one"] for r in as_json(run, "organizations", "--find", "green wells")] == [[SOCIETY]]  # type: ignore[attr-defined]
    assert run("organizations", "--undo").exit_code == 0
    assert len(as_json(run, "organizations", "--review")) == 1  # type: ignore[arg-type]
    assert "nothing to undo" in run("organizations", "--undo").stderr


def test_review_of_those_with_a_text_in_either_name(run: Run, wells: Path) -> None:
    for find in ("SOCIETY OF", "green wells society"):  # B's name, A's name
        assert len(as_json(run, "organizations", "--review", "--find", find)) == 1  # type: ignore[arg-type]
    assert as_json(run, "organizations", "--review", "--find", "Kyrgyz") == []
    assert "Nothing with 'Kyrgyz' in a name looks like one organization" in run("organizations", "--review", "--find", "Kyrgyz").stdout
    walked = CliRunner().invoke(main, ["organizations", "--interactive", "--find", "Kyrgyz"])
    assert walked.stdout.endswith("No more questions.\n")


def test_two_names_of_one_become_two(run: Run, wells: Path, tmp_path: Path) -> None:
    write(tmp_path, "three", activity("C", "Wells", reporter=UNDP, implementing=["|Green Wells Society (GWS)"]))
    assert run("import", tmp_path / "three.xml").exit_code == 0
    told = run("organizations", "--different", "Green Wells Society", "Green Wells Society (GWS)").stdout
    assert told == f"organization-1: Green Wells Society ({GREEN}) and Green Wells Society (GWS) (parted:green wells society gws@{GREEN}): different. Derived 2 activities again.\n"
    assert len(as_json(run, "organizations", "--find", "green wells")) == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("verdict", ["different", "unsure"])
def test_what_was_answered_is_not_asked_again(run: Run, wells: Path, verdict: str) -> None:
    assert run("organizations", f"--{verdict}", GREEN, SOCIETY).exit_code == 0
    assert as_json(run, "organizations", "--review") == []
    assert {r["id"] for r in as_json(run, "organizations", "--find", "green wells")} == {GREEN, SOCIETY}  # type: ignore[attr-defined]


def test_the_walk_asks_and_stores(run: Run, wells: Path) -> None:
    result = CliRunner().invoke(main, ["organizations", "--interactive"], input="s\n")
    assert result.exit_code == 0, result.output
    assert "Green Wells Society" in result.stdout and "organization-1" in result.stdout
    assert len(as_json(run, "organizations", "--decisions")) == 1  # type: ignore[arg-type]


def test_questions_exclude_each_other(run: Run, wells: Path) -> None:
    result = run("organizations", "--review", "--same", "A", "B")
    assert result.exit_code == 2
    assert "exclude each other" in result.stderr


def test_one_organization_in_full(run: Run, wells: Path) -> None:
    printed = run("organization", "UNDP").stdout
    assert printed.startswith("Looked at 1 activity of UNDP (which it carries out, funds or tells)")
    for text in ("Named as", "one.xml activity 1", "Activities", "Money in and out", "Findings about it"):
        assert text in printed
    told = as_json(run, "organization", "UNDP")
    assert told["id"] == "XM-DAC-41114" and told["coverage"].startswith("Looked at")  # type: ignore[index]
    lines = list(csv.DictReader(io.StringIO(run("--quiet", "organization", "UNDP", "--format", "csv").stdout)))
    assert [(line["name"], line["role"], line["activity"], line["row"]) for line in lines] == [("United Nations Development Programme", "reporter", "A", "1")]
    assert run("organization", "Nobody").exit_code == 1


def test_compare_side_by_side(run: Run, wells: Path) -> None:
    printed = run("compare", "UNDP", "ADB", "--country", "Kyrgyzstan").stdout
    assert printed.startswith("Looked at 2 activities")
    assert "5 (1 of 1)" in printed and "unknown" in printed
    (line,) = list(csv.DictReader(io.StringIO(run("--quiet", "compare", "UNDP", "ADB", "--format", "csv").stdout)))
    assert (line["country"], line["UNDP activities"], line["UNDP USD known"], line["ADB USD known"]) == ("KGZ", "1", "5.0", "")
    assert run("compare", "UNDP").exit_code == 2
    lines = run("compare", "UNDP", "OSCE", "--country", "Kyrgyzstan").stdout.splitlines()
    assert lines[-1].endswith("nothing loaded")
    (line,) = csv.DictReader(io.StringIO(run("--quiet", "compare", "UNDP", "OSCE", "--format", "csv").stdout))
    assert (line["OSCE activities"], line["OSCE carried out"], line["findings"]) == ("", "", "")
    assert "is no country" in run("compare", "UNDP", "ADB", "--country", "Nowhere").stderr
    assert ", as of 2009-06-30." in " ".join(run("compare", "UNDP", "ADB", "--as-of", "2009-06-30").stdout.split())


def test_compare_is_sorted_by_what_is_shown_and_says_that_there_are_no_areas(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--quiet", "init", tmp_path / "region")
    monkeypatch.chdir(tmp_path / "region")
    # by code it would be ALB, CHE, DZA, KGZ
    file = write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, countries="CH DZ AL"), activity("B", "Roads", reporter=ADB, countries="KG"))
    assert run("import", file).exit_code == 0
    printed = run("compare", "UNDP", "ADB", "--areas").stdout
    starts = [line.split()[0] for line in printed.splitlines() if line.startswith(("Switzerland", "Algeria", "Albania", "Kyrgyzstan"))]
    assert starts == ["Albania", "Algeria", "Kyrgyzstan", "Switzerland"]
    assert "No line for an area: no activity among these tells a sector" in " ".join(printed.split())
    assert "No line for an area" not in run("compare", "UNDP", "ADB").stdout


def test_status_names_lists_of_ones_own(run: Run, wells: Path) -> None:
    assert "Own lists" not in run("status").stdout
    (wells / "lists").mkdir()
    (wells / "lists" / "borders.csv").write_text("iso3_a,iso3_b\nKGZ,UZB\n", encoding="utf-8")
    assert "Own lists in the place of shipped ones: borders" in run("status").stdout
    assert as_json(run, "status")["lists"] == ["borders"]  # type: ignore[index]
