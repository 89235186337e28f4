"""Two or more activities in files, scanned: what the pairs are and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from partnermap.model import Pair
from partnermap.settings import Settings
from partnermap.workspace import Workspace
from tests.small_iati import write


@dataclass(frozen=True)
class Scanned:
    """Stored pairs by the two ids."""

    pairs: dict[tuple[str, str], Pair]

    @property
    def one(self) -> Pair:
        """The only pair."""
        (found,) = self.pairs.values()
        return found

    @property
    def cls(self) -> str:
        """Class of the only pair; unrelated where there is none."""
        return self.one.cls if self.pairs else "unrelated"

    @property
    def levels(self) -> dict[str, str]:
        """Feature to level of the only pair."""
        return {reason.feature: reason.level for reason in self.one.reasons} if self.pairs else {}


Scan = Callable[..., Scanned]


@pytest.fixture
def scanned(tmp_path: Path) -> Scan:
    """Imports activities, scans, and gives back the stored pairs."""
    numbers = count(1)

    def run(*activities: str, **settings: object) -> Scanned:
        folder = tmp_path / str(next(numbers))
        with Workspace(Workspace.create(folder, Settings(**settings))) as workspace:  # type: ignore[arg-type]
            workspace.import_files(write(folder / "inbox", "all", *activities))
            workspace.scan()
            return Scanned({(p.left, p.right): p for pairs in workspace._read()[1].pairs.values() for p in pairs})

    return run
