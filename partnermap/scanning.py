"""A scan: everything loaded is compared, and what is found is stored under the numbers it had."""

from __future__ import annotations

from collections.abc import Callable

from partnermap import __version__, intake
from partnermap.codes.lists import codes_hash
from partnermap.errors import NotFound
from partnermap.findings.scan import next_scan, read_scans, scan_result
from partnermap.model import Row
from partnermap.pairing.corpus import read_corpus
from partnermap.pairing.kept import KeptPairs
from partnermap.pairing.local import find_related
from partnermap.pairing.weights import load_weights
from partnermap.settings import Settings
from partnermap.store import Store, read_rows

ENGINES = ("local",)


def scan(store: Store, settings: Settings, kept: KeptPairs, engine: str, progress: Callable[[str, int, int], None] | None = None) -> Row:
    """Find overlaps and store them; the Scan node's properties come back, and ``inside``.

    ``inside`` is how many of the findings are of one organization alone.

    Parameters
    ----------
    kept : pairs of earlier scans, taken where nothing that they rest on has changed
    engine : one of ``ENGINES``
    progress : is told the step, how much is done, and of how much

    Raises
    ------
    NotFound
        If there is no such engine.
    StoreError
        If the store may not be written.
    """
    if engine not in ENGINES:
        raise NotFound(f"{engine!r} is no engine. Known: {', '.join(ENGINES)}.")
    store.check_writable()
    intake.refresh(store, settings)
    weights = load_weights(settings.weights)
    corpus = read_corpus(store.columns)
    found = find_related(corpus, weights, (lambda n, m: progress("comparing", n, m)) if progress else None, kept)
    numbers = list(read_rows(store, "FindingNumber"))
    before = {f"{r['from_id']}|{r['to_id']}": r["finding"] for r in read_rows(store, "OVERLAPS", "from_id", "to_id", "finding")}
    facts: Row = {
        "id": next_scan(read_scans(store.columns)),
        "data_version": store.version(),
        "weights_hash": weights.hash,
        "codes_hash": codes_hash(),
        "package_version": __version__,
        "engine": engine,
    }
    result = scan_result(found, corpus, before=before, numbers=numbers, scan=facts)
    with store.job("scan") as job:
        job.put_scan(result)
    inside = sum(row["concerns"] == "one actor" for row in result.graph.nodes.get("Finding", ()))
    return result.graph.nodes["Scan"][0] | {"inside": inside}
