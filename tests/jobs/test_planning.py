"""The night plans each brand anew that has a plan; a task may also try something out."""

import datetime as dt

import make
import pytest
from sqlalchemy import func, select

from irm import clock
from irm.jobs import planning, tasks
from irm.models import Plan, Role, Task, TaskState, Touchpoint

NIGHT = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def ana(saved):
    """Ana, who looks after Mira, heard of 40 days ago."""
    member = saved(make.member(Role.MANAGER))
    long_ago = clock.now() - dt.timedelta(days=40)
    saved(
        make.relationship(
            brand=member.brand,
            owner=member.user,
            name="Mira Okafor",
            last_contact_at=long_ago,
            last_two_way_at=long_ago,
        )
    )
    return member


def planned(session, ana, made_at, **more):
    session.add(Plan(brand_id=ana.brand_id, from_on=NIGHT.date(), weeks=5, made_at=made_at, **more))
    session.commit()


def queued(session):
    session.rollback()
    return session.scalars(select(Task).where(Task.kind == "plan")).all()


def test_the_night_plans_anew_for_as_many_weeks(session, ana):
    planned(session, ana, NIGHT - dt.timedelta(days=1))

    assert planning.queue_nightly(session, NIGHT) == 1

    (task,) = queued(session)
    assert (task.brand_id, task.arguments, task.user_id) == (ana.brand_id, {"weeks": 5}, None)


def test_one_night_plans_once(session, ana):
    planned(session, ana, NIGHT - dt.timedelta(days=1))
    planning.queue_nightly(session, NIGHT)

    assert planning.queue_nightly(session, NIGHT + dt.timedelta(minutes=10)) == 0
    for task in queued(session):
        task.state = TaskState.FAILED
    session.commit()
    assert planning.queue_nightly(session, NIGHT + dt.timedelta(minutes=20)) == 0
    assert planning.queue_nightly(session, NIGHT + dt.timedelta(days=1)) == 1


def test_a_brand_without_a_plan_is_left_alone_and_one_by_day_as_well(session, ana):
    assert planning.queue_nightly(session, NIGHT) == 0

    planned(session, ana, NIGHT - dt.timedelta(hours=12))
    assert planning.queue_nightly(session, NIGHT.replace(hour=13)) == 0


def test_the_night_is_the_brand_s_own(session, ana):
    ana.brand.timezone = "Pacific/Auckland"
    planned(session, ana, NIGHT - dt.timedelta(hours=12))

    assert planning.queue_nightly(session, NIGHT) == 0
    assert planning.queue_nightly(session, NIGHT.replace(hour=13)) == 1


def test_the_task_writes_touches_and_the_plan(app, session, ana):
    ended = tasks.run_new(app, "plan", {"weeks": 4}, lambda *_: None, brand_id=ana.brand_id)

    assert ended.state is TaskState.DONE
    assert ended.result["touches"] == session.scalar(select(func.count(Touchpoint.id))) > 0
    assert session.scalar(select(Plan.weeks)) == 4


def test_the_task_tries_out_and_writes_nothing(app, session, ana):
    idea = {"weeks": 4, "whom": ana.user_id, "away": True}

    ended = tasks.run_new(app, "plan", idea, lambda *_: None, brand_id=ana.brand_id)

    assert ended.result["now"]["touches"] > ended.result["then"]["touches"] == 0
    assert session.scalar(select(func.count(Touchpoint.id))) == 0
    assert session.scalar(select(func.count(Plan.id))) == 0


def test_one_colleague_s_plan_stands_beside_those_of_the_others(app, session, saved, ana):
    ben = saved(make.member(Role.MANAGER, brand=ana.brand))
    saved(make.relationship(brand=ana.brand, owner=ben.user, name="Noor"))
    tasks.run_new(app, "plan", {"weeks": 4}, lambda *_: None, brand_id=ana.brand_id)

    more = {"weeks": 6, "owner": ben.user_id}
    tasks.run_new(app, "plan", more, lambda *_: None, brand_id=ana.brand_id)

    outcome = session.scalars(select(Plan.outcome).order_by(Plan.id.desc())).first()
    lengths = {desk["owner_id"]: len(desk["weeks"]) for desk in outcome["desks"]}
    assert lengths[ana.user_id] < lengths[ben.user_id]
    assert outcome["people"] == 2
