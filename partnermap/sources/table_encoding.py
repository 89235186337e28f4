"""Which of the encodings of one byte a letter a text was written in, told by its letters.

A plain rule and no library: in a Cyrillic word every letter is a byte above 127, in a Western one
a letter with an accent stands among plain ones. Detectors weigh dozens of encodings and need more
text than a short list has.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from math import log
from typing import Final, cast

from partnermap.sources.archive import Content

FALLBACK: Final = "cp1252"
NAMES = {FALLBACK: "Windows-1252", "cp1251": "Windows-1251 (Cyrillic)", "koi8-u": "KOI8 (Cyrillic)", "cp866": "DOS 866 (Cyrillic)"}
_READ = 4_000_000  # bytes, and words of them, by which an encoding is told
_WORDS = 20_000
_WORD = re.compile(rb"[A-Za-z\x80-\xff]{3,60}")
_HIGH = re.compile(rb"[\x80-\xff]")
_LETTERS = re.compile(r"[^\W\d_\x00-\x7f]")
_ENOUGH = 3  # letters beyond ASCII of one line; two bytes of Windows-1251 may be a letter of UTF-8 by chance: "Её"
_ALONE = 0.6  # of the letters of a word with any; Western words have under a half, Cyrillic nearly all
# how often a letter stands in Russian text, in percent; і, ї, є, ў are Ukrainian and Belarusian
_OFTEN = dict(zip("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєў", (
    10.97, 8.45, 8.01, 7.35, 6.7, 6.26, 5.47, 4.73, 4.54, 4.4, 3.49, 3.21, 2.98, 2.81, 2.62, 2.01, 1.9, 1.74, 1.7,
    1.65, 1.59, 1.44, 1.21, 0.97, 0.94, 0.73, 0.64, 0.48, 0.36, 0.32, 0.26, 0.1, 0.1, 0.8, 0.3, 0.3, 0.3,
), strict=True))  # fmt: skip
_RARE = 0.02  # percent, of any other sign
_LIKELY = -3.7  # mean logarithm: Russian and Ukrainian are about -3.1, Greek and Arabic read as Cyrillic below -4


@dataclass(frozen=True)
class LineEncodings:
    """How the lines of a text that is not UTF-8 were written."""

    single: str  # encoding of one byte a letter: of every line, or of those that are not UTF-8
    mixed: bool  # other lines are UTF-8
    lines: int  # that are not
    first: int  # of these, from 1


def line_encodings(content: Content) -> LineEncodings:
    """How the lines of a text are written, which as a whole is not UTF-8, as when two lists were put one below the other."""
    other, size, lines, first, mixed = [], 0, 0, 0, False
    with content.opened() as file:
        for number, line in enumerate(io.BufferedReader(cast(io.RawIOBase, file)), start=1):
            if (text := utf8(line)) is not None:
                mixed = mixed or len(_LETTERS.findall(text)) >= _ENOUGH
                continue
            lines, first = lines + 1, first or number
            if size < _READ:
                other.append(line)
                size += len(line)
    return LineEncodings(single_byte_encoding(b"".join(other)), mixed, lines, first)


def utf8(line: bytes) -> str | None:
    """A line's text if it is UTF-8."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def single_byte_encoding(text: bytes) -> str:
    """``"cp1251"``, ``"koi8-u"`` or ``"cp866"`` of a text that is Cyrillic, else ``"cp1252"``."""
    words = [word for word in _WORD.findall(text) if _HIGH.search(word)][:_WORDS]
    high = sum(len(_HIGH.findall(word)) for word in words)
    if high < _ALONE * sum(map(len, words)) or not words:
        return FALLBACK
    scores = {encoding: _russian([word.decode(encoding, "replace") for word in words]) for encoding in ("cp1251", "koi8-u", "cp866")}
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] >= _LIKELY else FALLBACK


def _russian(words: list[str]) -> float:
    """How usual the letters are, as a mean logarithm; capitals after small letters count against it."""
    letters = "".join(words).lower()
    usual = sum(log(_OFTEN.get(letter, _RARE) / 100) for letter in letters) / len(letters)
    odd = sum(not (word.islower() or word.isupper() or word[1:].islower()) for word in words) / len(words)
    return usual - odd
