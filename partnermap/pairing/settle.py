"""What pairs say together: one grant is one project's, and a bare mutual naming is the best one's."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from partnermap.pairing.found import CLASS_NAMES, Found
from partnermap.pairing.ragged import Bools
from partnermap.pairing.table import Table

LIKE = ("equal", "same", "contained")
LITTLE = ("", "little", "name", "word")  # of titles that hardly say anything


def settle(table: Table, found: Found) -> Found:
    """The pairs without those that a better one of the same grant rules out, in the same order.

    A grant and what its agency tells, of titles that share next to nothing, are one only where
    neither has a better partner, or both start the same day. Of several projects that one grant
    would be counted in, the best stands; it is joint with those of a like title.
    """
    return _once_each(table, found.taken(_best_of_both(table, found)))


def _is_named(found: Found) -> Bools:
    return found.is_("link") | found.is_("number")


def _best_of_both(table: Table, found: Found) -> Bools:
    mutual = np.flatnonzero(found.is_("teller", "mutual") & ~_is_named(found)).tolist()
    scores: dict[int, list[float]] = defaultdict(list)
    told = found.scores
    for n in mutual:
        for row in (found.left[n], found.right[n]):
            scores[row].append(told[n])
    stands = np.ones(len(found), dtype=bool)
    little = found.is_("title", *LITTLE)
    for n in mutual:
        rows = found.left[n], found.right[n]
        if little[n] and table.start[rows[0]] != table.start[rows[1]]:
            stands[n] = all(sum(s >= told[n] for s in scores[row]) == 1 for row in rows)
    return stands


def _once_each(table: Table, found: Found) -> Found:
    grants: dict[tuple[int, str], list[int]] = defaultdict(list)
    same_money = found.classes == CLASS_NAMES.index("same-money")
    for n in np.flatnonzero(same_money & ~_is_named(found)).tolist():
        left, right = int(found.left[n]), int(found.right[n])
        for grant, other in ((left, right), (right, left)):
            tellers = set(table.principals.at(other))
            if set(table.principals.at(grant)) & (set(table.funders.at(other)) - tellers):
                grants[grant, min(tellers)].append(n)
    scores, alike = found.scores, found.is_("title", *LIKE)
    joint, stands = np.zeros(len(found), dtype=bool), np.ones(len(found), dtype=bool)
    for some in grants.values():
        for n in sorted(some, key=lambda n: (-scores[n], n))[1:]:
            joint[n], stands[n] = alike[n], alike[n]
    classes = np.where(joint, CLASS_NAMES.index("joint"), found.classes)
    once = found.counted_once
    return found.with_column("class", classes).with_column("counted_once_usd", once, ~joint & ~np.isnan(once)).taken(stands)
