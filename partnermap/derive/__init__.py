"""Records into the graph: one activity from what several datasets say.

``derive`` is a pure function of the records and the context, so that the order of imports cannot
matter. Texts, dates, countries and money each come whole from one record; participations, links,
sectors and other identifiers are the union over the current records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from partnermap.codes import countries, instruments, sectors
from partnermap.derive.activity import activity_row
from partnermap.derive.context import Context, said_by
from partnermap.derive.links import link_rows
from partnermap.derive.money import money_rows
from partnermap.derive.organizations import organization_rows, participations
from partnermap.derive.places import place_rows
from partnermap.derive.presence import presence_rows
from partnermap.derive.registers import own_activity_rows, party_row, party_rows, register_rows
from partnermap.model import REGISTERED, GraphRows, Record

__all__ = ["Context", "derive", "reference_graph"]

LIST_DATE = "2026-11-23"  # the day the shipped lists of members stand for


def derive(records: Iterable[Record], context: Context) -> GraphRows:
    """The graph rows of the subjects that the records are about.

    Parameters
    ----------
    records : all current records of some subjects (of a withdrawn one, its last), any order
    context : facts that one subject's records cannot tell

    Returns
    -------
    GraphRows
        Activities with everything that belongs to them, and the organizations, mentions, places
        and sectors that they name. Countries and areas come from :func:`reference_graph`.
    """
    graph = GraphRows()
    by_kind: dict[str, list[Record]] = {}
    for record in records:
        by_kind.setdefault(record.subject_kind, []).append(record)
    for kind, members in sorted(by_kind.items()):
        SUBJECTS[kind](graph, members, context)
    return graph


def _activities(graph: GraphRows, records: list[Record], context: Context) -> None:
    for activity, said in said_by(records, context).items():
        parts = participations(said)
        organization_rows(graph, activity, parts, said)
        located = place_rows(graph, activity, said)
        money = money_rows(graph, activity, said)
        link_rows(graph, activity, said, context)
        own_activity_rows(graph, activity, said, context)
        row = activity_row(activity, said, parts, located, money, context)
        graph.nodes.setdefault("Activity", []).append(row)
        for item in said:
            graph.relate("DESCRIBES", ("Record", item.record.id), ("Activity", activity))


# subject kind of a record -> what adds its graph rows
SUBJECTS: dict[str, Callable[[GraphRows, list[Record], Context], None]] = {
    "Activity": _activities,
    "InstrumentParty": party_rows,
    "Presence": presence_rows,
    **dict.fromkeys(REGISTERED, register_rows),
}


def reference_graph() -> GraphRows:
    """Countries, groups, borders, areas, goals, instruments and their parties of the lists."""
    graph = GraphRows()
    for country in countries.countries().values():
        graph.node("Country", id=country.iso3, iso2=country.iso2, name=country.name)
    for group, name in countries.region_names().items():
        graph.node("CountryGroup", id=group, name=name, as_of_date=LIST_DATE)
    for group, (_, members) in countries.groups().items():
        for iso3 in sorted(members):
            graph.relate("MEMBER_OF", ("Country", iso3), ("CountryGroup", group))
    for left, right in sorted(countries.borders()):
        graph.relate("BORDERS", ("Country", left), ("Country", right))
    for code, name in sectors.area_names().items():
        graph.node("Area", id=code, name=name)
    for code, name in sectors.goal_names().items():
        graph.node("Goal", id=f"SDG:{code}", name=name)
    for known in instruments.instruments().values():
        graph.node("LegalInstrument", id=known.id, name=known.short_name, title=known.title, year=known.year, kind=known.kind)
    for party in instruments.parties():
        facts = {"since_date": party.since_date, "list_date": instruments.LIST_DATE, "checked": party.checked}
        party_row(graph, party.iso3, party.instrument, stated_by="", **facts)
    return graph
