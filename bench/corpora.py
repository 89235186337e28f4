"""A workspace of all six shared files, for measuring, read with the mappings of ``examples``.

    python bench/corpora.py SHARED WORKSPACE

SHARED holds ``data/`` as described in its README.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from partnermap.model import ActivityContent
from partnermap.settings import Settings
from partnermap.sources import open_imports
from partnermap.workspace import Workspace

MAPPINGS = Path(__file__).parent.parent / "examples" / "mappings"
TABLES = {"gef_agencies": "gef_agencies.csv", "world_bank": "world_bank.csv", "ebrd": "ebrd.xlsx"}
# how the mappings begin the identifiers whose numbers the labelled pairs give
PREFIXES = {"world_bank": "44000-", "ebrd": "XI-IATI-EBRD:"}


def labelled_id(dataset: str, number: str) -> str:
    """Identifier in the workspace of what the labelled pairs call by its own number."""
    return PREFIXES.get(dataset, "") + number


def activities(shared: Path, name: str) -> Iterator[ActivityContent]:
    """What the rows of one table say, read with its mapping."""
    for opened in open_imports(shared / "data" / "tabular" / TABLES[name], mapping=MAPPINGS / f"{name}.toml"):
        for record in opened.records:
            yield json.loads(record.content)


def build(shared: Path, folder: Path) -> Workspace:
    """The workspace; an existing one is opened as it is."""
    if (folder / "graph.sqlite").exists():
        return Workspace(folder)
    Workspace.create(folder, Settings(name="all six"))
    workspace = Workspace(folder)
    data = shared / "data"
    workspace.import_files(*(data / "iati" / f for f in ("gef.xml", "adb.xml", "un-covid-2021.xml")))
    for name, file in TABLES.items():
        workspace.import_files(data / "tabular" / file, mapping=MAPPINGS / f"{name}.toml")
    return workspace


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2])).close()
