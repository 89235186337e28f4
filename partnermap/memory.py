"""Making many objects that last, without looking for garbage meanwhile."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Put the collector of reference circles off, for work whose objects form none.

    It looks through all living objects each time their number has grown by a quarter: a third of
    the time that writing the findings of a scan took. Also a decorator.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
