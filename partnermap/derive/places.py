"""Where and about what: countries, regions, places, sectors, areas and goals with their shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from partnermap.codes import countries, sectors
from partnermap.codes.lists import codelist
from partnermap.codes.names import normalise
from partnermap.derive.context import Said
from partnermap.model import GraphRows

Key = tuple[str, str]  # (label or vocabulary, code)
_OUTGOING = ("2", "3", "4")
_GOAL_SECTORS = {"7": "2", "8": "3"}  # sector vocabulary of SDGs to that of tags


@dataclass(frozen=True)
class Located:
    """Country and region ids of an activity, and what other records say instead."""

    countries: tuple[str, ...]
    regions: tuple[str, ...]
    differing: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (dataset, countries)


def shares(stated: Sequence[tuple[Key, Decimal | None]]) -> dict[Key, tuple[float, str]]:
    """Shares that add up to 1, each with its basis.

    Percentages within one point of 100 are ``stated``; other totals are scaled (``normalised``);
    entries without a percentage share equally what is left (``equal``), or everything equally
    where nothing is left. Repeated keys are added up.
    """
    known: dict[Key, Decimal] = {}
    missing: list[Key] = []
    for key, percent in stated:
        if percent is None:
            missing.append(key)
        else:
            known[key] = known.get(key, Decimal(0)) + percent
    missing = sorted(set(missing) - known.keys())
    total = sum(known.values(), Decimal(0))
    left = Decimal(100) - total
    if missing and (not known or left <= 1):
        keys = sorted([*known, *missing])
        return {key: (1 / len(keys), "equal") for key in keys}
    if total <= 0 and not missing:
        return {key: (1 / len(known), "equal") for key in sorted(known)}
    whole = total if not missing else Decimal(100)
    basis = "stated" if missing or abs(left) <= 1 else "normalised"
    found = {key: (float(percent / whole), basis) for key, percent in known.items()}
    found.update({key: (float(left / 100 / len(missing)), "equal") for key in missing})
    return dict(sorted(found.items()))


def _percent(entry: Mapping[str, Any]) -> Decimal | None:
    text = entry.get("percentage", "")
    return Decimal(text) if text else None


def _country_keys(content: Mapping[str, Any]) -> list[tuple[Key, Decimal | None]]:
    found: list[tuple[Key, Decimal | None]] = []
    for entry in content.get("countries", []):
        if iso3 := countries.by_iso2(entry.get("code", "")):
            found.append((("Country", iso3), _percent(entry)))
    for entry in content.get("regions", []):
        if region := countries.region_id(entry.get("code", ""), entry.get("vocabulary", "")):
            found.append((("CountryGroup", region), _percent(entry)))
    return found


def _sector_keys(content: Mapping[str, Any]) -> list[tuple[Key, Decimal | None]]:
    found: list[tuple[Key, Decimal | None]] = []
    for entry in content.get("sectors", []):
        vocabulary, code = entry.get("vocabulary", "1") or "1", entry.get("code", "")
        if vocabulary in ("1", "2") and sectors.sector_name(vocabulary, code) is None:
            continue  # an invalid code says nothing; the record keeps it
        if code or entry.get("name"):
            found.append(((vocabulary, code or normalise(entry["name"])), _percent(entry)))
    return found


def _weighted(
    content: Mapping[str, Any], keys: Callable[[Mapping[str, Any]], list[tuple[Key, Decimal | None]]]
) -> list[tuple[Key, Decimal | None]]:
    """The keys of the transactions, each weighted by its share of the outgoing amounts."""
    amounts: dict[Key, Decimal] = {}
    transactions = content.get("transactions", [])
    types = next((t for t in _OUTGOING if any(x.get("type") == t and keys(x) for x in transactions)), "")
    for item in transactions:
        if types and item.get("type") != types:
            continue
        found = keys(item)
        for key, _ in found:
            amount = max(Decimal(0), Decimal(item.get("value", "0")))
            amounts[key] = amounts.get(key, Decimal(0)) + amount / len(found)
    total = sum(amounts.values(), Decimal(0))
    return [(key, 100 * amount / total if total else None) for key, amount in sorted(amounts.items())]


def place_rows(graph: GraphRows, activity: str, said: list[Said]) -> Located:
    """Add where the activity takes place and what it is about; countries and regions come back.

    Countries and regions come from the first record that states any, else from the first whose
    transactions do.
    """
    end = ("Activity", activity)
    located = _locate(graph, activity, said)
    for item in said:
        if _places(graph, activity, item):
            break
    _sectors(graph, end, said)
    goals = {(g, t["vocabulary"]) for s in said for t in s.content.get("tags", []) if (g := _goal(t))}
    for goal, vocabulary in sorted(goals):
        graph.relate("CONTRIBUTES_TO", end, ("Goal", goal), basis=f"tag vocabulary {vocabulary}")
    return located


def _locate(graph: GraphRows, activity: str, said: list[Said]) -> Located:
    answers: list[tuple[str, dict[Key, tuple[float, str]]]] = []
    for find in (_country_keys, lambda c: _weighted(c, _country_keys)):
        for item in said:
            if stated := find(item.content):
                answers.append((item.record.dataset, shares(stated)))
        if answers:
            break
    if not answers:
        return Located((), ())
    first = answers[0][1]
    for (label, code), (share, basis) in first.items():
        graph.relate("LOCATED_IN", ("Activity", activity), (label, code), share=share, share_basis=basis)

    def codes(keys: Mapping[Key, Any], wanted: str) -> tuple[str, ...]:
        return tuple(code for label, code in keys if label == wanted)

    mine = codes(first, "Country")
    differing = tuple(
        (dataset, codes(keys, "Country")) for dataset, keys in answers[1:] if codes(keys, "Country") not in ((), mine)
    )
    if differing:
        differing = ((answers[0][0], mine), *differing)
    return Located(mine, codes(first, "CountryGroup"), differing)


def _places(graph: GraphRows, activity: str, item: Said) -> bool:
    found = {}
    for entry in item.content.get("locations", []):
        name = entry.get("name", "").strip()
        if not name or countries.find_country(name) or normalise(name) in countries.country_words():
            continue  # the country itself is no place inside it
        code = entry.get("code", "")
        key = f"{entry.get('vocabulary', '') or 'place'}:{code}" if code else f"name:{normalise(name)}"
        found[key] = (name, entry.get("admin1", ""))
    for key, (name, admin1) in sorted(found.items()):
        graph.node("Place", id=key, name=name, admin1=admin1)
        graph.relate("LOCATED_IN", ("Activity", activity), ("Place", key), share=None, share_basis="")
    return bool(found)


def _sectors(graph: GraphRows, end: tuple[str, str], said: list[Said]) -> None:
    union: dict[Key, tuple[float, str]] = {}
    names: dict[Key, str] = {}
    for item in said:
        stated = _sector_keys(item.content) or _weighted(item.content, _sector_keys)
        for vocabulary in sorted({key[0] for key, _ in stated}):
            own = vocabulary if vocabulary in codelist("iati_sector_vocabulary") and vocabulary not in ("98", "99") else f"{vocabulary}@{item.reporter}"
            for (_, code), stated_share in shares([s for s in stated if s[0][0] == vocabulary]).items():
                union.setdefault((own, code), stated_share)
        for entry in item.content.get("sectors", []):
            code = entry.get("code") or normalise(entry.get("name", ""))
            names.setdefault((entry.get("vocabulary", "1") or "1", code), entry.get("name", ""))
    areas: dict[str, float] = {}
    for vocabulary in sorted({key[0] for key in union}):
        total = sum(share for key, (share, _) in union.items() if key[0] == vocabulary)
        plain = vocabulary.split("@")[0]
        for (_, code), (share, basis) in sorted(i for i in union.items() if i[0][0] == vocabulary):
            name = sectors.sector_name(plain, code) or names.get((plain, code)) or code
            graph.node("Sector", id=f"{vocabulary}:{code}", name=name)
            graph.relate("IN_SECTOR", end, ("Sector", f"{vocabulary}:{code}"), share=share / total, share_basis=basis)
            for area, weight in sectors.areas_of(code) if plain == "1" else ():
                areas[area] = areas.get(area, 0.0) + weight * share / total
            goal = _goal({"code": code, "vocabulary": _GOAL_SECTORS.get(plain, "")})
            if goal:
                graph.relate("CONTRIBUTES_TO", end, ("Goal", goal), basis=f"sector vocabulary {plain}")
    for area, weight in sorted(areas.items()):
        graph.relate("IN_AREA", end, ("Area", area), weight=weight, basis="purpose code")


def _goal(tag: Mapping[str, str]) -> str | None:
    number = tag.get("code", "").split(".")[0]
    known = tag.get("vocabulary") in ("2", "3") and number in sectors.goal_names()
    return f"SDG:{number}" if known else None
