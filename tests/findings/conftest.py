"""A workspace whose files change, scanned after each change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from partnermap.model import Finding
from partnermap.settings import Settings
from partnermap.workspace import Workspace
from tests.small_iati import write


@dataclass
class Desk:
    """Imports and scans; findings as of a day in 2009, when most of the tests take place."""

    workspace: Workspace
    inbox: Path
    numbers: Iterator[int] = field(default_factory=count)

    def say(self, *activities: str, dataset: str = "all", replace: bool = True) -> Desk:
        """The next version of a dataset."""
        self.workspace.import_files(write(self.inbox / str(next(self.numbers)), dataset, *activities), replace=replace)
        return self

    def scan(self) -> dict[str, Any]:
        """One more scan."""
        return self.workspace.scan()

    def all(self, **filters: Any) -> list[Finding]:
        """Findings of every time and concern, by number."""
        filters = {"past": True, "status": "all", **filters}
        found = {f.id: f for concerns in ("ours", "partners", "one actor") for f in self.workspace.listing(concerns=concerns, **filters).findings}
        return sorted(found.values(), key=lambda f: f.number)

    @property
    def only(self) -> Finding:
        """The only finding."""
        (found,) = self.all()
        return found

    def listed(self, **filters: Any) -> list[str]:
        """Numbers in the order of the list."""
        return [f.number for f in self.workspace.listing(**filters).findings]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty workspace that stands on 30 June 2009."""
    folder = Workspace.create(tmp_path / "workspace", Settings(as_of=date(2009, 6, 30)))
    with Workspace(folder) as workspace:
        yield Desk(workspace, tmp_path / "in")
