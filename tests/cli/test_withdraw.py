"""A dataset that was imported by mistake is taken back whole, and comes back with its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnermap import intake
from partnermap.errors import NotFound
from partnermap.settings import Settings
from partnermap.store import Store
from partnermap.workspace import Workspace
from tests.cli.conftest import MAILUU, Run
from tests.small_iati import ADB, UNDP, UNECE, activity, write
from tests.sources.registers_files import workbook


def held(store: Store, kind: str, *names: str) -> set[tuple[object, ...]]:
    return {tuple(row.values()) for batch in store.columns(kind, names) for row in batch.to_pylist()}


def test_what_a_dataset_said_is_closed_and_the_rest_stands(store: Store, tmp_path: Path) -> None:
    """By hand: A is told by both, B by the wrong one alone."""
    settings = Settings()
    right = write(tmp_path, "right", activity("A", MAILUU, reporter=UNECE, countries="KG"))
    wrong = write(tmp_path, "wrong", activity("A", MAILUU, reporter=UNECE, countries="KG", commitment=5), activity("B", "Wells", reporter=ADB, countries="UZ"))
    intake.import_paths(store, settings, [right])
    intake.import_paths(store, settings, [wrong])
    plan = intake.plan_withdrawal(store, "wrong")
    assert str(plan) == "2 activities of several (2), read from wrong.xml"
    change = intake.withdraw(store, settings, plan)
    assert (change.version, change.added, change.closed) == (2, 0, 2)
    assert held(store, "Record", "dataset", "subject_id", "version_last") == {("right", "A", None), ("wrong", "A", 1), ("wrong", "B", 1)}
    assert held(store, "Activity", "id", "withdrawn") == {("A", False), ("B", True)}
    assert held(store, "Flow", "amount_usd") == set()
    with pytest.raises(NotFound, match=r"Nothing of dataset 'wrong' stands any more. Importing wrong.xml brings it back."):
        intake.plan_withdrawal(store, "wrong")
    (back,) = intake.import_paths(store, settings, [wrong]).imported
    assert (back.change.version, back.change.added) == (3, 2)
    assert held(store, "Activity", "id", "withdrawn") == {("A", False), ("B", False)}
    assert held(store, "Flow", "amount_usd") == {(5.0,)}


def test_an_unknown_dataset_lists_those_that_stand(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no dataset 'al'. Nothing is imported."):
        intake.plan_withdrawal(store, "al")
    for name in ("all", "other"):
        intake.import_paths(store, Settings(), [write(tmp_path, name, activity(name, "Wells"))])
    intake.withdraw(store, Settings(), intake.plan_withdrawal(store, "other"))
    with pytest.raises(NotFound, match=r"There is no dataset 'al'. Known: all."):
        intake.plan_withdrawal(store, "al")


def test_what_it_says_of_people_goes(tmp_path: Path, run: Run, small: Path) -> None:
    office = {"No.": "O-1", "Office": "UNDP office", "Organization": "UNDP", "Countries": "Kyrgyzstan", "Contacts": "Jane Sample <jane@example.org>"}
    file = workbook(small, {"Offices": [office]})
    assert run("import", file).exit_code == 0
    result = run("withdraw", "registers-offices", "--yes")
    assert result.exit_code == 0 and result.stderr.startswith("Withdrew registers-offices (version 2): 2 other rows of ")
    with Workspace(small) as workspace:
        assert held(workspace.store, "PersonEntry", "name") == held(workspace.store, "Person", "name") == held(workspace.store, "Office", "id") == set()
    assert run("import", file).exit_code == 0
    with Workspace(small) as workspace:
        assert held(workspace.store, "Person", "name") == {("Jane Sample",)}


def test_the_command_asks_says_what_goes_and_lists_no_longer_show_it(run: Run, small: Path) -> None:
    from click.testing import CliRunner

    from partnermap.cli import main

    refused = CliRunner().invoke(main, ["withdraw", "all"], input="n\n")
    assert refused.exit_code == 1
    assert "Withdraw all: 4 activities of several (3), read from all.xml. Importing that file again brings it back. Withdraw [y/N]" in refused.stderr
    assert "Looked at 4 activities" in run("findings").stdout
    done = run("withdraw", "all", "--yes")
    assert done.stderr == "Withdrew all (version 2): 4 activities of several (3), read from all.xml. Importing that file again brings it back. Findings stand as they were until the next: partnermap scan\n"
    run("scan")
    assert "Looked at 0 activities" in " ".join(run("findings").stdout.split())
    told = run("status").stdout
    assert "withdrawn (all.xml)" in told and "Activities that no dataset tells any more, in no list: 4\n" in told
    assert "No country with activities" in run("compare", "UNDP", "ADB").stdout
    with Workspace(small) as workspace:
        assert workspace.activities().empty and not workspace.graph().nodes
        assert workspace.organization("UNDP").roles == ()
    assert run("import", small.parent / "all.xml").stdout.endswith("4 new or changed\n")
    run("scan")
    assert "Looked at 4 activities" in run("findings").stdout and "KGZ-1" in run("findings").stdout  # the number it had


def test_one_file_under_two_names_is_told_once(run: Run, small: Path, tmp_path: Path) -> None:
    file = write(tmp_path, "all v2", activity("A", MAILUU, reporter=UNECE), activity("B", MAILUU, reporter=UNDP), activity("new", "Wells"))
    told = "2 of the 3 activities of all v2 are told by dataset all of the same publisher too. If it is one file under two names, take one back: partnermap withdraw 'all v2' (or all)\n"
    assert told in run("import", file).stderr
    assert "same publisher" not in run("import", file).stderr
    other = write(tmp_path, "funder", activity("C", "Told by another", reporter=ADB))
    assert "same publisher" not in run("import", other).stderr
