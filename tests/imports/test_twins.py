"""Whom an import shows as perhaps somebody here, the queue of duplicates has as well."""

import pytest
from sqlalchemy import select

from irm.jobs import tasks
from irm.models import Duplicate, DuplicateState, ImportRow, Influencer

HERE = "name,handle,country\nJean Dupont,jean.eats,France\n"
NEW = "name,handle,country\nJean Dupont,jd_paris,France\n"


@pytest.fixture
def look(app, session):
    """Do what follows an import, and return the pairs that wait."""

    def look():
        task = tasks.run_new(app, "duplicates", {}, lambda done, total: None)
        assert task.error is None
        session.rollback()
        waiting = Duplicate.state == DuplicateState.OPEN
        return session.scalars(select(Duplicate).where(waiting)).all()

    return look


def shown(session):
    """The pair that the last import showed."""
    row = session.scalars(select(ImportRow).where(ImportRow.twin_id.is_not(None))).one()
    return tuple(sorted((row.influencer_id, row.twin_id)))


def test_a_namesake_of_one_country_waits_in_the_queue_with_the_reason(bring, session, look):
    bring(HERE)
    bring(NEW)

    (pair,) = look()

    assert (pair.left_id, pair.right_id) == shown(session)
    assert [reason["code"] for reason in pair.reasons] == ["same_name", "country"]


def test_however_common_the_name_is_the_one_that_was_shown_waits(bring, session, look):
    many = "".join(f"Jean Dupont,jean{n}x{n * 7919},France\n" for n in range(6))
    bring(f"name,handle,country\n{many}")
    assert look() == []
    bring(NEW)

    (pair,) = look()

    assert (pair.left_id, pair.right_id) == shown(session)


def test_who_was_told_apart_is_not_asked_about_again_by_the_next_list(bring, session, look):
    bring(HERE)
    bring(NEW)
    (pair,) = look()
    pair.state = DuplicateState.DISTINCT
    session.commit()

    bring(NEW.replace("France", "France,x").replace("country", "country,bio"))

    assert look() == []


def test_who_agrees_in_nothing_but_the_name_any_more_goes(bring, session, look):
    bring(HERE)
    bring(NEW)
    (pair,) = look()
    session.get_one(Influencer, pair.left_id).country = "Belgium"
    session.commit()

    assert look() == []
