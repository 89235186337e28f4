"""Files into a store: records first, then everything that they touch is derived again."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from partnermap.errors import DatasetConflict, NotFound, PartnermapError, UnreadableFile
from partnermap.model import Change, DatasetVersion, Refused, ReporterFacts, Row
from partnermap.people import ENTRY, clear_people, derive_people, put_people
from partnermap.settings import Settings
from partnermap.sources import Import, open_imports
from partnermap.sources.registers import NOTHING
from partnermap.store import Job, Store, read_rows

HASH = "derivation_hash"
LISTED = ""  # owner of what a list says; before derivation 2 also of who is above whom
WITHDRAWN = "withdrawn"  # in place of the hash of a file, in the version that ends a dataset
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
    report: Path | None = None  # where all of ``refused`` is written


@dataclass(frozen=True)
class Twin:
    """Two datasets in which one publisher tells the same activities: it may be one file under two names."""

    dataset: str  # that was imported just now
    other: str
    shared: int
    activities: int  # of the one that was imported

    def __str__(self) -> str:
        return (
            f"{self.shared:,} of the {self.activities:,} activit{'y' if self.activities == 1 else 'ies'} of {self.dataset} {'is' if self.shared == 1 else 'are'} told by dataset {self.other} of the same publisher too. "
            f"If it is one file under two names, take one back: partnermap withdraw {shlex.quote(self.dataset)} (or {shlex.quote(self.other)})"
        )


@dataclass
class Intake:
    """Everything one import command did, and what could not be read."""

    imported: list[Imported] = field(default_factory=list)
    failed: list[Refused] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)


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
    result.twins = _twins(store, [item.dataset.dataset for item in result.imported if item.change.added and item.dataset.source != "registers"])
    return result


def _twins(store: Store, datasets: Iterable[str]) -> list[Twin]:
    """Of each dataset, the other one that shares most activities with it, told by the same reporter."""
    wanted = set(datasets)
    if not wanted:
        return []
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    for batch in store.columns("Record", ["dataset", "reporter", "subject_kind", "subject_id", "version_last"]):
        for dataset, reporter, kind, subject, last in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if last is None and kind == "Activity" and dataset:
                told[reporter, subject].add(dataset)
    sizes = Counter(dataset for several in told.values() for dataset in several)
    shared = Counter((one, other) for several in told.values() if len(several) > 1 for one in several & wanted for other in several - {one})
    found: dict[str, Twin] = {}
    for (one, other), count in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if other not in found:  # two of one command are told once
            found.setdefault(one, Twin(one, other, count, sizes[one]))
    return list(found.values())


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
        deque(item.records, maxlen=0)  # of a version that is there already: its reports are read again
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


@dataclass(frozen=True)
class Withdrawal:
    """A dataset that is to be withdrawn, and what of it stands."""

    newest: Row  # its DatasetVersion
    activities: int
    rows: int  # records that are no activities, and rows about people

    def __str__(self) -> str:
        parts = [f"{n:,} {one if n == 1 else many}" for n, one, many in ((self.activities, "activity", "activities"), (self.rows, "other row", "other rows")) if n]
        publisher = self.newest["publisher"]
        return f"{' and '.join(parts)}{f' of {publisher}' if publisher else ''}, read from {self.newest['file']}"


def newest_versions(store: Store) -> dict[str, Row]:
    """The newest DatasetVersion of each dataset, in the order of their names."""
    newest: dict[str, Row] = {}
    for row in read_rows(store, "DatasetVersion"):
        if row["version"] > newest.get(row["dataset"], {"version": 0})["version"]:
            newest[row["dataset"]] = row
    return {dataset: newest[dataset] for dataset in sorted(newest)}


def plan_withdrawal(store: Store, dataset: str) -> Withdrawal:
    """What withdrawing a dataset would close.

    Raises
    ------
    NotFound
        If there is no such dataset, or nothing of it stands; the message lists those that do.
    """
    versions = newest_versions(store)
    newest = versions.get(dataset)
    if newest is None:
        known = [name for name, row in versions.items() if row["sha256"] != WITHDRAWN]
        raise NotFound(f"There is no dataset {dataset!r}. " + (f"Known: {', '.join(known)}." if known else "Nothing is imported."))
    kinds = [kind for batch in store.columns("Record", ["dataset", "subject_kind", "version_last"]) for name, kind, last in zip(*(column.to_pylist() for column in batch.columns), strict=True) if name == dataset and last is None]
    people = sum(row["dataset"] == dataset for batch in store.columns(ENTRY, ["dataset"]) for row in batch.to_pylist())
    activities = kinds.count("Activity")
    if not kinds and not people:
        raise NotFound(f"Nothing of dataset {dataset!r} stands any more. Importing {newest['file']} brings it back.")
    return Withdrawal(newest, activities, len(kinds) - activities + people)


def withdraw(store: Store, settings: Settings, plan: Withdrawal) -> Change:
    """Close every record of a dataset with a version that holds none, and derive again what it touches.

    Nothing is deleted but rows about people, who have no history. Importing the file again brings
    the dataset back as its next version.
    """
    newest = plan.newest
    ended = DatasetVersion(newest["dataset"], newest["file"], newest["source"], WITHDRAWN, newest["publisher"])
    item = Import(ended, iter(()))
    return _import_one(store, settings, item, replace=True, strict=False, progress=None).change


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
    """Put the lists in where they or the rules are new or changed, and forget who was above whom and
    party to what by the old ones; whether they were."""
    if store.meta(HASH) == settings.derivation_hash:
        return False
    loaded = [org for batch in store.columns("Organization", ["id"]) for org in batch.column("id").to_pylist()]
    job.put_graph([LISTED, *map(above_of, loaded)], reference_graph())
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
