"""XLSX → rows: its sheets are the tables, and a number is written as people write it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from irm.directory.formulas import undefused
from irm.imports.complaints import Complaint
from irm.imports.headings import theirs
from irm.imports.reading import archive
from irm.imports.reading.archive import LongNumbers
from irm.imports.reading.book import LOOKED_AT, MOST_COLUMNS, Book, Row, Stretch, choose
from irm.imports.reading.sheet import Reading, TableFound

#: Above it a floating number no longer knows its last digit.
_EXACT = 1e15
_ROUNDED = "E+"


def read(path: Path, reading: Reading, limit: int, *, hasty: bool = False) -> Book:
    """Find the sheets of a workbook. Raises Complaint where there is nothing in them.

    If it must be `hasty`, the rows of an only sheet are estimated, not counted.
    """
    checked = archive.check(path, limit)
    try:
        book = CalamineWorkbook.from_path(path)
        names = _names(book)
        hasty = hasty and len(names) == 1 and not reading.heading_row
        # Each time it is asked for, a sheet is parsed anew; several together take much room.
        only = book.get_sheet_by_name(names[0]) if len(names) == 1 else None
        tables = tuple(
            _table(only or book.get_sheet_by_name(name), reading, hasty=hasty) for name in names
        )
    except (CalamineError, ValueError, OSError):
        raise Complaint("damaged") from None
    if not tables or not any(table.headings for table in tables):
        raise Complaint("blank")
    index = choose(tables, reading)
    name, chosen = names[index], tables[index]
    if reading.heading_row and chosen.heading_row != reading.heading_row:
        raise Complaint("no_heading_row", row=reading.heading_row)

    def rows() -> Iterator[Row]:
        numbers = LongNumbers(checked, name)
        width = len(chosen.headings)
        # Refused rows that a spreadsheet made a book of: irm had defused them.
        is_defused = len(theirs(chosen.headings)) < width
        for number, cells in _filled(only or book.get_sheet_by_name(name)):
            if number > chosen.heading_row:
                texts = _trimmed(_texts(cells, number, numbers), width)
                yield number, [undefused(text) for text in texts] if is_defused else texts

    return Book(
        "workbook",
        None,
        None,
        tables,
        index,
        chosen.heading_row,
        chosen.headings,
        chosen.rows or 0,
        rows,
    )


def _names(book: CalamineWorkbook) -> list[str]:
    """Return the sheets that have cells: those that are seen, or all where none is."""
    sheets = [one for one in book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
    seen = [one.name for one in sheets if one.visible is SheetVisibleEnum.Visible]
    return seen or [one.name for one in sheets]


def _table(sheet: CalamineSheet, reading: Reading, *, hasty: bool) -> TableFound:
    if sheet.total_width > MOST_COLUMNS:
        raise Complaint("many_columns", row=1, limit=MOST_COLUMNS)
    stretch = Stretch(sheet.name, reading.heading_row)
    for number, cells in _filled(sheet):
        # Only these tell the headings; the rest is but counted.
        is_near = len(stretch) < LOOKED_AT or number == reading.heading_row
        if hasty and not is_near:
            return stretch.found()._replace(rows=sheet.total_height)
        stretch.add(number, _trimmed(_texts(cells), 0) if is_near else _NONE)
    return stretch.found() if len(stretch) else TableFound(sheet.name, 1, (), 0)


_NONE: list[str] = []


def _filled(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Yield the rows that are not blank, each from column A on."""
    if sheet.start is None:
        return
    before = [""] * sheet.start[1]
    for number, cells in enumerate(sheet.iter_rows(), 1):
        # Quick for nearly all rows; a zero says something, a blank says nothing.
        first = next(filter(None, cells), "")
        if (type(first) is str and not first.strip()) and not any(map(_says, cells)):
            continue
        yield number, before + cells if before else cells


def _says(cell: Any) -> bool:
    return bool(cell.strip()) if type(cell) is str else True


def _texts(cells: Sequence[Any], number: int = 0, numbers: LongNumbers | None = None) -> list[str]:
    texts = [cell if type(cell) is str else _text(cell) for cell in cells]
    if numbers and _ROUNDED in "".join(texts):
        for column, cell in enumerate(cells):
            if type(cell) is float and abs(cell) >= _EXACT:
                texts[column] = numbers.at(number, column) or texts[column]
    return texts


def _trimmed(texts: list[str], width: int) -> list[str]:
    """Leave out the blank cells behind the last one, as far as there are headings for fewer."""
    end = len(texts)
    while end > width and not texts[end - 1]:
        end -= 1
    return texts[:end]


def _text(value: Any) -> str:
    """Return a value as a spreadsheet shows it in a plain cell, days in ISO order."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return _number(value)
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.datetime():
            return value.isoformat(" ", "seconds")
        case _:
            return str(value)


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        # As spreadsheets write it, so that nobody takes it for an exact id.
        return f"{value:.14E}"
    return str(int(value)) if value.is_integer() else repr(value)
