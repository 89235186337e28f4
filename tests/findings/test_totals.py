"""Sums that count money once: laws, and small cases by hand."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnermap.findings.money import in_words, totals

KEYS = ["a", "b", "c", "d", "e"]
amounts = st.dictionaries(st.sampled_from(KEYS), st.none() | st.integers(0, 10**9).map(float), min_size=1)
links = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), st.none() | st.integers(0, 10**9).map(float)).filter(lambda x: x[0] != x[1]), max_size=8)


@given(amounts, links)
def test_net_is_between_nothing_and_gross_and_at_least_the_largest(known: dict, told: list) -> None:
    found = totals(known, told)
    assert 0 <= found.net <= found.gross
    # a link takes from its smaller side only, so the largest amount is never touched
    assert found.net >= max((v for v in known.values() if v is not None), default=0)


@given(amounts, links, st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(known: dict, told: list, shuffle: random.Random) -> None:
    other = told[:]
    shuffle.shuffle(other)
    assert totals(known, other) == totals(known, told)


@given(st.lists(st.integers(1, 10**9).map(float), min_size=2, max_size=5))
def test_a_chain_of_tellings_of_one_amount_counts_the_largest(told: list[float]) -> None:
    """Falling along a chain, each told whole by the one before: only the first is there."""
    told.sort(reverse=True)
    chain = [(KEYS[n], KEYS[n + 1], None) for n in range(len(told) - 1)]
    assert totals(dict(zip(KEYS, told, strict=False)), chain).net == pytest.approx(told[0])


@given(amounts)
def test_without_links_nothing_is_told_twice(known: dict) -> None:
    found = totals(known, [])
    assert (found.linked, found.net) == (0, found.gross)
    assert found.known == sum(v is not None for v in known.values())


@pytest.mark.parametrize(
    ("known", "told", "gross", "net"),
    [  # by hand
        ({"gef": 1.0, "bank": 8.15}, [("bank", "gef", None)], 9.15, 8.15),  # the GEF's part of the Bank's project
        ({"gef": 1.0, "bank": 8.15}, [("bank", "gef", 0.4)], 9.15, 8.75),
        ({"gef": 1.0, "bank": 8.15}, [("bank", "gef", 5.0)], 9.15, 8.15),  # no more than the smaller side
        ({"a": 5.0, "b": 5.0, "c": 5.0}, [("a", "b", None), ("b", "c", None)], 15.0, 5.0),  # three tellings
        ({"a": 5.0, "b": 5.0, "c": 5.0}, [("a", "b", None), ("b", "c", None), ("a", "c", None)], 15.0, 5.0),  # a circle takes no more
        ({"a": 5.0, "b": 5.0}, [("a", "b", None), ("a", "b", None)], 10.0, 5.0),  # told by both
        ({"a": 5.0, "b": None}, [("a", "b", None)], 5.0, 5.0),  # unknown is not nought
        ({"a": 5.0, "b": 3.0}, [("a", "elsewhere", None)], 8.0, 8.0),  # only links inside the set net
        ({"a": 10.0, "b": 6.0, "c": 6.0}, [("a", "b", None), ("a", "c", None)], 22.0, 10.0),  # two parts of one fund
    ],
)
def test_by_hand(known: dict, told: list, gross: float, net: float) -> None:
    found = totals(known, told)
    assert (found.gross, found.net) == (pytest.approx(gross), pytest.approx(net))


@pytest.mark.parametrize(
    ("said", "words"),
    [((5.0, 1, 1), "USD 5"), ((1_234_567.0, 2, 2), "USD 1.23 million"), ((2_305_000_000.0, 1, 1), "USD 2,305.00 million"), ((5000.0, 1, 3), "at least USD 5,000 (1 of 3 known)"), ((0.0, 0, 3), "unknown")],
)
def test_in_words(said: tuple, words: str) -> None:
    assert in_words(*said) == words
