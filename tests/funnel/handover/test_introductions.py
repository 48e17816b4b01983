"""What a handover brings beside it: introductions, and who is known to one of us alone."""

import datetime as dt

import pytest
from sqlalchemy import select

from irm.errors import Refused
from irm.funnel import handover, known_by
from irm.ledger import relationships
from irm.models import InteractionColleague, Planner, State, Touchpoint
from tests import make
from tests.funnel.handover.passing import AT, TODAY, hand_over, on, terms


def test_an_introduction_is_planned_where_asked_for(session, saved, ana, ben, lea, cards):
    for card in cards:
        saved(make.interaction(relationship=card, happened_at=AT - dt.timedelta(days=3)))
    relationships.rebuild(session)
    ben.weekly_hours = 1
    session.commit()

    made = hand_over(session, terms(ana, ben.id, introduce=True), lea)

    found = session.scalars(select(Touchpoint).order_by(Touchpoint.due_on)).all()
    assert len(found) == 15
    assert {(one.owner_id, one.tactic, one.why["code"]) for one in found} == {
        (ben.id, "introduction", "handover")
    }
    weeks = {}
    for one in found:
        week = weeks.setdefault(one.due_on.isocalendar()[:2], [])
        week.append(one.minutes)
    assert all(sum(week) <= 60 for week in weeks.values())
    assert len(weeks) == 5
    assert all(one.due_on.isoweekday() <= 5 and one.due_on > TODAY for one in found)
    session.expire_all()
    assert cards[0].next_touchpoint_on is not None
    assert relationships.rebuild(session) == 0
    handover.go_back(session, made, user=lea, at=AT, is_undo=True)
    session.commit()
    assert session.scalars(select(Touchpoint.state).distinct()).all() == [State.SKIPPED]
    session.expire_all()
    assert cards[0].next_touchpoint_on is None


def test_no_introduction_where_nobody_spoke_to_them_or_the_new_owner_has_no_hours(
    session, saved, ana, ben, cleo, lea, cards
):
    for card in cards[:6]:
        saved(make.interaction(relationship=card))
    cards[0].paused_until = on(30)
    cards[1].influencer.do_not_contact = True
    relationships.rebuild(session)
    cleo.weekly_hours = 0
    session.commit()

    hand_over(session, terms(ana, ben.id, introduce=True), lea)
    assert len(session.scalars(select(Touchpoint)).all()) == 4
    hand_over(session, terms(ana, cleo.id, introduce=True, from_id=ben.id), lea)
    assert len(session.scalars(select(Touchpoint)).all()) == 4


def test_introductions_keep_out_of_absences_holidays_and_quiet_seasons(
    session, saved, ana, ben, lea, cards
):
    saved(make.interaction(relationship=cards[0]))
    relationships.rebuild(session)
    saved(make.absence(user_id=ben.id, first_on=on(1), last_on=on(3)))
    saved(make.absence(user_id=ana.user_id, first_on=on(4), last_on=on(4)))
    saved(make.season(brand_id=ana.brand_id, first_on=on(5), last_on=on(8), is_yearly=False))
    saved(make.absence(influencer_id=cards[0].influencer_id, first_on=on(9), last_on=on(9)))

    hand_over(session, terms(ana, ben.id, introduce=True), lea)

    assert session.scalars(select(Touchpoint.due_on)).one() == on(10)


def test_introductions_come_before_people_go_back_the_soonest_to_be_contacted_first(
    session, saved, ana, ben, lea, cards
):
    ben.weekly_hours = 1.0
    for card, day in zip(cards[:4], (9, 3, 6, 12), strict=True):
        saved(make.interaction(relationship=card))
        saved(make.touchpoint(relationship=card, owner_id=ana.user_id, due_on=on(day)))
    # What the plan proposes makes room; what people put there does not.
    for day in range(1, 20):
        kept = {"owner_id": ben.id, "due_on": on(day), "minutes": 60}
        saved(make.touchpoint(**kept, planned_by=Planner.PLAN))
    relationships.rebuild(session)

    hand_over(session, terms(ana, ben.id, introduce=True), lea, back_on=on(11))

    found = session.execute(
        select(Touchpoint.relationship_id, Touchpoint.due_on)
        .where(Touchpoint.tactic == "introduction")
        .order_by(Touchpoint.due_on, Touchpoint.id)
    ).all()
    assert [row.relationship_id for row in found][:2] == [cards[1].id, cards[2].id]
    assert all(row.due_on < on(11) for row in found)


def test_who_has_one_contact_alone_is_known(session, saved, ana, ben, lea, cards):
    alone, shared, together, gone, none = cards[:5]
    cards[0].fit_order = 1.0
    stranger = saved(make.user(is_active=False))
    saved(make.interaction(relationship=alone, author=ana.user))
    saved(make.interaction(relationship=shared, author=ana.user))
    saved(make.interaction(relationship=shared, author=ben))
    both = saved(make.interaction(relationship=together, author=ana.user))
    saved(InteractionColleague(interaction_id=both.id, user_id=ben.id))
    saved(make.interaction(relationship=gone, author=ben))
    saved(make.interaction(relationship=gone, author=stranger))
    saved(make.interaction(relationship=none, author=None))

    found = session.execute(known_by.listed(ana.brand_id)).all()
    of_ana = session.execute(known_by.listed(ana.brand_id, ana.user_id)).all()

    assert [(row.id, row.contact) for row in found] == [(alone.id, "Ana"), (gone.id, "Ben")]
    assert [row.id for row in of_ana] == [alone.id]
    below = known_by.below(known_by.token(found[0]))
    assert [row.id for row in session.execute(known_by.listed(ana.brand_id).where(below))] == [
        gone.id
    ]


@pytest.mark.parametrize("token", ["", "~", "x~1", "1.0~", "1.0~-1", "1.0~²"])
def test_a_page_that_is_none_is_refused(token):
    with pytest.raises(Refused, match="begin at the first page"):
        known_by.below(token)
