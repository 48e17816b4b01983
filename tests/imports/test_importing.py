"""A list goes in: on both databases, through the task that runs it."""

import datetime as dt
import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import make
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from irm.imports import matching, orders, writing
from irm.imports.complaints import sentence
from irm.imports.orders import Order
from irm.jobs import importing, tasks
from irm.ledger import relationships
from irm.models import (
    Account,
    Base,
    ContactPoint,
    ImportBatch,
    ImportRow,
    Influencer,
    Platform,
    Relationship,
    SearchEntry,
    Snapshot,
    Stage,
    StageCounter,
    StageMove,
    Task,
    TaskState,
    Tier,
    Verdict,
)
from irm.scoring.rules import rules
from tests.imports.brought import DAY, HEADINGS, counts, people, stored

LIST = HEADINGS + (
    "ana,Ana Núñez,1.2M,France,Cooks in Lyon,ana@example.org,52K\n"
    "ravi,Ravi,12K,,,,\n"
    "@LI,,N/A,-,,,\n"
)


def test_a_list_becomes_people_with_all_that_hangs_on_them(bring, session, brand):
    assert counts(bring(LIST)) == {"rows": 3, "created": 3}

    ana, ravi, li = people(session).values()
    assert (ana.platform, ana.handle_key, ana.figures_on) == (Platform.INSTAGRAM, "ana", DAY)
    assert (ana.followers, ana.engagement_average) == (1_200_000, 52_000.0)
    person = ana.influencer
    assert (person.name, person.country, person.bio) == ("Ana Núñez", "France", "Cooks in Lyon")
    assert (person.audience, person.tier, person.known) == (1_200_000, Tier.MACRO, True)
    assert (person.source, person.lawful_basis) == ("list.csv", "legitimate_interest")
    assert (li.handle, li.influencer.name, li.followers, li.figures_on) == ("LI", "LI", None, None)
    assert session.scalars(select(Snapshot.followers).order_by(Snapshot.id)).all() == [
        1_200_000,
        12_000,
    ]
    assert session.scalars(select(ContactPoint.value_key)).all() == ["ana@example.org"]
    related = session.scalars(select(Relationship).order_by(Relationship.id)).all()
    assert [one.influencer_id for one in related] == [
        account.influencer_id for account in (ana, ravi, li)
    ]
    assert {(one.brand_id, one.stage) for one in related} == {(brand.id, Stage.UNAWARE)}
    births = session.scalars(select(StageMove)).all()
    assert sorted(move.relationship_id for move in births) == [one.id for one in related]
    assert {(move.from_stage, move.to_stage) for move in births} == {(None, Stage.UNAWARE)}


def test_whom_a_list_brings_is_counted_and_can_be_found(bring, session, brand):
    bring(LIST)

    cells = session.execute(
        select(StageCounter.tier, StageCounter.people, StageCounter.audience).order_by(
            StageCounter.audience.desc()
        )
    ).all()
    assert cells == [(Tier.MACRO, 1, 1_200_000), (Tier.MIDDLE, 1, 12_000), (Tier.MICRO, 1, 0)]
    texts = session.scalars(select(SearchEntry.text).order_by(SearchEntry.id)).all()
    assert texts == ["ana nunez", "ana", "ravi", "ravi", "li", "li"]


def test_what_is_kept_beside_is_what_a_rebuild_would_make(bring, session):
    bring(LIST)
    bring(LIST.replace("12K", "900K"), day=DAY + dt.timedelta(1))
    before = stored(session)

    assert relationships.rebuild(session) == 0
    session.commit()
    assert stored(session) == before


def test_the_same_list_again_changes_nothing(bring, session):
    text = LIST + "ana,Ana Núñez,1.2M,France,Cooks in Lyon,ana@example.org,52K\n"
    assert counts(bring(text)) == {"rows": 4, "created": 3, "same": 1}
    before = stored(session)

    assert counts(bring(text)) == {"rows": 4, "same": 4}
    assert stored(session) == before


def test_of_rows_about_one_account_the_last_wins(bring, session):
    result = bring(HEADINGS + "ana,Ana,10,Spain\nravi,Ravi,1\nANA,Ana,20\nana,,20,\n")

    assert counts(result) == {"rows": 4, "created": 2, "same": 1, "conflicts": 1}
    ana = people(session)["ana"]
    assert (ana.followers, ana.influencer.name, ana.influencer.country) == (20, "Ana", "Spain")
    passed_over = session.scalars(select(ImportRow).where(ImportRow.verdict == "conflict")).one()
    assert passed_over.number == 2
    assert sentence(**passed_over.reason) == (
        "Row 5 is about the same account and says otherwise; it was taken."
    )


def test_rows_that_cannot_be_taken_are_listed_and_stop_nobody(bring, session):
    result = bring(HEADINGS + "ana,Ana,10\n,Nobody,1\nben," + "🎉" * 10_000 + ",2\ncyd,Cyd,lots\n")

    assert counts(result) == {"rows": 4, "created": 2, "refused": 2}
    listed = session.scalars(select(ImportRow).order_by(ImportRow.number)).all()
    assert [(row.number, row.verdict) for row in listed] == [
        (2, Verdict.CREATED),
        (3, Verdict.REFUSED),
        (4, Verdict.REFUSED),
        (5, Verdict.CREATED),
    ]
    assert [sentence(**row.reason) for row in listed if row.reason] == [
        "No account is named in this row.",
        "The cell under Name is longer than 200 characters.",
        "Taken without what could not be read as a number: Followers: lots.",
    ]


def test_a_preview_counts_as_the_import_does_and_writes_nothing(
    app, bring, session, brand, tmp_path
):
    bring(HEADINGS + "ana,Ana,10\n")
    before = stored(session)
    path = tmp_path / "list.csv"
    path.write_text(LIST + "ben,Ben,1\n,Nobody,2\n")
    order = Order.of(path, "list.csv", DAY, platform="instagram")

    with app.app_context():
        found = importing.preview(tasks.db.session, order, brand, lambda done, total: None)

    assert found == {
        "batch": None, "rows": 5, "created": 3, "updated": 1, "same": 0, "conflicts": 0,
        "refused": 1,
    }  # fmt: skip
    assert stored(session) == before


def test_whom_a_list_brings_is_scored_by_a_task_that_follows(app, bring, session):
    result = bring(LIST)
    follows = session.get_one(Task, result["scoring"])
    assert (follows.kind, follows.state) == ("score", TaskState.QUEUED)

    tasks.run_inline(app, follows.id, lambda done, total: None)

    ana = people(session)["ana"].influencer
    assert ana.reach == pytest.approx(75.99, abs=0.01)
    assert bring(LIST)["scoring"] is None


@pytest.mark.parametrize("survived", [0, 1, 2])
def test_an_import_killed_at_any_hundred_comes_to_the_same_end(
    app, brand, session, tmp_path, monkeypatch, survived
):
    path = tmp_path / "list.csv"
    rows = [f"person{n},Person {n},{n}" for n in range(250)] + ["person3,Person 3,3", ",x,1"]
    path.write_text(HEADINGS + "\n".join(rows) + "\n")
    order = Order.of(path, "list.csv", DAY, platform="instagram", is_copy=True)
    task = Task(kind="import", arguments=order.to_json(), brand_id=brand.id, created_at=make.MONDAY)
    session.add(task)
    session.commit()
    real, written = writing.write, itertools.count()

    def dies(*args):
        if next(written) == survived:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(importing.writing, "write", dies)
    with pytest.raises(KeyboardInterrupt), app.app_context():
        importing.run(app, task, lambda done, total: None)
    monkeypatch.setattr(importing.writing, "write", real)
    session.rollback()
    # The first row about person3 is passed over for the last.
    assert session.scalar(select(func.count()).select_from(Account)) == [0, 99, 199][survived]

    with app.app_context():
        result = importing.run(app, task, lambda done, total: None)

    assert counts(result) == {"rows": 252, "created": 250, "same": 1, "refused": 1}
    assert session.scalar(select(func.count()).select_from(Account)) == 250
    assert session.scalar(select(func.count()).select_from(ImportBatch)) == 1
    assert session.scalar(select(func.sum(StageCounter.people))) == 250
    assert not path.exists()


def test_of_two_who_go_on_with_one_batch_one_stops(app, session, brand):
    batch = ImportBatch(
        brand_id=brand.id, kind="influencers", file_name="x", as_of=DAY, source="x",
        lawful_basis="consent", created_at=make.MONDAY, **dict.fromkeys(importing.COUNTS, 0),
    )  # fmt: skip
    session.add(batch)
    session.commit()
    session.execute(
        update(ImportBatch).values(rows=100).execution_options(synchronize_session=False)
    )

    with pytest.raises(writing.Superseded):
        writing.go_on(session, batch, 0)


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


def test_a_file_that_changed_under_us_is_refused_and_leaves_nothing(app, brand, session, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    order = Order.of(path, "list.csv", DAY, platform="instagram")
    path.write_text(LIST + "ben,Ben,1\n")
    task = Task(kind="import", arguments=order.to_json(), brand_id=brand.id, created_at=make.MONDAY)
    session.add(task)
    session.commit()

    ended = tasks.run_inline(app, task.id, lambda done, total: None)

    assert (ended.state, ended.error["code"]) == (TaskState.FAILED, "changed")
    assert session.scalar(select(func.count()).select_from(Influencer)) == 0


def test_the_day_of_a_file_is_that_of_its_last_change(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    today = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date()

    assert orders.as_of(None, path, today) == today
    assert orders.as_of(" ", path, dt.date(2020, 1, 1)) == dt.date(2020, 1, 1)
    assert orders.as_of("2019-05-06", path, today) == dt.date(2019, 5, 6)


def test_every_table_an_import_writes_is_looked_at_here(bring, session):
    before = {table.name for table in Base.metadata.sorted_tables if _rows(session, table)}
    bring(LIST)
    session.rollback()
    after = {table.name for table in Base.metadata.sorted_tables if _rows(session, table)}

    assert after - before == {
        "accounts", "audit_entries", "contact_points", "import_batches", "import_rows",
        "influencers", "relationships", "search_entries", "snapshots", "stage_counters",
        "stage_moves", "tasks",
    }  # fmt: skip


def _rows(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_two_imports_of_one_list_at_once_bring_everybody_once(app, session, brand, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(HEADINGS + "".join(f"person{n},Person {n},{n}\n" for n in range(300)))
    order = Order.of(path, "list.csv", DAY, platform="instagram")
    both = [
        Task(kind="import", arguments=order.to_json(), brand_id=brand.id, created_at=make.MONDAY)
        for _ in range(2)
    ]
    session.add_all(both)
    session.commit()

    with ThreadPoolExecutor(2) as pool:
        ended = list(
            pool.map(lambda task: tasks.run_inline(app, task.id, lambda done, total: None), both)
        )

    assert [task.state for task in ended] == [TaskState.DONE] * 2
    assert sum(task.result["created"] for task in ended) == 300
    assert sum(task.result["created"] + task.result["same"] for task in ended) == 600
    assert session.scalar(select(func.count()).select_from(Influencer)) == 300
    assert session.scalar(select(func.sum(StageCounter.people))) == 300
