"""What the words of every activity say, as columns: terms, equal texts, acronyms, phases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from partnermap.codes.countries import countries
from partnermap.codes.lists import listed
from partnermap.codes.lists import rows as list_rows
from partnermap.codes.names import fold
from partnermap.codes.organizations import organization_acronyms
from partnermap.pairing.ragged import Bools, Floats, Ints, Ragged
from partnermap.pairing.side import CO_FINANCING, co_financing
from partnermap.pairing.table import FUNDS, Table
from partnermap.pairing.terms import background
from partnermap.pairing.text import (
    FOLLOWS,
    FORMERLY,
    PREPARES,
    TOPS_UP,
    acronyms_of,
    common_acronyms,
    countries_named,
    course_of,
    general_words,
    place_names,
    run_of,
    stem,
    stems,
    topics_of,
    word_class,
    word_classes,
)
from partnermap.pairing.text_kernels import gathered
from partnermap.pairing.tokens import (
    Short,
    Terms,
    Tokens,
    begins_with_country,
    languages_of,
    terms_of,
    tokenise,
    words_of,
)

IN_TITLE, IN_DESCRIPTION, FOR_PURPOSE = 1, 2, 4  # where an activity has a term; not only a place's name
LONG = 5  # letters of an acronym that no other words have by chance
_PART = 10_000  # texts that one thread looks through at a time
REPEATED = 3  # activities of one teller from which a sentence is form
# terms of a title that number it, or say that more money came
BARE = frozenset(["i", "ii", "iii", "iv", "v", "1", "2", "3", "4", "5", "phase", "addit", "financ", "af", "supplementari", "second", "third", "first", "project", "program", "programm"])
COMMON = 0.005  # share of the background's documents from which an acronym is a word like others
_COMPOUND = re.compile(r"\b[A-Z][^\W\d_]+-[A-Z][^\W\d_]+\b")
_MAY_ACRONYM = r"\b[A-Z][A-Z0-9]{2}"
_MAY_COMPOUND = r"[A-Z]\pL+-[A-Z]\pL+"
_MAY_PHASE = r"(?i)\b(?:phase|stage|part|tranche|project [ivx\d]|programm?e? [ivx\d]|first|second|third|fourth|fifth|1st|2nd|3rd|ii|iii|iv)\b"


@dataclass(frozen=True)
class Texts:
    """Columns of what texts say. Codes are numbers that are equal for equal texts."""

    terms: Ragged  # topic terms of title and description; values are flags of where
    counts: Floats  # how often, for each entry of ``terms``
    first: Short  # the word that first stood for it, for each entry of ``terms``; in ``words``
    words: Sequence[str]
    prior: Floats  # share of the background's documents that hold a term
    runs: Ragged  # every term of the title but stop words
    run: Tokens  # the same in order, with repeats
    run_words: Tokens  # as words
    core: Tokens  # topics and means of the title, in order
    core_code: Ints
    title_code: Ints
    description_code: Ints
    is_described: Bools  # has a description at all
    title_acronyms: Ragged
    title_organizations: Ragged  # that a title names by their acronyms, flagged as paying
    organization_acronym: Ints  # in titles, of each organization; -1 for none
    bare_code: Ints  # equal for titles that differ in phase, form and more money at most
    is_unheard: Bools  # terms that the background does not have
    title_names: Ragged  # proper names in the title, as stems
    phase: Ints  # that the title numbers; 0 for none
    follows: Bools
    tops_up: Bools  # more money for what is under way
    prepares: Bools
    co_financing: list[tuple[str, ...]]  # sentences of the description, but for what its teller repeats

    @cached_property
    def number(self) -> dict[str, int]:
        """Term to its number."""
        return {term: number for number, term in enumerate(self.terms.labels)}

    @cached_property
    def term_labels(self) -> pa.Array:
        """Every term."""
        return pa.array(self.terms.labels, pa.string())

    @cached_property
    def word_labels(self) -> pa.Array:
        """Every word."""
        return pa.array(self.words, pa.string())

    def initials(self, row: int) -> str:
        """First letters of the words of a title's run, to recognise an acronym written out."""
        start, end = self.run_words.indptr[row : row + 2]
        return "".join(self.first_letters[start:end].view("U1").tolist())

    @cached_property
    def first_letters(self) -> npt.NDArray[np.uint32]:
        """First letter of each word of ``run_words``, as its code point."""
        found: npt.NDArray[np.uint32] = np.array([word[0] for word in self.words], dtype="U1").view(np.uint32)[self.run_words.ids]
        return found

    @cached_property
    def acronym_letters(self) -> tuple[Ints, npt.NDArray[np.uint32]]:
        """Row pointers and letters of each acronym, folded."""
        folded = [fold(acronym) for acronym in self.title_acronyms.labels]
        return np.concatenate(([0], np.cumsum([len(letters) for letters in folded]))).astype(np.int64), np.array(list("".join(folded)), dtype="U1").view(np.uint32)

    @cached_property
    def acronym_speaks(self) -> Bools:
        """Which acronyms are more than words of the field."""
        return np.array([bool(read_as(acronym)) for acronym in self.title_acronyms.labels], dtype=bool)

    @cached_property
    def acronym_term(self) -> Ints:
        """The term that each acronym in titles is read as; -1 where there is none such."""
        return np.array([self.number.get(read_as(acronym), -1) for acronym in self.title_acronyms.labels], dtype=np.int64)

    @cached_property
    def acronym_names(self) -> Bools:
        """Which acronyms can name an undertaking."""
        return np.array([names_one_thing(acronym) for acronym in self.title_acronyms.labels], dtype=bool)

    @cached_property
    def acronym_is_long(self) -> Bools:
        """Which acronyms are long enough to be known from first letters."""
        return np.array([len(acronym) >= LONG for acronym in self.title_acronyms.labels], dtype=bool)

    @cached_property
    def _countries(self) -> dict[int, frozenset[str]]:
        return {}

    def countries_named(self, table: Table, row: int) -> frozenset[str]:
        """Countries that a title names."""
        found = self._countries.get(row)
        if found is None:
            found = self._countries[row] = countries_named(table.titles[row].as_py())
        return found

    @cached_property
    def core_distinct(self) -> Ints:
        """Distinct terms of each core."""
        return Ragged.distinct(self.core.indptr, self.core.ids, self.terms.labels).sizes

    @cached_property
    def tells_of_partners(self) -> Bools:
        """Rows whose description speaks of co-financing or of partners."""
        return np.array([bool(sentences) for sentences in self.co_financing], dtype=bool)

    @cached_property
    def factors(self) -> Floats:
        """1 + log2 of how often, for each entry of ``terms``."""
        found: Floats = 1 + np.log2(self.counts)
        return found

    @cached_property
    def is_general(self) -> Bools:
        """Which terms are words that half of the field uses."""
        known = general_words()
        return np.array([term in known for term in self.terms.labels], dtype=bool)

    @cached_property
    def text_code(self) -> Ints:
        """Equal where title and description are."""
        return self.title_code * (int(self.description_code.max(initial=0)) + 1) + self.description_code


def read_texts(table: Table, sentences: list[tuple[str, ...]]) -> Texts:
    """The texts of a table taken apart.

    Parameters
    ----------
    sentences : on co-financing, of each row
    """
    size = len(table)
    titles = pc.replace_substring_regex(table.titles, FORMERLY, "")
    tokens = tokenise(pa.concat_arrays([titles, table.descriptions]))
    silent = np.concatenate([begins_with_country(table.titles), begins_with_country(table.descriptions)])
    languages = languages_of(tokens, table.languages)
    known = terms_of(tokens, languages)
    run, run_words, core = _titles(tokens.part(0, size), known, silent[:size])
    terms, counts, first = _topics(table, tokens, known, silent, languages)
    acronyms, (phase, follows, tops_up, prepares) = _acronyms(table.titles), _phases(table.titles)
    documents, total = background()
    is_bare = np.array([term in BARE for term in known.terms], dtype=bool)
    bare, title_code = run.where(~is_bare[run.ids], run.ids), tokens.part(0, size).codes
    return Texts(
        terms=terms,
        counts=counts,
        first=first,
        words=tokens.words,
        prior=np.array([(documents.get(term, 0) + 0.5) / (total + 1) for term in known.terms]),
        runs=Ragged.distinct(run.indptr, run.ids, known.terms),
        run=run,
        run_words=run_words,
        core=core,
        core_code=core.codes,
        title_code=title_code,
        description_code=tokens.part(size, 2 * size).codes,
        is_described=pc.greater(pc.binary_length(table.descriptions), 0).to_numpy(zero_copy_only=False),
        title_acronyms=acronyms,
        title_organizations=_title_organizations(table, acronyms),
        organization_acronym=_organization_acronym(table, acronyms),
        bare_code=np.where(bare.sizes > 0, bare.codes, size + title_code),
        is_unheard=np.array([documents.get(term, 0) == 0 for term in known.terms], dtype=bool),
        title_names=proper_names(table.titles),
        phase=phase,
        follows=follows,
        tops_up=tops_up,
        prepares=prepares,
        co_financing=sentences,
    )


def _titles(titles: Tokens, known: Terms, silent: Bools) -> tuple[Tokens, Tokens, Tokens]:
    """Every term of titles but stop words, the same as words, and their topics and means."""
    lines = np.repeat(known.lines, titles.sizes)
    term, core = known.term[lines, titles.ids], known.core[lines, titles.ids]
    first = titles.indptr[:-1][silent & (titles.sizes > 0)]
    term[first], core[first] = -1, False
    return titles.where(term >= 0, term), titles.where(term >= 0, titles.ids), titles.where(core, term)


def _topics(table: Table, tokens: Tokens, known: Terms, silent: Bools, languages: Sequence[str]) -> tuple[Ragged, Floats, Short]:
    """Topic terms of each activity with flags, how often each occurs, and its first word."""
    width = max(1, len(known.terms))
    indptr, ids, flags, counts, first = gathered(tokens.indptr, tokens.ids, known.lines, known.term, known.topic, silent, width)
    found = Ragged(indptr, ids, known.terms, flags)
    number = {name: n for n, name in enumerate(known.terms)}
    named = np.array([row * width + number[name] for row, names in _named(table, languages) for name in names if name in number], dtype=np.int64)
    is_place = np.zeros(width, dtype=bool)
    is_place[[number[name] for name in place_names() if name in number]] = True
    no_purpose = is_place[ids]
    if len(named) and len(ids):
        keys = found.rows * width + ids
        at = np.minimum(np.searchsorted(keys, named), len(keys) - 1)
        no_purpose[at[keys[at] == named]] = True
    flags[(flags.astype(np.int64) & IN_TITLE > 0) & ~no_purpose] += FOR_PURPOSE
    return found, counts, first


def _named(table: Table, languages: Sequence[str]) -> Iterator[tuple[int, set[str]]]:
    """Rows whose places inside the country, or compound names, are terms of no purpose."""
    of_place: dict[tuple[str, str], frozenset[str]] = {}
    compound = pc.match_substring_regex(table.titles, _MAY_COMPOUND).to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(compound | (table.places.sizes > 0)).tolist():
        language = languages[row]
        named = set(_compounds(table.titles[row].as_py(), language)) if compound[row] else set()
        for place in table.places.at(row):
            name = table.place_names.get(place)
            if name:
                if (name, language) not in of_place:
                    of_place[name, language] = frozenset(run_of(name, language))
                named |= of_place[name, language]
        yield row, named


@listed
def _words() -> frozenset[str]:
    counts, _ = background()
    sectors = (f"{row['name']} {row['description']}" for row in list_rows("crs_purpose_codes"))
    return frozenset(counts) | {term for text in sectors for term in topics_of(text)}


def _compounds(title: str, language: str) -> Iterator[str]:
    """Stems of compound names in a title ("Issyk-Kul") whose parts are no words of the field."""
    for compound in _COMPOUND.findall(title):
        yield from _name_in(compound, language)


@listed
def _name_in(compound: str, language: str) -> Sequence[str]:
    terms = topics_of(compound.replace("-", " "), language)
    return terms if _words().isdisjoint(terms) else ()


def _title_organizations(table: Table, acronyms: Ragged) -> Ragged:
    """Organizations by the acronyms in titles: all that are called so."""
    labels = table.principals.labels
    number = {org: n for n, org in enumerate(labels)}
    named = [[number[org] for org in table.called.get(label, ())] for label in acronyms.labels]
    counts = np.array([len(numbers) for numbers in named], dtype=np.int64)[acronyms.ids]
    ids = np.array([number for label in acronyms.ids.tolist() for number in named[label]], dtype=np.int64)
    found = Ragged.of(np.repeat(acronyms.rows, counts), ids, labels, len(table))
    return replace(found, values=np.full(len(found.ids), float(FUNDS)))


def _organization_acronym(table: Table, acronyms: Ragged) -> Ints:
    number = {acronym: n for n, acronym in enumerate(acronyms.labels)}
    return np.array([number.get(table.acronyms.get(org, ""), -1) for org in table.who.labels], dtype=np.int64)


def _acronyms(titles: pa.Array) -> Ragged:
    """Words in capitals of titles."""
    some = np.flatnonzero(pc.match_substring_regex(titles, _MAY_ACRONYM).to_numpy(zero_copy_only=False))
    found = list(zip(some.tolist(), map(acronyms_of, titles.take(some).to_pylist()), strict=True))
    labels = sorted({name for _, names in found for name in names})
    number = {name: n for n, name in enumerate(labels)}
    rows = np.array([row for row, names in found for _ in names], dtype=np.int64)
    return Ragged.of(rows, np.array([number[name] for _, names in found for name in names], dtype=np.int64), labels, len(titles))


@cache
def read_as(acronym: str) -> str:
    """The term that an acronym is read as; empty where it is a word of the field."""
    folded = fold(acronym)
    return "" if folded in common_acronyms() else stem(folded, "en")


_NAME = re.compile(r"[A-Z][a-z]{3,}")
_ENGLISH = tuple(
    ending
    for endings in (
        "able ac age al ance ant ary ate cy ed ence ent er ers ery es ful hood ial ible ic ical ics ies ing ings ion ions",
        "ish ism ist ists ity ive ize ized less logy ly ment ments ness or ors ory ous ship sis th tic tude ty ure ures ury",
        "ward way ways",
    )
    for ending in endings.split()
)


def proper_names(titles: pa.Array) -> Ragged:
    """Stems of words in titles that name something: written with a capital, of no list, and not made
    as English words are."""
    words = words_of(titles)
    capital = [n for n, word in enumerate(words.words) if _NAME.fullmatch(word)]
    plain = [fold(words.words[n]) for n in capital]
    terms = stems(plain, "en")
    known, places = _words() | general_words(), place_names()
    kinds = word_classes("en")
    named = {
        n: term
        for n, word, term in zip(capital, plain, terms, strict=True)
        if term in places or not (word.endswith(_ENGLISH) or word in kinds or term in known)
    }
    labels = sorted(set(named.values()))
    number = {name: n for n, name in enumerate(labels)}
    of_word = np.full(len(words.words), -1, dtype=np.int64)
    of_word[list(named)] = [number[name] for name in named.values()]
    ids = of_word[words.ids]
    return Ragged.of(words.rows[ids >= 0].astype(np.int64), ids[ids >= 0], labels, len(titles))


@listed
def names_one_thing(acronym: str) -> bool:
    """Whether an acronym can name an undertaking: no organization, place, form or common word.

    Two parts with a dash ("PRC-GEF") name something although each part alone does not, unless
    both are organizations or words of the field ("GEF-MSP", a medium-sized project of it).
    """
    counts, documents = background()
    parts = acronym.split("-")
    words = [fold(part) for part in parts]
    if words[0] in common_acronyms() or acronym in countries():
        return False
    if all(part in organization_acronyms() or word in common_acronyms() for part, word in zip(parts, words, strict=True)):
        return False
    if len(parts) > 1:
        return not words[1].isdigit()
    if word_class(words[0], "en") != "topic":
        return False
    return counts.get(stem(words[0], "en"), 0) <= COMMON * documents


def _phases(titles: pa.Array) -> tuple[Ints, Bools, Bools, Bools]:
    """Phase that a title numbers, and whether it follows, tops up or prepares something."""
    phase = np.zeros(len(titles), dtype=np.int64)
    follows, tops_up, prepares = (np.zeros(len(titles), dtype=bool) for _ in range(3))
    may = pc.match_substring_regex(titles, f"{_MAY_PHASE}|(?i)(?:{FOLLOWS.pattern}|{TOPS_UP.pattern}|{PREPARES.pattern})")
    some = np.flatnonzero(may.to_numpy(zero_copy_only=False))
    for row, title in zip(some.tolist(), titles.take(some).to_pylist(), strict=True):
        numbered, follows[row], tops_up[row], prepares[row] = course_of(title)
        phase[row] = numbered or 0
    return phase, follows, tops_up, prepares


def sentences_of(table: Table) -> list[tuple[str, ...]]:
    """Sentences on co-financing, without those that a teller writes in three or more activities: form."""
    said: dict[int, tuple[str, ...]] = {}
    parts = [table.descriptions.slice(first, _PART) for first in range(0, len(table), _PART)]
    with ThreadPoolExecutor() as pool:  # the search lets other threads work
        may = pa.chunked_array(pool.map(lambda some: pc.match_substring_regex(some, CO_FINANCING.pattern, ignore_case=True), parts), pa.bool_())
    counts: Counter[tuple[int, str]] = Counter()
    for row in np.flatnonzero(may.to_numpy()).tolist():
        if sentences := co_financing(table.descriptions[row].as_py()):
            said[row] = sentences
            counts.update((teller, sentence) for sentence in set(sentences) for teller in _tellers(table, row))
    found: list[tuple[str, ...]] = [()] * len(table)
    for row, sentences in said.items():
        found[row] = tuple(s for s in sentences if all(counts[teller, s] < REPEATED for teller in _tellers(table, row)))
    return found


def _tellers(table: Table, row: int) -> list[int]:
    some: list[int] = table.principals.ids[table.principals.indptr[row] : table.principals.indptr[row + 1]].tolist()
    return some
