"""Which of the encodings of one byte a letter a text was written in, told by its letters.

A plain rule and no library: in a Cyrillic word every letter is a byte above 127, in a Western one
a letter with an accent stands among plain ones. Detectors weigh dozens of encodings and need more
text than a short list has.
"""

from __future__ import annotations

import re
from math import log
from typing import Final

from partnermap.sources.archive import Content

FALLBACK: Final = "cp1252"
NAMES = {FALLBACK: "Windows-1252", "cp1251": "Windows-1251 (Cyrillic)", "koi8-u": "KOI8 (Cyrillic)", "cp866": "DOS 866 (Cyrillic)"}
_READ = 4_000_000  # bytes, and words of them, that are looked at
_WORDS = 20_000
_WORD = re.compile(rb"[A-Za-z\x80-\xff]{3,60}")
_HIGH = re.compile(rb"[\x80-\xff]")
_ALONE = 0.6  # of the letters of a word with any; Western words have under a half, Cyrillic nearly all
# how often a letter stands in Russian text, in percent; і, ї, є, ў are Ukrainian and Belarusian
_OFTEN = dict(zip("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєў", (
    10.97, 8.45, 8.01, 7.35, 6.7, 6.26, 5.47, 4.73, 4.54, 4.4, 3.49, 3.21, 2.98, 2.81, 2.62, 2.01, 1.9, 1.74, 1.7,
    1.65, 1.59, 1.44, 1.21, 0.97, 0.94, 0.73, 0.64, 0.48, 0.36, 0.32, 0.26, 0.1, 0.1, 0.8, 0.3, 0.3, 0.3,
), strict=True))  # fmt: skip
_RARE = 0.02  # percent, of any other sign
_LIKELY = -3.7  # mean logarithm: Russian and Ukrainian are about -3.1, Greek and Arabic read as Cyrillic below -4


def single_byte_encoding(content: Content) -> str:
    """``"cp1251"``, ``"koi8-u"`` or ``"cp866"`` of a text that is Cyrillic, else ``"cp1252"``."""
    words = [word for word in _WORD.findall(content.head(_READ)) if _HIGH.search(word)][:_WORDS]
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
