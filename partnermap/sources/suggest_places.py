"""The lines of a proposed mapping for countries and places, with what words mean that are no country."""

from __future__ import annotations

import re
from collections.abc import Sequence

from partnermap.codes.countries import countries, country_named, find_country
from partnermap.sources.suggest_columns import (
    OLD_CODES,
    Column,
    country_column,
    is_country,
    scope_code,
)
from partnermap.sources.suggest_draft import Draft, Line, Section, quoted
from partnermap.sources.table_draft import split
from partnermap.sources.table_places import close_names


def add_countries(draft: Draft) -> list[Section]:
    """A line for the countries, or sections where words need meanings; asked where no column tells them."""
    best = country_column([c for c in draft.columns if c.name not in draft.used or c.has("country", "countries")])
    if best is None:
        _add_constant(draft)
        return []
    _, form, column = best
    name = draft.take(column)
    marks = _country_marks(column, form)
    pieces = sorted({p for text in column.values for p in ([text] if is_country(text, form) else split(text, marks))})
    values, scopes = _meanings(draft, [p for p in pieces if not is_country(p, form)], form, column)
    options = [f"column = {name}", *([f"split = {_split(marks)}"] if marks else []), f'form = "{form}"']
    why = f"{best[0]:.0%} of its cells hold a country's {'code' if form == 'iso2' else 'name'}"
    if not values and len(scopes) < 2:
        options += [f"scopes = {{ {quoted(word)} = {quoted(code)} }}" for word, (code, _, _) in scopes.items()]
        draft.add(f"countries = {{ {', '.join(options)} }}", "sure", why)
        return []
    sections: list[Section] = [[("[fields.countries]", "", ""), *((option, "sure", why) for option in options)]]
    for key, found in (("values", values), ("scopes", scopes)):
        if found:
            sections.append([(f"[fields.countries.{key}]", "", ""), *((f"{quoted(w)} = {quoted(code)}", confidence, why) for w, (code, confidence, why) in found.items())])
    return sections


def _add_constant(draft: Draft) -> None:
    """A line for the one country of a list without such a column: as the rows above the header name it, else asked."""
    named = {code: name for text in draft.above() for code, name in countries_in(text).items()}
    if len(named) == 1:
        ((code, name),) = named.items()
        draft.add(f'countries = {{ value = "{countries()[code].iso2}" }}', "guess", f"no column tells a country; “{name}” stands above the header")
    else:
        draft.add('countries = { value = "?" }', "asked", "no column tells a country; its ISO code, or take the line out where the activities have several")


def countries_in(text: str) -> dict[str, str]:
    """Countries that a text names, by alpha-3 code, as it writes them: exact names, the longest first, never codes.

    >>> countries_in("OSCE projects in the Kyrgyz Republic and in Tajikistan")
    {'KGZ': 'Kyrgyz Republic', 'TJK': 'Tajikistan'}
    """
    words = re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", text)
    found: dict[str, str] = {}
    at = 0
    while at < len(words):
        for size in range(min(6, len(words) - at), 0, -1):
            name = " ".join(words[at : at + size])
            if len(name) > 3 and name[0].isupper() and (code := country_named(name)):
                found.setdefault(code, name)
                break
        else:
            size = 1
        at += size
    return found


def _meanings(draft: Draft, words: Sequence[str], form: str, column: Column) -> tuple[dict[str, Line], dict[str, Line]]:
    """Codes for words that are no country, and scopes; a code that nothing explains is asked."""
    values: dict[str, Line] = {}
    scopes: dict[str, Line] = {}
    beside = draft.companion(column) if form == "iso2" else {}
    for word in words:
        names = beside.get(word, [])
        alone = {find_country(name) for name in names if name} - {None}
        around = sorted(code for name in names if (code := scope_code(name)))
        if code := scope_code(word):
            scopes[word] = (code, "likely", "no country's name, but a region's")
        elif form == "name":
            if close := close_names(word):
                iso3 = find_country(close[0]) or ""
                values[word] = (countries()[iso3].iso2, "guess", f"close to {close[0]}")
        elif word.upper() in OLD_CODES:
            values[word] = (OLD_CODES[word.upper()], "likely", "a code that ISO has withdrawn")
        elif len(alone) == 1 and not any(c.isdigit() for c in word):
            values[word] = (countries()[str(alone.pop())].iso2, "likely", "the name beside it")
        elif any(c.isdigit() for c in word):
            scopes[word] = (max(sorted(set(around)), key=around.count), "likely", "the word beside it") if around else ("2", "guess", "a code beside others, of no country")
        else:
            values[word] = ("?", "asked", "no ISO code; which country?")
    return values, scopes


def add_locations(draft: Draft) -> None:
    """A line for places with coordinates."""
    by_word = {" ".join(c.words): c for c in draft.free()}
    wanted = {"column": ("geoname", "location", "location name", "place", "site", "city"), "admin1": ("adm1", "admin1", "province", "oblast"), "latitude": ("latitude", "lat"), "longitude": ("longitude", "lon", "lng"), "code": ("geonameid", "geoname id")}
    found = {key: column for key, names in wanted.items() if (column := next((by_word[n] for n in names if n in by_word), None))}
    if "column" in found and "latitude" in found:
        options = [f"{key} = {draft.take(column)}" for key, column in found.items()] + (['vocabulary = "G1"'] if "code" in found else [])
        draft.add(f"locations = {{ {', '.join(options)} }}", "likely", "places with coordinates")


def _country_marks(column: Column, form: str) -> list[str]:
    """Separators at which cells fall into countries; "and" where a mark alone leaves two together."""

    def parts_countries(mark: str, text: str) -> bool:
        return mark in text and not is_country(text, form) and sum(is_country(p, form) for p in split(text, [mark])) > 1

    marks = [mark for mark in ";,/" if any(parts_countries(mark, text) for text in column.values)]
    pieces = {p for text in column.values for p in ([text] if is_country(text, form) else split(text, marks))} if form == "name" else set()
    return marks + [word for word in (" and ", " & ", " и ", " et ", " y ", " und ", " + ") if any(parts_countries(word, piece) for piece in pieces)]


def _split(marks: Sequence[str]) -> str:
    """Separators as a mapping writes them: single signs as one text."""
    return quoted("".join(marks)) if all(len(mark) == 1 for mark in marks) else f"[{', '.join(map(quoted, marks))}]"
