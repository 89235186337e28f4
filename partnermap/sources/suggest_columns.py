"""What the columns of an unknown table may hold: profiles, and guesses with their reasons.

Guesses come from the words of a header and from what the cells can be read as; both are said.
Nothing here decides anything: a person reads the proposal before it is used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from partnermap.codes.countries import by_iso2, country_words, find_country
from partnermap.codes.names import normalise
from partnermap.codes.organizations import KnownOrganization, find_by_name, known_organization
from partnermap.sources.table_draft import split
from partnermap.sources.table_money import amount_in_words, number_in
from partnermap.sources.table_rows import read_date

KEPT = 5_000  # different values of a column that are remembered
DATE_FORMATS = ("%Y-%m-%d", "%d-%b-%y", "%d-%b-%Y", "%d %B %Y", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%B %d, %Y", "%Y/%m/%d", "serial")
# ISO 3166-3: withdrawn codes of countries that have one successor, and two codes in wide use
OLD_CODES = {"BU": "MM", "DY": "BJ", "EL": "GR", "FX": "FR", "HV": "BF", "NH": "VU", "RH": "ZW", "TP": "TL", "UK": "GB", "ZR": "CD"}
_GLOBAL = {"global", "worldwide", "world", "all countries"}
_REGIONAL = {"regional", "region", "multi country", "multicountry", "multinational", "interregional"}
_STATUS = (  # the first that a status's words contain
    ("5", r"cancel|dropped|withdrawn|terminat"),
    ("6", r"suspend|on hold|inactive"),
    ("1", r"pending|review|approv|endors|pipeline|plan|propos|concept|prepar|identif"),
    ("2", r"implem|ongoing|on going|active|running|signed|disburs|effective|under ?way|started"),
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
        return any(word in self.words for word in words)

    def sample(self, size: int = 200) -> list[str]:
        return list(self.values)[:size]


def profile(header: Sequence[str], rows: Iterable[dict[str, str]]) -> tuple[list[Column], int]:
    """Profiles of the columns that have one name of their own, and the number of rows."""
    columns = [Column(name) for name, times in Counter(header).items() if name and times == 1]
    count = 0
    for cells in rows:
        count += 1
        for column in columns:
            if text := cells[column.name]:
                column.add(text)
    return columns, count


def share(hits: Iterable[bool]) -> float:
    """Part of the answers that are yes; 0 of none."""
    answers = list(hits)
    return sum(answers) / len(answers) if answers else 0.0


def identifier_column(columns: Sequence[Column], rows: int) -> Column | None:
    """The column of project numbers: by its name, filled throughout, different in most rows."""

    def score(column: Column) -> float:
        own = column.has("project", "activity", "programme", "program", "operation", "grant", "loan", "contract")
        return 3 * own + 2 * (len(column.values) > 0.98 * rows) - 2 * bool(organization_in(column.words))

    named = [c for c in columns if is_number(c) and c.filled >= 0.95 * rows and not c.has("geonameid", "country", "sector")]
    return max(named, key=score, default=None)


def is_number(column: Column) -> bool:
    """Whether a header names a number or reference."""
    return column.has("id", "identifier", "number", "no", "ref", "reference", "code") and column.length < 40


def title_column(columns: Sequence[Column]) -> Column | None:
    """The column of titles."""

    def score(column: Column) -> int:
        return 3 * column.has("title", "название", "titre") + 2 * column.has("name") + 2 * column.has("project", "activity")

    named = [c for c in columns if score(c) >= 3 and 8 < c.length < 250 and not c.has("country", "contact", "agency", "file")]
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


def date_formats(column: Column) -> list[str]:
    """Forms in which nine of ten cells are dates; several where cells cannot tell day from month."""
    found = []
    for form in DATE_FORMATS:
        if form == "serial" and not column.has("date", "start", "end", "closing", "approval"):
            continue
        if share(_is_date(text, form) for text in column.sample()) >= 0.9:
            found.append(form)
    return found


def _is_date(text: str, form: str) -> bool:
    try:
        read_date(text, (form,))
    except ValueError:
        return False
    return form == "%Y-%m-%d" or text[4:5] != "-"


def date_field(column: Column) -> str | None:
    """Which date a header names, or None."""
    basis = "actual" if column.has("actual") else "planned"
    if column.has("end", "closing", "closure", "completion", "close", "finish"):
        return f"{basis}_end"
    if column.has("start", "begin", "beginning", "commencement", "effectiveness"):
        return f"{basis}_start"
    return "approval" if column.has("approval", "approved", "board", "signature", "signing", "signed", "award") else None


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


def is_country(text: str, form: str) -> bool:
    return by_iso2(text) is not None if form == "iso2" else len(text) > 3 and find_country(text) is not None


def money_kind(column: Column, rows: int) -> str:
    """``"number"``, ``"text"`` or empty: how a column tells money, if it does."""
    if not column.has("amount", "amt", "budget", "cost", "finance", "financing", "value", "commitment", "grant", "loan", "funding"):
        return ""
    if column.filled < 0.2 * rows:
        return ""
    if share(_is_number(text) for text in column.sample()) >= 0.8:
        return "number"
    return "text" if share(_is_amount(text) for text in column.sample()) >= 0.5 else ""


def _is_number(text: str) -> bool:
    try:
        number_in(text, ".")
    except ValueError:
        return False
    return True


def _is_amount(text: str) -> bool:
    try:
        amount_in_words(text, ".")
    except ValueError:
        return False
    return True


def participant_role(column: Column) -> str | None:
    """Role of the organizations that a header announces, or None."""
    if column.words[:1] == ["type"] or column.length > 80:
        return None
    if column.has("executing", "counterpart", "beneficiary"):
        return "counterpart"
    if column.has("donor", "funder", "financier"):
        return "funding"
    return "implementing" if any(word.startswith(("implement", "agenc")) for word in column.words) else None


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
    return about and column.length > 60 and not column.has("environmental", "environment")


def looks_english(columns: Sequence[Column]) -> bool:
    """Whether the long cells, else the headers, are English by their small words."""
    small = {"the", "of", "and", "to", "in", "for", "by", "project", "date"}
    texts = [text for c in columns if c.length > 40 for text in c.sample(20)] or [c.name for c in columns]
    words = [word for text in texts for word in normalise(text).split()]
    return share(word in small for word in words) > 0.1
