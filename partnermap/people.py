"""People outside records: taken in, derived, and erased, with what stays said.

What a row of a sheet says of a person is a ``PersonEntry``: dataset, version and row without
history, replaced with each import. An erased person leaves a salted hash, by which later imports
skip them; whatever text of a record names them is overwritten.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from partnermap.codes.names import normalise
from partnermap.derive import Context
from partnermap.derive.registers import people_rows, person_targets
from partnermap.errors import NotFound
from partnermap.model import NODE, GraphRows, Refused, Row, canonical
from partnermap.sources.registers import person_id
from partnermap.store import Job, Store

ENTRY, ERASED = "PersonEntry", "Erased"
ERASED_TEXT = "[erased]"
_ROUNDS = 2_000


def put_people(job: Job, dataset: str, version: int, file: str, people: Sequence[Row], refused: list[Refused]) -> bool:
    """Store what a dataset says of people; whether anything is different now.

    Rows of erased people are left out and reported without the name.
    """
    erased = job.truth(ERASED)
    kept = []
    for row in people:
        if is_erased(row["name"], erased):
            refused.append(Refused(file, row["row"], "Name" if not row["target"] else "Contacts", "this person was erased from the workspace and is skipped. Take them out of the file", kept=True))
        else:
            kept.append(row | {"version": version})
    before = {row["id"]: row for row in job.truth(ENTRY) if row["dataset"] == dataset}
    after = {row["id"]: row for row in kept}
    if before == after:
        return False
    clear_people(job, [row["person"] for row in before.values()])
    job.drop_truth(ENTRY, sorted(before.keys() - after.keys()))
    job.put_truth(ENTRY, kept)
    return True


def clear_people(job: Job, people: Sequence[str] | None = None) -> None:
    """Take derived people out, all or these, before what they belong to is derived again."""
    ids = sorted(set(people if people is not None else (row["person"] for row in job.truth(ENTRY))))
    if ids:
        job.put_graph(ids, GraphRows())


def derive_people(job: Job, context: Context) -> None:
    """Derive every person again: they are few, and what they belong to may have come or gone."""
    entries = job.truth(ENTRY)
    if entries:
        existing = job.existing(person_targets(entries))
        job.put_graph(sorted({row["person"] for row in entries}), people_rows(entries, existing, context))


def _hash(name: str, salt: str) -> str:
    # slow on purpose: names can be guessed one by one
    return hashlib.pbkdf2_hmac("sha256", normalise(name).encode(), bytes.fromhex(salt), _ROUNDS).hex()


def is_erased(name: str, erased: Sequence[Row]) -> bool:
    """Whether somebody of this name was erased."""
    return any(_hash(name, row["salt"]) == row["id"] for row in erased)


@dataclass(frozen=True)
class Erasure:
    """What erasing a person takes: rows that go, and rows whose text is overwritten, by label."""

    name: str
    entries: tuple[str, ...]
    rewritten: Mapping[str, Sequence[tuple[Row, Row]]]
    identifiers: tuple[str, ...] = ()  # of activities: they stay, since others refer by them
    found: bool = False  # by the last scan, whose texts are to be made again
    reported: int = 0  # lines of reports on imports

    @property
    def subjects(self) -> list[str]:
        """Subjects whose records named the person, to be derived again."""
        return sorted({row["subject_id"] for pair in self.rewritten["Record"] for row in pair})

    @property
    def counts(self) -> dict[str, int]:
        """Rows about the person, and records, versions of datasets and others' rows that named them."""
        words = {"Record": ("record", "records"), "DatasetVersion": ("version of a dataset", "versions of datasets"), ENTRY: ("row about others", "rows about others"), "Decision": ("decision", "decisions")}
        held = [("row about the person", "rows about the person", len(self.entries)), *((*words[label], len(rows)) for label, rows in self.rewritten.items())]
        held.append(("line of a report in rejected/", "lines of reports in rejected/", self.reported))
        return {one if number == 1 else many: number for one, many, number in held}


    @property
    def stays(self) -> str:
        """Where the name stays in the store, in a sentence; empty where it does not."""
        if not self.identifiers:
            return ""
        several, more = len(self.identifiers) > 1, len(self.identifiers) - 5
        shown = ", ".join(self.identifiers[:5]) + (f" and {more:,} more" if more > 0 else "")
        which, them = ("identifiers of activities", "them") if several else ("identifier of an activity", "it")
        return f"The name stays in {len(self.identifiers):,} {which}, by which others refer to {them}: {shown}. Have {them} changed at the source."


def name_pattern(name: str) -> re.Pattern[str]:
    """What finds a person's name in a text, in any case and with any signs between its words."""
    spellings = {" ".join(name.split()), normalise(name)}
    words = "|".join(r"[\W_]+".join(map(re.escape, spelling.split())) for spelling in sorted(spellings))
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)


def plan_erasure(store: Store, name: str, reported: Callable[[re.Pattern[str]], int] = lambda pattern: 0) -> Erasure:
    """Look up everything that names a person; ``reported`` counts lines of reports on imports.

    Raises
    ------
    NotFound
        If nothing does.
    """
    if not normalise(name):
        raise NotFound(f"{name!r} is no name.")
    pattern = name_pattern(name)
    entries = {row["id"] for row in _rows(store, ENTRY) if row["person"] == person_id(name)}
    identifiers = {row["subject_id"] for row in _rows(store, "Record") if row["subject_kind"] == "Activity" and pattern.search(row["subject_id"])}
    # the name may also stand in a title, a note, a dataset's name or what is said of others
    rewritten = {
        label: [(row, after) for row in _rows(store, label) if row["id"] not in entries and (after := _without_name(label, row, pattern, identifiers)) != row]
        for label in (ENTRY, "DatasetVersion", "Record", "Decision")
    }
    found = Erasure(name, tuple(sorted(entries)), rewritten, tuple(sorted(identifiers)), _is_found(store, pattern), reported(pattern))
    if not any(found.counts.values()) and not found.found:
        raise NotFound(f"Nobody called {name!r} is known here: no row names them. Give the name as it is written. {found.stays}".rstrip())
    return found


def _is_found(store: Store, pattern: re.Pattern[str]) -> bool:
    """Whether what the last scan wrote names somebody."""
    texts = (row[column] for label, columns in (("Finding", ("headline", "text")), ("OVERLAPS", ("evidence",))) for batch in store.columns(label, columns) for row in batch.to_pylist() for column in columns)
    return any(pattern.search(text if isinstance(text, str) else " ".join(text or ())) for text in texts)


def erase(job: Job, erasure: Erasure) -> None:
    """Erase a person, inside a job; ``erasure.subjects`` are to be derived again afterwards."""
    clear_people(job, [person_id(erasure.name)])
    job.drop_truth(ENTRY, erasure.entries)
    for label, rows in erasure.rewritten.items():
        job.drop_truth(label, [before["id"] for before, after in rows if before["id"] != after["id"]])
        job.put_truth(label, [after for _, after in rows])
    salt = secrets.token_hex(16)
    job.put_truth(ERASED, [{"id": _hash(erasure.name, salt), "salt": salt}])
    job.touch(erasure.subjects)


def _rows(store: Store, label: str) -> Iterator[Row]:
    names = [p.name for p in NODE[label].properties]
    for batch in store.columns(label, names):
        for row in batch.to_pylist():
            yield {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}


def _without_name(label: str, row: Row, pattern: re.Pattern[str], identifiers: Collection[str]) -> Row:
    """A row with the name overwritten; keys keep a form in which they can be keys, and activities their identifiers."""
    after = {key: _without(value, pattern, key, identifiers) for key, value in row.items()}
    if label == "Record":
        if row["subject_kind"] == "Activity":  # what others refer to keeps its identifier
            after["subject_id"] = row["subject_id"]
        after["id"] = f"{after['dataset']}#{after['subject_id']}#{row['ordinal']}#{row['version_first']}"
    return after


def _without(value: Any, pattern: re.Pattern[str], key: str, identifiers: Collection[str]) -> Any:
    """A value with the name overwritten, in lists and inside JSON too."""
    sign = "erased" if key in ("id", "dataset", "subject_id", "person", "subjects") else ERASED_TEXT

    def change(text: str) -> str:
        return text if text in identifiers else pattern.sub(sign, text)

    if key == "content" and isinstance(value, str):
        return canonical(_in_json(json.loads(value), change)) if pattern.search(value) else value
    return _in_json(value, change)


def _in_json(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _in_json(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [_in_json(inner, change) for inner in value]
    return change(value) if isinstance(value, str) else value
