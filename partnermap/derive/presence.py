"""Who is present where, from tables of who does what, where: never an activity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from partnermap.codes.countries import by_iso2, find_country
from partnermap.codes.names import normalise
from partnermap.derive.context import Context, Said
from partnermap.derive.identity import Identity
from partnermap.derive.organizations import Mentioned, add_organization, named
from partnermap.model import ActivityContent, GraphRows, Record


def presence_rows(graph: GraphRows, records: list[Record], context: Context) -> None:
    """Add organizations and where they are: ``(:Organization)-[:PRESENT_IN]->(:Country|:Place)``.

    Each record is one presence, which the relationships name in ``stated_by``; one that no
    dataset states any more adds nothing.
    """
    for record in sorted(records, key=lambda r: (r.subject_id, r.id)):
        if record.version_last is None:
            _add(graph, record, json.loads(record.content), context)


def present(record: Record, content: Mapping[str, Any], identity: Identity) -> Mentioned | None:
    """Whom one row says to be present; None if nobody."""
    code = content.get("country", "")
    # a ministry of one name is another in each country: the country is the record's own
    said = Said(record, cast(ActivityContent, {"countries": [{"code": code}]} if code else {}), False, "", identity=identity)
    return named(said, content["organization"])


def _add(graph: GraphRows, record: Record, content: dict[str, Any], context: Context) -> None:
    who = present(record, content, context.identity)
    if who is None:
        return
    add_organization(graph, who)
    here = ("Organization", who.organization.id)
    stated = {
        "stated_by": record.subject_id,
        "sector": content.get("sector", ""),
        "mention": who.mention,
        "start_date": content.get("start"),
        "end_date": content.get("end"),
    }
    if iso3 := by_iso2(content.get("country", "")):
        graph.relate("PRESENT_IN", here, ("Country", iso3), **stated)
    place = content.get("place", {})
    name = place.get("name", "")
    if name and not find_country(name):
        key = f"place:{place['code']}" if place.get("code") else f"name:{normalise(name)}"
        graph.node("Place", id=key, name=name, admin1=name if place.get("level") == "adm1" else "")
        graph.relate("PRESENT_IN", here, ("Place", key), **stated)
