"""The compiled loops against the same said plainly, over made rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from partnermap.codes.names import fold
from partnermap.pairing import row_kernels
from partnermap.pairing.loop import Loop
from partnermap.pairing.ragged import Ragged
from partnermap.pairing.text import spaced
from partnermap.pairing.tokens import Tokens, tokenise, words_of

TERMS = 12
Rows = list[list[int]]
rows_of = st.lists(st.lists(st.integers(0, TERMS - 1), max_size=6, unique=True).map(sorted), min_size=1, max_size=9)


def ragged(rows: Sequence[Sequence[int]], values: Sequence[float] | None = None) -> Ragged:
    indptr = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    ids = np.array([n for row in rows for n in row], dtype=np.int64)
    return Ragged(indptr, ids, [str(n) for n in range(TERMS)], np.ones(len(ids)) if values is None else np.array(values, dtype=np.float64))


def every_pair(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    left, right = np.meshgrid(np.arange(len(rows)), np.arange(len(rows)), indexing="ij")
    return left.ravel(), right.ravel()


@settings(deadline=None)
@given(rows_of, st.data())
def test_what_rows_have_in_common(rows: Rows, data: st.DataObject) -> None:
    values = [float(data.draw(st.integers(1, 31))) for row in rows for _ in row]
    some, (left, right) = ragged(rows, values), every_pair(rows)
    valued = [dict(zip(map(int, some.at(n)), list(some.valued(n).values()), strict=True)) for n in range(len(rows))]
    sets = [set(row) for row in rows]
    assert some.common(left, right).tolist() == [len(sets[a] & sets[b]) for a, b in zip(left, right, strict=True)]
    assert some.overlap(left, right).tolist() == [sum(min(valued[a][n], valued[b][n]) for n in sets[a] & sets[b]) for a, b in zip(left, right, strict=True)]
    shared = some.shared(left, right)
    told = list(zip(shared.pairs.tolist(), shared.ids.tolist(), shared.left.tolist(), shared.right.tolist(), strict=True))
    assert told == [(p, n, valued[a][n], valued[b][n]) for p, (a, b) in enumerate(zip(left, right, strict=True)) for n in sorted(sets[a] & sets[b])]


@settings(deadline=None)
@given(rows_of, st.lists(st.integers(0, 8), max_size=12))
def test_rows_that_are_taken_keep_their_order_and_values(rows: Rows, wanted: list[int]) -> None:
    some = ragged(rows, [float(n) for n in range(sum(map(len, rows)))])
    wanted = [n for n in wanted if n < len(rows)]
    taken = some.taken(np.array(wanted, dtype=np.int64))
    assert [taken.at(n) for n in range(len(wanted))] == [some.at(n) for n in wanted]
    assert [taken.valued(n) for n in range(len(wanted))] == [some.valued(n) for n in wanted]


@settings(deadline=None, max_examples=200)
@given(rows_of, rows_of, st.data())
def test_the_nearest_are_those_of_a_plain_search(rows: Rows, own: Rows, data: st.DataObject) -> None:
    size = len(rows)
    own = (own + [[] for _ in range(size)])[:size]
    weights = [data.draw(st.integers(1, 4)) for row in rows for _ in row]
    is_open = np.array([data.draw(st.booleans()) for _ in rows])
    floor, most = data.draw(st.integers(0, 20)), data.draw(st.integers(1, 3))
    some, mine = ragged(rows, weights), ragged(own)
    found = row_kernels.nearest(some.indptr, some.ids, np.array(weights, dtype=np.int32), mine.indptr, mine.ids, is_open, floor, most)
    valued = [some.valued(n) for n in range(size)]
    wanted = set()
    for one in range(size):
        able = [
            (-product, other)
            for other in range(size)
            if other != one and (is_open[one] or is_open[other]) and not set(own[one]) & set(own[other])
            if (product := sum(valued[one][n] * valued[other][n] for n in valued[one].keys() & valued[other].keys())) > floor
        ]
        wanted |= {min(one, other) * size + max(one, other) for _, other in sorted(able)[:most]}
    assert set(found.tolist()) == wanted


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), max_size=5), min_size=2, max_size=6))
def test_one_row_stands_in_another(rows: Rows) -> None:
    some, (left, right) = ragged(rows), every_pair(rows)
    found = row_kernels.stand_in(some.indptr, some.ids, left, right)

    def inside(one: list[int], other: list[int]) -> bool:
        part, whole = (one, other) if len(one) <= len(other) else (other, one)
        return any(whole[n : n + len(part)] == part for n in range(len(whole) - len(part) + 1))

    assert found.tolist() == [inside(rows[a], rows[b]) for a, b in zip(left, right, strict=True)]


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 2), max_size=3), max_size=40))
def test_equal_rows_have_equal_codes(rows: Rows) -> None:
    some = ragged(rows)
    codes = Tokens(some.indptr, some.ids.astype(np.int32), some.labels).codes.tolist()
    for one, other in combinations(range(len(rows)), 2):
        assert (codes[one] == codes[other]) == (rows[one] == rows[other])


def test_more_words_than_there_was_room_for_at_first() -> None:
    texts = [f"w{n} w{n + 1} w0" for n in range(20_000)]
    assert in_rows(tokenise(pa.array(texts, pa.string()))) == [text.split() for text in texts]


def test_ctrl_c_while_numba_hands_an_answer_over_is_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    def hands_over(cause: BaseException) -> Loop:
        def compiled() -> None:
            try:
                raise SystemError("returned a result with an exception set") from cause
            except SystemError as error:
                raise SystemError("returned a result with an exception set") from error

        loop = Loop(lambda: None)
        monkeypatch.setattr(loop, "_compiled", compiled, raising=False)
        return loop

    with pytest.raises(KeyboardInterrupt):
        hands_over(KeyboardInterrupt())()
    with pytest.raises(SystemError):
        hands_over(ValueError())()


def in_rows(tokens: Tokens) -> list[list[str]]:
    ends = tokens.indptr.tolist()
    return [[tokens.words[n] for n in tokens.ids[a:b]] for a, b in pairwise(ends)]


letters = st.text(st.sampled_from("abZ 9_-'’“–.éÉйΩ水ไทย²½ªßǅ\u00a0\u2028\t"), max_size=12)


@settings(deadline=None, max_examples=300)
@given(st.lists(letters, max_size=5))
@example(["", "a", ""])
@example(["“pasture” – water’s", "naïve\u00a0café"])
def test_words_are_the_letters_and_numbers_between_other_marks(texts: list[str]) -> None:
    written = words_of(pa.array(texts, pa.string()))
    plain = ["".join(c if c.isalnum() or c == "_" else " " for c in text).split() for text in texts]
    assert in_rows(written) == plain
    folded = tokenise(pa.array(texts, pa.string()))
    plain = ["".join(c if c.isalnum() else " " for c in spaced(fold(text))).split() for text in texts]
    assert in_rows(folded) == plain


@settings(deadline=None, max_examples=300)
@given(st.lists(st.lists(st.sampled_from(["a", "b", "é", "½"]), max_size=4), min_size=1, max_size=5))
def test_words_may_become_none_one_or_several(rows: list[list[str]]) -> None:
    words = ["a", "b", "é", "½", "c"]
    indptr = np.concatenate(([0], np.cumsum([len(row) for row in rows])))
    tokens = Tokens(indptr, np.array([words.index(word) for row in rows for word in row], dtype=np.int32), words)
    for others in ({"é": ["e"], "½": ["1", "2"]}, {"é": [], "½": ["1", "b", "1"]}, {"é": ["a"]}, {}):
        changed = tokens.changed({words.index(word): some for word, some in others.items()})
        assert in_rows(changed) == [[other for word in row for other in others.get(word, [word])] for row in rows]
        assert len(set(changed.words)) == len(changed.words)


@settings(deadline=None)
@given(st.lists(st.text("abc", max_size=6), min_size=1, max_size=5), st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=3), st.data())
def test_an_acronym_that_a_title_writes_out(initials: list[str], acronyms: list[str], data: st.DataObject) -> None:
    held = [sorted(data.draw(st.sets(st.integers(0, len(acronyms) - 1)))) for _ in initials]
    left, right = every_pair(held)
    some, spelled, titles = ragged(held), ragged([list(map(ord, word)) for word in acronyms]), ragged([list(map(ord, word)) for word in initials])
    rows = np.arange(len(held))
    found = row_kernels.written_out(some.indptr, some.ids, spelled.indptr, spelled.ids, titles.indptr, titles.ids, rows, left, right)
    plain = [any(acronyms[n] in initials[other] for one, other in ((a, b), (b, a)) for n in held[one]) for a, b in zip(left, right, strict=True)]
    assert found.tolist() == plain


@settings(deadline=None)
@given(rows_of, st.data())
def test_what_texts_share_adds_up(rows: Rows, data: st.DataObject) -> None:
    """Bits and counts of a pair against sums over its common terms."""
    flags = np.array([data.draw(st.sampled_from([1, 2, 3, 5, 7])) for row in rows for _ in row], dtype=np.uint8)
    bits = np.array([data.draw(st.integers(1, 40)) / 4 for _ in range(TERMS)])
    kinds = np.array([data.draw(st.integers(0, 7)) for _ in range(TERMS)], dtype=np.uint8)
    some, (left, right) = ragged(rows, flags.astype(np.float64)), every_pair(rows)
    tagged = [sorted(data.draw(st.sets(st.integers(0, TERMS - 1), max_size=2))) for _ in left]
    tags = ragged(tagged)
    dropped = np.array([data.draw(st.booleans()) for row in tagged for _ in row], dtype=bool)
    amounts, counts = row_kernels.compared(some.indptr, some.ids, flags, bits, kinds, left, right, tags.indptr, tags.ids, dropped, 6.0, 5)
    alone_title, alone_words = row_kernels.shared_bits(some.indptr, some.ids, flags, bits, left, right)
    place = 0
    for pair, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        gone = {n for n, is_gone in zip(tagged[pair], dropped[place : place + len(tagged[pair])], strict=True) if is_gone}
        place += len(tagged[pair])
        one, other = some.valued(a), some.valued(b)
        both = {int(n): int(one[n]) & int(other[n]) for n in one.keys() & other.keys()}
        title = [n for n, flag in both.items() if flag & 1]
        kept = [n for n in title if n not in gone]
        own = [n for n, flag in both.items() if flag & 4 and not kinds[n] & 1 and n not in tagged[pair]]
        besides = sorted((bits[n] for n in both if n not in title), reverse=True)
        said = dict(zip(row_kernels.BITS, amounts[:, pair].tolist(), strict=True))
        assert said == {
            "title": sum(bits[title]),
            "words": sum(bits[list(both)]),
            "kept": sum(bits[kept]),
            "own": sum(bits[own]),
            "rarest": max(bits[title], default=0),
            "rarest_own": max(bits[own], default=0),
            "rarest_besides": sum(besides[:5]),
        }
        assert (alone_title[pair], alone_words[pair]) == (said["title"], said["words"])
        assert dict(zip(row_kernels.COUNTS, counts[:, pair].tolist(), strict=True)) == {
            "title": len(title),
            "words": len(both),
            "description": sum(flag & 2 > 0 for flag in both.values()),
            "rare": sum(bits[title] >= 6.0),
            "kept": len(kept),
            "kept_purpose": sum(both[n] & 4 > 0 for n in kept),
            "own": len(own),
            "lone": sum(kinds[own] & 2 > 0),
            "names": sum(kinds[title] & 4 > 0),
        }
