"""Many texts into words as numbers, and words into terms: text.py for whole columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from partnermap.codes.names import fold
from partnermap.pairing import text_kernels
from partnermap.pairing.ragged import Bools, Ints
from partnermap.pairing.text import classes_of, language_of, run_terms, spaced, stop_words
from partnermap.pairing.text_kernels import hashes, met, tallied

Short = npt.NDArray[np.int32]
Bytes = npt.NDArray[np.uint8]
MORE_STOP_WORDS = 2  # of another language than the declared one, from which a text is in that one
_BREAK, _NO_LETTER = re.compile(r"\W+"), re.compile(r"[\W_]+")
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

    def part(self, first: int, last: int) -> Tokens:
        """Rows from first to before last."""
        ends = self.indptr[first : last + 1]
        return Tokens(ends - ends[0], self.ids[ends[0] : ends[-1]], self.words)

    @cached_property
    def codes(self) -> Ints:
        """A number for each row, equal for those of equal words in order."""
        _, found = np.unique(hashes(self.indptr, self.ids), return_inverse=True)
        return found.astype(np.int64)

    def changed(self, others: Mapping[int, Sequence[str]]) -> Tokens:
        """With none, one or several other words for each of some.

        Parameters
        ----------
        others : number of a word to what stands for it
        """
        number = {word: n for n, word in enumerate(self.words) if n not in others}
        told = {n: [number.setdefault(word, len(number) + len(others)) for word in some] for n, some in others.items()}
        words = [*self.words, *(word for word, n in number.items() if n >= len(self.words))]
        is_other = np.zeros(len(self.words), dtype=bool)
        is_other[list(others)] = True
        at = np.flatnonzero(is_other[self.ids])
        some = [told[n] for n in self.ids[at].tolist()]
        sizes = np.array([len(more) for more in some], dtype=np.int64)
        ids = self.ids.copy()
        ids[at[sizes > 0]] = [more[0] for more in some if more]
        beside = np.maximum(sizes - 1, 0)
        if beside.any():
            ids = np.insert(ids, np.repeat(at + 1, beside), [n for more in some for n in more[1:]])
        if (sizes == 0).any():
            ids = np.delete(ids, (at + np.cumsum(beside))[sizes == 0])
        return Tokens(self.indptr + np.concatenate(([0], np.cumsum(sizes - 1)))[np.searchsorted(at, self.indptr)], ids, words)

    def where(self, kept: Bools, ids: Short) -> Tokens:
        """The words that are kept, as other numbers."""
        counts = np.bincount(self.rows[kept], minlength=len(self.indptr) - 1)
        return Tokens(np.concatenate(([0], np.cumsum(counts))), ids[kept], self.words)


def tokenise(texts: pa.Array) -> Tokens:
    """The words of texts, folded."""
    return _in_words(texts, _SMALL, lambda word: _NO_LETTER.sub(" ", spaced(fold(word))))


def words_of(texts: pa.Array) -> Tokens:
    """The words of texts as they are written: letters, numbers and ``_`` (``\\w``) without a break."""
    return _in_words(texts, _WRITTEN, lambda word: _BREAK.sub(" ", word))


def _in_words(texts: pa.Array, letters: Bytes, change: Callable[[str], str]) -> Tokens:
    """The words of texts with each byte as another, and a space between words.

    Parameters
    ----------
    change : what to do with a word that has other letters than ASCII's; it becomes none, one or several
    """
    if not len(texts):
        return Tokens(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32), [])
    ends, data = _buffers(texts)
    indptr, ids, written, starts, stops = text_kernels.words(data, ends, letters)
    told = written.tobytes()
    words = [told[a:b].decode() for a, b in zip(starts.tolist(), stops.tolist(), strict=True)]
    return Tokens(indptr, ids, words).changed({n: change(word).split() for n, word in enumerate(words) if not word.isascii()})


def _buffers(texts: pa.Array) -> tuple[Short, Bytes]:
    """Where each text begins and the last one ends, and the bytes of all."""
    if texts.offset:
        texts = pa.concat_arrays([texts])  # buffers of its own, from their beginning
    _, ends, data = texts.buffers()
    return np.frombuffer(ends, dtype=np.int32)[: len(texts) + 1], np.frombuffer(data or b"", dtype=np.uint8)


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
    of_word: dict[str, int] = {}
    for n, name in enumerate(names):
        for word in lists[name]:
            of_word[word] = of_word.get(word, 0) | 1 << n
    is_stop = np.array([of_word.get(word, 0) for word in tokens.words], dtype=np.int64)
    counts = tallied(tokens.indptr, tokens.ids, is_stop, len(names))
    counts = counts[:, :size] + counts[:, size:]
    of_code = {code: language_of(code) for code in set(declared)}
    told = [of_code[code] for code in declared]
    line = {code: names.index(code) if code in names else -1 for code in of_code.values()}
    own = np.array([line[code] for code in told], dtype=np.int64)
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
    """What words are, in each of some languages: a line each of the number of a word's term in
    ``terms``, and of its class."""

    terms: list[str]  # sorted
    lines: Ints  # of each activity, the line of its language
    term: Short  # -1 for a stop word
    topic: Bools
    core: Bools  # a topic, or a word of means


def terms_of(tokens: Tokens, languages: Sequence[str]) -> Terms:
    """The terms of words, each read in the language of its activity.

    Parameters
    ----------
    tokens : rows of titles, then as many of descriptions
    languages : two-letter code of each activity
    """
    of_code = {code: language_of(code) for code in set(languages)}
    every = sorted(set(of_code.values())) or ["en"]
    line = {code: every.index(language) for code, language in of_code.items()}
    lines = np.array([line[code] for code in languages], dtype=np.int64)
    shape = len(every), len(tokens.words)
    term, topic, core = np.full(shape, -1, dtype=np.int32), np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    found: dict[str, int] = {}
    for n, words in enumerate(met(tokens.indptr, tokens.ids, np.concatenate((lines, lines)), *shape)):
        here = np.flatnonzero(words)
        names = [tokens.words[word] for word in here.tolist()]
        kinds = classes_of(names, every[n])
        told = run_terms(names, kinds, every[n])
        term[n, here] = [found.setdefault(name, len(found)) if kind != "stop" else -1 for name, kind in zip(told, kinds, strict=True)]
        topic[n, here] = [kind == "topic" for kind in kinds]
        core[n, here] = [kind in ("topic", "weak") for kind in kinds]
    names = sorted(found)
    place = np.empty(len(names) + 1, dtype=np.int32)
    place[[found[name] for name in names]] = np.arange(len(names))
    place[-1] = -1  # of no term
    return Terms(names, lines, place[term], topic, core)
