"""The order of imports cannot matter: A then B = B then A = both at once, on each store."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from partnermap.workspace import Workspace
from tests.small_iati import (
    ADB,
    AIDDATA,
    GEF,
    UNDP,
    UNEP,
    NewWorkspace,
    activity,
    budget,
    everything,
    related,
    transaction,
    write,
)

MAPPING = """\
identifier = "{id}"
[table]
publisher = "Global Environment Facility"
publisher_ref = "XM-DAC-47044"
[fields]
title = "title"
countries = { column = "countries", split = "," }
[fields.dates]
planned_end = { column = "end", formats = ["%Y-%m-%d"] }
[[fields.participants]]
role = "funding"
name = "Global Environment Facility"
ref = "XM-DAC-47044"
[[fields.participants]]
role = "implementing"
column = "agency"
"""
TABLE = """\
id,title,countries,end,agency
G-1,Peatlands of the north,"KG,KZ",2012-12-31,UNDP
G-2,,KG,,UNEP
G-9,Only in the table,TJ,2011-01-31,World Bank
"""


def files(folder: Path) -> tuple[Path, Path, Path, Path]:
    """Three IATI files that tell of the same and of each other's activities, and a table."""
    gef = write(
        folder,
        "gef",
        activity("G-1", "Peatlands", reporter=AIDDATA, secondary=True, funding=[GEF], countries="KG", start="2008-01-01", commitment=1000, inside=related("U-1", "4")),
        activity("G-2", "Pastures", reporter=AIDDATA, secondary=True, funding=[GEF], regions={"89": 100}, sectors="14010"),
    )
    undp = write(
        folder,
        "undp",
        activity("U-1", "Peatlands of Kyrgyzstan", reporter=UNDP, implementing=[UNDP, "|Ministry of Water"], countries={"KG": 60, "TJ": 40}, sectors={"14010": 70, "41010": 30}, start="2008-02-01", end="2012-01-31", inside=budget(500) + transaction("incoming", 400, provider="G-1") + related("A-1", "1")),
        activity("G-1", "Peatlands as UNDP tells", reporter=UNDP, implementing=[UNDP], countries="KZ", commitment=900, updated="2010-01-01T00:00:00"),
    )
    adb = write(
        folder,
        "adb",
        activity("A-1", "Roads", reporter=ADB, implementing=[ADB, "|Ministry of Water"], countries="KG", inside=transaction("disbursement", 7, receiver="U-1") + related("missing", "2")),
        activity("G-2", "Pastures again", reporter=ADB, extending=[UNEP], countries="UZ"),
        activity("A-2", "Roads", reporter=ADB, implementing=[ADB], countries="KG", start="2009-01-01", inside=related("G-9", "3")),
    )
    table = folder / "agencies.csv"
    table.write_text(TABLE, encoding="utf-8")
    return gef, undp, adb, table


def load(workspace: Workspace, mapping: Path, paths: tuple[Path, ...]) -> dict[str, set[tuple[Any, ...]]]:
    for path in paths:
        workspace.import_files(path, mapping=mapping if path.suffix == ".csv" else None)
    return everything(workspace)


def test_every_order_of_files_gives_the_same_rows(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    mapping = tmp_path / "agencies.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    four = files(tmp_path / "in")
    known = load(new_workspace(), mapping, four)
    # what must be there for the comparison to mean anything, by hand from the files above
    assert {row[0] for row in known["Activity"]} == {"G-1", "G-2", "G-9", "U-1", "A-1", "A-2"}
    assert len(known["Reference"]) == 6 and len(known["FUNDS"]) == 2
    orders = list(itertools.permutations(four))
    for order in (orders[-1], orders[8]):
        assert load(new_workspace(), mapping, order) == known


def test_all_at_once_gives_the_rows_of_one_by_one(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    gef, undp, adb, _ = files(tmp_path / "in")
    together = new_workspace()
    together.import_files(adb, gef, undp)
    at_once = everything(together)
    folder = new_workspace()
    folder.import_files(tmp_path / "in" / "gef.xml")
    folder.import_files(undp)
    folder.import_files(adb)
    assert everything(folder) == at_once


def test_importing_again_changes_nothing(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace()
    paths = files(tmp_path / "in")[:3]
    workspace.import_files(*paths)
    before, version = everything(workspace), workspace.store.version()
    result = workspace.import_files(*paths)
    assert [(i.change.added, i.change.closed) for i in result.imported] == [(0, 0)] * 3
    assert (everything(workspace), workspace.store.version()) == (before, version)
