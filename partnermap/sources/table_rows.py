"""One row of a table into what it says about an activity, as the mapping reads it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import cast

from partnermap.codes.money import currencies, to_usd
from partnermap.codes.names import normalise
from partnermap.model import ActivityContent
from partnermap.sources.iati_codes import DESCRIPTION_TYPE, RELATED_TYPE, SCOPE, STATUS, Codes
from partnermap.sources.mapping import PERIOD_KEYS, Mapping, Part
from partnermap.sources.records import Doubts, misspelt
from partnermap.sources.table_dates import read_date, read_period
from partnermap.sources.table_draft import AT_SOURCE, Draft
from partnermap.sources.table_money import (
    SUSPICIOUS_USD,
    TooSmall,
    Written,
    contradicted,
    first_amount,
    scaled,
)
from partnermap.sources.table_organizations import marks_between
from partnermap.sources.table_places import add_places
from partnermap.sources.values import shown


def read_row(identifier: str, cells: dict[str, str], mapping: Mapping, tell: Doubts, day_zero: date = date(1899, 12, 30)) -> ActivityContent:
    """What a row says about an activity.

    Parameters
    ----------
    identifier : of the activity
    cells : by column, with single spaces
    mapping : what the columns mean
    tell : called with column and reason for each value that is left out or in doubt
    day_zero : from which a spreadsheet counts its days
    """
    draft = Draft(cells, mapping, tell, day_zero)
    table = mapping.table
    draft.content["identifier"] = identifier
    reporter = {"ref": table.get("publisher_ref"), "name": table["publisher"], "type": table.get("publisher_type")}
    draft.content["reporter"] = {key: text for key, text in reporter.items() if text}
    if table.get("secondary"):
        draft.content["secondary"] = True
    _texts(draft)
    _codes(draft)
    _dates(draft)
    add_places(draft)
    _participants(draft)
    _sectors(draft)
    _money(draft)
    for part in draft.parts("related"):
        for ref in map(mapping.identify_number, draft.numbers(part)):
            if ref != identifier:
                draft.add("related", ref=ref, type=RELATED_TYPE.find(part.type) or "")
    for part in draft.parts("other_identifiers"):
        for ref in draft.numbers(part) if part.pattern else draft.words(part):
            draft.add("other_identifiers", ref=ref, type=part.type, owner_ref=part.owner_ref, owner_name=part.owner_name)
    return cast(ActivityContent, draft.content)


def _texts(draft: Draft) -> None:
    language = draft.mapping.table.get("language", "")
    for part in draft.parts("title"):
        if text := draft.cell(part):
            draft.add("titles", lang=part.language or language, text=text)
    if draft.mapping.parts.get("title") and "titles" not in draft.content:
        draft.tell(draft.mapping.parts["title"][0].column, "no title; the activity is kept. Correct it at the source.")
    for part in draft.parts("description"):
        if text := draft.cell(part):
            kind = DESCRIPTION_TYPE.find(part.type) or ""
            draft.add("descriptions", lang=part.language or language, text=f"{part.label}: {text}" if part.label else text, type=kind)


def _codes(draft: Draft) -> None:
    _code(draft, "status", STATUS)
    _code(draft, "scope", SCOPE)
    for part in draft.parts("kind"):
        if word := part.value or next(draft.words(part), ""):
            draft.content["kind"] = word


def _code(draft: Draft, key: str, codes: Codes) -> None:
    for part in draft.parts(key):
        for word in draft.words(part):
            code = codes.find(word)
            if code:
                draft.content[key] = code
            else:
                draft.tell(part.column, f"{shown(word)} is no {key} that the mapping knows; left out. {AT_SOURCE}")


def _dates(draft: Draft) -> None:
    found: dict[str, str] = {}
    columns: dict[str, str] = {}
    for name, (part, *_) in draft.mapping.parts.items():
        if name.startswith("dates.") and (text := draft.cell(part)):
            which = name.removeprefix("dates.")
            try:
                if which in PERIOD_KEYS:
                    dates = dict(zip(PERIOD_KEYS[which], read_period(text, part.formats, draft.day_zero), strict=True))
                else:
                    dates = {which: read_date(text, part.formats, draft.day_zero, last=which.endswith("_end"))}
            except ValueError as error:
                draft.tell(part.column, f"{'period' if which in PERIOD_KEYS else 'date'} {error}; left out. {AT_SOURCE}")
                continue
            found.update({key: day for key, day in dates.items() if day})
            columns.update(dict.fromkeys(dates, part.column))
    for basis in ("planned", "actual"):
        start, end = found.get(f"{basis}_start"), found.get(f"{basis}_end")
        if start and end and end < start:
            draft.tell(columns[f"{basis}_end"], f"{basis} end {end} is before {basis} start {start}; the end is left out. Correct it at the source.")
            del found[f"{basis}_end"]
    if found:
        draft.content["dates"] = found


def _money(draft: Draft) -> None:
    """Budgets, each of the year of the date that the mapping names."""
    dates = draft.content.get("dates", {})
    for part in draft.parts("money"):
        text = draft.cell(part)
        if not text:
            continue
        try:
            if part.form == "text":
                value, written = first_amount(text, part.decimal, part.at_least)
            else:
                value, written = scaled(text, part.unit, part.decimal), Written(text, len(str(part.unit)) - 1, part.currency)
        except ValueError as error:
            advice = "Lower it in the mapping where such amounts count." if isinstance(error, TooSmall) else "Correct it at the source."
            draft.tell(part.column, f"{error}; left out. {advice}")
            continue
        currency = written.currency
        if contradicted(written, part.decimal):
            draft.tell(
                part.column,
                f"“{shown(text)}” is read as {currency} {value}, since the mapping says decimal = \"{part.decimal}\", but three digits after the mark "
                "look like thousands; kept. Correct it at the source, or the mapping where the whole column is written so.",
            )
        if Decimal(value) == 0 and part.zero != "zero":
            if not part.zero:
                draft.tell(part.column, '0, and the mapping does not say whether it means unknown; left out. Write zero = "unknown" or zero = "zero".')
            continue
        when = dates.get(part.date, "")
        draft.add("budgets", type="1", value=value, currency=currency, start=when, end=when, value_date=when)
        if currency not in currencies():
            draft.tell(part.column, f"no exchange rate for currency {currency}; the amount is kept, without a value in USD.")
        usd = to_usd(Decimal(value), currency, int(when[:4]) if when else None)
        if usd is not None and abs(usd) > SUSPICIOUS_USD:
            draft.tell(part.column, f"{Decimal(value):,} {currency} is over USD 10 billion: are currency and unit right? Kept, to be checked.")


def _participants(draft: Draft) -> None:
    """Organizations in the mapping's order; one that has the role already is not repeated."""
    seen: set[tuple[str, str]] = set()
    for part in draft.parts("participants"):
        names = draft.words(part) if part.column else iter([part.name])
        for name in names:
            key = (part.role, normalise(name) or part.ref)
            if key not in seen:
                seen.add(key)
                draft.add("participants", role=part.role, ref=part.ref, name=name, type=part.type)
                # a meaning that the mapping gives was written by a person who had looked
                if part.column and name not in part.values.values():
                    _ask(name, part, draft)


def _ask(name: str, part: Part, draft: Draft) -> None:
    """Whether a name that is on no list is several organizations, or a listed one misspelt."""
    if marks := marks_between(name, paying=part.role == "1"):
        wanted = "".join((*part.split, marks)) if all(len(one) == 1 for one in part.split) else marks
        draft.tell(part.column, f'{shown(name)} is on no list of organizations, but parts of it are; kept as one. Are they several? Write split = "{wanted}" beside the column in the mapping.')
    elif told := misspelt(name):
        draft.tell(part.column, f"{told} {AT_SOURCE}")


def _sectors(draft: Draft) -> None:
    for part in draft.parts("sectors"):
        for word in draft.words(part):
            draft.add("sectors", **{part.form: word}, vocabulary=part.vocabulary)
