"""Findings keep their id and number while their members change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from partnermap.codes.countries import number_prefix
from partnermap.findings.overlap import finding_id
from partnermap.model import Row


class New(Protocol):
    """A finding of this scan, before it has a number."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of its pairs (``left|right``), sorted."""

    @property
    def score(self) -> float:
        """Points of its strongest pair."""

    @property
    def countries(self) -> tuple[str, ...]:
        """That it is about."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """Of its activities."""


N = TypeVar("N", bound=New)


@dataclass(frozen=True)
class Numbered(Generic[N]):
    """A finding with its lasting id and number, and those it goes on from."""

    id: str
    number: str
    new: N
    succeeds: tuple[str, ...] = ()


def number_findings(
    groups: Sequence[N], before: Mapping[str, str], numbers: Sequence[Row], scan: str
) -> tuple[list[Numbered[N]], list[Row]]:
    """Give each group the id and number of the finding that it goes on from, or new ones.

    A group inherits from the finding it shares most pairs with (tie: the smallest id); of several
    heirs the one with most pairs keeps it. The others succeed it, under new ids or the ones that
    their pairs had before they were merged.

    Parameters
    ----------
    groups : of this scan
    before : pair key to finding id, of the scan before
    numbers : FindingNumber rows, all that were ever given
    scan : id of this scan

    Returns
    -------
    (list of Numbered in the order of ``groups``, FindingNumber rows to add)
    """
    known = dict(before)
    for row in sorted(numbers, key=lambda r: str(r["id"])):
        for pair in row["pairs"]:
            known.setdefault(pair, row["finding"])  # a finding that went and comes back
    claims: dict[str, list[tuple[int, int]]] = defaultdict(list)
    parents: list[list[str]] = []
    for position, group in enumerate(groups):
        shared = Counter(known[key] for key in group.keys if key in known)
        ranked = sorted(shared, key=lambda f: (-shared[f], f))
        parents.append(ranked)
        if ranked:
            claims[ranked[0]].append((-shared[ranked[0]], position))
    heirs = {min(rows)[1]: finding for finding, rows in claims.items()}
    heirs.update(_reclaimed(groups, heirs, numbers))
    given = {row["finding"]: row["id"] for row in numbers}
    counters: Counter[str] = Counter()
    for row in numbers:
        counters[row["scope"]] = max(counters[row["scope"]], int(row["ordinal"]))
    ids = [heirs.get(i) or _fresh(g, given) for i, g in enumerate(groups)]
    added: list[Row] = []
    for position in sorted(range(len(groups)), key=lambda i: (-groups[i].score, ids[i])):
        group, finding = groups[position], ids[position]
        if finding not in given:
            scope = number_prefix(group.countries, group.scopes)
            counters[scope] += 1
            given[finding] = f"{scope}-{counters[scope]}"
            added.append({"id": given[finding], "finding": finding, "scope": scope, "ordinal": counters[scope], "first_scan": scan, "pairs": list(group.keys)})
    numbered = [
        Numbered(ids[i], given[ids[i]], group, tuple(f for f in parents[i] if f != ids[i]))
        for i, group in enumerate(groups)
    ]
    return numbered, added


def _reclaimed(groups: Sequence[New], heirs: Mapping[int, str], numbers: Sequence[Row]) -> dict[int, str]:
    """What was merged and parts again takes back the number it had, where nobody else has it."""
    taken = set(heirs.values())
    owners = {pair: row["finding"] for row in numbers if row["finding"] not in taken for pair in row["pairs"]}
    shared = {i: Counter(owners[key] for key in group.keys if key in owners) for i, group in enumerate(groups) if i not in heirs}
    found: dict[int, str] = {}
    for _, finding, position in sorted((-n, f, i) for i, counts in shared.items() for f, n in counts.items()):
        if position not in found and finding not in found.values():
            found[position] = finding
    return found


def _fresh(group: New, given: Mapping[str, str]) -> str:
    """An id that no finding has had; a split half may have the pairs of one that was."""
    found = finding_id(group.keys)
    while found in given:
        found += "+"
    return found
