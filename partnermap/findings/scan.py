"""Scans: those that were made, and everything that one stores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np

from partnermap.errors import NotFound
from partnermap.findings.numbering import number_findings
from partnermap.findings.overlap import KIND, Group, group_of, parted
from partnermap.findings.wording import write_sections
from partnermap.memory import uncollected
from partnermap.model import NODE, GraphRows, Pair, Row, ScanResult, canonical
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.found import CLASS_NAMES, Found
from partnermap.pairing.reading import Columns
from partnermap.pairing.reasons import Told
from partnermap.processes import cores, on_every_core

_AT_ONCE = 500  # findings that a process writes before it tells of them
_WORTH_CORES = 3000  # pairs from which a second process pays


def scan_number(scan: str) -> int:
    """The number in a scan's id; 0 for none."""
    tail = scan.rsplit("-", 1)[-1]
    return int(tail) if tail.isdigit() else 0


def read_scans(columns: Columns) -> list[Row]:
    """Every Scan, in the order in which they were made; ``columns`` is ``Store.columns``."""
    names = [p.name for p in NODE["Scan"].properties]
    found = [row for batch in columns("Scan", names) for row in batch.to_pylist()]
    return sorted(found, key=lambda row: scan_number(row["id"]))


def next_scan(scans: Sequence[Row]) -> str:
    """Id of the scan after these."""
    return f"scan-{(scan_number(scans[-1]['id']) if scans else 0) + 1}"


def last_scan(scans: Sequence[Row]) -> Row:
    """The last one.

    Raises
    ------
    NotFound
        If nothing was scanned yet: an empty list would read as an all-clear.
    """
    if not scans:
        raise NotFound("Nothing was scanned yet, so nothing can be said. Run: partnermap scan")
    return scans[-1]


def check_scan(name: str, scans: Sequence[Row]) -> None:
    """Refuse a scan that was not made.

    Raises
    ------
    NotFound
        With those that were.
    """
    if name not in [row["id"] for row in scans]:
        raise NotFound(f"There is no scan {name!r}. " + (f"Known: scan-1 to scan-{len(scans)}." if scans else "Run one: partnermap scan"))


@dataclass(frozen=True)
class Written:
    """A finding in words, and the rows that it stores, still without id and number."""

    keys: tuple[str, ...]
    score: float
    countries: tuple[str, ...]
    scopes: tuple[str, ...]
    finding: Row
    about: list[tuple[str, str, str]]  # label, id and side of what it is about
    pairs: list[Row]


@uncollected()
def scan_result(
    found: Found,
    corpus: Corpus,
    *,
    before: Mapping[str, str],
    numbers: Sequence[Row],
    scan: Row,
) -> ScanResult:
    """Pairs and findings as graph rows, with numbers for the new ones.

    Parameters
    ----------
    found : pairs of this scan
    corpus : what they were found in
    before : pair key (``left|right``) to finding id of the scan before
    numbers : every FindingNumber row
    scan : properties of the Scan node; ``pairs`` and ``findings`` are counted here
    """
    numbered, added = number_findings(_written(found, corpus), before, numbers, scan["id"])
    graph = GraphRows()
    for item in numbered:
        written = item.new
        written.finding.update(id=item.id, number=item.number)
        graph.nodes.setdefault("Finding", []).append(written.finding)
        for label, key, side in written.about:
            graph.relate("ABOUT", ("Finding", item.id), (label, key), side=side)
        for older in item.succeeds:
            graph.relate("SUCCEEDS", ("Finding", item.id), ("Finding", older))
        for pair in written.pairs:
            pair["finding"] = item.id
        graph.relationships.setdefault("OVERLAPS", []).extend(written.pairs)
    graph.node("Scan", **{**scan, "pairs": len(found), "findings": len(numbered)})
    return ScanResult(graph, tuple(added))


Parts = list[tuple[str, list[int]]]  # class of a finding, and its pairs


def _written(found: Found, corpus: Corpus) -> list[Written]:
    """The findings of pairs, sorted by their first pair: on every core where that pays."""
    ids = corpus.table.ids
    ends = [(ids[left], ids[right]) for left, right in zip(found.left.tolist(), found.right.tolist(), strict=True)]
    parts = parted(ends, [CLASS_NAMES[cls] for cls in found.classes.tolist()])
    if cores() == 1 or len(found) < _WORTH_CORES:
        return list(_write(found, corpus, parts))
    list(_write(found, corpus, parts[:1]))  # what is made at first use is so once, here
    firsts = range(0, len(parts), _AT_ONCE)
    shares = [firsts[core :: cores()] for core in range(cores())]
    told = on_every_core([partial(_write_some, found, corpus, parts, share) for share in shares if share], "wrote findings")
    return [written for _, some in sorted(told, key=lambda part: part[0]) for written in some]


def _write_some(found: Found, corpus: Corpus, parts: Parts, firsts: Iterable[int]) -> Iterator[tuple[int, list[Written]]]:
    for first in firsts:
        yield first, list(_write(found, corpus, parts[first : first + _AT_ONCE]))


def _write(found: Found, corpus: Corpus, parts: Parts) -> Iterator[Written]:
    """Some findings in words."""
    every = np.array([n for _, some in parts for n in some], dtype=np.int64)
    pairs = Told(found.taken(every), corpus).pairs()
    for cls, some in parts:
        group = group_of(cls, list(islice(pairs, len(some))), corpus)
        yield Written(group.keys, group.best.score, group.countries, tuple(m.scope for m in group.members), _finding(group, corpus), _about(group), [_pair(pair) for pair in group.pairs])


def _finding(group: Group, corpus: Corpus) -> Row:
    sections = write_sections(group, corpus)
    money = group.money_usd
    concerns = "ours" if group.ours else "one actor" if group.one_actor else "partners"
    return {
        "id": "",
        "number": "",
        "kind": KIND,
        "class": group.cls,
        "score": group.best.score,
        "strength": group.strength,
        "concerns": concerns,
        "money_usd": None if money is None else round(money, 2),
        "status": "open",
        "countries": list(group.countries),
        "headline": sections.headline,
        "text": canonical(sections.as_dict()),
    }


def _about(group: Group) -> list[tuple[str, str, str]]:
    two = {group.best.left: "left", group.best.right: "right"} if len(group.members) == 2 else {}
    activities = [("Activity", member.id, two.get(member.id, "both")) for member in group.members]
    organizations = sorted({org for member in group.members for org in member.actors})
    return [*activities, *(("Country", country, "both") for country in group.countries), *(("Organization", org, "both") for org in organizations)]


def _pair(pair: Pair) -> Row:
    return {
        "from_kind": "Activity",
        "from_id": pair.left,
        "to_kind": "Activity",
        "to_id": pair.right,
        "class": pair.cls,
        "score": pair.score,
        "counted_once_usd": pair.counted_once_usd,
        "fingerprint": pair.fingerprint,
        "finding": "",
        "features": [r.feature for r in pair.reasons],
        "points": [f"{r.points:.3f}" for r in pair.reasons],
        "evidence": [
            canonical({"text": r.text, "family": r.family, "fields": r.fields, "terms": r.terms, "level": r.level})
            for r in pair.reasons
        ],
    }
