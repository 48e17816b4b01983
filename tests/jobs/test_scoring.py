"""Scoring as a task: once a night, and by one worker."""

import datetime as dt
import gc

import make
import pytest
from sqlalchemy import func, select, update

from irm import clock, scheduler
from irm.db import PAGES, db
from irm.jobs import scoring, tasks
from irm.models import Account, Influencer, Score, Setting, Task, TaskState, Tick

NIGHT = dt.datetime(2026, 3, 3, 2, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def crowd(session, saved):
    """Enough accounts for an expected line."""
    for number in range(1, 36):
        person = saved(make.influencer())
        saved(make.account(influencer=person, followers=1000 * number, likes_average=20 * number))


def queued(session, **given):
    task = Task(kind="score", **{"arguments": {}, "created_at": NIGHT, **given})
    session.add(task)
    session.commit()
    return task


def ended(session, state=TaskState.DONE):
    session.execute(update(Task).values(state=state))
    session.commit()


def test_everybody_is_scored_once_a_night(session):
    assert scoring.queue_nightly(session, NIGHT)
    assert not scoring.queue_nightly(session, NIGHT + HOUR / 6)
    ended(session)
    assert not scoring.queue_nightly(session, NIGHT + 2 * HOUR)
    assert not scoring.queue_nightly(session, NIGHT + 12 * HOUR)
    assert scoring.queue_nightly(session, NIGHT + 23 * HOUR)


def test_a_night_that_was_slept_through_is_made_up_for_by_day(session):
    noon = NIGHT + 10 * HOUR
    assert scoring.queue_nightly(session, noon)
    ended(session)
    assert not scoring.queue_nightly(session, noon + 24 * HOUR)
    assert scoring.queue_nightly(session, noon + 48 * HOUR)


@pytest.mark.parametrize("state", [TaskState.QUEUED, TaskState.RUNNING])
def test_no_second_scoring_waits_behind_a_long_one(session, state):
    queued(session, state=state)
    assert not scoring.queue_nightly(session, NIGHT + 72 * HOUR)


def test_the_scoring_of_a_few_or_of_a_brand_spares_nobody_the_night(session, saved):
    queued(session, arguments={"people": [1, 2]})
    queued(session, brand_id=saved(make.brand()).id)
    assert scoring.queue_nightly(session, NIGHT)


def test_several_workers_queue_one_scoring(app, session, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NIGHT)
    entry = next(one for one in scheduler.TIMETABLE if one.name == "scores")
    for name in ("one", "two"):
        scheduler.guard(scheduler.Worker(app, name=name), entry)

    assert session.scalar(select(func.count(Task.id))) == 1
    assert session.get_one(Tick, "scores").last_error is None


def test_what_is_queued_at_night_scores_everybody(app, session, crowd):
    scoring.queue_nightly(session, clock.now())
    id = tasks.run_next(app)
    session.expire_all()
    assert session.get_one(Task, id).result["people"] == 35
    assert session.scalar(select(func.count(Influencer.reach))) == 35


def written(session):
    session.expire_all()
    scores = session.scalar(select(func.count(Score.id)))
    lines = session.scalar(select(func.count()).select_from(Setting))
    people = session.scalar(select(func.count(Influencer.reach)))
    return scores, lines, people


@pytest.mark.parametrize("arguments", [{}, {"people": list(range(1, 36))}])
def test_whoever_lost_the_claim_writes_nothing_more(app, session, crowd, monkeypatch, arguments):
    def slow(app, task, report):
        """Sleep until somebody has taken the task over; nothing tells whose it is now."""
        other = db.sessionmaker()
        other.execute(update(Task).values(claim_token="somebody else"))
        other.commit()
        other.close()
        return scoring.run(app, task, lambda done, total: None)

    monkeypatch.setitem(tasks.KINDS, "score", slow)
    task = queued(session, arguments=arguments)
    assert tasks.run_next(app) == task.id

    assert written(session) == (0, 0, 0)
    session.expire_all()
    found = session.get_one(Task, task.id)
    assert (found.state, found.claim_token) == (TaskState.RUNNING, "somebody else")


def test_a_claim_lost_half_way_ends_the_work_there(app, session, crowd, monkeypatch):
    def slow(app, task, report):
        def rob(done, total):
            if done == 35:  # all is read, and no line is kept yet
                other = db.sessionmaker()
                other.execute(update(Task).values(claim_token="somebody else"))
                other.commit()
                other.close()

        return scoring.run(app, task, rob)

    monkeypatch.setitem(tasks.KINDS, "score", slow)
    queued(session)
    tasks.run_next(app)

    assert written(session) == (0, 0, 0)


def test_a_scoring_leaves_memory_and_garbage_as_they_were(app, session, crowd):
    before = gc.get_threshold()
    with app.app_context():
        scoring.score(db.session, clock.now())
        if db.session.get_bind().dialect.name == "sqlite":
            size = db.session.connection().exec_driver_sql("PRAGMA cache_size").scalar_one()
            assert size == -PAGES
    queued(session)
    tasks.run_next(app)
    assert gc.get_threshold() == before


def test_sort_keys_follow_the_scores_they_stand_for(session, saved):
    card = saved(make.relationship())
    account = saved(make.account(influencer=card.influencer, followers=5000, likes_average=100))
    scoring.score(session, clock.now())
    account.followers = 9000
    session.commit()
    scoring.score(session, clock.now())

    session.expire_all()
    person = card.influencer
    assert card.reach_order == 100.0 - person.reach
    assert card.fit_order == 100.0 - card.fit
    assert card.resonance_order == 100.0 - person.resonance


def test_a_change_that_was_scored_meanwhile_stands(app, session, crowd, monkeypatch):
    one = session.scalars(select(Influencer).order_by(Influencer.id)).first()

    def busy(app, task, report):
        def change(done, total):
            if done == 35:  # all is read, and nothing is written yet
                other = db.sessionmaker()
                account = other.scalars(
                    select(Account).where(Account.influencer_id == one.id)
                ).one()
                account.followers = 9_999_999
                named = {"people": [one.id]}
                other.add(Task(kind="score", arguments=named, created_at=NIGHT, state="done"))
                other.commit()
                scoring.score_people(other, [one.id], clock.now())
                other.commit()
                other.close()

        return scoring.run(app, task, change)

    monkeypatch.setitem(tasks.KINDS, "score", busy)
    queued(session)
    tasks.run_next(app)

    session.expire_all()
    assert one.audience == 9_999_999
    assert one.reach == pytest.approx(87.5, abs=0.01)


def test_a_topic_that_was_edited_and_scored_meanwhile_stands(
    app, session, saved, crowd, monkeypatch
):
    card = saved(make.relationship())
    account = saved(make.account(influencer=card.influencer, followers=9_000))
    saved(make.post(account_id=account.id, text="Mon vélo"))
    brand_id = card.brand_id

    def busy(app, task, report):
        def edit(done, total):
            if done == 37 and total == 73:  # the topics are read, and nobody is written yet
                other = db.sessionmaker()
                other.add(make.topic(brand_id=brand_id, keywords=["vélo"]))
                other.commit()
                scoring.score(other, clock.now(), brand_id)
                other.close()

        return scoring.run(app, task, edit)

    with monkeypatch.context() as once:
        once.setitem(tasks.KINDS, "score", busy)
        queued(session)
        tasks.run_next(app)
    while tasks.run_next(app) is not None:
        pass

    session.expire_all()
    assert card.relevance > 0
    queue = session.scalars(select(Task).order_by(Task.id))
    assert [task.brand_id for task in queue] == [None, brand_id]


def test_what_waits_to_be_scored_is_not_queued_again(app, session, saved, crowd, monkeypatch):
    brand_id = saved(make.brand()).id

    def busy(app, task, report):
        def edit(done, total):
            if done == 35:
                other = db.sessionmaker()
                other.add(make.topic(brand_id=brand_id, keywords=["vélo"]))
                other.add(Task(kind="score", arguments={}, brand_id=brand_id, created_at=NIGHT))
                other.commit()
                other.close()

        return scoring.run(app, task, edit)

    monkeypatch.setitem(tasks.KINDS, "score", busy)
    queued(session)
    tasks.run_next(app)

    assert len(session.scalars(select(Task)).all()) == 2
