"""Whether a text names a partner near words of co-financing."""

from __future__ import annotations

import re
from functools import lru_cache

from partnermap.codes.organizations import acronyms_of
from partnermap.pairing.side import CO_FINANCING
from partnermap.pairing.table import Table
from partnermap.pairing.texts import Texts

NEAR = 90  # characters between a co-financing word and a partner's name
Named = tuple[int, str, str]  # row that names, organization, the words around


def find_partner(table: Table, texts: Texts, left: int, right: int) -> Named | None:
    """The first organization of one side that the other's text names as a partner."""
    for one, other in ((left, right), (right, left)):
        if not texts.co_financing[one]:
            continue
        own = {*table.actors.at(one), *table.principals.at(one)}
        for org in sorted({*table.actors.at(other), *table.principals.at(other)} - own):
            words = _words_around(texts.co_financing[one], (table.names.get(org, ""), table.acronyms.get(org, ""), *acronyms_of(org)))
            if words:
                return one, org, words
    return None


@lru_cache(maxsize=65_536)
def _words_around(sentences: tuple[str, ...], names: tuple[str, ...]) -> str:
    pattern = _name_pattern(names)
    for sentence in sentences if pattern else ():
        match = CO_FINANCING.search(sentence)
        assert match is not None
        window = sentence[max(0, match.start() - NEAR) : match.end() + NEAR]
        if pattern.search(window):  # type: ignore[union-attr]
            return window
    return ""


@lru_cache(maxsize=4096)
def _name_pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """What finds an organization in a text: its name or an acronym as whole words."""
    told = sorted({re.escape(n) for n in names if len(n) > 2}, key=lambda n: (-len(n), n))
    return re.compile(rf"\b(?:{'|'.join(told)})\b") if told else None
