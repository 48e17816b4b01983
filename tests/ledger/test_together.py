"""Two who change one relationship at once: the ledger says what history says."""

import datetime as dt
import threading

import make
import pytest
from at_once import at_once
from sqlalchemy import select

from irm.db import db
from irm.funnel import asks, interactions, stages, touchpoints
from irm.funnel.asks import GateShut, Thought
from irm.funnel.interactions import Exchange
from irm.ledger import counters
from irm.ledger import relationships as ledger
from irm.models import (
    Ask,
    Direction,
    Influencer,
    Kind,
    Relationship,
    Role,
    Stage,
    StageCounter,
    Tier,
    User,
)
from irm.scoring.record import PersonChange, write_people

AT = make.MONDAY
DAY = AT.date()


@pytest.fixture
def sessions(app):
    """Makes one more session, as another request would have."""
    with app.app_context():
        maker = db.sessionmaker
    made = []

    def another():
        made.append(maker())
        return made[-1]

    yield another
    for session in made:
        session.close()


@pytest.fixture
def card(session, saved):
    ana = saved(make.member(Role.LEAD))
    person = saved(make.influencer(audience=5_000))
    card = stages.begin(session, person, ana.brand_id, user=ana.user, at=AT)
    session.commit()
    return card


def counted(session):
    session.rollback()
    found = select(StageCounter).where((StageCounter.people != 0) | (StageCounter.audience != 0))
    return [(row.stage, row.tier, row.people, row.audience) for row in session.scalars(found)]


def own(session, entity):
    return session.get_one(type(entity), entity.id)


def someone(session):
    return session.scalars(select(User)).first()


def test_a_move_of_a_card_that_was_scored_anew_meanwhile_is_counted_right(sessions, session, card):
    ana, worker = sessions(), sessions()
    seen = own(ana, card)
    assert seen.influencer.tier is Tier.MICRO
    change = PersonChange(card.influencer_id, 50_000, 58.7, None, Tier.MIDDLE, {})
    write_people(worker, DAY, [change])
    worker.commit()

    stages.move(ana, seen, Stage.AWARE, user=someone(ana), at=AT, reason="So they said.")
    ana.commit()

    assert counted(session) == [(Stage.AWARE, Tier.MIDDLE, 1, 50_000)]
    counters.recount(session)
    assert counted(session) == [(Stage.AWARE, Tier.MIDDLE, 1, 50_000)]


def test_a_plan_made_on_an_old_view_still_finds_the_next_day(sessions, session, card):
    planned = touchpoints.plan(
        session, card, due_on=DAY + dt.timedelta(10), today=DAY, at=AT, author=someone(session)
    )
    session.commit()
    ana, ravi = sessions(), sessions()
    seen = own(ana, card)
    assert seen.next_touchpoint_on == DAY + dt.timedelta(10)
    touchpoints.snooze(ravi, own(ravi, planned), until=DAY + dt.timedelta(20), today=DAY)
    ravi.commit()

    touchpoints.plan(
        ana, seen, due_on=DAY + dt.timedelta(10), today=DAY, at=AT, author=someone(ana)
    )
    ana.commit()

    session.rollback()
    assert ledger.rebuild(session) == 0
    assert own(session, card).next_touchpoint_on == DAY + dt.timedelta(10)


def test_two_who_log_at_once_lose_nothing_and_plan_once(sessions, session, card):
    ana, ravi = sessions(), sessions()

    def log(session, summary):
        interactions.log(
            session,
            own(session, card),
            Exchange(summary, kind=Kind.GIVE),
            author=someone(session),
            happened_at=AT,
            at=AT,
        )

    def log_too():
        log(ravi, "Sent a knife.")
        ravi.commit()

    log(ana, "Sent a pan.")
    other = threading.Thread(target=log_too)
    other.start()
    other.join(0.5)
    ana.commit()
    other.join(20)

    session.rollback()
    assert ledger.rebuild(session) == 0
    kept = own(session, card)
    session.refresh(kept)
    assert kept.gives_since_ask == 2
    assert len(touchpoints.open_ones(session, kept)) == 1


def test_a_relationship_goes_to_its_new_owner_with_what_is_planned(session, saved, card):
    ana, ravi = someone(session), saved(make.user(name="Ravi"))
    stages.assign(session, card, ana, user=ana, at=AT)
    planned = touchpoints.plan(
        session, card, due_on=DAY + dt.timedelta(1), today=DAY, at=AT, author=ana
    )

    stages.assign(session, card, ravi, user=ana, at=AT)
    session.commit()

    session.refresh(planned)
    assert (card.owner_id, planned.owner_id) == (ravi.id, ravi.id)
    assert ledger.rebuild(session) == 0
    before = counted(session)
    counters.recount(session)
    assert counted(session) == before


def test_a_person_and_her_relationship_are_locked_until_the_end(session, card):
    """On SQLite the turn stands for the lock: FOR UPDATE takes it."""
    held = stages.hold(session, card.influencer_id)

    assert isinstance(held, Influencer)
    assert isinstance(own(session, card), Relationship)
    session.rollback()


def test_of_two_who_plan_an_ask_at_once_the_gate_lets_one_through(sessions, session, card):
    stages.move(session, card, Stage.AWARE, user=someone(session), at=AT, reason="They met.")
    for exchange in (
        Exchange("Met", direction=Direction.BOTH),
        *[Exchange("Sent seeds", kind=Kind.GIVE)] * 3,
    ):
        interactions.log(
            session, card, exchange, author=someone(session), happened_at=AT, at=AT, plan_next=False
        )
    session.commit()
    both = [(one, own(one, card), someone(one)) for one in (sessions(), sessions())]
    refused = []

    def ask(n):
        mine, seen, author = both[n]
        try:
            asks.plan(
                mine,
                seen,
                Thought(f"Wish {n}", "Readers", "A knot", "Repair"),
                due_on=DAY,
                today=DAY,
                at=AT,
                author=author,
            )
            mine.commit()
        except GateShut as shut:
            mine.rollback()
            refused.append(str(shut))

    at_once(ask)

    session.rollback()
    assert len(session.scalars(select(Ask)).all()) == 1
    assert len(refused) == 1
