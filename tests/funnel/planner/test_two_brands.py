"""Two brands that share people plan one after the other: nobody is contacted twice in a week."""

import datetime as dt
from itertools import product

import make
import pytest
from sqlalchemy import select

from irm.funnel.elsewhere import APART
from irm.funnel.planner import plans
from irm.funnel.planner.reading import Wish
from irm.ledger import relationships as ledger
from irm.models import Relationship, Role, State, Touchpoint

AT = make.MONDAY


@pytest.fixture
def brands(saved, session):
    """Make two brands with these rhythms, each with a colleague, and six people both know."""

    def made(*ideals):
        people = [make.influencer(name=f"Person {n}") for n in range(6)]
        found = []
        for ideal in ideals:
            lead = saved(make.member(Role.LEAD, user=make.user(weekly_hours=8.0)))
            for person in people:
                known = saved(
                    make.relationship(
                        brand=lead.brand,
                        owner_id=lead.user_id,
                        influencer=person,
                        cadence_ideal=ideal,
                        cadence_worst=2 * ideal,
                    )
                )
                at = AT - dt.timedelta(days=ideal)
                saved(make.interaction(relationship=known, happened_at=at, direction="both"))
                ledger.settle_contact(session, known)
            session.commit()
            found.append(lead.brand)
        return found

    return made


def planned(session, brand):
    rows = session.execute(
        select(Relationship.influencer_id, Touchpoint.due_on)
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .where(Relationship.brand_id == brand.id, Touchpoint.state == State.OPEN)
        .order_by(Touchpoint.due_on, Touchpoint.id)
    )
    return [tuple(row) for row in rows]


def nights(session, brands, count=3):
    """What both have planned, night after night."""
    for _night in range(count):
        for brand in brands:
            wish = Wish(AT.date(), 12)
            plans.make(session, session.merge(brand), wish, at=AT, settle=session.commit)
        yield [planned(session, brand) for brand in brands]


def nearest(first, second):
    """Days between the two contacts of one person that are nearest to each other."""
    both = product(first, second)
    return min(abs(one - two) for (who, one), (other, two) in both if who == other)


def test_two_plans_keep_a_week_from_each_other_and_stay_when_made_again(session, brands):
    before = None
    for first, second in nights(session, brands(28, 21)):
        assert nearest(first, second) >= APART
        assert {who for who, _day in second} == {who for who, _day in first}
        assert before in (None, (first, second))
        before = first, second


def test_a_brand_that_writes_often_keeps_nobody_from_the_other_one(session, brands):
    before = None
    for first, second in nights(session, brands(10, 21)):
        assert nearest(first, second) >= dt.timedelta(days=3)
        soon = AT.date() + dt.timedelta(days=28)
        assert {who for who, day in second if day < soon} == {who for who, _day in first}
        assert before in (None, (first, second))
        before = first, second
