"""Whether a text names a partner near words of co-financing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from partnermap.codes.organizations import acronyms_of
from partnermap.pairing.side import CO_FINANCING
from partnermap.pairing.table import Table

NEAR = 90  # characters between a co-financing word and a partner's name
Named = tuple[int, str, str]  # row that names, organization, the words around


def find_partner(table: Table, sentences: Sequence[tuple[str, ...]], left: int, right: int) -> Named | None:
    """The first organization of one side that the other's text names as a partner.

    Parameters
    ----------
    sentences : on co-financing, of each row
    """
    for one, other in ((left, right), (right, left)):
        if not sentences[one]:
            continue
        own = {*table.actors.at(one), *table.principals.at(one)}
        for org in sorted({*table.actors.at(other), *table.principals.at(other)} - own):
            if words := _words_around(sentences[one], _names_of(org, table.names.get(org, ""), table.acronyms.get(org, ""))):
                return one, org, words
    return None


def is_named(table: Table, sentences: tuple[str, ...], org: str) -> bool:
    """Whether sentences name an organization near words of co-financing."""
    return bool(_words_around(sentences, _names_of(org, table.names.get(org, ""), table.acronyms.get(org, ""))))


@lru_cache(maxsize=65_536)
def _names_of(org: str, name: str, acronym: str) -> tuple[str, ...]:
    return tuple(told for told in (name, acronym, *acronyms_of(org)) if len(told) > 2)


def _words_around(sentences: tuple[str, ...], names: tuple[str, ...]) -> str:
    for sentence in sentences:
        told = [name for name in names if name in sentence]
        if not told:
            continue
        match = CO_FINANCING.search(sentence)
        assert match is not None
        window = sentence[max(0, match.start() - NEAR) : match.end() + NEAR]
        if any(name in window and re.search(rf"\b{re.escape(name)}\b", window) for name in told):
            return window
    return ""
