"""Writing our own workbooks: empty or pre-filled, with drop-downs, notes and two example rows.

Row 1 says what a sheet is for, row 2 is the header, rows 3 and 4 are examples, data follow. Text
that begins with a sign of a formula is written as text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partnermap.codes.countries import countries, groups
from partnermap.codes.instruments import instruments
from partnermap.codes.lists import rows as list_rows
from partnermap.codes.money import currencies
from partnermap.codes.sectors import area_names
from partnermap.sources.registers_cells import Own, Value, group_name, read_cell, shown_cell
from partnermap.sources.registers_grid import ADVISER_CELL, MARK, NAME_CELL, REF_CELL
from partnermap.sources.registers_sheets import ABOUT, EXAMPLE, LISTS, VERSION, Book, Column, Sheet

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

HEADER, FIRST, LAST = 2, 5, 1000  # rows: header, first of the data, last with drop-downs
FILLED = Mapping[str, Sequence[tuple[str, Mapping[str, Value]]]]  # sheet -> number and values of its rows
_WIDEST = 280  # characters that still can be read on one page
_FONT = "Calibri"
_NAVY, _BLUE, _PALE, _GREY, _LINE = "1F3864", "5B7DB1", "F3F6FB", "595959", "D0D7E5"
_FREE = ("currency", "country", "instrument")  # a code may be typed
_HORIZONTAL = {"date": "center", "yes": "center", "currency": "center"}
_FIRST_CURRENCIES = ("USD", "EUR", "CHF", "GBP", "RUB", "KZT", "KGS", "UZS", "TJS")
_FIRST_GROUPS = ("speca", "central_asia", "south_caucasus", "western_balkans", "eecca", "transition")


def write_book(path: Path, book: Book, own: Own, filled: FILLED | None = None, *, adviser: str = "", known: Mapping[str, Sequence[str]] | None = None) -> None:
    """Write one of our workbooks.

    Parameters
    ----------
    path : where to; an existing file is replaced
    book : which one
    own : whose it is
    filled : rows by sheet name; a sheet without any has its examples only
    adviser : whose return it is
    known : numbers by kind that other sheets refer to, for kinds that are no sheet of this book
    """
    from openpyxl import Workbook as NewWorkbook
    from openpyxl.workbook.defined_name import DefinedName

    workbook = NewWorkbook()
    about = workbook.active
    about.title = ABOUT
    _about(about, book, own, adviser)
    ranges = _lists(workbook, book, known or {})
    for sheet in book.sheets:
        _sheet(workbook.create_sheet(sheet.name), sheet, book, own, ranges, (filled or {}).get(sheet.name, ()))
    workbook.move_sheet(LISTS, len(book.sheets))
    name = own.name.replace('"', "")
    workbook.defined_names[MARK] = DefinedName(MARK, attr_text=f'"{book.name}|{VERSION}|{own.ref}|{name}"')
    workbook.active = 1
    for sheet in workbook.worksheets:
        sheet.sheet_view.tabSelected = sheet.title == book.sheets[0].name
    workbook.properties.title = book.title
    workbook.properties.creator = "partnermap"
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)


# --- the sheet About ------------------------------------------------------------------------------


def _about(sheet: Worksheet, book: Book, own: Own, adviser: str) -> None:
    from openpyxl.styles import Alignment, PatternFill

    sheet["A1"], sheet["A2"] = book.title, book.purpose
    sheet["A1"].font = _font(bold=True, size=16, color=_NAVY)
    is_return = book.name == "adviser-return"
    lines = {
        ADVISER_CELL: ("Adviser" if is_return else "Filled in by", adviser),
        REF_CELL: ("Organization", own.ref),
        NAME_CELL: ("Its name", own.name),
    }
    for cell, (label, text) in lines.items():
        sheet[cell.replace("B", "A")] = label
        sheet[cell.replace("B", "A")].font = _font(bold=True, color=_NAVY)
        _write(sheet[cell], text)
    sheet[ADVISER_CELL].fill = PatternFill("solid", fgColor="FFF2CC")
    sheet["C4"] = "A post such as Regional Adviser Environment: it names your returns from now on." if is_return else "For your own use; it is not imported."
    sheet["C5"] = "IATI reference of whose activities these are. Leave it as it is."
    rows = [
        "How it works",
        "Each sheet says in its first row what it is for; hold the mouse over a column's name for a note.",
        "Columns with a dark name and * are needed; the others help and can stay empty.",
        f"Rows marked {EXAMPLE} only show what is meant: they are never imported. Write below them.",
        "Choose from the lists where there are any. Where several are possible, type them with a semicolon between: Kazakhstan; Kyrgyzstan.",
        "Keep the numbers in the column No.: by them a row is known again. New rows may leave it empty.",
        "Dates such as 2026-05-31. Amounts without a currency sign; the currency has its own column.",
        "Then: partnermap import FILE. It says for each sheet and row what could not be read, and loads the rest.",
        f"Version {VERSION} of this workbook.",
    ]
    for number, text in enumerate(rows, 8):
        sheet.cell(number, 1, text)
        sheet.cell(number, 1).font = _font(bold=number == 8, color=_NAVY if number == 8 else None)
    for number, one in enumerate(book.sheets, 8 + len(rows) + 1):
        link = sheet.cell(number, 1, one.name)
        link.hyperlink = f"#'{one.name}'!A1"
        link.font = _font(color="0563C1", underline="single")
        sheet.cell(number, 2, one.purpose)
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 62
    sheet.column_dimensions["C"].width = 70
    for cell in ("C4", "C5"):
        sheet[cell].font = _font(italic=True, color=_GREY)
        sheet[cell].alignment = Alignment(vertical="top")
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = _GREY
    _print(sheet, None)


# --- the sheet Lists ------------------------------------------------------------------------------


def _lists(workbook: Workbook, book: Book, known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Write what drop-downs offer; their ranges by form, or by form and field of a choice."""
    sheet = workbook.create_sheet(LISTS)
    ranges: dict[str, str] = {}
    letters = iter(range(1, 200))
    for key, title, words in _vocabularies(book, known):
        column = next(letters)
        head = sheet.cell(1, column, title)
        head.font = _font(bold=True)
        for row, word in enumerate(words, 2):
            _write(sheet.cell(row, column), word)
        letter = head.column_letter
        sheet.column_dimensions[letter].width = 30
        ranges[key] = f"{LISTS}!${letter}$2:${letter}${len(words) + 1}"
    sheet.sheet_state = "hidden"
    return ranges


def _vocabularies(book: Book, known: Mapping[str, Sequence[str]]) -> list[tuple[str, str, Sequence[str]]]:
    names = [c.name for c in countries().values()]
    ours = groups()["transition"][1]
    first = sorted(countries()[code].name for code in ours)
    collected = [group_name(g) for g in _FIRST_GROUPS if g in groups()]
    money = [*_FIRST_CURRENCIES, *sorted(currencies() - set(_FIRST_CURRENCIES))]
    found: list[tuple[str, str, Sequence[str]]] = [
        ("areas", "Areas", list(area_names().values())),
        ("countries", "Countries and groups", [*first, *collected, *sorted(set(names) - set(first))]),
        ("country", "Countries", [*first, *sorted(set(names) - set(first))]),
        ("instruments", "Instruments", [i.short_name for i in instruments().values()]),
        ("currency", "Currencies", money),
        ("organizations", "Organizations", sorted({r["acronym"] or r["name"] for r in list_rows("organizations")}, key=str.casefold)),
        ("yes", "Yes or no", ["yes", "no"]),
    ]
    forms = {column.form for sheet in book.sheets for column in sheet.columns}
    found = [entry for entry in found if entry[0] in forms or (entry[0] == "instruments" and "instrument" in forms)]
    for sheet in book.sheets:
        found += [(f"choice {sheet.name} {c.field}", f"{sheet.name}: {c.name}", c.choices) for c in sheet.columns if c.form == "choice"]
    kinds = {sheet.kind for sheet in book.sheets}
    found += [(f"refs:{kind}", kind, numbers) for kind, numbers in sorted(known.items()) if kind not in kinds and numbers]
    return found


# --- one sheet --------------------------------------------------------------------------------------


def _sheet(sheet: Worksheet, declared: Sheet, book: Book, own: Own, ranges: Mapping[str, str], filled: Sequence[tuple[str, Mapping[str, Value]]]) -> None:
    from openpyxl.styles import Alignment, PatternFill
    from openpyxl.utils import get_column_letter

    width = len(declared.columns)
    styles = _Styles()
    sheet.cell(1, 1, declared.purpose).font = _font(italic=True, color=_GREY)
    sheet.cell(1, 1).alignment = Alignment(vertical="center")
    sheet.row_dimensions[1].height = 22
    for place, column in enumerate(declared.columns, 1):
        head = sheet.cell(HEADER, place, f"{column.name} *" if column.required else column.name)
        head.font = _font(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor=_NAVY if column.required else _BLUE)
        head.alignment = Alignment(wrap_text=True, vertical="center")
        head.border = styles.line
        head.comment = _comment(column)
        sheet.column_dimensions[get_column_letter(place)].width = column.width
        _validate(sheet, declared, book, column, get_column_letter(place), ranges)
    sheet.row_dimensions[HEADER].height = 32
    for row, example in enumerate(declared.examples, HEADER + 1):
        for place, (column, text) in enumerate(zip(declared.columns, example, strict=True), 1):
            cell = sheet.cell(row, place)
            if text.startswith(EXAMPLE):
                _write(cell, text)
            else:
                _show(cell, column, read_cell(column, text, own)[0], own)
            styles.give(cell, column, "example")
        _height(sheet, row, declared)
    rows = max(FIRST + len(filled) + 25, FIRST + 40)
    for row in range(FIRST, rows):
        number, values = filled[row - FIRST] if row - FIRST < len(filled) else ("", {})
        for place, column in enumerate(declared.columns, 1):
            cell = sheet.cell(row, place)
            _show(cell, column, number if column.field == "number" else values.get(column.field), own)
            styles.give(cell, column, "odd" if row % 2 else "even")
        if row - FIRST < len(filled):
            _height(sheet, row, declared)
    sheet.freeze_panes = sheet.cell(HEADER + 1, 3 if declared.numbered else 2)
    sheet.auto_filter.ref = f"A{HEADER}:{get_column_letter(width)}{rows - 1}"
    sheet.sheet_properties.tabColor = _NAVY
    _print(sheet, f"A1:{get_column_letter(width)}{FIRST + max(len(filled), 15) - 1}")


class _Styles:
    """The looks of cells, each made once: to hash a style for every cell takes longer than the rest."""

    def __init__(self) -> None:
        from openpyxl.styles import Border, Side

        self.line = Border(*[Side(style="thin", color=_LINE)] * 4)
        self._made: dict[tuple[str, ...], Any] = {}

    def give(self, cell: Cell, column: Column, look: str) -> None:
        """Let a cell look as an example, or as a row of data; the format of its number stays."""
        key = (look, column.form, column.field, cell.number_format, str(cell.quotePrefix))
        if key not in self._made:
            from openpyxl.styles import Alignment, PatternFill

            example = look == "example"
            cell.font = _font(italic=True, color=_GREY) if example else _font()
            if look != "even":
                cell.fill = PatternFill("solid", fgColor="EDEDED" if example else _PALE)
            cell.alignment = Alignment(wrap_text=column.field != "number", vertical="top", horizontal=_HORIZONTAL.get(column.form))
            cell.border = self.line
            self._made[key] = cell._style
        cell._style = copy(self._made[key])


def _height(sheet: Worksheet, row: int, declared: Sheet) -> None:
    """Make a row as high as its longest cell needs: not every program does so by itself."""
    texts = [(str(sheet.cell(row, n).value or ""), column.width) for n, column in enumerate(declared.columns, 1) if column.field != "number"]
    lines = max(len(textwrap.wrap(text, width - 1) or [""]) for text, width in texts)
    sheet.row_dimensions[row].height = 15.5 * min(lines, 12)


def _font(**style: Any) -> Any:
    from openpyxl.styles import Font

    return Font(name=_FONT, **{"size": 11, **style})


def _comment(column: Column) -> Any:
    from openpyxl.comments import Comment

    allowed = f"\nOne of: {', '.join(column.choices)}." if column.choices else ""
    text = f"{'Needed. ' if column.required else ''}{column.note}{allowed}".strip()
    return Comment(text or column.name, "partnermap", height=40 + 18 * (len(text) // 38 + 1), width=280)


def _validate(sheet: Worksheet, declared: Sheet, book: Book, column: Column, letter: str, ranges: Mapping[str, str]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    cells = f"{letter}{HEADER + 1}:{letter}{LAST}"
    if column.form == "date":
        rule = DataValidation(type="date", operator="between", formula1="32874", formula2="73050", allow_blank=True, errorStyle="warning", errorTitle=column.name, error="A date such as 2026-05-31.")
    elif column.form == "number":
        rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True, errorStyle="warning", errorTitle=column.name, error="Digits alone, such as 180000; the currency has its own column.")
    else:
        offered = _range(declared, book, column, ranges)
        if offered is None:
            return
        rule = DataValidation(type="list", formula1=f"={offered}", allow_blank=True)
        rule.errorStyle, rule.errorTitle = "stop", column.name
        rule.error = f"Use one of: {', '.join(column.choices) or 'yes, no'}."[:255]
    if not column.several and column.form not in _FREE:
        rule.showErrorMessage = True  # several with semicolons, or a code, are right too
    rule.add(cells)
    sheet.add_data_validation(rule)


def _range(declared: Sheet, book: Book, column: Column, ranges: Mapping[str, str]) -> str | None:
    if column.form == "choice":
        return ranges[f"choice {declared.name} {column.field}"]
    if column.form == "instrument":
        return ranges["instruments"]
    if column.form.startswith("refs:"):
        kind = column.form.removeprefix("refs:")
        target = next((s for s in book.sheets if s.kind == kind), None)
        return f"'{target.name}'!$A${FIRST}:$A${LAST}" if target else ranges.get(column.form)
    return ranges.get(column.form)


def _show(cell: Cell, column: Column, value: Value | None, own: Own) -> None:
    shown = shown_cell(column, value, own)
    if shown is None:
        return
    if isinstance(shown, str):
        _write(cell, shown)
        return
    cell.value = shown
    cell.number_format = "yyyy-mm-dd" if column.form == "date" else "#,##0.##" if isinstance(shown, float) else "#,##0"


def _write(cell: Cell, text: str) -> None:
    """Text as text: never a formula, whatever it begins with."""
    cell.value = text or None
    if text.startswith(("=", "+", "-", "@")):
        cell.data_type = "s"
        cell.quotePrefix = True  # what a person gets by typing an apostrophe first


def _print(sheet: Worksheet, area: str | None) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    wide = sum(d.width for d in sheet.column_dimensions.values())
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = (2 if area and wide > _WIDEST else 1), 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.75, 0.35
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P of &N"
    if area:
        sheet.print_area = area
        sheet.print_title_rows = f"{HEADER}:{HEADER}"
        sheet.print_title_cols = "A:B"
