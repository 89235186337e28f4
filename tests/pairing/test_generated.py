"""The made corpus on which speed is measured: the same each time, with the copies it tells of."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from partnermap.pairing.corpus import Corpus, read_corpus
from tests.workspaces import REPOSITORY, SHARED, needs_shared

pytestmark = needs_shared
SIZE = 2_000
COLUMNS = {
    "Activity": ["id", "title", "description", "start_date", "end_date", "money_usd", "other_ids"],
    "PARTICIPATES_IN": ["from_id", "to_id", "role"],
    "LOCATED_IN": ["from_id", "to_kind", "to_id", "share"],
    "IN_SECTOR": ["from_id", "to_id"],
    "Organization": ["id", "name"],
    "Flow": ["activity", "year"],
}


@pytest.fixture(scope="module")
def made() -> ModuleType:
    sys.path.insert(0, str(REPOSITORY / "bench"))
    try:
        return importlib.import_module("generated")
    finally:
        sys.path.remove(str(REPOSITORY / "bench"))


@pytest.fixture(scope="module")
def corpus(made: ModuleType) -> Any:
    return made.generate(SHARED, SIZE)


@pytest.fixture(scope="module")
def sides(corpus: Any) -> Corpus:
    return read_corpus(corpus.columns)


def rows(corpus: Any, kind: str) -> list[dict[str, Any]]:
    return [row for batch in corpus.columns(kind, COLUMNS[kind]) for row in batch.to_pylist()]


def test_files_hold_what_is_made_in_memory_and_are_kept(made: ModuleType, corpus: Any, tmp_path: Path) -> None:
    folder = made.write(SHARED, SIZE, 1, tmp_path)
    for kind in COLUMNS:
        assert rows(folder, kind) == rows(corpus, kind)
    assert folder.planted() == corpus.planted
    written = {file: file.stat().st_mtime_ns for file in folder.path.iterdir()}
    made.write(SHARED, SIZE, 1, tmp_path)
    assert {file: file.stat().st_mtime_ns for file in folder.path.iterdir()} == written


def test_a_smaller_corpus_begins_a_larger_one_and_another_seed_makes_another(made: ModuleType, corpus: Any) -> None:
    smaller, other = made.generate(SHARED, 100), made.generate(SHARED, 100, seed=2)
    assert rows(smaller, "Activity") == rows(corpus, "Activity")[:100]
    assert {row["title"] for row in rows(other, "Activity")}.isdisjoint(row["title"] for row in rows(smaller, "Activity"))


def test_texts_are_as_long_as_real_ones(sides: Corpus) -> None:
    # 389 characters and 46 terms: the corpus of the study that set the goals
    texts = [f"{side.title} {side.description}" for side in sides.sides.values()]
    assert len(texts) == SIZE
    assert sum(map(len, texts)) / SIZE == pytest.approx(390, rel=0.1)
    assert sum(len(set(text.lower().split())) for text in texts) / SIZE == pytest.approx(46, rel=0.15)


def test_a_planted_copy_is_another_organizations_of_the_same_place_sector_and_start(corpus: Any, sides: Corpus) -> None:
    assert 0.03 * SIZE < len(corpus.planted) < 0.05 * SIZE
    for left, right in corpus.planted:
        one, other = sides.sides[left], sides.sides[right]
        assert left < right and one.actors.isdisjoint(other.actors) and one.principals.isdisjoint(other.principals)
        assert (one.countries, one.sectors, one.start, one.usd) == (other.countries, other.sectors, other.start, other.usd)


def test_each_planted_copy_is_of_its_kind(made: ModuleType, corpus: Any, sides: Corpus) -> None:
    assert set(corpus.planted.values()) == set(made.KINDS)
    for (left, right), kind in corpus.planted.items():
        one, other = sides.sides[left], sides.sides[right]
        if not one.description:  # its copy has a sentence of its own
            continue
        words, copied = one.description.split(), other.description.split()
        held = {
            "exact": one.title == other.title and one.description == other.description,
            "truncated": one.title.startswith(other.title) and one.description.startswith(other.description),
            "paraphrased": 0.4 * len(words) <= len(copied) <= len(words) and len(set(words) & set(copied)) >= 0.3 * len(set(words)),
            "title": one.title == other.title and one.description != other.description,
            "purpose": one.title.split()[-1] == other.title.split()[-1] and one.description != other.description,
        }
        assert held[kind], (kind, one, other)
