"""The zip that a workbook is: looked through part by part before anything else may open it."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree  # nosec B405  # DOCTYPE was refused before

from irm.imports.complaints import Complaint
from irm.imports.reading.book import MOST_COLUMNS, column_of

MOST_PARTS = 1000
_MOST_RATIO = 100
#: A part may be packed as tightly as it likes below this size.
_SMALL = 10**6
_PIECE = 1 << 20

#: What ties a sheet of the list to its part.
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

#: A cell that says something: not closed at once.
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>')
_LONG = re.compile(rb"v>(-?\d{16,})</")
_PLACE = re.compile(rb' r="([A-Z]{1,3})(\d{1,7})"')
#: What the standard library makes of zips and XML that are none.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_XML = (".xml", ".rels", ".vml")


class Archive(NamedTuple):
    """A zip that was looked through from end to end."""

    path: Path
    #: Name of a sheet → the part it is in.
    sheets: dict[str, str]


def check(path: Path, limit: int) -> Archive:
    """Look through a workbook. Raises Complaint where it is none, or not to be trusted."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive, limit)
            for part in archive.infolist():
                _check_content(archive, part)
            return Archive(path, _sheets(archive))
    except _DAMAGED:
        raise Complaint("damaged") from None


def _check_parts(archive: zipfile.ZipFile, limit: int) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS:
        raise Complaint("many_parts", limit=MOST_PARTS)
    if len(names) < len(parts) or any(map(_leads_out, names)):
        raise Complaint("strange_parts")
    if any(part.flag_bits & 1 for part in parts):
        raise Complaint("protected")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Complaint("archive")
    lower = {name.lower() for name in names}
    if any(name.endswith("vbaproject.bin") for name in lower):
        raise Complaint("macros")
    if any(name.startswith("xl/externallinks/") for name in lower):
        raise Complaint("external_links")
    if sum(part.file_size for part in parts) > limit:
        raise Complaint("unpacks", limit=limit // 10**6)
    for part in parts:
        if part.file_size > max(_SMALL, _MOST_RATIO * part.compress_size):
            raise Complaint("unpacks", limit=limit // 10**6)


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/")


def _check_content(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part to its end, so that its size and checksum are what it says they are."""
    is_xml = part.filename.lower().endswith(_XML)
    is_sheet = is_xml and part.filename.startswith("xl/worksheets/")
    unpacked, held = 0, b""
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            unpacked += len(piece)
            text = held + piece
            # Where DOCTYPE may hide from us, there is nothing for a list of people either.
            if is_xml and (b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"<\0!" in text):
                raise Complaint("entities")
            if is_sheet:
                _check_columns(text)
            held = text[-300:]
    if unpacked != part.file_size:
        raise Complaint("damaged")


def _check_columns(text: bytes) -> None:
    cells = _CELL.findall(text)
    wide = {name for name in {column for column, _ in cells} if _index(name) >= MOST_COLUMNS}
    for column, row in cells:
        if column in wide:
            raise Complaint("many_columns", row=int(row), limit=MOST_COLUMNS)


def _index(name: bytes) -> int:
    return column_of(name.decode())


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return which part holds which sheet; without DOCTYPE the parser is safe."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  # nosec B314  # no DOCTYPE
    parts = {one.get("Id"): one.get("Target", "") for one in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  # nosec B314  # no DOCTYPE
    found = {}
    for one in book.findall(".//{*}sheet"):
        target = parts.get(one.get(_RELATIONS), "")
        name = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        found[one.get("name", "")] = name
    return found


class LongNumbers:
    """The whole numbers of more than fifteen digits in a sheet, as exact as the file has them."""

    def __init__(self, archive: Archive, sheet: str) -> None:
        self._found = _long_numbers(archive, sheet)
        self._row = 0
        self._cells: dict[int, str] = {}
        self._next: tuple[int, int, str] | None = None

    def at(self, row: int, column: int) -> str | None:
        """Return the digits in a cell. Rows must be asked for in their order."""
        if row != self._row:
            self._row, self._cells = row, {}
            while (one := self._next or next(self._found, None)) and one[0] <= row:
                self._next = None
                if one[0] == row:
                    self._cells[one[1]] = one[2]
            self._next = one
        return self._cells.get(column)


def _long_numbers(archive: Archive, sheet: str) -> Iterator[tuple[int, int, str]]:
    part = archive.sheets.get(sheet)
    with zipfile.ZipFile(archive.path) as file:
        if part not in file.namelist():
            return
        with file.open(part) as xml:
            held = b""
            while piece := xml.read(_PIECE):
                text = held + piece
                end = 0
                for found in _LONG.finditer(text):
                    end = found.end()
                    # Its place stands in the tag of the cell, a little before.
                    before = text.rfind(b' r="', max(found.start() - 2000, 0), found.start())
                    if place := _PLACE.match(text, before):
                        yield int(place[2]), _index(place[1]), found[1].decode()
                held = text[max(end, len(text) - 2000) :]
