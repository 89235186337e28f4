"""What is told of the activities of a finding: who tells them, and money that has no rate."""

from __future__ import annotations

from datetime import date

import pytest

from partnermap.errors import NotFound, StoreError
from tests.findings.conftest import Desk
from tests.small_iati import ADB, BANK, GEF, UNDP, UNEP, activity, transaction

MAILUU = "Uranium tailings of Mailuu-Suu made safe"


def test_who_tells_it_is_named_where_that_one_neither_acts_nor_pays(desk: Desk) -> None:
    desk.say(
        activity("A", MAILUU, reporter=UNDP, implementing=["|Camp Alatoo"], countries="KG", start="2008-01-01"),
        activity("B", MAILUU, reporter=ADB, implementing=[ADB], countries="KG", start="2008-03-01"),
    ).scan()
    found = desk.only
    assert found.headline.startswith("ADB, Camp Alatoo and UNDP carry one undertaking")
    assert "ask ADB, Camp Alatoo and UNDP who leads" in found.next_step
    assert [(m.id, m.actors, m.tellers) for m in found.members] == [("A", ("Camp Alatoo",), ("UNDP",)), ("B", ("ADB",), ())]


def test_verbs_agree_with_who_does_it(desk: Desk) -> None:
    def headline(one: list[str], other: list[str], titles: tuple[str, str]) -> str:
        desk.say(
            activity("A", titles[0], reporter=one[0], implementing=one, countries="KG", start="2005-01-01"),
            activity("B", titles[1], reporter=other[0], implementing=other, countries="KG", start="2008-01-01"),
        ).scan()
        return desk.only.headline

    plan = ("Customs cooperation of border posts", "Customs cooperation of border posts, phase II")
    assert headline([ADB], [UNEP], plan).startswith("UNEP comes after ADB in Kyrgyzstan")
    assert headline([ADB], [UNEP, UNDP], plan).startswith("UNDP and UNEP come after ADB in Kyrgyzstan")
    assert headline([ADB], [ADB], plan).startswith("ADB goes on from its own work")
    assert headline([ADB, UNDP], [ADB, UNDP], plan).startswith("ADB and UNDP go on from their own work")
    assert headline([ADB], [ADB, UNDP], plan).startswith("ADB and UNDP go on from work of ADB in")
    assert headline([ADB], [UNDP], (MAILUU, MAILUU)).startswith("ADB and UNDP carry one undertaking")
    desk.say(
        activity("A", "Osh roads", reporter=GEF, funding=[GEF], implementing=[UNDP], countries="KG", start="2005-01-01", commitment=100),
        activity("B", "Osh roads", reporter=UNDP, implementing=[UNDP], countries="KG", start="2005-01-01", commitment=9000),
    ).scan()
    assert desk.only.headline.startswith("UNDP carries one undertaking")


def test_a_side_of_several_is_told_from_the_other(desk: Desk) -> None:
    monitoring = ("Environmental monitoring and information system for rivers", "Information and monitoring of rivers: an environmental database")
    ends = {"parallel": "2009-12-31", "duplication": "2012-12-31"}  # months at the same time: none told, and years
    said = {"duplication": "may do the same as", "parallel": "work beside"}
    for cls, end in ends.items():
        desk.say(
            activity("A", monitoring[0], reporter=UNEP, implementing=[UNEP, UNDP], countries="KG", start="2008-01-01", end="" if cls == "parallel" else end),
            activity("B", monitoring[1], reporter=ADB, implementing=[ADB], countries="KG", start="2009-06-01", end="" if cls == "parallel" else end),
        ).scan()
        assert (desk.only.cls, desk.only.headline[: desk.only.headline.index(" in ")]) == (cls, f"UNDP and UNEP {said[cls]} ADB")


def test_a_sequence_names_all_who_did_the_earlier_work(desk: Desk) -> None:
    """Two records of the earlier undertaking, of ADB and the Bank, and ADB's later one."""
    plan = "Customs cooperation of border posts"
    desk.say(
        activity("A", f"{plan}, phase I", reporter=ADB, implementing=[ADB], countries="KG", start="2001-01-01"),
        activity("B", f"{plan}, phase I", reporter=BANK, implementing=[BANK], countries="KG", start="2001-02-01"),
        activity("C", f"{plan}, phase II", reporter=ADB, implementing=[ADB], countries="KG", start="2007-01-01"),
    ).scan()
    (found,) = (f for f in desk.all() if f.cls == "sequence")
    assert {m.id for m in found.members} == set("ABC")
    assert found.headline.startswith("ADB goes on from work of ADB and WB in Kyrgyzstan: ")
    assert found.next_step.startswith("Ask ADB and WB what remains of the earlier work")


def test_records_of_one_title_are_counted_where_titles_are_listed(desk: Desk) -> None:
    told = {"A": (UNDP, {}), "B": (ADB, {}), "C": (UNEP, {"commitment": 5})}
    desk.say(*(activity(i, MAILUU, reporter=who, implementing=[who], countries="KG", start="2008-01-01", **money) for i, (who, money) in told.items())).scan()
    assert f"the money of “{MAILUU}” (2 records)" in desk.only.not_known


def test_a_funder_that_tells_it_is_not_asked(desk: Desk) -> None:
    desk.say(
        activity("A", MAILUU, reporter=UNDP, funding=[UNDP], implementing=["|Camp Alatoo"], countries="KG", start="2008-01-01"),
        activity("B", MAILUU, reporter=ADB, implementing=[ADB], countries="KG", start="2008-03-01"),
    ).scan()
    assert desk.only.headline.startswith("ADB and Camp Alatoo carry one undertaking")


def test_an_amount_without_a_rate_is_told_in_its_currency_and_counted_as_unknown(desk: Desk) -> None:
    euros = transaction("commitment", 1_200_000, day="2090-01-01", currency="EUR") + transaction("disbursement", 5, day="2090-01-01", currency="EUR")
    desk.say(
        activity("A", MAILUU, reporter=UNDP, implementing=[UNDP], countries="KG", start="2008-01-01", inside=euros),
        activity("B", MAILUU, reporter=ADB, implementing=[ADB], countries="KG", start="2008-03-01", commitment=1e6),
    ).scan()
    told = {m.id: (m.money_usd, m.money_told) for m in desk.only.members}
    assert told == {"A": (None, "EUR 1,200,000 (no exchange rate for 2090)"), "B": (1e6, "")}
    assert "2 amounts have no exchange rate and count as unknown (EUR 2090: 2); rates can be given in lists/exchange_rates.csv." in str(desk.workspace.coverage())


def test_an_amount_of_which_a_part_has_no_rate_is_told_whole(desk: Desk) -> None:
    mixed = transaction("commitment", 1_000_000, day="2010-01-01") + transaction("commitment", 7, day="2090-01-01", currency="EUR")
    desk.say(
        activity("A", MAILUU, reporter=UNDP, implementing=[UNDP], countries="KG", start="2008-01-01", inside=mixed),
        activity("B", MAILUU, reporter=ADB, implementing=[ADB], countries="KG", start="2008-03-01"),
    ).scan()
    assert [m.money_told for m in desk.only.members] == ["USD 1,000,000 and EUR 7 (no exchange rate for 2090)", ""]
    desk.say(activity("B", MAILUU, reporter=ADB, implementing=[ADB], countries="KG", start="2008-03-01"))
    assert "exchange rate" not in str(desk.workspace.coverage())  # what is withdrawn is not counted


def test_a_draft_finds_what_we_do_already(desk: Desk) -> None:
    desk.say(activity("A", MAILUU, reporter="XM-DAC-41314|UNECE", implementing=["XM-DAC-41314|UNECE"], countries="KG", start="2008-01-01"))
    (match,) = desk.workspace.check(f"{MAILUU} in Kyrgyzstan")
    assert (match.side.id, match.pair.cls) == ("A", "joint")


def test_a_draft_without_a_start_is_compared_with_what_runs_now_and_no_time_is_told(desk: Desk) -> None:
    running = {"start": "2009-03-01", "end": "2010-12-31"}
    desk.say(activity("A", "Management of mountain pastures and water resources", reporter=UNDP, implementing=[UNDP], countries="KG", **running))
    (match,) = desk.workspace.check("Pasture management in Kyrgyzstan")
    assert match.side.id == "A"
    assert "dates" not in {reason.feature for reason in match.pair.reasons}
    assert match.pair.score == round(sum(reason.points for reason in match.pair.reasons), 3)


@pytest.mark.parametrize("title", ["Emergency Energy Assistance", "Third Road Rehabilitation", "Education Development", "Water Management Improvement Project"])
def test_a_draft_finds_its_own_title_whatever_its_words(desk: Desk, title: str) -> None:
    desk.say(activity("A", title, reporter=ADB, implementing=[ADB], countries="KG", start="2008-01-01"), activity("B", "Village schools", reporter=ADB, implementing=[ADB], countries="KG"))
    assert [match.side.id for match in desk.workspace.check(title, country=["KGZ"])] == ["A"]


def test_what_a_draft_was_not_compared_by_is_told(desk: Desk) -> None:
    desk.say(activity("A", "Village schools", reporter=ADB, implementing=[ADB], countries="KG"))
    told = desk.workspace.read_as("Irrigation in the Chu-Talas basin")
    assert [note.split(",")[0] for note in told] == ["No country is named in the text", "No time was compared"]
    assert desk.workspace.read_as("Irrigation in the Chu-Talas basin", country=["KGZ"], start=date(2026, 1, 1)) == []
    assert desk.workspace.read_as("A") == []


def test_named_queries_leave_out_what_no_dataset_tells_any_more(desk: Desk) -> None:
    desk.say(activity("A", "Wells", reporter=ADB, implementing=[ADB], countries="KG"), activity("B", "Roads", reporter=ADB, implementing=[ADB], countries="KG"))
    desk.say(activity("A", "Wells", reporter=ADB, implementing=[ADB], countries="KG"))
    assert list(desk.workspace.query("country_activities", country="KGZ")["activity"]) == ["A"]
    assert list(desk.workspace.query("organization_activities", organization="XM-DAC-46004")["activity"]) == ["A"]
    assert list(desk.workspace.query("country_organizations", country="KGZ")["activities"]) == [1]


def test_a_parameter_of_ones_own_cypher_must_be_given(desk: Desk) -> None:
    desk.say(activity("A", "Wells", reporter=ADB, implementing=[ADB], countries="KG"))
    with pytest.raises(StoreError, match=r"needs a value for country: .* nothing\.$"):
        desk.workspace.query(cypher="MATCH (c:Country) WHERE c.id = $country RETURN c.name")
    with pytest.raises(StoreError, match=r"needs a value for country: .* It has no parameter contry\."):
        desk.workspace.query(cypher="MATCH (c:Country) WHERE c.id = $country RETURN c.name", contry="KGZ")
    found = desk.workspace.query(cypher="MATCH (c:Country) WHERE c.id = $country RETURN c.name AS name, '$none' AS text", country="KGZ")
    assert list(found["name"]) == ["Kyrgyzstan"]


def test_a_named_query_takes_names_and_refuses_unknown_ones(desk: Desk) -> None:
    desk.say(activity("A", "Wells", reporter=ADB, implementing=[ADB], countries="KG"))
    assert list(desk.workspace.query("organization_activities", organization="Asian Development Bank")["activity"]) == ["A"]
    with pytest.raises(NotFound):
        desk.workspace.query("organization_activities", organization="Atlantis Bank")


def test_queries_take_activities_by_title_and_instruments_by_name(desk: Desk) -> None:
    desk.say(activity("A-1", "Wells of  Osh", reporter=ADB), activity("B-1", "Roads", reporter=ADB), activity("C-1", "Roads", reporter=UNDP), activity("D-1", "Dams", reporter=UNDP))
    desk.say(activity("A-1", "Wells of  Osh", reporter=ADB), activity("B-1", "Roads", reporter=ADB), activity("C-1", "Roads", reporter=UNDP))
    sources = desk.workspace.query
    by_id = sources("activity_sources", activity="A-1")
    assert len(by_id) == 1
    assert by_id.equals(sources("activity_sources", activity="wells of Osh")) and by_id.equals(sources("activity_sources", activity="a-1"))
    with pytest.raises(NotFound) as caught:
        sources("activity_sources", activity="roads")
    assert str(caught.value) == "'roads' is the title of 2 activities: B-1 (ADB), C-1 (UNDP). Give an identifier."
    with pytest.raises(NotFound, match=r"No activity with the identifier or title 'Wells of Os' is loaded\. Did you mean Wells of Osh\?"):
        sources("activity_sources", activity="Wells of Os")
    with pytest.raises(NotFound, match=r"title 'Dams' is loaded\.$"):  # no dataset tells it any more
        sources("activity_sources", activity="Dams")
    parties = sources("instrument_parties", instrument="WATER")
    assert len(parties) > 30
    assert parties.equals(sources("instrument_parties", instrument="water convention"))
    with pytest.raises(NotFound, match=r"'health' is no instrument\. It may be any of: Protocol on Water and Health \(WATER-HEALTH\)\."):
        sources("instrument_parties", instrument="health")
    with pytest.raises(NotFound, match=r"'Watr Convention' is no instrument\. It may be any of: Water Convention \(WATER\)"):
        sources("instrument_parties", instrument="Watr Convention")
