"""The embedded store by itself: the thrown-away view, the file, the folder and their errors."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pyarrow as pa
import pytest

from partnermap.errors import StoreError
from partnermap.model import SCHEMA, GraphRows
from partnermap.store import Store, database, open_store
from partnermap.store.folder import file_system, synced_by
from tests.store.samples import dump, first, load, rows_of, said, second, version


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Store]:
    store = open_store("embedded", tmp_path)
    load(store, version("d", "1"), first())
    yield store
    store.close()


def answer(store: Store) -> pa.Table:
    return store.read("country_activities", country="KGZ")


def views(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".cache").iterdir())


# --- the view ---------------------------------------------------------------------------------


def test_only_a_query_builds_the_view(embedded: Store, tmp_path: Path) -> None:
    dump(embedded)
    assert not (tmp_path / ".cache").exists()
    answer(embedded)
    assert views(tmp_path) == [f"cypher-1-{SCHEMA}.lbug", f"cypher-1-{SCHEMA}.lbug.json"]


def test_a_new_state_replaces_the_view(embedded: Store, tmp_path: Path) -> None:
    answer(embedded)
    load(embedded, version("d", "2"), second())
    answer(embedded)
    assert views(tmp_path) == [f"cypher-2-{SCHEMA}.lbug", f"cypher-2-{SCHEMA}.lbug.json"]


def test_a_whole_view_is_used_again(embedded: Store, tmp_path: Path) -> None:
    answer(embedded)
    embedded.close()
    view = tmp_path / ".cache" / f"cypher-1-{SCHEMA}.lbug"
    before = view.stat()
    later = open_store("embedded", tmp_path)
    answer(later)
    later.close()
    assert (view.stat().st_ino, view.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("damage", ["cut", "turn", "empty", "text", "no side file", "bad side file", "gone", "folder gone", "a folder", "a file"])  # fmt: skip
def test_deleting_or_damaging_the_cache_changes_no_answer(embedded: Store, tmp_path: Path, damage: str) -> None:
    before = answer(embedded)
    embedded.close()
    view = tmp_path / ".cache" / f"cypher-1-{SCHEMA}.lbug"
    side = view.with_name(view.name + ".json")
    content, times = view.read_bytes(), view.stat()
    if damage == "cut":
        view.write_bytes(content[: len(content) // 2])
    elif damage == "turn":  # of the same size and time
        view.write_bytes(content[:4_096] + bytes(255 - b for b in content[4_096:]))
        os.utime(view, ns=(times.st_atime_ns, times.st_mtime_ns))
    elif damage == "empty":
        view.write_bytes(b"")
    elif damage == "text":
        view.write_bytes(b"not a view")
    elif damage == "no side file":
        side.unlink()
    elif damage == "bad side file":
        side.write_text("[]", encoding="utf-8")
    elif damage == "gone":
        view.unlink()
    elif damage == "folder gone":
        for path in (tmp_path / ".cache").iterdir():
            path.unlink()
        (tmp_path / ".cache").rmdir()
    elif damage == "a folder":
        view.unlink()
        view.mkdir()
        (view / "file").touch()
    elif damage == "a file":
        for path in (tmp_path / ".cache").iterdir():
            path.unlink()
        (tmp_path / ".cache").rmdir()
        (tmp_path / ".cache").touch()
    later = open_store("embedded", tmp_path)
    assert answer(later) == before
    later.close()


def test_the_view_of_another_state_with_the_same_number_is_not_used(embedded: Store, tmp_path: Path) -> None:
    """A copy of graph.sqlite that is put back leads to a second state of one number."""
    embedded.close()
    saved = (tmp_path / "graph.sqlite").read_bytes()
    store = open_store("embedded", tmp_path)
    load(store, version("d", "2"), second())
    answer(store)
    store.close()
    (tmp_path / "graph.sqlite").write_bytes(saved)
    store = open_store("embedded", tmp_path)
    load(store, version("e", "1"), [said("Z", countries=["KGZ"], title="other")])
    assert set(answer(store)["activity"].to_pylist()) == {"A", "B", "Z"}
    store.close()


def test_two_processes_may_read_at_once(embedded: Store, tmp_path: Path) -> None:
    before = answer(embedded)
    other = open_store("embedded", tmp_path)
    load(other, version("d", "2"), second())
    assert answer(other) != before
    other.close()
    assert answer(embedded) != before


def test_contents_of_records_stay_out_of_the_view(embedded: Store) -> None:
    with pytest.raises(StoreError, match=r"content"):
        embedded.read_text("MATCH (r:Record) RETURN r.content AS content")


# --- the file -----------------------------------------------------------------------------------


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    path.write_bytes(b"PK\x03\x04 a workbook, not a database" * 100)
    with pytest.raises(StoreError) as caught:
        open_store("embedded", tmp_path)
    assert str(caught.value) == (
        f"{path} is not a database. Move it away and import your files again, or put back a copy of it."
    )


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "graph.sqlite")) as other:
        other.execute("CREATE TABLE bookmarks (url)")
    with pytest.raises(StoreError, match=r"is a database of another program"):
        open_store("embedded", tmp_path)


def test_a_newer_schema_is_refused(embedded: Store, tmp_path: Path) -> None:
    embedded.close()
    set_meta(tmp_path, "schema", SCHEMA + 1)
    with pytest.raises(StoreError) as caught:
        open_store("embedded", tmp_path)
    assert str(caught.value) == (
        f"{tmp_path / 'graph.sqlite'} was written by a newer partnermap (schema {SCHEMA + 1}); this "
        f"one reads up to {SCHEMA}. Upgrade it: pip install --upgrade partnermap"
    )


def test_an_older_schema_is_copied_aside_and_brought_up_to_date(
    embedded: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded.close()
    with closing(sqlite3.connect(tmp_path / "graph.sqlite")) as older:
        older.execute("ALTER TABLE Activity DROP COLUMN money_flag")
        older.execute("DROP TABLE Scan")
        older.execute("UPDATE Meta SET value = 0 WHERE name = 'schema'")
        older.commit()

    def rename(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE Activity SET kind = 'project'")

    monkeypatch.setitem(database.MIGRATIONS, 0, rename)
    store = open_store("embedded", tmp_path)
    assert rows_of(store, "Activity", "id", "kind", "money_flag") == [
        ("A", "project", None),
        ("B", "project", None),
        ("C", "project", None),
    ]
    assert rows_of(store, "Scan") == []
    load(store, version("d", "2"), second())
    store.close()
    with closing(sqlite3.connect(tmp_path / "graph.sqlite.schema-0.bak")) as copy:
        assert copy.execute("SELECT count(*) FROM Activity WHERE kind IS NULL").fetchone() == (3,)


def test_a_new_property_of_the_same_schema_is_added(embedded: Store, tmp_path: Path) -> None:
    embedded.close()
    with closing(sqlite3.connect(tmp_path / "graph.sqlite")) as older:
        older.execute("ALTER TABLE Activity DROP COLUMN money_flag")
    set_meta(tmp_path, "layout", "another")
    store = open_store("embedded", tmp_path)
    assert rows_of(store, "Activity", "money_flag") == [(None,)] * 3
    store.close()


def test_a_damaged_file_is_named(embedded: Store, tmp_path: Path) -> None:
    embedded.close()
    path = tmp_path / "graph.sqlite"
    content = path.read_bytes()
    path.write_bytes(content[:8_192] + b"\xff" * (len(content) - 8_192))
    with pytest.raises(StoreError, match=r"graph.sqlite is damaged .* Put back a copy of it"):
        dump(open_store("embedded", tmp_path))


def set_meta(folder: Path, name: str, value: object) -> None:
    with closing(sqlite3.connect(folder / "graph.sqlite")) as connection:
        connection.execute("UPDATE Meta SET value = ? WHERE name = ?", (str(value), name))
        connection.commit()


# --- the folder -----------------------------------------------------------------------------------


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"There is no folder .*nowhere. Make a workspace with: partnermap init"):
        open_store("embedded", tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("OneDrive - United Nations", "OneDrive"),
        ("Dropbox (UNECE)", "Dropbox"),
        ("Google Drive", "Google Drive"),
        ("iCloudDrive", "iCloud Drive"),
        ("Nextcloud", "Nextcloud"),
    ],
)
def test_a_synced_folder_is_refused(tmp_path: Path, name: str, service: str) -> None:
    folder = tmp_path / name / "region"
    folder.mkdir(parents=True)
    with pytest.raises(StoreError) as caught:
        open_store("embedded", folder)
    assert str(caught.value) == (
        f"{folder} is kept in step by {service}, which copies a database while it is written and "
        "damages it. Move the workspace to a folder on this computer that is not synced."
    )
    assert list(folder.iterdir()) == []


def test_an_ordinary_name_is_no_synced_folder() -> None:
    assert synced_by(Path("/home/ann/dropboxes/my drive/onedriver")) is None


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /home nfs4 rw,vers=4.2 0 0
//server/share /mnt/a\\040share cifs rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
C:\\134 /mnt/c 9p rw,aname=drvfs;path=C:\\,trans=fd 0 0
"""


@pytest.mark.skipif(sys.platform == "win32", reason="paths of Linux")
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/region", "ext4"),
        ("/home/ann/region", "nfs4"),
        ("/home/local/ann", "ext4"),
        ("/homeless", "ext4"),
        ("/mnt/a share/region", "cifs"),
        ("/mnt/c/Users", "smb"),
    ],
)
def test_the_file_system_of_the_longest_mount_point_counts(path: str, kind: str) -> None:
    assert file_system(Path(path), MOUNTS) == kind


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of that size, where this process may make one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_stores_nothing_and_says_so(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 4) as folder:
        store = open_store("embedded", folder)
        load(store, version("d", "1"), first())
        before, number = dump(store), store.version()
        many = (said(f"Z{i}", i, title="x" * 5_000) for i in range(2_000))
        with pytest.raises(StoreError) as caught:
            load(store, version("e", "1"), many)
        assert str(caught.value) == (
            f"The disk of {folder / 'graph.sqlite'} is full: nothing was stored. Free some space and run this again."
        )
        assert (dump(store), store.version()) == (before, number)
        assert load(store, version("e", "1"), [said("Z")]).added == 1
        store.close()


def test_a_folder_in_which_no_database_can_be_made_is_named(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 4) as folder:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        with pytest.raises(StoreError, match=r"graph\.sqlite cannot be opened\. Look whether .* may be read and written"):
            open_store("embedded", folder)


# --- size -----------------------------------------------------------------------------------------


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """150 MB of contents pass in less than 120 MB."""
    store = open_store("embedded", tmp_path)
    process = psutil.Process()
    before = process.memory_info().rss
    peak = 0

    def records() -> Iterator[object]:
        nonlocal peak
        for i in range(15_000):
            if i % 1_000 == 0:
                peak = max(peak, process.memory_info().rss)
            yield said(f"A{i}", i, title="x" * 10_000)

    with store.job("import") as job:
        job.put_records(version("d", "1"), records())  # type: ignore[arg-type]
        peak = max(peak, process.memory_info().rss)
    assert peak - before < 120_000_000
    store.close()


def test_a_large_kind_comes_in_batches(tmp_path: Path) -> None:
    store = open_store("embedded", tmp_path)
    graph = GraphRows()
    for i in range(120_000):
        graph.node("Country", id=f"{i:06d}")
    with store.job("import") as job:
        job.put_graph([], graph)
    assert [batch.num_rows for batch in store.columns("Country", ["id"])] == [50_000, 50_000, 20_000]
    store.close()


def test_the_side_file_tells_what_it_is_of(embedded: Store, tmp_path: Path) -> None:
    answer(embedded)
    side = json.loads((tmp_path / ".cache" / f"cypher-1-{SCHEMA}.lbug.json").read_text(encoding="utf-8"))
    assert sorted(side) == ["mtime_ns", "sha256", "size", "state"]


# --- a folder that may be read alone -------------------------------------------------------------

NO_PERMISSION = r"There is no permission to write .*graph\.sqlite\. Ask for the right to write in "


def test_a_folder_that_may_be_read_alone_can_be_read(embedded: Store, tmp_path: Path, read_only: Callable[[Path], Path]) -> None:
    before, rows, number = answer(embedded), dump(embedded), embedded.version()
    embedded.close()
    held = sorted(path.name for path in tmp_path.rglob("*"))
    with closing(open_store("embedded", read_only(tmp_path))) as store:
        assert answer(store).equals(before) and dump(store) == rows and store.version() == number
        assert store.read_text("MATCH (a:Activity) RETURN count(a) AS n").num_rows == 1
        with pytest.raises(StoreError, match=NO_PERMISSION):
            store.check_writable()
        with pytest.raises(StoreError, match=NO_PERMISSION), store.job("import"):
            raise AssertionError("a job was opened")
    assert sorted(path.name for path in tmp_path.rglob("*")) == held


def test_what_a_log_alone_holds_is_not_passed_over(embedded: Store, tmp_path: Path, read_only: Callable[[Path], Path]) -> None:
    """A copy taken while somebody writes: the newest rows are in the log, which cannot be read without its index."""
    copied = tmp_path / "copied"
    copied.mkdir()
    load(embedded, version("d", "2"), second())
    for name in ("graph.sqlite", "graph.sqlite-wal"):
        (copied / name).write_bytes((tmp_path / name).read_bytes())
    assert (copied / "graph.sqlite-wal").stat().st_size
    read_only(copied)
    with pytest.raises(StoreError, match=r"graph\.sqlite cannot be opened\. Look whether "):
        open_store("embedded", copied)


def test_an_older_schema_is_not_brought_up_to_date_where_nothing_may_be_written(embedded: Store, tmp_path: Path, read_only: Callable[[Path], Path]) -> None:
    embedded.close()
    with closing(sqlite3.connect(tmp_path / "graph.sqlite")) as connection, connection:
        connection.execute("UPDATE Meta SET value = 'older' WHERE name = 'layout'")
    read_only(tmp_path)
    with pytest.raises(StoreError, match=r"has to be brought up to date, which is not permitted here\. Copy the folder"):
        open_store("embedded", tmp_path)
