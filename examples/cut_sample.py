"""Cut the sample that ``partnermap demo`` loads from the AidData releases.

    python examples/cut_sample.py FOLDER

FOLDER holds ``gef.xml``, ``adb.xml`` (Geocoded Research Releases, ODC-By 1.0) and
``gef_agencies.csv``. Kept are the activities that name a country of Central Asia, the Caucasus,
Eastern Europe, the Balkans or a neighbour and that began by 2010; elements that partnermap does
not read are dropped. Writes ``partnermap/sample/``; the invented own activities are not touched.
"""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path

from lxml import etree

REGION = set(["KZ", "KG", "TJ", "TM", "UZ", "AM", "AZ", "GE", "BY", "MD", "UA", "RU", "AL", "BA", "ME", "MK", "RS", "XK", "BG", "RO", "HR", "TR", "MN", "AF"])
MOST_COUNTRIES = 40
LAST_YEAR = 2010
DROPPED = ("recipient-region", "contact-info", "document-link", "result", "activity-website")
SAMPLE = Path(__file__).parent.parent / "partnermap" / "sample"


def wanted(activity: etree._Element) -> bool:
    """In the region, not worldwide, and begun by the last year."""
    codes = {c.get("code") for c in activity.iter("recipient-country")}
    days = [d.get("iso-date") for d in activity.iter("activity-date", "transaction-date")]
    years = [int(day[:4]) for day in days if day]
    return bool(codes & REGION) and len(codes) <= MOST_COUNTRIES and bool(years) and min(years) <= LAST_YEAR


def cut(source: Path) -> set[str]:
    """Write one sample file; the identifiers in it come back."""
    tree = etree.parse(source, etree.XMLParser(resolve_entities=False, remove_blank_text=True))
    root = tree.getroot()
    kept: set[str] = set()
    for activity in list(root):
        if not wanted(activity):
            root.remove(activity)
            continue
        kept.add(activity.findtext("iati-identifier", ""))
        for element in list(activity.iter(*DROPPED)):
            element.getparent().remove(element)
    target = SAMPLE / f"{source.stem}.xml.gz"
    # no time stamp in the header: the same cut gives the same bytes
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        tree.write(out, xml_declaration=True, encoding="UTF-8")
    print(f"{target.name}: {len(kept)} activities, {target.stat().st_size:,} bytes")
    return kept


def cut_agencies(source: Path, identifiers: set[str]) -> None:
    """Write the agency rows of the kept GEF projects."""
    numbers = {identifier.rsplit("-", 1)[-1] for identifier in identifiers}
    with source.open(encoding="utf-8", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if row["AidData Project ID"] in numbers]
        names = list(reader.fieldnames or [])
    with (SAMPLE / source.name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{source.name}: {len(rows)} rows")


def main(folder: Path) -> None:
    files = {path.name: path for path in folder.rglob("*") if path.name in ("gef.xml", "adb.xml", "gef_agencies.csv")}
    gef = cut(files["gef.xml"])
    cut(files["adb.xml"])
    cut_agencies(files["gef_agencies.csv"], gef)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
