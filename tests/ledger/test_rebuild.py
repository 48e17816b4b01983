"""Whatever was done to relationships, a rebuild from history changes nothing."""

import datetime as dt
import random

import make
import pytest
from sqlalchemy import select

from irm.funnel import interactions, stages, touchpoints
from irm.funnel.interactions import Exchange
from irm.ledger import relationships as ledger
from irm.models import (
    Direction,
    Kind,
    Relationship,
    Role,
    Stage,
    StageCounter,
    StageMove,
    State,
    Touchpoint,
)


@pytest.mark.parametrize("seed", range(6))
def test_a_rebuild_after_any_work_changes_nothing(session, saved, seed):
    dice = random.Random(seed)
    ana = saved(make.member(Role.LEAD))
    people = [saved(make.influencer(audience=dice.choice([None, 10, 10**6]))) for _ in range(4)]
    cards = [
        stages.begin(session, person, ana.brand_id, user=ana.user, at=make.MONDAY)
        for person in people
    ]

    at = make.MONDAY
    for _ in range(30):
        at += dt.timedelta(hours=dice.randint(1, 400))
        card = dice.choice(cards)
        _do_something(session, dice, card, ana.user, at)
    session.commit()
    before = _counted(session)

    assert ledger.rebuild(session, ana.brand_id) == 0
    assert _counted(session) == before
    assert sum(people for _key, people, _audience in before) == 4


def _do_something(session, dice, card, user, at):
    deed = dice.randrange(5)
    day = at.date()
    if deed == 0:
        stage = dice.choice([stage for stage in Stage if stage is not card.stage])
        stages.move(session, card, stage, user=user, at=at, reason="So they said.")
    elif deed == 1:
        stages.assign(session, card, dice.choice([user, None]), user=user, at=at)
    elif deed == 2:
        due_on = day + dt.timedelta(days=dice.randint(0, 40))
        touchpoints.plan(session, card, due_on=due_on, today=day, at=at, author=user)
    else:
        planned = next(iter(touchpoints.open_ones(session, card)), None)
        exchange = Exchange(
            "Hello", kind=dice.choice(list(Kind)), direction=dice.choice(list(Direction))
        )
        happened_at = at - dt.timedelta(days=dice.randint(0, 20))
        interactions.log(
            session, card, exchange, author=user, happened_at=happened_at, at=at, fulfils=planned
        )


def _counted(session):
    return sorted(
        ((row.stage, row.tier, row.owner_id), row.people, row.audience)
        for row in session.scalars(select(StageCounter))
        if row.people
    )


def test_a_rebuild_mends_what_was_spoilt(session, saved):
    card = saved(make.relationship(name="Zoé"))
    saved(make.interaction(relationship=card, direction=Direction.BOTH))
    card.name_order = "wrong"
    session.commit()

    assert ledger.rebuild(session) == 1
    session.commit()
    session.refresh(card)

    assert card.name_order == "zoe"
    assert card.last_two_way_at == make.MONDAY
    assert session.scalars(select(StageCounter.people)).all() == [1]


def test_a_relationship_is_born_by_a_move_from_nothing(session, saved):
    ana = saved(make.member())
    person = saved(make.influencer())

    card = stages.begin(session, person, ana.brand_id, user=ana.user, at=make.MONDAY)

    birth = session.scalars(select(StageMove)).one()
    assert (birth.relationship_id, birth.from_stage, birth.to_stage) == (
        card.id,
        None,
        Stage.UNAWARE,
    )


def test_logging_plans_the_next_contact_by_the_cadence(session, saved):
    ana = saved(make.member())
    card = saved(make.relationship(brand=ana.brand, owner=ana.user, stage=Stage.INTERESTED))

    interactions.log(
        session,
        card,
        Exchange("Called", direction=Direction.BOTH),
        author=ana.user,
        happened_at=make.MONDAY,
        at=make.MONDAY,
    )

    planned = session.scalars(select(Touchpoint).where(Touchpoint.state == State.OPEN)).one()
    assert planned.due_on == dt.date(2026, 3, 12)
    assert card.next_touchpoint_on == planned.due_on
    assert session.scalars(select(Relationship.next_order)).one() == planned.due_on
