"""What derivation knows besides one activity's records, and which record goes first."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from partnermap.codes.countries import by_iso2
from partnermap.codes.organizations import KnownOrganization, Resolved, resolve
from partnermap.derive.identity import Identity
from partnermap.model import ActivityContent, Record, ReporterFacts

SECONDARY_FROM = 50  # activities from which a reporter that takes part in none counts as secondary


@dataclass(frozen=True)
class Context:
    """Facts of the whole workspace that an activity's graph rows depend on.

    ``secondary`` holds (dataset, reporter key) of reporters that tell what others do;
    ``generated`` the day each dataset's newest file was made, for activities without a date of
    their last update;
    ``existing`` the ids of activities that links may point to; ``own`` the id of the workspace's
    organization, whose activities are ours; ``identity`` which organizations people took for one.
    """

    secondary: frozenset[tuple[str, str]] = frozenset()
    existing: Collection[str] = field(default_factory=frozenset)
    generated: Mapping[str, str] = field(default_factory=dict)
    own: str = ""
    language: str = "en"
    identity: Identity = field(default_factory=Identity)  # what people decided about who is who

    def is_ours(self, organization: str) -> bool:
        """The workspace's organization or one below it."""
        return bool(self.own) and (organization == self.own or any(org.id == self.own for org in self.identity.above(organization)))


def secondary_reporters(
    facts: Iterable[ReporterFacts], overrides: Mapping[str, bool]
) -> frozenset[tuple[str, str]]:
    """(dataset, reporter) pairs that tell what others do.

    A reporter is secondary when its records are flagged so, or when it takes part in none of its
    own 50 or more activities; ``overrides`` (reporter key in any case to yes or no) has the last
    word.
    """
    said = {key.casefold(): value for key, value in overrides.items()}
    found = set()
    for fact in facts:
        guess = 2 * fact.flagged > fact.activities or (
            fact.activities >= SECONDARY_FROM and fact.taking_part == 0
        )
        if said.get(fact.reporter.casefold(), guess):
            found.add((fact.dataset, fact.reporter))
    return frozenset(found)


@dataclass(frozen=True)
class Said:
    """A record with its content read, and how its reporter stands to the activity."""

    record: Record
    content: ActivityContent
    secondary: bool
    reporter: str  # organization id
    updated: str = ""
    identity: Identity = field(default_factory=Identity)

    def meant(self, ref: str, name: str, kind_code: str = "") -> tuple[Resolved, KnownOrganization] | None:
        """Whom a name of this record means by itself, and who stands for that by decision."""
        found = resolve(ref, name, self.record.reporter, kind_code, self.country)
        return (found, self.identity.meant(found.organization, name)) if found else None

    @property
    def country(self) -> str:
        """Alpha-3 code of the record's one country; empty with none or several."""
        codes = {c.get("code", "") for c in self.content.get("countries", [])}
        return (by_iso2(codes.pop()) or "") if len(codes) == 1 else ""

    @property
    def withdrawn(self) -> bool:
        """The newest version of its dataset lacks it."""
        return self.record.version_last is not None


def said_by(records: Iterable[Record], context: Context) -> dict[str, list[Said]]:
    """What is said of each activity, the record to believe first in front.

    Order: a primary reporter that takes part, another primary one, a secondary one; then the
    latest update, then the dataset's id and the ordinal.
    """
    found: dict[str, list[Said]] = {}
    for record in records:
        content: ActivityContent = json.loads(record.content)
        named = content.get("reporter", {})
        meant = resolve(named.get("ref", ""), named.get("name", ""), record.reporter)
        org = context.identity.meant(meant.organization, named.get("name", "")).id if meant else ""
        found.setdefault(record.subject_id, []).append(
            Said(
                record,
                content,
                (record.dataset, record.reporter) in context.secondary,
                org,
                content.get("updated") or context.generated.get(record.dataset, ""),
                context.identity,
            )
        )
    for said in found.values():
        said.sort(key=lambda s: (s.record.dataset, s.record.ordinal, s.record.id))
        said.sort(key=lambda s: s.updated, reverse=True)
        said.sort(key=lambda s: 2 if s.secondary else 0 if s.record.takes_part else 1)
    return dict(sorted(found.items()))
