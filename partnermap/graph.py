"""Columns into NetworkX graphs and DataFrames."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import networkx as nx
import pandas as pd

from partnermap.codes.countries import countries, region_names
from partnermap.findings.board import Board
from partnermap.model import Finding
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.side import Side
from partnermap.scope import Scope


def findings_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """One row a finding, in the given order.

    Columns: ``number``, ``class``, ``strength``, ``score``, ``concerns``, ``status``,
    ``money_usd``, ``countries`` (codes, comma), ``country_names``, ``organizations`` (who carries
    out or tells one of the activities), ``start_date`` (the earliest of the activities, or None),
    ``end_date`` (the latest that is known, or None), ``headline``, ``opinion``, ``for``, ``against``,
    ``money``, ``not_known``, ``next``, ``members`` (titles), ``members_here`` ("1 of 2" of these name
    a country asked for; empty where none was), ``rows`` (sources), ``id``.
    """
    names = ["number", "class", "strength", "score", "concerns", "status", "money_usd", "countries", "country_names", "organizations", "start_date", "end_date", "headline", "opinion", "for", "against", "money", "not_known", "next", "members", "members_here", "rows", "id"]
    rows = [
        (
            f.number,
            f.cls,
            f.strength,
            f.score,
            f.concerns,
            f.status,
            f.money_usd,
            ", ".join(f.countries),
            ", ".join(countries()[code].name for code in f.countries),
            ", ".join(sorted({org for m in f.members for org in (*m.actors, *m.tellers)}, key=str.casefold)),
            min((date.fromisoformat(m.start_date) for m in f.members if m.start_date), default=None),
            max((date.fromisoformat(m.end_date) for m in f.members if m.end_date), default=None),
            f.headline,
            f.opinion,
            "; ".join(f.speaks_for),
            "; ".join(f.speaks_against),
            f.money,
            "; ".join(f.not_known),
            f.next_step,
            " | ".join(m.title for m in f.members),
            "" if f.members_here is None else f"{f.members_here} of {len(f.members)}",
            " | ".join(m.rows for m in f.members),
            f.id,
        )
        for f in findings
    ]
    return pd.DataFrame(rows, columns=names)


def findings_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as plain values for JSON, with the keys that other programs may rely on."""
    return [
        {
            "id": f.id,
            "number": f.number,
            "kind": f.kind,
            "class": f.cls,
            "score": f.score,
            "strength": f.strength,
            "concerns": f.concerns,
            "status": f.status,
            "money_usd": f.money_usd,
            "countries": list(f.countries),
            "headline": f.headline,
            "opinion": f.opinion,
            "for": list(f.speaks_for),
            "against": list(f.speaks_against),
            "money": f.money,
            "not_known": list(f.not_known),
            "next": f.next_step,
            "members_here": f.members_here,
            "members": [
                {
                    "id": m.id,
                    "title": m.title,
                    "actors": list(m.actors),
                    "start_date": m.start_date,
                    "end_date": m.end_date,
                    "money_usd": m.money_usd,
                    "dataset": m.dataset,
                    "rows": m.rows,
                    "time": m.time,
                }
                for m in f.members
            ],
            "reasons": [{"feature": r.feature, "points": r.points, "text": r.text} for r in f.reasons],
        }
        for f in findings
    ]


def activities_frame(corpus: Corpus, sources: Mapping[str, Sequence[str]], scope: Scope) -> pd.DataFrame:
    """One row an activity that a loaded dataset tells, sorted by id.

    Columns: ``id``, ``title``, ``actors``, ``countries``, ``kind``, ``scope``, ``start_date``,
    ``end_date`` (dates or None), ``money_usd`` (of the whole activity, NaN where unknown), ``share``,
    ``share_usd``, ``ours``, ``rows``.

    ``share`` is the part of the activity that is in the countries asked for, 0 to 1: the sum of its
    shares of them, which are equal where no record tells any; what goes to a region is in no country.
    Without countries it is 1. ``share_usd`` is that part of the money, NaN where the money is unknown
    or too large to believe: of several countries, ``money_usd`` adds up to too much and this does not.
    Money that two activities tell is in both (findings of the class same-money).
    """
    codes = scope.countries
    shares = {s.id: sum(s.countries[c] for c in sorted(codes & s.countries.keys())) if codes else 1.0 for s in corpus.sides.values()}
    rows = [
        (s.id, s.title, ", ".join(sorted(map(corpus.called, s.actors))), ", ".join(sorted(s.countries)), s.kind, s.scope, s.start, s.end, s.usd, shares[s.id], None if s.usd is None or s.flagged else s.usd * shares[s.id], s.ours, "; ".join(sources.get(s.id, ())))
        for s in sorted(corpus.sides.values(), key=lambda s: s.id)
        if scope.holds(s)
    ]
    names = ["id", "title", "actors", "countries", "kind", "scope", "start_date", "end_date", "money_usd", "share", "share_usd", "ours", "rows"]
    return pd.DataFrame(rows, columns=names).astype({"money_usd": "float64", "share": "float64", "share_usd": "float64"})


def activities_in(corpus: Corpus, scope: Scope) -> frozenset[str]:
    """Ids of the activities in scope."""
    return frozenset(side.id for side in corpus.sides.values() if scope.holds(side))


def neighbourhood(corpus: Corpus, board: Board, activities: frozenset[str] | None, day: date) -> nx.MultiDiGraph:
    """Activities with the organizations, countries and regions around them, and their pairs.

    Node key: id. Node attributes: ``kind`` (Organization, Country, CountryGroup or Activity) and
    ``name``; of organizations ``full_name``; of activities ``ours``, ``scope``, ``country`` (the one
    with the largest share), ``carried_out_by``, ``start_date``, ``end_date``, ``time`` (on the day),
    ``money_usd``, ``money_in_doubt``, ``source``, ``description`` (600 characters). Edge attributes:
    ``kind`` (a relationship type), ``role`` of PARTICIPATES_IN (carries out, funds), and of OVERLAPS
    ``class``, ``score``, ``finding``, ``text``.

    Every value is a text, a number or a truth value, so that ``networkx.write_graphml`` and
    ``write_gexf`` take the graph: several names are one text with "; " between them, dates are ISO
    text, and an attribute that is unknown is missing, never None.
    """
    graph = nx.MultiDiGraph()
    sides = [s for s in corpus.sides.values() if (not s.withdrawn if activities is None else s.id in activities)]
    inside = {s.id for s in sides}
    for side in sides:
        _activity(graph, side, board, day)
        for org in sorted(side.actors | side.funders):
            if org not in graph:
                graph.add_node(org, **_told(kind="Organization", name=corpus.called(org), full_name=corpus.names.get(org, org)))
            role = "carries out" if org in side.actors else "funds"
            graph.add_edge(org, side.id, key=f"PARTICIPATES_IN {role}", kind="PARTICIPATES_IN", role=role)
        for code in sorted(side.countries):
            graph.add_node(code, kind="Country", name=countries()[code].name)
            graph.add_edge(side.id, code, key="LOCATED_IN", kind="LOCATED_IN")
        for region in sorted(side.regions):
            graph.add_node(region, kind="CountryGroup", name=region_names()[region])
            graph.add_edge(side.id, region, key="LOCATED_IN", kind="LOCATED_IN")
        for link in side.links:
            between = {"funds": "FUNDS", "parent": "CHILD_OF"}.get(link.sort)
            if between and link.other in inside:
                graph.add_edge(side.id, link.other, key=between, kind=between)
    for finding, pairs in sorted(board.pairs.items()):
        for pair in pairs:
            if pair.left in inside and pair.right in inside:
                text = pair.reasons[0].text if pair.reasons else ""
                graph.add_edge(pair.left, pair.right, key="OVERLAPS", **_told(kind="OVERLAPS", **{"class": pair.cls}, score=pair.score, finding=finding, text=text))
    return graph


def _activity(graph: nx.MultiDiGraph, side: Side, board: Board, day: date) -> None:
    shown = board.member(side, day)
    graph.add_node(
        side.id,
        **_told(
            kind="Activity",
            name=side.title,
            ours=side.ours,
            scope=side.scope,
            country=max(side.countries, key=lambda c: (side.countries[c], c)) if side.countries else None,
            carried_out_by="; ".join(shown.actors),
            start_date=shown.start_date,
            end_date=shown.end_date,
            time=shown.time,
            money_usd=side.usd,
            money_in_doubt=side.flagged,
            source=shown.rows,
            description=side.description[:600],
        ),
    )


_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _told(**values: str | float | bool | None) -> dict[str, Any]:
    """Attributes without what is unknown, and texts without what no XML file can hold."""
    known = {name: _NO_XML.sub("\ufffd", value) if isinstance(value, str) else value for name, value in values.items()}
    return {name: value for name, value in known.items() if value not in (None, "")}
