"""A workspace of all six shared files, for measuring: World Bank and EBRD are written as IATI first.

    python bench/corpora.py SHARED WORKSPACE

SHARED holds ``data/`` as described in its README. The two tables are read here in the simplest way
that keeps one row a project; they are for measuring and are not shipped.
"""

from __future__ import annotations

import csv
import html
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from partnermap.codes.countries import countries, find_country
from partnermap.settings import Settings
from partnermap.workspace import Workspace

MAPPING = Path(__file__).parent.parent / "examples" / "mappings" / "gef_agencies.toml"
_AMOUNT = re.compile(r"\b(EUR|ECU|USD|US\$|\$|€)\s?(\d+(?:[.,]\d+)?)\s*(million|billion)", re.I)


@dataclass(frozen=True)
class Project:
    """One project of a table."""

    id: str
    title: str
    description: str
    country: str
    start: date | None
    usd: float | None
    funder: str


def _clean(text: object) -> str:
    return " ".join(html.unescape(str(text or "").replace("_x000D_", " ")).split())


def world_bank(path: Path) -> Iterator[Project]:
    """One project each; the amount is in millions and repeated on each location row, 0 is unknown."""
    seen: set[str] = set()
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            if row["Project ID"] in seen:
                continue
            seen.add(row["Project ID"])
            amount = float((row["Total Amt"] or "0").replace(",", ""))
            try:
                start = datetime.strptime(row["Approval Date"], "%m/%d/%Y").date()
            except ValueError:
                start = None
            gef = "GEF" in row["Product Line"] or "Global Environment" in row["Product Line"]
            usd = amount * 1e6 if 0 < amount < 5000 else None
            yield Project(row["Project ID"], _clean(row["Project Title"]), _clean(row["development objective"]), row["Country"], start, usd, "GEF" if gef else "")


def ebrd(path: Path) -> Iterator[Project]:
    """One project each; the amount is the first of EBRD's finance in words, ECU as EUR at 1.3."""
    from openpyxl import load_workbook

    rows = load_workbook(path, read_only=True)["Data"].iter_rows(values_only=True)
    header = [str(h) for h in next(rows)]
    for values in rows:
        row = dict(zip(header, values, strict=False))
        try:
            start = datetime.strptime(str(row["board_date"]), "%d %B %Y").date()
        except ValueError:
            start = None
        usd = None
        if found := _AMOUNT.search(str(row["ebrd_finance"] or "")):
            rate = 1.0 if "$" in found[1] or found[1].upper() == "USD" else 1.3
            usd = float(found[2].replace(",", ".")) * rate * (1e9 if found[3].lower() == "billion" else 1e6)
        texts = " ".join(_clean(row[k]) for k in ("project_description", "transition_impact", "ebrd_finance", "total_project_cost"))
        yield Project(str(row["project_id"]), _clean(row["project_name"]), texts, str(row["country"]), start, usd, "")


def write_iati(path: Path, projects: Iterable[Project], ref: str, name: str) -> None:
    """The projects as an IATI 2.03 file."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<iati-activities version="2.03">\n')
        for p in projects:
            iso3 = find_country(p.country)
            code = countries()[iso3].iso2 if iso3 else ""
            parts = [
                f"<iati-activity><iati-identifier>{escape(p.id)}</iati-identifier>",
                f"<reporting-org ref={quoteattr(ref)} type='40'><narrative>{name}</narrative></reporting-org>",
                f"<title><narrative>{escape(p.title)}</narrative></title>",
                f"<description><narrative>{escape(p.description)}</narrative></description>" if p.description else "",
                f"<participating-org role='4' ref={quoteattr(ref)}/>",
                f"<participating-org role='1'><narrative>{p.funder}</narrative></participating-org>" if p.funder else "",
                f"<activity-date type='2' iso-date='{p.start}'/>" if p.start else "",
                f"<recipient-country code='{code}'/>" if code else "",
                f"<budget><period-start iso-date='{p.start or '2005-01-01'}'/><period-end iso-date='{p.start or '2005-12-31'}'/><value currency='USD' value-date='{p.start or '2005-01-01'}'>{p.usd:.0f}</value></budget>" if p.usd else "",
                "</iati-activity>\n",
            ]
            file.write("".join(parts))
        file.write("</iati-activities>\n")


def build(shared: Path, folder: Path) -> Workspace:
    """The workspace; an existing one is opened as it is."""
    if (folder / "graph.sqlite").exists():
        return Workspace(folder)
    Workspace.create(folder, Settings(name="all six"))
    workspace = Workspace(folder)
    data = shared / "data"
    with tempfile.TemporaryDirectory() as temporary:
        bank, other = Path(temporary) / "world_bank.xml", Path(temporary) / "ebrd.xml"
        write_iati(bank, world_bank(data / "tabular" / "world_bank.csv"), "44000", "World Bank")
        write_iati(other, ebrd(data / "tabular" / "ebrd.xlsx"), "XI-IATI-EBRD", "EBRD")
        files = [data / "iati" / f for f in ("gef.xml", "adb.xml", "un-covid-2021.xml")]
        workspace.import_files(*files, bank, other)
    workspace.import_files(data / "tabular" / "gef_agencies.csv", mapping=MAPPING)
    return workspace


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2])).close()
