"""JSON → rows: a list of flat objects, or one object a line, taken one at a time."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

from irm.imports.complaints import Complaint
from irm.imports.reading import encoding
from irm.imports.reading.book import MOST_COLUMNS, Book, Row
from irm.imports.reading.encoding import Source
from irm.imports.reading.sheet import TableFound, unique

#: No person's record is longer, in characters.
_LONGEST = 1 << 20
_PIECE = 1 << 16
_BETWEEN = " \t\r\n,"


class _Figure(float):
    """A number as the file writes it."""

    def __new__(cls, text: str) -> "_Figure":
        figure = super().__new__(cls, text)
        figure.text = text
        return figure

    text: str


_DECODER = json.JSONDecoder(parse_float=_Figure)


def read(source: Source) -> Book:
    """Find the names of all fields. Raises Complaint where this is no list of records."""
    source = encoding.check(source, lines=False)
    names: dict[str, None] = {}
    count = 0
    for record in _records(source):
        names.update(dict.fromkeys(record))
        count += 1
        if len(names) > MOST_COLUMNS:
            raise Complaint("many_columns", row=count, limit=MOST_COLUMNS)
    if not count or not names:
        raise Complaint("no_rows")

    def rows() -> Iterator[Row]:
        for number, record in enumerate(_records(source), 1):
            cells = [_cell(record.get(name)) for name in names]
            if any(map(str.strip, cells)):
                yield number, cells

    table = TableFound("", 0, unique(list(names)), count)
    return Book(
        "json", source.encoding, None, (table,), 0, 0, table.headings, count, rows, source.notes
    )


def _cell(value: Any) -> str:
    """Return a value as a cell; what is no plain one stays JSON."""
    match value:
        case None:
            return ""
        case str():
            return value
        case _Figure():
            return value.text
        case _:
            return json.dumps(value, ensure_ascii=False)


def _records(source: Source) -> Iterator[dict[str, Any]]:
    with source.open() as file:
        window = _Window(file)
        if window.peek() == "[":
            window.at += 1
        number = 0
        while (sign := window.peek()) not in ("", "]"):
            number += 1
            if sign != "{":
                raise Complaint("not_records")
            yield window.record(number)


class _Window:
    """The part of the text that is looked at; it slides over files of any size."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._text = ""
        self.at = 0

    def _more(self) -> bool:
        piece = self._file.read(max(_PIECE, len(self._text) - self.at))
        self._text = self._text[self.at :] + piece
        self.at = 0
        return bool(piece)

    def peek(self) -> str:
        """Return the next sign that means something; "" at the end."""
        while True:
            while self.at < len(self._text) and self._text[self.at] in _BETWEEN:
                self.at += 1
            if self.at < len(self._text):
                return self._text[self.at]
            if not self._more():
                return ""

    def record(self, number: int) -> dict[str, Any]:
        """Take the object that begins here. Raises Complaint where it is none."""
        while True:
            try:
                record, self.at = _DECODER.raw_decode(self._text, self.at)
            except json.JSONDecodeError:
                if len(self._text) - self.at > _LONGEST or not self._more():
                    raise Complaint("bad_record", number=number) from None
            except (RecursionError, ValueError):
                raise Complaint("bad_record", number=number) from None
            else:
                assert isinstance(record, dict)
                return record
