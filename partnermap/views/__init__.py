"""Pages that people open in a browser: one table of names, one function each.

A view gets graphs and findings and gives a page; it knows no store, no file format and no rule by
which a finding came about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from partnermap.views.map import MapPage, draw_map
from partnermap.views.page import Frame

__all__ = ["VIEWS", "Frame", "MapPage", "View", "draw_map"]


@dataclass(frozen=True)
class View:
    """How a page is made, what it needs, and the sentence that commands and docs show for it."""

    draw: Callable[..., MapPage]
    needs: tuple[str, ...]
    summary: str


VIEWS: Mapping[str, View] = {
    "map": View(
        draw_map,
        ("graph", "findings"),
        "Interactive map of a country, a group, an organization or a finding, with the table of findings",
    ),
}
