"""What a source gives back: one dataset with its records and what was refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from partnermap.model import DatasetVersion, Refused, Row, SourceRecord

Report = Callable[[int, str, str], None]  # row, field, reason: a value was left out or is in doubt

_FULL_DATE = re.compile(r"[-_. ]?(?<!\d)(\d{4})(-?)(\d{2})\2(\d{2})(?!\d)")
_ENDINGS = {".xml", ".csv", ".gz", ".tsv", ".txt", ".xlsx", ".xlsm"}


@dataclass
class Import:
    """One dataset as a source read it.

    Attributes
    ----------
    dataset : DatasetVersion
        Complete from the start: a first pass over the file took its hash and counts, and found
        it whole, before the first record is given.
    records : iterator of SourceRecord
        Reads the file a second time, one record at a time; can be used up once.
    refused : list of Refused
        What the file as a whole left in doubt; it grows while ``records`` is used up. Entries
        with ``kept`` are values of records that stand, the others are rows without a record.
    people : list of PersonEntry rows without their version
        What the dataset says of people, who are no part of records.
    notes : list of str
        What a person should be told though nothing is wrong.
    emptied : bool
        A sheet of our own workbooks with a header and no row: nobody filled it in, or all its rows
        are gone. Only the store knows which.
    """

    dataset: DatasetVersion
    records: Iterator[SourceRecord]
    refused: list[Refused] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    emptied: bool = False


def dataset_id(name: str) -> str:
    """Dataset id of a file name: without folder, endings and full dates; a lone year stays.

    >>> dataset_id("data/gef-2024-01-31.xml.gz")
    'gef'
    >>> dataset_id("un-covid-2021.xml")
    'un-covid-2021'
    """
    stem = name.replace("\\", "/").rsplit("/", 1)[-1]
    while "." in stem[1:] and "." + stem.rsplit(".", 1)[1].lower() in _ENDINGS:
        stem = stem.rsplit(".", 1)[0]
    without = _FULL_DATE.sub(_drop_date, stem).strip("-_. ")
    return without or stem


def _drop_date(match: re.Match[str]) -> str:
    year, _, month, day = match.groups()
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return match.group(0)
    return ""
