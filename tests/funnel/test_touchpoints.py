"""Planning the next contact, and closing it."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.errors import Refused
from irm.funnel import interactions, touchpoints
from irm.funnel.interactions import Exchange
from irm.models import Direction, Planner, State, Touchpoint

DAY = make.MONDAY.date()
AT = make.MONDAY


def in_days(days: int) -> dt.date:
    return DAY + dt.timedelta(days=days)


@pytest.fixture
def ana(saved):
    return saved(make.user())


@pytest.fixture
def card(saved, ana):
    return saved(make.relationship(owner=ana))


def plan(session, card, ana, days):
    return touchpoints.plan(
        session, card, due_on=in_days(days), today=DAY, at=AT, author=ana, purpose="Call"
    )


def test_the_next_touchpoint_is_the_earliest_open_one(session, card, ana):
    later = plan(session, card, ana, 9)
    sooner = plan(session, card, ana, 3)
    assert card.next_touchpoint_on == in_days(3)

    touchpoints.skip(session, sooner, user=ana, at=AT)
    assert card.next_touchpoint_on == in_days(9)

    touchpoints.skip(session, later, user=ana, at=AT)
    assert card.next_touchpoint_on is None


def test_a_skip_can_be_taken_back(session, card, ana):
    planned = plan(session, card, ana, 3)
    touchpoints.skip(session, planned, user=ana, at=AT)

    touchpoints.reopen(session, planned, at=AT)

    assert planned.state is State.OPEN
    assert card.next_touchpoint_on == in_days(3)


@pytest.mark.parametrize("days", [-1, -4000, 1500, 7000 * 366])
def test_a_day_nobody_can_mean_is_refused(session, card, ana, days):
    day = dt.date(9999, 1, 1) if days > 10**6 else in_days(days)
    with pytest.raises(Refused):
        touchpoints.plan(session, card, due_on=day, today=DAY, at=AT, author=ana)


def test_what_is_closed_stays_closed(session, card, ana):
    planned = plan(session, card, ana, 3)
    touchpoints.skip(session, planned, user=ana, at=AT)

    with pytest.raises(Refused, match="already closed"):
        touchpoints.snooze(session, planned, until=in_days(5), today=DAY)
    with pytest.raises(Refused, match="already closed"):
        touchpoints.skip(session, planned, user=ana, at=AT)


def test_logging_keeps_the_touchpoint_it_fulfils(session, card, ana):
    planned = plan(session, card, ana, 0)

    logged = interactions.log(
        session, card, Exchange("Called."), author=ana, happened_at=AT, at=AT, fulfils=planned
    )

    assert planned.state is State.DONE
    assert logged.touchpoint_id == planned.id


def test_the_cadence_plans_one_touchpoint_and_moves_it_with_each_contact(session, card, ana):
    for days in (0, 3):
        at = AT + dt.timedelta(days=days)
        exchange = Exchange("Talked.", direction=Direction.BOTH)
        interactions.log(session, card, exchange, author=ana, happened_at=at, at=at)

    planned = session.scalars(select(Touchpoint)).one()
    assert planned.planned_by is Planner.CADENCE
    assert planned.due_on == in_days(3 + 14)
    assert planned.why == {
        "code": "cadence",
        "days": 14,
        "stage": "unaware",
        "rule": "stage",
    }


def test_the_cadence_leaves_alone_what_a_person_planned(session, card, ana):
    plan(session, card, ana, 40)

    interactions.log(session, card, Exchange("Talked."), author=ana, happened_at=AT, at=AT)

    assert [t.due_on for t in session.scalars(select(Touchpoint))] == [in_days(40)]


def test_a_persons_plan_replaces_that_of_the_cadence(session, card, ana):
    interactions.log(session, card, Exchange("Talked."), author=ana, happened_at=AT, at=AT)
    plan(session, card, ana, 30)

    (planned,) = touchpoints.open_ones(session, card)
    assert planned.due_on == in_days(30)
    assert card.next_touchpoint_on == in_days(30)


def test_a_snoozed_touchpoint_is_the_persons_own(session, card, ana):
    interactions.log(session, card, Exchange("Talked."), author=ana, happened_at=AT, at=AT)
    (planned,) = touchpoints.open_ones(session, card)
    touchpoints.snooze(session, planned, until=in_days(5), today=DAY)

    interactions.log(session, card, Exchange("Again."), author=ana, happened_at=AT, at=AT)

    assert card.next_touchpoint_on == in_days(5)


def test_an_interaction_in_the_future_is_refused(session, card, ana):
    with pytest.raises(Refused, match="future"):
        interactions.log(
            session,
            card,
            Exchange("Talked."),
            author=ana,
            happened_at=AT + dt.timedelta(hours=1),
            at=AT,
        )


def test_a_persons_own_ceiling_slows_the_cadence(session, card, ana):
    card.influencer.contact_ceiling = 1

    interactions.log(session, card, Exchange("Talked."), author=ana, happened_at=AT, at=AT)

    assert card.next_touchpoint_on == in_days(30)


def test_skipping_a_plan_brings_back_what_the_cadence_had_planned(session, card, ana):
    interactions.log(session, card, Exchange("Talked."), author=ana, happened_at=AT, at=AT)
    by_cadence = card.next_touchpoint_on
    planned = plan(session, card, ana, 3)

    touchpoints.skip(session, planned, user=ana, at=AT)
    assert card.next_touchpoint_on == by_cadence

    touchpoints.reopen(session, planned, at=AT)
    assert [t.due_on for t in touchpoints.open_ones(session, card)] == [in_days(3)]


def test_a_contact_planned_early_says_that_nobody_answered(session, card, ana):
    two_way = AT - dt.timedelta(days=60)
    exchange = Exchange("Met.", direction=Direction.BOTH)
    interactions.log(session, card, exchange, author=ana, happened_at=two_way, at=AT)
    interactions.log(session, card, Exchange("Wrote."), author=ana, happened_at=AT, at=AT)

    (planned,) = touchpoints.open_ones(session, card)
    assert planned.due_on == in_days(7)
    assert planned.why["code"] == "unanswered"
