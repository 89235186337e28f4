"""One activity from what several datasets say: field groups whole, the rest united, actors."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnermap.settings import FILE
from partnermap.workspace import Workspace
from tests.small_iati import (
    ADB,
    AIDDATA,
    BANK,
    GEF,
    UNDP,
    UNECE,
    UNEP,
    NewWorkspace,
    activity,
    budget,
    links,
    one,
    rows,
    write,
)
from tests.workspaces import needs_shared, shared_folder

# --- field groups ------------------------------------------------------------------------------


def test_field_groups_come_whole_from_one_record_and_dates_one_by_one(workspace: Workspace, tmp_path: Path) -> None:
    told = dict(funding=[GEF], implementing=[UNDP])
    first = write(tmp_path, "a", activity("P-1", "Wetlands", reporter=UNDP, **told, start="2008-03-01", countries="KG", status="2", updated="2012-01-01"))
    second = write(
        tmp_path,
        "b",
        activity("P-1", "Other title", reporter=GEF, **told, description="Only here", start="2007-01-01", end="2011-12-31", countries="KG UZ", status="4", commitment=9e6, updated="2010-01-01"),
    )
    workspace.import_files(first, second)
    # texts and status from the later update; a description of the other record is not mixed in;
    # each date from the first record that knows it; money from the only one that tells any
    names = ("title", "description", "status", "start_date", "end_date", "money_usd", "money_basis")
    title, description, status, start, end, *money = one(workspace, "P-1", *names)
    assert (title, description, status) == ("Wetlands", "", "2")
    assert (str(start), str(end)) == ("2008-03-01", "2011-12-31")
    assert money == [9e6, "commitment"]
    assert {row[1] for row in links(workspace, "LOCATED_IN")} == {"KGZ"}
    assert set(one(workspace, "P-1", "disagreements")) == {
        "countries: a says KGZ; b says KGZ, UZB",
        "start date: a says 2008-03-01; b says 2007-01-01",
        "title: a says “wetlands”; b says “other title”",
    }


@pytest.mark.parametrize(
    ("first", "second", "wins"),
    [  # who reports, when it was updated
        (dict(reporter=UNDP, implementing=[UNDP], updated="2009-01-01"), dict(reporter=ADB, updated="2012-01-01"), "first"),  # takes part
        (dict(reporter=UNDP, updated="2009-01-01"), dict(reporter=ADB, secondary=True, updated="2012-01-01"), "first"),  # primary
        (dict(reporter=UNDP, updated="2009-01-01"), dict(reporter=ADB, updated="2012-01-01"), "second"),  # later
        (dict(reporter=UNDP), dict(reporter=ADB), "first"),  # dataset id
    ],
)
def test_which_record_goes_first(workspace: Workspace, tmp_path: Path, first: dict, second: dict, wins: str) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "first", **first)), write(tmp_path, "b", activity("P-1", "second", **second)))
    assert one(workspace, "P-1", "title") == wins


def test_two_records_of_one_file_under_one_identifier_are_one_activity(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", implementing=[UNDP]), activity("P-1", "Wells", implementing=[UNEP])))
    assert rows(workspace, "Activity", "id") == {("P-1",)}
    assert len(rows(workspace, "Record", "id")) == 2
    assert {row[0] for row in links(workspace, "PARTICIPATES_IN")} == {"XM-DAC-41114", "XM-DAC-41116"}


def test_participations_sectors_and_numbers_are_united(workspace: Workspace, tmp_path: Path) -> None:
    number = '<other-identifier ref="{}" type="A1"/>'
    workspace.import_files(
        write(tmp_path, "a", activity("P-1", "Wells", reporter=GEF, funding=[GEF], sectors="14010", inside=number.format("77001"))),
        write(tmp_path, "b", activity("P-1", "Wells", reporter=UNDP, implementing=[UNDP], sectors="41010", inside=number.format("88002"))),
    )
    roles = {(org, role, actor) for org, _, role, actor in links(workspace, "PARTICIPATES_IN", "role", "is_actor")}
    assert roles == {("XM-DAC-47044", "funding", False), ("XM-DAC-41114", "implementing", True)}
    assert {(s, share) for _, s, share in links(workspace, "IN_SECTOR", "share")} == {("1:14010", 0.5), ("1:41010", 0.5)}
    assert one(workspace, "P-1", "other_ids") == ("77001", "88002")
    assert {(o, s) for o, _, s in links(workspace, "REPORTS", "secondary")} == {("XM-DAC-47044", False), ("XM-DAC-41114", False)}


# --- who carries it out ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "actors"),
    [
        (dict(implementing=[ADB, UNEP], extending=[GEF], funding=[BANK]), {("XM-DAC-46004", "implementing"), ("XM-DAC-41116", "implementing")}),
        (dict(extending=[ADB], accountable=[GEF], funding=[BANK]), {("XM-DAC-46004", "extending")}),
        (dict(accountable=[ADB], funding=[BANK]), {("XM-DAC-46004", "accountable")}),
        (dict(funding=[BANK]), {("XM-DAC-41114", "reporting")}),
        (dict(), {("XM-DAC-41114", "reporting")}),
        (dict(funding=[BANK], secondary=True, reporter=AIDDATA), {("44000", "funding")}),
        (dict(secondary=True, reporter=AIDDATA), {("US-501c3-522318905", "reporting")}),
    ],
)
def test_the_actor_is_who_implements_else_the_next_in_line(workspace: Workspace, tmp_path: Path, said: dict, actors: set) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", **said)))
    assert {(org, role) for org, _, role, actor in links(workspace, "PARTICIPATES_IN", "role", "is_actor") if actor} == actors


def fifty(count: int, taking_part: int = 0) -> list[str]:
    return [activity(f"P-{n}", f"Wells {n}", reporter=AIDDATA, funding=[AIDDATA] if n < taking_part else [GEF]) for n in range(count)]


@pytest.mark.parametrize(("count", "taking_part", "secondary"), [(50, 0, True), (49, 0, False), (50, 1, False)])
def test_a_reporter_of_fifty_that_takes_part_in_none_tells_what_others_do(workspace: Workspace, tmp_path: Path, count: int, taking_part: int, secondary: bool) -> None:
    result = workspace.import_files(write(tmp_path, "a", *fifty(count, taking_part)))
    assert result.imported[0].secondary == (("US-501C3-522318905",) if secondary else ())
    assert {s for _, _, s in links(workspace, "REPORTS", "secondary")} == {secondary}


def actors(workspace: Workspace) -> set[str]:
    return {org for org, _, actor in links(workspace, "PARTICIPATES_IN", "is_actor") if actor}


def test_activities_are_derived_again_when_their_reporter_turns_out_to_be_secondary(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace()
    workspace.import_files(write(tmp_path / "1", "a", *fifty(49)))
    assert actors(workspace) == {"US-501c3-522318905"}
    workspace.import_files(write(tmp_path / "2", "a", *fifty(50)))  # 49 records are as before
    assert actors(workspace) == {"XM-DAC-47044"}
    workspace.import_files(write(tmp_path / "3", "a", *fifty(50, taking_part=1)))
    assert actors(workspace) == {"US-501c3-522318905"}


def change(workspace: Workspace, old: str, new: str) -> Workspace:
    """The workspace with another setting."""
    path = workspace.folder / FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    workspace.close()
    return Workspace(workspace.folder, workspace._environment)


def test_the_settings_have_the_last_word_on_who_is_secondary(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(write(tmp_path, "a", *fifty(50)))
    changed = change(workspace, "[secondary]", '[secondary]\n"US-501c3-522318905" = false')
    changed.scan()
    assert actors(changed) == {"US-501c3-522318905"}
    again = change(changed, '"US-501c3-522318905" = false', "")
    again.import_files(write(tmp_path, "b", activity("X-1", "One more", reporter=UNDP)))
    assert actors(again) == {"XM-DAC-47044", "XM-DAC-41114"}
    again.close()


def test_undp_under_three_names_and_its_reference_is_one_organization(workspace: Workspace, tmp_path: Path) -> None:
    names = ["|UNDP", "|United Nations Development Programme", "|UN Development Programme", "XM-DAC-41114|Somebody", "41114|PNUD"]
    workspace.import_files(write(tmp_path, "a", *(activity(f"P-{n}", "Wells", reporter=ADB, implementing=[name]) for n, name in enumerate(names))))
    assert actors(workspace) == {"XM-DAC-41114"}
    assert {(name, acronym) for _, name, acronym in rows(workspace, "Organization", "id", "name", "acronym") if acronym == "UNDP"} == {("United Nations Development Programme", "UNDP")}


def test_two_ministries_of_one_name_stay_two(workspace: Workspace, tmp_path: Path) -> None:
    files = [write(tmp_path, name, activity(f"{name}-1", "Wells", reporter=reporter, implementing=["|Ministry of Water"])) for name, reporter in (("a", ADB), ("b", UNDP))]
    workspace.import_files(*files)
    assert actors(workspace) == {"name:ministry of water@XM-DAC-46004", "name:ministry of water@XM-DAC-41114"}


# --- ours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "said", "ours"),
    [
        ("XM-DAC-41314", dict(implementing=[UNECE]), True),
        ("XM-DAC-41314", dict(extending=[UNECE], implementing=[ADB]), True),
        ("XM-DAC-41314", dict(accountable=[UNECE], implementing=[ADB]), True),
        ("XM-DAC-41314", dict(reporter=UNECE), True),
        ("XM-DAC-41314", dict(funding=[UNECE], implementing=[ADB]), False),
        ("XM-DAC-41314", dict(implementing=[UNDP]), False),
        ("XM-DAC-41305", dict(implementing=[UNECE]), True),  # a child: UNECE is part of the United Nations
        ("XM-DAC-41314", dict(implementing=["XM-DAC-41305|United Nations"]), False),  # what is above us is not ours
        ("GB-COH-09876543", dict(implementing=["GB-COH-09876543|Own Company"]), True),  # of no list
        ("UNECE", dict(implementing=[UNECE]), True),
    ],
)
def test_ours_is_what_our_organization_or_a_child_of_it_carries(workspace_with: NewWorkspace, tmp_path: Path, own: str, said: dict, ours: bool) -> None:
    workspace = workspace_with(own=own)
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", **{"reporter": ADB, **said})))
    assert one(workspace, "P-1", "ours") is ours


def test_another_owner_in_the_settings_derives_again(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", implementing=[UNDP]), activity("P-2", "Wells", implementing=[UNECE])))
    assert {row for row in rows(workspace, "Activity", "id", "ours") if row[1]} == {("P-2", True)}
    changed = change(workspace, 'own = "XM-DAC-41314"', 'own = "XM-DAC-41114"')
    changed.scan()
    assert {row for row in rows(changed, "Activity", "id", "ours") if row[1]} == {("P-1", True)}
    changed.close()


# --- versions ----------------------------------------------------------------------------------


def test_what_a_new_version_lacks_keeps_its_last_facts_and_starts_no_finding(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace()
    twin = dict(title="Uranium tailings in Mailuu-Suu", countries="KG", start="2024-01-01", end="2027-12-31")
    other = [activity(f"A-{n}", f"Roads {n}", reporter=ADB, countries="KG") for n in range(3)]
    mine = activity("A-9", reporter=ADB, commitment=5e5, **twin)
    workspace.import_files(write(tmp_path / "1", "adb", mine, *other), write(tmp_path, "undp", activity("U-1", reporter=UNDP, **twin)))
    workspace.scan()
    assert {m.id for f in workspace.listing(past=True).findings for m in f.members} == {"A-9", "U-1"}
    workspace.import_files(write(tmp_path / "2", "adb", *other))
    assert one(workspace, "A-9", "title", "money_usd", "withdrawn") == ("Uranium tailings in Mailuu-Suu", 5e5, True)
    workspace.scan()
    assert workspace.listing(past=True).findings == ()
    workspace.import_files(write(tmp_path / "3", "adb", mine, *other))
    assert one(workspace, "A-9", "withdrawn") is False
    workspace.scan()
    assert [f.number for f in workspace.listing(past=True).findings] == ["KGZ-1"]


# --- titles and scope --------------------------------------------------------------------------


def test_the_title_is_english_else_the_workspace_language_else_the_first(workspace_with: NewWorkspace, tmp_path: Path) -> None:
    def titles(*languages: str) -> str:
        told = "".join(f'<narrative xml:lang="{code}">Title {code}</narrative>' for code in languages)
        return activity("-".join(languages), inside=f"<title>{told}</title>")

    workspace = workspace_with(language="ru")
    workspace.import_files(write(tmp_path, "a", titles("fr", "en"), titles("fr", "ru"), titles("fr", "de")))
    assert rows(workspace, "Activity", "id", "title") == {("fr-en", "Title en"), ("fr-ru", "Title ru"), ("fr-de", "Title fr")}


@pytest.mark.parametrize(
    ("said", "scope"),
    [
        (dict(countries="KG"), "national"),
        (dict(countries="KG UZ"), "multi-country"),
        (dict(regions="89"), "regional"),
        (dict(regions="998"), "global"),
        (dict(), ""),
        (dict(countries="KG", scope="1"), "global"),
        (dict(countries="KG UZ", scope="4"), "multi-country"),  # "national" contradicts two countries
        (dict(countries="KG", scope="6"), "national"),  # one place of a country
    ],
)
def test_scope(workspace: Workspace, tmp_path: Path, said: dict, scope: str) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", **said)))
    assert one(workspace, "P-1", "scope") == scope


def test_a_table_joins_by_identifier_and_gives_the_actor(workspace: Workspace, tmp_path: Path) -> None:
    mapping, table = tmp_path / "m.toml", tmp_path / "agencies.csv"
    mapping.write_text('identifier = "G-{id}"\n[table]\npublisher = "GEF"\npublisher_ref = "XM-DAC-47044"\n[[fields.participants]]\nrole = "implementing"\ncolumn = "agency"\n', encoding="utf-8")
    table.write_text("id,agency\n1,UNDP\n", encoding="utf-8")
    workspace.import_files(write(tmp_path, "gef", activity("G-1", "Wells", reporter=AIDDATA, secondary=True, funding=[GEF], inside=budget(5))))
    assert actors(workspace) == {"XM-DAC-47044"}
    workspace.import_files(table, mapping=mapping)
    assert actors(workspace) == {"XM-DAC-41114"}
    assert one(workspace, "G-1", "title", "money_usd") == ("Wells", 5.0)


class TestSharedFiles:
    pytestmark = needs_shared

    def test_no_activity_has_aiddata_as_actor(self) -> None:
        with Workspace(shared_folder()) as workspace:
            acting = actors(workspace)
            assert "US-501c3-522318905" not in acting
            # the agencies table makes these actors of GEF's activities
            assert {"XM-DAC-41114", "XM-DAC-41116", "XM-DAC-46004", "44000"} <= acting
            told = {a for _, a, s in links(workspace, "REPORTS", "secondary") if s}
            assert len(told) == len(rows(workspace, "Activity", "id")) == 724 + 2935

    def test_every_activity_has_an_actor(self) -> None:
        with Workspace(shared_folder()) as workspace:
            carried = {a for _, a, actor in links(workspace, "PARTICIPATES_IN", "is_actor") if actor}
            assert carried == {a for (a,) in rows(workspace, "Activity", "id")}
