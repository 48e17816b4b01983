"""Introductions: planned through the gate, told by what became of the ask, and noted as made."""

import datetime as dt

import make
import pytest
from sqlalchemy import select
from tied import befriend, introduction, tie

from irm import clock
from irm.errors import Refused
from irm.funnel import asks, interactions, touchpoint_undo, touchpoints
from irm.funnel.asks import GateShut, Thought
from irm.funnel.interactions import Exchange
from irm.models import (
    Ask,
    AuditEntry,
    IntroductionState,
    Kind,
    Outcome,
    Prospect,
    Stage,
    Tie,
    TieKind,
    Touchpoint,
    Visibility,
)
from irm.network import introductions, progress
from irm.network.fatigue import COSTS

DAY = dt.timedelta(days=1)


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def member(saved):
    return saved(make.member())


@pytest.fixture
def ana(session, saved, member, now):
    """Somebody the brand serves well, who was given something."""
    ana = saved(
        make.relationship(
            brand=member.brand,
            name="Ana",
            stage=Stage.AMBASSADOR,
            earned_stage=Stage.AMBASSADOR,
        )
    )
    befriend(session, ana, member.user, now)
    return ana


@pytest.fixture
def zoe(saved, ana):
    zoe = saved(make.influencer(name="Zoé", known=False))
    saved(tie(ana.influencer, zoe))
    return zoe


@pytest.fixture
def asked(session, member, ana, zoe, now):
    """Ana is to be asked for the way to Zoé."""

    def asked(to=zoe, wish="An introduction to Zoé"):
        people = introductions.way(session, ana, f"{ana.influencer_id},{to.id}")
        ask = asks.plan(
            session,
            ana,
            Thought(wish, "She meets a baker", "Yes", "Bread"),
            due_on=now.date() + 3 * DAY,
            today=now.date(),
            at=now,
            author=member.user,
        )
        made = introductions.plan(session, ask, ana, people)
        session.commit()
        return made

    return asked


@pytest.fixture
def done(session, member, ana, now):
    """The planned ask took place."""

    def done(made, outcome=None, visibility=Visibility.TEAM):
        touchpoint = session.get_one(Touchpoint, made.touchpoint_id)
        logged = interactions.log(
            session,
            ana,
            Exchange("Asked her", Kind.ASK, outcome=outcome, visibility=visibility),
            author=member.user,
            happened_at=now,
            at=now,
            fulfils=touchpoint,
        )
        session.commit()
        return logged

    return done


def state(session, made, reader_id=0, **given):
    session.commit()
    rows = introductions.listed(session, made.brand_id, reader_id, **given)
    return next(one.state for one in rows if one.id == made.id)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (None, IntroductionState.ASKED),
        (Outcome.ACCEPTED, IntroductionState.AGREED),
        (Outcome.DECLINED, IntroductionState.DECLINED),
        (Outcome.NO_ANSWER, IntroductionState.UNANSWERED),
    ],
)
def test_it_has_come_as_far_as_its_ask(session, asked, done, outcome, said):
    made = asked()
    assert state(session, made) is IntroductionState.PLANNED
    done(made, outcome)
    assert state(session, made) is said


def test_an_outcome_written_later_and_an_undo_change_it_with_the_ask(
    session, asked, done, member, now
):
    made = asked()
    logged = done(made)
    interactions.settle_outcome(session, logged, Outcome.DECLINED, at=now)
    assert state(session, made) is IntroductionState.DECLINED
    touchpoint = session.get_one(Touchpoint, made.touchpoint_id)
    touchpoint_undo.take_back(session, touchpoint, user=member.user, at=now)
    assert state(session, made) is IntroductionState.PLANNED
    touchpoints.skip(session, touchpoint, user=member.user, at=now)
    assert state(session, made) is IntroductionState.DROPPED


def test_every_state_has_its_cost():
    assert set(COSTS) == set(IntroductionState)


def test_what_is_planned_costs_and_what_is_dropped_costs_nothing(session, asked, ana, member, now):
    made = asked()
    assert progress.asked(session, [ana.id]) == {ana.id: [(IntroductionState.PLANNED, None)]}
    touchpoint = session.get_one(Touchpoint, made.touchpoint_id)
    touchpoints.skip(session, touchpoint, user=member.user, at=now)
    session.flush()
    assert progress.asked(session, [ana.id]) == {ana.id: [(IntroductionState.DROPPED, now.date())]}


def test_the_gate_stands_before_it(session, saved, member, zoe, now):
    ben = saved(make.relationship(brand=member.brand, name="Ben"))
    saved(tie(ben.influencer, zoe))
    people = introductions.way(session, ben, f"{ben.influencer_id},{zoe.id}")
    assert people == (ben.influencer_id, zoe.id)
    with pytest.raises(GateShut):
        asks.plan(
            session,
            ben,
            Thought("An introduction to Zoé", "x", "x", "x"),
            due_on=now.date() + DAY,
            today=now.date(),
            at=now,
            author=member.user,
        )


def test_the_same_is_not_asked_twice_at_once_but_again_when_it_came_to_nothing(
    session, asked, done, ana, zoe, now
):
    made = asked()
    ask = session.scalars(select(Ask)).one()
    people = (ana.influencer_id, zoe.id)
    with pytest.raises(Refused, match="under way"):
        introductions.plan(session, ask, ana, people)
    logged = done(made, Outcome.ACCEPTED)
    with pytest.raises(Refused, match="under way"):
        introductions.plan(session, ask, ana, people)
    interactions.settle_outcome(session, logged, Outcome.NO_ANSWER, at=now)
    assert introductions.plan(session, ask, ana, people).id != made.id


@pytest.mark.parametrize("said", ["", "x", "1", ",", "{ana}", "{zoe},{ana}", "{ana},{ana}"])
def test_what_is_no_way_is_refused(session, ana, zoe, said):
    said = said.format(ana=ana.influencer_id, zoe=zoe.id)
    with pytest.raises(Refused, match="no way"):
        introductions.way(session, ana, said)


def test_a_way_by_people_whom_another_brand_alone_knows_is_refused(session, saved, ana, zoe):
    theirs = saved(make.relationship(brand=saved(make.brand())))
    said = f"{ana.influencer_id},{theirs.influencer_id},{zoe.id}"
    with pytest.raises(Refused, match="no way"):
        introductions.way(session, ana, said)


def test_a_way_to_somebody_who_is_reached_is_refused(session, saved, ana, member, now):
    mia = saved(make.relationship(brand=member.brand, stage=Stage.ENGAGED, last_contact_at=now))
    with pytest.raises(Refused, match="in contact"):
        introductions.way(session, ana, f"{ana.influencer_id},{mia.influencer_id}")


def test_made_it_is_a_tie_and_taken_back_it_is_none(session, asked, done, member, ana, zoe, now):
    made = asked()
    done(made, Outcome.ACCEPTED)
    introductions.make(session, made, user=member.user, at=now)
    assert state(session, made) is IntroductionState.MADE
    found = session.scalars(select(Tie).where(Tie.kind == TieKind.INTRODUCED)).one()
    assert (found.from_id, found.to_id) == (ana.influencer_id, zoe.id)

    introductions.unmake(session, made, user=member.user, at=now)
    assert state(session, made) is IntroductionState.AGREED
    assert not session.scalars(select(Tie).where(Tie.kind == TieKind.INTRODUCED)).all()
    changes = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "introduction.changed").order_by("id")
    )
    assert [one.ids["change"] for one in changes] == ["made", "unmade"]


def test_a_tie_that_was_noted_before_stays_as_it_was(
    session, saved, asked, done, member, ana, zoe, now
):
    before = saved(
        tie(
            ana.influencer,
            zoe,
            kind=TieKind.INTRODUCED,
            origin="hand",
            brand_id=member.brand_id,
            note="At the fair in Lyon",
            last_seen=now.date() - 90 * DAY,
        )
    )
    made = asked()
    done(made)
    introductions.make(session, made, user=member.user, at=now)
    introductions.unmake(session, made, user=member.user, at=now)
    session.commit()
    kept = session.scalars(select(Tie).where(Tie.kind == TieKind.INTRODUCED)).one()
    assert (kept.id, kept.note) == (before.id, "At the fair in Lyon")
    assert kept.last_seen == now.date() - 90 * DAY
    assert kept.author_id is None


def test_the_tie_stays_while_another_introduction_of_the_two_is_noted(
    session, saved, asked, done, member, ana, zoe, now
):
    made = asked()
    done(made)
    introductions.make(session, made, user=member.user, at=now)
    saved(introduction(ana, zoe))
    introductions.unmake(session, made, user=member.user, at=now)
    session.commit()
    assert session.scalars(select(Tie).where(Tie.kind == TieKind.INTRODUCED)).one()


@pytest.mark.parametrize("outcome", ["planned", Outcome.DECLINED])
def test_nobody_introduced_us_who_was_not_asked_or_declined(
    session, asked, done, member, now, outcome
):
    made = asked()
    if outcome != "planned":
        done(made, outcome)
    with pytest.raises(Refused, match="Log first"):
        introductions.make(session, made, user=member.user, at=now)


def test_how_a_private_exchange_ended_is_told_to_its_author_alone(session, asked, done, member):
    made = asked()
    done(made, Outcome.DECLINED, Visibility.PRIVATE)
    assert state(session, made, member.user_id + 1) is IntroductionState.ASKED
    assert state(session, made, member.user_id) is IntroductionState.DECLINED


def test_a_private_outcome_is_told_neither_by_what_it_costs_nor_by_what_is_refused(
    session, saved, asked, done, member, ana, now
):
    made = asked()
    done(made, Outcome.DECLINED, Visibility.PRIVATE)
    assert progress.asked(session, [ana.id]) == {ana.id: [(IntroductionState.ASKED, now.date())]}
    colleague = saved(make.member(brand=member.brand))
    introductions.make(session, made, user=colleague.user, at=now)
    introductions.unmake(session, made, user=colleague.user, at=now)
    with pytest.raises(Refused, match="Log first"):
        introductions.make(session, made, user=member.user, at=now)


def test_whom_the_brand_sees_no_more_is_not_named(session, saved, member, ana, zoe, now):
    mia = saved(make.influencer(name="mia_bakes", known=False))
    on_the_way = saved(introduction(ana, zoe))
    on_the_way.path = [ana.influencer_id, mia.id, zoe.id]
    # Another brand takes one in and writes her name; the other is archived.
    saved(make.relationship(brand=saved(make.brand()), influencer=mia))
    mia.known, mia.name = True, "Mia Lind"
    zoe.archived_at = now
    session.commit()
    (row,) = introductions.listed(session, member.brand_id, member.user_id)
    assert row.people == ("Ana", "", "")


def test_who_was_merged_bears_the_name_of_today(session, saved, member, ana, zoe, now):
    twin = saved(make.influencer(name="zoe_bakes_2", known=False, merged_into_id=zoe.id))
    row = saved(introduction(ana, zoe))
    row.path = [ana.influencer_id, twin.id]
    session.commit()
    (row,) = introductions.listed(session, member.brand_id, member.user_id)
    assert row.people == ("Ana", "Zoé")


def test_whom_they_introduced_has_a_page_once_they_are_in_the_funnel(
    session, saved, member, ana, zoe
):
    saved(introduction(ana, zoe))
    (row,) = introductions.listed(session, member.brand_id, member.user_id)
    assert (row.people, row.is_ours) == (("Ana", "Zoé"), False)
    saved(make.relationship(brand=member.brand, influencer=zoe))
    (row,) = introductions.listed(session, member.brand_id, member.user_id)
    assert row.is_ours


def test_a_cycle_of_introductions_is_no_fault(session, saved, member, ana, now):
    ben = saved(make.relationship(brand=member.brand, name="Ben"))
    for one, other in ((ana, ben), (ben, ana)):
        made = saved(introduction(one, other.influencer, made_at=None))
        saved(tie(one.influencer, other.influencer, kind=TieKind.INTRODUCED))
        assert state(session, made) is IntroductionState.DROPPED
    assert len(introductions.listed(session, member.brand_id, 0, to=ben.influencer_id)) == 1


def test_prospects_may_be_on_the_way(session, saved, member, ana, zoe, now):
    mia = saved(make.influencer(name="Mia"))
    saved(Prospect(brand_id=member.brand_id, influencer_id=mia.id, is_own=True, created_at=now))
    ids = (ana.influencer_id, mia.id, zoe.id)
    assert introductions.way(session, ana, ",".join(map(str, ids))) == ids
    assert introductions.names(session, ids) == ("Ana", "Mia", "Zoé")
