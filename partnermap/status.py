"""What a workspace holds: counts, datasets, scans and references that lead nowhere yet."""

from __future__ import annotations

from typing import Any

from partnermap.codes.lists import OwnLists
from partnermap.findings.scan import read_scans
from partnermap.intake import WITHDRAWN, newest_versions
from partnermap.model import NODES, RELATIONSHIPS
from partnermap.settings import Settings
from partnermap.store import Store, read_rows

_TOLD = ("file", "publisher", "version", "activities", "transactions", "links", "rejected")


def status_of(store: Store, settings: Settings, lists: OwnLists) -> dict[str, Any]:
    """Everything that ``partnermap status`` tells; keys as in the design."""
    return {
        "workspace": settings.name,
        "store": settings.store,
        "data_version": store.version(),
        "nodes": {kind.label: _count(store, kind.label, "id") for kind in NODES},
        "relationships": {kind.type: _count(store, kind.type, "from_id") for kind in RELATIONSHIPS},
        "datasets": [
            {"id": dataset, **{key: newest[key] for key in _TOLD}, "withdrawn": newest["sha256"] == WITHDRAWN}
            for dataset, newest in newest_versions(store).items()
        ],
        "scans": read_scans(store.columns),
        "unresolved": sum(not row["resolved"] for row in read_rows(store, "Reference", "resolved")),
        "withdrawn": sum(row["withdrawn"] for row in read_rows(store, "Activity", "withdrawn")),
        "lists": sorted(lists.files),
    }


def _count(store: Store, kind: str, column: str) -> int:
    return sum(batch.num_rows for batch in store.columns(kind, [column]))
