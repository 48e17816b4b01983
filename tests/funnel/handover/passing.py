"""Hand over, and back, as the pages and the worker do."""

import datetime as dt

from irm.funnel import handover
from irm.funnel.handover_terms import Terms
from tests import make

AT = make.MONDAY
TODAY = AT.date()


def on(days):
    return TODAY + dt.timedelta(days=days)


def terms(ana, *to, **more):
    return Terms(
        brand_id=ana.brand_id, from_id=more.pop("from_id", ana.user_id), to=tuple(to), **more
    )


def hand_over(session, asked, by, *, back_on=None, limit=handover.CHUNK):
    made = handover.begin(session, asked, back_on=back_on, why="", today=TODAY, user=by, at=AT)
    while not handover.go_on(session, made, asked, user=by, at=AT, limit=limit):
        session.commit()
    session.commit()
    return made


def go_back(session, made, by, *, is_undo=True, limit=handover.CHUNK):
    handover.refuse_return(session, made)
    while not handover.go_back(session, made, user=by, at=AT, is_undo=is_undo, limit=limit):
        session.commit()
    session.commit()
