"""Seconds of the stages of something that is measured."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

Pairs = set[tuple[str, str]]  # smaller id first


class Stages:
    """Wall seconds of each named stage, in order, and cpu seconds of all: ``with stages("read"): ...``."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.cpu = 0.0

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time a stage."""
        start, used = time.perf_counter(), _used()
        yield
        self.seconds[name] = time.perf_counter() - start
        self.cpu += _used() - used


def _used() -> float:
    """Cpu seconds of this process and of its workers that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
