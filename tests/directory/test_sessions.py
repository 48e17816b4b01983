"""Signed-in browsers and counted tries: what is over does not stay for ever."""

import datetime as dt

import make
from sqlalchemy import select

from irm import clock, scheduler
from irm.directory import sessions
from irm.models import LoginAttempt, Session

DAY = dt.timedelta(days=1)


def test_what_is_over_is_pruned_by_the_sweep_and_the_rest_stays(app, session, saved):
    user, now = saved(make.user()), clock.now()
    for at in (now - 31 * DAY, now - sessions.IDLE - DAY, now):
        session.add(
            Session(
                user_id=user.id, token_hash=str(at), created_at=at, last_seen_at=at,
                expires_at=at + sessions.ABSOLUTE,
            )
        )  # fmt: skip
    for at in (now - 3 * DAY, now - DAY, now):
        sessions.note_try(session, "ana@example.org", "127.0.0.1", at, succeeded=False)
    session.commit()

    sweep = next(entry for entry in scheduler.TIMETABLE if entry.name == "sweep")
    scheduler.guard(scheduler.Worker(app), sweep)

    assert session.scalars(select(Session.token_hash)).all() == [str(now)]
    tries = session.scalars(select(LoginAttempt.at).order_by(LoginAttempt.at)).all()
    assert tries == [now - DAY, now]
    assert sessions.prune(session, now) == 0
