"""Removing the demo takes what is flagged, and keeps and names what others hung on it."""

import datetime as dt

import make
import pytest
from sqlalchemy import func, select

from irm.demo import removal
from irm.funnel import interactions, stages, touchpoints
from irm.funnel.interactions import Exchange
from irm.ledger import relationships as ledger
from irm.models import (
    Base,
    Brand,
    Influencer,
    Interaction,
    Relationship,
    Role,
    Stage,
    StageCounter,
    User,
)
from tests.demo.loaded import load

AT = dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)

#: What remains as a trail of ids: who added the demo.
TRAILS = {"audit_entries"}


@pytest.fixture
def team(session):
    return load(session, influencers=30)


@pytest.fixture
def ana(session, saved):
    """A real colleague, lead of a real brand."""
    return saved(make.member(Role.LEAD, brand=make.brand(name="Acme")))


def remove(session):
    planned = removal.plan(session)
    for _done in removal.remove(session, planned):
        session.commit()
    return planned


def rows(session):
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
        if table.name not in TRAILS
    }


def test_a_demo_that_nobody_touched_goes_without_a_trace(session):
    before = rows(session)
    load(session, influencers=30)
    planned = remove(session)
    assert rows(session) == before
    assert len(planned.people) == 30 + 3 + 1  # Three are but looked through, one is a stranger.
    assert not planned.kept_people
    assert not planned.kept_brands


def test_what_was_there_besides_is_left_alone(session, saved, ana, team):
    person = saved(make.influencer(name="Real Rita"))
    stages.begin(session, person, ana.brand_id, user=ana.user, at=AT)
    session.commit()
    remove(session)
    assert session.scalars(select(Influencer.name)).all() == ["Real Rita"]
    assert session.scalars(select(Brand.name)).all() == ["Acme"]
    assert session.scalars(select(User.id)).all() == [ana.user_id]
    assert session.scalar(select(func.count()).select_from(Relationship)) == 1


def test_a_person_on_whom_a_colleague_of_ours_wrote_stays_and_is_named(session, ana, team):
    relationship = session.scalars(select(Relationship).order_by(Relationship.id)).first()
    name = relationship.influencer.name
    exchange = Exchange("They asked for us.")
    interactions.log(session, relationship, exchange, author=ana.user, happened_at=AT, at=AT)
    session.commit()
    planned = remove(session)
    assert planned.kept_people == [name]
    assert planned.kept_brands == ["Fougère & Flint"]
    assert session.scalars(select(Influencer.name)).all() == [name]
    session.expire_all()
    assert "They asked for us." in session.scalars(select(Interaction.summary)).all()
    assert ledger.rebuild(session) == 0


@pytest.mark.parametrize("deed", ["move", "plan", "proof"])
def test_a_move_a_plan_or_a_proof_of_ours_keeps_a_person_too(session, ana, team, deed):
    relationship = session.scalars(
        select(Relationship).where(Relationship.stage == Stage.UNAWARE)
    ).first()
    if deed == "move":
        stages.move(
            session, relationship, Stage.AWARE, user=ana.user, at=AT, reason="So they said."
        )
    elif deed == "proof":
        session.add(make.proof(relationship=relationship, author=ana.user))
    else:
        day = AT.date() + dt.timedelta(days=3)
        touchpoints.plan(session, relationship, due_on=day, today=AT.date(), at=AT, author=ana.user)
    session.commit()
    assert remove(session).kept_people == [relationship.influencer.name]


def test_a_real_person_at_the_demo_brand_stays_with_the_brand(session, saved, team):
    person = saved(make.influencer(name="Real Rita"))
    stages.begin(session, person, team.brand_id, user=None, at=AT)
    session.commit()
    planned = remove(session)
    assert planned.kept_brands == ["Fougère & Flint"]
    assert not planned.kept_people
    assert session.scalars(select(Influencer.name)).all() == ["Real Rita"]
    assert session.scalar(select(func.sum(StageCounter.people))) == 1


def test_a_person_of_the_demo_whom_our_brand_took_up_stays_with_us_alone(session, ana, team):
    person = session.scalars(select(Influencer).order_by(Influencer.id)).first()
    stages.begin(session, person, ana.brand_id, user=ana.user, at=AT)
    session.commit()
    planned = remove(session)
    assert planned.kept_people == [person.name]
    assert not planned.kept_brands
    assert session.scalars(select(Relationship.brand_id)).all() == [ana.brand_id]


def test_a_relationship_of_ours_loses_its_demo_owner_and_is_counted_so(session, saved, ana, team):
    person = saved(make.influencer())
    stages.begin(session, person, ana.brand_id, user=ana.user, at=AT, owner_id=team.lead)
    session.commit()
    remove(session)
    cells = session.execute(
        select(StageCounter.owner_id, StageCounter.people).where(
            StageCounter.brand_id == ana.brand_id, StageCounter.people != 0
        )
    ).all()
    assert [tuple(cell) for cell in cells] == [(0, 1)]


def test_removing_again_finds_nothing_more(session, team):
    remove(session)
    planned = removal.plan(session)
    assert planned.steps == 0
    assert not planned.users
