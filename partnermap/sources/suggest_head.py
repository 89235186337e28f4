"""The lines of a proposed mapping above its fields: the identifier, and ``[table]``."""

from __future__ import annotations

from partnermap.sources.suggest_columns import cyrillic_language, looks_english
from partnermap.sources.suggest_draft import (
    QUESTION,
    QUESTION_MARK,
    Draft,
    organisation_type,
    quoted,
)
from partnermap.sources.table_encoding import NAMES


def add_head(draft: Draft) -> None:
    """Lines for what stands above the fields."""
    ref = draft.publisher.id if draft.publisher else ""
    prefix = ref or QUESTION_MARK
    confidence, ask = ("", "") if ref else ("asked", "in the place of ?: the publisher's IATI reference, or a short name for it; ")
    if draft.number:
        draft.used.add(draft.number.name)
        why = "publisher and its own project number; write the IATI identifier if the table holds its parts"
        if lacking := draft.count - draft.number.filled:
            why = f"its own project number; {lacking} of {draft.count:,} rows {'has' if lacking == 1 else 'have'} none and will be left out and told"
        draft.add(f"identifier = {quoted(f'{prefix}:{{{draft.number.name}}}')}", confidence or "likely", ask + why)
    else:
        columns = "-".join(f"{{{column.name}}}" for column in draft.named_by)
        why = "no project number is there, so what tells rows apart; whoever changes these words makes a new activity. Ask the publisher for numbers"
        draft.add(f"identifier = {quoted(f'{prefix}:{columns}')}", confidence or "guess", ask + why)
    _table(draft, ref)


def _table(draft: Draft, ref: str) -> None:
    org, found = draft.publisher, draft.found
    draft.add("")
    draft.add("[table]")
    draft.add(f"publisher = {quoted(org.name) if org else QUESTION}", "likely" if org else "asked", "told by the file's name" if org else "who made the table?")
    if org:
        draft.add(f"publisher_ref = {quoted(ref)}", "likely", "its reference in the list of organizations")
        draft.add(f'publisher_type = "{organisation_type(org)}"', "likely", "its kind in the list of organizations")
    draft.add('licence = "unknown"', "guess", "ask the publisher")
    if language := "en" if looks_english(draft.columns) else cyrillic_language(draft.columns):
        draft.add(f'language = "{language}"', "likely", f"by the {'small words' if language == 'en' else 'letters'} of its texts")
    if found.sheet:
        draft.add(f"sheet = {quoted(found.sheet)}", "sure", "the sheet with most columns")
    if found.encoding:
        draft.add(f'encoding = "{found.encoding}"', "likely", f"not UTF-8; by its letters {NAMES[found.encoding]}")
    if found.header_row > 1:
        draft.add(f"header_row = {found.header_row}", "likely", "the first row with text in most columns, below the title of the list")
    if found.header_rows > 1:
        draft.add(f"header_rows = {found.header_rows}", "likely", "the row below has words under merged or empty cells of the header alone")
    if not draft.number:
        draft.add("by_title = true", "guess", "words of the identifier in small letters, without marks and accents")
    if draft.number and len(draft.number.values) < 0.9 * min(draft.count, sum(draft.number.values.values())):
        draft.add("group = true", "sure", f"{draft.count:,} rows have {len(draft.number.values):,} project numbers")
