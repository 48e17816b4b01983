"""Letters about what happened are neither lost nor doubled, whatever happens to the worker."""

import make
import pytest
from at_once import at_once
from sqlalchemy import event, select

from irm.db import db
from irm.jobs import noticing
from irm.mail import standstill
from irm.mail.standstill import Choice
from irm.models import Instance, Role, Stage, Told
from tests.jobs.noticed import AT, DAY, LATER, MINUTE, ask, assign, subjects, written


@pytest.fixture(autouse=True)
def _at_work(at_work):
    """Every test here runs inside the app."""


class Killed(BaseException):
    """The process ends here: nothing more of it is done, and nothing is cleaned up."""


def much(session, saved, team, person, note):
    assign(session, person(), team.ana, team.claire)
    assign(session, person(), team.tom, team.claire)
    note("@Ana and @Tom, look", team.claire)
    ask(saved, person(), team.ana)
    person(owner=team.tom, stage=Stage.AWARE, earned_stage=Stage.INTERESTED)


EXPECTED = [
    ("assignment", "Ana"),
    ("assignment", "Tom"),
    ("mention", "Ana"),
    ("mention", "Tom"),
    ("proposal", "Tom"),
    ("question", "Ana"),
]


def letters(session, team):
    names = {team.ana.id: "Ana", team.tom.id: "Tom", team.claire.id: "Claire"}
    return sorted((mail.letter, names[mail.user_id]) for mail in written(session))


def test_killed_at_any_statement_nothing_is_lost_and_nothing_doubled(
    session, saved, team, person, note
):
    much(session, saved, team, person, note)
    engine, count, deaths = db.engine, [0, 0], 0

    def die(*_given):
        count[0] += 1
        if count[0] == count[1]:
            raise Killed

    event.listen(engine, "after_cursor_execute", die)
    try:
        # Each run dies one statement later than the one before, until one lives to its end.
        for last in range(1, 500):
            count[:] = [0, last]
            try:
                noticing.notice(LATER)
            except Killed:
                deaths += 1
                db.session.rollback()
                db.session.close()
            else:
                break
    finally:
        event.remove(engine, "after_cursor_execute", die)

    assert deaths > 20
    assert letters(session, team) == EXPECTED


def test_many_workers_at_once_write_as_much_as_one(app, session, saved, team, person, note):
    much(session, saved, team, person, note)

    def work(_n):
        with app.app_context():
            noticing.notice(LATER)
            db.session.close()

    at_once(work, 4)
    noticing.notice(LATER)

    assert letters(session, team) == EXPECTED


def test_a_transaction_that_ends_late_is_not_passed_over(session, team, person, note):
    # What has a lower id and is seen later: nothing is told of the minute that still goes on.
    assign(session, person(), team.tom, team.claire, at=LATER)
    assert noticing.notice(LATER + MINUTE / 2)["written"] == 0
    noticing.notice(LATER + 10 * MINUTE)
    assert [user_id for user_id, _subject in subjects(session)] == [team.tom.id]


def test_after_days_without_a_worker_all_is_told_in_one_letter_of_each_kind(
    session, saved, team, person, note
):
    for day in range(5):
        assign(session, person(), team.ana, team.claire, at=AT + day * DAY)
        note(f"@Ana, note {day}", team.claire, at=AT + day * DAY)
    noticing.notice(AT + 10 * DAY)
    assert letters(session, team) == [("assignment", "Ana"), ("mention", "Ana")]


def test_a_newcomer_is_not_told_of_what_went_on_before_her(session, saved, team, note):
    note("@Nora comes on Monday", team.claire)
    saved(make.member(Role.MANAGER, user=make.user(name="Nora Berg"), brand=team.brand))
    noticing.notice(AT + 7 * DAY)
    note("@Nora, welcome", team.claire, at=AT + 8 * DAY)
    noticing.notice(AT + 9 * DAY)
    assert "welcome" in written(session)[-1].body_text


def test_what_was_told_long_ago_is_forgotten(session, team, note):
    note("@Ana, look", team.claire)
    noticing.notice(LATER)
    newer = note("@Ana, look again", team.claire, at=AT + 100 * DAY)
    noticing.notice(LATER + 100 * DAY)
    assert session.scalars(select(Told.subject_id)).all() == [newer.id]


def test_where_nothing_happened_nothing_is_written(team):
    noticing.notice(AT)  # once a day each is looked at for proposals, and that moves her mark
    said = []

    def listen(_connection, _cursor, statement, *_more):
        said.append(statement.split()[0])

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        noticing.notice(AT + MINUTE)
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert set(said) == {"SELECT"}
    assert len(said) <= 14


@pytest.mark.parametrize(("choice", "told"), [(Choice.ALL, 2), (Choice.ELSEWHERE, 0)])
def test_a_copy_tells_again_of_nothing_that_was_seen_to_elsewhere(
    session, team, person, note, choice, told
):
    assign(session, person(), team.ana, team.claire)
    note("@Tom, look", team.claire)
    session.merge(Instance(id=1, install_id="copy", sending="paused", paused_reason="restored"))
    session.commit()

    standstill.decide(session, choice, None, LATER)
    session.commit()

    assert noticing.notice(LATER)["written"] == told
    assign(session, person(), team.ana, team.claire, at=LATER + DAY)
    assert noticing.notice(LATER + 2 * DAY)["written"] == 1
