"""What a reader must know of the state that a list rests on."""

from __future__ import annotations

from collections.abc import Iterator

from partnermap.codes.organizations import known_organization
from partnermap.model import Row
from partnermap.pairing.corpus import Corpus


def state_notes(scan: Row, version: int, corpus: Corpus, own: str) -> Iterator[str]:
    """Whether data changed since the last scan, and whether activities of our own are loaded.

    Parameters
    ----------
    scan, version : the last Scan; the data version of the store now
    own : our own reference
    """
    if scan["data_version"] + 1 != version:  # storing the scan raised it by one
        yield "Data have changed since the last scan: scan again."
    if not any(side.ours for side in corpus.sides.values()):
        known = known_organization(own)
        yield f"No activity of ours ({known.acronym or known.name if known else own}) is loaded."
