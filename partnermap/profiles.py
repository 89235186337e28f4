"""What files say of one organization, row by row, and of several side by side."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from partnermap import who
from partnermap.codes.countries import countries as country_names
from partnermap.derive.context import Said
from partnermap.derive.identity import Identity
from partnermap.derive.organizations import Mentioned, named, namings_in
from partnermap.derive.presence import present
from partnermap.derive.registers import LINKS, named_organizations
from partnermap.errors import NotFound
from partnermap.findings.board import Board, Filter
from partnermap.intake import newest_versions
from partnermap.lookups.profile import Naming, Profile, funds, relatives, roles
from partnermap.lookups.side_by_side import (
    Comparison,
    Share,
    are_between,
    side_by_side,
    told_twice,
)
from partnermap.model import Record, Row
from partnermap.pairing.corpus import Corpus
from partnermap.scope import Scope, takes_part
from partnermap.store import Store, read_rows

# as what a register names an organization, by the relationship that it becomes
AS = {"MEETS": "met", "OFFICE_OF": "owner of an office", "AFFILIATED_WITH": "member", "PARTY_TO": "party", "LED_BY": "lead", "PROVIDES": "donor"}


def profile(store: Store, corpus: Corpus, name: str) -> Profile:
    """Everything that names a loaded organization, and its money; raises as ``who.loaded_organization``."""
    party = who.loaded_organization(store, name)
    above, below = relatives(store.columns, party.id)
    acronym = next(iter(sorted(party.acronyms)), "")
    return Profile(
        party.id,
        party.name,
        acronym,
        party.kind,
        tuple(above),
        tuple(below),
        tuple(namings(store, corpus, party.id)),
        tuple(roles(store.columns, corpus, party.id)),
        tuple(funds(store.columns, corpus, party.id)),
        tuple(presences(store, party.id)),
    )


def namings(store: Store, corpus: Corpus, org: str) -> list[Naming]:
    """Every place in the current records that names this organization, by dataset and row."""
    identity = who.decided(store)
    wanted = who.activities_of(store, [org]).get(org, set()) | who.subjects_of(store, {org})
    found: list[Naming] = []
    files = {dataset: f"{newest['file']} {'activity' if newest['source'] == 'iati' else 'row'}" for dataset, newest in newest_versions(store).items()}
    for raw in read_rows(store, "Record"):
        if raw["subject_id"] in wanted and raw["version_last"] is None:
            record = Record(**raw)
            for role, hit in _named_by(record, identity):
                if hit and hit.organization.id == org:
                    where = f"{files[record.dataset]} {record.row}"
                    found.append(Naming(hit.name, hit.ref, role, hit.by, record.subject_id, record.dataset, record.row, where, *_about(record, corpus)))
    return sorted(found, key=lambda n: (n.dataset, n.row, n.role, n.name, n.ref))


def _about(record: Record, corpus: Corpus) -> tuple[Any, ...]:
    """Title, and of an activity also countries, dates and money."""
    if side := corpus.sides.get(record.subject_id):
        usd = None if side.flagged else side.usd
        return side.title, tuple(sorted(side.countries)), side.start and str(side.start), side.end and str(side.end), usd
    return (json.loads(record.content).get("title", ""),)


def _named_by(record: Record, identity: Identity) -> Iterator[tuple[str, Mentioned | None]]:
    """Everybody whom a record names, and as what."""
    content = json.loads(record.content)
    if record.subject_kind == "Activity":
        said = Said(record, content, False, "", identity=identity)
        for role, entry in namings_in(said):
            yield role, named(said, entry)
    elif record.subject_kind == "Presence":
        yield "present", present(record, content, identity)
    elif record.subject_kind in LINKS:
        for link, hit in named_organizations(record, content, identity):
            yield AS[link.relation], hit


def presences(store: Store, org: str) -> list[Row]:
    """Where a 3W list says that the organization is present; empty where no such list is loaded."""
    return [row for row in read_rows(store, "PRESENT_IN") if row["from_id"] == org]


def compare(store: Store, board: Board, names: Sequence[str], scope: Scope, day: date, expected: Sequence[str] = (), *, scanned: bool = True) -> Comparison:
    """Organizations side by side in the countries of a scope, as it stands on a day.

    Findings are those between organizations, past ones too, in which two of these are paired.

    Parameters
    ----------
    scanned : whether anything was; else nothing is known of findings

    Raises
    ------
    NotFound
        If a name means none or several, or two mean one.
    """
    identity = who.decided(store)
    everyone = who.parties(store, identity)
    chosen = [who.find_party(name, everyone, identity, by_part=True) for name in names]
    ids = [party.id for party in chosen]
    if len(set(ids)) < len(ids):
        twice = next(party for party in chosen if ids.count(party.id) > 1)
        raise NotFound(f"Two of these are one organization: {twice.name} ({twice.id}). Name different ones.")
    listed = board.select(Filter(countries=scope.countries, past=True, status="all"), day).findings
    between = are_between(listed, board.corpus, ids)
    loaded = [any(takes_part(side, org) for side in board.corpus.sides.values() if not side.withdrawn) for org in ids]
    organizations: list[Row] = [{"id": p.id, "name": p.name, "called": next(iter(sorted(p.acronyms)), p.name), "activities": len(p.activities), "loaded": known} for p, known in zip(chosen, loaded, strict=True)]
    coverage = board.coverage(day, expected, replace(scope, organizations=tuple(ids)), by_area=True)
    missing = dict.fromkeys([*coverage.missing, *(org["called"] for org in organizations if not org["loaded"])])
    lines: list[Row] = [
        {
            "country": line.country,
            "country_name": country_names()[line.country].name,
            "area": line.area,
            "shares": [_share_values(share) if known else dict.fromkeys(_share_values(share)) for share, known in zip(line.shares, loaded, strict=True)],
            "findings": line.findings if scanned and sum(loaded) > 1 else None,
        }
        for line in side_by_side(board.corpus, board.areas, between, ids, scope.countries)
    ]
    unknown = () if scanned else ("Nothing was scanned yet, so what there is between them is not known. Run: partnermap scan",)
    notes = (*unknown, *coverage.notes, *told_twice(listed, board.corpus, ids))
    return Comparison(tuple(organizations), tuple(lines), tuple(between), replace(coverage, missing=tuple(missing), notes=notes))


def _share_values(share: Share) -> Row:
    return {"activities": share.activities, "carried_out": share.carried_out, "usd": share.money.usd if share.money.known else None, "known": share.money.known}
