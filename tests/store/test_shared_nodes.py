"""Nodes that several records put come out equal whatever the order."""

from __future__ import annotations

import pytest

from partnermap.model import GraphRows
from partnermap.store import Store


def _named(name: str, listed: bool = False) -> GraphRows:
    graph = GraphRows()
    graph.node("Organization", id="ref:X-1", name=name, acronym="", kind="", listed=listed)
    graph.node("Mention", id="X-1|m|", ref="X-1", name=name)
    graph.relate("NAMES", ("Mention", "X-1|m|"), ("Organization", "ref:X-1"), by="itself")
    graph.node("Activity", id="A", title="Water", disagreements=[], other_ids=[])
    graph.relate("PARTICIPATES_IN", ("Organization", "ref:X-1"), ("Activity", "A"), role="funding", is_actor=True, mention="X-1|m|")
    return graph


@pytest.mark.parametrize("order", [("Beta", "alpha", ""), ("", "alpha", "Beta"), ("alpha", "Beta", "")])
def test_the_least_name_stays(store: Store, order: tuple[str, ...]) -> None:
    with store.job("decision") as job:
        for name in order:
            job.put_graph([], _named(name))
    assert _name(store) == "Beta"  # capitals sort before small letters


def test_a_listed_name_has_the_last_word(store: Store) -> None:
    with store.job("decision") as job:
        job.put_graph([], _named("Alpha", listed=True))
        job.put_graph([], _named("Zeta", listed=True))
    assert _name(store) == "Zeta"


def _name(store: Store) -> str:
    (row,) = [row for batch in store.columns("Organization", ["name"]) for row in batch.to_pylist()]
    return str(row["name"])
