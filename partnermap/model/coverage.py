"""What a list was made from, in words: the first line of every list, page and report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MANY = 8  # names in a sentence


@dataclass(frozen=True)
class DatasetCoverage:
    """What one dataset tells of what was asked about: how many activities, and how new they are."""

    dataset: str
    activities: int
    newest_date: str | None  # up to the day of the list
    is_dated: bool  # on any day

    def __str__(self) -> str:
        newest = f"newest {self.newest_date[:4]}" if self.newest_date else "all later" if self.is_dated else "no date"
        return f"{self.dataset} {self.activities:,} ({newest})"


@dataclass(frozen=True)
class Coverage:
    """What was looked at.

    Of a list of some countries or organizations everything but ``missing`` and ``loaded`` is about
    what was asked for. An activity that several datasets tell is in each of ``datasets``.
    """

    partners: tuple[str, ...]  # who carries out, those with most activities first
    activities: int
    newest_date: str | None
    missing: tuple[str, ...]  # expected partners, and those asked about, of whom nothing is loaded
    as_of: str
    notes: tuple[str, ...] = ()
    scope: str = ""  # "in Kyrgyzstan", "of UNDP or ADB in Central Asia"; empty for all that is loaded
    datasets: tuple[DatasetCoverage, ...] = ()  # of a scope, those with most activities first
    without: tuple[str, ...] = ()  # datasets that tell activities, none of them in scope
    absent: tuple[str, ...] = ()  # expected partners who are loaded, and of whom nothing is in scope
    loaded: str = ""  # of a scope: all that is loaded, in words

    @property
    def looked_at(self) -> str:
        """How many activities, of what, in words."""
        organizations = "" if self.scope.startswith("of ") else f"of {counted(len(self.partners), 'organization')}"
        return " ".join(filter(None, [counted(self.activities, "activity", "activities"), self.scope, organizations]))

    def __str__(self) -> str:
        named = f" ({_some(self.partners)})" if self.partners and not self.scope.startswith("of ") else ""
        sentences = [f"Looked at {self.looked_at}{named}, newest date {self.newest_date or 'unknown'}, as of {self.as_of}."]
        if told := "; ".join(filter(None, [_some(self.datasets), f"none in {_some(self.without)}" if self.without else ""])):
            sentences.append(f"By dataset: {told}.")
        if self.loaded:
            sentences.append(f"Loaded in all: {self.loaded}.")
        if self.absent:
            sentences.append(f"Nothing there of: {', '.join(self.absent)}.")
        if self.missing:
            sentences.append(f"Nothing loaded of: {', '.join(self.missing)}.")
        return " ".join([*sentences, *self.notes])


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 row", "2 rows", "1,000 activities"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _some(values: Sequence[object]) -> str:
    return ", ".join(map(str, values[:MANY])) + (f" and {len(values) - MANY} more" if len(values) > MANY else "")
