"""Links between activities, and references to activities that are not loaded."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from partnermap.codes.money import to_usd
from partnermap.derive.context import Context, Said
from partnermap.derive.money import MEASURES, decimal
from partnermap.model import ActivityContent, GraphRows, Record

_RELATIONS = {"3": "sibling", "4": "co-funded", "5": "third-party"}


def references(contents: Iterable[ActivityContent]) -> dict[tuple[str, str], Decimal | None]:
    """(kind, target) to USD where the references carry amounts: everything an activity refers to.

    Kinds are ``provider`` (the target's money comes here), ``receiver`` (money goes there),
    ``participant:<role>`` and ``related:<code>``.
    """
    found: dict[tuple[str, str], Decimal | None] = {}
    amounts: dict[tuple[str, str], dict[str, Decimal]] = {}
    for content in contents:
        for entry in content.get("transactions", []):
            for side, kind in (("provider", "provider"), ("receiver", "receiver")):
                target = (entry.get(side) or {}).get("activity", "").strip()
                if target:
                    found[(kind, target)] = None
                    _add(amounts.setdefault((kind, target), {}), entry)
        for who in content.get("participants", []):
            if target := who.get("activity", "").strip():
                found.setdefault((f"participant:{who.get('role', '')}", target), None)
        for entry in content.get("related", []):
            if target := entry.get("ref", "").strip():
                found.setdefault((f"related:{entry.get('type', '')}", target), None)
    for key, by_measure in amounts.items():
        # commitments and disbursements tell the same money twice: the first of them counts
        found[key] = next((by_measure[m] for m in ("incoming", "commitment", "spent") if m in by_measure), None)
    return dict(sorted(found.items()))


def _add(amounts: dict[str, Decimal], entry: dict[str, Any]) -> None:
    measure = MEASURES.get(entry.get("type", ""))
    value = decimal(entry.get("value"))
    when = entry.get("date") or entry.get("value_date") or ""
    if measure is None or value is None:
        return
    usd = to_usd(value, entry.get("currency", ""), int(when[:4]) if when[:4].isdigit() else None)
    if usd is not None:
        name = "spent" if measure in ("disbursement", "expenditure") else measure
        amounts[name] = amounts.get(name, Decimal(0)) + usd


def targets(records: Iterable[Record]) -> set[str]:
    """Identifiers of activities that the records refer to."""
    found: set[str] = set()
    for record in records:
        if '"activity":' in record.content or '"related":' in record.content:
            content: ActivityContent = json.loads(record.content)
            found.update(target for _, target in references([content]))
    return found


def link_rows(graph: GraphRows, activity: str, said: list[Said], context: Context) -> None:
    """Add what points to loaded activities as relationships, the rest as references.

    A reference to the activity itself says nothing and is passed over.
    """
    here = ("Activity", activity)
    for (kind, target), amount in references(s.content for s in said).items():
        if target == activity:
            continue
        name, _, code = kind.partition(":")
        resolved = target in context.existing
        # kept also where it is resolved, so that undoing the target's import finds who refers to it
        graph.node(
            "Reference",
            id=f"{activity}|{kind}|{target}",
            activity=activity,
            target=target,
            kind=name,
            resolved=resolved,
        )
        if not resolved:
            continue
        there = ("Activity", target)
        usd = None if amount is None else float(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))
        if name == "provider" or kind == "participant:1":
            graph.relate("FUNDS", there, here, stated_by=activity, basis=name, amount_usd=usd)
        elif name in ("receiver", "participant"):
            graph.relate("FUNDS", here, there, stated_by=activity, basis=name, amount_usd=usd)
        elif code == "1":
            graph.relate("CHILD_OF", here, there, stated_by=activity)
        elif code == "2":
            graph.relate("CHILD_OF", there, here, stated_by=activity)
        else:
            relation = _RELATIONS.get(code, "third-party")
            graph.relate("RELATED_TO", here, there, relation=relation, stated_by=activity)
