"""Text from data made fit for a page: only plain text comes out, and short where it must be."""

from __future__ import annotations

import math
import re
import unicodedata

__all__ = ["plain", "points", "score_text", "shorten", "usd", "wrap"]

_SPACE = re.compile(r"[ \t\r\f\v]+")


def plain(value: object) -> str:
    """Text without what a page cannot carry: half characters and control characters.

    Line ends stay as ``\\n``; None becomes the empty text. Markup stays as it is: it is shown, not run.
    """
    if value is None:
        return ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        char if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs") else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )
    return kept.strip()


def shorten(text: str, limit: int) -> str:
    """Text of at most ``limit`` characters, cut in the middle.

    The ends of titles tell them apart: cut at the end, "Stream 1" and "Stream 2" of one programme
    would read the same.
    """
    text = _SPACE.sub(" ", text.replace("\n", " ")).strip()
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 3
    head, end = text[: limit - 1 - tail], text[-tail:]
    # at a space, where one is near the cut
    if " " in head[len(head) * 2 // 3 :]:
        head = head[: head.rindex(" ")]
    if " " in end[: tail * 2 // 3]:
        end = end[end.index(" ") :]
    return f"{head.rstrip(' ,')} … {end.lstrip()}" if end.startswith(" ") else f"{head.rstrip(' ,')}…{end}"


def wrap(text: str, width: int) -> str:
    """A label of at most two lines of ``width`` characters, cut in the middle where it is longer."""
    text = shorten(text, 2 * width - 2)
    if len(text) <= width:
        return text
    spaces = [match.start() for match in re.finditer(" ", text)]
    middle = min(spaces, key=lambda at: abs(at - len(text) / 2), default=0)
    if not middle or max(middle, len(text) - middle) > width + 6:
        return shorten(text, width + 6)
    return f"{text[:middle]}\n{text[middle + 1 :]}"


def usd(amount: float | None) -> str:
    """An amount as people say it: "USD 12.5 million"; "unknown" when there is none."""
    if amount is None or not math.isfinite(amount):
        return "unknown"
    size = abs(amount)
    for unit, word in ((1e9, "billion"), (1e6, "million")):
        if size >= unit:
            digits = 2 if size < 10 * unit else 1
            return f"USD {amount / unit:,.{digits}f}".rstrip("0").rstrip(".") + f" {word}"
    return f"USD {amount:,.0f}"


def score_text(score: float) -> str:
    """A score in lists, with one decimal: "9.3"."""
    return f"{score:.1f}".replace("-", "\N{MINUS SIGN}")


def points(value: float) -> str:
    """Points with their sign and at most three decimals, so that they add up: "+6.125", "−0.5", "0"."""
    text = f"{value:.3f}".rstrip("0").rstrip(".").replace("-", "\N{MINUS SIGN}")
    return f"+{text}" if value > 0 else text
