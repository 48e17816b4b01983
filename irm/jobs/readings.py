"""Long readings of the funnel, made in the night, so that the first look of the day is quick."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.funnel.reading import kept
from irm.funnel.reading.kept import Question
from irm.funnel.reading.period import Period
from irm.funnel.reading.whom import Whom
from irm.funnel.timing import DAY
from irm.models import Brand

#: What the page shows unless another period is chosen, in days.
USUAL = 90

#: The hours of a brand's night in which it is read.
NIGHT = range(1, 6)


def read_due(session: Session, now: dt.datetime) -> int:
    """Read what the page will show today of brands with many moves; commits, returns how many.

    What was read on earlier days goes.
    """
    kept.forget(session, now)
    session.commit()
    made = 0
    for brand in session.execute(select(Brand.id, Brand.timezone).order_by(Brand.id)).all():
        zone = ZoneInfo(brand.timezone)
        local = now.astimezone(zone)
        today = local.date()
        of = Question(Whom(brand.id), Period(today - USUAL * DAY, today, zone), today, now)
        if local.hour not in NIGHT or not kept.is_long(session, of):
            continue
        there = kept.found(session, of)
        for kind in kept.KINDS:
            if kind not in there:
                kept.keep(session, kind, of)
                session.commit()
                made += 1
    return made
