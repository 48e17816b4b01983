"""vCard 2.1, 3.0 and 4.0 → rows, one person each, with headings a list of people has."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from irm.imports.complaints import Complaint
from irm.imports.reading import encoding, profiles
from irm.imports.reading.book import Book, Row
from irm.imports.reading.encoding import Source
from irm.imports.reading.lines import Property, properties
from irm.imports.reading.sheet import TableFound

HEADINGS = (
    "Name",
    "First name",
    "Last name",
    "E-mail",
    "Phone",
    "Phone (2)",
    "Phone (3)",
    "Website",
    "Company",
    "Job title",
    "City",
    "Country",
    "Birthday",
    "Categories",
    "Note",
)
_SILENT = {"FAX", "PAGER", "MODEM", "TLX"}
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?")


def read(source: Source) -> Book:
    """Count the cards of a file. Raises Complaint where it has none, or one does not end."""
    source = encoding.check(source, lines=False)
    count = sum(1 for _ in _rows(source))
    if not count:
        raise Complaint("no_cards")
    table = TableFound("", 0, HEADINGS, count)
    return Book(
        "cards",
        source.encoding,
        None,
        (table,),
        0,
        0,
        HEADINGS,
        count,
        lambda: _rows(source),
        source.notes,
    )


def _rows(source: Source) -> Iterator[Row]:
    for number, card in _cards(source):
        cells = card.cells()
        if any(cells):
            yield number, cells


def _cards(source: Source) -> Iterator[tuple[int, "_Card"]]:
    number, depth = 0, 0
    card = _Card([])
    embedded = False
    for one in properties(source):
        is_mark = one.name in ("BEGIN", "END") and one.value.strip().upper() == "VCARD"
        if is_mark and one.name == "BEGIN":
            if depth and not embedded:
                raise Complaint("open_card", number=number)
            if not depth:
                number += 1
                card = _Card([])
            depth += 1
        elif is_mark and depth:
            depth -= 1
            if not depth:
                yield number, card
        elif depth == 1:
            # vCard 2.1 lays the card of an assistant into that of its person.
            embedded = one.name == "AGENT"
            card.properties.append(one)
            if len(card.properties) > _MOST_PROPERTIES:
                raise Complaint("bad_record", number=number)
    if depth:
        raise Complaint("open_card", number=number)


_MOST_PROPERTIES = 5000


class _Card(NamedTuple):
    properties: list[Property]

    def cells(self) -> list[str]:
        first, last = self._name_parts()
        phones = [*self._phones(), "", "", ""]
        return [
            self._text("FN") or " ".join(filter(None, (first, last))),
            first,
            last,
            self._all("EMAIL", "; "),
            phones[0],
            phones[1],
            "; ".join(filter(None, phones[2:])),
            "; ".join(self._addresses()),
            self._organisation(),
            self._text("TITLE") or self._text("ROLE"),
            self._place(3),
            self._place(6),
            self._birthday(),
            self._all("CATEGORIES", ", "),
            self._all("NOTE", "\n\n"),
        ]

    def _of(self, name: str) -> list[Property]:
        """Return the properties of a name that say something, the preferred ones first."""
        found = [one for one in self.properties if one.name == name and one.text()]
        return sorted(found, key=lambda one: not one.is_preferred)

    def _text(self, name: str) -> str:
        return next((one.text() for one in self._of(name)), "")

    def _all(self, name: str, between: str) -> str:
        texts = (one.text().removeprefix("mailto:") for one in self._of(name))
        return between.join(dict.fromkeys(texts))

    def _name_parts(self) -> tuple[str, str]:
        parts = next((one.parts() for one in self._of("N")), [])
        last, first = [*parts, "", ""][:2]
        return first, last

    def _phones(self) -> list[str]:
        """Return the numbers that somebody answers, the one to try first before the others."""
        spoken = [one for one in self._of("TEL") if not _SILENT & one.types]
        spoken.sort(key=lambda one: (not one.is_preferred, "CELL" not in one.types))
        return list(dict.fromkeys(one.text().removeprefix("tel:") for one in spoken))

    def _addresses(self) -> list[str]:
        """Return the profiles on platforms, and then the other addresses on the web."""
        found = [address for one in self.properties if (address := profiles.of(one))]
        return list(dict.fromkeys((*found, *(one.text() for one in self._of("URL")))))

    def _organisation(self) -> str:
        return next((part for one in self._of("ORG") for part in one.parts() if part), "")

    def _place(self, part: int) -> str:
        for one in self._of("ADR"):
            parts = one.parts()
            if len(parts) > part and parts[part]:
                return parts[part]
        return ""

    def _birthday(self) -> str:
        days = [one.text() for one in self._of("BDAY")]
        whole = next(filter(None, map(_DAY.fullmatch, days)), None)
        return "-".join(whole.groups()) if whole else next(iter(days), "")
