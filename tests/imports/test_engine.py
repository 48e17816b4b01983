"""What happens to any list: drafted, tried, imported, gone on with after an end, in its turn."""

import datetime as dt
import itertools
from pathlib import Path

import make
import pytest
from sqlalchemy import func, select, update

from irm import clock
from irm.errors import Refused
from irm.imports import batches, lists, refused, steps
from irm.imports.complaints import sentence
from irm.imports.orders import Order
from irm.jobs import importing, tasks
from irm.jobs.importing import running
from irm.models import (
    Account,
    BatchState,
    ImportBatch,
    ImportMapping,
    ImportRow,
    ImportStep,
    Influencer,
    StageCounter,
    Task,
    TaskState,
    Verdict,
)
from tests.imports.brought import counts, stored
from tests.imports.plain import HEADINGS, Plain

LIST = HEADINGS + "ana,Ana,10\nravi,Ravi,20\n,Nobody,1\n"


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    monkeypatch.setattr(lists, "KINDS", {"plain": Plain})


def many(count, factor=1):
    return HEADINGS + "".join(f"person{n},Person {n},{n * factor}\n" for n in range(count))


def test_a_list_is_imported_and_its_batch_says_how(drafted, done, session, state_of):
    batch_id = drafted(LIST)
    assert state_of(batch_id) is BatchState.DRAFT

    result = done(batch_id)

    assert counts(result) == {"rows": 3, "created": 2, "refused": 1}
    batch = session.get_one(ImportBatch, batch_id)
    assert (state_of(batch_id), batch.kind) == (BatchState.DONE, "plain")
    assert batch.reading["columns"] == {
        "Handle": "handle",
        "Name": "name",
        "Followers": "followers",
    }
    (step,) = session.scalars(select(ImportStep)).all()
    assert step.number == 0
    assert sorted(step.created) == [
        "accounts", "influencers", "relationships", "snapshots", "stage_moves",
    ]  # fmt: skip


def test_a_try_says_of_every_row_what_would_come_of_it_and_touches_nobody(
    drafted, done, bring, session, state_of
):
    bring(HEADINGS + "ana,Ana,10\nben,Ben,1\n")
    before = stored(session)
    batch_id = drafted(LIST.replace("Ana", "Anna") + "ben,Ben,1\ncyd,,5\ncyd,,6\n")

    assert counts(done(batch_id, "try")) == {
        "rows": 6, "created": 2, "updated": 1, "same": 1, "conflicts": 1, "refused": 1,
    }  # fmt: skip

    assert stored(session) == before
    assert state_of(batch_id) is BatchState.TRIED
    rows = session.scalars(
        select(ImportRow).where(ImportRow.batch_id == batch_id).order_by(ImportRow.number)
    ).all()
    assert [(row.number, row.verdict) for row in rows] == [
        (2, Verdict.UPDATED),
        (3, Verdict.CREATED),
        (4, Verdict.REFUSED),
        (5, Verdict.SAME),
        (6, Verdict.CONFLICT),
        (7, Verdict.CREATED),
    ]
    assert rows[0].changes == {"name": ["Ana", "Anna"]}
    assert (rows[2].cells, rows[4].cells) == (["", "Nobody", "1"], ["cyd", "", "5"])
    assert rows[0].cells is None

    assert counts(done(batch_id)) == {
        "rows": 6, "created": 2, "updated": 1, "same": 1, "conflicts": 1, "refused": 1,
    }  # fmt: skip
    kept = select(func.count()).where(ImportRow.batch_id == batch_id)
    assert session.scalar(kept) == 5


def test_a_draft_that_is_read_another_way_is_tried_anew(drafted, done, session, state_of):
    batch_id = drafted(LIST)
    done(batch_id, "try")
    batch = session.get_one(ImportBatch, batch_id)
    order = Order.from_json(batch.order)

    batches.change(session, batch, order._replace(rules={"name": "never"}, platform="tiktok"))
    session.commit()

    assert (state_of(batch_id), batch.rows, batch.platform) == (BatchState.DRAFT, 0, "tiktok")
    assert counts(done(batch_id, "try"))["rows"] == 3
    assert session.scalar(select(func.count()).where(ImportRow.batch_id == batch_id)) == 3


@pytest.mark.usefixtures("by_hundreds")
@pytest.mark.parametrize("work", ["try", "import"])
@pytest.mark.parametrize("survived", [0, 1, 2])
def test_what_is_killed_at_any_hundred_comes_to_the_same_end(
    app, drafted, queued, session, monkeypatch, survived, work
):
    task_id = queued(drafted(many(250) + "person3,Person 3,3\n,x,1\n"), work)
    real, written = steps.note, itertools.count()

    def dies(*args, **given):
        if next(written) == survived:
            raise KeyboardInterrupt
        return real(*args, **given)

    run = tasks.KINDS[work]
    monkeypatch.setattr(steps, "note", dies)
    with app.app_context(), pytest.raises(KeyboardInterrupt):
        run(app, tasks.db.session.get_one(Task, task_id), lambda done, total: None)
    monkeypatch.setattr(steps, "note", real)

    with app.app_context():
        result = run(app, tasks.db.session.get_one(Task, task_id), lambda done, total: None)

    assert counts(result) == {"rows": 252, "created": 250, "same": 1, "refused": 1}
    expected = 250 if work == "import" else 0
    assert session.scalar(select(func.count()).select_from(Account)) == expected
    assert (session.scalar(select(func.sum(StageCounter.people))) or 0) == expected
    noted = session.scalar(select(func.count()).select_from(ImportRow))
    assert noted == (251 if work == "import" else 252)
    folder = app.config["IRM"].data_dir / "imports"
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("by_hundreds")
@pytest.mark.parametrize("step", ["_take_some", "_end"])
def test_who_rightly_goes_on_passes_over_what_a_slow_predecessor_still_wrote(
    app, drafted, done, session, monkeypatch, step
):
    batch_id = drafted(many(250))
    real, seen = getattr(running, step), itertools.count(step == "_end")

    def after_another(ours, *args):
        if next(seen) == 1:
            # A process that had slept through its claim wakes, and does this step before us.
            with type(ours)(ours.get_bind(), expire_on_commit=False) as other:
                batch = other.get_one(ImportBatch, batch_id)
                real(other, *(batch if isinstance(one, ImportBatch) else one for one in args))
        real(ours, *args)

    monkeypatch.setattr(running, step, after_another)

    assert counts(done(batch_id)) == {"rows": 250, "created": 250}
    assert session.scalar(select(func.count()).select_from(Account)) == 250
    assert session.scalar(select(func.sum(StageCounter.people))) == 250
    assert session.scalar(select(func.count()).where(Task.kind == "score")) == 1


def test_of_two_who_go_on_with_one_batch_one_stops(drafted, queued, session):
    batch_id = drafted(LIST)
    queued(batch_id)
    batch = session.get_one(ImportBatch, batch_id)
    session.execute(
        update(ImportBatch).values(rows=100).execution_options(synchronize_session=False)
    )

    for state, rows in ((BatchState.RUNNING, 0), (BatchState.TRYING, 100)):
        with pytest.raises(steps.Superseded):
            steps.go_on(session, batch, state, rows)
    steps.go_on(session, batch, BatchState.RUNNING, 100)


@pytest.mark.parametrize(
    ("state", "work"),
    [
        ("draft", "undo"), ("trying", "try"), ("trying", "import"), ("running", "import"),
        ("running", "undo"), ("done", "import"), ("done", "try"), ("undoing", "undo"),
        ("undone", "undo"), ("undone", "import"),
    ],
)  # fmt: skip
def test_what_an_import_is_not_ready_for_is_refused_in_a_sentence(drafted, session, state, work):
    batch = session.get_one(ImportBatch, drafted(LIST))
    batch.state = BatchState(state)
    session.commit()

    with pytest.raises(Refused) as refusal:
        batches.queue(session, batch, work, clock.now(), None)

    assert str(refusal.value).endswith(".")


def test_what_cannot_be_taken_stays_a_draft_that_can_be_put_right(
    app, drafted, queued, session, state_of, tmp_path
):
    for work in ("try", "import"):
        batch_id = drafted(LIST)
        batch = session.get_one(ImportBatch, batch_id)
        with Path(batch.order["path"]).open("a") as file:
            file.write("more,More,1\n")

        ended = tasks.run_inline(app, queued(batch_id, work), lambda done, total: None)

        assert (ended.state, ended.error["code"]) == (TaskState.FAILED, "changed")
        assert state_of(batch_id) is BatchState.DRAFT
    assert session.scalar(select(func.count()).select_from(Influencer)) == 0


@pytest.mark.usefixtures("by_hundreds")
def test_what_failed_half_way_goes_on_where_it_stopped(
    app, drafted, queued, done, session, state_of, monkeypatch
):
    batch_id = drafted(many(250))
    real = steps.note

    def breaks(session, batch, *args, **given):
        if batch.rows == 100:
            raise ZeroDivisionError
        return real(session, batch, *args, **given)

    monkeypatch.setattr(steps, "note", breaks)
    ended = tasks.run_inline(app, queued(batch_id), lambda done, total: None)
    monkeypatch.setattr(steps, "note", real)
    assert (ended.state, state_of(batch_id)) == (TaskState.FAILED, BatchState.FAILED)

    assert counts(done(batch_id)) == {"rows": 250, "created": 250}
    assert session.scalar(select(func.count()).select_from(Account)) == 250


def test_an_import_that_was_given_up_can_be_undone(app, session, drafted, queued, done, state_of):
    batch_id = drafted(LIST)
    task = session.get_one(Task, queued(batch_id))
    task.state, task.claim_token, task.attempts = TaskState.RUNNING, "dead", tasks.ATTEMPTS
    task.lease_until = make.MONDAY
    # Some of it was written.
    session.get_one(ImportBatch, batch_id).rows = 1
    session.commit()

    assert tasks.run_next(app) is None

    assert state_of(batch_id) is BatchState.FAILED
    done(batch_id, "undo")
    assert state_of(batch_id) is BatchState.UNDONE


def test_how_a_file_was_read_is_remembered_by_its_headings(drafted, done, session, brand):
    columns = {"handle": [0], "name": [1]}
    done(drafted(LIST, columns=columns, rules={"name": "never"}))
    done(drafted(LIST, columns=columns, rules={"name": "empty"}))

    found = batches.remembered(session, brand.id, ("handle ", "NAME", "Followers"))

    assert found is not None
    assert (found["columns"], found["rules"], found["kind"]) == (
        columns,
        {"name": "empty"},
        "plain",
    )
    assert batches.remembered(session, brand.id, ("Handle", "Name")) is None
    assert batches.remembered(session, brand.id + 1, ("Handle", "Name", "Followers")) is None
    assert session.scalar(select(func.count()).select_from(ImportMapping)) == 1


def test_the_refused_rows_come_as_a_file_that_no_spreadsheet_runs(drafted, done, session):
    batch_id = drafted(HEADINGS + ',"=1+1",-5\n,"a, b",@x\nana,Ana,1\nana,,2\n')
    done(batch_id)

    text = "".join(refused.as_csv(session, session.get_one(ImportBatch, batch_id)))

    assert text.removeprefix("\ufeff").splitlines() == [
        "Handle,Name,Followers,Row,Reason",
        ",'=1+1,-5,2,No account is named in this row.",
        ',"a, b",\'@x,3,No account is named in this row.',
        (
            'ana,Ana,1,4,"Row 5 is about the same person or account and says otherwise;'
            ' where they differ, that row was taken."'
        ),
    ]


def test_drafts_and_uploads_of_last_week_are_thrown_away(app, drafted, done, session, tmp_path):
    old, tried, kept = drafted(LIST), drafted(LIST), drafted(LIST)
    done(tried, "try")
    done(kept)
    folder = app.config["IRM"].data_dir / "imports"
    folder.mkdir(exist_ok=True)
    (folder / "upload").write_text("x")

    with app.app_context():
        swept = importing.sweep(app, clock.now() + batches.DRAFT_DAYS * dt.timedelta(1))
        again = importing.sweep(app, clock.now() + 32 * dt.timedelta(1))

    assert (swept["drafts"], swept["files"], again["steps"]) == (2, 1, 1)
    assert session.scalars(select(ImportBatch.id)).all() == [kept]
    assert session.scalar(select(func.count()).select_from(ImportStep)) == 0
    assert old != tried


def test_a_complaint_is_a_sentence(session):
    assert sentence("looks_like_deals", {}).startswith("This looks like the deals")
