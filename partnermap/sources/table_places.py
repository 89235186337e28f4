"""Where an activity takes place, from a table's cells: countries, words that mean a scope, places.

A country is found by its exact name or code or not at all; names that are nearly spelt right are
shown to a person and never taken.
"""

from __future__ import annotations

from partnermap.codes.countries import by_iso2, countries, country_words, find_country, find_group
from partnermap.codes.lists import listed
from partnermap.codes.misspelt import CLOSE
from partnermap.codes.names import normalise
from partnermap.sources.iati_codes import SCOPE
from partnermap.sources.mapping import Part
from partnermap.sources.table_draft import AT_SOURCE, Draft, split
from partnermap.sources.values import shown


def add_places(draft: Draft) -> None:
    for part in draft.parts("countries"):
        for word in country_pieces(part.value or draft.cell(part), part):
            _place(word, part, draft)
    for part in draft.parts("locations"):
        columns = {key: getattr(part, key) for key in ("admin1", "latitude", "longitude", "code")}
        values = {key: draft.cells[column] for key, column in columns.items() if column}
        if name := draft.cell(part):
            vocabulary = part.vocabulary if values.get("code") and part.vocabulary != "99" else ""
            draft.add("locations", name=name, vocabulary=vocabulary, **values)


def country_pieces(text: str, part: Part) -> list[str]:
    """What stands for a country in a cell, split at one separator after the other.

    What is a country's name as a whole, or up to the third separator, is not split again, so that
    "Korea, Republic of" and "Bosnia and Herzegovina" stay whole.
    """
    pieces = [text] if text else []
    for separator in part.split:
        pieces = [one for piece in pieces for one in _split_once(piece, separator, part)]
    return pieces


def _split_once(text: str, separator: str, part: Part) -> list[str]:
    if _is_country(text, part):
        return [text]
    pieces = split(text, (separator,))
    found: list[str] = []
    while pieces:
        for size in (4, 3, 2):
            together = separator.join(pieces[:size])
            if len(pieces) >= size and _is_country(together, part):
                break
        else:
            size, together = 1, pieces[0]
        found.append(together)
        del pieces[:size]
    return found


def _is_country(word: str, part: Part) -> bool:
    return part.form == "name" and (word.casefold() in part.values or find_country(word) is not None)


def _place(word: str, part: Part, draft: Draft) -> None:
    scope = part.scopes.get(word.casefold())
    meant = part.values.get(word.casefold(), word)
    group = find_group(meant) if part.form == "name" and find_country(meant) is None else None
    if group:  # of countries: a region, which never becomes a country
        region = {"code": group, "vocabulary": "group"}
        if region not in draft.content.setdefault("regions", []):
            draft.content["regions"].append(region)
    if scope:
        draft.content.setdefault("scope", SCOPE.find(scope))
        return
    if group:
        if part.value:  # the mapping says that it is meant
            return
        draft.tell(part.column, f"{shown(word)} is a group of countries; kept as a region, not as its countries. If that is meant, say so under scopes in the mapping.")
        return
    code = by_iso2(meant) if part.form == "iso2" else find_country(meant)
    if code is None:
        what = "no ISO 3166 country code" if part.form == "iso2" else "no country's name"
        draft.tell(part.column, f"{shown(word)} is {what}; left out. {_suggestion(meant, part) or AT_SOURCE}")
        return
    country = {"code": countries()[code].iso2}
    if country not in draft.content.setdefault("countries", []):
        draft.content["countries"].append(country)


def _suggestion(word: str, part: Part) -> str:
    """Names close to one that is unknown: shown, never taken."""
    found = close_names(word) if part.form == "name" else ()
    if not found:
        return ""
    return f"Is it {' or '.join(found)}? Correct it at the source, or write it under values in the mapping; nothing is taken without you."


@listed
def close_names(text: str) -> tuple[str, ...]:
    """Names of at most two countries that a text nearly spells, closest first: for a person to judge."""
    from rapidfuzz import fuzz, process

    head, comma, tail = text.partition(",")
    turned = find_country(f"{tail.strip()} {head}") if comma else None
    if turned:  # "Egypt, Arab Republic of"
        return (countries()[turned].name,)
    wanted = normalise(text)
    if len(wanted) < 4:
        return ()
    names = sorted(name for name in country_words() if find_country(name))
    found = process.extract(wanted, names, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=6)
    return tuple(dict.fromkeys(countries()[find_country(name) or ""].name for name, _, _ in found))[:2]
