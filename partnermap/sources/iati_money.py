"""Budgets and transactions of an IATI activity.

What has no type or no value says nothing about money and is left out with a report; a doubtful
amount stays, since whether it counts is decided later and by a person.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from partnermap.codes.money import currencies, to_usd
from partnermap.sources.iati_codes import BUDGET_STATUS, BUDGET_TYPE, TRANSACTION_TYPE
from partnermap.sources.iati_parts import (
    AT_SOURCE,
    Element,
    Tell,
    add_country,
    add_region,
    add_sector,
    amount_in,
    attribute,
    code_in,
    date_in,
    organization,
    text_of,
)
from partnermap.sources.values import shown

SUSPICIOUS_USD = 10_000_000_000
_BARE_NUMBER = re.compile(r"[+-]?\d{1,3}[ ,.\d]*")
_DATE_LIKE = re.compile(r"\d{4}-\d{2}-\d{2}.*")


def budget(element: Element, currency: str, tell: Tell) -> dict[str, str] | None:
    """A budget, or None when it has no amount or a negative one."""
    value = element.find("value")
    text = text_of(value) if value is not None else ""
    try:
        amount = amount_in(text) if text else ""
    except ValueError as error:
        tell("budget", f"value {error}; the budget is left out. {AT_SOURCE}")
        return None
    if not amount:
        tell("budget", f"no value; the budget is left out. {AT_SOURCE}")
        return None
    if Decimal(amount) < 0:
        tell("budget", f"negative value {amount}; the budget is left out. {AT_SOURCE}")
        return None
    start, end = _period(element, "period-start", tell), _period(element, "period-end", tell)
    if start and end and end < start:
        tell("budget", f"period ends on {end}, before it starts on {start}; the end is left out. {AT_SOURCE}")
        end = ""
    money = {
        "type": code_in(BUDGET_TYPE, attribute(element, "type"), "budget/type", tell),
        "status": code_in(BUDGET_STATUS, attribute(element, "status"), "budget/status", tell),
        "start": start,
        "end": end,
        "value": amount,
        "currency": _currency(value, currency, "budget", tell),
        "value_date": date_in(attribute(value, "value-date"), "budget/value-date", tell),
    }
    _check_size(money, money["value_date"] or start, "budget", tell)
    return {key: text for key, text in money.items() if text}


def transaction(element: Element, default_currency: str, lang: str, tell: Tell) -> dict[str, Any] | None:
    """A transaction, or None when type or value is missing."""
    value, when, kind = (element.find(tag) for tag in ("value", "transaction-date", "transaction-type"))
    amount_text = text_of(value) if value is not None else ""
    date_text = _date_text(when)
    kind_text = (attribute(kind, "code") or text_of(kind)) if kind is not None else ""
    if _swapped(amount_text, date_text):
        tell("transaction", f"value {shown(amount_text) or 'empty'} and date {shown(date_text)} look swapped; the transaction is left out. {AT_SOURCE}")
        return None
    type_code = TRANSACTION_TYPE.find(kind_text) if kind_text else None
    if type_code is None:
        what = f"type {shown(kind_text)} is not in IATI's list" if kind_text else "no type"
        tell("transaction", f"{what}; the transaction is left out. {AT_SOURCE}")
        return None
    if not amount_text:
        tell("transaction", f"no value; the transaction is left out. {AT_SOURCE}")
        return None
    try:
        amount = amount_in(amount_text)
    except ValueError as error:
        tell("transaction", f"value {error}; the transaction is left out. {AT_SOURCE}")
        return None
    money: dict[str, Any] = {
        "type": type_code,
        "date": date_in(date_text, "transaction-date", tell),
        "value": amount,
        "currency": _currency(value, default_currency, "transaction", tell),
        "value_date": date_in(attribute(value, "value-date"), "transaction/value-date", tell),
    }
    _check_size(money, money["value_date"] or money["date"], "transaction", tell)
    money = {key: text for key, text in money.items() if text}
    _add_parties_and_places(element, lang, money, tell)
    return money


def _add_parties_and_places(element: Element, lang: str, money: dict[str, Any], tell: Tell) -> None:
    for child in element:
        tag = child.tag
        if tag == "provider-org":
            if named := organization(child, lang, "provider-activity-id"):
                money["provider"] = named
        elif tag == "receiver-org":
            if named := organization(child, lang, "receiver-activity-id"):
                money["receiver"] = named
        elif tag == "recipient-country":
            add_country(child, money, tell)
        elif tag == "recipient-region":
            add_region(child, money, tell)
        elif tag == "sector":
            add_sector(child, lang, money, tell)


def _date_text(element: Element | None) -> str:
    return (attribute(element, "iso-date") or text_of(element)) if element is not None else ""


def _period(element: Element, tag: str, tell: Tell) -> str:
    return date_in(_date_text(element.find(tag)), f"budget/{tag}", tell)


def _swapped(amount: str, when: str) -> bool:
    """A date where the amount belongs, or no amount but a bare number for a date."""
    if _DATE_LIKE.fullmatch(amount):
        return True
    return not amount and bool(_BARE_NUMBER.fullmatch(when)) and not _DATE_LIKE.fullmatch(when)


def _currency(value: Element, default: str, field: str, tell: Tell) -> str:
    code = attribute(value, "currency").upper() or default
    if not code:
        tell(field, "no currency and no default currency; the amount is kept, without a value in USD.")
    elif code not in currencies():
        tell(field, f"no exchange rate for currency {shown(code)}; the amount is kept, without a value in USD.")
    return code


def _check_size(money: dict[str, Any], when: str, field: str, tell: Tell) -> None:
    amount = Decimal(money["value"])
    if abs(amount) <= 1_000_000_000:  # no currency unit is worth ten dollars
        return
    usd = to_usd(amount, money["currency"], int(when[:4]) if when else None)
    if usd is not None and abs(usd) > SUSPICIOUS_USD:
        tell(field, f"{amount:,} {money['currency']} is over USD 10 billion: is the currency right? Kept, to be checked.")
