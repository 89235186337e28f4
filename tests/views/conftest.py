"""A Chromium of the system, and pages in it that cannot reach any network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from partnermap.views import MapPage, draw_map
from tests.views.sample import COVERAGE, sample

FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def map_page() -> MapPage:
    """The map of about 300 items, with hostile text in every field."""
    graph, findings = sample()
    return draw_map(graph, findings, title="Central Asia </title><img src=x onerror=window.__x=1>", coverage=COVERAGE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium from PARTNERMAP_CHROMIUM or the search path; missing in CI is a failure."""
    found = os.environ.get("PARTNERMAP_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        message = f"no Chromium: set PARTNERMAP_CHROMIUM or install one of {', '.join(NAMES)}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield running
        running.close()


@dataclass
class Opened:
    """A page that was opened, and what it asked for or complained about."""

    page: Any
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Opened]]:
    """Opens HTML from a file, offline, and waits until something was drawn."""
    contexts = []

    def opened(html: str, width: int = 1440, height: int = 900, ready: bool = True) -> Opened:
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        contexts.append(context)
        page = context.new_page()
        result = Opened(page)
        page.on("request", lambda request: result.requests.append(request.url))
        page.on("console", lambda message: result.messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: result.messages.append(f"error: {error}"))
        path = tmp_path / f"page{len(contexts)}.html"
        path.write_text(html, encoding="utf-8", newline="\n")
        page.goto(path.as_uri())
        if ready:
            page.wait_for_selector("html[data-ready]", state="attached", timeout=10_000)
        return result

    yield opened
    for context in contexts:
        context.close()
