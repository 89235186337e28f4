"""An interactive map of a country, a group, an organization or a finding."""

from __future__ import annotations

import html as html_text
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx

from partnermap.errors import NotFound, TooLarge
from partnermap.model import Finding
from partnermap.views.content import (
    Item,
    Link,
    finding_values,
    items_of,
    kind_style,
    links_of,
    near_findings,
    places_of,
    with_countries_elsewhere,
)
from partnermap.views.layout import Layout, country_clusters
from partnermap.views.page import Frame, new_network, render
from partnermap.views.style import CLASSES, KINDS, LINKS, OURS, KindStyle, class_label, link_style
from partnermap.views.text import plain, score_text

if TYPE_CHECKING:
    from pyvis.network import Network

__all__ = ["MAX_NODES", "MapPage", "draw_map"]

MAX_NODES = 3_000  # measured: 0.8 s to first paint, 37 ms a redraw; more is a mass of lines
NOTEBOOK_NODES = 1_000  # above this, one output adds about 3 MB to a notebook
HIDDEN_ROWS = ("Sector", "Elsewhere")  # of the list of items, until ticked
HUB_LINKS = 24  # links of an item with more appear when it is selected
TABLE_ROWS = 20  # of the short form for notebooks
_PAST = "A map with what is over: partnermap map --past, in Python map(past=True)."


@dataclass(frozen=True)
class MapPage:
    """A drawn map: write it to a file, or show it in a notebook.

    In Jupyter it shows itself as a table of its findings; :meth:`show` gives the whole map.
    """

    title: str
    html: str = field(repr=False)
    nodes: int
    edges: int
    coverage: str = ""
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    past: int = 0  # more findings, which are over

    def write(self, path: Path) -> Path:
        """The path, after the page was written there as UTF-8 with LF line ends, and nothing else.

        Raises
        ------
        NotFound
            If the folder does not exist.
        """
        path = Path(path)
        if not path.parent.is_dir():
            raise NotFound(f"{path.parent} is not a folder. Make it first, or choose another place for the page.")
        path.write_text(self.html, encoding="utf-8", newline="\n")
        return path

    def show(self) -> Frame:
        """The whole map for a notebook: the page in a sandboxed frame, stored in the output."""
        if self.nodes > NOTEBOOK_NODES:
            warnings.warn(
                f"This map has {self.nodes:,} items and adds about {len(self.html) * 1.45 / 1e6:.1f} MB to the notebook. "
                "write() puts it into a file instead.",
                stacklevel=2,
            )
        return Frame(self.html, self.title)

    def __repr__(self) -> str:
        lines = [self.title, self.coverage, f"{self._counts()}. show() gives the map, write(path) a file."]
        lines += [
            f"{plain(finding.number)}  {class_label(finding.cls)}  {score_text(finding.score)}  {plain(finding.headline)}"
            for finding in self.findings[:TABLE_ROWS]
        ]
        return "\n".join(line for line in lines if line)

    def _repr_html_(self) -> str:
        rows = "".join(
            "<tr>"
            + "".join(
                f'<td style="text-align:left">{html_text.escape(cell)}</td>'
                for cell in (
                    plain(finding.number),
                    class_label(finding.cls),
                    plain(finding.strength),
                    score_text(finding.score),
                    plain(finding.headline),
                )
            )
            + "</tr>"
            for finding in self.findings[:TABLE_ROWS]
        )
        more = len(self.findings) - TABLE_ROWS
        return (
            f"<p><strong>{html_text.escape(self.title)}</strong><br>{html_text.escape(self.coverage)}<br>"
            f"{self._counts()}. <code>.show()</code> gives the map, <code>.write(path)</code> a file.</p>"
            "<table><thead><tr><th>Finding</th><th>Class</th><th>Strength</th><th>Score</th><th>What</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>" + (f"<p>and {more:,} more</p>" if more > 0 else "")
        )

    def _counts(self) -> str:
        over = f" ({_count(self.past, 'more is', 'more are')} over: past=True)" if self.past else ""
        return f"{_count(self.nodes, 'item')}, {_count(self.edges, 'link')}, {_count(len(self.findings), 'finding')}{over}"


def draw_map(
    graph: nx.MultiDiGraph, findings: Sequence[Finding], *, title: str, coverage: str, language: str = "en", past: int = 0
) -> MapPage:
    """A page with the map of a graph and the table of its findings.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Not changed. Node keys are ids; attributes ``kind``, ``name``, and where known ``ours``,
        ``country`` (home of an activity), ``scope``, and an activity's ``time``, ``start_date``,
        ``end_date``, ``money_usd`` and ``money_in_doubt``; every other one is shown under its name. Edge
        attribute ``kind``, optional ``text`` or ``role``; for ``OVERLAPS`` also ``class``, ``score``
        and ``finding`` (one that ``findings`` lacks is not drawn, and counted). Other attributes of edges are not looked at.
    findings : sequence of Finding
        In the order of the table. Members that the graph lacks are listed without a link.
    title, coverage : str
        The heading, and the line under it that says what was looked at.
    language : str
        Language tag of the page.
    past : int
        How many findings are not among these because they are over: the page says so.

    Returns
    -------
    MapPage
        The same for the same input, byte for byte, whatever the order of nodes and edges.

    Raises
    ------
    TooLarge
        Beyond 3,000 nodes; the message says how to ask for less.
    """
    if graph.number_of_nodes() > MAX_NODES:
        raise TooLarge(
            f"A map of {graph.number_of_nodes():,} items cannot be read; the limit is {MAX_NODES:,}. "
            "Ask for one country, or one finding."
        )
    drawn = links_of(graph)
    listed = {plain(finding.id) for finding in findings}
    # overlaps of findings that are over or decided would be lines without a row in the table
    links = [link for link in drawn if not link.finding or link.finding in listed]
    pairs = [(link.start, link.end) for link in links]
    items = with_countries_elsewhere(items_of(graph), pairs, findings)
    near = near_findings(items, links, findings)
    everything = country_clusters(places_of(items), pairs)
    close = country_clusters(places_of(near), pairs)
    page_ids = {item.key: f"n{index}" for index, item in enumerate(items)}
    known = {item.key: (page_ids[item.key], item) for item in items}
    shown = [finding_values(finding, known) for finding in findings]

    heading = plain(title)
    network = new_network(heading)
    _add(network, items, links, page_ids, everything)
    near_count, all_count = (sum(item.row not in HIDDEN_ROWS for item in some) for some in (near, items))
    view = "near" if near and len(near) < len(items) else "all"
    activities = sum(item.kind == "Activity" for item in items)
    values = {
        "lang": plain(language) or "en",
        "coverage": plain(coverage),
        "findings": shown,
        "notice": _notice(all_count, activities, shown, near_count, view, past) + _left_out(len(drawn) - len(links)),
        "near_count": near_count,
        "all_count": all_count,
        "view": view,
        "score": _score_range(shown, links),
        "kinds": _kinds(items),
        "ours": asdict(OURS) if any(item.ours for item in items) else None,
        "classes": _classes(shown, links),
        "link_kinds": _link_kinds(links),
        "concerns": sorted({finding["concerns"] for finding in shown} - {""}),
        "hub_links": HUB_LINKS,
        "page": {
            "items": _items(items, close),
            "links": _links(links, {finding["id"]: index for index, finding in enumerate(shown)}),
            "findings": shown,
            "styles": {key: asdict(link_style(key)) for key in sorted({link.style for link in links})},
            "kinds": {kind: kind_style(kind).label for kind in sorted({item.kind for item in items})},
            "captions": {"all": _captions(everything), "near": _captions(close)},
            "view": view,
            "hub_links": HUB_LINKS,
        },
    }
    html = render(network, "map.html", values)
    return MapPage(heading, html, len(items), len(links), plain(coverage), tuple(findings), past)


def _add(
    network: Network, items: Sequence[Item], links: Sequence[Link], page_ids: Mapping[str, str], layout: Layout
) -> None:
    """Nodes, edges and options into pyvis; page ids are ours because data could be named ``__proto__``."""
    for item in items:
        style = kind_style(item.kind)
        x, y = layout.positions[item.key]
        network.add_node(
            page_ids[item.key],
            label=" ",  # an empty one would become the id; the page writes the names itself
            shape=style.shape,
            group=f"{item.kind} ours" if item.ours else item.kind,
            size=style.size + (3 if item.ours else 0),
            x=x,
            y=y,
        )
    for index, link in enumerate(links):
        arrows = "to" if link_style(link.style).arrow else ""
        network.add_edge(page_ids[link.start], page_ids[link.end], id=f"e{index}", arrows=arrows)
    groups = {}
    for kind in sorted({item.kind for item in items}):
        groups[kind] = _group(kind_style(kind), 1.5)
        groups[f"{kind} ours"] = _group(OURS, 3)
    network.options = {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False, "randomSeed": 1},
        "interaction": {
            "keyboard": {"enabled": True, "bindToWindow": False},
            "tooltipDelay": 120,
            "hideEdgesOnDrag": len(links) > 3_000,
            "selectConnectedEdges": False,
        },
        "nodes": {"borderWidthSelected": 2, "font": {"size": 1}},
        "edges": {"smooth": False, "selectionWidth": 2},
        "groups": groups,
    }


def _group(style: KindStyle, border: float) -> dict[str, Any]:
    chosen = {"background": style.fill, "border": "#000000"}
    return {
        "color": {"background": style.fill, "border": style.outline, "highlight": chosen},
        "borderWidth": border,
    }


def _items(items: Sequence[Item], close: Layout) -> list[dict[str, Any]]:
    rows = []
    for item in items:
        row = item.values()
        if item.key in close.positions:
            row["near"] = list(close.positions[item.key])
        rows.append(row)
    return rows


def _links(links: Sequence[Link], findings: Mapping[str, int]) -> list[dict[str, Any]]:
    rows = []
    for link in links:
        row: dict[str, Any] = {"style": link.style}
        if link.overlap:
            row["overlap"] = True
            row["score"] = link.score
            if link.finding in findings:
                row["finding"] = findings[link.finding]
        if link.text:
            row["text"] = link.text
        rows.append(row)
    return rows


def _captions(layout: Layout) -> list[dict[str, Any]]:
    return [asdict(caption) for caption in layout.captions]


def _kinds(items: Sequence[Item]) -> list[dict[str, Any]]:
    counts = Counter(item.row for item in items)
    order = [*KINDS, *sorted(counts.keys() - KINDS.keys())]
    rows = [{"key": kind, "count": counts[kind], "on": kind not in HIDDEN_ROWS, **asdict(kind_style(kind))} for kind in order if counts[kind]]
    for row in rows:
        if row["key"] == "Elsewhere":
            row.update(asdict(KINDS["Country"]), plural="Other countries")
    return rows


def _classes(findings: Sequence[Mapping[str, Any]], links: Sequence[Link]) -> list[dict[str, Any]]:
    counts = Counter(finding["cls"] for finding in findings)
    counts.update({link.style: 0 for link in links if link.overlap})
    order = [*CLASSES, *sorted(counts.keys() - CLASSES.keys())]
    return [{"key": cls, "count": counts[cls], **asdict(link_style(cls))} for cls in order if cls in counts]


def _link_kinds(links: Sequence[Link]) -> list[dict[str, Any]]:
    present = {link.style for link in links if not link.overlap}
    order = [*LINKS, *sorted(present - LINKS.keys())]
    return [{"key": kind, **asdict(link_style(kind))} for kind in order if kind in present]


def _score_range(findings: Sequence[Mapping[str, Any]], links: Sequence[Link]) -> dict[str, float]:
    scores = [finding["score"] for finding in findings] + [link.score for link in links if link.overlap]
    lowest, highest = min([0.0, *scores]), max([0.0, *scores])
    return {"min": float(int(lowest) - (lowest < 0)), "max": float(int(highest) + 1)}


def _notice(
    nodes: int, activities: int, findings: Sequence[Mapping[str, Any]], near: int, view: str, past: int
) -> str:
    """One or two sentences that say what this page shows, and what it does not."""
    if not nodes:
        listed = f" {_count(len(findings), 'finding')} in the table." if findings else ""
        return (
            "There is nothing to draw: no activity, organization or country fits what was asked for. "
            f"Ask for less narrow a selection, or import files first.{listed}"
        )
    if not findings:
        alone = "One item, and nothing is linked to it. " if nodes == 1 else ""
        if past:
            over = f"all {past:,} are" if past > 1 else "the only one is"
            return f"{alone}No finding here is of what still runs or is planned: {over} over. {_PAST}"
        return f"{alone}No overlap found among the {_count(activities, 'activity', 'activities')} on this map."
    opening = f"{_count(len(findings), 'finding')} among {_count(activities, 'activity', 'activities')}."
    if past:
        opening += f" {_count(past, 'more finding is', 'more findings are')} over. {_PAST}"
    if not near:
        return f"{opening} None of the findings' activities is on this map; the table lists them."
    if view == "near":
        return f"{opening} The map first shows the {near:,} items near a finding; “Everything” shows all {nodes:,}."
    return opening


def _left_out(overlaps: int) -> str:
    if not overlaps:
        return ""
    return f" {_count(overlaps, 'overlap')} of findings that are not in this list {'is' if overlaps == 1 else 'are'} left out."


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
