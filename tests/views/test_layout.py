"""Positions: laws that hold for any graph, and the few facts that the picture rests on."""

from __future__ import annotations

import math
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from partnermap.views.layout import STRETCH, Place, country_clusters

KINDS = st.sampled_from(["Activity", "Organization", "Country", "CountryGroup", "Sector", "Other"])
KEYS = st.text("ABC\0é", min_size=1, max_size=3)


@st.composite
def graphs(draw):
    keys = draw(st.lists(KEYS, unique=True, max_size=25))
    ends = st.sampled_from(keys) if keys else st.nothing()
    places = {
        key: Place(draw(KINDS), draw(st.one_of(st.none(), ends)), draw(st.sampled_from(["", "global", "regional"]))) for key in keys
    }
    return places, draw(st.lists(st.tuples(ends, ends), max_size=40)) if keys else []


@settings(max_examples=150, deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_every_item_has_one_place_whatever_the_order(graph, order):
    places, links = graph
    layout = country_clusters(places, links)
    assert set(layout.positions) == set(places)
    assert len(set(layout.positions.values())) == len(places)
    keys = list(places)
    order.shuffle(keys)
    order.shuffle(links)
    assert country_clusters({key: places[key] for key in keys}, [(b, a) for a, b in links]) == layout


def region(activities: int, countries: int, seed: int = 1) -> tuple[dict[str, Place], list[tuple[str, str]]]:
    chance = random.Random(seed)
    places = {f"C{n}": Place("Country") for n in range(countries)} | {f"O{n}": Place("Organization") for n in range(30)}
    links = []
    for n in range(activities):
        country = f"C{min(int(chance.expovariate(0.4)), countries - 1)}"
        places[f"A{n}"] = Place("Activity", country, "national")
        links += [(f"A{n}", country), (f"O{chance.randrange(30)}", f"A{n}")]
    return places, links


def test_no_two_items_of_a_large_map_stand_on_each_other():
    places, links = region(1_400, 20)
    points = [(x / STRETCH, y) for x, y in country_clusters(places, links).positions.values()]
    cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for x, y in points:
        cells.setdefault((int(x // 24), int(y // 24)), []).append((x, y))
    close = 0
    for x, y in points:
        near = [p for dx in (-1, 0, 1) for dy in (-1, 0, 1) for p in cells.get((int(x // 24) + dx, int(y // 24) + dy), [])]
        close += sum(math.hypot(x - px, y - py) < 16 for px, py in near) > 1
    assert close == 0


def test_activities_stand_around_their_country():
    places, links = region(200, 6)
    at = country_clusters(places, links).positions
    def distance(one, other):
        return math.hypot((at[one][0] - at[other][0]) / STRETCH, at[one][1] - at[other][1])
    for key, place in places.items():
        if place.kind == "Activity":
            nearest = min((f"C{n}" for n in range(6)), key=lambda country: distance(key, country) if country == place.country else distance(key, country) * 1.5)
            assert distance(key, place.country) < 400 and nearest


def test_an_organization_of_several_countries_stands_outside_their_discs():
    places = {"KGZ": Place("Country"), "TJK": Place("Country"), "O": Place("Organization"), "P": Place("Organization")}
    links = []
    for n in range(20):
        country = "KGZ" if n % 2 else "TJK"
        places[f"A{n:02d}"] = Place("Activity", country)
        links += [(f"A{n:02d}", country), ("O", f"A{n:02d}")]
    links.append(("P", "A01"))
    at = country_clusters(places, links).positions

    def from_country(key, country):
        return math.hypot((at[key][0] - at[country][0]) / STRETCH, at[key][1] - at[country][1])

    for country in ("KGZ", "TJK"):
        reach = max(from_country(key, country) for key, place in places.items() if place.kind == "Activity" and place.country == country)
        assert from_country("O", country) > reach
    assert from_country("P", "KGZ") < from_country("P", "TJK")  # seen in one country only: at its edge


def test_global_and_regional_activities_are_no_country():
    places = {"A": Place("Activity", None, "global"), "B": Place("Activity", None, "regional"), "C": Place("Activity", None, "")}
    layout = country_clusters(places, [])
    assert {caption.text for caption in layout.captions} == {"Global", "Regional", "No country known"}
    assert country_clusters({}, []).positions == {}
