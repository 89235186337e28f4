"""What pairs of rows of numbers have in common, and which rows are nearest; over arrays alone.

Sums are of whole numbers, or of multiples of 1/64, so that they come out equal in any order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from partnermap.pairing.loop import Loop


@Loop
def nearest(indptr: Any, ids: Any, weights: Any, own_indptr: Any, own: Any, is_open: Any, floor: int, most: int) -> Any:
    """The nearest rows of each row, as pairs: the smaller row times the number of rows plus the other.

    Rows whose product is above ``floor`` are near, unless they have something of their own in common;
    each row takes the ``most`` of the largest product, of equal ones the first. Two that take each
    other stand there twice.

    Parameters
    ----------
    indptr, ids, weights : rows of whole numbers
    own_indptr, own : what rows have of their own, ascending
    is_open : rows that meet every other; two that are not do not meet
    """
    size = len(indptr) - 1
    order = np.concatenate((np.flatnonzero(is_open), np.flatnonzero(~is_open)))
    number = is_open.sum()
    width = 0
    for term in ids:
        width = max(width, term + 1)
    at = np.zeros(width + 1, np.int64)
    for row in order[:number]:
        for entry in range(indptr[row], indptr[row + 1]):
            at[ids[entry] + 1] += 1
    at = np.cumsum(at)
    ends = at[:-1].copy()
    holders, theirs = np.empty(at[width], np.int32), np.empty(at[width], np.int32)  # of each term: the open rows so far, and their weights
    products = np.zeros(number, np.int32)
    best, who, count = np.zeros((size, most), np.int32), np.zeros((size, most), np.int32), np.zeros(size, np.int32)
    for n in range(size):
        row = order[n]
        for entry in range(indptr[row], indptr[row + 1]):
            weight, term = weights[entry], ids[entry]
            for place in range(at[term], ends[term]):
                products[holders[place]] += weight * theirs[place]
        for m in range(min(n, number)):
            product = products[m]
            products[m] = 0
            if product > floor:
                other = order[m]
                is_own = False
                one, two = own_indptr[row], own_indptr[other]
                while one < own_indptr[row + 1] and two < own_indptr[other + 1] and not is_own:
                    is_own = own[one] == own[two]
                    if own[one] < own[two]:
                        one += 1
                    else:
                        two += 1
                for side in range(0 if is_own else 2):
                    here, there = (row, other) if side else (other, row)
                    place = min(count[here], most - 1)
                    if count[here] == most and (product < best[here, place] or (product == best[here, place] and there > who[here, place])):
                        continue
                    count[here] = place + 1
                    while place > 0 and (best[here, place - 1] < product or (best[here, place - 1] == product and who[here, place - 1] > there)):
                        best[here, place], who[here, place] = best[here, place - 1], who[here, place - 1]
                        place -= 1
                    best[here, place], who[here, place] = product, there
        if is_open[row]:
            for entry in range(indptr[row], indptr[row + 1]):
                place = ends[ids[entry]]
                holders[place], theirs[place] = n, weights[entry]
                ends[ids[entry]] += 1
    found = np.empty(count.sum(), np.int64)
    total = 0
    for row in range(size):
        for other in who[row, : count[row]]:
            found[total] = min(row, other) * size + max(row, other)
            total += 1
    return found


@Loop
def taken(indptr: Any, ids: Any, values: Any, rows: Any) -> Any:
    """Some rows with their values, in the order given."""
    pointers = np.zeros(len(rows) + 1, np.int64)
    for n in range(len(rows)):
        pointers[n + 1] = pointers[n] + indptr[rows[n] + 1] - indptr[rows[n]]
    some, told = np.empty(pointers[-1], ids.dtype), np.empty(pointers[-1], values.dtype)
    for n in range(len(rows)):
        start = indptr[rows[n]]
        for entry in range(pointers[n + 1] - pointers[n]):
            some[pointers[n] + entry], told[pointers[n] + entry] = ids[start + entry], values[start + entry]
    return pointers, some, told


@Loop
def distinct(indptr: Any, ids: Any) -> Any:
    """The different ids of each row, ascending."""
    pointers, some = np.zeros(len(indptr), np.int64), np.empty(len(ids), np.int64)
    total = 0
    for row in range(len(indptr) - 1):
        start = total
        for entry in range(indptr[row], indptr[row + 1]):
            place = total
            while place > start and some[place - 1] >= ids[entry]:
                place -= 1
            if place == total or some[place] != ids[entry]:
                for later in range(total, place, -1):
                    some[later] = some[later - 1]
                some[place] = ids[entry]
                total += 1
        pointers[row + 1] = total
    return pointers, some[:total].copy()


@Loop
def common(indptr: Any, ids: Any, left: Any, right: Any) -> Any:
    """How many ids pairs of rows have in common."""
    found = np.zeros(len(left), np.int64)
    for pair in range(len(left)):
        one, one_end, other, other_end = indptr[left[pair]], indptr[left[pair] + 1], indptr[right[pair]], indptr[right[pair] + 1]
        while one < one_end and other < other_end:
            a, b = ids[one], ids[other]
            found[pair] += a == b
            one += a <= b
            other += b <= a
    return found


@Loop
def stand_in(indptr: Any, ids: Any, left: Any, right: Any) -> Any:
    """Whether the ids of one row of each pair follow each other in the other: of the shorter in the longer."""
    found = np.zeros(len(left), np.bool_)
    for pair in range(len(left)):
        part, whole = left[pair], right[pair]
        if indptr[part + 1] - indptr[part] > indptr[whole + 1] - indptr[whole]:
            part, whole = whole, part
        start, size = indptr[part], indptr[part + 1] - indptr[part]
        for first in range(indptr[whole], indptr[whole + 1] - size + 1):
            n = 0
            while n < size and ids[first + n] == ids[start + n]:
                n += 1
            if n == size:
                found[pair] = True
                break
    return found


@Loop
def written_out(held: Any, ids: Any, spelled: Any, letters: Any, begins: Any, initials: Any, rows: Any, left: Any, right: Any) -> Any:
    """Whether the first letters of the words of one row of each pair have an acronym of the other in them.

    Parameters
    ----------
    held, ids : the acronyms of each position
    spelled, letters : what they are written with
    begins, initials : first letters of the words of each row
    rows : of each position
    """
    found = np.zeros(len(left), np.bool_)
    for pair in range(len(left)):
        for side in range(2):
            one, other = (right[pair], left[pair]) if side else (left[pair], right[pair])
            for entry in range(held[one], held[one + 1]):
                start, size = spelled[ids[entry]], spelled[ids[entry] + 1] - spelled[ids[entry]]
                for first in range(begins[rows[other]], begins[rows[other] + 1] - size + 1):
                    n = 0
                    while n < size and initials[first + n] == letters[start + n]:
                        n += 1
                    if n == size:
                        found[pair] = True
    return found


@Loop
def overlap(indptr: Any, ids: Any, values: Any, left: Any, right: Any) -> Any:
    """Sum of the smaller values of the ids that pairs of rows have in common."""
    found = np.zeros(len(left), np.float64)
    for pair in range(len(left)):
        one, one_end, other, other_end = indptr[left[pair]], indptr[left[pair] + 1], indptr[right[pair]], indptr[right[pair] + 1]
        while one < one_end and other < other_end:
            a, b = ids[one], ids[other]
            if a == b:
                found[pair] += min(values[one], values[other])
            one += a <= b
            other += b <= a
    return found


@Loop
def shared(indptr: Any, ids: Any, left: Any, right: Any, counts: Any) -> Any:
    """The entries that pairs of rows have in common: the pair, and where each side has it.

    Parameters
    ----------
    counts : how many each pair has, as :func:`common` tells
    """
    total = counts.sum()
    pairs, ones, others = np.empty(total, np.int64), np.empty(total, np.int64), np.empty(total, np.int64)
    here = 0
    for pair in range(len(left)):
        if counts[pair] == 0:
            continue
        one, one_end, other, other_end = indptr[left[pair]], indptr[left[pair] + 1], indptr[right[pair]], indptr[right[pair] + 1]
        while one < one_end and other < other_end:
            a, b = ids[one], ids[other]
            if a == b:
                pairs[here], ones[here], others[here] = pair, one, other
                here += 1
            one += a <= b
            other += b <= a
    return pairs, ones, others


@Loop
def shared_bits(indptr: Any, ids: Any, flags: Any, bits: Any, left: Any, right: Any) -> Any:
    """Bits of the terms that the titles of pairs of rows share, and of those that their texts do.

    Parameters
    ----------
    flags : of each entry: 1 in the title
    bits : of each id
    """
    title, words = np.zeros(len(left), np.float64), np.zeros(len(left), np.float64)
    for pair in range(len(left)):
        one, one_end, other, other_end = indptr[left[pair]], indptr[left[pair] + 1], indptr[right[pair]], indptr[right[pair] + 1]
        while one < one_end and other < other_end:
            a, b = ids[one], ids[other]
            if a == b:
                words[pair] += bits[a]
                if flags[one] & flags[other] & 1:
                    title[pair] += bits[a]
            one += a <= b
            other += b <= a
    return title, words


BITS = ("title", "words", "kept", "own", "rarest", "rarest_own", "rarest_besides")  # of what the texts of a pair share
COUNTS = ("title", "words", "description", "rare", "kept", "kept_purpose", "own", "lone", "names")


@Loop
def compared(indptr: Any, ids: Any, flags: Any, bits: Any, kinds: Any, left: Any, right: Any, tag_indptr: Any, tags: Any, dropped: Any, rare: float, rarest: int) -> Any:
    """What the texts of pairs of rows share: a column of ``BITS`` each, and a column of ``COUNTS``.

    Parameters
    ----------
    flags : of each entry: 1 in the title, 2 in the description, 4 of a purpose
    bits : of each id
    kinds : of each id: 1 a general word, 2 a word that hardly any other row has, 4 a name
    tag_indptr, tags, dropped : ids that say no purpose of a pair, and which of them say nothing of
        its titles either
    rare : bits from which a title's term is rare
    rarest : how many of the terms besides those of the titles are added up, the rarest first
    """
    amounts, counts = np.zeros((7, len(left)), np.float64), np.zeros((9, len(left)), np.int64)
    top = np.zeros(rarest, np.float64)
    for pair in range(len(left)):
        one, one_end, other, other_end = indptr[left[pair]], indptr[left[pair] + 1], indptr[right[pair]], indptr[right[pair] + 1]
        top[:] = 0
        while one < one_end and other < other_end:
            a, b = ids[one], ids[other]
            if a == b:
                flag, weight, kind = flags[one] & flags[other], bits[a], kinds[a]
                is_tag, is_dropped = False, False
                for tag in range(tag_indptr[pair], tag_indptr[pair + 1]):
                    if tags[tag] == a:
                        is_tag = True
                        is_dropped = is_dropped or dropped[tag]
                amounts[1, pair] += weight
                counts[1, pair] += 1
                counts[2, pair] += (flag & 2) > 0
                if flag & 1:
                    amounts[0, pair] += weight
                    amounts[4, pair] = max(amounts[4, pair], weight)
                    counts[0, pair] += 1
                    counts[3, pair] += weight >= rare
                    counts[8, pair] += (kind & 4) > 0
                    if not is_dropped:
                        amounts[2, pair] += weight
                        counts[4, pair] += 1
                        counts[5, pair] += (flag & 4) > 0
                elif weight > top[-1]:
                    place = rarest - 1
                    while place > 0 and top[place - 1] < weight:
                        top[place] = top[place - 1]
                        place -= 1
                    top[place] = weight
                if flag & 4 and not kind & 1 and not is_tag:
                    amounts[3, pair] += weight
                    amounts[5, pair] = max(amounts[5, pair], weight)
                    counts[6, pair] += 1
                    counts[7, pair] += (kind & 2) > 0
            one += a <= b
            other += b <= a
        amounts[6, pair] = top.sum()
    return amounts, counts
