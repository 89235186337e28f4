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
ELEMENT_LIMIT = 100_000_000  # bytes of one child of the root, which is held in memory
_HEAD_LIMIT = 1_000_000  # bytes of comments and declarations before the root element
_AROUND = "result"  # what an answer of the IATI Datastore puts around its root


@dataclass(frozen=True)
class Head:
    """What stands before the first activity: the root element and its attributes, as written."""

    root: str
    attributes: dict[str, str]


class _Found(Exception):
    """Leaves expat from inside a handler."""


def read_head(content: Content, root: str = "") -> Head:
    """The root element of an XML file, refusing declared entities.

    Parameters
    ----------
    content : the file
    root : element that is taken for the root where it stands in an answer of the IATI Datastore

    Raises
    ------
    UnreadableFile
        If the file declares entities, is no XML up to its root element, or cannot be opened.
    """
    parser = expat.ParserCreate()
    found: list[Head] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append(Head(name, attributes))
        if not (root and found[0].root == _AROUND and name != root):
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
            return found[-1]
        except expat.ExpatError as error:
            raise UnreadableFile(
                f"{content.name}: is not well-formed XML: line {error.lineno}, column {error.offset + 1}, "
                f"{expat.errors.messages[error.code]}. Ask the publisher for a correct file."
            ) from error
        except (LookupError, ValueError) as error:
            raise UnreadableFile(
                f"{content.name}: its encoding cannot be read safely ({error}). Save it as UTF-8 and import it again."
            ) from error
    if found:
        return found[0]
    raise UnreadableFile(f"{content.name}: holds no element in its first {read:,} bytes, so it is no data file.")


class _Feed:
    """Gives a parser its blocks, and before each drops what the parser has finished.

    The parser asks for a block when every element so far has been given and used. All children
    of the root but the last are whole by then, whatever they are; the last may be half read.
    """

    def __init__(self, content: Content, file: BinaryIO, note: Callable[[bytes], None]) -> None:
        self.root: Any = None
        self._content, self._file, self._note = content, file, note
        self._since = 0  # bytes since a child of the root was finished

    def read(self, size: int = BLOCK) -> bytes:
        if self.root is not None and len(self.root) > 1:
            del self.root[:-1]
            self._since = 0
        block = self._file.read(size)
        self._note(block)
        self._since += len(block)
        if self._since > ELEMENT_LIMIT:
            raise UnreadableFile(
                f"{self._content.name}: one element is longer than {ELEMENT_LIMIT:,} bytes, more than any activity is, so "
                "nothing was read. Ask the publisher for a correct file."
            )
        return block


def elements(content: Content, root: str, tag: str, note: Callable[[bytes], None] = lambda block: None) -> Iterator[Any]:
    """Each element ``tag`` of a file, whole, in the file's order; use one before asking for the next.

    Parameters
    ----------
    content : the file
    root : name of its root element
    tag : elements to give
    note : called with every block of bytes that is read, such as a hash's ``update``

    Raises
    ------
    UnreadableFile
        Where the file breaks, naming line and column and how many elements were whole.
    """
    count = 0
    with content.opened() as file:
        feed = _Feed(content, file, note)
        parsing = etree.iterparse(
            feed,
            events=("start", "end"),
            tag=(root, tag),
            load_dtd=False,
            no_network=True,
            resolve_entities=False,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,  # a table of all xml:id would grow with the file
            huge_tree=False,
        )
        try:
            for event, element in parsing:
                if feed.root is None:
                    feed.root = element
                elif event == "end" and element.tag == tag:
                    count += 1
                    yield element
        except etree.XMLSyntaxError as error:
            line, column = error.position
            raise UnreadableFile(
                f"{content.name}: breaks at line {line}, column {column} ({_first_line(error)}), after "
                f"{count:,} whole activities; nothing was imported, so that the rest does not count as withdrawn. "
                "Download the file again, or ask the publisher for a whole one."
            ) from error


def _first_line(error: etree.XMLSyntaxError) -> str:
    return str(error.msg or "unreadable").split(", line ")[0].strip()
