"""How a kind of item or link looks, declared once: the map and its legend read the same row.

Fill or outline, and every link that matters, keep a contrast of 3:1 on white; every kind has its
own shape and every link its own dash, so that colour is never the only difference.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CLASSES", "KINDS", "LINKS", "OURS", "KindStyle", "LinkStyle", "class_label", "link_style"]


@dataclass(frozen=True)
class KindStyle:
    """A kind of node: its words, its vis shape, colours and size."""

    label: str
    plural: str
    shape: str
    fill: str
    outline: str
    size: int


@dataclass(frozen=True)
class LinkStyle:
    """A kind of link: its words, colour, dash (lengths of dash and gap; empty is solid), width."""

    label: str
    colour: str
    dash: tuple[int, ...]
    width: float
    arrow: bool = False


KINDS: dict[str, KindStyle] = {
    "Activity": KindStyle("Activity", "Activities", "dot", "#8F8F8F", "#5A5A5A", 8),
    "Organization": KindStyle("Organization", "Organizations", "square", "#0072B2", "#004A75", 10),
    "Country": KindStyle("Country", "Countries", "diamond", "#E69F00", "#6B4A00", 15),
    "CountryGroup": KindStyle("Group of countries", "Groups of countries", "hexagon", "#F3D27A", "#6B4A00", 14),
    "Sector": KindStyle("Sector", "Sectors", "triangle", "#009E73", "#00523C", 9),
}

# our own work: the shape of its kind in this fill, with a heavy outline
OURS = KindStyle("Ours", "Ours", "dot", "#D55E00", "#5C2800", 11)

CLASSES: dict[str, LinkStyle] = {
    "duplication": LinkStyle("possible duplication", "#B5179E", (), 4.0),
    "parallel": LinkStyle("parallel", "#B5179E", (9, 5), 2.5),
    "sequence": LinkStyle("sequence", "#8A5A00", (14, 5, 3, 5), 2.5),
    "joint": LinkStyle("joint", "#0072B2", (18, 4), 3.0),
    "same-money": LinkStyle("same money", "#00734F", (3, 4), 3.0),
    "same-activity": LinkStyle("same activity", "#00734F", (12, 4, 3, 4, 3, 4), 3.0),
    "part-of": LinkStyle("part of", "#0072B2", (6, 3, 2, 3), 2.5),
}

LINKS: dict[str, LinkStyle] = {
    "PARTICIPATES_IN": LinkStyle("takes part in", "#8A8A8A", (1, 2), 1.2),
    "LOCATED_IN": LinkStyle("located in", "#9A7B2E", (2, 6), 1.2),
    "IN_SECTOR": LinkStyle("in sector", "#2E8B6F", (5, 2), 1.0),
    "FUNDS": LinkStyle("funds", "#5A5A5A", (20, 3), 2.0, arrow=True),
    "CHILD_OF": LinkStyle("belongs to", "#5A5A5A", (8, 2, 2, 2), 1.2, arrow=True),
    "RELATED_TO": LinkStyle("related (publisher)", "#5A5A5A", (4, 8), 1.2),
    "REPORTS": LinkStyle("reports", "#8A8A8A", (1, 8), 1.0),
}

_OTHER = LinkStyle("", "#6B6B6B", (6, 6), 2.0)


def class_label(cls: str) -> str:
    """The class as people read it: ``duplication`` is "possible duplication"."""
    return CLASSES[cls].label if cls in CLASSES else cls.replace("-", " ").replace("_", " ")


def link_style(key: str) -> LinkStyle:
    """The style of an overlap class or a kind of link; a neutral one for a kind without a row."""
    known = CLASSES.get(key) or LINKS.get(key)
    if known:
        return known
    return LinkStyle(class_label(key).lower(), _OTHER.colour, _OTHER.dash, _OTHER.width)
