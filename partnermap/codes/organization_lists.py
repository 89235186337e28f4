"""The lists of organizations as look-ups need them: who is known, by which references and names.

Ours comes first, then the governments of all countries, the publishers of the IATI Registry and
the channels of the OECD DAC; what a list before says of a reference or a name holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from partnermap.codes.countries import countries, country_named, country_words
from partnermap.codes.lists import listed, rows
from partnermap.codes.names import normalise

KINDS = {
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
_CHANNEL_KINDS = {"2": "ngo", "3": "partnership", "41": "un", "42": "eu", "43": "ifi", "44": "ifi", "46": "ifi", "5": "academic"}
LOCAL = "PM-"  # begins the reference of a listed organization that has no registered one

_NATIONAL = re.compile(r"^((?!XM|XI)[A-Z]{2}-[A-Z][A-Z0-9_]*)-(.+)$")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
# a body that every state has: its name alone does not say whose it is
_PUBLIC = re.compile(
    r"\b(?:ministr\w*|ministere\w*|ministeri\w*|minister\w*|министерств\w*|government\w*|gobierno|gouvernement|"
    r"parliament|municipalit\w*|municipio\w*|prime minister|president\w*|cabinet|state \w+|national \w+|central bank|"
    r"department of|agency (?:for|of|on)|customs|police|academy of sciences|hydromet\w*|social fund\w*)\b"
)


@dataclass(frozen=True)
class KnownOrganization:
    """An organization of the lists, or one that they lack; ``country`` is ISO alpha-2."""

    id: str
    name: str
    acronym: str
    kind: str
    parent: str = ""
    country: str = ""


@dataclass
class Lists:
    """Everything that look-ups need, made of the lists once."""

    known: dict[str, KnownOrganization] = field(default_factory=dict)  # by id, in the fixed order
    refs: dict[str, str] = field(default_factory=dict)  # reference in capitals to id
    acronyms: dict[str, str] = field(default_factory=dict)  # as written
    names: dict[str, str] = field(default_factory=dict)  # normalised
    governments: dict[str, str] = field(default_factory=dict)  # ISO alpha-3 to id
    called: dict[str, list[str]] = field(default_factory=dict)  # id to its names and aliases
    numbers: dict[str, str] = field(default_factory=dict)  # number of a national register to id; "" for several

    def add(self, org: KnownOrganization, *refs: str) -> None:
        self.known[org.id] = org
        for ref in (org.id, *refs):
            self.refs.setdefault(ref.upper(), org.id)

    def name(self, text: str, org: str) -> None:
        """Let a name mean an organization, unless it means another already."""
        self.called.setdefault(org, []).append(text)
        # a short acronym may mean something else in lower case or inside a longer text
        if len(text) <= 3:
            self.acronyms.setdefault(text, org)
        else:
            self.names.setdefault(name_key(text), org)


@listed
def organization_lists() -> Lists:
    found = Lists()
    listed_rows = rows("organizations")
    for row in listed_rows:
        org = KnownOrganization(row["ref"], row["name"], row["acronym"], row["kind"], row["parent"], row["country"])
        found.known[org.id] = org
    for row in listed_rows:  # a row's own reference goes before another's other one
        found.refs.setdefault(row["ref"].upper(), row["ref"])
    for row in listed_rows:
        others = list(filter(None, row["other_refs"].split("|")))
        if row["crs_channel"]:
            others.append(f"XM-DAC-{row['crs_channel']}")
            others += [row["crs_channel"]] if row["crs_channel"].startswith("4") else []
        for ref in others:
            found.refs.setdefault(ref.upper(), row["ref"])
        for name in filter(None, [row["name"], row["acronym"], *row["aliases"].split("|")]):
            found.name(name, row["ref"])
    _add_governments(found)
    _add_publishers(found)
    _add_channels(found)
    for ref in found.known:
        if number := register_number(ref):
            found.numbers[number] = ref if found.numbers.setdefault(number, ref) == ref else ""
    return found


def _add_governments(found: Lists) -> None:
    """The government of each country, and the agencies of donors below theirs."""
    for org in list(found.known.values()):
        country = country_named(org.name) if org.kind in ("bilateral", "government") else None
        if country:
            found.governments.setdefault(country, org.id)
    for iso3, state in countries().items():
        if iso3 not in found.governments:
            org = KnownOrganization(f"{LOCAL}GOV-{iso3}", state.name, "", "government", country=state.iso2)
            found.add(org)
            found.governments[iso3] = org.id
            found.called[org.id] = [f"Government of {state.name}"]
    by_iso2 = {countries()[iso3].iso2: org for iso3, org in found.governments.items()}
    for org in list(found.known.values()):
        above = by_iso2.get(org.country, "")
        if org.kind == "bilateral" and not org.parent and above not in ("", org.id):
            found.known[org.id] = KnownOrganization(org.id, org.name, org.acronym, org.kind, above, org.country)


def _add_publishers(found: Lists) -> None:
    """Publishers of the IATI Registry; a name counts where one has it, and none a longer one."""
    publishers = rows("iati_publishers")
    times = Counter(name_key(row["name"]) for row in publishers)
    families = _families(times)
    for row in publishers:
        ref, name = row["ref"].strip(), row["name"].strip()
        if not ref or ref.upper() in found.refs:
            continue
        found.add(KnownOrganization(ref, name, "", KINDS.get(row["organisation_type"], ""), country=row["country"]))
        found.called.setdefault(ref, []).append(name)
        plain = name_key(name)
        if times[plain] == 1 and plain not in families and len(plain) >= 8 and " " in plain and not is_public(plain):
            found.names.setdefault(plain, ref)


def _add_channels(found: Lists) -> None:
    """Organizations that the OECD DAC lists as channels, without its categories."""
    families = _families(name_key(row["name"]) for row in rows("iati_publishers"))
    for row in rows("crs_channels"):
        ref = f"XM-DAC-{row['code']}"
        if row["code"] in channel_categories() or ref in found.refs:
            continue
        kind = next((k for start, k in _CHANNEL_KINDS.items() if row["code"].startswith(start)), "multilateral")
        name = row["name"].strip()
        if (same := found.names.get(name_key(name))) is not None:
            found.refs.setdefault(ref, same)
            continue
        found.add(KnownOrganization(ref, name, "", kind), *([row["code"]] if row["code"].startswith("4") else []))
        found.called.setdefault(ref, []).append(name)
        if name_key(name) not in families:
            found.name(name, ref)


def _families(names: Iterable[str]) -> set[str]:
    """Beginnings of the names: World Vision may mean any of World Vision UK, World Vision Germany, ..."""
    words = [name.split() for name in names]
    return {" ".join(some[:n]) for some in words for n in range(1, len(some))}


@listed
def channel_categories() -> frozenset[str]:
    """Channel codes that say what kind of organization it is, not which one."""
    channels = rows("crs_channels")
    above = {row["category"] for row in channels}
    kinds = {row["code"] for row in channels if row["code"][0] in "169" or row["code"] in ("22501", "22502", "23501", "52000")}
    return frozenset((above | kinds) - {"", "43000", "44000", "42000"})


# one word, spelled or shortened in one way only: nothing here may mean something else
_SPELLING = {
    "organisation": "organization",
    "organisations": "organizations",
    "org": "organization",
    "orgs": "organizations",
    "programme": "program",
    "programmes": "programs",
    "centre": "center",
    "centres": "centers",
    "labour": "labor",
    "defence": "defense",
    "dept": "department",
    "devt": "development",
    "intl": "international",
    "internatl": "international",
    "govt": "government",
    "assn": "association",
    "natl": "national",
    "mgmt": "management",
    "limited": "ltd",
    "incorporated": "inc",
    "corporation": "corp",
}


@lru_cache(maxsize=65_536)
def name_key(name: str) -> str:
    """A name for equality: normalised, in one of the spellings of English, "co-operation" as one word."""
    plain = normalise(name).replace("co operat", "cooperat").replace("co ordinat", "coordinat")
    return " ".join(_SPELLING.get(word, word) for word in plain.split())


def is_public(plain: str) -> bool:
    """A body that every state has, without a word of whose it is."""
    if not _PUBLIC.search(plain):
        return False
    words, places = plain.split(), country_words()
    spans = (" ".join(words[i : i + n]) for n in range(1, 5) for i in range(len(words) - n + 1))
    return not any(span in places for span in spans)


def register_number(ref: str) -> str:
    """A reference of a national register without marks and leading zeros; empty for others.

    GB-COH-02394229 and GB-COH-2394229 are one company. Codes of donors stay: XM-DAC-5-1 is not 51.
    """
    parts = _NATIONAL.match(ref.strip().upper())
    if not parts or not any(c.isdigit() for c in parts[2]):
        return ""
    return f"{parts[1]}-{''.join(c for c in _ZEROS.sub('', parts[2]) if c.isalnum())}"
