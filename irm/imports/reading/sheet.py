"""A file as everything downstream sees it: headings, a sample, and rows one after another.

The rows file is ours: one row a line, its number first, cells parted by a sign that no list
uses. Reading it back is several times as fast as CSV, and nothing of it is guessed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

#: What the rows file puts between cells, and before a sign of a cell that would be misread.
_BETWEEN = "\x1f"
_ESCAPE = "\x1e"
_ESCAPED = {"\n": "n", _BETWEEN: "b", _ESCAPE: "e"}
_PLAIN = {letter: sign for sign, letter in _ESCAPED.items()}
#: Headings are questions at times; novels they are not.
_LONGEST_HEADING = 300
_LINE_ENDS = str.maketrans({sign: _ESCAPE + letter for sign, letter in _ESCAPED.items()})

#: What a user may say a text is written in, as Python names it → as people do.
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows-1252",
    "mac_roman": "Mac Roman",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "utf-32": "UTF-32",
    "iso8859-15": "ISO-8859-15",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
}
#: What may part the cells of a text; a blank only where the user says so.
SEPARATORS = (",", ";", "\t", "|", " ")


class Reading(NamedTuple):
    """How a file is to be read; what is None is found out."""

    encoding: str | None = None
    separator: str | None = None
    #: The index of the sheet or table.
    table: int | None = None
    #: As a spreadsheet numbers it; 0 where the file has no headings.
    heading_row: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as an order keeps it, what is left open left out."""
        return {name: value for name, value in self._asdict().items() if value is not None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Reading":
        """Return what `to_json` kept; names it does not know are passed over."""
        return cls(**{name: stored[name] for name in cls._fields if name in stored})


#: A file of which the user said nothing.
FIND_OUT = Reading()


class TableFound(NamedTuple):
    """One of the sheets of a workbook, or of the tables of a text."""

    #: The sheet's name, or the title above the table; may be blank.
    name: str
    heading_row: int
    headings: tuple[str, ...]
    #: None where nobody counted.
    rows: int | None


class Note(NamedTuple):
    """Something the reader of a file should know, as a code of irm/imports/complaints.py."""

    code: str
    params: dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that was read: what it is called, what it holds, and where its rows lie."""

    #: "text", "workbook", "cards" or "json".
    format: str
    encoding: str | None
    separator: str | None
    tables: tuple[TableFound, ...]
    #: The index of the table that was chosen.
    table: int
    heading_row: int
    #: Each of them once: the second `Subscribers` is `Subscribers (2)`.
    headings: tuple[str, ...]
    #: The first rows below the headings, long cells cut.
    sample: tuple[tuple[str, ...], ...]
    notes: tuple[Note, ...] = ()
    #: How many rows there are, blank ones left out.
    count: int = 0
    #: The rows file; None until the file was converted.
    path: Path | None = None

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield number and cells of each row that is not blank, from the rows file.

        Rows are numbered as a spreadsheet numbers them, the first of the file being 1.
        """
        assert self.path is not None, "only a converted sheet has rows"
        with self.path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                number, *cells = line[:-1].split(_BETWEEN)
                if _ESCAPE in line:
                    cells = [_unescaped(cell) for cell in cells]
                yield int(number), cells

    def reading(self) -> Reading:
        """Return how the file was read, so that it can be read the same way again."""
        return Reading(self.encoding, self.separator, self.table, self.heading_row)

    def to_json(self) -> dict[str, Any]:
        """Return all but the rows, to be kept with the batch."""
        return {
            "format": self.format,
            "encoding": self.encoding,
            "separator": self.separator,
            "tables": [table._asdict() for table in self.tables],
            "table": self.table,
            "heading_row": self.heading_row,
            "headings": self.headings,
            "sample": self.sample,
            "notes": [note._asdict() for note in self.notes],
            "count": self.count,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], path: Path | None = None) -> "Sheet":
        """Return what `to_json` kept, with the rows file that belongs to it."""
        tables = (
            TableFound(t["name"], t["heading_row"], tuple(t["headings"]), t["rows"])
            for t in stored["tables"]
        )
        return cls(
            format=stored["format"],
            encoding=stored["encoding"],
            separator=stored["separator"],
            tables=tuple(tables),
            table=stored["table"],
            heading_row=stored["heading_row"],
            headings=tuple(stored["headings"]),
            sample=tuple(map(tuple, stored["sample"])),
            notes=tuple(Note(n["code"], n["params"]) for n in stored["notes"]),
            count=stored["count"],
            path=path,
        )


def line(number: int, cells: Sequence[str]) -> str:
    """Return a row as a line of the rows file."""
    joined = _BETWEEN.join(cells)
    if "\n" in joined or _ESCAPE in joined or joined.count(_BETWEEN) != max(len(cells) - 1, 0):
        joined = _BETWEEN.join(cell.translate(_LINE_ENDS) for cell in cells)
    return f"{number}{_BETWEEN}{joined}\n"


def _unescaped(cell: str) -> str:
    first, *rest = cell.split(_ESCAPE)
    return first + "".join(_PLAIN[part[0]] + part[1:] for part in rest)


def unique(headings: Sequence[str]) -> tuple[str, ...]:
    """Name each column once: the second `Subscribers` becomes `Subscribers (2)`.

    A column without a name gets the letter of a spreadsheet.

    >>> unique(["", "Subscribers", "Subscribers\\n"])
    ('(A)', 'Subscribers', 'Subscribers (2)')
    """
    seen: Counter[str] = Counter()
    names: dict[str, None] = {}
    for at, heading in enumerate(headings):
        plain = " ".join(heading.split())[:_LONGEST_HEADING] or f"({letters(at)})"
        name = plain
        while name in names:
            seen[plain] += 1
            name = f"{plain} ({seen[plain] + 1})"
        names[name] = None
    return tuple(names)


def letters(column: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0.

    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
