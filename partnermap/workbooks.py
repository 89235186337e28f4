"""Our own workbooks, filled with what is loaded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from partnermap.codes.organizations import known_organization, resolve
from partnermap.model import REGISTERED, Row
from partnermap.settings import Settings
from partnermap.sources.registers import return_id
from partnermap.sources.registers_activity import activity_values
from partnermap.sources.registers_book import FILLED, write_book
from partnermap.sources.registers_cells import Own, Value
from partnermap.sources.registers_sheets import Sheet
from partnermap.sources.registers_unit import BOOKS
from partnermap.store import Store

__all__ = ["BOOKS", "own_of", "write_empty", "write_filled"]

FILES = {name: f"{name}.xlsx" for name in BOOKS}
_RECORD = ["dataset", "subject_kind", "subject_id", "row", "version_last", "content"]


def own_of(settings: Settings) -> Own:
    """Whose workbooks those of a workspace are."""
    return _own(settings.own)


def _own(named: str) -> Own:
    meant = resolve(named, named, "")
    org = meant.organization if meant else None
    listed = known_organization(org.id) if org else None
    return Own(listed.id, listed.name) if listed else Own(named, named)


def write_empty(folder: Path, settings: Settings) -> list[Path]:
    """Write every workbook without data into a folder; those that are there already stay."""
    written = []
    for name, file in FILES.items():
        path = folder / file
        if not path.exists():
            write_book(path, BOOKS[name], own_of(settings))
            written.append(path)
    return written


def write_filled(store: Store, settings: Settings, name: str, path: Path, adviser: str = "", organization: str = "") -> dict[str, int]:
    """Write a workbook with what was last imported from it; the number of rows of each sheet.

    Parameters
    ----------
    name : a key of ``BOOKS``
    adviser : whose return it is, as on its sheet About
    organization : whose activities a return tells; default who told them last, else our own
    """
    book = BOOKS[name]
    base = return_id(adviser) if name == "adviser-return" else name
    datasets = {f"{base}-{sheet.dataset}": sheet for sheet in book.sheets}
    records: dict[str, list[Row]] = {sheet.name: [] for sheet in book.sheets}
    known: dict[str, list[str]] = {}
    for row in _current(store):
        if row["dataset"] in datasets:
            records[datasets[row["dataset"]].name].append(row)
        if row["subject_kind"] in REGISTERED:
            known.setdefault(row["subject_kind"], []).append(row["subject_id"].partition(":")[2])
    told = (json.loads(row["content"]).get("reporter", {}) for row in records.get("Activities", ()))
    own = _own(organization or next((who.get("ref") or who.get("name", "") for who in told), "") or settings.own)
    people = [row for batch in store.columns("PersonEntry", ["dataset", "row", "id", "name", "target", "content"]) for row in batch.to_pylist()]
    filled: FILLED = {sheet.name: _rows(sheet, dataset, records[sheet.name], people, own) for dataset, sheet in datasets.items()}
    spelled = (json.loads(row["content"]).get("adviser") for row in records.get("Missions", ()))
    write_book(path, book, own, filled, adviser=next(filter(None, spelled), adviser), known={kind: sorted(set(numbers)) for kind, numbers in known.items()})
    return {sheet: len(rows) for sheet, rows in filled.items() if rows}


def _current(store: Store) -> Iterator[Row]:
    """Current records, the contents of registers' alone: those of others may be many."""
    for batch in store.columns("Record", _RECORD):
        for n, (dataset, last) in enumerate(zip(batch.column(0).to_pylist(), batch.column(4).to_pylist(), strict=True)):
            kind = batch.column(1)[n].as_py()
            if dataset is not None and last is None and (kind != "Activity" or dataset.startswith(("registers-", "adviser-return-"))):
                yield {name: batch.column(i)[n].as_py() for i, name in enumerate(_RECORD)}


def _rows(sheet: Sheet, dataset: str, records: list[Row], people: list[Row], own: Own) -> list[tuple[str, Mapping[str, Value]]]:
    mine = sorted((p for p in people if p["dataset"] == dataset), key=lambda p: (p["row"], int(p["id"].rpartition("#")[2])))
    if sheet.kind == "Person":
        return [("", {"name": p["name"], **json.loads(p["content"])}) for p in mine]
    contacts: dict[str, list[str]] = {}
    for person in mine:
        address = json.loads(person["content"]).get("email", "")
        contacts.setdefault(person["target"], []).append(f"{person['name']} <{address}>" if address else person["name"])
    found: list[tuple[str, Mapping[str, Value]]] = []
    for record in sorted(records, key=lambda r: (r["row"], r["subject_id"])):
        content: dict[str, Any] = json.loads(record["content"])
        values = activity_values(content, own) if sheet.kind == "Activity" else content
        subject = record["subject_id"]
        number = subject.removeprefix(f"{own.ref}:" if sheet.kind == "Activity" else f"{sheet.kind}:")
        found.append((number, values | {"contacts": contacts[subject]} if subject in contacts else values))
    return found
