"""Write an IATI file of any size by repeating real activities with suffixed identifiers.

    python bench/make_large_iati.py OUT.xml MEGABYTES FILE.xml...

Each round over the given files appends ``-R<round>`` to the activities' own identifiers, and to
references between activities of the same round, so that links stay links and no identifier
stands twice. Activities are streamed: memory does not grow with the output.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

REFERENCES = etree.XPath(
    "related-activity/@ref | transaction/provider-org/@provider-activity-id"
    " | transaction/receiver-org/@receiver-activity-id | participating-org/@activity-id"
)


def activities(file: Path, number: int) -> Iterator[bytes]:
    """Each activity of a file as bytes, its identifier and references suffixed."""
    for _, element in etree.iterparse(str(file), tag="iati-activity", resolve_entities=False):
        identifier = element.find("iati-identifier")
        if identifier is not None and identifier.text:
            identifier.text = f"{identifier.text.strip()}-R{number}"
        for reference in REFERENCES(element):
            reference.getparent().set(reference.attrname, f"{reference}-R{number}")
        yield etree.tostring(element, encoding="utf-8", with_tail=False) + b"\n"
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def write(out: Path, megabytes: float, files: list[Path]) -> int:
    """Write about ``megabytes`` MB; the number of activities written."""
    limit, count = megabytes * 1_000_000, 0
    with out.open("wb") as target:
        target.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03" generated-datetime="2024-01-31T00:00:00">\n')
        for number in itertools.count(1):
            for file in files:
                for activity in activities(file, number):
                    if target.tell() >= limit:
                        target.write(b"</iati-activities>\n")
                        return count
                    target.write(activity)
                    count += 1
    raise AssertionError("unreachable")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("megabytes", type=float)
    parser.add_argument("files", type=Path, nargs="+")
    arguments = parser.parse_args()
    print(f"{write(arguments.out, arguments.megabytes, arguments.files):,} activities")
