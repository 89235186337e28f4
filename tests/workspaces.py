"""Workspaces on the sample and on the shared files, made once a run, for reading only."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from partnermap.demo import make_demo
from partnermap.workspace import Workspace

REPOSITORY = Path(__file__).parents[1]
SHARED = Path(os.environ.get("PARTNERMAP_SHARED", REPOSITORY.parent / "shared"))
DATA = SHARED / "data"
AGENCIES = REPOSITORY / "examples" / "mappings" / "gef_agencies.toml"

needs_shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"needs the larger files: no folder {DATA}; set PARTNERMAP_SHARED"),
]


def _folder() -> Path:
    made = Path(tempfile.mkdtemp(prefix="partnermap-tests-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@cache
def demo_folder() -> Path:
    """The folder that ``partnermap demo`` makes."""
    folder = _folder() / "demo"
    make_demo(folder)
    return folder


@cache
def shared_folder() -> Path:
    """A scanned workspace of gef.xml, adb.xml and the agencies table."""
    folder = Workspace.create(_folder() / "shared")
    with Workspace(folder) as workspace:
        workspace.import_files(DATA / "iati" / "gef.xml", DATA / "iati" / "adb.xml")
        workspace.import_files(DATA / "tabular" / "gef_agencies.csv", mapping=AGENCIES)
        workspace.scan()
    return folder
