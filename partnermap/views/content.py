"""What a map page says: items, links and findings as plain values, in a fixed order.

Nothing here draws. Every value that leaves this module is text cleaned by :func:`plain`, a finite
number, a truth value, or a list or dict of these, so that it fits JSON and a page as it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx

from partnermap.model import Finding, Member
from partnermap.views.layout import Place, countries_elsewhere
from partnermap.views.style import KINDS, KindStyle, class_label
from partnermap.views.text import plain, points, score_text, usd, wrap

__all__ = ["Item", "Link", "finding_values", "items_of", "kind_style", "links_of", "near_findings", "places_of", "with_countries_elsewhere"]

LABEL_WIDTH = 24
WIDE = 15  # countries above which a finding is about the world rather than about each of them
SHORT_WIDTH = 18  # of an organization where the longer label finds no room


@dataclass(frozen=True)
class Item:
    """One node as the page shows it; ``key`` is the id in the graph."""

    key: str
    kind: str
    name: str
    ours: bool
    facts: tuple[tuple[str, str], ...]
    country: str | None
    scope: str
    elsewhere: bool = False  # a country where nothing of this map has its home

    @property
    def row(self) -> str:
        """The row of the list of items that shows or hides it."""
        return "Elsewhere" if self.elsewhere else self.kind

    def values(self) -> dict[str, Any]:
        """What the page's script needs, without what is empty."""
        values: dict[str, Any] = {"id": plain(self.key), "name": self.name, "kind": self.kind}
        label = wrap(self.name, LABEL_WIDTH)
        if label != self.name:
            values["label"] = label
        if self.kind == "Organization":
            short = self.name[:SHORT_WIDTH].rstrip()
            if len(self.name) > SHORT_WIDTH:
                values["short"] = f"{short}…"
        if self.elsewhere:
            values["row"] = self.row
        if self.ours:
            values["ours"] = True
        if self.facts:
            values["facts"] = [list(fact) for fact in self.facts]
        return values


@dataclass(frozen=True, order=True)
class Link:
    """One line of the map: a pair of an overlap, or all links of one kind between two items."""

    style: str  # an overlap class, or the kind of link
    start: str
    end: str
    finding: str = ""
    score: float = 0.0
    text: str = ""
    overlap: bool = False


def items_of(graph: nx.MultiDiGraph) -> list[Item]:
    """The nodes, sorted by id."""
    return [_item(str(key), graph.nodes[key]) for key in sorted(graph.nodes, key=str)]


_SHOWN = frozenset(["kind", "name", "ours", "country", "scope"])  # attributes that are no facts of the panel
_TIME_AND_MONEY = frozenset(["start_date", "end_date", "time", "money_usd", "money_in_doubt"])


def _facts(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the panel says of an item: dates and money of an activity in words, and every other attribute."""
    facts = []
    if "time" in values:
        money = values.get("money_usd")
        doubt = " (in doubt)" if values.get("money_in_doubt") else ""
        facts.append(("Dates", f"{plain(values.get('start_date')) or 'start unknown'} to {plain(values.get('end_date')) or 'end unknown'} ({plain(values['time'])})"))
        facts.append(("Money", "unknown" if money is None else f"USD {money:,.0f}{doubt}"))
    others = values.keys() - _SHOWN - _TIME_AND_MONEY
    return facts + [(plain(name.replace("_", " ").capitalize()), plain(text)) for name, text in values.items() if name in others]


def _item(key: str, values: Mapping[str, Any]) -> Item:
    country = values.get("country")
    return Item(
        key=key,
        kind=plain(values.get("kind")) or "Activity",
        name=plain(values.get("name")) or plain(key) or "(no name)",
        ours=bool(values.get("ours", False)),
        facts=tuple((label, text) for label, text in _facts(values) if text),
        country=None if country is None else str(country),
        scope=plain(values.get("scope")),
    )


def links_of(graph: nx.MultiDiGraph) -> list[Link]:
    """The links, sorted; those of one kind between two items are one line with all their texts."""
    overlaps: set[Link] = set()
    others: dict[tuple[str, str, str], set[str]] = {}
    for start, end, values in graph.edges(data=True):
        if start == end:
            continue
        kind, text = plain(values.get("kind")), plain(values.get("text") or values.get("role"))
        if kind == "OVERLAPS":
            overlaps.add(
                Link(
                    style=plain(values.get("class")) or "parallel",
                    start=str(start),
                    end=str(end),
                    finding=plain(values.get("finding")),
                    score=_finite(values.get("score")),
                    text=text,
                    overlap=True,
                )
            )
        else:
            others.setdefault((kind, str(start), str(end)), set()).add(text)
    plainly = [
        Link(kind, start, end, text="; ".join(sorted(texts - {""}))) for (kind, start, end), texts in others.items()
    ]
    return sorted(plainly) + sorted(overlaps)  # overlaps last: vis draws them on top


def _finite(value: object) -> float:
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    return 0.0


def near_findings(items: Sequence[Item], links: Sequence[Link], findings: Sequence[Finding]) -> list[Item]:
    """The activities of the findings, their countries, and what these activities are linked to."""
    kinds = {item.key: item.row for item in items}
    shown = {finding.id for finding in findings}
    activities = {member.id for finding in findings for member in finding.members if member.id in kinds}
    for link in links:
        if link.overlap and link.finding in shown:
            activities |= {link.start, link.end}
    near = set(activities)
    if activities:
        near |= {country for finding in findings for country in finding.countries if kinds.get(country, "Elsewhere") != "Elsewhere"}
    for link in links:
        for one, other in ((link.start, link.end), (link.end, link.start)):
            if one in activities and kinds[other] not in ("Activity", "Elsewhere"):
                near.add(other)
    return [item for item in items if item.key in near]


def places_of(items: Iterable[Item]) -> dict[str, Place]:
    """What the layout needs to know of the items."""
    return {item.key: Place(item.row, item.country, item.scope) for item in items}


def with_countries_elsewhere(
    items: Sequence[Item], pairs: Sequence[tuple[str, str]], findings: Sequence[Finding]
) -> list[Item]:
    """The items, with the countries marked that neither an activity's home nor a finding is in.

    One finding about very many countries among others would fill the page with them: it counts for none.
    """
    narrow = [f for f in findings if len(f.countries) <= WIDE or len(findings) == 1]
    found = {country for finding in narrow for country in finding.countries}
    elsewhere = countries_elsewhere(places_of(items), pairs) - found
    return [replace(item, elsewhere=True) if item.key in elsewhere else item for item in items]


def kind_style(kind: str) -> KindStyle:
    """The style of a kind; the activity's, under its own name, for a kind without a row."""
    if kind in KINDS:
        return KINDS[kind]
    base = KINDS["Activity"]
    return KindStyle(kind, kind, base.shape, base.fill, base.outline, base.size)


def finding_values(finding: Finding, items: Mapping[str, tuple[str, Item]]) -> dict[str, Any]:
    """A finding for the table and the details panel.

    Parameters
    ----------
    finding : Finding
    items : mapping of graph id to the page's own id and the item
    """
    countries = [items[code][1].name if code in items else plain(code) for code in finding.countries]
    return {
        "id": plain(finding.id),
        "number": plain(finding.number) or plain(finding.id),
        "cls": plain(finding.cls) or plain(finding.kind),
        "label": plain(class_label(finding.cls or finding.kind)),
        "score": _finite(finding.score),
        "score_text": score_text(_finite(finding.score)),
        "score_exact": points(_finite(finding.score)).lstrip("+"),
        "strength": plain(finding.strength),
        "concerns": plain(finding.concerns),
        "status": plain(finding.status),
        "money_usd": usd(finding.money_usd),
        "countries": countries,
        "headline": plain(finding.headline),
        "opinion": plain(finding.opinion),
        "speaks_for": [plain(line) for line in finding.speaks_for],
        "speaks_against": [plain(line) for line in finding.speaks_against],
        "money": plain(finding.money),
        "not_known": [plain(line) for line in finding.not_known],
        "next_step": plain(finding.next_step),
        "members": [_member(member, items) for member in finding.members],
        "reasons": [{"points": points(_finite(reason.points)), "text": plain(reason.text)} for reason in finding.reasons],
    }


def _member(member: Member, items: Mapping[str, tuple[str, Item]]) -> dict[str, Any]:
    known = items.get(member.id)
    return {
        "node": known[0] if known else "",
        "id": plain(member.id),
        "title": plain(member.title) or plain(member.id),
        "actors": [plain(actor) for actor in member.actors],
        "dates": f"{plain(member.start_date) or 'start unknown'} to {plain(member.end_date) or 'end unknown'}",
        "time": plain(member.time),
        "money": usd(member.money_usd),
        "source": " · ".join(part for part in (plain(member.dataset), plain(member.rows)) if part),
        "ours": member.ours,
    }
