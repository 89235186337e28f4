"""Countries, groups, regions and borders: exact look-ups, never a guess."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from partnermap.codes.lists import codelist, listed, rows
from partnermap.codes.misspelt import CLOSE, did_you_mean
from partnermap.codes.names import normalise
from partnermap.errors import NotFound

# Short codes for finding numbers, smallest group first where two hold the same countries.
GROUP_CODES = {
    "central_asia": "CAS",
    "south_caucasus": "SCA",
    "western_balkans": "WBA",
    "eaeu": "EAEU",
    "eastern_partnership": "EAP",
    "speca": "SPECA",
    "eu_candidate": "EUC",
    "carec": "CAREC",
    "southern_neighbourhood": "SNB",
    "cis": "CIS",
    "eecca": "EECCA",
    "transition": "TRANS",
    "eu_member": "EU",
    "unece_member": "UNECE",
    "osce": "OSCE",
}
GLOBAL_REGION = "dac:998"


@dataclass(frozen=True)
class Country:
    """A row of ``countries.csv``."""

    iso3: str
    iso2: str
    name: str


@listed
def countries() -> dict[str, Country]:
    """Every country by alpha-3 code."""
    return {r["iso3"]: Country(r["iso3"], r["iso2"], r["name"]) for r in rows("countries")}


@listed
def _iso2() -> dict[str, str]:
    return {country.iso2: country.iso3 for country in countries().values()}


def by_iso2(code: str) -> str | None:
    """Alpha-3 code of an alpha-2 code in any case, or None."""
    return _iso2().get(code.strip().upper())


@listed
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("country_names_cldr", "country_names_official"):
        for row in rows(name):
            found.setdefault(normalise(row["name"]), row["iso3"])
    for row in rows("countries"):
        for name in [row["name"], *filter(None, row["aliases"].split("|"))]:
            found[normalise(name)] = row["iso3"]
    return found


def find_country(text: str) -> str | None:
    """Alpha-3 code of a code or an exact name in any of twelve languages, or None."""
    stripped = text.strip()
    if stripped.upper() in countries():
        return stripped.upper()
    if len(stripped) == 2 and by_iso2(stripped):
        return by_iso2(stripped)
    return _by_name().get(normalise(stripped))


def country_named(text: str) -> str | None:
    """Alpha-3 code of an exact name in any of twelve languages, never of a code; None for others."""
    return _by_name().get(normalise(text))


def country_names() -> dict[str, str]:
    """Normalised names in any of twelve languages to alpha-3 codes; not to be changed."""
    return _by_name()


def close_names(text: str) -> tuple[str, ...]:
    """English names of up to two countries that a misspelt name may mean: to show, never to take.

    Empty for a name that is known, as a country's or as a region's.
    """
    from rapidfuzz import fuzz, process

    wanted = normalise(text)
    if not wanted or wanted in country_words():
        return ()
    hits = process.extract(wanted, list(_by_name()), scorer=fuzz.ratio, score_cutoff=CLOSE, limit=8)
    found = dict.fromkeys(countries()[_by_name()[name]].name for name, *_ in hits)
    return tuple(found)[:2]


def asked_country(text: str) -> str:
    """Alpha-3 code of the country that a person asks for.

    Raises
    ------
    NotFound
        If it is none, with what a misspelt name may mean; that is never taken.
    """
    if code := find_country(text):
        return code
    if group := find_group(text):
        advice = f"It is a group: --group {group}"
    else:
        advice = did_you_mean(close_names(text)) or "Give a name, or a code such as KGZ or KG."
    raise NotFound(f"{text!r} is no country. {advice}")


def asked_group(text: str) -> str:
    """Id of the group of countries that a person asks for; raises as ``asked_country``."""
    if group := find_group(text):
        return group
    if code := find_country(text):
        raise NotFound(f"{text!r} is no group of countries. It is a country: --country {countries()[code].name}")
    from rapidfuzz import fuzz, process

    names = {normalise(name): group for group, (name, _) in groups().items()} | {normalise(group): group for group in groups()}
    close = dict.fromkeys(names[name] for name, *_ in process.extract(normalise(text), list(names), scorer=fuzz.ratio, score_cutoff=CLOSE, limit=4))
    asked = did_you_mean(list(close)[:2]) or f"Known: {', '.join(groups())}."
    raise NotFound(f"{text!r} is no group of countries. {asked}")


@listed
def country_words() -> frozenset[str]:
    """Words and phrases (normalised) that name countries, regions or peoples: places, not topics."""
    names = set(_by_name())
    for row in rows("region_aliases"):
        names.update(normalise(n) for n in [row["name"], *filter(None, row["aliases"].split("|"))])
    return frozenset(names)


@listed
def official_names() -> frozenset[str]:
    """Names (normalised) of ``country_words`` that hold words of states ("federation", "republic") besides a place's."""
    short = {normalise(row["name"]) for row in rows("country_names_cldr")}
    short |= {normalise(name) for row in rows("countries") for name in [row["name"], *row["aliases"].split("|")]}
    return frozenset(normalise(row["name"]) for row in rows("country_names_official")) - short


@listed
def groups() -> dict[str, tuple[str, frozenset[str]]]:
    """Group id to (name, alpha-3 codes)."""
    members: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for row in rows("country_groups"):
        members.setdefault(row["group"], set()).add(row["iso3"])
        names[row["group"]] = row["group_name"]
    return {group: (names[group], frozenset(codes)) for group, codes in sorted(members.items())}


def find_group(text: str) -> str | None:
    """Id of a group by id, short code, name or alias, or None."""
    wanted = normalise(text)
    for group, (name, _) in groups().items():
        if wanted in {normalise(group), normalise(name), normalise(GROUP_CODES.get(group, group))}:
            return group
    for row in rows("region_aliases"):
        names = {normalise(n) for n in [row["name"], *row["aliases"].split("|")]}
        if row["group"] and wanted in names:
            return row["group"]
    return None


def smallest_common_group(codes: Collection[str]) -> str | None:
    """Id of the smallest group with a short code that holds all these countries, or None."""
    wanted = set(codes)
    holding = [(len(groups()[g][1]), g) for g in GROUP_CODES if wanted <= groups()[g][1]]
    return min(holding)[1] if wanted and holding else None


def number_prefix(codes: Collection[str], scopes: Iterable[str]) -> str:
    """Prefix of a finding's number: the country, the smallest common group, else REG or GLO."""
    if len(codes) == 1:
        return next(iter(codes))
    group = smallest_common_group(codes)
    if group:
        return GROUP_CODES[group]
    return "GLO" if not codes and "global" in set(scopes) else "REG"


@listed
def _dac_groups() -> dict[str, str]:
    return {r["dac_region"]: r["group"] for r in rows("region_aliases") if r["dac_region"] and r["group"]}


def region_id(code: str, vocabulary: str) -> str | None:
    """CountryGroup id of a code of the OECD DAC list (vocabulary 1) or of our groups ("group"), or None."""
    code = code.strip()
    if vocabulary == "group":
        return code if code in groups() else None
    if vocabulary not in ("", "1") or code not in codelist("iati_region"):
        return None
    return _dac_groups().get(code, f"dac:{code}")


@listed
def region_names() -> dict[str, str]:
    """CountryGroup id to name: the groups, and the DAC regions that are no group."""
    names = {group: name for group, (name, _) in groups().items()}
    for code, name in codelist("iati_region").items():
        names.setdefault(_dac_groups().get(code, f"dac:{code}"), name)
    return names


@listed
def borders() -> frozenset[tuple[str, str]]:
    """Pairs of alpha-3 codes that share a land border, smaller code first."""
    return frozenset((min(p), max(p)) for p in ((r["iso3_a"], r["iso3_b"]) for r in rows("borders")))
