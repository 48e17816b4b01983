"""What is kept of a list: complaints, nothing of strangers, and no more than can be undone."""

import datetime as dt

import make
import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from irm import clock
from irm.directory import batches as found_batches
from irm.imports import batches
from irm.jobs import importing
from irm.jobs.importing import sweeping
from irm.models import BatchState, ImportBatch, ImportRow, Verdict

PEOPLE = "Handle,Name,Followers,E-mail\n"
DAY = dt.timedelta(days=1)


def rows_of(session, batch_id):
    session.rollback()
    return session.scalars(select(ImportRow).where(ImportRow.batch_id == batch_id)).all()


def test_a_row_that_says_nothing_new_but_cannot_be_taken_wholly_is_shown(bring, session):
    bring(PEOPLE + "a1,Ann Lee,10,hello@agency.com\nc1,Carl Gray,20,\n")

    result = bring(PEOPLE + "c1,Carl Gray,20,hello@agency.com\n")

    assert result["same"] == 1
    (row,) = rows_of(session, result["batch"])
    assert (row.verdict, row.reason["code"]) == (Verdict.SAME, "contact_taken")


def test_a_try_says_nothing_of_who_is_known_to_another_brand_only(
    bring, drafted, done, session, saved
):
    columns = "Handle,Name,Country,Bio\n"
    bring(columns + "ann,Ann Secret,France,private words\n")
    chosen = dict.fromkeys(("name", "bio", "country"), "overwrite")
    text = columns + "ann,Xavier,Spain,new words\n"
    tried = drafted(text, of=saved(make.brand()), platform="instagram", rules=chosen)

    done(tried, "try")

    (row,) = rows_of(session, tried)
    assert row.changes["country"] == [None, "Spain"]
    assert "Secret" not in repr(row.changes)
    assert "private" not in repr(row.changes)
    assert [one.name for one in session.execute(found_batches.rows(tried, Verdict.UPDATED))] == [
        None
    ]
    done(tried)
    session.rollback()
    assert [one.name for one in session.execute(found_batches.rows(tried, Verdict.UPDATED))] == [
        "Xavier"
    ]


@pytest.fixture
def failed(app, bring, session):
    """Import something, and let it have failed."""
    batch_id = bring(PEOPLE + "ann,Ann,10,\n")["batch"]
    session.execute(
        update(ImportBatch).where(ImportBatch.id == batch_id).values(state=BatchState.FAILED)
    )
    session.commit()
    return batch_id


def test_steps_of_an_import_that_failed_are_thrown_away_once_nobody_may_undo_it(
    app, failed, session
):
    with app.app_context():
        assert importing.sweep(app, clock.now() + 29 * DAY)["steps"] == 0
        assert importing.sweep(app, clock.now() + 32 * DAY)["steps"] == 1


def test_an_undoing_that_broke_off_may_be_taken_to_its_end_later(app, failed, session):
    batch = session.get_one(ImportBatch, failed)
    batch.undone_at = clock.now()
    session.commit()
    later = clock.now() + 40 * DAY
    with app.app_context():
        assert importing.sweep(app, later)["steps"] == 0
    session.rollback()
    assert batches.may_undo(session.get_one(ImportBatch, failed), later)
    assert batches.queue(session, session.get_one(ImportBatch, failed), "undo", later, None)


def test_lines_of_a_draft_that_is_begun_meanwhile_are_left(
    app, drafted, done, session, monkeypatch
):
    tried = drafted(PEOPLE + "".join(f"p{n},P {n},{n},\n" for n in range(3)), platform="instagram")
    done(tried, "try")
    monkeypatch.setattr(sweeping, "LINES", 1)
    begun = update(ImportBatch).values(state=BatchState.TRYING)
    event.listen(Session, "before_commit", lambda own: own.execute(begun), once=True)

    with app.app_context():
        importing.sweep(app, clock.now() + 8 * DAY)

    assert len(rows_of(session, tried)) == 2
