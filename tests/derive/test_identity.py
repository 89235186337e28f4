"""Who is meant by a name, and what decisions make of it."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnermap.codes.countries import close_names, find_country
from partnermap.codes.organizations import find_by_name, parents_of, rank, resolve
from partnermap.derive.identity import contradiction, identity_of, pair_of
from partnermap.errors import NotFound
from partnermap.model import Row
from partnermap.workspace import Workspace
from tests.small_iati import ADB, UNDP, NewWorkspace, activity, everything, links, rows, write

# --- one mention --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("UNDP", "XM-DAC-41114"),
        ("ПРООН", "XM-DAC-41114"),
        ("Programme des Nations Unies pour le développement", "XM-DAC-41114"),
        ("United  Nations development programme", "XM-DAC-41114"),
        ("UNITED NATIONS DEVELOPMENT PROGRAM", "XM-DAC-41114"),
        ("UNOPS - United Nations Office for Project Services", "41AAA"),
        ("UN World Food Programme", "XM-DAC-41140"),
        ("WFP World Food Programme", "XM-DAC-41140"),
        ("Food and Agriculture Organization (FAO)", "XM-DAC-41301"),
        ("UK - Foreign, Commonwealth and Development Office (FCDO)", "GB-GOV-1"),
        ("Germany", "XM-DAC-5"),
        ("Government of the Federal Republic of Germany", "XM-DAC-5"),
        ("GIZ", "XM-DAC-5-52"),
        ("Government of the Kyrgyz Republic", "PM-GOV-KGZ"),
        ("AZE-GOVERNMENT", "PM-GOV-AZE"),
        ("EC", "XM-DAC-42001"),
        # two or three letters mean somebody only as they are written, and alone
        ("ec", None),
        ("EC Ltd", None),
        ("Ec", None),
        # an acronym and a listed name beside it, abbreviated or in another language
        ("Swedish Internat. Dev't Coop. Agency (SIDA)", "SE-6"),
        ("EBRD (Banque européenne de reconstruction et de développement)", "XI-IATI-EBRD"),
        ("FAO Food and Agriculture Organizat of the United Nations", "XM-DAC-41301"),
        ("Swedish Internat. Dev't Coop. Agency", None),
        ("World Bank (ЕБРР)", None),
        ("SIDA - Agency for International Cooperation", None),
        # both parts must give one
        ("UNDP (UNEP)", None),
        ("UNDP/World Bank", None),
        # a family of organizations
        ("World Vision", None),
        ("Ministry of Health", None),
        ("Plan International", None),
    ],
)
def test_a_name_means_one_listed_organization_or_none(name: str, meant: str | None) -> None:
    assert find_by_name(name) == meant


@pytest.mark.parametrize(
    ("ref", "name", "meant", "by"),
    [
        ("xm-dac-41114", "Somebody else", "XM-DAC-41114", "reference"),
        ("XM-DAC-46015", "", "XI-IATI-EBRD", "other-reference"),
        ("GB-COH-02394229", "", "GB-COH-2394229", "other-reference"),  # one number of a register
        ("CH-FDJP-CHE-106823242", "", "CH-FDJP-CHE106823242", "other-reference"),
        ("00004", "FOOD AND AGRICULTURE ORGANIZATION", "XM-DAC-41301", "name"),  # a code of the reporter's own
        ("WORLD BANK", "", "44000", "name"),  # a name in the place of a reference
        ("GB-CHC-999999", "UNDP", "ref:GB-CHC-999999", "itself"),  # registered, and on no list
        ("00183", "Ministry of Health", "ref:00183@R", "itself"),
        ("", "Wells Ltd", "name:wells ltd@R", "itself"),
        ("", "Danish Wells Council (DWC)", "name:danish wells council@R", "itself"),
        ("", "DWC/Danish Wells Council", "name:danish wells council@R", "itself"),
        ("", "DWC Danish Wells Council", "name:danish wells council@R", "itself"),
        ("", "Danish Wells Council - DWC", "name:danish wells council@R", "itself"),
        ("", "NWC Danish Wells Council", "name:nwc danish wells council@R", "itself"),  # another's letters stay
        ("", "Wells Devt Org", "name:wells development organization@R", "itself"),
        ("", "Wells Limited", "name:wells ltd@R", "itself"),
    ],
)
def test_a_reference_goes_before_a_name(ref: str, name: str, meant: str, by: str) -> None:
    found = resolve(ref, name, "R")
    assert found is not None
    assert (found.organization.id, found.by) == (meant, by)


@pytest.mark.parametrize(("ref", "name"), [("", ""), ("XM-DAC-21000", "ONG INTERNATIONALE"), ("00311", "PRIVATE SECTOR"), ("Excluded", "Supplier Name Withheld")])
def test_a_kind_of_organization_is_nobody(ref: str, name: str) -> None:
    assert resolve(ref, name, "R") is None


def test_a_donor_country_is_above_its_agencies() -> None:
    assert parents_of("XM-DAC-5-52") == ["XM-DAC-5"]
    assert parents_of("GB-GOV-1") == ["PM-GOV-GBR"]


def test_ministries_of_one_name_are_kept_apart_by_country() -> None:
    ids = {resolve("", "Ministry of Health", "R", country=code).organization.id for code in ("KGZ", "UZB", "")}  # type: ignore[union-attr]
    assert len(ids) == 3


def test_a_misspelt_country_is_shown_and_never_taken() -> None:
    assert find_country("Kazahstan") is None
    assert close_names("Kazahstan") == ("Kazakhstan",)


@pytest.mark.parametrize("region", ["Central Asia", "Western Balkans", "Eastern Europe, regional"])
def test_a_region_never_becomes_a_country(region: str) -> None:
    assert find_country(region) is None
    assert close_names(region) == ()


# --- decisions by themselves ------------------------------------------------------------------


def decision(ordinal: int, verdict: str, one: str, other: str) -> Row:
    subjects = list(pair_of(one, other))
    return {"id": f"organization-{ordinal}", "kind": "organization", "ordinal": ordinal, "subjects": subjects, "names": [f"the {s}" for s in subjects], "verdict": verdict, "note": "", "by": ""}


def test_different_follows_through_what_is_the_same() -> None:
    taken = [decision(1, "same", "a", "b"), decision(2, "different", "b", "c"), decision(3, "same", "c", "d")]
    found = identity_of(taken)
    assert found.is_apart("a", "c") and found.is_apart("a", "d") and found.is_apart("b", "d")
    assert not found.is_apart("a", "b")
    assert contradiction("same", ("a", "d"), taken).startswith("organization-2 says that the b and the c are different")
    assert contradiction("different", ("a", "b"), [*taken, decision(4, "same", "a", "e"), decision(5, "same", "e", "b")]).startswith("They are one by")


def test_the_latest_word_on_a_pair_stands_and_undone_takes_it_back() -> None:
    taken = [decision(1, "different", "a", "b"), decision(2, "same", "a", "b")]
    assert identity_of(taken).id_of("b") == "a"
    assert identity_of([*taken, decision(3, "undone", "a", "b")]).id_of("b") == "b"
    assert not identity_of([*taken, decision(3, "undone", "a", "b")]).is_apart("a", "b")


def test_who_stands_for_both_is_fixed() -> None:
    ordered = ["XM-DAC-41114", "XM-DAC-41116", "GB-CHC-1156166", "ref:GB-CHC-1", "PM-UNDA", "ref:12@R", "name:wells@R"]
    assert sorted(ordered, key=rank)[0] == "XM-DAC-41114"
    assert [rank(one)[0] for one in ordered] == [0, 0, rank("GB-CHC-1156166")[0], 1, 2, 3, 4]
    for one, other in permutations(ordered, 2):
        assert identity_of([decision(1, "same", one, other)]).id_of(one) == min(one, other, key=rank)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda p: p[0] != p[1]), max_size=8), st.randoms())
def test_the_order_of_decisions_on_different_pairs_does_not_matter(chosen: list[tuple[str, str]], shuffle: random.Random) -> None:
    pairs = sorted({pair_of(*p) for p in chosen})
    numbers = list(range(len(pairs)))
    shuffle.shuffle(numbers)
    one = identity_of(decision(n, "same", *p) for n, p in enumerate(pairs))
    other = identity_of(decision(n, "same", *p) for n, p in zip(numbers, pairs, strict=True))
    assert {k: v.id for k, v in one.canonical.items()} == {k: v.id for k, v in other.canonical.items()}


# --- decisions in a workspace -----------------------------------------------------------------


def load(workspace: Workspace, folder: Path) -> None:
    """Two files that call a society by two names, and one activity that names neither."""
    write(folder, "one", activity("A", "Wells", reporter=UNDP, countries="KG", implementing=["|Green Wells Society"]), activity("N", "Roads", reporter=UNDP))
    write(folder, "two", activity("B", "Wells", reporter=ADB, countries="KG", implementing=["|Society of Green Wells"]))
    workspace.import_files(folder / "one.xml", folder / "two.xml")


GREEN, SOCIETY = "name:green wells society@XM-DAC-41114", "name:society of green wells@XM-DAC-46004"
HISTORY = ("Decision", "DatasetVersion")


def implementing(workspace: Workspace) -> set[tuple[Any, ...]]:
    return {(org, what) for org, what, role in links(workspace, "PARTICIPATES_IN", "role") if role == "implementing"}


def test_a_decision_merges_what_was_derived_and_undoing_puts_it_back(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace()
    load(workspace, tmp_path)
    before, records = everything(workspace, HISTORY), rows(workspace, "Record", "id", "content")
    row, derived = workspace.decide_identity("same", (SOCIETY, "Green Wells Society"), note="the same board", by="A")
    assert (row["id"], row["verdict"], row["subjects"], derived) == ("organization-1", "same", [GREEN, SOCIETY], 2)
    assert implementing(workspace) == {(GREEN, "A"), (GREEN, "B")}
    assert {o for (o,) in rows(workspace, "Organization", "id")} & {GREEN, SOCIETY} == {GREEN}
    assert ("decision",) in {row[2:] for row in links(workspace, "NAMES", "by")}
    assert rows(workspace, "Record", "id", "content") == records
    undone, derived = workspace.undo_identity()
    assert (undone["verdict"], derived) == ("undone", 2)
    assert everything(workspace, HISTORY) == before
    assert {row[0] for row in rows(workspace, "Decision", "id")} == {"organization-1", "organization-2"}


def test_a_decision_holds_for_what_is_imported_later(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path)
    workspace.decide_identity("same", (GREEN, SOCIETY))
    write(tmp_path, "three", activity("C", "More wells", reporter=ADB, implementing=["|Society of Green Wells"]))
    workspace.import_files(tmp_path / "three.xml")
    assert (GREEN, "C") in implementing(workspace)


def test_the_order_of_imports_does_not_choose_who_stands_for_both(workspace_with: NewWorkspace, tmp_path: Path) -> None:
    workspace = workspace_with()
    load(workspace, tmp_path)
    workspace.decide_identity("same", (SOCIETY, "Asian Development Bank"))
    assert implementing(workspace) == {(GREEN, "A"), ("XM-DAC-46004", "B")}
    assert {n for o, n in rows(workspace, "Organization", "id", "name") if o == "XM-DAC-46004"} == {"Asian Development Bank"}


def test_what_cannot_stand_together_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path)
    workspace.decide_identity("different", (GREEN, SOCIETY))
    workspace.decide_identity("same", (GREEN, "UNDP"))
    before = everything(workspace)
    with pytest.raises(NotFound) as caught:
        workspace.decide_identity("same", ("UNDP", SOCIETY))
    assert "organization-1 says that Green Wells Society and Society of Green Wells are different" in str(caught.value)
    with pytest.raises(NotFound, match="already are one organization"):
        workspace.decide_identity("same", (GREEN, "UNDP"))
    with pytest.raises(NotFound, match="No organization called 'Nobody Here'"):
        workspace.decide_identity("same", ("Nobody Here", "UNDP"))
    assert everything(workspace) == before


def test_two_registered_references_merge_by_decision_alone(workspace: Workspace, tmp_path: Path) -> None:
    name = "Wells for All"
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, implementing=[f"GB-CHC-111111|{name}", f"US-EIN-222222|{name}"]))
    workspace.import_files(tmp_path / "one.xml")
    assert {o for o, _ in implementing(workspace)} == {"ref:GB-CHC-111111", "ref:US-EIN-222222"}
    suggestion = workspace.identity_suggestions()[0]
    assert [suggestion[side]["id"] for side in ("left", "right")] == ["ref:GB-CHC-111111", "ref:US-EIN-222222"]
    workspace.decide_identity("same", ("ref:US-EIN-222222", "ref:GB-CHC-111111"))
    assert {o for o, _ in implementing(workspace)} == {"ref:GB-CHC-111111"}


def test_our_own_organization_by_decision_makes_activities_ours(workspace_with: NewWorkspace, tmp_path: Path) -> None:
    workspace = workspace_with(own="XM-DAC-41314")
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, implementing=["|Our Water Section"]))
    workspace.import_files(tmp_path / "one.xml")
    assert rows(workspace, "Activity", "id", "ours") == {("A", False)}
    workspace.decide_identity("same", ("Our Water Section", "UNECE"))
    assert rows(workspace, "Activity", "id", "ours") == {("A", True)}


# --- names of one organization that are two -----------------------------------------------------

WELLS = "name:international wells center@XM-DAC-41114"
PARTED = f"parted:international wells centre@{WELLS}"


def load_wells(workspace: Workspace, folder: Path) -> None:
    """One reporter spells a name in two ways, which no list holds; another reporter has the second too."""
    write(folder, "one", activity("A", "Wells", reporter=UNDP, implementing=["|International Wells Center"]), activity("B", "Wells", reporter=UNDP, implementing=["|International Wells Centre"]))
    write(folder, "two", activity("C", "Wells", reporter=ADB, implementing=["|International Wells Centre"]))
    workspace.import_files(folder / "one.xml", folder / "two.xml")


def test_two_names_of_one_organization_are_parted_and_undoing_puts_them_back(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace()
    load_wells(workspace, tmp_path)
    other = (WELLS.replace("41114", "46004"), "C")
    assert implementing(workspace) == {(WELLS, "A"), (WELLS, "B"), other}
    before, records = everything(workspace, HISTORY), rows(workspace, "Record", "id", "content")
    row, _ = workspace.decide_identity("different", (WELLS, "International Wells Centre"), note="two cities")
    assert (row["verdict"], dict(zip(row["subjects"], row["names"], strict=True))) == ("different", {WELLS: "International Wells Center", PARTED: "International Wells Centre"})
    assert implementing(workspace) == {(WELLS, "A"), (PARTED, "B"), other}
    assert {(name, listed) for org, name, listed in rows(workspace, "Organization", "id", "name", "listed") if org == PARTED} == {("International Wells Centre", False)}
    assert rows(workspace, "Record", "id", "content") == records
    assert workspace.organization(PARTED).namings[0].by == "decision"
    assert not workspace.is_open_question(WELLS, PARTED)
    workspace.undo_identity()
    assert everything(workspace, HISTORY) == before


def test_parting_holds_for_what_is_imported_later_and_can_be_told_first(workspace: Workspace, tmp_path: Path) -> None:
    load_wells(workspace, tmp_path)
    workspace.decide_identity("different", (WELLS, "International Wells Centre"))
    write(tmp_path, "three", activity("D", "Wells", reporter=UNDP, funding=["|INTERNATIONAL WELLS CENTRE"]), activity("E", "Wells", reporter=UNDP, funding=["|The International Wells Center"]))
    workspace.import_files(tmp_path / "three.xml")
    assert {(o, a) for o, a, role in links(workspace, "PARTICIPATES_IN", "role") if role == "funding"} == {(PARTED, "D"), (WELLS, "E")}


def test_a_name_of_a_list_is_parted_for_every_reporter(workspace: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, implementing=["|World Bank"]), activity("B", "Wells", reporter=UNDP, implementing=["|Banque mondiale"]))
    write(tmp_path, "two", activity("C", "Wells", reporter=ADB, implementing=["|Banque mondiale"]))
    workspace.import_files(tmp_path / "one.xml", tmp_path / "two.xml")
    assert {o for o, _ in implementing(workspace)} == {"44000"}
    workspace.decide_identity("different", ("Banque mondiale", "World Bank"))  # the name on the list stays
    parted = "parted:banque mondiale@44000"
    assert implementing(workspace) == {("44000", "A"), (parted, "B"), (parted, "C")}
    assert workspace.organization("Banque mondiale").id == workspace.organization_id("Banque mondiale") == parted
    assert workspace.organization("World Bank").id == "44000"
    # a parted name is an organization like any other
    workspace.decide_identity("same", ("Banque mondiale", "ADB"))
    assert implementing(workspace) == {("44000", "A"), ("XM-DAC-46004", "B"), ("XM-DAC-46004", "C")}
    with pytest.raises(NotFound, match="organization-1 says that"):
        workspace.decide_identity("same", ("World Bank", "ADB"))


def test_two_names_under_one_reference_are_parted(workspace: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "one", activity("A", "Wells", implementing=["GB-CHC-1|Alder Trust"]), activity("B", "Wells", implementing=["GB-CHC-1|Birch Trust"]))
    workspace.import_files(tmp_path / "one.xml")
    workspace.decide_identity("different", ("Alder Trust", "Birch Trust"))
    assert implementing(workspace) == {("ref:GB-CHC-1", "A"), ("parted:birch trust@ref:GB-CHC-1", "B")}


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("International Wells Center", "The international wells CENTER"), "differ in no letter or number, so that no row tells which one it means. Correct the name"),
        ((WELLS, WELLS), "Give two of its names; the second one becomes an organization of its own"),
    ],
)
def test_what_cannot_be_parted_says_what_to_do(workspace: Workspace, tmp_path: Path, names: tuple[str, str], message: str) -> None:
    write(tmp_path, "one", activity("A", "Wells", implementing=["|International Wells Center"]), activity("B", "Wells", implementing=["|The International Wells Center"]))
    workspace.import_files(tmp_path / "one.xml")
    with pytest.raises(NotFound, match=message):
        workspace.decide_identity("different", names)
    assert workspace.identity_decisions() == []


def test_names_that_a_decision_made_one_are_parted_by_undoing_it(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path)
    workspace.decide_identity("same", (GREEN, SOCIETY))
    with pytest.raises(NotFound, match=r"They are one by organization-1\. Undo what is wrong first: partnermap organizations --undo organization-1"):
        workspace.decide_identity("different", ("Green Wells Society", "Society of Green Wells"))


# --- who is above whom --------------------------------------------------------------------------


def above(workspace: Workspace) -> set[tuple[Any, ...]]:
    return {(a, b) for a, b, kind in links(workspace, "CHILD_OF", "from_kind") if kind == "Organization"}


def test_what_hangs_below_an_absorbed_organization_moves_with_it(new_workspace: NewWorkspace, tmp_path: Path) -> None:
    workspace = new_workspace()
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, implementing=["XM-DAC-5-52|GIZ"], funding=["GB-CHC-1|Fund of Germany"]), activity("B", "Wells", reporter=UNDP, funding=["XM-DAC-5|Germany"]))
    workspace.import_files(tmp_path / "one.xml")
    before = everything(workspace, HISTORY)
    united = ("XM-DAC-41114", "XM-DAC-41305")
    assert above(workspace) == {("XM-DAC-5-52", "XM-DAC-5"), united}
    workspace.decide_identity("same", ("XM-DAC-41114", "XM-DAC-5"))  # absurd, and therefore plain: UNDP stands before it on the list
    assert above(workspace) == {("XM-DAC-5-52", "XM-DAC-41114"), united}
    assert "XM-DAC-5" not in {o for (o,) in rows(workspace, "Organization", "id")}
    workspace.undo_identity()
    assert everything(workspace, HISTORY) == before


def test_nothing_hangs_below_itself_by_decision(workspace: Workspace, tmp_path: Path) -> None:
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, implementing=["XM-DAC-5-52|GIZ"], funding=["XM-DAC-5|Germany"]))
    workspace.import_files(tmp_path / "one.xml")
    workspace.decide_identity("same", ("XM-DAC-5", "XM-DAC-5-52"))
    assert above(workspace) == {("XM-DAC-41114", "XM-DAC-41305")}


def test_what_is_below_our_own_organization_stays_ours(workspace_with: NewWorkspace, tmp_path: Path) -> None:
    workspace = workspace_with(own="XM-DAC-5")
    write(tmp_path, "one", activity("A", "Wells", reporter=UNDP, implementing=["XM-DAC-5-52|GIZ"]))
    workspace.import_files(tmp_path / "one.xml")
    assert rows(workspace, "Activity", "id", "ours") == {("A", True)}
    workspace.decide_identity("same", ("XM-DAC-41114", "XM-DAC-5"))
    assert rows(workspace, "Activity", "id", "ours") == {("A", True)}
