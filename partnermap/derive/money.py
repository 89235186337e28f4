"""Money of one activity, whole from one record: flows, and the amount that stands for it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from partnermap.codes.money import to_usd
from partnermap.derive.context import Said
from partnermap.derive.organizations import add_organization, named
from partnermap.model import GraphRows

MEASURES = {"1": "incoming", "11": "incoming", "2": "commitment", "3": "disbursement", "4": "expenditure"}
# An activity's money is the first of these that is known; commitments and disbursements are the
# same money twice and never added.
BASES = (("commitment", ("commitment",)), ("budget", ("budget",)), ("spent", ("disbursement", "expenditure")))
TOO_LARGE_USD = Decimal(10_000_000_000)
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Money:
    """The amount of an activity: USD or unknown, its basis, and why it is left out of sums."""

    usd: float | None = None
    basis: str = ""
    flag: str = ""
    differing: tuple[tuple[str, float], ...] = ()  # (dataset, USD) of other records


@dataclass
class _Flow:
    measure: str
    year: int | None
    currency: str
    payer: str
    payee: str
    amount: Decimal = Decimal(0)

    def usd(self) -> Decimal | None:
        return to_usd(self.amount, self.currency, self.year)


def decimal(text: Any) -> Decimal | None:
    """A finite number, or None."""
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def money_rows(graph: GraphRows, activity: str, said: list[Said]) -> Money:
    """Add the flows of the first record that tells money; the activity's amount comes back."""
    chosen: Money | None = None
    others: list[tuple[str, float]] = []
    for item in said:
        flows = _flows(graph if chosen is None else GraphRows(), item)
        if not flows:
            continue
        amount = _amount(flows)
        if chosen is None:
            chosen = amount
            _add_flows(graph, activity, flows)
            others.append((item.record.dataset, amount.usd or 0.0))
        elif amount.usd is not None and chosen.usd is not None and abs(amount.usd - chosen.usd) > 0.05 * chosen.usd:
            others.append((item.record.dataset, amount.usd))
    if chosen is None:
        return Money()
    return Money(chosen.usd, chosen.basis, chosen.flag, tuple(others) if len(others) > 1 else ())


def _flows(graph: GraphRows, item: Said) -> list[_Flow]:
    found: dict[tuple[str, int | None, str, str, str], _Flow] = {}

    def add(measure: str, when: str, currency: str, payer: str, payee: str, value: Any) -> None:
        amount = decimal(value)
        year = int(when[:4]) if when[:4].isdigit() else None
        if amount is None:
            return
        key = (measure, year, currency, payer, payee)
        found.setdefault(key, _Flow(*key)).amount += amount

    for entry in item.content.get("transactions", []):
        measure = MEASURES.get(entry.get("type", ""))
        if measure:
            when = entry.get("date") or entry.get("value_date") or ""
            sides = [_organization(graph, item, entry.get(side)) for side in ("provider", "receiver")]
            add(measure, when, entry.get("currency", ""), sides[0], sides[1], entry.get("value"))
    budgets = item.content.get("budgets", [])
    revised = {(b.get("start"), b.get("end")) for b in budgets if b.get("type") == "2"}
    for entry in budgets:
        if entry.get("type") == "2" or (entry.get("start"), entry.get("end")) not in revised:
            when = entry.get("start") or entry.get("value_date") or ""
            add("budget", when, entry.get("currency", ""), "", "", entry.get("value"))
    return list(found.values())


def _organization(graph: GraphRows, item: Said, who: Any) -> str:
    hit = named(item, who)
    if not hit:
        return ""
    add_organization(graph, hit)
    return hit.organization.id


def _amount(flows: list[_Flow]) -> Money:
    for basis, measures in BASES:
        amounts = [flow.usd() for flow in flows if flow.measure in measures]
        known = [a for a in amounts if a is not None]
        total = sum(known, Decimal(0))
        if known and len(known) == len(amounts) and total > 0:
            flag = "over USD 10 billion: check the currency and the unit" if total > TOO_LARGE_USD else ""
            return Money(float(total.quantize(_CENT, ROUND_HALF_UP)), basis, flag)
    return Money()


def _add_flows(graph: GraphRows, activity: str, flows: list[_Flow]) -> None:
    for flow in sorted(flows, key=lambda f: (f.measure, f.year or 0, f.currency, f.payer, f.payee)):
        usd = flow.usd()
        key = "|".join([activity, flow.measure, str(flow.year or ""), flow.currency, flow.payer, flow.payee])
        graph.node(
            "Flow",
            id=key,
            activity=activity,
            measure=flow.measure,
            year=flow.year,
            currency=flow.currency,
            amount=float(flow.amount.quantize(_CENT, ROUND_HALF_UP)),
            amount_usd=None if usd is None else float(usd.quantize(_CENT, ROUND_HALF_UP)),
        )
        graph.relate("FLOW_OF", ("Flow", key), ("Activity", activity))
        for kind, org in (("PAID_BY", flow.payer), ("PAID_TO", flow.payee)):
            if org:
                graph.relate(kind, ("Flow", key), ("Organization", org), stated_by=activity)
