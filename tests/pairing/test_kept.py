"""A scan after a new file redoes the blocks that it touched, and finds what a full scan finds."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from partnermap import processes
from partnermap.errors import ProcessEnded
from partnermap.findings import scan
from partnermap.findings.scan import scan_result
from partnermap.model import Pair, ScanResult
from partnermap.pairing import local
from partnermap.pairing.corpus import Corpus, read_corpus
from partnermap.pairing.kept import KeptPairs
from partnermap.pairing.local import Progress, find_pairs, find_related
from partnermap.pairing.reasons import Told
from partnermap.pairing.side import Side
from partnermap.settings import Settings
from partnermap.workspace import Workspace
from tests.pairing.test_languages import side
from tests.pairing.test_laws import WEIGHTS, corpora
from tests.small_iati import ADB, UNDP, activity, write
from tests.workspaces import demo_folder

TITLE = "Uranium tailings of Mailuu-Suu made safe"


def in_words(corpus: Corpus, kept: KeptPairs | None = None, progress: Progress | None = None) -> list[Pair]:
    return list(Told(find_related(corpus, WEIGHTS, progress, kept), corpus).pairs())


@settings(max_examples=60, deadline=None)
@given(corpora(most=6), corpora(most=6))
def test_kept_pairs_change_nothing(first: Corpus, second: Corpus) -> None:
    """Whatever was scanned before, and once more."""
    with TemporaryDirectory() as folder:
        kept = KeptPairs(Path(folder))
        for corpus in (first, second, first, first):
            assert in_words(corpus, kept) == find_pairs(corpus, WEIGHTS)


def stored(workspace: Workspace) -> set:
    return {pair for pairs in workspace._read()[1].pairs.values() for pair in pairs}


def kept_files(workspace: Workspace) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (workspace.folder / ".cache" / "pairs").iterdir()}


def test_only_the_blocks_that_a_file_touches_are_done_again(tmp_path: Path) -> None:
    two = [activity(f"{code}-{n}", f"{TITLE} {code}", reporter=who, countries=code) for code in ("KG", "AM") for n, who in ((1, ADB), (2, UNDP))]
    with Workspace(Workspace.create(tmp_path / "one")) as workspace:
        workspace.import_files(write(tmp_path / "in", "two", *two))
        workspace.scan()
        before = kept_files(workspace)
        new = activity("AM-3", f"Support: {TITLE} AM", reporter=UNDP, countries="AM", start="2011-01-01")
        workspace.import_files(write(tmp_path / "in", "three", new))
        workspace.scan()
        after = kept_files(workspace)
        assert len(before) == len(after) == 2
        assert len(before.items() & after.items()) == 1  # Kyrgyzstan's, as it was
        found = stored(workspace)
        pairs = workspace.folder / ".cache" / "pairs"
        kept = {path: path.read_bytes() for path in pairs.iterdir()}
        for damaged in (lambda told: b"cut off", lambda told: told[:-9], lambda told: told[:-40] + bytes([told[-40] ^ 1]) + told[-39:]):
            for path, told in kept.items():
                path.write_bytes(damaged(told))
            workspace.scan()
            assert stored(workspace) == found
            assert {path: path.read_bytes() for path in pairs.iterdir()} == kept
        shutil.rmtree(pairs)
        pairs.write_text("a file where the folder would be")
        workspace.scan()
        assert stored(workspace) == found
        assert len(found) > 2


def test_a_new_organization_elsewhere_changes_no_kept_block(tmp_path: Path) -> None:
    """Not even one with the acronym that a title here carries."""

    def told(key: str, title: str, teller: str, country: str) -> Side:
        return replace(side(key, title), countries={country: 1.0}, actors=frozenset([teller]), participants=frozenset([teller]), principals=frozenset([teller]))

    here = [told("A", "Glacier lakes of the valley (GLF)", "o3", "KGZ"), told("B", "Lakes below the glacier", "o2", "KGZ")]
    elsewhere = told("C", "Roads", "o1", "ARM")
    names = {"o1": "Glacier Lake Fund", "o2": "Great Lakes Foundation", "o3": "Ministry"}
    kept = KeptPairs(tmp_path)
    in_words(Corpus.of(here, names, {"o2": "GLF"}), kept)
    after = Corpus.of([*here, elsewhere], names, {"o1": "GLF", "o2": "GLF"})
    found = in_words(after, kept)
    assert found == find_pairs(after, WEIGHTS)
    assert any(reason.feature == "teller" for pair in found for reason in pair.reasons)


@pytest.mark.skipif(sys.platform != "linux", reason="findings are shared out among processes on Linux alone")
def test_more_processes_write_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with Workspace(demo_folder()) as workspace:
        corpus = read_corpus(workspace.store.columns)
    found = find_related(corpus, WEIGHTS)

    def result() -> ScanResult:
        return scan_result(found, corpus, before={}, numbers=[], scan={"id": "scan-1"})

    one = result()
    monkeypatch.setattr(scan, "_WORTH_CORES", 0)
    monkeypatch.setattr(scan, "_AT_ONCE", 3)
    monkeypatch.setattr(processes.os, "sched_getaffinity", lambda process: {0, 1, 2})
    assert result() == one
    assert len(one.graph.nodes["Finding"]) > 9
    write = scan.write_sections
    monkeypatch.setattr(scan, "write_sections", lambda *args: os.kill(os.getpid(), signal.SIGKILL) if multiprocessing.parent_process() else write(*args))
    with pytest.raises(ProcessEnded, match="wrote findings was ended"):
        result()


@pytest.mark.skipif(sys.platform != "linux", reason="blocks are shared out among processes on Linux alone")
def test_more_processes_find_the_same_and_tell_what_went_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    with Workspace(demo_folder()) as workspace:
        corpus = read_corpus(workspace.store.columns)
    one = find_pairs(corpus, WEIGHTS)
    monkeypatch.setattr(local, "_WORTH_CORES", 0)
    monkeypatch.setattr(processes.os, "sched_getaffinity", lambda process: {0, 1, 2})
    seen: list[tuple[int, int]] = []
    assert in_words(corpus, progress=lambda done, total: seen.append((done, total))) == one
    assert [done for done, _ in seen] == list(range(1, len(seen) + 1)) and seen[-1][0] == seen[-1][1] > 50

    compare = local.block_pairs

    def when_a_worker(does: Callable[[], None]) -> None:
        def block_pairs(*args: object) -> object:
            if multiprocessing.parent_process():
                does()
            return compare(*args)  # type: ignore[arg-type]

        monkeypatch.setattr(local, "block_pairs", block_pairs)

    def has_no_room() -> None:
        raise MemoryError("no room")

    when_a_worker(has_no_room)
    with pytest.raises(MemoryError, match="no room"):
        find_pairs(corpus, WEIGHTS)
    when_a_worker(lambda: os.kill(os.getpid(), signal.SIGKILL))
    with pytest.raises(ProcessEnded, match="scan again"):
        find_pairs(corpus, WEIGHTS)
    assert not multiprocessing.active_children()


def test_other_weights_find_nothing_kept(tmp_path: Path) -> None:
    two = [activity(key, TITLE, reporter=who, countries="KG") for key, who in (("A", ADB), ("B", UNDP))]
    with Workspace(Workspace.create(tmp_path / "one")) as workspace:
        workspace.import_files(write(tmp_path / "in", "two", *two))
        workspace.scan()
        (one,) = stored(workspace)
    with Workspace(Workspace.create(tmp_path / "other", Settings(weights={"title.equal": 9.5}))) as workspace:
        copytree(tmp_path / "one" / ".cache", tmp_path / "other" / ".cache")
        workspace.import_files(tmp_path / "in" / "two.xml")
        workspace.scan()
        (other,) = stored(workspace)
    assert other.score != one.score
