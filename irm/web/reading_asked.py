"""What is asked of the funnel's readings: the period, owner and team, as the address names them."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from flask import request

from irm import clock
from irm.access import here
from irm.db import db
from irm.directory import team
from irm.errors import Refused
from irm.funnel.reading import kept, stream
from irm.funnel.reading.kept import Question
from irm.funnel.reading.period import Period
from irm.funnel.reading.whom import Whom
from irm.funnel.timing import DAY
from irm.i18n import _, _l
from irm.models import Brand
from irm.web import filters

#: Periods that are one click away, in days; 0: all there is.
PRESETS = (30, 90, 365, 0)
DEFAULT = 90


@dataclass(frozen=True, slots=True)
class Asked:
    """A brand's people, a period, and today in the brand's zone."""

    whom: Whom
    period: Period
    today: dt.date
    #: The preset it is; None: two days of one's own.
    preset: int | None
    #: The team as the address names it; empty: none.
    team: str = ""
    #: When what is shown was read, by kind, where it was kept.
    as_of: dict[str, dt.datetime] = field(default_factory=dict)

    @property
    def question(self) -> Question:
        """What is asked, as answers to it are kept."""
        return Question(self.whom, self.period, self.today, clock.now())

    def result(self, kind: str) -> Any:
        """The reading of a kind: what was kept today, else read now, and kept where it is long."""
        of = self.question
        if not kept.is_long(db.session, of):
            return kept.read(db.session, kind, of)
        answer = kept.found(db.session, of).get(kind)
        if answer is None:
            answer = kept.keep(db.session, kind, of)
            db.session.commit()
        self.as_of[kind] = answer.as_of
        return answer.result

    def address(self, path: str, **more: str) -> str:
        """A path with the period, the owner and the team."""
        if self.preset is None:
            asked = {"from": str(self.period.first), "to": str(self.period.last)}
        else:
            asked = {"days": str(self.preset)}
        return filters.address(path, asked, self.whose, more)

    @property
    def whose(self) -> dict[str, str]:
        """The owner and the team as they stand in an address."""
        owner = "" if self.whom.owner_id is None else str(self.whom.owner_id)
        return {"owner": owner, "team": self.team}

    def preset_address(self, days: int) -> str:
        """The page with another period that is one click away."""
        return filters.address("/funnel/reading", {"days": str(days)}, self.whose)


def read() -> Asked:
    """What the address asks for; the last 90 days where it names none.

    Raises Refused where it names no days, or such as nobody can mean.
    """
    brand = db.session.get_one(Brand, here().brand_id)
    zone = ZoneInfo(brand.timezone)
    today = clock.today(zone)
    whom, team = Whom(brand.id, _owner(), filters.team()), request.args.get("team", "")
    first, last = _day("from"), _day("to")
    if first or last:
        last = min(last or today, today)
        return Asked(whom, Period(first or last - DEFAULT * DAY, last, zone), today, None, team)
    days = _days()
    period = Period(_begin(brand.id, days, today, zone), today, zone)
    return Asked(whom, period, today, days, team)


def _begin(brand_id: int, days: int, today: dt.date, zone: ZoneInfo) -> dt.date:
    if days:
        return today - days * DAY
    first = stream.first_day(db.session, brand_id)
    begun = first.astimezone(zone).date() if first else today
    return min(begun, today) - DAY


def _day(name: str) -> dt.date | None:
    value = request.args.get(name)
    if not value:
        return None
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        raise Refused(_l("Write a day as 2026-03-31.")) from None
    if not 1970 <= day.year <= 9000:
        raise Refused(_l("Write a day as 2026-03-31."))
    return day


def _days() -> int:
    value = request.args.get("days") or str(DEFAULT)
    known = {str(days): days for days in PRESETS}
    if value not in known:
        raise Refused(_l("This address names a filter that does not exist."))
    return known[value]


def _owner() -> int | None:
    value = request.args.get("owner")
    if not value:
        return None
    if not (value.isascii() and value.isdecimal()) or len(value) > 9:
        raise Refused(_l("This address names a filter that does not exist."))
    return int(value)


def owners() -> list[tuple[int, str]]:
    """Who may own a relationship of the brand, and "nobody", as id and name."""
    members = db.session.execute(team.members(here().brand_id))
    return [*((id, name) for id, name in members), (0, _("No owner"))]
