"""What the columns of an unknown table may hold: profiles, and guesses with their reasons.

Guesses come from the words of a header and from what the cells can be read as; both are said.
Nothing here decides anything: a person reads the proposal before it is used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from partnermap.codes.countries import by_iso2, country_words, find_country
from partnermap.codes.names import normalise
from partnermap.codes.organizations import KnownOrganization, find_by_name, known_organization
from partnermap.sources.suggest_words import meanings
from partnermap.sources.table_draft import split

KEPT = 5_000  # different values of a column that are remembered
# ISO 3166-3: withdrawn codes of countries that have one successor, and two codes in wide use
OLD_CODES = {"BU": "MM", "DY": "BJ", "EL": "GR", "FX": "FR", "HV": "BF", "NH": "VU", "RH": "ZW", "TP": "TL", "UK": "GB", "ZR": "CD"}
_OWN = ("project", "activity", "programme", "program", "operation", "grant", "loan", "contract")  # whose number a header names
_GLOBAL = {"global", "worldwide", "world", "all countries", "мир", "глобальныи", "глобально"}
_REGIONAL = {"regional", "region", "multi country", "multicountry", "multinational", "interregional", "региональныи", "регион", "регионально"}
_STATUS = (  # the first that a status's words contain
    ("5", r"cancel|dropped|withdrawn|terminat|annul|abgebrochen|отмен|прекращ|скасован"),
    ("6", r"suspend|on hold|inactive|ausgesetzt|ruhend|приостан|призупин"),
    ("4", r"заверш|законч|закрыт|окончен|acheve|termine|terminad|finalizad|abgeschlossen|beendet"),
    ("1", r"pending|review|approv|endors|pipeline|plan|propos|concept|prepar|identif|prevu|previst|geplant|план|подготов|рассмотр|підготов"),
    ("2", r"implem|ongoing|on going|active|running|signed|disburs|effective|under ?way|started"),
    ("2", r"en cours|en curso|en ejecucion|laufend|реализ|выполн|осуществ|деиств|текущ|продолж|триває|виконан"),
    ("4", r"clos|completed|ended|finish|post completion"),
    ("3", r"completion|finalis|finaliz"),
)


@dataclass
class Column:
    """A column as its rows show it."""

    name: str
    filled: int = 0
    letters: int = 0
    values: Counter[str] = field(default_factory=Counter)  # the first 5,000 different ones

    @property
    def words(self) -> list[str]:
        return normalise(self.name).split()

    @property
    def length(self) -> float:
        """Letters of a cell, on average."""
        return self.letters / self.filled if self.filled else 0.0

    def add(self, text: str) -> None:
        self.filled += 1
        self.letters += len(text)
        if text in self.values or len(self.values) < KEPT:
            self.values[text] += 1

    def has(self, *words: str) -> bool:
        """Whether the header holds one of the words, or one that means it in another language."""
        return not meanings(self.name).isdisjoint(words)

    def sample(self, size: int = 200) -> list[str]:
        return list(self.values)[:size]


def profile(header: Sequence[str], rows: Iterable[Mapping[str, str]]) -> list[Column]:
    """Profiles of the columns that have one name of their own."""
    columns = [Column(name) for name, times in Counter(header).items() if name and times == 1]
    for cells in rows:
        for column in columns:
            if text := cells[column.name]:
                column.add(text)
    return columns


def share(hits: Iterable[bool]) -> float:
    """Part of the answers that are yes; 0 of none."""
    answers = list(hits)
    return sum(answers) / len(answers) if answers else 0.0


def identifier_column(columns: Sequence[Column], rows: int) -> Column | None:
    """The column of project numbers: by its name, filled in most rows, different in most of them."""

    def score(column: Column) -> tuple[bool, float]:
        different = len(column.values) > 0.98 * column.filled
        return column.filled >= 0.95 * rows, 3 * column.has(*_OWN) + 2 * different - 2 * bool(organization_in(column.words))

    named = [c for c in columns if is_number(c) and c.filled >= 0.7 * rows and not c.has("geonameid", "country", "sector") and not counts_rows(c)]
    return max(named, key=score, default=None)


def is_number(column: Column) -> bool:
    """Whether a header names a number or reference."""
    return column.has("id", "identifier", "number", "no", "ref", "reference", "code") and column.length < 40


def counts_rows(column: Column) -> bool:
    """Whether a column numbers the rows of this list from 1 on: the next list would number them otherwise."""
    own = column.has(*_OWN, "id", "identifier", "code", "ref", "reference")
    return not own and list(column.values) == [str(number) for number in range(1, column.filled + 1)]


def title_column(columns: Sequence[Column]) -> Column | None:
    """The column of titles."""

    def score(column: Column) -> int:
        return 3 * column.has("title") + 2 * column.has("name") + 2 * column.has("project", "activity")

    other = ("country", "contact", "agency", "file", "description", "objective", "implementing", "donor", "partner")
    texts = [c for c in columns if 8 < c.length < 250 and not c.has(*other)]
    named = [c for c in texts if score(c) >= 3]
    if not named:  # "Project" alone, over texts
        named = [c for c in texts if score(c) == 2 and c.length > 12 and not is_number(c) and not c.has("date", "start", "end") and len(c.values) > 0.7 * c.filled]
    return max(named, key=score, default=None)


def status_code(word: str) -> str | None:
    """IATI status of a table's word, or None."""
    plain = normalise(word)
    found = next((code for code, pattern in _STATUS if re.search(pattern, plain)), None)
    if found is None and fuzz.partial_ratio("implementation", plain) >= 85:  # "Under Implmentation"
        return "2"
    return found


def scope_code(word: str) -> str | None:
    """IATI scope that a word stands for instead of a country, or None."""
    plain = normalise(word)
    if plain in _GLOBAL:
        return "1"
    return "2" if plain in _REGIONAL or (plain in country_words() and not find_country(word)) else None


def separators(values: Collection[str], known: Collection[str]) -> str:
    """Characters at which values fall into pieces that are all known."""
    found = ""
    for mark in "/,;":
        pieces = [split(value, mark + found) for value in values if mark in value]
        hits = [part for part in pieces if all(p in known or p in {q for o in pieces for q in o if q in known} for p in part)]
        if pieces and len(hits) >= 0.3 * len(pieces):
            found += mark
    return found


def country_share(column: Column, form: str) -> float:
    """Part of the cells in which at least one piece is a country."""
    hits = sum(n for text, n in column.values.items() if any(is_country(p, form) for p in (text, *split(text, ",;/"))))
    return hits / column.filled if column.filled else 0.0


def country_column(columns: Sequence[Column]) -> tuple[float, str, Column] | None:
    """The part of its cells that hold a country, their form, and the column: by its header, else by its cells."""
    scored = [(country_share(c, form), form, c) for c in columns for form in ("iso2", "name") if c.has("country", "countries")]
    if not scored:
        scored = [(part, "name", c) for c in columns if c.length < 60 and (part := country_share(c, "name")) >= 0.8]
    best = max(scored, key=lambda item: item[0], default=None)
    return best if best and best[0] >= 0.5 else None


def is_country(text: str, form: str) -> bool:
    return by_iso2(text) is not None if form == "iso2" else len(text) > 3 and find_country(text) is not None


def participant_role(column: Column) -> str | None:
    """Role of the organizations that a header announces, or None."""
    if column.words[:1] == ["type"] or column.length > 80 or column.has("country", "countries", "period", "duration", "date", "status", "progress"):
        return None
    if column.has("executing", "counterpart", "beneficiary"):
        return "counterpart"
    if column.has("donor", "funder", "financier") or (column.has("source") and column.has("funding", "funds", "finance", "financing")):
        return "funding"
    carries = column.has("partner") or any(word.startswith(("implement", "agenc")) for word in meanings(column.name))
    return "implementing" if carries else None


def organization_in(words: Sequence[str]) -> KnownOrganization | None:
    """The organization that one or several neighbouring words name, the longest name first."""
    for size in range(len(words), 0, -1):
        for at in range(len(words) - size + 1):
            text = " ".join(words[at : at + size])
            found = find_by_name(text.upper()) if size == 1 else find_by_name(text)
            if found and len(text) > 2 and not find_country(text) and text not in ("aid", "data"):
                return known_organization(found)
    return None


def is_description(column: Column) -> bool:
    """Whether a column tells in sentences what an activity is about."""
    about = column.has("description", "objective", "objectives", "summary", "abstract", "purpose", "goal", "impact")
    least = 15 if column.has("description", "summary", "abstract") else 60
    return about and column.length > least and not column.has("environmental", "environment")


def looks_english(columns: Sequence[Column]) -> bool:
    """Whether the long cells, else the headers, are English by their small words."""
    small = {"the", "of", "and", "to", "in", "for", "by", "project", "date"}
    texts = [text for c in columns if c.length > 40 for text in c.sample(20)] or [c.name for c in columns]
    words = [word for text in texts for word in normalise(text).split()]
    return share(word in small for word in words) > 0.1


def cyrillic_language(columns: Sequence[Column]) -> str:
    """``"ru"`` or ``"uk"`` where most letters of the texts are Cyrillic, else empty."""
    letters = [letter for column in columns for text in (column.name, *column.sample(20)) for letter in text.casefold() if letter.isalpha()]
    if share("\u0400" <= letter <= "\u04ff" for letter in letters) < 0.6:
        return ""
    return "uk" if not {"ї", "є"}.isdisjoint(letters) else "ru"
