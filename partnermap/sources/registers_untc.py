"""Status tables of the UN Treaty Collection, pasted as text, into parties to an instrument.

The page names the participants, their signature, and the day on which they became a party::

    Instrument: Water Convention
    Participant	Signature	Ratification, Acceptance(A), Approval(AA), Accession(a), Succession(d)
    Albania	18 Mar 1992	 5 Jan 1994
    Austria	18 Mar 1992	25 Jul 1996
    Azerbaijan		 3 Aug 2000 a

The first line is added by whoever pastes; a page whose own heading names the instrument needs
none. A participant without a date in the last column signed and is no party.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date

from partnermap.codes.countries import find_country
from partnermap.codes.instruments import EUROPEAN_UNION, find_instrument, instruments
from partnermap.errors import UnreadableFile
from partnermap.model import DatasetVersion, Refused, SourceRecord, canonical
from partnermap.sources.archive import Content
from partnermap.sources.imports import Import
from partnermap.sources.records import Doubts, reporter_key
from partnermap.sources.registers_cells import nearest, read_date
from partnermap.sources.values import clean, shown

PUBLISHER = "United Nations Treaty Collection"
HEADER = re.compile(r"^\W*Participant\b.*\b(Ratification|Accession|Acceptance|Definitive signature)", re.IGNORECASE | re.MULTILINE)
_NAMED = re.compile(r"^\s*Instrument\s*[:\t]\s*(.+)$", re.IGNORECASE)
_AS_AT = re.compile(r"status as at\s*:?\s*(\d{1,2})[-. ](\d{1,2})[-. ](\d{4})", re.IGNORECASE)
_NOTES = re.compile(r"[\s\d,]+$")  # numbers of footnotes behind a name
_DAY = re.compile(r"(\d{1,2}\s+[A-Za-z]{3,9}\s+\d{4})\s*(AA|A|a|d|c|P|s|n)?\b[\s\d,]*$")
_DAYS = re.compile(r"\d{1,2}\s+[A-Za-z]{3,9}\s+\d{4}")
_ACTIONS = {"": "ratification", "A": "acceptance", "AA": "approval", "a": "accession", "d": "succession", "c": "formal confirmation", "s": "definitive signature"}
_UNION = ("european union", "european community", "european economic community")


def is_status_table(text: str) -> bool:
    """Whether a text has the header of a status table."""
    return bool(HEADER.search(text))


def read_status_table(content: Content, dataset: str | None = None) -> Import:
    """Parties to one instrument, one record each.

    Raises
    ------
    UnreadableFile
        If the text does not say which instrument it is about, or names no party.
    """
    with content.opened() as file:
        text = file.read().decode("utf-8-sig", "replace")
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if HEADER.search(line))
    instrument = _instrument(content.name, lines[:start])
    listed = _AS_AT.search(text)
    day = date(int(listed[3]), int(listed[2]), int(listed[1])).isoformat() if listed else ""
    refused: list[Refused] = []
    doubts = Doubts(content.name, refused)
    records: dict[str, SourceRecord] = {}
    signed = 0
    for number, line in enumerate(lines[start + 1 :], start + 2):
        doubts.row = number
        cells = [clean(cell) for cell in (line.split("\t") if "\t" in line else re.split(r"\s{2,}", line.strip()))]
        if not cells[0] or not _DAYS.search(line):
            continue  # headings, reservations and footnotes stand around the table
        party = _party(cells, len(cells) > 2 or "\t" in line, doubts)
        if party is None:
            continue
        country, since, action = party
        if not since:
            signed += 1
            continue
        said = {"instrument": instrument, "country": country, "since_date": since, "action": action, "source": PUBLISHER, "list_date": day}
        subject = f"InstrumentParty:{instrument}:{country}"
        row = canonical({key: value for key, value in said.items() if value})
        records[subject] = SourceRecord("InstrumentParty", subject, number, row, reporter_key("", PUBLISHER), False, False)
    if not records:
        raise UnreadableFile(f"{content.name}: has the header of a status table and no party below it. Paste the whole table, with tabs between its columns.")
    notes = [f"{instruments()[instrument].short_name}: {signed} signed and are no parties"] if signed else []
    told = [[r.row, r.subject_id, r.content] for r in records.values()]
    version = DatasetVersion(
        dataset=dataset or f"parties-{instrument.lower()}",
        file=content.name,
        source="registers",
        sha256=hashlib.sha256(canonical({"records": told}).encode()).hexdigest(),
        publisher=PUBLISHER,
        generated_date=day or None,
        rejected=len({r.row for r in refused if not r.kept}),
    )
    return Import(version, iter(records.values()), refused, notes=notes)


def _instrument(file: str, lines: list[str]) -> str:
    """The instrument that a line before the table names, the marked one first."""
    for line in lines:
        if match := _NAMED.match(line):
            found = find_instrument(match[1])
            if found is None:
                names = [n for i in instruments().values() for n in (i.short_name, i.title)]
                raise UnreadableFile(f"{file}: {shown(match[1])} is no instrument of the list{nearest(match[1], names)}. Write a short name such as Water Convention.")
            return found
    for line in lines:
        words = re.sub(r"^\s*\d+\s*\.\s*(?:[a-z]\s*\)\s*)?", "", clean(line))
        found = find_instrument(words) or find_instrument(re.split(r"\.\s|,? done at ", words)[0])
        if found:
            return found
    raise UnreadableFile(f"{file}: is a status table of the UN Treaty Collection and does not say of which instrument. Write a first line such as: Instrument: Water Convention")


def _party(cells: list[str], columns: bool, doubts: Doubts) -> tuple[str, str, str] | None:
    """Country, date and action of a line; no date for one that only signed."""
    name = _NOTES.sub("", cells[0])
    country = find_country(name) or find_country(re.sub(r"\s*\(.*\)$", "", name))
    country = EUROPEAN_UNION if name.casefold() in _UNION else country
    if country is None:
        doubts.refuse("Participant", f"{shown(name)} is no country's name; the line is left out. Correct the name")
        return None
    last = cells[-1] if len(cells) > 2 else cells[1] if len(cells) == 2 and not columns else ""
    match = _DAY.search(last)
    if match is None:
        if last and len(cells) > 2:
            doubts.refuse("Ratification", f"{shown(last)} is no date; write one such as 25 Jun 1998 AA. The line is left out")
            return None
        return country, "", ""
    return country, read_date(match[1]), _ACTIONS.get(match[2] or "", "")
