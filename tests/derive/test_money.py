"""Money: one basis an activity, nothing twice, unknown stays unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnermap.codes.money import to_usd
from partnermap.derive.links import references
from partnermap.workspace import Workspace
from tests.small_iati import GEF, UNDP, activity, budget, links, one, rows, transaction, write


@pytest.mark.parametrize(
    ("inside", "expected"),
    [  # by hand
        (transaction("commitment", 100) + budget(70) + transaction("disbursement", 40), (100.0, "commitment")),
        (budget(70) + transaction("disbursement", 40), (70.0, "budget")),
        (transaction("disbursement", 40) + transaction("expenditure", 5), (45.0, "spent")),
        (transaction("commitment", 100) + transaction("commitment", 25, day="2011-02-03"), (125.0, "commitment")),
        (transaction("commitment", 100) + transaction("disbursement", 100), (100.0, "commitment")),
        (transaction("incoming", 100), (None, "")),  # what comes in is not what it costs
        (transaction("pledge", 100), (None, "")),
        ("", (None, "")),
        (budget(70) + budget(80, revised=True), (80.0, "budget")),
        (budget(70) + budget(80, revised=True) + budget(5, start="2011-01-01", end="2011-12-31"), (85.0, "budget")),
        (budget(70, currency="ZZZ"), (None, "")),
        (budget(70, start="1812-01-01", currency="EUR"), (None, "")),
        (transaction("commitment", 100, currency="ZZZ") + budget(70), (70.0, "budget")),  # the first that is known
        (transaction("commitment", 100) + transaction("commitment", 5, currency="ZZZ"), (None, "")),  # a part is no whole
        (transaction("commitment", 100) + transaction("commitment", -100), (None, "")),
    ],
)
def test_amount_and_basis(workspace: Workspace, tmp_path: Path, inside: str, expected: tuple) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", inside=inside)))
    assert one(workspace, "P-1", "money_usd", "money_basis") == expected


@pytest.mark.parametrize(("amount", "flagged"), [(10_000_000_000, False), (10_000_000_001, True)])
def test_more_than_ten_billion_is_flagged(workspace: Workspace, tmp_path: Path, amount: int, flagged: bool) -> None:
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Loan", commitment=amount)))
    usd, flag = one(workspace, "P-1", "money_usd", "money_flag")
    assert (usd, bool(flag)) == (amount, flagged)


def test_the_rate_is_that_of_the_year(workspace: Workspace, tmp_path: Path) -> None:
    """EUR per USD: World Bank mean rates as shipped; 2010 and 2015 differ by over a tenth."""
    workspace.import_files(
        write(tmp_path, "a", activity("P-1", "Wells", inside=transaction("commitment", 100, currency="EUR")), activity("P-2", "Wells", inside=transaction("commitment", 100, currency="EUR", day="2015-06-30")))
    )
    assert one(workspace, "P-1", "money_usd") == pytest.approx(132.6, abs=0.5)  # 1 / 0.7543
    assert one(workspace, "P-2", "money_usd") == pytest.approx(110.9, abs=0.5)  # 1 / 0.9017


def test_flows_are_summed_by_measure_year_currency_payer_and_payee(workspace: Workspace, tmp_path: Path) -> None:
    payer = '<provider-org ref="XM-DAC-47044"><narrative>GEF</narrative></provider-org>'
    inside = (
        transaction("disbursement", 10, inside=payer)
        + transaction("disbursement", 5, day="2010-02-01", inside=payer)
        + transaction("disbursement", 7, day="2011-02-01", inside=payer)
        + transaction("commitment", 3)
    )
    workspace.import_files(write(tmp_path, "a", activity("P-1", "Wells", inside=inside)))
    assert {(m, y, a, u) for _, m, y, a, u in rows(workspace, "Flow", "id", "measure", "year", "amount", "amount_usd")} == {
        ("disbursement", 2010, 15.0, 15.0),
        ("disbursement", 2011, 7.0, 7.0),
        ("commitment", 2010, 3.0, 3.0),
    }
    assert {(f, o) for f, o in links(workspace, "PAID_BY")} == {
        ("P-1|disbursement|2010|USD|XM-DAC-47044|", "XM-DAC-47044"),
        ("P-1|disbursement|2011|USD|XM-DAC-47044|", "XM-DAC-47044"),
    }


def test_money_comes_whole_from_one_record(workspace: Workspace, tmp_path: Path) -> None:
    workspace.import_files(
        write(tmp_path, "a", activity("P-1", "Wells", reporter=UNDP, implementing=[UNDP], disbursement=40)),
        write(tmp_path, "b", activity("P-1", "Wells", reporter=GEF, commitment=100)),
    )
    assert one(workspace, "P-1", "money_usd", "money_basis", "disagreements") == (40.0, "spent", ("money: a says USD 40; b says USD 100",))
    assert {m for _, m in rows(workspace, "Flow", "id", "measure")} == {"disbursement"}


amounts = st.lists(st.tuples(st.sampled_from(["2", "3", "4"]), st.integers(1, 10**9)), min_size=1, max_size=8)


@given(amounts)
def test_the_amount_of_a_link_tells_no_money_twice(told: list[tuple[str, int]]) -> None:
    """Commitments where there are some, else what was spent: never the sum of both."""
    entries = [{"type": t, "value": str(v), "currency": "USD", "date": "2010-01-01", "receiver": {"activity": "B"}} for t, v in told]
    found = references([{"transactions": entries}])
    committed, spent = (sum(v for t, v in told if t in kinds) for kinds in (("2",), ("3", "4")))
    assert found == {("receiver", "B"): committed or spent}


def test_no_rate_is_no_amount() -> None:
    assert to_usd(1, "USD", None) is None or to_usd(1, "EUR", None) is None
