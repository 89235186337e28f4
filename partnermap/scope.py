"""Which activities are asked about: those in some countries, of some organizations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from partnermap.pairing.side import Side


def takes_part(side: Side, organization: str) -> bool:
    """Whether an organization carries out, funds or tells an activity."""
    return organization in side.actors or organization in side.participants or organization in side.principals


@dataclass(frozen=True)
class Scope:
    """Activities in any of the countries and of any of the organizations; what is empty does not limit.

    ``countries`` are ISO alpha-3 codes, ``organizations`` ids, in the order in which they were asked for.
    ``places`` is what the countries are called together: "Kyrgyzstan", "Central Asia".
    """

    countries: frozenset[str] = frozenset()
    organizations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.countries or self.organizations)

    def holds(self, side: Side) -> bool:
        """Whether a loaded dataset tells this activity, and it is asked about."""
        here = not self.countries or not self.countries.isdisjoint(side.countries)
        return not side.withdrawn and here and (not self.organizations or any(takes_part(side, org) for org in self.organizations))

    def in_words(self, called: Callable[[str], str]) -> str:
        """What is asked about: "of UNDP or ADB (which they carry out, fund or tell) in Central Asia"; empty for everything."""
        several = len(self.organizations) > 1
        does = "they carry out, fund or tell" if several else "it carries out, funds or tells"
        whose = f"of {' or '.join(map(called, self.organizations))} (which {does})" if self.organizations else ""
        return " ".join(filter(None, [whose, f"in {_either(self.places)}" if self.countries else ""]))


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


EVERYTHING = Scope()
