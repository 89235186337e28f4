"""Files as they lie on disk, in a gzip, in a zip or in a folder, each opened as plain bytes.

Nothing is written out and nothing is read whole: a packed file is expanded while it is read, and
reading stops with a sentence when it expands further than any real data does.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from partnermap.errors import UnreadableFile

# Text of one activity repeated a thousand times packs about 1:100; gzip's limit is about 1:1030.
MAX_RATIO = 250
FREE_BYTES = 100_000_000  # expanded size below which the ratio does not matter

_NO_PERMISSION = "no permission to read it. Ask its owner, or copy it to where you may read it."

_PASSED_OVER = (".", "~$")
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"


@dataclass(frozen=True)
class Content:
    """One file's bytes, wherever they are packed; ``opened`` can be called any number of times."""

    name: str  # as messages call it: gef.xml, or archive.zip/uganda/gef.xml
    open_raw: Callable[[], BinaryIO]
    packed_size: int

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The bytes, expanded when they are a gzip.

        Raises
        ------
        UnreadableFile
            When the file cannot be opened or unpacked, or expands without end.
        """
        try:
            with self.open_raw() as raw:
                if raw.read(2) == GZIP:
                    raw.seek(0)
                    with gzip.GzipFile(fileobj=raw) as expanded:
                        yield _guarded(expanded, self)
                else:
                    raw.seek(0)
                    yield _guarded(raw, self)
        except UnreadableFile:
            raise
        except PermissionError as error:
            raise UnreadableFile(f"{self.name}: {_NO_PERMISSION}") from error
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise UnreadableFile(
                f"{self.name}: the packed file is damaged or cut off ({error}). Download it again."
            ) from error
        except OSError as error:
            raise UnreadableFile(f"{self.name}: cannot be read ({error.strerror or error}). Check the disk or the name.") from error

    def head(self, size: int = 65_536) -> bytes:
        """Its first bytes, expanded."""
        with self.opened() as file:
            return file.read(size)


class _Guard(io.RawIOBase):
    """Counts what was read and stops an archive that expands without end."""

    def __init__(self, file: BinaryIO, content: Content) -> None:
        self._file, self._content, self._read = file, content, 0

    def read(self, size: int = -1) -> bytes:
        return self._count(self._file.read(size))

    def readinto(self, buffer: Any) -> int:
        block = self._count(self._file.read(len(buffer)))
        buffer[: len(block)] = block
        return len(block)

    def _count(self, block: bytes) -> bytes:
        self._read += len(block)
        packed = max(self._content.packed_size, 1)
        if self._read > FREE_BYTES and self._read > MAX_RATIO * packed:
            raise UnreadableFile(
                f"{self._content.name}: {packed:,} packed bytes expand to more than {self._read:,}, over "
                f"{MAX_RATIO} times their size, so nothing was read. If the file is real, unpack it and import the result."
            )
        return block

    def readable(self) -> bool:
        return True


def _guarded(file: object, content: Content) -> BinaryIO:
    return cast(BinaryIO, _Guard(cast(BinaryIO, file), content))


def contents(path: Path) -> list[Content]:
    """Files at a path: the file itself, a zip's members, or what a folder holds, in name order.

    Hidden files, macOS's ``__MACOSX`` and Excel's lock files (``~$list.xlsx``, where a workbook is
    open) are passed over; an archive inside a zip is given as it
    is. A workbook or document (which is a zip too) counts as one file.

    Raises
    ------
    UnreadableFile
        If there is nothing at the path, or the folder may not be read. A single file or zip that
        cannot be opened says so when it is.
    """
    try:
        if path.is_dir():
            return [c for file in sorted(_files(path)) for c in _one_or_members(file, _inside(path, file))]
        if not path.exists():
            raise UnreadableFile(f"{path}: there is no such file or folder. Check the name.")
        return list(_one_or_members(path, path.name))
    except PermissionError as error:
        raise UnreadableFile(f"{path}: {_NO_PERMISSION}") from error


def _inside(folder: Path, file: Path) -> str:
    return f"{folder.resolve().name}/{file.relative_to(folder).as_posix()}"


def _files(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name.startswith(_PASSED_OVER) or entry.name == "__MACOSX":
            continue
        if entry.is_dir() and not entry.is_symlink():  # a link to a parent would never end
            try:
                yield from _files(entry)
            except PermissionError:
                yield entry  # as a file that cannot be opened, so that it is reported
        elif entry.is_file():
            yield entry


def _one_or_members(path: Path, name: str) -> Iterator[Content]:
    """A file, or a zip's members; what cannot be opened fails when it is, so that others load."""
    try:
        archived = is_zip_of_files(path)
        plain = Content(name, lambda: cast(BinaryIO, path.open("rb")), path.stat().st_size)
        members = _members(path) if archived else []
    except PermissionError:
        yield _failing(name, _NO_PERMISSION)
        return
    except zipfile.BadZipFile as error:
        yield _failing(name, f"the zip is damaged or cut off ({error}). Download it again.")
        return
    if not archived:
        yield plain
    for member in sorted(members, key=lambda m: m.filename):
        inside = PurePosixPath(member.filename.replace("\\", "/"))
        hidden = any(part.startswith((*_PASSED_OVER, "__MACOSX")) for part in inside.parts)
        if not member.is_dir() and not hidden:
            full = f"{name}/{inside}"
            yield Content(full, _member_opener(path, member, full), member.compress_size)


def _members(path: Path) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(path) as archive:
        return archive.infolist()


def _failing(name: str, reason: str) -> Content:
    def opener() -> BinaryIO:
        raise UnreadableFile(f"{name}: {reason}")

    return Content(name, opener, 0)


def _member_opener(path: Path, member: zipfile.ZipInfo, name: str) -> Callable[[], BinaryIO]:
    def opener() -> BinaryIO:
        if member.flag_bits & 1:
            raise UnreadableFile(f"{name}: is locked with a password. Unpack it yourself and import the result.")
        try:
            # The member's file keeps the archive's open until it is closed itself.
            with zipfile.ZipFile(path) as archive:
                return cast(BinaryIO, archive.open(member))
        except NotImplementedError as error:  # a method of packing that zipfile lacks
            raise UnreadableFile(
                f"{name}: cannot be unpacked ({error}). Unpack it yourself and import the result."
            ) from error

    return opener


def is_zip_of_files(path: Path) -> bool:
    """Whether a file is a zip that is no workbook or document of an office program."""
    with path.open("rb") as file:
        if file.read(4) not in (ZIP, EMPTY_ZIP):
            return False
    return office_kind(path) is None


def office_kind(path: Path) -> str | None:
    """``"xlsx"``, ``"xlsb"``, ``"docx"``, ``"pptx"`` or ``"ods"`` for a zip that is such a document, else None."""
    try:
        with zipfile.ZipFile(path) as archive:
            return kind_of_names(set(archive.namelist()))
    except (zipfile.BadZipFile, OSError):
        return None


def kind_of_names(names: set[str]) -> str | None:
    """Kind of office document whose zip holds these members, or None."""
    parts = {"xlsx": "xl/workbook.xml", "xlsb": "xl/workbook.bin", "docx": "word/document.xml", "pptx": "ppt/presentation.xml"}
    for kind, part in parts.items():
        if part in names:
            return kind
    return "ods" if {"content.xml", "META-INF/manifest.xml"} <= names else None
