"""A store's records and numbers into another one, where everything else is derived again."""

from __future__ import annotations

from partnermap.errors import StoreError
from partnermap.intake import rederive, renew
from partnermap.model import NODES
from partnermap.settings import Settings
from partnermap.store import Store


def copy_store(store: Store, other: Store, url: str, settings: Settings) -> dict[str, int]:
    """Copy every truth kind into an empty store and derive there; the number of rows by kind.

    Parameters
    ----------
    url : what the other store is called in the error

    Raises
    ------
    StoreError
        If the other store already holds records.
    """
    if any(batch.num_rows for batch in other.columns("Record", ["id"])):
        raise StoreError(f"{url} already holds records. Copy to an empty database, or empty this one first.")
    counts: dict[str, int] = {}
    with other.job("import", rederive=lambda job: rederive(job, settings)) as job:
        for kind in NODES:
            if kind.truth:
                for batch in store.columns(kind.label, [p.name for p in kind.properties]):
                    rows = batch.to_pylist()
                    job.put_truth(kind.label, rows)
                    counts[kind.label] = counts.get(kind.label, 0) + len(rows)
        renew(other, job, settings)
        rederive(job, settings, everything=True)
    return counts
