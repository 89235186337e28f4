"""Sector codes: which are valid, what they are called, and which UNECE area they touch."""

from __future__ import annotations

from partnermap.codes.lists import codelist, listed, rows
from partnermap.errors import NotFound

_WORDS = {"1": "crs_purpose_codes", "2": "crs_categories"}
AREA_RELATIONS = ("primary", "partial")  # "adjacent" is a chance to join forces, not the same field


def sector_name(vocabulary: str, code: str) -> str | None:
    """Name of an OECD DAC code (vocabulary 1 or 2); None where the list lacks it."""
    listed = _WORDS.get(vocabulary)
    return codelist(listed).get(code) if listed else None


@listed
def _areas() -> dict[str, tuple[tuple[str, float], ...]]:
    found: dict[str, list[tuple[str, float]]] = {}
    for row in rows("crosswalk_crs_unece"):
        if row["relation"] in AREA_RELATIONS:
            found.setdefault(row["crs_code"], []).append((row["subprogramme"], float(row["weight"])))
    return {code: tuple(sorted(links)) for code, links in found.items()}


def areas_of(code: str) -> tuple[tuple[str, float], ...]:
    """(area, weight 0 to 1) of a five-digit purpose code; empty where none is meant."""
    return _areas().get(code, ())


@listed
def area_names() -> dict[str, str]:
    """Area code to name: the eight subprogrammes."""
    return codelist("unece_subprogrammes")


def asked_area(text: str) -> str:
    """Code of the area that a person asks for by code or name.

    Raises
    ------
    NotFound
        If it is none.
    """
    for code, name in area_names().items():
        if text.casefold() in (code.casefold(), name.casefold()):
            return code
    raise NotFound(f"{text!r} is no area. Known: {', '.join(f'{c} ({n})' for c, n in area_names().items())}.")


@listed
def goal_names() -> dict[str, str]:
    """SDG number to short name."""
    return {r["code"]: r["short_name"] for r in rows("sdg_goals")}
