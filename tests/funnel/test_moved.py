"""What moved since: each person once, with what came of it."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.errors import Refused
from irm.funnel import moved, stages
from irm.funnel.moved import Way
from irm.models import Review, Role, Stage, StageMove

START = make.MONDAY
DAY = dt.timedelta(days=1)
SINCE = START + 10 * DAY


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def somebody(session, lead):
    """Somebody who begins and moves on the days given."""

    def make_one(born, *steps, **given):
        person = make.influencer(**given)
        session.add(person)
        one = stages.begin(session, person, lead.brand_id, user=None, at=START + born * DAY)
        for day, to in steps:
            at = START + day * DAY
            stages.move(session, one, to, user=lead.user, at=at, reason=f"Day {day}.")
        session.commit()
        return one

    return make_one


def undo_last(session, one, lead, day):
    newest = session.scalars(
        select(StageMove)
        .where(StageMove.relationship_id == one.id)
        .order_by(StageMove.at.desc(), StageMove.id.desc())
    ).first()
    stages.undo(session, newest, one, user=lead.user, at=START + day * DAY)
    session.commit()


def found(session, lead, way=None):
    return {one.relationship_id: one for one in moved.people(session, lead.brand_id, SINCE, way)}


def test_each_person_stands_once_with_what_came_of_all_their_moves(session, lead, somebody):
    one = somebody(0, (5, Stage.AWARE), (11, Stage.INTERESTED), (12, Stage.ENGAGED))
    somebody(0, (5, Stage.AWARE))

    [row] = moved.people(session, lead.brand_id, SINCE)

    assert row.relationship_id == one.id
    assert (row.start, row.end, row.steps, row.way) == (Stage.AWARE, Stage.ENGAGED, 2, Way.UP)
    assert (row.by, row.reason) == (lead.user.name, "Day 12.")


def test_ways_are_told_apart_and_counted(session, lead, somebody):
    up = somebody(0, (11, Stage.AWARE))
    back = somebody(0, (5, Stage.ENGAGED), (11, Stage.AWARE))
    new = somebody(11, (12, Stage.AWARE))
    around = somebody(0, (11, Stage.AWARE), (12, Stage.UNAWARE))
    expected = {Way.UP: up, Way.BACK: back, Way.NEW: new, Way.ROUND: around}

    assert moved.counts(session, lead.brand_id, SINCE) == dict.fromkeys(Way, 1)
    for way, one in expected.items():
        assert list(found(session, lead, way)) == [one.id]
        assert found(session, lead)[one.id].way is way


def test_what_was_taken_back_is_folded(session, lead, somebody):
    one = somebody(0, (11, Stage.AWARE), (12, Stage.ENGAGED))
    undo_last(session, one, lead, 13)

    row = found(session, lead)[one.id]

    assert (row.end, row.steps, row.undone, row.reason) == (Stage.AWARE, 1, 2, "Day 11.")


def test_whoever_was_only_moved_and_put_back_did_not_move(session, lead, somebody):
    one = somebody(0, (5, Stage.AWARE), (11, Stage.ENGAGED))
    undo_last(session, one, lead, 12)

    assert not found(session, lead)
    assert set(moved.counts(session, lead.brand_id, SINCE).values()) == {0}


def test_a_move_of_before_that_was_taken_back_since_leads_back(session, lead, somebody):
    one = somebody(0, (5, Stage.AWARE))
    undo_last(session, one, lead, 12)

    row = found(session, lead)[one.id]

    assert (row.start, row.end, row.way) == (Stage.AWARE, Stage.UNAWARE, Way.BACK)


def test_who_is_archived_is_left_out(session, lead, somebody):
    one = somebody(0, (11, Stage.AWARE))
    one.influencer.archived_at = START + 12 * DAY
    session.commit()

    assert not found(session, lead)
    assert set(moved.counts(session, lead.brand_id, SINCE).values()) == {0}


def test_a_page_goes_on_behind_its_last_row(session, lead, somebody):
    people = [somebody(0, (11, Stage.AWARE)).id for _ in range(5)]
    first = moved.people(session, lead.brand_id, SINCE, None, None, 2)

    rest = moved.people(session, lead.brand_id, SINCE, None, moved.key_of(first[-1].token), 9)

    shown = [one.relationship_id for one in [*first, *rest]]
    assert sorted(shown) == sorted(people)


def test_the_last_closed_review_is_the_one_that_counts(saved, session, lead):
    for day, closed in ((1, 2), (3, 4), (5, None)):
        closed_at = START + closed * DAY if closed else None
        at = START + day * DAY
        saved(Review(brand_id=lead.brand_id, since=START, started_at=at, closed_at=closed_at))

    assert moved.last_closed(session, lead.brand_id).closed_at == START + 4 * DAY


@pytest.mark.parametrize("token", ["", "~", "monday~1", "2026-01-01~1", "2026-01-01T00:00:00Z~x"])
def test_an_address_typed_by_hand_is_refused(token):
    with pytest.raises(Refused):
        moved.key_of(token)
