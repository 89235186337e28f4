"""``partnermap.toml``: what a workspace is called, whose it is, and where its graph is kept."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from partnermap.codes.lists import codes_hash
from partnermap.errors import NotFound, UnreadableFile
from partnermap.model import canonical

FILE = "partnermap.toml"
DERIVATION = 2  # raised whenever derive/ makes other rows of the same records: the next import or scan derives all again
TEMPLATE = """\
# A partnermap workspace. Everything here can be changed at any time.
name = {name}
own = {own}              # IATI reference of your organization: its activities are "ours"
expected = {expected}    # partners whose data you hope for; lists say which are missing
store = {store}          # "embedded", or the address of a Neo4j such as "neo4j://localhost:7687"
language = {language}    # of titles, where a record has several
{as_of}
[secondary]
# Who tells what others do, where the automatic rule is wrong: "US-501c3-522318905" = true
{secondary}
[weights]
# Other points for a reason: "title.same" = 8.0 (see pairing/weights.toml)
{weights}"""


@dataclass(frozen=True)
class Settings:
    """The settings of one workspace."""

    name: str = ""
    own: str = "XM-DAC-41314"
    expected: tuple[str, ...] = ()
    store: str = "embedded"
    language: str = "en"
    as_of: date | None = None
    secondary: Mapping[str, bool] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)

    @property
    def derivation_hash(self) -> str:
        """Changes when everything has to be derived again: other lists, owner or reporters, or another ``DERIVATION``."""
        said = {"derivation": DERIVATION, "own": self.own, "language": self.language, "secondary": dict(self.secondary), "codes": codes_hash()}
        return hashlib.sha256(canonical(said).encode()).hexdigest()[:16]


def read_settings(folder: Path) -> Settings:
    """The settings in a folder's ``partnermap.toml``.

    Raises
    ------
    NotFound
        If the folder is no workspace, or a setting is unknown.
    UnreadableFile
        If the file is not valid TOML or a value has the wrong type.
    """
    path = folder / FILE
    if not path.is_file():
        raise NotFound(f"{folder} is no workspace: it has no {FILE}. Make one with: partnermap init {folder}")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path}: {error}. Correct the file, or make a new workspace and copy it.") from error
    types: dict[str, type | tuple[type, ...]] = {"name": str, "own": str, "expected": list, "store": str, "language": str, "as_of": (str, date), "secondary": dict, "weights": dict}
    for key, value in data.items():
        if key not in types:
            raise NotFound(f"{path}: {key!r} is no setting. Known: {', '.join(types)}.")
        if not isinstance(value, types[key]):
            raise UnreadableFile(f"{path}: {key} = {value!r} has the wrong type.")
    return Settings(**_values(path, data))


def _values(path: Path, data: dict[str, Any]) -> dict[str, Any]:
    values = dict(data)
    if "expected" in values:
        values["expected"] = tuple(map(str, values["expected"]))
    if isinstance(values.get("as_of"), str):
        try:
            values["as_of"] = date.fromisoformat(values["as_of"])
        except ValueError as error:
            raise UnreadableFile(f"{path}: as_of = {values['as_of']!r} is no date such as 2026-05-31.") from error
    return values


def write_settings(folder: Path, settings: Settings) -> Path:
    """Write a new ``partnermap.toml`` with comments; an existing one is never touched."""
    path = folder / FILE
    text = TEMPLATE.format(
        name=_toml(settings.name or folder.resolve().name),
        own=_toml(settings.own),
        expected="[" + ", ".join(map(_toml, settings.expected)) + "]",
        store=_toml(settings.store),
        language=_toml(settings.language),
        secondary="".join(f"{_toml(key)} = {str(value).lower()}\n" for key, value in settings.secondary.items()),
        weights="".join(f"{_toml(key)} = {value}\n" for key, value in settings.weights.items()),
        as_of=f'as_of = "{settings.as_of}"     # the day that lists stand for; without it, today\n' if settings.as_of else '# as_of = "2026-05-31"     # the day that lists stand for; without it, today\n',
    )
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path


def _toml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
