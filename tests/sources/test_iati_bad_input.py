"""Each kind of bad input gives one clear sentence, and nothing else is lost."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from partnermap.errors import UnreadableFile
from partnermap.sources import open_imports
from tests.sources.iati_files import REPORTER, TITLE, activity, contents, read, write

SOURCE = "Correct it at the source."


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        list(open_imports(path))
    return str(caught.value)


# --- whole files ------------------------------------------------------------------------------


def test_no_xml(tmp_path: Path) -> None:
    path = tmp_path / "file.xml"
    path.write_text("<iati-activities <<<>")
    assert refusal(path) == "file.xml: is not well-formed XML: line 1, column 18, not well-formed (invalid token). Ask the publisher for a correct file."


def test_cut_off_in_the_middle(tmp_path: Path) -> None:
    path = write(tmp_path, *(activity(identifier=f"A-{n}") for n in range(5)))
    text = path.read_text()
    whole = text[: text.index("A-3")]
    path.write_text(whole)
    assert refusal(path) == (
        f"file.xml: breaks at line 1, column {len(whole) + 1} (Premature end of data in tag iati-identifier line 1), after 3 whole activities; "
        "nothing was imported, so that the rest does not count as withdrawn. Download the file again, or ask the publisher for a whole one."
    )


def test_tags_that_do_not_match(tmp_path: Path) -> None:
    path = write(tmp_path, activity(), "<iati-activity></title>")
    assert "(Opening and ending tag mismatch: iati-activity line 1 and title), after 1 whole activities;" in refusal(path)


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
ENTITIES = (
    "file.xml: declares entities of its own in its DOCTYPE, which IATI files never need and which can be an attack, so nothing was read. "
    "Ask the publisher for a file without them."
)


@pytest.mark.parametrize("doctype", [BOMB, '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://example.org/x.dtd"> %p;]>'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_never_expanded(tmp_path: Path, doctype: str, encoding: str) -> None:
    path = tmp_path / "file.xml"
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?>{doctype}<iati-activities>{activity("<title>&c;</title>")}</iati-activities>', encoding=encoding)
    assert refusal(path) == ENTITIES


def test_a_doctype_without_entities_is_read_and_nothing_is_fetched(tmp_path: Path) -> None:
    path = tmp_path / "file.xml"
    path.write_text(f'<!DOCTYPE iati-activities SYSTEM "http://localhost:1/none.dtd"><iati-activities version="2.03">{activity()}</iati-activities>')
    assert len(contents(path)) == 1


def test_an_entity_of_a_doctype_that_is_not_loaded_stays_as_written(tmp_path: Path) -> None:
    path = tmp_path / "file.xml"
    path.write_text(f'<!DOCTYPE x SYSTEM "http://localhost:1/none.dtd"><iati-activities version="2.03">{activity("<description>caf&mine; au lait</description>")}</iati-activities>')
    assert contents(path)[0]["descriptions"] == [{"text": "caf&mine; au lait"}]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "file.xml: is empty. Download it again."),
        ("  \n", "file.xml: is empty. Download it again."),
        ("<iati-activities version='2.03'/>", "file.xml: holds no activities, so there is nothing to import. Check that the right file was downloaded."),
        (
            "<iati-organisations version='2.03'/>",
            "file.xml: is an IATI organization file, which holds budgets of organizations and no activities. Import the publisher's activity file instead.",
        ),
        ("<rss version='2.0'/>", "file.xml: its root element is <rss>, not <iati-activities>, so it is no IATI activity file. Check that the right file was downloaded."),
        ("<!DOCTYPE html><html></html>", "file.xml: is a web page and no data; the download link probably led to an error or login page. Download the file again."),
        ("\n<HTML><body>404</body>", "file.xml: is a web page and no data; the download link probably led to an error or login page. Download the file again."),
        ('{"a": 1}', "file.xml: is JSON, which is not read. Ask the publisher for IATI XML, or for CSV."),
        ("a,b\n1,2\n", "file.xml: looks like a table. Name its mapping with --mapping FILE.toml, or let --suggest propose one."),
        ("<?xml version='1.0' encoding='martian'?><iati-activities/>", "file.xml: its encoding cannot be read safely (unknown encoding: martian). Save it as UTF-8 and import it again."),
    ],
)
def test_files_that_are_something_else(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "file.xml"
    path.write_text(text)
    assert refusal(path) == sentence


def test_bytes_that_are_not_in_the_declared_encoding(tmp_path: Path) -> None:
    path = tmp_path / "file.xml"
    path.write_bytes(f'<?xml version="1.0" encoding="UTF-8"?><iati-activities>{activity()}'.encode() + activity("<description>é</description>").encode("latin-1"))
    assert refusal(path).startswith("file.xml: breaks at line 1, column ")


@pytest.mark.parametrize(
    ("version", "report"),
    [
        (' version="9.99"', "file.xml, version: version 9.99 of IATI is not known; read as 2.03, check the result. [kept]"),
        ("", "file.xml, version: no version of IATI is stated; read as 2.03, check the result. [kept]"),
        (' version="2.03" generated-datetime="soon"', "file.xml, generated-datetime: soon is no date of the form 2024-01-31; left out. [kept]"),
    ],
)
def test_doubts_about_the_whole_file(tmp_path: Path, version: str, report: str) -> None:
    records, reports = read(write(tmp_path, activity(), version=version))
    assert (len(records), reports) == (1, [report])


@pytest.mark.parametrize(("encoding", "declared"), [("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("latin-1", "ISO-8859-1"), ("cp1251", "windows-1251")])
def test_declared_encodings_and_byte_order_marks(tmp_path: Path, encoding: str, declared: str) -> None:
    word = "Вода" if encoding != "latin-1" else "Étude"
    path = tmp_path / "file.xml"
    inside = f'<?xml version="1.0" encoding="{declared}"?>\n<iati-activities version="2.03">{activity(f"<description>{word}</description>")}</iati-activities>'
    path.write_bytes(inside.encode(encoding))
    assert contents(path)[0]["descriptions"] == [{"text": word}]


# --- one activity -----------------------------------------------------------------------------


def one(tmp_path: Path, inside: str, **options: str) -> tuple[dict[str, object], list[str]]:
    """What is kept beyond identifier, reporter and title, and the reports on row 1."""
    path = write(tmp_path, activity(inside, **options))
    said = contents(path)[0]
    rest = {key: value for key, value in said.items() if key not in ("identifier", "reporter", "titles")}
    reports = read(path)[1]
    assert all(report.startswith("file.xml, row 1, ") and report.endswith(" [kept]") for report in reports)
    return rest, [report.removeprefix("file.xml, row 1, ").removesuffix(" [kept]") for report in reports]


MONEY = '<transaction-type code="3"/><transaction-date iso-date="2020-01-01"/>'

CASES = {
    "date of zeros": (
        '<activity-date type="1" iso-date="0000-00-00"/><activity-date type="3" iso-date="2020-01-01"/>',
        {"dates": {"planned_end": "2020-01-01"}},
        [f"activity-date: date 0000-00-00 is no date; left out. {SOURCE}"],
    ),
    "date in words": ('<activity-date type="2" iso-date="January"/>', {}, [f"activity-date: date January is no date of the form 2024-01-31; left out. {SOURCE}"]),
    "date far off": ('<activity-date type="2" iso-date="0201-01-01"/>', {}, [f"activity-date: date 0201-01-01 is outside 1900 to 2199; left out. {SOURCE}"]),
    "date without date": ('<activity-date type="4"/>', {}, [f"activity-date: no date for actual end; left out. {SOURCE}"]),
    "date of no type": ('<activity-date iso-date="2020-01-01"/>', {}, [f"activity-date: no type; 2020-01-01 is left out. {SOURCE}"]),
    "end before start": (
        '<activity-date type="2" iso-date="2021-01-01"/><activity-date type="4" iso-date="2020-01-01"/>',
        {"dates": {"actual_start": "2021-01-01"}},
        [f"activity-date: actual end 2020-01-01 is before actual start 2021-01-01; the end is left out. {SOURCE}"],
    ),
    "planned end before actual start is a delay": (
        '<activity-date type="2" iso-date="2021-01-01"/><activity-date type="3" iso-date="2020-01-01"/>',
        {"dates": {"actual_start": "2021-01-01", "planned_end": "2020-01-01"}},
        [],
    ),
    "two starts": (
        '<activity-date type="2" iso-date="2021-01-01"/><activity-date type="2" iso-date="2022-01-01"/>',
        {"dates": {"actual_start": "2021-01-01"}},
        [f"activity-date: a second actual start, 2022-01-01, beside 2021-01-01; the second is left out. {SOURCE}"],
    ),
    "percentages of 140": (
        '<recipient-country code="KG" percentage="70"/><recipient-country code="TJ" percentage="70"/>',
        {"countries": [{"code": "KG", "percentage": "70"}, {"code": "TJ", "percentage": "70"}]},
        ["recipient-country: percentages add up to 140, not 100; kept, and scaled to 100 when shares are taken."],
    ),
    "countries and regions together make 100": (
        '<recipient-country code="KG" percentage="60"/><recipient-region code="619" percentage="40.5"/>',
        {"countries": [{"code": "KG", "percentage": "60"}], "regions": [{"code": "619", "vocabulary": "1", "percentage": "40.5"}]},
        [],
    ),
    "sectors count by vocabulary": (
        '<sector code="14030" percentage="100"/><sector vocabulary="2" code="140" percentage="90"/>',
        {"sectors": [{"code": "14030", "vocabulary": "1", "percentage": "100"}, {"code": "140", "vocabulary": "2", "percentage": "90"}]},
        ["sector of vocabulary 2: percentages add up to 90, not 100; kept, and scaled to 100 when shares are taken."],
    ),
    "percentage over 100": (
        '<sector code="14030" percentage="1000"/>',
        {"sectors": [{"code": "14030", "vocabulary": "1"}]},
        [f"sector: 1000 is no percentage from 0 to 100; the percentage is left out. {SOURCE}"],
    ),
    "unknown country": ('<recipient-country code="QQ"/>', {}, [f"recipient-country: QQ is no ISO 3166 country code; left out. {SOURCE}"]),
    "blank country": ('<recipient-country code=""/>', {}, [f"recipient-country: no country code; left out. {SOURCE}"]),
    "unknown region": ('<recipient-region code="7777"/>', {}, [f"recipient-region: 7777 is no region of the DAC list; left out. {SOURCE}"]),
    "unknown vocabulary": (
        '<sector vocabulary="OWN" code="1"/>',
        {"sectors": [{"code": "1", "vocabulary": "99"}]},
        ["sector: OWN is no vocabulary of IATI's list; taken as the publisher's own (99)."],
    ),
    "sector of nothing": ('<sector percentage="100"/>', {}, [f"sector: neither code nor name; left out. {SOURCE}"]),
    "participant of nothing": ('<participating-org role="1"/>', {}, [f"participating-org: neither name nor reference; left out. {SOURCE}"]),
    "unknown role": (
        '<participating-org role="Boss" ref="X"/>',
        {},
        [f"participating-org: role Boss is not in IATI's list; X is left out. {SOURCE}"],
    ),
    "unknown status": ("<activity-status>Under way</activity-status>", {}, [f"activity-status: Under way is no code of IATI's list; left out. {SOURCE}"]),
    "negative budget": ('<budget><value currency="USD">-5</value></budget>', {}, [f"budget: negative value -5; the budget is left out. {SOURCE}"]),
    "budget of no value": ("<budget><period-start iso-date='2020-01-01'/></budget>", {}, [f"budget: no value; the budget is left out. {SOURCE}"]),
    "budget that ends before it starts": (
        "<budget><period-start iso-date='2020-01-02'/><period-end iso-date='2020-01-01'/><value currency='USD'>5</value></budget>",
        {"budgets": [{"start": "2020-01-02", "value": "5", "currency": "USD"}]},
        [f"budget: period ends on 2020-01-01, before it starts on 2020-01-02; the end is left out. {SOURCE}"],
    ),
    "unknown currency": (
        f"<transaction>{MONEY}<value currency='QQQ'>5</value></transaction>",
        {"transactions": [{"type": "3", "date": "2020-01-01", "value": "5", "currency": "QQQ"}]},
        ["transaction: no exchange rate for currency QQQ; the amount is kept, without a value in USD."],
    ),
    "no currency": (
        f"<transaction>{MONEY}<value>5</value></transaction>",
        {"transactions": [{"type": "3", "date": "2020-01-01", "value": "5"}]},
        ["transaction: no currency and no default currency; the amount is kept, without a value in USD."],
    ),
    "billions": (
        f"<transaction>{MONEY}<value currency='USD'>200000000000</value></transaction>",
        {"transactions": [{"type": "3", "date": "2020-01-01", "value": "200000000000", "currency": "USD"}]},
        ["transaction: 200,000,000,000 USD is over USD 10 billion: is the currency right? Kept, to be checked."],
    ),
    "billions of yen": (
        f"<transaction>{MONEY}<value currency='JPY'>200000000000</value></transaction>",
        {"transactions": [{"type": "3", "date": "2020-01-01", "value": "200000000000", "currency": "JPY"}]},
        [],
    ),
    "transaction of no type": ("<transaction><value currency='USD'>5</value></transaction>", {}, [f"transaction: no type; the transaction is left out. {SOURCE}"]),
    "transaction of unknown type": (
        "<transaction><transaction-type code='Z'/><value currency='USD'>5</value></transaction>",
        {},
        [f"transaction: type Z is not in IATI's list; the transaction is left out. {SOURCE}"],
    ),
    "transaction of no value": (f"<transaction>{MONEY}<value currency='USD'/></transaction>", {}, [f"transaction: no value; the transaction is left out. {SOURCE}"]),
    "not a number": (f"<transaction>{MONEY}<value currency='USD'>NaN</value></transaction>", {}, [f"transaction: value NaN is no number; the transaction is left out. {SOURCE}"]),
    "thousands or fraction": (
        f"<transaction>{MONEY}<value currency='USD'>1,000</value></transaction>",
        {},
        [f"transaction: value 1,000 can be read as thousands or as a fraction; the transaction is left out. {SOURCE}"],
    ),
    "value and date swapped, as the Czech agency has it": (
        "<transaction><transaction-type>1</transaction-type><transaction-date iso-date='5000000'>2021-03-30</transaction-date><value currency='CZK' value-date='2021-03-30'/></transaction>",
        {},
        [f"transaction: value empty and date 5000000 look swapped; the transaction is left out. {SOURCE}"],
    ),
    "value that is a date": (
        "<transaction><transaction-type code='1'/><transaction-date iso-date='500'/><value currency='CZK'>2021-03-30</value></transaction>",
        {},
        [f"transaction: value 2021-03-30 and date 500 look swapped; the transaction is left out. {SOURCE}"],
    ),
    "transaction of no date": (
        "<transaction><transaction-type code='3'/><transaction-date iso-date='0000-00-00'/><value currency='USD'>5</value></transaction>",
        {"transactions": [{"type": "3", "value": "5", "currency": "USD"}]},
        [f"transaction-date: date 0000-00-00 is no date; left out. {SOURCE}"],
    ),
    "coordinates off the Earth": (
        "<location><name>X</name><point><pos>140 20</pos></point></location>",
        {"locations": [{"name": "X"}]},
        [f"location: latitude 140, longitude 20 is no place on Earth; left out. {SOURCE}"],
    ),
    "one coordinate": ("<location><point><pos>14</pos></point></location>", {}, [f"location: 14 is no pair of coordinates; left out. {SOURCE}"]),
    "blank references": (
        '<related-activity type="1" ref=" "/><other-identifier type="A1"/><policy-marker/><tag/>',
        {},
        [f"related-activity: no identifier; left out. {SOURCE}", f"other-identifier: no identifier; left out. {SOURCE}", f"policy-marker: no code; left out. {SOURCE}", f"tag: no code; left out. {SOURCE}"],
    ),
    "second reporter": (REPORTER, {}, [f"reporting-org: a second reporting organization; left out. {SOURCE}"]),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_values_are_left_out_and_reported(tmp_path: Path, case: str) -> None:
    inside, kept, reports = CASES[case]
    assert one(tmp_path, inside) == (kept, reports)


def test_no_identifier(tmp_path: Path) -> None:
    path = write(tmp_path, activity(identifier=" "), activity(identifier="B"))
    records, reports = read(path)
    assert [(r.subject_id, r.row) for r in records] == [("B", 2)]
    assert reports == [f"file.xml, row 1, iati-identifier: no identifier; the activity is left out. {SOURCE}"]


def test_no_title_and_no_reporter(tmp_path: Path) -> None:
    assert read(write(tmp_path, activity(head=REPORTER)))[1] == [f"file.xml, row 1, title: no title; the activity is kept. {SOURCE} [kept]"]
    records, reports = read(write(tmp_path, activity(head=TITLE)))
    assert (records[0].reporter, records[0].takes_part) == ("", False)
    assert reports == [f"file.xml, row 1, reporting-org: no reporting organization; the activity is kept. {SOURCE} [kept]"]


def test_every_blank_country_is_reported_with_its_row(tmp_path: Path) -> None:
    path = write(tmp_path, *(activity('<recipient-country code=""/>', identifier=f"A-{n}") for n in range(34)))
    reports = read(path)[1]
    assert len(reports) == 34 and reports[33] == f"file.xml, row 34, recipient-country: no country code; left out. {SOURCE} [kept]"


def test_a_file_that_breaks_inside_its_gzip(tmp_path: Path) -> None:
    path = tmp_path / "file.xml.gz"
    whole = gzip.compress(write(tmp_path, *(activity(identifier=f"A-{n}") for n in range(2000))).read_bytes())
    path.write_bytes(whole[: len(whole) // 2])
    assert refusal(path) == "file.xml.gz: the packed file is damaged or cut off (Compressed file ended before the end-of-stream marker was reached). Download it again."
