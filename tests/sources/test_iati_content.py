"""Everything an activity says, in the form of 1.0x and of 2.0x; expected values written by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sources.iati_files import REPORTER, activity, contents, open_one, read, write

VERSION_2 = """<iati-activity xml:lang="en" default-currency="eur" hierarchy="2" last-updated-datetime="2021-05-24T16:50:54+02:00"
    xmlns:own="http://publisher.example/ns" own:index="7">
  <iati-identifier> XM-1-A </iati-identifier>
  <reporting-org ref="xm-1" type="10" secondary-reporter="1"><narrative>Ministry</narrative></reporting-org>
  <title><narrative>Water for <b>Osh</b></narrative><narrative xml:lang="ru-RU">Вода для
    Оша</narrative></title>
  <description type="1"><narrative>First<!-- a comment --> part.</narrative><narrative xml:lang="ru">Часть.</narrative></description>
  <description type="2"><narrative><![CDATA[Objectives & <more>]]></narrative></description>
  <participating-org ref="XM-1" role="1" type="10"><narrative xml:lang="fr">Ministère</narrative><narrative>The Ministry</narrative></participating-org>
  <participating-org role="4" activity-id="XM-2-B"><narrative>UNECE</narrative></participating-org>
  <own:note>ignored</own:note>
  <other-identifier ref="77" type="A1"><owner-org ref="XM-9"><narrative>Owner</narrative></owner-org></other-identifier>
  <activity-status code="2"/>
  <activity-date iso-date="2020-01-01" type="1"/>
  <activity-date iso-date="2020-02-01Z" type="2"><narrative>late</narrative></activity-date>
  <activity-date iso-date="2022-12-31" type="3"/>
  <activity-date iso-date="2022-11-30T00:00:00" type="4"/>
  <activity-scope code="4"/>
  <recipient-country code="kg" percentage="60"/>
  <recipient-country code="XK" percentage="10"/>
  <recipient-region code="619" percentage="30"/>
  <location>
    <location-reach code="1"/>
    <location-id vocabulary="G1" code="1527534"/>
    <name><narrative>Osh</narrative></name>
    <administrative vocabulary="G1" level="1" code="1346798"/>
    <administrative vocabulary="A4" level="0" code="KG"/>
    <point srsName="http://www.opengis.net/def/crs/EPSG/0/4326"><pos>40.5 72.8</pos></point>
    <location-class code="2"/>
  </location>
  <sector vocabulary="1" code="14030" percentage="100"/>
  <sector vocabulary="99" code="W"><narrative>Water</narrative></sector>
  <tag code="6" vocabulary="2"/>
  <policy-marker vocabulary="1" code="2" significance="1"/>
  <budget type="1" status="2"><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/><value currency="USD" value-date="2020-01-01">1,000,000.50</value></budget>
  <transaction>
    <transaction-type code="1"/><transaction-date iso-date="2020-03-01"/><value value-date="2020-03-01">5000</value>
    <provider-org ref="XM-5" provider-activity-id="XM-5-P" type="40"><narrative>Funder</narrative></provider-org>
    <receiver-org ref="XM-1" receiver-activity-id="XM-1-A"/>
    <sector vocabulary="2" code="140"/><recipient-country code="KG"/><recipient-region code="R1" vocabulary="99"/>
  </transaction>
  <related-activity ref="XM-1" type="1"/>
</iati-activity>"""

SAID_2 = {
    "identifier": "XM-1-A",
    "reporter": {"ref": "xm-1", "name": "Ministry", "type": "10"},
    "secondary": True,
    "hierarchy": 2,
    "updated": "2021-05-24T14:50:54",
    "titles": [{"lang": "en", "text": "Water for Osh"}, {"lang": "ru", "text": "Вода для Оша"}],
    "descriptions": [
        {"lang": "en", "text": "First part.", "type": "1"},
        {"lang": "ru", "text": "Часть.", "type": "1"},
        {"lang": "en", "text": "Objectives & <more>", "type": "2"},
    ],
    "participants": [
        {"role": "1", "ref": "XM-1", "name": "The Ministry", "type": "10"},
        {"role": "4", "name": "UNECE", "activity": "XM-2-B"},
    ],
    "other_identifiers": [{"ref": "77", "type": "A1", "owner_ref": "XM-9", "owner_name": "Owner"}],
    "status": "2",
    "scope": "4",
    "dates": {"planned_start": "2020-01-01", "actual_start": "2020-02-01", "planned_end": "2022-12-31", "actual_end": "2022-11-30"},
    "countries": [{"code": "KG", "percentage": "60"}, {"code": "XK", "percentage": "10"}],
    "regions": [{"code": "619", "vocabulary": "1", "percentage": "30"}],
    "locations": [{"name": "Osh", "code": "1527534", "vocabulary": "G1", "admin1": "1346798", "country": "KG", "class": "2", "latitude": "40.5", "longitude": "72.8"}],
    "sectors": [{"code": "14030", "vocabulary": "1", "percentage": "100"}, {"code": "W", "vocabulary": "99", "name": "Water"}],
    "tags": [{"code": "6", "vocabulary": "2"}],
    "policy_markers": [{"code": "2", "vocabulary": "1", "significance": "1"}],
    "budgets": [{"type": "1", "status": "2", "start": "2020-01-01", "end": "2020-12-31", "value": "1000000.50", "currency": "USD", "value_date": "2020-01-01"}],
    "transactions": [
        {
            "type": "1",
            "date": "2020-03-01",
            "value": "5000",
            "currency": "EUR",
            "value_date": "2020-03-01",
            "provider": {"ref": "XM-5", "name": "Funder", "type": "40", "activity": "XM-5-P"},
            "receiver": {"ref": "XM-1", "activity": "XM-1-A"},
            "sectors": [{"code": "140", "vocabulary": "2"}],
            "countries": [{"code": "KG"}],
            "regions": [{"code": "R1", "vocabulary": "99"}],
        }
    ],
    "related": [{"ref": "XM-1", "type": "1"}],
}

VERSION_1 = """<iati-activity xml:lang="fr" default-currency="USD">
  <reporting-org ref="AA-1" type="21">AidData</reporting-org>
  <iati-identifier>AA-1-32020</iati-identifier>
  <other-identifier owner-ref="AA-1" owner-name="AidData">32020</other-identifier>
  <title>Étude</title><title xml:lang="en">Study</title>
  <description xml:lang="en" type="1">What it does</description>
  <activity-status>Pipeline/identification</activity-status>
  <activity-date type="start-planned" iso-date="1998-01-06"/>
  <activity-date type="end-actual">1999-02-03</activity-date>
  <participating-org role="Funding">Bank</participating-org>
  <participating-org role="implementing" ref="AA-2" type="10">Ministry</participating-org>
  <recipient-country code="KG" percentage="100.00">Kyrgyzstan</recipient-country>
  <recipient-region code="619"/>
  <sector vocabulary="DAC-3" code="140" percentage="100">Water</sector>
  <sector vocabulary="RO2" code="x"/>
  <policy-marker vocabulary="DAC" code="2" significance="2"/>
  <budget type="revised"><period-start iso-date="1998-01-01"/><period-end iso-date="1998-12-31"/><value value-date="1998-01-01">10</value></budget>
  <transaction><value currency="USD" value-date="1998-02-01">-5.50</value><transaction-type code="D"/>
    <transaction-date iso-date="1998-02-01"/><provider-org ref="AA-1" provider-activity-id="AA-1-P">AidData</provider-org></transaction>
  <related-activity ref="AA-1-1" type="2">Child</related-activity>
  <location ref="geoname_id"><location-id code="1527534" vocabulary="GEO"/><name>Osh</name><location-class code="1"/><coordinates latitude="40.5" longitude="72.8"/></location>
  <location><name>Bishkek</name><gazetteer-entry gazetteer-ref="1">1528675</gazetteer-entry><administrative country="KG" adm1="KG-GB">Bishkek city</administrative></location>
</iati-activity>"""

SAID_1 = {
    "identifier": "AA-1-32020",
    "reporter": {"ref": "AA-1", "name": "AidData", "type": "21"},
    "titles": [{"lang": "fr", "text": "Étude"}, {"lang": "en", "text": "Study"}],
    "descriptions": [{"lang": "en", "text": "What it does", "type": "1"}],
    "other_identifiers": [{"ref": "32020", "owner_ref": "AA-1", "owner_name": "AidData"}],
    "status": "1",
    "dates": {"planned_start": "1998-01-06", "actual_end": "1999-02-03"},
    "participants": [{"role": "1", "name": "Bank"}, {"role": "4", "ref": "AA-2", "name": "Ministry", "type": "10"}],
    "countries": [{"code": "KG", "percentage": "100.00"}],
    "regions": [{"code": "619", "vocabulary": "1"}],
    "sectors": [{"code": "140", "vocabulary": "2", "percentage": "100", "name": "Water"}, {"code": "x", "vocabulary": "98"}],
    "policy_markers": [{"code": "2", "vocabulary": "1", "significance": "2"}],
    "budgets": [{"type": "2", "start": "1998-01-01", "end": "1998-12-31", "value": "10", "currency": "USD", "value_date": "1998-01-01"}],
    "transactions": [
        {
            "type": "3",
            "date": "1998-02-01",
            "value": "-5.50",
            "currency": "USD",
            "value_date": "1998-02-01",
            "provider": {"ref": "AA-1", "name": "AidData", "activity": "AA-1-P"},
        }
    ],
    "related": [{"ref": "AA-1-1", "type": "2"}],
    "locations": [
        {"name": "Osh", "code": "1527534", "vocabulary": "G1", "class": "1", "latitude": "40.5", "longitude": "72.8"},
        {"name": "Bishkek", "code": "1528675", "vocabulary": "G1", "country": "KG", "admin1": "KG-GB"},
    ],
}


def test_version_2_is_read_whole(tmp_path: Path) -> None:
    (record,), reports = read(write(tmp_path, VERSION_2))
    assert json.loads(record.content) == SAID_2
    assert reports == []
    assert (record.subject_kind, record.subject_id, record.row) == ("Activity", "XM-1-A", 1)
    assert (record.reporter, record.takes_part, record.flagged) == ("XM-1", True, True)


def test_version_1_is_read_whole(tmp_path: Path) -> None:
    path = write(tmp_path, VERSION_1, version=' version="1.04" generated-datetime="2018-08-28T13:32:58"')
    (record,), reports = read(path)
    assert json.loads(record.content) == SAID_1
    assert reports == []
    assert (record.reporter, record.takes_part, record.flagged) == ("AA-1", False, False)


@pytest.mark.parametrize("version", ["1.01", "1.05", "2.01", "2.03"])
def test_the_version_attribute_decides_nothing(tmp_path: Path, version: str) -> None:
    path = write(tmp_path, VERSION_1, VERSION_2, version=f' version="{version}" generated-datetime="2018-08-28T13:32:58"')
    assert contents(path) == [SAID_1, SAID_2]


@pytest.mark.parametrize(
    ("letter", "code"),
    [("IF", "1"), ("C", "2"), ("D", "3"), ("E", "4"), ("IR", "5"), ("LR", "6"), ("R", "7"), ("QP", "8"), ("QS", "9"), ("CG", "10"), ("Commitment", "2"), ("12", "12")],
)
def test_transaction_types_become_those_of_version_2(tmp_path: Path, letter: str, code: str) -> None:
    money = f'<transaction><transaction-type code="{letter}"/><value currency="USD">1</value></transaction>'
    (said,) = contents(write(tmp_path, activity(money)))
    assert said["transactions"] == [{"type": code, "value": "1", "currency": "USD"}]


@pytest.mark.parametrize(
    ("element", "key", "value"),
    [
        ("<activity-status>Completion</activity-status>", "status", "3"),
        ("<activity-status>Post-completion</activity-status>", "status", "4"),
        ("<activity-status>Suspended</activity-status>", "status", "6"),
        ('<activity-status code="5">Cancelled</activity-status>', "status", "5"),
        ('<participating-org role="Extending">A</participating-org>', "participants", [{"role": "3", "name": "A"}]),
        ('<participating-org role="Accountable">A</participating-org>', "participants", [{"role": "2", "name": "A"}]),
        ('<activity-date type="end-planned" iso-date="2020-01-01"/>', "dates", {"planned_end": "2020-01-01"}),
        ('<sector vocabulary="DAC" code="111"/>', "sectors", [{"code": "111", "vocabulary": "1"}]),
        ('<sector vocabulary="ADT" code="1"/>', "sectors", [{"code": "1", "vocabulary": "6"}]),
        ('<sector code="11110"/>', "sectors", [{"code": "11110", "vocabulary": "1"}]),
        ('<related-activity type="Sibling" ref="B"/>', "related", [{"ref": "B", "type": "3"}]),
        ('<location><location-id vocabulary="A4" code="kg"/></location>', "locations", [{"code": "kg", "vocabulary": "A4", "country": "KG"}]),
    ],
)
def test_words_of_version_1_become_codes(tmp_path: Path, element: str, key: str, value: object) -> None:
    (said,) = contents(write(tmp_path, activity(element), version=' version="1.03"'))
    assert said[key] == value


@pytest.mark.parametrize(
    ("participant", "takes_part"),
    [
        ('<participating-org role="1" ref="xm-1"/>', True),
        ('<participating-org role="4"><narrative>REPORTER.</narrative></participating-org>', True),
        ('<participating-org role="4" ref="XM-11"><narrative>Reporters</narrative></participating-org>', False),
        ("", False),
    ],
)
def test_whether_the_reporter_takes_part(tmp_path: Path, participant: str, takes_part: bool) -> None:
    (record,), _ = read(write(tmp_path, activity(participant)))
    assert record.takes_part is takes_part


@pytest.mark.parametrize(("written", "flagged"), [("1", True), ("true", True), ("0", False), ("false", False), ("", False)])
def test_secondary_reporter_is_flagged(tmp_path: Path, written: str, flagged: bool) -> None:
    head = f'<reporting-org ref="XM-1" secondary-reporter="{written}"/><title>T</title>'
    (record,), _ = read(write(tmp_path, activity(head=head)))
    assert record.flagged is flagged
    assert json.loads(record.content).get("secondary", False) is flagged


def test_dataset_is_complete_before_the_records_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, VERSION_2, VERSION_1, activity(identifier=""), version=' version="2.03" generated-datetime="2024-01-31T10:00:00Z"', name="gef-2024-01-31.xml")
    dataset = open_one(path).dataset
    # links by hand: XM-2-B, XM-5-P, XM-1-A, related XM-1 in the first; AA-1-P, AA-1-1 in the second
    assert (dataset.dataset, dataset.file, dataset.source) == ("gef", "gef-2024-01-31.xml", "iati")
    assert (dataset.activities, dataset.transactions, dataset.links, dataset.rejected) == (3, 2, 6, 1)
    assert (dataset.generated_date, dataset.publisher) == ("2024-01-31", "several (2)")


def test_publisher_is_the_one_reporter(tmp_path: Path) -> None:
    assert open_one(write(tmp_path, activity(), activity(identifier="B"))).dataset.publisher == "Reporter (XM-1)"


def test_two_activities_of_one_identifier_are_both_kept(tmp_path: Path) -> None:
    other = activity('<activity-status code="2"/>')
    records, reports = read(write(tmp_path, activity(), activity(), other))
    assert [(r.subject_id, r.row) for r in records] == [("XM-1-A", 1), ("XM-1-A", 2), ("XM-1-A", 3)]
    assert reports == ["file.xml, row 3, identifier: XM-1-A also stands in row 1 with other content; both are kept. [kept]"]


def test_reporter_is_read_from_a_name_alone(tmp_path: Path) -> None:
    (record,), reports = read(write(tmp_path, activity(head="<reporting-org>Ministère de l'Eau</reporting-org><title>T</title>")))
    assert (record.reporter, reports) == ("ministere de leau", [])
    assert REPORTER not in record.content


def test_entities_that_were_escaped_twice_are_read_as_letters(tmp_path: Path) -> None:
    (said,) = contents(write(tmp_path, activity("<title>Aid to C&amp;ocirc;te d'Ivoire &amp;amp; Niger</title>")))
    assert said["titles"][-1]["text"] == "Aid to Côte d'Ivoire & Niger"


def test_an_answer_of_the_datastore_is_read(tmp_path: Path) -> None:
    plain = write(tmp_path, activity(), activity(identifier="XM-1-B"))
    inside = plain.read_text(encoding="utf-8")
    answer = tmp_path / "answer.xml"
    answer.write_text(f"<?xml version='1.0'?><result><ok>True</ok>{inside}<query><total-count>2</total-count></query></result>", encoding="utf-8")
    assert contents(answer) == contents(plain)
    assert read(answer)[1] == []  # the version is that of the part inside
