"""Proposals for lists as organizations send them: titles above the header, totals, mixed dates and amounts."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from partnermap.errors import UnreadableFile
from partnermap.sources.suggest import Proposal, suggest_mapping
from tests.sources.iati_files import read

Cell = str | int | float | datetime | None
HEADER = ("Project No.", "Title", "Country", "Short description", "Start", "End", "Budget", "Status", "Donor", "Implementing partner")
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("1231", "Support to border management", "Kyrgyzstan", "Trains border guards.", datetime(2026, 3, 1), "31.12.2026", "€ 75.000", "Ongoing", "Germany", "Ministry of Interior"),
    ("1232", "Water cooperation in the Chu basin", "Kazakhstan, Kyrgyzstan", "Helps the commission.", "01.03.2026", "December 2027", "EUR 30.000", "Planned", "EU", "UNECE"),
    ("1233", "Aarhus Centres", "Tajikistan and Uzbekistan", "Advice to citizens.", "March 2026", "2027-06-30", "EUR 400.000,00", "Ongoing", "Norway", "Aarhus Centre"),
    ("1234", "Customs training", "Uzbekistan", "Courses for officers.", "2026-03-01", "31.12.2026", "EUR 8,500", "Ongoing", "USA", "Customs Committee"),
    (None, "Anti-corruption dialogue", "Kyrgyz Republic", "Round tables in two cities.", "15.04.2026", "TBD", "EUR 120.000", "On hold", "Italy", "UNDP"),
    ("1236", "Green economy", "Regional", "Study tours for planners.", "01.06.2026", "March 2027", "EUR 350,000", "Planned", "Switzerland", "UNEP"),
)
TOTAL = ("TOTAL", None, None, None, None, None, "EUR 983.500")


def workbook(folder: Path, header: Sequence[str], rows: Sequence[Sequence[Cell]], titles: Sequence[str] = ("OSCE: list of projects 2026", "As of 1 November 2026"), name: str = "osce list.xlsx") -> Path:
    """A workbook whose title rows are merged over all columns."""
    made = Workbook()
    sheet = made.active
    for number, title in enumerate(titles, start=1):
        sheet.append([title])
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(header))
    for line in (header, *rows):
        sheet.append(list(line))
    made.save(folder / name)
    return folder / name


def proposed(proposal: Proposal) -> dict[str, Any]:
    return tomllib.loads(proposal.text)


def why(proposal: Proposal, start: str) -> tuple[str, str]:
    """Confidence and reason of the line that begins so."""
    return next((confidence, reason) for line, confidence, reason in proposal.confidence if line.startswith(start))


def test_a_list_with_titles_above_totals_below_and_a_number_missing(tmp_path: Path) -> None:
    proposal = suggest_mapping(workbook(tmp_path, HEADER, [*ROWS, TOTAL]))
    made = proposed(proposal)
    assert (made["identifier"], made["table"]["header_row"]) == ("XM-DAC-47131:{Project No.}", 3)
    assert why(proposal, "header_row") == ("likely", "the first row with text in most columns, below the title of the list")
    assert why(proposal, "identifier") == ("likely", "its own project number; 1 of 6 rows has none and will be left out and told")
    assert made["fields"]["title"] == "Title" and made["fields"]["description"] == {"column": "Short description"}
    assert made["fields"]["countries"] == {"column": "Country", "split": [",", " and "], "form": "name", "scopes": {"Regional": "2"}}
    assert proposal.unused == []


def test_headings_and_notes_hide_nothing_from_a_proposal(tmp_path: Path) -> None:
    """Dates and money read as without them, though every note is merged over the columns or stands where numbers do."""
    plain = suggest_mapping(workbook(tmp_path, HEADER, ROWS)).text
    numbers = tuple(range(1, len(HEADER) + 1))
    below = [("* preliminary",), ("Note: without contributions in kind",) * len(HEADER), ("Source: Unified Budget 2026",), ("Prepared by the Programme Office",)]
    assert suggest_mapping(workbook(tmp_path, HEADER, [numbers, ("Running projects",), *ROWS[:3], ("Planned projects",), *ROWS[3:], TOTAL, *below])).text == plain


def test_a_joint_workplan_has_outputs_for_titles(tmp_path: Path) -> None:
    rows = [(f"Access to water in district {n}", "UNICEF", "Kyrgyzstan") for n in range(3)]
    assert proposed(suggest_mapping(workbook(tmp_path, ("Output", "Agency", "Country"), rows)))["fields"]["title"] == "Output"


def test_amounts_that_contradict_each_other_are_asked_and_small_ones_not_passed_over(tmp_path: Path) -> None:
    proposal = suggest_mapping(workbook(tmp_path, HEADER, ROWS))
    assert proposed(proposal)["fields"]["money"] == {"column": "Budget", "form": "text", "decimal": "?", "date": "planned_start"}
    assert why(proposal, "money") == ("asked", "which mark stands before a fraction? € 75.000 speaks for a comma, EUR 8,500 for a point; correct what differs; amounts in words")


@pytest.mark.parametrize(
    ("amounts", "money"),
    [
        (["€ 75.000", "EUR 30.000", "EUR 400.000,00"], {"form": "text", "decimal": ","}),
        (["EUR 8,500", "EUR 12.5 million"], {"form": "text", "decimal": "."}),
        (["share of HRK 4,000, in all HRK 18.5 million", "EUR 2.5 million", "EUR 3 million"], {"form": "text", "decimal": ".", "at_least": 10000}),
        (["75.000", "30.000,50", "1.200.000"], {"currency": "?", "unit": "?", "decimal": ","}),
        ([75000, 33.125, 30.5], {"currency": "?", "unit": "?"}),
    ],
)
def test_decimal_and_least_come_from_the_cells(tmp_path: Path, amounts: Sequence[Cell], money: dict[str, Any]) -> None:
    rows = [(f"P{n}", f"Water number {n}", amount) for n, amount in enumerate(amounts)]
    assert proposed(suggest_mapping(workbook(tmp_path, ("Project No.", "Title", "Budget"), rows)))["fields"]["money"] == {"column": "Budget", **money}


@pytest.mark.parametrize(
    ("header", "currency", "unit"),
    [
        *((header, "USD", "?") for header in ("Budget (USD)", "Сумма (долл. США)", "Presupuesto (dólares)", "Budget in US dollars", "budget_usd", "Budget of all projects, $")),
        *((header, "USD", 1_000_000) for header in ("Budget, million USD", "Budget USD mn", "Funding (US$m)", "Бюджет, млн долл. США")),
        *((header, "EUR", "?") for header in ("Amount, EUR", "Montant (en euros)", "M&E budget, EUR")),
        *((header, "EUR", 1_000) for header in ("Бюджет, тыс. евро", "Budget (k EUR)", "Fördersumme (TEUR)")),
        ("Budget, CHF '000", "CHF", 1_000),
        *((header, "?", "?") for header in ("Budget", "Budget (USD/EUR)", "Budget, A$", "BUDGET OF ALL PROJECTS", "ADMIN BUDGET")),
    ],
)
def test_currency_and_unit_are_read_from_the_header(tmp_path: Path, header: str, currency: str, unit: str | int) -> None:
    rows = [(f"P{n}", f"Water number {n}", 1200 * n) for n in range(1, 5)]
    proposal = suggest_mapping(workbook(tmp_path, ("Project No.", "Title", header), rows))
    assert proposed(proposal)["fields"]["money"] == {"column": header, "currency": currency, "unit": unit}
    asked = [*(["which currency"] if currency == "?" else []), *(["whole units (1), thousands (1000) or millions (1000000)"] if unit == "?" else [])]
    seen = {True: "currency stands in the header", False: "currency and unit stand in the header"}[unit == "?"]
    assert why(proposal, "money") == ("asked" if asked else "likely", "; ".join([*asked, *([seen] if currency != "?" else [])]))


@pytest.mark.parametrize(
    ("amounts", "money"),
    [
        (["1200", "0", "0.00", "0"], {"currency": "USD", "unit": "?", "zero": "?"}),
        (["USD 1200", "USD 0", "USD 0", "0 USD"], {"form": "text", "zero": "?", "decimal": "."}),
    ],
)
def test_what_0_means_is_asked_with_how_many_there_are(tmp_path: Path, amounts: list[str], money: dict[str, Any]) -> None:
    rows = [(f"P{n}", f"Water number {n}", amount) for n, amount in enumerate(amounts)]
    proposal = suggest_mapping(workbook(tmp_path, ("Project No.", "Title", "Budget (USD)"), rows))
    assert proposed(proposal)["fields"]["money"] == {"column": "Budget (USD)", **money}
    assert "whether 0, in 3 of 4 cells, means unknown or zero" in why(proposal, "money")[1]


def test_dates_of_several_forms_are_proposed_together_with_what_none_reads(tmp_path: Path) -> None:
    proposal = suggest_mapping(workbook(tmp_path, HEADER, ROWS))
    assert proposed(proposal)["fields"]["dates"] == {
        "planned_start": {"column": "Start", "formats": ["%Y-%m-%d", "%d.%m.%Y", "%B %Y"]},
        "planned_end": {"column": "End", "formats": ["%Y-%m-%d", "%d.%m.%Y", "%B %Y"]},
    }
    assert (why(proposal, "planned_start"), why(proposal, "planned_end")) == (("likely", "dates of several forms"), ("guess", "dates of several forms; 1 of 6 in none of them: TBD"))
    assert [row.get("dates") for row in proposal.rows[1:3]] == [{"planned_start": "2026-03-01", "planned_end": "2027-12-31"}, {"planned_start": "2026-03-01", "planned_end": "2027-06-30"}]


@pytest.mark.parametrize(
    ("days", "formats", "reason"),
    [
        (["03/04/2026", "2026-05-01", "05/06/2026"], ["?"], "day and month cannot be told apart; other cells are %Y-%m-%d"),
        (["13/04/2026", "2026-05-01", "05/06/2026"], ["%Y-%m-%d", "%d/%m/%Y"], "dates of several forms"),
        (["04/13/2026", "2026-05-01", "05/06/2026"], ["%Y-%m-%d", "%m/%d/%Y"], "dates of several forms"),
        (["3rd quarter 2026", "autumn 2026", "2026 or so"], ["?"], "dates by the header; in which form is 3rd quarter 2026?"),
    ],
)
def test_dates_that_cannot_be_told_are_asked_and_not_passed_over(tmp_path: Path, days: list[str], formats: list[str], reason: str) -> None:
    rows = [(f"P{n}", f"Water number {n}", day) for n, day in enumerate(days)]
    proposal = suggest_mapping(workbook(tmp_path, ("Project No.", "Title", "Start"), rows))
    assert proposed(proposal)["fields"]["dates"]["planned_start"]["formats"] == formats
    assert why(proposal, "planned_start")[1] == reason


# --- lists without numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("titles", "line"),
    [
        (("OSCE work plan", "Kyrgyz Republic"), ('countries = { value = "KG" }', "guess", "no column tells a country; “Kyrgyz Republic” stands above the header")),
        (("План работ, Кыргызстан, 2024",), ('countries = { value = "KG" }', "guess", "no column tells a country; “Кыргызстан” stands above the header")),
        *(
            (titles, ('countries = { value = "?" }', "asked", "no column tells a country; its ISO code, or take the line out where the activities have several"))
            for titles in (("OSCE work plan in KG",), ("Embassy of Germany in Kyrgyzstan",))
        ),
    ],
)
def test_a_list_without_countries_has_the_one_above_it_or_is_asked(tmp_path: Path, titles: Sequence[str], line: tuple[str, str, str]) -> None:
    proposal = suggest_mapping(workbook(tmp_path, ("Project No.", "Title"), [(f"A-{n}", f"Water works of the valley {n}") for n in range(3)], titles=titles))
    assert line in proposal.confidence
    assert [row.get("countries") for row in proposal.rows] == [[{"code": "KG"}] if line[1] == "guess" else None] * 3


@pytest.mark.parametrize(
    ("partners", "split"),
    [
        (["UNECE, UNPD", "UNECE; GIZ", "UNPD / IAEA"], "/,;"),
        (["ПРООН, ЕЭК ООН", "Министерство здравоохранения"], ","),
        (["Ministry of Health, Kyrgyzstan", "UNDP"], None),
        (["Ministry of Health, Kyrgyzstan", "UNECE, UNDP"], None),
        (["Ministry of Agriculture, Water and Land", "UNECE, UNDP"], None),
        (["GIZ, Kyrgyzstan", "Food and Agriculture Organization, FAO"], None),
    ],
)
def test_listed_organizations_in_one_cell_are_split(tmp_path: Path, partners: Sequence[str], split: str | None) -> None:
    rows = [(f"A-{n}", f"Water works of the valley {n}", "Kyrgyzstan", partner) for n, partner in enumerate(partners)]
    made = proposed(suggest_mapping(workbook(tmp_path, ("Project No.", "Title", "Country", "Partners"), rows)))
    assert made["fields"]["participants"][1].get("split") == split


def test_donors_that_are_countries_are_split(tmp_path: Path) -> None:
    rows = [(f"A-{n}", f"Water works of the valley {n}", "Kyrgyzstan", donor) for n, donor in enumerate(["Germany, Norway", "EU, Switzerland"])]
    made = proposed(suggest_mapping(workbook(tmp_path, ("Project No.", "Title", "Country", "Donor"), rows)))
    assert made["fields"]["participants"][1]["split"] == ","


def test_a_column_that_counts_is_no_project_number_with_subtotals_in_between(tmp_path: Path) -> None:
    rows = [(1, "Water in the Chu basin", 350), (2, "Green ports and trade", 120), ("Sub-total 2nd dimension", None, 470), (3, "Border management", 75), ("Total", None, 545)]
    made = proposed(suggest_mapping(workbook(tmp_path, ("No", "Project title", "Budget (TEUR)"), rows)))
    assert (made["identifier"], made["table"]["by_title"]) == ("XM-DAC-47131:{Project title}", True)


def test_a_list_without_numbers_is_known_by_title_and_country(tmp_path: Path) -> None:
    """"Customs training" stands for two countries, so the country is needed; "No." only counts the rows."""
    rows = [(n, row[1], row[2], row[4]) for n, row in enumerate([*ROWS, (None, "Customs training", "Tajikistan", None, "01.03.2026")], start=1)]
    path = workbook(tmp_path, ("No.", "Project title", "Country", "Start"), rows)
    proposal = suggest_mapping(path)
    made = proposed(proposal)
    assert (made["identifier"], made["table"]["by_title"]) == ("XM-DAC-47131:{Project title}-{Country}", True)
    assert why(proposal, "identifier") == ("guess", "no project number is there, so what tells rows apart; whoever changes these words makes a new activity. Ask the publisher for numbers")
    (tmp_path / "m.toml").write_text(proposal.text, encoding="utf-8")
    records, reports = read(path, mapping=tmp_path / "m.toml")
    assert len({record.subject_id for record in records}) == len(rows) and not [line for line in reports if "[kept]" not in line]
    assert records[0].subject_id == "XM-DAC-47131:support-to-border-management-kyrgyzstan"


def test_titles_that_are_unique_are_enough_and_the_start_comes_last(tmp_path: Path) -> None:
    header = ("Project title", "Country", "Start")
    unique = [("Roads in the valley", "Georgia", "2026"), ("Water in the valley", "Georgia", "2026")]
    twice = [("Annual meeting of experts", "Georgia", "2025"), ("Annual meeting of experts", "Georgia", "2026")]
    assert proposed(suggest_mapping(workbook(tmp_path, header, unique)))["identifier"] == "XM-DAC-47131:{Project title}"
    assert proposed(suggest_mapping(workbook(tmp_path, header, twice)))["identifier"] == "XM-DAC-47131:{Project title}-{Country}-{Start}"


def test_a_refusal_names_the_header_that_was_taken(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        suggest_mapping(workbook(tmp_path, ("Who", "Where"), [("UNDP", "Osh")], titles=["A list of ours"]))
    assert str(caught.value) == (
        "osce list.xlsx: no column looks like a project number, filled in most rows, nor like a title. Row 2 is taken as the header, "
        "with 'Who', 'Where'. Write the mapping by hand: docs/mapping.md."
    )


# --- other languages ----------------------------------------------------------------------------------

RUSSIAN = ("№", "Номер проекта", "Название проекта", "Страны", "Дата начала", "Окончание", "Статус", "Бюджет (тыс. долл. США)", "Описание", "Область", "Донор", "Исполнитель", "Примечание")
RUSSIAN_ROWS: tuple[tuple[Cell, ...], ...] = (
    (1, "KG-01", "Поддержка водной реформы", "Кыргызская Республика, Республика Казахстан", "01.03.2026", "31.12.2027", "реализуется", 350, "Помощь министерству в подготовке плана.", "Вода", "Германия", "ПРООН", None),
    (2, "KG-02", "Торговля без бумаги", "Республика Узбекистан", "март 2026 г.", "декабрь 2026", "планируется", 120, "Подготовка единого окна.", "Торговля", "ЕС", "ЕЭК ООН", None),
    (3, "KG-03", "Безопасность дорог", "Таджикистан; Туркменистан", "2026-04-01", "30.06.2027", "завершён", 80, "Обучение дорожных служб.", "Транспорт", "Швейцария", "ЕЭК ООН", "см. отчет"),
)


def test_a_russian_table_is_understood_as_an_english_one(tmp_path: Path) -> None:
    path = workbook(tmp_path, RUSSIAN, [*RUSSIAN_ROWS, (None, "Итого", None, None, None, None, None, 550)], titles=["Перечень проектов"], name="перечень.xlsx")
    proposal = suggest_mapping(path)
    made = proposed(proposal)
    fields = made["fields"]
    assert (made["identifier"], made["table"]["header_row"], made["table"]["language"]) == ("?:{Номер проекта}", 2, "ru")
    assert (fields["title"], fields["description"], fields["sectors"]) == ("Название проекта", {"column": "Описание"}, {"column": "Область", "form": "name"})
    assert fields["countries"] == {"column": "Страны", "split": ";,", "form": "name"}
    assert fields["money"] == {"column": "Бюджет (тыс. долл. США)", "currency": "USD", "unit": 1000, "date": "planned_start"}
    assert fields["status"] == {"column": "Статус", "values": {"завершён": "4", "планируется": "1", "реализуется": "2"}}
    assert fields["dates"]["planned_start"] == {"column": "Дата начала", "formats": ["%Y-%m-%d", "%d.%m.%Y", "%B %Y"]}
    assert [(p["role"], p["column"]) for p in fields["participants"]] == [("implementing", "Исполнитель"), ("funding", "Донор")]
    assert proposal.unused == ["№", "Примечание"]
    assert proposal.rows[0]["countries"] == [{"code": "KG"}, {"code": "KZ"}]


@pytest.mark.parametrize(
    "header",
    [
        ("Номер", "Название", "Страна", "Начало", "Конец", "Сумма", "Партнёр"),
        ("Numéro", "Titre", "Pays", "Début", "Fin", "Montant", "Partenaires"),
        ("Número", "Título", "País", "Inicio", "Fin", "Importe", "Socios"),
        ("Projektnummer", "Bezeichnung", "Land", "Beginn", "Ende", "Fördersumme", "Durchführungspartner"),
    ],
)
def test_general_words_of_headers_in_four_languages(tmp_path: Path, header: tuple[str, ...]) -> None:
    rows = [(f"{n}-A", f"Water for everybody {n}", "Georgia", "01.03.2026", "31.12.2026", 75000 + n, "UNDP") for n in range(3)]
    made = proposed(suggest_mapping(workbook(tmp_path, header, rows)))
    fields = made["fields"]
    named = (made["identifier"], fields["title"], fields["countries"]["column"], *(fields["dates"][key]["column"] for key in ("planned_start", "planned_end")), fields["money"]["column"])
    assert named == (f"XM-DAC-47131:{{{header[0]}}}", *header[1:6])
    assert header[6] in [p.get("column") for p in fields["participants"]]


def test_a_cyrillic_csv_is_proposed_with_its_encoding(tmp_path: Path) -> None:
    path = tmp_path / "список.csv"
    path.write_bytes("Номер;Название;Страна\n1-1;Поддержка водной реформы;Республика Казахстан\n1-2;Торговля лесом;Кыргызстан\n".encode("cp1251"))
    proposal = suggest_mapping(path)
    assert (proposed(proposal)["table"]["encoding"], proposal.rows[0]["titles"][0]["text"]) == ("cp1251", "Поддержка водной реформы")
    assert why(proposal, "encoding") == ("likely", "not UTF-8; by its letters Windows-1251 (Cyrillic)")


@pytest.mark.parametrize("title", ["Перечень проектов", "Проекты, начатые в 2026 году, по странам"])
def test_a_csv_with_a_title_above_its_header(tmp_path: Path, title: str) -> None:
    path = tmp_path / "список.csv"
    path.write_text(f'{title}\n\nКод;Проект;Страна получатель;Сумма, евро\nA-1;"Поддержка ""водной"" реформы";Казахстан;75 000\nA-2;Торговля лесом и зерном;Грузия;30 000,50\n', encoding="utf-8")
    proposal = suggest_mapping(path)
    made = proposed(proposal)
    assert (made["identifier"], made["table"]["header_row"], made["fields"]["title"]) == ("?:{Код}", 3, "Проект")
    assert made["fields"]["money"] == {"column": "Сумма, евро", "currency": "EUR", "unit": "?", "decimal": ","}
    (tmp_path / "m.toml").write_text(proposal.text.replace("?:", "X:").replace('publisher = "?"', 'publisher = "X"').replace('unit = "?"', "unit = 1"), encoding="utf-8")
    records, reports = read(path, mapping=tmp_path / "m.toml")
    assert ([record.subject_id for record in records], reports) == (["X:A-1", "X:A-2"], [])


def test_a_beneficiary_country_is_no_participant(tmp_path: Path) -> None:
    made = proposed(suggest_mapping(workbook(tmp_path, ("Project No.", "Title", "Beneficiary country"), [("P1", "Water for everybody", "Georgia")])))
    assert made["fields"]["countries"] == {"column": "Beneficiary country", "form": "name"}
    assert [p for p in made["fields"].get("participants", []) if "column" in p] == []


def test_a_period_is_no_organization_and_columns_of_one_name_are_told(tmp_path: Path) -> None:
    header = ("Project No.", "Title", "Country", "Country", "Implementation period", "Funding source", "Budget, USD")
    proposal = suggest_mapping(workbook(tmp_path, header, [(f"P{n}", "Water for everybody", "Georgia", "x", "01/2026 - 12/2027", "SDC", "$ 1,500,000.00") for n in range(3)]))
    assert [(p["role"], p["column"]) for p in proposed(proposal)["fields"]["participants"] if "column" in p] == [("funding", "Funding source")]
    assert proposed(proposal)["fields"]["dates"] == {"planned_period": {"column": "Implementation period", "formats": ["%m/%Y"]}}
    assert proposal.unused == ["Country (2 columns)"]
    assert proposal.rows[0]["budgets"][0]["value"] == "1500000"


def test_a_header_of_two_rows(tmp_path: Path) -> None:
    header, below = ("Project No.", "Title", "Country", "Budget, USD", "", "Period", ""), ("", "", "", "2026", "2027", "Start", "End")
    proposal = suggest_mapping(workbook(tmp_path, header, [below, *((f"P{n}", f"Water for everybody {n}", "Georgia", 1000, 2000, "01.03.2026", "31.12.2027") for n in range(3))]))
    made = proposed(proposal)
    assert (made["table"]["header_row"], made["table"]["header_rows"]) == (3, 2)
    assert [made["fields"]["dates"][key]["column"] for key in ("planned_start", "planned_end")] == ["Period / Start", "Period / End"]
    assert made["fields"]["money"]["column"] == "Budget, USD / 2026" and proposal.unused == ["Budget, USD / 2027"]


def test_a_first_row_with_gaps_is_no_part_of_the_header(tmp_path: Path) -> None:
    rows = [("P1", "Water for everybody", "", "x"), ("P2", "Water for nobody", "Georgia", "y")]
    assert "header_rows" not in proposed(suggest_mapping(workbook(tmp_path, ("Project No.", "Title", "Country", ""), rows)))["table"]


@pytest.mark.parametrize(
    ("header", "cells", "dates"),
    [
        ("Implementation period", ["2019-2022", "01.03.2021 – 31.12.2023", "March 2020 to June 2021"], {"planned_period": ["%d.%m.%Y", "%B %Y", "%Y"]}),
        ("Срок реализации", ["с 2019 по 2022", "2020-2021 гг.", "2024"], {"planned_period": ["%Y"]}),
        ("Durée", ["2019/2020", "2020/2021", "2021"], {"planned_period": ["%Y"]}),
        ("Start and end date", ["01/02/2020 - 31/12/2021", "01/03/2020 - 30/06/2021", "x"], {"planned_period": ["%d/%m/%Y"]}),
        ("Timeline", ["01/02/2020 - 03/04/2021", "01/03/2020 - 04/05/2021"], {"planned_period": ["?"]}),
        ("Project years", ["2019-22", "2019-2021", "2019-12"], {"planned_period": ["%Y"]}),
        ("Period", ["2019-03 – 2021-12", "2020-01 to 2020-06"], {"planned_period": ["%Y-%m"]}),
        ("Start date", ["2021-03", "2022-04"], {"planned_start": ["%Y-%m"]}),
        ("Start date", ["03/04/2021", "13/04/2021"], {"planned_start": ["%d/%m/%Y"]}),
        ("Period", ["Q1 2024 - Q3 2025", "2024 Q3-Q4", "Q2/2024 – Q1/2025"], {"planned_period": ["quarter"]}),
        ("Квартал", ["I квартал 2024", "IV кв. 2025 г."], {"planned_period": ["quarter"]}),
        ("Période", ["1er trimestre 2024", "2024"], {"planned_period": ["quarter", "%Y"]}),
        ("Start of period", ["Q1 2024", "Q2 2025"], {"planned_start": ["quarter"]}),
        ("Period", ["24 months", "2 years"], None),
        ("Duration", ["2019", "2020"], None),
        ("Code of budget line", ["2019-2020", "x", "y"], None),
    ],
)
def test_a_column_of_start_and_end_together(tmp_path: Path, header: str, cells: list[str], dates: dict[str, list[str]] | None) -> None:
    rows = [(f"P-{n}", f"Water for everybody {n}", cell) for n, cell in enumerate(cells)]
    fields = proposed(suggest_mapping(workbook(tmp_path, ("Project No.", "Title", header), rows)))["fields"]
    assert ({which: part["formats"] for which, part in fields["dates"].items()} if "dates" in fields else None) == dates


def test_columns_of_their_own_go_before_a_period(tmp_path: Path) -> None:
    rows = [(f"P-{n}", f"Water for everybody {n}", "2019-2022", "01.03.2019", "31.12.2022", 5) for n in range(3)]
    proposal = suggest_mapping(workbook(tmp_path, ("Project No.", "Title", "Period", "Start", "End", "Budget, EUR"), rows))
    assert list(proposed(proposal)["fields"]["dates"]) == ["planned_start", "planned_end"] and proposal.unused == ["Period"]


def test_money_takes_the_start_of_a_period(tmp_path: Path) -> None:
    rows = [(f"P-{n}", f"Water for everybody {n}", "2019-2022", "EUR 5,000.00") for n in range(3)]
    proposal = suggest_mapping(workbook(tmp_path, ("Project No.", "Title", "Period", "Budget"), rows))
    assert proposed(proposal)["fields"]["money"]["date"] == "planned_start"
    assert proposal.rows[0]["budgets"][0]["start"] == "2019-01-01" and proposal.rows[0]["dates"]["planned_end"] == "2022-12-31"
