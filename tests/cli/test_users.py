"""`irm user`: what an administrator does for a colleague from the command line."""

import make
from factored import factor, on_paper
from sqlalchemy import select

from irm.directory import factors
from irm.models import AuditEntry, RecoveryCode, SecondFactor, Session


def test_whoever_lost_her_phone_signs_in_by_password_again(command, session, saved, client_of):
    ana = saved(make.user(email="ana@example.com"))
    saved(factor(ana))
    on_paper(session, ana)
    client_of(ana)

    status, out, _err = command("user", "factor", "ANA@example.com", "--off")

    assert (status, out.strip()) == (
        0,
        "ana@example.com signs in by password alone from now on.",
    )
    session.rollback()
    for model in (SecondFactor, RecoveryCode, Session):
        assert session.scalars(select(model)).all() == []
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.actor_id, entry.ids) == (
        "user.factor_changed",
        None,
        {"user_id": ana.id, "change": "off"},
    )


def test_it_says_who_has_a_second_step_and_takes_nothing_away_unasked(command, session, saved):
    ana = saved(make.user(email="ana@example.com"))
    assert "has no second step" in command("user", "factor", "ana@example.com")[1]
    assert "has no second step" in command("user", "factor", "ana@example.com", "--off")[1]

    saved(factor(ana))
    on_paper(session, ana)

    said = command("user", "factor", "ana@example.com")[1]
    assert said.strip() == "ana@example.com has a second step. 10 recovery codes are left."
    assert factors.is_on(session, ana.id)


def test_of_nobody_it_says_that_there_is_no_such_user(command):
    status, _out, err = command("user", "factor", "nobody@example.com", "--off")

    assert status == 1
    assert "There is no user" in err
