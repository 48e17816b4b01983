"""Whom a review looks at, and who comes again in the next one."""

import make
import pytest
from sqlalchemy import select

from irm.errors import Refused, Stale
from irm.funnel import review_items, reviews, stages
from irm.funnel.review_items import Cause
from irm.models import (
    Decision,
    Direction,
    Kind,
    Review,
    Stage,
)
from tests.funnel.reviews.sitting import DAY, NOW, again, closed, decide, found, items


def test_it_looks_at_who_moved_and_whom_the_evidence_wants_elsewhere(
    session, lead, moved, somebody
):
    somebody()
    one = moved()

    assert found(session, lead).causes == {one.id: [Cause.MOVED, Cause.PROPOSED]}


def test_whoever_was_only_added_has_not_moved(session, lead):
    person = make.influencer()
    session.add(person)
    stages.begin(session, person, lead.brand_id, user=None, at=NOW - DAY)
    session.commit()

    assert found(session, lead).total == 0


def test_it_looks_at_who_is_over_a_limit(session, lead, somebody):
    late = somebody()
    late.last_contact_at = NOW - 100 * DAY
    session.commit()

    assert found(session, lead).causes == {late.id: [Cause.LATE]}


def test_it_looks_at_who_was_asked_although_the_gate_was_shut(session, saved, lead, somebody):
    asked, before = somebody(), somebody()
    for one, days in ((asked, 1), (before, 20)):
        saved(
            make.interaction(
                relationship=one,
                kind=Kind.ASK,
                direction=Direction.OUT,
                is_breach=True,
                happened_at=NOW - days * DAY,
            )
        )

    assert found(session, lead, (Cause.ASKED,)).causes == {asked.id: [Cause.ASKED]}


def test_only_the_chosen_kinds_are_looked_at_best_fit_first(session, lead, moved, monkeypatch):
    monkeypatch.setattr(review_items, "MOST", 2)
    people = [moved(fit=fit) for fit in (10.0, 90.0, 50.0)]

    some = found(session, lead, (Cause.MOVED,))

    assert list(some.causes) == [people[1].id, people[2].id]
    assert (some.total, some.of) == (3, {Cause.MOVED: 3})


def test_a_count_that_stopped_at_its_limit_says_so(session, lead, moved, monkeypatch):
    monkeypatch.setattr(review_items, "COUNTED", 2)
    for _ in range(3):
        moved()

    assert not found(session, lead, (Cause.MOVED,)).is_exact


def test_each_item_keeps_why_it_is_there(session, moved, begun):
    moved()

    [item] = items(session, begun())

    assert item.why == [
        {"code": "moved", "from": "unaware", "steps": 1, "to": "aware"},
        {"code": "proposed", "from": "aware", "to": "unaware"},
    ]


def test_a_second_review_does_not_begin_while_one_is_open(session, lead, moved, begun):
    moved()
    begun()

    with pytest.raises(Stale):
        reviews.start(session, lead.brand, tuple(Cause), user=lead.user, at=NOW)


def test_a_review_of_nobody_does_not_begin(session, lead):
    with pytest.raises(Refused):
        reviews.start(session, lead.brand, tuple(Cause), user=lead.user, at=NOW)
    session.rollback()

    assert session.scalars(select(Review)).all() == []


def test_the_first_review_looks_back_some_weeks_and_the_next_ones_from_there(
    session, lead, moved, begun
):
    assert reviews.begins(session, lead.brand_id, NOW) == NOW - reviews.USUAL
    moved()
    closed(session, begun())

    assert reviews.begins(session, lead.brand_id, NOW + 90 * DAY) == NOW - reviews.USUAL


def test_kinds_that_a_review_left_out_wait_for_the_next_one(session, lead, moved, begun):
    covered, proposed = moved(fit=90.0), moved(fit=50.0)
    covered.earned_stage = Stage.AWARE
    session.commit()
    review = begun((Cause.PROPOSED,))
    [item] = items(session, review)
    assert item.relationship_id == proposed.id
    decide(session, item, Decision.STAYS, lead)
    closed(session, review)

    assert again(session, lead) == {covered.id: [Cause.MOVED]}


@pytest.mark.parametrize("decision", [None, Decision.LATER])
def test_a_card_that_stayed_open_or_was_put_off_comes_again(session, lead, moved, begun, decision):
    one = moved()
    review = begun()
    [item] = items(session, review)
    if decision:
        decide(session, item, decision, lead)
    closed(session, review)

    assert again(session, lead) == {one.id: [Cause.MOVED, Cause.PROPOSED]}


@pytest.mark.parametrize("decision", [Decision.PLANNED, Decision.PAUSED, Decision.STAYS])
def test_what_was_decided_rests_until_the_evidence_says_something_else(
    session, lead, moved, begun, decision
):
    one = moved()
    review = begun()
    [item] = items(session, review)
    decide(session, item, decision, lead)
    closed(session, review)
    assert again(session, lead) == {}

    one.earned_stage = Stage.ENGAGED
    session.commit()
    assert again(session, lead) == {one.id: [Cause.PROPOSED]}


def test_whoever_moves_after_a_decision_is_looked_at_for_that_move_alone(
    session, lead, moved, begun
):
    one = moved()
    review = begun()
    [item] = items(session, review)
    decide(session, item, Decision.STAYS, lead)
    at = NOW + DAY
    stages.move(session, one, Stage.ENGAGED, user=lead.user, at=at, reason="They wrote.")
    closed(session, review, at)

    causes = again(session, lead)
    assert causes == {one.id: [Cause.MOVED, Cause.PROPOSED]}
    why = review_items.whys(session, NOW - 30 * DAY, causes)[one.id][0]
    assert why == {"code": "moved", "from": "aware", "to": "engaged", "steps": 1}


def test_a_move_that_was_taken_back_is_nothing_to_look_at(session, lead, somebody):
    one = somebody()
    at = NOW - DAY
    made = stages.move(session, one, Stage.AWARE, user=lead.user, at=at, reason="Soon.")
    stages.undo(session, made, one, user=lead.user, at=NOW)
    session.commit()

    assert found(session, lead).causes == {}


def test_whoever_is_over_a_limit_rests_for_some_weeks_once_decided_on(
    session, lead, somebody, begun
):
    late = somebody()
    late.last_contact_at = NOW - 100 * DAY
    session.commit()
    review = begun()
    [item] = items(session, review)
    decide(session, item, Decision.PLANNED, lead)
    closed(session, review)

    assert again(session, lead) == {}
    assert again(session, lead, NOW + review_items.RESTS + DAY) == {late.id: [Cause.LATE]}
