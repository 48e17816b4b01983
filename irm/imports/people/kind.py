"""Lists of people as kinds of the import: influencers, contacts, followers over time."""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from pathlib import PurePath
from typing import ClassVar, Self

from sqlalchemy.orm import Session

from irm.imports import days, platforms
from irm.imports.complaints import Complaint
from irm.imports.kinds import Chosen, Context, Decision, Headed, Step, Told
from irm.imports.people import columns, fields, writing
from irm.imports.people.columns import Columns
from irm.imports.people.comparing import Decided
from irm.imports.people.deciding import Deciding
from irm.imports.people.met import Met
from irm.imports.people.reader import Reader
from irm.imports.people.records import Record
from irm.models import Platform

#: Ways to reach somebody without an account.
_CONTACTS = ("email", "phone")
_ACCOUNTS = ("handle", "url", "platform_id")


class People:
    """A list of people: a row names a person by accounts, addresses, or our own number."""

    name: ClassVar[str] = "influencers"
    ruled: ClassVar[Mapping[str, str]] = fields.RULED
    #: Each row has a day of its own, and figures are kept for each day.
    _is_history: ClassVar[bool] = False

    def __init__(self, sheet: Headed, chosen: Chosen, found: Columns) -> None:
        self.columns: Mapping[str, Sequence[int]] = found.fields
        own = fields.OWN if found.is_own else ()
        self.fields: Sequence[str] = (*fields.offered(day=self._is_history), *own)
        self._met = Met()
        self._reader = Reader(
            sheet.headings,
            found,
            platform=_platform(chosen, found),
            is_given=chosen.platform is not None,
            day=self._days(sheet, chosen),
        )

    @classmethod
    def of(cls, sheet: Headed, chosen: Chosen) -> Self:
        """Take a file for a list of people. Raises Complaint where it is none."""
        found = cls._columns(sheet, chosen)
        if found.is_own:
            return cls(sheet, chosen, found)
        named = found.names(*_ACCOUNTS)
        if not named and not found.names(*_CONTACTS, "own_id"):
            raise Complaint("no_handle", columns=", ".join(sheet.headings[:12])[:300])
        if named and chosen.columns is None and _platform(chosen, found) is None:
            plain = found.fields.keys() & {"handle", "platform_id"}
            if plain and not found.names("platform", "url"):
                raise Complaint("no_platform")
        return cls(sheet, chosen, found)

    @classmethod
    def likeness(cls, sheet: Headed, chosen: Chosen) -> float:
        """Say how surely a file is a list of people, from 0 to 1."""
        try:
            found = cls._columns(sheet, chosen)
        except Complaint:
            return 0.0
        if found.is_own:
            return 1.0
        if found.names(*_ACCOUNTS):
            return 0.7 if found.names("followers", "name", "first_name", "email") else 0.5
        return 0.0

    def read(self, cells: Sequence[str]) -> Record:
        """Return what a row says. Raises Complaint where it cannot be taken."""
        return self._reader.read(cells)

    def identify(self, cells: Sequence[str]) -> Sequence[Hashable]:
        """Return the keys of a row, and read no more than they take."""
        return list(self._reader.identify(cells))

    def keys(self, record: Record) -> Sequence[Hashable]:
        """Name whom a record is about, the surest key first."""
        return list(record.keys())

    def merged(self, later: Record, earlier: Record) -> Record | None:
        """Return a later record with what it leaves open filled in by an earlier one."""
        return later.over(earlier)

    def agrees(self, record: Record, merged: Record) -> bool:
        """Say whether all that a record says is also what the merged one says."""
        return record.within(merged)

    def decide(
        self, session: Session, told: Sequence[Told], context: Context, *, to_write: bool = False
    ) -> list[Decision]:
        """Decide on some rows, in their order, from what is stored now."""
        deciding = Deciding(
            session, told, context, met=self._met, to_write=to_write, is_history=self._is_history
        )
        return list(deciding.decide())

    def write(
        self, session: Session, decisions: Sequence[Decision], context: Context, step: Step
    ) -> None:
        """Write what was decided, and note it in the step. The caller commits."""
        planned = [one for one in decisions if isinstance(one, Decided) and one.plan is not None]
        for plan in dict.fromkeys(one.plan for one in planned if one.plan is not None):
            writing.write(session, plan, [one for one in planned if one.plan is plan], step)

    @classmethod
    def _columns(cls, sheet: Headed, chosen: Chosen) -> Columns:
        return columns.guess(sheet, chosen)

    def _days(self, sheet: Headed, chosen: Chosen) -> Callable[[str], dt.date] | None:
        return None


class Contacts(People):
    """People whom only addresses and numbers name, as address books export them."""

    name: ClassVar[str] = "contacts"

    @classmethod
    def likeness(cls, sheet: Headed, chosen: Chosen) -> float:
        """Say how surely a file is an address book, from 0 to 1."""
        try:
            found = cls._columns(sheet, chosen)
        except Complaint:
            return 0.0
        if found.is_own or not found.names(*_CONTACTS):
            return 0.0
        if getattr(sheet, "format", "") == "cards":
            return 1.0
        named = found.names("name", "first_name", "last_name")
        if found.names("handle", "platform_id", "followers"):
            return 0.0
        return 0.6 if named else 0.3


class Snapshots(People):
    """Followers over time: a row is an account on a day."""

    name: ClassVar[str] = "snapshots"
    _is_history: ClassVar[bool] = True

    @classmethod
    def of(cls, sheet: Headed, chosen: Chosen) -> Self:
        """Take a file for figures of many days. Raises Complaint where it is none."""
        made = super().of(sheet, chosen)
        if fields.DAY not in made.columns:
            raise Complaint("no_day_column", columns=", ".join(sheet.headings[:12])[:300])
        return made

    @classmethod
    def likeness(cls, sheet: Headed, chosen: Chosen) -> float:
        """Say how surely a file holds figures of many days, from 0 to 1."""
        try:
            found = cls._columns(sheet, chosen)
        except Complaint:
            return 0.0
        if found.is_own or fields.DAY not in found.fields or not found.names(*_ACCOUNTS):
            return 0.0
        return 0.9 if found.names(*fields.FIGURES) else 0.0

    @classmethod
    def _columns(cls, sheet: Headed, chosen: Chosen) -> Columns:
        own = columns.own_days(sheet) if chosen.columns is None else None
        if own is not None:
            return Columns(own, None)
        found = columns.guess(sheet, chosen)
        column = columns.day(sheet)
        if chosen.columns is None and column is not None:
            found.fields[fields.DAY] = (column,)
        return found

    def _days(self, sheet: Headed, chosen: Chosen) -> Callable[[str], dt.date] | None:
        places = self.columns.get(fields.DAY, ())
        if not places:
            return None
        order = chosen.day_order
        if order is None:
            cells = [row[places[0]] for row in sheet.sample if places[0] < len(row)]
            found = days.order(cells)
            if found.order is None:
                raise Complaint(
                    "day_order",
                    column=sheet.headings[places[0]][:60],
                    example=found.example[:60],
                )
            order = found.order
        return partial(_day, order=order)


def _day(text: str, order: str) -> dt.date:
    return days.day_in(text, order)


def _platform(chosen: Chosen, found: Columns) -> Platform | None:
    """For accounts that do not say themselves where they are."""
    stem = PurePath(chosen.file_name).stem
    return chosen.platform or found.platform or platforms.in_file_name(stem)
