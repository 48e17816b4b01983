"""Evidence that grows old is noticed by the worker, with nobody doing anything."""

import datetime as dt

import make
from sqlalchemy import select

from irm.jobs import proving as job
from irm.ledger import proving
from irm.models import Direction, Relationship, Stage

DAY = dt.timedelta(days=1)


def test_a_stage_is_lost_on_the_day_its_evidence_is_too_old_and_not_before(session, saved):
    card = saved(make.relationship())
    for days in (0, 2):
        at = make.MONDAY + days * DAY
        saved(make.interaction(relationship=card, direction=Direction.BOTH, happened_at=at))
    others = [saved(make.relationship(brand=card.brand)) for _ in range(3)]
    proving.settle(session, [card.id, *(one.id for one in others)], make.MONDAY + 2 * DAY)
    session.commit()

    found = []
    for days in (60, 61, 61):
        settled = job.settle_due(session, make.MONDAY + days * DAY)
        stage = session.scalar(select(Relationship.earned_stage).filter_by(id=card.id))
        found.append((settled, stage))

    assert found == [(0, Stage.INTERESTED), (1, Stage.AWARE), (0, Stage.AWARE)]


def test_a_day_begins_where_the_brand_is(session, saved):
    brand = saved(make.brand(timezone="Pacific/Auckland"))
    card = saved(make.relationship(brand=brand))
    late = dt.datetime(2026, 3, 2, 20, tzinfo=dt.UTC)
    saved(make.interaction(relationship=card, direction=Direction.IN, happened_at=late))

    proving.settle(session, [card.id], late)

    found = session.scalars(select(Relationship.earned_on).filter_by(id=card.id)).one()
    assert found == dt.date(2026, 3, 3)
