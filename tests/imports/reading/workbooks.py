"""Workbooks as spreadsheets write them, and as nobody should: parts of XML in a zip."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

from irm.imports.reading.sheet import letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml"'
    ' ContentType="application/xml"/><Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
#: Style 1 is a day, style 2 a day with its time.
_STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="22"/></cellXfs></styleSheet>'
)


class Raw(str):
    """A cell that is written as it stands: the XML between `<c` and its end."""


def parts(sheets, hidden=()):
    """Return the parts of a workbook: name → XML. `sheets` is name → rows or XML of rows."""
    listed, related = [], []
    found = {"[Content_Types].xml": _TYPES, "xl/styles.xml": _STYLES}
    for at, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        listed.append(f'<sheet name={quoteattr(name)} sheetId="{at}"{state} r:id="r{at}"/>')
        related.append(_relation(f"r{at}", "worksheet", f"worksheets/sheet{at}.xml"))
        data = rows if isinstance(rows, str) else _rows(rows)
        found[f"xl/worksheets/sheet{at}.xml"] = (
            f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'
        )
    related.append(_relation("styles", "styles", "styles.xml"))
    related.append(_relation("strings", "sharedStrings", "sharedStrings.xml"))
    found["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{''.join(listed)}</sheets></workbook>"
    )
    found["xl/_rels/workbook.xml.rels"] = _relations(related)
    found["_rels/.rels"] = _relations([_relation("r1", "officeDocument", "xl/workbook.xml")])
    return found


def workbook(sheets, hidden=(), more=None):
    """Return a workbook as bytes, `more` parts in it or instead of its own."""
    return packed({**parts(sheets, hidden), **(more or {})})


def packed(contents):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return file.getvalue()


def _relations(related):
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(related)}</Relationships>'


def _relation(key, kind, target):
    return f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _rows(rows):
    return "".join(
        f'<row r="{number}">{"".join(_cells(number, row))}</row>'
        for number, row in enumerate(rows, 1)
    )


def _cells(number, row):
    return (_cell(letters(column), number, value) for column, value in enumerate(row))


def _cell(column, row, value):
    place = f'r="{column}{row}"'
    match value:
        case None | "":
            return ""
        case Raw():
            return f"<c {place}{value}"
        case bool():
            return f'<c {place} t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f"<c {place}><v>{value}</v></c>"
        case _:
            text = escape(value).replace("\r", "&#13;")
            return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
