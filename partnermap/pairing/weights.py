"""Every weight and threshold, from ``weights.toml`` with a workspace's overrides."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from partnermap.errors import NotFound, UnreadableFile
from partnermap.model import canonical


@dataclass(frozen=True)
class Weights:
    """Points by feature and level, thresholds by name, and a hash of both."""

    points: Mapping[str, Mapping[str, float]]
    thresholds: Mapping[str, float]

    @property
    def hash(self) -> str:
        """Changes when any weight or threshold does."""
        said = {"points": {k: dict(v) for k, v in self.points.items()}, "thresholds": dict(self.thresholds)}
        return hashlib.sha256(canonical(said).encode()).hexdigest()[:16]

    def of(self, feature: str, level: str) -> float:
        """Points of a level of a feature."""
        return self.points[feature][level]


def load_weights(overrides: Mapping[str, object] | None = None) -> Weights:
    """The shipped weights.

    A level's points are log2(m/u), rounded to a tenth: m is its share among pairs known to be one
    undertaking, u among pairs of one country drawn at random (Fellegi and Sunter 1969, Journal of
    the American Statistical Association 64, 1183-1210); levels with too few cases carry points set
    by hand, and say so.

    Parameters
    ----------
    overrides : ``"feature.level"`` or a threshold's name to a number

    Raises
    ------
    NotFound
        If an override names no weight.
    UnreadableFile
        If its value is no number.
    """
    with (Path(__file__).parent / "weights.toml").open("rb") as file:
        data = tomllib.load(file)
    pairs = data["measured"]
    points: dict[str, dict[str, float]] = {}
    for feature, levels in data["points"].items():
        points[feature] = {level: _points(entry, pairs) for level, entry in levels.items()}
    weights = Weights(points, {k: float(v) for k, v in data["thresholds"].items()})
    for name, value in (overrides or {}).items():
        weights = _override(weights, name, value)
    return weights


def _points(entry: Mapping[str, float], pairs: Mapping[str, int]) -> float:
    if "points" in entry:
        return float(entry["points"])
    m = (entry["m"] + 0.5) / (pairs["known"] + 1)
    u = (entry["u"] + 0.5) / (pairs["random"] + 1)
    return round(math.log2(m / u), 1)


def _override(weights: Weights, name: str, value: object) -> Weights:
    if isinstance(value, dict):  # TOML reads title.same = 8 as a table in a table
        raise NotFound(f'[weights] in partnermap.toml: {name} is no weight. Put its whole name in quotes: "{name}.{next(iter(value), "")}" = ...')
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise UnreadableFile(f"[weights] in partnermap.toml: {name} = {value!r} is no number.")
    feature, _, level = name.partition(".")
    if level and level in weights.points.get(feature, {}):
        points = {**weights.points, feature: {**weights.points[feature], level: float(value)}}
        return replace(weights, points=points)
    if name in weights.thresholds:
        return replace(weights, thresholds={**weights.thresholds, name: float(value)})
    known = [f"{f}.{level}" for f, levels in weights.points.items() for level in levels]
    raise NotFound(
        f"[weights] in partnermap.toml names {name!r}, which is no weight. "
        f"Known: {', '.join([*known, *weights.thresholds])}."
    )
