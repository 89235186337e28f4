"""A table through a mapping, from file to records and reports."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from partnermap.errors import UnreadableFile
from partnermap.sources import open_imports
from tests.sources.iati_files import contents, open_one, read

MAPPING = """
identifier = "AA-1-SG-{Project ID}"
[table]
publisher = "Fund"
publisher_ref = "XM-9"
licence = "ODC-By 1.0"
language = "en"
[fields]
title = "Title"
description = { column = "What", type = "2", language = "fr" }
status = { column = "Status", values = { "Under Implmentation" = "2", "Done" = "3" } }
kind = { value = "project" }
countries = { column = "Countries", split = ",", values = { ZR = "CD" }, scopes = { "1W" = "1", "00" = "2" } }
sectors = { column = "Area", form = "name" }
other_identifiers = { column = "Fund ID", type = "A9", owner_ref = "XM-9" }
[fields.dates]
approval = { column = "Approved", formats = ["%d-%b-%y"] }
planned_start = { column = "Start", formats = ["%d-%b-%y", "%Y-%m-%d"] }
planned_end = { column = "End", formats = ["%d-%b-%y"] }
[[fields.participants]]
role = "funding"
name = "Fund"
ref = "XM-9"
[[fields.participants]]
role = "implementing"
column = "Lead"
[[fields.participants]]
role = "implementing"
column = "Agency"
split = "/,"
values = { WB = "World Bank" }
[[fields.participants]]
role = "counterpart"
column = "Partner"
"""
HEADER = "Project ID,Title,What,Status,Countries,Area,Fund ID,Approved,Start,End,Lead,Agency,Partner"
ROW = '7,Title,"Quoi, ""donc""",under  implmentation,"00, KG,ZR",Water,55,9-Nov-11,2012-01-31,30-Jun-14,UNEP,"UNDP/WB,UNEP","Ministry of\n  Water, Osh"'
SAID = {
    "identifier": "AA-1-SG-7",
    "reporter": {"ref": "XM-9", "name": "Fund"},
    "titles": [{"lang": "en", "text": "Title"}],
    "descriptions": [{"lang": "fr", "text": 'Quoi, "donc"', "type": "2"}],
    "status": "2",
    "scope": "2",
    "kind": "project",
    "dates": {"approval": "2011-11-09", "planned_start": "2012-01-31", "planned_end": "2014-06-30"},
    "countries": [{"code": "KG"}, {"code": "CD"}],
    "participants": [
        {"role": "1", "ref": "XM-9", "name": "Fund"},
        {"role": "4", "name": "UNEP"},
        {"role": "4", "name": "UNDP"},
        {"role": "4", "name": "World Bank"},
        {"role": "counterpart", "name": "Ministry of Water, Osh"},
    ],
    "sectors": [{"name": "Water", "vocabulary": "99"}],
    "other_identifiers": [{"ref": "55", "type": "A9", "owner_ref": "XM-9"}],
}


def mapped(folder: Path, text: str = MAPPING) -> Path:
    path = folder / "fund.toml"
    path.write_text(text, encoding="utf-8")
    return path


def table(folder: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8", name: str = "fund-2024-01-31.csv") -> Path:
    path = folder / name
    path.write_bytes("\n".join([header, *rows]).encode(encoding))
    return path


def row(**cells: str) -> str:
    """A row with a project number and only these cells; ``Fund_ID`` for the column "Fund ID"."""
    values = {"Project_ID": "7", "Title": "T", **cells}
    return ",".join('"' + values.get(column.replace(" ", "_"), "") + '"' for column in HEADER.split(","))


def told(folder: Path, encoding: str, title: str, mapping: str = MAPPING) -> tuple[list[str], list[str]]:
    """The titles of a table in an encoding, and what is reported."""
    records, reports = read(table(folder, row(Title=title), encoding=encoding), mapping=mapped(folder, mapping))
    return [json.loads(record.content)["titles"][0]["text"] for record in records], reports


def refusal(path: Path, mapping: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        list(open_imports(path, mapping=mapping))
    return str(caught.value)


def test_a_row_is_read_whole(tmp_path: Path) -> None:
    (record,), reports = read(table(tmp_path, ROW), mapping=mapped(tmp_path))
    assert (json.loads(record.content), reports) == (SAID, [])
    assert (record.subject_id, record.row, record.reporter, record.takes_part, record.flagged) == ("AA-1-SG-7", 2, "XM-9", True, False)


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), ("|", "utf-8")])
def test_delimiter_and_encoding_are_found(tmp_path: Path, delimiter: str, encoding: str) -> None:
    header, cells = HEADER.replace(",", delimiter), row(Title="Évaluation, à Osh").replace('","', f'"{delimiter}"')
    (said,) = contents(table(tmp_path, cells, header=header, encoding=encoding), mapping=mapped(tmp_path))
    assert said["titles"] == [{"lang": "en", "text": "Évaluation, à Osh"}]


def test_lists_of_two_encodings_in_one_file(tmp_path: Path) -> None:
    """As when a list of Windows was put below one of the web; each line is read as what it is."""
    path = tmp_path / "list.csv"
    lines = ["No;Title;Country;Donor", "1;Поддержка водной реформы;;", "2;Підтримка України;;", "3;Торговля лесом;;"]
    path.write_bytes(b"\n".join(line.encode("utf-8" if line.startswith(("N", "1")) else "cp1251") for line in lines))
    records, reports = read(path, mapping=mapped(tmp_path, LIST))
    assert [json.loads(record.content)["titles"][0]["text"] for record in records] == ["Поддержка водной реформы", "Підтримка України", "Торговля лесом"]
    assert reports == ["list.csv, encoding: 2 lines, from line 3 on, are not UTF-8 as others are; read as Windows-1251 (Cyrillic). Check letters, and ask for a file in one encoding. [kept]"]


def test_two_bytes_that_may_be_utf_8_make_no_mixed_file(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("No;Title;Country;Donor\n1;ТЁ;;\n2;Торговля лесом;;\n".encode("cp1251"))
    records, reports = read(path, mapping=mapped(tmp_path, LIST))
    assert [json.loads(record.content)["titles"][0]["text"] for record in records] == ["ТЁ", "Торговля лесом"]
    assert reports[0].startswith("list.csv, encoding: not UTF-8; read as Windows-1251 (Cyrillic).")


def test_windows_letters_are_read_and_reported(tmp_path: Path) -> None:
    records, reports = read(table(tmp_path, row(Title="Évaluation"), encoding="cp1252"), mapping=mapped(tmp_path))
    assert json.loads(records[0].content)["titles"] == [{"lang": "en", "text": "Évaluation"}]
    assert reports == ["fund-2024-01-31.csv, encoding: not UTF-8; read as Windows-1252. Check letters with accents, or state the encoding in the mapping. [kept]"]


@pytest.mark.parametrize(
    ("encoding", "called", "title"),
    [
        ("cp1251", "Windows-1251", "Поддержка водной реформы"),
        ("koi8-r", "KOI8", "Поддержка водной реформы"),
        ("cp866", "DOS 866", "Поддержка водной реформы"),
        ("cp1251", "Windows-1251", "БЕЗОПАСНОСТЬ ДОРОГ"),
        ("koi8-r", "KOI8", "БЕЗОПАСНОСТЬ ДОРОГ"),
        ("koi8-u", "KOI8", "Підтримка водної реформи"),
    ],
)
def test_cyrillic_of_one_byte_a_letter_is_known_by_its_letters(tmp_path: Path, encoding: str, called: str, title: str) -> None:
    (said,), reports = told(tmp_path, encoding, title)
    assert said == title
    assert reports == [f"fund-2024-01-31.csv, encoding: not UTF-8; read as {called} (Cyrillic). Check letters, or state the encoding in the mapping. [kept]"]


def test_the_encoding_that_a_mapping_states_decides(tmp_path: Path) -> None:
    stated = MAPPING.replace("[table]", '[table]\nencoding = "cp1252"')
    assert told(tmp_path, "cp1251", "Поддержка", stated) == (["Ïîääåðæêà"], [])


def test_a_stated_encoding_is_used_and_checked(tmp_path: Path) -> None:
    stated = mapped(tmp_path, MAPPING.replace('language = "en"', 'language = "ru"\nencoding = "cp1251"', 1))
    (said,) = contents(table(tmp_path, row(Title="Вода"), encoding="cp1251"), mapping=stated)
    assert said["titles"] == [{"lang": "ru", "text": "Вода"}]
    wrong = mapped(tmp_path, MAPPING.replace('language = "en"', 'encoding = "ascii"', 1))
    assert refusal(table(tmp_path, row(Title="Вода")), wrong) == (
        "fund-2024-01-31.csv: is not in the encoding ascii that the mapping states. Correct the mapping or leave encoding out."
    )


@pytest.mark.parametrize(
    ("cells", "key", "kept", "report"),
    [
        ({"Partner": "D\ufffdlegation"}, "participants", {"role": "counterpart", "name": "D\ufffdlegation"}, "Partner: broken characters (U+FFFD, from an earlier wrong conversion); kept as they are. Correct them at the source."),
        ({"Status": "Odd"}, "status", None, "Status: Odd is no status that the mapping knows; left out. Correct it at the source, or add it to the mapping."),
        ({"Start": "soon"}, "dates", None, "Start: date soon is not of the form %d-%b-%y or %Y-%m-%d; left out. Correct it at the source, or add it to the mapping."),
        ({"Start": "2014-01-01", "End": "1-Jan-13"}, "dates", {"planned_start": "2014-01-01"}, "End: planned end 2013-01-01 is before planned start 2014-01-01; the end is left out. Correct it at the source."),
        ({"Countries": "KG, QQ"}, "countries", {"code": "KG"}, "Countries: QQ is no ISO 3166 country code; left out. Correct it at the source, or add it to the mapping."),
        ({"Title": ""}, "titles", None, "Title: no title; the activity is kept. Correct it at the source."),
    ],
)
def test_values_that_cannot_be_read(tmp_path: Path, cells: dict[str, str], key: str, kept: object, report: str) -> None:
    records, reports = read(table(tmp_path, row(**cells)), mapping=mapped(tmp_path))
    said = json.loads(records[0].content).get(key)
    assert (said[-1] if isinstance(said, list) else said) == kept
    assert reports == [f"fund-2024-01-31.csv, row 2, {report} [kept]"]


def test_rows_without_identifier_are_refused_and_empty_rows_passed_over(tmp_path: Path) -> None:
    path = table(tmp_path, row(), "", row(Project_ID=" "), row(Project_ID="9"))
    records, reports = read(path, mapping=mapped(tmp_path))
    assert [(r.subject_id, r.row) for r in records] == [("AA-1-SG-7", 2), ("AA-1-SG-9", 5)]
    assert reports == ["fund-2024-01-31.csv, row 4, Project ID: empty, so the row has no identifier and is left out. Correct it at the source."]
    dataset = open_one(path, mapping=mapped(tmp_path)).dataset
    assert (dataset.dataset, dataset.source, dataset.publisher, dataset.licence) == ("fund", "table", "Fund (XM-9)", "ODC-By 1.0")
    assert (dataset.activities, dataset.rejected, dataset.transactions, dataset.links) == (3, 1, 0, 0)


def test_a_cell_without_text_says_nothing(tmp_path: Path) -> None:
    mapping = mapped(tmp_path, 'identifier = "A:{Project ID}"\n[table]\npublisher = "Fund"\n[fields]\nstatus = "Status"\ncountries = "Countries"')
    assert contents(table(tmp_path, row()), mapping=mapping) == [{"identifier": "A:7", "reporter": {"name": "Fund"}}]


def test_equal_and_differing_rows_of_one_identifier(tmp_path: Path) -> None:
    records, reports = read(table(tmp_path, row(), row(), row(Title="Other")), mapping=mapped(tmp_path))
    assert [r.row for r in records] == [2, 3, 4]
    assert reports == ["fund-2024-01-31.csv, row 4, identifier: AA-1-SG-7 also stands in row 2 with other content; both are kept. [kept]"]


def test_a_row_longer_or_shorter_than_the_header(tmp_path: Path) -> None:
    records, reports = read(table(tmp_path, row() + ",more", "8,Short"), mapping=mapped(tmp_path))
    assert [r.subject_id for r in records] == ["AA-1-SG-7", "AA-1-SG-8"]
    assert reports == ["fund-2024-01-31.csv, row 2: more cells than the header has; more is left out. Check separators and quotes. [kept]"]


def test_a_quote_that_is_not_closed_loses_no_rows_silently(tmp_path: Path) -> None:
    assert refusal(table(tmp_path, row(), '8,"open', row(Project_ID="9").replace('"', "")), mapped(tmp_path)) == (
        "fund-2024-01-31.csv: breaks near line 4 (unexpected end of data), so no row after it can be told apart and nothing was imported. "
        "Look for a quote that is not closed or not doubled, or for another separator."
    )


def test_a_missing_column_is_named_with_those_that_exist(tmp_path: Path) -> None:
    path = table(tmp_path, "7,KG", header="Project ID,Country")
    mapping = mapped(tmp_path, 'identifier = "A:{Project ID}"\n[table]\npublisher = "Fund"\n[fields]\ntitle = "Titel"\nstatus = "State"')
    assert refusal(path, mapping) == (
        "fund-2024-01-31.csv: has no column 'Titel', 'State', which the mapping fund.toml names. Its columns are 'Project ID', 'Country'."
    )


def test_a_column_that_stands_twice_is_not_guessed(tmp_path: Path) -> None:
    path = table(tmp_path, "7,KG,TJ", header="Project ID,Country,Country")
    mapping = mapped(tmp_path, 'identifier = "A:{Project ID}"\n[table]\npublisher = "Fund"\n[fields]\ncountries = "Country"')
    assert refusal(path, mapping) == "fund-2024-01-31.csv: has the column 'Country' more than once, so it is not clear which one is meant. Rename one."


def test_a_header_alone(tmp_path: Path) -> None:
    assert refusal(table(tmp_path), mapped(tmp_path)) == "fund-2024-01-31.csv: has a header and no rows, so there is nothing to import."


def test_countries_by_name(tmp_path: Path) -> None:
    mapping = mapped(tmp_path, MAPPING.replace("split = \",\", values", 'split = ",", form = "name", values').replace('"00" = "2"', '"Regional" = "2"'))
    path = table(tmp_path, row(Countries="Kyrgyz Republic, Türkiye"), row(Countries="Korea, Republic of"), row(Countries="Regional"))
    assert [(c.get("countries"), c.get("scope")) for c in contents(path, mapping=mapping)] == [([{"code": "KG"}, {"code": "TR"}], None), ([{"code": "KR"}], None), (None, "2")]


@pytest.mark.parametrize(
    ("cell", "split", "codes", "report"),
    [
        ("Kazakhstan; Kyrgyz Republic", '";"', ["KZ", "KG"], ""),
        ("Korea, Republic of; Japan", '";,"', ["KR", "JP"], ""),
        ("Georgia, Bosnia and Herzegovina and Serbia", '[",", " and "]', ["GE", "BA", "RS"], ""),
        ("Ukriane", '";"', None, "Ukriane is no country's name; left out. Is it Ukraine? Correct it at the source, or write it under values in the mapping; nothing is taken without you."),
        ("Egypt, Arab Republic of", '";"', None, "Egypt, Arab Republic of is no country's name; left out. Is it Egypt? Correct it at the source, or write it under values in the mapping; nothing is taken without you."),
        ("Central Asia", '";"', None, "Central Asia is a group of countries; kept as a region, not as its countries. If that is meant, say so under scopes in the mapping."),
        ("Western Balkans;Regional", '";"', None, "Western Balkans is a group of countries; kept as a region, not as its countries. If that is meant, say so under scopes in the mapping."),
    ],
)
def test_countries_resolve_exactly_or_not_at_all(tmp_path: Path, cell: str, split: str, codes: list[str] | None, report: str) -> None:
    mapping = mapped(tmp_path, MAPPING.replace('split = ",", values', f'split = {split}, form = "name", values').replace('"00" = "2"', '"Regional" = "2"'))
    records, reports = read(table(tmp_path, row(Countries=cell)), mapping=mapping)
    assert json.loads(records[0].content).get("countries") == (codes and [{"code": code} for code in codes])
    assert reports == ([f"fund-2024-01-31.csv, row 2, Countries: {report} [kept]"] if report else [])


def test_cells_that_say_nothing_in_words_are_empty(tmp_path: Path) -> None:
    (said,) = contents(table(tmp_path, row(What="No description available.", Partner="N/A", Area="to come")), mapping=mapped(tmp_path, MAPPING.replace("[fields]", 'nothing = ["To come"]\n[fields]', 1)))
    assert {"descriptions", "sectors"}.isdisjoint(said) and [p["name"] for p in said["participants"]] == ["Fund"]


def test_a_csv_cell_of_two_megabytes_is_kept_and_told(tmp_path: Path) -> None:
    records, reports = read(table(tmp_path, row(What="x" * 2_000_000)), mapping=mapped(tmp_path))
    assert len(json.loads(records[0].content)["descriptions"][0]["text"]) == 2_000_000
    assert reports == ["fund-2024-01-31.csv, row 2, What: 2,000,000 characters in one cell; kept. Is a quote not closed, or a file pasted in? [kept]"]


TABLE = '[table]\npublisher = "Fund"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = [", "fund.toml: the mapping is no TOML: Invalid value (at end of document). Correct it there."),
        ("title = 1", "fund.toml: the mapping has no key 'title'; it may hold identifier, table, fields."),
        ('[table]\npublisherr = "F"', "fund.toml: [table] has no key 'publisherr'; it may hold publisher, publisher_ref, publisher_type, secondary, licence, dataset, language, generated_date, delimiter, encoding, sheet, header_row, header_rows, group, by_title, nothing, notes."),
        ("[table]\npublisher = 1", "fund.toml: [table]: publisher must be text in quotes."),
        ("[table]", 'fund.toml: [table] has no publisher: write publisher = "name of who reports", as a person would.'),
        (TABLE, 'fund.toml: identifier names no column: write identifier = "XM-DAC-47044:{gef_id}", with the column in braces.'),
        (TABLE + "[fields]\nbudgets = 'x'", "fund.toml: [fields] has no key 'budgets'; it may hold title, description, status, scope, kind, dates, countries, locations, participants, sectors, money, related, other_identifiers."),
        (TABLE + "[fields]\ntitle = {colunm = 'x'}", "fund.toml: [fields] title has no key 'colunm'; it may hold column, language."),
        (TABLE + "[fields]\ntitle = {language = 'x'}", "fund.toml: [fields] title names no column and no constant."),
        (TABLE + "[fields]\ntitle = 1", "fund.toml: [fields] title must be a column's name or a table."),
        (TABLE + "[fields.dates]\nstart = 'x'", "fund.toml: [fields.dates] has no key 'start'; it may hold planned_start, actual_start, planned_end, actual_end, approval, planned_period, actual_period."),
        (TABLE + "[fields]\nstatus = {column = 'x', values = {A = '9'}}", "fund.toml: [fields] status: '9', which stands for 'a', is no code of IATI's list."),
        (TABLE + "[fields]\nstatus = {column = 'x', values = {A = 9}}", "fund.toml: [fields] status: every value of values must be text in quotes."),
        (TABLE + "[fields]\ncountries = {column = 'x', scopes = {A = '9'}}", "fund.toml: [fields] countries: '9', which stands for 'a', is no IATI activity scope."),
        (TABLE + "[fields]\ncountries = {column = 'x', form = 'iso'}", "fund.toml: [fields] countries: form must be iso2 or name."),
        (TABLE + "[fields]\ncountries = {column = 'x', value = 'KG'}", "fund.toml: [fields] countries has both a column and a constant value; write one of them."),
        (TABLE + "[fields]\ncountries = {value = 'KGZ'}", 'fund.toml: [fields] countries: value \'KGZ\' is no ISO 3166 code of two letters; write one, such as "KG", or form = "name" beside a name.'),
        (TABLE + "[fields]\ncountries = {value = 'Kyrgyz', form = 'name'}", "fund.toml: [fields] countries: value 'Kyrgyz' is no country's name, nor that of a group of countries."),
        (TABLE + "[fields]\ncountries = {value = '?'}", 'fund.toml: [fields] countries: value = "?" is a question that the proposal left to you. Write what it is, or take the line out.'),
        (TABLE + "[fields]\nparticipants = {column = 'x', role = 'boss'}", "fund.toml: [fields] participants: role 'boss' must be funding, accountable, extending, implementing or counterpart."),
        (TABLE + "[fields]\nparticipants = {column = 'x', name = 'y', role = 'funding'}", "fund.toml: [fields] participants has both a column and a constant name or ref; write two entries."),
        (TABLE + "[fields.dates]\nplanned_period = 'x'\nplanned_end = 'y'", "fund.toml: [fields.dates] has planned_period and planned_end; a period tells both start and end, so write one or the other."),
        (TABLE + "[fields]\ndates = 'x'", 'fund.toml: [fields] dates must be a table, such as planned_start = { column = "Start" }.'),
        ("[table]\npublisher = 'F'\ngenerated_date = '1 May'", "fund.toml: [table] generated_date 1 May is no date of the form 2024-01-31."),
        ("[table]\npublisher = 'F'\ndelimiter = ';;'", "fund.toml: [table] delimiter must be one character."),
        ("[table]\npublisher = 'F'\nheader_row = 0", "fund.toml: [table] header_row counts from 1."),
        ("[table]\npublisher = '?'", 'fund.toml: [table]: publisher = "?" is a question that the proposal left to you. Write what it is, or take the line out.'),
        ('identifier = "?:{x}"\n' + TABLE, 'fund.toml: identifier begins with "?", a question that the proposal left to you. Write the publisher\'s IATI reference instead, or a short name of your own for it.'),
        (TABLE + "[fields.dates]\napproval = {column = 'x', formats = ['?']}", 'fund.toml: [fields] dates: formats = ["?"] is a question that the proposal left to you. Write the form, such as "%d.%m.%Y" or "%m/%d/%Y".'),
        (TABLE + "[fields]\nstatus = {column = 'x', values = {A = '?'}}", 'fund.toml: [fields] status: A = "?" is a question that the proposal left to you. Write its code, or take the line out.'),
    ],
)
def test_a_mapping_is_checked_by_name(tmp_path: Path, text: str, sentence: str) -> None:
    assert refusal(table(tmp_path, ROW), mapped(tmp_path, text)) == sentence


def test_a_missing_mapping(tmp_path: Path) -> None:
    assert refusal(table(tmp_path, ROW), tmp_path / "none.toml") == f"{tmp_path / 'none.toml'}: the mapping cannot be opened (No such file or directory). Check the name."


def test_the_hash_covers_the_mapping_but_not_its_comments(tmp_path: Path) -> None:
    path = table(tmp_path, ROW)
    first = open_one(path, mapping=mapped(tmp_path)).dataset.sha256
    assert open_one(path, mapping=mapped(tmp_path, "# a remark\n" + MAPPING)).dataset.sha256 == first
    assert open_one(path, mapping=mapped(tmp_path, MAPPING.replace('role = "counterpart"', 'role = "extending"'))).dataset.sha256 != first


@pytest.mark.parametrize(
    ("constant", "told"),
    [
        ('value = "KG"', {"countries": [{"code": "KG"}]}),
        ('value = "Кыргызская Республика", form = "name"', {"countries": [{"code": "KG"}]}),
        ('value = "KG,KZ", split = ","', {"countries": [{"code": "KG"}, {"code": "KZ"}]}),
    ],
)
def test_every_row_of_a_national_list_has_the_country_of_the_mapping(tmp_path: Path, constant: str, told: dict[str, list[dict[str, str]]]) -> None:
    written = 'identifier = "AA-1-SG-{Project ID}"\n[table]\npublisher = "Fund"\n[fields]\ntitle = "Title"\ncountries = { ' + constant + " }\n"
    said = contents(table(tmp_path, row(), row(Project_ID="8")), mapping=mapped(tmp_path, written))
    assert [{"countries": one["countries"]} for one in said] == [told, told]


def test_a_group_of_countries_for_every_row_is_a_region(tmp_path: Path) -> None:
    written = 'identifier = "AA-1-SG-{Project ID}"\n[table]\npublisher = "Fund"\n[fields]\ntitle = "Title"\ncountries = { value = "Central Asia", form = "name" }\n'
    (record,), reports = read(table(tmp_path, row()), mapping=mapped(tmp_path, written))
    assert (json.loads(record.content)["regions"], reports) == ([{"code": "central_asia", "vocabulary": "group"}], [])


# --- rows that are no activities, rows without numbers ------------------------------------------------


@pytest.mark.parametrize("word", ["TOTAL", "Total:", "Grand total (EUR)", "Sub-total", "Всего", "Итого по проектам:", "ИТОГО", "Gesamtsumme", "Total général", "Total general", "Усього"])
def test_a_row_of_totals_is_no_activity(tmp_path: Path, word: str) -> None:
    path = table(tmp_path, row(), row(Project_ID=word, Title=""), row(Project_ID="", Title=word))
    records, reports = read(path, mapping=mapped(tmp_path))
    assert [record.subject_id for record in records] == ["AA-1-SG-7"]
    assert reports == [f"fund-2024-01-31.csv, row {number}: “{word}” stands first: a row of totals, and no activity; left out." for number in (3, 4)]
    dataset = open_one(path, mapping=mapped(tmp_path)).dataset
    assert (dataset.activities, dataset.rejected) == (1, 2)


@pytest.mark.parametrize(
    "word",
    [
        *("Sub-total 2nd dimension", "Subtotal environment", "Подытог: окружающая среда", "Подитог по компоненту", "Sous-total environnement", "Subtotales"),
        *("Zwischensumme Umwelt", "Промежуточный итог 1", "Ara toplam: çevre", f"Sub-total {'environment and security ' * 4}"),
    ],
)
def test_a_subtotal_is_told_by_its_first_word(tmp_path: Path, word: str) -> None:
    path = table(tmp_path, row(), row(Project_ID=word, Title=""), row(Project_ID="", Title=word), row(Project_ID="8"))
    records, reports = read(path, mapping=mapped(tmp_path))
    assert [record.subject_id for record in records] == ["AA-1-SG-7", "AA-1-SG-8"]
    assert [report.partition("” ")[2] for report in reports] == ["stands first: a subtotal, and no activity; left out."] * 2


@pytest.mark.parametrize("word", ["Grand total of all dimensions", "Итого по компоненту 1"])
def test_a_total_of_a_part_is_no_activity(tmp_path: Path, word: str) -> None:
    records, reports = read(table(tmp_path, row(), row(Project_ID="", Title=word)), mapping=mapped(tmp_path))
    assert ([record.subject_id for record in records], reports) == (["AA-1-SG-7"], [f"fund-2024-01-31.csv, row 3: “{word}” stands first: a row of totals, and no activity; left out."])


@pytest.mark.parametrize("title", ["Total Sanitation Campaign", "Subnational budgets", "Total mine clearance in Batken", "Summe der Wasserrechte"])
def test_a_title_that_begins_like_a_total_is_an_activity(tmp_path: Path, title: str) -> None:
    records, reports = read(table(tmp_path, row(Title=title)), mapping=mapped(tmp_path))
    assert (len(records), reports) == (1, [])


LIST = 'identifier = "W:{No}"\n[table]\npublisher = "W"\nlicence = "unknown"\n[fields]\ntitle = "Title"\n'
TITLES = LIST.replace("{No}", "{Title}").replace("[table]", "[table]\nby_title = true")


def listed(folder: Path, rows: list[str], mapping: str = LIST) -> tuple[list[str], list[str]]:
    """Titles of a list of projects with number, title, country and donor, and its reports without the name."""
    path = folder / "list.csv"
    path.write_text("\n".join(["No;Title;Country;Donor", *rows]), encoding="utf-8")
    records, reports = read(path, mapping=mapped(folder, mapping))
    return [json.loads(record.content).get("titles", [{"text": ""}])[0]["text"] for record in records], [report.removeprefix("list.csv, ") for report in reports]


NOTES = [
    "Note: amounts without in-kind contributions", "Source: Unified Budget 2026", "* preliminary", "** см. приложение", "Prepared by the Programme Office, 3 November 2026", "Примечание: данные предварительные",
    "Исп.: Асанов А., тел. 66-00-11", "По состоянию на 1 ноября 2026 г.", "Quelle: BMZ", "Établi par le secrétariat", "Fuente: AECID", "Figures are indicative and subject to funding",
]  # fmt: skip


@pytest.mark.parametrize("mapping", [LIST, TITLES])
@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize("before", ["", ";", ";;;"])
def test_a_note_below_the_list_is_no_activity(tmp_path: Path, note: str, before: str, mapping: str) -> None:
    titles, reports = listed(tmp_path, ["1;Wells;Georgia;EU", "2;Roads;Georgia;EU", "Total;;;2", "", before + note], mapping)
    why = "stands below the list: a note, and no activity; left out. If it is an activity, write notes = false under [table] in the mapping."
    if mapping == LIST and not before:  # words where numbers stand are no activity anywhere
        why = "stands alone: a heading or a note, and no activity; left out."
    assert (titles, reports[1:]) == (["Wells", "Roads"], [f"row 6: “{note}” {why}"])


def test_notes_of_two_cells_and_a_line_to_sign_on(tmp_path: Path) -> None:
    titles, reports = listed(tmp_path, ["1;Wells;Georgia;EU", "Prepared by:;Aigul", "*;preliminary", "Заместитель министра ________;;;Б. Осмонов"], TITLES)
    assert (titles, len(reports)) == (["Wells"], 3)


def test_the_dataset_counts_no_notes(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("No;Title;Country\n1;Wells;Georgia\n2;Roads;Georgia\nSource: we;;\n", encoding="utf-8")
    dataset = open_one(tmp_path / "list.csv", mapping=mapped(tmp_path, LIST)).dataset
    assert (dataset.activities, dataset.rejected) == (2, 1)


def test_a_title_alone_is_an_activity_where_others_are_alone_too(tmp_path: Path) -> None:
    rows = [";Wells;Georgia;EU", ";Energy in schools;;", ";Roads;Georgia;EU", ";Access to water;;", ";Source: UN INFO;;", ";Figures are indicative;;", "See the annex;;;"]
    titles, reports = listed(tmp_path, rows, TITLES)
    assert titles == ["Wells", "Energy in schools", "Roads", "Access to water"]
    assert [report.split(":")[0] for report in reports] == ["row 6", "row 7", "row 8"]


def test_a_list_of_titles_and_nothing_else_loses_no_row(tmp_path: Path) -> None:
    assert listed(tmp_path, [";Wells;;", ";Roads in Osh;;", ";Energy in schools;;"], TITLES) == (["Wells", "Roads in Osh", "Energy in schools"], [])


@pytest.mark.parametrize("last", ["3;;;", "KG-17/3;;;", "*3;Bridges;;", "3;Note: on bridges;;", ";Source of the Naryn;Georgia;EU"])
def test_a_last_row_that_says_little_is_an_activity(tmp_path: Path, last: str) -> None:
    assert len(listed(tmp_path, ["1;Wells;Georgia;EU", "2;Roads;Georgia;EU", last], TITLES if last.startswith(";") else LIST)[0]) == 3


def test_the_mapping_may_say_that_there_are_no_notes(tmp_path: Path) -> None:
    rows = [";Wells;Georgia;EU", ";Energy in schools;;"]
    assert listed(tmp_path, rows, TITLES)[0] == ["Wells"]
    assert listed(tmp_path, rows, TITLES.replace("[table]", "[table]\nnotes = false")) == (["Wells", "Energy in schools"], [])


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("No;Title;Country;Donor", "the header again"),
        ("1;2;3;4", "numbers of the columns"),
        ("Running projects;Running projects;Running projects;Running projects", "“Running projects” stands alone: a heading or a note"),  # merged over the columns
        ("2. Running projects;;;", "“2. Running projects” stands alone: a heading or a note"),
        ("Kyrgyzstan;;;", "“Kyrgyzstan” stands alone: a heading or a note"),
    ],
)
def test_headings_within_a_list_are_no_activities(tmp_path: Path, row: str, why: str) -> None:
    titles, reports = listed(tmp_path, ["1;Wells;Georgia;EU", row, "2;Roads;Georgia;EU"])
    assert (titles, reports) == (["Wells", "Roads"], [f"row 3: {why}, and no activity; left out."])


def test_a_country_alone_among_titles_is_a_heading(tmp_path: Path) -> None:
    assert listed(tmp_path, ["Georgia;;;", ";Wells;;EU", ";Central Asia;;", ";Roads;;EU"], TITLES)[0] == ["Wells", "Roads"]


def test_project_numbers_that_are_words_are_no_headings(tmp_path: Path) -> None:
    titles, reports = listed(tmp_path, ["WELLS;a;Georgia;EU", "ROADS;;;", "BRIDGES;c;Georgia;EU"])
    assert (titles, reports) == (["a", "", "c"], ["row 3, Title: no title; the activity is kept. Correct it at the source. [kept]"])


PERIOD = LIST + 'money = { column = "Donor", currency = "EUR", unit = 1, date = "planned_start" }\ndates.planned_period = { column = "Country", formats = ["%d.%m.%Y", "%Y"] }\n'


def test_one_column_tells_start_and_end(tmp_path: Path) -> None:
    """And the money takes the year of its start."""
    path = tmp_path / "list.csv"
    path.write_text("No;Title;Country;Donor\n1;Wells;01.03.2021 - 2023;500\n2;Roads;from 2020;\n3;Bridges;2 years;\n4;Schools;2023-2021;\n", encoding="utf-8")
    records, reports = read(path, mapping=mapped(tmp_path, PERIOD))
    said = [json.loads(record.content) for record in records]
    assert [one.get("dates") for one in said] == [{"planned_start": "2021-03-01", "planned_end": "2023-12-31"}, {"planned_start": "2020-01-01"}, None, {"planned_start": "2023-01-01"}]
    assert said[0]["budgets"] == [{"type": "1", "value": "500", "currency": "EUR", "start": "2021-03-01", "end": "2021-03-01", "value_date": "2021-03-01"}]
    assert reports == [
        "list.csv, row 4, Country: period 2 years is no period of two dates, each of the form %d.%m.%Y or %Y; left out. Correct it at the source, or add it to the mapping. [kept]",
        "list.csv, row 5, Country: planned end 2021-12-31 is before planned start 2023-01-01; the end is left out. Correct it at the source. [kept]",
    ]


@pytest.mark.parametrize("title", ["Total Water Management", "Totals of the census", "Итоговая конференция", "Sum of parts"])
def test_a_title_that_begins_so_is_an_activity(tmp_path: Path, title: str) -> None:
    records, _ = read(table(tmp_path, row(Project_ID=title)), mapping=mapped(tmp_path))
    assert len(records) == 1


def test_activities_known_by_their_titles(tmp_path: Path) -> None:
    """Case, accents, marks and spaces make no new activity; other words do, however late they come."""
    long = "Support to the ministries of the countries of the basin in drawing up their plans for dry years"
    by_title = MAPPING.replace("{Project ID}", "{Title}-{Countries}").replace("[table]", "[table]\nby_title = true")
    path = table(tmp_path, row(Title="Réform of the  Water–Sector!", Countries="KG"), row(Title="REFORM OF THE WATER SECTOR", Countries="KG"), row(Title="Reform of the water sector"), row(Title=""), row(Title=f"{long} I"), row(Title=f"{long} II"))
    records, reports = read(path, mapping=mapped(tmp_path, by_title))
    first, second = [record.subject_id for record in records][3:]
    assert [record.subject_id for record in records][:3] == ["AA-1-SG-reform-of-water-sector-kg"] * 2 + ["AA-1-SG-reform-of-water-sector"]
    assert first != second and first[:60] == second[:60] and len(first) == len(second) == len("AA-1-SG-") + 80
    assert "fund-2024-01-31.csv, row 5, Title, Countries: empty, so the row has no identifier and is left out. Correct it at the source." in reports


@pytest.mark.parametrize(("cell", "said"), [("Central Asia", {"scope": "2", "regions": [{"code": "central_asia", "vocabulary": "group"}]}), ("SPECA; Ukraine", {"regions": [{"code": "speca", "vocabulary": "group"}], "countries": [{"code": "UA"}]})])
def test_a_group_of_countries_is_a_region_and_no_country(tmp_path: Path, cell: str, said: dict[str, object]) -> None:
    mapping = tmp_path / "map.toml"
    mapping.write_text('identifier = "W:{No}"\n[table]\npublisher = "W"\nlicence = "unknown"\n[fields]\ntitle = "Name"\ncountries = { column = "Where", split = ";", form = "name", scopes = { "Central Asia" = "2" } }\n')
    path = tmp_path / "w.csv"
    path.write_text(f"No,Name,Where\n1,Wells,{cell}\n")
    records, reports = read(path, mapping=mapping)
    (content,) = (json.loads(record.content) for record in records)
    assert {key: content[key] for key in ("scope", "regions", "countries") if key in content} == said
    assert len(reports) == ("SPECA" in cell)  # what the mapping does not name is told
