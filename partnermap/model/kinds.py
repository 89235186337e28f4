"""What a node kind and a relationship kind are.

Rules that hold everywhere: a node's key is ``id`` (text); dates are ISO text in rows and end in
``_date``; property values are scalars or lists of text without nulls; no name is a Cypher keyword.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

SCHEMA = 1  # raised when a stored workspace must be changed to be read

PropertyType = Literal["text", "int", "float", "bool", "date", "list"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Property:
    """One property: its name, type and meaning; ``in_view`` is False for bulk kept out of Cypher."""

    name: str
    type: PropertyType
    meaning: str
    in_view: bool = True


@dataclass(frozen=True)
class NodeKind:
    """A node label. ``of_subject`` names the property that holds the owning subject's id.

    Rows of a kind with ``of_subject`` are replaced whenever that subject is derived again. A
    subject is an activity, or a node that is derived from its own records: its ``of_subject`` is
    ``"id"`` and its id begins with its label and a colon, so that no two subjects share an id.
    ``truth`` kinds hold what datasets said or what was numbered; all others can be derived again.
    ``shared`` kinds (organizations, places, ...) go when nothing points at them any more.
    Several records may put one node: of the values of a property in ``least`` the least one that is
    not empty stays, whatever the order; a row that is ``listed`` has the last word.
    """

    label: str
    meaning: str
    properties: tuple[Property, ...]
    of_subject: str | None = None
    truth: bool = False
    shared: bool = False
    least: tuple[str, ...] = ()


@dataclass(frozen=True)
class RelationshipKind:
    """A relationship type with its allowed (from, to) labels.

    The key is (from, to, ``key`` properties). ``of_subject`` says which side or property holds
    the subject from whose records the row was derived: ``"from"``, ``"to"`` or a property name.
    """

    type: str
    meaning: str
    ends: tuple[tuple[str, str], ...]
    properties: tuple[Property, ...] = ()
    key: tuple[str, ...] = ()
    of_subject: str | None = None


def text(name: str, meaning: str, in_view: bool = True) -> Property:
    return Property(name, "text", meaning, in_view)


ID = text("id", "key")
