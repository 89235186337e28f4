"""One spelling for names, so that what differs in accents, case and marks compares as equal."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile("['’ʼ`´]")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


def fold(text: str) -> str:
    """Text in lower case without accents; letters of other scripts stay."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).translate(_WITHOUT_ACCENTS).casefold()


class _WithoutAccents(dict[int, int | None]):
    """A letter's code to itself and a combining mark's to nothing, for those that were met."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_WITHOUT_ACCENTS = _WithoutAccents()


def normalise(text: str) -> str:
    """A name for comparison: folded, ``&`` as "and", marks as one space, without "the"."""
    words = _WORD.findall(_APOSTROPHES.sub("", fold(text.replace("&", " and "))))
    return " ".join(word for word in words if word != "the")


def organization_key(ref: str, name: str) -> str:
    """Key of an organization as one file writes it: its reference, else its normalised name."""
    ref = ref.strip().upper()
    return ref or normalise(name)
