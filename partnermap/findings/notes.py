"""What a reader must know of a list: what it rests on, and what its filters cannot find."""

from __future__ import annotations

from collections.abc import Iterator

from partnermap.codes.countries import countries
from partnermap.codes.organizations import known_organization
from partnermap.findings.board import Board, Filter
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


def scope_notes(board: Board, wanted: Filter) -> Iterator[str]:
    """How many of the activities looked at the country and the area of a list can find."""
    here = [s.id for s in board.corpus.sides.values() if not s.withdrawn and (not wanted.countries or wanted.countries & s.countries.keys())]
    if len(wanted.countries) == 1:
        yield f"{len(here)} of them name {countries()[next(iter(wanted.countries))].name}."
    if wanted.area:
        where = " in the countries asked for" if wanted.countries else ""
        yield f"{sum(key in board.areas for key in here):,} of {len(here):,} activities{where} have an area: a list by area finds no others."
