"""A workspace's own lists in the place of shipped ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from partnermap.codes.lists import FOLDER, codes_hash, own_lists, use_lists
from partnermap.codes.organizations import find_by_name
from partnermap.errors import UnreadableFile
from partnermap.intake import HASH
from partnermap.model import GraphRows
from partnermap.workspace import Workspace
from tests.small_iati import ADB, UNDP, activity, everything, links, write

ROW = "PM-WELLS,Wells for All,WFA,ngo,Brunnen,,KG,,,our own\n"


def own(folder: Path, name: str, more: str = "", text: str | None = None) -> Path:
    """A list of one's own: the shipped one with more rows, or a text."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text((FOLDER / name).read_text(encoding="utf-8") + more if text is None else text, encoding="utf-8-sig")
    return path


def actors(workspace: Workspace) -> set[str]:
    return {row[0] for row in links(workspace, "PARTICIPATES_IN")}


def test_a_changed_list_derives_everything_again(tmp_path: Path) -> None:
    folder = Workspace.create(tmp_path / "workspace")
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, implementing=["|Brunnen"]))
    with Workspace(folder) as workspace:
        workspace.import_files(tmp_path / "one.xml")
        assert actors(workspace) == {"name:brunnen@XM-DAC-41114"}
        assert workspace.status()["lists"] == []
    own(folder / "lists", "organizations.csv", ROW)
    with Workspace(folder) as workspace:
        workspace.scan()
        assert actors(workspace) == {"PM-WELLS"}
        assert workspace.status()["lists"] == ["organizations"]
    (folder / "lists" / "organizations.csv").unlink()
    with Workspace(folder) as workspace:
        workspace.scan()
        assert actors(workspace) == {"name:brunnen@XM-DAC-41114"}


def test_a_list_that_puts_nobody_above_any_more_leaves_nobody_there(tmp_path: Path) -> None:
    folder = Workspace.create(tmp_path / "workspace")
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, implementing=["|Brunnen"]))
    own(folder / "lists", "organizations.csv", ROW.replace("Brunnen,,", "Brunnen,XM-DAC-41114,"))
    with Workspace(folder) as workspace:
        workspace.import_files(tmp_path / "one.xml")
        assert ("PM-WELLS", "XM-DAC-41114") in {row[:2] for row in links(workspace, "CHILD_OF")}
    own(folder / "lists", "organizations.csv", ROW)
    with Workspace(folder) as workspace:
        workspace.scan()
        assert not any("PM-WELLS" in row for row in links(workspace, "CHILD_OF"))


def test_a_party_that_the_list_names_no_more_is_none(tmp_path: Path) -> None:
    folder = Workspace.create(tmp_path / "workspace")
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP))
    with Workspace(folder) as workspace:
        workspace.import_files(tmp_path / "one.xml")
        assert ("SWE", "WATER") in (before := {row[:2] for row in links(workspace, "PARTY_TO")})
    shipped = (FOLDER / "instrument_parties.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    own(folder / "lists", "instrument_parties.csv", text="".join(line for line in shipped if not line.startswith("WATER,SWE,")))
    with Workspace(folder) as workspace:
        workspace.scan()
        assert before - {row[:2] for row in links(workspace, "PARTY_TO")} == {("SWE", "WATER")}


def test_what_older_rules_derived_is_derived_again(tmp_path: Path) -> None:
    """Once who is above whom was stated by nobody; such rows stayed beside the new ones."""
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP))
    with Workspace(Workspace.create(tmp_path / "workspace")) as workspace:
        workspace.import_files(tmp_path / "one.xml")
        now = everything(workspace)
        older = GraphRows()
        older.relate("CHILD_OF", ("Organization", "XM-DAC-41114"), ("Organization", "XM-DAC-41305"), stated_by="")
        with workspace.store.job("import") as job:
            job.put_graph([], older)
            job.set_meta(HASH, replace(workspace.settings, own="once").derivation_hash)
        assert workspace.organization("UNDP").parents == ("XM-DAC-41305",)
        workspace.scan()
        assert everything(workspace, without=("Scan",)) == {kind: rows for kind, rows in now.items() if kind != "Scan"}


def test_two_workspaces_keep_their_lists_apart(tmp_path: Path) -> None:
    first, second = Workspace.create(tmp_path / "first"), Workspace.create(tmp_path / "second")
    own(first / "lists", "organizations.csv", ROW)
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, implementing=["|Brunnen"]))
    with Workspace(first) as one, Workspace(second) as other:
        one.import_files(tmp_path / "one.xml")
        other.import_files(tmp_path / "one.xml")
        assert (actors(one), actors(other)) == ({"PM-WELLS"}, {"name:brunnen@XM-DAC-41114"})
        one.import_files(tmp_path / "one.xml")
        assert actors(one) == {"PM-WELLS"}


def test_the_hash_tells_lists_apart(tmp_path: Path) -> None:
    before = codes_hash()
    own(tmp_path / "lists", "organizations.csv", ROW)
    use_lists(own_lists(tmp_path / "lists"))
    assert codes_hash() != before
    assert find_by_name("Brunnen") == "PM-WELLS"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("organizations.csv", "ref,name\nA,B\n", "lacks the columns acronym, kind, aliases, parent, country, other_refs, crs_channel, ref_source. Add them (empty cells will do), or delete the file to use the shipped list."),
        ("borders.csv", "iso3_a\nKGZ\n", "lacks the column iso3_b. Add it (empty cells will do), or delete the file to use the shipped list."),
        ("organisations.csv", "ref\n", "takes the place of no list. Name it as one of: "),
        ("borders.csv", "iso3_a,iso3_b\nKGZ\n", "line 2 has another number of cells than the header. Correct the line."),
    ],
)
def test_a_list_is_checked_when_the_workspace_is_opened(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    folder = Workspace.create(tmp_path / "workspace")
    own(folder / "lists", name, text=text)
    with pytest.raises(UnreadableFile) as caught:
        Workspace(folder)
    assert sentence in str(caught.value)
    assert name in str(caught.value)


def test_each_workspace_compares_with_its_own_names_of_places(tmp_path: Path) -> None:
    """What one workspace's list calls a place is a topic word in the other, in one process."""
    first, second = Workspace.create(tmp_path / "first"), Workspace.create(tmp_path / "second")
    own(second / "lists", "region_aliases.csv", "Zarafshan,,Zarafshan valley,\n")
    file = write(tmp_path, "one", *(activity(key, title, reporter=who, countries="TJ") for key, title, who in (("A", "Zarafshan irrigation reform", UNDP), ("B", "Irrigation reform of Zarafshan", ADB))))
    shared = []
    for folder in (first, second, first):
        with Workspace(folder) as workspace:
            workspace.import_files(file)
            workspace.scan()
            ((pair,),) = (workspace.pairs_of(finding) for finding in workspace.listing(past=True, status="all").findings)
            shared.append({term for reason in pair.reasons if reason.feature == "title" for term in reason.terms})
    assert ["zarafshan" in terms for terms in shared] == [True, False, True]
