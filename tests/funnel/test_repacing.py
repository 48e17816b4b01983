"""What the cadence had planned follows other policies and campaigns; what people planned stays."""

import datetime as dt

import make
import pytest

from irm.funnel import interactions, repacing, touchpoints
from irm.funnel.interactions import Exchange
from irm.models import Direction, PolicyScope

AT = make.MONDAY
DAY = AT.date()


@pytest.fixture
def ana(saved):
    return saved(make.user())


@pytest.fixture
def card(saved, session, ana):
    card = saved(make.relationship(owner=ana))
    exchange = Exchange("Talked.", direction=Direction.BOTH)
    interactions.log(session, card, exchange, author=ana, happened_at=AT, at=AT)
    return card


def in_days(days):
    return DAY + dt.timedelta(days=days)


def planned(session, card):
    session.expire_all()
    (one,) = touchpoints.open_ones(session, card)
    return one


def test_another_policy_moves_the_day_and_the_reason(saved, session, card):
    saved(make.policy(brand_id=card.brand_id, key="unaware", ideal=9, worst=18))

    assert repacing.repace(session, card.brand, [card.id]) == 1

    one = planned(session, card)
    assert one.due_on == card.next_touchpoint_on == in_days(9)
    assert one.why["days"] == 9
    assert repacing.repace(session, card.brand, [card.id]) == 0


def test_a_campaign_calls_its_members_in_and_lets_them_go_again(saved, session, card):
    campaign = make.campaign(brand=card.brand, starts_on=in_days(5))
    saved(make.campaign_member(campaign=campaign, relationship=card))

    repacing.repace(session, card.brand, [card.id])
    assert planned(session, card).due_on == in_days(7)
    assert planned(session, card).why["rule"] == "campaign"

    campaign.cancelled_at = AT
    session.flush()
    repacing.repace(session, card.brand, [card.id])
    assert planned(session, card).due_on == in_days(14)
    assert planned(session, card).why["rule"] == "stage"


def test_what_somebody_planned_or_snoozed_stays(saved, session, card, ana):
    one = planned(session, card)
    touchpoints.snooze(session, one, until=in_days(20), today=DAY)
    saved(make.policy(brand_id=card.brand_id, key="unaware", ideal=1, worst=1))

    assert repacing.repace(session, card.brand, [card.id]) == 0
    assert planned(session, card).due_on == in_days(20)


def test_a_whole_brand_is_gone_through_step_by_step(saved, session, card, ana, monkeypatch):
    other = saved(make.relationship(brand=card.brand, owner=ana))
    exchange = Exchange("Talked.", direction=Direction.BOTH)
    interactions.log(session, other, exchange, author=ana, happened_at=AT, at=AT)
    saved(make.policy(brand_id=card.brand_id, key="unaware", ideal=9, worst=18))
    saved(
        make.policy(
            brand_id=card.brand_id, scope=PolicyScope.CAMPAIGN, key="before", ideal=1, worst=1
        )
    )
    monkeypatch.setattr(repacing, "CHUNK", 1)

    steps, after = [], 0
    while after is not None:
        step = repacing.go_on(session, card.brand, after)
        steps.append(step.changed)
        after = step.last

    assert steps == [1, 1, 0]
    assert planned(session, card).due_on == planned(session, other).due_on == in_days(9)
