"""Whoever writes digests is killed at each of its statements: none is lost, none written twice."""

import datetime as dt

import make
import pytest
from sqlalchemy import func, select, update

from irm import clock
from irm.models import Outbox, Role, User

DUE = dt.timedelta(minutes=1)


@pytest.fixture
def colleagues(saved):
    """Two who have something to do, and whose digest is due."""

    def make_one(n):
        user = make.user(work_days="1234567", next_digest_at=clock.now() - DUE)
        member = saved(make.member(Role.MANAGER, user=user))
        person = make.relationship(brand=member.brand)
        day = clock.now().date() - dt.timedelta(days=1)
        saved(make.touchpoint(relationship=person, owner=member.user, due_on=day))
        return member.user

    return [make_one(n) for n in range(2)]


def test_killed_at_each_statement_whoever_writes_digests_writes_each_once(
    colleagues, session, nursery, size, figure
):
    ids = [user.id for user in colleagues]
    at = clock.now()
    status, died_at, deaths = -1, 0, 0
    while status != 0:
        # In the ordinary suite at each fifth, or it would take too long.
        died_at += size.step
        written = _round(session, nursery, ids, at, died_at)
        status = written.pop("status")
        assert status in (0, 137)
        deaths += status == 137
        # Her next moment was moved if, and only if, her mail is there.
        assert set(written["moved"]) == set(written["mailed"])
        assert len(written["mailed"]) == len(set(written["mailed"]))
        # The next run writes what is left, and nothing anew.
        child = nursery.spawn("remind", die_at=0, at=at.isoformat())
        assert nursery.wait(child) == 0
        session.rollback()
        assert sorted(session.scalars(select(Outbox.user_id))) == sorted(ids)
    assert nursery.ledger_check() == {"violations": 0, "found": {}}
    # Reading, moving, writing and committing for each of two, before and after each.
    assert died_at > 2 * 3 * 2
    figure(kills=deaths, digests=len(ids), lost=0, doubled=0)


def _round(session, nursery, ids, at, die_at):
    """Begin anew, write until the end or the death, and say what was written."""
    session.execute(Outbox.__table__.delete())
    session.execute(update(User).where(User.id.in_(ids)).values(next_digest_at=at - DUE))
    session.commit()
    child = nursery.spawn("remind", die_at=die_at, at=at.isoformat())
    status = nursery.wait(child)
    moved = select(User.id).where(User.id.in_(ids), User.next_digest_at > at)
    found = {
        "status": status,
        "moved": session.scalars(moved).all(),
        "mailed": session.scalars(select(Outbox.user_id)).all(),
    }
    session.rollback()
    assert session.scalar(select(func.count()).select_from(User)) == len(ids)
    session.rollback()
    return found
