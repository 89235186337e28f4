"""Columns into NetworkX graphs and DataFrames."""

from __future__ import annotations

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


def activities_frame(
    corpus: Corpus, sources: Mapping[str, Sequence[str]], codes: frozenset[str], organization: str
) -> pd.DataFrame:
    """One row an activity that a loaded dataset tells, sorted by id.

    Columns: ``id``, ``title``, ``actors``, ``countries``, ``kind``, ``scope``, ``start_date``,
    ``end_date`` (dates or None), ``money_usd`` (NaN where unknown), ``ours``, ``rows``.
    """
    rows = [
        (s.id, s.title, ", ".join(sorted(map(corpus.called, s.actors))), ", ".join(sorted(s.countries)), s.kind, s.scope, s.start, s.end, s.usd, s.ours, "; ".join(sources.get(s.id, ())))
        for s in sorted(corpus.sides.values(), key=lambda s: s.id)
        if not s.withdrawn
        and (not codes or codes & s.countries.keys())
        and (not organization or organization in s.actors | s.principals | s.participants)
    ]
    names = ["id", "title", "actors", "countries", "kind", "scope", "start_date", "end_date", "money_usd", "ours", "rows"]
    frame = pd.DataFrame(rows, columns=names)
    frame["money_usd"] = frame["money_usd"].astype("float64")
    return frame


def neighbourhood(corpus: Corpus, board: Board, activities: frozenset[str] | None, day: date) -> nx.MultiDiGraph:
    """Activities with the organizations, countries and regions around them, and their pairs.

    Node key: id. Node attributes: ``kind`` (Organization, Country, CountryGroup or Activity),
    ``name``, ``facts`` (list of label and text), and for activities ``ours``, ``scope``,
    ``country`` (the one with the largest share, else None). Edge attributes: ``kind`` (a
    relationship type) and, for OVERLAPS, ``class``, ``score``, ``finding``, ``text``.
    """
    graph = nx.MultiDiGraph()
    sides = [s for s in corpus.sides.values() if (not s.withdrawn if activities is None else s.id in activities)]
    inside = {s.id for s in sides}
    for side in sides:
        _activity(graph, side, board, day)
        for org in sorted(side.actors | side.funders):
            if org not in graph:
                graph.add_node(org, kind="Organization", name=corpus.called(org), facts=[("Name", corpus.names.get(org, org))])
            role = "carries out" if org in side.actors else "funds"
            graph.add_edge(org, side.id, key=f"PARTICIPATES_IN {role}", kind="PARTICIPATES_IN", role=role)
        for code in sorted(side.countries):
            graph.add_node(code, kind="Country", name=countries()[code].name, facts=[("Code", code)])
            graph.add_edge(side.id, code, key="LOCATED_IN", kind="LOCATED_IN")
        for region in sorted(side.regions):
            graph.add_node(region, kind="CountryGroup", name=region_names()[region], facts=[])
            graph.add_edge(side.id, region, key="LOCATED_IN", kind="LOCATED_IN")
        for link in side.links:
            between = {"funds": "FUNDS", "parent": "CHILD_OF"}.get(link.sort)
            if between and link.other in inside:
                graph.add_edge(side.id, link.other, key=between, kind=between)
    for finding, pairs in sorted(board.pairs.items()):
        for pair in pairs:
            if pair.left in inside and pair.right in inside:
                text = pair.reasons[0].text if pair.reasons else ""
                graph.add_edge(pair.left, pair.right, key="OVERLAPS", **{"kind": "OVERLAPS", "class": pair.cls, "score": pair.score, "finding": finding, "text": text})
    return graph


def _activity(graph: nx.MultiDiGraph, side: Side, board: Board, day: date) -> None:
    shown = board.member(side, day)
    money = "unknown" if side.usd is None else f"USD {side.usd:,.0f}"
    facts = [
        ("Carried out by", ", ".join(shown.actors) or "not named"),
        ("Dates", f"{shown.start_date or 'start unknown'} to {shown.end_date or 'end unknown'} ({shown.time})"),
        ("Money", money + (" (in doubt)" if side.flagged else "")),
        ("Source", shown.rows),
    ]
    if side.description:
        facts.append(("Description", side.description[:600]))
    home = max(side.countries, key=lambda c: (side.countries[c], c)) if side.countries else None
    graph.add_node(side.id, kind="Activity", name=side.title, ours=side.ours, facts=facts, country=home, scope=side.scope)


