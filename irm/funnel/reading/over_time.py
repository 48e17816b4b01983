"""How many stood at each stage at the end of each day, week or month of a period."""

import datetime as dt

from sqlalchemy.orm import Session

from irm.funnel.reading.period import Period, end_of
from irm.funnel.reading.standing import standings
from irm.funnel.reading.whom import Whom
from irm.models import Stage


def read(session: Session, whom: Whom, period: Period) -> list[tuple[dt.date, dict[Stage, int]]]:
    """Each day that is looked at, with how many stood where when it was over."""
    days = period.points()
    moments = [end_of(day, period.zone) for day in days]
    return list(zip(days, standings(session, whom, moments), strict=True))
