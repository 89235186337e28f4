"""Who is meant: organizations by reference, name and alias from the lists.

Resolution looks at one mention and the lists alone, never at what other files call somebody, so
that the order of imports cannot matter. Only what is certain merges: a listed reference, or a name
that is on a list as a whole. A registered reference of no list stays by itself, whatever name it
carries; what people decide comes on top (:mod:`partnermap.derive.identity`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from partnermap.codes.countries import countries, country_named, country_names
from partnermap.codes.lists import listed, lists_in_use, rows
from partnermap.codes.name_words import same_words
from partnermap.codes.names import normalise
from partnermap.codes.organization_lists import (
    KINDS,
    LOCAL,
    KnownOrganization,
    channel_categories,
    is_public,
    name_key,
    organization_lists,
    register_number,
)

__all__ = [
    "IN_BRACKETS",
    "KnownOrganization",
    "Resolved",
    "acronyms_of",
    "find_by_name",
    "initials",
    "is_registered",
    "known_organization",
    "known_organizations",
    "organization_acronyms",
    "own_key",
    "parents_of",
    "rank",
    "register_number",
    "resolve",
    "scope_of",
    "stands_for",
]

IN_BRACKETS = re.compile(r"^(.*?)\s*\(([^()]+)\)\s*$")  # "Name (ACRONYM)"
_BEFORE = re.compile(r"^([A-Z][\w.]+)(?:\s*[-–—/|]\s*|\s+)(\S+\s.*)$")
_BEHIND = re.compile(r"^(.*\S)(?:\s*[-–—/|,]\s*|\s+)([A-Z][\w.]+)$")
_PARTS = re.compile(r"\s+[-–—|]\s+|\s*[|/]\s*|(?<=\S),\s+")
# of a register of organizations ("GB-CHC-202918"), or of the codes of donors before it ("GB-1")
_REGISTERED = re.compile(r"^[A-Z]{2}-[A-Z0-9_]+(-.+)?$|^(XM|XI)-.+$")
_GOVERNMENT = re.compile(
    r"^(?:recipient )?(?:government|govt|gvt|gov|gobierno|gouvernement|kingdom|governo|regierung)\s(?:of|de|du|da|des|del|der)?\s*(.+)$"
    r"|^(.+?)\s(?:government(?: of)?|govt)$"
)
_TITLE_BEHIND = re.compile(r"\s(?:republic|federation|kingdom|state)(?: of)?$")


@dataclass(frozen=True)
class Resolved:
    """The organization a mention means, and by what: reference, other-reference, name, itself."""

    organization: KnownOrganization
    by: str


@listed
def organization_acronyms() -> frozenset[str]:
    """Acronyms of listed organizations, and other names in capitals without a space."""
    found: set[str] = set()
    for row in rows("organizations"):
        found.update(n for n in [row["acronym"], *row["aliases"].split("|")] if n.isupper() and " " not in n)
    return frozenset(found)


def known_organization(org_id: str) -> KnownOrganization | None:
    """The listed organization with this id, or None."""
    return organization_lists().known.get(org_id)


def known_organizations() -> Iterator[tuple[KnownOrganization, list[str]]]:
    """Every listed organization with its names and aliases, in the order of the lists."""
    found = organization_lists()
    for org in found.known.values():
        yield org, found.called.get(org.id, [org.name])


@listed
def _acronyms() -> dict[str, tuple[str, ...]]:
    found = {}
    for org, names in known_organizations():
        found[org.id] = tuple(name for name in names if name.isupper() and name.isalpha() and 3 <= len(name) <= 8)
    return found


def acronyms_of(org_id: str) -> tuple[str, ...]:
    """Names in capitals that the lists give an organization: WB and IBRD of the World Bank."""
    return _acronyms().get(org_id, ())


def parents_of(org_id: str) -> list[str]:
    """Ids of the organizations above, nearest first."""
    found: list[str] = []
    org = known_organization(org_id)
    while org and org.parent and org.parent not in found:
        found.append(org.parent)
        org = known_organization(org.parent)
    return found


@listed
def _order() -> dict[str, int]:
    return {org: number for number, org in enumerate(organization_lists().known)}


def rank(org_id: str) -> tuple[int, int, str]:
    """Which of two ids stands for both: the smaller rank, whatever was imported first.

    Registered references of the lists in their order, other registered ones, listed ones without
    a registered reference, references of one publisher, names.
    """
    place = _order().get(org_id)
    if place is not None:
        return (2 if org_id.startswith(LOCAL) else 0, place, org_id)
    if org_id.startswith("ref:"):
        return (3 if "@" in org_id else 1, 0, org_id)
    return (4, 0, org_id)


def is_registered(org_id: str) -> bool:
    """Whether the id is a registered reference, of a list or not."""
    return rank(org_id)[0] in (0, 1)


# --- names ----------------------------------------------------------------------------------------

@listed
def _nobody() -> frozenset[str]:
    """Names that say what kind of organization it is, not which one."""
    kinds = [row["name"] for row in rows("iati_organisation_type")]
    kinds += [row["name"] for row in rows("crs_channels") if row["code"] in channel_categories()]
    other = [
        "ONG basée dans un pays donneur",
        "ONG basée dans un pays en développement",
        "ONG internationale",
        "Gouvernement local (SUD/EST)",
        "Gouvernement central",
        "Organisation multilatérale",
        "Secteur privé",
        "International Non-Governmental Organization",
        "Non-Governmental Organization",
        "supplier name withheld",
        "journal transaction",
    ]
    general = ["unknown", "various", "n/a", "not applicable", "not available", "other", "others", "none", "tbd", "multiple", "excluded", "customer", "correction", "government"]
    return frozenset(map(normalise, [*kinds, *other, *general]))


def _by_name(name: str) -> str | None:
    """Id by a whole name: acronym, name or alias, or the government of a country."""
    found = organization_lists()
    text = name.strip()
    if (org := found.acronyms.get(text)) is not None or len(text) <= 3:
        return org
    plain = name_key(text)
    return found.names.get(plain) or _government(plain)


def _government(plain: str) -> str | None:
    names = country_names()
    country = names.get(plain)
    if not country and ("gov" in plain or "gob" in plain or "gvt" in plain or "kingdom" in plain or "regierung" in plain) and (parts := _GOVERNMENT.match(plain)):
        rest = parts[1] or parts[2]
        code = rest.upper() if rest.upper() in countries() else None
        country = code or names.get(rest) or names.get(_TITLE_BEHIND.sub("", rest))
    return organization_lists().governments.get(country) if country else None


def find_by_name(name: str) -> str | None:
    """Id of the listed organization with this name, acronym or alias, or None.

    A text of two parts, "Name (ACRONYM)", "ACRONYM - Name", "ACRONYM Name" or "UK - Name", resolves
    where both mean one organization, or one of them means it and the other is its country or its
    initials; "UN Name" where "United Nations Name" or "Name" is one of the United Nations.
    """
    return _find(" ".join(name.split()), lists_in_use())


@lru_cache(maxsize=65_536)
def _find(text: str, lists: str) -> str | None:
    found = _by_name(text)
    if found:
        return found
    parts = IN_BRACKETS.match(text)
    cuts = [(parts[1], parts[2])] if parts else [(text[: c.start()], text[c.end() :]) for c in _PARTS.finditer(text)]
    if not parts and (words := text.split(" "))[1:]:
        cuts += [pair for pair in ((words[0], " ".join(words[1:])), (words[-1], " ".join(words[:-1]))) if _is_acronym(pair[0])]
    for first, second in cuts:
        if found := _both(first, second):
            return found
    return _of_the_united_nations(text)


def _of_the_united_nations(text: str) -> str | None:
    for start in ("UN ", "United Nations "):
        if text.startswith(start):
            rest = text[len(start) :]
            for name in (rest, f"United Nations {rest}"):
                known = known_organization(_by_name(name) or "")
                if known and known.kind == "un":
                    return known.id
    return None


def _is_acronym(text: str) -> bool:
    return len(text) >= 2 and text.isupper() and text.isalnum()


def _both(first: str, second: str) -> str | None:
    left, right = find_by_name(first), find_by_name(second)
    if left and left == right:
        return left
    for org, other in ((left, second), (right, first)):
        known = known_organization(org) if org else None
        if known and known.kind != "government" and (
            initials(known.name) == other.strip() or (known.country and _iso2_of(other) == known.country) or _is_name_of(known.id, other)
        ):
            return org
    return None


def _is_name_of(org: str, text: str) -> bool:
    """Whether a text beside an acronym says a listed name word for word, abbreviated or in another language.

    "Swedish Internat. Dev't Coop. Agency (SIDA)": either alone would be a guess.
    """
    plain = name_key(text)
    return " " in plain and any(same_words(plain, name_key(name)) for name in organization_lists().called.get(org, ()))


def _iso2_of(name: str) -> str:
    country = country_named(name)
    return countries()[country].iso2 if country else ""


def initials(name: str) -> str:
    """First letters of the words of a name that are no small words: DRC of Danish Refugee Council."""
    small = {"of", "the", "and", "for", "in", "on", "to", "a", "de", "du", "des", "la", "le", "les", "et", "pour", "para", "y", "und", "der", "fur"}
    return "".join(word[0] for word in normalise(name).split() if word not in small).upper()


# --- a mention ------------------------------------------------------------------------------------


def own_key(name: str) -> str:
    """Key of a name of no list: without an acronym of its own words.

    "Danish Refugee Council (DRC)", "ILO - International Labour Organization",
    "ASAL Action in Semi Arid Lands"; outside brackets it must be the initials, letter by letter.
    """
    if parts := IN_BRACKETS.match(name):
        rest, letters = parts[1], parts[2].strip().replace(".", "")
        if letters.isupper() and len(letters) >= 3 and stands_for(letters, rest):
            return name_key(rest) or name
    if not name.isupper():
        for found, short, long in ((_BEFORE.match(name), 1, 2), (_BEHIND.match(name), 2, 1)):
            letters = found[short].replace(".", "") if found else ""
            if found and letters.isupper() and len(letters) >= 3 and initials(found[long]) == letters:
                return name_key(found[long]) or name
    return name_key(name) or name


def stands_for(acronym: str, name: str) -> bool:
    """Whether an acronym has the first letters of a name's words in order, and no letter besides its own."""
    return _in_order(initials(name), acronym) and acronym[:1] == initials(name)[:1] and _in_order(acronym, normalise(name).upper())


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return bool(letters) and all(letter in rest for letter in letters)


def scope_of(name: str, reporter: str, country: str) -> str:
    """What keeps equal names apart: who says so, and of a ministry the country that it is said of."""
    return f"{reporter}/{country}" if country and _is_public(name, lists_in_use()) else reporter


@lru_cache(maxsize=65_536)
def _is_public(name: str, lists: str) -> bool:
    return is_public(normalise(name))


def resolve(ref: str, name: str, reporter: str, kind_code: str = "", country: str = "") -> Resolved | None:
    """The organization that a mention means; None when it names nobody.

    Parameters
    ----------
    ref, name : as the file gives them
    reporter : organization key of who says so; keeps apart what only a name or a code of the
        reporter's own tells
    kind_code : IATI organisation type, for one that no list holds
    country : ISO alpha-3 of the activity's one country; keeps its ministries from another's
    """
    return _resolve(ref, name, reporter, kind_code, country, lists_in_use())


@lru_cache(maxsize=131_072)
def _resolve(ref: str, name: str, reporter: str, kind_code: str, country: str, lists: str) -> Resolved | None:
    found = organization_lists()
    ref, name = ref.strip(), " ".join(name.split())
    key = ref.upper()
    listed_ref = found.refs.get(key) or found.numbers.get(register_number(key))
    if listed_ref:
        return Resolved(found.known[listed_ref], "reference" if key == listed_ref.upper() else "other-reference")
    if key.removeprefix("XM-DAC-") in channel_categories():
        ref = key = ""
    kind = KINDS.get(kind_code, "")
    if ref and _REGISTERED.match(key):
        return Resolved(KnownOrganization(f"ref:{key}", name or ref, "", kind), "itself")
    if ref and not name and not any(c.isdigit() for c in ref):
        ref, name = "", ref  # a name in the place of a reference
    if name and (org := find_by_name(name)) is not None:
        return Resolved(found.known[org], "name")
    if normalise(name or ref) in _nobody() or not (ref or name):
        return None
    if ref:
        return Resolved(KnownOrganization(f"ref:{key}@{reporter}", name or ref, "", kind), "itself")
    own = f"name:{own_key(name)}@{scope_of(name, reporter, country)}"
    return Resolved(KnownOrganization(own, name, "", kind), "itself")
