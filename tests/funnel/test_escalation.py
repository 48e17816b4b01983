"""Whom a lead is told of."""

import datetime as dt

import pytest

from irm.funnel import escalation
from irm.ledger.ageing import Limits
from tests import make

AT = make.MONDAY
RULE = escalation.Rule(Limits(), dt.UTC, AT.date())


@pytest.fixture
def brand(saved):
    return saved(make.brand())


@pytest.fixture
def left(saved, brand):
    """Somebody whom nobody contacted for so many days."""

    def make_one(days, **given):
        last = AT - dt.timedelta(days=days)
        given = {"brand": brand, "last_contact_at": last, "contact_order": last.date(), **given}
        return saved(make.relationship(**given))

    return make_one


def test_people_are_told_by_colleague_the_longest_left_alone_first(session, saved, brand, left):
    lea, ravi = saved(make.user(name="Léa")), saved(make.user(name="Ravi"))
    left(100, owner=ravi, name="Of Ravi")
    left(95, owner=lea, name="Second of Léa")
    left(200, owner=lea, name="First of Léa")
    left(150, name="Of nobody")

    told = escalation.told(session, brand.id, RULE)

    assert (told.people, told.colleagues, told.is_exact) == (4, 2, True)
    assert [(one.owner_name, one.people) for one in told.groups] == [
        ("Léa", 2),
        ("", 1),
        ("Ravi", 1),
    ]
    assert [row.name for row in told.groups[0].rows] == ["First of Léa", "Second of Léa"]
    assert told.groups[0].rows[0].days == 200


def test_who_is_planned_paused_archived_within_the_limit_or_elsewhere_is_not_told(
    session, saved, brand, left
):
    ahead = AT.date() + dt.timedelta(days=1)
    left(300, next_touchpoint_on=ahead, next_order=ahead)
    left(300, paused_until=ahead)
    left(300, influencer=make.influencer(archived_at=AT))
    left(90)
    left(300, brand=saved(make.brand()))
    saved(make.relationship(brand=brand))

    assert escalation.told(session, brand.id, RULE) == escalation.Told()


def test_there_is_room_for_ten_and_every_colleague_has_a_share(session, saved, brand, left):
    many, few = saved(make.user(name="Many")), saved(make.user(name="Few"))
    for days in range(100, 120):
        left(days, owner=many)
    left(91, owner=few)

    told = escalation.told(session, brand.id, RULE)

    assert told.people == 21
    assert [(one.owner_name, one.people, len(one.rows)) for one in told.groups] == [
        ("Many", 20, 9),
        ("Few", 1, 1),
    ]


def test_more_than_anybody_counts_is_said_to_be_more(session, brand, left, monkeypatch):
    monkeypatch.setattr(escalation, "MOST", 3)
    for days in range(100, 106):
        left(days)

    told = escalation.told(session, brand.id, RULE)

    assert (told.people, told.is_exact) == (3, False)


@pytest.mark.parametrize(
    ("days", "is_new"),
    [(90, False), (91, True), (92, False), (400, False)],
)
def test_new_is_who_was_within_the_limit_on_the_day_before(session, brand, left, days, is_new):
    left(days)
    yesterday = AT.date() - dt.timedelta(days=1)

    assert escalation.is_anybody_new(session, brand.id, RULE, yesterday) is is_new


def test_new_is_who_came_back_from_a_pause_or_was_not_met_as_planned(session, brand, left):
    yesterday, today = AT.date() - dt.timedelta(days=1), AT.date()
    before = yesterday - dt.timedelta(days=1)
    one = left(300, paused_until=yesterday, next_order=before)
    assert not escalation.is_anybody_new(session, brand.id, RULE, yesterday)

    one.paused_until = today
    session.commit()
    assert escalation.is_anybody_new(session, brand.id, RULE, yesterday)

    one.paused_until, one.next_order = None, yesterday
    session.commit()
    assert escalation.is_anybody_new(session, brand.id, RULE, yesterday)
