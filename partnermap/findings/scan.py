"""Scans: those that were made, and everything that one stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partnermap.errors import NotFound
from partnermap.findings.numbering import number_findings
from partnermap.findings.overlap import KIND, Group, group_pairs
from partnermap.findings.wording import write_sections
from partnermap.memory import uncollected
from partnermap.model import NODE, GraphRows, Pair, Row, ScanResult, canonical
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.found import Found
from partnermap.pairing.reading import Columns
from partnermap.pairing.reasons import Told


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
    pairs = list(Told(found, corpus).pairs())
    numbered, added = number_findings(group_pairs(pairs, corpus), before, numbers, scan["id"])
    graph = GraphRows()
    for item in numbered:
        _finding(graph, item.id, item.number, item.group, corpus)
        for older in item.succeeds:
            graph.relate("SUCCEEDS", ("Finding", item.id), ("Finding", older))
        for pair in item.group.pairs:
            _pair(graph, pair, item.id)
    graph.node("Scan", **{**scan, "pairs": len(pairs), "findings": len(numbered)})
    return ScanResult(graph, tuple(added))


def _finding(graph: GraphRows, key: str, number: str, group: Group, corpus: Corpus) -> None:
    sections = write_sections(group, corpus)
    money = group.money_usd
    concerns = "ours" if group.ours else "one actor" if group.one_actor else "partners"
    graph.nodes.setdefault("Finding", []).append(
        {
            "id": key,
            "number": number,
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
    )
    for member in group.members:
        side = "both"
        if len(group.members) == 2:
            side = "left" if member.id == group.best.left else "right"
        graph.relate("ABOUT", ("Finding", key), ("Activity", member.id), side=side)
    for country in group.countries:
        graph.relate("ABOUT", ("Finding", key), ("Country", country), side="both")
    for org in sorted({o for member in group.members for o in member.actors}):
        graph.relate("ABOUT", ("Finding", key), ("Organization", org), side="both")


def _pair(graph: GraphRows, pair: Pair, finding: str) -> None:
    row: Row = {
        "class": pair.cls,
        "score": pair.score,
        "counted_once_usd": pair.counted_once_usd,
        "fingerprint": pair.fingerprint,
        "finding": finding,
        "features": [r.feature for r in pair.reasons],
        "points": [f"{r.points:.3f}" for r in pair.reasons],
        "evidence": [
            canonical({"text": r.text, "family": r.family, "fields": r.fields, "terms": r.terms, "level": r.level})
            for r in pair.reasons
        ],
    }
    graph.relate("OVERLAPS", ("Activity", pair.left), ("Activity", pair.right), **row)
