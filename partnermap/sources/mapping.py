"""Reading a mapping: the TOML file that says what the columns of a foreign table mean.

A mapping is data and nothing in it is executed. Everything it may hold is declared in
``PARTS`` and ``TABLE_KEYS``; any other key is refused by name, so that a misspelt one is not
passed over. ``docs/mapping.md`` explains each key with examples.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from partnermap.codes.countries import by_iso2, find_country, find_group
from partnermap.codes.names import normalise
from partnermap.errors import UnreadableFile
from partnermap.sources.iati_codes import DESCRIPTION_TYPE, RELATED_TYPE, ROLE, SCOPE, STATUS
from partnermap.sources.values import clean, iso_date

Kind = type | tuple[type, ...]
DATE_KEYS = ("planned_start", "actual_start", "planned_end", "actual_end", "approval")
PERIOD_KEYS = {f"{basis}_period": (f"{basis}_start", f"{basis}_end") for basis in ("planned", "actual")}  # one column, two dates
TABLE_KEYS: dict[str, Kind] = {
    "publisher": str,
    "publisher_ref": str,
    "publisher_type": str,
    "secondary": bool,
    "licence": str,
    "dataset": str,
    "language": str,
    "generated_date": str,
    "delimiter": str,
    "encoding": str,
    "sheet": str,
    "header_row": int,
    "header_rows": int,
    "group": bool,
    "by_title": bool,
    "nothing": list,
    "notes": bool,
}
_TEXT: dict[str, Kind] = {"column": str, "language": str}
_NAMED_NUMBER: dict[str, Kind] = {"pattern": str, "number": str, "digits": int}
PARTS: dict[str, dict[str, Kind]] = {
    "title": _TEXT,
    "description": {**_TEXT, "type": str, "label": str},
    "status": {"column": str, "values": dict},
    "scope": {"column": str, "values": dict},
    "kind": {"column": str, "values": dict, "value": str},
    "dates": {"column": str, "formats": list},
    "countries": {"column": str, "value": str, "split": (str, list), "form": str, "values": dict, "scopes": dict},
    "locations": {"column": str, "admin1": str, "latitude": str, "longitude": str, "code": str, "vocabulary": str},
    "participants": {"role": str, "column": str, "split": (str, list), "values": dict, "listed_only": bool, "name": str, "ref": str, "type": str},
    "sectors": {"column": str, "split": (str, list), "values": dict, "form": str, "vocabulary": str},
    "money": {"column": str, "form": str, "currency": str, "unit": int, "zero": str, "decimal": str, "at_least": int, "date": str},
    "related": {"column": str, **_NAMED_NUMBER, "type": str},
    "other_identifiers": {"column": str, "split": (str, list), **_NAMED_NUMBER, "type": str, "owner_ref": str, "owner_name": str},
}
_SINGLE = {"status", "scope", "kind", "countries", "locations"}
_COLUMNS = ("column", "admin1", "latitude", "longitude", "code")  # keys of a part that name a column
_LONGEST = 80
QUESTION = "?"  # what a proposed mapping leaves to a person
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Part:
    """What one column, or a constant, says about an activity."""

    column: str = ""
    split: tuple[str, ...] = ()  # each of these separates values
    values: Map[str, str] = field(default_factory=dict)  # what a cell's word means
    scopes: Map[str, str] = field(default_factory=dict)  # words that mean a scope, not a country
    formats: tuple[str, ...] = ("%Y-%m-%d",)
    form: str = ""
    language: str = ""
    type: str = ""
    role: str = ""
    name: str = ""
    ref: str = ""
    value: str = ""
    vocabulary: str = "99"
    owner_ref: str = ""
    owner_name: str = ""
    label: str = ""  # words before a description
    listed_only: bool = False  # words without a meaning in ``values`` say nothing
    admin1: str = ""
    latitude: str = ""
    longitude: str = ""
    code: str = ""
    currency: str = ""
    unit: int = 1
    zero: str = ""  # "unknown" or "zero"; empty: nobody said
    decimal: str = ""  # the mark before a fraction: "." or ","; empty: only what has one reading
    at_least: int = 0  # smaller amounts in words are passed over
    date: str = ""  # the date whose year the money takes
    pattern: re.Pattern[str] | None = None  # finds a project number in a text, in its first group
    number: str = "{found}"
    digits: int = 0  # the number is padded with zeros to this length


@dataclass(frozen=True)
class Mapping:
    """A mapping as read: ``parts`` by the field they fill; dates under ``dates.<which>``."""

    file: str
    identifier: str
    table: Map[str, Any]
    parts: Map[str, tuple[Part, ...]]
    text: str  # canonical JSON, so that a comment in the file makes no new version

    def columns(self) -> list[str]:
        """Every column that the mapping names, in its order."""
        named = self.identifier_columns()
        named += [getattr(part, key) for parts in self.parts.values() for part in parts for key in _COLUMNS]
        return list(dict.fromkeys(filter(None, named)))

    def identifier_columns(self) -> list[str]:
        """Columns that the identifier is built from."""
        return _PLACEHOLDER.findall(self.identifier)

    def identify(self, row: Map[str, str]) -> str:
        """The activity's identifier; empty when a cell that it needs is empty.

        With ``by_title`` its columns are words, of which the first alone is needed.
        """
        cells = [row[column] for column in self.identifier_columns()]
        if self.table.get("by_title"):
            return _PLACEHOLDER.sub(lambda match: as_number(row[match.group(1)]), self.identifier).rstrip("-") if as_number(cells[0]) else ""
        return _PLACEHOLDER.sub(lambda match: row[match.group(1)], self.identifier) if all(cells) else ""

    def identify_number(self, number: str) -> str:
        """The identifier that another project of this number would have."""
        return _PLACEHOLDER.sub(lambda _: number, self.identifier)


def as_number(words: str) -> str:
    """Words in the place of a project number: small letters, hyphens for marks, at most 80 signs.

    Longer ones end in a few digits of the rest's hash, so that two titles with one beginning stay two.

    >>> as_number("Support to the Chu–Talas Commission, phase II")
    'support-to-chu-talas-commission-phase-ii'
    """
    plain = normalise(words).replace(" ", "-")
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 9]}-{hashlib.blake2b(plain.encode(), digest_size=4).hexdigest()}"


def dates_told(written: Iterable[str]) -> set[str]:
    """Which dates the keys of ``[fields.dates]`` tell."""
    return {date for key in written for date in PERIOD_KEYS.get(key, (key,))}


def load_mapping(path: Path) -> Mapping:
    """A mapping from its TOML file, checked.

    Raises
    ------
    UnreadableFile
        If the file cannot be read, is no TOML, holds an unknown key or a value of the wrong
        kind, or says nothing about identifiers or the publisher.
    """
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableFile(f"{path}: the mapping cannot be opened ({error.strerror}). Check the name.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path.name}: the mapping is no TOML: {error}. Correct it there.") from error
    if str(read.get("identifier", "")).startswith(f"{QUESTION}:"):
        raise UnreadableFile(f'{path.name}: identifier begins with "?", a question that the proposal left to you. Write the publisher\'s IATI reference instead, or a short name of your own for it.')
    return read_mapping(path.name, read)


def read_mapping(file: str, read: dict[str, Any]) -> Mapping:
    """A mapping from what its TOML holds, checked as :func:`load_mapping` does."""
    check = _Check(file)
    check.keys(read, {"identifier": str, "table": dict, "fields": dict}, "the mapping")
    table, fields = read.get("table", {}), read.get("fields", {})
    check.keys(table, TABLE_KEYS, "[table]")
    if not table.get("publisher"):
        check.fail('[table] has no publisher: write publisher = "name of who reports", as a person would')
    if len(table.get("delimiter", ",")) != 1:
        check.fail("[table] delimiter must be one character")
    for key in ("header_row", "header_rows"):
        if table.get(key, 1) < 1:
            check.fail(f"[table] {key} counts from 1")
    if table.get("generated_date"):
        check.day(table["generated_date"])
    parts = _parts(fields, check)
    _check_together(parts, read.get("identifier", ""), check)
    identifier = clean(read.get("identifier"))
    if not _PLACEHOLDER.search(identifier):
        check.fail('identifier names no column: write identifier = "XM-DAC-47044:{gef_id}", with the column in braces')
    identifier = _PLACEHOLDER.sub(lambda match: "{" + clean(match.group(1)) + "}", identifier)
    return Mapping(file, identifier, table, parts, json.dumps(read, sort_keys=True, ensure_ascii=False))


class _Check:
    """Refuses what a mapping must not hold, naming the file."""

    def __init__(self, file: str) -> None:
        self._file = file

    def fail(self, what: str) -> None:
        raise UnreadableFile(f"{self._file}: {what}.")

    def keys(self, values: Map[str, Any], allowed: Map[str, Kind], where: str) -> None:
        for key, value in values.items():
            if key not in allowed:
                self.fail(f"{where} has no key {key!r}; it may hold {', '.join(allowed)}")
            meanings = value.items() if isinstance(value, dict) and key in ("values", "scopes") else [(key, value)]
            for asked, answer in meanings:
                if answer in (QUESTION, [QUESTION]):
                    self.fail(f'{where}: {asked} = {json.dumps(answer)} is a question that the proposal left to you. {_ANSWERS.get(key, "Write what it is, or take the line out")}')
            if not isinstance(value, allowed[key]) or (allowed[key] is int and isinstance(value, bool)):
                self.fail(f"{where}: {key} must be {_KINDS[allowed[key]]}")
            if isinstance(value, dict) and key in ("values", "scopes") and not all(isinstance(v, str) for v in value.values()):
                self.fail(f"{where}: every value of {key} must be text in quotes")
            if isinstance(value, list) and not all(v and isinstance(v, str) for v in value):
                self.fail(f"{where}: {key} must be a list of texts")

    def day(self, text: str) -> None:
        try:
            iso_date(text)
        except ValueError as error:
            self.fail(f"[table] generated_date {error}")


_KINDS: dict[Kind, str] = {
    str: "text in quotes",
    bool: "true or false",
    int: "a whole number",
    dict: "a table",
    list: "a list",
    (str, list): "text in quotes, or a list of texts",
}
_ANSWERS = {
    "unit": "Write 1 where the amounts are whole units of the currency, 1000000 where they are millions",
    "currency": 'Write the ISO code, such as "USD"',
    "zero": 'Write "unknown" where 0 means that the amount is not known, "zero" where it means none',
    "decimal": 'Write "." or ",", whichever mark stands before a fraction',
    "values": "Write its code, or take the line out",
    "formats": 'Write the form, such as "%d.%m.%Y" or "%m/%d/%Y"',
}


def _parts(fields: Map[str, Any], check: _Check) -> dict[str, tuple[Part, ...]]:
    parts: dict[str, tuple[Part, ...]] = {}
    for name, written in fields.items():
        if name not in PARTS:
            check.fail(f"[fields] has no key {name!r}; it may hold {', '.join(PARTS)}")
        if name == "dates":
            if not isinstance(written, dict):
                check.fail("[fields] dates must be a table, such as planned_start = { column = \"Start\" }")
            check.keys(written, dict.fromkeys((*DATE_KEYS, *PERIOD_KEYS), object), "[fields.dates]")
            for which, part in written.items():
                parts[f"dates.{which}"] = (_part("dates", part, check),)
            continue
        several = written if isinstance(written, list) else [written]
        if name in _SINGLE and len(several) != 1:
            check.fail(f"[fields] {name} can be given once only")
        parts[name] = tuple(_part(name, one, check) for one in several)
    return parts


def _part(name: str, written: Any, check: _Check) -> Part:
    """One part; a text alone is its column."""
    if isinstance(written, str):
        written = {"column": written}
    where = f"[fields] {name}"
    if not isinstance(written, dict):
        check.fail(f"{where} must be a column's name or a table")
    check.keys(written, PARTS[name], where)
    if not any(written.get(key) for key in (*_COLUMNS, "name", "ref", "value")):
        check.fail(f"{where} names no column and no constant")
    if written.get("column") and (written.get("name") or written.get("ref")):
        check.fail(f"{where} has both a column and a constant name or ref; write two entries")
    options = {key: value for key, value in written.items() if key not in ("values", "scopes", "formats")}
    options.update({key: clean(written.get(key)) for key in _COLUMNS})
    options["split"] = tuple(written.get("split", ()))
    options["values"] = {clean(word).casefold(): meaning for word, meaning in written.get("values", {}).items()}
    options["scopes"] = {clean(word).casefold(): meaning for word, meaning in written.get("scopes", {}).items()}
    options["formats"] = tuple(written.get("formats", ["%Y-%m-%d"]))
    options["pattern"] = _pattern(written.get("pattern"), where, check)
    _check_meanings(name, options, where, check)
    return Part(**options)


def _check_meanings(name: str, options: dict[str, Any], where: str, check: _Check) -> None:
    """Codes that the mapping itself writes must exist, and roles and types become codes."""
    if name in ("status", "scope"):
        for word, code in options["values"].items():
            if (STATUS if name == "status" else SCOPE).find(code) is None:
                check.fail(f"{where}: {code!r}, which stands for {word!r}, is no code of IATI's list")
    for word, code in options["scopes"].items():
        if SCOPE.find(code) is None:
            check.fail(f"{where}: {code!r}, which stands for {word!r}, is no IATI activity scope")
    if name == "participants":
        role = options.get("role", "")
        code = "counterpart" if role == "counterpart" else ROLE.find(role)
        if code is None:
            check.fail(f"{where}: role {role!r} must be funding, accountable, extending, implementing or counterpart")
        options["role"] = code
    if name == "description" and options.get("type") and DESCRIPTION_TYPE.find(options["type"]) is None:
        check.fail(f"{where}: type {options['type']!r} is no IATI description type")
    if name == "money":
        _check_money(options, where, check)
    if name == "related" and options["pattern"] is None:
        check.fail(f"{where} has no pattern: write pattern = '\\bP0*(\\d{{5,6}})\\b', with the number in brackets")
    if name == "related" and RELATED_TYPE.find(options.get("type", "")) is None:
        check.fail(f"{where}: type {options.get('type', '')!r} is no IATI related activity type; write 1 (parent), 2 (child), 3 (sibling), 4 (co-funded) or 5 (third party)")
    if "{found}" not in options.get("number", "{found}"):
        check.fail(f"{where}: number has no {{found}}, which stands for what the pattern found")
    forms = {"countries": ("iso2", "name"), "sectors": ("code", "name"), "money": ("number", "text")}.get(name)
    if forms:
        options.setdefault("form", forms[0])
        if options["form"] not in forms:
            check.fail(f"{where}: form must be {' or '.join(forms)}")
    if name == "countries" and options.get("value"):
        _check_country(options, where, check)


def _pattern(text: str | None, where: str, check: _Check) -> re.Pattern[str] | None:
    if text is None:
        return None
    try:
        pattern = re.compile(text)
    except re.error as error:
        check.fail(f"{where}: pattern is no regular expression ({error})")
        return None
    if pattern.groups != 1:
        check.fail(f"{where}: pattern needs one pair of brackets, around the number")
    return pattern


def _check_country(options: dict[str, Any], where: str, check: _Check) -> None:
    """A constant country is refused once where it is unknown, not told at every row."""
    if options["column"]:
        check.fail(f"{where} has both a column and a constant value; write one of them")
    pieces = re.split("|".join(map(re.escape, options["split"])), options["value"]) if options["split"] else [options["value"]]
    for word in map(clean, pieces):
        meant = options["values"].get(word.casefold(), word)
        if options["form"] == "iso2" and by_iso2(meant) is None:
            check.fail(f'{where}: value {word!r} is no ISO 3166 code of two letters; write one, such as "KG", or form = "name" beside a name')
        if options["form"] == "name" and find_country(meant) is None and find_group(meant) is None and word.casefold() not in options["scopes"]:
            check.fail(f"{where}: value {word!r} is no country's name, nor that of a group of countries")


def _check_money(options: dict[str, Any], where: str, check: _Check) -> None:
    if options.get("form") != "text":
        for key in ("unit", "currency"):
            if not options.get(key):
                check.fail(f"{where}: {key} is missing, and it is never assumed. {_ANSWERS[key]}")
    if options.get("unit", 1) < 1:
        check.fail(f"{where}: unit must be 1 or more")
    for key, allowed in (("zero", ("unknown", "zero")), ("decimal", (".", ",")), ("date", DATE_KEYS)):
        if options.get(key) and options[key] not in allowed:
            check.fail(f"{where}: {key} must be {' or '.join(allowed)}")


def _check_together(parts: Map[str, tuple[Part, ...]], identifier: str, check: _Check) -> None:
    """What one part says about another."""
    written = [name.removeprefix("dates.") for name in parts if name.startswith("dates.")]
    for period, dates in PERIOD_KEYS.items():
        if period in written and (twice := [name for name in dates if name in written]):
            check.fail(f"[fields.dates] has {period} and {' and '.join(twice)}; a period tells both start and end, so write one or the other")
    told = dates_told(written)
    for part in parts.get("money", ()):
        if part.date and part.date not in told:
            check.fail(f"[fields] money: date names {part.date}, which [fields.dates] does not hold")
    if parts.get("related") and len(_PLACEHOLDER.findall(identifier)) != 1:
        check.fail("[fields] related needs an identifier with one column, whose place the number found takes")
