"""What people do with a planned contact, and that planning again respects it."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.errors import Refused
from irm.funnel import planned
from irm.funnel.planner import plans
from irm.funnel.planner.reading import Wish
from irm.funnel.whys import why
from irm.models import Planner, Role, State, Touchpoint

MONDAY = make.MONDAY.date()


@pytest.fixture
def ana(saved):
    """Ana, who looks after Mira, last heard of 40 days ago."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def mira(saved, ana):
    long_ago = make.MONDAY - dt.timedelta(days=40)
    return saved(
        make.relationship(
            brand=ana.brand,
            owner=ana.user,
            name="Mira Okafor",
            last_contact_at=long_ago,
            last_two_way_at=long_ago,
        )
    )


def plan(session, ana, weeks=6):
    wish = Wish(MONDAY, weeks)
    plans.make(session, ana.brand, wish, at=make.MONDAY, settle=session.commit)
    return open_ones(session)


def open_ones(session):
    session.expire_all()
    found = select(Touchpoint).where(Touchpoint.state == State.OPEN).order_by(Touchpoint.due_on)
    return session.scalars(found).all()


def test_what_was_accepted_stays_when_the_weeks_are_planned_anew(session, ana, mira):
    first = plan(session, ana)[0]
    planned.accept(session, first)
    day, id = first.due_on, first.id
    session.commit()

    again = plan(session, ana, weeks=4)

    assert [one.due_on for one in again if one.id == id] == [day]
    assert first.planned_by is Planner.PERSON
    with pytest.raises(Refused, match="own already"):
        planned.accept(session, first)


def test_what_was_moved_is_a_colleague_s_own_and_can_be_given_back(session, ana, mira):
    first = plan(session, ana)[0]
    before, day = first.due_on, MONDAY + dt.timedelta(days=9)

    planned.move(session, first, to=day, today=MONDAY)
    session.commit()
    assert (first.due_on, first.planned_by) == (day, Planner.PERSON)
    assert mira.next_touchpoint_on == min(one.due_on for one in open_ones(session))

    planned.give_back(session, first)
    session.commit()
    assert (first.due_on, first.planned_by) == (before, Planner.PLAN)
    assert "taken" not in first.why
    with pytest.raises(Refused, match="Nobody moved"):
        planned.give_back(session, first)


@pytest.mark.parametrize(("days", "said"), [(-1, "today or a later day"), (2000, "three years")])
def test_a_day_nobody_can_mean_is_refused(session, ana, mira, days, said):
    first = plan(session, ana)[0]

    with pytest.raises(Refused, match=said):
        planned.move(session, first, to=MONDAY + dt.timedelta(days=days), today=MONDAY)


def test_what_was_pinned_stays_on_its_day(session, ana, mira):
    first = plan(session, ana)[0]
    planned.pin(session, first, is_pinned=True)
    id, day, version = first.id, first.due_on, first.row_version
    session.commit()

    plan(session, ana, weeks=4)

    assert (first.id, first.due_on, first.planned_by) == (id, day, Planner.PLAN)
    assert first.row_version == version + 1


def test_nothing_is_planned_in_the_week_of_what_was_dropped(session, ana, mira):
    first = plan(session, ana)[0]
    monday = first.due_on - dt.timedelta(days=first.due_on.weekday())
    planned.drop(session, first, user=ana.user, at=make.MONDAY)
    session.commit()
    assert first.why["skipped"] == {"code": "dropped"}

    again = plan(session, ana)

    assert again
    week = (monday, monday + dt.timedelta(days=6))
    assert not [one for one in again if week[0] <= one.due_on <= week[1]]


def test_what_was_dropped_is_brought_back_on_its_day(session, ana, mira):
    first = plan(session, ana)[0]
    day = first.due_on
    planned.drop(session, first, user=ana.user, at=make.MONDAY)
    planned.bring_back(session, first)
    session.commit()

    assert (first.state, first.due_on, first.closed_by_id) == (State.OPEN, day, None)
    with pytest.raises(Refused, match="not dropped"):
        planned.bring_back(session, first)


def test_what_is_closed_is_left_alone(session, ana, mira):
    first = plan(session, ana)[0]
    planned.drop(session, first, user=ana.user, at=make.MONDAY)

    for act in (
        lambda: planned.accept(session, first),
        lambda: planned.pin(session, first, is_pinned=True),
        lambda: planned.move(session, first, to=MONDAY, today=MONDAY),
        lambda: planned.give_back(session, first),
    ):
        with pytest.raises(Refused):
            act()


def test_every_touch_of_a_plan_says_why(session, ana, mira, saved):
    saved(make.relationship(brand=ana.brand, owner=ana.user, name="Noor"))

    said = [why(one.why) for one in plan(session, ana)]

    assert "First contact" in said
    assert any(
        one.startswith("Beyond the limit: 40 days since the last exchange; ") for one in said
    )
    assert any("after the touch before; " in one for one in said)
    assert all(said)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (
            {"rule": "thanks", "campaign": "Harvest"},
            "Thanks after the campaign “Harvest”, within 7",
        ),
        (
            {"rule": "results", "campaign": "Harvest"},
            "Results of the campaign “Harvest”, within 21",
        ),
        ({"rule": "between", "campaign": "Harvest"}, "A touch that asks for nothing"),
        ({"rule": "due", "days": 18, "ideal": 14}, "18 days since the last exchange; 14 are ideal"),
        ({"rule": "due", "days": 18}, "18 days since the last exchange"),
        (
            {"rule": "first", "event": "2026-05-01", "before": 20},
            "First contact. Warming up: their event is 20 days later",
        ),
    ],
)
def test_the_rules_of_a_plan_are_sentences(stored, said):
    assert why({"code": "plan", **stored}).startswith(said)
