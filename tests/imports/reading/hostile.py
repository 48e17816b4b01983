"""Files that mean harm, or were harmed: each made here, none of them large on its own."""

import gzip
import io
import struct
import warnings
import zipfile
import zlib
from pathlib import Path

from tests.imports.reading.workbooks import MAIN, packed, parts, workbook

ROWS = [["handle", "followers"], ["ana", 12], ["ravi", 7]]
LIST = b"handle,followers\nana,12\nravi,7\n"
BOOK = workbook({"People": ROWS})
CARD = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEND:VCARD\r\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def _sheet(data):
    return workbook({"People": data})


def _shared(strings, rows):
    sheet = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, rows))
    table = f'<sst xmlns="{MAIN}">{strings}</sst>'
    return workbook({"People": sheet}, more={"xl/sharedStrings.xml": table})


def _entities():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {one} "{f"&{other};" * 10}">'
        for one, other in zip("bcdefghij", "abcdefghi", strict=True)
    )
    return _with("xl/sharedStrings.xml", f'{bomb}]><sst xmlns="{MAIN}"><si><t>&j;</t></si></sst>')


def _outside_entity():
    text = '<!DOCTYPE x [<!ENTITY a SYSTEM "/etc/passwd">]>'
    return _with("xl/sharedStrings.xml", f'{text}<sst xmlns="{MAIN}"><si><t>&a;</t></si></sst>')


def _wide_entities():
    text = f'<!DOCTYPE x [<!ENTITY a "b">]><sst xmlns="{MAIN}"/>'
    return _with("xl/sharedStrings.xml", text.encode("utf-16"))


def _with(name, content):
    return workbook({"People": ROWS}, more={name: content})


def _bomb():
    """Thirty megabytes of nothing."""
    nothing = b" " * 30_000_000
    return _with("xl/media/image1.xml", nothing)


def _twice():
    file = io.BytesIO(BOOK)
    with zipfile.ZipFile(file, "a") as archive, warnings.catch_warnings(action="ignore"):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


def _wrong_checksum():
    data = bytearray(BOOK)
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        crc = archive.getinfo("xl/worksheets/sheet1.xml").CRC
    at = data.rfind(struct.pack("<I", crc))
    data[at : at + 4] = b"\0\0\0\0"
    return bytes(data)


def _lying_size():
    """A part that unpacks to more than it says."""
    data = bytearray(BOOK)
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    at = data.rfind(struct.pack("<III", part.CRC, part.compress_size, part.file_size))
    data[at + 8 : at + 12] = struct.pack("<I", 10)
    return bytes(data)


def _scrambled():
    data = bytearray(BOOK)
    middle = len(data) // 3
    data[middle : middle + 200] = bytes(200)
    return bytes(data)


def _locked():
    data = bytearray(BOOK)
    at = data.rfind(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.rfind(b"PK\x01\x02", 0, at)
    return bytes(data)


def _many_sheets():
    return packed(parts({f"Sheet {n}": [["handle"], ["ana"]] for n in range(10_000)}))


def _deep_xml():
    return _sheet("<a>" * 200_000)


def _dense():
    """Few cells, so far apart that a full grid of them has no room."""
    return _sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="GR1048576"><v>1</v></c></row>'
    )


def _many_records():
    return b"[" + b",".join(b'{"k%d":1}' % n for n in range(400)) + b"]"


#: Name → content and the codes of the sentences that may answer it.
FILES = {
    # Workbooks.
    "bomb.xlsx": (_bomb, "unpacks"),
    "bomb_of_many.xlsx": (
        lambda: workbook({f"S{n}": "<row/>" + " " * 900_000 for n in range(150)}),
        "unpacks",
    ),
    "entities.xlsx": (_entities, "entities"),
    "outside_entity.xlsx": (_outside_entity, "entities"),
    "wide_entities.xlsx": (_wide_entities, "entities"),
    "one_string.xlsx": (lambda: _shared(f"<si><t>{'a' * 200_000_000}</t></si>", 2), "unpacks"),
    "string_often.xlsx": (
        lambda: _shared(f"<si><t>{_noise(30_000)}</t></si>", 60_000),
        "gave_up unpacks",
    ),
    "corners.xlsx": (
        lambda: _sheet(
            '<row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "many_columns",
    ),
    "dense.xlsx": (_dense, "gave_up"),
    "no_such_cell.xlsx": (
        lambda: _sheet('<row r="1"><c r="ZZZZ99999999999"><v>1</v></c></row>'),
        "many_columns",
    ),
    "many_sheets.xlsx": (_many_sheets, "many_parts"),
    "many_columns.xlsx": (
        lambda: workbook({"People": [[f"c{n}" for n in range(300)], ["x"] * 300]}),
        "many_columns",
    ),
    "macros.xlsx": (lambda: _with("xl/vbaProject.bin", OLE), "macros"),
    "encrypted.xlsx": (lambda: OLE, "protected"),
    "old.xls": (lambda: OLE, "protected"),
    "locked.xlsx": (_locked, "protected"),
    "slip.xlsx": (lambda: _with("../../../etc/cron.d/x", "x"), "strange_parts"),
    "slip_back.xlsx": (lambda: _with("xl\\..\\x", "x"), "strange_parts"),
    "absolute.xlsx": (lambda: _with("/etc/x", "x"), "strange_parts"),
    "twice.xlsx": (_twice, "strange_parts"),
    "external.xlsx": (
        lambda: _with("xl/externalLinks/externalLink1.xml", "<externalLink/>"),
        "external_links",
    ),
    "cut.xlsx": (lambda: BOOK[: len(BOOK) // 2], "damaged"),
    "head_only.xlsx": (lambda: BOOK[:4], "damaged"),
    "wrong_checksum.xlsx": (_wrong_checksum, "damaged"),
    "lying_size.xlsx": (_lying_size, "damaged"),
    "scrambled.xlsx": (_scrambled, "damaged"),
    "no_xml.xlsx": (lambda: _with("xl/workbook.xml", "ana"), "damaged"),
    "open_xml.xlsx": (lambda: _sheet('<row r="1"><c r="A1"><v>1'), "damaged"),
    "deep_xml.xlsx": (_deep_xml, "damaged gave_up unpacks blank"),
    "empty_sheet.xlsx": (lambda: workbook({"People": []}), "blank"),
    "headings_only.xlsx": (lambda: workbook({"People": ROWS[:1]}), "no_rows"),
    "no_sheets.xlsx": (lambda: workbook({}), "damaged blank"),
    "archive.zip": (lambda: packed({"list.csv": LIST}), "archive"),
    "document.docx": (
        lambda: packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}),
        "archive",
    ),
    "sheet.ods": (lambda: packed({"mimetype": "application/x", "content.xml": "<x/>"}), "archive"),
    "empty.zip": (lambda: b"PK\x05\x06" + bytes(18), "archive"),
    # Texts.
    "empty.csv": (lambda: b"", "empty"),
    "blank.csv": (lambda: b"\r\n \t\r\n", "blank"),
    "commas.csv": (lambda: b",,,\n,,,\n", "blank"),
    "headings.csv": (lambda: b"handle,followers\n", "no_rows"),
    "line.csv": (lambda: b"handle\n" + b"a" * 99_900_000, "long_line"),
    "zeros.csv": (lambda: LIST * 9 + b"\0\n", "nul"),
    "all_zeros.csv": (lambda: bytes(100_000), "binary nul"),
    "hole.csv": (lambda: LIST * 5000 + bytes(50_000_000), "nul"),
    "columns.csv": (
        lambda: b",".join(b"c%d" % n for n in range(10_000)) + b"\nana\n",
        "many_columns",
    ),
    "quote.csv": (lambda: LIST + b'li,"7\n' + LIST * 1000, "long_cell"),
    "quote_at_end.csv": (lambda: LIST + b'li,"7', "long_cell"),
    "cell.csv": (lambda: b'handle,bio\nana,"' + b"bio " * 60_000 + b'"\n', "long_cell"),
    "page.csv": (lambda: b"<!DOCTYPE html><html><table><tr><td>ana</td></tr></table>", "web_page"),
    "xml.csv": (lambda: b'<?xml version="1.0"?><Workbook><Row/></Workbook>', "web_page"),
    "tables.csv": (lambda: b"\nTitle\na,b\n1,2\n" * 500, "many_tables"),
    "halves.csv": (lambda: b"\xff\xfe" + b"\x00\xd8" * 100 + b"\x00", "no_rows"),
    "wide_zeros.csv": (lambda: b"\xff\xfe" + bytes(1000), "nul"),
    # Cards and records.
    "open.vcf": (lambda: CARD + CARD[:-13], "open_card"),
    "no_cards.vcf": (lambda: LIST, "no_cards"),
    "fold.vcf": (lambda: CARD[:-13] + b"\r\nNOTE:a" + b"\r\n a" * 3_000_000, "long_cell"),
    "soft.vcf": (
        lambda: CARD[:-13] + b"\r\nNOTE;QUOTED-PRINTABLE:a=" + b"\r\n=41=" * 500_000,
        "long_cell",
    ),
    "nested.vcf": (lambda: b"BEGIN:VCARD\n" * 100_000, "open_card"),
    "crowded.vcf": (lambda: CARD[:-13] + b"\r\nTEL:1" * 100_000 + b"\r\nEND:VCARD", "bad_record"),
    "deep.json": (lambda: b"[" * 1_000_000, "not_records"),
    "deep_value.json": (lambda: b'[{"a":' + b"[" * 300_000, "bad_record"),
    "open.json": (lambda: b'[{"handle":"ana"},{"hand', "bad_record"),
    "number.json": (lambda: b'[{"a":' + b"9" * 100_000 + b"}]", "bad_record"),
    "long_record.json": (lambda: b'[{"a":"' + b"a" * 5_000_000 + b'"}]', "bad_record"),
    "figures.json": (lambda: b"[[1,2],[3,4]]", "not_records"),
    "none.json": (lambda: b"[]", "no_rows"),
    "fields.json": (_many_records, "many_columns"),
    # What is something else.
    "zipped.csv": (lambda: gzip.compress(LIST), "binary"),
    "paper.csv": (lambda: b"%PDF-1.7\n" + bytes(range(256)), "pdf"),
    "paper_and_book.xlsx": (lambda: b"%PDF-1.7\n" + BOOK, "pdf"),
    "picture.csv": (lambda: PNG, "binary"),
    "picture_and_book.xlsx": (lambda: PNG + BOOK, "binary"),
    "program.csv": (lambda: b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20, "binary"),
    "database.csv": (lambda: b"SQLite format 3\0" + bytes(4000), "binary"),
    "noise.csv": (lambda: _noise(50_000).encode("utf-16-le")[1:], "binary nul no_rows long_line"),
}


def _noise(length):
    """Text that cannot be packed."""
    text, seed = [], b"irm"
    while len(text) * 64 < length:
        seed = zlib.crc32(seed).to_bytes(4, "big") + seed[:28]
        text.append("".join(f"{byte:02x}" for byte in seed))
    return "".join(text)[:length]


def write(folder: Path, name: str) -> Path:
    """Write one of the files into a folder."""
    path = folder / name
    path.write_bytes(FILES[name][0]())
    return path
