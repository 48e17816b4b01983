"""What happens in the tests of letters about it, and what came of it."""

import datetime as dt

import make
from sqlalchemy import select

from irm.funnel import stages
from irm.models import Outbox

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
#: Everything that went on at AT is over by then.
LATER = AT + 10 * MINUTE
DAY = dt.timedelta(days=1)


def assign(session, relationship, to, by, at=AT):
    stages.assign(session, relationship, to, user=by, at=at)
    session.commit()


def written(session):
    session.expire_all()
    return session.scalars(select(Outbox).order_by(Outbox.id)).all()


def subjects(session):
    return [(mail.user_id, mail.subject) for mail in written(session)]


def ask(saved, person, owner, asked_at=AT - DAY, **given):
    return saved(
        make.question(
            relationship=person,
            owner_id=owner.id if owner else None,
            asked_at=asked_at,
            answer_by=asked_at + DAY,
            **given,
        )
    )
