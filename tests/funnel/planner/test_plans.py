"""A plan on a database: what is written down, what stays, and what is left out."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.errors import Refused
from irm.funnel import planned as moves
from irm.funnel import touchpoints
from irm.funnel.planner import plans
from irm.funnel.planner.reading import Wish
from irm.ledger import relationships as ledger
from irm.models import Kind, Plan, PlanGap, Planner, Role, Stage, State, Touchpoint

AT = make.MONDAY
MONDAY = AT.date()


def later(days):
    return MONDAY + dt.timedelta(days=days)


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.LEAD, user=make.user(name="Ana", weekly_hours=6.0)))


@pytest.fixture
def known(saved, session, ana):
    """Make somebody Ana looks after, contacted so many days ago."""

    def made(days=20, *, two_way=True, **given):
        person = given.pop("influencer", None) or make.influencer()
        relationship = saved(
            make.relationship(brand=ana.brand, owner_id=ana.user_id, influencer=person, **given)
        )
        if days is not None:
            at = AT - dt.timedelta(days=days)
            direction = "both" if two_way else "out"
            saved(make.interaction(relationship=relationship, happened_at=at, direction=direction))
            ledger.settle_contact(session, relationship)
            session.commit()
        return relationship

    return made


@pytest.fixture
def plan(session, ana):
    def made(weeks=4, **given):
        wish = Wish(given.pop("first", MONDAY), weeks, **given)
        brand = session.merge(ana.brand)
        return plans.make(session, brand, wish, at=AT, settle=session.commit)

    return made


def planned(session, relationship):
    session.expire_all()
    return session.scalars(
        select(Touchpoint)
        .where(Touchpoint.relationship_id == relationship.id, Touchpoint.state == State.OPEN)
        .order_by(Touchpoint.due_on)
    ).all()


def test_whoever_waits_is_planned_with_a_reason_and_what_it_costs(session, known, plan, ana):
    waiting = known(40, stage=Stage.INTERESTED)

    plan()

    first = planned(session, waiting)[0]
    assert (first.due_on, first.owner_id, first.planned_by) == (MONDAY, ana.user_id, Planner.PLAN)
    assert first.why["code"] == "plan"
    assert first.why["rule"] == "late"
    assert first.why["days"] == 40
    assert first.minutes > 0
    assert first.kind != Kind.ASK
    assert session.merge(waiting).next_touchpoint_on == MONDAY


def test_planning_again_changes_nothing(session, known, plan):
    for days in range(5, 65, 5):
        known(days)
    plan()
    before = {(one.id, one.due_on, one.row_version) for one in session.scalars(select(Touchpoint))}

    changed = plan().changed

    session.expire_all()
    after = {(one.id, one.due_on, one.row_version) for one in session.scalars(select(Touchpoint))}
    assert after == before
    assert not changed["added"] + changed["moved"] + changed["dropped"]


def test_what_a_colleague_planned_or_pinned_stays_and_is_planned_around(session, known, plan, ana):
    relationship = known(40)
    own = touchpoints.plan(
        session, relationship, due_on=later(9), today=MONDAY, at=AT, author=ana.user
    )
    pinned = make.touchpoint(relationship=known(40), due_on=later(2), is_pinned=True)
    pinned.planned_by = Planner.PLAN
    session.add(pinned)
    session.commit()

    plan()

    session.expire_all()
    assert (own.due_on, own.planned_by) == (later(9), Planner.PERSON)
    assert (pinned.due_on, pinned.state) == (later(2), State.OPEN)
    others = [one.due_on for one in planned(session, relationship) if one.id != own.id]
    assert all(abs((day - later(9)).days) >= 7 for day in others)


def test_what_the_cadence_had_put_there_becomes_part_of_the_plan(session, known, plan, saved):
    relationship = known(20)
    kept = saved(
        make.touchpoint(relationship=relationship, due_on=later(-3), planned_by=Planner.CADENCE)
    )

    plan()

    assert planned(session, relationship)[0].id == kept.id
    assert kept.planned_by is Planner.PLAN
    assert kept.due_on >= MONDAY


def test_who_is_left_in_peace_or_not_to_be_contacted_is_left_out(session, known, plan):
    silent = known(10, two_way=False)
    for days in (30, 50):
        session.add(
            make.interaction(
                relationship=silent, happened_at=AT - dt.timedelta(days=days), direction="out"
            )
        )
    ledger.settle_contact(session, silent)
    session.commit()
    barred = known(40, influencer=make.influencer(do_not_contact=True))

    made = plan()

    assert made.read.left_out == {"peace": 1, "do_not_contact": 1}
    assert not planned(session, silent)
    assert not planned(session, barred)


def test_nobody_is_contacted_on_a_weekend_a_holiday_in_an_absence_or_in_a_pause(
    session, known, plan, saved, ana
):
    away = known(40)
    saved(make.absence(influencer_id=away.influencer_id, first_on=later(0), last_on=later(10)))
    paused = known(40, paused_until=later(12), paused_why="On tour")
    saved(make.season(brand_id=ana.brand_id, first_on=later(14), last_on=later(18)))

    plan()

    days = {one.due_on for one in session.scalars(select(Touchpoint))}
    assert not [day for day in days if day.weekday() >= 5]
    assert not [day for day in days if later(14) <= day <= later(18)]
    assert all(one.due_on > later(10) for one in planned(session, away))
    assert all(one.due_on >= later(12) for one in planned(session, paused))


def test_a_colleague_who_is_away_plans_nothing_on_those_days(session, known, plan, saved, ana):
    for _one in range(6):
        known(40)
    saved(make.absence(user_id=ana.user_id, first_on=later(0), last_on=later(6)))

    plan()

    days = [one.due_on for one in session.scalars(select(Touchpoint))]
    assert min(days) == later(7)


def test_in_apia_it_is_saturday_already(session, known, plan):
    far = known(40, influencer=make.influencer(timezone="Pacific/Apia"))

    plan()

    assert not [one for one in planned(session, far) if one.due_on.weekday() == 4]


def test_members_of_a_campaign_are_thanked_and_given_the_results(session, known, plan, saved, ana):
    member = known(3)
    campaign = saved(
        make.campaign(brand=ana.brand, starts_on=later(-20), ends_on=later(-1), name="Spring")
    )
    saved(make.campaign_member(campaign=campaign, relationship=member))

    plan()

    found = {one.tactic: one for one in planned(session, member) if one.campaign_id == campaign.id}
    assert set(found) == {"thanks", "results"}
    assert found["thanks"].due_on <= later(6)
    assert found["results"].due_on <= later(20)
    assert found["thanks"].why["campaign"] == "Spring"


def test_what_is_overdue_counts_in_the_first_week_and_is_said(session, known, plan, saved, ana):
    late = known(20)
    own = {"owner_id": ana.user_id, "planned_by": Planner.PERSON, "minutes": 40}
    saved(make.touchpoint(relationship=late, due_on=later(-3), **own))
    saved(make.touchpoint(relationship=late, due_on=later(9), **own))

    outcome = plan().outcome()

    assert outcome["overdue"] == outcome["desks"][0]["overdue"] == 40
    assert outcome["desks"][0]["weeks"][0]["planned"] == 40


def test_what_a_campaign_owes_is_planned_once_whoever_moved_or_dropped_it(
    session, known, plan, saved, ana
):
    member = known(3)
    campaign = saved(
        make.campaign(brand=ana.brand, starts_on=later(-20), ends_on=later(-1), name="Spring")
    )
    saved(make.campaign_member(campaign=campaign, relationship=member))
    plan()
    found = {one.tactic: one for one in planned(session, member) if one.campaign_id == campaign.id}

    moves.move(session, found["results"], to=later(11), today=MONDAY)
    moves.drop(session, found["thanks"], user=ana.user, at=AT)
    session.commit()
    plan()
    plan(first=later(7))

    owed = [one for one in planned(session, member) if one.campaign_id == campaign.id]
    assert [(one.tactic, one.due_on) for one in owed] == [("results", later(11))]


def test_who_does_not_fit_is_written_down_with_what_that_costs(session, known, plan, ana):
    ana.user.weekly_hours = 0
    session.commit()
    waiting = known(40)
    nobodys = known(40)
    nobodys.owner_id = None
    session.commit()

    outcome = plan().outcome()

    gaps = {one.relationship_id: one for one in session.scalars(select(PlanGap))}
    assert gaps[waiting.id].why == {"code": "no_room", "whole": True}
    assert gaps[nobodys.id].why == {"code": "nobody", "whole": True}
    assert gaps[waiting.id].days == 28
    assert outcome["days"] == 56
    assert session.scalars(select(Plan)).one().outcome == outcome


def test_who_does_not_fit_and_changes_hands_is_told_once(session, known, plan, saved, ana):
    busy = [known(120, stage=Stage.ENGAGED) for _one in range(3)]
    ana.user.weekly_hours = 0.0
    session.merge(ana.user)
    session.commit()
    plan()
    other = saved(make.member(Role.MANAGER, brand=ana.brand, user=make.user(weekly_hours=0.0)))

    for one in busy[:2]:
        session.merge(one).owner_id = other.user_id
    session.commit()
    plan(first=MONDAY)
    gaps = session.scalars(select(PlanGap).order_by(PlanGap.relationship_id)).all()

    owners = [other.user_id, other.user_id, ana.user_id]
    assert [gap.owner_id for gap in gaps] == owners


def test_the_last_of_a_colleague_who_asks_to_be_left_alone_is_planned_no_more(session, known, plan):
    last = known(40, stage=Stage.INTERESTED)
    plan()
    assert planned(session, last)

    session.merge(last).influencer.do_not_contact = True
    session.commit()
    made = plan()

    assert planned(session, last) == []
    assert session.scalars(select(PlanGap)).all() == []
    assert made.outcome()["desks"] == []


def test_what_changed_while_it_was_planned_is_left_alone(session, known, ana, monkeypatch):
    relationship = known(40)
    session.add(
        make.touchpoint(relationship=relationship, due_on=later(1), planned_by=Planner.CADENCE)
    )
    session.commit()
    wish = Wish(MONDAY, 4)
    read = plans.reading.read(session, ana.brand, wish)
    taken = planned(session, relationship)[0]
    touchpoints.snooze(session, taken, until=later(5), today=MONDAY)
    session.commit()
    monkeypatch.setattr(plans.reading, "read", lambda *_one, **_other: read)

    plans.make(session, ana.brand, wish, at=AT, settle=session.commit)

    assert [one.due_on for one in planned(session, relationship)] == [later(5)]


def test_what_if_writes_nothing(session, known, ana):
    for _one in range(30):
        known(40)

    now = plans.attempt(session, ana.brand, Wish(MONDAY, 4)).outcome()
    more = plans.attempt(session, ana.brand, Wish(MONDAY, 4, hours={ana.user_id: 2.0})).outcome()
    away = plans.attempt(
        session, ana.brand, Wish(MONDAY, 4, away=frozenset({ana.user_id}))
    ).outcome()

    assert more["debt"] <= now["debt"] < away["debt"]
    assert away["touches"] == 0
    assert not session.scalars(select(Touchpoint)).all()
    assert not session.scalars(select(Plan)).all()


def test_the_ledger_has_nothing_to_mend_after_a_plan(session, known, plan):
    for days in (5, 20, 40, None):
        known(days)

    plan()

    assert ledger.rebuild(session) == 0


@pytest.mark.parametrize("weeks", [0, -1, 27, 10_000])
def test_nobody_plans_so_many_weeks(plan, weeks):
    with pytest.raises(Refused, match="from 1 to 26 weeks"):
        plan(weeks)
