"""Opens a file as text, whatever program wrote it, or says in a sentence why it cannot."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from irm.imports.complaints import Complaint
from irm.imports.reading.sheet import ENCODINGS, Note

#: Also the longest line we take: one that spans two chunks is longer than any list's.
CHUNK = 1 << 20

#: The longer marks first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
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
_ASCII = bytes(range(128))

#: Small letters with accents in Mac Roman that are rare signs, or none, in cp1252.
_OF_MACS = bytes(
    (*range(0x87, 0x8C), *range(0x8D, 0x91), 0x98, *range(0x9A, 0x9C), *range(0x9D, 0xA0))
)
#: Small letters with accents in cp1252 that are rare signs in Mac Roman.
_OF_WINDOWS = bytes(range(0xE0, 0x100))

_PATCHED = "irm-cp1252"
_ESCAPED = re.compile("[\udc80-\udcff]")


class Source(NamedTuple):
    """A file that was looked through and can be read as text from end to end."""

    path: Path
    #: As Python names it.
    codec: str
    errors: str
    notes: tuple[Note, ...] = ()

    @property
    def encoding(self) -> str:
        """How it is called: with a mark at the start or without one, it is one encoding."""
        return self.codec.removesuffix("-sig")

    def open(self) -> TextIO:
        """Open it for a CSV reader: line ends are left as they are."""
        return self.path.open(encoding=self.codec, errors=self.errors, newline="")

    def noting(self, code: str, count: int) -> "Source":
        """Return it with a note, if there is anything to note."""
        if not count:
            return self
        return self._replace(notes=(*self.notes, Note(code, {"count": count})))


def recognise(path: Path, said: str | None = None) -> Source:
    """Say how the text of a file is to be read.

    What the user said decides; then a mark at the start; then UTF-8 where every byte fits;
    UTF-16 where every second byte is zero; UTF-8 with single bytes of cp1252 in it where most
    of it fits; else Mac Roman or cp1252, whichever makes letters of it.
    Raises Complaint where it is no text.
    """
    with path.open("rb") as file:
        start = file.read(64 * 1024)
    for magic, code in _MAGIC:
        if start.startswith(magic):
            raise Complaint(code)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
    if said is not None:
        return _as_said(path, said, marked, start)
    if marked:
        source = Source(path, marked, _PATCHED if marked == "utf-8-sig" else "replace")
        return source.noting("mended", _broken(path)[0]) if marked == "utf-8-sig" else source
    if start[:1024].lstrip().lower().startswith(_PAGES):
        raise Complaint("web_page")
    if wide := _wide(start[:4096]):
        return Source(path, wide, "replace")
    if len(start) - len(start.translate(None, _CONTROLS)) > len(start) // 100:
        raise Complaint("binary")
    return _narrow(path)


def _as_said(path: Path, said: str, marked: str | None, start: bytes) -> Source:
    if said not in ENCODINGS:
        raise Complaint("encoding", encoding=said[:40])
    if marked and marked.startswith(said[:6]):
        said = marked
    if said == "utf-16" and not marked:
        said = _wide(start[:4096]) or "utf-16-le"
    if said.startswith("utf-8"):
        return Source(path, said, _PATCHED).noting("mended", _broken(path)[0])
    return Source(path, said, "replace")


def _wide(start: bytes) -> str | None:
    """Name the UTF-16 without a mark that a start with zeros in step must be."""
    half = len(start) // 2
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > half * 0.3 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.05:
        return "utf-16-be"
    return None


def _narrow(path: Path) -> Source:
    """Choose among UTF-8, cp1252, the two mixed, and Mac Roman, from every byte of the file."""
    broken, fitting = _broken(path)
    if not broken:
        return Source(path, "utf-8", "strict")
    if fitting > broken:
        return Source(path, "utf-8", _PATCHED).noting("mended", broken)
    bytes_of: Counter[int] = Counter()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            bytes_of.update(chunk.translate(None, _ASCII))
    if _sum(bytes_of, _OF_MACS) > _sum(bytes_of, _OF_WINDOWS):
        return Source(path, "mac_roman", "replace")
    return Source(path, "cp1252", "replace")


def _sum(counted: Counter[int], of: bytes) -> int:
    return sum(counted[byte] for byte in of)


def _broken(path: Path) -> tuple[int, int]:
    """Count the bytes that are no UTF-8, and the characters beyond ASCII that are."""
    fitting = broken = 0
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            # Skipping the decoder is safe only between characters, where it holds nothing back.
            if chunk.isascii() and not decoder.getstate()[0]:
                continue
            text = decoder.decode(chunk)
            broken += len(_ESCAPED.findall(text))
            fitting += len(text) - len(text.encode("ascii", "ignore"))
    broken += len(decoder.decode(b"", final=True))
    return broken, fitting - broken


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as cp1252: a text that was mended twice stays readable."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_PATCHED, _as_cp1252)


def check(source: Source, *, lines: bool = True) -> Source:
    """Look through the whole text, and return it with a note of the characters that are lost.

    Raises Complaint where it is blank, has a zero in it or, if `lines` matter, one without end.
    """
    line, open_length, blank, lost = 1, 0, True, 0
    for text in chunks(source):
        if "\0" in text:
            before = text[: text.index("\0")]
            raise Complaint("nul", line=line + before.count("\n"))
        first = text.find("\n") if "\n" in text else text.find("\r")
        if lines and open_length + (len(text) if first < 0 else first) > CHUNK:
            raise Complaint("long_line", line=line)
        last = max(text.rfind("\n"), text.rfind("\r"))
        open_length = open_length + len(text) if last < 0 else len(text) - 1 - last
        line += text.count("\n")
        blank = blank and not text.strip()
        lost += text.count("\ufffd") if source.errors == "replace" else 0
    if blank:
        raise Complaint("blank")
    return source.noting("lost", lost)


def chunks(source: Source) -> Iterator[str]:
    """Yield the text piece by piece."""
    with source.open() as file:
        while text := file.read(CHUNK):
            yield text
