"""Which column of a list of people holds what, guessed from the headings and from the cells."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from irm.directory.export.columns import COLUMNS
from irm.imports import contacts, figures, platforms
from irm.imports.complaints import Complaint
from irm.imports.headings import fold
from irm.imports.kinds import Chosen, Headed
from irm.imports.people import fields, headings
from irm.imports.people.headings import Heading
from irm.imports.people.vocabulary import CHANNELS, DAYS, FIELDS, KINDS
from irm.models import Platform

#: Of the cells of a column that is believed to hold handles, so many must look like some.
_ENOUGH = 0.5
#: Where nothing but the cells says what a column is, more.
_SURE = 0.8

_LONG_ID = re.compile(r"\d{8,25}", re.ASCII)
_NUMBER = re.compile(r"(?:\+|00|0)[\d\s().\-/]{8,18}")

#: Columns that no list but our own export has.
_OWN_SIGNS = frozenset({"id", "accounts", "contacts", "lawfulbasis", "createdat"})


class Columns(NamedTuple):
    """The columns of each field, the most exact first, and the platform the headings name."""

    fields: dict[str, tuple[int, ...]]
    platform: Platform | None
    #: True for a file that irm wrote.
    is_own: bool = False

    def names(self, *wanted: str) -> bool:
        """Say whether any account has a column for one of these fields."""
        return any(fields.parted(field)[1] in wanted for field in self.fields)


def guess(sheet: Headed, chosen: Chosen) -> Columns:
    """Find the columns of a list of people. Raises Complaint where it is another kind of list."""
    found = headings.taken_apart(sheet.headings)
    if chosen.columns is not None:
        named = chosen.platform or platforms.only(h.platform for h in found if h.platform)
        return Columns({f: tuple(c) for f, c in chosen.columns.items() if c}, named, is_own(sheet))
    rests = {heading.rest for heading in found}
    for kind, signs in KINDS:
        if signs <= rests:
            raise Complaint(f"looks_like_{kind}")
    if is_own(sheet):
        return Columns(_own(sheet), None, is_own=True)
    return _Guess(sheet, found, chosen).columns()


def is_own(sheet: Headed) -> bool:
    """Say whether irm wrote this list of people."""
    return {"".join(fold(one).split()) for one in sheet.headings} >= _OWN_SIGNS


def day(sheet: Headed) -> int | None:
    """Return the column of the days."""
    found = (one.column for one in headings.taken_apart(sheet.headings) if one.rest in DAYS)
    return next(found, None)


def _own(sheet: Headed) -> dict[str, tuple[int, ...]]:
    """The columns of our own export, by the very words that it writes."""
    names = {"id": "own_id"}
    taken = {*fields.COLUMNS, *fields.OWN, "own_id"}
    found: dict[str, tuple[int, ...]] = {}
    for column, heading in enumerate(sheet.headings):
        field = names.get(heading, heading)
        if field in taken:
            found[field] = (column,)
    return found


def own_days(sheet: Headed) -> dict[str, tuple[int, ...]] | None:
    """The columns of our own export of figures; None for any other list.

    A name with accents or blanks is an account's name there, whatever it looks like.
    """
    if not set(sheet.headings) >= set(COLUMNS["snapshots"]):
        return None
    names = {stored: figure for figure, stored in fields.STORED.items()}
    names |= {name: name for name in ("platform", "handle", "platform_id", fields.DAY)}
    return {
        names[heading]: (column,)
        for column, heading in enumerate(sheet.headings)
        if heading in names
    }


class _Guess:
    """One list being looked through."""

    def __init__(self, sheet: Headed, found: list[Heading], chosen: Chosen) -> None:
        self._sheet = sheet
        self._headings = found
        self._groups = headings.groups(found)
        self._said = chosen.platform
        self._stem = PurePath(chosen.file_name).stem
        self._cells = {column: _cells(sheet, column) for column in range(len(sheet.headings))}
        self._columns: dict[str, list[int]] = defaultdict(list)

    def columns(self) -> Columns:
        """Find what each column holds."""
        named = self._said or platforms.only(
            h.platform for h in self._headings if h.platform and h.column not in self._groups
        )
        for heading in self._headings:
            self._by_heading(heading)
        for group in sorted(set(self._groups.values())):
            self._settle_group(group)
        self._sort_out_addresses()
        self._choose_handle(named)
        self._by_cells()
        if not any(self._columns[name] for name in ("handle", "url", "platform_id")) and (
            named or platforms.in_file_name(self._stem)
        ):
            self._take_ids()
        # An address tells better than a name who of us is meant.
        self._columns["owner"].sort(key=lambda column: -_share(self._cells[column], _is_email))
        for name in fields.FIGURES:
            self._columns[name].sort(key=lambda column: -_share(self._cells[column], _is_exact))
        return Columns({f: tuple(c) for f, c in self._columns.items() if c}, named)

    def _by_heading(self, heading: Heading) -> None:
        group = self._groups.get(heading.column, "")
        if heading.rest == "id" and not heading.platform:
            return  # A bare `id` numbers rows as often as accounts.
        if heading.may_be_handle and not group:
            return
        field = FIELDS.get(heading.rest)
        if heading.platform and not heading.rest:
            field = "followers" if self._holds_counts(heading.column) else "handle"
        elif heading.platform and field == "website":
            field = "url"
        if group and heading.may_be_handle:
            field = "handle"
        if field in fields.ACCOUNT:
            self._columns[fields.of_group(group, field)].append(heading.column)
        elif field:
            self._columns[field].append(heading.column)

    def _settle_group(self, group: str) -> None:
        """Sort addresses from handles in the columns of one of several accounts."""
        handle, url = (fields.of_group(group, name) for name in ("handle", "url"))
        for column in tuple(self._columns[handle]):
            if self._is_address(column):
                self._columns[handle].remove(column)
                self._columns[url].append(column)
        likeness = {c: self._likeness(c) for c in self._columns[handle]}
        titled = group in tuple(Platform) and platforms.may_be_titled(Platform(group))
        best = max(likeness, key=lambda c: likeness[c], default=None)
        if best is not None and (likeness[best] >= _ENOUGH or titled or not self._cells[best]):
            self._columns[handle] = [best]
        else:
            self._columns[handle] = []
        names = [c for c in likeness if c not in self._columns[handle]]
        self._columns["name"] += [c for c in names if self._headings[c].may_be_handle]

    def _sort_out_addresses(self) -> None:
        """Keep as addresses of accounts the columns that hold some; a name may be one as well."""
        doubtful = [c for c in self._columns["url"] if self._cells[c] and not self._is_address(c)]
        self._columns["url"] = [
            c for c in self._columns["url"] if c not in doubtful and self._cells[c]
        ]
        self._columns["website"] += [
            c for c in doubtful if _share(self._cells[c], platforms.page) >= _ENOUGH
        ]
        for column in tuple(self._columns["handle"]):
            if self._is_address(column):
                self._columns["handle"].remove(column)
                self._columns["url"].append(column)

    def _choose_handle(self, platform: Platform | None) -> None:
        """Settle on one column of handles, and give what is left of the doubtful to the name."""
        found = self._columns
        sure = [c for c in found["handle"] if self._likeness(c) >= _ENOUGH]
        doubtful = [
            h.column
            for h in self._headings
            if h.may_be_handle and h.column not in self._groups and not self._is_address(h.column)
        ]
        found["url"] += [
            h.column
            for h in self._headings
            if h.may_be_handle and h.column not in self._groups and self._is_address(h.column)
        ]
        candidates = doubtful
        if not (platform or found["followers"] or found["platform"] or found["url"]):
            candidates = []  # Nothing else says that this is about accounts at all.
        titled = platforms.may_be_titled(platform)
        likely = [
            c for c in candidates if self._cells[c] and (titled or self._likeness(c) >= _ENOUGH)
        ]
        if sure:
            found["handle"] = [max(sure, key=self._likeness)]
        elif likely:
            # Where a title serves, the channel's; of two equal ones the first, as lists begin
            # with what they are about.
            rests = {h.column: h.rest for h in self._headings}
            found["handle"] = [
                max(likely, key=lambda c: (titled and rests[c] in CHANNELS, self._likeness(c)))
            ]
        else:
            found["handle"] = []
        found["name"] += [column for column in doubtful if column not in found["handle"]]

    def _by_cells(self) -> None:
        """Take columns whose headings say nothing for what their cells are, where that is plain."""
        taken = {column for columns in self._columns.values() for column in columns}
        for heading in self._headings:
            column = heading.column
            cells = self._cells[column]
            if column in taken or not cells:
                continue
            if _share(cells, _is_email) >= _SURE and not _are_few(cells):
                self._columns["email"].append(column)
            elif heading.platform is None and self._is_address(column):
                self._columns["url"].append(column)
            elif not heading.rest.isascii() or not heading.rest:
                continue
            elif not self._columns["phone"] and _share(cells, _NUMBER.fullmatch) >= _SURE:
                self._columns["phone"].append(column)
            elif not self._columns["handle"] and _share(cells, _has_sign) >= _SURE:
                self._columns["handle"].append(column)

    def _take_ids(self) -> None:
        """Take a bare `id` for the platform's where nothing else names the accounts."""
        for heading in self._headings:
            cells = self._cells[heading.column]
            if heading.rest == "id" and _share(cells, _LONG_ID.fullmatch) >= _SURE:
                self._columns["platform_id"].append(heading.column)
                return

    def _is_address(self, column: int) -> bool:
        return _share(self._cells[column], platforms.address) >= _ENOUGH

    def _likeness(self, column: int) -> float:
        return _share(self._cells[column], platforms.looks_like_handle)

    def _holds_counts(self, column: int) -> bool:
        return _share(self._cells[column], _is_count) >= _SURE


def _cells(sheet: Headed, column: int) -> list[str]:
    """Return what the first rows say in a column, blanks and "not known" left out."""
    cells = (row[column] for row in sheet.sample if column < len(row))
    return [cell for cell in cells if not figures.is_missing(cell)]


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells) if cells else 0.0


def _is_exact(cell: str) -> bool:
    """Say whether a figure is written out, not rounded to `477.9M`."""
    return cell.strip().replace(".", "").isdigit()


def _is_count(cell: str) -> bool:
    try:
        return figures.count(cell) is not None
    except ValueError:
        return False


def _is_email(cell: str) -> bool:
    try:
        return bool(contacts.emails(cell))
    except ValueError:
        return False


def _are_few(cells: Sequence[str]) -> bool:
    """Say whether most cells say what another says: the addresses of colleagues, not of people."""
    return len(cells) > 1 and 2 * len(set(map(str.casefold, cells))) <= len(cells)


def _has_sign(cell: str) -> bool:
    return cell.strip().startswith("@") and platforms.looks_like_handle(cell)


def overview(names: Sequence[str], columns: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Return heading → field for what was understood, to be stored and shown."""
    return {names[index]: field for field, indexes in columns.items() for index in indexes}
