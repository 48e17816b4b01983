"""Nothing ran for hours, days or weeks: what fell due meanwhile is told once, and in one digest."""

import datetime as dt
from collections import Counter

import make
import pytest
from sqlalchemy import select

from irm.jobs import reminders
from irm.mail import proof
from irm.models import Outbox, Role

MORNING = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)

COLLEAGUES = 50
EACH = 10


@pytest.mark.parametrize(
    "away",
    [pytest.param(6 * HOUR, id="6 h"), *(pytest.param(n * DAY, id=f"{n} days") for n in (3, 40))],
)
def test_after_a_stop_each_reminder_is_in_one_digest_and_nobody_has_two(app, session, figure, away):
    last = MORNING - away
    brand = make.brand()
    for n in range(COLLEAGUES):
        user = make.user(
            work_days="1234567",
            timezone="UTC",
            digest_hour=7,
            next_digest_at=last - HOUR / 2,
            digest_told_on=last.date() - DAY,
        )
        session.add(make.member(Role.MANAGER, brand=brand, user=user))
        for turn in range(EACH):
            # Spread over the days on which nothing ran, its ends included.
            due_on = (last + away * turn / (EACH - 1)).date()
            person = make.relationship(brand=brand, name=f"Person {n}-{turn} of them")
            session.add(make.touchpoint(relationship=person, owner=user, due_on=due_on))
    session.commit()

    with app.app_context():
        rounds = [reminders.remind(MORNING + turn * HOUR) for turn in range(4)]

    session.expire_all()
    mails = session.scalars(select(Outbox)).all()
    told = Counter(
        f"Person {n}-{turn} of them"
        for mail in mails
        for n in range(COLLEAGUES)
        for turn in range(EACH)
        if f"Person {n}-{turn} of them" in mail.body_text
    )
    assert [one["written"] for one in rounds] == [COLLEAGUES, 0, 0, 0]
    assert max(Counter(mail.user_id for mail in mails).values()) == 1
    assert len(told) == COLLEAGUES * EACH
    assert set(told.values()) == {1}
    assert not proof.violations(session, MORNING)
    figure(reminders=COLLEAGUES * EACH, digests=len(mails), lost=0, told_twice=0)
