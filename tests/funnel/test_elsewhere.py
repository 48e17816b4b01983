"""Busy until: what one brand is told of another one's contact with the same person."""

import datetime as dt

import make
import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from irm.funnel import elsewhere
from irm.funnel.elsewhere import APART
from irm.models import Relationship

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
TODAY = NOON.date()
DAY = dt.timedelta(days=1)


@pytest.fixture
def shared(saved):
    """Somebody two brands know: ours, and the other one's relationship with them."""
    ours = saved(make.relationship(brand=make.brand(), name="Chloé Martin"))
    return ours, saved(make.relationship(brand=make.brand(), influencer=ours.influencer))


@pytest.fixture
def plan(saved):
    """Plan a contact of a relationship for a day."""
    return lambda relationship, day: saved(make.touchpoint(relationship=relationship, due_on=day))


def wrote(session, relationship, at):
    relationship.last_outbound_at = at
    session.commit()


def test_who_was_written_to_by_another_brand_is_busy_for_a_week(session, shared):
    ours, theirs = shared
    assert elsewhere.of(session, ours, TODAY, dt.UTC) is None

    wrote(session, theirs, NOON - 2 * DAY)
    assert elsewhere.of(session, ours, TODAY, dt.UTC) == TODAY + 4 * DAY
    assert elsewhere.of(session, theirs, TODAY, dt.UTC) is None, "of oneself one is not told"

    assert elsewhere.of(session, ours, TODAY + 4 * DAY, dt.UTC) == TODAY + 4 * DAY
    assert elsewhere.of(session, ours, TODAY + 5 * DAY, dt.UTC) is None


def test_whom_another_brand_means_to_write_to_within_a_week_is_busy(session, shared, plan):
    ours, theirs = shared
    plan(theirs, TODAY - DAY)
    assert elsewhere.of(session, ours, TODAY, dt.UTC) is None, "nobody knows when it will be"
    plan(theirs, TODAY + 7 * DAY)
    assert elsewhere.of(session, ours, TODAY, dt.UTC) is None
    plan(theirs, TODAY + 6 * DAY)
    assert elsewhere.of(session, ours, TODAY, dt.UTC) == TODAY + 12 * DAY


def test_of_a_day_ahead_the_week_around_it_is_looked_at(session, shared, plan):
    ours, theirs = shared
    plan(theirs, TODAY + 20 * DAY)
    for ahead, until in ((13, None), (14, 26), (20, 26), (26, 26), (27, None)):
        day = TODAY + ahead * DAY
        found = elsewhere.of(session, ours, TODAY, dt.UTC, day)
        assert found == (until and TODAY + until * DAY), ahead


def test_what_a_pause_holds_back_makes_nobody_busy_and_what_comes_after_it_does(
    session, shared, plan
):
    ours, theirs = shared
    theirs.paused_until = TODAY + 4 * DAY
    plan(theirs, TODAY + 2 * DAY)
    session.commit()
    assert elsewhere.of(session, ours, TODAY, dt.UTC) is None
    plan(theirs, TODAY + 5 * DAY)
    assert elsewhere.of(session, ours, TODAY, dt.UTC) == TODAY + 11 * DAY


def test_a_demo_makes_nobody_busy(session, shared):
    ours, theirs = shared
    wrote(session, theirs, NOON)
    theirs.brand.is_demo = True
    session.commit()
    assert elsewhere.of(session, ours, TODAY, dt.UTC) is None
    assert elsewhere.days(session, ours.brand_id, TODAY, TODAY + 9 * DAY, dt.UTC) == {}


def test_what_they_wrote_themselves_makes_nobody_busy(session, shared):
    ours, theirs = shared
    theirs.last_inbound_at = theirs.last_contact_at = NOON
    session.commit()
    assert elsewhere.of(session, ours, TODAY, dt.UTC) is None


def test_the_sentence_names_no_brand():
    assert elsewhere.said("8 Mar") == (
        "Busy until 8 Mar: another brand is in touch with them, or means to be"
    )


@given(
    wrote=some.none() | some.integers(-30, 0),
    planned=some.none() | some.integers(-10, 30),
    offset=some.integers(0, 40),
)
def test_from_any_contact_of_another_brand_a_free_day_is_a_week_away(wrote, planned, offset):
    class Row:
        busy_at = None if wrote is None else NOON + wrote * DAY
        busy_on = None if planned is None else TODAY + planned * DAY

    today = TODAY + offset * DAY
    row = Row()
    if row.busy_on is not None and row.busy_on < today:
        row.busy_on = None  # as the statement leaves it out
    until = elsewhere.until(row, today, dt.UTC)
    free = today if until is None else until + DAY
    for at in (row.busy_at and row.busy_at.date(), row.busy_on):
        if at is not None and at <= free:
            assert free - at >= APART
        elif at is not None:
            assert at - today >= APART


def test_a_plan_is_told_of_contacts_of_others_near_its_days(session, shared, plan):
    ours, theirs = shared
    wrote(session, theirs, NOON - DAY)
    for ahead in (-7, -6, 20, 66, 67):
        plan(theirs, TODAY + ahead * DAY)

    found = elsewhere.days(session, ours.brand_id, TODAY, TODAY + 60 * DAY, dt.UTC)

    told = [TODAY + n * DAY for n in (-6, -1, 20, 66)]
    assert {id: sorted(days) for id, days in found.items()} == {ours.influencer_id: told}
    assert elsewhere.days(session, theirs.brand_id, TODAY, TODAY + 60 * DAY, dt.UTC) == {}


def test_a_statement_asks_of_many_at_once(session, saved, shared):
    ours, theirs = shared
    free = saved(make.relationship(brand=ours.brand))
    wrote(session, theirs, NOON)
    rows = session.execute(
        select(Relationship.id, *elsewhere.columns(TODAY)).where(
            Relationship.brand_id == ours.brand_id
        )
    )
    busy = {row.id: elsewhere.until(row, TODAY, dt.UTC) for row in rows}
    assert busy == {ours.id: TODAY + 6 * DAY, free.id: None}
