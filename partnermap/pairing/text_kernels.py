"""What texts hold: their words, equal ones of them, and terms; over arrays alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from partnermap.pairing.loop import Loop


@Loop
def split(data: Any, ends: Any, letters: Any) -> Any:
    """The words of texts: their bytes, row pointers, where each word begins, and where it ends.

    Parameters
    ----------
    data : bytes of all texts
    ends : where each text begins, and where the last one ends
    letters : what stands for each byte; a space parts words
    """
    indptr, written = np.zeros(len(ends), np.int64), np.empty(len(data), np.uint8)
    count = 0
    for row in range(len(ends) - 1):
        before = True
        for at in range(ends[row], ends[row + 1]):
            letter = letters[data[at]]
            written[at] = letter
            space = letter == 32
            count += before and not space
            before = space
        indptr[row + 1] = count
    starts, stops = np.empty(count, np.int32), np.empty(count, np.int32)
    word = 0
    for row in range(len(ends) - 1):
        before = True
        for at in range(ends[row], ends[row + 1]):
            space = written[at] == 32
            if before and not space:
                starts[word] = at
            elif space and not before:
                stops[word] = at
                word += 1
            before = space
        if not before:
            stops[word] = ends[row + 1]
            word += 1
    return written, indptr, starts, stops


@Loop
def without_marks(data: Any) -> Any:
    """UTF-8 with spaces for typographic marks: U+2000 to U+205E, and those of Latin-1 that are no
    letters and no numbers."""
    found = data.copy()
    for at in range(len(data) - 1):
        if data[at] == 0xC2:
            second = data[at + 1]
            if second >= 0xA0 and second not in (0xAA, 0xB2, 0xB3, 0xB5, 0xB9, 0xBA, 0xBC, 0xBD, 0xBE):
                found[at], found[at + 1] = 32, 32
        elif data[at] == 0xE2 and at + 2 < len(data) and (data[at + 1] == 0x80 or (data[at + 1] == 0x81 and data[at + 2] <= 0x9E)):
            found[at], found[at + 1], found[at + 2] = 32, 32, 32
    return found


@Loop
def numbered(data: Any, starts: Any, stops: Any) -> Any:
    """A number for each stretch of an array, equal for equal ones, in the order of their first; and which are first."""
    size = len(starts)
    codes, firsts = np.empty(size, np.int32), np.empty(size, np.int64)
    known, room = 0, 1 << 12
    table, hashes = np.full(room, -1, np.int32), np.empty(size, np.uint64)
    for n in range(size):
        start, stop = starts[n], stops[n]
        h = np.uint64(14695981039346656037)
        for at in range(start, stop):
            h = (h ^ np.uint64(data[at])) * np.uint64(1099511628211)
        h ^= h >> np.uint64(29)
        h *= np.uint64(0xBF58476D1CE4E5B9)
        h ^= h >> np.uint64(32)
        slot = h & np.uint64(room - 1)
        while True:
            code = table[slot]
            if code < 0:
                if 2 * known >= room:  # twice the room, and every known one in its new place
                    room *= 2
                    table = np.full(room, -1, np.int32)
                    for other in range(known):
                        slot = hashes[other] & np.uint64(room - 1)
                        while table[slot] >= 0:
                            slot = (slot + np.uint64(1)) & np.uint64(room - 1)
                        table[slot] = other
                    slot = h & np.uint64(room - 1)
                    while table[slot] >= 0:
                        slot = (slot + np.uint64(1)) & np.uint64(room - 1)
                table[slot] = known
                hashes[known], firsts[known] = h, n
                codes[n] = known
                known += 1
                break
            if hashes[code] == h:
                first = starts[firsts[code]]
                if stops[firsts[code]] - first == stop - start:
                    same = True
                    for at in range(stop - start):
                        if data[first + at] != data[start + at]:
                            same = False
                            break
                    if same:
                        codes[n] = code
                        break
            slot = (slot + np.uint64(1)) & np.uint64(room - 1)
    return codes, firsts[:known]


@Loop
def tallied(indptr: Any, ids: Any, marks: Any, number: int) -> Any:
    """How many entries of each row have each mark: one line a mark.

    Parameters
    ----------
    marks : of each id, a bit each
    number : of marks
    """
    found = np.zeros((number, len(indptr) - 1), np.int64)
    for row in range(len(indptr) - 1):
        for entry in range(indptr[row], indptr[row + 1]):
            mark = marks[ids[entry]]
            n = 0
            while mark:
                if mark & 1:
                    found[n, row] += 1
                mark >>= 1
                n += 1
    return found


@Loop
def met(indptr: Any, ids: Any, kinds: Any, number: int, width: int) -> Any:
    """Which ids below ``width`` rows of each kind have: one line a kind."""
    found = np.zeros((number, width), np.bool_)
    for row in range(len(indptr) - 1):
        for entry in range(indptr[row], indptr[row + 1]):
            found[kinds[row], ids[entry]] = True
    return found


@Loop
def gathered(indptr: Any, ids: Any, kinds: Any, term: Any, wanted: Any, silent: Any, width: int) -> Any:
    """The terms of activities: row pointers, terms ascending, where each stands (1 in the title, 2 in the
    description), how often, and the word that first stood for it.

    Parameters
    ----------
    indptr, ids : the words of all titles, then of all descriptions
    kinds : of each activity, the line of ``term`` and ``wanted`` that its words are read by
    term : the term of each word, below ``width``
    wanted : whether it is
    silent : whether the first word of a text says nothing
    """
    size = len(indptr) // 2
    most = len(ids)
    pointers, terms, flags = np.zeros(size + 1, np.int64), np.empty(most, np.int64), np.empty(most, np.float64)
    counts, firsts = np.empty(most, np.float64), np.empty(most, np.int32)
    count, flag, first = np.zeros(width, np.int32), np.zeros(width, np.uint8), np.zeros(width, np.int32)
    touched = np.empty(width, np.int64)
    total = 0
    for row in range(size):
        kind, here = kinds[row], 0
        for part in range(2):
            text = row + part * size
            for entry in range(indptr[text] + silent[text], indptr[text + 1]):
                word = ids[entry]
                if wanted[kind, word]:
                    t = term[kind, word]
                    if count[t] == 0:
                        touched[here] = t
                        here += 1
                        flag[t] = 0
                        first[t] = word
                    count[t] += 1
                    flag[t] |= 1 << part
        some = np.sort(touched[:here])
        for t in some:
            terms[total], flags[total], counts[total], firsts[total] = t, flag[t], count[t], first[t]
            count[t] = 0
            total += 1
        pointers[row + 1] = total
    return pointers, terms[:total], flags[:total], counts[:total], firsts[:total]
