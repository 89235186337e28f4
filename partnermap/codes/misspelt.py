"""Known names that a misspelt one may mean: asked, never taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from partnermap.codes.names import normalise

CLOSE = 80  # percent of equal letters from which a name is worth showing: "Ukriane" has 86 with Ukraine, "Georgia (USA)" 78 with Georgia
_SHORT = 6  # letters of an acronym, in which one wrong letter is over a fifth


def closest(name: str, known: Iterable[str]) -> str:
    """"Did you mean ...?" with up to three of the known names that a misspelt one may mean; empty without any.

    Names of which 80 percent of the letters are equal; of up to six letters also those in which one
    is wrong, missing, too many or in its neighbour's place. Never taken, only asked.
    """
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA

    wanted = normalise(name)
    found: dict[str, tuple[float, int, str]] = {}
    for place, text in enumerate(dict.fromkeys(known)):
        plain = normalise(text)
        score = fuzz.ratio(wanted, plain)
        if score >= CLOSE or (wanted and len(wanted) <= _SHORT and OSA.distance(wanted, plain, score_cutoff=1) <= 1 and len(plain) > 2):
            found[plain] = min(found.get(plain, (0.0, place, text)), (-score, place, text))
    return did_you_mean([text for _, _, text in sorted(found.values())[:3]])


def did_you_mean(names: Sequence[str]) -> str:
    """The question for names that may be meant; empty without any."""
    return f"Did you mean {' or '.join(names)}?" if names else ""
