"""What is decided in a review, and that two never decide on one card."""

import datetime as dt

import pytest
from sqlalchemy import select

from irm.errors import Refused, Stale, Unreasoned
from irm.funnel import minutes, pauses, review_undo, reviews, stages
from irm.funnel.minutes_words import sentence
from irm.models import (
    Decision,
    Kind,
    Relationship,
    Stage,
    State,
    Touchpoint,
)
from tests.funnel.reviews.sitting import DAY, NOW, decide, items


def test_of_two_who_decide_at_once_the_second_is_told(session, lead, moved, begun):
    moved()
    [item] = items(session, begun())
    decide(session, item, Decision.LATER, lead)

    with pytest.raises(Stale):
        decide(session, item, Decision.STAYS, lead, at=NOW + DAY)

    session.refresh(item)
    assert item.decision is Decision.LATER


def test_a_decision_may_be_changed_by_whoever_saw_it(session, lead, moved, begun):
    moved()
    [item] = items(session, begun())
    decide(session, item, Decision.LATER, lead)

    decide(session, item, Decision.STAYS, lead, seen=NOW, note="Rather.")

    assert (item.decision, item.note, item.decided_by_id) == (
        Decision.STAYS,
        "Rather.",
        lead.user_id,
    )


def test_to_stay_dismisses_what_the_evidence_proposes_and_undo_brings_it_back(
    session, lead, moved, begun
):
    one = moved()
    [item] = items(session, begun())
    relationship = decide(session, item, Decision.STAYS, lead)
    reviews.stay(session, relationship, user=lead.user, at=NOW)
    session.commit()
    assert one.dismissed_from is Stage.AWARE

    review_undo.undo(session, item, user=lead.user, at=NOW, seen=NOW)
    session.commit()

    session.refresh(one)
    assert one.dismissed_from is None
    assert (item.decision, item.decided_at) == (None, None)


def test_a_move_follows_the_rules_of_moving_and_is_undone(session, lead, moved, begun):
    one = moved()
    [item] = items(session, begun())
    relationship = decide(session, item, Decision.MOVED, lead)
    with pytest.raises(Unreasoned):
        stages.move(session, relationship, Stage.UNAWARE, user=lead.user, at=NOW)
    stages.move(session, relationship, Stage.UNAWARE, user=lead.user, at=NOW, reason="Silence.")
    session.commit()

    review_undo.undo(session, item, user=lead.user, at=NOW + DAY, seen=NOW)
    session.commit()

    assert one.stage is Stage.AWARE


def test_a_planned_touchpoint_is_real_and_undone(session, lead, moved, begun):
    moved()
    [item] = items(session, begun())
    decide(session, item, Decision.PLANNED, lead)
    reviews.plan(
        session,
        item,
        due_on=(NOW + 7 * DAY).date(),
        today=NOW.date(),
        kind=Kind.GIVE,
        purpose="Send seeds",
        owner_id=lead.user_id,
        user=lead.user,
        at=NOW,
    )
    session.commit()
    [planned] = session.scalars(select(Touchpoint)).all()
    assert (planned.purpose, planned.owner_id, planned.state) == (
        "Send seeds",
        lead.user_id,
        State.OPEN,
    )

    review_undo.undo(session, item, user=lead.user, at=NOW, seen=NOW)
    session.commit()

    session.refresh(planned)
    assert planned.state is State.SKIPPED
    assert item.touchpoint_id is None


def test_a_pause_is_undone(session, lead, moved, begun):
    one = moved()
    [item] = items(session, begun())
    relationship = decide(session, item, Decision.PAUSED, lead)
    until = (NOW + 30 * DAY).date()
    pauses.pause(session, relationship, until=until, why="On tour.", user=lead.user, at=NOW)
    session.commit()

    review_undo.undo(session, item, user=lead.user, at=NOW, seen=NOW)

    assert one.paused_until is None


def test_a_card_that_was_moved_on_since_keeps_the_move_of_the_review(session, lead, moved, begun):
    one = moved()
    [item] = items(session, begun())
    decide(session, item, Decision.MOVED, lead)
    for to, hours in ((Stage.INTERESTED, 0), (Stage.ENGAGED, 1)):
        at = NOW + dt.timedelta(hours=hours)
        stages.move(session, one, to, user=lead.user, at=at, reason="They wrote.")
    session.commit()

    with pytest.raises(Stale):
        review_undo.undo(session, item, user=lead.user, at=NOW + DAY, seen=NOW)
    session.rollback()

    session.refresh(one)
    assert (one.stage, item.decision) == (Stage.ENGAGED, Decision.MOVED)


def test_a_move_that_was_taken_back_on_the_board_lets_the_card_be_decided_anew(
    session, lead, moved, begun
):
    one = moved()
    [item] = items(session, begun())
    decide(session, item, Decision.MOVED, lead)
    made = stages.move(session, one, Stage.INTERESTED, user=lead.user, at=NOW, reason="Soon.")
    stages.undo(session, made, one, user=lead.user, at=NOW)
    session.commit()

    review_undo.undo(session, item, user=lead.user, at=NOW + DAY, seen=NOW)
    session.commit()

    assert (one.stage, item.decision) == (Stage.AWARE, None)


def test_a_pause_that_somebody_made_anew_is_not_ended_by_taking_the_decision_back(
    session, lead, moved, begun
):
    one = moved()
    [item] = items(session, begun())
    decide(session, item, Decision.PAUSED, lead)
    for days, hours in ((30, 0), (60, 1)):
        until, at = (NOW + days * DAY).date(), NOW + dt.timedelta(hours=hours)
        pauses.pause(session, one, until=until, why="On tour.", user=lead.user, at=at)
    session.commit()

    with pytest.raises(Stale):
        review_undo.undo(session, item, user=lead.user, at=NOW + DAY, seen=NOW)


def test_the_minutes_tell_a_pause_as_it_was_decided(session, lead, moved, begun):
    one = moved()
    review = begun()
    [item] = items(session, review)
    decide(session, item, Decision.PAUSED, lead)
    until = (NOW + 30 * DAY).date()
    pauses.pause(session, one, until=until, why="On tour.", user=lead.user, at=NOW)
    reviews.close(session, review, recipients=[], at=NOW + DAY)
    pauses.resume(session, one, user=lead.user, at=NOW + 2 * DAY)
    session.commit()

    [entry] = minutes.of(session, review, NOW + 3 * DAY).entries
    assert (entry.paused_until, entry.paused_why) == (until, "On tour.")
    assert "On tour." in sentence(entry, str)


def test_a_decision_in_place_of_a_plan_lets_the_plan_be(session, lead, moved, begun):
    moved()
    review = begun()
    [item] = items(session, review)
    decide(session, item, Decision.PLANNED, lead)
    day = NOW.date()
    reviews.plan(
        session,
        item,
        due_on=day,
        today=day,
        kind=Kind.GIVE,
        purpose="Send seeds",
        owner_id=lead.user_id,
        user=lead.user,
        at=NOW,
    )
    decide(session, item, Decision.LATER, lead, at=NOW + DAY, seen=NOW)
    [entry] = minutes.of(session, review, NOW + DAY).entries
    assert (entry.decision, entry.purpose) == (Decision.LATER, "")

    review_undo.undo(session, item, user=lead.user, at=NOW + DAY, seen=NOW + DAY)
    session.commit()

    [planned] = session.scalars(select(Touchpoint)).all()
    assert planned.state is State.OPEN


def test_what_another_decided_is_not_undone(session, lead, moved, begun):
    moved()
    [item] = items(session, begun())
    decide(session, item, Decision.LATER, lead)

    with pytest.raises(Stale):
        review_undo.undo(session, item, user=lead.user, at=NOW, seen=NOW - DAY)


def test_a_closed_review_is_closed_once_and_takes_no_decision(session, lead, moved, begun):
    moved()
    review = begun()
    [item] = items(session, review)

    assert reviews.close(session, review, recipients=[lead.user_id], at=NOW)
    assert not reviews.close(session, review, recipients=[], at=NOW + DAY)
    session.commit()

    assert (review.closed_at, review.recipients) == (NOW, [lead.user_id])
    with pytest.raises(Refused):
        decide(session, item, Decision.LATER, lead)


def test_the_minutes_tell_moves_touchpoints_and_what_is_open(session, lead, moved, begun):
    first, _second, _third = (moved(fit=fit) for fit in (90.0, 80.0, 70.0))
    review = begun()
    move, plan, _open = items(session, review)
    relationship = decide(session, move, Decision.MOVED, lead)
    stages.move(session, relationship, Stage.ENGAGED, user=lead.user, at=NOW, reason="Wrote us.")
    decide(session, plan, Decision.PLANNED, lead, note="Soon.")
    reviews.plan(
        session,
        plan,
        due_on=(NOW + DAY).date(),
        today=NOW.date(),
        kind=Kind.TALK,
        purpose="Call",
        owner_id=None,
        user=lead.user,
        at=NOW,
    )
    session.commit()

    told = minutes.of(session, review, NOW + DAY)

    assert [decision for decision, _entries in told.groups] == [Decision.PLANNED, Decision.MOVED]
    (_, [planned]), (_, [went]) = told.groups
    assert (planned.purpose, planned.owner, planned.note) == ("Call", lead.user.name, "Soon.")
    assert (went.influencer_id, went.start, went.end, went.reason) == (
        first.influencer_id,
        Stage.AWARE,
        Stage.ENGAGED,
        "Wrote us.",
    )
    assert (told.decided, told.total, len(told.undecided)) == (2, 3, 1)


def test_an_erased_person_leaves_the_review(session, lead, moved, begun):
    moved()
    review = begun()
    session.delete(session.scalars(select(Relationship)).one().influencer)
    session.commit()

    assert minutes.of(session, review, NOW).total == 0
