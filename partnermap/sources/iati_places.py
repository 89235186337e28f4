"""A ``location`` of an IATI activity, in the form of 1.0x or of 2.0x."""

from __future__ import annotations

from functools import lru_cache

from partnermap.codes.countries import by_iso2
from partnermap.sources.iati_codes import place_vocabulary
from partnermap.sources.iati_parts import AT_SOURCE, Element, Tell, attribute, name_of, text_of
from partnermap.sources.values import amount, shown

_COUNTRY_CODES = "A4"  # the gazetteer vocabulary whose codes are ISO countries


def location(element: Element, lang: str, tell: Tell) -> dict[str, str]:
    """Name, code, area, country, class and coordinates, as far as they are given."""
    place: dict[str, str] = {}
    for child in element:
        tag = child.tag
        if tag == "name":
            place["name"] = name_of(child, lang)
        elif tag == "location-id":
            place["code"] = attribute(child, "code")
            place["vocabulary"] = place_vocabulary(attribute(child, "vocabulary"))
        elif tag == "gazetteer-entry":  # 1.01 to 1.03
            place.setdefault("code", text_of(child))
            place.setdefault("vocabulary", place_vocabulary(attribute(child, "gazetteer-ref")))
        elif tag == "administrative":
            _administrative(child, place)
        elif tag == "location-class":
            place["class"] = attribute(child, "code")
        elif tag == "coordinates":  # 1.0x
            _coordinates(attribute(child, "latitude"), attribute(child, "longitude"), place, tell)
        elif tag == "point":
            _point(child, place, tell)
    if place.get("vocabulary") == _COUNTRY_CODES and by_iso2(place.get("code", "")):
        place.setdefault("country", place["code"].upper())
    return {key: text for key, text in place.items() if text}


def _administrative(element: Element, place: dict[str, str]) -> None:
    country, code = attribute(element, "country").upper(), attribute(element, "code")
    if not country and attribute(element, "vocabulary") == _COUNTRY_CODES:
        country = code.upper()
    if country and by_iso2(country):
        place["country"] = country
    if attribute(element, "level") == "1" and code:
        place["admin1"] = code
    elif not attribute(element, "level"):  # 1.01 to 1.03: codes in attributes, names as text
        place.setdefault("admin1", attribute(element, "adm1") or text_of(element))


def _point(element: Element, place: dict[str, str], tell: Tell) -> None:
    position = element.find("pos")
    text = text_of(position) if position is not None else ""
    if not text:
        return
    parts = text.replace(",", " ").split()
    if len(parts) != 2:
        tell("location", f"{shown(text)} is no pair of coordinates; left out. {AT_SOURCE}")
        return
    _coordinates(parts[0], parts[1], place, tell)


def _coordinates(latitude: str, longitude: str, place: dict[str, str], tell: Tell) -> None:
    if not latitude and not longitude:
        return
    try:
        place["latitude"], place["longitude"] = _degrees(latitude, 90), _degrees(longitude, 180)
    except ValueError:
        place.pop("latitude", None)
        tell("location", f"latitude {shown(latitude)}, longitude {shown(longitude)} is no place on Earth; left out. {AT_SOURCE}")


@lru_cache(maxsize=65_536)
def _degrees(text: str, most: int) -> str:
    degrees = amount(text)
    if abs(float(degrees)) > most:
        raise ValueError
    return degrees
