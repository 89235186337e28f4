"""The command line in a workspace of a few activities, and what it printed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from partnermap.cli import main
from tests.small_iati import ADB, UNDP, UNECE, activity, write
from tests.workspaces import demo_folder

MAILUU = "Uranium tailings of Mailuu-Suu made safe"
Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Runs a command; what is no PartnermapError is raised."""

    def command(*words: object, **environment: str) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words], env=environment or None)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return command


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Iterator[Path]:
    """A scanned workspace with one finding of ours and one of partners, as the current folder."""
    folder = tmp_path / "small"
    run("--quiet", "init", folder)
    said = dict(start="2031-01-01", end="2032-01-01")
    write(
        tmp_path,
        "all",
        activity("A", MAILUU, reporter=UNECE, countries="KG", **said),
        activity("B", MAILUU, reporter=UNDP, countries="KG", **said),
        activity("C", MAILUU, reporter=UNDP, countries="UZ", commitment=5, **said),
        activity("D", MAILUU, reporter=ADB, countries="UZ", commitment=5, **said),
    )
    monkeypatch.chdir(folder)
    assert run("import", tmp_path / "all.xml").exit_code == 0
    assert run("scan").exit_code == 0
    yield folder


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the demo's workspace, as the current folder."""
    folder = tmp_path / "demo"
    shutil.copytree(demo_folder(), folder)
    monkeypatch.chdir(folder)
    return folder
