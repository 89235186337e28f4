"""A row about one of our own activities, and what its record says, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from partnermap.codes.countries import by_iso2, countries, groups
from partnermap.model import ActivityContent
from partnermap.sources.registers_cells import Own, Value

KINDS = {"advisory": "mission"}  # what other sources call it
STATUS = {"planned": "1", "ongoing": "2", "completed": "4", "cancelled": "5"}
GROUP = "group"  # vocabulary of a region that is one of our groups of countries
_STARTED, _ENDED = ("ongoing", "completed"), ("completed",)
_PLAIN = ("kind", "areas", "instruments", "requests", "outcomes", "funding_source", "excom_status", "excom_date", "expected_outcome")
_ROLES = {"partners": "4", "donors": "1", "counterparts": "counterpart"}


def activity_content(identifier: str, values: Mapping[str, Value], own: Own) -> ActivityContent:
    """What a row says about one of our activities: we report it and carry it out.

    Dates are actual ones as far as the status says that they have passed, else planned.
    """
    status = str(values.get("status", ""))
    us = {key: text for key, text in (("ref", own.ref), ("name", own.name)) if text}
    content: dict[str, Any] = {
        "identifier": identifier,
        "reporter": us,
        "titles": [{"lang": "en", "text": values["title"]}],
        "status": STATUS.get(status, ""),
        "participants": [{"role": "4", **us}],
    }
    if text := values.get("description"):
        content["descriptions"] = [{"lang": "en", "text": text, "type": "1"}]
    start, end = values.get("start_date"), values.get("end_date")
    dates = {
        "actual_start" if status in _STARTED else "planned_start": start,
        "actual_end" if status in _ENDED else "planned_end": end,
    }
    content["dates"] = {key: day for key, day in dates.items() if day}
    for field, role in _ROLES.items():
        content["participants"] += [{"role": role, "name": name} for name in _list(values, field)]
    places = _list(values, "countries")
    content["countries"] = [{"code": countries()[code].iso2} for code in places if code in countries()]
    content["regions"] = [{"code": code, "vocabulary": GROUP} for code in places if code in groups()]
    if values.get("budget") is not None and values.get("currency"):
        period = {"start": start, "end": end}
        content["budgets"] = [{"type": "1", "value": values["budget"], "currency": values["currency"], **{k: v for k, v in period.items() if v}}]
    content.update({field: values[field] for field in _PLAIN if values.get(field)})
    content["kind"] = KINDS.get(str(values.get("kind")), values.get("kind"))
    return cast(ActivityContent, {key: value for key, value in content.items() if value})


def activity_values(content: Mapping[str, Any], own: Own) -> dict[str, Value]:
    """The values of the row that :func:`activity_content` was made of."""
    dates = content.get("dates", {})
    budget: dict[str, str] = next(iter(content.get("budgets", [])), {})
    found: dict[str, Any] = {
        "title": next((t["text"] for t in content.get("titles", [])), None),
        "description": next((t["text"] for t in content.get("descriptions", [])), None),
        "status": next((word for word, code in STATUS.items() if code == content.get("status")), None),
        "start_date": dates.get("actual_start") or dates.get("planned_start"),
        "end_date": dates.get("actual_end") or dates.get("planned_end"),
        "countries": [code for c in content.get("countries", []) if (code := by_iso2(c["code"]))] + [r["code"] for r in content.get("regions", [])],
        "budget": budget.get("value"),
        "currency": budget.get("currency"),
    }
    for field, role in _ROLES.items():
        found[field] = [p["name"] for p in content.get("participants", []) if p.get("role") == role and not p.get("ref")]
    found.update({field: content.get(field) for field in _PLAIN})
    found["kind"] = next((word for word, kind in KINDS.items() if kind == found["kind"]), found["kind"])
    return {field: value for field, value in found.items() if value}


def _list(values: Mapping[str, Value], field: str) -> list[str]:
    value = values.get(field)
    return value if isinstance(value, list) else []
