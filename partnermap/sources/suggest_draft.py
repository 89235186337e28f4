"""The lines of a proposed mapping, in the order in which finished mappings are written.

Each line comes with its confidence (sure, likely, guess, asked) and why. What the columns may hold
is guessed in :mod:`partnermap.sources.suggest_columns`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from rapidfuzz import fuzz

from partnermap.codes.countries import countries, find_country
from partnermap.codes.money import currencies
from partnermap.codes.names import normalise
from partnermap.codes.organizations import KnownOrganization, known_organizations
from partnermap.errors import UnreadableFile
from partnermap.sources.archive import Content
from partnermap.sources.imports import dataset_id
from partnermap.sources.mapping import PERIOD_KEYS, as_number
from partnermap.sources.suggest_columns import (
    OLD_CODES,
    Column,
    country_column,
    country_share,
    cyrillic_language,
    identifier_column,
    is_country,
    is_description,
    is_number,
    looks_english,
    organization_in,
    participant_role,
    profile,
    scope_code,
    separators,
    status_code,
    title_column,
)
from partnermap.sources.suggest_dates import DateForms, date_field, date_forms, period_forms
from partnermap.sources.suggest_money import decimal_marks, decimal_of, money_kind, smaller_first
from partnermap.sources.suggest_words import looks_like_header
from partnermap.sources.table import open_lines
from partnermap.sources.table_csv import DELIMITERS, CsvLines
from partnermap.sources.table_draft import split
from partnermap.sources.table_encoding import NAMES
from partnermap.sources.table_layout import rows_left_out
from partnermap.sources.table_lines import Rows
from partnermap.sources.table_money import amounts_in, currency_in
from partnermap.sources.table_places import close_names
from partnermap.sources.table_xlsx import XlsxLines

READ = 20_000  # rows that a proposal is made from
QUESTION_MARK = "?"
QUESTION = f'"{QUESTION_MARK}"'
SENTENCE = 40  # letters from which a cell says more than an amount
LEAST = 10_000  # amounts below are seldom what a project costs


class Draft:
    """The lines of a proposal while it is made."""

    def __init__(self, content: Content) -> None:
        self.lines: list[tuple[str, str, str]] = []
        self.used: set[str] = set()
        widths: list[int] = []

        def look(top: list[list[str]]) -> bool:
            widths.append(_width(top))
            return False

        try:
            source = open_lines(content, {}, [], fits=look)
        except UnreadableFile:
            if not any(widths):
                raise
            source = open_lines(content, {}, [], fits=lambda top: _width(top) == max(widths))
        if isinstance(source, CsvLines):  # a title's comma is no separator
            others = [open_lines(content, {"delimiter": mark}, [], fits=look) for mark in DELIMITERS]
            source = max([source, *others], key=_header_words)
        self.encoding = source.encoding if isinstance(source, CsvLines) and source.encoding in NAMES else ""
        self.sheet = source.sheet if isinstance(source, XlsxLines) and len(widths) > 1 else ""
        self.header_row = _header_row(Rows(source))
        self.header_rows = _header_rows(Rows(source), self.header_row)
        self._rows = Rows(source, self.header_row, self.header_rows)
        self._read = list(islice(self._rows, READ))
        self._profile()
        if not self.count:
            raise UnreadableFile(f"{content.name}: has a header and no rows, so nothing can be proposed.")
        self.number = identifier_column(self.columns, self.count)
        if self.number:  # a heading where project numbers stand is seen only now
            self._profile(self.number.name)
            self.number = identifier_column(self.columns, self.count)
        self.title = title_column(self.columns)
        if self.number is None and self.title is None:
            raise UnreadableFile(
                f"{content.name}: no column looks like a project number, filled in most rows, nor like a title. Row {self.header_row} "
                f"is taken as the header, with {', '.join(repr(name) for name in self._rows.header() if name)}. Write the mapping by hand: docs/mapping.md."
            )
        self.named_by = [self.number] if self.number else self._columns_that_tell_apart()
        self.publisher = organization_in(normalise(dataset_id(content.name)).split())

    def free(self) -> list[Column]:
        return [c for c in self.columns if c.name not in self.used and c.filled]

    def unused(self) -> list[str]:
        """Columns that no line names; of those that share one name nobody can tell which is meant."""
        several = [f"{name} ({times} columns)" for name, times in Counter(self._rows.header()).items() if name and times > 1]
        return [c.name for c in self.columns if c.name not in self.used] + several

    def add(self, line: str, confidence: str = "", why: str = "") -> None:
        self.lines.append((line, confidence, why))

    def text(self) -> str:
        out = ["# Proposed by partnermap import --suggest. Check each line; answer every \"?\"; see docs/mapping.md.", ""]
        out += [f"{line} # {confidence}: {why}" if confidence else line for line, confidence, why in self.lines]
        if left := self.unused():
            out += ["", f"# Not used: {', '.join(left)}"]
        return "\n".join(out) + "\n"

    def fill(self) -> None:
        ref = self.publisher.id if self.publisher else ""
        prefix = ref or QUESTION_MARK
        confidence, ask = ("", "") if ref else ("asked", "in the place of ?: the publisher's IATI reference, or a short name for it; ")
        if self.number:
            self.used.add(self.number.name)
            why = "publisher and its own project number; write the IATI identifier if the table holds its parts"
            if lacking := self.count - self.number.filled:
                why = f"its own project number; {lacking} of {self.count:,} rows {'has' if lacking == 1 else 'have'} none and will be left out and told"
            self.add(f"identifier = {_q(f'{prefix}:{{{self.number.name}}}')}", confidence or "likely", ask + why)
        else:
            columns = "-".join(f"{{{column.name}}}" for column in self.named_by)
            why = "no project number is there, so what tells rows apart; whoever changes these words makes a new activity. Ask the publisher for numbers"
            self.add(f"identifier = {_q(f'{prefix}:{columns}')}", confidence or "guess", ask + why)
        self._table(ref)
        simple = _Fields(self)
        self.add("")
        self.add("[fields]")
        simple.fill()
        for section in simple.sections:
            self.add("")
            for line in section:
                self.add(*line)

    def _table(self, ref: str) -> None:
        org = self.publisher
        self.add("")
        self.add("[table]")
        self.add(f"publisher = {_q(org.name) if org else QUESTION}", "likely" if org else "asked", "told by the file's name" if org else "who made the table?")
        if org:
            self.add(f"publisher_ref = {_q(ref)}", "likely", "its reference in the list of organizations")
            self.add(f'publisher_type = "{_type(org)}"', "likely", "its kind in the list of organizations")
        self.add('licence = "unknown"', "guess", "ask the publisher")
        if language := "en" if looks_english(self.columns) else cyrillic_language(self.columns):
            self.add(f'language = "{language}"', "likely", f"by the {'small words' if language == 'en' else 'letters'} of its texts")
        if self.sheet:
            self.add(f"sheet = {_q(self.sheet)}", "sure", "the only sheet with more than two columns" if self.sheet else "")
        if self.encoding:
            self.add(f'encoding = "{self.encoding}"', "likely", f"not UTF-8; by its letters {NAMES[self.encoding]}")
        if self.header_row > 1:
            self.add(f"header_row = {self.header_row}", "likely", "the first row with text in most columns, below the title of the list")
        if self.header_rows > 1:
            self.add(f"header_rows = {self.header_rows}", "likely", "the row below has words under merged or empty cells of the header alone")
        if not self.number:
            self.add("by_title = true", "guess", "words of the identifier in small letters, without marks and accents")
        if self.number and len(self.number.values) < 0.9 * min(self.count, sum(self.number.values.values())):
            self.add("group = true", "sure", f"{self.count:,} rows have {len(self.number.values):,} project numbers")

    def _columns_that_tell_apart(self) -> list[Column]:
        """The title, with country and then start where several rows have one title."""
        title, place = self.title, country_column(self.columns)
        start = next((c for c in self.columns if (date_field(c) or "").endswith("_start")), None)
        found = [title] if title else []
        for more in (place[2] if place else None, start):
            rows = Counter(tuple(as_number(cells[c.name]) for c in found) for cells in self._cells)
            if max(rows.values(), default=0) < 2:
                break
            found += [more] if more else []
        return found

    def _profile(self, *numbers: str) -> None:
        beside = rows_left_out(self._read, numbers)
        self._cells = [cells for number, cells, _ in self._read if number not in beside]
        self.columns, self.count = profile(self._rows.header(), self._cells), len(self._cells)

    def companion(self, codes: Column) -> dict[str, list[str]]:
        """What stands in the other country column of the rows that hold nothing but a code."""
        other = max((c for c in self.columns if c is not codes), key=lambda c: country_share(c, "name"))
        found: dict[str, list[str]] = {}
        if country_share(other, "name") > 0.5:
            for cells in self._cells:
                pieces = split(cells[codes.name], ",;")
                for piece in pieces:
                    found.setdefault(piece, []).extend([cells[other.name]] if len(pieces) == 1 else [])
        return found


Section = list[tuple[str, str, str]]


class _Fields:
    """The part ``[fields]``: one-line fields first, then those with tables of their own."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.sections: list[Section] = []

    def take(self, column: Column) -> str:
        self.draft.used.add(column.name)
        return _q(column.name)

    def fill(self) -> None:
        draft = self.draft
        dates = self._dates()
        funded = self._participants()
        if draft.title:
            draft.add(f"title = {self.take(draft.title)}", "likely", "by its header")
        money = [(c, kind) for c in draft.free() if (kind := money_kind(c, draft.count))]
        money.sort(key=lambda item: (item[0].has("cost"), item[0].has("total") and len(money) > 1))
        self._descriptions([c for c, kind in money if kind == "text" and (c.length > SENTENCE or c.has("cost"))])
        places = self._countries()
        self._locations()
        for column in draft.free():
            if any("sector" in word for word in column.words) or column.has("sector", "theme", "focal", "topic"):
                draft.add(f'sectors = {{ column = {self.take(column)}, form = "name" }}', "likely", "by its header; names of the publisher's own list")
                break
        if money and not money[0][0].has("cost"):
            first = next(iter(dates), "")
            self._money(*money[0], PERIOD_KEYS[first][0] if first in PERIOD_KEYS else first)
        self._related()
        others = self._numbers()
        self._status()
        self.sections += places
        if dates:
            self.sections.append([("[fields.dates]", "", ""), *dates.values()])
        self.sections += funded + others

    def _dates(self) -> dict[str, tuple[str, str, str]]:
        found: dict[str, tuple[Column, DateForms]] = {}
        for column in self.draft.free():
            if period := period_forms(column):
                found.setdefault("actual_period" if column.has("actual") else "planned_period", (column, period))
            elif (which := date_field(column)) and (forms := date_forms(column)):
                found.setdefault(which, (column, forms))
        for period_key, both in PERIOD_KEYS.items():
            if not found.keys().isdisjoint(both):  # columns of their own tell more
                found.pop(period_key, None)
        if set(found) == {"approval"}:
            found["planned_start"] = found.pop("approval")
        lines = {}
        for which in ("approval", "planned_period", "actual_period", "planned_start", "actual_start", "planned_end", "actual_end"):
            if which in found:
                column, forms = found[which]
                confidence, why = forms.confidence, forms.why
                if which == "planned_start" and date_field(column) != which and confidence == "likely":
                    confidence, why = "guess", "a decision, taken as the start since no other date is there"
                lines[which] = (f"{which} = {{ column = {self.take(column)}, formats = [{', '.join(map(_q, forms.formats))}] }}", confidence, why)
        return lines

    def _participants(self) -> list[Section]:
        draft, org = self.draft, self.draft.publisher
        by_role: dict[str, list[Column]] = {}
        for column in draft.free():
            if role := participant_role(column):
                by_role.setdefault(role, []).append(column)
        carried = by_role.get("implementing", [])
        carried.sort(key=lambda c: (not c.has("lead"), c.has("secondary")))
        sections: list[Section] = []
        if org:
            role = "funding" if org.kind == "fund" or carried else "implementing"
            lines = [("[[fields.participants]]", "", ""), (f'role = "{role}"', "guess", "the publisher itself"), (f"name = {_q(org.name)}", "likely", "the publisher")]
            sections.append([*lines, (f"ref = {_q(org.id)}", "likely", "its reference"), (f'type = "{_type(org)}"', "likely", "its kind")])
        known = {text for column in carried for text in column.values}
        marks = "".join(mark for mark in "/,;" if any(mark in separators(column.values, known) for column in carried))
        for role in ("implementing", "counterpart", "funding"):
            for column in by_role.get(role, ()):
                lines = [("[[fields.participants]]", "", ""), (f'role = "{role}"', "likely", "by the header"), (f"column = {self.take(column)}", "likely", "by the header")]
                sections.append(lines + ([(f"split = {_q(marks)}", "likely", "pieces stand alone in other rows")] if marks and role == "implementing" else []))
        return sections + self._funders()

    def _funders(self) -> list[Section]:
        """A column of few values, some of which name a fund."""
        funds = [org for org, _ in known_organizations() if org.kind == "fund"]
        for column in self.draft.free():
            if len(column.values) > 40 or column.length > 60 or column.has("country", "status"):
                continue
            named = {value: org for value in sorted(column.values) if (org := _fund_in(value, funds)) and org is not self.draft.publisher}
            if named:
                lines = [(f"{_q(value)} = {_q(org.name)}", "likely" if org.acronym in value.split() else "guess", "its words") for value, org in named.items()]
                head = [("[[fields.participants]]", "", ""), ('role = "funding"', "likely", "some values name a fund"), (f"column = {self.take(column)}", "likely", "some values name a fund")]
                return [[*head, ("listed_only = true", "likely", "other values name nobody")], [("[fields.participants.values]", "", ""), *lines]]
        return []

    def _descriptions(self, in_words: Sequence[Column]) -> None:
        entries = []
        for column in self.draft.free():
            if is_description(column):
                aims = column.has("objective", "objectives", "purpose", "goal", "impact")
                entries.append(f"{{ column = {self.take(column)}" + (', type = "2" }' if aims else " }"))
        for column in in_words:
            label = f", label = {_q(' '.join(column.words).capitalize())}" if column.has("cost") else ""
            entries.append(f'{{ column = {self.take(column)}, type = "4"{label} }}')
        if len(entries) == 1:
            self.draft.add(f"description = {entries[0]}", "likely", "sentences, and its header")
        elif entries:
            self.draft.add("description = [")
            for entry in entries:
                self.draft.add(f"  {entry},", "likely", "sentences, and its header")
            self.draft.add("]")

    def _countries(self) -> list[Section]:
        draft = self.draft
        best = country_column([c for c in draft.columns if c.name not in draft.used or c.has("country", "countries")])
        if best is None:
            return []
        _, form, column = best
        name = self.take(column)
        marks = _country_marks(column, form)
        pieces = sorted({p for text in column.values for p in ([text] if is_country(text, form) else split(text, marks))})
        values, scopes = self._meanings([p for p in pieces if not is_country(p, form)], form, column)
        options = [f"column = {name}", *([f"split = {_split(marks)}"] if marks else []), f'form = "{form}"']
        why = f"{best[0]:.0%} of its cells hold a country's {'code' if form == 'iso2' else 'name'}"
        if not values and len(scopes) < 2:
            options += [f"scopes = {{ {_q(word)} = {_q(code)} }}" for word, (code, _, _) in scopes.items()]
            draft.add(f"countries = {{ {', '.join(options)} }}", "sure", why)
            return []
        sections: list[Section] = [[("[fields.countries]", "", ""), *((option, "sure", why) for option in options)]]
        for key, found in (("values", values), ("scopes", scopes)):
            if found:
                sections.append([(f"[fields.countries.{key}]", "", ""), *((f"{_q(w)} = {_q(code)}", confidence, why) for w, (code, confidence, why) in found.items())])
        return sections

    def _meanings(self, words: Sequence[str], form: str, column: Column) -> tuple[dict[str, tuple[str, str, str]], dict[str, tuple[str, str, str]]]:
        """Codes for words that are no country, and scopes; a code that nothing explains is asked."""
        values: dict[str, tuple[str, str, str]] = {}
        scopes: dict[str, tuple[str, str, str]] = {}
        beside = self.draft.companion(column) if form == "iso2" else {}
        for word in words:
            names = beside.get(word, [])
            alone = {find_country(name) for name in names if name} - {None}
            around = sorted(code for name in names if (code := scope_code(name)))
            if code := scope_code(word):
                scopes[word] = (code, "likely", "no country's name, but a region's")
            elif form == "name":
                if close := close_names(word):
                    iso3 = find_country(close[0]) or ""
                    values[word] = (countries()[iso3].iso2, "guess", f"close to {close[0]}")
            elif word.upper() in OLD_CODES:
                values[word] = (OLD_CODES[word.upper()], "likely", "a code that ISO has withdrawn")
            elif len(alone) == 1 and not any(c.isdigit() for c in word):
                values[word] = (countries()[str(alone.pop())].iso2, "likely", "the name beside it")
            elif any(c.isdigit() for c in word):
                scopes[word] = (max(sorted(set(around)), key=around.count), "likely", "the word beside it") if around else ("2", "guess", "a code beside others, of no country")
            else:
                values[word] = ("?", "asked", "no ISO code; which country?")
        return values, scopes

    def _locations(self) -> None:
        by_word = {" ".join(c.words): c for c in self.draft.free()}
        wanted = {"column": ("geoname", "location", "location name", "place", "site", "city"), "admin1": ("adm1", "admin1", "province", "oblast"), "latitude": ("latitude", "lat"), "longitude": ("longitude", "lon", "lng"), "code": ("geonameid", "geoname id")}
        found = {key: column for key, names in wanted.items() if (column := next((by_word[n] for n in names if n in by_word), None))}
        if "column" in found and "latitude" in found:
            options = [f"{key} = {self.take(column)}" for key, column in found.items()] + (['vocabulary = "G1"'] if "code" in found else [])
            self.draft.add(f"locations = {{ {', '.join(options)} }}", "likely", "places with coordinates")

    def _money(self, column: Column, kind: str, when: str) -> None:
        name = self.take(column)
        date = [f'date = "{when}"'] if when else []
        marks = decimal_marks(column, kind == "text")
        decimal, doubt = decimal_of(marks, kind == "text")
        if kind == "text":
            first = smaller_first(column, LEAST)
            bare = sum(n for text, n in column.values.items() if not any(True for _ in amounts_in(text)))
            options = ['form = "text"', *([f'decimal = "{decimal}"'] if decimal else []), *([f"at_least = {LEAST}"] if first else []), *date]
            why = "amounts in words" + (f"; {first} cells name a smaller one first" if first else "") + (f"; {bare} cells name no currency and will be left out" if bare else "")
            self.draft.add(f"money = {{ {', '.join([f'column = {name}', *options])} }}", "asked" if doubt else "likely", doubt or why)
            return
        currency = next((word.upper() for word in column.words if word.upper() in currencies()), "") or currency_in(column.name) or "?"
        unit = "1000000" if column.has("million", "millions", "mln", "m") else "1000" if column.has("thousand", "thousands", "000") else QUESTION
        options = [f"currency = {_q(currency)}", f"unit = {unit}"] + ([f"zero = {QUESTION}"] if "0" in column.values else []) + ([f'decimal = "{decimal}"'] if decimal else [])
        line = f"money = {{ {', '.join([f'column = {name}', *options, *date])} }}"
        if QUESTION in line:
            self.draft.add(line, "asked", doubt if QUESTION not in line.replace(f"decimal = {QUESTION}", "") else "which currency, and whole units (1), thousands (1000) or millions (1000000)? Does 0 mean unknown?")
        else:
            self.draft.add(line, "likely", "currency and unit stand in the header")

    def _related(self) -> None:
        """Numbers of other projects in titles, where project numbers have one form."""
        draft = self.draft
        if draft.number is None:
            return
        forms = {(m[1], len(m[2])) for v in draft.number.values if (m := re.fullmatch(r"([A-Z]{1,4})(\d{4,})", v))}
        if not draft.title or len(forms) != 1 or draft.title.name == draft.number.name:
            return
        ((letters, digits),) = forms
        pattern = rf"\b{letters}0*(\d{{{digits - 2},{digits}}})\b"
        named = [m for text in draft.title.values for m in re.findall(pattern, text)]
        if any(letters + number.zfill(digits) in draft.number.values for number in named):
            options = [f"column = {_q(draft.title.name)}", f"pattern = '{pattern}'", f'number = "{letters}{{found}}"', f"digits = {digits}", 'type = "3"']
            draft.add(f"related = {{ {', '.join(options)} }}", "likely", f"{len(named)} titles name another project's number")

    def _numbers(self) -> list[Section]:
        draft = self.draft
        found: list[Section] = []
        for column in draft.free():
            org = organization_in(column.words)
            if org and is_number(column):
                found.append([("[[fields.other_identifiers]]", "", ""), (f"column = {self.take(column)}", "likely", "a number with its owner"), ('type = "A9"', "likely", "another organization's"), (f"owner_ref = {_q(org.id)}", "likely", "told by the header"), (f"owner_name = {_q(org.name)}", "likely", "told by the header")])
        if not found and draft.number and not set(draft.number.words) - {"project", "activity", "id", "identifier", "number", "no", "code", "ref", "reference"}:
            draft.add(f'other_identifiers = {{ column = {_q(draft.number.name)}, type = "A1" }}', "likely", "its own project number, as texts name it")
        return found

    def _status(self) -> None:
        for column in self.draft.free():
            if column.has("status", "stage", "phase") and len(column.values) <= 30:
                codes = {value: status_code(value) for value in sorted(column.values)}
                lines = [(f"{_q(value)} = {_q(code or '?')}", "guess" if code else "asked", "its words" if code else "which IATI status?") for value, code in codes.items()]
                self.sections.append([("[fields.status]", "", ""), (f"column = {self.take(column)}", "likely", "by its header")])
                self.sections.append([("[fields.status.values]", "", ""), *lines])
                return


def _country_marks(column: Column, form: str) -> list[str]:
    """Separators at which cells fall into countries; "and" where a mark alone leaves two together."""

    def parts_countries(mark: str, text: str) -> bool:
        return mark in text and not is_country(text, form) and sum(is_country(p, form) for p in split(text, [mark])) > 1

    marks = [mark for mark in ";,/" if any(parts_countries(mark, text) for text in column.values)]
    pieces = {p for text in column.values for p in ([text] if is_country(text, form) else split(text, marks))} if form == "name" else set()
    return marks + [word for word in (" and ", " & ", " и ", " et ", " y ", " und ", " + ") if any(parts_countries(word, piece) for piece in pieces)]


def _split(marks: Sequence[str]) -> str:
    """Separators as a mapping writes them: single signs as one text."""
    return _q("".join(marks)) if all(len(mark) == 1 for mark in marks) else f"[{', '.join(map(_q, marks))}]"


def _fund_in(value: str, funds: Sequence[KnownOrganization]) -> KnownOrganization | None:
    words = value.split()
    for org in funds:
        if len(org.acronym) > 2 and org.acronym in words:
            return org
    close = [(fuzz.token_set_ratio(normalise(value), normalise(org.name)), org) for org in funds]
    score, org = max(close, key=lambda item: item[0])
    return org if score >= 80 and len(words) > 1 else None


def _type(org: KnownOrganization) -> str:
    """IATI organisation type of a listed organization."""
    return {"bilateral": "10", "government": "10", "public": "15", "ngo": "21", "partnership": "30", "foundation": "60", "private": "70", "academic": "80", "research": "80"}.get(org.kind, "40")


def _q(text: str) -> str:
    """Text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)


def _width(top: list[list[str]]) -> int:
    return max((sum(map(bool, line)) for line in top), default=0)


def _header_words(source: CsvLines | XlsxLines) -> int:
    """How many cells of the row that would be the header have words of headers; -1 where rows cannot be read."""
    rows = Rows(source)
    try:
        number = _header_row(rows)
        return sum(map(looks_like_header, next((line for at, line in rows.first_lines(25) if at == number), [])))
    except UnreadableFile:
        return -1


def _header_rows(rows: Rows, header_row: int) -> int:
    """Two where the row below the header fills nothing but cells under a heading of several columns, such as 2026 and 2027 under Budget."""
    lines = dict(rows.first_lines(30))
    above, below = lines.get(header_row, []), lines.get(header_row + 1, [])
    width = max(len(above), len(below))
    above, below = (line + [""] * (width - len(line)) for line in (above, below))
    shared = [not above[at] or above[at] in above[max(at - 1, 0) : at] + above[at + 1 : at + 2] or (at + 1 < width and not above[at + 1]) for at in range(width)]
    added = [at for at in range(width) if below[at] and below[at] != above[at]]
    return 2 if added and len(added) < width and all(shared[at] for at in added) else 1


def _header_row(rows: Rows) -> int:
    """Of the first rows with different texts, and no number, in most columns, the one with most words of headers.

    A title that is merged over the columns stands in each of them and counts once.
    """
    first = [(number, [cell for cell in dict.fromkeys(line) if cell]) for number, line in rows.first_lines(25)]
    most = max((len(cells) for _, cells in first), default=0)
    fitting = [(number, cells) for number, cells in first if len(cells) >= max(2, 0.6 * most) and not any(cell.replace(".", "").isdigit() for cell in cells)]
    return max(fitting, key=lambda item: sum(map(looks_like_header, item[1])), default=(1, []))[0]
