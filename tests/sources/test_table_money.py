"""Amounts in the cells of a table, alone and through a mapping."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnermap.sources.table_money import amount_in_words, number_in
from tests.sources.iati_files import read
from tests.sources.test_table import refusal

WORDS = [
    ("EUR 12.5 million", "", "12500000", "EUR"),
    ("USD 3,2m", "", "3200000", "USD"),
    ("15 mln. сом", "", "15000000", "KGS"),
    ("20 млн руб.", "", "20000000", "RUB"),
    ("Up to the equivalent of DM 15 million (ECU 8 million)", "", "15000000", "DEM"),
    ("ECU 30 million of equity", "", "30000000", "XEU"),
    ("In 1998, aUS$ 13.9 million (ECU 12.6 million) loan", "", "13900000", "USD"),
    ("A loan of €25-40 million", "", "25000000", "EUR"),
    ("Commitment of € 45 to € 60 million", "", "45000000", "EUR"),
    ("USD 30. million.", "", "30000000", "USD"),
    ("up to RUB 5B", "", "5000000000", "RUB"),
    ("Up to US$ 500,000", ".", "500000", "USD"),
    ("EUR 1.500.000,50", ",", "1500000.5", "EUR"),
    ("44.8 million euros, in two loans", "", "44800000", "EUR"),
    ("euro;175 million", "", "175000000", "EUR"),
    ("EUR 50.0 2 banks, EUR 1 500 000 each", ".", "50", "EUR"),
    ("66 million equity, then USD 1 billion", "", "1000000000", "USD"),
]


@pytest.mark.parametrize(("text", "decimal", "value", "currency"), WORDS)
def test_the_first_amount_with_a_currency(text: str, decimal: str, value: str, currency: str) -> None:
    assert amount_in_words(text, decimal) == (value, currency)


@pytest.mark.parametrize("text", ["Up to 66 million equity", "20 per cent", "To be confirmed.", "A$ 5 million", "all 5 million", "AUSTRIA 5"])
def test_no_amount_is_made_up(text: str) -> None:
    with pytest.raises(ValueError, match="no amount with a currency in"):
        amount_in_words(text)


def test_a_cell_of_two_megabytes_is_not_searched_for_minutes() -> None:
    started = time.monotonic()
    with pytest.raises(ValueError, match="no amount with a currency in"):
        amount_in_words("1 " * 1_000_000, ".")
    assert time.monotonic() - started < 10  # 36 seconds when the whole of it was searched


def test_a_number_with_two_readings_needs_the_mapping(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="can be read as thousands or as a fraction"):
        amount_in_words("USD 500,000")
    assert (number_in("500,000", "."), number_in("500,000", ",")) == ("500000", "500.000")


@given(value=st.decimals(min_value=0, max_value=10**12, places=2), decimal=st.sampled_from(".,"), code=st.sampled_from(["USD", "EUR", "KZT"]))
def test_what_is_written_is_read(value: Decimal, decimal: str, code: str) -> None:
    written = f"{value:,.2f}"
    if decimal == ",":
        written = written.translate(str.maketrans(".,", ",."))
    for text in (f"a loan of {code} {written} for roads", f"{written} {code}"):
        found, currency = amount_in_words(text, decimal)
        assert (Decimal(found), currency) == (value, code)


# --- through a mapping ----------------------------------------------------------------------------

MAPPING = """
identifier = "F:{No}"
[table]
publisher = "Fund"
[fields]
money = { column = "Amount", OPTIONS }
dates.approval = { column = "Day" }
"""


def said(folder: Path, amount: str, options: str) -> tuple[Any, list[str]]:
    (folder / "map.toml").write_text(MAPPING.replace("OPTIONS", options))
    (folder / "f.csv").write_text(f'No,Amount,Day\n1,"{amount}",2004-06-22\n', encoding="utf-8")
    records, reports = read(folder / "f.csv", mapping=folder / "map.toml")
    return json.loads(records[0].content).get("budgets"), reports


MILLIONS = 'currency = "USD", unit = 1000000'


def test_a_number_takes_its_unit_and_the_year_of_a_date(tmp_path: Path) -> None:
    budget = {"type": "1", "value": "33500000", "currency": "USD"}
    assert said(tmp_path, "33.5", MILLIONS) == ([budget], [])
    day = "2004-06-22"
    assert said(tmp_path, "33.5", f'{MILLIONS}, date = "approval"') == ([budget | {"start": day, "end": day, "value_date": day}], [])


def test_zero_means_what_the_mapping_says(tmp_path: Path) -> None:
    assert said(tmp_path, "0", f'{MILLIONS}, zero = "unknown"') == (None, [])
    assert said(tmp_path, "0", f'{MILLIONS}, zero = "zero"') == ([{"type": "1", "value": "0", "currency": "USD"}], [])
    assert said(tmp_path, "0", MILLIONS) == (
        None,
        ['f.csv, row 2, Amount: 0, and the mapping does not say whether it means unknown; left out. Write zero = "unknown" or zero = "zero". [kept]'],
    )


def test_small_amounts_in_words_are_passed_over_where_asked(tmp_path: Path) -> None:
    text = "shares of nominal value HRK 4,000, a total of HRK 18.5 million"
    assert said(tmp_path, text, 'form = "text", decimal = ".", at_least = 10000')[0] == [{"type": "1", "value": "18500000", "currency": "HRK"}]
    assert said(tmp_path, text, 'form = "text", decimal = "."')[0] == [{"type": "1", "value": "4000", "currency": "HRK"}]


@pytest.mark.parametrize(
    ("amount", "options", "report"),
    [
        ("39609", MILLIONS, "39,609,000,000 USD is over USD 10 billion: are currency and unit right? Kept, to be checked."),
        ("tbc", MILLIONS, "tbc is no number; left out. Correct it at the source."),
        ("ECU 5 million", 'form = "text"', "no exchange rate for currency XEU; the amount is kept, without a value in USD."),
        ("EUR 8,500", 'form = "text", decimal = ".", at_least = 10000', "EUR 8500 in “EUR 8,500” is under at_least = 10000; left out. Lower it in the mapping where such amounts count."),
        ("EUR 75.000", 'form = "text"', "75.000 can be read as thousands or as a fraction; left out. Correct it at the source."),
        ("tbc", 'form = "text"', "no amount with a currency in “tbc”; left out. Correct it at the source."),
    ],
)
def test_amounts_in_doubt_are_reported(tmp_path: Path, amount: str, options: str, report: str) -> None:
    assert said(tmp_path, amount, options)[1] == [f"f.csv, row 2, Amount: {report} [kept]"]


@pytest.mark.parametrize(
    ("amount", "options", "value"),
    [
        ("EUR 350,000", 'form = "text", decimal = ","', "350"),
        ("EUR 75.000", 'form = "text", decimal = "."', "75"),
        ("350,000", 'currency = "EUR", unit = 1, decimal = ","', "350"),
    ],
)
def test_thousands_that_contradict_the_mapping_are_kept_and_told(tmp_path: Path, amount: str, options: str, value: str) -> None:
    mark = options.split('decimal = "')[1][0]
    assert said(tmp_path, amount, options) == (
        [{"type": "1", "value": value, "currency": "EUR"}],
        [
            f'f.csv, row 2, Amount: “{amount}” is read as EUR {value}, since the mapping says decimal = "{mark}", but three digits after the mark '
            "look like thousands; kept. Correct it at the source, or the mapping where the whole column is written so. [kept]"
        ],
    )


@pytest.mark.parametrize(
    ("amount", "options"),
    [
        ("EUR 1,250 million", 'form = "text", decimal = ","'),
        ("1,250", 'currency = "EUR", unit = 1000000, decimal = ","'),
        ("EUR 350.000", 'form = "text", decimal = ","'),
        ("EUR 0,125", 'form = "text", decimal = ","'),
    ],
)
def test_a_fraction_of_three_digits_that_can_be_one_is_not_told(tmp_path: Path, amount: str, options: str) -> None:
    assert said(tmp_path, amount, options)[1] == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ('currency = "USD"', "[fields] money: unit is missing, and it is never assumed. Write 1 where the amounts are whole units of the currency, 1000000 where they are millions."),
        ("unit = 1", '[fields] money: currency is missing, and it is never assumed. Write the ISO code, such as "USD".'),
        ('currency = "USD", unit = "?"', '[fields] money: unit = "?" is a question that the proposal left to you. Write 1 where the amounts are whole units of the currency, 1000000 where they are millions.'),
        ('currency = "USD", unit = 0', "[fields] money: unit is missing, and it is never assumed. Write 1 where the amounts are whole units of the currency, 1000000 where they are millions."),
        ('currency = "USD", unit = true', "[fields] money: unit must be a whole number."),
        (f'{MILLIONS}, zero = "none"', "[fields] money: zero must be unknown or zero."),
        (f'{MILLIONS}, date = "actual_end"', "[fields] money: date names actual_end, which [fields.dates] does not hold."),
    ],
)
def test_a_money_part_is_checked(tmp_path: Path, options: str, sentence: str) -> None:
    (tmp_path / "map.toml").write_text(MAPPING.replace("OPTIONS", options))
    (tmp_path / "f.csv").write_text("No,Amount,Day\n1,2,\n")
    assert refusal(tmp_path / "f.csv", tmp_path / "map.toml") == f"map.toml: {sentence}"
