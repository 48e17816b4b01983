"""Putting off, skipping, giving on and finishing a touchpoint: each can be taken back."""

import datetime as dt

import make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from irm.directory.search import Reader, restrict
from irm.errors import Refused
from irm.funnel import interactions, passing_on, skips, touchpoint_undo, touchpoints
from irm.funnel.interactions import Exchange
from irm.funnel.skips import Reason
from irm.ledger import relationships as ledger
from irm.models import (
    Ask,
    Direction,
    Interaction,
    Kind,
    Planner,
    Relationship,
    Role,
    Stage,
    State,
    Touchpoint,
)

AT = make.MONDAY
DAY = AT.date()


def in_days(days):
    return DAY + dt.timedelta(days=days)


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.LEAD)).user


@pytest.fixture
def card(saved, ana):
    return saved(make.relationship(owner=ana, stage=Stage.AWARE, name="Chloé"))


@pytest.fixture
def due(saved, session, card, ana):
    """A touchpoint of Ana's that is three days overdue."""
    made = saved(make.touchpoint(relationship=card, owner=ana, due_on=in_days(-3), purpose="Seeds"))
    ledger.settle_next(session, card)
    return made


def done(session, touchpoint, user, at=AT):
    return interactions.log(
        session,
        touchpoint.relationship,
        Exchange("Sent the seeds"),
        author=user,
        happened_at=at,
        at=at,
        fulfils=touchpoint,
    )


def test_what_was_put_off_goes_back_to_its_day_even_a_past_one(session, card, due):
    touchpoints.snooze(session, due, until=in_days(7), today=DAY)
    assert card.next_touchpoint_on == in_days(7)

    touchpoint_undo.bring_forward(session, due)

    assert (due.due_on, due.snoozes) == (in_days(-3), 0)
    assert card.next_touchpoint_on == in_days(-3)
    with pytest.raises(Refused, match="not put off"):
        touchpoint_undo.bring_forward(session, due)


def test_what_the_cadence_planned_is_its_own_again_once_it_went_back(session, ana, card):
    interactions.log(session, card, Exchange("Hello"), author=ana, happened_at=AT, at=AT)
    (planned,) = touchpoints.open_ones(session, card)
    touchpoints.snooze(session, planned, until=in_days(90), today=DAY)
    assert planned.planned_by is Planner.PERSON

    touchpoint_undo.bring_forward(session, planned)

    assert planned.planned_by is Planner.CADENCE


def test_a_skip_keeps_its_reason_until_it_is_taken_back(session, ana, due):
    because = skips.stored(Reason.AWAY, "")
    touchpoints.skip(session, due, user=ana, at=AT, because=because)
    assert skips.said(due.why) == "Skipped: they are away"

    touchpoints.reopen(session, due, at=AT)

    assert skips.said(due.why) == ""


def test_another_reason_takes_a_word_and_none_is_needed(session, ana, due):
    with pytest.raises(Refused, match="in a few words"):
        skips.stored(Reason.OTHER, "")
    assert skips.stored(Reason.NO_REASON, "") == {}

    touchpoints.skip(session, due, user=ana, at=AT, because=skips.stored(Reason.OTHER, "Exams"))

    assert skips.said(due.why) == "Skipped: Exams"


def test_a_reason_that_this_version_does_not_know_is_passed_over():
    assert skips.said({"skipped": {"code": "weather"}}) == ""


def test_what_was_done_by_mistake_is_open_again_and_its_log_is_gone(session, ana, card, due):
    done(session, due, ana)
    assert card.last_contact_at == AT

    touchpoint_undo.take_back(session, due, user=ana, at=AT)
    session.commit()

    assert due.state is State.OPEN
    assert card.next_touchpoint_on == in_days(-3)
    assert card.last_contact_at is None
    found = restrict(session, "seeds", Reader(card.brand_id, ana.id, reads_private=True))
    assert not session.scalars(
        select(Relationship.id).join(Relationship.influencer).where(found)
    ).all()
    assert ledger.rebuild(session) == 0


def test_what_the_cadence_planned_after_a_mistake_is_dropped_with_it(session, ana, card, due):
    done(session, due, ana)
    assert len(touchpoints.open_ones(session, card)) == 1

    touchpoint_undo.take_back(session, due, user=ana, at=AT)

    assert touchpoints.open_ones(session, card) == [due]


def test_what_a_person_planned_since_stays(session, ana, card, due):
    done(session, due, ana)
    later = touchpoints.plan(
        session, card, due_on=in_days(9), today=DAY, at=AT, author=ana, purpose="Call"
    )

    touchpoint_undo.take_back(session, due, user=ana, at=AT)

    assert touchpoints.open_ones(session, card) == [due, later]


def test_only_who_did_it_takes_it_back(session, saved, ana, due):
    ravi = saved(make.user())
    with pytest.raises(Refused, match="not done"):
        touchpoint_undo.take_back(session, due, user=ana, at=AT)
    done(session, due, ana)

    with pytest.raises(Refused, match="only she"):
        touchpoint_undo.take_back(session, due, user=ravi, at=AT)


def ask_of(saved, card, ana, reason=None, **given):
    planned = saved(
        make.touchpoint(relationship=card, owner=ana, kind=Kind.ASK.value, due_on=DAY, **given)
    )
    saved(
        Ask(
            relationship_id=card.id,
            touchpoint_id=planned.id,
            wish="A film",
            benefit="b",
            community="c",
            shared_values="v",
            override_reason=reason,
            created_at=AT,
        )
    )
    return planned


def given_enough(session, card, ana, gives=3):
    for kind in [Kind.TALK, *[Kind.GIVE] * gives]:
        exchange = Exchange("x", kind=kind, direction=Direction.BOTH)
        interactions.log(
            session, card, exchange, author=ana, happened_at=AT, at=AT, plan_next=False
        )


def test_an_ask_is_put_off_while_the_gate_is_open_for_it(session, saved, ana, card):
    given_enough(session, card, ana)
    planned = ask_of(saved, card, ana)

    touchpoints.snooze(session, planned, until=in_days(3), today=DAY)

    assert planned.due_on == in_days(3)


def test_an_ask_behind_a_shut_gate_is_not_put_off(session, saved, ana, card):
    planned = ask_of(saved, card, ana)
    with pytest.raises(Refused, match="gate has shut"):
        touchpoints.snooze(session, planned, until=in_days(3), today=DAY)


def test_an_ask_planned_with_a_reason_is_put_off_but_not_into_a_pause(session, saved, ana, card):
    planned = ask_of(saved, card, ana, reason="The fair is on Friday")
    card.paused_until = in_days(10)
    session.commit()
    with pytest.raises(Refused, match="paused on this day"):
        touchpoints.snooze(session, planned, until=in_days(9), today=DAY)

    touchpoints.snooze(session, planned, until=in_days(10), today=DAY)

    assert planned.due_on == in_days(10)


def test_a_talk_is_put_off_into_a_pause(session, card, due):
    card.paused_until = in_days(10)
    session.commit()

    touchpoints.snooze(session, due, until=in_days(3), today=DAY)

    assert due.due_on == in_days(3)


def test_an_ask_that_was_skipped_does_not_come_back_into_a_pause(session, saved, ana, card):
    planned = ask_of(saved, card, ana, reason="The fair is on Friday")
    touchpoints.skip(session, planned, user=ana, at=AT)
    card.paused_until = in_days(10)
    session.commit()

    with pytest.raises(Refused, match="paused on this day"):
        touchpoints.reopen(session, planned, at=AT)


def test_a_done_ask_does_not_come_back_beside_another(session, saved, ana, card):
    first = ask_of(saved, card, ana, reason="The fair is on Friday")
    done(session, first, ana)
    ask_of(saved, card, ana, reason="Again")

    with pytest.raises(Refused, match="planned already"):
        touchpoint_undo.take_back(session, first, user=ana, at=AT)


def test_a_touchpoint_given_on_says_who_gave_it_and_goes_back(session, saved, ana, card, due):
    ravi = saved(make.user(name="Ravi"))

    passing_on.pass_on(session, due, ravi, user=ana, on=DAY)

    assert (due.owner_id, card.owner_id) == (ravi.id, ana.id)
    assert passing_on.giver(due) == (ana.id, ana.id)
    with pytest.raises(Refused, match="already"):
        passing_on.pass_on(session, due, ravi, user=ana, on=DAY)

    passing_on.give_back(session, due, ana)

    assert (due.owner_id, passing_on.giver(due)) == (ana.id, (None, None))
    with pytest.raises(Refused, match="not given on"):
        passing_on.give_back(session, due, ana)


def test_what_is_closed_is_not_given_on(session, saved, ana, due):
    touchpoints.skip(session, due, user=ana, at=AT)

    with pytest.raises(Refused, match="already closed"):
        passing_on.pass_on(session, due, saved(make.user()), user=ana, on=DAY)


ACTS = st.lists(
    st.sampled_from(["snooze", "forward", "skip", "reopen", "done", "back"]), max_size=8
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_whatever_is_done_and_taken_back_the_ledger_is_as_history_says(session, saved, acts):
    ana = saved(make.user())
    card = saved(make.relationship(owner=ana))
    planned = saved(make.touchpoint(relationship=card, owner=ana, due_on=in_days(-3)))
    ledger.rebuild(session)
    session.commit()
    for act in acts:
        try:
            match act:
                case "snooze":
                    touchpoints.snooze(session, planned, until=in_days(2), today=DAY)
                case "forward":
                    touchpoint_undo.bring_forward(session, planned)
                case "skip":
                    touchpoints.skip(session, planned, user=ana, at=AT)
                case "reopen":
                    touchpoints.reopen(session, planned, at=AT)
                case "done":
                    if planned.state is State.OPEN:
                        done(session, planned, ana)
                case "back":
                    touchpoint_undo.take_back(session, planned, user=ana, at=AT)
        except Refused:
            session.rollback()
        session.commit()
        logged = session.scalar(
            select(func.count())
            .select_from(Interaction)
            .where(Interaction.touchpoint_id == planned.id)
        )
        assert logged == (planned.state is State.DONE)
        assert len(touchpoints.open_ones(session, card)) <= 1
    assert ledger.rebuild(session) == 0
    assert session.scalar(select(func.count()).select_from(Touchpoint)) >= 1
