"""What an import refused or doubted: printed by kind, and kept in ``rejected/`` line by line."""

from __future__ import annotations

import csv
from pathlib import Path

from partnermap.rejected import report_path
from tests.cli.conftest import Run
from tests.small_iati import activity, transaction, write
from tests.sources.registers_files import workbook

EMPTY = '<transaction><transaction-type code="3"/><transaction-date iso-date="{}"/><value currency="USD" value-date="2010-01-01"></value></transaction>'
KEPT = "row kept, this value left out or in doubt"


def lines(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def doubtful(folder: Path, *, unnamed: bool = True) -> Path:
    """Fifteen rows of one kind, one country that is none, and (row 17) an activity without identifier."""
    some = [activity(f"S-{n}", "Wells", inside=EMPTY.format(1000 + n)) for n in range(15)]
    return write(folder, "odd", *some, activity("T", "Roads", countries="XX"), *([activity("", "Nameless")] if unnamed else []))


def test_every_report_is_written_and_printed_once_by_kind(run: Run, small: Path) -> None:
    file = doubtful(small)
    said = run("import", file).stderr
    path = small / "rejected" / "odd.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbffile,row,field,what,kept or refused\n")
    _, *found = lines(path)
    assert len(found) == 17
    assert ["odd.xml", "16", "recipient-country", "XX is no ISO 3166 country code; left out. Correct it at the source.", KEPT] in found
    assert [row[:3] + row[4:] for row in found if row[4] != KEPT] == [["odd.xml", "17", "iati-identifier", "row refused"]]
    told = [line.strip() for line in said.splitlines()]
    assert told[0].startswith("refused: odd.xml, row 17")  # whole rows first
    assert told[1] == "note: odd.xml, row 1, transaction: value empty and date 1000 look swapped; the transaction is left out. Correct it at the source. (and 14 more like this: rows 2, 3, 4 …)"
    assert told[-1] == f"17 reports with file, row and field: {Path('rejected') / 'odd.csv'}"
    assert len([line for line in told if "swapped" in line]) == 1


def test_importing_again_says_it_again(run: Run, small: Path) -> None:
    file = doubtful(small)
    first = run("import", file)
    (small / "rejected" / "odd.csv").unlink()  # as in a workspace of before
    again = run("import", file)
    assert again.stdout.endswith("nothing has changed\n") and again.stderr == first.stderr
    assert len(lines(small / "rejected" / "odd.csv")) == 18


def test_verbose_goes_with_the_command_too(run: Run, small: Path) -> None:
    file = doubtful(small)
    before, after = run("--verbose", "import", file), run("import", "-v", file)
    assert before.stderr == after.stderr and before.stderr.count("look swapped") == 15


def test_a_report_goes_when_there_is_nothing_to_report_or_the_dataset_is_withdrawn(run: Run, small: Path) -> None:
    path = small / "rejected" / "odd.csv"
    run("import", doubtful(small))
    run("import", doubtful(small, unnamed=False))
    assert len(lines(path)) == 17
    run("import", write(small, "odd", *(activity(f"S-{n}", "Wells", inside=transaction("disbursement", 5)) for n in range(15))))
    assert not path.exists()
    run("import", doubtful(small))
    run("withdraw", "odd", "--yes")
    assert not path.exists()


def test_text_from_a_file_is_no_formula_there(run: Run, small: Path) -> None:
    file = small / "=cmd.xml"
    doubtful(small).rename(file)
    assert run("import", file).exit_code == 0
    assert {row[0] for row in lines(small / "rejected" / "=cmd.csv")[1:]} == {"'=cmd.xml"}


def test_any_dataset_has_a_file_name_of_its_own(tmp_path: Path) -> None:
    named = [report_path(tmp_path, dataset) for dataset in ("a/b", "a\\b", "../x", "aux", "con.old", "..", "plain (1)")]
    assert len(set(named)) == len(named) and {path.parent for path in named} == {tmp_path / "rejected"}
    assert named[-1].name == "plain (1).csv" and not any(path.stem.lower().split(".")[0] in ("aux", "con") for path in named)


def test_erasing_a_person_takes_the_lines_that_name_them(run: Run, small: Path) -> None:
    office = {"No.": "O-1", "Office": "UNDP office", "Organization": "UNDP", "Countries": "Kyrgyzstan", "Contacts": "Jane Sample <no address>, Ann Other <nor this>"}
    run("import", workbook(small, {"Offices": [office]}))
    path = small / "rejected" / "registers-offices.csv"
    assert "Jane Sample" in path.read_text(encoding="utf-8-sig")
    before = len(lines(path))
    assert run("erase", "Jane Sample", "--yes").exit_code == 0
    assert "Jane" not in path.read_text(encoding="utf-8-sig")
    assert len(lines(path)) < before
