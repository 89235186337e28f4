"""Countries by the names that partners' tables write: exact, in the languages of the region."""

from __future__ import annotations

import csv

import pytest

from partnermap.codes.countries import countries, find_country
from partnermap.codes.lists import FOLDER
from partnermap.codes.names import normalise
from partnermap.sources.table_places import close_names


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("Кыргызстан", "KGZ"),
        ("Кыргызская Республика", "KGZ"),
        ("Республика Казахстан", "KAZ"),
        ("РЕСПУБЛИКА УЗБЕКИСТАН", "UZB"),
        ("Российская Федерация", "RUS"),
        ("Республика Таджикистан", "TJK"),
        ("Республика Беларусь", "BLR"),
        ("Республика Армения", "ARM"),
        ("Республика Молдова", "MDA"),
        ("Туркменистан", "TKM"),
        ("США", "USA"),
        ("Соединенное Королевство", "GBR"),
        ("République kirghize", "KGZ"),
        ("República Kirguisa", "KGZ"),
        ("吉尔吉斯斯坦", "KGZ"),
        ("قيرغيزستان", "KGZ"),
    ],
)
def test_a_name_in_a_language_of_the_un_is_a_country(name: str, iso3: str) -> None:
    assert find_country(name) == iso3


def test_a_misspelt_name_is_shown_and_never_taken() -> None:
    assert find_country("Республика Казахстн") is None
    assert close_names("Республика Казахстн") == ("Kazakhstan",)


def test_no_name_means_two_countries_and_every_member_state_has_a_russian_one() -> None:
    meant: dict[str, set[str]] = {}
    russian = set()
    for name in ("country_names_cldr", "country_names_official"):
        with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                meant.setdefault(normalise(row["name"]), set()).add(row["iso3"])
                russian |= {row["iso3"]} if row["lang"] == "ru" else set()
    assert {name: codes for name, codes in meant.items() if len(codes) > 1} == {}
    with (FOLDER / "countries.csv").open(encoding="utf-8", newline="") as file:
        wanted = {row["iso3"] for row in csv.DictReader(file) if "1" in (row["unece_member"], row["speca"])}
    assert wanted <= russian and russian <= set(countries())
