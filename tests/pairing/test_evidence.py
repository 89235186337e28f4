"""Each feature: a hit, a miss, and the unknown, which adds nothing; points add up to the score."""

from __future__ import annotations

from decimal import Decimal

import pytest

from partnermap.errors import NotFound
from partnermap.pairing.weights import load_weights
from tests.pairing.conftest import Scan
from tests.small_iati import (
    ADB,
    AIDDATA,
    BANK,
    GEF,
    UNDP,
    UNEP,
    activity,
    related,
    transaction,
)

TITLE = "Uranium tailings of Mailuu-Suu made safe"
NUMBER = '<other-identifier ref="{}" type="A1"/>'
TOWN = '<location><location-id vocabulary="G1" code="{0}"/><name><narrative>{0}</narrative></name></location>'
MEMBER = "|Ministry of Emergency Situations"
WORDS = "Slag heaps, cesium, radon galleries and dosimeters of the tailings"
BOTH_DATES = dict(start="2008-01-01", end="2012-12-31")
WITH = "The work is co-financed with the Asian Development Bank, which leads."

# feature, what is said of A and of B beside a title, the level that is found (None: it says nothing)
CASES = [
    ("link", dict(inside=transaction("disbursement", 5, receiver="B")), {}, "funds"),
    ("link", dict(inside=transaction("incoming", 5, provider="B")), {}, "funded-by"),
    ("link", dict(inside=related("B", "1")), {}, "parent"),
    ("link", {}, dict(inside=related("A", "1")), "child"),
    ("link", dict(inside=related("B", "3")), {}, "sibling"),
    ("link", dict(inside=related("B", "4")), {}, "co-funded"),
    ("link", dict(inside=related("B", "5")), {}, "third-party"),
    ("link", dict(inside=related("elsewhere", "1")), {}, None),
    ("link", {}, {}, None),
    ("number", dict(inside=NUMBER.format("P083235")), dict(inside=NUMBER.format("P083235")), "same"),
    ("number", dict(inside=NUMBER.format("P083235")), dict(inside=NUMBER.format("P095206")), None),
    ("number", dict(inside=NUMBER.format("1234")), dict(inside=NUMBER.format("1234")), None),  # too short to name one thing
    ("number", dict(inside=NUMBER.format("P083235")), {}, None),
    ("acronym", dict(title=f"SUSAMYR: {TITLE}"), dict(title=f"{TITLE} (SUSAMYR)"), "shared"),
    ("acronym", dict(title=f"SUSA: {TITLE}"), dict(title=f"{TITLE} (SUSA)"), "short"),
    ("acronym", dict(title=f"UTMMS: {TITLE}"), dict(title="Uranium Tailings Mailuu-Suu Made Safe"), None),  # U T M S M S
    ("acronym", dict(title=f"UTMSMS: {TITLE}"), dict(title="Uranium Tailings of Mailuu-Suu Made Safe"), "written-out"),
    ("acronym", dict(title=f"SUSAMYR: {TITLE}"), dict(title=f"NARYNGES: {TITLE}"), None),
    ("acronym", dict(title=f"UNDP: {TITLE}"), dict(title=f"{TITLE} (UNDP)"), None),  # an organization
    ("acronym", dict(title=f"COVID: {TITLE}"), dict(title=f"{TITLE} (COVID)"), None),  # a word of the field
    ("acronym", {}, {}, None),
    ("title", {}, {}, "equal"),
    ("title", {}, dict(title=f"Support to {TITLE.lower()} and of Sumsar"), "contained"),
    ("title", dict(inside=related("B", "4")), dict(title="Village schools"), None),
    ("title", dict(inside=related("B", "4")), dict(title=""), None),
    ("terms", dict(description=WORDS), dict(description=WORDS), "many"),
    ("terms", dict(description=WORDS), dict(description="Roads, culverts and bridges for lorries"), None),
    ("terms", dict(description=WORDS), {}, None),
    ("sector", dict(sectors="14010"), dict(sectors="14010"), "same"),
    ("sector", dict(sectors="14010"), dict(sectors="14030"), "related"),
    ("sector", dict(sectors="14010"), dict(sectors="15110"), "other"),
    ("sector", dict(sectors="14010"), {}, None),
    ("sector", dict(sectors="0"), dict(sectors="0"), None),  # no valid codes
    ("teller", dict(reporter=GEF), dict(funding=[GEF]), "funder"),
    ("teller", dict(reporter=AIDDATA, secondary=True, funding=[GEF]), dict(funding=[GEF]), "funder"),
    ("teller", dict(implementing=[UNDP], reporter=GEF), {}, "implementer"),
    ("teller", dict(reporter=ADB), dict(funding=[GEF]), None),
    ("teller", dict(reporter=ADB), {}, None),
    ("partner", {}, dict(reporter=UNDP, description=WITH), "named"),
    ("partner", {}, dict(reporter=UNDP, description="As the Asian Development Bank found in a study, radon is high."), None),
    ("partner", {}, dict(reporter=UNDP, description="The work is co-financed with the Islamic Development Bank."), None),
    ("partner", {}, {}, None),
    ("together", dict(extending=[UNEP], implementing=[ADB]), dict(funding=[UNEP], implementing=[UNDP]), "shared"),
    ("together", dict(extending=[UNEP], implementing=[ADB]), dict(funding=[BANK], implementing=[UNDP]), None),
    ("together", {}, {}, None),
    ("money", dict(commitment=1000), dict(commitment=951), "equal"),
    ("money", dict(commitment=1000), dict(commitment=760), "near"),
    ("money", dict(commitment=1000), dict(commitment=500), None),
    ("money", dict(commitment=1000), dict(commitment=190), None),  # no argument against one undertaking
    ("money", dict(commitment=1000), {}, None),
    ("money", dict(commitment=2e11), dict(commitment=2e11), None),  # too large to believe
    ("dates", dict(start="2008-01-01"), dict(start="2008-12-31"), "near"),
    ("dates", dict(start="2008-01-01"), dict(start="2010-06-01"), None),
    ("dates", dict(start="2008-01-01"), dict(start="2012-02-01"), None),  # far apart: what a sequence is
    ("dates", BOTH_DATES, dict(start="2010-01-01", end="2013-01-01"), "overlap"),
    ("dates", dict(start="2008-01-01", end="2009-01-01"), dict(start="2010-06-01"), None),
    ("dates", dict(start="2008-01-01"), {}, None),
    ("dates", dict(end="2008-01-01"), dict(end="2008-01-01"), None),
    ("place", {}, {}, "same"),
    ("place", dict(countries="KG UZ"), dict(countries="KG UZ"), "same-several"),
    ("place", dict(countries={"KG": 80, "UZ": 20}), dict(countries="KG"), "most"),
    ("place", dict(countries={"KG": 20, "UZ": 80}), dict(countries="KG"), "part"),
    ("place", dict(countries="", regions="89"), dict(countries="", regions="89"), "region"),
    ("place", dict(countries="", regions="998"), dict(countries="", regions="998"), None),  # the world is no place
    ("place", dict(countries="UZ", inside=related("B", "4")), {}, "other-country"),
    ("place", dict(countries="", inside=related("B", "4")), {}, None),
    ("spot", dict(inside=TOWN.format("Osh")), dict(inside=TOWN.format("Osh")), "shared"),
    ("spot", dict(inside=TOWN.format("Osh")), dict(inside=TOWN.format("Naryn")), "other"),
    ("spot", dict(inside=TOWN.format("Osh")), {}, None),
    ("kind", dict(title=f"Workshop: {TITLE}"), {}, "differ"),
    ("kind", {}, {}, None),
]


def sides(first: dict, second: dict) -> tuple[str, str]:
    a = {"title": TITLE, "countries": "KG", "reporter": ADB, **first}
    b = {"title": TITLE, "countries": "KG", "reporter": UNDP, **second}
    return activity("A", **a), activity("B", **b)


@pytest.mark.parametrize(("feature", "first", "second", "level"), CASES)
def test_what_a_feature_says(scanned: Scan, feature: str, first: dict, second: dict, level: str | None) -> None:
    """And its points are those of the weights, the most first, and add up to the score."""
    found = scanned(*sides(first, second))
    assert found.pairs, "nothing to look at"
    assert found.levels.get(feature) == level
    pair, weights = found.one, load_weights()
    assert [r.points for r in pair.reasons] == [weights.of(r.feature, r.level) for r in pair.reasons]
    assert sum(Decimal(str(reason.points)) for reason in pair.reasons) == Decimal(str(pair.score))
    assert list(pair.reasons) == sorted(pair.reasons, key=lambda r: (-r.points, r.feature))


def test_reasons_name_their_fields_and_terms(scanned: Scan) -> None:
    reasons = {r.feature: r for r in scanned(*sides(dict(description=WORDS), dict(description=WORDS))).one.reasons}
    assert reasons["title"].fields == ("title",) and set(reasons["title"].terms) >= {"uranium"}
    assert reasons["terms"].fields == ("title", "description") and "cesium" in reasons["terms"].terms
    assert reasons["place"].text == "both in Kyrgyzstan alone"


def test_money_and_dates_add_nothing_without_text(scanned: Scan) -> None:
    """A shared word of little weight: equal money and dates must not lift the pair."""
    first = dict(title="Roads", commitment=1000, start="2008-01-01")
    assert scanned(*sides(first, {**first, "title": "Roads and hospitals and schools and wells"})).pairs == {}


def test_a_sentence_that_a_publisher_repeats_is_no_evidence(scanned: Scan) -> None:
    mine = activity("A", TITLE, countries="KG", reporter=ADB)
    repeated = [activity(f"B-{n}", f"{TITLE} {n * 'x'}" if n else TITLE, countries="KG" if not n else "TJ", reporter=UNDP, description=WITH) for n in range(3)]
    assert "partner" in {r.feature for r in scanned(mine, *repeated[:2]).pairs["A", "B-0"].reasons}
    assert "partner" not in {r.feature for r in scanned(mine, *repeated).pairs["A", "B-0"].reasons}


# --- weights -----------------------------------------------------------------------------------


def test_a_weight_is_overridden_by_name(scanned: Scan) -> None:
    pair = scanned(*sides({}, {}), weights={"place.same": 0.25, "title.equal": 9.5}).one
    assert {r.feature: r.points for r in pair.reasons} == {"title": 9.5, "place": 0.25}
    assert pair.score == 9.75


def test_a_threshold_is_overridden_by_name(scanned: Scan) -> None:
    assert scanned(*sides({}, {}), weights={"least_score": 99}).pairs == {}


@pytest.mark.parametrize("name", ["title.sane", "titel.same", "least-score", "title"])
def test_an_unknown_weight_is_refused(scanned: Scan, name: str) -> None:
    with pytest.raises(NotFound) as caught:
        scanned(*sides({}, {}), weights={name: 1})
    told = str(caught.value)
    assert told.startswith(f"[weights] in partnermap.toml names {name!r}, which is no weight. Known: link.funds, ")
    assert told.endswith("text_floor.")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (dict(title="Uranium tailings of Mailuu-Suu made safe now"), {}),
        (dict(description="More"), {}),
        (dict(start="2008-01-01"), {}),
        (dict(end="2031-01-01"), {}),
        (dict(commitment=5), {}),
        (dict(countries="KG UZ"), {}),
        (dict(regions="89"), {}),
        (dict(sectors="14010"), {}),
        (dict(implementing=[UNEP]), {}),
        (dict(funding=[GEF]), {}),
        (dict(inside=NUMBER.format("P1234567")), {}),
        (dict(inside=related("B", "3")), {}),
        ({}, dict(description="More")),
    ],
)
def test_a_fingerprint_changes_with_what_is_compared(scanned: Scan, first: dict, second: dict) -> None:
    before = scanned(*sides({}, {})).one.fingerprint
    assert scanned(*sides(first, second)).one.fingerprint != before


def test_a_fingerprint_does_not_change_with_weights_or_what_is_not_compared(scanned: Scan) -> None:
    before = scanned(*sides({}, {})).one
    other = scanned(*sides(dict(status="2", updated="2020-01-01"), {}), weights={"title.equal": 20}).one
    assert (other.fingerprint, other.score) == (before.fingerprint, round(before.score + 20 - load_weights().of("title", "equal"), 3))
