"""The whole main job on the bundled sample, into a new folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

from partnermap.errors import StoreError
from partnermap.findings.board import Listing
from partnermap.graph import findings_frame
from partnermap.settings import FILE, Settings
from partnermap.spreadsheet import as_csv
from partnermap.workspace import Workspace

AS_OF = date(2009, 6, 30)
EXPECTED = ("UNDP", "OSCE", "European Commission", "World Bank", "EBRD")
FIRST = 10
NOTES = (
    "Sample: AidData's geocoded releases of GEF and ADB (ODC-By 1.0), cut to the region. "
    "Activities marked EXAMPLE are invented.",
)


@dataclass(frozen=True)
class Demo:
    """The ten first findings, what to say beside them, and the files that were written."""

    listing: Listing
    notes: tuple[str, ...]
    files: tuple[Path, ...]


def make_demo(folder: Path, progress: Callable[[str, int, int], None] | None = None) -> Demo:
    """Make a workspace, import the sample, scan, and write a map and tables.

    Raises
    ------
    StoreError
        If the folder already holds a workspace.
    """
    folder = Path(folder)
    if (folder / FILE).exists():
        raise StoreError(f"{folder} already is a workspace. Choose a new folder: partnermap demo FOLDER")
    Workspace.create(folder, Settings(name="Demo: the region in June 2009", expected=EXPECTED, as_of=AS_OF))
    with Workspace(folder) as workspace, as_file(files("partnermap") / "sample") as sample:
        workspace.import_files(sample / "gef.xml.gz", sample / "adb.xml.gz", sample / "own_example.xml", progress=progress)
        workspace.import_files(sample / "gef_agencies.csv", mapping=sample / "gef_agencies.toml", progress=progress)
        workspace.scan(progress=progress)
        listing = workspace.listing()
        out = folder / "out"
        tables = {"findings": findings_frame(listing.findings), "activities": workspace.activities()}
        for name, frame in tables.items():
            text = as_csv(list(frame.columns), list(frame.itertuples(index=False, name=None)))
            (out / f"{name}.csv").write_text(text, encoding="utf-8-sig", newline="")
        page = workspace.map(group="central_asia").write(out / "map.html")
        return Demo(workspace.listing(top=FIRST), NOTES, (page, *(out / f"{name}.csv" for name in tables)))
