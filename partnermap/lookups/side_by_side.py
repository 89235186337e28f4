"""Several organizations side by side, by country and area, with what overlaps between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from partnermap.lookups.profile import Money, money_of
from partnermap.model import Pair
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.side import Side

ALL = ""  # every area, or activities of none


@dataclass(frozen=True)
class Share:
    """What one organization has in one country and area."""

    activities: int
    carried_out: int
    money: Money  # of the activities' parts in the country


@dataclass(frozen=True)
class CompareLine:
    """One country and area (``ALL``: together) with one share for each organization."""

    country: str
    area: str
    shares: tuple[Share, ...]
    overlaps: int  # pairs of activities of two of the organizations that meet here


def takes_part(side: Side, org: str) -> bool:
    """Whether an organization carries out, funds or tells an activity."""
    return org in side.actors or org in side.participants or org in side.principals


def side_by_side(
    corpus: Corpus,
    areas: Mapping[str, Set[str]],
    pairs: Iterable[Pair],
    organizations: Sequence[str],
    countries: Set[str] = frozenset(),
) -> list[CompareLine]:
    """Activities, known money and overlaps of organizations by country and area.

    Parameters
    ----------
    corpus, areas, pairs : activities; activity id to area codes; stored pairs
    organizations : ids, in the order of the columns
    countries : ISO alpha-3 codes to keep; empty for all

    Returns
    -------
    list of CompareLine
        By country, the line over all areas first. An amount counts with the country's share of
        the activity, and in each of the activity's areas; only the line over all areas adds up.
        Activities without a country are left out.
    """
    own = {org: [s for s in corpus.sides.values() if takes_part(s, org)] for org in organizations}
    cells: dict[tuple[str, str], dict[str, list[Side]]] = {}
    for org, sides in own.items():
        for side in sides:
            for country in side.countries:
                if not countries or country in countries:
                    for area in (ALL, *sorted(areas.get(side.id, ()))):
                        cells.setdefault((country, area), {}).setdefault(org, []).append(side)
    meeting = _meetings(corpus, areas, pairs, organizations)
    lines = []
    for (country, area), held in sorted(cells.items()):
        shares = tuple(_share(held.get(org, []), org, country) for org in organizations)
        lines.append(CompareLine(country, area, shares, meeting.get((country, area), 0)))
    return lines


def _share(sides: Sequence[Side], org: str, country: str) -> Share:
    amounts = [None if s.usd is None or s.flagged else s.usd * s.countries[country] for s in sides]
    return Share(len(sides), sum(org in s.actors for s in sides), money_of(amounts))


def between(corpus: Corpus, pair: Pair, organizations: Sequence[str]) -> bool:
    """Whether the two sides of a pair belong to two different ones of the organizations."""
    left, right = ({o for o in organizations if takes_part(corpus.sides[key], o)} for key in (pair.left, pair.right))
    return any(one != other for one in left for other in right)


def _meetings(corpus: Corpus, areas: Mapping[str, Set[str]], pairs: Iterable[Pair], organizations: Sequence[str]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for pair in pairs:
        if not between(corpus, pair, organizations):
            continue
        left, right = corpus.sides[pair.left], corpus.sides[pair.right]
        for country in left.countries.keys() & right.countries.keys():
            for area in (ALL, *(areas.get(left.id, frozenset()) & areas.get(right.id, frozenset()))):
                found[country, area] = found.get((country, area), 0) + 1
    return found
