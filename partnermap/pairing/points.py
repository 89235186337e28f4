"""What the levels of pairs are worth: points of each feature, and which of them say something of a class."""

from __future__ import annotations

import numpy as np

from partnermap.pairing.levels import LEVELS, Levels
from partnermap.pairing.ragged import Bools, Floats
from partnermap.pairing.weights import Weights

# Money, dates and organizations add only where text or identity speaks first: without it they
# are right in a quarter of the cases.
SPEAK_FIRST = ("link", "number", "acronym", "title", "terms", "copy", "partner")
NEEDS_TEXT = ("money", "dates", "together")
# What says nothing of a class: like amounts of two projects are no overlap, and that one is far
# behind the other or larger is no argument against a sequence or a part.
BESIDE = {
    *((cls, "money", level) for cls in ("parallel", "duplication") for level in ("equal", "near", "differ")),
    *((cls, "money", "differ") for cls in ("sequence", "joint", "part-of")),
    *(("sequence", "dates", level) for level in ("far", "apart")),
}


def points_of(levels: Levels, classes: np.ndarray, weights: Weights) -> dict[str, Floats]:
    """Points of each feature for each pair, 0 where it says nothing of the pair's class."""
    points = {}
    for feature, code in levels.codes.items():
        points[feature] = np.array([0.0, *(weights.of(feature, level) for level in LEVELS[feature][1:])])[code]
    for cls, feature, level in BESIDE:
        points[feature][(classes == cls) & levels.is_(feature, level)] = 0.0
    text = np.max([points[f] for f in SPEAK_FIRST], axis=0)
    for feature in NEEDS_TEXT:
        points[feature][(text < weights.thresholds["text_floor"]) & (points[feature] > 0)] = 0.0
    return points


def says(levels: Levels, classes: np.ndarray) -> dict[str, Bools]:
    """Which features say something of each pair's class."""
    found = {feature: code > 0 for feature, code in levels.codes.items()}
    for cls, feature, level in BESIDE:
        found[feature] = found[feature] & ~((classes == cls) & levels.is_(feature, level))
    return found
