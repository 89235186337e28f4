"""Codes of IATI 1.01 to 2.03 as codes of 2.03.

Version 1.0x wrote letters and words where 2.0x has numbers. The version attribute decides
nothing here: files mix both. Words and letters follow the code lists of IATI 1.05 and the
"1.05 to 2.01" upgrade notes of the standard, from memory; every code of 2.03 means itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from partnermap.codes.lists import codelist

VERSIONS = frozenset({"1.01", "1.02", "1.03", "1.04", "1.05", "2.01", "2.02", "2.03"})

_ROLE = {"funding": "1", "accountable": "2", "extending": "3", "implementing": "4"}
_STATUS = {
    "pipeline": "1",
    "pipeline/identification": "1",
    "implementation": "2",
    "completion": "3",  # the same code 3 is called Finalisation from 2.03 on
    "finalisation": "3",
    "post-completion": "4",
    "closed": "4",
    "cancelled": "5",
    "canceled": "5",
    "suspended": "6",
}
_DATE = {
    "1": "planned_start",
    "2": "actual_start",
    "3": "planned_end",
    "4": "actual_end",
    "start-planned": "planned_start",
    "start-actual": "actual_start",
    "end-planned": "planned_end",
    "end-actual": "actual_end",
}
_TRANSACTION = {
    "if": "1",
    "incoming funds": "1",
    "c": "2",
    "commitment": "2",
    "d": "3",
    "disbursement": "3",
    "e": "4",
    "expenditure": "4",
    "ir": "5",
    "interest repayment": "5",
    "interest payment": "5",
    "lr": "6",
    "loan repayment": "6",
    "r": "7",
    "reimbursement": "7",
    "qp": "8",
    "purchase of equity": "8",
    "qs": "9",
    "sale of equity": "9",
    "cg": "10",
    "credit guarantee": "10",
}
_RELATED = {"parent": "1", "child": "2", "sibling": "3", "co-funded": "4", "multifunded": "4", "third party": "5"}
_SCOPE = {"global": "1", "regional": "2", "multi-national": "3", "national": "4"}
_DESCRIPTION = {"general": "1", "objectives": "2", "target groups": "3", "other": "4"}
_BUDGET_TYPE = {"original": "1", "revised": "2"}
_SECTOR_VOCABULARY = {
    "dac": "1",
    "dac-3": "2",
    "cofog": "3",
    "nace": "4",
    "ntee": "5",
    "adt": "6",
    "ro": "99",
    "ro2": "98",
    "wb": "99",  # 2.0x has no vocabulary of the World Bank
    "iso": "99",
}
_DAC_VOCABULARY = {"dac": "1", "crs": "1", "un": "2", "ro": "99"}
_PLACE_VOCABULARY = {"geo": "G1", "1": "G1", "osm": "G2", "3": "G2"}


class Codes:
    """One code list: its codes of 2.03, and the words and letters that older files write."""

    def __init__(self, words: Mapping[str, str], listed: str | None = None) -> None:
        self._words, self._listed = words, listed
        self._cached = lru_cache(maxsize=1024)(self._look_up)

    def find(self, text: str) -> str | None:
        """The code of 2.03 for a code, letter or word in any case, or None.

        >>> TRANSACTION_TYPE.find("D"), TRANSACTION_TYPE.find("3"), TRANSACTION_TYPE.find("Z")
        ('3', '3', None)
        """
        return self._cached(text)

    def _look_up(self, text: str) -> str | None:
        text = text.strip()
        if self._listed and text in codelist(self._listed):
            return text
        return self._words.get(" ".join(text.lower().split()))


ROLE = Codes(_ROLE, "iati_organisation_role")
STATUS = Codes(_STATUS, "iati_activity_status")
DATE_TYPE = Codes(_DATE)
TRANSACTION_TYPE = Codes(_TRANSACTION, "iati_transaction_type")
RELATED_TYPE = Codes(_RELATED, "iati_related_activity_type")
SCOPE = Codes(_SCOPE, "iati_activity_scope")
DESCRIPTION_TYPE = Codes(_DESCRIPTION, "iati_description_type")
BUDGET_TYPE = Codes(_BUDGET_TYPE, "iati_budget_type")
BUDGET_STATUS = Codes({}, "iati_budget_status")
SECTOR_VOCABULARY = Codes(_SECTOR_VOCABULARY, "iati_sector_vocabulary")
REGION_VOCABULARY = Codes(_DAC_VOCABULARY, "iati_region_vocabulary")
MARKER_VOCABULARY = Codes(_DAC_VOCABULARY, "iati_policy_marker_vocabulary")


@lru_cache(maxsize=256)
def place_vocabulary(text: str) -> str:
    """Vocabulary of a location code: G1 is GeoNames; an unknown one stays as it is."""
    text = text.strip()
    return _PLACE_VOCABULARY.get(text.lower(), text)
