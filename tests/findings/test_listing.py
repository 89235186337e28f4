"""The list as it stands on a day: time, what is left out, order, filters and coverage."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnermap.errors import NotFound, WrongArgument
from partnermap.findings.timing import is_changeable, is_current, time_of
from partnermap.workspace import Workspace
from tests.findings.conftest import Desk
from tests.small_iati import ADB, BANK, GEF, UNDP, UNECE, UNEP, activity

DAY = date(2009, 6, 30)
INFO = "Environmental monitoring and information system for rivers"
ALIKE = "Information and monitoring of rivers: an environmental database"
MAILUU = "Uranium tailings of Mailuu-Suu made safe"


def by(who: str, identifier: str, title: str, **said: object) -> str:
    return activity(identifier, title, reporter=who, implementing=[who], **{"countries": "KG", **said})  # type: ignore[arg-type]


# --- time --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "status", "time"),
    [
        ("2010-01-01", "2011-01-01", "", "planned"),
        ("2010-01-01", "", "", "planned"),
        ("2009-06-30", "2009-06-30", "", "running"),
        ("2008-01-01", "2009-07-01", "", "running"),
        ("", "2009-07-01", "", "running"),
        ("2008-01-01", "2009-06-29", "", "closed"),
        ("", "2009-06-29", "", "closed"),
        ("2008-01-01", "", "", "end unknown"),
        ("2008-01-01", "", "4", "end unknown"),  # a status does not outdo a date
        ("2008-01-01", "2010-01-01", "4", "running"),
        ("", "", "", "end unknown"),
        ("", "", "1", "planned"),
        ("", "", "2", "end unknown"),
        ("", "", "3", "closed"),
        ("", "", "4", "closed"),
        ("", "", "5", "closed"),
    ],
)
def test_time_on_a_day(desk: Desk, start: str, end: str, status: str, time: str) -> None:
    desk.say(by(UNDP, "A", MAILUU, start=start, end=end, status=status), by(ADB, "B", MAILUU)).scan()
    assert next(m.time for m in desk.only.members if m.id == "A") == time


days = st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1))


@given(days, days, st.sampled_from(["", "1", "2", "3", "4", "5", "6"]))
def test_an_end_is_never_guessed(start: date | None, end: date | None, status: str) -> None:
    time = time_of(start, end, status, DAY)
    if end is None and start is not None and start <= DAY:
        assert time == "end unknown"
    if time == "closed":
        assert (end is not None and end < DAY) or (start is None and end is None)
    if is_changeable(start, end, time, DAY):
        assert is_current(start, time, DAY)


@pytest.mark.parametrize(
    ("start", "end", "listed"),
    [
        ("2003-07-02", "", True),  # unknown end, begun within six years: 6 * 365 days
        ("2003-07-01", "", False),
        ("1999-01-01", "2009-06-30", True),
        ("1999-01-01", "2009-06-29", False),
        ("2030-01-01", "", True),
        ("", "", False),
    ],
)
def test_a_pair_is_listed_when_a_side_may_still_run(desk: Desk, start: str, end: str, listed: bool) -> None:
    desk.say(by(UNDP, "A", MAILUU, start=start, end=end), by(ADB, "B", MAILUU, start="1990-01-01", end="1991-01-01")).scan()
    found = desk.workspace.listing()
    assert (len(found.findings), found.past) == ((1, 0) if listed else (0, 1))
    assert len(desk.workspace.listing(past=True).findings) == 1


def test_another_day_is_another_list(desk: Desk) -> None:
    desk.say(by(UNDP, "A", MAILUU, start="2003-01-01", end="2005-01-01"), by(ADB, "B", MAILUU, start="2003-01-01", end="2005-01-01")).scan()
    assert desk.listed() == []
    assert desk.listed(as_of="2004-06-30") == desk.listed(as_of=date(2004, 6, 30)) == ["KGZ-1"]
    assert desk.workspace.finding("KGZ-1").members[0].time == "closed"
    assert desk.workspace.finding("KGZ-1", date(2004, 6, 30)).members[0].time == "running"
    with pytest.raises(WrongArgument, match="as_of 'June' is no date such as 2026-05-31"):
        desk.listed(as_of="June")


def pairs_of_each_class() -> list[str]:
    """A parallel, a sequence, a joint undertaking and one grant told twice, between UNDP, ADB and the GEF."""
    return [
        by(UNDP, "p1", INFO, countries="TJ", start="2001-01-01"),
        by(ADB, "p2", ALIKE, countries="TJ", start="2002-06-01"),
        by(UNDP, "j1", MAILUU, countries="UZ", start="2001-01-01"),
        by(ADB, "j2", MAILUU, countries="UZ", start="2001-01-01"),
        by(ADB, "s1", "Roads of Sevan, phase I", countries="AM", start="1999-01-01"),
        by(UNDP, "s2", "Roads of Sevan, phase II", countries="AM", start="2002-06-01"),
        activity("g1", "Second Wetlands Conservation Project", reporter=GEF, funding=[GEF], implementing=[UNDP], countries="GE", start="2001-01-01", commitment=4_000_000),
        by(UNDP, "g2", "Second Wetlands Conservation Project", countries="GE", start="2001-01-01", funding=[GEF], commitment=4_000_000),
    ]


def test_what_is_over_is_learnt_from_not_called_about(desk: Desk) -> None:
    desk.say(*pairs_of_each_class()).scan()
    running = {f.cls: f.next_step for f in desk.all(as_of="2002-07-01")}
    assert running["parallel"] == "Call ADB: agree who covers which place and topic."
    assert running["joint"] == "Not a duplication: treat the 2 records as one undertaking; ask ADB and UNDP who leads."
    over = {f.cls: f.next_step for f in desk.all(as_of="2020-01-01")}
    learn = "Nothing of it is known to run any more: before planning something like it, ask {} for the completion report and any evaluation."
    assert over["parallel"] == learn.format("UNDP and ADB")
    assert over["sequence"] == running["sequence"] == "Ask ADB what remains of the earlier work, and for the completion report, before building on it."
    assert over["joint"] == "Not a duplication: treat the 2 records as one undertaking. " + learn.format("ADB and UNDP")
    assert over["same-money"] == running["same-money"] == "Confirm once with UNDP; totals follow."
    assert desk.workspace.finding("TJK-1", "2020-01-01").next_step == over["parallel"]


def test_where_one_of_two_has_ended_there_is_nothing_left_to_divide(desk: Desk) -> None:
    def step(one: str, other: str) -> str:
        desk.say(by(one, "A", INFO, start="2001-01-01", end="2007-12-31"), by(other, "B", ALIKE, start="2002-06-01", end="2012-12-31")).scan()
        assert desk.only.cls == "duplication"
        return desk.only.next_step

    report = "“Environmental monitoring and information system …” has ended: ask UNDP for the completion report and any evaluation before {}."
    assert step(UNDP, ADB) == report.format("the work of ADB goes on")
    assert step(UNDP, UNECE) == report.format("ours goes on")
    assert step(UNECE, ADB) == "Ours has ended: tell ADB what came of it."
    assert desk.workspace.finding("KGZ-1", "2007-06-30").next_step == "Before going on, ask ADB what its activity covers and who does which part."


def test_of_what_is_over_our_own_office_is_not_asked(desk: Desk) -> None:
    for start, cls in (("2002-06-01", "duplication"), ("2001-01-01", "joint")):
        desk.say(
            by(UNECE, "A", INFO, start="2001-01-01", end="2004-12-31"),
            activity("B", ALIKE, reporter=ADB, implementing=[ADB, "|Ministry of Water"], countries="KG", start=start, end="2004-12-31"),
        ).scan()
        assert desk.only.cls == cls
        assert "ask ADB and Ministry of Water for the completion report" in desk.only.next_step


def test_of_two_records_of_ours_nobody_is_asked(desk: Desk) -> None:
    one = {"start": "2001-01-01", "commitment": 100_000, "countries": "KG"}
    desk.say(by(UNECE, "A", INFO, **one), by(UNECE, "B", INFO, **one)).scan()
    assert desk.only.cls == "same-activity"
    assert desk.only.next_step == "All these records are ours: decide which of them tells the amount; totals follow."


# --- order and filters -------------------------------------------------------------------------


def table(desk: Desk) -> dict[str, str]:
    """A list with findings of many kinds; number to what it is."""
    both = dict(start="2008-01-01", end="2010-12-31")
    later = dict(start="2009-06-01", end="2011-12-31")
    desk.say(
        # ours: closing in under six months, and still changeable
        by(UNECE, "o1", INFO, countries="AM", start="2008-01-01", end="2009-12-01", sectors="21010"),
        by(UNDP, "o2", ALIKE, countries="AM", start="2009-06-01", end="2011-12-31", sectors="21010"),
        by(UNECE, "o3", MAILUU, countries="UZ", start="2008-01-01", end="2012-12-31"),
        by(UNDP, "o4", MAILUU, countries="UZ", start="2008-01-01", end="2012-12-31"),
        # partners: duplication, parallels with and without money, joint
        by(UNDP, "p1", INFO, countries="GE", **both),
        by(ADB, "p2", ALIKE, countries="GE", **later),
        by(UNDP, "p3", INFO, countries="TJ", start="2008-01-01", commitment=100),
        by(ADB, "p4", ALIKE, countries="TJ", start="2009-06-01", commitment=300),
        by(UNDP, "p5", INFO, countries="TM", start="2008-01-01", commitment=9000),
        by(ADB, "p6", ALIKE, countries="TM", start="2009-06-01", commitment=27000),
        by(UNDP, "p7", INFO, countries="AZ", start="2008-01-01"),
        by(ADB, "p8", ALIKE, countries="AZ", start="2009-06-01"),
        by(UNEP, "p9", "CACILM: Pastures", start="2008-01-01"),
        by(BANK, "q1", "CACILM: Drylands", countries="KG UZ", start="2009-06-01"),
        # one actor's own
        by(GEF, "GEF-123-012", "Wells", start="2008-01-01"),
        by(GEF, "GEF-123-013", "Roads", start="2008-01-01"),
        # over
        by(UNDP, "z1", MAILUU, countries="MD", start="1990-01-01", end="1991-01-01"),
        by(ADB, "z2", MAILUU, countries="MD", start="1990-01-01", end="1991-01-01"),
    ).scan()
    return {f.number: f.cls for f in desk.all()}


ORDER = ["UZB-1", "ARM-1", "GEO-1", "TKM-1", "TJK-1", "AZE-1", "CAS-1"]


def test_order_ours_then_changeable_then_class_then_money(desk: Desk) -> None:
    classes = table(desk)
    assert classes == {"UZB-1": "joint", "ARM-1": "duplication", "GEO-1": "duplication", "TKM-1": "parallel", "TJK-1": "parallel", "AZE-1": "parallel", "CAS-1": "joint", "KGZ-1": "part-of", "MDA-1": "joint"}
    assert desk.listed() == ORDER
    found = desk.workspace.listing()
    assert (found.past, found.inside, found.total) == (1, 1, len(ORDER))
    assert [f.concerns for f in found.findings] == ["ours", "ours", *["partners"] * 5]


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (dict(country="Tajikistan"), ["TJK-1"]),
        (dict(country="TJ"), ["TJK-1"]),
        (dict(country="tjk"), ["TJK-1"]),
        (dict(country="Таджикистан"), ["TJK-1"]),
        (dict(country="KGZ"), ["CAS-1"]),
        (dict(group="south_caucasus"), ["ARM-1", "GEO-1", "AZE-1"]),
        (dict(group="South Caucasus"), ["ARM-1", "GEO-1", "AZE-1"]),
        (dict(group="CAS"), ["UZB-1", "TKM-1", "TJK-1", "CAS-1"]),
        (dict(country="Armenia", group="CAS"), ["UZB-1", "ARM-1", "TKM-1", "TJK-1", "CAS-1"]),  # either
        (dict(organization="UNECE"), ["UZB-1", "ARM-1"]),
        (dict(organization="united nations environment programme"), ["CAS-1"]),
        (dict(organization="44000"), ["CAS-1"]),
        (dict(area="TRA"), ["ARM-1"]),
        (dict(area="transport"), ["ARM-1"]),
        (dict(cls="duplication"), ["ARM-1", "GEO-1"]),
        (dict(cls="possible duplication"), ["ARM-1", "GEO-1"]),
        (dict(cls="part-of"), ["KGZ-1"]),
        (dict(concerns="ours"), ["UZB-1", "ARM-1"]),
        (dict(concerns="partners"), ORDER[2:]),
        (dict(concerns="one actor"), ["KGZ-1"]),
        (dict(past=True, country="MD"), ["MDA-1"]),
        (dict(status="decided"), []),
        (dict(status="all"), ORDER),
        (dict(since="scan-1"), ORDER),
        (dict(top=2), ORDER[:2]),
        (dict(top=0), ORDER),
        (dict(kind="overlap"), ORDER),
        (dict(country="KG", organization="ADB"), []),
    ],
)
def test_filters(desk: Desk, filters: dict, numbers: list[str]) -> None:
    table(desk)
    assert desk.listed(**filters) == numbers


def test_a_list_of_a_country_says_how_many_of_the_records_name_it(desk: Desk) -> None:
    table(desk)

    def here(**asked: object) -> dict[str, int | None]:
        return {f.number: f.members_here for f in desk.workspace.listing(**asked).findings}

    assert here(country="UZ") == {"UZB-1": 2, "CAS-1": 1}
    assert here(country=["KG", "UZ"])["CAS-1"] == 2
    assert set(here().values()) == {None}
    frame = desk.workspace.findings(country="UZ")
    assert dict(zip(frame["number"], frame["members_here"], strict=True)) == {"UZB-1": "2 of 2", "CAS-1": "1 of 2"}
    assert set(desk.workspace.findings()["members_here"]) == {""}


def test_a_list_of_an_area_says_how_many_activities_have_one(desk: Desk) -> None:
    table(desk)
    assert "2 of 18 activities have an area: a list by area finds no others." in str(desk.workspace.listing(area="TRA").coverage)
    there = str(desk.workspace.listing(area="TRA", country="Georgia").coverage)
    assert there.startswith("Looked at 2 activities in Georgia of 2 organizations") and "0 of 2 activities have an area: a list by area finds no others." in there
    assert "an area" not in str(desk.workspace.listing(country="Georgia").coverage)


def test_since_lists_what_a_later_scan_numbered(desk: Desk) -> None:
    desk.say(by(UNDP, "A", MAILUU, start="2009-01-01"), by(ADB, "B", MAILUU, start="2009-01-01")).scan()
    desk.say(by(UNDP, "C", INFO, countries="TJ", start="2009-01-01"), by(ADB, "D", INFO, countries="TJ", start="2009-01-01"), dataset="more").scan()
    assert desk.listed(since="scan-2") == ["TJK-1"]
    assert set(desk.listed(since="scan-1")) == {"TJK-1", "KGZ-1"}


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (dict(country="Atlantis"), "'Atlantis' is no country. Give a name, or a code such as KGZ or KG."),
        (dict(group="Atlantis"), "'Atlantis' is no group of countries. Known: "),
        (dict(organization="Atlantis"), "No organization called 'Atlantis' is loaded or listed. Find it with: partnermap organizations --find TEXT"),
        (dict(organization="development"), "'development' may be any of: United Nations Development Programme (XM-DAC-41114), Asian Development Bank (XM-DAC-46004). Give the id in brackets."),
        (dict(area="Atlantis"), "'Atlantis' is no area. Known: "),
        (dict(cls="atlantis"), "'atlantis' is no class. Known: duplication, parallel, sequence, joint, same-money, same-activity, part-of."),
        (dict(kind="atlantis"), "'atlantis' is no kind of finding. Known: overlap."),
        (dict(since="yesterday"), "There is no scan 'yesterday'."),
        (dict(since="scan-9"), "There is no scan 'scan-9'."),
        (dict(status="atlantis"), "'atlantis' is no status. Known: open, decided, all."),
        (dict(concerns="atlantis"), "'atlantis' concerns nobody. Known: ours, partners, one actor."),
    ],
)
def test_an_unknown_name_is_told(desk: Desk, filters: dict, message: str) -> None:
    desk.say(by(UNDP, "A", MAILUU, start="2009-01-01"), by(ADB, "B", MAILUU, start="2009-01-01")).scan()
    with pytest.raises(NotFound) as caught:
        desk.listed(**filters)
    assert str(caught.value).startswith(message)


# --- coverage ----------------------------------------------------------------------------------


def test_coverage_says_what_was_looked_at(desk: Desk) -> None:
    path = desk.workspace.folder / "partnermap.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("expected = []", 'expected = ["UNDP", "OSCE", "Atlantis Fund"]'), encoding="utf-8")
    desk.say(
        by(UNDP, "A", MAILUU, start="2009-01-01"),
        by(ADB, "B", MAILUU, start="2009-02-01"),
        by(ADB, "C", "Loan", countries="TJ", start="2031-01-01", commitment=2e10),
    ).scan()
    with Workspace(desk.workspace.folder) as workspace:
        whole = str(workspace.listing().coverage)
    assert whole == (
        "Looked at 3 activities of 2 organizations (ADB, UNDP), newest date 2009-02-01, as of 2009-06-30. Nothing loaded of: OSCE, Atlantis Fund. "
        "No activity of ours (UNECE) is loaded. 1 amount too large to believe left out of sums."
    )


def test_whom_we_name_beside_us_is_not_loaded(desk: Desk) -> None:
    """Until OSCE tells something itself, or somebody else tells of its work."""
    path = desk.workspace.folder / "partnermap.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("expected = []", 'expected = ["OSCE"]'), encoding="utf-8")

    def is_missing(*said: str) -> bool:
        desk.say(*said).scan()
        with Workspace(desk.workspace.folder) as workspace:
            return "Nothing loaded of: OSCE." in str(workspace.listing().coverage)

    ours = activity("A", MAILUU, reporter=UNECE, implementing=[UNECE, "|OSCE"], countries="KG")
    assert is_missing(ours)
    assert not is_missing(ours, activity("B", "Roads", reporter=UNDP, implementing=[UNDP, "|OSCE"], countries="KG"))


def test_coverage_of_a_part_says_what_was_looked_at_there(desk: Desk) -> None:
    path = desk.workspace.folder / "partnermap.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("expected = []", 'expected = ["UNDP", "OSCE", "WB"]'), encoding="utf-8")
    desk.say(
        by(UNDP, "A", MAILUU, start="2009-01-01"),
        by(ADB, "B", MAILUU, start="2007-02-01"),
        by(UNECE, "C", "Loan", countries="TJ", start="2004-01-01", commitment=2e10),
        activity("D", "Regional wells", reporter=ADB, regions="298"),
        dataset="first",
    )
    desk.say(by(UNDP, "A", MAILUU, start="2009-01-01"), by(UNDP, "E", "Roads", countries="TJ"), dataset="second")
    desk.say(by(BANK, "F", "Roads", countries="UZ", commitment=5, start="2003-01-01"), dataset="third").scan()

    def told(**asked: object) -> str:
        with Workspace(desk.workspace.folder) as workspace:
            return str(workspace.listing(**asked).coverage)

    loaded = "Loaded in all: 6 activities of 4 organizations."
    assert told(country="KG") == (
        "Looked at 2 activities in Kyrgyzstan of 2 organizations (UNDP, ADB), newest date 2009-01-01, as of 2009-06-30. "
        f"By dataset: first 2 (newest 2009), second 1 (newest 2009); none in third. {loaded} Nothing there of: WB. Nothing loaded of: OSCE. "
        "1 more activity names no country, and is in no list of one. None of these activities is ours."
    )
    # the amount in doubt is Tajikistan's, and so is what is ours
    assert told(country=["KG", "UZ"]).startswith("Looked at 3 activities in Kyrgyzstan or Uzbekistan of 3 organizations") and "too large" not in told(country="KG")
    assert told(country="TJ").endswith("1 more activity names no country, and is in no list of one. 1 amount too large to believe left out of sums.")
    assert "second 1 (no date)" in told(country="TJ")
    assert told(organization="UNDP") == (
        "Looked at 2 activities of UNDP (which it carries out, funds or tells), newest date 2009-01-01, as of 2009-06-30. "
        f"By dataset: second 2 (newest 2009), first 1 (newest 2009); none in third. {loaded} Nothing loaded of: OSCE."
    )
    assert told(organization="WB", country="KG").startswith(
        "Looked at 0 activities of WB (which it carries out, funds or tells) in Kyrgyzstan, newest date unknown, as of 2009-06-30. "
        f"By dataset: none in first, second, third. {loaded}"
    )
    assert told(group="central_asia").startswith("Looked at 5 activities in Central Asia (five) of 4 organizations")
