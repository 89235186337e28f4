"""A mapping proposed for an unknown table, with a confidence for each line, for a person to finish.

The proposal is a TOML file. Each line ends in a comment: ``sure`` (the cells show it), ``likely``
(header and cells agree), ``guess`` (one of them hints at it) or ``asked`` (the table cannot tell:
a ``"?"`` to be answered, without which the mapping is refused).
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from partnermap.errors import UnreadableFile
from partnermap.model import ActivityContent
from partnermap.sources.archive import Content, contents
from partnermap.sources.detect import source_of
from partnermap.sources.hxl import has_tags
from partnermap.sources.mapping import dates_told, read_mapping
from partnermap.sources.suggest_draft import QUESTION, Draft
from partnermap.sources.suggest_fields import add_fields
from partnermap.sources.suggest_head import add_head
from partnermap.sources.table import read_table


@dataclass
class Proposal:
    """A proposed mapping: its text, what it leaves to a person, and rows as they would be read."""

    text: str
    confidence: list[tuple[str, str, str]]  # line, sure/likely/guess/asked, why
    unused: list[str]
    rows: list[ActivityContent] = field(default_factory=list)


def suggest_mapping(path: Path) -> Proposal:
    """Propose a mapping for a table.

    Raises
    ------
    UnreadableFile
        If the path is no single table, has HXL tags and needs no mapping, or its columns show no project number.
    """
    content, *others = contents(path)
    if others:
        raise UnreadableFile(f"{path}: holds {len(others) + 1} files. Name one table.")
    if (kind := source_of(content)) != "table":
        raise UnreadableFile(f"{content.name}: is no foreign table ({kind}) and needs no mapping. Import it as it is.")
    if has_tags(content):
        raise UnreadableFile(
            f"{content.name}: has a row of HXL tags, which say what its columns mean, so it needs no mapping. Import it as it is, without --suggest: it tells who is present where."
        )
    draft = Draft(content)
    add_head(draft)
    add_fields(draft)
    text = draft.text()
    return Proposal(text, [line for line in draft.lines if line[1]], draft.unused(), _preview(content, text))


def _preview(content: Content, text: str) -> list[ActivityContent]:
    """The first five activities; what the proposal asks is left out of them."""
    known = "\n".join(line for line in text.split("\n") if QUESTION not in line)
    read = tomllib.loads(known)
    read["table"].setdefault("publisher", "unknown")
    fields = read["fields"]
    if (when := fields.get("money", {}).get("date")) and when not in dates_told(fields.get("dates", {})):
        fields.pop("money", None)  # whose date is asked
    records = read_table(content, read_mapping("the proposal", read)).records
    return [json.loads(record.content) for record in islice(records, 5)]


def as_lines(content: ActivityContent) -> list[str]:
    """What a row says, a line each, for a person to check."""
    shown: dict[str, Any] = {key: value for key, value in content.items() if key not in ("reporter", "secondary")}
    return [f"{key}: {_short(value)}" for key, value in shown.items()]


def _short(value: Any) -> str:
    if isinstance(value, list):
        text = "; ".join(map(_short, value))
    elif isinstance(value, dict):
        text = ", ".join(f"{k} {v}" for k, v in value.items())
    else:
        text = str(value)
    return text if len(text) <= 150 else text[:147] + "..."


def write_proposal(proposal: Proposal, path: Path) -> Path:
    """Write a proposal's text to a new file.

    Raises
    ------
    UnreadableFile
        If the file exists, or its folder cannot be written to.
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(proposal.text)
    except FileExistsError as error:
        raise UnreadableFile(f"{path}: exists already and may hold somebody's work, so it is left as it is. Name another with -o FILE.toml.") from error
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be written ({error.strerror}). Name another with -o FILE.toml.") from error
    return path
