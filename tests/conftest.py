"""What all tests share: a store of each kind, and the Neo4j server behind one of them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from partnermap.codes.lists import OwnLists, use_lists
from partnermap.store import Store, open_store
from tests.neo4j_server import NoServer, Server, server


@dataclass
class Place:
    """Where a workspace's graph is kept, so that it can be opened more than once."""

    url: str
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    opened: list[Store] = field(default_factory=list)

    def open(self) -> Store:
        """One more store on the same data; all are closed when the test ends."""
        store = open_store(self.url, self.folder, self.environment)
        self.opened.append(store)
        return store


@pytest.fixture(autouse=True)
def shipped_lists() -> Iterator[None]:
    """The shipped lists again after each test: the last workspace's stay in use."""
    yield
    use_lists(OwnLists())


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs the one server, or the one browser, runs in one of the two processes."""
    for item in items:
        for name in ("neo4j", "browser"):
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.xdist_group(name))


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for the whole run; its absence fails the run, since leaving it out is a choice."""
    try:
        with server(tmp_path_factory.mktemp("server")) as found:
            yield found
    except NoServer as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(params=["embedded", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty place for each kind of store."""
    if request.param == "embedded":
        found = Place("embedded", tmp_path)
    else:
        found = neo4j_place(request.getfixturevalue("neo4j_server"), tmp_path)
    yield found
    for store in found.opened:
        store.close()


def neo4j_place(running: Server, folder: Path) -> Place:
    """The server's database, emptied."""
    running.empty()
    login = {"NEO4J_USERNAME": running.user, "NEO4J_PASSWORD": running.password}
    return Place(running.url, folder, login)


@pytest.fixture
def read_only() -> Iterator[Callable[[Path], Path]]:
    """Makes a folder one that may be read alone, until the test ends; root needs a mount for that."""
    undo: list[Callable[[], object]] = []

    def lock(folder: Path) -> Path:
        if os.name == "nt":
            pytest.skip("permissions work otherwise there")
        if os.geteuid():
            folder.chmod(0o500)
            undo.append(lambda: folder.chmod(0o700))
            return folder
        for words in (["mount", "--bind", folder, folder], ["mount", "-o", "remount,ro,bind", folder]):
            try:
                subprocess.run(words, check=True, capture_output=True)
            except (OSError, subprocess.CalledProcessError) as error:
                pytest.skip(f"root may write anywhere, and nothing can be mounted here: {error}")
            if words[1] == "--bind":
                undo.append(lambda: subprocess.run(["umount", "-l", folder], check=True))
        return folder

    yield lock
    for step in undo:
        step()


@pytest.fixture
def store(place: Place) -> Store:
    """An empty store of each kind."""
    return place.open()
