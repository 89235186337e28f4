"""Texts in other languages and scripts: what counts as a word, and what as none."""

from __future__ import annotations

from datetime import date

import pytest

from partnermap.pairing.corpus import Corpus
from partnermap.pairing.local import find_pairs
from partnermap.pairing.side import Side
from partnermap.pairing.weights import load_weights


def side(key: str, title: str, language: str = "en", description: str = "") -> Side:
    return Side(
        id=key, title=title, description=description, language=language, kind="project", scope="national", status="2",
        start=date(2010, 1, 1), end=date(2012, 1, 1), usd=None, flagged=False, ours=False, withdrawn=False,
        countries={"KGZ": 1.0}, actors=frozenset([key]), participants=frozenset([key]), principals=frozenset([key]),
    )  # fmt: skip


def pairs(*sides: Side) -> dict[tuple[str, str], tuple[str, ...]]:
    """Pairs with the terms that their titles share."""
    found = find_pairs(Corpus.of(sides, {}, {}), load_weights())
    return {(p.left, p.right): next((r.terms for r in p.reasons if r.feature == "title"), ()) for p in found}


@pytest.mark.parametrize("declared", ["fr", "en", ""])
def test_french_titles_do_not_cluster_on_small_words(declared: str) -> None:
    """Also where the publisher declares another language, or none."""
    titles = ["Un avenir pour les vergers de la vallée", "Des livres pour les écoles du village", "Une route pour les mines et le barrage"]
    assert pairs(*(side(f"A{n}", title, declared) for n, title in enumerate(titles))) == {}
    both = pairs(side("A", "Surveillance des glaciers et des lacs pour la vallée", declared), side("B", "La surveillance des lacs et des glaciers", declared))
    assert set(both["A", "B"]) == {"surveil", "glaci", "lac"}


def test_an_accent_makes_no_other_word() -> None:
    both = pairs(side("A", "Glaciers, écosystèmes et énergie", "fr"), side("B", "Energie, ecosystemes et glaciers", "fr"))
    assert len(both["A", "B"]) == 3


def test_cyrillic_compares_with_cyrillic() -> None:
    """In other cases of the noun, declared as English."""
    both = pairs(side("A", "Мониторинг ледников и селевых озёр"), side("B", "О мониторинге ледника и селевого озера"))
    assert len(both["A", "B"]) >= 3


def test_a_script_without_spaces_is_compared_by_pairs_of_letters() -> None:
    both = pairs(side("A", "冰川湖泊监测与预警系统", "zh"), side("B", "关于冰川湖泊监测", "zh"))
    assert both.keys() == {("A", "B")}
    assert pairs(side("A", "冰川湖泊监测", "zh"), side("B", "山区公路养护", "zh")) == {}
