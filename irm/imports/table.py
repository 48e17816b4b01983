"""A text file as a table: a row of headings, and the rows below it one after another."""

import csv
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from irm.imports import separator
from irm.imports.complaints import Complaint
from irm.imports.encoding import Source

MOST_COLUMNS = 200
#: No caption has so many line ends; a cell that does was opened by a stray quotation mark.
_MOST_LINES = 1000
_SAMPLE = 200
#: Stands behind the last line; no line is empty, as each has its end.
_END = ""


class Table(NamedTuple):
    """Where the headings of a file stand, and how its rows are cut."""

    source: Source
    separator: str
    heading_row: int
    headings: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number and the cells of each row that is not blank.

        Rows are numbered as a spreadsheet numbers them, the first of the file being 1.
        """
        for number, cells in _records(self.source, self.separator):
            if number > self.heading_row and any(map(str.strip, cells)):
                yield number, cells


def read(source: Source) -> Table:
    """Find the headings of a file. Raises Complaint where there is nothing below them."""
    with source.open() as file:
        lines = list(islice(file, _SAMPLE))
    named = separator.declared(lines[0])
    cut = named or separator.vote(lines)
    records = list(islice(_records(source, cut), 1 if named else 0, _SAMPLE))
    filled = [(number, cells) for number, cells in records if any(map(str.strip, cells))]
    if not filled:
        raise Complaint("blank")
    at = _heading([cells for _, cells in filled])
    row, headings = filled[at]
    sample = tuple(tuple(cells) for _, cells in filled[at + 1 :])
    if not sample:
        raise Complaint("no_rows")
    return Table(source, cut, row, _unique(headings), sample)


def fold(heading: str) -> str:
    """Reduce a heading to what two spellings of it share: letters and digits, no accents.

    >>> fold(" Abonnés\\n(Instagram) ")
    'abonnes instagram'
    """
    plain = unicodedata.normalize("NFKD", html.unescape(heading)).casefold()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", letters))


def _records(source: Source, cut: str) -> Iterator[tuple[int, list[str]]]:
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


def _heading(records: Sequence[Sequence[str]]) -> int:
    """Find the first record about as wide as the rest: titles above a table are narrow."""
    width, _ = Counter(map(len, records)).most_common(1)[0]
    needed = max(min(width, 2), width // 2)
    for at, cells in enumerate(records[:20]):
        if sum(bool(cell.strip()) for cell in cells) >= needed:
            return at
    return 0


def _unique(headings: Sequence[str]) -> tuple[str, ...]:
    """Name each column once: the second `Subscribers` becomes `Subscribers (2)`."""
    seen: Counter[str] = Counter()
    names = []
    for heading in headings:
        name = " ".join(heading.split())
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)
