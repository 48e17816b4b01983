"""Opens a file as text, whatever program wrote it, or says in a sentence why it cannot."""

import codecs
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from irm.imports.complaints import Complaint

MEGABYTE = 10**6
UPLOAD_LIMIT = 100 * MEGABYTE
COMMAND_LINE_LIMIT = 1000 * MEGABYTE

#: Also the longest line we take: one that spans two chunks is longer than any list's.
_CHUNK = 1 << 20

#: The longer marks first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"PK\x03\x04", "workbook"),
    (b"PK\x05\x06", "workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "protected"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG", "binary"),
    (b"\xff\xd8\xff", "binary"),
    (b"\x1f\x8b", "binary"),
    (b"7z\xbc\xaf\x27\x1c", "binary"),
    (b"Rar!", "binary"),
    (b"SQLite format 3", "binary"),
    (b"{\\rtf", "binary"),
)
_PAGES = (b"<!doctype html", b"<html", b"<?xml", b"<!--", b"<head", b"<table")
#: Bytes that text of any of our encodings has no use for.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x0b\x1a\x1b"))

_PATCHED = "irm-cp1252"
_ESCAPED = re.compile("[\udc80-\udcff]")


class Source(NamedTuple):
    """A file that was looked through and can be read as text from end to end."""

    path: Path
    encoding: str
    errors: str

    def open(self) -> TextIO:
        """Open it for a CSV reader: line ends are left as they are."""
        return self.path.open(encoding=self.encoding, errors=self.errors, newline="")


def inspect(path: Path, limit: int = UPLOAD_LIMIT) -> Source:
    """Look through a file and say how its text is to be read.

    A mark at the start decides; then UTF-8 where every byte fits; UTF-16 where every
    second byte is zero; UTF-8 with single bytes of cp1252 in it where most of it fits;
    else cp1252. Raises Complaint where it is too large, empty or no text.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Complaint("not_a_file")
        if status.st_size > limit:
            raise Complaint("too_large", limit=limit // MEGABYTE)
        if status.st_size == 0:
            raise Complaint("empty")
        with path.open("rb") as file:
            start = file.read(64 * 1024)
        source = _recognised(path, start)
        _check_text(source)
    except OSError as error:
        raise Complaint("unreadable", reason=error.strerror or type(error).__name__) from None
    return source


def _recognised(path: Path, start: bytes) -> Source:
    for magic, code in _MAGIC:
        if start.startswith(magic):
            raise Complaint(code)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            errors = _PATCHED if encoding == "utf-8-sig" else "replace"
            return Source(path, encoding, errors)
    if start[:1024].lstrip().lower().startswith(_PAGES):
        raise Complaint("web_page")
    if wide := _wide(start[:4096]):
        return Source(path, wide, "replace")
    if len(start) - len(start.translate(None, _CONTROLS)) > len(start) // 100:
        raise Complaint("binary")
    return Source(path, *_narrow(path))


def _wide(start: bytes) -> str | None:
    """Name the UTF-16 without a mark that a start with zeros in step must be."""
    half = len(start) // 2
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > half * 0.3 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _narrow(path: Path) -> tuple[str, str]:
    """Choose among UTF-8, cp1252 and the two mixed, from every byte of the file."""
    fitting = broken = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            # Skipping the decoder is safe only between characters, where it holds nothing back.
            if chunk.isascii() and not decoder.getstate()[0]:
                continue
            text = decoder.decode(chunk)
            broken += len(_ESCAPED.findall(text))
            fitting += len(text) - len(text.encode("ascii", "ignore"))
    broken += len(decoder.decode(b"", final=True))
    fitting -= broken
    if not broken:
        return "utf-8", "strict"
    return ("utf-8", _PATCHED) if fitting > broken else ("cp1252", "replace")


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as cp1252: a text that was mended twice stays readable."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_PATCHED, _as_cp1252)


def _check_text(source: Source) -> None:
    """Raise Complaint where the text is blank, has a zero in it or a line without end."""
    line, open_length, blank = 1, 0, True
    for text in _chunks(source):
        if "\0" in text:
            before = text[: text.index("\0")]
            raise Complaint("nul", line=line + before.count("\n"))
        first = text.find("\n") if "\n" in text else text.find("\r")
        if open_length + (len(text) if first < 0 else first) > _CHUNK:
            raise Complaint("long_line", line=line)
        last = max(text.rfind("\n"), text.rfind("\r"))
        open_length = open_length + len(text) if last < 0 else len(text) - 1 - last
        line += text.count("\n")
        blank = blank and not text.strip()
    if blank:
        raise Complaint("blank")


def _chunks(source: Source) -> Iterator[str]:
    with source.open() as file:
        while text := file.read(_CHUNK):
            yield text
