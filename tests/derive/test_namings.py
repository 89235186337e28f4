"""Whoever a record names is found, by that name, with the place that names it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from partnermap.codes.names import normalise
from partnermap.codes.organizations import resolve
from partnermap.workspace import Workspace
from tests.small_iati import ADB, UNDP, NewWorkspace, activity, everything, rows, transaction, write
from tests.sources.registers_files import request, workbook
from tests.workspaces import DATA, needs_shared

PAID = "<provider-org><narrative>{}</narrative></provider-org><receiver-org><narrative>{}</narrative></receiver-org>"


def places(workspace: Workspace, name: str) -> set[tuple[str, str, str]]:
    """What names an organization: the name, the role and where."""
    return {(n.name, n.role, n.where) for n in workspace.organization(name).namings}


PLANNED = "<planned-disbursement><period-start iso-date='2020-01-01'/><value currency='USD' value-date='2020-01-01'>7</value>{}</planned-disbursement>"


def load(workspace: Workspace, folder: Path) -> None:
    """One activity told by two files: the second tells money too, a pledge, and is read after the first."""
    write(folder, "one", activity("A", "Wells", reporter=UNDP, updated="2020-01-02T00:00:00", implementing=["|Wells Ltd"], inside=transaction("commitment", 5, inside=PAID.format("Alder Trust", "Birch Trust"))))
    write(folder, "two", activity("A", "Wells", reporter=ADB, updated="2020-01-01T00:00:00", implementing=["|Wells Ltd"], inside=transaction("commitment", 5, inside=PAID.format("Cedar Trust", "")) + transaction("pledge", 5, inside=PAID.format("Dogwood Trust", ""))))
    workspace.import_files(folder / "one.xml", folder / "two.xml")


@pytest.mark.parametrize(
    ("name", "role", "where"),
    [
        ("Alder Trust", "provider", "one.xml activity 1"),
        ("Birch Trust", "receiver", "one.xml activity 1"),
        ("Cedar Trust", "provider", "two.xml activity 1"),  # of the record whose money is not the activity's
        ("Dogwood Trust", "provider", "two.xml activity 1"),  # of a transaction that is no money of the activity
    ],
)
def test_a_payer_or_receiver_is_found_by_its_name(workspace: Workspace, tmp_path: Path, name: str, role: str, where: str) -> None:
    load(workspace, tmp_path)
    assert places(workspace, name) == {(name, role, where)}
    (listed,) = workspace.organizations(name)
    assert (listed["name"], listed["activities"], listed["names"]) == (name, 1, 1)


def test_who_is_to_pay_or_to_receive_is_found_and_pays_nothing(workspace: Workspace, tmp_path: Path) -> None:
    plans = PLANNED.format(PAID.format("Alder Trust", "Birch Trust")) * 2 + PLANNED.format(PAID.format("Cedar Trust", ""))
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, inside=plans))
    workspace.import_files(tmp_path / "one.xml")
    assert places(workspace, "Alder Trust") == {("Alder Trust", "planned provider", "one.xml activity 1")}
    assert places(workspace, "Birch Trust") == {("Birch Trust", "planned receiver", "one.xml activity 1")}
    assert places(workspace, "Cedar Trust") == {("Cedar Trust", "planned provider", "one.xml activity 1")}
    assert rows(workspace, "PAID_BY", "to_id") == set()


def test_a_name_that_a_reporter_alone_has_finds_it(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace()
    write(tmp_path, "one", activity("A", "Wells", reporter="XM-DAC-41114|Our Programme of the UN", implementing=["|Wells Ltd"]))
    workspace.import_files(tmp_path / "one.xml")
    assert workspace.organization("our programme of the UN").id == "XM-DAC-41114"
    before = everything(workspace, ("DatasetVersion", "Record"))
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, implementing=["|Wells Ltd"]))
    workspace.import_files(tmp_path / "one.xml")
    assert {name for _, name in rows(workspace, "Mention", "id", "name")} == {"United Nations Development Programme", "Wells Ltd"}
    write(tmp_path, "one", activity("A", "Wells", reporter="XM-DAC-41114|Our Programme of the UN", implementing=["|Wells Ltd"]))
    workspace.import_files(tmp_path / "one.xml")
    assert everything(workspace, ("DatasetVersion", "Record", "DESCRIBES")) == {kind: held for kind, held in before.items() if kind != "DESCRIBES"}


def test_what_registers_name_is_told_with_its_row(workspace: Workspace, tmp_path: Path) -> None:
    parties = {"No.": "M", "Title": "Wells for all", "Parties": "UNECE; Society of Wells", "Start": "2024-01-01"}
    file = workbook(tmp_path, {"Requests": [request()], "Agreements": [parties], "Funds": [{"No.": "F", "Fund": "Wells", "Kind": "extrabudgetary", "Donors": "Society of Wells"}]})
    workspace.import_files(file)
    assert places(workspace, "Society of Wells") == {("Society of Wells", "party", "registers.xlsx row 5"), ("Society of Wells", "donor", "registers.xlsx row 5")}


@needs_shared[0]
@needs_shared[1]
def test_every_organization_in_a_real_file_is_found(workspace: Workspace) -> None:
    file = DATA / "iati" / "un-covid-2021.xml"
    workspace.import_files(file)
    told: set[tuple[str, tuple[str, ...]]] = set()
    for path in ("reporting-org", "participating-org", "transaction/provider-org", "transaction/receiver-org", "planned-disbursement/provider-org", "planned-disbursement/receiver-org"):
        for element in ElementTree.parse(file).iterfind(f"iati-activity/{path}"):
            names = [" ".join((part.text or "").split()) for part in element.iter("narrative")]  # one a language
            told.add((element.get("ref", "").strip(), tuple(names) or ("",)))
    assert len(told) > 200
    mentioned = {(ref.upper(), normalise(name)) for ref, name in rows(workspace, "Mention", "ref", "name")}
    lost = {(ref, names) for ref, names in told if resolve(ref, names[0], "anybody") and not any((ref.upper(), normalise(name)) in mentioned for name in names)}
    assert lost == set()
    # five payments name it, and nothing else does
    assert [(n.role, n.by) for n in workspace.organization("MOROPEO - Morogoro Elderly Peoples Organisation, Tanzania").namings] == [("receiver", "itself")] * 5
