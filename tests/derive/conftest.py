"""Empty workspaces on each kind of store, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from partnermap.settings import Settings
from partnermap.workspace import Workspace
from tests.conftest import neo4j_place
from tests.small_iati import NewWorkspace


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def new_workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewWorkspace]:
    """Makes an empty workspace; the one before is closed and, on Neo4j, emptied."""
    made: list[Workspace] = []
    numbers = count(1)

    def new(**settings: object) -> Workspace:
        for workspace in made:
            workspace.close()
        made.clear()
        folder, environment, url = tmp_path / f"workspace{next(numbers)}", {}, "embedded"
        if request.param == "neo4j":
            place = neo4j_place(request.getfixturevalue("neo4j_server"), folder)
            environment, url = place.environment, place.url
        Workspace.create(folder, Settings(store=url, **settings))  # type: ignore[arg-type]
        made.append(Workspace(folder, environment))
        return made[0]

    yield new
    for workspace in made:
        workspace.close()


@pytest.fixture
def workspace_with(tmp_path: Path) -> Iterator[NewWorkspace]:
    """Makes an empty workspace with these settings and the embedded store."""
    made: list[Workspace] = []

    def new(**settings: object) -> Workspace:
        made.append(Workspace(Workspace.create(tmp_path / "workspace", Settings(**settings))))  # type: ignore[arg-type]
        return made[0]

    yield new
    for workspace in made:
        workspace.close()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace with the embedded store."""
    with Workspace(Workspace.create(tmp_path / "workspace")) as made:
        yield made
