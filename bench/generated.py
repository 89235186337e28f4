"""A corpus of any size from recombined real sentences, with planted copies, as a store's columns.

Deterministic by (size, seed), and a smaller corpus is the beginning of a larger one. Topics are real
titles and sentences of the shared files that share a rare word; a record draws a topic and recombines
its sentences, with words replaced so that records differ; 200 countries of unequal size (the largest
takes 7 % of the records), 3,000 organizations, 300 sector codes, 60,000 invented place names, dates
and amounts; 14 in a hundred end with a sentence that their organization always uses. About four in a
hundred records have a planted copy under another organization:

- exact: the same text
- truncated: the first two thirds of the title, the first sentence
- paraphrased: 15 % of the words dropped, 20 % replaced, halves swapped
- title: the same title, another description
- purpose: other words of the same topic, same place and sector
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from corpora import activities

from partnermap.codes.countries import countries
from partnermap.store.layout import arrow_schema, layout

KINDS = ("exact", "truncated", "paraphrased", "title", "purpose")
SHARE = {"exact": 0.20, "truncated": 0.25, "paraphrased": 0.30, "title": 0.10, "purpose": 0.15}
ORGANIZATIONS, PLACES = 3000, 60_000
SENTENCES = {1: 0.40, 2: 0.33, 3: 0.16, 4: 0.11}  # of a description: 390 characters with the title
CHUNK = 10_000  # activities from one seed; also what is in memory at a time when written
BATCH = 50_000  # rows, as a store gives them
_WORD = re.compile(r"[A-Za-z]{4,}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_SYLLABLES = ("ka", "ro", "li", "ma", "te", "su", "ni", "do", "ve", "ba")
Topic = tuple[list[str], list[str]]  # titles, sentences
Columns = dict[str, list[Any]]


@dataclass
class Generated:
    """Columns of a made corpus, and which pairs were planted with what."""

    tables: dict[str, Columns] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    planted: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, kind: str, /, **values: Any) -> None:
        """Add a row."""
        for name, value in values.items():
            self.tables[kind][name].append(value)

    def columns(self, kind: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """As ``Store.columns``, one batch."""
        if kind in self.tables:
            yield _batch(kind, self.tables[kind], names)


@dataclass(frozen=True)
class Folder:
    """A made corpus in Parquet files, read as ``Store.columns`` gives it: a file a kind."""

    path: Path

    def columns(self, kind: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """As ``Store.columns``; a column that was not made is empty."""
        file = self.path / f"{kind}.parquet"
        if not file.exists():
            return
        schema = arrow_schema(layout(kind).chosen(names))
        with pq.ParquetFile(file) as opened:
            made = [name for name in names if name in opened.schema_arrow.names]
            for batch in opened.iter_batches(BATCH, columns=made):
                arrays = [batch.column(n) if n in made else pa.nulls(batch.num_rows, schema.field(n).type) for n in names]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    def planted(self) -> dict[tuple[str, str], str]:
        """Planted pair (smaller id first) to its kind."""
        table = pq.read_table(self.path / "planted.parquet").to_pydict()
        return {(left, right): kind for left, right, kind in zip(*table.values(), strict=True)}


def generate(shared: Path, size: int, seed: int = 1) -> Generated:
    """A corpus of ``size`` activities in memory."""
    whole = Generated()
    for chunk in _chunks(topics(shared), size, seed):
        for kind, table in chunk.tables.items():
            for name, values in table.items():
                whole.tables[kind][name] += values
        whole.planted.update(chunk.planted)
    return whole


def write(shared: Path, size: int, seed: int, cache_folder: Path) -> Folder:
    """The corpus of ``generate`` in a folder of the cache, made where it is not there yet.

    It is made again when this file was changed since.
    """
    made_by = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    folder = Folder(cache_folder / f"{size}-{seed}")
    note = folder.path / "made.json"
    if note.exists() and json.loads(note.read_text(encoding="utf-8")) == {"made_by": made_by}:
        return folder
    shutil.rmtree(folder.path, ignore_errors=True)
    folder.path.mkdir(parents=True)
    with ExitStack() as files:
        writers: dict[str, pq.ParquetWriter] = {}

        def put(name: str, batch: pa.RecordBatch) -> None:
            if name not in writers:
                writers[name] = files.enter_context(pq.ParquetWriter(folder.path / f"{name}.parquet", batch.schema, compression="zstd"))
            writers[name].write_batch(batch)

        for chunk in _chunks(topics(shared), size, seed):
            for kind, table in chunk.tables.items():
                put(kind, _batch(kind, table, list(table)))
            left, right = zip(*chunk.planted, strict=True) if chunk.planted else ((), ())
            put("planted", pa.record_batch({"left": pa.array(left, pa.string()), "right": pa.array(right, pa.string()), "kind": pa.array(chunk.planted.values(), pa.string())}))
    note.write_text(json.dumps({"made_by": made_by}), encoding="utf-8")
    return folder


def _batch(kind: str, table: Columns, names: Sequence[str]) -> pa.RecordBatch:
    """The named columns with the types that the store has; what was not made is empty."""
    size = len(next(iter(table.values())))
    schema = arrow_schema(layout(kind).chosen(names))
    arrays = [pa.array(table.get(f.name) or [None] * size, f.type) for f in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


@cache
def topics(shared: Path) -> tuple[Topic, ...]:
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
            sentences = [s for n in members for s in _SENTENCE.split(projects[n][1])[:4] if 40 < len(s) < 300]
            if len(sentences) >= 6:
                found.append((titles, sentences))
    return tuple(found)


def _chunks(pool: Sequence[Topic], size: int, seed: int) -> Iterator[Generated]:
    """The corpus in parts of ``CHUNK`` activities, each from a seed of its own."""
    rng = random.Random(f"{seed}")
    names = ["".join(made).title() for n in (3, 4, 5) for made in product(_SYLLABLES, repeat=n)]
    setting = _Setting(
        pool=pool,
        places=rng.sample(names, PLACES),
        codes=sorted(countries())[:200],
        words=sorted({w.lower() for titles, _ in pool for t in titles for w in _WORD.findall(t)}),
        always=[rng.choice(rng.choice(pool)[1]) for _ in range(ORGANIZATIONS)],
    )
    for start in range(0, size, CHUNK):
        made = Generated()
        if start == 0:
            for org in range(ORGANIZATIONS):
                made.add("Organization", id=f"O{org}", name=f"Organization {org}", acronym="")
        _fill(made, setting, random.Random(f"{seed} {start}"), start, min(size, start + CHUNK))
        yield made


@dataclass(frozen=True)
class _Setting:
    """What all records draw from."""

    pool: Sequence[Topic]
    places: list[str]
    codes: list[str]
    words: list[str]
    always: list[str]  # the sentence of each organization


def _fill(made: Generated, setting: _Setting, rng: random.Random, number: int, end: int) -> None:
    """Add the activities from ``number`` to ``end``."""
    weights = [1 / (i + 3) ** 0.8 for i in range(len(setting.codes))]
    words = setting.words

    def put(org: int, title: str, description: str, where: list[str], start: date | None, usd: float | None, sector: str) -> str:
        nonlocal number
        key = f"A{number:08d}"
        number += 1
        finish = start + timedelta(900) if start and rng.random() < 0.5 else None
        scope = "national" if len(where) == 1 else "multi-country"
        made.add("Activity", id=key, title=title, description=description, language="en", kind="project", scope=scope, status="2", start_date=start, end_date=finish, money_usd=usd, money_flag="", ours=False, withdrawn=False, other_ids=[])
        made.add("PARTICIPATES_IN", from_id=f"O{org}", to_id=key, role="implementing", is_actor=True)
        made.add("REPORTS", from_id=f"O{org}", to_id=key, secondary=False)
        for code in where:
            made.add("LOCATED_IN", from_id=key, to_kind="Country", to_id=code, share=1 / len(where))
        made.add("IN_SECTOR", from_id=key, to_id=sector, share=1.0)
        return key

    while number < end:
        titles, sentences = rng.choice(setting.pool)
        where = sorted(set(rng.choices(setting.codes, weights, k=rng.choices((1, 2, 4), (75, 15, 10))[0])))
        place = rng.choice(setting.places)
        org = int(ORGANIZATIONS * rng.random() ** 2)
        title = f"{_replace(rng, rng.choice(titles), words, 0.18)} in {place}"
        several = rng.choices(list(SENTENCES), list(SENTENCES.values()))[0]
        parts = [_replace(rng, s, words, 0.18) for s in rng.sample(sentences, min(len(sentences), several))]
        description = "" if rng.random() < 0.06 else " ".join([*parts, setting.always[org]] if rng.random() < 0.14 else parts)
        start = date(2000, 1, 1) + timedelta(rng.randrange(7000)) if rng.random() < 0.85 else None
        usd = round(10 ** rng.uniform(4.5, 8), 2) if rng.random() < 0.7 else None
        sector = f"1:{10000 + 10 * rng.randrange(300)}"
        first = put(org, title, description, where, start, usd, sector)
        if rng.random() < 0.04 and number < end:
            kind = rng.choices(KINDS, [SHARE[k] for k in KINDS])[0]
            other = (org + 1 + rng.randrange(ORGANIZATIONS - 1)) % ORGANIZATIONS
            copy = _copy(rng, kind, title, description or parts[0], titles, sentences, words, place)
            second = put(other, copy[0], copy[1], where, start, usd, sector)
            made.planted[first, second] = kind


def _replace(rng: random.Random, text: str, words: list[str], share: float) -> str:
    return " ".join(rng.choice(words) if len(w) > 3 and rng.random() < share else w for w in text.split())


def _copy(rng: random.Random, kind: str, title: str, text: str, titles: list[str], sentences: list[str], words: list[str], place: str) -> tuple[str, str]:
    if kind == "exact":
        return title, text
    if kind == "truncated":
        cut = title.split()
        return " ".join(cut[: max(3, 2 * len(cut) // 3)]), _SENTENCE.split(text)[0]
    if kind == "paraphrased":
        kept = [w for w in text.split() if rng.random() > 0.15]
        half = len(kept) // 2
        return _replace(rng, title, words, 0.2), _replace(rng, " ".join(kept[half:] + kept[:half]), words, 0.2)
    if kind == "title":
        return title, _replace(rng, rng.choice(sentences), words, 0.18)
    return f"{_replace(rng, rng.choice(titles), words, 0.18)} in {place}", _replace(rng, rng.choice(sentences), words, 0.18)
