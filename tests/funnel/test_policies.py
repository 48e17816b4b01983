"""A brand's own cadences: kept where they differ, looked at before, and followed."""

import datetime as dt
from dataclasses import replace

import make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from irm.funnel import cadence, interactions, policies, repacing, touchpoints
from irm.funnel.cadence import DEFAULTS, Cadence
from irm.funnel.interactions import Exchange
from irm.models import CadencePolicy, Direction, Level, Stage, Task

AT = make.MONDAY
DAY = AT.date()


@pytest.fixture
def ana(saved):
    return saved(make.user())


@pytest.fixture
def brand(saved):
    return saved(make.brand())


def own(stage=Stage.UNAWARE, ideal=9, worst=18):
    return replace(DEFAULTS, by_stage={**DEFAULTS.by_stage, stage: Cadence(ideal, worst)})


def talked(saved, session, brand, ana, **given):
    card = saved(make.relationship(brand=brand, owner=ana, **given))
    exchange = Exchange("Talked.", direction=Direction.BOTH)
    interactions.log(session, card, exchange, author=ana, happened_at=AT, at=AT)
    return card


def test_only_what_differs_is_kept_and_going_back_keeps_nothing(session, brand, ana):
    assert policies.put(session, brand, own(), user=ana, at=AT)
    assert not policies.put(session, brand, own(), user=ana, at=AT)

    (kept,) = session.scalars(select(CadencePolicy))
    assert (kept.key, kept.ideal, kept.worst) == ("unaware", 9, 18)
    assert cadence.policies_of(session, brand.id) == own()

    assert policies.put(session, brand, DEFAULTS, user=ana, at=AT)
    assert session.scalars(select(CadencePolicy)).all() == []


_days = st.integers(1, 365)
_cadences = st.tuples(_days, _days).map(lambda two: Cadence(min(two), max(two)))
_anything = st.builds(
    cadence.Policies,
    st.fixed_dictionaries(dict.fromkeys(Stage, _cadences)),
    st.fixed_dictionaries(dict.fromkeys(Level, _cadences)),
    st.fixed_dictionaries(
        {"during": _cadences, "before": st.none() | _cadences, "after": st.none() | _cadences}
    ),
)


@given(_anything)
@settings(max_examples=30)
def test_whatever_is_set_is_read_again(chosen):
    rows = [
        CadencePolicy(scope=scope, key=key, ideal=found.ideal, worst=found.worst)
        for scope, key, found in policies.each(chosen)
        if found is not None
    ]

    assert cadence.Policies.of(rows) == chosen


def test_a_look_says_whom_it_concerns_and_writes_nothing(saved, session, brand, ana):
    for name in ("Abel", "Bea"):
        talked(saved, session, brand, ana, name=name)
    talked(saved, session, brand, ana, stage=Stage.ENGAGED)
    leveled = saved(make.relationship(brand=brand, level=Level.ADVANCED))
    session.flush()

    found = policies.preview(session, brand, own(ideal=5, worst=9), DAY + dt.timedelta(days=6))

    assert (found.people, found.moved, found.overdue, found.is_exact) == (2, 2, 2, True)
    assert [(row.name, day) for row, day in found.some] == [
        ("Abel", DAY + dt.timedelta(days=5)),
        ("Bea", DAY + dt.timedelta(days=5)),
    ]
    assert leveled.next_touchpoint_on is None
    assert session.scalars(select(CadencePolicy)).all() == []
    assert policies.preview(session, brand, DEFAULTS, DAY)[:3] == (0, 0, 0)


def test_members_of_a_running_campaign_are_counted_by_its_phase(saved, session, brand):
    campaign = make.campaign(brand=brand)
    for one in (campaign, make.campaign(brand=brand, cancelled_at=AT)):
        saved(make.campaign_member(campaign=one, relationship=make.relationship(brand=brand)))
    tighter = replace(DEFAULTS, by_phase={**DEFAULTS.by_phase, "during": Cadence(3, 5)})

    assert policies.preview(session, brand, tighter, DAY).people == 1
    assert policies.preview(session, brand, tighter, DAY - dt.timedelta(days=1)).people == 0


def test_what_is_planned_follows_at_once_or_by_a_task(saved, session, brand, ana, monkeypatch):
    card = talked(saved, session, brand, ana)
    policies.put(session, brand, own(), user=ana, at=AT)

    assert policies.follow(session, brand, ana, AT) is None
    session.expire_all()
    (planned,) = touchpoints.open_ones(session, card)
    assert planned.due_on == DAY + dt.timedelta(days=9)

    monkeypatch.setattr(repacing, "INLINE", 0)
    policies.put(session, brand, DEFAULTS, user=ana, at=AT)
    task = policies.follow(session, brand, ana, AT)
    session.flush()
    assert session.scalars(select(Task)).all() == [task]
    assert (task.kind, task.brand_id) == ("cadence", brand.id)
