"""`irm user`: what an administrator does for a colleague from the command line."""

import datetime as dt

import make
import pytest
from factored import factor, on_paper
from sqlalchemy import select

from irm import clock
from irm.directory import factors, resets
from irm.models import (
    AuditEntry,
    Outbox,
    PasswordReset,
    RecoveryCode,
    Role,
    SecondFactor,
    Session,
)


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
    told = session.scalars(select(Outbox)).one()
    assert told.subject == "An administrator switched your second step at irm off"
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


def test_another_address_is_told_to_the_old_and_the_new_one(
    app, command, session, saved, client_of
):
    ana = saved(make.user(email="ana@example.com"))
    client = client_of(ana)
    resets.ask(session, ana, "a token", clock.now())
    session.commit()

    status, out, _err = command("user", "email", "ANA@example.com", "Ana.Ribeiro@example.org")

    said = "ana@example.com signs in as Ana.Ribeiro@example.org."
    assert (status, out.strip()) == (0, said)
    session.expire_all()
    told = session.scalars(select(Outbox).order_by(Outbox.id)).all()
    assert [one.to_address for one in told] == ["Ana.Ribeiro@example.org", "ana@example.com"]
    assert {one.subject for one in told} == {"Your address at irm was changed"}
    assert client.get("/today").status_code == 302
    assert session.scalars(select(PasswordReset)).one().ended_at is None
    with pytest.raises(resets.Gone):
        resets.owner(session, "a token", clock.now())
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (entry.action, entry.ids) == ("user.address_changed", {"user_id": ana.id})
    form = {"email": "ana.ribeiro@EXAMPLE.org", "password": make.PASSWORD}
    assert app.test_client().post("/login", data=form).status_code == 302


@pytest.mark.parametrize("new", ["ravi@example.com", "RAVI@example.com", "no address", ""])
def test_an_address_that_is_none_or_somebody_s_is_refused(command, session, saved, new):
    saved(make.user(email="ana@example.com"))
    saved(make.user(email="ravi@example.com"))

    status, _out, err = command("user", "email", "ana@example.com", new)

    assert (status, "e-mail address" in err or "already a user" in err) == (1, True)
    session.rollback()
    assert session.scalars(select(Outbox)).all() == []


def last_entry(session):
    return session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()


def test_she_is_signed_out_in_every_browser(command, session, saved, client_of):
    ana, ravi = saved(make.member()).user, saved(make.member()).user
    clients = [client_of(ana), client_of(ana), client_of(ravi)]

    status, out, _err = command("user", "sign-out", ana.email)

    assert (status, out.strip()) == (0, f"{ana.email}: 2 browsers are signed out.")
    assert [one.get("/today").status_code for one in clients] == [302, 302, 200]
    entry = last_entry(session)
    assert (entry.action, entry.actor_id, entry.ids) == (
        "user.sessions_ended",
        None,
        {"user_id": ana.id, "sessions": 2},
    )
    assert command("user", "sign-out", ana.email)[1].strip().endswith("0 browsers are signed out.")


def test_whoever_has_nothing_open_is_deactivated_and_comes_back(
    app, command, session, saved, client_of
):
    ana = saved(make.member(user=make.user(name="Ana", email="ana@example.com"))).user
    client, form = client_of(ana), {"email": ana.email, "password": make.PASSWORD}

    assert command("user", "deactivate", "ANA@example.com")[0] == 0

    assert client.get("/today").status_code == 302
    assert app.test_client().post("/login", data=form).status_code == 422
    assert "Ana  (deactivated)" in command("user", "list")[1]
    assert command("user", "deactivate", "ana@example.com")[0] == 1
    assert command("user", "activate", "Ana@example.com")[0] == 0
    assert (last_entry(session).action, last_entry(session).actor_id) == ("user.activated", None)
    assert app.test_client().post("/login", data=form).status_code == 302
    assert "active already" in command("user", "activate", "ana@example.com")[2]
    assert "There is no user" in command("user", "activate", "nobody@example.com")[2]


def test_what_she_has_is_not_left_open_unasked(command, session, saved):
    ana = saved(make.member(user=make.user(name="Ana")))
    ravi = saved(make.member(brand=ana.brand))
    elsewhere, looks = saved(make.member()), saved(make.member(Role.VIEWER, brand=ana.brand))
    card = saved(make.relationship(brand=ana.brand, owner=ana.user))
    saved(make.touchpoint(relationship=card, owner=ana.user))
    address = ana.user.email

    status, _out, err = command("user", "deactivate", address)
    assert (status, f"{ana.brand.name} (people: 1, touchpoints: 1, promises: 0" in err) == (1, True)
    for nobody in (elsewhere, looks):
        status, _out, err = command("user", "deactivate", address, "--to", nobody.user.email)
        assert (status, "None of them looks after people" in err) == (1, True)
    session.refresh(ana.user)
    assert ana.user.is_active

    assert command("user", "deactivate", address, "--to", ravi.user.email)[0] == 0

    session.expire_all()
    assert (ana.user.is_active, card.owner_id) == (False, ravi.user_id)


def test_what_she_has_can_become_nobody_s(command, session, saved):
    ana = saved(make.member())
    card = saved(make.relationship(brand=ana.brand, owner=ana.user))

    assert command("user", "deactivate", ana.user.email, "--without-owner")[0] == 0

    session.expire_all()
    assert (ana.user.is_active, card.owner_id) == (False, None)


def test_a_campaign_that_nobody_runs_then_is_named(command, session, saved):
    ana = saved(make.member(brand=make.brand(name="Nova")))
    pia = saved(make.member(Role.PARTNER, brand=ana.brand)).user
    ends_on = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)
    saved(make.campaign(brand_id=ana.brand_id, owner=ana.user, ends_on=ends_on))

    status, out, _err = command("user", "deactivate", ana.user.email, "--to", pia.email)

    assert (status, "Nobody runs 1 campaign of Nova now" in out) == (0, True)


def test_the_last_administrator_stays(command, session, saved):
    ana = saved(make.user(name="Ana", is_admin=True))
    ravi = saved(make.user(is_admin=True))
    saved(make.user(is_admin=True, is_active=False))
    assert command("user", "deactivate", ravi.email)[0] == 0

    status, _out, err = command("user", "deactivate", ana.email)

    assert (status, err) == (1, "Ana is the last administrator: add another one first.")
    session.refresh(ana)
    assert ana.is_active


def test_an_administrator_is_added_and_given_a_password_of_fifteen_characters(command, session):
    short, long = "fjord quartz ib", "fjord quartz ibex"
    add = ("user", "add", "ana@example.com", "--admin", "--password")
    assert "15 to 128 characters" in command(*add, short[:14])[2]
    assert command(*add, long)[0] == 0

    change = ("user", "password", "ana@example.com", "--password")
    assert "15 to 128 characters" in command(*change, short[:14])[2]
    assert command(*change, short)[0] == 0
