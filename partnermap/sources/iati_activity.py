"""One ``iati-activity`` element, of version 1.01 to 2.03, into what it says.

Both forms of each part are read wherever they stand, since files mix them. Elements in a
publisher's own namespace, and parts that the model does not hold (results, documents, contacts),
are passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from partnermap.model import ActivityContent
from partnermap.sources import iati_codes as codes
from partnermap.sources.iati_money import budget, transaction
from partnermap.sources.iati_parts import (
    AT_SOURCE,
    LANG,
    Element,
    Tell,
    add_country,
    add_region,
    add_sector,
    attribute,
    check_totals,
    code_in,
    date_in,
    language,
    name_of,
    narratives,
    organization,
    text_of,
)
from partnermap.sources.iati_places import location
from partnermap.sources.values import iso_moment, shown

TRUE = {"1", "true"}


class _Draft:
    """What has been read of one activity, and where to report."""

    def __init__(self, element: Element, tell: Tell) -> None:
        self.content: dict[str, Any] = {}
        self.tell = tell
        self.lang = language(element.get(LANG))
        self.currency = attribute(element, "default-currency").upper()

    def add(self, key: str, **values: str) -> None:
        self.content.setdefault(key, []).append({name: text for name, text in values.items() if text})


def read_activity(element: Element, tell: Tell) -> ActivityContent:
    """What an ``iati-activity`` element says.

    Parameters
    ----------
    element : the element, whole
    tell : called with field and reason for each value that is left out or in doubt
    """
    draft = _Draft(element, tell)
    for child in element:
        read = _PARTS.get(child.tag)
        if read is not None:
            read(child, draft)
    content = draft.content
    if not content.get("titles"):
        tell("title", f"no title; the activity is kept. {AT_SOURCE}")
    if not content.get("reporter"):
        tell("reporting-org", f"no reporting organization; the activity is kept. {AT_SOURCE}")
    _check_period(content, tell)
    check_totals(element, tell)
    hierarchy = attribute(element, "hierarchy")
    if hierarchy.isascii() and hierarchy.isdigit() and len(hierarchy) < 4:
        content["hierarchy"] = int(hierarchy)
    elif hierarchy:
        tell("hierarchy", f"{shown(hierarchy)} is no number; left out. {AT_SOURCE}")
    if updated := _updated(element, tell):
        content["updated"] = updated
    return cast(ActivityContent, content)


def _updated(element: Element, tell: Tell) -> str:
    text = attribute(element, "last-updated-datetime")
    if not text:
        return ""
    try:
        return iso_moment(text)
    except ValueError as error:
        tell("last-updated-datetime", f"{error}; left out. {AT_SOURCE}")
        return ""


def _check_period(content: dict[str, Any], tell: Tell) -> None:
    dates = content.get("dates", {})
    for basis in ("planned", "actual"):
        start, end = dates.get(f"{basis}_start"), dates.get(f"{basis}_end")
        if start and end and end < start:
            tell("activity-date", f"{basis} end {end} is before {basis} start {start}; the end is left out. {AT_SOURCE}")
            del dates[f"{basis}_end"]


def _identifier(element: Element, draft: _Draft) -> None:
    if text := "".join(element.itertext()).strip():
        draft.content.setdefault("identifier", text)


def _reporter(element: Element, draft: _Draft) -> None:
    if "reporter" in draft.content:
        draft.tell("reporting-org", f"a second reporting organization; left out. {AT_SOURCE}")
        return
    if named := organization(element, draft.lang, ""):
        draft.content["reporter"] = named
    if attribute(element, "secondary-reporter").lower() in TRUE:
        draft.content["secondary"] = True


def _title(element: Element, draft: _Draft) -> None:
    for lang, text in narratives(element, draft.lang):
        draft.add("titles", lang=lang, text=text)


def _description(element: Element, draft: _Draft) -> None:
    found = narratives(element, draft.lang)
    kind = code_in(codes.DESCRIPTION_TYPE, attribute(element, "type"), "description/type", draft.tell) if found else ""
    for lang, text in found:
        draft.add("descriptions", lang=lang, text=text, type=kind)


def _participant(element: Element, draft: _Draft) -> None:
    named = organization(element, draft.lang, "activity-id")
    label = named.get("name") or named.get("ref")
    if not label:
        draft.tell("participating-org", f"neither name nor reference; left out. {AT_SOURCE}")
        return
    role = codes.ROLE.find(attribute(element, "role"))
    if role is None:
        written = shown(attribute(element, "role"))
        what = f"role {written} is not in IATI's list" if written else "no role"
        draft.tell("participating-org", f"{what}; {shown(label)} is left out. {AT_SOURCE}")
        return
    draft.add("participants", role=role, **cast(dict[str, str], named))


def _status(element: Element, draft: _Draft) -> None:
    text = attribute(element, "code") or text_of(element)
    if code := code_in(codes.STATUS, text, "activity-status", draft.tell):
        draft.content.setdefault("status", code)


def _scope(element: Element, draft: _Draft) -> None:
    text = attribute(element, "code") or text_of(element)
    if code := code_in(codes.SCOPE, text, "activity-scope", draft.tell):
        draft.content.setdefault("scope", code)


def _date(element: Element, draft: _Draft) -> None:
    kind = codes.DATE_TYPE.find(attribute(element, "type"))
    text = attribute(element, "iso-date")
    if not text:  # 1.0x may hold the date as text; in 2.0x the text is a remark
        own = text_of(element) if element.find("narrative") is None else ""
        text = own if own[:4].isdigit() else ""
    if kind is None:
        written = shown(attribute(element, "type"))
        draft.tell("activity-date", f"{'type ' + written + ' is not in IATI' + chr(39) + 's list' if written else 'no type'}; {shown(text) or 'the date'} is left out. {AT_SOURCE}")
        return
    if not text:
        draft.tell("activity-date", f"no date for {kind.replace('_', ' ')}; left out. {AT_SOURCE}")
        return
    if day := date_in(text, "activity-date", draft.tell):
        known = draft.content.setdefault("dates", {}).setdefault(kind, day)
        if known != day:
            draft.tell("activity-date", f"a second {kind.replace('_', ' ')}, {day}, beside {known}; the second is left out. {AT_SOURCE}")


def _country(element: Element, draft: _Draft) -> None:
    add_country(element, draft.content, draft.tell)


def _region(element: Element, draft: _Draft) -> None:
    add_region(element, draft.content, draft.tell)


def _sector(element: Element, draft: _Draft) -> None:
    add_sector(element, draft.lang, draft.content, draft.tell)


def _budget(element: Element, draft: _Draft) -> None:
    if money := budget(element, draft.currency, draft.tell):
        draft.content.setdefault("budgets", []).append(money)


def _planned(element: Element, draft: _Draft) -> None:
    """Who is to pay and to receive; the amounts are forecasts, which no sum counts."""
    known = draft.content.setdefault("planned_parties", [])
    for side in ("provider", "receiver"):
        party = element.find(f"{side}-org")
        named = organization(party, draft.lang, f"{side}-activity-id") if party is not None else {}
        if named and (said := {"side": side, **named}) not in known:
            known.append(said)
    if not known:
        del draft.content["planned_parties"]


def _transaction(element: Element, draft: _Draft) -> None:
    if money := transaction(element, draft.currency, draft.lang, draft.tell):
        draft.content.setdefault("transactions", []).append(money)


def _related(element: Element, draft: _Draft) -> None:
    ref = attribute(element, "ref")
    if not ref:
        draft.tell("related-activity", f"no identifier; left out. {AT_SOURCE}")
        return
    kind = code_in(codes.RELATED_TYPE, attribute(element, "type"), "related-activity/type", draft.tell)
    draft.add("related", ref=ref, type=kind)


def _other_identifier(element: Element, draft: _Draft) -> None:
    ref = attribute(element, "ref")
    owner_ref, owner_name = attribute(element, "owner-ref"), attribute(element, "owner-name")
    owner = element.find("owner-org")
    if owner is not None:
        owner_ref = owner_ref or attribute(owner, "ref")
        owner_name = owner_name or name_of(owner, draft.lang)
    elif not ref:
        ref = text_of(element)  # 1.0x
    if not ref:
        draft.tell("other-identifier", f"no identifier; left out. {AT_SOURCE}")
        return
    kind = attribute(element, "type")
    draft.add("other_identifiers", ref=ref, type=kind, owner_ref=owner_ref, owner_name=owner_name)


def _policy_marker(element: Element, draft: _Draft) -> None:
    code = attribute(element, "code")
    if not code:
        draft.tell("policy-marker", f"no code; left out. {AT_SOURCE}")
        return
    written = attribute(element, "vocabulary")
    vocabulary = (codes.MARKER_VOCABULARY.find(written) or "99") if written else "1"
    draft.add("policy_markers", code=code, vocabulary=vocabulary, significance=attribute(element, "significance"))


def _tag(element: Element, draft: _Draft) -> None:
    code = attribute(element, "code")
    if not code:
        draft.tell("tag", f"no code; left out. {AT_SOURCE}")
        return
    draft.add("tags", code=code, vocabulary=attribute(element, "vocabulary") or "99")


def _location(element: Element, draft: _Draft) -> None:
    if place := location(element, draft.lang, draft.tell):
        draft.content.setdefault("locations", []).append(place)


_PARTS: dict[str, Callable[[Element, _Draft], None]] = {
    "iati-identifier": _identifier,
    "reporting-org": _reporter,
    "title": _title,
    "description": _description,
    "participating-org": _participant,
    "activity-status": _status,
    "activity-scope": _scope,
    "activity-date": _date,
    "recipient-country": _country,
    "recipient-region": _region,
    "sector": _sector,
    "budget": _budget,
    "planned-disbursement": _planned,
    "transaction": _transaction,
    "related-activity": _related,
    "other-identifier": _other_identifier,
    "policy-marker": _policy_marker,
    "tag": _tag,
    "location": _location,
}
