"""What each format hands to the child: tables, one of them chosen, and its rows."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from irm.imports.complaints import Complaint
from irm.imports.reading.sheet import Note, Reading, TableFound, unique

MOST_COLUMNS = 200
MOST_TABLES = 200

#: A row: its number as a spreadsheet has it, and its cells.
Row = tuple[int, list[str]]

#: So many rows are looked at to tell the headings.
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Book:
    """A file that was opened."""

    format: str
    encoding: str | None
    separator: str | None
    tables: tuple[TableFound, ...]
    table: int
    heading_row: int
    headings: tuple[str, ...]
    #: How many rows the chosen table has.
    count: int
    rows: Callable[[], Iterator[Row]]
    notes: tuple[Note, ...] = ()


class Stretch:
    """A run of rows that is one table; it notes as it goes what tells the headings."""

    def __init__(self, name: str = "", headed_at: int | None = None) -> None:
        self.name = name
        self.start = self.end = 0
        #: What the user said of the headings' row.
        self._headed_at = headed_at
        self._first: list[Row] = []
        self._said: list[str] | None = None
        self._filled = self._below = self.width = 0

    def add(self, number: int, cells: list[str]) -> None:
        """Take in a row that is not blank."""
        self.start = self.start or number
        self.end = number
        self._filled += 1
        self.width = max(self.width, len(cells))
        if len(self._first) < LOOKED_AT:
            self._first.append((number, cells))
        if self._headed_at is not None:
            if number == self._headed_at:
                self._said = cells
            self._below += number > self._headed_at

    def __len__(self) -> int:
        return self._filled

    def found(self) -> TableFound:
        """Say where the headings are, and what is below them."""
        if self._headed_at == 0:
            names = unique([""] * self.width)
            return TableFound(self.name, 0, names, self._filled)
        if self._said is not None and self._headed_at is not None:
            row, cells, below = self._headed_at, self._said, self._below
        else:
            at = heading([cells for _, cells in self._first])
            row, cells = self._first[at]
            below = self._filled - at - 1
        return TableFound(self.name or self._title(row), row, unique(cells), below)

    def _title(self, row: int) -> str:
        """Return what stands above the headings."""
        number, cells = self._first[0]
        title = next(filter(None, map(str.strip, cells)), "")
        return title[:_LONGEST_TITLE] if number < row else ""


_LONGEST_TITLE = 120


def heading(records: Sequence[Sequence[str]]) -> int:
    """Find the first record about as wide as the rest: titles above a table are narrow."""
    width, _ = Counter(map(len, records)).most_common(1)[0]
    width = min(width, max(map(_filled_width, records)))
    needed = max(min(width, 2), width // 2)
    # A title with a comma is two cells; headings are as many as the rest, or lack one at most.
    for least in (width - 1, 0):
        for at, cells in enumerate(records[:20]):
            if len(cells) >= least and sum(bool(cell.strip()) for cell in cells) >= needed:
                return at
    return 0


def _filled_width(cells: Sequence[str]) -> int:
    for at in range(len(cells), 0, -1):
        if cells[at - 1].strip():
            return at
    return 0


def choose(tables: Sequence[TableFound], reading: Reading, at: int | None = None) -> int:
    """Return the index of the table the user said, or of the one with most rows.

    `at` is where the row that he named as headings stands. Raises Complaint where there is
    no such table, or nothing in it.
    """
    if reading.table is not None:
        if not 0 <= reading.table < len(tables):
            raise Complaint("no_table", number=reading.table + 1, tables=len(tables))
        index = reading.table
    elif at is not None:
        index = at
    else:
        index = max(range(len(tables)), key=lambda one: (tables[one].rows or 0, -one))
    if not tables[index].rows:
        raise Complaint("no_rows")
    return index


def column_of(name: str) -> int:
    """Return the number, counted from 0, of the column a spreadsheet calls by this name.

    >>> column_of("A"), column_of("AB")
    (0, 27)
    """
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1
