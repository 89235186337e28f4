"""What pairs say together: one grant is one project's, and a bare mutual naming is the best one's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from partnermap.model import Pair
from partnermap.pairing.table import Table

LIKE = ("equal", "same", "contained")
LITTLE = ("", "little", "name", "word")  # of titles that hardly say anything


def settle(table: Table, pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs without those that a better one of the same grant rules out, in the same order.

    A grant and what its agency tells, of titles that share next to nothing, are one only where
    neither has a better partner, or both start the same day. Of several projects that one grant
    would be counted in, the best stands; it is joint with those of a like title.
    """
    return _once_each(table, _best_of_both(table, pairs))


def _levels(pair: Pair) -> dict[str, str]:
    return {reason.feature: reason.level for reason in pair.reasons}


def _best_of_both(table: Table, pairs: Sequence[Pair]) -> list[Pair]:
    mutual = {n: _levels(pair) for n, pair in enumerate(pairs) if any(r.level == "mutual" for r in pair.reasons) and not any(r.feature in ("link", "number") for r in pair.reasons)}
    scores: dict[str, list[float]] = defaultdict(list)
    for n in mutual:
        for key in (pairs[n].left, pairs[n].right):
            scores[key].append(pairs[n].score)

    def stands(n: int, pair: Pair) -> bool:
        if n not in mutual or mutual[n].get("title", "") not in LITTLE:
            return True
        starts = [table.start[table.row_of[key]] for key in (pair.left, pair.right)]
        return starts[0] == starts[1] or all(sum(s >= pair.score for s in scores[key]) == 1 for key in (pair.left, pair.right))

    return [pair for n, pair in enumerate(pairs) if stands(n, pair)]


def _once_each(table: Table, pairs: Sequence[Pair]) -> list[Pair]:
    grants: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, pair in enumerate(pairs):
        if pair.cls == "same-money" and not any(r.feature in ("link", "number") for r in pair.reasons):
            for grant, other in ((pair.left, pair.right), (pair.right, pair.left)):
                rows = table.row_of[grant], table.row_of[other]
                tellers = set(table.principals.at(rows[1]))
                if set(table.principals.at(rows[0])) & (set(table.funders.at(rows[1])) - tellers):
                    grants[grant, min(tellers)].append(n)
    found: dict[int, Pair] = dict(enumerate(pairs))
    for some in grants.values():
        for n in sorted(some, key=lambda n: (-pairs[n].score, n))[1:]:
            if _levels(pairs[n]).get("title", "") in LIKE:
                found[n] = replace(pairs[n], cls="joint", counted_once_usd=None)
            else:
                found.pop(n, None)
    return list(found.values())
