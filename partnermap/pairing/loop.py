"""Loops over arrays, compiled by Numba when a machine first runs them and kept beside the code."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any


class Loop:
    """A function that is compiled at its first call with arrays of some kinds; Numba is not loaded before."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *arrays: Any) -> Any:
        """Its answer.

        Raises
        ------
        KeyboardInterrupt
            Of Ctrl-C; Numba makes an error of its own of one that comes while it hands the answer over.
        """
        try:
            return self._compiled(*arrays)
        except SystemError as error:
            first: BaseException = error
            while first.__cause__:
                first = first.__cause__
            if isinstance(first, KeyboardInterrupt):
                raise KeyboardInterrupt from None
            raise

    @cached_property
    def _compiled(self) -> Any:
        from numba import njit

        try:
            return njit(self._function, cache=True)
        except RuntimeError:  # no folder may be written to: each process compiles for itself
            return njit(self._function)

    @property
    def is_kept(self) -> bool:
        """Whether this machine keeps what an earlier run compiled."""
        folder = self._compiled.stats.cache_path
        return bool(folder) and any(Path(folder).glob(f"{self._function.__module__.rpartition('.')[2]}.{self._function.__name__}-*.nbc"))
