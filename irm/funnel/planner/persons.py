"""A row of a brand's people as the planner sees it: days as numbers, rules applied."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from irm.funnel import cadence, countries
from irm.funnel.elsewhere import APART
from irm.funnel.planner import campaigning
from irm.funnel.planner.calendar import Calendar, shift_between
from irm.funnel.planner.rows import PersonRow
from irm.funnel.planner.terms import Person, weight
from irm.funnel.spans import Span

#: Within so many days somebody has a turn, whatever other brands do.
PATIENCE = 28

#: A day long before any plan: never.
NEVER = -100_000


@dataclass(slots=True, kw_only=True)
class Persons:
    """What is known of a brand beside the rows of its people."""

    calendar: Calendar
    policies: cadence.Policies
    #: The brand's time zone, and those of colleagues.
    zone: str
    zones: Mapping[int | None, str]
    #: Campaigns by relationship, and absences by influencer.
    around: Mapping[int, Sequence[Any]]
    away: Mapping[int, Sequence[Span]]
    #: When other brands turned to them, or mean to, by influencer.
    elsewhere: Mapping[int, Sequence[dt.date]]
    #: By relationship: weeks in which a colleague said no, days of contacts that stay, and the
    #: days and minutes of those that need not.
    dropped: Mapping[int, Sequence[Span]]
    fixed: Mapping[int, Sequence[int]]
    before: Mapping[int, Sequence[tuple[int, int]]]
    #: Countries with the shift of days, and rhythms, worked out so far: many people share theirs.
    _wheres: dict[tuple[str | None, ...], tuple[str | None, int]] = field(default_factory=dict)
    _rhythms: dict[tuple[Any, ...], cadence.Cadence] = field(default_factory=dict)

    def person(self, row: PersonRow) -> Person:
        """Read one row of the brand's people; what may be done with them is not known yet."""
        id, calendar = row.id, self.calendar
        stage, ceiling = row.stage, row.contact_ceiling
        around = self.around.get(id, ())
        rhythm = self._rhythm(row)
        zone = self.zones.get(row.owner_id, self.zone)
        contacted = self._number(row.last_contact_at, zone)
        two_way = self._number(row.last_two_way_at, zone)
        anchor = two_way if two_way != NEVER else contacted
        if anchor == NEVER:
            # Never contacted is nothing planned, never overdue: their wait begins now.
            anchor = -rhythm.ideal
        earliest = 0
        if contacted > two_way:
            earliest = max(0, contacted + (rhythm.ideal + 1) // 2)
        if row.paused_until is not None:
            earliest = max(earliest, calendar.number(row.paused_until))
        fixed = tuple(sorted(self.fixed.get(id, ())))
        return Person(
            id=id,
            weight=weight(stage, row.fit) * campaigning.factor(around, stage, calendar.first),
            ideal=rhythm.ideal,
            worst=rhythm.worst,
            anchor=anchor,
            open=self._open(row, zone, earliest),
            moves=(),
            earliest=earliest,
            spacing=-(-30 // ceiling) if ceiling else 1,
            contacted=contacted,
            last_move=row.last_activity,
            fixed=fixed,
            stilling=fixed,
            spans=self._spans(row, around) if around else (),
            before=tuple(self.before.get(id, ())),
            left_out=_left_out(row),
        )

    def _rhythm(self, row: PersonRow) -> cadence.Cadence:
        key = row.stage, row.level, row.cadence_ideal, row.cadence_worst, row.contact_ceiling
        found = self._rhythms.get(key)
        if found is None:
            found = cadence.rhythm(self.policies, **_terms(row)).cadence
            self._rhythms[key] = found
        return found

    def _spans(self, row: PersonRow, around: Sequence[Any]) -> Any:
        return campaigning.spans(around, self.policies, _terms(row), self.calendar)

    def _open(self, row: PersonRow, zone: str, earliest: int) -> bytes:
        key = row.country, row.timezone, zone
        where = self._wheres.get(key)
        if where is None:
            shift = shift_between(zone, row.timezone, self.calendar.first)
            where = self._wheres[key] = countries.code_of(row.country), shift
        away, dropped = self.away.get(row.influencer_id, ()), self.dropped.get(row.id, ())
        days = self.calendar.open(*where, (*away, *dropped), earliest)
        others = self.elsewhere.get(row.influencer_id)
        return self._apart(days, others, row.id) if others else days

    def _apart(self, days: bytes, others: Sequence[dt.date], id: int) -> bytes:
        """The open days a week from what other brands do; where none is near, half a week from it.

        A brand that writes every ten days would keep all others from somebody for ever: in the end
        nobody is left out, and the colleague is told. Where they were planned before they stay, or
        two brands would push each other to and fro night after night.
        """
        kept = {day for day, _minutes in self.before.get(id, ())}
        taken = [self.calendar.number(day) for day in others]
        for distance in (APART.days, APART.days // 2):
            near = {day + n for day in taken for n in range(1 - distance, distance)} - kept
            found = bytes(0 if n in near else is_open for n, is_open in enumerate(days))
            if any(found[:PATIENCE]):
                return found
        return days

    def _number(self, at: dt.datetime | None, zone: str) -> int:
        return NEVER if at is None else self.calendar.number_at(at, ZoneInfo(zone))


def _terms(row: PersonRow) -> dict[str, Any]:
    """What decides the rhythm of a relationship."""
    return {
        "stage": row.stage,
        "level": row.level,
        "own_ideal": row.cadence_ideal,
        "own_worst": row.cadence_worst,
        "ceiling": row.contact_ceiling,
    }


def _left_out(row: PersonRow) -> str:
    if row.do_not_contact:
        return "do_not_contact"
    return "peace" if cadence.is_left_in_peace(row) else ""
