"""Links between activities: both directions, what is not loaded yet, and what points to itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnermap.workspace import Workspace
from tests.small_iati import (
    GEF,
    UNDP,
    NewWorkspace,
    activity,
    links,
    related,
    rows,
    transaction,
    write,
)

MEMBER = '<participating-org role="{}" activity-id="{}"><narrative>Somebody</narrative></participating-org>'


def told(inside: str) -> tuple[str, str]:
    """A says something about B."""
    return activity("A", "Wells", inside=inside), activity("B", "Roads")


@pytest.mark.parametrize(
    ("inside", "kind", "expected"),
    [
        (transaction("incoming", 40, provider="B"), "FUNDS", {("B", "A", "provider", 40.0)}),
        (transaction("disbursement", 40, receiver="B"), "FUNDS", {("A", "B", "receiver", 40.0)}),
        (transaction("commitment", 90, receiver="B") + transaction("disbursement", 40, receiver="B"), "FUNDS", {("A", "B", "receiver", 90.0)}),
        (transaction("disbursement", 40, receiver="B") + transaction("disbursement", 2, receiver="B"), "FUNDS", {("A", "B", "receiver", 42.0)}),
        (transaction("disbursement", 40, receiver="B", currency="ZZZ"), "FUNDS", {("A", "B", "receiver", None)}),
        (MEMBER.format(1, "B"), "FUNDS", {("B", "A", "participant", None)}),
        (MEMBER.format(4, "B"), "FUNDS", {("A", "B", "participant", None)}),
        (related("B", "1"), "CHILD_OF", {("A", "B")}),
        (related("B", "2"), "CHILD_OF", {("B", "A")}),
        (related("B", "3"), "RELATED_TO", {("A", "B", "sibling")}),
        (related("B", "4"), "RELATED_TO", {("A", "B", "co-funded")}),
        (related("B", "5"), "RELATED_TO", {("A", "B", "third-party")}),
    ],
)
def test_every_kind_of_link(workspace: Workspace, tmp_path: Path, inside: str, kind: str, expected: set) -> None:
    names = {"FUNDS": ("basis", "amount_usd"), "CHILD_OF": (), "RELATED_TO": ("relation",)}
    workspace.import_files(write(tmp_path, "a", *told(inside)))
    for other, columns in names.items():
        # organizations above others are CHILD_OF too
        found = {row for row in links(workspace, other, *columns) if row[0] in ("A", "B")}
        assert found == (expected if other == kind else set())
    assert {(a, t, r) for _, a, t, r in rows(workspace, "Reference", "id", "activity", "target", "resolved")} == {("A", "B", True)}
    assert workspace.status()["unresolved"] == 0


def test_a_link_to_itself_says_nothing(workspace: Workspace, tmp_path: Path) -> None:
    inside = transaction("disbursement", 40, receiver="A") + related("A", "1") + MEMBER.format(1, "A")
    workspace.import_files(write(tmp_path, "a", activity("A", "Wells", inside=inside)))
    assert links(workspace, "FUNDS") == set() and rows(workspace, "Reference", "id") == set()
    assert not any(row[0] == "A" for row in links(workspace, "CHILD_OF"))


def test_what_is_not_loaded_is_counted_and_linked_when_it_comes(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace()
    inside = transaction("disbursement", 40, receiver="B") + related("B", "1") + related("C", "3")
    workspace.import_files(write(tmp_path, "a", activity("A", "Wells", inside=inside)))
    assert links(workspace, "FUNDS") == set()
    assert workspace.status()["unresolved"] == 3
    unresolved = workspace.query("unresolved_references")
    assert set(zip(unresolved["target"], unresolved["kind"], strict=True)) == {("B", "receiver"), ("B", "related"), ("C", "related")}
    workspace.import_files(write(tmp_path, "b", activity("B", "Roads")))
    assert links(workspace, "FUNDS") == {("A", "B")}
    assert workspace.status()["unresolved"] == 1
    unresolved = workspace.query("unresolved_references")
    assert set(zip(unresolved["target"], unresolved["kind"], strict=True)) == {("C", "related")}


def test_links_of_several_records_are_united(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(
        write(tmp_path, "a", activity("A", "Wells", reporter=UNDP, inside=transaction("disbursement", 40, receiver="B")), activity("B", "Roads")),
        write(tmp_path, "b", activity("A", "Wells", reporter=GEF, inside=transaction("incoming", 50, provider="C")), activity("C", "Fund")),
    )
    assert links(workspace, "FUNDS") == {("A", "B"), ("C", "A")}


def test_both_sides_may_tell_one_link(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(
        write(tmp_path, "a", activity("A", "Wells", inside=transaction("disbursement", 40, receiver="B"))),
        write(tmp_path, "b", activity("B", "Wells", inside=transaction("incoming", 40, provider="A"))),
    )
    assert links(workspace, "FUNDS", "stated_by") == {("A", "B", "A"), ("A", "B", "B")}
