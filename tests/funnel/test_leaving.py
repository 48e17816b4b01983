"""A colleague who leaves: nothing open is left to her, whatever she had and whoever takes over."""

import datetime as dt
import random

import make
import pytest
from sqlalchemy import exists, select

from irm.errors import Done, Refused
from irm.funnel import handover, leaving
from irm.funnel.handover_terms import Terms
from irm.funnel.hands import ALONG
from irm.jobs import handing_over
from irm.ledger import counters
from irm.mail import outbox
from irm.mail.letters import Letter
from irm.models import (
    Campaign,
    HandoverItem,
    MailState,
    Outbox,
    Relationship,
    Role,
    StageCounter,
    Touchpoint,
    User,
)

TODAY = make.MONDAY.date()


@pytest.fixture
def boss(saved):
    return saved(make.user(name="Boss", is_admin=True))


@pytest.fixture
def ana(saved):
    return saved(make.member(user=make.user(name="Ana")))


@pytest.fixture
def ben(saved, ana):
    return saved(make.member(brand=ana.brand, user=make.user(name="Ben"))).user


def go(session, user, brand_id, *to, by):
    at = make.MONDAY
    return leaving.leave_brand(session, user, brand_id, to, today=TODAY, by=by, at=at)


def counted(session):
    """The board's counters, without those that count nobody."""
    cells = session.execute(select(StageCounter.__table__).where(StageCounter.people > 0))
    return sorted(tuple(map(str, cell)) for cell in cells)


def orphans(session):
    """What is open and belongs to somebody who is gone."""
    gone = select(User.id).where(User.is_active.is_(False))
    left = list(session.scalars(select(Relationship).where(Relationship.owner_id.in_(gone))))
    for model, is_open in ALONG:
        left += session.scalars(select(model).where(model.owner_id.in_(gone), is_open))
    on = select(Campaign).where(Campaign.owner_id.in_(gone), Campaign.ends_on >= TODAY)
    return [*left, *session.scalars(on.where(Campaign.cancelled_at.is_(None)))]


@pytest.mark.parametrize("seed", range(6))
def test_nothing_open_belongs_to_somebody_who_is_gone(session, saved, boss, seed):
    dice = random.Random(seed)
    brands = [saved(make.brand()) for _one in range(2)]
    team = {brand: [saved(make.user()) for _one in range(3)] for brand in brands}
    ana = saved(make.user(name="Ana"))
    for brand, colleagues in team.items():
        for one in colleagues:
            saved(make.member(brand=brand, user=one))
        if dice.random() < 0.8:
            saved(make.member(brand=brand, user=ana))
        whoever = [ana, ana, None, *colleagues]
        for _one in range(12):
            card = saved(make.relationship(brand=brand, owner=dice.choice(whoever)))
            saved(make.touchpoint(relationship=card, owner=dice.choice(whoever)))
            for build in (make.promise, make.question):
                of = dice.choice(whoever)
                saved(build(relationship=card, owner_id=of.id if of else None))
        saved(make.campaign(brand_id=brand.id, owner=ana, ends_on=TODAY + dt.timedelta(days=9)))
        counters.recount(session, brand.id)
    session.commit()

    leaving.deactivate(session, ana, by=boss, at=make.MONDAY)
    for part in leaving.held(session, ana.id, TODAY):
        colleagues = team[next(one for one in brands if one.id == part.brand_id)]
        some = dice.sample(colleagues, dice.randint(0, 3))
        assert go(session, ana, part.brand_id, *(one.id for one in some), by=boss) is None
    session.commit()

    session.expire_all()
    assert orphans(session) == []
    assert leaving.held(session, ana.id, TODAY) == []
    kept = counted(session)
    counters.recount(session)
    assert counted(session) == kept


def test_what_she_has_goes_to_whoever_is_named(session, saved, ana, ben, boss):
    card = saved(make.relationship(brand=ana.brand, owner=ana.user))
    touchpoint = saved(make.touchpoint(relationship=card, owner=ana.user))

    go(session, ana.user, ana.brand_id, ben.id, by=boss)

    session.expire_all()
    assert (card.owner_id, touchpoint.owner_id) == (ben.id, ben.id)


def test_without_an_owner_it_is_nobodys(session, saved, ana, boss):
    card = saved(make.relationship(brand=ana.brand, owner=ana.user))
    touchpoint = saved(make.touchpoint(relationship=card, owner=ana.user))

    go(session, ana.user, ana.brand_id, by=boss)

    session.expire_all()
    assert (card.owner_id, touchpoint.owner_id) == (None, None)


def test_what_is_with_people_of_others_goes_to_those(session, saved, ana, ben, boss):
    card = saved(make.relationship(brand=ana.brand, owner=ben))
    touchpoint = saved(make.touchpoint(relationship=card, owner=ana.user))

    go(session, ana.user, ana.brand_id, by=boss)

    session.refresh(touchpoint)
    assert touchpoint.owner_id == ben.id


def test_what_was_done_stays_hers(session, saved, ana, ben, boss):
    card = saved(make.relationship(brand=ana.brand, owner=ana.user))
    done = saved(make.touchpoint(relationship=card, owner=ana.user, state="done"))

    go(session, ana.user, ana.brand_id, ben.id, by=boss)

    session.refresh(done)
    assert done.owner_id == ana.user_id


def test_another_brand_keeps_what_she_has_there(session, saved, ana, ben, boss):
    other = saved(make.relationship(owner=ana.user))

    go(session, ana.user, ana.brand_id, ben.id, by=boss)

    session.refresh(other)
    assert other.owner_id == ana.user_id


def lent(session, ana, from_id, to, until, by):
    terms = Terms(brand_id=ana.brand_id, from_id=from_id, to=(to,))
    made = handover.begin(
        session, terms, back_on=until, why="", today=TODAY, user=by, at=make.MONDAY
    )
    handover.go_on(session, made, terms, user=by, at=make.MONDAY)
    session.commit()
    return made


def test_whom_she_lent_until_a_day_does_not_go_back_to_her(session, saved, ana, ben, boss):
    card = saved(make.relationship(brand=ana.brand, owner=ana.user))
    day = TODAY + dt.timedelta(days=5)
    lent(session, ana, ana.user_id, ben.id, day, boss)

    leaving.deactivate(session, ana.user, by=boss, at=make.MONDAY)
    go(session, ana.user, ana.brand_id, by=boss)
    session.commit()
    handing_over.return_due(session, make.MONDAY + dt.timedelta(days=9))

    session.refresh(card)
    assert card.owner_id == ben.id


def test_whom_she_had_until_a_day_goes_back_on_that_day(session, saved, ana, ben, boss):
    cleo = saved(make.member(brand=ana.brand)).user
    card = saved(make.relationship(brand=ana.brand, owner=ben))
    made = lent(session, ana, ben.id, ana.user_id, TODAY + dt.timedelta(days=5), boss)

    go(session, ana.user, ana.brand_id, cleo.id, by=boss)
    session.commit()
    assert session.scalar(select(HandoverItem.to_id).filter_by(handover_id=made.id)) == cleo.id
    handing_over.return_due(session, make.MONDAY + dt.timedelta(days=9))

    session.refresh(card)
    assert card.owner_id == ben.id


def test_her_mail_ends_and_what_is_in_doubt_is_left_to_a_person(session, saved, ana, boss):
    states = {}
    for state in (MailState.PENDING, MailState.CLAIMED, MailState.HELD, MailState.SENT):
        letter, at = Letter("digest", "Your day", "text", "<p>"), make.MONDAY
        outbox.put(session, state, letter, to="a@example.com", sender="i@example.com", at=at)
        mail = session.scalars(select(Outbox).filter_by(dedupe_key=state)).one()
        mail.user_id, mail.state = ana.user_id, state
        mail.doubt = 1 if state is MailState.HELD else 0
        states[state] = mail
    session.commit()

    leaving.deactivate(session, ana.user, by=boss, at=make.MONDAY)
    session.commit()

    session.expire_all()
    assert [mail.state for mail in states.values()] == [
        MailState.CANCELLED,
        MailState.CANCELLED,
        MailState.HELD,
        MailState.SENT,
    ]


def test_she_comes_back_in_her_roles_without_her_calendar(session, saved, ana, ben, boss):
    ana.user.calendar_hash = "x" * 64
    card = saved(make.relationship(brand=ana.brand, owner=ana.user))
    leaving.deactivate(session, ana.user, by=boss, at=make.MONDAY)
    go(session, ana.user, ana.brand_id, ben.id, by=boss)
    session.commit()

    leaving.activate(session, ana.user, by=boss, at=make.MONDAY)
    session.commit()

    session.expire_all()
    assert ana.user.is_active
    assert ana.user.calendar_hash is None
    assert ana.role is Role.MANAGER
    assert card.owner_id == ben.id


def test_nobody_deactivates_herself_nor_anybody_twice(session, ana, boss):
    with pytest.raises(Refused, match="her own"):
        leaving.deactivate(session, boss, by=boss, at=make.MONDAY)
    leaving.deactivate(session, ana.user, by=boss, at=make.MONDAY)
    with pytest.raises(Done):
        leaving.deactivate(session, ana.user, by=boss, at=make.MONDAY)


def test_of_two_administrators_who_deactivate_each_other_one_stays(session, saved, boss):
    other = saved(make.user(is_admin=True))
    leaving.deactivate(session, other, by=boss, at=make.MONDAY)
    session.commit()

    with pytest.raises(Refused, match="You were deactivated"):
        leaving.deactivate(session, boss, by=other, at=make.MONDAY)


def test_a_touchpoint_of_nobodys_is_found_by_the_lead(session, saved, ana, boss):
    touchpoint = saved(make.touchpoint(relationship=make.relationship(brand=ana.brand)))
    touchpoint.owner_id = ana.user_id
    session.commit()

    go(session, ana.user, ana.brand_id, by=boss)

    nobodys = select(exists().where(Touchpoint.id == touchpoint.id, Touchpoint.owner_id.is_(None)))
    assert session.scalar(nobodys)
