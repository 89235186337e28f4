"""Who is meant: organizations by reference, name and alias from the lists.

Resolution looks at one mention and the lists alone, never at what other files call somebody, so
that the order of imports cannot matter. Only what is certain merges: a listed reference, or a name
that is on a list as a whole. A registered reference of no list stays by itself, whatever name it
carries; what people decide comes on top (:mod:`partnermap.derive.identity`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from partnermap.codes.countries import countries, country_named, country_words
from partnermap.codes.lists import listed, lists_in_use, rows
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
_CHANNEL_KINDS = {"2": "ngo", "3": "partnership", "41": "un", "42": "eu", "43": "ifi", "44": "ifi", "46": "ifi", "5": "academic"}
LOCAL = "PM-"  # begins the reference of a listed organization that has no registered one

_IN_BRACKETS = re.compile(r"^(.*?)\s*\(([^()]+)\)\s*$")
_PARTS = re.compile(r"\s+[-–—|]\s+|\s*[|/]\s*|(?<=\S),\s+")
# of a register of organizations ("GB-CHC-202918"), or of the codes of donors before it ("GB-1")
_REGISTERED = re.compile(r"^[A-Z]{2}-[A-Z0-9_]+(-.+)?$|^(XM|XI)-.+$")
_GOVERNMENT = re.compile(
    r"^(?:recipient )?(?:government|govt|gvt|gov|gobierno|gouvernement|kingdom|governo|regierung)\s(?:of|de|du|da|des|del|der)?\s*(.+)$"
    r"|^(.+?)\s(?:government(?: of)?|govt)$"
)
_TITLE_BEHIND = re.compile(r"\s(?:republic|federation|kingdom|state)(?: of)?$")
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


@dataclass(frozen=True)
class Resolved:
    """The organization a mention means, and by what: reference, other-reference, name, itself."""

    organization: KnownOrganization
    by: str


@dataclass
class _Lists:
    """Everything that look-ups need, made of the lists once."""

    known: dict[str, KnownOrganization] = field(default_factory=dict)  # by id, in the fixed order
    refs: dict[str, str] = field(default_factory=dict)  # reference in capitals to id
    acronyms: dict[str, str] = field(default_factory=dict)  # as written
    names: dict[str, str] = field(default_factory=dict)  # normalised
    governments: dict[str, str] = field(default_factory=dict)  # ISO alpha-3 to id
    called: dict[str, list[str]] = field(default_factory=dict)  # id to its names and aliases

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
def _lists() -> _Lists:
    found = _Lists()
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
    return found


def _add_governments(found: _Lists) -> None:
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


def _add_publishers(found: _Lists) -> None:
    """Publishers of the IATI Registry; a name counts where one publisher alone has it."""
    publishers = rows("iati_publishers")
    times = Counter(name_key(row["name"]) for row in publishers)
    for row in publishers:
        ref, name = row["ref"].strip(), row["name"].strip()
        if not ref or ref.upper() in found.refs:
            continue
        found.add(KnownOrganization(ref, name, "", _KINDS.get(row["organisation_type"], ""), country=row["country"]))
        found.called.setdefault(ref, []).append(name)
        plain = name_key(name)
        if times[plain] == 1 and len(plain) >= 8 and " " in plain and not _is_public(plain):
            found.names.setdefault(plain, ref)


def _add_channels(found: _Lists) -> None:
    """Organizations that the OECD DAC lists as channels, without its categories."""
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
        found.name(name, ref)


@listed
def channel_categories() -> frozenset[str]:
    """Channel codes that say what kind of organization it is, not which one."""
    channels = rows("crs_channels")
    above = {row["category"] for row in channels}
    kinds = {row["code"] for row in channels if row["code"][0] in "169" or row["code"] in ("22501", "22502", "23501", "52000")}
    return frozenset((above | kinds) - {"", "43000", "44000", "42000"})


@listed
def organization_acronyms() -> frozenset[str]:
    """Acronyms of listed organizations, and other names in capitals without a space."""
    found: set[str] = set()
    for row in rows("organizations"):
        found.update(n for n in [row["acronym"], *row["aliases"].split("|")] if n.isupper() and " " not in n)
    return frozenset(found)


def known_organization(org_id: str) -> KnownOrganization | None:
    """The listed organization with this id, or None."""
    return _lists().known.get(org_id)


def known_organizations() -> Iterator[tuple[KnownOrganization, list[str]]]:
    """Every listed organization with its names and aliases, in the order of the lists."""
    found = _lists()
    for org in found.known.values():
        yield org, found.called.get(org.id, [org.name])


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
    return {org: number for number, org in enumerate(_lists().known)}


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

_SPELLING = {"organisation": "organization", "organisations": "organizations", "programme": "program", "programmes": "programs", "centre": "center", "centres": "centers", "labour": "labor", "defence": "defense"}


def name_key(name: str) -> str:
    """A name for equality: normalised, in one of the spellings of English, "co-operation" as one word."""
    plain = normalise(name).replace("co operat", "cooperat").replace("co ordinat", "coordinat")
    return " ".join(_SPELLING.get(word, word) for word in plain.split())



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
    found = _lists()
    text = name.strip()
    if (org := found.acronyms.get(text)) is not None or len(text) <= 3:
        return org
    plain = name_key(text)
    return found.names.get(plain) or _government(plain)


def _government(plain: str) -> str | None:
    country = country_named(plain)
    if not country and (parts := _GOVERNMENT.match(plain)):
        rest = parts[1] or parts[2]
        code = rest.upper() if rest.upper() in countries() else None
        country = code or country_named(rest) or country_named(_TITLE_BEHIND.sub("", rest))
    return _lists().governments.get(country) if country else None


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
    parts = _IN_BRACKETS.match(text)
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
            initials(known.name) == other.strip() or (known.country and _iso2_of(other) == known.country)
        ):
            return org
    return None


def _iso2_of(name: str) -> str:
    country = country_named(name)
    return countries()[country].iso2 if country else ""


def initials(name: str) -> str:
    """First letters of the words of a name that are no small words: DRC of Danish Refugee Council."""
    small = {"of", "the", "and", "for", "in", "on", "to", "a", "de", "du", "des", "la", "le", "les", "et", "pour", "para", "y", "und", "der", "fur"}
    return "".join(word[0] for word in normalise(name).split() if word not in small).upper()


def _is_public(plain: str) -> bool:
    """A body that every state has, without a word of whose it is."""
    if not _PUBLIC.search(plain):
        return False
    words = plain.split()
    spans = (" ".join(words[i : i + n]) for n in range(1, 5) for i in range(len(words) - n + 1))
    return not any(span in country_words() for span in spans)


# --- a mention ------------------------------------------------------------------------------------


def own_key(name: str) -> str:
    """Key of a name of no list: without an acronym of its own words, "Danish Refugee Council (DRC)"."""
    if parts := _IN_BRACKETS.match(name):
        rest, letters = parts[1], parts[2].strip().replace(".", "")
        if letters.isupper() and len(letters) >= 3 and stands_for(letters, rest):
            name = rest
    return name_key(name) or name


def stands_for(acronym: str, name: str) -> bool:
    """Whether an acronym has the first letters of a name's words in order, and no letter besides its own."""
    return _in_order(initials(name), acronym) and acronym[:1] == initials(name)[:1] and _in_order(acronym, normalise(name).upper())


def _in_order(letters: str, text: str) -> bool:
    rest = iter(text)
    return bool(letters) and all(letter in rest for letter in letters)


def scope_of(name: str, reporter: str, country: str) -> str:
    """What keeps equal names apart: who says so, and of a ministry the country that it is said of."""
    return f"{reporter}/{country}" if country and _is_public(normalise(name)) else reporter


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
    found = _lists()
    ref, name = ref.strip(), " ".join(name.split())
    key = ref.upper()
    if (org := found.refs.get(key)) is not None:
        return Resolved(found.known[org], "reference" if key == org.upper() else "other-reference")
    if key.removeprefix("XM-DAC-") in channel_categories():
        ref = key = ""
    kind = _KINDS.get(kind_code, "")
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
