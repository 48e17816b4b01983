"""How long relationships have stood still: the limits of a brand, and who is beyond them on a day.

Two clocks run: the days at the stage, and the days since the last contact. A pause stops both, and
so does a touchpoint planned ahead: somebody has it in hand. An edit of anything else stops neither.
Whom nobody contacted yet is "nothing planned", never late. Days are those of the brand's zone.

What `age` says of one, `condition` asks of the database: a test compares the two.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, false, or_

from irm.i18n import _l
from irm.models import NEVER, Relationship, Stage
from irm.models.base import LabelledEnum

#: More than this is no limit any more.
MOST_DAYS = 3650


class Ageing(LabelledEnum):
    """What may be said of a relationship that stands still."""

    STUCK = "stuck", _l("Too long at the stage")
    SLIPPING = "slipping", _l("Slipping away")
    LOST = "lost", _l("Beyond the second limit")
    PAUSED = "paused", _l("Paused")


@dataclass(frozen=True, slots=True)
class Limits:
    """Days that are usual; who has more is late. docs/scoring.md says where the defaults are from.

    A stage with None has no limit: to stay there is no fault.
    """

    unaware: int | None = 90
    aware: int | None = 90
    interested: int | None = 63
    engaged: int | None = 180
    ambassador: int | None = None
    #: Days since the last contact: from the first on somebody is slipping away, from the second on
    #: the lead is told.
    first: int = 45
    second: int = 90

    def at(self, stage: Stage) -> int | None:
        """The limit of a stage."""
        days: int | None = getattr(self, stage.value)
        return days


class Age(NamedTuple):
    """How long a relationship has stood still, and what is to be said of it, the worst first."""

    marks: tuple[Ageing, ...]
    days_at_stage: int
    stage_limit: int | None
    #: None: never contacted.
    days_quiet: int | None
    #: The limit that the quiet has passed, else the one that comes next.
    quiet_limit: int
    #: The day on which the pause ends, or of the touchpoint ahead; None: nobody has it in hand.
    rests_until: dt.date | None = None

    @property
    def is_paused(self) -> bool:
        return Ageing.PAUSED in self.marks


def limits(stored: object) -> Limits:
    """Read a brand's limits; what is not set, or not sound, has its default."""
    values = stored if isinstance(stored, dict) else {}
    sound = {
        one.name: values[one.name]
        for one in fields(Limits)
        if one.name in values and _is_sound(one.name, values[one.name])
    }
    first, second = sound.get("first", Limits().first), sound.get("second", Limits().second)
    if first >= second:
        sound = {name: days for name, days in sound.items() if name not in ("first", "second")}
    return Limits(**sound)


def _is_sound(name: str, days: object) -> bool:
    if days is None:
        return name not in ("first", "second")
    return type(days) is int and 1 <= days <= MOST_DAYS


def stored(chosen: Limits) -> dict[str, int | None]:
    """Limits as a brand keeps them: only what is not irm's own."""
    own = asdict(Limits())
    return {name: days for name, days in asdict(chosen).items() if days != own[name]}


def is_paused(paused_until: dt.date | None, day: dt.date) -> bool:
    """Whether a pause holds on a day: on the day until which it was made they are back."""
    return paused_until is not None and paused_until > day


def age(row: Any, day: dt.date, zone: dt.tzinfo, limits: Limits) -> Age:
    """The age of a relationship on a day, from the relationship itself or a row of its columns.

    Read are `stage stage_since last_contact_at next_touchpoint_on paused_until`.
    """
    at_stage = _days_since(row.stage_since, day, zone)
    quiet = _days_since(row.last_contact_at, day, zone) if row.last_contact_at else None
    limit = limits.at(row.stage)
    is_lost = quiet is not None and quiet > limits.second
    is_slipping = quiet is not None and quiet > limits.first
    facts = (at_stage, limit, quiet, limits.second if is_lost else limits.first)
    if is_paused(row.paused_until, day):
        return Age((Ageing.PAUSED,), *facts, row.paused_until)
    if row.next_touchpoint_on is not None and row.next_touchpoint_on >= day:
        return Age((), *facts, row.next_touchpoint_on)
    marks = [Ageing.LOST] if is_lost else [Ageing.SLIPPING] if is_slipping else []
    is_begun = quiet is not None or row.stage is not Stage.UNAWARE
    if is_begun and limit is not None and at_stage > limit:
        marks.append(Ageing.STUCK)
    return Age(tuple(marks), *facts)


def _days_since(at: dt.datetime, day: dt.date, zone: dt.tzinfo) -> int:
    return max(0, (day - at.astimezone(zone).date()).days)


def condition(mark: Ageing, day: dt.date, zone: dt.tzinfo, limits: Limits) -> ColumnElement[bool]:
    """The condition that a relationship has this mark on a day."""
    if mark is Ageing.PAUSED:
        return and_(Relationship.paused_until.is_not(None), Relationship.paused_until > day)
    if mark is Ageing.STUCK:
        return and_(is_awake(day), _is_stuck(day, zone, limits))
    contact = Relationship.last_contact_at
    lost_before = _midnight(day - dt.timedelta(days=limits.second), zone)
    if mark is Ageing.LOST:
        return and_(is_awake(day), contact < lost_before)
    slipping_before = _midnight(day - dt.timedelta(days=limits.first), zone)
    return and_(is_awake(day), contact < slipping_before, contact >= lost_before)


def any_of(
    marks: Sequence[Ageing], day: dt.date, zone: dt.tzinfo, limits: Limits
) -> ColumnElement[bool]:
    """The condition that a relationship has one of these marks on a day."""
    return or_(false(), *(condition(mark, day, zone, limits) for mark in marks))


def is_not_paused(day: Any) -> ColumnElement[bool]:
    """The condition that no pause holds on a day, which may be bound later."""
    return or_(Relationship.paused_until.is_(None), Relationship.paused_until <= day)


def is_awake(day: dt.date) -> ColumnElement[bool]:
    """The condition that neither a pause nor a touchpoint ahead stops the clocks."""
    following = Relationship.next_order
    return and_(is_not_paused(day), or_(following < day, following == NEVER))


def _is_stuck(day: dt.date, zone: dt.tzinfo, limits: Limits) -> ColumnElement[bool]:
    limited = {stage: limits.at(stage) for stage in Stage}
    since = Relationship.stage_since
    each = [
        and_(Relationship.stage == stage, since < _midnight(day - dt.timedelta(days=days), zone))
        for stage, days in limited.items()
        if days is not None
    ]
    is_begun = or_(Relationship.stage != Stage.UNAWARE, Relationship.last_contact_at.is_not(None))
    return and_(is_begun, or_(false(), *each))


def _midnight(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone)
