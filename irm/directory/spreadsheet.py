"""Tables as files that a spreadsheet opens: CSV and XLSX, with nothing in them that it runs.

Numbers stay numbers. A text that a spreadsheet would take for a formula gets an apostrophe in
CSV (irm/directory/formulas.py) and is marked as text in XLSX.
"""

import csv
import datetime as dt
import enum
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

import xlsxwriter

from irm.directory.formulas import defused
from irm.errors import Refused
from irm.i18n import _l

#: Rows of one sheet, the headings among them.
MOST_ROWS = 1_048_576

#: Characters of one cell of a sheet.
MOST_TEXT = 32_767


def write_csv(file: IO[str], headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> int:
    """Write headings and rows as CSV to an open file; returns how many rows there were."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([_csv_cell(heading) for heading in headings])
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007  # the last number is the count
        writer.writerow([_csv_cell(value) for value in row])
    return count


def write_xlsx(path: Path, headings: Sequence[Any], rows: Iterable[Sequence[Any]]) -> int:
    """Write headings and rows as the one sheet of a new file, a row at a time in memory.

    Returns how many rows there were. Raises Refused where a sheet cannot hold so many.
    """
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, str(heading), bold)
        sheet.freeze_panes(1, 0)
        count = 0
        for count, row in enumerate(rows, 1):
            if count >= MOST_ROWS:
                raise Refused(_l("A sheet holds %(n)s rows at most; choose CSV.", n=MOST_ROWS - 1))
            for column, value in enumerate(row):
                _write_cell(sheet, count, column, value)
    return count


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if _is_number(value):
        sheet.write_number(row, column, value)
    elif value is not None and value != "":
        sheet.write_string(row, column, _text(value)[:MOST_TEXT])


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    return value if _is_number(value) else defused(_text(value))


def _is_number(value: Any) -> bool:
    """Whether a sheet can hold it as a number: its numbers have 15 digits, and no infinities."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 10**15 and math.isfinite(value)


def _text(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)
