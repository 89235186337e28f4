"""One message and an exit code for what can go wrong; nothing is lost."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from partnermap.cli import main
from tests.cli.conftest import MAILUU, Run
from tests.small_iati import UNDP, activity, everything, write
from tests.workspaces import AGENCIES


def told(run: Run, *words: object) -> str:
    """The one message of a command that fails."""
    result = run(*words)
    assert result.exit_code == 1 and result.stdout == ""
    assert "Traceback" not in result.stderr and result.stderr.startswith("partnermap: ")
    return result.stderr.removeprefix("partnermap: ").rstrip("\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["findings", "--country", "Atlantis"], "'Atlantis' is no country. Give a name, or a code such as KGZ or KG."),
        *(([*words, "--country", "Kyrgyzstn"], "'Kyrgyzstn' is no country. Did you mean Kyrgyzstan?") for words in (["findings"], ["map"], ["compare", "UNDP", "ADB"], ["check", "Wells in mountains"])),
        (["query", "country_activities", "--param", "country=Kyrgyzstn"], "'Kyrgyzstn' is no country. Did you mean Kyrgyzstan?"),
        (["findings", "--country", "Central Asia"], "'Central Asia' is no country. It is a group: --group central_asia"),
        (["findings", "--group", "Centrl Asia"], "'Centrl Asia' is no group of countries. Did you mean central_asia?"),
        (["findings", "--group", "Kyrgyzstan"], "'Kyrgyzstan' is no group of countries. It is a country: --country Kyrgyzstan"),
        (["findings", "--group", "Atlantis"], "'Atlantis' is no group of countries. Known: "),
        (["findings", "--organization", "Atlantis"], "No organization called 'Atlantis' is loaded or listed. Find it with: partnermap organizations --find TEXT"),
        (["findings", "--organization", "Asian Developmnt Bank"], "No organization called 'Asian Developmnt Bank' is loaded or listed. Did you mean Asian Development Bank?"),
        (["organization", "Wold Bank"], "No organization called 'Wold Bank' is loaded or listed. Did you mean World Bank?"),
        (["organization", "Quite Another"], "No organization called 'Quite Another' is loaded or listed. Find it with: partnermap organizations --find TEXT"),
        (["compare", "UNDP", "OCSE"], "No organization called 'OCSE' is loaded or listed. Did you mean OCDE or OSCE?"),
        (["findings", "--class", "atlantis"], "'atlantis' is no class. Known: "),
        (["findings", "--kind", "atlantis"], "'atlantis' is no kind of finding. Known: overlap."),
        (["findings", "--since", "scan-9"], "There is no scan 'scan-9'."),
        (["findings", "--as-of", "June"], "--as-of 'June' is no date such as 2026-05-31."),
        (["explain", "KGZ-99"], "There is no finding 'KGZ-99' in the last scan. List them with: partnermap findings"),
        (["map", "--finding", "KGZ-99"], "There is no finding 'KGZ-99' in the last scan."),
        (["query", "atlantis"], "There is no query 'atlantis'. Known: "),
        (["import", "nothing.xml"], ""),
        (["copy", "--to", "oracle://localhost"], "'oracle://localhost' is no store. Use "),
    ],
)
def test_what_does_not_exist(run: Run, small: Path, words: list[str], message: str) -> None:
    found = told(run, *words)
    assert found.startswith(message)
    assert "\n" not in found.strip()


@pytest.mark.parametrize("words", [["findings", "--concerns", "atlantis"], ["findings", "--top", "-1"], ["import"], ["import", "--resume", "--undo"], ["atlantis"], ["explain"], ["query", "country_activities", "--param", "country"], ["scan", "--engine", "spark"]])
def test_wrong_usage_exits_with_2(run: Run, small: Path, words: list[str]) -> None:
    result = run(*words)
    assert result.exit_code == 2 and "Usage:" in result.stderr


@pytest.mark.parametrize("words", [["findings"], ["scan"], ["status"], ["import", "x.xml"], ["explain", "KGZ-1"], ["map"], ["query", "country_activities"], ["copy", "--to", "embedded"]])
def test_a_folder_that_is_no_workspace(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert told(run, *words) == ". is no workspace: it has no partnermap.toml. Make one with: partnermap init ."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "partnermap.toml: "),
        ("nam = 'x'", "'nam' is no setting. Known: name, own, expected, store, language, as_of, secondary, weights."),
        ("name = 3", "name = 3 has the wrong type."),
        ('as_of = "June"', "as_of = 'June' is no date such as 2026-05-31."),
        ('store = "oracle://x"', "'oracle://x' is no store."),
    ],
)
def test_settings_that_cannot_be_read(run: Run, small: Path, text: str, message: str) -> None:
    (small / "partnermap.toml").write_text(text, encoding="utf-8")
    assert message in told(run, "findings")


@pytest.mark.parametrize(("weights", "message"), [('"title.sane" = 3', "which is no weight"), ('"title.same" = "much"', "[weights] in partnermap.toml: title.same = 'much' is no number."), ("title.same = 3", 'Put its whole name in quotes: "title.same" = ...')])
def test_weights_that_cannot_be_read(run: Run, small: Path, weights: str, message: str) -> None:
    with (small / "partnermap.toml").open("a", encoding="utf-8") as file:
        file.write(weights + "\n")
    assert message in told(run, "scan")


def test_init_twice(run: Run, tmp_path: Path) -> None:
    assert run("init", tmp_path / "region", "--expected", "UNDP", "--expected", "OSCE").exit_code == 0
    before = (tmp_path / "region" / "partnermap.toml").read_bytes()
    assert b'expected = ["UNDP", "OSCE"]' in before
    assert {p.name for p in (tmp_path / "region").iterdir()} >= {"inbox", "rejected", "out", "partnermap.toml"}
    message = told(run, "init", tmp_path / "region")
    assert message.startswith(f"{tmp_path / 'region'} already is a workspace.")
    assert (tmp_path / "region" / "partnermap.toml").read_bytes() == before


def test_a_name_with_quotes_and_backslashes_can_be_read_back(run: Run, tmp_path: Path) -> None:
    assert run("init", tmp_path / "region", "--name", 'Said "so" \\ here').exit_code == 0
    assert 'Said "so" \\ here: embedded store' in run("-w", tmp_path / "region", "status").stdout


def test_import_twice_says_that_nothing_has_changed(run: Run, small: Path) -> None:
    file = small.parent / "all.xml"
    result = run("import", file)
    assert result.exit_code == 0
    assert result.stdout == "all version 1: 4 activities of several (3), 2 transactions, 0 links; nothing has changed\n"


def test_import_says_what_a_new_version_changed(run: Run, small: Path) -> None:
    write(small.parent, "all", *(activity(key, MAILUU if key != "C" else "Wells", reporter=UNDP, countries="KG") for key in "ABCE"))
    result = run("import", small.parent / "all.xml", "--replace")
    assert result.stdout == "all version 2: 4 activities of United Nations Development Programme (XM-DAC-41114), 0 transactions, 0 links; 4 new or changed, 4 closed\n"
    assert "data have changed since: scan again" in run("status").stdout
    run("scan")
    assert "scan again" not in run("status").stdout


def test_a_version_that_lacks_half_stops_with_a_way_on(run: Run, small: Path) -> None:
    write(small.parent, "all", activity("A", MAILUU))
    message = told(run, "import", small.parent / "all.xml")
    assert "--dataset" in message and "--replace" in message
    assert run("import", small.parent / "all.xml", "--dataset", "other").exit_code == 0


def test_two_files_of_one_dataset_are_not_mixed(run: Run, small: Path, tmp_path: Path) -> None:
    one, two = (write(tmp_path / n, "same", activity(n, "Wells")) for n in ("1", "2"))
    assert "would both be dataset 'same'" in told(run, "import", one, two)


def test_a_table_without_a_mapping(run: Run, small: Path, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "--mapping" in told(run, "import", tmp_path / "table.csv")
    assert run("import", tmp_path / "table.csv", "--mapping", tmp_path / "no.toml").exit_code == 2
    message = told(run, "import", tmp_path / "table.csv", "--mapping", AGENCIES)
    assert "AidData Project ID" in message  # the column that the table lacks


def test_a_bad_file_among_good_ones_is_told_and_the_others_load(run: Run, small: Path, tmp_path: Path) -> None:
    good, bad = write(tmp_path, "good", activity("G", "Wells")), tmp_path / "bad.xml"
    bad.write_text("no xml", encoding="utf-8")
    result = run("import", good, bad)
    assert result.exit_code == 1 and result.stdout.startswith("good version 1: 1 activity of ")
    assert result.stderr.startswith("partnermap: 1 of the files could not be read; the others are in.\n  bad.xml")
    assert '"Activity": 5' in run("status", "--format", "json").stdout


def test_strict_imports_nothing_when_a_value_is_refused(run: Run, small: Path, tmp_path: Path) -> None:
    from partnermap.workspace import Workspace

    with Workspace(small) as workspace:
        before = everything(workspace)
    bad = write(tmp_path, "bad", activity("X", "Wells", countries="XX"))
    assert "because of --strict" in told(run, "import", "--strict", bad)
    with Workspace(small) as workspace:
        assert everything(workspace) == before


def test_query_without_a_name_lists_them(run: Run, small: Path) -> None:
    from partnermap.queries import all_queries

    printed = run("query").stdout
    for query in all_queries().values():
        assert f"{query.name}: {query.purpose}" in printed
        for parameter in query.params:
            assert f"--param {parameter}=…" in printed


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["query", "country_activities"], "country"),
        (["query", "country_activities", "--param", "contry=KGZ"], "no parameter contry: it needs a value for country"),
        (["query", "--cypher", "MATCH (a:Activity) DETACH DELETE a RETURN 1"], ""),
        (["query", "--cypher", "MATCH (a:"], ""),
    ],
)
def test_a_query_that_cannot_run(run: Run, small: Path, words: list[str], says: str) -> None:
    assert says in told(run, *words)
    assert '"Activity": 4' in run("status", "--format", "json").stdout


def test_cypher_text_is_answered(run: Run, small: Path) -> None:
    printed = run("query", "--cypher", "MATCH (a:Activity) RETURN a.id AS id ORDER BY id").stdout
    assert printed.split() == ["id", "--", "A", "B", "C", "D"]


def test_the_workspace_can_be_named_or_come_from_the_environment(run: Run, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    printed = run("-w", small, "findings").stdout
    assert "KGZ-1" in printed
    assert run("findings", PARTNERMAP_WORKSPACE=str(small)).stdout == printed
    # behind the command too, where it goes before the other two
    for words in (["-w", small], ["--workspace", small]):
        assert run("findings", *words).stdout == run("-w", tmp_path, "findings", *words, PARTNERMAP_WORKSPACE=str(tmp_path)).stdout == printed


@pytest.mark.parametrize("name", sorted(set(main.commands) - {"init", "demo"}))
def test_every_command_in_a_workspace_takes_its_folder(run: Run, name: str) -> None:
    assert "-w, --workspace PATH" in run(name, "--help").stdout


def test_lists_before_a_scan_say_so(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("init", tmp_path / "new")
    monkeypatch.chdir(tmp_path / "new")
    run("import", write(tmp_path, "one", activity("A", "Wells", countries="KG")))
    assert "No scan yet: partnermap scan" in run("status").stdout
    for words in (["findings"], ["findings", "--country", "KG"], ["map"], ["check", "Wells in Kyrgyzstan"]):
        assert told(run, *words) == "Nothing was scanned yet, so nothing can be said. Run: partnermap scan"


def test_an_empty_workspace_says_that_importing_comes_first(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("init", tmp_path / "new")
    monkeypatch.chdir(tmp_path / "new")
    first = "First: partnermap import FILE; then: partnermap scan"
    for words in (["findings"], ["findings", "--country", "KG"], ["findings", "--organization", "UNDP"], ["map"], ["map", "--country", "KG"], ["check", "Wells in Kyrgyzstan"]):
        assert told(run, *words) == f"No activity is loaded yet, so nothing can be said. {first}"
    assert run("status").stdout.endswith(f"Nothing is loaded yet. {first}\n")
    assert run("scan").stdout == "scan-1: 0 pairs, 0 findings: 0 between organizations. No activity is loaded yet: partnermap import FILE\n"
    for words in (["findings"], ["organizations"], ["compare", "UNDP", "ADB"], ["findings", "--country", "KG"]):
        assert f"No activity is loaded yet. {first}." in " ".join(run(*words).stdout.split())
    assert f"No activity is loaded yet. {first}." in run("map").stderr


def test_demo_takes_under_a_minute_and_refuses_a_workspace(run: Run, tmp_path: Path) -> None:
    started = time.monotonic()
    result = run("demo", tmp_path / "try-it")
    assert result.exit_code == 0 and time.monotonic() - started < 60
    assert result.stdout.startswith("Looked at 560 activities")
    for name in ("map.html", "findings.csv", "activities.csv"):
        assert (tmp_path / "try-it" / "out" / name).stat().st_size > 10_000
        assert f"Wrote {tmp_path / 'try-it' / 'out' / name}" in result.stdout
    again = told(run, "demo", tmp_path / "try-it")
    assert again == f"{tmp_path / 'try-it'} already is a workspace. Choose a new folder: partnermap demo FOLDER"


def test_a_folder_that_may_be_read_alone(run: Run, small: Path, tmp_path: Path, read_only: Callable[[Path], Path]) -> None:
    reading = (["status"], ["findings"], ["explain", "KGZ-1"], ["organization", "UNDP"], ["query", "country_activities", "--param", "country=KGZ"], ["check", "A"])
    before = [run(*words).stdout for words in reading]
    read_only(small)
    os.chdir(small)  # what was mounted there
    assert [run(*words).stdout for words in reading] == before
    for words in (["scan"], ["import", tmp_path / "all.xml"], ["withdraw", "all", "--yes"], ["organizations", "--same", "UNDP", "ADB"]):
        assert told(run, *words) == "There is no permission to write graph.sqlite. Ask for the right to write in .."
    assert told(run, "map", "--country", "KG").startswith(f"{Path('out') / 'map.html'} cannot be written: ")
    message = told(run, "init", small / "sub")
    assert message.startswith(f"No workspace can be made in {small / 'sub'}: ") and message.endswith(". Choose a folder where you may write.")
