"""The activity's own properties, field group by field group."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from partnermap.codes.countries import GLOBAL_REGION
from partnermap.codes.names import normalise
from partnermap.derive.context import Context, Said
from partnermap.derive.money import Money
from partnermap.derive.organizations import Participation
from partnermap.derive.places import Located
from partnermap.model import Row

_CARRIES = ("implementing", "extending", "accountable")
_SCOPES = {"1": "global", "2": "regional", "3": "multi-country", "4": "national"}
# A title that says what it is; IATI has no field for it. First match wins.
_KINDS = (
    ("study-tour", re.compile(r"\bstudy tours?\b", re.I)),
    ("training", re.compile(r"\b(training (course|seminar|workshop)s?|summer school)\b", re.I)),
    ("workshop", re.compile(r"\b(workshop|seminar|conference|round ?table)s?\b", re.I)),
    ("mission", re.compile(r"\b(advisory|fact-finding|appraisal) mission\b", re.I)),
    ("programme", re.compile(r"\bprogramme framework\b", re.I)),
)


def activity_row(
    activity: str,
    said: list[Said],
    parts: list[Participation],
    located: Located,
    money: Money,
    context: Context,
) -> Row:
    """The Activity node of one activity."""
    title, description, language = texts(said, context.language)
    start, end = dates(said)
    carriers = {p.who.organization.id for p in parts if p.is_actor or p.role in _CARRIES}
    other_ids = {(i.get("type", ""), i["ref"]) for s in said for i in s.content.get("other_identifiers", []) if i.get("ref") and not i.get("type", "").startswith("B")}
    return {
        "id": activity,
        "title": title,
        "description": description,
        "language": language,
        "kind": _first(said, "kind") or kind_of(title),
        "scope": scope_of(_first(said, "scope"), located),
        "status": _first(said, "status"),
        "start_date": start,
        "end_date": end,
        "money_usd": money.usd,
        "money_basis": money.basis,
        "money_flag": money.flag,
        "ours": any(map(context.is_ours, carriers)),
        "withdrawn": all(item.withdrawn for item in said),
        "disagreements": disagreements(said, located, money),
        "other_ids": [ref for _, ref in sorted(other_ids)],
        **{name: _first(said, name) or None for name in ("funding_source", "excom_status", "excom_date", "expected_outcome")},
    }


def _first(said: list[Said], field: str) -> str:
    return next((str(s.content[field]) for s in said if s.content.get(field)), "")  # type: ignore[literal-required]


def _in_language(entries: Sequence[Mapping[str, str]], wanted: Sequence[str]) -> Mapping[str, str] | None:
    for language in wanted:
        for entry in entries:
            if entry.get("lang", "").lower().split("-")[0] == language and entry.get("text"):
                return entry
    return next((entry for entry in entries if entry.get("text")), None)


def texts(said: list[Said], language: str) -> tuple[str, str, str]:
    """Title, description and their language, whole from the first record with a title.

    The title is the English one, else that in the workspace's language, else the first; the
    description follows the title's language where it can.
    """
    for item in said:
        chosen = _in_language(item.content.get("titles", []), ("en", language))
        if chosen:
            lang = chosen.get("lang", "")
            entries = item.content.get("descriptions", [])
            first = _in_language(entries, (lang.lower().split("-")[0], "en", language))
            parts: dict[str, None] = {}
            for entry in entries:
                if first and entry.get("lang", "") == first.get("lang", "") and entry.get("text"):
                    parts.setdefault(entry["text"])
            return chosen["text"], "\n".join(parts), lang
    return "", "", ""


def dates(said: list[Said]) -> tuple[str | None, str | None]:
    """Start and end, each the first actual one in the usual order of records, else planned.

    (One record whole would let a table's expected start hide another file's actual one.) An end
    before the start is left out.
    """
    found = []
    for side in ("start", "end"):
        known = [s.content.get("dates", {}) for s in said]
        values = [d[f"{basis}_{side}"] for basis in ("actual", "planned") for d in known if f"{basis}_{side}" in d]
        found.append(values[0] if values else None)
    start, end = found
    return start, None if start and end and end < start else end


def scope_of(code: str, located: Located) -> str:
    """national, multi-country, regional or global; empty where nothing tells."""
    if code in _SCOPES and not (code == "4" and len(located.countries) > 1):
        return _SCOPES[code]
    if code in ("5", "6", "7", "8"):
        return "national"
    if GLOBAL_REGION in located.regions:
        return "global"
    if located.regions:
        return "regional"
    return {0: "", 1: "national"}.get(len(located.countries), "multi-country")


def kind_of(title: str) -> str:
    """What a title says the activity is; a project where it does not say."""
    return next((kind for kind, pattern in _KINDS if pattern.search(title)), "project")


def disagreements(said: list[Said], located: Located, money: Money) -> list[str]:
    """Where records of one activity differ, each in words with the datasets."""
    found = []
    if located.differing:
        found.append("countries: " + "; ".join(f"{d} says {', '.join(c)}" for d, c in located.differing))
    if money.differing:
        found.append("money: " + "; ".join(f"{d} says USD {usd:,.0f}" for d, usd in money.differing))
    for label, actual, planned in (("start", "actual_start", "planned_start"), ("end", "actual_end", "planned_end")):
        values = _differing(said, lambda c, a=actual, p=planned: c.get("dates", {}).get(a) or c.get("dates", {}).get(p))
        if values:
            found.append(f"{label} date: " + "; ".join(f"{d} says {v}" for d, v in values))
    titles = _differing(said, lambda c: next((normalise(t["text"]) for t in c.get("titles", []) if t.get("text")), None))
    if titles:
        found.append("title: " + "; ".join(f"{d} says “{v}”" for d, v in titles))
    return found


def _differing(said: list[Said], value: Any) -> list[tuple[str, str]]:
    values = [(s.record.dataset, v) for s in said if (v := value(s.content))]
    return values if len({v for _, v in values}) > 1 else []
