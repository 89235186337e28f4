"""An activity while a row of a table is read: its cells, what they mean, and what is found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from partnermap.sources.mapping import Mapping, Part
from partnermap.sources.records import Doubts
from partnermap.sources.table_lines import CellError
from partnermap.sources.values import clean

AT_SOURCE = "Correct it at the source, or add it to the mapping."
BROKEN = "\ufffd"


class Draft:
    def __init__(self, cells: dict[str, str], mapping: Mapping, tell: Doubts, day_zero: date) -> None:
        self.content: dict[str, Any] = {}
        self.cells, self.mapping, self.tell, self.day_zero = cells, mapping, tell, day_zero

    def add(self, key: str, **values: str) -> None:
        self.content.setdefault(key, []).append({name: text for name, text in values.items() if text})

    def parts(self, name: str) -> Iterator[Part]:
        yield from self.mapping.parts.get(name, ())

    def cell(self, part: Part) -> str:
        text = self.cells[part.column] if part.column else ""
        if isinstance(text, CellError):
            self.tell(part.column, f"{text.what} instead of a value; left out. Correct it in the workbook, save it, and import it again.")
        if BROKEN in text:
            self.tell(part.column, "broken characters (U+FFFD, from an earlier wrong conversion); kept as they are. Correct them at the source.")
        return text

    def words(self, part: Part) -> Iterator[str]:
        """The values of a cell, split as the part says, each replaced where the part has a meaning."""
        for word in split(self.cell(part), part.split):
            if not part.listed_only or word.casefold() in part.values:
                yield part.values.get(word.casefold(), word)

    def number(self, part: Part, found: str) -> str:
        return part.number.replace("{found}", found.zfill(part.digits))

    def numbers(self, part: Part) -> Iterator[str]:
        """Project numbers that the part's pattern finds in its cell."""
        if part.pattern:
            yield from dict.fromkeys(self.number(part, found) for found in part.pattern.findall(self.cell(part)) if found)


def split(text: str, separators: Sequence[str]) -> list[str]:
    """Text at each of the separators, without empty pieces.

    >>> split("UNDP/World Bank,UNEP", "/,")
    ['UNDP', 'World Bank', 'UNEP']
    """
    pieces = re.split("|".join(map(re.escape, separators)), text) if separators else [text]
    return [piece for piece in map(clean, pieces) if piece]
