"""From rows of our own workbooks to the graph, and people who are erased with every trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from partnermap.errors import NotFound, UnreadableFile
from partnermap.sources.registers_unit import BOOKS
from partnermap.store import Store
from partnermap.workspace import Workspace
from tests.small_iati import NewWorkspace, activity, write
from tests.sources.registers_files import HEADER, Cells, example_rows, request, workbook
from tests.store.samples import dump, rows_of

UNDP, OSCE, UNECE = "XM-DAC-41114", "XM-DAC-47131", "XM-DAC-41314"
ACTIVITY = {"No.": "TC-1", "Title": "Accession to the Water Convention", "Kind": "project", "Areas": "Environment", "Countries": "Kyrgyzstan", "Start": "2026-03-01", "End": "2027-12-31", "Status": "ongoing", "Instruments": "Water Convention", "Answers request": "REQ-1", "Budget": 180000, "Currency": "USD", "Funding source": "extrabudgetary", "EXCOM status": "reviewed", "EXCOM date": "2026-01-27", "Expected outcome": "A law", "Framework outcome": "KGZ-3.1", "Partners": "UNDP", "Donors": "OSCE"}
MISSION = {"No.": "M-1", "Purpose": "Prepare", "Countries": "Kyrgyzstan", "Start": "2026-06-08", "Status": "planned", "To meet": "UNDP", "For activity": "TC-1"}


def load(workspace: Workspace, folder: Path, rows: Mapping[str, Sequence[Cells]], book: str = "registers", **options: Any) -> Any:
    """Import a workbook of these rows."""
    return workspace.import_files(workbook(folder, rows, book=book, adviser="Adviser Environment"), **options)


def ends(store: Store, kind: str) -> set[tuple[str, str]]:
    return set(rows_of(store, kind, "from_id", "to_id"))


# --- subjects -------------------------------------------------------------------------------------


def test_an_activity_of_ours_with_what_only_registers_say(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace(own=UNECE)
    outcome = {"No.": "KGZ-3.1", "Outcome": "Resilience", "Framework": "KGZ-CF", "Led by": "UNDP"}
    framework = {"No.": "KGZ-CF", "Title": "Cooperation Framework", "Kind": "cooperation framework", "Countries": "KGZ", "Start": "2023-01-01", "End": "2027-12-31"}
    load(workspace, tmp_path, {"Own activities": [ACTIVITY], "Requests": [request()], "Outcomes": [outcome], "Frameworks": [framework]})
    store, here = workspace.store, f"{UNECE}:TC-1"
    names = ("id", "title", "kind", "status", "ours", "money_usd", "money_basis", "funding_source", "excom_status", "expected_outcome")
    assert rows_of(store, "Activity", *names) == [(here, "Accession to the Water Convention", "project", "2", True, 180000.0, "budget", "extrabudgetary", "reviewed", "A law")]
    assert set(rows_of(store, "PARTICIPATES_IN", "from_id", "role", "is_actor")) == {(UNECE, "implementing", True), (UNDP, "implementing", True), (OSCE, "funding", False)}
    assert rows_of(store, "IN_AREA", "from_id", "to_id", "weight", "basis") == [(here, "ENV", 1.0, "register")]
    assert ends(store, "IMPLEMENTS") == {(here, "WATER")}
    assert ends(store, "ANSWERS") == {(here, "Request:REQ-1")}
    assert ends(store, "CONTRIBUTES_TO") == {(here, "Outcome:KGZ-3.1")}
    assert ends(store, "OUTCOME_OF") == {("Outcome:KGZ-3.1", "PlanningFramework:KGZ-CF")}
    assert ends(store, "REQUESTED_BY") == {("Request:REQ-1", "KGZ")}
    assert ends(store, "COVERS") == {("Request:REQ-1", "ENV"), ("PlanningFramework:KGZ-CF", "KGZ")}


def test_every_register_reaches_the_graph(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace(own=UNECE)
    sheets = BOOKS["registers"].sheets
    load(workspace, tmp_path, {sheet.name: example_rows(sheet) for sheet in sheets})
    load(workspace, tmp_path, {"Missions": [MISSION]}, book="adviser-return")
    counts = workspace.status()["nodes"]
    kinds = {sheet.kind for sheet in sheets} - {"InstrumentParty"}
    assert {kind: counts[kind] for kind in kinds} == dict.fromkeys(kinds, 2) and counts["Mission"] == 1
    store = workspace.store
    assert ("Organization", UNDP) in set(rows_of(store, "OFFICE_OF", "to_kind", "to_id"))
    assert ends(store, "MEETS") == {("Mission:M-1", UNDP)} and ends(store, "VISITS") == {("Mission:M-1", "KGZ")}
    assert {(a, b) for a, b in ends(store, "PARTY_TO") if a == OSCE} == {(OSCE, "Agreement:1")}
    assert {(a, b) for a, b in ends(store, "AFFILIATED_WITH") if b.startswith("CountryTeam:2")} == {(UNDP, "CountryTeam:2"), ("XM-DAC-41304", "CountryTeam:2")}
    assert ends(store, "ATTENDED_BY") >= {("Event:1", "KAZ"), ("Event:2", "GEO")}
    parties = {(a, b, by) for a, b, by in rows_of(store, "PARTY_TO", "from_id", "to_id", "stated_by") if b == "TIR"}
    assert parties == {("TJK", "TIR", "InstrumentParty:TIR:TJK"), ("TKM", "TIR", "InstrumentParty:TIR:TKM")}
    funds = dict(rows_of(store, "Fund", "id", "available_usd"))
    assert funds == {"Fund:1": 420000.0, "Fund:2": None}


def test_what_comes_later_is_linked_and_what_goes_is_unlinked(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace(own=UNECE)
    store, here = workspace.store, f"{UNECE}:TC-1"
    load(workspace, tmp_path, {"Own activities": [ACTIVITY]})
    load(workspace, tmp_path, {"Missions": [MISSION]}, book="adviser-return")
    assert ends(store, "ANSWERS") == set() and ends(store, "CONCERNS") == {("Mission:M-1", here)}
    assert set(rows_of(store, "Reference", "target", "resolved")) == {("Request:REQ-1", False), ("Outcome:KGZ-3.1", False), (here, True)}
    load(workspace, tmp_path, {"Requests": [request(), request("REQ-2"), request("REQ-3")]})
    assert ends(store, "ANSWERS") == {(here, "Request:REQ-1")}
    load(workspace, tmp_path, {"Requests": [request("REQ-2"), request("REQ-3")]})
    assert ends(store, "ANSWERS") == set()
    assert [id_ for (id_,) in rows_of(store, "Request", "id")] == ["Request:REQ-2", "Request:REQ-3"]


def test_the_order_of_sheets_does_not_matter(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    books = [({"Own activities": [ACTIVITY]}, "registers"), ({"Requests": [request()], "People": example_rows(BOOKS["registers"].sheets[1])}, "registers"), ({"Missions": [MISSION]}, "adviser-return")]
    dumps = []
    for order in list(permutations(books))[::3]:
        workspace = new_workspace(own=UNECE)
        for rows, book in order:
            load(workspace, tmp_path, rows, book)
        dumps.append({kind: rows for kind, rows in dump(workspace.store).items() if kind != "DatasetVersion"})
    assert dumps[0] == dumps[1]


def test_a_party_of_our_own_list_stands_beside_the_shipped_one(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path, {"Parties": [{"Instrument": "Water Convention", "Country": "Uzbekistan", "Since": "2007-09-04", "List date": "2026-01-01", "Source": "UNTC"}]})
    found = workspace.query("instrument_parties", instrument="WATER")
    mine = found[found.country == "UZB"][["since_date", "checked", "stated_by"]].astype(str).values.tolist()
    assert ["2007-09-04", "UNTC", "InstrumentParty:WATER:UZB"] in mine and len(mine) == 2
    # a row of the shipped list that may be a signatory only is no party
    assert "ITA" not in set(workspace.query("instrument_parties", instrument="ADN").country) and len(found) > 30


def test_the_european_union_is_a_party_as_an_organization(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path, {"Requests": [request()]})
    assert ("XM-DAC-42000", "WATER") in ends(workspace.store, "PARTY_TO")


def test_a_sheet_that_loses_most_rows_is_refused_and_the_others_load(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path, {"Requests": [request(), request("REQ-2"), request("REQ-3")]})
    fund = {"No.": "F", "Fund": "Fund", "Kind": "extrabudgetary"}
    result = load(workspace, tmp_path, {"Requests": [request()], "Funds": [fund]})
    assert [item.dataset.dataset for item in result.imported] == ["registers-funds"]
    assert [str(entry) for entry in result.failed] == [
        "registers.xlsx: registers.xlsx lacks 2 of the 3 records of dataset 'registers-requests'. If it is another dataset, give it a name with "
        "--dataset NAME; if it takes the place of what is stored, import it with --replace."
    ]
    assert [item.change.closed for item in load(workspace, tmp_path, {"Requests": [request()], "Funds": [fund]}, replace=True).imported] == [2, 0]


PERSON = {"Name": "Anna Example", "Countries": "Kyrgyzstan"}


def test_rows_of_an_emptied_sheet_stay_until_they_are_said_to_be_gone(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace()
    fund = {"No.": "F", "Fund": "Fund", "Kind": "extrabudgetary"}
    load(workspace, tmp_path, {"Requests": [request(), request("REQ-2")], "Funds": [fund], "People": [PERSON]})
    before = workspace.store.version()
    result = load(workspace, tmp_path, {"Requests": [request(), request("REQ-2")]})
    assert {item.dataset.dataset: (item.change.unchanged, item.notes) for item in result.imported if item.dataset.dataset != "registers-requests"} == {
        f"registers-{sheet}": (1, ("its sheet has no rows now; what it held before stays. To withdraw that row, import registers.xlsx with --replace",)) for sheet in ("funds", "people")
    }
    assert workspace.store.version() == before
    result = load(workspace, tmp_path, {"Requests": [request(), request("REQ-2")]}, replace=True)
    assert {(item.dataset.dataset, item.change.closed, item.people_changed) for item in result.imported} == {("registers-requests", 0, False), ("registers-funds", 1, False), ("registers-people", 0, True)}
    assert rows_of(workspace.store, "Fund", "id") == rows_of(workspace.store, "Person", "id") == []
    # withdrawn is withdrawn: the sheet is like one that was never filled in
    assert [item.dataset.dataset for item in load(workspace, tmp_path, {"Requests": [request(), request("REQ-2")]}).imported] == ["registers-requests"]
    assert len(rows_of(workspace.store, "Request", "id")) == 2


def test_a_sheet_that_is_not_in_the_file_is_never_touched(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path, {"Requests": [request()], "Funds": [{"No.": "F", "Fund": "Fund", "Kind": "extrabudgetary"}]})
    workspace.import_files(workbook(tmp_path, {"Requests": [request(Theme="Another")]}, change=lambda book: book.remove(book["Funds"])), replace=True)
    assert rows_of(workspace.store, "Fund", "id") == [("Fund:F",)]


def test_a_workbook_that_was_never_filled_in_has_nothing_to_import(workspace: Workspace, tmp_path: Path) -> None:
    nothing = "no sheet has a row to import; rows marked EXAMPLE are only shown."
    path = workbook(tmp_path, {})
    with pytest.raises(UnreadableFile) as caught:
        workspace.import_files(path)
    assert str(caught.value) == f"registers.xlsx: {nothing}"
    (tmp_path / "other").mkdir()
    headless = workbook(tmp_path / "other", {"Requests": [request()]}, change=lambda book: book["Requests"].delete_rows(HEADER))
    with pytest.raises(UnreadableFile, match=r"sheet Requests: has no header row; its columns are No., Theme, .*Copy them from an empty workbook: partnermap workbook registers"):
        workspace.import_files(headless)
    headless.write_bytes(path.read_bytes())
    write(tmp_path / "other", "a", activity("A", "Wells"))
    assert [str(entry) for entry in workspace.import_files(tmp_path / "other").failed] == [f"other/registers.xlsx: {nothing}"]


def test_a_decision_on_who_is_who_reaches_registers_and_people(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace(own=UNECE)
    rows = {
        "Agreements": [{"No.": "A", "Title": "Memorandum", "Parties": "Green Wells Society", "Start": "2026-01-01"}],
        "Offices": [{"No.": "O", "Office": "Office", "Organization": "Green Wells Society", "Countries": "KGZ"}],
        "People": [{"Name": "Ann Other", "Organization": "Green Wells Society"}],
        "Own activities": [ACTIVITY | {"Partners": "Wells, Green"}],
    }
    load(workspace, tmp_path, rows)
    store = workspace.store
    ((named,),) = rows_of(store, "OFFICE_OF", "to_id")
    (other,) = {org for (org,) in rows_of(store, "PARTICIPATES_IN", "from_id") if "wells" in org}
    workspace.decide_identity("same", (named, other))
    meant = {*(b for _, b in ends(store, "OFFICE_OF")), *(a for a, b in ends(store, "PARTY_TO") if b == "Agreement:A"), *(b for a, b in ends(store, "AFFILIATED_WITH"))}
    assert meant == {org for (org,) in rows_of(store, "PARTICIPATES_IN", "from_id") if "wells" in org} and len(meant) == 1
    workspace.undo_identity()
    assert {a for a, b in ends(store, "PARTY_TO") if b == "Agreement:A"} == {named} == {b for a, b in ends(store, "AFFILIATED_WITH")}


# --- people ---------------------------------------------------------------------------------------

JANE = {"Name": "Jane Sample", "Position": "Lawyer", "Organization": "UNECE", "In-house": "yes", "Areas": "Environment", "Instruments": "Water Convention", "Countries": "Kyrgyzstan", "Languages": "English; Russian", "Worked on": "TC-1", "Evidence": "a guide"}
ANN = {"Name": "Ann Other", "Areas": "Transport"}
OFFICE = {"No.": "O-1", "Office": "UNDP office", "Organization": "UNDP", "Countries": "Kyrgyzstan", "Contacts": "Jane Sample <jane@example.org>"}


def test_people_with_what_they_know_and_whom_they_belong_to(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace(own=UNECE)
    load(workspace, tmp_path, {"People": [JANE, ANN], "Offices": [OFFICE]})
    store, jane = workspace.store, "Person:jane sample"
    assert rows_of(store, "Person", "id", "name", "position", "email", "in_house", "languages") == [
        ("Person:ann other", "Ann Other", None, None, None, ()),
        (jane, "Jane Sample", "Lawyer", "jane@example.org", True, ("English", "Russian")),
    ]
    assert set(rows_of(store, "KNOWS", "from_id", "to_id", "evidence")) == {(jane, "ENV", "a guide"), (jane, "WATER", "a guide"), (jane, "KGZ", "a guide"), ("Person:ann other", "TRA", "")}
    assert set(rows_of(store, "AFFILIATED_WITH", "from_id", "to_id", "role")) == {(jane, UNECE, "works at"), (jane, "Office:O-1", "contact")}
    assert ends(store, "WORKED_ON") == set()
    load(workspace, tmp_path, {"Own activities": [ACTIVITY]})
    assert ends(store, "WORKED_ON") == {(jane, f"{UNECE}:TC-1")}
    assert not any("Jane" in content for (content,) in rows_of(store, "Record", "content"))


def test_a_person_who_is_taken_out_of_a_sheet_goes(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace(own=UNECE)
    load(workspace, tmp_path, {"People": [JANE, ANN], "Offices": [OFFICE]})
    load(workspace, tmp_path, {"People": [ANN]})
    # still a contact, and nothing more is known
    assert rows_of(workspace.store, "Person", "name", "position") == [("Ann Other", None), ("Jane Sample", None)]
    load(workspace, tmp_path, {"Offices": [OFFICE | {"Contacts": None}]})
    assert rows_of(workspace.store, "Person", "name") == [("Ann Other",)]
    assert ends(workspace.store, "KNOWS") == {("Person:ann other", "TRA")}


def test_an_erased_person_leaves_no_trace_and_is_skipped_later(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace(own=UNECE)
    told = ACTIVITY | {"Title": "Water law with Jane  SAMPLE", "Description": "Ask Jane Sample, not Jane Sampler."}
    load(workspace, tmp_path, {"People": [JANE | {"Organization": "Green Wells Society"}, ANN], "Offices": [OFFICE], "Own activities": [told]})
    workspace.import_files(workbook(tmp_path, {"Missions": [MISSION]}, book="adviser-return", adviser="Jane Sample"))
    workspace.query("experts_for_area", area="ENV")  # a Cypher view that holds the name
    store = workspace.store
    with pytest.raises(NotFound, match="Nobody called 'Jo Doe' is known here"):
        workspace.plan_erasure("Jo Doe")
    plan = workspace.plan_erasure("jane sample")
    assert plan.counts == {"rows about the person": 2, "rows about others": 0, "version of a dataset": 1, "records": 2, "decisions": 0, "lines of reports in rejected/": 0}
    workspace.erase(plan)
    assert rows_of(store, "Person", "name") == [("Ann Other",)]
    assert rows_of(store, "Activity", "title", "description") == [("Water law with [erased]", "Ask [erased], not Jane Sampler.")]
    assert [id_ for (id_,) in rows_of(store, "Mission", "id")] == ["Mission:M-1"]
    text = repr(dump(store)).replace("Jane Sampler", "")
    assert "jane" not in text.casefold()
    assert "adviser-return-erased-missions" in text
    result = load(workspace, tmp_path, {"People": [JANE, ANN], "Offices": [OFFICE]})
    assert [str(entry) for item in result.imported for entry in item.refused] == [
        "registers.xlsx, row 5, Name: this person was erased from the workspace and is skipped. Take them out of the file",
        "registers.xlsx, row 5, Contacts: this person was erased from the workspace and is skipped. Take them out of the file",
    ]
    assert rows_of(store, "Person", "name") == [("Ann Other",)]
    if workspace.settings.store == "embedded":
        workspace.close()
        files = [path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file() and path.suffix != ".xlsx"]
        assert files and not any(b"jane@example.org" in data or b"Lawyer" in data for data in files)


def test_names_in_other_scripts_and_with_accents_are_erased(workspace: Workspace, tmp_path: Path) -> None:
    people = [{"Name": "Айгуль Иманова", "Position": "a"}, {"Name": "José Núñez", "Position": "b"}]
    load(workspace, tmp_path, {"People": people, "Requests": [request(Theme="Спросить: Айгуль Иманова"), request("REQ-2", Theme="JOSE NUNEZ or José Núñez")]})
    for name in ("айгуль иманова", "José Núñez"):
        workspace.erase(workspace.plan_erasure(name))
    assert rows_of(workspace.store, "Person") == []
    assert [title for (title,) in rows_of(workspace.store, "Request", "title")] == ["Спросить: [erased]", "[erased] or [erased]"]
    assert rows_of(workspace.store, "Erased", "id")[0] != rows_of(workspace.store, "Erased", "id")[1]


def test_people_and_erasures_move_with_a_copy(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path, {"People": [JANE, ANN], "Offices": [OFFICE]})
    workspace.erase(workspace.plan_erasure("Jane Sample"))
    before = dump(workspace.store)
    # the same rows, put into an empty store
    other = Workspace(Workspace.create(tmp_path / "other"))
    try:
        from partnermap import intake
        from partnermap.model import NODES

        with other.store.job("import") as job:
            for kind in NODES:
                if kind.truth:
                    for batch in workspace.store.columns(kind.label, [p.name for p in kind.properties]):
                        job.put_truth(kind.label, batch.to_pylist())
            intake.renew(other.store, job, other.settings)
            intake.rederive(job, other.settings, everything=True)
        assert dump(other.store) == before
    finally:
        other.close()
