"""What an import meets on the way: another import, a predecessor that wakes, an end, odd cells."""

import datetime as dt
import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import make
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.imports import matching
from irm.imports.orders import Order
from irm.jobs import importing, tasks
from irm.models import Account, ImportBatch, Snapshot, StageCounter, Task, TaskState
from tests.imports.brought import DAY, HEADINGS, counts, people

LIST = HEADINGS + "ana,Ana,10\n"


@pytest.fixture
def order_of(session, brand, tmp_path):
    """Order the import of a text, and return the task that waits."""
    names = itertools.count()

    def order_of(text, day=DAY, **given):
        path = tmp_path / f"ordered{next(names)}.csv"
        path.write_text(text)
        order = Order.of(path, "list.csv", day, platform="instagram", **given)
        task = tasks.enqueue(session, "import", order.to_json(), at=make.MONDAY, brand_id=brand.id)
        session.commit()
        return task

    return order_of


def silent(_done, _total):
    pass


def test_an_older_list_that_runs_beside_a_newer_one_does_not_overwrite_its_figures(
    app, bring, session, order_of, monkeypatch
):
    bring(HEADINGS + "ana,Ana,10,,as of day one\n")
    older = order_of(HEADINGS + "ana,Ana,20,,as of day two\n", DAY + dt.timedelta(1))
    newer = order_of(HEADINGS + "ana,Ana,30,,as of day three\n", DAY + dt.timedelta(2))
    decided, real = threading.Event(), matching.decide

    def slow(*args, **given):
        # The older one has decided; the newer one begins, and has time to end if nobody stops it.
        decisions = real(*args, **given)
        if not decided.is_set():
            decided.set()
            time.sleep(1.0)
        return decisions

    monkeypatch.setattr(importing.matching, "decide", slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(tasks.run_inline, app, older.id, silent)
        decided.wait(10)
        second = pool.submit(tasks.run_inline, app, newer.id, silent)
        assert {first.result().state, second.result().state} == {TaskState.DONE}

    ana = people(session)["ana"]
    assert (ana.followers, ana.figures_on) == (30, DAY + dt.timedelta(2))
    assert ana.influencer.bio == "as of day three"
    assert session.scalars(select(Snapshot.followers).order_by(Snapshot.day)).all() == [10, 20, 30]


@pytest.mark.parametrize("step", ["_write", "_end"])
def test_who_rightly_goes_on_passes_over_what_a_slow_predecessor_still_wrote(
    app, session, order_of, monkeypatch, step
):
    task = order_of(HEADINGS + "".join(f"person{n},Person {n},{n}\n" for n in range(250)))
    real, seen = getattr(importing, step), itertools.count(step == "_end")

    def after_another(ours, *args):
        if next(seen) == 1:
            # A process that had slept through its claim wakes, and does this step before us.
            with Session(session.get_bind(), expire_on_commit=False) as other:
                batch = other.scalars(select(ImportBatch)).one()
                real(other, *(batch if isinstance(one, ImportBatch) else one for one in args))
        real(ours, *args)

    monkeypatch.setattr(importing, step, after_another)
    ended = tasks.run_inline(app, task.id, silent)

    assert ended.state is TaskState.DONE, ended.error
    assert counts(ended.result) == {"rows": 250, "created": 250}
    assert session.scalar(select(func.count()).select_from(Account)) == 250
    assert session.scalar(select(func.sum(StageCounter.people))) == 250
    assert session.scalar(select(func.count()).where(Task.kind == "score")) == 1


def test_the_copy_of_an_upload_goes_when_its_import_fails_for_a_reason_nobody_foresaw(
    app, order_of, monkeypatch
):
    task = order_of(LIST, is_copy=True)

    def breaks(*_args):
        raise ZeroDivisionError

    monkeypatch.setattr(importing.writing, "write", breaks)
    ended = tasks.run_inline(app, task.id, silent)

    assert ended.state is TaskState.FAILED
    assert not Path(task.arguments["path"]).exists()


def test_the_copy_of_an_upload_goes_when_its_import_is_given_up(app, session, order_of):
    task = order_of(LIST, is_copy=True)
    task.state, task.claim_token, task.attempts = TaskState.RUNNING, "dead", tasks.ATTEMPTS
    task.lease_until = make.MONDAY
    session.commit()

    assert tasks.run_next(app) is None

    session.refresh(task)
    assert task.state is TaskState.FAILED
    assert not Path(task.arguments["path"]).exists()


def test_a_file_of_the_users_own_stays_when_its_import_fails(app, order_of, monkeypatch):
    task = order_of(LIST)
    monkeypatch.setattr(importing.writing, "write", lambda *_args: 1 / 0)

    assert tasks.run_inline(app, task.id, silent).state is TaskState.FAILED
    assert Path(task.arguments["path"]).exists()


#: Every heading of a list, with a cell that says something.
CELLS = {
    "Platform": "instagram", "Handle": "ana", "Name": "Ana", "Profile URL":
    "https://instagram.com/ana", "Channel id": "12", "Followers": "10", "Likes avg": "1",
    "Comments avg": "1", "Shares avg": "1", "Views avg": "1", "Engagement average": "1",
    "Country": "France", "City": "Lyon", "Language": "French", "Bio": "Cooks", "E-mail":
    "ana@example.org", "Phone": "+33 1 23 45 67 89", "Category": "food",
}  # fmt: skip
LONG = {
    "emoji": "🎉" * 10_000,
    "letters": "x" * 10_000,
    "digits": "9" * 10_000,
    "an address": "a@" + "abcdefg." * 50 + "com",
    "letters that fold to three": "a@" + "\u0390" * 120 + ".com",
    "a zero in an address": "https://www.instagram.com/a%00b",
    "a zero as an id": "https://www.facebook.com/profile.php?id=1%002",
}


@pytest.mark.parametrize("what", LONG)
def test_no_cell_is_too_long_or_too_odd_for_an_import(bring, session, what):
    lines = [",".join(CELLS)]
    for n, odd in enumerate(CELLS):
        cells = CELLS | {"Handle": f"h{n}", "Channel id": "", "Profile URL": ""}
        cells |= {"E-mail": f"h{n}@example.org", odd: LONG[what]}
        lines.append(",".join(cells.values()))

    result = bring("\n".join([*lines, ",".join(CELLS.values())]) + "\n", platform=None)

    assert result["rows"] == len(CELLS) + 1
    assert result["created"] + result["refused"] == result["rows"]
    assert result["created"] >= len(CELLS) - 5
    assert "ana" in people(session)
