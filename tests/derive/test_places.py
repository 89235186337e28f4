"""Where and about what: shares add up to 1, regions stay regions, transactions only help out."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnermap.derive.places import shares
from partnermap.workspace import Workspace
from tests.small_iati import GEF, UNDP, activity, links, one, rows, transaction, write

COUNTRIES = ["KG", "KZ", "TJ", "TM", "UZ", "AM"]
percent = st.none() | st.decimals(0, 150, places=2)
stated = st.lists(st.tuples(st.sampled_from(COUNTRIES).map(lambda c: ("Country", c)), percent), min_size=1, max_size=8)


@given(stated)
def test_shares_add_up_to_one_and_keep_everybody(entries: list) -> None:
    found = shares(entries)
    assert sum(share for share, _ in found.values()) == pytest.approx(1)
    assert all(share >= 0 for share, _ in found.values())
    assert found.keys() == {key for key, _ in entries}


@given(stated)
def test_shares_ignore_the_order_of_entries(entries: list) -> None:
    assert shares(entries) == shares(entries[::-1])


@given(st.lists(st.decimals(1, 50, places=1), min_size=2, max_size=6))
def test_scaled_shares_keep_their_proportions(amounts: list[Decimal]) -> None:
    found = shares([(("Country", COUNTRIES[n]), amount) for n, amount in enumerate(amounts)])
    for n, amount in enumerate(amounts):
        assert found["Country", COUNTRIES[n]][0] == pytest.approx(float(amount / sum(amounts)), rel=1e-2)


def located(workspace: Workspace) -> set[tuple[str, float, str]]:
    return {(place, round(share, 4), basis) for _, place, share, basis in links(workspace, "LOCATED_IN", "share", "share_basis") if share is not None}


@pytest.mark.parametrize(
    ("said", "expected"),
    [  # by hand
        (dict(countries={"KG": 60, "TJ": 40}), {("KGZ", 0.6, "stated"), ("TJK", 0.4, "stated")}),
        (dict(countries={"KG": 60, "TJ": 39.5}), {("KGZ", 0.603, "stated"), ("TJK", 0.397, "stated")}),
        (dict(countries={"KG": 70, "TJ": 70}), {("KGZ", 0.5, "normalised"), ("TJK", 0.5, "normalised")}),
        (dict(countries={"KG": 20, "TJ": 20}), {("KGZ", 0.5, "normalised"), ("TJK", 0.5, "normalised")}),
        (dict(countries="KG TJ UZ KZ"), {(c, 0.25, "equal") for c in ("KGZ", "TJK", "UZB", "KAZ")}),
        (dict(countries={"KG": 60, "TJ": None, "UZ": None}), {("KGZ", 0.6, "stated"), ("TJK", 0.2, "equal"), ("UZB", 0.2, "equal")}),
        (dict(countries={"KG": 100, "TJ": None}), {("KGZ", 0.5, "equal"), ("TJK", 0.5, "equal")}),
        (dict(countries={"KG": 75}, regions={"998": 25}), {("KGZ", 0.75, "stated"), ("dac:998", 0.25, "stated")}),
        (dict(countries="KG XX"), {("KGZ", 1.0, "equal")}),  # a code that does not exist names no country
    ],
)
def test_shares_of_countries(workspace: Workspace, tmp_path: Path, said: dict, expected: set) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", **said)))
    assert located(workspace) == expected


def test_a_region_never_becomes_its_countries(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", regions="89"), activity("P-2", "Wells", regions="298")))
    assert {(a, k) for a, _, k in links(workspace, "LOCATED_IN", "to_kind")} == {("P-1", "CountryGroup"), ("P-2", "CountryGroup")}
    assert workspace.activities(country="KGZ").empty


def paid(amount: float, *codes: str, measure: str = "disbursement") -> str:
    return transaction(measure, amount, inside="".join(f'<recipient-country code="{c}"/>' for c in codes))


def test_countries_of_transactions_count_by_amount_where_the_activity_names_none(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", inside=paid(300, "KG") + paid(100, "TJ"))))
    assert located(workspace) == {("KGZ", 0.75, "stated"), ("TJK", 0.25, "stated")}


def test_commitments_go_before_disbursements_for_weights(workspace: Workspace, tmp_path: Path) -> None:
    """Both tell the same money, so only one of them may weigh."""
    inside = paid(100, "KG", measure="commitment") + paid(100, "TJ", measure="commitment") + paid(100, "KG")
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", inside=inside)))
    assert located(workspace) == {("KGZ", 0.5, "stated"), ("TJK", 0.5, "stated")}


def test_countries_of_transactions_say_nothing_where_the_activity_does(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", countries="UZ", inside=paid(300, "KG"))))
    assert located(workspace) == {("UZB", 1.0, "equal")}
    assert one(workspace, "P-1", "disagreements") == ()


def test_another_dataset_that_names_countries_goes_before_transactions(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(
        write(tmp_path, "a", activity("P-1", "Wells", implementing=[UNDP], inside=paid(300, "KG"))),
        write(tmp_path, "b", activity("P-1", "Wells", reporter=GEF, countries="UZ")),
    )
    assert located(workspace) == {("UZB", 1.0, "equal")}


def test_sectors_of_transactions_help_out_too(workspace: Workspace, tmp_path: Path) -> None:
    told = "".join(transaction("commitment", amount, inside=f'<sector vocabulary="1" code="{code}"/>') for amount, code in ((300, "14010"), (100, "41010")))
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", inside=told), activity("P-2", "Wells", sectors="15110", inside=told)))
    found = {(a, s, round(x, 2)) for a, s, x in links(workspace, "IN_SECTOR", "share")}
    assert found == {("P-1", "1:14010", 0.75), ("P-1", "1:41010", 0.25), ("P-2", "1:15110", 1.0)}


def test_an_invalid_sector_code_says_nothing(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", sectors="0")))
    assert links(workspace, "IN_SECTOR") == set()


def test_two_datasets_that_differ_on_countries_are_both_kept(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(
        write(tmp_path, "a", activity("P-1", "Wells", implementing=[UNDP], countries="KG")),
        write(tmp_path, "b", activity("P-1", "Wells", reporter=GEF, countries="KG KZ")),
    )
    assert located(workspace) == {("KGZ", 1.0, "equal")}
    assert one(workspace, "P-1", "disagreements") == ("countries: a says KGZ; b says KAZ, KGZ",)


def test_places_are_kept_apart_from_their_country(workspace: Workspace, tmp_path: Path) -> None:
    told = "".join(f"<location><name><narrative>{name}</narrative></name></location>" for name in ("Osh", "Kyrgyzstan", "Naryn"))
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", countries="KG", inside=told)))
    assert {name for _, name in rows(workspace, "Place", "id", "name")} == {"Osh", "Naryn"}
    assert located(workspace) == {("KGZ", 1.0, "equal")}
