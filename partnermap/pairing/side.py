"""One activity as it is compared, for what is said of it in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from partnermap.pairing.text import course_of, title_key

WIDE = 15  # countries above which an activity is compared with regional and global ones instead
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
CO_FINANCING = re.compile(
    r"\b(?:co-?financ\w*|co-?fund\w*|parallel financ\w*|jointly (?:financed|funded|implemented)|in parallel with|together with|in partnership with|joint(?:ly)? with|grant from|loan from|financed by|funded by|with funding from)\b",
    re.I,
)


@dataclass(frozen=True)
class Link:
    """An explicit link of an activity: to whom, of what sort, USD where told."""

    other: str
    sort: str  # funds, funded-by, parent, child, sibling, co-funded, third-party
    usd: float | None


@dataclass(frozen=True)
class Side:
    """One activity as it is compared. Organizations and countries are ids."""

    id: str
    title: str
    description: str
    language: str
    kind: str
    scope: str
    status: str
    start: date | None
    end: date | None
    usd: float | None
    flagged: bool
    ours: bool
    withdrawn: bool
    countries: dict[str, float] = field(default_factory=dict)
    regions: dict[str, float] = field(default_factory=dict)
    places: frozenset[str] = frozenset()
    place_names: frozenset[str] = frozenset()
    sectors: dict[str, float] = field(default_factory=dict)
    actors: frozenset[str] = frozenset()
    funders: frozenset[str] = frozenset()
    participants: frozenset[str] = frozenset()
    counterparts: frozenset[str] = frozenset()
    principals: frozenset[str] = frozenset()  # who tells it: the reporter, or whom a secondary one tells of
    other_ids: frozenset[str] = frozenset()
    links: tuple[Link, ...] = ()
    first_year: int | None = None  # of its money

    @cached_property
    def answerable(self) -> frozenset[str]:
        """Whom to speak with: who carries it out, and who tells it unless that one carries out or pays."""
        return self.actors if self.principals & (self.actors | self.funders) else self.actors | self.principals

    @cached_property
    def phase(self) -> int | None:
        """The phase that the title numbers."""
        return course_of(self.title)[0]

    @cached_property
    def title_key(self) -> str:
        """The title for equality."""
        return title_key(self.title)


def sentences(text: str) -> list[str]:
    """The sentences of a text, with one space between words."""
    return [" ".join(part.split()) for part in _SENTENCE.split(text) if part.strip()]


def co_financing(text: str) -> tuple[str, ...]:
    """Sentences of a text that speak of co-financing or of partners."""
    return tuple(sentence for sentence in sentences(text) if CO_FINANCING.search(sentence))
