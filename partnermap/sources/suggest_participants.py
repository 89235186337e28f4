"""The lines of a proposed mapping for who takes part: the publisher, columns by their headers, funds among values."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from partnermap.codes.names import normalise
from partnermap.codes.organizations import KnownOrganization, known_organizations
from partnermap.sources.suggest_columns import Column, participant_role, separators
from partnermap.sources.suggest_draft import Draft, Line, Section, organisation_type, quoted
from partnermap.sources.table_organizations import listed_marks


def participants(draft: Draft) -> list[Section]:
    """Sections for organizations, those who carry out before those who pay."""
    org = draft.publisher
    by_role: dict[str, list[Column]] = {}
    for column in draft.free():
        if role := participant_role(column):
            by_role.setdefault(role, []).append(column)
    carried = by_role.get("implementing", [])
    carried.sort(key=lambda c: (not c.has("lead"), c.has("secondary")))
    sections: list[Section] = []
    if org:
        role = "funding" if org.kind == "fund" or carried else "implementing"
        lines = [("[[fields.participants]]", "", ""), (f'role = "{role}"', "guess", "the publisher itself"), (f"name = {quoted(org.name)}", "likely", "the publisher")]
        sections.append([*lines, (f"ref = {quoted(org.id)}", "likely", "its reference"), (f'type = "{organisation_type(org)}"', "likely", "its kind")])
    known = {text for column in carried for text in column.values}
    marks = "".join(mark for mark in "/,;" if any(mark in separators(column.values, known) for column in carried))
    for role in ("implementing", "counterpart", "funding"):
        for column in by_role.get(role, ()):
            lines = [("[[fields.participants]]", "", ""), (f'role = "{role}"', "likely", "by the header"), (f"column = {draft.take(column)}", "likely", "by the header")]
            sections.append(lines + _split(column, marks if role == "implementing" else "", role))
    return sections + _funders(draft)


def _split(column: Column, alone: str, role: str) -> list[Line]:
    """A line for the separators: those between names that stand alone in other rows, and between listed organizations."""
    between, sure = listed_marks(column.values, paying=role == "funding")
    if not (marks := "".join(mark for mark in "/,;" if mark in alone + between)):
        return []
    why = [*(["pieces stand alone in other rows"] if alone else []), *(["pieces are listed organizations"] if set(between) - set(alone) else [])]
    return [(f"split = {quoted(marks)}", "likely" if alone or sure else "guess", "; ".join(why))]


def _funders(draft: Draft) -> list[Section]:
    """A column of few values, some of which name a fund."""
    funds = [org for org, _ in known_organizations() if org.kind == "fund"]
    for column in draft.free():
        if len(column.values) > 40 or column.length > 60 or column.has("country", "status"):
            continue
        named = {value: org for value in sorted(column.values) if (org := _fund_in(value, funds)) and org is not draft.publisher}
        if named:
            lines = [(f"{quoted(value)} = {quoted(org.name)}", "likely" if org.acronym in value.split() else "guess", "its words") for value, org in named.items()]
            head = [("[[fields.participants]]", "", ""), ('role = "funding"', "likely", "some values name a fund"), (f"column = {draft.take(column)}", "likely", "some values name a fund")]
            return [[*head, ("listed_only = true", "likely", "other values name nobody")], [("[fields.participants.values]", "", ""), *lines]]
    return []


def _fund_in(value: str, funds: Sequence[KnownOrganization]) -> KnownOrganization | None:
    words = value.split()
    for org in funds:
        if len(org.acronym) > 2 and org.acronym in words:
            return org
    close = [(fuzz.token_set_ratio(normalise(value), normalise(org.name)), org) for org in funds]
    score, org = max(close, key=lambda item: item[0])
    return org if score >= 80 and len(words) > 1 else None
