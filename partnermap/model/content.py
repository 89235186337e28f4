"""What one dataset says about one activity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypedDict


class Named(TypedDict, total=False):
    """An organization as a file writes it; every key may be missing."""

    ref: str
    name: str
    type: str  # IATI organisation type code
    activity: str  # identifier of its own activity


class ActivityContent(TypedDict, total=False):
    """What one dataset says about one activity: the ``content`` of a Record.

    Codes are those of IATI 2.03 whatever the file's version; amounts and percentages are decimal
    text; dates are ISO text. A key without a value is left out. Lists keep the file's order.
    """

    identifier: str
    reporter: Named
    secondary: bool
    titles: list[dict[str, str]]  # lang, text
    descriptions: list[dict[str, str]]  # lang, text, type
    status: str
    scope: str
    hierarchy: int
    kind: str  # from a table or register; IATI has no such field
    dates: dict[str, str]  # planned_start, actual_start, planned_end, actual_end
    participants: list[dict[str, str]]  # role (1-4 or "counterpart"), ref, name, type, activity
    countries: list[dict[str, str]]  # code (ISO alpha-2, as given), percentage
    regions: list[dict[str, str]]  # code, vocabulary, percentage
    sectors: list[dict[str, str]]  # code, vocabulary, percentage, name
    budgets: list[dict[str, str]]  # type, status, start, end, value, currency, value_date
    transactions: list[dict[str, Any]]  # type, date, value, currency, value_date, provider, receiver, countries, regions, sectors
    planned_parties: list[dict[str, str]]  # of planned disbursements: side ("provider", "receiver"), ref, name, type, activity
    related: list[dict[str, str]]  # ref, type (IATI RelatedActivityType)
    other_identifiers: list[dict[str, str]]  # ref, type, owner_ref, owner_name
    policy_markers: list[dict[str, str]]  # code, vocabulary, significance
    tags: list[dict[str, str]]  # code, vocabulary
    locations: list[dict[str, str]]  # name, code, vocabulary, admin1, country, class, latitude, longitude
    updated: str  # last-updated-datetime, as UTC text
    # only in our own registers:
    areas: list[str]  # UNECE areas
    instruments: list[str]  # LegalInstrument ids
    requests: list[str]  # Request ids that it answers
    outcomes: list[str]  # Outcome ids that it contributes to
    funding_source: str
    excom_status: str
    excom_date: str
    expected_outcome: str


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def canonical(content: Mapping[str, Any]) -> str:
    """JSON text that is equal for equal content: sorted keys, no spaces, text as it is."""
    return _CANONICAL.encode(content)
