"""What speaks for and against two activities being one undertaking or having one purpose.

Each feature looks at both sides and says a level and why, in words; ``weights.toml`` turns levels
into points. A feature that a side is silent on says nothing: unknown is 0 points, never a penalty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from partnermap.codes.countries import GLOBAL_REGION, countries, region_names
from partnermap.codes.lists import listed, rows
from partnermap.codes.names import fold
from partnermap.codes.organizations import organization_acronyms
from partnermap.pairing.candidates import numbers_of
from partnermap.pairing.corpus import CO_FINANCING, Corpus, Link, Side
from partnermap.pairing.terms import Rarity, background
from partnermap.pairing.text import common_acronyms, spell, stands_in, stem, topics_of, word_class

LEAST_PLACES = 0.2  # share of the shorter list of places from which a shared one counts
_COMPOUND = re.compile(r"\b[A-Z][^\W\d_]+-[A-Z][^\W\d_]+\b")
COMMON = 0.005  # share of the background's documents from which an acronym is a word like others
LEAST_COPIED = 8  # topic terms of a description from which an equal one is no chance
NEAR = 90  # characters between a co-financing word and a partner's name


@dataclass(frozen=True)
class Found:
    """A level of one feature, and why in words, with the fields and terms it rests on."""

    level: str
    text: str
    fields: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Both:
    """Two sides as the features see them: earlier start first is not assumed."""

    left: Side
    right: Side
    corpus: Corpus
    rarity: Rarity
    spoken: bool = True  # False while only levels are asked for: words are costly

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both sides."""
        return self.left, self.right

    @property
    def shared_actors(self) -> frozenset[str]:
        """Organizations that carry out both."""
        return self.left.actors & self.right.actors

    @property
    def one_teller(self) -> bool:
        """The same organization tells both (or a secondary reporter tells both of it)."""
        return bool(self.left.principals & self.right.principals)

    @property
    def one_actor(self) -> bool:
        """Both are one actor's, told by one teller."""
        return bool(self.shared_actors) and self.one_teller

    def link(self, *sorts: str) -> Link | None:
        """A link from left to right of one of these sorts."""
        return next((x for x in self.left.links if x.other == self.right.id and x.sort in sorts), None)

    def spelled(self, terms: Iterable[str]) -> str:
        """Terms as the left side spells them, quoted."""
        if not self.spoken:
            return ""
        words = spell(terms, f"{self.left.title} {self.left.description}", self.left.language)
        return ", ".join(f"“{word}”" for word in words)

    def called(self, organizations: Iterable[str]) -> str:
        """Names of organizations in words."""
        return " and ".join(sorted({self.corpus.called(o) for o in organizations}))


def _link(both: Both) -> Found | None:
    words = {
        "funds": "the first is named as the source of the second's money",
        "funded-by": "the second is named as the source of the first's money",
        "parent": "the first is filed as part of the second",
        "child": "the second is filed as part of the first",
        "co-funded": "the publisher files both as co-funded",
        "sibling": "the publisher files both as parts of one whole",
        "third-party": "one is filed as a third party's report of the other",
    }
    for sort, text in words.items():
        if both.link(sort):
            return Found(sort, text, ("link",))
    return None


def _number(both: Both) -> Found | None:
    left, right = both.sides
    if left.id.casefold() == right.id.casefold():
        return Found("same", f"one project number in two spellings ({left.id}, {right.id})", ("id",))
    shared = {n for n in left.other_ids & right.other_ids if len(n) >= 5 and any(c.isdigit() for c in n)}
    if shared:
        # one teller numbers the pieces of a whole alike; two tellers know one number of one thing
        level = "root" if both.one_teller else "same"
        return Found(level, f"both carry the number {min(shared)}", ("other identifier",))
    for one, other in (both.sides, both.sides[::-1]):
        tails = {n for n in one.other_ids if len(n) >= 6 and any(c.isdigit() for c in n) and other.id.endswith(n)}
        if tails:
            return Found("same", f"“{_short(one.title)}” carries the other's number {min(tails)}", ("other identifier",))
    roots = numbers_of(left) & numbers_of(right)
    if roots and both.one_teller:
        return Found("root", f"project numbers share the root {min(roots).rsplit('-', 1)[-1]}", ("id",))
    return None


@listed
def _words() -> frozenset[str]:
    counts, _ = background()
    sectors = (f"{row['name']} {row['description']}" for row in rows("crs_purpose_codes"))
    return frozenset(counts) | {term for text in sectors for term in topics_of(text)}


def _names(side: Side) -> frozenset[str]:
    """Stems of compound names in a title ("Issyk-Kul") whose parts are no words of the field."""
    found: set[str] = set()
    for compound in _COMPOUND.findall(side.title):
        terms = topics_of(compound.replace("-", " "), side.language)
        if _words().isdisjoint(terms):
            found.update(terms)
    return frozenset(found)


@listed
def names_one_thing(acronym: str) -> bool:
    """Whether an acronym can name an undertaking: no organization, place, form or common word.

    Two parts with a dash ("PRC-GEF") name something although each part alone does not, unless
    both are organizations.
    """
    counts, documents = background()
    parts = acronym.split("-")
    words = [fold(part) for part in parts]
    if words[0] in common_acronyms() or organization_acronyms().issuperset(parts) or acronym in countries():
        return False
    if len(parts) > 1:
        return not words[1].isdigit()
    if word_class(words[0], "en") != "topic":
        return False
    return counts.get(stem(words[0], "en"), 0) <= COMMON * documents


def _acronym(both: Both) -> Found | None:
    left, right = both.left.title_words, both.right.title_words
    organizations = {both.corpus.acronyms.get(o, "") for s in both.sides for o in s.participants | s.principals}
    shared = {a for a in left.acronyms & right.acronyms if a not in organizations and names_one_thing(a)}
    if shared:
        longest = max(shared, key=lambda a: (len(a), a))
        level = "shared" if len(longest) >= 5 else "short"
        return Found(level, f"both titles carry the name {longest}", ("title",), tuple(sorted(shared)))
    for one, other in ((left, right), (right, left)):
        for acronym in sorted(one.acronyms):
            if len(acronym) >= 5 and acronym not in organizations and fold(acronym) in other.initials:
                return Found("written-out", f"one title carries the name {acronym}, the other writes it out", ("title",), (acronym,))
    return None


def _title(both: Both) -> Found | None:
    left, right, bits = both.left.title_terms, both.right.title_terms, both.rarity
    shared = left & right
    shared -= {stem(fold(a), "en") for a in both.left.title_words.acronyms & both.right.title_words.acronyms if names_one_thing(a)}
    purpose = shared - both.left.place_terms - both.right.place_terms - _names(both.left) - _names(both.right)
    if not shared:
        return None
    cores = (both.left.title_words.core, both.right.title_words.core)
    runs = (both.left.title_words.run, both.right.title_words.run)
    shorter = 0 if len(runs[0]) <= len(runs[1]) else 1
    named = _short(both.sides[shorter].title)
    weight, union = bits.total(shared), bits.total(left | right)
    cover, likeness = weight / min(bits.total(left), bits.total(right)), weight / union
    level = _title_level(cores, runs, shorter, len(shared), weight, cover, likeness)
    if not purpose and level not in ("equal", "word"):
        level = "word"  # a shared place alone is no purpose
    terms = tuple(bits.rarest(shared, 4))
    words = both.spelled(terms)
    text = {
        "equal": f"both titles read “{named}”" if both.left.title_key == both.right.title_key else f"both titles say “{named}”, apart from places and phases",
        "whole": f"the whole title “{named}” stands inside the other",
        "core": f"what “{named}” is about stands inside the other title",
        "like": f"nearly equal titles ({words})",
        "covered": f"nearly all of the title “{named}” is in the other ({words})",
    }.get(level, f"titles share {words}")
    return Found(_TITLE_LEVELS.get(level, level), text, ("title",), terms)


_TITLE_LEVELS = {"equal": "same", "like": "same", "whole": "contained", "core": "contained", "covered": "contained"}


def _title_level(
    cores: tuple[tuple[str, ...], tuple[str, ...]],
    runs: tuple[tuple[str, ...], tuple[str, ...]],
    shorter: int,
    shared: int,
    weight: float,
    cover: float,
    likeness: float,
) -> str:
    """How alike two titles are, from the bits they share (weight), as a share of the poorer title
    (cover) and of both together (likeness); most alike first."""
    part, whole = cores if len(cores[0]) <= len(cores[1]) else cores[::-1]
    run, other = runs[shorter], runs[1 - shorter]
    if cores[0] == cores[1] and len(part) >= 2 and weight >= 9:
        return "equal"
    if len(run) >= 4 and weight >= 4 and stands_in(run, other):
        return "whole"
    if len(part) >= 2 and weight >= (6 if len(part) >= 3 else 9) and stands_in(part, whole):
        return "core"
    if likeness >= 0.75 and weight >= 12 and shared >= 3:
        return "like"
    if cover >= 0.9 and weight >= 16 and shared >= 3:
        return "covered"
    if weight >= 14 and (likeness >= 0.4 or cover >= 0.6):
        return "close"
    if weight >= 9 and (likeness >= 0.25 or cover >= 0.4):
        return "some"
    return "little" if weight >= 5 and cover >= 0.5 else "word"


def _terms(both: Both) -> Found | None:
    left, right = both.left, both.right
    if not (left.description or right.description):
        return None
    shared = (left.all_terms & right.all_terms) - (left.title_terms & right.title_terms)
    if not shared:
        return None
    rarest = both.rarity.rarest(shared, 5)
    bits = both.rarity.total(rarest)
    level = next((level for level, least in (("many", 38.0), ("several", 30.0), ("few", 22.0)) if bits >= least), "")
    if not level or len(rarest) < 3:
        return None
    return Found(level, f"texts share the uncommon words {both.spelled(rarest[:4])}", ("title", "description"), tuple(rarest))


def _copy(both: Both) -> Found | None:
    """Both descriptions are one text, or nearly."""
    left, right = both.left.description_terms, both.right.description_terms
    if min(len(left), len(right)) < LEAST_COPIED:
        return None
    if both.left.text_key.split("|", 1)[1] == both.right.text_key.split("|", 1)[1]:
        return Found("whole", "both descriptions are the same text", ("description",))
    if len(left & right) >= 0.85 * len(left | right):
        return Found("nearly", "both descriptions are nearly the same text", ("description",))
    return None


def _teller(both: Both) -> Found | None:
    """One side's teller pays for, or carries out, the other."""
    if both.one_teller:
        return None
    for one, other in (both.sides, both.sides[::-1]):
        if paid := one.principals & (other.funders - other.principals):
            return Found("funder", f"{both.called(paid)} reports one, and is named as funder of the other", ("participating organization",))
    for one, other in (both.sides, both.sides[::-1]):
        if does := one.principals & (other.actors - other.principals):
            return Found("implementer", f"{both.called(does)} reports one, and carries out the other for {both.called(other.principals)}", ("participating organization",))
    return None


def _partner(both: Both) -> Found | None:
    """One side's text names the other's actor near words of co-financing."""
    for one, other in (both.sides, both.sides[::-1]):
        if not one.co_financing:
            continue
        for org in sorted((other.actors | other.principals) - one.actors - one.principals):
            name = _name_pattern(both.corpus.names.get(org, ""), both.corpus.acronyms.get(org, ""))
            for sentence in one.co_financing:
                if name is None or any((teller, sentence) in both.corpus.repeated_sentences for teller in one.principals):
                    continue
                match = CO_FINANCING.search(sentence)
                assert match is not None
                window = sentence[max(0, match.start() - NEAR) : match.end() + NEAR]
                if name.search(window):
                    return Found("named", f"{both.called(one.actors)} writes “…{window}…”", ("description",), (both.corpus.called(org),))
    return None


@lru_cache(maxsize=4096)
def _name_pattern(name: str, acronym: str) -> re.Pattern[str] | None:
    """What finds an organization in a text: its name or acronym as whole words."""
    names = [re.escape(n) for n in (name, acronym) if len(n) > 2]
    return re.compile(rf"\b(?:{'|'.join(names)})\b") if names else None


def _together(both: Both) -> Found | None:
    """An organization, other than those who tell and carry them out, takes part in both."""
    tellers = both.left.principals | both.right.principals
    shared = (both.left.counterparts & both.right.counterparts) | ((both.left.participants & both.right.participants) - tellers - both.shared_actors)
    if not shared:
        return None
    return Found("shared", f"{both.called(shared)} takes part in both", ("participating organization",))


def _money(both: Both) -> Found | None:
    left, right = both.left.usd, both.right.usd
    if not left or not right or both.left.flagged or both.right.flagged:
        return None
    ratio = min(left, right) / max(left, right)
    amounts = f"{usd(left)} and {usd(right)}"
    if ratio >= 0.95:
        return Found("equal", f"amounts agree: {amounts}", ("money",))
    if ratio >= 0.75:
        return Found("near", f"amounts are near: {amounts}", ("money",))
    return Found("differ", f"amounts differ: {amounts}", ("money",)) if ratio < 0.2 else None


def gap_days(both: Both) -> int | None:
    """Days between the two starts, or None where one is unknown."""
    left, right = both.left.start, both.right.start
    return abs((left - right).days) if left and right else None


def overlap_days(both: Both) -> int | None:
    """Days that both run; negative when apart, None where it is unproven."""
    left, right = both.sides
    for one, other in (both.sides, both.sides[::-1]):
        if one.end and other.start and one.end < other.start:
            return -(other.start - one.end).days
    if left.start and left.end and right.start and right.end:
        return (min(left.end, right.end) - max(left.start, right.start)).days
    return None


def _dates(both: Both) -> Found | None:
    days = overlap_days(both)
    gap = gap_days(both)
    starts = f"{_month(both.left.start)}, {_month(both.right.start)}"
    if days is not None and days < 0:
        return Found("apart", f"they do not overlap in time: {-days // 30} months lie between them", ("dates",))
    if gap is not None and gap <= 366:
        text = "started within a month" if gap <= 31 else f"started {max(1, round(gap / 30))} months apart"
        return Found("near", f"{text} ({starts})", ("dates",))
    if days is not None:
        return Found("overlap", f"both ran for {max(1, days // 30)} months at the same time", ("dates",))
    if gap is not None and gap > 4 * 365:
        return Found("far", f"started {gap // 365} years apart ({starts})", ("dates",))
    return None


def _place(both: Both) -> Found | None:
    left, right = both.left.countries, both.right.countries
    if left and right:
        shared = sorted(left.keys() & right.keys())
        if not shared:
            return Found("other-country", "they name different countries", ("countries",))
        names = [countries()[c].name for c in shared]
        if left.keys() == right.keys():
            text = f"both in {names[0]} alone" if len(names) == 1 else f"the same {len(names)} countries: {_listed(names)}"
            return Found("same" if len(names) == 1 else "same-several", text, ("countries",))
        # Schoener (1968): the sum of the smaller shares, 0 to 1
        overlap = sum(min(left[c], right[c]) for c in shared)
        return Found("most" if overlap >= 0.5 else "part", f"both name {_listed(names)}; the other countries differ", ("countries",))
    shared_regions = sorted((both.left.regions.keys() & both.right.regions.keys()) - {GLOBAL_REGION})
    if shared_regions:
        return Found("region", f"both in {region_names()[shared_regions[0]]}", ("regions",))
    return None


def _spot(both: Both) -> Found | None:
    left, right = both.left.places, both.right.places
    if not left or not right:
        return None
    shared = left & right
    if len(shared) >= LEAST_PLACES * min(len(left), len(right)):
        named = sorted(both.left.place_names & both.right.place_names)
        return Found("shared", f"places inside the country in both: {_listed(named[:4]) if named else len(shared)}", ("locations",))
    if shared:
        return None
    return Found("other", "the places inside the country differ where both name some", ("locations",))


def _sector(both: Both) -> Found | None:
    left, right = both.left.sectors, both.right.sectors
    if not left or not right:
        return None
    overlap = sum(min(share, right.get(code, 0.0)) for code, share in left.items())
    if overlap >= 0.5:
        return Found("same", "the same sector codes", ("sectors",))
    wide = {code.split(":")[1][:3] for code in left} & {code.split(":")[1][:3] for code in right}
    return Found("related", "sector codes of one category", ("sectors",)) if wide else Found("other", "sector codes of different categories", ("sectors",))


def _kind(both: Both) -> Found | None:
    left, right = both.left.kind, both.right.kind
    return Found("differ", f"unlike in kind: {left} and {right}", ("kind",)) if left != right else None


def usd(amount: float | None) -> str:
    """An amount in words."""
    if amount is None:
        return "unknown"
    if amount >= 1_000_000:
        return f"USD {amount / 1_000_000:.2f} million"
    return f"USD {amount:,.0f}"


def _month(day: date | None) -> str:
    return f"{day:%B %Y}" if day else "unknown"


def _listed(names: list[str]) -> str:
    if len(names) > 6:
        return f"{', '.join(names[:5])} and {len(names) - 5} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]


def _short(title: str, most: int = 90) -> str:
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


# name -> (family, what finds it); reasons of different families are independent
FEATURES: dict[str, tuple[str, Callable[[Both], Found | None]]] = {
    "link": ("identity", _link),
    "number": ("identity", _number),
    "acronym": ("identity", _acronym),
    "title": ("text", _title),
    "terms": ("text", _terms),
    "copy": ("text", _copy),
    "sector": ("text", _sector),
    "teller": ("actors", _teller),
    "partner": ("actors", _partner),
    "together": ("actors", _together),
    "money": ("money", _money),
    "dates": ("time", _dates),
    "place": ("place", _place),
    "spot": ("place", _spot),
    "kind": ("text", _kind),
}
# Money, dates and organizations add only where text or identity speaks first: without it they
# are right in a quarter of the cases.
SPEAK_FIRST = ("link", "number", "acronym", "title", "terms", "copy", "partner")
NEEDS_TEXT = ("money", "dates", "together")


def find_evidence(both: Both) -> dict[str, Found]:
    """Every feature that says something about two sides, by name."""
    found: dict[str, Found] = {}
    for name in SPEAK_FIRST:
        if hit := FEATURES[name][1](both):
            found[name] = hit
    if not found or _is_too_little(both, found):
        return {}
    for name, (_, find) in FEATURES.items():
        if name not in SPEAK_FIRST and (hit := find(both)):
            found[name] = hit
    return found


def _is_too_little(both: Both, found: Mapping[str, Found]) -> bool:
    """Whether nothing but a word or two of the titles speaks, and neither tells the other's money."""
    if found.keys() != {"title"} or found["title"].level not in ("word", "little"):
        return False
    teller = _teller(both)
    return teller is None or teller.level != "funder"
