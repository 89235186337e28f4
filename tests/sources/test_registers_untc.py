"""Status tables of the UN Treaty Collection, pasted as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from partnermap.errors import UnreadableFile
from partnermap.sources import open_imports
from tests.sources.iati_files import open_one, read
from tests.sources.registers_files import said

# the form of the Collection's pages; the rows are made up
PAGE = """STATUS AS AT : 24-11-2026 09:15:39 EDT
CHAPTER XXVII
ENVIRONMENT
5. Convention on the Protection and Use of Transboundary Watercourses and International Lakes
Helsinki, 17 March 1992
Entry into force:\t6 October 1996, in accordance with article 26(1).
Participant\tSignature\tRatification, Acceptance(A), Approval(AA), Accession(a), Succession(d)
Albania\t18 Mar 1992\t 5 Jan 1994
Azerbaijan\t\t 3 Aug 2000 a
Czech Republic 2\t\t12 Jun 2000 a
Denmark 3, 4\t18 Mar 1992\t28 May 1997 AA
European Union\t18 Mar 1992\t14 Sep 1995 AA
Netherlands (Kingdom of the) 5\t18 Mar 1992\t14 Mar 1995 A
Serbia\t\t27 Aug 2010 d
United Kingdom of Great Britain and Northern Ireland\t18 Mar 1992\t
Atlantis\t\t 1 Jan 2001 a
Declarations and Reservations
Germany
"""


def write(folder: Path, text: str, name: str = "water.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_parties_with_their_dates_and_how_they_became_so(tmp_path: Path) -> None:
    path = write(tmp_path, PAGE)
    records, reports = read(path)
    assert {(r.subject_id, said(r)["since_date"], said(r)["action"]) for r in records} == {
        ("InstrumentParty:WATER:ALB", "1994-01-05", "ratification"),
        ("InstrumentParty:WATER:AZE", "2000-08-03", "accession"),
        ("InstrumentParty:WATER:CZE", "2000-06-12", "accession"),
        ("InstrumentParty:WATER:DNK", "1997-05-28", "approval"),
        ("InstrumentParty:WATER:EUU", "1995-09-14", "approval"),
        ("InstrumentParty:WATER:NLD", "1995-03-14", "acceptance"),
        ("InstrumentParty:WATER:SRB", "2010-08-27", "succession"),
    }
    assert {said(r)["list_date"] for r in records} == {"2026-11-24"}
    assert reports == ["water.txt, row 16, Participant: Atlantis is no country's name; the line is left out. Correct the name"]
    found = open_one(path)
    assert (found.dataset.dataset, found.dataset.source, found.dataset.generated_date) == ("parties-water", "registers", "2026-11-24")
    assert found.notes == ["Water Convention: 1 signed and are no parties"]


@pytest.mark.parametrize("first", ["Instrument: TIR Convention", "instrument:\tTIR", "Instrument: xi-a-99"])
def test_a_first_line_names_the_instrument(tmp_path: Path, first: str) -> None:
    text = f"{first}\nParticipant\tSignature\tAccession(a)\nGeorgia\t\t24 Mar 1994 a\n"
    if first.endswith("99"):
        with pytest.raises(UnreadableFile, match=r"water.txt: xi-a-99 is no instrument of the list"):
            read(write(tmp_path, text))
        return
    assert [r.subject_id for r in read(write(tmp_path, text))[0]] == ["InstrumentParty:TIR:GEO"]


def test_columns_that_became_blanks(tmp_path: Path) -> None:
    text = "Instrument: TIR\nParticipant   Signature   Ratification, Accession(a)\nGeorgia      24 Mar 1994 a\nAlbania   1 Dec 1975   4 Jan 1985\n"
    records, _ = read(write(tmp_path, text))
    assert {(r.subject_id[-3:], said(r)["since_date"]) for r in records} == {("ALB", "1985-01-04"), ("GEO", "1994-03-24")}


def test_a_table_without_its_instrument_or_parties_is_refused(tmp_path: Path) -> None:
    header = "Participant\tSignature\tRatification, Accession(a)\n"
    with pytest.raises(UnreadableFile, match=r"does not say of which instrument\. Write a first line such as: Instrument: Water Convention"):
        read(write(tmp_path, f"{header}Georgia\t\t24 Mar 1994 a\n"))
    with pytest.raises(UnreadableFile, match="no party below it"):
        list(open_imports(write(tmp_path, f"Instrument: TIR\n{header}Georgia\t1 Jan 1994\t\n")))
