"""Which format a file is in: told from what is in it, hardly ever from its name."""

from pathlib import Path, PurePath

from irm.imports.reading import cards, encoding, records, text, workbook
from irm.imports.reading.book import Book
from irm.imports.reading.encoding import Source
from irm.imports.reading.sheet import Reading

_ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")


def read(path: Path, name: str, reading: Reading, limit: int, *, hasty: bool = False) -> Book:
    """Open a file, whatever it is. Raises Complaint where it is no list.

    If it must be `hasty`, the count of rows may be an estimate.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_ZIPS):
        return workbook.read(path, reading, limit, hasty=hasty)
    source = encoding.recognise(path, reading.encoding)
    match _format(source, PurePath(name).suffix.lower()):
        case "cards":
            return cards.read(source)
        case "json":
            return records.read(source)
        case _:
            return text.read(source, reading)


def _format(source: Source, suffix: str) -> str:
    with source.open() as file:
        start = file.read(4096).lstrip()
        begun = "".join(start.split())[:2]
    if start[:11].upper() == "BEGIN:VCARD" or suffix in (".vcf", ".vcard"):
        return "cards"
    if begun in ("[{", "[[", "[]", '{"') or suffix in (".json", ".jsonl", ".ndjson"):
        return "json"
    return "text"
