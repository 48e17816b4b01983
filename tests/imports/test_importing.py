"""A list goes in: on both databases, through the task that runs it."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from irm.imports import orders
from irm.imports.complaints import sentence
from irm.imports.orders import Order
from irm.jobs import importing, tasks
from irm.ledger import relationships
from irm.models import (
    Base,
    ContactPoint,
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
    texts = session.scalars(select(SearchEntry.text)).all()
    assert sorted(texts) == [
        "ana", "ana nunez", "ana@example.org", "li", "li", "ravi", "ravi",
    ]  # fmt: skip


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
        "Row 5 is about the same person or account and says otherwise;"
        " where they differ, that row was taken."
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
        "This row names neither an account nor an e-mail address nor a phone number.",
        "The cell under Name is longer than 200 characters.",
        "Taken without what could not be read: Followers: lots.",
    ]


def test_whom_a_list_brings_is_scored_by_a_task_that_follows(app, bring, session):
    result = bring(LIST)
    follows = session.get_one(Task, result["scoring"])
    assert (follows.kind, follows.state) == ("score", TaskState.QUEUED)

    tasks.run_inline(app, follows.id, lambda done, total: None)

    ana = people(session)["ana"].influencer
    assert ana.reach == pytest.approx(75.99, abs=0.01)
    assert bring(LIST)["scoring"] is None


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
        "accounts", "audit_entries", "contact_points", "import_batches", "import_mappings",
        "import_rows", "import_steps", "influencers", "relationships", "search_entries",
        "snapshots", "stage_counters", "stage_moves", "tasks",
    }  # fmt: skip


def _rows(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_preview_counts_as_the_import_does_and_writes_nothing(
    app, bring, session, brand, tmp_path
):
    bring(HEADINGS + "ana,Ana,10\n")
    before = stored(session)
    path = tmp_path / "list.csv"
    path.write_text(LIST + "ben,Ben,1\n,Nobody,2\n")
    order = Order.of(path, "list.csv", DAY, platform="instagram")

    with app.app_context():
        tried = importing.preview(app, tasks.db.session, order, brand, lambda done, total: None)

    assert tried.counts == {
        "batch": None, "rows": 5, "created": 3, "updated": 1, "same": 0, "conflicts": 0,
        "refused": 1,
    }  # fmt: skip
    assert tried.complaints == [
        (6, "This row names neither an account nor an e-mail address nor a phone number.")
    ]
    assert stored(session) == before


def test_two_imports_of_one_list_at_once_bring_everybody_once(app, session, drafted, queued):
    text = HEADINGS + "".join(f"person{n},Person {n},{n}\n" for n in range(300))
    both = [queued(drafted(text, platform="instagram")) for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        ended = list(
            pool.map(lambda task: tasks.run_inline(app, task, lambda done, total: None), both)
        )

    assert [task.state for task in ended] == [TaskState.DONE] * 2
    assert sum(task.result["created"] for task in ended) == 300
    assert sum(task.result["created"] + task.result["same"] for task in ended) == 600
    assert session.scalar(select(func.count()).select_from(Influencer)) == 300
    assert session.scalar(select(func.sum(StageCounter.people))) == 300
