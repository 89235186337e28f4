"""The graph's vocabulary and the frozen records that pass between folders.

Every node kind and relationship kind is declared once (``nodes``, ``relationships``): both stores'
schemas, the loaders' checks and ``docs/model.md`` derive from these declarations.
"""

from partnermap.model.content import ActivityContent, Named, canonical
from partnermap.model.coverage import Coverage, DatasetCoverage, counted
from partnermap.model.kinds import SCHEMA, NodeKind, Property, PropertyType, RelationshipKind, Row
from partnermap.model.nodes import NODE, NODES, REGISTERED
from partnermap.model.records import (
    Change,
    DatasetVersion,
    Finding,
    GraphRows,
    Member,
    Pair,
    Reason,
    Record,
    Refused,
    ReporterFacts,
    ScanResult,
    SourceRecord,
    check_rows,
)
from partnermap.model.relationships import RELATIONSHIP, RELATIONSHIPS

__all__ = [
    "NODE",
    "NODES",
    "REGISTERED",
    "RELATIONSHIP",
    "RELATIONSHIPS",
    "SCHEMA",
    "ActivityContent",
    "Change",
    "Coverage",
    "DatasetCoverage",
    "DatasetVersion",
    "Finding",
    "GraphRows",
    "Member",
    "Named",
    "NodeKind",
    "Pair",
    "Property",
    "PropertyType",
    "Reason",
    "Record",
    "Refused",
    "RelationshipKind",
    "ReporterFacts",
    "Row",
    "ScanResult",
    "SourceRecord",
    "canonical",
    "check_rows",
    "counted",
]
