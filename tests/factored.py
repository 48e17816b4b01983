"""Colleagues with a second step of signing in, and what their app shows."""

import pyotp

from irm import clock
from irm.directory import factors
from irm.models import SecondFactor

#: The secret key of the installations that tests run.
KEY = "tests-only-" + "x" * 32


def factor(user, **given):
    """A second step of a saved user that is on."""
    given = {"seed": "ab" * 24, "created_at": clock.now(), "confirmed_at": clock.now(), **given}
    return SecondFactor(user_id=user.id, last_step=given.pop("last_step", 0), **given)


def shown(one, steps=0):
    """What the app shows now, or showed so many steps of half a minute ago (minus: will show)."""
    now = int(clock.now().timestamp()) // factors.STEP
    return pyotp.TOTP(factors.secret(one, KEY)).generate_otp(now - steps)


def on_paper(session, user):
    """Ten recovery codes of hers."""
    codes = factors.renew_codes(session, user, clock.now())
    session.commit()
    return codes
