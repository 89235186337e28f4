"""Where the items of a map stand: a disc a country, and what spans countries on the rim.

Physics in the browser needs 7 seconds for 200 items and does not settle for 1,000; these positions
take milliseconds, and the same graph always gives the same picture, so that two months compare.
The method is our own. Each country is in the middle of a disc; its activities fill a sunflower
spiral around it, cut into wedges by organization; organizations and sectors seen in that country
only stand on its edge. Discs are packed largest first around their common middle; all other
organizations and sectors stand outside, in the direction of what they are linked to.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["Caption", "Layout", "Place", "countries_elsewhere", "country_clusters"]

STEP = 30.0  # distance of neighbours inside a disc
RIM_STEP = 46.0  # distance of neighbours on an edge or on the outer ring
GAP = 54.0  # distance between discs and between rings
STRETCH = 1.2  # screens are wide, and so are labels
DIRECTIONS = 60  # in which a place for a disc is looked for
GOLDEN = math.pi * (3 - math.sqrt(5))
_MIDDLES = ("Country", "CountryGroup")
_SCOPES = {"global": "Global", "regional": "Regional", "multi-country": "Several countries"}

Point = tuple[float, float]
DiscKey = tuple[bool, str]  # whether it is a scope, and the scope's caption or the id of the country


@dataclass(frozen=True)
class Place:
    """One item to place: its kind (``Elsewhere``: in the rows below), home country, and scope."""

    kind: str
    country: str | None = None
    scope: str = ""


@dataclass(frozen=True)
class Caption:
    """A name for a disc without a country in its middle."""

    text: str
    x: int
    y: int


@dataclass(frozen=True)
class Layout:
    """Whole-number positions by item, and the captions of discs without a country."""

    positions: dict[str, tuple[int, int]]
    captions: tuple[Caption, ...] = ()


@dataclass
class _Disc:
    key: DiscKey
    activities: list[str] = field(default_factory=list)
    edge: list[str] = field(default_factory=list)
    sectors: list[str] = field(default_factory=list)
    offsets: dict[str, Point] = field(default_factory=dict)
    radius: float = STEP

    @property
    def centre(self) -> str | None:
        return None if self.key[0] else self.key[1]


def country_clusters(places: Mapping[str, Place], links: Iterable[tuple[str, str]]) -> Layout:
    """Positions of all items; the order of the arguments does not matter.

    Parameters
    ----------
    places : mapping of item id to Place
    links : pairs of item ids
        Ends that are not in ``places`` are left out.

    Returns
    -------
    Layout
        One position for each item, no two alike, around the origin.
    """
    if not places:
        return Layout({})
    neighbours = _neighbours(places, links)
    home = _homes(places, neighbours)
    discs, rest = _discs(places, neighbours, home)
    for disc in discs:
        _fill(disc, places, neighbours)
    centres = _pack(discs)
    found: dict[str, Point] = {}
    for disc in discs:
        cx, cy = centres[disc.key]
        for key, (dx, dy) in disc.offsets.items():
            found[key] = (cx + dx, cy + dy)
    found.update(_outer({key: places[key].kind for key in rest}, found, neighbours))
    return _finish(found, discs, centres)


def _neighbours(places: Mapping[str, Place], links: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    neighbours: dict[str, set[str]] = {key: set() for key in sorted(places)}
    for one, other in links:
        if one in neighbours and other in neighbours and one != other:
            neighbours[one].add(other)
            neighbours[other].add(one)
    return neighbours


def _homes(places: Mapping[str, Place], neighbours: Mapping[str, set[str]]) -> dict[str, DiscKey]:
    """The disc of each activity: its country, else the best connected one, else its scope."""
    home: dict[str, DiscKey] = {}
    for key in sorted(places):
        place = places[key]
        if place.kind != "Activity":
            continue
        known = place.country if place.country in places and places[str(place.country)].kind in _MIDDLES else None
        near = [other for other in neighbours[key] if places[other].kind == "Country"]
        if known is not None and len(near) < 2:
            home[key] = (False, known)
            continue
        near = near or [other for other in neighbours[key] if places[other].kind == "CountryGroup"]
        if near:
            # of several countries: the one where most of this map is, so that a country's page has one disc
            home[key] = (False, min(near, key=lambda other: (-len(neighbours[other]), other != known, other)))
        else:
            # a scope is not a country: these discs have no middle and are packed last
            home[key] = (True, _SCOPES.get(place.scope, "No country known"))
    return home


def countries_elsewhere(places: Mapping[str, Place], links: Iterable[tuple[str, str]]) -> set[str]:
    """Countries that activities of several countries name, but where none of the map has its home.

    One programme for the whole world brings 170 of them into the page of a country.
    """
    neighbours = _neighbours(places, links)
    homes = {where for _, where in _homes(places, neighbours).values()}
    return {
        key
        for key, place in places.items()
        if place.kind == "Country" and key not in homes and any(places[other].kind == "Activity" for other in neighbours[key])
    }


def _discs(
    places: Mapping[str, Place], neighbours: Mapping[str, set[str]], home: Mapping[str, DiscKey]
) -> tuple[list[_Disc], list[str]]:
    discs: dict[DiscKey, _Disc] = {}
    rest: list[str] = []
    for key in sorted(places):
        if places[key].kind == "Country":
            discs[(False, key)] = _Disc((False, key))
    for activity, where in sorted(home.items()):
        discs.setdefault(where, _Disc(where)).activities.append(activity)
    for key in sorted(places):
        if key in home or (False, key) in discs:
            continue
        seen = {home[other] for other in neighbours[key] if other in home}
        if len(seen) != 1 or places[key].kind in ("CountryGroup", "Elsewhere"):
            rest.append(key)
            continue
        disc = discs[seen.pop()]
        (disc.sectors if places[key].kind == "Sector" else disc.edge).append(key)
    return list(discs.values()), rest


def _fill(disc: _Disc, places: Mapping[str, Place], neighbours: Mapping[str, set[str]]) -> None:
    """Offsets inside one disc: the middle, the wedges, the edge, the sectors beyond."""
    if disc.centre is not None:
        disc.offsets[disc.centre] = (0.0, 0.0)
    start = 2.5 if disc.centre is not None else 0.4  # room for the middle and its label
    slots = sorted(
        (STEP * math.sqrt(index + start), (index * GOLDEN) % math.tau) for index in range(len(disc.activities))
    )
    slots.sort(key=lambda slot: (slot[1], slot[0]))
    lead = _leads(disc.activities, places, neighbours)
    size = Counter(lead.values())
    order = sorted(disc.activities, key=lambda key: (-size[lead[key]], lead[key], key))
    for key, (radius, angle) in zip(order, slots, strict=True):
        disc.offsets[key] = (radius * math.cos(angle), radius * math.sin(angle))
    disc.radius = max([STEP * 0.9, *(radius for radius, _ in slots)]) + STEP / 2
    for ring in (disc.edge, disc.sectors):
        if ring:
            disc.radius = max(disc.radius + GAP * 0.6, len(ring) * RIM_STEP / math.tau)
            disc.offsets.update(_ring(ring, disc.offsets, neighbours, disc.radius))
            disc.radius += STEP / 2


def _leads(activities: Sequence[str], places: Mapping[str, Place], neighbours: Mapping[str, set[str]]) -> dict[str, str]:
    """The organization of each activity that takes part in most of the disc's activities."""
    counts: Counter[str] = Counter()
    for key in activities:
        counts.update(other for other in neighbours[key] if places[other].kind == "Organization")
    return {
        key: min(
            (other for other in neighbours[key] if places[other].kind == "Organization"),
            key=lambda other: (-counts[other], other),
            default="",
        )
        for key in activities
    }


def _pack(discs: Sequence[_Disc]) -> dict[DiscKey, Point]:
    """Centres of the discs: largest first, each as near to the middle of the others as it fits."""
    if not discs:
        return {}
    placed: list[tuple[float, float, float]] = []
    centres: dict[DiscKey, Point] = {}
    order = sorted(discs, key=lambda disc: (disc.key[0], -disc.radius, disc.key))
    for disc in order:
        weight = sum(radius**2 for _, _, radius in placed) or 1.0
        cx = sum(x * radius**2 for x, _, radius in placed) / weight
        cy = sum(y * radius**2 for _, y, radius in placed) / weight
        rays = [index * math.tau / DIRECTIONS for index in range(DIRECTIONS)]
        distance, angle = min((round(_free(cx, cy, ray, disc.radius, placed), 3), ray) for ray in rays)
        x, y = cx + distance * math.cos(angle), cy + distance * math.sin(angle)
        placed.append((x, y, disc.radius))
        centres[disc.key] = (x, y)
    # the origin is where rings are drawn around and angles are measured from
    left, right = min(x - radius for x, _, radius in placed), max(x + radius for x, _, radius in placed)
    low, high = min(y - radius for _, y, radius in placed), max(y + radius for _, y, radius in placed)
    return {key: (x - (left + right) / 2, y - (low + high) / 2) for key, (x, y) in centres.items()}


def _free(cx: float, cy: float, angle: float, radius: float, placed: Sequence[tuple[float, float, float]]) -> float:
    """How far along a ray a disc must go until it meets none of those placed."""
    ux, uy = math.cos(angle), math.sin(angle)
    blocked: list[tuple[float, float]] = []
    for px, py, other in placed:
        along = (px - cx) * ux + (py - cy) * uy
        apart = (px - cx) ** 2 + (py - cy) ** 2 - along**2
        half = (radius + other + GAP / 2) ** 2 - apart
        if half > 0:
            blocked.append((along - math.sqrt(half), along + math.sqrt(half)))
    distance = 0.0
    for begin, end in sorted(blocked):
        if begin > distance:
            break
        distance = max(distance, end)
    return distance


def _outer(
    rest: Mapping[str, str], found: Mapping[str, Point], neighbours: Mapping[str, set[str]]
) -> dict[str, Point]:
    """What spans discs, on a ring around them; in rows below, what is elsewhere or linked to nothing."""
    alone = [key for key, kind in rest.items() if kind == "Elsewhere" or not neighbours[key]]
    linked = [key for key in rest if key not in set(alone)]
    radius = max((math.hypot(x, y) for x, y in found.values()), default=0.0)
    result: dict[str, Point] = {}
    if linked:
        radius = max(radius + GAP * 1.3, len(linked) * RIM_STEP / math.tau, RIM_STEP)
        # sectors beyond organizations: hidden ones would otherwise leave holes
        for sectors in (False, True):
            ring = [key for key in linked if (rest[key] == "Sector") is sectors]
            if ring:
                result.update(_inward(_ring(ring, found, neighbours, radius), {**found, **result}))
                radius += GAP
    radius = max((abs(y) for _, y in [*found.values(), *result.values()]), default=0.0)
    columns = max(1, math.ceil(math.sqrt(len(alone) * 3)))
    top = radius + GAP * 1.3 if found or linked else 0.0
    for index, key in enumerate(alone):
        row, column = divmod(index, columns)
        width = min(columns, len(alone) - row * columns)
        result[key] = ((column - (width - 1) / 2) * RIM_STEP * 1.6, top + row * RIM_STEP)
    return result


def _ring(
    keys: Sequence[str], found: Mapping[str, Point], neighbours: Mapping[str, set[str]], radius: float
) -> dict[str, Point]:
    """Points on a circle, each towards the middle of its neighbours, none closer than its share."""
    wanted: list[tuple[float, str]] = []
    unknown: list[str] = []
    for key in keys:
        near = [found[other] for other in sorted(neighbours[key]) if other in found]
        x, y = sum(point[0] for point in near), sum(point[1] for point in near)
        if math.hypot(x, y) > 1e-6:
            wanted.append((math.atan2(y, x) % math.tau, key))
        else:
            unknown.append(key)
    wanted.sort()
    share = min(RIM_STEP / radius, math.tau / len(keys))
    spread = _spread(wanted, unknown, share)
    return {key: (radius * math.cos(angle), radius * math.sin(angle)) for key, angle in spread.items()}


def _inward(ring: Mapping[str, Point], found: Mapping[str, Point]) -> dict[str, Point]:
    """Each point of a ring moved towards the middle until it would meet what stands there."""
    placed = list(found.values())
    result: dict[str, Point] = {}
    for key, (x, y) in ring.items():
        full = math.hypot(x, y)
        along = (x / full, y / full)
        # how far out anything stands within a strip in that direction
        reach = max(
            (
                px * along[0] + py * along[1]
                for px, py in placed
                if px * along[0] + py * along[1] > 0 and abs(py * along[0] - px * along[1]) < GAP
            ),
            default=0.0,
        )
        radius = min(full, reach + GAP)
        while radius < full and any(
            math.hypot(px - radius * along[0], py - radius * along[1]) < RIM_STEP for px, py in result.values()
        ):
            radius += 8.0
        result[key] = (min(radius, full) * along[0], min(radius, full) * along[1])
    return result


def _spread(wanted: list[tuple[float, str]], unknown: Sequence[str], share: float) -> dict[str, float]:
    """Angles at least ``share`` apart, moved as little as one pass each way allows."""
    if wanted:
        # begin behind the widest empty stretch, so that pushing on never comes round
        gaps = [(wanted[i][0] - wanted[i - 1][0]) % math.tau or math.tau for i in range(len(wanted))]
        first = max(range(len(wanted)), key=lambda i: (gaps[i], -i))
        wanted = wanted[first:] + wanted[:first]
    begin = wanted[0][0] if wanted else 0.0
    end = begin + math.tau - share
    angles = [begin + (angle - begin) % math.tau for angle, _ in wanted]
    names = [key for _, key in wanted] + list(unknown)
    angles += [end] * len(unknown)
    for i in range(1, len(angles)):
        angles[i] = max(angles[i], angles[i - 1] + share)
    limit = end
    for i in range(len(angles) - 1, -1, -1):
        angles[i] = min(angles[i], limit)
        limit = angles[i] - share
    return dict(zip(names, angles, strict=True))


def _finish(found: Mapping[str, Point], discs: Sequence[_Disc], centres: Mapping[DiscKey, Point]) -> Layout:
    """Stretched to the shape of a screen, a small map enlarged, in whole numbers."""
    reach = max((max(abs(x), abs(y)) for x, y in found.values()), default=0.0)
    scale = min(5.0, max(1.0, 320.0 / reach)) if reach > 1 else 1.0
    positions: dict[str, tuple[int, int]] = {}
    taken: set[tuple[int, int]] = set()
    for key in sorted(found):
        x, y = round(found[key][0] * scale * STRETCH), round(found[key][1] * scale)
        while (x, y) in taken:
            x += round(STEP)
        taken.add((x, y))
        positions[key] = (x, y)
    captions = tuple(
        Caption(disc.key[1], round(centres[disc.key][0] * scale * STRETCH), round((centres[disc.key][1] - disc.radius) * scale))
        for disc in sorted(discs, key=lambda disc: disc.key)
        if disc.key[0]
    )
    return Layout(positions, captions)
