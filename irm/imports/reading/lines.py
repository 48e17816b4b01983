"""The lines of a vCard → properties: folds undone, quoted-printable read, photos left out."""

import quopri
import re
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from irm.imports.complaints import Complaint
from irm.imports.reading.encoding import CHUNK, Source

#: Names and parameters stand before the first colon that no quotation holds.
_PARTED = re.compile(r'((?:[^":]|"[^"]*")*?):(.*)', re.DOTALL)
_PARAMETER = re.compile(r'(?:[^";]|"[^"]*")+')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_UNESCAPED_SEMICOLON = re.compile(r"(?<!\\);")

#: What is no text, and long.
_SKIPPED = {"PHOTO", "LOGO", "SOUND", "KEY"}
_LONGEST = CHUNK


class Property(NamedTuple):
    """One thing a card says."""

    name: str
    types: frozenset[str]
    services: frozenset[str]
    is_preferred: bool
    value: str
    is_old: bool

    @property
    def is_chat(self) -> bool:
        """Whether it is about instant messages."""
        return self.name == "IMPP"

    def text(self) -> str:
        """Return the value with its escapes undone."""
        return self._plain(self.value).strip()

    def parts(self) -> list[str]:
        """Return the parts of a value that has several, such as names and addresses."""
        return [self._plain(part).strip() for part in _UNESCAPED_SEMICOLON.split(self.value)]

    def _plain(self, text: str) -> str:
        if "\\" not in text:
            return text
        return _ESCAPED.sub(self._sign, text)

    def _sign(self, found: re.Match[str]) -> str:
        sign = found[1]
        if sign in "nN":
            return found[0] if self.is_old else "\n"
        return sign if sign in ",;:\\\"'" else found[0]


def properties(source: Source) -> Iterator[Property]:
    """Yield what the cards of a file say, one property after another."""
    is_old = False
    for line in _unfolded(source):
        if one := _property(line, is_old=is_old):
            if one.name == "VERSION":
                is_old = one.value.strip() == "2.1"
            yield one


def _unfolded(source: Source) -> Iterator[str]:
    """Yield whole lines: continued by a blank at the start, or by `=` in quoted-printable."""
    with source.open() as file:
        held: list[str] = []
        length, begun, soft = 0, 1, False
        for number, line in enumerate(_lines(file), 1):
            if held and (soft or line[:1] in (" ", "\t")):
                held.append(line if soft else line[1:])
                length += len(line)
            else:
                if held:
                    yield "".join(held)
                held, length, begun = [line], len(line), number
            if length > _LONGEST:
                if not _is_skipped(held[0]):
                    raise Complaint("long_cell", line=begun)
                held, length = held[:1], 0
            soft = line.endswith("=") and _is_quoted(held[0])
            if soft:
                held[-1] = held[-1][:-1]
        if held:
            yield "".join(held)


def _lines(file: TextIO) -> Iterator[str]:
    """Yield lines without their ends; of one too long, the rest is a line that folds."""
    rest = False
    while line := file.readline(_LONGEST // 2):
        yield (" " if rest else "") + line.rstrip("\r\n")
        rest = not line.endswith(("\n", "\r"))


def _is_quoted(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _is_skipped(line: str) -> bool:
    return _name(re.split("[;:]", line, maxsplit=1)[0]) in _SKIPPED


def _name(text: str) -> str:
    """Return the name of a property without the group that binds it to a label."""
    return text.rpartition(".")[2].strip().upper()


def _property(line: str, *, is_old: bool) -> Property | None:
    found = _PARTED.fullmatch(line)
    if not found:
        return None
    name, *parameters = _PARAMETER.findall(found[1]) or [""]
    if _name(name) in _SKIPPED:
        return None
    types: set[str] = set()
    services: set[str] = set()
    charset, preferred, quoted = "utf-8", False, False
    for parameter in parameters:
        key, equals, said = parameter.partition("=")
        key = key.strip().upper() if equals else "TYPE"
        words = {word.strip(' "').upper() for word in (said if equals else parameter).split(",")}
        match key:
            case "TYPE":
                types |= words
            case "X-SERVICE-TYPE" | "SERVICE-TYPE" | "X-SERVICE":
                services |= words
            case "CHARSET":
                charset = said.strip(' "')
            case "PREF":
                preferred = True
        quoted = quoted or "QUOTED-PRINTABLE" in words
    value = _unquoted(found[2], charset) if quoted else found[2]
    is_preferred = preferred or "PREF" in types
    return Property(_name(name), frozenset(types), frozenset(services), is_preferred, value, is_old)


def _unquoted(value: str, charset: str) -> str:
    octets = quopri.decodestring(value.encode("utf-8", "replace"))
    for name in (charset, "utf-8"):
        try:
            return octets.decode(name).replace("\r\n", "\n")
        except (LookupError, UnicodeDecodeError):
            continue
    return octets.decode("cp1252", "replace").replace("\r\n", "\n")
