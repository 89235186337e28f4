"""One small case of each class, by the three questions of the design."""

from __future__ import annotations

import pytest

from tests.pairing.conftest import Scan
from tests.small_iati import (
    ADB,
    BANK,
    GEF,
    UNDP,
    UNECE,
    UNEP,
    activity,
    related,
    transaction,
)

MAILUU = "Uranium tailings of Mailuu-Suu made safe"
INFO = "Environmental monitoring and information system for rivers"
FIVE = "KG KZ TJ TM UZ"
TOWN = "<location><name><narrative>{}</narrative></name></location>"
RUNS = dict(start="2008-01-01", end="2010-12-31")


def by(who: str, identifier: str, title: str, **said: object) -> str:
    return activity(identifier, title, reporter=who, implementing=[who], **{"countries": "KG", **said})  # type: ignore[arg-type]


CASES = {
    "same-activity, told twice": (by(UNDP, "A", MAILUU, commitment=1e6, start="2009-01-01"), by(UNDP, "B", MAILUU, commitment=1e6, start="2009-01-20"), "same-activity"),
    "same-money, a link says it": (by(GEF, "A", "Help to schools", inside=transaction("disbursement", 60, receiver="B")), by(UNDP, "B", "Textbooks"), "same-money"),
    "same-money, a funder line and a like title": (by(GEF, "A", MAILUU, commitment=1e6), by(UNDP, "B", f"KG - {MAILUU}", funding=[GEF], commitment=1.02e6), "same-money"),
    "same-money, one number": (by(GEF, "A", MAILUU, inside='<other-identifier ref="P095206" type="A1"/>'), by(BANK, "B", "Disaster hazard", inside='<other-identifier ref="P095206" type="A1"/>'), "same-money"),
    "not the same money: amounts differ": (by(GEF, "A", MAILUU, commitment=1e6), by(UNDP, "B", MAILUU, funding=[GEF], commitment=9e6), "joint"),
    "not the same money: a title names another country": (by(GEF, "A", f"{MAILUU} in Armenia", commitment=1e6), by(UNDP, "B", MAILUU, funding=[GEF], commitment=1.02e6), "joint"),
    "same-money, a title names one of the countries": (by(GEF, "A", f"{MAILUU} in Uzbekistan", commitment=1e6, countries="KG UZ"), by(UNDP, "B", MAILUU, funding=[GEF], commitment=1.02e6, countries="KG UZ"), "same-money"),
    "same-money, a title names a river called after a country": (by(GEF, "A", "Uranium tailings of the Senegal River made safe", commitment=1e6), by(UNDP, "B", "Uranium tailings of a river made safe", funding=[GEF], commitment=1.02e6), "same-money"),
    "same-money, a title names what may be either of two countries": (by(GEF, "A", f"{MAILUU} in Congo DR", commitment=1e6, countries="CD"), by(UNDP, "B", MAILUU, funding=[GEF], commitment=1.02e6, countries="CD"), "same-money"),
    **{
        f"same-money, a title says “{words}”": (by(GEF, "A", f"{MAILUU} {words}", commitment=1e6), by(UNDP, "B", MAILUU, funding=[GEF], commitment=1.02e6), "same-money")
        for words in ("on the main island", "(US$ 5 million)", "(Japan Fund for Poverty Reduction)", "with lessons for Latin America", "in New Jersey's way")
    },
    "same-money, its agency told it four years before": (by(GEF, "A", MAILUU, commitment=1e6, start="2006-01-01"), by(UNDP, "B", MAILUU, funding=[GEF], commitment=1.02e6, start="2002-01-01"), "same-money"),
    "not the same money: the grant began four years before": (by(GEF, "A", MAILUU, commitment=1e6, start="2002-01-01"), by(UNDP, "B", MAILUU, funding=[GEF], commitment=1.02e6, start="2006-01-01"), "sequence"),
    "not the same money: the grant's first year is four years before": (by(GEF, "A", MAILUU, inside=transaction("disbursement", 1e6, day="2002-01-01")), by(UNDP, "B", MAILUU, funding=[GEF], commitment=1.02e6, start="2006-01-01"), "sequence"),
    "not the same money: the first project of a whole, years later": (
        by(GEF, "A", "Uranium tailings of Mailuu-Suu: project I, safe dams", commitment=1e6, start="2004-07-01"),
        by(UNDP, "B", "Uranium tailings of Mailuu-Suu", funding=[GEF], start="2001-05-01"),
        "sequence",
    ),
    "same-money, the first project of a whole, of one amount": (
        by(GEF, "A", "Uranium tailings of Mailuu-Suu: project I, safe dams", commitment=1e6, start="2004-07-01"),
        by(UNDP, "B", "Uranium tailings of Mailuu-Suu", funding=[GEF], commitment=1.02e6, start="2001-05-01"),
        "same-money",
    ),
    "same-money, words of the field, one amount and year": (
        by(GEF, "A", "Sustainable land management country programme", commitment=6.9e6, start="2011-01-01"),
        by(UNDP, "B", "Scaling up sustainable land management practice, skills and coordination", funding=[GEF], commitment=6.8e6, start="2010-07-01"),
        "same-money",
    ),
    "not the same money: words of the field in a longer title, another year": (
        by(GEF, "A", "Sustainable land management country programme", commitment=6.9e6, start="2011-12-01"),
        by(UNDP, "B", "Scaling up sustainable land management practice, skills and coordination", funding=[GEF], commitment=6.8e6, start="2010-07-01"),
        "joint",
    ),
    "not the same money: words of the field and other amounts": (
        by(GEF, "A", "Knowledge for sustainable land management", commitment=2e6, start="2010-01-01"),
        by(UNDP, "B", "Sustainable land management", funding=[GEF], commitment=6.2e6, start="2010-06-01"),
        "joint",
    ),
    "same-money, each names the other, one place and year": (
        activity("A", "Fostering farms", reporter=GEF, implementing=[UNDP], countries="KG", start="2010-01-01", inside=TOWN.format("Naryn"), commitment=8.5e6, description="Terraces for orchards and walnut groves."),
        by(UNDP, "B", "Sustainable land", funding=[GEF], start="2010-02-01", inside=TOWN.format("Naryn"), commitment=6.2e6, description="Walnut orchards on terraces."),
        "same-money",
    ),
    "same-money, a phase that one title numbers, of one day": (
        activity("A", "Growing walnut forests of Arslanbob", reporter=GEF, implementing=[UNDP], countries="KG", start="2011-03-15", commitment=1e6),
        by(UNDP, "B", "Walnut forests of Arslanbob - II", funding=[GEF], start="2011-03-15"),
        "same-money",
    ),
    "not the same money: a phase that one title numbers, of another day": (
        activity("A", "Growing walnut forests of Arslanbob", reporter=GEF, implementing=[UNDP], countries="KG", start="2011-03-15", commitment=1e6),
        by(UNDP, "B", "Walnut forests of Arslanbob - II", funding=[GEF], start="2011-05-15"),
        "joint",
    ),
    "unrelated: each names the other, but the titles name different things at different places": (
        activity("A", "Arslanbob farm pollution control", reporter=GEF, implementing=[UNDP], countries="KG", inside=TOWN.format("Bazar-Korgon"), commitment=5.1e6),
        by(UNDP, "B", "Karakol farm and lake pollution reduction in villages", funding=[GEF], start="2010-06-10", inside=TOWN.format("Karakol"), commitment=4.79e6),
        "unrelated",
    ),
    "unrelated: each names the other, other countries besides, and one word of the field": (
        activity("A", "Tigers in landscapes: conservation", reporter=GEF, implementing=[UNDP], countries="KG KZ UZ TJ", start="2010-01-01", commitment=1e6),
        by(UNDP, "B", "Conservation of the Naryn park", funding=[GEF], start="2011-06-01", commitment=1.02e6),
        "unrelated",
    ),
    "unrelated: a common title inside another, no place told": (by(UNDP, "A", "Flood preparedness and response", countries="", start="2010-01-01"), by(ADB, "B", "Flood preparedness and response for farms", countries="", start="2010-02-01"), "unrelated"),
    "unrelated: a form of grant in both titles": (by(UNDP, "A", "El Triunfo reserve habitats (GEF-MSP)"), by(ADB, "B", "Land tenure mechanisms (GEF-MSP)"), "unrelated"),
    "joint, one is named as a partner in what the other carries out itself": (
        activity("A", MAILUU, reporter=UNDP, implementing=[UNDP, ADB], countries="KG", start="2009-01-01"),
        by(ADB, "B", MAILUU, start="2009-06-01", commitment=1e6),
        "joint",
    ),
    "same-money, carried out for one that only tells it": (
        activity("A", MAILUU, reporter=UNDP, implementing=[ADB], countries="KG", start="2009-01-01"),
        by(ADB, "B", MAILUU, start="2009-06-01", commitment=1e6),
        "same-money",
    ),
    "joint, one name": (by(UNDP, "A", "CACILM: Pastures of Susamyr"), by(ADB, "B", "CACILM: Drylands partnership", countries="KG UZ"), "joint"),
    "joint, a name written out": (by(UNDP, "A", "CACILM land management of pastures"), by(ADB, "B", "Central Asian Countries Initiative for Land Management"), "joint"),
    "joint, a partner named beside co-financing": (
        by(ADB, "A", "Osh-Batken road", start="2009-07-01", description="The road is expected to be co-financed with the World Bank."),
        by(BANK, "B", "Osh-Batken-Isfana road corridor", start="2009-11-01"),
        "joint",
    ),
    "part-of, the number's root": (by(UNDP, "KG-12345-012", "Police advice"), by(UNDP, "KG-12345-013", "Border guard training"), "part-of"),
    "part-of, more money for what one organization began": (by(BANK, "KG-12345-012", "Naryn town roads", start="2004-01-01"), by(BANK, "KG-12345-013", "Add'l financing of Naryn town roads", start="2006-01-01"), "part-of"),
    "part-of, filed under a parent": (by(UNDP, "A", "Police advice", inside=related("B", "1")), by(UNDP, "B", "Rule of law"), "part-of"),
    "sequence, phase II": (by(ADB, "A", "Customs cooperation of border posts", start="2002-01-01"), by(BANK, "B", "Customs cooperation of border posts, phase II", start="2005-01-01"), "sequence"),
    "sequence, a preparation": (by(ADB, "A", "Preparation of the Naryn irrigation and watershed plan", start="2002-01-01"), by(BANK, "B", "Naryn irrigation and watershed plan", start="2003-06-01"), "sequence"),
    "sequence, five years later": (
        by(ADB, "A", "Regional Environmental Action Plan", countries=FIVE, start="2000-09-19"),
        by(UNEP, "B", "Support to the Regional Environmental Action Plan", countries=FIVE, start="2005-12-01"),
        "sequence",
    ),
    "sequence, of one actor": (by(ADB, "A", "SUSAMYR pastures", start="2002-01-01"), by(ADB, "B", "SUSAMYR pastures, phase II", start="2005-01-01"), "sequence"),
    "duplication, both dates of both": (by(UNECE, "A", INFO, **RUNS), by(UNDP, "B", "Information and monitoring of rivers: an environmental database", start="2009-06-01", end="2011-12-31"), "duplication"),
    "parallel, one date missing": (by(UNECE, "A", INFO, **RUNS), by(UNDP, "B", "Information and monitoring of rivers: an environmental database", start="2009-06-01"), "parallel"),
    "parallel, unlike in kind": (by(UNECE, "A", f"Workshop on {INFO}", **RUNS), by(UNDP, "B", "Information and monitoring of rivers: an environmental database", start="2009-06-01", end="2011-12-31"), "parallel"),
    "unrelated, apart in time": (by(UNECE, "A", INFO, **RUNS), by(UNDP, "B", "Information and monitoring of rivers: an environmental database", start="2012-06-01", end="2013-12-31"), "unrelated"),
    "unrelated, only a place in common": (by(UNECE, "A", "Issyk-Kul roads", **RUNS, inside=TOWN.format("Issyk-Kul")), by(UNDP, "B", "Issyk-Kul hospitals", **RUNS, inside=TOWN.format("Issyk-Kul")), "unrelated"),
    "unrelated, only words of form": (by(UNECE, "A", "Emergency Flood Rehabilitation Project", **RUNS), by(UNDP, "B", "Emergency Road Rehabilitation Project", **RUNS), "unrelated"),
    "unrelated, different countries": (by(UNECE, "A", INFO, **RUNS), by(UNDP, "B", INFO, **RUNS, countries="AM"), "unrelated"),
    "unrelated, a phase II in other countries of the region": (by(ADB, "A", "Customs cooperation of border posts", start="2002-01-01", countries="KG UZ", commitment=100), by(BANK, "B", "Customs cooperation of border posts, phase II", start="2005-01-01", countries="AM GE", commitment=100), "unrelated"),
    "unrelated, only the country's name": (by(UNECE, "A", "Roads of Kyrgyzstan", **RUNS), by(UNDP, "B", "Schools of Kyrgyzstan", **RUNS), "unrelated"),
    "unrelated, nothing in common": (by(UNECE, "A", MAILUU, **RUNS), by(UNDP, "B", "Village schools", **RUNS), "unrelated"),
}


@pytest.mark.parametrize("case", CASES)
def test_class(scanned: Scan, case: str) -> None:
    left, right, cls = CASES[case]
    assert scanned(left, right).cls == cls
    # the same whatever the order in the file
    assert scanned(right, left).cls == cls


def test_what_is_counted_once(scanned: Scan) -> None:
    """The link's amount where there is one, else the smaller side; unknown where a side is."""
    link = dict(inside=transaction("disbursement", 60, receiver="B"))
    assert scanned(by(GEF, "A", MAILUU, commitment=100, **link), by(UNDP, "B", MAILUU, commitment=90)).one.counted_once_usd == 60
    assert scanned(by(GEF, "A", MAILUU, commitment=100), by(UNDP, "B", MAILUU, funding=[GEF], commitment=96)).one.counted_once_usd == 96
    assert scanned(by(GEF, "A", MAILUU, commitment=100), by(UNDP, "B", MAILUU, funding=[GEF])).one.counted_once_usd is None
    assert scanned(by(UNDP, "A", "CACILM: Pastures", commitment=100), by(ADB, "B", "CACILM: Drylands", commitment=100)).one.counted_once_usd is None


def test_titles_of_form_and_place_alone_are_compared_too(scanned: Scan) -> None:
    assert scanned(by(UNDP, "A", "Phase 1", inside=TOWN.format("District 1"))).pairs == {}
    assert scanned(by(UNDP, "A", "Phase 1", inside=TOWN.format("District 1")), by(ADB, "B", "Stage 2", inside=TOWN.format("District 1"))).pairs == {}


def test_an_activity_for_a_small_group_of_countries_meets_those_of_its_members(scanned: Scan) -> None:
    group = '<recipient-region code="619" vocabulary="1"/>'  # Central Asia
    found = scanned(by(UNECE, "A", "Dam safety", countries="", inside=group, **RUNS), by(UNDP, "B", "Dam safety", countries="KG", **RUNS))
    assert found.cls == "parallel"
    assert found.levels["place"] == "part"
    assert scanned(by(UNECE, "A", "Dam safety", countries="", inside=group, **RUNS), by(UNDP, "B", "Dam safety", countries="AM", **RUNS)).cls == "unrelated"
