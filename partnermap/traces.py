"""Files of a workspace's folder that still name an erased person: told, never touched."""

from __future__ import annotations

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

_OURS = re.compile(r"(graph\.sqlite(-wal|-shm)?$|\.cache/|rejected/)")  # what erasing itself has seen to
_ENCODINGS = ("utf-8", "cp1251", "utf-16-le")
_BLOCK, _OVERLAP = 1 << 20, 400
_GZIP = b"\x1f\x8b"


def files_naming(folder: Path, pattern: re.Pattern[str]) -> list[str]:
    """Files whose name or text holds a pattern, by their path in the folder; workbooks and archives are looked into.

    What no program writes as text, such as a scanned page, is not found.
    """
    paths = ((path, path.relative_to(folder).as_posix()) for path in sorted(folder.rglob("*")) if path.is_file())
    return [name for path, name in paths if not _OURS.match(name) and (pattern.search(name) or _names(path, pattern))]


def _names(path: Path, pattern: re.Pattern[str]) -> bool:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return any(_holds(file, pattern) for member in archive.infolist() for file in _opened(archive, member))
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
        with cast(IO[bytes], gzip.open(path) if packed else path.open("rb")) as plain:
            return _holds(plain, pattern)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError):
        return False  # no text that anybody could read here either


def _opened(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    with archive.open(member) as file:
        yield file


def _holds(file: IO[bytes], pattern: re.Pattern[str]) -> bool:
    kept = b""
    while block := file.read(_BLOCK):
        block = kept + block
        if any(pattern.search(block.decode(encoding, "ignore")) for encoding in _ENCODINGS):
            return True
        kept = block[-_OVERLAP:]
    return False
