"""Reading XML of any size and of any origin: in one pass, in flat memory, expanding nothing.

No DTD is loaded, no entity resolved, nothing fetched. A file that declares entities of its own is
refused from its first bytes, before a parser could expand one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.parsers import expat

from lxml import etree

from partnermap.errors import UnreadableFile
from partnermap.sources.archive import Content

BLOCK = 65_536
_HEAD_LIMIT = 1_000_000  # bytes of comments and declarations before the root element


@dataclass(frozen=True)
class Head:
    """What stands before the first child: the root element and its attributes, as written."""

    root: str
    attributes: dict[str, str]


class _Found(Exception):
    """Leaves expat from inside a handler."""


def read_head(content: Content) -> Head:
    """The root element of an XML file, refusing declared entities.

    Raises
    ------
    UnreadableFile
        If the file declares entities, is no XML up to its root element, or cannot be opened.
    """
    parser = expat.ParserCreate()
    found: list[Head] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append(Head(name, attributes))
        raise _Found

    def entity(*_declaration: object) -> None:
        raise UnreadableFile(
            f"{content.name}: declares entities of its own in its DOCTYPE, which IATI files never need and "
            "which can be an attack, so nothing was read. Ask the publisher for a file without them."
        )

    parser.StartElementHandler = start
    parser.EntityDeclHandler = entity
    read = 0
    with content.opened() as file:
        try:
            while read < _HEAD_LIMIT:
                block = file.read(BLOCK)
                read += len(block)
                parser.Parse(block, not block)
                if not block:
                    break
        except _Found:
            return found[0]
        except expat.ExpatError as error:
            raise UnreadableFile(
                f"{content.name}: is not well-formed XML: line {error.lineno}, column {error.offset + 1}, "
                f"{expat.errors.messages[error.code]}. Ask the publisher for a correct file."
            ) from error
        except (LookupError, ValueError) as error:
            raise UnreadableFile(
                f"{content.name}: its encoding cannot be read safely ({error}). Save it as UTF-8 and import it again."
            ) from error
    raise UnreadableFile(f"{content.name}: holds no element in its first {read:,} bytes, so it is no data file.")


class _Noting:
    """A file whose blocks are shown to ``note`` as they are read."""

    def __init__(self, file: BinaryIO, note: Callable[[bytes], None]) -> None:
        self._file, self._note = file, note

    def read(self, size: int = BLOCK) -> bytes:
        block = self._file.read(size)
        self._note(block)
        return block


def elements(content: Content, tag: str, note: Callable[[bytes], None] = lambda block: None) -> Iterator[Any]:
    """Each element ``tag`` of a file, whole, in the file's order; emptied once the next is asked for.

    Parameters
    ----------
    content : the file
    tag : elements to give
    note : called with every block of bytes that is read, such as a hash's ``update``

    Raises
    ------
    UnreadableFile
        Where the file breaks, naming line and column and how many elements were whole.
    """
    count = 0
    with content.opened() as file:
        parsing = etree.iterparse(
            _Noting(file, note),
            events=("end",),
            tag=tag,
            load_dtd=False,
            no_network=True,
            resolve_entities=False,
            remove_comments=True,  # so that a comment inside a text does not split it
            remove_pis=True,
            collect_ids=False,  # a table of all xml:id would grow with the file
            huge_tree=False,
        )
        try:
            for _, element in parsing:
                count += 1
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            line, column = error.position
            raise UnreadableFile(
                f"{content.name}: breaks at line {line}, column {column} ({_first_line(error)}), after "
                f"{count:,} whole activities; nothing was imported, so that the rest does not count as withdrawn. "
                "Download the file again, or ask the publisher for a whole one."
            ) from error


def _first_line(error: etree.XMLSyntaxError) -> str:
    return str(error.msg or "unreadable").split(", line ")[0].strip()
