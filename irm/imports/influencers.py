"""Rows of a list of influencers → what they say, or why they cannot be taken."""

import html
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from irm.imports import contacts, figures, languages, platforms
from irm.imports.columns import Columns
from irm.imports.complaints import Complaint
from irm.imports.contacts import Contact
from irm.imports.table import Table, fold
from irm.models import Platform
from irm.models.keys import fold_handle

_LIMITS = {"name": 200, "handle": 200, "platform_id": 64, "url": 500, "country": 80, "city": 120}
#: A list's categories are hints, not facts: what is too much of them is left out.
_CATEGORIES = 200

#: A long id after a spreadsheet had it in its hands: `1.19074E+18`, the same for thousands.
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)

_Number = TypeVar("_Number", int | None, Decimal | None)


class Identity(NamedTuple):
    """Which account a row is about."""

    platform: Platform
    handle: str
    handle_key: str
    platform_id: str | None
    url: str | None


class Row(NamedTuple):
    """What a row says; None where it says nothing."""

    account: Identity
    name: str | None
    country: str | None
    city: str | None
    language: str | None
    bio: str | None
    categories: str | None
    followers: int | None
    likes: float | None
    comments: float | None
    shares: float | None
    views: float | None
    engagement: float | None
    contacts: tuple[Contact, ...]
    #: Cells that could not be read, as `heading: cell`.
    unread: str | None

    def over(self, earlier: "Row") -> "Row":
        """Return this row with what it leaves open filled in by an earlier one."""
        ours, theirs = self.account, earlier.account
        account = ours._replace(
            platform_id=ours.platform_id or theirs.platform_id, url=ours.url or theirs.url
        )
        pairs = zip(self._fields[1:], self[1:], earlier[1:], strict=True)
        filled: dict[str, Any] = {
            name: old if new is None or new == () else new for name, new, old in pairs
        }
        return Row(account, **filled)

    def agrees(self, later: "Row") -> bool:
        """Say whether all that this row says is also what a later one of its account says."""
        ours = self._replace(account=later.account)
        return later.over(ours) == later == ours.over(later)


class People(NamedTuple):
    """A list that was understood: rows are read through it."""

    table: Table
    columns: Columns
    #: For rows that do not name one themselves; None where all of them must.
    platform: Platform | None
    #: True where the user said the platform: it then stands above what rows say.
    is_given: bool

    def identify(self, cells: Sequence[str]) -> Identity:
        """Read which account a row is about. Raises Complaint where it does not say."""
        if len(cells) > len(self.table.headings) and any(
            map(str.strip, cells[len(self.table.headings) :])
        ):
            raise Complaint("many_cells", cells=len(cells), headings=len(self.table.headings))
        url, handle = self._text(cells, "url"), self._text(cells, "handle")
        in_handle = platforms.address(handle) if handle else None
        found = (platforms.address(url) if url else None) or in_handle
        if in_handle:
            handle = in_handle.handle
        platform = self._platform(cells, found and found.platform)
        platform_id = _exact(self._text(cells, "platform_id"))
        if found and found.platform is platform:
            handle = handle or found.handle
            platform_id = platform_id or found.platform_id
        else:
            url = None
        handle = (handle or platform_id or "").removeprefix("@").strip()
        key = fold_handle(handle)
        if not key:
            raise Complaint("no_account")
        longest = max(handle, key, key=len)
        for field, text in (("handle", longest), ("platform_id", platform_id), ("url", url)):
            self._check(field, text)
        return Identity(platform, handle, key, platform_id, url)

    def read(self, cells: Sequence[str]) -> Row:
        """Read all that a row says. Raises Complaint where it cannot be taken."""
        account = self.identify(cells)
        unread: list[str] = []
        name = self._name(cells)
        country, city = self._text(cells, "country"), self._text(cells, "city")
        for field, text in (("name", name), ("country", country), ("city", city)):
            self._check(field, text)
        language = self._text(cells, "language")
        row = Row(
            account,
            name,
            country,
            city,
            languages.code(fold(language)) if language else None,
            self._text(cells, "bio", lines=True),
            self._categories(cells),
            self._figure(cells, "followers", figures.count, unread),
            self._average(cells, "likes", unread),
            self._average(cells, "comments", unread),
            self._average(cells, "shares", unread),
            self._average(cells, "views", unread),
            self._average(cells, "engagement", unread),
            contacts=self._contacts(cells, unread),
            unread=None,
        )
        return row._replace(unread="; ".join(unread)[:300]) if unread else row

    def _platform(self, cells: Sequence[str], addressed: Platform | None) -> Platform:
        if self.is_given and self.platform:
            return self.platform
        if text := self._text(cells, "platform"):
            if platform := platforms.named(text):
                return platform
            raise Complaint("unknown_platform", platform=text[:60])
        if platform := addressed or self.platform:
            return platform
        raise Complaint("no_account")

    def _text(self, cells: Sequence[str], field: str, *, lines: bool = False) -> str | None:
        """Return what the first filled cell of a field says, blanks and entities put right."""
        for column in self.columns.fields.get(field, ()):
            if column < len(cells) and not figures.is_missing(cells[column]):
                cell = cells[column]
                if "&" in cell:
                    cell = html.unescape(cell)
                return cell.strip() if lines else " ".join(cell.split())
        return None

    def _name(self, cells: Sequence[str]) -> str | None:
        """Return the full name, put together where the list keeps its parts in two columns."""
        name, first = self._text(cells, "name"), self._text(cells, "first_name")
        last = self._text(cells, "last_name")
        if name and first and not last and fold(first) not in fold(name):
            return f"{first} {name}"  # `Prénom` beside `Nom`: the second is the family's.
        return name or " ".join(part for part in (first, last) if part) or None

    def _categories(self, cells: Sequence[str]) -> str | None:
        found: list[str] = []
        for column in self.columns.fields.get("category", ()):
            cell = " ".join(cells[column].split()) if column < len(cells) else ""
            if not figures.is_missing(cell) and cell not in found:
                found.append(html.unescape(cell))
        while len(", ".join(found)) > _CATEGORIES:
            found.pop()
        return ", ".join(found) or None

    def _figure(
        self, cells: Sequence[str], field: str, read: Callable[[str], _Number], unread: list[str]
    ) -> _Number:
        """Read a figure from the first of its columns that has one."""
        bad = None
        for column in self.columns.fields.get(field, ()):
            if column < len(cells):
                try:
                    value = read(cells[column])
                except ValueError:
                    bad = f"{self.table.headings[column]}: {cells[column].strip()[:60]}"
                    continue
                if value is not None:
                    return value
        if bad:
            unread.append(bad)
        return None

    def _average(self, cells: Sequence[str], field: str, unread: list[str]) -> float | None:
        value = self._figure(cells, field, figures.figure, unread)
        return None if value is None else float(value)

    def _contacts(self, cells: Sequence[str], unread: list[str]) -> tuple[Contact, ...]:
        found: dict[tuple[str, str], Contact] = {}
        for field in ("email", "phone"):
            cell = self._text(cells, field)
            if not cell:
                continue
            try:
                read = contacts.emails(cell) if field == "email" else [contacts.phone(cell)]
            except ValueError:
                column = self.columns.fields[field][0]
                unread.append(f"{self.table.headings[column]}: {cell[:60]}")
                continue
            found.update({(contact.kind, contact.key): contact for contact in read})
        return tuple(found.values())

    def _check(self, field: str, text: str | None) -> None:
        if text and len(text) > _LIMITS[field]:
            columns = self.columns.fields.get(field) or self.columns.fields["handle"]
            raise Complaint(
                "too_long", column=self.table.headings[columns[0]][:60], limit=_LIMITS[field]
            )


def _exact(platform_id: str | None) -> str | None:
    """Return an id as the platform gave it; None where a spreadsheet has rounded it."""
    if platform_id is None or _ROUNDED.fullmatch(platform_id):
        return None
    return platform_id.removesuffix(".0") if platform_id[:-2].isdigit() else platform_id
