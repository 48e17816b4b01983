"""How soon a question is answered: a brand's hours, and the moment by which there is an answer."""

import datetime as dt
from dataclasses import asdict, dataclass, fields
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.funnel.timing import next_at
from irm.models import Brand, User

#: A week: whoever waits longer for a word was not answered.
MOST_HOURS = 168

#: The hour at which a working day ends: what is urgent has its answer by then.
END_OF_DAY = 18

#: Days on which there is work where a colleague says nothing else, Monday being 1.
USUAL_WORK_DAYS = "12345"


@dataclass(frozen=True, slots=True)
class Answering:
    """Hours within which a question has an answer, or a word on when there will be one."""

    normal: int = 24
    #: Of what is urgent; None: on the same day, by the end of the working day.
    urgent: int | None = None


def answering(stored: object) -> Answering:
    """Read a brand's hours; what is not set, or not sound, is irm's own."""
    values = stored if isinstance(stored, dict) else {}
    sound = {
        one.name: values[one.name]
        for one in fields(Answering)
        if one.name in values and _is_sound(one.name, values[one.name])
    }
    return Answering(**sound)


def _is_sound(name: str, hours: object) -> bool:
    if hours is None:
        return name == "urgent"
    return type(hours) is int and 1 <= hours <= MOST_HOURS


def set_answering(
    session: Session, brand: Brand, chosen: Answering, *, user: User, at: dt.datetime
) -> bool:
    """Set the hours of a brand; returns whether anything changed.

    Clocks that run already go on as they were started.
    """
    if answering(brand.answering) == chosen:
        return False
    own = asdict(Answering())
    brand.answering = {name: hours for name, hours in asdict(chosen).items() if hours != own[name]}
    record(session, user, Action.BRAND_CHANGED, at, brand_id=brand.id)
    return True


def answer_by(
    asked_at: dt.datetime, *, is_urgent: bool, zone: ZoneInfo, hours: Answering
) -> dt.datetime:
    """The moment, in UTC, by which somebody who asked at another hears from us.

    Hours are those of a clock, on working days or not and however clocks are put. What is urgent
    has its answer by the end of the day in the zone, of the next day if that is over already, and
    never later than what is not urgent.
    """
    asked_at = asked_at.astimezone(dt.UTC)
    at_most = asked_at + dt.timedelta(hours=hours.normal)
    if not is_urgent:
        return at_most
    if hours.urgent is not None:
        return min(at_most, asked_at + dt.timedelta(hours=hours.urgent))
    return min(at_most, next_at(END_OF_DAY, zone, asked_at))


def working_day_after(day: dt.date, count: int, work_days: str = USUAL_WORK_DAYS) -> dt.date:
    """The day so many working days after another; `work_days` as a user keeps them."""
    days = work_days or USUAL_WORK_DAYS
    while count > 0:
        day += dt.timedelta(days=1)
        count -= str(day.isoweekday()) in days
    return day
