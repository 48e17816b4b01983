"""The cadence table of the field, a brand's own over it, and the days it gives."""

import datetime as dt

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.funnel import cadence, pacing
from irm.funnel.cadence import DEFAULTS, Cadence, Policies, Rule, rhythm
from irm.funnel.pacing import Setting, Terms
from irm.models import CadencePolicy, Level, PolicyScope, Stage

DAY = dt.date(2026, 3, 2)

days = st.integers(1, 365)
cadences = st.tuples(days, days).map(lambda two: Cadence(min(two), max(two)))
policies = st.builds(
    Policies,
    st.fixed_dictionaries(dict.fromkeys(Stage, cadences)),
    st.fixed_dictionaries(dict.fromkeys(Level, cadences)),
    st.fixed_dictionaries({one: st.none() | cadences for one in cadence.BY_PHASE}),
)
terms = st.fixed_dictionaries(
    {
        "stage": st.sampled_from(Stage),
        "level": st.none() | st.sampled_from(Level),
        "own_ideal": st.none() | days,
        "own_worst": st.none() | days,
        "ceiling": st.none() | st.integers(1, 60),
        "phase": st.none() | st.sampled_from(sorted(cadence.BY_PHASE)),
    }
)


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
    assert rhythm(DEFAULTS, stage=stage) == (Cadence(ideal, worst), Rule.STAGE)


@pytest.mark.parametrize(
    ("level", "ideal", "worst"),
    [(Level.BEGINNER, 7, 14), (Level.INTERMEDIATE, 14, 21), (Level.ADVANCED, 30, 45)],
)
def test_a_level_replaces_the_stage(level, ideal, worst):
    found = rhythm(DEFAULTS, stage=Stage.INTERESTED, level=level)

    assert found == (Cadence(ideal, worst), Rule.LEVEL)


def test_a_campaign_tightens_stage_and_level():
    assert rhythm(DEFAULTS, stage=Stage.AWARE, phase="during") == (Cadence(7, 10), Rule.CAMPAIGN)
    advanced = rhythm(DEFAULTS, stage=Stage.AWARE, level=Level.ADVANCED, phase="during")
    assert advanced == (Cadence(7, 10), Rule.CAMPAIGN)


@pytest.mark.parametrize("phase", ["before", "after"])
def test_before_and_after_a_campaign_nothing_is_tightened_unless_a_brand_says_so(phase):
    assert rhythm(DEFAULTS, stage=Stage.AWARE, phase=phase) == (Cadence(14, 30), Rule.STAGE)
    own = Policies.of([CadencePolicy(scope=PolicyScope.CAMPAIGN, key=phase, ideal=5, worst=40)])
    assert rhythm(own, stage=Stage.AWARE, phase=phase) == (Cadence(5, 30), Rule.CAMPAIGN)


def test_what_was_set_for_a_person_replaces_level_and_campaign():
    found = rhythm(
        DEFAULTS,
        stage=Stage.AWARE,
        level=Level.BEGINNER,
        own_ideal=20,
        own_worst=40,
        phase="during",
    )

    assert found == (Cadence(20, 40), Rule.PERSON)


def test_half_an_override_takes_the_other_half_from_the_table():
    assert rhythm(DEFAULTS, stage=Stage.AWARE, own_ideal=20).cadence == Cadence(20, 30)
    assert rhythm(DEFAULTS, stage=Stage.AWARE, own_ideal=60).cadence == Cadence(60, 60)
    assert rhythm(DEFAULTS, stage=Stage.AWARE, own_worst=9).cadence == Cadence(9, 9)


def test_the_persons_own_ceiling_always_wins():
    found = rhythm(DEFAULTS, stage=Stage.AWARE, own_ideal=7, own_worst=14, ceiling=1)

    assert found == (Cadence(30, 30), Rule.CEILING)
    assert cadence.with_ceiling(Cadence(7, 14), None) == Cadence(7, 14)


@given(policies, terms)
def test_whatever_is_set_the_rhythm_is_sound_and_the_ceiling_holds(policies, terms):
    found, rule = rhythm(policies, **terms)

    assert 1 <= found.ideal <= found.worst
    if terms["ceiling"]:
        assert found.ideal * terms["ceiling"] >= 30
    assert (rule is Rule.PERSON) <= bool(terms["own_ideal"] or terms["own_worst"])


@given(policies, terms)
def test_a_campaign_never_loosens_and_never_touches_an_override(policies, terms):
    found, rule = rhythm(policies, **terms)
    without = rhythm(policies, **{**terms, "phase": None})

    assert found.ideal <= without.cadence.ideal
    assert found.worst <= without.cadence.worst
    if terms["own_ideal"] or terms["own_worst"]:
        assert (found, rule) == without


@given(policies, terms)
def test_a_level_makes_the_stage_matter_no_more(policies, terms):
    terms = {**terms, "level": terms["level"] or Level.ADVANCED}

    found = {rhythm(policies, **{**terms, "stage": stage}) for stage in Stage}

    assert len(found) == 1


def test_a_brands_own_policies_stand_over_the_table():
    rows = [
        CadencePolicy(scope=PolicyScope.STAGE, key="aware", ideal=9, worst=18),
        CadencePolicy(scope=PolicyScope.LEVEL, key="advanced", ideal=60, worst=90),
        CadencePolicy(scope=PolicyScope.CAMPAIGN, key="during", ideal=3, worst=5),
        CadencePolicy(scope=PolicyScope.STAGE, key="of a later version", ideal=1, worst=1),
    ]

    own = Policies.of(rows)

    assert own.by_stage[Stage.AWARE] == Cadence(9, 18)
    assert own.by_stage[Stage.INTERESTED] == Cadence(10, 21)
    assert own.by_level[Level.ADVANCED] == Cadence(60, 90)
    assert own.by_phase["during"] == Cadence(3, 5)


def test_policies_are_read_of_one_brand_alone(saved, session):
    mine, other = saved(make.brand()), saved(make.brand())
    saved(make.policy(brand_id=mine.id, key="aware", ideal=9, worst=18))
    saved(make.policy(brand_id=other.id, key="aware", ideal=50, worst=60))

    assert cadence.policies_of(session, mine.id).by_stage[Stage.AWARE] == Cadence(9, 18)


def test_one_relationship_goes_by_its_brand_and_its_running_campaign(saved, session):
    card = saved(make.relationship(stage=Stage.AWARE))
    saved(make.policy(brand_id=card.brand_id, key="aware", ideal=9, worst=18))
    campaign = make.campaign(brand=card.brand, starts_on=DAY, ends_on=DAY + dt.timedelta(days=9))
    saved(make.campaign_member(campaign=campaign, relationship=card))

    def of(days):
        return pacing.of(session, card, DAY + dt.timedelta(days=days))

    assert of(-1) == of(10) == (Cadence(9, 18), Rule.STAGE)
    assert of(0) == of(9) == (Cadence(7, 10), Rule.CAMPAIGN)
    campaign.cancelled_at = make.MONDAY
    session.flush()
    assert of(0) == (Cadence(9, 18), Rule.STAGE)


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


ONE = Terms(Stage.AWARE, None, None, None, None)


def _due(starts_in, ends_in):
    spans = cadence.spans_of(DAY + dt.timedelta(days=starts_in), DAY + dt.timedelta(days=ends_in))
    return pacing.due(Setting(DEFAULTS, spans), ONE, last_contact=DAY, last_two_way=DAY)


def test_a_campaign_that_begins_before_the_next_contact_calls_it_in_on_its_first_day():
    assert _due(10, 30) == (DAY + dt.timedelta(days=10), (Cadence(7, 10), Rule.CAMPAIGN))
    assert _due(-3, 30) == (DAY + dt.timedelta(days=7), (Cadence(7, 10), Rule.CAMPAIGN))


def test_a_campaign_that_is_over_by_then_calls_nobody_in():
    assert _due(-20, 3) == (DAY + dt.timedelta(days=14), (Cadence(14, 30), Rule.STAGE))
    assert _due(40, 60) == (DAY + dt.timedelta(days=14), (Cadence(14, 30), Rule.STAGE))


@given(policies, st.integers(-60, 400), st.integers(0, 90))
def test_a_campaign_never_puts_a_contact_off(policies, starts_in, length):
    starts_on = DAY + dt.timedelta(days=starts_in)
    spans = cadence.spans_of(starts_on, starts_on + dt.timedelta(days=length))
    contacts = {"last_contact": DAY, "last_two_way": None}

    found = pacing.due(Setting(policies, spans), ONE, **contacts)

    assert DAY < found.day <= pacing.due(Setting(policies, ()), ONE, **contacts).day


def test_running_one_campaign_goes_before_preparing_another():
    running = cadence.spans_of(DAY, DAY)
    coming = cadence.spans_of(DAY + dt.timedelta(days=5), DAY + dt.timedelta(days=9))

    assert cadence.phase_on(DAY, [*coming, *running]) == "during"
    assert cadence.phase_on(DAY + dt.timedelta(days=1), [*running, *coming]) == "before"
    assert cadence.phase_on(DAY + dt.timedelta(days=90), [*running, *coming]) is None
