"""The child: limits itself, opens the file, says what is in it, and ends.

It has no secrets, may write no file, and knows its parent only as a pipe.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from irm.imports.complaints import Complaint
from irm.imports.reading import formats
from irm.imports.reading.book import Book, Row
from irm.imports.reading.frames import Kind, packed, packed_json
from irm.imports.reading.sheet import Reading, Sheet, line

_SAMPLE = 200
#: Of a long cell, so much is shown and guessed from.
_SHOWN = 1000
#: All that is shown together, in characters.
_SHOWN_IN_ALL = 10**6
#: Of more tables than these, only the first headings are shown.
_SHOWN_WHOLE = 20
_SHOWN_HEADINGS = 12
_PIECE = 1 << 18


def main() -> None:
    """Do what the order on standard input says, and answer on standard output."""
    order = json.loads(sys.stdin.buffer.read())
    out = sys.stdout.buffer
    _limit(order["memory"], order["seconds"])
    try:
        _read(order, out)
    except Complaint as complaint:
        out.write(packed_json(Kind.COMPLAINT, complaint.to_json()))
    except MemoryError:
        out.write(packed_json(Kind.COMPLAINT, Complaint("gave_up").to_json()))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        out.write(packed_json(Kind.COMPLAINT, Complaint("unreadable", reason=reason).to_json()))
    out.flush()
    # There is nothing to tidy up, and taking apart a large workbook takes its time.
    os._exit(0)


def _limit(memory: int, seconds: int) -> None:
    for what, most, last in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, 32, 32),
        # A second between the signal that says why and the one that cannot be refused.
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_AS, memory, memory),
    ):
        hard = resource.getrlimit(what)[1]
        if hard != resource.RLIM_INFINITY:
            most, last = min(most, hard), min(last, hard)
        try:
            resource.setrlimit(what, (most, last))
        except ValueError:
            if what != resource.RLIMIT_AS:  # macOS has no limit of memory.
                raise
    os.nice(5)


def _read(order: dict[str, Any], out: IO[bytes]) -> None:
    reading = Reading.from_json(order["reading"])
    path, name, limit = Path(order["path"]), order["name"], order["limit"]
    book = formats.read(path, name, reading, limit, hasty=order["convert"])
    rows = book.rows()
    first = list(islice(rows, _SAMPLE))
    count = book.count
    if order["convert"]:
        count = 0
        for count, lines in _pieces(chain(first, rows)):
            out.write(packed(Kind.ROWS, lines))
            out.write(packed_json(Kind.PROGRESS, [count, book.count]))
            out.flush()
    out.write(packed_json(Kind.SHEET, _sheet(book, first, count).to_json()))


def _pieces(rows: Iterator[Row]) -> Iterator[tuple[int, bytes]]:
    """Yield lines of the rows file, many at a time, and how many rows there were until then."""
    lines: list[str] = []
    length = count = 0
    for count, (number, cells) in enumerate(rows, 1):
        one = line(number, cells)
        lines.append(one)
        length += len(one)
        if length > _PIECE:
            yield count, _clean("".join(lines)).encode()
            lines.clear()
            length = 0
    if lines:
        yield count, _clean("".join(lines)).encode()


def _clean(text: str) -> str:
    """Leave out what no database takes: zeros, and halves of characters."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text.encode("utf-8", "replace").decode()


def _sheet(book: Book, first: Sequence[Row], count: int) -> Sheet:
    sample: list[tuple[str, ...]] = []
    shown = 0
    for _, cells in first:
        short = tuple(_clean(cell[:_SHOWN]) for cell in cells)
        shown += sum(map(len, short))
        if sample and shown > _SHOWN_IN_ALL:
            break
        sample.append(short)
    tables = [
        one._replace(name=_clean(one.name), headings=tuple(map(_clean, one.headings)))
        for one in book.tables
    ]
    tables[book.table] = tables[book.table]._replace(rows=count)
    if len(tables) > _SHOWN_WHOLE:
        tables = [one._replace(headings=one.headings[:_SHOWN_HEADINGS]) for one in tables]
    return Sheet(
        format=book.format,
        encoding=book.encoding,
        separator=book.separator,
        tables=tuple(tables),
        table=book.table,
        heading_row=book.heading_row,
        headings=tuple(map(_clean, book.headings)),
        sample=tuple(sample),
        notes=book.notes,
        count=count,
    )
