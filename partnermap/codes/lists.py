"""Reading the lists: the shipped CSV files, each of which a workspace may replace with its own.

Look-ups keep what they made of the lists; ``listed`` keeps it apart for each set of lists, so that
two workspaces in one process do not answer with each other's.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from partnermap.errors import UnreadableFile

FOLDER = Path(__file__).parent / "data"
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class OwnLists:
    """Lists of a workspace that take the place of shipped ones: name to file, and their hash."""

    files: Mapping[str, Path] = field(default_factory=dict)
    hash: str = ""


_SHIPPED = OwnLists()
_in_use = [_SHIPPED]  # of the workspace that was asked last


def listed(function: Callable[P, R]) -> Callable[P, R]:
    """Keep a function's answers for the lists in use; its arguments are few and hashable."""
    answers: dict[str, dict[object, R]] = {}

    @wraps(function)
    def look_up(*args: P.args, **kwargs: P.kwargs) -> R:
        of_lists = answers.setdefault(_in_use[0].hash, {})
        key = (args, *kwargs.items()) if kwargs else args
        try:
            return of_lists[key]
        except KeyError:
            answer = of_lists[key] = function(*args, **kwargs)
            return answer

    return look_up


def lists_in_use() -> str:
    """Tells one workspace's lists from another's; empty for the shipped ones."""
    return _in_use[0].hash


def use_lists(lists: OwnLists) -> None:
    """Answer from these lists from now on, and from the shipped ones where they have none."""
    _in_use[0] = lists


def own_lists(folder: Path) -> OwnLists:
    """The lists in a workspace's folder ``lists``, checked; none when there is no such folder.

    Raises
    ------
    UnreadableFile
        If a file is named like no shipped list, lacks one of its columns, or is no UTF-8 text.
    """
    paths = sorted(folder.glob("*.csv")) if folder.is_dir() else []
    digest = hashlib.sha256()
    for path in paths:
        _check(path)
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return OwnLists({path.stem: path for path in paths}, digest.hexdigest()) if paths else _SHIPPED


def _check(path: Path) -> None:
    shipped = FOLDER / path.name
    if not shipped.is_file():
        names = ", ".join(sorted(p.name for p in FOLDER.glob("*.csv")))
        raise UnreadableFile(f"{path} takes the place of no list. Name it as one of: {names}; or move it away.")
    try:
        found = _read(path)
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"{path} cannot be read ({error}). Save it as CSV with commas, in UTF-8.") from error
    missing = [name for name in _header(shipped) if name not in _header(path)]
    if missing:
        raise UnreadableFile(
            f"{path} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}. Add "
            f"{'them' if len(missing) > 1 else 'it'} (empty cells will do), or delete the file to use the shipped list."
        )
    for number, row in enumerate(found, 2):
        if None in row or None in row.values():
            raise UnreadableFile(f"{path}, line {number} has another number of cells than the header. Correct the line.")


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file), [])


def _read(path: Path) -> tuple[dict[str, str], ...]:
    with path.open(encoding="utf-8-sig", newline="") as file:  # a spreadsheet adds a mark
        return tuple(csv.DictReader(file))


@listed
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of the list ``<name>.csv``: the workspace's own, else the shipped one."""
    return _read(_in_use[0].files.get(name, FOLDER / f"{name}.csv"))


@listed
def codelist(name: str) -> dict[str, str]:
    """Code to name of a list with these columns, such as ``iati_activity_status``."""
    return {row["code"]: row["name"] for row in rows(name)}


@listed
def codes_hash() -> str:
    """Hash of every list in use: other lists mean that everything is derived again."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.csv")):
        digest.update(path.name.encode())
        digest.update(_in_use[0].files.get(path.stem, path).read_bytes())
    return digest.hexdigest()[:16]
