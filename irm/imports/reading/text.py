"""Text with separators → tables: records, the headings above them, several to a file."""

import csv
from collections.abc import Iterable, Iterator
from itertools import islice

from irm.directory.formulas import undefused
from irm.imports.complaints import Complaint
from irm.imports.reading import encoding, separator
from irm.imports.reading.book import MOST_COLUMNS, MOST_TABLES, Book, Row, Stretch, choose
from irm.imports.reading.encoding import Source
from irm.imports.reading.sheet import SEPARATORS, Reading

#: No caption has so many line ends; a cell that does was opened by a stray quotation mark.
_MOST_LINES = 1000
_VOTERS = 200
#: Stands behind the last line; no line is empty, as each has its end.
_END = ""


def read(source: Source, reading: Reading) -> Book:
    """Find the tables of a text. Raises Complaint where there is nothing in them."""
    source = encoding.check(source)
    cut, first = _separator(source, reading.separator)
    stretches = _stretches(source, cut, first, reading.heading_row)
    if not stretches:
        raise Complaint("blank")
    tables = tuple(stretch.found() for stretch in stretches)
    row = reading.heading_row
    holding = (at for at, one in enumerate(stretches) if row and one.start <= row <= one.end)
    index = choose(tables, reading, next(holding, None))
    if row and tables[index].heading_row != row:
        raise Complaint("no_heading_row", row=row)
    chosen, end = tables[index], stretches[index].end
    start = max(chosen.heading_row + 1, stretches[index].start, first)

    def rows() -> Iterator[Row]:
        for number, cells in _records(source, cut):
            if number > end:
                return
            if number >= start and any(map(str.strip, cells)):
                yield number, cells

    return Book(
        "text",
        source.encoding,
        cut,
        tables,
        index,
        chosen.heading_row,
        chosen.headings,
        chosen.rows or 0,
        rows,
        source.notes,
    )


def _separator(source: Source, said: str | None) -> tuple[str, int]:
    """Return what parts the cells, and the number of the first record that is not about that."""
    with source.open() as file:
        lines = list(islice(file, _VOTERS))
    named = separator.declared(lines[0])
    if said is not None and said not in SEPARATORS:
        raise Complaint("separator")
    return said or named or separator.vote(lines), 2 if named else 1


def _stretches(source: Source, cut: str, first: int, headed_at: int | None) -> list[Stretch]:
    """Part the records into tables.

    A new one begins below blank lines with a title: a single cell where the table before it
    has several, and several again below it. Anything less is a row like others.
    """
    found: list[Stretch] = []
    title: Row | None = None
    gap = True
    for number, cells in _records(source, cut):
        if number < first:
            continue
        if not any(map(str.strip, cells)):
            gap = True
            continue
        if not found:
            found.append(Stretch(headed_at=headed_at))
        if title:
            if len(cells) > 1:
                found.append(Stretch(headed_at=headed_at))
            found[-1].add(*title)
            title = None
        if gap and len(cells) == 1 and len(found[-1]) > 1 and found[-1].width > 1:
            title = number, cells
        else:
            found[-1].add(number, cells)
        gap = False
        if len(found) > MOST_TABLES:
            raise Complaint("many_tables", limit=MOST_TABLES)
    if title:
        found[-1].add(*title)
    return found


def _records(source: Source, cut: str) -> Iterator[Row]:
    """Yield every record of the file with its number; Complaint where one does not end."""
    with source.open() as file:
        lines: list[str] = []
        reader = csv.reader(_noting(file, lines), delimiter=cut)
        number = ends = 0
        try:
            for number, cells in enumerate(reader, 1):
                if len(cells) > MOST_COLUMNS:
                    raise Complaint("many_columns", row=number, limit=MOST_COLUMNS)
                if len(lines) > _MOST_LINES:
                    raise Complaint("long_cell", line=ends + 1)
                # Only within a quotation does the reader ask for a line behind the last.
                if lines[-1] == _END:
                    raise Complaint("long_cell", line=ends + 1)
                if any("'" in line for line in lines):
                    cells = [undefused(cell) for cell in cells]
                ends = reader.line_num
                lines.clear()
                yield number, cells
        except csv.Error:
            raise Complaint("long_cell", line=ends + 1) from None


def _noting(file: Iterable[str], lines: list[str]) -> Iterator[str]:
    """Pass lines on, and note those of the record that is being read, and then the end."""
    for line in file:
        lines.append(line)
        yield line
    lines.append(_END)
