"""Long work: claimed once, shown while it runs, taken up again after a crash."""

import datetime as dt
import threading
import time

import pytest
from at_once import at_once
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from irm import clock
from irm.db import db
from irm.errors import Refused
from irm.i18n import _l
from irm.jobs import pulse, tasks
from irm.models import Setting, Task, TaskState

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def kind(monkeypatch):
    """Give tasks of kind "test" something to do."""

    def does(run):
        monkeypatch.setitem(tasks.KINDS, "test", run)

    return does


@pytest.fixture
def queued(session, kind):
    """A task that waits."""
    kind(lambda _app, _task, _report: {})

    def make_one(**given):
        task = tasks.enqueue(session, "test", given, at=clock.now())
        session.commit()
        return task

    return make_one


def fresh(session, task):
    session.expire_all()
    return session.get_one(Task, task.id)


def left_by_a_dead_worker(session, task, attempts=1):
    task.state, task.claim_token, task.attempts = TaskState.RUNNING, "dead", attempts
    task.lease_until = clock.now() - MINUTE
    session.commit()


def test_the_oldest_task_is_run_and_its_result_kept(app, session, queued, kind):
    kind(lambda _app, task, _report: {"echo": task.arguments["word"]})
    first, second = queued(word="one"), queued(word="two")

    assert [tasks.run_next(app) for _ in range(3)] == [first.id, second.id, None]
    found = fresh(session, first)
    assert (found.state, found.result) == (TaskState.DONE, {"echo": "one"})
    assert found.finished_at is not None
    assert found.claim_token is None


def test_progress_is_written_while_the_task_runs(app, session, queued, kind):
    seen = []

    def run(_app, task, report):
        report(3, 10)
        until = time.monotonic() + 60
        while time.monotonic() < until and not seen:
            found = fresh(session, task)
            seen.extend([found.done] if found.done else [])
            time.sleep(0.05)
        report(10, 10)
        return {}

    kind(run)
    task = queued()
    tasks.run_next(app)
    assert seen == [3]
    assert (fresh(session, task).done, fresh(session, task).total) == (10, 10)


def test_a_task_may_report_in_the_middle_of_its_own_transaction(app, queued, kind):
    def run(_app, _task, report):
        db.session.add(Setting(name="test", value=1))
        db.session.flush()
        for done in range(3):
            report(done, 3)
            time.sleep(pulse.INTERVAL)
        db.session.commit()
        return {}

    kind(run)
    queued()
    began = time.monotonic()
    tasks.run_next(app)
    assert time.monotonic() - began < 30


def test_a_refusal_is_kept_as_code_and_parameters(app, session, queued, kind):
    def run(_app, _task, _report):
        raise Refused(_l("There is no brand named %(name)s.", name="Ácme"))

    kind(run)
    task = queued()
    tasks.run_next(app)
    found = fresh(session, task)
    assert found.state is TaskState.FAILED
    assert found.error == {
        "message": "There is no brand named %(name)s.",
        "params": {"name": "Ácme"},
    }


def test_a_bug_fails_the_task_and_not_the_worker(app, session, queued, kind):
    def run(_app, _task, _report):
        db.session.add(Setting(name="half", value=1))
        db.session.flush()
        raise ZeroDivisionError

    kind(run)
    task = queued()
    tasks.run_next(app)
    assert fresh(session, task).state is TaskState.FAILED
    assert "log" in fresh(session, task).error["message"]
    assert session.get(Setting, "half") is None


def test_a_task_whose_worker_died_is_begun_again(app, session, queued):
    task = queued()
    left_by_a_dead_worker(session, task)
    assert tasks.run_next(app) == task.id
    found = fresh(session, task)
    assert (found.state, found.attempts) == (TaskState.DONE, 2)


def test_a_task_that_kills_its_workers_is_given_up(app, session, queued):
    task = queued()
    left_by_a_dead_worker(session, task, attempts=tasks.ATTEMPTS)
    assert tasks.run_next(app) is None
    assert fresh(session, task).state is TaskState.FAILED


def test_a_task_cut_off_by_the_database_is_left_for_another_try(app, session, queued, kind):
    def run(_app, _task, _report):
        raise OperationalError("SELECT 1", {}, Exception("the server closed the connection"))

    kind(run)
    task = queued()
    tasks.run_next(app)
    assert fresh(session, task).state is TaskState.RUNNING
    assert fresh(session, task).lease_until > clock.now()


def test_who_lost_the_claim_stops_and_writes_nothing(app, session, queued, kind, monkeypatch):
    monkeypatch.setattr(pulse, "INTERVAL", 0.05)

    def run(_app, task, report):
        found = fresh(session, task)
        found.claim_token = "somebody else"
        session.commit()
        for done in range(100):
            report(done, 100)
            time.sleep(0.05)
        return {"wrong": True}

    kind(run)
    task = queued()
    tasks.run_next(app)
    found = fresh(session, task)
    assert (found.state, found.result) == (TaskState.RUNNING, {})
    assert found.claim_token == "somebody else"


def test_a_long_silent_task_keeps_its_claim(app, session, queued, kind, monkeypatch):
    monkeypatch.setattr(pulse, "INTERVAL", 0.05)
    monkeypatch.setattr(tasks, "LEASE", dt.timedelta(seconds=2))
    others = []

    def run(_app, _task, _report):
        time.sleep(2.5)
        others.append(tasks.run_next(app))
        return {}

    kind(run)
    task = queued()
    tasks.run_next(app)
    assert others == [None]
    assert fresh(session, task).attempts == 1


def test_two_workers_share_the_tasks_and_do_none_twice(app, session, queued, kind):
    done = []
    kind(lambda _app, task, _report: done.append(task.id) or {})
    wanted = [queued().id for _ in range(12)]

    def work(_n):
        while tasks.run_next(app) is not None:
            pass

    at_once(work, 3)
    assert sorted(done) == wanted
    assert set(session.scalars(select(Task.attempts))) == {1}


def test_the_command_line_runs_its_own_task_and_shows_its_progress(app, queued, kind):
    def run(_app, _task, report):
        report(1, 2)
        report(2, 2)
        return {"people": 2}

    kind(run)
    shown = []
    ended = tasks.run_inline(app, queued().id, lambda done, total: shown.append((done, total)))
    assert (ended.state, ended.result) == (TaskState.DONE, {"people": 2})
    assert shown == [(1, 2), (2, 2)]


def test_a_task_of_the_command_line_is_begun_by_nobody_else(app, session, kind, monkeypatch):
    real, others = tasks._run, []

    def run_late(*args):
        others.append(tasks.run_next(app))
        real(*args)

    kind(lambda _app, task, _report: {"echo": task.arguments["word"]})
    monkeypatch.setattr(tasks, "_run", run_late)
    ended = tasks.run_new(app, "test", {"word": "one"}, lambda _done, _total: None)

    assert others == [None]
    assert (ended.state, ended.result, ended.attempts) == (TaskState.DONE, {"echo": "one"}, 1)


def test_the_command_line_follows_a_task_that_a_worker_took_first(app, queued, kind):
    begun, go_on = threading.Event(), threading.Event()

    def run(_app, _task, _report):
        begun.set()
        go_on.wait(10)
        return {"by": "worker"}

    kind(run)
    task = queued()
    worker = threading.Thread(target=tasks.run_next, args=(app,))
    worker.start()
    begun.wait(10)
    ended = tasks.run_inline(app, task.id, lambda _done, _total: go_on.set())
    worker.join()
    assert ended.result == {"by": "worker"}


def test_a_kind_that_does_not_exist_is_our_mistake(session):
    with pytest.raises(ValueError, match="no kind"):
        tasks.enqueue(session, "nonsense", {}, at=clock.now())
