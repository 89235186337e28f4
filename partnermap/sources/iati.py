"""IATI activity files into records: 1.01 to 2.03, of any size, in two passes.

The first pass hashes the file, checks that it is whole and counts; a file that breaks is refused
before a record is given, because a half-read version would count the rest as withdrawn. The
second pass reads one activity at a time. Both keep memory flat.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from lxml import etree

from partnermap.errors import UnreadableFile
from partnermap.model import DatasetVersion, Refused, SourceRecord, canonical
from partnermap.sources.archive import Content
from partnermap.sources.iati_activity import read_activity
from partnermap.sources.iati_codes import VERSIONS
from partnermap.sources.iati_parts import name_of
from partnermap.sources.imports import Import, dataset_id
from partnermap.sources.records import Doubts, record_of, reporter_key
from partnermap.sources.values import iso_moment, shown
from partnermap.sources.xml_stream import Head, elements, read_head

ACTIVITY = "iati-activity"
ROOT = "iati-activities"

_TRANSACTIONS = etree.XPath("count(transaction)")
_LINKS = etree.XPath(
    "count(transaction/provider-org/@provider-activity-id[normalize-space()]"
    " | transaction/receiver-org/@receiver-activity-id[normalize-space()]"
    " | related-activity/@ref[normalize-space()]"
    " | participating-org/@activity-id[normalize-space()])"
)


@dataclass
class _Facts:
    """What the first pass finds."""

    activities: int = 0
    transactions: int = 0
    links: int = 0
    without_identifier: int = 0
    publishers: dict[str, str] = field(default_factory=dict)  # organization key to name
    identifiers: array[int] = field(default_factory=lambda: array("q"))  # hashes: 8 bytes an activity
    repeated: frozenset[int] = frozenset()
    sha256: str = ""


def read_iati(content: Content, dataset: str | None = None, head: Head | None = None) -> Import:
    """Records of an IATI activity file.

    Parameters
    ----------
    content : the file
    dataset : dataset id; default from the file's name
    head : its root element, when it has been read already

    Returns
    -------
    Import
        ``dataset`` is complete. ``records`` have ``row`` = position of the activity, from 1. An
        activity without identifier is refused; any other is kept and doubts about its values
        are reported. Identifiers that stand twice are both kept.

    Raises
    ------
    UnreadableFile
        If the file is no IATI activity file, is cut off or malformed, declares entities, or
        holds no activity.
    """
    head = head or read_head(content, ROOT)
    _check_root(content, head)
    facts = _count(content)
    refused: list[Refused] = []
    _check_version(content.name, head, refused)
    generated_date = _generated(content.name, head, refused)
    version = DatasetVersion(
        dataset=dataset or dataset_id(content.name),
        file=content.name,
        source="iati",
        sha256=facts.sha256,
        publisher=_publisher(facts.publishers),
        generated_date=generated_date,
        activities=facts.activities,
        transactions=facts.transactions,
        links=facts.links,
        rejected=facts.without_identifier,
    )
    return Import(version, _records(content, facts.repeated, refused), refused)


def _check_root(content: Content, head: Head) -> None:
    root = head.root.rsplit(":", 1)[-1]
    if root == "iati-organisations":
        raise UnreadableFile(
            f"{content.name}: is an IATI organization file, which holds budgets of organizations and no activities. "
            "Import the publisher's activity file instead."
        )
    if root != ROOT:
        raise UnreadableFile(
            f"{content.name}: its root element is <{shown(head.root)}>, not <{ROOT}>, so it is no IATI activity file. "
            "Check that the right file was downloaded."
        )


def _check_version(file: str, head: Head, refused: list[Refused]) -> None:
    version = head.attributes.get("version", "").strip()
    if version not in VERSIONS:
        what = f"version {shown(version)} of IATI is not known" if version else "no version of IATI is stated"
        refused.append(Refused(file, 0, "version", f"{what}; read as 2.03, check the result.", kept=True))


def _generated(file: str, head: Head, refused: list[Refused]) -> str | None:
    text = head.attributes.get("generated-datetime", "").strip()
    if not text:
        return None
    try:
        return iso_moment(text)[:10]
    except ValueError as error:
        refused.append(Refused(file, 0, "generated-datetime", f"{error}; left out.", kept=True))
        return None


def _count(content: Content) -> _Facts:
    """The first pass: raises where the file breaks."""
    facts = _Facts()
    digest = hashlib.sha256()
    for element in elements(content, ROOT, ACTIVITY, digest.update):
        facts.activities += 1
        facts.transactions += int(_TRANSACTIONS(element))
        facts.links += int(_LINKS(element))
        identifier = _identifier(element)
        if identifier:
            facts.identifiers.append(hash(identifier))
        else:
            facts.without_identifier += 1
        _note_publisher(element, facts.publishers)
    if not facts.activities:
        raise UnreadableFile(f"{content.name}: holds no activities, so there is nothing to import. Check that the right file was downloaded.")
    facts.sha256 = digest.hexdigest()
    hashes = np.sort(np.frombuffer(facts.identifiers, dtype=np.int64))
    facts.repeated = frozenset(hashes[1:][hashes[1:] == hashes[:-1]].tolist())
    return facts


def _identifier(element: Any) -> str:
    for found in element.iterchildren("iati-identifier"):
        if text := "".join(found.itertext()).strip():
            return str(text)
    return ""


def _note_publisher(element: Any, publishers: dict[str, str]) -> None:
    found = element.find("reporting-org")
    if found is None:
        return
    ref, name = (found.get("ref") or "").strip(), name_of(found, "")
    key = reporter_key(ref, name)
    if key and key not in publishers:
        publishers[key] = f"{name} ({ref})" if name and ref else name or ref


def _publisher(publishers: dict[str, str]) -> str:
    if len(publishers) > 1:
        return f"several ({len(publishers)})"
    return next(iter(publishers.values()), "")


def _records(content: Content, repeated: frozenset[int], refused: list[Refused]) -> Iterator[SourceRecord]:
    doubts = Doubts(content.name, refused)
    seen: dict[str, tuple[int, bytes]] = {}
    for row, element in enumerate(elements(content, ROOT, ACTIVITY), start=1):
        doubts.row = row
        activity = read_activity(element, doubts)
        identifier = activity.get("identifier")
        if not identifier:
            doubts.refuse("iati-identifier", "no identifier; the activity is left out. Correct it at the source.")
            continue
        text = canonical(activity)
        if hash(identifier) in repeated:
            doubts.check_repeated(identifier, text, seen)
        yield record_of(activity, row, text)
