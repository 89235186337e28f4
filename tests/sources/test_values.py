"""Laws of dates, amounts and texts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partnermap.sources.table_dates import read_date, read_period
from partnermap.sources.table_draft import split
from partnermap.sources.values import amount, clean, iso_date, iso_moment, percentage
from tests.sources.iati_files import activity, contents, write

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
AMOUNTS = st.decimals(-(10**15), 10**15, allow_nan=False, allow_infinity=False, places=2)
# what XML can hold; a carriage return is a line feed after parsing, and white space is one space
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=60)


@given(DAYS)
def test_every_date_is_read_as_itself(day: date) -> None:
    assert iso_date(day.isoformat()) == iso_date(f"{day.isoformat()}T12:00:00Z") == day.isoformat()


@given(st.from_regex(r"\d{4}-\d{2}-\d{2}", fullmatch=True))
def test_what_is_read_as_a_date_is_one(text: str) -> None:
    try:
        read = iso_date(text)
    except ValueError:
        return
    assert date.fromisoformat(read).isoformat() == read


@given(AMOUNTS)
def test_amounts_survive_with_and_without_separators(value: Decimal) -> None:
    assert Decimal(amount(str(value))) == value
    if abs(value) >= 1000:
        for written in (f"{value:,}", f"{value:,}".replace(",", " "), f"{value:,}".translate(str.maketrans(",.", ".,")), f"{value:,}".replace(",", "'")):
            assert Decimal(amount(written)) == value


@pytest.mark.parametrize(
    ("written", "read"),
    [("5", "5"), (" 5.50 ", "5.50"), ("+5", "5"), ("1e6", "1000000"), ("1,000,000", "1000000"), ("1.000.000", "1000000"), ("1 000", "1000"), ("1\u00a0000\u00a0000", "1000000"), ("12,5", "12.5"), ("1234,56", "1234.56"), (".5", "0.5")],
)
def test_amounts(written: str, read: str) -> None:
    assert amount(written) == read


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-inf", "", "five", "1,000", "12,345", "1.2.3", "1,00,000", "1e999", "9" * 50, "٣", "0x10", "USD 5", "2020-01-01", "--5"])
def test_what_is_no_amount(written: str) -> None:
    with pytest.raises(ValueError, match=r"is no number|thousands or as a fraction"):
        amount(written)


@given(st.decimals(0, 100, places=2))
def test_percentages_from_0_to_100(value: Decimal) -> None:
    assert Decimal(percentage(f"{value}%")) == value


@given(st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1)), st.datetimes(datetime(1950, 1, 1), datetime(2150, 1, 1)), st.integers(-12, 14))
def test_moments_sort_as_text_whatever_their_zone(first: datetime, second: datetime, hours: int) -> None:
    first, second = first.replace(microsecond=0), second.replace(microsecond=0)
    here = first.replace(tzinfo=UTC).astimezone(timezone(timedelta(hours=hours)))
    there = second.replace(tzinfo=UTC)
    assert (iso_moment(here.isoformat()) < iso_moment(there.isoformat())) == (first < second)


@given(DAYS.filter(lambda day: 1969 <= day.year <= 2068), st.sampled_from(["%d-%b-%y", "%d %B %Y", "%d/%m/%Y", "%Y%m%d"]))
def test_dates_of_a_table_are_read_in_their_format(day: date, form: str) -> None:
    assert read_date(day.strftime(form), ("%Y-%m-%d", form)) == day.isoformat()


@given(st.lists(TEXTS.map(clean).filter(lambda text: text and not set(text) & set("/,")), max_size=5), st.sampled_from("/,"))
def test_split_gives_back_what_was_joined(names: list[str], separator: str) -> None:
    assert split(f" {separator} ".join(names), "/,") == names


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS, TEXTS.map(str.strip), st.text("abcdefgh-", min_size=1, max_size=9))
def test_any_text_survives_the_file(title: str, name: str, ref: str, identifier: str) -> None:
    inside = f"<description><narrative>{escape(title)}</narrative></description><participating-org role='1' ref={quoteattr(ref)}>{escape(name)}</participating-org>"
    with TemporaryDirectory() as folder:
        (said,) = contents(write(Path(folder), activity(inside, identifier=identifier)))
    assert said["identifier"] == identifier
    assert said.get("descriptions", [{"text": ""}])[0]["text"] == clean(title)
    participant = said.get("participants", [{}])[0]
    assert (participant.get("name", ""), participant.get("ref", "")) == (clean(name), ref)


@pytest.mark.parametrize(
    ("text", "form", "first", "last"),
    [
        ("1 марта 2026 г.", "%d %B %Y", "2026-03-01", "2026-03-01"),
        ("Май 2026", "%B %Y", "2026-05-01", "2026-05-31"),
        ("1 de agosto de 2026", "%d %B %Y", "2026-08-01", "2026-08-01"),
        ("février 2024", "%B %Y", "2024-02-01", "2024-02-29"),
        ("juillet 2024", "%B %Y", "2024-07-01", "2024-07-31"),
        ("Dezember 2026", "%B %Y", "2026-12-01", "2026-12-31"),
        ("Sept 2026", "%B %Y", "2026-09-01", "2026-09-30"),
        ("2026", "%Y", "2026-01-01", "2026-12-31"),
    ],
)
def test_months_in_five_languages_and_forms_without_a_day(text: str, form: str, first: str, last: str) -> None:
    assert (read_date(text, (form,)), read_date(text, (form,), last=True)) == (first, last)


FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y", "%B %Y", "%m/%Y", "%Y")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2019-2022", ("2019-01-01", "2022-12-31")),
        ("2019/2020", ("2019-01-01", "2020-12-31")),
        ("2019–22", ("2019-01-01", "2022-12-31")),
        ("01.03.2021 – 31.12.2023", ("2021-03-01", "2023-12-31")),
        ("2021-03-01-2022-02-28", ("2021-03-01", "2022-02-28")),
        ("01/2026 - 12/2027", ("2026-01-01", "2027-12-31")),
        ("March 2020 to June 2021", ("2020-03-01", "2021-06-30")),
        ("Jan-Dec 2021", ("2021-01-01", "2021-12-31")),
        ("1 - 15 March 2021", ("2021-03-01", "2021-03-15")),
        ("01.03.-31.12.2021", ("2021-03-01", "2021-12-31")),
        ("с 2019 по 2022", ("2019-01-01", "2022-12-31")),
        ("с 01.03.2021 г. по 31.12.2023 г.", ("2021-03-01", "2023-12-31")),
        ("март–июнь 2021 г.", ("2021-03-01", "2021-06-30")),
        ("2019—2022 годы", ("2019-01-01", "2022-12-31")),
        ("з 2019 до 2022 року", ("2019-01-01", "2022-12-31")),
        ("de mars 2020 à juin 2021", ("2020-03-01", "2021-06-30")),
        ("du 1er mars 2020 au 30 juin 2021", ("2020-03-01", "2021-06-30")),
        ("von März 2020 bis Juni 2021", ("2020-03-01", "2021-06-30")),
        ("de enero a marzo de 2024", ("2024-01-01", "2024-03-31")),
        ("2021", ("2021-01-01", "2021-12-31")),
        ("since 2021", ("2021-01-01", "")),
        ("2021 - present", ("2021-01-01", "")),
        ("с 2021 г. по настоящее время", ("2021-01-01", "")),
        ("до 2022 г.", ("", "2022-12-31")),
    ],
)
def test_a_period_has_a_start_and_an_end(text: str, period: tuple[str, str]) -> None:
    """Read by hand."""
    assert read_period(text, FORMS) == period


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("03/04/2021", "03/04/2021 is one day, and not said whether the first or the last"),
        ("01.03.2021", "01.03.2021 is one day, and not said whether the first or the last"),
        ("2009-12", "2009-12 is no period of two dates, each of the form %d/%m/%Y or %Y"),  # a month, or four years
        ("2019, 2020 and 2021", "2019, 2020 and 2021 is no period of two dates, each of the form %d/%m/%Y or %Y"),
        ("24 months", "24 months is no period of two dates, each of the form %d/%m/%Y or %Y"),
    ],
)
def test_what_is_no_period_is_not_split(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_period(text, ("%d/%m/%Y", "%Y") if text != "01.03.2021" else FORMS)
    assert str(caught.value) == reason


QUARTERS = (*FORMS, "quarter")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        *((text, ("2024-01-01", "2024-03-31")) for text in ("Q1 2024", "2024 Q1", "2024-Q1", "2024Q1", "1Q2024", "Q1/24", "Q1'24", "1st quarter of 2024", "first quarter 2024")),
        *((text, ("2024-01-01", "2024-03-31")) for text in ("I квартал 2024", "1-й квартал 2024 года", "1 кв. 2024г.", "Первый квартал 2024 г.", "І квартал 2024 року")),
        *((text, ("2024-01-01", "2024-03-31")) for text in ("1er trimestre 2024", "T1 2024", "premier trimestre 2024", "primer trimestre de 2024", "1. Quartal 2024", "I. Quartal 2024")),
        ("2e trimestre 2024", ("2024-04-01", "2024-06-30")),
        ("IV кв. 2024 г.", ("2024-10-01", "2024-12-31")),
        ("2024 Q3-Q4", ("2024-07-01", "2024-12-31")),
        ("2024: Q3 – Q4", ("2024-07-01", "2024-12-31")),
        ("Q3-Q4 2024", ("2024-07-01", "2024-12-31")),
        ("II-III кварталы 2024", ("2024-04-01", "2024-09-30")),
        ("Q2/2024 – Q1/2025", ("2024-04-01", "2025-03-31")),
        ("2024-Q1 - 2024-Q3", ("2024-01-01", "2024-09-30")),
        ("с I квартала 2024 по II квартал 2025", ("2024-01-01", "2025-06-30")),
        ("Q1 2024 - December 2024", ("2024-01-01", "2024-12-31")),
        ("from Q3 2024", ("2024-07-01", "")),
        ("до II квартала 2025", ("", "2025-06-30")),
    ],
)
def test_a_quarter_is_its_first_to_its_last_day(text: str, period: tuple[str, str]) -> None:
    """Read by hand."""
    assert read_period(text, QUARTERS) == period


@pytest.mark.parametrize("text", ["Q1", "Q1 - Q4", "Q5 2024", "T2024", "Q12024", "i 2024"])
def test_what_is_no_quarter_of_a_year_is_left_out(text: str) -> None:
    with pytest.raises(ValueError, match=f"{text} is no period of two dates"):
        read_period(text, QUARTERS)


def test_a_quarter_that_no_form_reads_is_told_how() -> None:
    hint = 'or "quarter" if it is a quarter of a year'
    with pytest.raises(ValueError, match=f"Q2/2024 – Q1/2025 is no period of two dates, each of the form %Y, {hint}"):
        read_period("Q2/2024 – Q1/2025", ("%Y",))
    with pytest.raises(ValueError, match=f"Q1 2024 is not of the form %Y, {hint}"):
        read_date("Q1 2024", ("%Y",))
    assert (read_date("Q2 2024", ("quarter",)), read_date("Q2 2024", ("quarter",), last=True)) == ("2024-04-01", "2024-06-30")


def test_one_date_is_not_split_where_months_are_dates() -> None:
    with pytest.raises(ValueError, match="03/04/2021 is no period of two dates"):
        read_period("03/04/2021", ("%m/%Y", "%m"))
