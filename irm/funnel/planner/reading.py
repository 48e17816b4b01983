"""Reading what a plan rests on: colleagues, their people, and what is planned already."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from irm.funnel import absences, cadence, campaigns, elsewhere
from irm.funnel.planner import campaigning, choosing, rows
from irm.funnel.planner.calendar import WEEKEND, Calendar
from irm.funnel.planner.persons import Persons
from irm.funnel.planner.rows import PersonRow, PlannedRow
from irm.funnel.planner.terms import Desk, Duty, Move
from irm.funnel.spans import Span
from irm.models import Brand

#: Minutes of what stays, by colleague and day.
_Taken = dict[tuple[int | None, int], int]

#: How many times the hours it would take to see everybody must there be, to plan what takes long.
AMPLE = 1.0

#: Where there are fewer hours, the shortest of so many things that are next is done.
THRIFT = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What a plan is to cover, and what is tried out: `what if`."""

    first: dt.date
    weeks: int
    #: Hours a week added to (or taken from) a colleague's.
    hours: Mapping[int, float] = field(default_factory=dict)
    #: Colleagues who are taken to be away all the time.
    away: frozenset[int] = frozenset()

    @property
    def length(self) -> int:
        return self.weeks * 7


@dataclass(slots=True)
class Read:
    """Everything a plan of one brand rests on."""

    wish: Wish
    calendar: Calendar
    desks: list[Desk] = field(default_factory=list)
    #: Minutes of what stays, by colleague and day.
    taken: Mapping[tuple[int | None, int], int] = field(default_factory=dict)
    #: Minutes of what is overdue, which stands on the first day of work, by colleague.
    overdue: Mapping[int | None, int] = field(default_factory=dict)
    #: Open touchpoints that may be planned otherwise, by relationship.
    loose: dict[int, list[PlannedRow]] = field(default_factory=dict)
    #: Open touchpoints that stay as they are, by relationship.
    staying: dict[int, list[PlannedRow]] = field(default_factory=dict)
    #: What is said of each relationship when its touches are written down, by id.
    rows: dict[int, PersonRow] = field(default_factory=dict)
    #: The ids of each colleague's relationships, with those that are left out.
    of_owner: dict[int | None, list[int]] = field(default_factory=dict)
    #: Of those the ones whom the plan before left out as another colleague's.
    strays: Mapping[int | None, Sequence[int]] = field(default_factory=dict)
    around: Mapping[int, Sequence[Any]] = field(default_factory=dict)
    #: How many are left out, by the reason.
    left_out: dict[str, int] = field(default_factory=dict)


def read(session: Session, brand: Brand, wish: Wish, *, owner_id: int | None = None) -> Read:
    """Read a brand, or one colleague's part of it."""
    reader = _Reader(session, brand, wish, owner_id)
    return reader.read()


class _Reader:
    def __init__(self, session: Session, brand: Brand, wish: Wish, owner_id: int | None) -> None:
        self._session, self._brand, self._wish, self._owner = session, brand, wish, owner_id
        last = wish.first + dt.timedelta(days=wish.length - 1)
        quiet = absences.quiet(session, brand.id, wish.first, last)
        self._last, self._zone = last, ZoneInfo(brand.timezone)
        self._calendar = Calendar(wish.first, wish.length, quiet, absences.days_off)
        self._minutes = choosing.own_minutes(brand.planning)

    def read(self) -> Read:
        session, brand, wish = self._session, self._brand, self._wish
        self._policies = cadence.policies_of(session, brand.id)
        self._around = campaigns.phases(session, brand.id, wish.first, self._last)
        self._away = absences.of_people(session, brand.id, wish.first, self._last)
        self._elsewhere = elsewhere.days(session, brand.id, wish.first, self._last, self._zone)
        self._refused: dict[int, list[tuple[int, str | None]]] = {}
        self._dropped = self._read_dropped()
        self._given = self._read_given()
        self._staying: dict[int, list[PlannedRow]] = {}
        self._overdue: Counter[int | None] = Counter()
        self._fixed, self._loose, self._taken = self._read_planned()
        self._zones: dict[int | None, str] = {}
        desks = self._read_desks()
        read = Read(
            wish,
            self._calendar,
            taken=self._taken,
            overdue=self._overdue,
            loose=self._loose,
            staying=self._staying,
            strays=rows.strays(session, brand.id),
            around=self._around,
        )
        persons = self._persons()
        left_out: Counter[str] = Counter()
        for row in rows.people(session, brand.id, self._owner):
            id, owner_id = row.id, row.owner_id
            read.rows[id] = row
            read.of_owner.setdefault(owner_id, []).append(id)
            desk = desks.get(owner_id)
            if desk is None:
                nothing = [0] * wish.length
                desk = desks[owner_id] = Desk(owner_id, nothing, list(nothing))
            person = persons.person(row)
            if person.left_out:
                left_out[person.left_out] += 1
                continue
            desk.people.append(person)
            if id in self._around:
                desk.duties += self._duties(id)
        read.left_out = dict(left_out)
        # Where all are left out, what was planned with them still has to go.
        read.desks = [desk for desk in desks.values() if desk.owner_id in read.of_owner]
        for desk in read.desks:
            self._equip(desk, read.rows)
        return read

    def _persons(self) -> Persons:
        return Persons(
            calendar=self._calendar,
            policies=self._policies,
            zone=self._brand.timezone,
            zones=self._zones,
            around=self._around,
            away=self._away,
            elsewhere=self._elsewhere,
            dropped=self._dropped,
            fixed=self._fixed,
            before=self._before(),
        )

    def _before(self) -> dict[int, list[tuple[int, int]]]:
        """Where the plan before this one had people, by relationship: days, and for how long."""
        before: dict[int, list[tuple[int, int]]] = {}
        for id, rows_of in self._loose.items():
            for one in rows_of:
                day = self._calendar.number(one.due_on)
                if one.campaign_id is None and 0 <= day < self._wish.length:
                    before.setdefault(id, []).append((day, choosing.cost(one, self._minutes)))
        return before

    @property
    def _first_weekday(self) -> int:
        """The day on which what is overdue is taken to be done: today, or the Monday after."""
        days = range(self._wish.length)
        return next((n for n in days if self._calendar.day(n).weekday() not in WEEKEND), 0)

    @property
    def _asked(self) -> dict[str, Any]:
        return {"brand": self._brand.id}

    def _read_given(self) -> Mapping[tuple[int, int], Sequence[dt.datetime | None]]:
        ended = {
            one.campaign_id: dt.datetime.combine(one.ends_on, dt.time(), self._zone)
            for around in self._around.values()
            for one in around
            if one.ends_on < self._wish.first
        }
        return campaigns.given_since(self._session, ended)

    def _read_dropped(self) -> dict[int, list[Span]]:
        """The weeks in which somebody was to be contacted, and a colleague said no."""
        dropped: dict[int, list[Span]] = {}
        monday = self._wish.first - dt.timedelta(days=self._wish.first.weekday())
        since = {"since": monday, "owed_since": monday - dt.timedelta(days=cadence.AFTER_DAYS)}
        for row in self._session.execute(rows.DROPPED, {**self._asked, **since}):
            first = row.due_on - dt.timedelta(days=row.due_on.weekday())
            week = Span(first, first + dt.timedelta(days=6))
            dropped.setdefault(row.relationship_id, []).append(week)
            if row.campaign_id is not None:
                refused = self._refused.setdefault(row.relationship_id, [])
                refused.append((row.campaign_id, row.tactic))
        return dropped

    def _read_planned(
        self,
    ) -> tuple[dict[int, list[int]], dict[int, list[PlannedRow]], _Taken]:
        """What is planned already: days that stay, touchpoints that need not, minutes by day."""
        fixed: dict[int, list[int]] = {}
        loose: dict[int, list[PlannedRow]] = {}
        taken: _Taken = {}
        for row in rows.planned(self._session, self._brand.id):
            day = self._calendar.number(row.due_on)
            if row.is_loose:
                loose.setdefault(row.relationship_id, []).append(row)
                continue
            self._staying.setdefault(row.relationship_id, []).append(row)
            if day >= self._wish.length:
                continue
            cost = choosing.cost(row, self._minutes)
            if day < 0:
                day = self._first_weekday
                self._overdue[row.owner_id] += cost
            fixed.setdefault(row.relationship_id, []).append(day)
            taken[row.owner_id, day] = taken.get((row.owner_id, day), 0) + cost
        return fixed, loose, taken

    def _read_desks(self) -> dict[int | None, Desk]:
        away = absences.of_users(self._session, self._brand.id, self._wish.first, self._last)
        desks: dict[int | None, Desk] = {}
        for user in self._session.execute(rows.COLLEAGUES, self._asked):
            self._zones[user.id] = user.timezone
            hours = user.weekly_hours + self._wish.hours.get(user.id, 0.0)
            if user.id in self._wish.away or not user.is_active:
                hours = 0.0
            minutes = self._calendar.minutes(
                hours, user.work_days, user.country, away.get(user.id, ())
            )
            desks[user.id] = Desk(user.id, self._less(list(minutes), user.id), minutes)
        return desks

    def _less(self, minutes: list[int], owner_id: int) -> list[int]:
        """The minutes without those of what stays; what does not fit into its day takes the next.

        What is overdue stands on the first day, and is done on the first ones.
        """
        over = 0
        for day, there in enumerate(minutes):
            over += self._taken.get((owner_id, day), 0)
            minutes[day] = max(0, there - over)
            over = max(0, over - there)
        return minutes

    def _duties(self, id: int) -> list[Duty]:
        """What campaigns owe somebody, without what a colleague saw to: took over, or dropped."""
        planned = {
            ((one.why or {}).get("rule", ""), one.campaign_id): self._calendar.number(one.due_on)
            for one in self._loose.get(id, ())
            if one.campaign_id is not None
        }
        owed = campaigning.duties(
            id, self._around[id], self._given, planned, self._minutes, self._calendar
        )
        staying = ((one.campaign_id, one.tactic) for one in self._staying.get(id, ()))
        seen_to = {*staying, *self._refused.get(id, ())}
        return [
            duty
            for duty in owed
            if (duty.campaign_id, campaigning.tactic_of(duty.what)) not in seen_to
        ]

    def _equip(self, desk: Desk, people: Mapping[int, PersonRow]) -> None:
        """Give each of a desk's people what takes turns with them: what takes long if it may."""
        hours = sum(desk.minutes)
        for is_lean in (False, True):
            wanted = 0.0
            known: dict[tuple[Any, Any], tuple[Move, ...]] = {}
            for person in desk.people:
                row = people[person.id]
                key = row.stage, row.archetype
                moves = known.get(key)
                if moves is None:
                    moves = known[key] = choosing.moves(*key, self._minutes, is_lean=is_lean)
                person.thrift = THRIFT if is_lean else 1
                person.moves = moves
                if moves:
                    wanted += moves[0].minutes * self._wish.length / person.ideal
            if wanted * AMPLE <= hours:
                return
