"""Which date a column tells, or which two, and in which forms: several where a list mixes them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from partnermap.sources.mapping import QUESTION
from partnermap.sources.suggest_columns import Column, share
from partnermap.sources.table_dates import LONGEST, QUARTER, period_parts, read_date
from partnermap.sources.table_quarters import quarter_in
from partnermap.sources.values import shown

DATE_FORMATS = ("%Y-%m-%d", "%d-%b-%y", "%d-%b-%Y", "%d %B %Y", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%B %d, %Y", "%Y/%m/%d", "serial")
PART_FORMATS = ("%d.%m.%y", "%B %Y", "%b-%y", "%m.%Y", "%m/%Y", "%Y-%m", QUARTER, "%Y")  # beside whole dates
ALL_FORMATS = (*DATE_FORMATS, *PART_FORMATS)
_PERIOD_FORMS = tuple(form for form in ALL_FORMATS if form not in ("serial", "%Y-%m"))


def date_formats(column: Column) -> list[str]:
    """Forms in which nine of ten cells are dates; several where cells cannot tell day from month."""
    found = []
    for form in DATE_FORMATS:
        if form == "serial" and not column.has("date", "start", "end", "closing", "approval"):
            continue
        if share(_is_date(text, form) for text in column.sample()) >= 0.9:
            found.append(form)
    return found


def mixed_formats(column: Column, forms: Sequence[str] = ALL_FORMATS) -> tuple[list[str], list[str]]:
    """Forms that read the cells of a column together, and the cells that none reads.

    ``"?"`` stands for day and month where cells cannot tell them apart.
    """
    left = column.sample()
    slashed = [text for text in left if _is_date(text, "%m/%d/%Y") or _is_date(text, "%d/%m/%Y")]
    american, european = (all(_is_date(text, form) for text in slashed) for form in ("%m/%d/%Y", "%d/%m/%Y"))
    found = []
    for form in forms:
        if form == "%m/%d/%Y" and european and not american:
            continue
        if read := {text for text in left if _is_date(text, form)}:
            found.append("?" if form == "%m/%d/%Y" and european else form)
            left = [text for text in left if text not in read]
    return found, left


def _is_date(text: str, form: str) -> bool:
    try:
        read_date(text, (form,))
    except ValueError:
        return False
    return form == "%Y-%m-%d" or not text[4:5] == "-" == text[7:8]


def date_field(column: Column) -> str | None:
    """Which date a header names, or None."""
    basis = "actual" if column.has("actual") else "planned"
    if column.has("end", "closing", "closure", "completion", "close", "finish"):
        return f"{basis}_end"
    if column.has("start", "begin", "beginning", "commencement", "effectiveness"):
        return f"{basis}_start"
    return "approval" if column.has("approval", "approved", "board", "signature", "signing", "signed", "award") else None


@dataclass(frozen=True)
class DateForms:
    """The forms of a column's dates, and how sure they are."""

    formats: tuple[str, ...]
    confidence: str
    why: str


def date_forms(column: Column, forms: Sequence[str] = ALL_FORMATS) -> DateForms | None:
    """Forms for a column whose header names a date; None where no cell is one and few hold a digit."""
    alone = date_formats(column)
    if len(alone) == 1:
        return DateForms((alone[0],), "likely", "header and cells agree")
    if alone:
        return DateForms((QUESTION,), "asked", "day and month cannot be told apart")
    mixed, left = mixed_formats(column, forms)
    lacking, size = (sum(column.values[text] for text in texts) for texts in (left, column.sample()))
    others = f"; {lacking:,} of {size:,} in none of them: {shown(left[0])}" if left else ""
    if QUESTION in mixed:
        return DateForms((QUESTION,), "asked", f"day and month cannot be told apart; other cells are {', '.join(form for form in mixed if form != QUESTION) or 'alike'}{others}")
    if mixed and lacking < 0.5 * size:
        return DateForms(tuple(mixed), "guess" if left else "likely", f"{'dates of several forms' if len(mixed) > 1 else 'header and cells agree'}{others}")
    if share(any(sign.isdigit() for sign in text) for text in column.sample()) >= 0.5:
        return DateForms((QUESTION,), "asked", f"dates by the header; in which form is {shown(column.sample()[0])}?")
    return None


def period_forms(column: Column) -> DateForms | None:
    """Forms of the dates in a column that tells start and end together; None where most cells do not.

    A header that names a period is enough where some cells are one year or month, or where they are quarters.
    """
    sample = column.sample()
    if column.length > LONGEST or share(any(sign.isdigit() for sign in text) for text in sample) < 0.5:
        return None
    # "2019-12" may be a month or two years, so it is a month only where two of its kind stand together
    for month in ((), ("%Y-%m",)):
        forms = (*_PERIOD_FORMS, *month)
        dates, two, one = Column(column.name), 0, 0
        for text in sample:
            parts: tuple[str, ...] = (text,)
            with suppress(ValueError):
                parts = period_parts(text, lambda part: any(_is_date(part, form) for form in forms))  # noqa: B023 - called at once
            two, one = two + (len(set(parts)) == 2), one + (len(parts) == 2)
            for part in filter(None, parts):
                dates.add(part)
        by_header = column.has("period") and (two or (any(map(quarter_in, sample)) and not date_field(column)))
        if two >= 0.5 * len(sample) or (by_header and one >= 0.5 * len(sample)):
            return date_forms(dates, forms)
    return None
