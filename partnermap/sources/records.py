"""From what was read of an activity to its record, and what is reported with it."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from partnermap.codes.misspelt_organizations import misspelt_organization
from partnermap.codes.names import normalise, organization_key
from partnermap.model import ActivityContent, Refused, SourceRecord
from partnermap.sources.values import shown

_name_key = lru_cache(maxsize=16_384)(normalise)
reporter_key = lru_cache(maxsize=16_384)(organization_key)


class Doubts:
    """Reports on the rows of one file; called with field and reason for a value left out or doubtful."""

    def __init__(self, file: str, refused: list[Refused]) -> None:
        self._file, self._refused = file, refused
        self.row = 0

    def __call__(self, field: str, reason: str) -> None:
        self._refused.append(Refused(self._file, self.row, field, reason, kept=True))

    def refuse(self, field: str, reason: str) -> None:
        """Report a row that becomes no record."""
        self._refused.append(Refused(self._file, self.row, field, reason))

    def check_repeated(self, identifier: str, text: str, seen: dict[str, tuple[int, bytes]]) -> None:
        """Report an identifier that an earlier row had with other content.

        Parameters
        ----------
        seen : by identifier, row and hash of its first record; the caller keeps it over a file
        """
        digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
        earlier_row, earlier = seen.setdefault(identifier, (self.row, digest))
        if earlier != digest:
            self("identifier", f"{shown(identifier)} also stands in row {earlier_row} with other content; both are kept.")


def misspelt(name: str) -> str:
    """What to report of an organization on no list that may be a listed one misspelt; empty for others."""
    asked = misspelt_organization(name)
    return f"{shown(name)} is on no list of organizations, and stays as it is written. {asked}" if asked else ""


def record_of(activity: ActivityContent, row: int, text: str) -> SourceRecord:
    """The record of an activity: who reports it, and whether the reporter takes part."""
    reporter = activity.get("reporter", {})
    return SourceRecord(
        subject_kind="Activity",
        subject_id=activity["identifier"],
        row=row,
        content=text,
        reporter=reporter_key(reporter.get("ref", ""), reporter.get("name", "")),
        takes_part=_takes_part(activity),
        flagged=activity.get("secondary", False),
    )


def _takes_part(activity: ActivityContent) -> bool:
    """Whether the reporter is among the participants, by reference in any case or by name."""
    reporter = activity.get("reporter", {})
    ref, name = reporter.get("ref", "").upper(), _name_key(reporter.get("name", ""))
    for participant in activity.get("participants", []):
        if ref and participant.get("ref", "").upper() == ref:
            return True
        if name and _name_key(participant.get("name", "")) == name:
            return True
    return False
