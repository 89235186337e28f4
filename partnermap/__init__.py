"""Who else does what we do, where, and how do you know."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partnermap.workspace import Workspace

__version__ = "0.1.0"


def open(folder: str | Path, **environment: str) -> Workspace:
    """Open a workspace; ``NEO4J_USERNAME`` and ``NEO4J_PASSWORD`` may be given by name.

    >>> import partnermap as pm
    >>> ws = pm.open("region")  # doctest: +SKIP
    """
    from partnermap.workspace import Workspace

    return Workspace(Path(folder), environment)
