"""Leaving somebody in peace until a day."""

import datetime as dt

import pytest
from sqlalchemy import select

from irm.directory import timeline
from irm.errors import Refused, Stale
from irm.funnel import pauses
from irm.models import AuditEntry, Pause
from tests import make

AT = make.MONDAY
DAY = AT.date()


def on(days):
    return DAY + dt.timedelta(days=days)


def history(session, card):
    found = timeline.page(session, card, user_id=0, reads_private=True)
    return [(row.what, row.text) for row in found if row.what in ("pause", "resume")]


@pytest.fixture
def ana(saved):
    return saved(make.user(name="Ana"))


@pytest.fixture
def card(saved):
    return saved(make.relationship(name="Mira Okafor"))


def test_a_pause_keeps_who_until_when_and_why(session, ana, card):
    pauses.pause(session, card, until=on(10), why="On tour", user=ana, at=AT)

    assert (card.paused_until, card.paused_why) == (on(10), "On tour")
    [row] = session.scalars(select(Pause))
    assert (row.user_id, row.until, row.why, row.ended_at) == (ana.id, on(10), "On tour", None)
    [entry] = session.scalars(select(AuditEntry))
    assert entry.action == "relationship.paused"
    assert entry.ids == {"relationship_id": card.id, "until": on(10).isoformat()}
    assert history(session, card) == [("pause", "On tour")]


def test_a_pause_that_is_changed_ends_the_one_before(session, ana, card):
    pauses.pause(session, card, until=on(10), why="On tour", user=ana, at=AT)
    later = AT + dt.timedelta(days=2)

    pauses.pause(session, card, until=on(40), why="Longer tour", user=ana, at=later)

    ends = session.execute(select(Pause.until, Pause.ended_at).order_by(Pause.id)).all()
    assert ends == [(on(10), later), (on(40), None)]


def test_going_on_ends_the_pause_and_says_who(session, ana, card):
    pauses.pause(session, card, until=on(10), why="On tour", user=ana, at=AT)

    pauses.resume(session, card, user=ana, at=AT + dt.timedelta(days=1))

    assert (card.paused_until, card.paused_why) == (None, None)
    assert [what for what, _text in history(session, card)] == ["resume", "pause"]


def test_a_pause_that_ran_out_is_none_and_keeps_its_whole_length(session, ana, card):
    pauses.pause(session, card, until=on(10), why="On tour", user=ana, at=AT)
    back = AT + dt.timedelta(days=10)

    with pytest.raises(Refused, match="not paused"):
        pauses.resume(session, card, user=ana, at=back)
    pauses.pause(session, card, until=on(20), why="Again", user=ana, at=back)

    assert session.scalars(select(Pause.ended_at)).all() == [None, None]


@pytest.mark.parametrize("days", [-1, 0, 5000])
def test_a_day_that_nobody_means_is_refused_and_nothing_is_written(session, ana, card, days):
    with pytest.raises(Refused, match="Choose a day"):
        pauses.pause(session, card, until=on(days), why="On tour", user=ana, at=AT)

    assert card.paused_until is None
    assert session.scalar(select(Pause)) is None


def test_a_pause_needs_a_reason(session, ana, card):
    with pytest.raises(Refused, match="Say why"):
        pauses.pause(session, card, until=on(5), why="", user=ana, at=AT)


def test_days_are_those_of_the_brand(session, saved, ana):
    """It is Monday in London still, and Tuesday in Auckland."""
    card = saved(make.relationship(brand=make.brand(timezone="Pacific/Auckland")))
    evening = dt.datetime(2026, 3, 2, 20, tzinfo=dt.UTC)

    with pytest.raises(Refused, match="Choose a day after today"):
        pauses.pause(session, card, until=dt.date(2026, 3, 3), why="Tour", user=ana, at=evening)


def test_of_two_who_pause_at_once_the_second_is_told(session, ana, card):
    seen = card.row_version
    pauses.pause(session, card, until=on(10), why="On tour", user=ana, at=AT, seen_version=seen)

    with pytest.raises(Stale, match="Mira Okafor was changed meanwhile"):
        pauses.pause(session, card, until=on(20), why="Ill", user=ana, at=AT, seen_version=seen)

    with pytest.raises(Stale):
        pauses.resume(session, card, user=ana, at=AT, seen_version=seen)
    assert card.paused_until == on(10)


def test_the_paused_of_an_owner_are_counted(session, saved, ana, card):
    mine = [
        saved(make.relationship(brand=card.brand, owner=ana, paused_until=day))
        for day in (on(-1), on(0), on(1), on(9), None)
    ]

    assert len(mine) == 5
    assert session.scalar(pauses.counting(card.brand_id, ana.id, DAY, 9)) == 2
    assert session.scalar(pauses.counting(card.brand_id, ana.id, DAY, 0)) == 1
