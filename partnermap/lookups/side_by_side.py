"""Several organizations side by side, by country and area, with the findings between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from partnermap.codes.countries import countries as country_names
from partnermap.codes.names import fold
from partnermap.findings.money import in_words
from partnermap.lookups.profile import Money, money_of
from partnermap.model import Coverage, Finding, Row
from partnermap.pairing.corpus import Corpus
from partnermap.pairing.side import Side
from partnermap.scope import takes_part

MOST = 5  # findings that a note names
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
    findings: int  # about the country (and area), with activities of two of the organizations in one pair


@dataclass(frozen=True)
class Comparison:
    """Organizations side by side, with the findings between them.

    ``organizations``, in the order asked for, have ``id``, ``name``, ``called`` (acronym or name),
    ``activities`` (that name it) and ``loaded``: whether it takes part in any that is loaded.
    ``lines`` have ``country``, ``country_name``, ``area`` (empty: all areas), ``findings`` and
    ``shares``, one for each organization with ``activities``, ``carried_out``, ``usd`` (known money
    of the activities' parts in the country) and ``known`` (of how many). Numbers of one that is not
    loaded are None, as are findings where fewer than two are or nothing was scanned: 0 would read as known.
    """

    organizations: tuple[Row, ...]
    lines: tuple[Row, ...]
    findings: tuple[Finding, ...]
    coverage: Coverage


def side_by_side(
    corpus: Corpus,
    areas: Mapping[str, Set[str]],
    between: Sequence[Finding],
    organizations: Sequence[str],
    countries: Set[str] = frozenset(),
) -> list[CompareLine]:
    """Activities, known money and findings of organizations by country and area.

    Parameters
    ----------
    corpus, areas, between : activities; activity id to area codes; findings of ``are_between``
    organizations : ids, in the order of the columns
    countries : ISO alpha-3 codes to keep; empty for all

    Returns
    -------
    list of CompareLine
        By the country's name, the line over all areas first. An amount counts with the country's share of
        the activity, and in each of the activity's areas; only the line over all areas adds up.
        Activities without a country are left out.
    """
    own = {org: [s for s in corpus.sides.values() if not s.withdrawn and takes_part(s, org)] for org in organizations}
    cells: dict[tuple[str, str], dict[str, list[Side]]] = {}
    for org, sides in own.items():
        for side in sides:
            for country in side.countries:
                if not countries or country in countries:
                    for area in (ALL, *sorted(areas.get(side.id, ()))):
                        cells.setdefault((country, area), {}).setdefault(org, []).append(side)
    counts = _counted(between, areas)
    lines = []
    for (country, area), held in sorted(cells.items(), key=lambda cell: (fold(country_names()[cell[0][0]].name), cell[0])):
        shares = tuple(_share(held.get(org, []), org, country) for org in organizations)
        lines.append(CompareLine(country, area, shares, counts[country, area]))
    return lines


def _share(sides: Sequence[Side], org: str, country: str) -> Share:
    amounts = [None if s.usd is None or s.flagged else s.usd * s.countries[country] for s in sides]
    return Share(len(sides), sum(org in s.actors for s in sides), money_of(amounts))


def are_between(findings: Iterable[Finding], corpus: Corpus, organizations: Sequence[str]) -> list[Finding]:
    """Those of the findings in which a pair's sides belong to two different ones of the organizations."""
    owners = {key: {o for o in organizations if takes_part(side, o)} for key, side in corpus.sides.items()}
    return [f for f in findings if any(one != other for left, right in f.pairs for one in owners[left] for other in owners[right])]


def told_twice(findings: Iterable[Finding], corpus: Corpus, organizations: Sequence[str]) -> Iterator[str]:
    """How much of the organizations' amounts two records tell, in a sentence; nothing where none does."""
    held = [f for f in findings if f.cls in ("same-money", "same-activity") and f.money_usd and all(any(takes_part(corpus.sides[key], o) for o in organizations) for pair in f.pairs for key in pair)]
    if held:
        told = ", ".join(f"{f.number} {in_words(f.money_usd or 0, 1, 1)}" for f in held[:MOST]) + (f" and {len(held) - MOST} more" if len(held) > MOST else "")
        yield f"These amounts hold up to {in_words(sum(f.money_usd or 0 for f in held), 1, 1)} that two records tell ({told}): count it once."


def _counted(findings: Sequence[Finding], areas: Mapping[str, Set[str]]) -> Counter[tuple[str, str]]:
    """How many findings a list of one country, and of one area of it, would show."""
    found: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        touched = {ALL, *(area for member in finding.members for area in areas.get(member.id, ()))}
        found.update((country, area) for country in finding.countries for area in touched)
    return found
