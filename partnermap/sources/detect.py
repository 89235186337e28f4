"""Which source reads a file: told by its content, never by its extension alone."""

from __future__ import annotations

import re
import zipfile

from partnermap.errors import UnreadableFile
from partnermap.sources.archive import EMPTY_ZIP, ZIP, Content, kind_of_names
from partnermap.sources.registers_grid import is_ours
from partnermap.sources.registers_untc import is_status_table

_ADVICE = {
    "locked": "is a workbook or document that is locked with a password, so nothing was read. Open it, save it without the password, and import that",
    "xlsb": "is a binary Excel workbook, which is not read. Save it as XLSX or CSV and import that",
    "ods": "is an OpenDocument file, which is not read. Save the sheet as CSV and import it with --mapping FILE.toml",
    "docx": "is a Word document, which is not read. Import the data that it was written from",
    "pptx": "is a PowerPoint document, which is not read. Import the data that it was made from",
    "ole": "is an old Excel or Word file, which is not read. Save it as XLSX or CSV and import that",
    "pdf": "is a PDF, which is not read. Ask the publisher for IATI or for a table; docs/getting-data.md has an e-mail for that",
    "html": "is a web page and no data; the download link probably led to an error or login page. Download the file again",
    "json": "is JSON, which is not read. Ask the publisher for IATI XML, or for CSV",
    "zip": "is a zip inside a zip. Unpack it and import its files",
    "binary": "is neither XML nor a table of text. Check that the right file was downloaded",
    "empty": "is empty. Download it again",
}
_HTML = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the part that holds a locked workbook
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def source_of(content: Content) -> str:
    """Name of the source that reads a file: ``"iati"`` for any XML, ``"table"`` for lines or a workbook.

    Raises
    ------
    UnreadableFile
        For a file of a kind that no source reads, with advice.
    """
    start = content.head(16_384)
    kind = _kind(content, start)
    if kind in _ADVICE:
        raise UnreadableFile(f"{content.name}: {_ADVICE[kind]}.")
    return kind


def _kind(content: Content, start: bytes) -> str:
    if not start:
        return "empty"
    if start.startswith((ZIP, EMPTY_ZIP)):
        return _zip_kind(content)
    if start.startswith(b"%PDF"):
        return "pdf"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "locked" if _holds_text(content, _ENCRYPTED) else "ole"
    text = _text(start)
    if text is None:
        return "binary"
    if not text.strip():
        return "empty"
    if _HTML.match(text):
        return "html"
    first = text.lstrip()[0]
    if first == "<":
        return "iati"
    if first in "{[":
        return "json"
    return "status-table" if is_status_table(text) else "table"


def _zip_kind(content: Content) -> str:
    """What a zip that was not opened as an archive is: a document, or one zip inside another."""
    try:
        with content.open_raw() as file, zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            kind = kind_of_names(names) or "zip"
            if kind == "xlsx":
                return "registers" if is_ours(archive.read("xl/workbook.xml")) else "table"
            return kind
    except (zipfile.BadZipFile, OSError):
        return "zip"


def _holds_text(content: Content, wanted: bytes) -> bool:
    """Whether the bytes stand anywhere in the file."""
    with content.opened() as file:
        kept = b""
        while block := file.read(1 << 20):
            if wanted in kept + block:
                return True
            kept = block[-len(wanted) :]
    return False


def _text(start: bytes) -> str | None:
    """The first characters, or None when the bytes are no text."""
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return start[len(mark) :].decode(encoding, "replace")
    for encoding, sign in (("utf-16-le", b"<\0"), ("utf-16-be", b"\0<")):
        if start.startswith(sign):
            return start.decode(encoding, "replace")
    return None if b"\0" in start else start.decode("utf-8", "replace")
