"""Who is meant: organizations by reference, name and alias from the shipped lists.

Resolution looks at one mention and the lists alone, never at what other files call somebody, so
that the order of imports cannot matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from partnermap.codes.lists import rows
from partnermap.codes.names import normalise

_KINDS = {
    "10": "government",
    "11": "government",
    "15": "public",
    "21": "ngo",
    "22": "ngo",
    "23": "ngo",
    "24": "ngo",
    "30": "partnership",
    "40": "multilateral",
    "60": "foundation",
    "70": "private",
    "71": "private",
    "72": "private",
    "73": "private",
    "80": "academic",
}
_IN_BRACKETS = re.compile(r"^(.*?)\s*\(([^()]+)\)\s*$")


@dataclass(frozen=True)
class KnownOrganization:
    """An organization of the lists."""

    id: str
    name: str
    acronym: str
    kind: str
    parent: str = ""


@dataclass(frozen=True)
class Resolved:
    """The organization a mention means, and by what: reference, other-reference, name, itself."""

    organization: KnownOrganization
    by: str


@cache
def _lists() -> tuple[dict[str, KnownOrganization], dict[str, str], dict[str, str], dict[str, str]]:
    """Known organizations by id; id by other reference; by exact acronym; by normalised name."""
    known: dict[str, KnownOrganization] = {}
    other: dict[str, str] = {}
    acronyms: dict[str, str] = {}
    names: dict[str, str] = {}
    for row in rows("organizations"):
        org = KnownOrganization(row["ref"], row["name"], row["acronym"], row["kind"], row["parent"])
        known[org.id] = org
        for ref in filter(None, row["other_refs"].split("|")):
            other[ref.upper()] = org.id
        if row["crs_channel"]:
            other.setdefault(f"XM-DAC-{row['crs_channel']}", org.id)
        for name in filter(None, [row["name"], row["acronym"], *row["aliases"].split("|")]):
            # a short acronym may mean something else in lower case or inside a longer text
            if len(name) <= 3:
                acronyms[name] = org.id
            else:
                names[normalise(name)] = org.id
    upper = {ref.upper(): ref for ref in known}
    other = {ref: org for ref, org in other.items() if ref not in upper}
    for row in rows("iati_publishers"):
        ref = row["ref"].strip()
        if ref and ref.upper() not in upper and ref.upper() not in other:
            kind = _KINDS.get(row["organisation_type"], "")
            known[ref] = KnownOrganization(ref, row["name"], "", kind)
            upper[ref.upper()] = ref
    other.update(upper)
    return known, other, acronyms, names


@cache
def organization_acronyms() -> frozenset[str]:
    """Acronyms of listed organizations, and other names in capitals without a space."""
    found: set[str] = set()
    for row in rows("organizations"):
        found.update(n for n in [row["acronym"], *row["aliases"].split("|")] if n.isupper() and " " not in n)
    return frozenset(found)


def known_organization(org_id: str) -> KnownOrganization | None:
    """The listed organization with this id, or None."""
    return _lists()[0].get(org_id)


def parents_of(org_id: str) -> list[str]:
    """Ids of the organizations above, nearest first."""
    found: list[str] = []
    org = known_organization(org_id)
    while org and org.parent and org.parent not in found:
        found.append(org.parent)
        org = known_organization(org.parent)
    return found


@cache
def _nobody() -> frozenset[str]:
    """Names that say what kind of organization it is, not which one."""
    kinds = [row["name"] for row in rows("iati_organisation_type")]
    french = [
        "ONG basée dans un pays donneur",
        "ONG basée dans un pays en développement",
        "ONG internationale",
        "Gouvernement local (SUD/EST)",
        "Gouvernement central",
        "Organisation multilatérale",
        "Secteur privé",
    ]
    general = ["unknown", "various", "n/a", "not applicable", "other", "others", "none", "tbd", "multiple"]
    return frozenset(map(normalise, [*kinds, *french, *general]))


def _by_name(name: str) -> str | None:
    _, _, acronyms, names = _lists()
    text = name.strip()
    return acronyms.get(text) or (names.get(normalise(text)) if len(text) > 3 else None)


def find_by_name(name: str) -> str | None:
    """Id of the listed organization with this name, acronym or alias, or None.

    "Name (ACRONYM)" resolves where both parts mean one organization.
    """
    found = _by_name(name)
    if found:
        return found
    if parts := _IN_BRACKETS.match(name.strip()):
        first, second = _by_name(parts[1]), _by_name(parts[2])
        if first and first == second:
            return first
    return None


def resolve(ref: str, name: str, reporter: str, kind_code: str = "") -> Resolved | None:
    """The organization that a mention means; None when it has neither reference nor name.

    Parameters
    ----------
    ref, name : as the file gives them
    reporter : organization key of who says so; keeps two ministries of one name apart
    kind_code : IATI organisation type, for one that no list holds
    """
    known, other, _, _ = _lists()
    ref, name = ref.strip(), " ".join(name.split())
    if ref:
        if (found := other.get(ref.upper())) is not None:
            return Resolved(known[found], "reference" if ref.upper() == found.upper() else "other-reference")
        listed = find_by_name(name) if name else None
        if listed:
            return Resolved(known[listed], "name")
        return Resolved(KnownOrganization(f"ref:{ref.upper()}", name or ref, "", _KINDS.get(kind_code, "")), "itself")
    if not name or normalise(name) in _nobody():
        return None
    listed = find_by_name(name)
    if listed:
        return Resolved(known[listed], "name")
    own = f"name:{normalise(name) or name}@{reporter}"
    return Resolved(KnownOrganization(own, name, "", _KINDS.get(kind_code, "")), "itself")
