"""Files into a store: records first, then everything that they touch is derived again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from partnermap.codes.organizations import resolve
from partnermap.derive import Context, derive, reference_graph
from partnermap.derive.context import secondary_reporters
from partnermap.derive.identity import identity_of
from partnermap.derive.links import targets
from partnermap.derive.organizations import above_of
from partnermap.derive.registers import register_targets
from partnermap.errors import DatasetConflict, PartnermapError, UnreadableFile
from partnermap.model import Change, DatasetVersion, Refused, ReporterFacts, Row
from partnermap.people import ENTRY, clear_people, derive_people, put_people
from partnermap.settings import Settings
from partnermap.sources import Import, open_imports
from partnermap.sources.registers import NOTHING
from partnermap.store import Job, Store

HASH = "derivation_hash"
Progress = Callable[[str, int, int], None]  # step, done, of how many (0: unknown)


@dataclass(frozen=True)
class Imported:
    """What importing one dataset did."""

    dataset: DatasetVersion
    change: Change
    refused: tuple[Refused, ...] = ()
    secondary: tuple[str, ...] = ()  # reporters that were found to tell what others do
    people: int = 0  # rows about people, who are no part of records
    people_changed: bool = False
    notes: tuple[str, ...] = ()  # to be told though nothing is wrong


@dataclass
class Intake:
    """Everything one import command did, and what could not be read."""

    imported: list[Imported] = field(default_factory=list)
    failed: list[Refused] = field(default_factory=list)


def import_paths(
    store: Store,
    settings: Settings,
    paths: Sequence[Path],
    *,
    mapping: Path | None = None,
    dataset: str | None = None,
    replace: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> Intake:
    """Import files and folders, each dataset in one job.

    All files are opened and checked before the first is written. A file that cannot be read is
    listed in ``failed`` and the others load; one file alone raises.

    Raises
    ------
    UnreadableFile
        If nothing could be read.
    DatasetConflict
        If two files are one dataset, or a version would close over half of its records.
    """
    result = Intake()
    opened: list[Import] = []
    for path in paths:
        try:
            imports = open_imports(path, mapping=mapping, dataset=dataset, several=len(paths) > 1)
            for file, some in groupby(imports, key=lambda item: item.dataset.file):
                items = list(some)
                if kept := [item for item in items if not item.emptied or _held(store, item.dataset.dataset)[1]]:
                    opened.extend(kept)
                elif path.is_dir():
                    result.failed.append(Refused(file, 0, "", _nothing(items)))
                else:
                    raise UnreadableFile(f"{file}: {_nothing(items)}")
            result.failed.extend(imports.refused)
        except UnreadableFile as error:
            if len(paths) == 1:
                raise
            result.failed.append(Refused(path.name, 0, "", str(error)))
    _no_dataset_twice(opened)
    if strict and (result.failed or any(entry for item in opened for entry in item.refused)):
        first = next(iter([*result.failed, *(e for item in opened for e in item.refused)]))
        raise UnreadableFile(f"{first} Nothing was imported, because of --strict.")
    for number, item in enumerate(opened):
        if progress:
            progress(f"importing {item.dataset.dataset}", number, len(opened))
        try:
            if item.emptied and not replace:
                result.imported.append(_left(store, item))
                continue
            result.imported.append(_import_one(store, settings, item, replace=replace, strict=strict, progress=progress))
        except DatasetConflict as error:
            if item.dataset.source != "registers" or strict:
                raise
            result.failed.append(Refused(item.dataset.file, 0, "", str(error)))  # the workbook's other sheets load
    return result


def _held(store: Store, dataset: str) -> tuple[int, int]:
    """The newest version of a dataset, and how many rows of it stand."""

    def rows(kind: str, *names: str) -> Iterator[Row]:
        return (row for batch in store.columns(kind, ["dataset", *names]) for row in batch.to_pylist() if row["dataset"] == dataset)

    version = max((row["version"] for row in rows("DatasetVersion", "version")), default=0)
    if not version:
        return 0, 0
    return version, sum(row["version_last"] is None for row in rows("Record", "version_last")) + sum(1 for _ in rows(ENTRY))


def _nothing(items: Sequence[Import]) -> str:
    told = " ".join(str(entry) for item in items for entry in item.refused[:3])
    return f"{NOTHING} {told}".strip()


def _left(store: Store, item: Import) -> Imported:
    """An emptied sheet: what it held stays until somebody says that it is gone."""
    version, held = _held(store, item.dataset.dataset)
    note = f"its sheet has no rows now; what it held before stays. To withdraw {'that row' if held == 1 else f'those {held} rows'}, import {item.dataset.file} with --replace"
    return Imported(item.dataset, Change(item.dataset.dataset, version, unchanged=held), tuple(item.refused), notes=(note,))


def _no_dataset_twice(opened: Sequence[Import]) -> None:
    seen: dict[str, str] = {}
    for item in opened:
        other = seen.setdefault(item.dataset.dataset, item.dataset.file)
        if item.dataset.file != other or sum(i.dataset.dataset == item.dataset.dataset for i in opened) > 1:
            raise DatasetConflict(
                f"{other} and {item.dataset.file} would both be dataset {item.dataset.dataset!r}. "
                "Import them one by one and name each with --dataset, or leave one out."
            )


def _import_one(
    store: Store,
    settings: Settings,
    item: Import,
    *,
    replace: bool,
    strict: bool,
    progress: Progress | None,
) -> Imported:
    with store.job("import", rederive=lambda job: rederive(job, settings)) as job:
        before = job.reporters()
        change = job.put_records(item.dataset, item.records, replace=replace)
        if strict and item.refused:
            raise UnreadableFile(f"{item.refused[0]} Nothing was imported, because of --strict.")
        after = job.reporters()
        people = put_people(job, item.dataset.dataset, change.version, item.dataset.file, item.people, item.refused)
        renewed = renew(store, job, settings)
        if change.added or change.closed or people or renewed:
            rederive(job, settings, reporters=_turned(before, after, settings), everything=renewed, progress=progress)
    secondary = secondary_reporters(after, settings.secondary)
    told = tuple(sorted(reporter for dataset, reporter in secondary if dataset == item.dataset.dataset))
    return Imported(item.dataset, change, tuple(item.refused), told, len(item.people), people, tuple(item.notes))


def _turned(
    before: Sequence[ReporterFacts], after: Sequence[ReporterFacts], settings: Settings
) -> list[tuple[str, str]]:
    """(dataset, reporter) whose records count otherwise now: secondary or not, of a newer file."""
    flags = (secondary_reporters(facts, settings.secondary) for facts in (before, after))
    turned = set.symmetric_difference(*map(set, flags))
    made = {(f.dataset, f.reporter): f.generated_date for f in before}
    turned.update((f.dataset, f.reporter) for f in after if made.get((f.dataset, f.reporter), f.generated_date) != f.generated_date)
    return sorted(turned)


def renew(store: Store, job: Job, settings: Settings) -> bool:
    """Put the lists in where they are new or changed, and forget who was above whom by the old ones;
    whether they were."""
    if store.meta(HASH) == settings.derivation_hash:
        return False
    loaded = [org for batch in store.columns("Organization", ["id"]) for org in batch.column("id").to_pylist()]
    job.put_graph([above_of(org) for org in loaded], reference_graph())
    job.set_meta(HASH, settings.derivation_hash)
    return True


def refresh(store: Store, settings: Settings) -> bool:
    """Derive everything again where lists or settings changed since; whether they had."""
    if store.meta(HASH) == settings.derivation_hash:
        return False
    with store.job("import", rederive=lambda job: rederive(job, settings)) as job:
        renew(store, job, settings)
        rederive(job, settings, everything=True)
    return True


def rederive(
    job: Job,
    settings: Settings,
    *,
    reporters: Sequence[tuple[str, str]] = (),
    everything: bool = False,
    progress: Progress | None = None,
) -> None:
    """Derive again what the job touched: touched ids, their records, the graph, put."""
    facts = job.reporters()
    secondary = secondary_reporters(facts, settings.secondary)
    generated = {f.dataset: f.generated_date for f in facts if f.generated_date}
    identity = identity_of(job.truth("Decision"))
    own = resolve(settings.own, settings.own, "")
    ours = identity.id_of(own.organization.id) if own else ""
    done = 0
    clear_people(job)
    for ids in job.touched(reporters=reporters, everything=everything):
        records = job.current(ids)
        context = Context(secondary, job.existing(targets(records) | register_targets(records)), generated, ours, settings.language, identity)
        job.put_graph(ids, derive(records, context))
        done += len(ids)
        if progress:
            progress("deriving", done, 0)
    derive_people(job, Context(own=ours, language=settings.language, identity=identity))


def explain_failures(result: Intake) -> None:
    """Raise one error that lists what could not be read, after the rest was loaded.

    Raises
    ------
    PartnermapError
        If any file failed.
    """
    if result.failed:
        listed = "\n".join(f"  {entry}" for entry in result.failed)
        raise PartnermapError(f"{len(result.failed)} of the files could not be read; the others are in.\n{listed}")
