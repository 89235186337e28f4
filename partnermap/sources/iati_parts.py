"""The parts that activities and transactions of an IATI file share: texts, organizations, shares.

``report(field, reason)`` is told about every value that is left out or in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol

from partnermap.codes.countries import by_iso2
from partnermap.codes.lists import codelist
from partnermap.model import Named
from partnermap.sources.iati_codes import REGION_VOCABULARY, SECTOR_VOCABULARY, Codes
from partnermap.sources.values import amount, clean, iso_date, percentage, shown

Tell = Callable[[str, str], None]
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
AT_SOURCE = "Correct it at the source."


class Element(Protocol):
    """What is used of an lxml element."""

    tag: Any
    text: str | None

    def get(self, name: str) -> str | None: ...
    def find(self, path: str) -> Any: ...
    def iterchildren(self, *tags: str) -> Iterable[Any]: ...
    def itertext(self) -> Iterable[str]: ...
    def __iter__(self) -> Any: ...
    def __len__(self) -> int: ...


def text_of(element: Element) -> str:
    """All text in an element, whatever markup stands between, with single spaces."""
    if len(element):
        return clean("".join(element.itertext()))
    return clean(element.text)


def attribute(element: Element, name: str) -> str:
    """An attribute without spaces around it; empty when missing."""
    value = element.get(name)
    return value.strip() if value else ""


def language(tag: str | None) -> str:
    """The language alone of a language tag: ``en`` of ``EN`` and ``en-GB``."""
    return _language(tag) if tag else ""


@lru_cache(maxsize=1024)
def _language(tag: str) -> str:
    return tag.strip().replace("_", "-").split("-")[0].lower()


def narratives(element: Element, default: str) -> list[tuple[str, str]]:
    """(language, text) of an element: its narratives (2.0x), else its own text (1.0x)."""
    found = []
    own = language(element.get(LANG)) or default
    for child in element:
        if child.tag == "narrative":
            text = text_of(child)
            if text:
                found.append((language(child.get(LANG)) or own, text))
    if not found:
        text = text_of(element)
        if text:
            found.append((own, text))
    return found


def name_of(element: Element, default: str) -> str:
    """One name: the English one where there are several, else the first."""
    if not len(element):
        return text_of(element)
    found = narratives(element, default)
    return next((text for lang, text in found if lang == "en"), found[0][1]) if found else ""


def organization(element: Element, default: str, activity: str) -> Named:
    """An organization as written; ``activity`` names the attribute with its own activity."""
    named: Named = {}
    if ref := attribute(element, "ref"):
        named["ref"] = ref
    if name := name_of(element, default):
        named["name"] = name
    if kind := attribute(element, "type"):
        named["type"] = kind
    if activity and (own := attribute(element, activity)):
        named["activity"] = own
    return named


def share_of(element: Element, field: str, tell: Tell) -> str:
    """The percentage of a country, region or sector; empty when missing or refused."""
    text = attribute(element, "percentage")
    if not text:
        return ""
    try:
        return percentage(text)
    except ValueError as error:
        tell(field, f"{error}; the percentage is left out. {AT_SOURCE}")
        return ""


def add_country(element: Element, into: dict[str, Any], tell: Tell) -> None:
    """Add a recipient country to ``into["countries"]`` when its code exists."""
    code = attribute(element, "code").upper()
    if not code:
        tell("recipient-country", f"no country code; left out. {AT_SOURCE}")
    elif by_iso2(code) is None:
        tell("recipient-country", f"{shown(code)} is no ISO 3166 country code; left out. {AT_SOURCE}")
    else:
        _add(into, "countries", code=code, percentage=share_of(element, "recipient-country", tell))


def add_region(element: Element, into: dict[str, Any], tell: Tell) -> None:
    """Add a recipient region to ``into["regions"]``; one of the DAC list must be in it."""
    code = attribute(element, "code")
    vocabulary = _vocabulary(element, REGION_VOCABULARY, "recipient-region", tell)
    if not code:
        tell("recipient-region", f"no region code; left out. {AT_SOURCE}")
    elif vocabulary == "1" and code not in codelist("iati_region"):
        tell("recipient-region", f"{shown(code)} is no region of the DAC list; left out. {AT_SOURCE}")
    else:
        share = share_of(element, "recipient-region", tell)
        _add(into, "regions", code=code, vocabulary=vocabulary, percentage=share)


def add_sector(element: Element, default: str, into: dict[str, Any], tell: Tell) -> None:
    """Add a sector to ``into["sectors"]``; one without a code needs a name."""
    code, name = attribute(element, "code"), name_of(element, default)
    if not code and not name:
        tell("sector", f"neither code nor name; left out. {AT_SOURCE}")
        return
    vocabulary = _vocabulary(element, SECTOR_VOCABULARY, "sector", tell)
    share = share_of(element, "sector", tell)
    _add(into, "sectors", code=code, vocabulary=vocabulary, percentage=share, name=name)


def check_totals(element: Element, tell: Tell) -> None:
    """Report percentages of places, or of sectors of one vocabulary, that do not add up to 100."""
    totals: dict[str, list[str]] = {}
    for child in element.iterchildren("recipient-country", "recipient-region", "sector"):
        field = "recipient-country"
        if child.tag == "sector":
            vocabulary = attribute(child, "vocabulary")
            field = "sector" if vocabulary in ("", "1", "DAC") else f"sector of vocabulary {vocabulary}"
        totals.setdefault(field, []).append(attribute(child, "percentage"))
    for field, shares in totals.items():
        if not any(shares):
            continue
        total = Decimal(0)
        for share in filter(None, shares):
            try:
                total += Decimal(percentage(share))
            except ValueError:  # reported where the value itself is read
                break
        else:
            if total > 101 or (total < 99 and all(shares)):
                tell(field, f"percentages add up to {_plain(total)}, not 100; kept, and scaled to 100 when shares are taken.")


def code_in(codes: Codes, text: str, field: str, tell: Tell) -> str:
    """The code of 2.03, or empty with a report when the text is none."""
    if not text:
        return ""
    found = codes.find(text)
    if found is None:
        tell(field, f"{shown(text)} is no code of IATI's list; left out. {AT_SOURCE}")
    return found or ""


def _vocabulary(element: Element, codes: Codes, field: str, tell: Tell) -> str:
    text = attribute(element, "vocabulary")
    if not text:
        return "1"  # the standard's default in all three lists
    found = codes.find(text)
    if found is None:
        tell(field, f"{shown(text)} is no vocabulary of IATI's list; taken as the publisher's own (99).")
    return found or "99"


def date_in(text: str, field: str, tell: Tell) -> str:
    """An ISO date, or empty; one that is no date is reported."""
    if not text:
        return ""
    try:
        return iso_date(text)
    except ValueError as error:
        tell(field, f"date {error}; left out. {AT_SOURCE}")
        return ""


def amount_in(text: str) -> str:
    """An amount as decimal text; raises ``ValueError`` with the words for a report."""
    return amount(text)


def _add(into: dict[str, Any], key: str, **values: str) -> None:
    into.setdefault(key, []).append({name: value for name, value in values.items() if value})


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
