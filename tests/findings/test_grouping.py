"""Pairs into findings: one undertaking, two undertakings, class, countries, money, prefix."""

from __future__ import annotations

import pytest

from tests.findings.conftest import Desk
from tests.small_iati import ADB, BANK, GEF, UNDP, UNECE, UNEP, activity, related, transaction

MAILUU = "Uranium tailings of Mailuu-Suu made safe"
INFO = "Environmental monitoring and information system for rivers"
ALIKE = "Information and monitoring of rivers: an environmental database"


def by(who: str, identifier: str, title: str, **said: object) -> str:
    return activity(identifier, title, reporter=who, implementing=[who], **{"countries": "KG", **said})  # type: ignore[arg-type]


def funded(identifier: str, other: str, amount: float) -> str:
    return transaction("disbursement", amount, receiver=other)


def members(desk: Desk) -> set[tuple[str, frozenset[str]]]:
    return {(f.cls, frozenset(m.id for m in f.members)) for f in desk.all()}


def test_records_of_one_undertaking_are_one_finding(desk: Desk) -> None:
    """A joint pair, and a third record that is linked to one of them: the class is joint."""
    desk.say(
        by(UNDP, "A", "CACILM: Pastures of Susamyr"),
        by(ADB, "B", "CACILM: Drylands partnership", countries="KG UZ"),
        by(GEF, "C", "Land", countries="UZ", inside=funded("C", "B", 5)),
    ).scan()
    assert members(desk) == {("joint", frozenset("ABC"))}
    assert desk.only.countries == ("KGZ", "UZB")
    assert set(desk.only.pairs) == {("A", "B"), ("B", "C")}


def test_two_undertakings_are_one_finding_between_them(desk: Desk) -> None:
    """Two records of ours that are one whole, beside UNDP's: one parallel finding, one part-of."""
    desk.say(
        by(UNECE, "A", INFO, start="2007-06-01", inside=related("B", "2")),
        by(UNECE, "B", f"{INFO}: training", start="2007-06-01"),
        by(UNDP, "C", ALIKE, start="2009-01-01"),
    ).scan()
    assert members(desk) == {("part-of", frozenset("AB")), ("parallel", frozenset("ABC"))}
    between = next(f for f in desk.all() if f.cls == "parallel")
    assert set(between.pairs) == {("A", "C"), ("B", "C")}


def test_a_sequence_inside_one_undertaking_belongs_to_it(desk: Desk) -> None:
    desk.say(
        by(UNDP, "A", "CACILM: Pastures", start="2001-01-01"),
        by(ADB, "B", "CACILM: Drylands", start="2001-02-01"),
        by(BANK, "C", "CACILM: Forests", start="2008-01-01"),
        by(GEF, "D", "Fund", inside=funded("D", "B", 5) + funded("D", "C", 5)),
    ).scan()
    ((cls, inside),) = members(desk)
    assert (cls, inside) == ("joint", frozenset("ABCD"))


@pytest.mark.parametrize(
    ("activities", "cls", "money", "told"),
    [  # money by hand
        ((by(UNECE, "A", INFO, start="2007-06-01", commitment=100), by(UNDP, "B", ALIKE, start="2009-01-01", commitment=60, countries={"KG": 50, "UZ": 50})), "parallel", 30.0, "at stake: USD 30, the smaller side in the shared countries"),
        ((by(UNECE, "A", INFO, start="2007-06-01", commitment=100), by(UNDP, "B", ALIKE, start="2009-01-01")), "parallel", None, "at stake: unknown; “Environmental monitoring and …” tells USD 100, the other side tells none"),
        ((by(UNECE, "A", INFO, start="2007-06-01"), by(UNDP, "B", ALIKE, start="2009-01-01")), "parallel", None, "at stake: unknown, neither side tells an amount"),
        ((by(UNECE, "A", INFO, start="2007-06-01", commitment=2e10), by(UNDP, "B", ALIKE, start="2009-01-01", commitment=100)), "parallel", None, None),
        ((by(GEF, "A", "Land", commitment=100, inside=funded("A", "B", 60)), by(UNDP, "B", "Wells", commitment=90)), "same-money", 60.0, "gross USD 190, reported twice USD 60, net USD 130"),
        ((by(GEF, "A", "Land"), by(UNDP, "B", "Wells", commitment=90, inside=transaction("incoming", 60, provider="A"))), "same-money", None, "would be counted twice: unknown; together at least USD 90 (1 of 2 known)"),
        ((by(UNDP, "A", "CACILM: Pastures", commitment=100), by(ADB, "B", "CACILM: Drylands", commitment=90)), "joint", 190.0, "together USD 190; none is at stake"),
        ((by(UNDP, "A", "CACILM: Pastures", commitment=100), by(ADB, "B", "CACILM: Drylands")), "joint", 100.0, "together at least USD 100 (1 of 2 known); none is at stake"),
        ((by(UNDP, "A", "CACILM: Pastures"), by(ADB, "B", "CACILM: Drylands")), "joint", None, "together unknown; none is at stake"),
        ((by(ADB, "A", "Customs cooperation of border posts", start="2002-01-01", commitment=40), by(BANK, "B", "Customs cooperation of border posts, phase II", start="2005-01-01", commitment=2.5e6)), "sequence", 2500040.0, "together USD 2.50 million; none is at stake"),
    ],
)
def test_money_by_class(desk: Desk, activities: tuple[str, str], cls: str, money: float | None, told: str | None) -> None:
    desk.say(*activities).scan()
    assert (desk.only.cls, desk.only.money_usd) == (cls, money)
    if told:
        assert desk.only.money == told


@pytest.mark.parametrize(
    ("countries", "regions", "prefix"),
    [
        ("KG", "", "KGZ"),
        ("KG UZ", "", "CAS"),
        ("AM GE", "", "SCA"),
        ("KG AM", "", "EAEU"),
        ("KG AZ", "", "SPECA"),
        ("KG BR", "", "REG"),
        ("", "89", "REG"),
        ("", "998", "GLO"),
    ],
)
def test_a_number_begins_with_the_country_or_the_smallest_common_group(desk: Desk, countries: str, regions: str, prefix: str) -> None:
    said = dict(countries=countries, regions=regions, start="2009-01-01")
    desk.say(by(UNDP, "A", MAILUU, **said), by(ADB, "B", MAILUU, **said)).scan()
    assert desk.only.number == f"{prefix}-1"


def test_numbers_of_one_prefix_run_from_the_strongest(desk: Desk) -> None:
    desk.say(
        by(UNDP, "A", "CACILM: Pastures"),
        by(ADB, "B", "CACILM: Drylands"),
        by(UNDP, "C", MAILUU, commitment=1e6, start="2009-01-01"),
        by(ADB, "D", MAILUU, commitment=1e6, start="2009-01-01"),
        by(UNEP, "E", INFO, countries="UZ", start="2009-01-01"),
        by(ADB, "F", ALIKE, countries="UZ", start="2009-01-01"),
    ).scan()
    assert {f.number: {m.id for m in f.members} for f in desk.all()} == {"KGZ-1": {"C", "D"}, "KGZ-2": {"A", "B"}, "UZB-1": {"E", "F"}}


def test_what_a_finding_is_about(desk: Desk) -> None:
    desk.say(by(UNDP, "A", "CACILM: Pastures"), by(ADB, "B", "CACILM: Drylands", countries="KG UZ")).scan()
    about = desk.workspace.query(cypher="MATCH (f:Finding)-[a:ABOUT]->(x) RETURN x.id AS id, a.side AS side ORDER BY id")
    assert set(zip(about["id"], about["side"], strict=True)) == {("A", "left"), ("B", "right"), ("KGZ", "both"), ("UZB", "both"), ("XM-DAC-41114", "both"), ("XM-DAC-46004", "both")}
