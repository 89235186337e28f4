"""Writes docs/model.md from partnermap/model/: python docs/make_model.py"""

from __future__ import annotations

from pathlib import Path

from partnermap.model import NODES, RELATIONSHIPS, NodeKind, Property, RelationshipKind

FILE = Path(__file__).with_name("model.md")
HEAD = """\
# What the graph holds

Made from `partnermap/model/` by `python docs/make_model.py`; do not edit by hand.

Every node has a key `id` (text). Dates are ISO dates. A relationship is known by its two ends and
the properties that are marked as key. Kinds marked as truth hold what datasets said, what people
decided, and numbers that were given; all others can be derived again from them. Properties in
*italics* are kept out of Cypher.
"""


def page() -> str:
    """The whole page."""
    nodes = [_node(kind) for kind in NODES]
    relationships = [_relationship(kind) for kind in RELATIONSHIPS]
    return "\n".join([HEAD, "## Nodes", "", *nodes, "## Relationships", "", *relationships]).rstrip() + "\n"


def _node(kind: NodeKind) -> str:
    truth = " Truth." if kind.truth else ""
    return "\n".join([f"### {kind.label}", "", f"{_sentence(kind.meaning)}{truth}", "", _table(kind.properties), ""])


def _relationship(kind: RelationshipKind) -> str:
    ends = ", ".join(f"`(:{start})-[:{kind.type}]->(:{end})`" for start, end in kind.ends)
    parts = [f"### {kind.type}", "", f"{_sentence(kind.meaning)} {ends}", ""]
    if kind.properties:
        parts += [_table(kind.properties, kind.key), ""]
    return "\n".join(parts)


def _table(properties: tuple[Property, ...], key: tuple[str, ...] = ()) -> str:
    rows = ["| property | type | meaning |", "| --- | --- | --- |"]
    for item in properties:
        name = f"`{item.name}`" if item.in_view else f"*`{item.name}`*"
        marked = " (key)" if item.name in key else ""
        rows.append(f"| {name} | {item.type} | {_cell(item.meaning)}{marked} |")
    return "\n".join(rows)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8", newline="\n")
