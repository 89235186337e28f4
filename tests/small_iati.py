"""Hand-written IATI files of a few activities, and what a workspace makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from partnermap.model import NODES, RELATIONSHIPS
from partnermap.workspace import Workspace

ADB = "XM-DAC-46004|Asian Development Bank"
GEF = "XM-DAC-47044|Global Environment Facility"
UNDP = "XM-DAC-41114|United Nations Development Programme"
UNECE = "XM-DAC-41314|United Nations Economic Commission for Europe"
UNEP = "XM-DAC-41116|United Nations Environment Programme"
BANK = "44000|World Bank"
AIDDATA = "US-501c3-522318905|AidData"

ROLES = {"funding": "1", "accountable": "2", "extending": "3", "implementing": "4"}
DATES = {"planned_start": "1", "start": "2", "planned_end": "3", "end": "4"}
TYPES = {"incoming": "1", "commitment": "2", "disbursement": "3", "expenditure": "4", "pledge": "13"}
Shares = str | Mapping[str, float | None]


def activity(
    identifier: str,
    title: str = "",
    *,
    reporter: str = UNDP,
    secondary: bool = False,
    description: str = "",
    language: str = "en",
    countries: Shares = "",
    regions: Shares = "",
    sectors: Shares = "",
    status: str = "",
    scope: str = "",
    updated: str = "",
    inside: str = "",
    **more: Any,
) -> str:
    """One activity of IATI 2.03.

    ``countries``, ``regions`` and ``sectors`` are codes, or a dict of code to percentage; ``more``
    holds roles (a list of "ref|name"), dates, and money (an amount in USD of 2010, or a list of
    :func:`transaction` and :func:`budget`); ``inside`` is XML that stands at the end.
    """
    ref, name = reporter.split("|")
    flag = ' secondary-reporter="1"' if secondary else ""
    parts = [
        f"<iati-identifier>{escape(identifier)}</iati-identifier>",
        f'<reporting-org ref="{ref}" type="40"{flag}><narrative>{escape(name)}</narrative></reporting-org>',
    ]
    for tag, text in (("title", title), ("description", description)):
        if text:
            parts.append(f'<{tag}><narrative xml:lang="{language}">{escape(text)}</narrative></{tag}>')
    for role, code in ROLES.items():
        for who in more.pop(role, ()):
            org, called = who.split("|")
            attribute = f' ref="{org}"' if org else ""
            parts.append(f'<participating-org{attribute} role="{code}" type="40"><narrative>{escape(called)}</narrative></participating-org>')
    if status:
        parts.append(f'<activity-status code="{status}"/>')
    for kind, code in DATES.items():
        if day := more.pop(kind, ""):
            parts.append(f'<activity-date type="{code}" iso-date="{day}"/>')
    if scope:
        parts.append(f'<activity-scope code="{scope}"/>')
    for tag, attribute, stated in (
        ("recipient-country", "", countries),
        ("recipient-region", ' vocabulary="1"', regions),
        ("sector", ' vocabulary="1"', sectors),
    ):
        for key, percent in _percentages(stated):
            share = "" if percent is None else f' percentage="{percent}"'
            parts.append(f'<{tag} code="{key}"{attribute}{share}/>')
    for measure in TYPES:
        if measure in more:
            parts.append(transaction(measure, more.pop(measure)))
    assert not more, f"unknown: {', '.join(more)}"
    head = f" last-updated-datetime={quoteattr(updated)}" if updated else ""
    return f'<iati-activity default-currency="USD"{head}>{"".join(parts)}{inside}</iati-activity>'


def _percentages(stated: Shares) -> Iterable[tuple[str, float | None]]:
    return [(code, None) for code in stated.split()] if isinstance(stated, str) else stated.items()


def transaction(
    measure: str, amount: float, *, day: str = "2010-06-30", currency: str = "USD", inside: str = "", provider: str = "", receiver: str = ""
) -> str:
    """A transaction; ``provider`` and ``receiver`` are activities."""
    sides = "".join(
        f'<{tag} {tag.split("-")[0]}-activity-id="{other}"><narrative>{other}</narrative></{tag}>'
        for tag, other in (("provider-org", provider), ("receiver-org", receiver))
        if other
    )
    return (
        f'<transaction><transaction-type code="{TYPES[measure]}"/><transaction-date iso-date="{day}"/>'
        f'<value currency="{currency}" value-date="{day}">{amount}</value>{sides}{inside}</transaction>'
    )


def budget(amount: float, *, start: str = "2010-01-01", end: str = "2010-12-31", revised: bool = False, currency: str = "USD") -> str:
    """An original or a revised budget."""
    return (
        f'<budget type="{2 if revised else 1}" status="1"><period-start iso-date="{start}"/><period-end iso-date="{end}"/>'
        f'<value currency="{currency}" value-date="{start}">{amount}</value></budget>'
    )


def related(other: str, kind: str) -> str:
    """A related activity: 1 parent, 2 child, 3 sibling, 4 co-funded, 5 third party."""
    return f'<related-activity ref="{other}" type="{kind}"/>'


def write(folder: Path, name: str, *activities: str) -> Path:
    """A file of these activities; its stem is the dataset's id."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.xml"
    path.write_text(f'<iati-activities version="2.03">{"".join(activities)}</iati-activities>', encoding="utf-8")
    return path


def rows(workspace: Workspace, kind: str, *names: str) -> set[tuple[Any, ...]]:
    """Rows of a node or relationship kind with the named columns, lists as tuples."""
    found = [tuple(tuple(v) if isinstance(v, list) else v for v in row.values()) for batch in workspace.store.columns(kind, list(names)) for row in batch.to_pylist()]
    assert len(found) == len(set(found)) or "id" not in names, f"{kind} repeats a key"
    return set(found)


def one(workspace: Workspace, activity_id: str, *names: str) -> Any:
    """Properties of one activity: the value of one name, else a tuple."""
    (found,) = (row[1:] for row in rows(workspace, "Activity", "id", *names) if row[0] == activity_id)
    return found[0] if len(names) == 1 else found


def links(workspace: Workspace, kind: str, *names: str) -> set[tuple[Any, ...]]:
    """Rows of a relationship kind: from, to, and the named properties."""
    return rows(workspace, kind, "from_id", "to_id", *names)


def everything(workspace: Workspace, without: tuple[str, ...] = ()) -> dict[str, set[tuple[Any, ...]]]:
    """Every row of every kind with every property, by kind."""
    found = {n.label: rows(workspace, n.label, *(p.name for p in n.properties)) for n in NODES}
    ends = ("from_kind", "from_id", "to_kind", "to_id")
    found.update({r.type: rows(workspace, r.type, *ends, *(p.name for p in r.properties)) for r in RELATIONSHIPS})
    return {kind: held for kind, held in found.items() if kind not in without}


NewWorkspace = Callable[..., Workspace]
