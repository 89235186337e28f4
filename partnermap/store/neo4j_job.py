"""Writing to Neo4j inside a job: compared with what is stored, only differences are written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from partnermap.errors import StoreError
from partnermap.model import (
    NODE,
    RELATIONSHIPS,
    Change,
    DatasetVersion,
    GraphRows,
    Record,
    ReporterFacts,
    Row,
    ScanResult,
    SourceRecord,
    check_rows,
)
from partnermap.store import JobKind
from partnermap.store.layout import (
    NODE_LAYOUTS,
    RELATIONSHIP_LAYOUTS,
    Layout,
    is_own_outgoing,
    is_single,
    layout,
    settled,
)
from partnermap.store.neo4j_changes import (
    BATCH,
    Key,
    Properties,
    RowChange,
    apply,
    change_between,
    existing_nodes,
    keyed,
    read_by_key,
    read_owned,
    read_rows,
)
from partnermap.store.neo4j_journal import Journal, find, raise_version
from partnermap.store.neo4j_link import META, Link, chunks, whole
from partnermap.store.neo4j_spool import Spool, owner_of, record_properties
from partnermap.store.rows import missing_end
from partnermap.store.versions import version_row

if TYPE_CHECKING:
    import neo4j

ACTIVITIES = 5_000
IN_ONE_TRANSACTION = 50_000  # changes of a scan
_TEXT_IN_ONE_TRANSACTION = 50_000_000  # characters: a server of 1 GB takes some 700 MB a transaction


class Neo4jJob:
    """An import, written in batches under a journal; or a scan, in one transaction if it fits."""

    def __init__(self, link: Link, kind: JobKind, journal: Journal | None = None) -> None:
        self._link = link
        self._kind = kind
        self._began_at = data_version(link)
        other = None if journal else find(link)
        if other:
            raise StoreError(str(other))
        self.journal = journal
        self._held: list[RowChange] = []  # a scan's changes while they fit one transaction
        self._held_text = 0
        self._transaction: neo4j.Transaction | None = None  # that of a scan, while it is stored
        self._values: dict[str, str] = journal.values() if journal else {}
        self._spool = Spool()
        if journal:
            self._spool.add("Touched", journal.touched())
            self._spool.unsaved_touched()

    def close(self) -> None:
        """Drop the job's scratch."""
        self._spool.close()

    # --- records ---------------------------------------------------------------------------------

    def put_records(
        self, dataset: DatasetVersion, records: Iterable[SourceRecord], *, replace: bool = False
    ) -> Change:
        """Store a dataset's next version; see :mod:`partnermap.store.versions`."""
        journal = self.open_journal()
        journal.set_state("records")
        change, is_new = self._spool.put_version(self._link, dataset, records, replace=replace)
        if is_new:
            for part in chunks(self._spool.unsaved_touched(), BATCH):
                journal.write([], part)
            row = version_row(dataset, change.version)
            for key, properties in keyed(layout("DatasetVersion"), [row]).items():
                self._write([RowChange("DatasetVersion", "create", key, {}, properties)])
            for batch in self._spool.record_changes(change.version):
                self._write(batch)
        return change

    def put_truth(self, label: str, rows: Iterable[Row]) -> None:
        """Store rows of a truth kind as they are."""
        if not NODE[label].truth:
            raise ValueError(f"{label} is derived: put it with put_graph")
        self.open_journal()
        remaining = iter(rows)
        size = 1_000 if label == "Record" else BATCH
        while batch := list(islice(remaining, size)):
            new = keyed(layout(label), batch)
            if label == "Record":
                new = {key: record_properties(properties) for key, properties in new.items()}
            self._write(_changes(label, read_by_key(self._link, layout(label), new), new))

    def drop_truth(self, label: str, ids: Sequence[str]) -> None:
        """Remove rows of a truth kind without a trace, once the job is done."""
        if not NODE[label].truth:
            raise ValueError(f"{label} is derived: replace it with put_graph")
        self.open_journal()
        for part in chunks(list(ids), BATCH):
            stored = read_by_key(self._link, layout(label), [(id_,) for id_ in part])
            self._write(_changes(label, stored, {}))

    def truth(self, label: str) -> list[Row]:
        """Rows of a truth kind in id order, with those that this job put."""
        table = layout(label)
        empty: Row = dict.fromkeys(table.names)
        found = {key: empty | properties for key, properties in read_rows(self._link, table)}
        return [found[key] for key in sorted(found)]

    def touch(self, ids: Iterable[str]) -> None:
        """Count these subjects among the ``touched``, also when the job is resumed."""
        journal = self.open_journal()
        self._spool.add("Touched", ids)
        for part in chunks(self._spool.unsaved_touched(), BATCH):
            journal.write([], part)

    def reporters(self) -> list[ReporterFacts]:
        """Facts about each (dataset, reporter) with current records, sorted."""
        found = self._link.rows(
            "MATCH (r:Record) WHERE r.version_last IS NULL AND r.subject_kind = 'Activity'"
            " RETURN r.dataset, r.reporter, count(*), sum(CASE WHEN r.takes_part THEN 1 ELSE 0 END),"
            " sum(CASE WHEN r.flagged THEN 1 ELSE 0 END)"
        )
        versions = self._link.rows(
            "MATCH (v:DatasetVersion) RETURN v.dataset, toString(v.generated_date), v.version ORDER BY v.version"
        )
        generated = {dataset: day for dataset, day, _ in versions}
        return sorted(
            (ReporterFacts(r[0], r[1], r[2], r[3], r[4], generated.get(r[0])) for r in found),
            key=lambda f: (f.dataset, f.reporter),
        )

    def touched(
        self, *, reporters: Sequence[tuple[str, str]] = (), everything: bool = False
    ) -> Iterator[list[str]]:
        """Ids of subjects to derive again, sorted, in batches of up to 5,000."""
        self.open_journal().set_state("derive")
        spool = self._spool
        listed = spool.new_list()  # its own, since deriving changes what it is read from
        if everything:
            spool.add(listed, self._ids("MATCH (r:Record) RETURN DISTINCT r.subject_id"))
        for ids in spool.pages("Touched", BATCH):
            spool.add(listed, ids)
            text = "UNWIND $ids AS id MATCH (f:Reference {target: id}) RETURN DISTINCT f.activity"
            spool.add(listed, self._ids(text, ids=ids))
        for dataset, reporter in reporters:
            text = (
                "MATCH (r:Record {subject_kind: 'Activity'}) WHERE r.dataset = $dataset"
                " AND r.reporter = $reporter AND r.version_last IS NULL RETURN DISTINCT r.subject_id"
            )
            spool.add(listed, self._ids(text, dataset=dataset, reporter=reporter))
        yield from spool.pages(listed, ACTIVITIES)

    def _ids(self, text: str, **params: Any) -> Iterator[str]:
        return (row[0] for row in self._link.rows(text, **params))

    def current(self, ids: Sequence[str]) -> list[Record]:
        """Current records of these subjects, sorted by id; of one without any, its last ones.

        The last ones are, of each dataset, those that were closed latest.
        """
        text = (
            "UNWIND $ids AS id MATCH (r:Record {subject_id: id})"
            " RETURN r.id, r.subject_id, r.dataset, r.version_last"
        )
        by_subject: dict[str, list[list[Any]]] = {}
        for row in self._link.rows(text, ids=sorted(set(ids))):
            by_subject.setdefault(row[1], []).append(row)
        chosen = [id_ for found in by_subject.values() for id_ in _current_of(found)]
        stored = read_by_key(self._link, layout("Record"), ((id_,) for id_ in chosen)).values()
        empty: dict[str, Any] = dict.fromkeys(layout("Record").names)
        return sorted((Record(**(empty | row)) for row in stored), key=lambda record: record.id)

    def existing(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that have a record: of activities current or closed, of others current."""
        found: set[str] = set()
        remaining = iter(ids)
        text = (
            "UNWIND $ids AS id MATCH (r:Record {subject_id: id})"
            " WHERE r.subject_kind = 'Activity' OR r.version_last IS NULL RETURN DISTINCT id"
        )
        while batch := list(islice(remaining, BATCH)):
            found.update(self._ids(text, ids=batch))
        return found

    # --- graph -------------------------------------------------------------------------------------

    def put_graph(self, ids: Sequence[str], graph: GraphRows) -> None:
        """Replace what was derived for these subjects; other nodes are added or updated."""
        check_rows(graph)
        self.open_journal()
        self._spool.forget(ids)
        rows = graph.nodes | graph.relationships
        new = {kind: keyed(layout(kind), some) for kind, some in rows.items()}
        old = read_owned(self._link, ids)
        for table in (*RELATIONSHIP_LAYOUTS, *NODE_LAYOUTS):
            stored = old.get(table.kind, {})
            stale = {key: p for key, p in stored.items() if key not in new.get(table.kind, {})}
            self._write(_changes(table.kind, stale, {}))
        owners = set(ids)
        known = {label: {key[0] for key in new[label]} for label in graph.nodes}
        for table in (*NODE_LAYOUTS, *RELATIONSHIP_LAYOUTS):
            if table.kind in new:
                self._put(table, old.get(table.kind, {}), new[table.kind], owners, known)

    def _put(
        self,
        table: Layout,
        old: dict[Key, Properties],
        new: dict[Key, Properties],
        owners: set[str],
        known: dict[str, set[str]],
    ) -> None:
        """Add or update rows; of the activities in ``owners``, ``old`` is all there is.

        ``known`` are nodes that were put just now, by label.
        """
        unknown = [k for k in new if k not in old and owner_of(table.kind, k, new[k]) not in owners]
        old = old | read_by_key(self._link, table, unknown)
        if table.is_node:
            new = {key: settled(table, old.get(key), properties) for key, properties in new.items()}
            self._write(_changes(table.kind, {k: p for k, p in old.items() if k in new}, new))
            return
        if is_single(table.kind):
            starts = sorted({key[0] for key in new})
            match = "UNWIND $ids AS id"
            gone = dict(read_rows(self._link, table, match, "WHERE a.id = id", ids=starts))
            self._write(_changes(table.kind, {k: p for k, p in gone.items() if k not in new}, {}))
        waiting = self._without_ends([key for key in new if key not in old], known)
        self._spool.wait(table.kind, ((key, new[key]) for key in waiting))
        present = {key: new[key] for key in new.keys() - set(waiting)}
        self._write(_changes(table.kind, {k: p for k, p in old.items() if k in present}, present))

    def _without_ends(self, keys: Sequence[Key], known: dict[str, set[str]] | None = None) -> list[Key]:
        """Those of the relationships that lack an end; ``known`` ends are there by label."""
        wanted: dict[str, set[str]] = {}
        for key in keys:
            wanted.setdefault(key[2], set()).add(key[0])
            wanted.setdefault(key[3], set()).add(key[1])
        for label, ids in wanted.items():
            ids -= (known or {}).get(label, set())
            ids -= existing_nodes(self._link, label, ids)
        return sorted(key for key in keys if key[0] in wanted[key[2]] or key[1] in wanted[key[3]])

    # --- scan --------------------------------------------------------------------------------------

    def put_scan(self, scan: ScanResult) -> None:
        """Replace the stored pairs and findings; numbers, scans and SUCCEEDS are added.

        What is stored is compared by a hash of each row, and read again where it differs.
        """
        check_rows(scan.graph)
        rows = scan.graph.nodes | scan.graph.relationships
        new = {kind: keyed(layout(kind), rows.get(kind, ())) for kind in {*rows, *_SCANNED}}
        stored = {kind: {k: _digest(p) for k, p in read_rows(self._link, layout(kind))} for kind in _SCANNED}
        findings = new["Finding"]
        # a finding that is no longer stored has nothing that could succeed it
        kept = [*stored["SUCCEEDS"], *new["SUCCEEDS"]]
        new["SUCCEEDS"] = {k: {} for k in kept if (k[0],) in findings and (k[1],) in findings}
        for kind in _SCANNED:
            self._from_stored(kind, [k for k in stored[kind] if k not in new[kind]], {})
        known = {kind: {key[0] for key in new[kind]} for kind in new if layout(kind).is_node}
        for kind in sorted(new, key=lambda kind: not layout(kind).is_node):
            held = stored.get(kind, {})
            differing = [k for k, p in new[kind].items() if held.get(k) != _digest(p)]
            if not layout(kind).is_node:
                waiting = self._without_ends([k for k in differing if k not in held], known)
                self._spool.wait(kind, ((key, new[kind][key]) for key in waiting))
                differing = [key for key in differing if key not in set(waiting)]
            self._from_stored(kind, differing, new[kind])
        numbers = keyed(layout("FindingNumber"), scan.numbers)
        given = read_by_key(self._link, layout("FindingNumber"), numbers)
        self._write(_changes("FindingNumber", {}, {k: p for k, p in numbers.items() if k not in given}))

    def _from_stored(self, kind: str, keys: list[Key], new: dict[Key, Properties]) -> None:
        """Bring the rows of these keys from what is stored to what is in ``new``."""
        for part in chunks(keys, ACTIVITIES):
            old = read_by_key(self._link, layout(kind), part)
            self._write(_changes(kind, old, {key: new[key] for key in part if key in new}))

    def set_meta(self, name: str, value: str) -> None:
        """Remember a value with this job."""
        self._values[name] = value
        if self.journal:
            self.journal.set_values(self._values)

    # --- writing -----------------------------------------------------------------------------------

    def open_journal(self) -> Journal:
        """The job's journal, opened when first needed."""
        if self.journal is None:
            with whole():  # a journal that is stored is known, and so undone
                journal = self.journal = Journal.open(self._link, self._kind)
            if data_version(self._link) != self._began_at:
                raise StoreError(_CHANGED)
            journal.set_values(self._values)
            held, self._held = self._held, []
            self._write(held)
        return self.journal

    def _write(self, changes: Sequence[RowChange]) -> None:
        self._spool.loosen(changes)
        if self._transaction is not None:
            apply(self._transaction, changes)
            return
        if self.journal:
            for part in chunks(changes, BATCH):
                self.journal.write(part)
            return
        self._held += changes
        self._held_text += sum(_text_size(change) for change in changes)
        if len(self._held) > IN_ONE_TRANSACTION or self._held_text > _TEXT_IN_ONE_TRANSACTION:
            self.open_journal()

    def finish(self) -> None:
        """Add what waited for its ends, remove orphans, and raise the data version.

        Raises
        ------
        StoreError
            If a relationship of this job has an end that does not exist.
        """
        for kind, waiting in self._spool.waiting(BATCH):
            missing = self._without_ends(list(waiting))
            if missing:
                raise StoreError(self._missing_end(kind, missing))
            self._write(_changes(kind, {}, waiting))
        stored = meta_values(self._link)
        values = {name: value for name, value in self._values.items() if stored.get(name) != value}
        if self.journal is None:
            self._finish_at_once(values)
            return
        self._remove_orphans()
        if self.journal.is_empty and not values:
            self.journal.drop()
        else:
            self.journal.finish(values)

    def _finish_at_once(self, values: dict[str, str]) -> None:
        if not self._held and not values:
            return
        with self._link.writing() as transaction, self._link.inside(transaction):
            # takes the lock that keeps others from beginning; what they did before is seen
            raise_version(transaction, values)
            other = find(self._link)
            if other:
                raise StoreError(str(other))
            if data_version(self._link) != self._began_at + 1:
                raise StoreError(_CHANGED)
            apply(transaction, self._held)
            self._transaction = transaction
            self._remove_orphans()

    def _missing_end(self, kind: str, keys: Sequence[Key]) -> str:
        for label, at in ((keys[0][2], 0), (keys[0][3], 1)):
            ids = {key[at] for key in keys if key[at + 2] == label}
            missing = sorted(ids - existing_nodes(self._link, label, ids))
            if missing:
                return missing_end(kind, label, missing)
        raise AssertionError(keys)

    def undo(self) -> None:
        """Make everything as it was before the job."""
        self._held = []
        if self.journal:
            self.journal.undo()

    # --- shared nodes that nothing points at -------------------------------------------------------

    def _remove_orphans(self) -> None:
        """Remove shared nodes that this job left without use; see ``rows.remove_orphans``."""
        while loose := self._spool.take_loose():
            for label, ids in loose.items():
                for part in chunks(ids, ACTIVITIES):
                    text = f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) WHERE NOT ({_in_use(label)}) RETURN n.id"
                    self._remove(label, list(self._ids(text, ids=part)))

    def _remove(self, label: str, ids: list[str]) -> None:
        if not ids:
            return
        for declared in RELATIONSHIPS:
            ends = [e for e in declared.ends if e[0] == label]
            match = f"UNWIND $ids AS id MATCH (a:{label} {{id: id}}) WITH a"
            stale = dict(read_rows(self._link, layout(declared.type), match, ends=ends, ids=ids))
            self._write(_changes(declared.type, stale, {}))
        nodes = read_by_key(self._link, layout(label), ((id_,) for id_ in ids))
        self._write(_changes(label, nodes, {}))


_SCANNED = ("SUCCEEDS", "ABOUT", "OVERLAPS", "Finding")  # relationships before the nodes they hang on
_CHANGED = "The workspace was changed by another partnermap meanwhile: nothing was stored. Run this again."


def _changes(kind: str, old: dict[Key, Properties], new: dict[Key, Properties]) -> list[RowChange]:
    """From old to new rows, in the order of their keys."""
    pairs = ((key, old.get(key), new.get(key)) for key in sorted(old.keys() | new.keys()))
    found = (change_between(kind, key, before, after) for key, before, after in pairs)
    return [change for change in found if change]


def _digest(properties: Properties) -> bytes:
    return hashlib.sha256(json.dumps(properties, sort_keys=True).encode()).digest()


def _text_size(change: RowChange) -> int:
    values = [*change.before.values(), *change.after.values()]
    return sum(len(v) if isinstance(v, str) else sum(map(len, v)) for v in values if isinstance(v, (str, list)))


def _current_of(records: list[list[Any]]) -> list[str]:
    """Ids of one subject's current records; without any, those that each dataset closed latest."""
    current = [id_ for id_, _, _, last in records if last is None]
    if current:
        return current
    latest: dict[str, int] = {}
    for _, _, dataset, last in records:
        latest[dataset] = max(last, latest.get(dataset, 0))
    return [id_ for id_, _, dataset, last in records if last == latest[dataset]]


def _in_use(label: str) -> str:
    """Cypher that is true while something keeps the node ``n``."""
    uses = []
    for declared in RELATIONSHIPS:
        for start, end in declared.ends:
            if end == label:
                uses.append(f"EXISTS {{ MATCH (o:{start})-[:{declared.type}]->(n) WHERE o <> n }}")
            if start == label and not is_own_outgoing(start, end):
                uses.append(f"EXISTS {{ MATCH (n)-[:{declared.type}]->(:{end}) }}")
        if label == "Mention" and any(p.name == "mention" for p in declared.properties):
            uses.append(f"EXISTS {{ MATCH ()-[r:{declared.type}]->() WHERE r.mention = n.id }}")
    return " OR ".join(uses) or "false"


def data_version(link: Link) -> int:
    """The number that every job which changed something raises."""
    found: int = next(link.rows(f"MATCH (m:{META}) RETURN m.data_version"))[0]
    return found


def meta_values(link: Link) -> dict[str, str]:
    """What ``set_meta`` stored."""
    found: dict[str, str] = json.loads(next(link.rows(f"MATCH (m:{META}) RETURN m.values"))[0])
    return found
