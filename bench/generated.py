"""A corpus of any size from recombined real sentences, with planted copies, as a store's columns.

Deterministic by (size, seed). Topics are real titles and sentences of the shared files that share
a rare word; a record draws a topic and recombines its sentences, with words replaced so that
records differ; 200 countries of unequal size, 3,000 organizations, 300 sector codes, dates and
amounts. About four in a hundred records have a planted copy under another organization:

- exact: the same text
- truncated: the first two thirds of the title, the first sentence
- paraphrased: 15 % of the words dropped, 20 % replaced, halves swapped
- title: the same title, another description
- purpose: other words of the same topic, same place and sector
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from corpora import activities

from partnermap.codes.countries import countries
from partnermap.model import NODE, RELATIONSHIP

KINDS = ("exact", "truncated", "paraphrased", "title", "purpose")
SHARE = {"exact": 0.20, "truncated": 0.25, "paraphrased": 0.30, "title": 0.10, "purpose": 0.15}
_WORD = re.compile(r"[A-Za-z]{4,}")


@dataclass
class Generated:
    """Columns of a made corpus, and which pairs were planted with what."""

    tables: dict[str, dict[str, list[Any]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    planted: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, kind: str, /, **values: Any) -> None:
        """Add a row."""
        for name, value in values.items():
            self.tables[kind][name].append(value)

    def columns(self, kind: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """As ``Store.columns``, one batch."""
        table = self.tables.get(kind)
        if not table:
            return
        size = len(next(iter(table.values())))
        arrays = [pa.array(table.get(n) or [None] * size) for n in names]
        yield pa.RecordBatch.from_arrays(arrays, names=list(names))


def topics(shared: Path) -> list[tuple[list[str], list[str]]]:
    """(titles, sentences) of real projects that share a rare word of their title."""
    said = [content for name in ("world_bank", "ebrd") for content in activities(shared, name) if "titles" in content]
    projects = [(content["titles"][0]["text"], " ".join(one["text"] for one in content.get("descriptions", []))) for content in said]
    by_word: dict[str, list[int]] = defaultdict(list)
    for n, project in enumerate(projects):
        for word in set(map(str.lower, _WORD.findall(project[0]))):
            by_word[word].append(n)
    found = []
    for _, members in sorted(by_word.items()):
        if 6 <= len(members) <= 60:
            titles = [projects[n][0] for n in members]
            sentences = [s for n in members for s in re.split(r"(?<=[.!?])\s+", projects[n][1])[:4] if 40 < len(s) < 300]
            if len(sentences) >= 6:
                found.append((titles, sentences))
    return found


def generate(shared: Path, size: int, seed: int = 1) -> Generated:
    """A corpus of ``size`` activities."""
    rng = random.Random(f"{size} {seed}")
    made = Generated()
    pool = topics(shared)
    places = ["".join(rng.choice(("ka", "ro", "li", "ma", "te", "su", "ni", "do", "ve", "ba")) for _ in range(rng.randint(2, 4))).title() for _ in range(60_000 * max(1, size // 1_000_000) or 60_000)]
    codes = sorted(countries())[:200]
    weights = [1 / (i + 3) ** 0.8 for i in range(len(codes))]
    words = sorted({w.lower() for titles, _ in pool for t in titles for w in _WORD.findall(t)})
    for org in range(3000):
        made.add("Organization", id=f"O{org}", name=f"Organization {org}", acronym="")
    boiler = [rng.choice(rng.choice(pool)[1]) for _ in range(3000)]
    number = 0

    def put(org: int, title: str, description: str, where: list[str], start: date | None, usd: float | None, sector: str) -> str:
        nonlocal number
        key = f"A{number:08d}"
        number += 1
        made.add("Activity", id=key, title=title, description=description, language="en", kind="project", scope="national" if len(where) == 1 else "multi-country", status="2", start_date=start, end_date=start + timedelta(900) if start and rng.random() < 0.5 else None, money_usd=usd, money_flag="", ours=False, withdrawn=False, other_ids=[])
        made.add("PARTICIPATES_IN", from_id=f"O{org}", to_id=key, role="implementing", is_actor=True)
        made.add("REPORTS", from_id=f"O{org}", to_id=key, secondary=False)
        for code in where:
            made.add("LOCATED_IN", from_id=key, to_kind="Country", to_id=code, share=1 / len(where))
        made.add("IN_SECTOR", from_id=key, to_id=sector, share=1.0)
        return key

    while number < size:
        titles, sentences = rng.choice(pool)
        where = rng.choices(codes, weights, k=rng.choices((1, 2, 4), (75, 15, 10))[0])
        where = sorted(set(where))
        place = rng.choice(places)
        org = int(3000 * rng.random() ** 2)
        title = f"{_replace(rng, rng.choice(titles), words, 0.18)} in {place}"
        parts = [_replace(rng, s, words, 0.18) for s in rng.sample(sentences, min(len(sentences), rng.randint(1, 4)))]
        description = "" if rng.random() < 0.06 else " ".join([*parts, boiler[org]] if rng.random() < 0.14 else parts)
        start = date(2000, 1, 1) + timedelta(rng.randrange(7000)) if rng.random() < 0.85 else None
        usd = round(10 ** rng.uniform(4.5, 8), 2) if rng.random() < 0.7 else None
        sector = f"1:{10000 + 10 * rng.randrange(300)}"
        first = put(org, title, description, where, start, usd, sector)
        if rng.random() < 0.04 and number < size:
            kind = rng.choices(KINDS, [SHARE[k] for k in KINDS])[0]
            other = (org + 1 + rng.randrange(2999)) % 3000
            copy = _copy(rng, kind, title, description or parts[0], titles, sentences, words, place)
            second = put(other, copy[0], copy[1], where, start, usd, sector)
            made.planted[first, second] = kind
    return made


def _replace(rng: random.Random, text: str, words: list[str], share: float) -> str:
    return " ".join(rng.choice(words) if len(w) > 3 and rng.random() < share else w for w in text.split())


def _copy(rng: random.Random, kind: str, title: str, text: str, titles: list[str], sentences: list[str], words: list[str], place: str) -> tuple[str, str]:
    if kind == "exact":
        return title, text
    if kind == "truncated":
        cut = title.split()
        return " ".join(cut[: max(3, 2 * len(cut) // 3)]), re.split(r"(?<=[.!?])\s+", text)[0]
    if kind == "paraphrased":
        kept = [w for w in text.split() if rng.random() > 0.15]
        half = len(kept) // 2
        return _replace(rng, title, words, 0.2), _replace(rng, " ".join(kept[half:] + kept[:half]), words, 0.2)
    if kind == "title":
        return title, _replace(rng, rng.choice(sentences), words, 0.18)
    return f"{_replace(rng, rng.choice(titles), words, 0.18)} in {place}", _replace(rng, rng.choice(sentences), words, 0.18)


def check() -> None:
    """The columns that are made exist in the model."""
    for kind, table in Generated().tables.items():
        declared = NODE.get(kind) or RELATIONSHIP[kind]
        assert set(table) <= {p.name for p in declared.properties} | {"from_id", "to_id", "from_kind", "to_kind"}
