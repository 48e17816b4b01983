"""Who stands still for how long: of one relationship, and as the database is asked."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from irm.ledger import ageing
from irm.ledger.ageing import Ageing, Limits
from irm.ledger.orders import day_order
from irm.models import Relationship, Stage
from tests import make

UTC = dt.UTC
DAY = dt.date(2026, 3, 2)
OWN = Limits()


def ago(days):
    return dt.datetime(2026, 3, 2, 9, tzinfo=UTC) - dt.timedelta(days=days)


def marks(limits=OWN, **given):
    given.setdefault("stage", Stage.AWARE)
    given.setdefault("stage_since", ago(0))
    return ageing.age(make.relationship(**given), DAY, UTC, limits).marks


def test_whom_nobody_contacted_yet_is_never_late():
    assert marks(stage=Stage.UNAWARE, stage_since=ago(400)) == ()


def test_a_stage_is_over_its_limit_the_day_after_the_last_that_is_usual():
    assert marks(stage_since=ago(90), last_contact_at=ago(1)) == ()
    assert marks(stage_since=ago(91), last_contact_at=ago(1)) == (Ageing.STUCK,)


def test_at_the_last_stage_there_is_no_limit():
    assert marks(stage=Stage.AMBASSADOR, stage_since=ago(3000), last_contact_at=ago(1)) == ()


def test_quiet_has_two_limits():
    assert marks(last_contact_at=ago(45)) == ()
    assert marks(last_contact_at=ago(46)) == (Ageing.SLIPPING,)
    assert marks(last_contact_at=ago(90)) == (Ageing.SLIPPING,)
    assert marks(last_contact_at=ago(91)) == (Ageing.LOST,)


def test_both_clocks_may_be_over():
    assert marks(stage_since=ago(200), last_contact_at=ago(200)) == (Ageing.LOST, Ageing.STUCK)


def test_a_touchpoint_ahead_stops_the_clocks_and_one_that_is_overdue_does_not():
    late = {"stage_since": ago(200), "last_contact_at": ago(200)}
    ahead, overdue = DAY, DAY - dt.timedelta(days=1)

    assert marks(next_touchpoint_on=ahead, **late) == ()
    assert marks(next_touchpoint_on=overdue, **late) == (Ageing.LOST, Ageing.STUCK)


def test_a_pause_stops_the_clocks_until_its_day():
    late = {"stage_since": ago(200), "last_contact_at": ago(200)}

    assert marks(paused_until=DAY + dt.timedelta(days=1), **late) == (Ageing.PAUSED,)
    assert marks(paused_until=DAY, **late) == (Ageing.LOST, Ageing.STUCK)


def test_an_age_is_told_with_its_numbers():
    row = make.relationship(stage=Stage.INTERESTED, stage_since=ago(70), last_contact_at=ago(100))

    told = ageing.age(row, DAY, UTC, OWN)

    assert (told.days_at_stage, told.stage_limit) == (70, 63)
    assert (told.days_quiet, told.quiet_limit) == (100, 90)


def test_a_moment_that_is_still_to_come_is_no_age():
    """The clock of some machine ran ahead once."""
    row = make.relationship(stage_since=ago(-5), last_contact_at=ago(-5))

    told = ageing.age(row, DAY, UTC, OWN)

    assert (told.days_at_stage, told.days_quiet) == (0, 0)


def test_a_brand_keeps_only_what_is_not_our_own():
    chosen = Limits(aware=30, engaged=None, first=20, second=40)

    kept = ageing.stored(chosen)

    assert kept == {"aware": 30, "engaged": None, "first": 20, "second": 40}
    assert ageing.limits(kept) == chosen
    assert ageing.stored(OWN) == {}


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        "x",
        {"aware": 0, "interested": "7", "engaged": True, "unaware": -1},
        {"first": None, "second": None},
        {"first": 90, "second": 90},
        {"first": 100},
        {"aware": 10**9, "nonsense": 3},
    ],
)
def test_limits_that_cannot_be_meant_are_our_own(kept):
    assert ageing.limits(kept) == OWN


days_or_none = st.one_of(st.none(), st.integers(-3, 12))


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(Stage),
            st.integers(0, 300),
            st.one_of(st.none(), st.integers(0, 300)),
            days_or_none,
            days_or_none,
        ),
        min_size=1,
        max_size=8,
    ),
    zone=st.sampled_from(["UTC", "Europe/Paris", "Pacific/Auckland", "America/Los_Angeles"]),
    limits=st.builds(
        Limits,
        unaware=st.one_of(st.none(), st.integers(1, 12)),
        aware=st.one_of(st.none(), st.integers(1, 12)),
        interested=st.integers(1, 12),
        first=st.integers(1, 5),
        second=st.integers(6, 12),
    ),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_answers_what_the_page_says(session, rows, zone, limits):
    """Around the days on which the clocks of these zones are changed."""
    day, home = dt.date(2026, 3, 31), ZoneInfo(zone)
    end = dt.datetime(2026, 3, 31, 12, tzinfo=UTC)
    brand = make.brand(timezone=zone)
    session.add(brand)
    session.flush()
    for stage, since, contact, following, paused in rows:
        last = None if contact is None else end - dt.timedelta(hours=contact)
        ahead = None if following is None else day + dt.timedelta(days=following)
        session.add(
            make.relationship(
                brand_id=brand.id,
                stage=stage,
                stage_since=end - dt.timedelta(hours=since),
                last_contact_at=last,
                next_touchpoint_on=ahead,
                next_order=day_order(ahead),
                paused_until=None if paused is None else day + dt.timedelta(days=paused),
            )
        )
    session.flush()
    of_brand = select(Relationship).where(Relationship.brand_id == brand.id)
    told = {one.id: ageing.age(one, day, home, limits).marks for one in session.scalars(of_brand)}

    for mark in Ageing:
        asked = of_brand.where(ageing.condition(mark, day, home, limits))
        found = {one.id for one in session.scalars(asked)}
        assert found == {id for id, marks in told.items() if mark in marks}, mark
    both = of_brand.where(ageing.any_of((Ageing.LOST, Ageing.PAUSED), day, home, limits))
    assert {one.id for one in session.scalars(both)} == {
        id for id, marks in told.items() if {Ageing.LOST, Ageing.PAUSED} & set(marks)
    }
    session.rollback()
