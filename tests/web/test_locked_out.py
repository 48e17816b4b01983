"""A colleague whom somebody else's guesses keep out, and the way back in."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm import clock
from irm.directory import resets, sessions, tokens
from irm.models import LoginAttempt, Tried

NEW = "seven small grey donkeys"


@pytest.fixture
def ana(saved):
    return saved(make.member()).user


def guess(session, user, kind):
    for n in range(sessions.TRIES_A_DAY):
        at = clock.now() - dt.timedelta(hours=n)
        sessions.note_try(session, user.email, "192.0.2.66", at, succeeded=False, kind=kind)
    session.commit()


def tried(session, kind):
    return len(session.scalars(select(LoginAttempt).where(LoginAttempt.kind == kind)).all())


def signs_in(app, user, password):
    form = {"email": user.email, "password": password}
    return app.test_client().post("/login", data=form).status_code == 302


def set_by_link(app, session, user):
    token = tokens.new()
    resets.ask(session, user, token, clock.now())
    session.commit()
    client = app.test_client()
    client.get(f"/reset/{token}")
    return client.post("/reset", data={"password": NEW})


def test_whom_somebody_locked_out_comes_back_in_by_the_link(app, session, ana):
    guess(session, ana, Tried.SIGN_IN)
    assert not signs_in(app, ana, make.PASSWORD)

    set_by_link(app, session, ana)

    assert signs_in(app, ana, NEW)


def test_who_has_her_mailbox_may_guess_at_her_codes_no_longer(app, session, ana):
    guess(session, ana, Tried.CODE)

    set_by_link(app, session, ana)

    assert tried(session, Tried.CODE) == sessions.TRIES_A_DAY


def test_the_tries_of_others_stay(app, session, saved, ana):
    ravi = saved(make.member()).user
    guess(session, ravi, Tried.SIGN_IN)

    set_by_link(app, session, ana)

    assert tried(session, Tried.SIGN_IN) == sessions.TRIES_A_DAY
    assert not signs_in(app, ravi, make.PASSWORD)
