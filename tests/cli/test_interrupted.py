"""Ctrl-C in the middle of an import and of a scan: the store is as before, and it says so."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from partnermap.workspace import Workspace
from tests.cli.conftest import Run
from tests.small_iati import ADB, UNDP, activity, everything, write
from tests.workspaces import REPOSITORY

pty = pytest.importorskip("pty", reason="progress is read from a terminal, which this system has not")

WORDS = ["water", "road", "school", "forest", "health", "trade", "energy", "soil", "river", "mine", "port", "court"]


def many(count: int, *countries: str, words: int = 6) -> list[str]:
    """Activities of two publishers that have much to do with each other, in one country or in turn."""
    chance = random.Random(7)
    return [
        activity(f"M-{n}", " ".join(chance.choices(WORDS, k=words)) + f" {n % 50}", reporter=(ADB, UNDP)[n % 2], countries=(countries or ("KG",))[n % max(1, len(countries))], start=f"20{n % 30:02}-01-01", commitment=n + 1)
        for n in range(count)
    ]


def stopped(folder: Path, *words: str, at: str) -> tuple[int, str]:
    """Run a command on a terminal, press Ctrl-C when it shows ``at``; exit code and what it said."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from partnermap.cli import main; main()", *words]
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # a job in the background ignores it
    )
    os.close(theirs)
    said, pressed, deadline = "", False, time.monotonic() + 60
    try:
        while time.monotonic() < deadline:
            try:
                said += os.read(ours, 4096).decode("utf-8", "replace")
            except OSError:  # the other end was closed
                break
            if at in said and not pressed:
                pressed = True
                process.send_signal(signal.SIGINT)
        assert pressed, f"{at!r} was never shown: {said!r}"
        return process.wait(30), said
    finally:
        process.kill()
        process.wait()
        os.close(ours)


@pytest.fixture
def before(small: Path) -> dict:
    with Workspace(small) as workspace:
        return everything(workspace)


def test_while_the_commands_are_still_being_loaded(tmp_path: Path) -> None:
    pressed = "import builtins; real = builtins.__import__\ndef pressed(name, *rest, **more):\n    if name == 'pandas': raise KeyboardInterrupt\n    return real(name, *rest, **more)\nbuiltins.__import__ = pressed\n"
    done = subprocess.run([sys.executable, "-c", f"{pressed}from partnermap.start import main; main()", "status"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "partnermap: stopped. What was stored before is unchanged.\n")
    # and it is what the command begins with
    scripts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts == {"partnermap": "partnermap.start:main"}
    done = subprocess.run([sys.executable, "-m", "partnermap", "--version"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert "partnermap" in done.stdout


def test_in_the_middle_of_an_import(run: Run, small: Path, before: dict) -> None:
    write(small.parent, "big", *many(12_000))
    code, said = stopped(small, "import", "../big.xml", at="deriving")
    assert code == 130
    assert said.endswith("\r\x1b[Kpartnermap: stopped. What was stored before is unchanged.\r\n")
    assert "Traceback" not in said
    with Workspace(small) as workspace:
        assert everything(workspace) == before
    assert run("findings").exit_code == 0


def test_in_the_middle_of_a_scan(run: Run, small: Path) -> None:
    write(small.parent, "big", *many(12_000, "KG", "KZ", "TJ", "TM", "UZ", "AM", "AZ", "GE", words=150))
    assert run("import", "../big.xml").exit_code == 0
    with Workspace(small) as workspace:
        before = everything(workspace)
    assert len(before["Finding"]) == 2
    code, said = stopped(small, "scan", at="comparing")
    assert code == 130 and said.endswith("\r\x1b[Kpartnermap: stopped. What was stored before is unchanged.\r\n")
    with Workspace(small) as workspace:
        assert everything(workspace) == before
