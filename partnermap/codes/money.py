"""US dollars by the mean rate of the year, or unknown."""

from __future__ import annotations

from decimal import Decimal

from partnermap.codes.lists import listed, rows


@listed
def _rates() -> dict[tuple[str, int], Decimal]:
    return {(r["currency"], int(r["year"])): Decimal(r["per_usd"]) for r in rows("exchange_rates")}


@listed
def currencies() -> frozenset[str]:
    """ISO 4217 codes that have a rate in some year, and USD."""
    return frozenset({currency for currency, _ in _rates()} | {"USD"})


def to_usd(amount: Decimal, currency: str, year: int | None) -> Decimal | None:
    """The amount in USD at that year's mean rate; None without a rate, never a neighbouring year's."""
    if currency == "USD":
        return amount
    rate = _rates().get((currency, year)) if year else None
    return amount / rate if rate else None
