"""The lines of a proposed mapping under ``[fields]``, in the order in which finished mappings are written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from partnermap.sources.mapping import PERIOD_KEYS
from partnermap.sources.suggest_columns import (
    Column,
    is_description,
    is_number,
    organization_in,
    status_code,
)
from partnermap.sources.suggest_dates import DateForms, date_field, date_forms, period_forms
from partnermap.sources.suggest_draft import (
    QUESTION,
    QUESTION_MARK,
    Draft,
    Line,
    Section,
    quoted,
)
from partnermap.sources.suggest_money import (
    currency_in,
    decimal_marks,
    decimal_of,
    money_kind,
    smaller_first,
    unit_in,
    zeros,
)
from partnermap.sources.suggest_participants import participants
from partnermap.sources.suggest_places import add_countries, add_locations
from partnermap.sources.table_money import amounts_in

SENTENCE = 40  # letters from which a cell says more than an amount
LEAST = 10_000  # amounts below are seldom what a project costs


def add_fields(draft: Draft) -> None:
    """Lines for ``[fields]``: those of one line first, then those with tables of their own."""
    draft.add("")
    draft.add("[fields]")
    dates = _dates(draft)
    funded = participants(draft)
    if draft.title:
        draft.add(f"title = {draft.take(draft.title)}", "likely", "by its header")
    money = [(c, kind) for c in draft.free() if (kind := money_kind(c, draft.count))]
    money.sort(key=lambda item: (item[0].has("cost"), item[0].has("total") and len(money) > 1))
    _descriptions(draft, [c for c, kind in money if kind == "text" and (c.length > SENTENCE or c.has("cost"))])
    places = add_countries(draft)
    add_locations(draft)
    for column in draft.free():
        if any("sector" in word for word in column.words) or column.has("sector", "theme", "focal", "topic"):
            draft.add(f'sectors = {{ column = {draft.take(column)}, form = "name" }}', "likely", "by its header; names of the publisher's own list")
            break
    if money and not money[0][0].has("cost"):
        first = next(iter(dates), "")
        _money(draft, *money[0], PERIOD_KEYS[first][0] if first in PERIOD_KEYS else first)
    _related(draft)
    others = _numbers(draft)
    status = _status(draft)
    dated = [[("[fields.dates]", "", ""), *dates.values()]] if dates else []
    for section in (*status, *places, *dated, *funded, *others):
        draft.add("")
        for line in section:
            draft.add(*line)


def _dates(draft: Draft) -> dict[str, Line]:
    found: dict[str, tuple[Column, DateForms]] = {}
    for column in draft.free():
        if period := period_forms(column):
            found.setdefault("actual_period" if column.has("actual") else "planned_period", (column, period))
        elif (which := date_field(column)) and (forms := date_forms(column)):
            found.setdefault(which, (column, forms))
    for period_key, both in PERIOD_KEYS.items():
        if not found.keys().isdisjoint(both):  # columns of their own tell more
            found.pop(period_key, None)
    if set(found) == {"approval"}:
        found["planned_start"] = found.pop("approval")
    lines = {}
    for which in ("approval", "planned_period", "actual_period", "planned_start", "actual_start", "planned_end", "actual_end"):
        if which in found:
            column, forms = found[which]
            confidence, why = forms.confidence, forms.why
            if which == "planned_start" and date_field(column) != which and confidence == "likely":
                confidence, why = "guess", "a decision, taken as the start since no other date is there"
            lines[which] = (f"{which} = {{ column = {draft.take(column)}, formats = [{', '.join(map(quoted, forms.formats))}] }}", confidence, why)
    return lines


def _descriptions(draft: Draft, in_words: Sequence[Column]) -> None:
    entries = []
    for column in draft.free():
        if is_description(column):
            aims = column.has("objective", "objectives", "purpose", "goal", "impact")
            entries.append(f"{{ column = {draft.take(column)}" + (', type = "2" }' if aims else " }"))
    for column in in_words:
        label = f", label = {quoted(' '.join(column.words).capitalize())}" if column.has("cost") else ""
        entries.append(f'{{ column = {draft.take(column)}, type = "4"{label} }}')
    if len(entries) == 1:
        draft.add(f"description = {entries[0]}", "likely", "sentences, and its header")
    elif entries:
        draft.add("description = [")
        for entry in entries:
            draft.add(f"  {entry},", "likely", "sentences, and its header")
        draft.add("]")


def _money(draft: Draft, column: Column, kind: str, when: str) -> None:
    in_words = kind == "text"
    decimal, doubt = decimal_of(decimal_marks(column, in_words), in_words)
    first = smaller_first(column, LEAST) if in_words else 0
    none = zeros(column)
    options, asked, seen = _in_words(column, first) if in_words else _in_numbers(column.name)
    if none:
        asked.append(f"whether 0, in {none:,} of {column.filled:,} cells, means unknown or zero")
    if doubt:
        asked.append(doubt)
    told = {"column": draft.take(column), **options, "zero": QUESTION if none else "", "decimal": quoted(decimal) if decimal else "", "at_least": str(LEAST) if first else "", "date": quoted(when) if when else ""}
    line = ", ".join(f"{key} = {value}" for key, value in told.items() if value)
    draft.add(f"money = {{ {line} }}", "asked" if asked else "likely", "; ".join([*asked, *seen]))


def _in_words(column: Column, smaller: int) -> tuple[dict[str, str], list[str], list[str]]:
    """Options for amounts in words, what is asked about them, and what the cells tell."""
    bare = sum(n for text, n in column.values.items() if next(amounts_in(text), None) is None)
    seen = ["amounts in words", *([f"{smaller} cells name a smaller one first"] if smaller else []), *([f"{bare} cells name no currency and will be left out"] if bare else [])]
    return {"form": '"text"'}, [], seen


def _in_numbers(header: str) -> tuple[dict[str, str], list[str], list[str]]:
    """Options for bare numbers, what the header leaves to ask, and what it tells."""
    currency, unit = currency_in(header), unit_in(header)
    asked = [*([] if currency else ["which currency"]), *([] if unit else ["whole units (1), thousands (1000) or millions (1000000)"])]
    told = [name for name, value in (("currency", currency), ("unit", unit)) if value]
    seen = [f"{' and '.join(told)} stand{'' if told[1:] else 's'} in the header"] if told else []
    return {"currency": quoted(currency or QUESTION_MARK), "unit": str(unit or QUESTION)}, asked, seen


def _related(draft: Draft) -> None:
    """Numbers of other projects in titles, where project numbers have one form."""
    if draft.number is None:
        return
    forms = {(m[1], len(m[2])) for v in draft.number.values if (m := re.fullmatch(r"([A-Z]{1,4})(\d{4,})", v))}
    if not draft.title or len(forms) != 1 or draft.title.name == draft.number.name:
        return
    ((letters, digits),) = forms
    pattern = rf"\b{letters}0*(\d{{{digits - 2},{digits}}})\b"
    named = [m for text in draft.title.values for m in re.findall(pattern, text)]
    if any(letters + number.zfill(digits) in draft.number.values for number in named):
        options = [f"column = {quoted(draft.title.name)}", f"pattern = '{pattern}'", f'number = "{letters}{{found}}"', f"digits = {digits}", 'type = "3"']
        draft.add(f"related = {{ {', '.join(options)} }}", "likely", f"{len(named)} titles name another project's number")


def _numbers(draft: Draft) -> list[Section]:
    found: list[Section] = []
    for column in draft.free():
        org = organization_in(column.words)
        if org and is_number(column):
            found.append([("[[fields.other_identifiers]]", "", ""), (f"column = {draft.take(column)}", "likely", "a number with its owner"), ('type = "A9"', "likely", "another organization's"), (f"owner_ref = {quoted(org.id)}", "likely", "told by the header"), (f"owner_name = {quoted(org.name)}", "likely", "told by the header")])
    if not found and draft.number and not set(draft.number.words) - {"project", "activity", "id", "identifier", "number", "no", "code", "ref", "reference"}:
        draft.add(f'other_identifiers = {{ column = {quoted(draft.number.name)}, type = "A1" }}', "likely", "its own project number, as texts name it")
    return found


def _status(draft: Draft) -> list[Section]:
    for column in draft.free():
        if column.has("status", "stage", "phase") and len(column.values) <= 30:
            codes = {value: status_code(value) for value in sorted(column.values)}
            lines = [(f"{quoted(value)} = {quoted(code or '?')}", "guess" if code else "asked", "its words" if code else "which IATI status?") for value, code in codes.items()]
            head = [("[fields.status]", "", ""), (f"column = {draft.take(column)}", "likely", "by its header")]
            return [head, [("[fields.status.values]", "", ""), *lines]]
    return []
