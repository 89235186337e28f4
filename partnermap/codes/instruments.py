"""Legal instruments, norms and standards of the region, and who is a party to them."""

from __future__ import annotations

from dataclasses import dataclass

from partnermap.codes.lists import listed, rows
from partnermap.codes.misspelt import CLOSE
from partnermap.codes.names import normalise
from partnermap.errors import NotFound

EUROPEAN_UNION = "EUU"  # a party that is no country; its node is the organization
MANY = 8  # names that a message lists
LIST_DATE = "2025-10-05"  # the day of the data set that instrument_parties.csv was made from


@dataclass(frozen=True)
class Instrument:
    """A row of ``instruments.csv``."""

    id: str
    short_name: str
    title: str
    year: int | None
    area: str
    kind: str


@dataclass(frozen=True)
class Party:
    """A row of ``instrument_parties.csv`` that is known to be a party; the date may be unknown."""

    instrument: str
    iso3: str  # or EUROPEAN_UNION
    since_date: str | None
    checked: str


@listed
def instruments() -> dict[str, Instrument]:
    """Every instrument by id, in the order of the list."""
    return {
        r["id"]: Instrument(r["id"], r["short_name"], r["title"], int(r["year"]) if r["year"] else None, r["subprogramme"], r["kind"])
        for r in rows("instruments")
    }


@listed
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows("instruments"):
        for name in (row["untc_ref"], row["title"], row["short_name"], row["id"]):
            if name:
                found[normalise(name)] = row["id"]
    return found


def find_instrument(text: str) -> str | None:
    """Id of an instrument by id, short name, title or number in the UN Treaty Collection, or None."""
    return _by_name().get(normalise(text))


def asked_instrument(text: str) -> str:
    """Id of the instrument that a person asks for.

    Raises
    ------
    NotFound
        If it is none, with those that it may mean: their names hold the text, or are nearly it.
    """
    if found := find_instrument(text):
        return found
    from rapidfuzz import fuzz, process

    wanted = normalise(text)
    names = {normalise(name): f"{one.short_name} ({one.id})" for one in instruments().values() for name in (one.title, one.short_name)}
    hits = [called for name, called in names.items() if wanted and f" {wanted} " in f" {name} "]
    hits = hits or [names[name] for name, *_ in process.extract(wanted, list(names), scorer=fuzz.ratio, score_cutoff=CLOSE, limit=4)]
    some = list(dict.fromkeys(hits))
    more = f" and {len(some) - MANY} more" if len(some) > MANY else ""
    meant = f"It may be any of: {', '.join(some[:MANY])}{more}." if some else "Give a title, a short name, or its number in the UN Treaty Collection."
    raise NotFound(f"{text!r} is no instrument. {meant}")


@listed
def parties() -> tuple[Party, ...]:
    """Parties of the shipped list; rows that may be signatories only are left out."""
    return tuple(
        Party(r["instrument"], r["iso3"], r["date"] or None, r["check"])
        for r in rows("instrument_parties")
        if not r["check"].startswith("party or signatory")
    )
