"""Files, archives and folders: what is opened, how it is named, what is refused."""

from __future__ import annotations

import gzip
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from partnermap.errors import DatasetConflict, UnreadableFile
from partnermap.sources import SOURCES, dataset_id, open_imports
from tests.sources.iati_files import activity, open_one, read, write
from tests.sources.registers_files import request, workbook


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(UnreadableFile) as caught:
        list(open_imports(path, **options))  # type: ignore[arg-type]
    return str(caught.value)


def iati(identifier: str = "XM-1-A") -> str:
    return f'<iati-activities version="2.03">{activity(identifier=identifier)}</iati-activities>'


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gef.xml", "gef"),
        ("gef.XML.GZ", "gef"),
        ("folder/gef.csv", "gef"),
        ("folder\\gef.csv", "gef"),
        ("gef-2024-01-31.xml", "gef"),
        ("gef_20240131.xml.gz", "gef"),
        ("2024-01-31 gef.xml", "gef"),
        ("un-covid-2021.xml", "un-covid-2021"),
        ("project-12345678.xml", "project-12345678"),  # no date
        ("undp-2024-01-31-kgz.xml", "undp-kgz"),
        ("report-1234567890.csv", "report-1234567890"),
        ("20240131.xml", "20240131"),
        ("v1.2.xml", "v1.2"),
    ],
)
def test_dataset_ids(name: str, expected: str) -> None:
    assert dataset_id(name) == expected


def test_dataset_can_be_named(tmp_path: Path) -> None:
    assert open_one(write(tmp_path, activity()), dataset="mine").dataset.dataset == "mine"


def test_gzip_is_the_same_dataset_as_the_plain_file(tmp_path: Path) -> None:
    plain = write(tmp_path, activity())
    packed = tmp_path / "file.xml.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read(packed)[0] == read(plain)[0]
    assert (open_one(packed).dataset.dataset, open_one(packed).dataset.sha256) == ("file", open_one(plain).dataset.sha256)


def test_other_content_has_another_hash(tmp_path: Path) -> None:
    first = open_one(write(tmp_path, activity())).dataset.sha256
    assert open_one(write(tmp_path, activity(identifier="B"))).dataset.sha256 != first


def test_members_of_a_zip_are_datasets_and_bad_ones_do_not_stop_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("uganda/deep/b-2024-01-31.xml", iati("B"))
        archive.writestr("a.xml.gz", gzip.compress(iati("A").encode()))
        archive.writestr("cut.xml", iati()[:-30])
        archive.writestr("inner.zip", b"PK\x05\x06" + b"\0" * 18)
        archive.writestr("notes.pdf", b"%PDF-1.4")
        archive.writestr("__MACOSX/._a.xml", b"\0\1")
        archive.writestr(".hidden", b"x")
        archive.writestr("uganda/~$list.xlsx", b"x")
    imports = open_imports(path)
    found = [(i.dataset.dataset, i.dataset.file, [r.subject_id for r in i.records]) for i in imports]
    assert found == [("a", "all.zip/a.xml.gz", ["A"]), ("b", "all.zip/uganda/deep/b-2024-01-31.xml", ["B"])]
    assert [(r.file, r.row, r.kept) for r in imports.refused] == [("all.zip/cut.xml", 0, False), ("all.zip/inner.zip", 0, False), ("all.zip/notes.pdf", 0, False)]
    assert [str(r) for r in imports.refused[1:]] == [
        "all.zip/inner.zip: is a zip inside a zip. Unpack it and import its files.",
        "all.zip/notes.pdf: is a PDF, which is not read. Ask the publisher for IATI or for a table; docs/getting-data.md has an e-mail for that.",
    ]


def test_a_folder_is_read_in_name_order_with_its_archives(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.xml").write_text(iati("B"))
    (folder / "sub" / "c.xml").write_text(iati("C"))
    (folder / ".DS_Store").write_text("x")
    (folder / "~$table.xlsx").write_text("somebody has it open")
    (folder / "table.csv").write_text("a,b\n1,2\n")
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("a.xml", iati("A"))
    imports = open_imports(folder)
    assert [(i.dataset.file, i.dataset.dataset) for i in imports] == [("inbox/a.zip/a.xml", "a"), ("inbox/b.xml", "b"), ("inbox/sub/c.xml", "c")]
    assert [str(r) for r in imports.refused] == ["inbox/table.csv: looks like a table. Name its mapping with --mapping FILE.toml, or let --suggest propose one."]


def test_a_mapping_is_for_the_tables_of_a_folder_alone(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a.xml").write_text(iati("A"))
    (folder / "b.csv").write_text("No,Name\n1,Wells\n")
    (folder / "b.toml").write_text('identifier = "W:{No}"\n[table]\npublisher = "Wells"\nlicence = "unknown"\n[fields]\ntitle = "Name"\n')
    (folder / "c.csv").write_text("Org,Country,No,Name\n#org,#country,,\nUNDP,Kyrgyzstan,1,Wells\n")
    workbook(folder, {"Requests": [request()]})
    imports = open_imports(folder, mapping=folder / "b.toml")
    assert [(i.dataset.file, i.dataset.source) for i in imports if not i.emptied] == [("inbox/a.xml", "iati"), ("inbox/b.csv", "table"), ("inbox/c.csv", "hxl"), ("inbox/registers.xlsx", "registers")]
    assert imports.refused == []
    assert [i.dataset.source for i in open_imports(folder / "c.csv", mapping=folder / "b.toml", several=True)] == ["hxl"]
    # asked for alone, by name, a tagged table is what the mapping says
    assert [i.dataset.source for i in open_imports(folder / "c.csv", mapping=folder / "b.toml")] == ["table"]


def test_a_folder_without_readable_files(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: holds no file that can be imported."
    for number in range(5):
        (tmp_path / f"{number}.pdf").write_bytes(b"%PDF")
    told = "is a PDF, which is not read. Ask the publisher for IATI or for a table; docs/getting-data.md has an e-mail for that."
    name = tmp_path.name
    assert refusal(tmp_path) == f"{tmp_path}: holds no file that can be imported. {name}/0.pdf: {told} {name}/1.pdf: {told} {name}/2.pdf: {told} And 2 more."


def test_a_dataset_name_cannot_name_several_files(tmp_path: Path) -> None:
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text(iati())
    with pytest.raises(DatasetConflict) as caught:
        open_imports(tmp_path, dataset="mine")
    assert str(caught.value) == (
        f"{tmp_path}: holds 2 files, and each is a dataset of its own, so --dataset mine cannot name them all. "
        "Import the files one by one, or leave --dataset out."
    )


def test_nothing_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xml") == f"{tmp_path / 'none.xml'}: there is no such file or folder. Check the name."


@pytest.mark.skipif(not hasattr(os, "fork"), reason="permissions of this kind are POSIX")
@pytest.mark.parametrize("locked", ["file.xml", "."])
def test_no_permission(tmp_path: Path, locked: str) -> None:
    path = write(tmp_path, activity())
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    (tmp_path / locked).chmod(0)
    told = _as_nobody(lambda: refusal(path))
    (tmp_path / locked).chmod(0o755)
    where = path.name if locked == "file.xml" else path
    assert told == f"{where}: no permission to read it. Ask its owner, or copy it to where you may read it."


@pytest.mark.skipif(not hasattr(os, "fork"), reason="permissions of this kind are POSIX")
def test_what_cannot_be_opened_in_a_folder_does_not_stop_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    (folder / "locked").mkdir(parents=True)
    for name in ("a.xml", "b.xml", "damaged.zip"):
        (folder / name).write_text(iati())
    (folder / "damaged.zip").write_bytes(b"PK\x03\x04 and nothing more")
    for path in (tmp_path, folder, *tmp_path.parents[:3]):
        path.chmod(0o755)
    (folder / "a.xml").chmod(0)
    (folder / "locked").chmod(0)
    told = _as_nobody(lambda: _outcome(folder))
    (folder / "locked").chmod(0o755)
    assert told.split("\n") == [
        "b",
        "inbox/a.xml: no permission to read it. Ask its owner, or copy it to where you may read it.",
        "inbox/damaged.zip: the zip is damaged or cut off (File is not a zip file). Download it again.",
        "inbox/locked: no permission to read it. Ask its owner, or copy it to where you may read it.",
    ]


def _outcome(path: Path) -> str:
    imports = open_imports(path)
    return "\n".join([*[i.dataset.dataset for i in imports], *map(str, imports.refused)])


def _as_nobody(ask: Callable[[], str]) -> str:
    """The answer of a process that may not read everything, as root may."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        try:
            os.write(writing, ask().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        told = answer.read()
    os.waitpid(child, 0)
    return told


JUNK = b'<iati-activities version="2.03">' + b"<a/>  " * 700_000  # packs about 1:1000


def test_a_gzip_that_expands_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnermap.sources.archive.FREE_BYTES", 2_000_000)
    path = tmp_path / "bomb.xml.gz"
    path.write_bytes(gzip.compress(JUNK))
    message = refusal(path)
    assert message.startswith(f"bomb.xml.gz: {path.stat().st_size:,} packed bytes expand to more than 2,0")
    assert message.endswith(", over 250 times their size, so nothing was read. If the file is real, unpack it and import the result.")


def test_a_zip_whose_member_expands_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnermap.sources.archive.FREE_BYTES", 2_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", JUNK)
        archive.writestr("b.xml", iati())
    imports = open_imports(tmp_path / "bomb.zip")
    assert [i.dataset.dataset for i in imports] == ["b"]
    assert "over 250 times their size, so nothing was read." in str(imports.refused[0])


def test_damaged_zip(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.xml", iati())
    path.write_bytes(path.read_bytes()[:60])
    assert refusal(path) == "all.zip: the zip is damaged or cut off (File is not a zip file). Download it again."


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        (["xl/workbook.xml"], "file.bin: looks like a table. Name its mapping with --mapping FILE.toml, or let --suggest propose one."),
        (["word/document.xml"], "file.bin: is a Word document, which is not read. Import the data that it was written from."),
        (["ppt/presentation.xml"], "file.bin: is a PowerPoint document, which is not read. Import the data that it was made from."),
        (["xl/workbook.bin"], "file.bin: is a binary Excel workbook, which is not read. Save it as XLSX or CSV and import that."),
        (["content.xml", "META-INF/manifest.xml"], "file.bin: is an OpenDocument file, which is not read. Save the sheet as CSV and import it with --mapping FILE.toml."),
    ],
)
def test_office_documents_are_known_by_their_content(tmp_path: Path, members: list[str], sentence: str) -> None:
    path = tmp_path / "file.bin"
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.writestr(member, "<x/>")
    assert refusal(path) == sentence
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.write(path, "file.bin")
    assert sentence.removeprefix("file.bin: ") in refusal(tmp_path / "outer.zip")


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (b"%PDF-1.7 ...", "is a PDF, which is not read. Ask the publisher for IATI or for a table; docs/getting-data.md has an e-mail for that."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an old Excel or Word file, which is not read. Save it as XLSX or CSV and import that."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(1_100_000) + "EncryptedPackage".encode("utf-16-le"),
            "is a workbook or document that is locked with a password, so nothing was read. Open it, save it without the password, and import that.",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0", "is neither XML nor a table of text. Check that the right file was downloaded."),
    ],
)
def test_other_kinds_are_refused_with_advice(tmp_path: Path, start: bytes, sentence: str) -> None:
    path = tmp_path / "data.xml"
    path.write_bytes(start)
    assert refusal(path) == f"data.xml: {sentence}"


@pytest.mark.parametrize("name", ["data.csv", "data.txt", "data", "data.zip"])
def test_the_extension_does_not_decide(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(iati())
    assert open_one(tmp_path / name).dataset.source == "iati"


def test_one_element_that_never_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("partnermap.sources.xml_stream.ELEMENT_LIMIT", 1_000_000)
    path = write(tmp_path, activity("<result/>" * 200_000))
    assert refusal(path) == (
        "file.xml: one element is longer than 1,000,000 bytes, more than any activity is, so nothing was read. "
        "Ask the publisher for a correct file."
    )


def test_an_empty_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "none.zip", "w"):
        pass
    assert refusal(tmp_path / "none.zip") == f"{tmp_path / 'none.zip'}: holds no file that can be imported."


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.xml", iati())
    raw = bytearray(path.read_bytes())
    raw[6] |= 1  # the bit for "encrypted" in the member's header, and in the directory
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(raw))
    assert "all.zip/a.xml: is locked with a password. Unpack it yourself and import the result." in refusal(path)


def test_the_table_of_sources_names_what_each_needs() -> None:
    assert {name: source.needs_mapping for name, source in SOURCES.items()} == {"iati": False, "table": True, "hxl": False, "registers": False, "status-table": False}
