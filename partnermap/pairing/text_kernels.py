"""What texts hold: their words, equal ones of them, and terms; over arrays alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from partnermap.pairing.loop import Loop

# FNV-1a (Fowler, Noll and Vo 1991), its bits mixed at the end as in SplitMix64
NOTHING, FACTOR = np.uint64(14695981039346656037), np.uint64(1099511628211)


@Loop
def words(data: Any, ends: Any, letters: Any) -> Any:
    """The words of texts: row pointers, a number for each word, equal for equal ones in the order of
    their first, the bytes of words as they are read, and where in these each distinct word begins and ends.

    Typographic marks part words: U+2000 to U+205E, and those of Latin-1 that are no letters and no numbers.

    Parameters
    ----------
    data : bytes of all texts, in UTF-8
    ends : where each text begins, and where the last one ends
    letters : what stands for each byte; a space parts words
    """
    size = len(ends) - 1
    indptr, written = np.zeros(size + 1, np.int64), np.empty(len(data), np.uint8)
    most = len(data) // 2 + size  # what is not needed of these is never touched
    ids, hashes, starts, stops = np.empty(most, np.int32), np.empty(most, np.uint64), np.empty(most, np.int32), np.empty(most, np.int32)
    total, known, row, room = 0, 0, 0, 1 << 12
    while row < size:
        while room < 2 * (known + (ends[row + 1] - ends[row]) // 2 + 1):
            room *= 2
        table = np.full(room, -1, np.int32)  # at least half of it is free, in whatever text comes next
        within = np.uint64(room - 1)
        for code in range(known):
            slot = hashes[code] & within
            while table[slot] >= 0:
                slot = (slot + np.uint64(1)) & within
            table[slot] = code
        while row < size and 2 * (known + (ends[row + 1] - ends[row]) // 2 + 1) <= room:
            at, last = np.int64(ends[row]), np.int64(ends[row + 1])
            start, h = at, NOTHING
            while at <= last:
                letter, width = np.uint8(32), 1
                if at < last:
                    byte = data[at]
                    letter = letters[byte]
                    if byte == 0xC2:
                        second = data[at + 1]
                        if second >= 0xA0 and second not in (0xAA, 0xB2, 0xB3, 0xB5, 0xB9, 0xBA, 0xBC, 0xBD, 0xBE):
                            letter, width = np.uint8(32), 2
                    elif byte == 0xE2 and (data[at + 1] == 0x80 or (data[at + 1] == 0x81 and data[at + 2] <= 0x9E)):
                        letter, width = np.uint8(32), 3
                if letter != 32:
                    written[at] = letter
                    h = (h ^ np.uint64(letter)) * FACTOR
                else:
                    if start < at:
                        h ^= h >> np.uint64(29)
                        h *= np.uint64(0xBF58476D1CE4E5B9)
                        h ^= h >> np.uint64(32)
                        slot = h & within
                        code = table[slot]
                        while code >= 0:
                            if hashes[code] == h and stops[code] - starts[code] == at - start:
                                first, n = starts[code], 0
                                while n < at - start and written[first + n] == written[start + n]:
                                    n += 1
                                if n == at - start:
                                    break
                            slot = (slot + np.uint64(1)) & within
                            code = table[slot]
                        if code < 0:
                            code = known
                            table[slot] = code
                            hashes[code], starts[code], stops[code] = h, start, at
                            known += 1
                        ids[total] = code
                        total += 1
                    start, h = at + width, NOTHING
                at += width
            row += 1
            indptr[row] = total
    return indptr, ids[:total].copy(), written, starts[:known].copy(), stops[:known].copy()


@Loop
def hashes(indptr: Any, ids: Any) -> Any:
    """A hash of the ids of each row in order."""
    found = np.empty(len(indptr) - 1, np.uint64)
    for row in range(len(found)):
        h = NOTHING
        for entry in range(indptr[row], indptr[row + 1]):
            h = (h ^ np.uint64(ids[entry])) * FACTOR
            h ^= h >> np.uint64(32)
        found[row] = h
    return found


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
