"""An import taken back: what it found is there again, but for what people did since."""

import datetime as dt
import itertools
from concurrent.futures import ThreadPoolExecutor

import make
import pytest
from sqlalchemy import func, select, update

from irm import clock
from irm.errors import Refused
from irm.imports import batches, lists, undo
from irm.jobs import tasks
from irm.ledger import relationships
from irm.models import (
    Account,
    Base,
    BatchState,
    ImportBatch,
    ImportStep,
    Influencer,
    Relationship,
    SearchEntry,
    StageCounter,
    Task,
    TaskState,
)
from tests.imports.brought import people
from tests.imports.plain import HEADINGS, Plain

#: What an undoing need not put back: who did what when, and how often a row was changed.
BESIDE = {
    "audit_entries", "import_batches", "import_rows", "import_steps", "import_mappings", "tasks",
    "scores", "ticks", "leases", "settings",
}  # fmt: skip

FIRST = HEADINGS + "ana,Ana,10\nravi,Ravi,20\nli,,30\n"


@pytest.fixture
def plain(monkeypatch):
    monkeypatch.setattr(lists, "KINDS", {"plain": Plain})


@pytest.fixture
def scored(app, session):
    """Let the worker do what waits."""

    def scored():
        while tasks.run_next(app) is not None:
            pass
        session.rollback()

    return scored


def everything(session):
    """All rows of all tables, but those that an undoing need not put back."""
    session.rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in BESIDE:
            columns = [c for c in table.c if c.name != "row_version"]
            rows = session.execute(select(*columns)).all()
            found[table.name] = sorted(rows, key=repr)
    # Cells that nobody is in say nothing, and an entry of the search may come back by another id.
    found["stage_counters"] = [row for row in found["stage_counters"] if row.people]
    return found


def undone(result):
    return result["report"]


def many(count, factor=1, name="Person"):
    return HEADINGS + "".join(f"person{n},{name} {n},{n * factor}\n" for n in range(count))


def test_undo_restores_what_an_import_found(plain, drafted, done, bring, session, state_of, scored):
    bring(FIRST)
    scored()
    before = everything(session)
    batch_id = drafted(HEADINGS + "ana,Anna Maria,99\nli,Li,30\nben,Ben,1\ncyd,Cyd,2\n")
    done(batch_id)
    scored()
    assert everything(session) != before

    report = undone(done(batch_id, "undo"))
    scored()

    assert everything(session) == before
    assert state_of(batch_id) is BatchState.UNDONE
    assert relationships.rebuild(session) == 0
    assert report == {"deleted": 2, "put_back": 3}
    assert batches.undone_sentences(report) == [
        "2 records that the import made were removed.",
        "3 records that it changed are as they were.",
    ]


@pytest.mark.usefixtures("by_hundreds")
def test_an_import_that_many_hundreds_depend_on_is_undone_to_the_last(
    plain, drafted, done, bring, session, scored
):
    bring(many(150))
    scored()
    before = everything(session)
    batch_id = drafted(many(350, factor=3, name="Somebody"))
    done(batch_id)

    done(batch_id, "undo")
    scored()

    assert everything(session) == before


def test_what_people_did_since_is_left_alone(plain, drafted, done, bring, session, saved, scored):
    bring(HEADINGS + "ana,Ana,10\n")
    batch_id = drafted(HEADINGS + "ana,Anna,11\nben,Ben,1\ncyd,Cyd,2\ndan,Dan,3\neve,Eve,4\n")
    done(batch_id)
    stand = people(session)
    stand["ana"].influencer.name = "Ana of Lyon"
    stand["cyd"].influencer.bio = "Put right by hand"
    session.commit()
    of_ben = select(Relationship).where(Relationship.influencer_id == stand["ben"].influencer_id)
    saved(make.interaction(relationship=session.scalars(of_ben).one()))

    report = undone(done(batch_id, "undo"))

    stand = people(session)
    assert sorted(stand) == ["ana", "ben", "cyd"]
    assert (stand["ana"].followers, stand["ana"].influencer.name) == (10, "Ana of Lyon")
    assert (stand["ben"].influencer.name, stand["ben"].followers) == ("Ben", 1)
    assert report == {"deleted": 2, "put_back": 1, "changed": 2, "built_on": 1}
    assert session.scalar(select(func.sum(StageCounter.people))) == 3
    assert relationships.rebuild(session) == 0
    assert session.scalar(select(func.count()).select_from(SearchEntry)) == 6


def test_what_a_later_import_changed_is_left_alone_until_it_is_undone(
    plain, drafted, done, bring, session
):
    bring(HEADINGS + "ana,Ana,10\n")
    earlier = drafted(HEADINGS + "ana,Ana,20\nben,Ben,1\ncyd,Cyd,5\n")
    done(earlier)
    later = drafted(HEADINGS + "ana,Ana,30\nben,Ben,2\n", day=dt.date(2026, 2, 2))
    done(later)

    assert undone(done(earlier, "undo")) == {"deleted": 1, "changed": 1, "later_import": 1}
    assert {handle: one.followers for handle, one in people(session).items()} == {
        "ana": 30, "ben": 2,
    }  # fmt: skip
    done(later, "undo")
    assert {handle: one.followers for handle, one in people(session).items()} == {
        "ana": 20, "ben": 1,
    }  # fmt: skip


def test_two_imports_undone_in_turn_leave_what_there_was(
    plain, drafted, done, bring, session, scored
):
    bring(FIRST)
    scored()
    before = everything(session)
    batch_ids = [
        drafted(HEADINGS + f"ana,Ana,{n}\nben{n},Ben,{n}\nben11,Ben {n},{n}\n") for n in (11, 12)
    ]
    for batch_id in batch_ids:
        done(batch_id)
        scored()
    for batch_id in reversed(batch_ids):
        done(batch_id, "undo")
    scored()

    assert everything(session) == before


@pytest.mark.usefixtures("by_hundreds")
@pytest.mark.parametrize("survived", [0, 1, 2, 3])
def test_an_undoing_killed_at_any_step_comes_to_the_same_end(
    app, plain, bring, drafted, done, queued, session, monkeypatch, survived, scored
):
    bring(many(120))
    scored()
    before = everything(session)
    batch_id = drafted(many(300, factor=2))
    done(batch_id)
    task_id, real, steps = queued(batch_id, "undo"), undo._undo, itertools.count()

    def dies(*args):
        if next(steps) == survived:
            raise KeyboardInterrupt
        real(*args)

    run = tasks.KINDS["undo"]
    monkeypatch.setattr(undo, "_undo", dies)
    with app.app_context():
        task = tasks.db.session.get_one(Task, task_id)
        if survived < 3:
            with pytest.raises(KeyboardInterrupt):
                run(app, task, lambda done, total: None)
        else:
            run(app, task, lambda done, total: None)
    monkeypatch.setattr(undo, "_undo", real)
    with app.app_context():
        task = tasks.db.session.get_one(Task, task_id)
        result = run(app, task, lambda done, total: None)
    scored()

    assert everything(session) == before
    assert result["report"]["deleted"] == 180


@pytest.mark.usefixtures("by_hundreds")
def test_two_who_undo_one_import_at_once_undo_it_once(
    app, plain, drafted, done, queued, session, state_of
):
    batch_id = drafted(many(250))
    done(batch_id)
    task_id = queued(batch_id, "undo")

    def work(_n):
        with app.app_context():
            task = tasks.db.session.get_one(Task, task_id)
            return tasks.KINDS["undo"](app, task, lambda done, total: None)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(work, range(2)))

    assert state_of(batch_id) is BatchState.UNDONE
    session.expire_all()
    assert session.get_one(ImportBatch, batch_id).undo_report == {"deleted": 250}
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    assert (session.scalar(select(func.sum(StageCounter.people))) or 0) == 0
    assert len(results) == 2


def test_an_undo_cannot_be_undone_nor_asked_for_too_late(plain, drafted, done, session):
    batch_id = drafted(FIRST)
    done(batch_id)
    batch = session.get_one(ImportBatch, batch_id)
    late = clock.now() + dt.timedelta(days=31)
    assert batches.may_undo(batch, clock.now())
    assert not batches.may_undo(batch, late)
    with pytest.raises(Refused, match="30 days"):
        batches.queue(session, batch, "undo", late, None)
    session.rollback()

    done(batch_id, "undo")

    session.refresh(batch)
    assert not batches.may_undo(batch, clock.now())
    with pytest.raises(Refused, match="was undone"):
        batches.queue(session, batch, "undo", clock.now(), None)


@pytest.mark.usefixtures("by_hundreds")
def test_an_undoing_that_breaks_can_be_asked_for_again_but_nothing_else(
    app, plain, drafted, done, queued, session, monkeypatch, state_of
):
    batch_id = drafted(many(250))
    done(batch_id)
    real, steps = undo._undo, itertools.count()

    def breaks(*args):
        if next(steps) == 1:
            raise ZeroDivisionError
        real(*args)

    monkeypatch.setattr(undo, "_undo", breaks)
    ended = tasks.run_inline(app, queued(batch_id, "undo"), lambda done, total: None)
    monkeypatch.setattr(undo, "_undo", real)
    assert (ended.state, state_of(batch_id)) == (TaskState.FAILED, BatchState.FAILED)
    with pytest.raises(Refused):
        batches.queue(session, session.get_one(ImportBatch, batch_id), "import", clock.now(), None)
    session.rollback()

    assert undone(done(batch_id, "undo")) == {"deleted": 250}
    assert session.scalar(select(func.count()).select_from(Influencer)) == 0
    assert session.scalar(select(func.count()).select_from(ImportStep)) == 0


def test_a_handle_that_somebody_else_has_now_is_not_put_back(
    plain, drafted, done, bring, session, saved
):
    bring(HEADINGS + "ana,Ana,1\n")
    batch_id = drafted(HEADINGS + "ana,Ana,2\n")
    done(batch_id)
    step = session.scalars(select(ImportStep).where(ImportStep.batch_id == batch_id)).one()
    ana = people(session)["ana"]
    # As if the list had brought the new handle of the account.
    renamed = ["accounts", ana.id, {"handle": ["ana", "anna"], "handle_key": ["ana", "anna"]}]
    step.changed = [*step.changed, renamed]
    session.execute(update(Account).values(handle="anna", handle_key="anna"))
    session.commit()
    saved(make.account(handle="ana"))

    report = undone(done(batch_id, "undo"))

    assert report == {"put_back": 1, "taken": 1}
    assert sorted(people(session)) == ["ana", "anna"]
