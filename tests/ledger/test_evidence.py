"""The earned stage, by the rule of the house: a slow reference and the days it turns on."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.ledger import evidence
from irm.ledger.evidence import Fact, Thresholds
from irm.models import Direction, ProofKind, Stage

DAY = dt.date(2026, 6, 1)
KIND = ProofKind


def ago(days):
    return DAY - dt.timedelta(days=days)


def stage(facts, exchanges=(), day=DAY):
    return evidence.earned(facts, exchanges, day, Thresholds()).stage


def test_without_a_proof_nothing_is_earned_and_a_sign_is_what_is_missing():
    found = evidence.earned([], [], DAY, Thresholds())

    assert (found.stage, found.on, found.check_on) == (None, None, None)
    assert found.missing == [{"code": "sign"}]


@pytest.mark.parametrize("kind", [KIND.REPLY, KIND.FOLLOW, KIND.MENTION, KIND.APPLICATION])
def test_one_sign_from_them_ever_is_aware(kind):
    assert stage([Fact(kind, ago(3000))]) is Stage.AWARE


def test_two_exchanges_within_sixty_days_are_interested_until_the_day_after():
    reply = [Fact(KIND.REPLY, ago(60))]
    found = evidence.earned(reply, [ago(60), ago(1)], DAY, Thresholds())

    assert (found.stage, found.on) == (Stage.INTERESTED, ago(1))
    assert found.check_on == DAY + dt.timedelta(days=1)
    assert stage(reply, [ago(60), ago(1)], found.check_on) is Stage.AWARE


def test_an_activity_is_worth_nothing_without_the_exchanges_below_it():
    facts = [Fact(KIND.REPLY, ago(5)), Fact(KIND.ACTIVITY, ago(5))]

    assert stage(facts) is Stage.AWARE
    assert stage(facts, [ago(5), ago(4)]) is Stage.ENGAGED


def test_an_ambassador_has_an_agreement_in_force_and_spoke_of_us_of_their_own_accord():
    below = [Fact(KIND.REPLY, ago(5)), Fact(KIND.ACTIVITY, ago(5))]
    talk = [ago(5), ago(4)]
    agreement, mention = Fact(KIND.AGREEMENT, ago(300), DAY), Fact(KIND.MENTION, ago(180))

    assert stage([*below, agreement, mention], talk) is Stage.AMBASSADOR
    assert stage([*below, agreement._replace(until=ago(1)), mention], talk) is Stage.ENGAGED
    assert stage([*below, agreement, Fact(KIND.MENTION, ago(181))], talk) is Stage.ENGAGED
    missing = evidence.earned(below, talk, DAY, Thresholds()).missing
    assert missing == [{"code": "agreement"}, {"code": "mention", "days": 180}]


def test_what_lies_ahead_counts_from_its_day():
    found = evidence.earned([Fact(KIND.FOLLOW, DAY + dt.timedelta(days=2))], [], DAY, Thresholds())

    assert (found.stage, found.check_on) == (None, DAY + dt.timedelta(days=2))


@pytest.mark.parametrize("stored", [None, [], {"exchanges": "2"}, {"exchanges": 0, "extra": 1}])
def test_thresholds_that_are_not_sound_have_their_defaults(stored):
    assert evidence.thresholds(stored) == Thresholds()


moments = st.integers(0, 40).map(
    lambda half_days: dt.datetime(2026, 1, 1, 6, tzinfo=dt.UTC) + dt.timedelta(hours=12 * half_days)
)


@given(st.lists(st.tuples(moments, st.sampled_from(Direction)), max_size=8))
def test_exchanges_are_what_went_both_ways_or_was_answered_within_two_weeks(history):
    fortnight = dt.timedelta(days=14)
    slow = sorted(
        at
        for at, direction in history
        if direction is Direction.BOTH
        or (
            direction is Direction.IN
            and any(
                other is not Direction.IN and abs(at - when) <= fortnight for when, other in history
            )
        )
    )

    assert evidence.exchanges(history) == slow


days = st.integers(-30, 300).map(ago)
facts = st.builds(
    Fact, st.sampled_from(ProofKind), days, st.none() | st.integers(-60, 200).map(ago)
)


@given(st.lists(facts, max_size=6), st.lists(days, max_size=4), st.integers(0, 90))
def test_until_the_day_to_look_again_time_changes_nothing(proofs, talks, later):
    found = evidence.earned(proofs, talks, DAY, Thresholds())
    then = DAY + dt.timedelta(days=later)

    if found.check_on is None or then < found.check_on:
        assert evidence.earned(proofs, talks, then, Thresholds())[:2] == found[:2]
