"""Planned, running, closed or end unknown: told for a day, never stored and never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

RECENT = timedelta(days=6 * 365)  # an activity of unknown end may still run when it began since
CHANGEABLE = timedelta(days=183)  # a running activity with more than this left can still change


def time_of(start: date | None, end: date | None, status: str, day: date) -> str:
    """planned, running, closed or end unknown on a day.

    Dates decide. Without any, the publisher's status does: pipeline is planned, finalised or
    closed is closed; anything else leaves the end unknown.
    """
    if end and end < day:
        return "closed"
    if start and start > day:
        return "planned"
    if start and end:
        return "running"
    if start is None and end is None:
        return {"1": "planned", "3": "closed", "4": "closed", "5": "closed"}.get(status, "end unknown")
    return "running" if end else "end unknown"


def is_current(start: date | None, time: str, day: date) -> bool:
    """Whether a side makes a pair worth listing on that day."""
    if time in ("planned", "running"):
        return True
    return time == "end unknown" and start is not None and start >= day - RECENT


def is_changeable(start: date | None, end: date | None, time: str, day: date) -> bool:
    """Whether an activity of ours can still be changed: planned, or running for over six months."""
    return time == "planned" or (time == "running" and end is not None and end - day > CHANGEABLE)


def newest(days: Iterable[date | None], day: date) -> date | None:
    """The newest of the known days up to ``day``."""
    return max((d for d in days if d and d <= day), default=None)
