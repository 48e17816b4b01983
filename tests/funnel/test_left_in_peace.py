"""Whoever did not answer three times is left in peace, until they do or somebody plans by hand."""

import datetime as dt

import make
import pytest

from irm.directory.search import Reader
from irm.funnel import cadence, interactions, today_rows, touchpoints
from irm.funnel.interactions import Exchange
from irm.models import Direction, Planner, PolicyScope, State

AT = make.MONDAY
DAY = AT.date()


@pytest.fixture
def ana(saved):
    return saved(make.user())


@pytest.fixture
def card(saved, ana):
    return saved(make.relationship(owner=ana))


def log(session, card, ana, days, direction=Direction.OUT):
    at = AT + dt.timedelta(days=days)
    interactions.log(
        session, card, Exchange("Hello?", direction=direction), author=ana, happened_at=at, at=at
    )


def unplanned(session, card, ana):
    return today_rows.due(session, ana.id, Reader(card.brand_id, ana.id), DAY).unplanned


def test_after_two_the_cadence_still_plans_and_after_three_it_closes_what_it_had_planned(
    session, card, ana
):
    for days in (0, 7):
        log(session, card, ana, days)
    (planned,) = touchpoints.open_ones(session, card)

    log(session, card, ana, 14)

    assert cadence.is_left_in_peace(card)
    assert planned.state is State.SKIPPED
    assert planned.why["peace"] is True
    assert card.next_touchpoint_on is None


def test_two_messages_of_one_day_are_one_try(session, card, ana):
    for _ in range(3):
        log(session, card, ana, 0)

    assert not cadence.is_left_in_peace(card)


def test_an_answer_ends_it(session, card, ana):
    for days in (0, 7, 14):
        log(session, card, ana, days)

    log(session, card, ana, 15, Direction.IN)

    (planned,) = touchpoints.open_ones(session, card)
    assert planned.planned_by is Planner.CADENCE


def test_a_colleague_may_plan_by_hand_all_the_same(session, card, ana):
    for days in (0, 7, 14):
        log(session, card, ana, days)

    day = DAY + dt.timedelta(days=60)
    touchpoints.plan(session, card, due_on=day, today=DAY, at=AT, author=ana)

    assert card.next_touchpoint_on == day


def test_they_are_not_listed_as_people_with_nothing_planned(session, card, ana):
    for days in (0, 7, 14):
        log(session, card, ana, days)

    assert not unplanned(session, card, ana)


def test_people_with_nothing_planned_are_told_their_brands_own_rhythm(saved, session, card, ana):
    (row,) = unplanned(session, card, ana)
    assert row.ideal is None

    policy = make.policy(brand_id=card.brand_id, key="unaware", ideal=9, worst=18)
    saved(policy)
    saved(
        make.policy(
            brand_id=card.brand_id, scope=PolicyScope.LEVEL, key="advanced", ideal=1, worst=2
        )
    )

    (row,) = unplanned(session, card, ana)
    assert row.ideal == 9


def test_the_cadence_leaves_alone_what_the_plan_put_there(saved, session, card, ana):
    saved(make.touchpoint(relationship=card, owner=ana, planned_by=Planner.PLAN))

    log(session, card, ana, 0)

    (planned,) = touchpoints.open_ones(session, card)
    assert planned.planned_by is Planner.PLAN
    assert planned.due_on == DAY
