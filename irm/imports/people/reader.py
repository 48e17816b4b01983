"""Cells of a list of people → a record, or why the row cannot be taken."""

import datetime as dt
import html
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from irm.imports import contacts, figures, languages, platforms
from irm.imports.complaints import Complaint
from irm.imports.contacts import Contact
from irm.imports.headings import fold
from irm.imports.people import cells as cells_of
from irm.imports.people import fields, own, words
from irm.imports.people.columns import Columns
from irm.imports.people.records import Record, Said, keys_of
from irm.models import Platform
from irm.models.keys import fold_handle

#: Longer cells are refused: what is behind the limit is no name.
_LIMITS = {
    "name": 200,
    "handle": 200,
    "platform_id": 64,
    "url": 500,
    "country": 80,
    "city": 120,
    "may_be_paid_why": 200,
}
#: A list's categories are hints, not facts: what is too much of them is left out.
_CATEGORIES = 200
_LANGUAGES = 80
_ANY_LENGTH = 10**9
_TAG = 60

#: Many sites write many addresses into one cell.
_PARTED = re.compile(r"[\s|;]+|:::")

#: No longer cell says that nobody knows; the short ones are often the same.
_LONGEST_MISSING = max(map(len, figures.MISSING)) + 4
_is_missing = lru_cache(maxsize=4096)(figures.is_missing)

_Places = tuple[int, ...]
_TEXTS = ("country", "city", "business_model", "looks_for", "may_be_paid_why")
_LINES = frozenset({"business_model", "looks_for"})


class _Account(NamedTuple):
    """Where the row of one account's cells stand."""

    platform: Platform | None
    handle: _Places
    url: _Places
    named: _Places
    platform_id: _Places
    figures: tuple[tuple[str, Callable[[str], Any], _Places], ...]


class Reader:
    """A list that was understood: rows are read through it."""

    def __init__(
        self,
        names: Sequence[str],
        columns: Columns,
        *,
        platform: Platform | None,
        is_given: bool,
        day: Callable[[str], dt.date] | None = None,
    ) -> None:
        self._names = names
        self._columns = columns
        #: For accounts that do not say; given by the user, it stands above what rows say.
        self._platform = platform
        self._given = platform if is_given else None
        self._day = day
        self._places = dict(columns.fields)
        self._has_own_id = "own_id" in self._places
        self._has_contacts = bool(self._places.keys() & {"email", "phone", "website"})
        groups = {fields.parted(field)[0] for field in columns.fields if self._is_of_account(field)}
        # The plain group first: it is what the list is about.
        self._accounts = [self._group(group) for group in sorted(groups)]
        self._others = [
            (field, read)
            for field, read in (
                ("archetype", lambda cell: words.word(cell, words.ARCHETYPES)),
                ("origin", lambda cell: words.word(cell, words.ORIGINS)),
                ("preferred_channel", lambda cell: words.word(cell, words.CHANNELS).value),
                ("may_be_paid", lambda cell: words.word(cell, words.FLAGS)),
                ("contact_ceiling", cells_of.ceiling),
                ("timezone", cells_of.zone),
            )
            if field in columns.fields
        ]
        self._texts = [
            (field, columns.fields[field], field in _LINES, _LIMITS.get(field, _ANY_LENGTH))
            for field in _TEXTS
            if field in columns.fields
        ]

    @staticmethod
    def _is_of_account(field: str) -> bool:
        return fields.parted(field)[1] in fields.ACCOUNT

    def _group(self, group: str) -> _Account:
        def places(name: str) -> _Places:
            return tuple(self._places.get(fields.of_group(group, name), ()))

        known = group in tuple(Platform)
        return _Account(
            Platform(group) if known else None,
            places("handle"),
            places("url"),
            places("platform"),
            places("platform_id"),
            tuple(
                (stored, cells_of.count if name == "followers" else cells_of.average, found)
                for name, stored in fields.STORED.items()
                if (found := places(name))
            ),
        )

    def read(self, cells: Sequence[str]) -> Record:
        """Read all that a row says. Raises Complaint where it cannot be taken."""
        self._check_width(cells)
        unread: list[str] = []
        accounts = self._said(cells, unread)
        reached = self._contacts(cells, unread) if self._has_contacts else ()
        person = self._person(cells, unread)
        if self._columns.is_own:
            accounts, reached = (
                own.accounts(self._cell(cells, "accounts"), accounts),
                (
                    *reached,
                    *own.contacts(self._cell(cells, "contacts")),
                ),
            )
        own_id = self._own_id(cells) if self._has_own_id else None
        if not accounts and own_id is None and all(one.kind == "website" for one in reached):
            raise Complaint("nobody" if self._has_contacts else "no_account")
        return Record(
            person,
            accounts,
            reached,
            self._tags(cells) if "tags" in self._places else (),
            own_id,
            self._day_of(cells) if self._day else None,
            own.kept(cells, self._places) if self._columns.is_own else {},
            "; ".join(unread)[:300] if unread else None,
            self._cell(cells, "owner"),
        )

    def identify(self, cells: Sequence[str]) -> Iterator[Hashable]:
        """Read who a row is about, and no more. Raises Complaint where it does not say."""
        if self._columns.is_own or self._day or not (self._accounts or self._has_contacts):
            return self.read(cells).keys()
        self._check_width(cells)
        accounts = self._said(cells, None)
        if accounts and not self._has_contacts and not self._has_own_id:
            return keys_of(accounts)
        reached = self._contacts(cells, []) if self._has_contacts else ()
        person = {} if accounts else self._person(cells, [])
        return Record(person, accounts, reached, own_id=self._own_id(cells)).keys()

    def _check_width(self, cells: Sequence[str]) -> None:
        width = len(self._names)
        if len(cells) > width and any(map(str.strip, cells[width:])):
            raise Complaint("many_cells", cells=len(cells), headings=width)

    def _said(self, cells: Sequence[str], unread: list[str] | None) -> tuple[Said, ...]:
        """Read the accounts of a row, and their figures where `unread` takes what fails."""
        found: list[Said] = []
        for group in self._accounts:
            one = self._account(cells, group, unread)
            if one is not None and not (found and any(map(one.is_same, found))):
                found.append(one)
        if not found and "website" in self._places:  # Address books know no better place.
            found = list(self._sites(cells))
        return tuple(found)

    def _account(
        self, cells: Sequence[str], group: _Account, unread: list[str] | None
    ) -> Said | None:
        # Most groups are a handle and nothing else.
        url = self._text(cells, group.url) if group.url else None
        handle = self._text(cells, group.handle) if group.handle else None
        in_handle = platforms.address(handle) if handle else None
        found = (platforms.address(url) if url else None) or in_handle
        if in_handle:
            handle = in_handle.handle
        in_id = group.platform_id
        platform_id = cells_of.exact(self._text(cells, in_id)) if in_id else None
        if not (found or handle or platform_id):
            return None
        platform = group.platform or self._platform_of(cells, group, found and found.platform)
        if found and found.platform is platform:
            handle = handle or found.handle
            platform_id = platform_id or found.platform_id
        else:
            url = None
            if in_handle:
                return None  # An address of somewhere else.
        handle = (handle or platform_id or "").removeprefix("@").strip()
        key = fold_handle(handle)
        if not key:
            return None
        if len(handle) > 60 or url or platform_id:
            longest = max(handle, key, key=len)
            self._check("handle", longest, group.handle or group.url)
            self._check("platform_id", platform_id, group.platform_id or group.url)
            self._check("url", url, group.url)
        said = self._figures(cells, group, unread) if unread is not None else {}
        return Said(platform, handle, key, platform_id, url, said)

    def _platform_of(
        self, cells: Sequence[str], group: _Account, addressed: Platform | None
    ) -> Platform:
        if self._given:
            return self._given
        if group.named and (text := self._text(cells, group.named)):
            if platform := platforms.named(text):
                return platform
            raise Complaint("unknown_platform", platform=text[:60])
        if platform := addressed or self._platform:
            return platform
        raise Complaint("no_account")

    def _sites(self, cells: Sequence[str]) -> Iterator[Said]:
        """The accounts among the web addresses of a person."""
        for text in self._addresses(cells):
            found = platforms.address(text)
            handle = found and (found.handle or found.platform_id)
            if found and handle and len(text) <= _LIMITS["url"] and len(handle) <= 200:
                yield Said(found.platform, handle, fold_handle(handle), found.platform_id, text)

    def _addresses(self, cells: Sequence[str]) -> Iterator[str]:
        for column in self._places.get("website", ()):
            if column < len(cells) and cells[column]:
                yield from (part for part in _PARTED.split(cells[column].strip()) if part)

    def _figures(
        self, cells: Sequence[str], group: _Account, unread: list[str]
    ) -> dict[str, int | float]:
        """Read each figure from the first of its columns that has one."""
        said: dict[str, int | float] = {}
        for name, read, columns in group.figures:
            bad = None
            for column in columns:
                if column >= len(cells):
                    continue
                cell = cells[column]
                try:
                    value = read(cell)
                except ValueError:
                    bad = f"{self._names[column]}: {cell.strip()[:60]}"
                    continue
                if value is not None:
                    said[name] = value
                    break
            else:
                if bad:
                    unread.append(bad)
        return said

    def _person(self, cells: Sequence[str], unread: list[str]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if name := self._name(cells):
            if len(name) > _LIMITS["name"]:
                places = self._places.get("name") or self._places.get("first_name")
                self._check("name", name, places)
            said["name"] = name
        for field, places, lines, limit in self._texts:
            if text := self._text(cells, places, lines=lines):
                if len(text) > limit:
                    self._check(field, text, places)
                said[field] = text
        if bio := self._cell(cells, "bio", lines=True):
            said["bio"] = bio
        if "categories" in self._places and (categories := self._categories(cells)):
            said["categories"] = categories
        if "language" in self._places or "further_languages" in self._places:
            said |= self._languages(cells)
        for field, read in self._others:
            if cell := self._cell(cells, field):
                try:
                    said[field] = read(cell)
                except ValueError:
                    column = self._places[field][0]
                    unread.append(f"{self._names[column]}: {cell[:60]}")
        return said | own.texts(cells, self._places) if self._columns.is_own else said

    def _cell(self, cells: Sequence[str], field: str, *, lines: bool = False) -> str | None:
        places = self._places.get(field)
        return self._text(cells, places, lines=lines) if places else None

    @staticmethod
    def _text(cells: Sequence[str], places: Sequence[int], *, lines: bool = False) -> str | None:
        """Return what the first filled of some cells says, blanks and entities put right."""
        for column in places:
            if column >= len(cells):
                continue
            cell = cells[column]
            if not cell or (len(cell) <= _LONGEST_MISSING and _is_missing(cell)):
                continue
            if "&" in cell:
                cell = html.unescape(cell)
            return cell.strip() if lines else " ".join(cell.split())
        return None

    def _name(self, cells: Sequence[str]) -> str | None:
        """Return the full name, put together where the list keeps its parts in two columns."""
        name = self._cell(cells, "name")
        if "first_name" not in self._places and "last_name" not in self._places:
            return name
        first, last = self._cell(cells, "first_name"), self._cell(cells, "last_name")
        if name and first and not last and fold(first) not in fold(name):
            return f"{first} {name}"  # `Prénom` beside `Nom`: the second is the family's.
        return name or " ".join(part for part in (first, last) if part) or None

    def _categories(self, cells: Sequence[str]) -> str | None:
        found: list[str] = []
        for column in self._places["categories"]:
            cell = " ".join(cells[column].split()) if column < len(cells) else ""
            if cell and not _is_missing(cell):
                if cell.startswith("[") and cell.endswith("]"):  # A list as programs write it.
                    cell = ", ".join(words.several(cell))
                cell = html.unescape(cell)
                if cell not in found:
                    found.append(cell)
        while len(", ".join(found)) > _CATEGORIES:
            found.pop()
        return ", ".join(found) or None

    def _languages(self, cells: Sequence[str]) -> dict[str, str]:
        spoken: list[str] = []
        main = self._cell(cells, "language")
        if main and (code := languages.code(fold(main))):
            spoken.append(code)
        elif main:
            spoken += filter(None, (languages.code(fold(one)) for one in words.several(main)))
        further = self._cell(cells, "further_languages") or ""
        others = [languages.code(fold(one)) for one in re.split(r"[\s,;|]+", further) if one]
        said = dict(zip(("language",), spoken, strict=False)) if main else {}
        rest = dict.fromkeys(filter(None, (*spoken[1 if main else 0 :], *others)))
        if rest:
            said["further_languages"] = " ".join(rest)[:_LANGUAGES].rsplit(" ", 0)[0]
        return said

    def _contacts(self, cells: Sequence[str], unread: list[str]) -> tuple[Contact, ...]:
        found: dict[tuple[str, str], Contact] = {}
        for field in ("email", "phone"):
            for column in self._places.get(field, ()):
                cell = cells[column] if column < len(cells) else ""
                if not cell or _is_missing(cell):
                    continue
                try:
                    read = contacts.emails(cell) if field == "email" else contacts.phones(cell)
                except ValueError:
                    unread.append(f"{self._names[column]}: {' '.join(cell.split())[:60]}")
                    continue
                for contact in read:
                    found.setdefault((contact.kind, contact.key), contact)
        if "website" in self._places:
            for text in self._addresses(cells):
                site = contacts.website(text)
                if site and platforms.address(text) is None:
                    found.setdefault((site.kind, site.key), site)
        return tuple(found.values())

    def _tags(self, cells: Sequence[str]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for column in self._places["tags"]:
            if column < len(cells):
                found |= dict.fromkeys(words.several(cells[column]))
        # Google's name for "all of them".
        return tuple(tag for tag in found if len(tag) <= _TAG and tag != "myContacts")

    def _own_id(self, cells: Sequence[str]) -> int | None:
        cell = self._cell(cells, "own_id")
        return int(cell) if cell and cell.isascii() and cell.isdigit() and len(cell) < 10 else None

    def _day_of(self, cells: Sequence[str]) -> dt.date:
        cell = self._cell(cells, fields.DAY)
        if cell is None or self._day is None:
            raise Complaint("no_day")
        try:
            return self._day(cell)
        except ValueError:
            raise Complaint("bad_day", day=cell[:60]) from None

    def _check(self, field: str, text: str | None, places: Sequence[int] | None) -> None:
        if text and len(text) > _LIMITS[field]:
            column = self._names[places[0]] if places else field
            raise Complaint("too_long", column=column[:60], limit=_LIMITS[field])
