"""What the kinds of histories have in common: their columns, their people, their verdicts."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar, Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.imports import colleagues, days
from irm.imports.complaints import Complaint
from irm.imports.history import cells as words
from irm.imports.history import headings
from irm.imports.history.persons import AMBIGUOUS, Persons
from irm.imports.history.record import Record, Settled, filled, person_of
from irm.imports.kinds import (
    IF_EMPTY,
    NEVER,
    OVERWRITE,
    Chosen,
    Context,
    Decision,
    Headed,
    Step,
    Told,
    plain,
)
from irm.models import User, Verdict


class History(ABC):
    """A list of rows about people who are here already, made for one file."""

    name: str
    #: Field → the words people head its column with, besides our own.
    WORDS: ClassVar[Mapping[str, str]]
    #: Fields of texts, moments and days, colleagues, whole numbers, and of words from a list.
    TEXTS: ClassVar[Mapping[str, int]] = {}
    MOMENTS: ClassVar[Sequence[str]] = ()
    DAYS: ClassVar[Sequence[str]] = ()
    COLLEAGUES: ClassVar[Sequence[str]] = ()
    #: Of the colleagues those who must work for the brand now: what is theirs lies ahead.
    AT_WORK: ClassVar[Sequence[str]] = ()
    NUMBERS: ClassVar[Sequence[str]] = ()
    LISTED: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    #: Headings that only our own export has, and groups of fields that give a list away.
    OWN: ClassVar[frozenset[str]]
    SIGNS: ClassVar[Sequence[frozenset[str]]]
    #: Fields without which a list is not one of this kind.
    NEEDED: ClassVar[Sequence[str]] = ()

    ruled: Mapping[str, str] = {}
    #: Fields a column can be chosen for: whom a row is about, then what it says.
    fields: Sequence[str] = ()

    def __init_subclass__(cls) -> None:
        cls.fields = (*headings.PERSON, *cls._own_fields(), *headings.ACCOUNTS)

    def __init__(self, sheet: Headed, chosen: Chosen) -> None:
        guessed = headings.guess(sheet, self.fields, self.WORDS)
        self.columns: Mapping[str, Sequence[int]] = (
            guessed if chosen.columns is None else chosen.columns
        )
        self._headings = sheet.headings
        self._platform = chosen.platform
        if headings.WHO.isdisjoint(self.columns):
            raise Complaint("no_person_column", columns=", ".join(sheet.headings[:12])[:300])
        for field in self.NEEDED:
            if field not in self.columns:
                raise Complaint("no_column", field=field, columns=", ".join(self._headings)[:300])
        self._orders = {
            field: self._order(sheet, field, chosen.day_order)
            for field in (*self.MOMENTS, *self.DAYS)
            if field in self.columns
        }

    @classmethod
    def _own_fields(cls) -> tuple[str, ...]:
        groups = (cls.TEXTS, cls.MOMENTS, cls.DAYS, cls.COLLEAGUES, cls.NUMBERS, cls.LISTED)
        found = [field for group in groups for field in group]
        return tuple(sorted(dict.fromkeys(found), key=lambda field: field not in cls.NEEDED))

    @classmethod
    def of(cls, sheet: Headed, chosen: Chosen) -> Self:
        """Take a file for a list of this kind. Raises Complaint where it is none."""
        return cls(sheet, chosen)

    @classmethod
    def likeness(cls, sheet: Headed, chosen: Chosen) -> float:
        """Say how surely a file is a list of this kind, from 0 to 1."""
        there = {words.compact(heading) for heading in sheet.headings}
        if there >= cls.OWN:
            return 1.0
        if there & headings.ELSEWHERE:
            return 0.0
        found = headings.guess(sheet, cls.fields, cls.WORDS)
        is_alike = all(not found.keys().isdisjoint(group) for group in cls.SIGNS)
        if not is_alike or headings.WHO.isdisjoint(found):
            return 0.0
        first = next(field for field in cls.SIGNS[0] if field in found)
        return 0.8 if cls._is_borne_out(sheet, first, found[first]) else 0.0

    @classmethod
    def _is_borne_out(cls, sheet: Headed, field: str, columns: Sequence[int]) -> bool:
        """Say whether most cells of a column are what its heading promises."""
        cells = [cell for row in sheet.sample if (cell := filled(row, columns)) is not None]
        order = days.order(cells).order or days.ORDERS[0]
        fitting = 0
        for cell in cells:
            try:
                if field in cls.LISTED:
                    words.word(cell, cls.LISTED[field])
                else:
                    words.moment(cell, order)
            except ValueError:
                continue
            fitting += 1
        return 2 * fitting >= len(cells)

    def read(self, cells: Sequence[str]) -> Record:
        """Return what a row says. Raises Complaint where it cannot be taken."""
        about = {
            field: cell
            for field in headings.PERSON
            if (cell := filled(cells, self.columns.get(field, ())))
        }
        elsewhere = {
            platform: cell
            for field, platform in headings.ACCOUNTS.items()
            if (cell := filled(cells, self.columns.get(field, ())))
        }
        said: dict[str, Any] = {}
        unread: list[str] = []
        for field in self._own_fields():
            columns = self.columns.get(field, ())
            cell = filled(cells, columns, is_text=field in self.TEXTS)
            if cell is None:
                continue
            try:
                said[field] = self._value(field, cell)
            except ValueError:
                unread.append(f"{self._headings[columns[0]]}: {cell[:60]}")
        person = person_of(about, self._platform, elsewhere)
        return self.told(Record(person, (), said, tuple(unread)))

    @abstractmethod
    def told(self, record: Record) -> Record:
        """Return a record with its mark. Raises Complaint where it says too little."""

    def keys(self, record: Record) -> Sequence[Hashable]:
        """Name what a record is about: a person, and what tells it from their other rows."""
        return [(self.name, record.person.key, record.mark)]

    def merged(self, later: Record, earlier: Record) -> Record:
        """Return a later row with what it leaves open filled in by an earlier one."""
        return later.over(earlier)

    def agrees(self, record: Record, merged: Record) -> bool:
        """Say whether all that a row says is also what the merged one says."""
        return all(merged.said.get(field) == value for field, value in record.said.items())

    def decide(
        self, session: Session, told: Sequence[Told], context: Context, *, to_write: bool = False
    ) -> list[Decision]:
        """Decide on some rows, in their order, from what is stored now."""
        people = [one.record.person for one in told if one.record is not None]
        persons = Persons(session, people, context.brand_id, to_write=to_write)
        decisions = [_begun(one, persons) for one in told]
        taken = [one for one in decisions if one.verdict is Verdict.CREATED]
        self._find_colleagues(session, taken, context.brand_id)
        self.settle(session, taken, context)
        self._name_colleagues(session, taken)
        return list[Decision](decisions)

    @abstractmethod
    def settle(self, session: Session, decisions: Sequence[Settled], context: Context) -> None:
        """Compare rows with what is stored: verdict, values to be written, changes to be shown."""

    @abstractmethod
    def write(
        self, session: Session, decisions: Sequence[Any], context: Context, step: Step
    ) -> None:
        """Write what was settled, and note it in the step. The caller commits."""

    def _value(self, field: str, cell: str) -> Any:
        """Read a cell. Raises ValueError where it is not what the field holds."""
        if field in self.TEXTS:
            if len(cell) > self.TEXTS[field]:
                column = self._headings[self.columns[field][0]][:60]
                raise Complaint("too_long", column=column, limit=self.TEXTS[field])
            return cell
        if field in self.MOMENTS:
            return words.moment(cell, self._orders[field])
        if field in self.DAYS:
            return days.day_in(cell, self._orders[field])
        if field in self.NUMBERS:
            return words.number(cell)
        if field in self.COLLEAGUES:
            return colleagues.word(cell)
        return words.word(cell, self.LISTED[field])

    def _order(self, sheet: Headed, field: str, said: str | None) -> str:
        """Find the order of a column's days. Raises Complaint where that is a question."""
        columns = self.columns[field]
        found = days.order(
            cell for row in sheet.sample if (cell := filled(row, columns)) is not None
        )
        if said or found.order:
            return said or found.order or days.ORDERS[0]
        raise Complaint(
            "day_order", column=self._headings[columns[0]][:60], example=found.example[:60]
        )

    def _find_colleagues(
        self, session: Session, decisions: Sequence[Settled], brand_id: int
    ) -> None:
        """Turn what names colleagues into ids; whom nobody knows is left out, with a note."""
        wanted = {
            key
            for one in decisions
            for field in self.COLLEAGUES
            if (key := one.said.get(field)) is not None
        }
        here: dict[str, int] = {}
        ever: dict[str, int] = {}
        if wanted:
            here = {word: one.id for word, one in colleagues.of(session, brand_id).items()}
            looking = colleagues.of(session, brand_id, onlookers=True)
            # Whoever left has done what the list says of her all the same.
            rows = session.execute(
                select(User.email_key, User.id).where(User.email_key.in_(wanted))
            )
            ever = {word: one.id for word, one in looking.items()}
            ever |= {row[0]: row[1] for row in rows}
        for one in decisions:
            unknown = []
            for field in self.COLLEAGUES:
                known, key = here if field in self.AT_WORK else ever, one.said.get(field)
                if key in known:
                    one.values[f"{field}_id"] = known[key]
                elif key is not None:
                    unknown.append(key)
            if unknown:
                one.complaint = Complaint("no_colleague", emails=", ".join(unknown)[:300])

    def _name_colleagues(self, session: Session, decisions: Sequence[Settled]) -> None:
        """Let the changes that are shown name colleagues, where `change` noted their ids."""
        shown = [
            pair
            for one in decisions
            for field in self.COLLEAGUES
            if (pair := one.changes.get(field)) is not None
        ]
        if ids := {id for pair in shown for id in pair} - {None}:
            rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
            names = {row[0]: row[1] for row in rows}
            for pair in shown:
                pair[:] = [names.get(id) for id in pair]


def change(
    one: Settled, stored: Mapping[str, Any], values: Mapping[str, Any], rules: Mapping[str, str]
) -> None:
    """Note what a row changes of a stored one, as far as the rules of its fields allow."""
    one.values = {}
    for name, value in values.items():
        before = stored[name]
        rule = rules.get(name.removesuffix("_id"), OVERWRITE)
        if before == value or rule == NEVER or (rule == IF_EMPTY and before not in (None, "")):
            continue
        one.values[name] = value
        one.changes[name.removesuffix("_id")] = [plain(before), plain(value)]
    one.verdict = Verdict.UPDATED if one.values else Verdict.SAME


def _begun(told: Told, persons: Persons) -> Settled:
    """Begin a decision: a row that is taken counts as new until something like it is found."""
    if told.record is None:
        return Settled(told.number, told.verdict or Verdict.REFUSED, told.complaint)
    try:
        known = persons.find(told.record.person)
    except Complaint as complaint:
        verdict = Verdict.CONFLICT if complaint.code in AMBIGUOUS else Verdict.REFUSED
        return Settled(told.number, verdict, complaint, told.record)
    unread = told.record.unread
    note = Complaint("bad_figure", cells="; ".join(unread)[:300]) if unread else None
    return Settled(
        told.number,
        Verdict.CREATED,
        note,
        told.record,
        influencer_id=known.influencer_id,
        known=known,
    )
