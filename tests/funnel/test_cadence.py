"""The cadence table of the field, and the days it gives."""

import datetime as dt

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.funnel import cadence
from irm.funnel.cadence import Cadence
from irm.models import Level, Stage

DAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("stage", "ideal", "worst"),
    [
        (Stage.UNAWARE, 14, 30),
        (Stage.AWARE, 14, 30),
        (Stage.INTERESTED, 10, 21),
        (Stage.ENGAGED, 14, 30),
        (Stage.AMBASSADOR, 14, 30),
    ],
)
def test_each_stage_has_its_rhythm(stage, ideal, worst):
    assert cadence.of(make.relationship(stage=stage)) == Cadence(ideal, worst)


@pytest.mark.parametrize(
    ("level", "ideal", "worst"),
    [(Level.BEGINNER, 7, 14), (Level.INTERMEDIATE, 14, 21), (Level.ADVANCED, 30, 45)],
)
def test_a_level_replaces_the_stage(level, ideal, worst):
    card = make.relationship(stage=Stage.INTERESTED, level=level)

    assert cadence.of(card) == Cadence(ideal, worst)


def test_what_was_set_for_a_person_replaces_both():
    card = make.relationship(level=Level.BEGINNER, cadence_ideal=20, cadence_worst=40)

    assert cadence.of(card) == Cadence(20, 40)


def test_the_persons_own_ceiling_always_wins():
    assert cadence.with_ceiling(Cadence(7, 14), 1) == Cadence(30, 30)
    assert cadence.with_ceiling(Cadence(7, 14), None) == Cadence(7, 14)


def test_the_clock_runs_from_the_last_two_way_contact():
    due = cadence.next_day(
        Cadence(14, 30), last_contact=DAY, last_two_way=DAY - dt.timedelta(days=2)
    )

    assert due == DAY + dt.timedelta(days=12)


def test_an_unanswered_contact_is_not_followed_before_half_the_interval():
    due = cadence.next_day(
        Cadence(14, 30), last_contact=DAY, last_two_way=DAY - dt.timedelta(days=60)
    )

    assert due == DAY + dt.timedelta(days=7)


@given(
    ideal=st.integers(1, 90),
    since_two_way=st.none() | st.integers(0, 1000),
)
def test_the_next_day_always_lies_ahead_and_never_beyond_one_interval(ideal, since_two_way):
    two_way = None if since_two_way is None else DAY - dt.timedelta(days=since_two_way)

    due = cadence.next_day(Cadence(ideal, 90), last_contact=DAY, last_two_way=two_way)

    assert DAY < due <= DAY + dt.timedelta(days=ideal)
