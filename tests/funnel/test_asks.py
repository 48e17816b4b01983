"""Planning an ask: judged by the gate, thought through, and never in two ways."""

import datetime as dt
import random

import make
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from irm.directory.search import Reader
from irm.errors import Refused
from irm.funnel import asked, asks, balance, interactions, touchpoints
from irm.funnel.asks import GateShut, Thought
from irm.funnel.interactions import Exchange
from irm.models import (
    Ask,
    AuditEntry,
    Direction,
    Interaction,
    Kind,
    Outcome,
    ProofKind,
    Relationship,
    Role,
    Stage,
    State,
    Touchpoint,
)

AT = make.MONDAY
DAY = AT.date()
THOUGHT = Thought("Two pages in the booklet", "A new audience", "They learn a knot", "Repair")


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def card(saved, ana):
    """Somebody whom we answered and who answered us, at `aware`."""
    return saved(
        make.relationship(brand=ana.brand, owner=ana.user, stage=Stage.AWARE, name="Chloé")
    )


def log(session, card, ana, kind=Kind.TALK, direction=Direction.OUT, at=AT, **more):
    exchange = Exchange("Hello", kind=kind, direction=direction, **more)
    return interactions.log(
        session, card, exchange, author=ana.user, happened_at=at, at=at, plan_next=False
    )


def answered(session, card, ana, gives=0):
    log(session, card, ana, direction=Direction.BOTH)
    for _ in range(gives):
        log(session, card, ana, Kind.GIVE)


def plan(session, card, ana, thought=THOUGHT, **more):
    return asks.plan(session, card, thought, due_on=DAY, today=DAY, at=AT, author=ana.user, **more)


def with_reason(reason="The fair is on Friday"):
    return Thought("Come to the fair", "Visible", "Tickets", "Repair", reason=reason)


def test_an_ask_is_not_planned_around_the_form(session, card, ana):
    answered(session, card, ana, gives=5)

    with pytest.raises(Refused, match="ask form"):
        touchpoints.plan(
            session, card, due_on=DAY, today=DAY, at=AT, author=ana.user, kind=Kind.ASK
        )


def test_who_gave_enough_plans_an_ask_with_its_answers(session, card, ana):
    answered(session, card, ana, gives=3)

    ask = plan(session, card, ana)

    assert (ask.touchpoint.kind, ask.touchpoint.purpose) == ("ask", THOUGHT.wish)
    assert (ask.benefit, ask.gives, ask.gives_needed) == ("A new audience", 3, 3)
    assert ask.override_reason is None


@pytest.mark.parametrize("reason", ["", "It is urgent"])
def test_the_first_thing_they_hear_is_never_an_ask_whatever_the_reason(session, card, ana, reason):
    with pytest.raises(GateShut, match="never an ask"):
        plan(session, card, ana, with_reason(reason))

    assert session.scalars(select(Touchpoint)).all() == []


def test_their_application_stands_for_our_first_word(session, saved, card, ana):
    saved(make.proof(relationship=card, kind=ProofKind.APPLICATION))
    interactions.proving.settle_one(session, card, AT)

    ask = plan(session, card, ana, with_reason())

    assert ask.override_reason == "The fair is on Friday"


def test_a_shut_gate_takes_a_reason_which_is_kept_and_noted(session, card, ana):
    answered(session, card, ana, gives=2)
    with pytest.raises(GateShut, match="1 more first"):
        plan(session, card, ana)

    ask = plan(session, card, ana, with_reason())

    assert (ask.override_reason, ask.gives, ask.gives_needed) == ("The fair is on Friday", 2, 3)
    (entry,) = session.scalars(select(AuditEntry).filter_by(action="gate.overridden")).all()
    assert entry.ids == {"relationship_id": card.id, "ask_id": ask.id}


def test_a_reason_that_was_not_needed_is_no_override(session, card, ana):
    answered(session, card, ana, gives=3)

    assert plan(session, card, ana, with_reason()).override_reason is None


def test_what_was_given_counts_for_one_ask_alone(session, card, ana):
    answered(session, card, ana, gives=3)
    plan(session, card, ana)

    with pytest.raises(GateShut, match="planned already"):
        plan(session, card, ana, Thought("Something else", "b", "c", "v"))
    with pytest.raises(Refused, match="planned already"):
        plan(session, card, ana)


def test_an_ask_that_was_skipped_comes_back_only_through_the_gate(session, card, ana):
    answered(session, card, ana, gives=3)
    skipped = plan(session, card, ana).touchpoint
    touchpoints.skip(session, skipped, user=ana.user, at=AT)
    touchpoints.reopen(session, skipped, at=AT)
    touchpoints.skip(session, skipped, user=ana.user, at=AT)
    log(session, card, ana, Kind.ASK)
    session.commit()

    with pytest.raises(Refused, match="gate"):
        touchpoints.reopen(session, skipped, at=AT)


def test_an_ask_with_a_reason_that_was_skipped_comes_back(session, card, ana):
    answered(session, card, ana)
    skipped = plan(session, card, ana, with_reason()).touchpoint
    touchpoints.skip(session, skipped, user=ana.user, at=AT)

    touchpoints.reopen(session, skipped, at=AT)

    assert skipped.state is State.OPEN


def test_a_claim_that_is_not_earned_opens_nothing(session, card, ana):
    card.stage = Stage.AMBASSADOR
    log(session, card, ana)

    with pytest.raises(GateShut, match="early to ask"):
        plan(session, card, ana)


def test_a_past_day_is_refused(session, card, ana):
    answered(session, card, ana, gives=3)

    with pytest.raises(Refused, match="today or a later day"):
        asks.plan(
            session,
            card,
            THOUGHT,
            due_on=DAY - dt.timedelta(days=1),
            today=DAY,
            at=AT,
            author=ana.user,
        )


def test_a_long_wish_is_a_short_purpose(session, card, ana):
    answered(session, card, ana, gives=3)

    ask = plan(session, card, ana, Thought("word " * 99, "b", "c", "v"))

    assert len(ask.touchpoint.purpose) <= asks.PURPOSE_LENGTH
    assert ask.touchpoint.purpose.endswith(" …")


@pytest.mark.parametrize(("gives", "is_breach"), [(0, True), (2, True), (3, False)])
def test_an_ask_that_went_out_is_logged_and_marked_where_it_came_early(
    session, card, ana, gives, is_breach
):
    answered(session, card, ana, gives)

    assert log(session, card, ana, Kind.ASK).is_breach is is_breach


def test_the_first_word_logged_as_an_ask_is_a_breach(session, card, ana):
    assert log(session, card, ana, Kind.ASK).is_breach


def test_what_they_ask_of_us_is_no_breach(session, card, ana):
    assert not log(session, card, ana, Kind.ASK, Direction.IN).is_breach


def test_an_ask_with_a_reason_is_no_breach_once_it_is_done(session, card, ana):
    answered(session, card, ana)
    ask = plan(session, card, ana, with_reason())

    done = interactions.log(
        session,
        card,
        Exchange("Asked", kind=Kind.ASK),
        author=ana.user,
        happened_at=AT,
        at=AT,
        fulfils=ask.touchpoint,
    )

    assert not done.is_breach
    assert ask.touchpoint.state is State.DONE


def test_an_ask_of_a_past_day_is_judged_by_what_was_given_before_it(session, card, ana):
    answered(session, card, ana, gives=3)
    later = AT + dt.timedelta(days=2)

    early = interactions.log(
        session,
        card,
        Exchange("Asked", kind=Kind.ASK),
        author=ana.user,
        happened_at=AT - dt.timedelta(days=1),
        at=later,
        plan_next=False,
    )
    in_time = log(session, card, ana, Kind.ASK, at=later)

    assert (early.is_breach, in_time.is_breach) == (True, False)


@pytest.mark.parametrize(
    ("outcome", "earned"),
    [
        (None, Stage.INTERESTED),
        (Outcome.NO_ANSWER, Stage.INTERESTED),
        (Outcome.DECLINED, Stage.INTERESTED),
        (Outcome.ACCEPTED, Stage.ENGAGED),
    ],
)
def test_an_ask_proves_an_activity_by_a_yes_alone(session, card, ana, outcome, earned):
    answered(session, card, ana, gives=3)
    log(session, card, ana, direction=Direction.BOTH)
    asked_for = log(session, card, ana, Kind.ASK, activity="interview")

    interactions.settle_outcome(session, asked_for, outcome, at=AT)

    session.refresh(card)
    assert card.earned_stage is earned


def test_only_an_ask_has_an_outcome(session, card, ana):
    talk = log(session, card, ana, outcome=Outcome.ACCEPTED)

    assert talk.outcome is None
    with pytest.raises(Refused, match="Only an ask"):
        interactions.settle_outcome(session, talk, Outcome.ACCEPTED, at=AT)


def test_gives_asks_and_their_outcomes_are_counted(session, card, ana):
    answered(session, card, ana, gives=4)
    for outcome in (Outcome.ACCEPTED, None, Outcome.NO_ANSWER):
        log(session, card, ana, Kind.ASK, outcome=outcome)
    log(session, card, ana, Kind.ASK, Direction.IN)
    log(session, card, ana, Kind.GIVE, Direction.IN)

    counts = balance.counts(session, card.id)

    assert (counts.gives, counts.asks, counts.accepted, counts.no_answer) == (4, 3, 1, 1)
    assert counts.waiting == 1


def test_the_lead_sees_reasons_breaches_and_figures_by_colleague(session, saved, card, ana):
    ravi = saved(make.member(Role.MANAGER, brand=ana.brand))
    elsewhere = saved(make.relationship(stage=Stage.AWARE))
    answered(session, card, ana)
    plan(session, card, ana, with_reason())
    log(session, card, ravi, Kind.ASK, outcome=Outcome.DECLINED)
    log(session, elsewhere, ravi, Kind.ASK)
    session.commit()
    reader, since = Reader(ana.brand_id, ana.user_id, True), AT - dt.timedelta(days=30)

    (reason,) = asked.overrides(session, reader, since, None)
    (breach,) = asked.breaches(session, reader, since, None)
    tallies = {one.name: one for one in asked.tallies(session, ana.brand_id, since, None)}

    assert (reason.reason, reason.colleague) == ("The fair is on Friday", ana.user.name)
    assert (breach.colleague, breach.name) == (ravi.user.name, "Chloé")
    assert (tallies[ravi.user.name].breaches, tallies[ravi.user.name].declined) == (1, 1)
    assert (tallies[ana.user.name].overrides, tallies[ana.user.name].asks) == (1, 0)
    assert asked.overrides(session, reader, since, ravi.user_id) == []
    assert asked.breaches(session, reader, AT + dt.timedelta(days=1), None) == []


def test_of_a_private_ask_nobody_reads_a_word_who_may_not(session, card, ana):
    log(session, card, ana, Kind.ASK, visibility="private")
    session.commit()

    (row,) = asked.breaches(session, Reader(ana.brand_id, 0, False), AT - dt.timedelta(1), None)

    assert row.summary == ""


def slow(session, card, at):
    """Whether an ask is a first one, and the gives since the last, read from all that is stored."""
    rows = session.scalars(
        select(Interaction)
        .filter_by(relationship_id=card.id)
        .order_by(Interaction.happened_at, Interaction.id)
    ).all()
    ours = [one for one in rows if one.direction is not Direction.IN and one.happened_at <= at]
    gives = 0
    for one in ours:
        gives = 0 if one.kind is Kind.ASK else gives + (one.kind is Kind.GIVE)
    return not ours, gives


@settings(
    max_examples=25,
    phases=[Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6))
def test_whatever_happens_no_first_ask_is_let_through(session, saved, ana, seed):
    dice = random.Random(seed)
    card = saved(make.relationship(brand=ana.brand, owner=ana.user, stage=dice.choice([*Stage])))
    at = AT
    for step in range(dice.randrange(1, 12)):
        at += dt.timedelta(hours=dice.choice([1, 30, 400]))
        is_first, gives = slow(session, card, at)
        if dice.random() < 0.5:
            kind, direction = dice.choice([*Kind]), dice.choice([*Direction])
            logged = log(session, card, ana, kind, direction, at)
            if is_first and kind is Kind.ASK and direction is not Direction.IN:
                assert logged.is_breach
            continue
        thought = Thought(f"Wish {step}", "b", "c", "v", reason=dice.choice(["", "Because"]))
        waiting = session.scalars(
            select(Touchpoint).filter_by(relationship_id=card.id, kind="ask", state=State.OPEN)
        ).all()
        session.expire(card)
        earned = session.get(Relationship, card.id).earned_stage
        try:
            ask = asks.plan(
                session,
                card,
                thought,
                due_on=at.date(),
                today=at.date(),
                at=at,
                author=ana.user,
            )
        except GateShut:
            continue
        assert not is_first
        if ask.override_reason is None:
            assert earned is not None
            assert (0 if waiting else gives) >= (ask.gives_needed or 0)
    session.rollback()


def test_of_two_asks_at_once_the_second_is_judged_by_the_first(session, card, ana):
    answered(session, card, ana, gives=3)
    seen = balance.verdict(session, card)
    plan(session, card, ana)

    with pytest.raises(GateShut):
        plan(session, card, ana, Thought("Also this", "b", "c", "v"))

    assert seen.is_open
    assert len(session.scalars(select(Ask)).all()) == 1
