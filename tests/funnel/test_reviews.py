"""The review: whom it looks at, what is decided, and that two never decide on one card."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.errors import Refused, Stale, Unreasoned
from irm.funnel import minutes, pauses, review_items, review_undo, reviews, stages
from irm.funnel.minutes_words import sentence
from irm.funnel.review_items import Cause
from irm.models import (
    Decision,
    Direction,
    Kind,
    Relationship,
    Review,
    ReviewItem,
    Role,
    Stage,
    State,
    Touchpoint,
)

START = make.MONDAY
DAY = dt.timedelta(days=1)
NOW = START + 10 * DAY


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def somebody(session, lead):
    """Somebody who began long ago, at unaware, in nobody's mind."""

    def make_one(fit=50.0, **given):
        person = make.influencer(**given)
        session.add(person)
        at = START - 300 * DAY
        one = stages.begin(session, person, lead.brand_id, user=None, at=at, owner_id=lead.user_id)
        one.fit, one.fit_order = fit, 100.0 - fit
        session.commit()
        return one

    return make_one


@pytest.fixture
def moved(session, lead, somebody):
    """Somebody who became aware yesterday, without evidence."""

    def make_one(**given):
        one = somebody(**given)
        reason = "They said so."
        at = NOW - DAY
        stages.move(session, one, Stage.AWARE, user=lead.user, at=at, reason=reason)
        session.commit()
        return one

    return make_one


@pytest.fixture
def begun(session, lead):
    """A review of all kinds that has begun."""

    def begin(kinds=tuple(Cause)):
        review = reviews.start(session, lead.brand, kinds, user=lead.user, at=NOW)
        session.commit()
        return review

    return begin


def items(session, review):
    return session.scalars(
        select(ReviewItem).where(ReviewItem.review_id == review.id).order_by(ReviewItem.place)
    ).all()


def decide(session, item, decision, lead, **given):
    at = given.pop("at", NOW)
    return reviews.decide(session, item, decision, user=lead.user, at=at, **given)


def found(session, lead, kinds=tuple(Cause)):
    return review_items.find(session, lead.brand, NOW - 5 * DAY, NOW, kinds)


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


def again(session, lead, at=NOW + 3 * DAY):
    """Whom the next review would look at."""
    since = reviews.begins(session, lead.brand_id, at)
    return review_items.find(session, lead.brand, since, at).causes


def closed(session, review, at=NOW + DAY):
    reviews.close(session, review, recipients=[], at=at)
    session.commit()


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
