"""Many texts into words as numbers, and words into terms: text.py for whole columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from partnermap.codes.names import fold
from partnermap.pairing.ragged import Bools, Ints
from partnermap.pairing.text import language_of, run_term, spaced, stop_words, word_class

_MARKS = "[\u2010-\u2027\u2030-\u205e\u00a0-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf]"  # no letters, no numbers
Short = npt.NDArray[np.int32]
MORE_STOP_WORDS = 2  # of another language than the declared one, from which a text is in that one
_CHUNK = 20_000
_BREAK = re.compile(r"\W+")
# each byte as a part of words, spaces for the others; bytes of other letters than ASCII's stay
_WRITTEN = np.array([byte if byte > 127 or chr(byte).isalnum() or chr(byte) == "_" else ord(" ") for byte in range(256)], dtype=np.uint8)
_SMALL = np.array([byte if byte > 127 else ord(chr(byte).lower()) if chr(byte).isalnum() else ord(" ") for byte in range(256)], dtype=np.uint8)
_COUNTRY_FIRST = r"^[A-Z]{2}\s*[-:–]"  # its two letters are a word that says nothing


@dataclass(frozen=True)
class Tokens:
    """The words of texts in order: row ``i`` has ``ids[indptr[i]:indptr[i + 1]]``, of ``words``.

    Numbers take four bytes: words are by far the most of what is held.
    """

    indptr: Ints
    ids: Short
    words: Sequence[str]

    @property
    def rows(self) -> Ints:
        """The row of each word."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.sizes)

    def __len__(self) -> int:
        return len(self.indptr) - 1

    @cached_property
    def sizes(self) -> Ints:
        """Length of each row."""
        return np.diff(self.indptr)

    @cached_property
    def _plain(self) -> tuple[list[int], list[int]]:
        return self.indptr.tolist(), self.ids.tolist()

    def at(self, row: int) -> tuple[int, ...]:
        """One row."""
        indptr, ids = self._plain
        return tuple(ids[indptr[row] : indptr[row + 1]])

    def part(self, first: int, last: int) -> Tokens:
        """Rows from first to before last."""
        ends = self.indptr[first : last + 1]
        return Tokens(ends - ends[0], self.ids[ends[0] : ends[-1]], self.words)

    def texts(self) -> list[bytes]:
        """Each row's words as bytes: equal for equal words in order."""
        return [self.ids[a:b].tobytes() for a, b in zip(self.indptr[:-1].tolist(), self.indptr[1:].tolist(), strict=True)]

    def where(self, kept: Bools, ids: Short) -> Tokens:
        """The words that are kept, as other numbers."""
        counts = np.bincount(self.rows[kept], minlength=len(self.indptr) - 1)
        return Tokens(np.concatenate(([0], np.cumsum(counts))), ids[kept], self.words)


def tokenise(texts: pa.Array) -> Tokens:
    """The words of texts, folded."""
    return _in_words(texts, _small)


def words_of(texts: pa.Array) -> Tokens:
    """The words of texts as they are written: letters, numbers and ``_`` (``\\w``) without a break."""
    return _in_words(texts, _as_written)


def _in_words(texts: pa.Array, spell: Callable[[pa.Array], pa.Array]) -> Tokens:
    lengths, chunks = [], []
    for first in range(0, len(texts), _CHUNK):
        parts = pc.ascii_split_whitespace(spell(texts.slice(first, _CHUNK)))
        words = pc.list_flatten(parts)
        real = pc.not_equal(words, "")
        rows = pc.list_parent_indices(parts).to_numpy()[real.to_numpy(zero_copy_only=False)]
        lengths.append(np.bincount(rows, minlength=len(parts)))
        chunks.append(words.filter(real).dictionary_encode())
    if not chunks:
        return Tokens(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32), [])
    one = pa.chunked_array(chunks).unify_dictionaries()
    ids = np.concatenate([chunk.indices.to_numpy() for chunk in one.chunks]).astype(np.int32)
    words = one.chunk(0).dictionary.to_pylist()
    del one, chunks
    pa.default_memory_pool().release_unused()
    return Tokens(np.concatenate(([0], np.cumsum(np.concatenate(lengths)))), ids, words)


def _small(texts: pa.Array) -> pa.Array:
    """Small letters without accents, and spaces for all that is no letter and no number."""
    return _mapped(_where_odd(texts, _folded), _SMALL)


def _as_written(texts: pa.Array) -> pa.Array:
    """Spaces for all that is no part of a word."""
    return _mapped(_where_odd(texts, lambda some: pa.array([_BREAK.sub(" ", text) for text in some.to_pylist()], pa.string())), _WRITTEN)


def _where_odd(texts: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Texts of which those with other letters than ASCII's are changed."""
    plain = pc.string_is_ascii(texts)
    if pc.all(plain).as_py():
        return texts
    odd = pc.invert(plain)
    return pc.replace_with_mask(texts, odd, change(texts.filter(odd)))


def _mapped(texts: pa.Array, letters: npt.NDArray[np.uint8]) -> pa.Array:
    """Texts with each byte as another."""
    texts = pa.concat_arrays([texts])  # buffers of its own, from their beginning
    _, ends, data = texts.buffers()
    if data is None:  # not one letter
        return texts
    return pa.StringArray.from_buffers(len(texts), ends, pa.py_buffer(letters[np.frombuffer(data, dtype=np.uint8)]))


def _folded(texts: pa.Array) -> pa.Array:
    texts = pc.replace_substring_regex(texts, _MARKS, " ")  # then most texts are plain
    plain = pc.string_is_ascii(texts).to_pylist()
    folded = pa.array([text if is_plain else spaced(fold(text)) for text, is_plain in zip(texts.to_pylist(), plain, strict=True)], pa.string())
    return pc.replace_substring_regex(folded, r"[^\pL\pN]+", " ")


def languages_of(tokens: Tokens, declared: Sequence[str]) -> list[str]:
    """The language of each activity: what its stop words tell, else what its publisher declares.

    Parameters
    ----------
    tokens : rows of titles, then as many of descriptions
    declared : two-letter code of each activity; tags are wrong so often that two stop words more of
        another language outweigh one
    """
    size = len(declared)
    lists = stop_words()
    names = sorted(lists)
    is_stop = np.array([[word in lists[name] for word in tokens.words] for name in names], dtype=bool).reshape(len(names), len(tokens.words))
    rows = tokens.rows % max(1, size)
    counts = np.array([np.bincount(rows[stop[tokens.ids]], minlength=size) for stop in is_stop]).reshape(len(names), size)
    told = [language_of(code) for code in declared]
    own = np.array([names.index(code) if code in names else -1 for code in told], dtype=np.int64)
    of_own = np.where(own >= 0, counts[own, np.arange(size)], 0)
    best = counts.argmax(axis=0) if size else own
    other = counts[best, np.arange(size)] >= of_own + MORE_STOP_WORDS
    return [names[b] if changes else code for code, b, changes in zip(told, best.tolist(), other.tolist(), strict=True)]


def begins_with_country(texts: pa.Array) -> Bools:
    """Whether a text begins with a country's two letters and a mark."""
    found: Bools = pc.match_substring_regex(texts, _COUNTRY_FIRST).to_numpy(zero_copy_only=False)
    return found


@dataclass(frozen=True)
class Terms:
    """What each word of a text is: the number of its term in ``terms``, and its class."""

    terms: list[str]  # sorted
    term: Short  # of each word of the tokens; -1 for a stop word
    topic: Bools
    core: Bools  # a topic, or a word of means


def terms_of(tokens: Tokens, languages: Sequence[str], silent: Bools) -> Terms:
    """The terms of words, each read in the language of its row.

    Parameters
    ----------
    tokens : rows of words
    languages : two-letter code of each row
    silent : rows whose first word says nothing
    """
    of_row = np.array([language_of(code) for code in languages], dtype=object)
    found: dict[str, int] = {}
    term = np.full(len(tokens.ids), -1, dtype=np.int32)
    topic, core = np.zeros(len(term), dtype=bool), np.zeros(len(term), dtype=bool)
    every = sorted(set(of_row.tolist()))
    for language in every:
        here = (of_row == language)[tokens.rows] if len(every) > 1 else slice(None)
        words = np.unique(tokens.ids[here])
        told = np.full(len(tokens.words), -1, dtype=np.int32)
        is_topic, is_core = np.zeros(len(told), dtype=bool), np.zeros(len(told), dtype=bool)
        for word in words.tolist():
            kind = word_class(tokens.words[word], language)
            if kind != "stop":
                told[word] = found.setdefault(run_term(tokens.words[word], kind, language), len(found))
                is_topic[word] = kind == "topic"
                is_core[word] = kind in ("topic", "weak")
        ids = tokens.ids[here]
        term[here], topic[here], core[here] = told[ids], is_topic[ids], is_core[ids]
    first = tokens.indptr[:-1][silent & (np.diff(tokens.indptr) > 0)]
    term[first], topic[first], core[first] = -1, False, False
    names = sorted(found)
    place = np.empty(len(names) + 1, dtype=np.int32)
    place[[found[name] for name in names]] = np.arange(len(names))
    place[-1] = -1  # of no term
    return Terms(names, place[term], topic, core)
