"""Quarters of a year in a table's cells: English, German, French, Spanish, Russian and Ukrainian."""

from __future__ import annotations

import re
from datetime import datetime

from partnermap.codes.names import fold

# without accents, as fold leaves them
_NUMBERS = {
    word: number
    for words in (
        "1 2 3 4",
        "i ii iii iv",
        "і іі ііі іv",  # in Cyrillic letters
        "first second third fourth",
        "premier deuxieme troisieme quatrieme",
        "primer segundo tercer cuarto",
        "erstes zweites drittes viertes",
        "первыи второи третии четвертыи",
        "першии другии третіи четвертии",
    )
    for number, word in enumerate(words.split(), start=1)
}
_NUMBER = f"({'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_QUARTER = r"(?:q(?:uarters?|tr\b\.?)?|quartale?|t(?:rimestres?|rim\b\.?)?|квартал(?:а|и|ы|у|і|ом|ов)?|кв\b\.?|кв(?=\d))"
_ENDING = r"(?:\.|-?(?:st|nd|rd|th|er|re|e|eme|o|а|и|ии|ыи|ои))?"  # "1st", "2ème", "3-й"
_BETWEEN = r"(?:[\s./,'’-]|\bof\b)"
_FORMS = (
    re.compile(rf"(?P<year>\d{{4}})[\s./,:-]*(?:{_QUARTER}\s?{_NUMBER}|{_NUMBER}{_ENDING}\s?{_QUARTER})"),  # "2024 Q1", "2024: I квартал"
    re.compile(rf"{_QUARTER}\s?{_NUMBER}{_BETWEEN}+(?P<year>\d{{4}}|\d\d)"),  # "Q1 2024", "T1/24"
    re.compile(rf"{_NUMBER}{_ENDING}\s?{_QUARTER}{_BETWEEN}*(?P<year>\d{{4}}|\d\d)"),  # "1Q2024", "1er trimestre 2024"
)


def quarter_in(text: str) -> tuple[int, int] | None:
    """Year and number (1 to 4) of the quarter that a text is; None for another text.

    A year of two digits is 1969 to 2068.

    >>> quarter_in("Q1 2024"), quarter_in("IV кв. 2024"), quarter_in("2ème trimestre 2024"), quarter_in("Q1")
    ((2024, 1), (2024, 4), (2024, 2), None)
    """
    plain = fold(text).strip()
    for form in _FORMS:
        if (match := form.fullmatch(plain)) and match["year"] != "0000":
            year = match["year"]
            number = next(word for word in match.groups() if word in _NUMBERS and word != year)
            return datetime.strptime(year, "%Y" if len(year) == 4 else "%y").year, _NUMBERS[number]
    return None
