"""Which rows of a table are no activities: totals, headings, and the notes below the list.

They are told by their words and by their place among the other rows, in a pass of their own. What
could be an activity stays one: a row is left out where nothing else makes sense of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from partnermap.codes.countries import find_country, find_group
from partnermap.codes.money import currencies
from partnermap.codes.names import normalise
from partnermap.sources.table_lines import Row
from partnermap.sources.values import shown

# how the line below the rows begins that adds them up, and what may follow
_TOTAL = re.compile(
    r"(?:grand |sub ?|sous |general )?totals?(?: general)?|(?:gesamt|zwischen)?summe|gesamt|insgesamt|общии итог|итого|всего|усього|разом|toplam"
)
# begins a line that adds up a part of the list, whatever follows: these words mean nothing else
_SUBTOTAL = re.compile(r"(?:sub|sous) ?totals?\b|subtotal(?:es)?\b|zwischen(?:gesamt)?summen?\b|teilsummen?\b|под ?ытог\w*|подитог\w*|промежуточныи итог\w*|проміжнии підсумок|ara toplam(?:i|ı)?\b|subtotale\b|totale parziale\b")
_GRAND_TOTAL = re.compile(r"(?:grand total|итого|gesamtsumme)\b")  # likewise, and adds up all of it or a part
_TOTALLED = "amount budget cost costs funding project projects activities all in of for по проект проектов проекту проектам всем бюджет сумма сумме"
# how notes begin in English, French, Spanish, German, Italian, Russian, Ukrainian and Turkish
_NOTE = re.compile(
    r"[*†‡¹²³]+(?:\s|$|[^\W\d])"
    r"|(?:foot ?)?(?:notes?|n\.? ?b|remarks?|comments?|sources?|disclaimer|legend|abbreviations?|contacts?|remarques?|notas?|fuentes?|fonti|fonte|observaciones"
    r"|anmerkung(?:en)?|hinweise?|quellen?|legende|stand|примечани[ея]|сноск[аи]|источники?|исп(?:олнитель)?\.?|примітк[аи]|джерел[ао]|not(?:lar)?|kaynak(?:lar)?)"
    r"(?: ?\d+| ?\(s\))?(?: ?:|\.? [–—-] |\. )"
    r"|(?:prepared|compiled|submitted|drafted|approved|last updated|data as of|as of|as at|updated on)\b"
    r"|(?:établi|préparé|mise? à jour|état au|elaborado|preparado|actualizado|erstellt|stand vom|(?:подготов|состав)(?:ил[аи]?|лен[аоы]?)\b|по состоянию на|підготу|станом на|hazırlayan)",
    re.IGNORECASE,
)
_NONE = "no activity; left out."
Said = Mapping[str, str]  # the filled cells of a row, by column


def rows_left_out(rows: Iterable[Row], numbers: Collection[str] = (), *, notes: bool = True) -> dict[int, str]:
    """Rows that are no activities, by their number, with why in words for a report.

    Parameters
    ----------
    rows : of the table, one pass
    numbers : columns of project numbers; none where activities are told by their titles
    notes : whether there may be notes below the last row
    """
    found: dict[int, str] = {}
    short: list[tuple[int, Said]] = []  # rows of one text, and of two that begin as a note does
    last, words = 0, Counter[bool]()  # the last row that says more; how many project numbers are words
    for number, cells, _ in rows:
        said: Said = {column: text for column, text in cells.items() if text}
        different = len(set(said.values()))
        if ruled := ruled_out(said):
            found[number] = f"{ruled}, and {_NONE}"
        elif different == 1 or (different == 2 and _is_note(said)):
            short.append((number, said))
        elif different:
            last = number
            words.update(_is_wording(said[column]) for column in numbers if column in said)
    alone = {column for number, said in short if number < last and len(said) < 3 for column in said}
    begun = False  # below a note that begins as one there are none but notes
    for number, said in short:
        first = shown(next(iter(said.values())))
        if len(set(said.values())) == 1 and (len(said) > 2 or _is_heading(said, numbers, words)):
            found[number] = f"“{first}” stands alone: a heading or a note, and {_NONE}"
        elif notes and 0 < last < number and (begun or _is_note(said) or _is_no_title(said, numbers, alone)):
            begun = begun or _is_note(said)
            found[number] = f"“{first}” stands below the list: a note, and {_NONE} If it is an activity, write notes = false under [table] in the mapping."
    return found


def _is_heading(said: Said, numbers: Collection[str], words: Counter[bool]) -> bool:
    """Whether a single text is words where project numbers stand, or a country's name where titles do."""
    column, text = next(iter(said.items()))
    if numbers:
        return column in numbers and _is_wording(text) and words[True] <= 0.1 * words.total()
    return find_country(text) is not None or find_group(text) is not None


def _is_no_title(said: Said, numbers: Collection[str], alone: Collection[str]) -> bool:
    """Whether a text below the last full row is no number, nor a title that stands alone as others above do."""
    return set(numbers or alone).isdisjoint(said)


def _is_note(said: Said) -> bool:
    """Whether the first text begins as notes do, or is a line to sign on."""
    first = next(iter(said.values()))
    return _NOTE.match(first) is not None or "____" in first


def _is_wording(text: str) -> bool:
    """Whether a text is words and no project number."""
    return len(re.findall(r"[^\W\d_]{3,}", text)) > 1 or (bool(text) and not any(sign.isdigit() for sign in text))


def ruled_out(said: Said) -> str:
    """What a row is by itself, in words: a total, a subtotal, the header once more, numbers of the columns; empty for other rows."""
    texts = list(said.values())
    if texts and _SUBTOTAL.match(normalise(texts[0])) and not _is_total(texts[0]):
        return f"“{shown(texts[0])}” stands first: a subtotal"
    if texts and _is_total(texts[0]):
        return f"“{shown(texts[0])}” stands first: a row of totals"
    if len(texts) > 1 and all(column == text for column, text in said.items()):
        return "the header again"
    if len(texts) > 2 and texts == [str(number) for number in range(1, len(texts) + 1)]:
        return "numbers of the columns"
    return ""


def _is_total(first: str) -> bool:
    """Whether the first text of a row says that it adds up those above it, and nothing else."""
    plain, allowed = normalise(first), _TOTALLED.split()
    if _GRAND_TOTAL.match(plain) or len(first) > 60:
        return _GRAND_TOTAL.match(plain) is not None
    found = _TOTAL.match(plain)
    rest = plain[found.end() :].split() if found and plain[found.end() : found.end() + 1] in ("", " ") else None
    return rest is not None and all(word in allowed or word.isdigit() or word.upper() in currencies() for word in rest)
