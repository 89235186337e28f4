"""Names of organizations taken apart, so that two spellings of one can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from partnermap.codes.countries import countries, country_named, country_words
from partnermap.codes.lists import lists_in_use
from partnermap.codes.names import normalise

_BRACKETS = re.compile(r"\(([^()]*)\)?")
_ACRONYM = re.compile(r"^[^\W\d_]{2,}[\w&/.\-]{0,8}$")
_SPLIT = re.compile(r"\s+[-–—|:]+\s+|\s*[|/]\s*")
_NUMBER = re.compile(r"^\d+$")
# of no weight: they differ between spellings of one name
SMALL = frozenset(
    ["of", "the", "and", "for", "in", "on", "to", "a", "an", "at", "by", "with", "from", "de", "du", "des", "la", "le", "les", "l", "d", "et", "en", "pour", "au", "aux", "del", "los", "las", "el", "y", "para", "e", "da", "do", "dos", "das", "und", "der", "die", "das", "fur", "von", "zu", "im", "van", "het", "een", "voor", "op", "i", "na", "za", "pro", "fi", "og", "til", "for", "av", "den", "det", "te"]
)
LEGAL = frozenset(
    ["ltd", "limited", "inc", "incorporated", "llc", "llp", "plc", "gmbh", "ggmbh", "mbh", "ev", "asbl", "vzw", "aisbl", "ngo", "co", "corp", "corporation", "company", "cic", "sa", "srl", "sarl", "bv", "nv", "ab", "oy", "as", "aps", "npc", "pty", "pvt", "private", "ong", "onlus", "asso", "assoc", "stichting", "stiftung", "registered", "trustees", "charity", "charitable", "cbo"]
)
_SAME = {
    "organisation": "organization",
    "organizations": "organization",
    "organisations": "organization",
    "org": "organization",
    "organizacion": "organization",
    "organizacao": "organization",
    "organisatie": "organization",
    "orgnization": "organization",
    "centre": "center",
    "centro": "center",
    "zentrum": "center",
    "programme": "program",
    "programma": "program",
    "programa": "program",
    "labour": "labor",
    "fondation": "foundation",
    "fundacion": "foundation",
    "fundacao": "foundation",
    "fondazione": "foundation",
    "asociacion": "association",
    "associacao": "association",
    "internationale": "international",
    "internacional": "international",
    "intl": "international",
    "int": "international",
    "nations": "nation",
    "univ": "university",
    "universite": "university",
    "universidad": "university",
    "universitat": "university",
    "institut": "institute",
    "instituto": "institute",
    "agence": "agency",
    "agencia": "agency",
    "agentur": "agency",
    "ministere": "ministry",
    "ministerio": "ministry",
    "min": "ministry",
    "dept": "department",
    "departement": "department",
    "departamento": "department",
    "dev": "development",
    "desenvolvimento": "development",
    "developpement": "development",
    "desarrollo": "development",
    "rehab": "rehabilitation",
    "coop": "cooperation",
    "cooperacion": "cooperation",
    "govt": "government",
    "gvt": "government",
    "gouvernement": "government",
    "gobierno": "government",
    "rode": "red",
    "kors": "cross",
    "rouge": "red",
    "croix": "cross",
    "rotes": "red",
    "kreuz": "cross",
    "kinder": "children",
    "enfants": "children",
    "childrens": "children",
    "childs": "child",
    "women": "woman",
    "womens": "woman",
    "femmes": "woman",
}
_UN = re.compile(r"^(?:un|united nations) ")


@dataclass(frozen=True)
class NameForm:
    """A name taken apart: its words of weight, its countries and numbers, its acronyms."""

    plain: str
    words: tuple[str, ...]
    places: frozenset[str]
    numbers: frozenset[str]
    acronyms: frozenset[str]
    initials: str


def name_form(name: str) -> NameForm:
    """A name taken apart, with the lists in use."""
    return _form(" ".join(name.split()), lists_in_use())


@lru_cache(maxsize=65_536)
def _form(name: str, lists: str) -> NameForm:
    acronyms = {_letters(part) for part in _BRACKETS.findall(name) if _is_short_name(part)}
    rest = _BRACKETS.sub(lambda m: " " if _is_short_name(m[1]) else f" {m[1]} ", name)
    parts = [p for p in _SPLIT.split(rest) if p.strip()]
    if len(parts) > 1:
        short = [p for p in parts if _is_acronym(p)]
        acronyms |= {_letters(p) for p in short}
        parts = [p for p in parts if p not in short] or parts
    plain = normalise(" ".join(parts))
    if _is_acronym(plain.upper() if name.isupper() else name.strip()) and " " not in name.strip():
        return NameForm(plain, (plain,), frozenset(), frozenset(), frozenset(acronyms | {_letters(name)}), "")
    words, places = _words(_UN.sub("united nation ", plain))
    initials = "".join(w[0] for w in plain.split() if w not in SMALL).upper()
    numbers = frozenset(w for w in words if _NUMBER.match(w))
    return NameForm(plain, tuple(words), frozenset(places), numbers, frozenset(acronyms), initials)


def _is_acronym(text: str) -> bool:
    text = text.strip()
    return bool(_ACRONYM.match(text)) and sum(c.isupper() for c in text) >= max(2, len(text) / 2)


def _is_short_name(text: str) -> bool:
    """One word in brackets that is no country: an acronym, or what it is called for short."""
    text = text.strip()
    return _is_acronym(text) or (text.isalpha() and text[:1].isupper() and 3 <= len(text) <= 10 and not country_named(text))


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum()).upper()


def _words(plain: str) -> tuple[list[str], set[str]]:
    """Words of weight, and the countries named (ISO alpha-3), which are no words."""
    tokens = plain.split()
    words: list[str] = []
    places: set[str] = set()
    at = 0
    while at < len(tokens):
        for size in range(min(5, len(tokens) - at), 0, -1):
            span = " ".join(tokens[at : at + size])
            if span in country_words() and (code := country_named(span)):
                places.add(code)
                at += size
                break
        else:
            word = _SAME.get(tokens[at], tokens[at])
            if word not in SMALL and word not in LEGAL:
                words.append(word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word)
            at += 1
    return words, places


def country_name(code: str) -> str:
    """English name of a country."""
    return countries()[code].name
