"""Where a link or a try leads nowhere: the page is called what it is, and its button helps."""

import datetime as dt
import re

import invited
import make
import pytest
from factored import factor

from irm import clock
from irm.directory import factors, sessions, tokens
from irm.models import Tried

DAY = dt.timedelta(days=1)


def ended(client, address):
    """What the page is called, and the words and the address of its one button."""
    page = client.get(address, follow_redirects=True)
    assert page.status_code == 410
    return said(page)


def said(page):
    (title,) = re.findall(r"<h1>(.*?)</h1>", page.text)
    ((href, words),) = re.findall(r'<a class="btn btn-primary" href="(.*?)">(.*?)</a>', page.text)
    return title, words, href


def test_an_old_link_for_a_password_leads_to_a_new_one(app):
    assert ended(app.test_client(), f"/reset/{tokens.new()}") == (
        "Link no longer valid",
        "Ask for a new link",
        "/forgot",
    )


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ({"accepted_at": make.MONDAY}, "Invitation already accepted"),
        ({"withdrawn_at": make.MONDAY}, "Invitation withdrawn"),
        ({"expires_at": make.MONDAY}, "Invitation expired"),
        (None, "Unknown invitation"),
    ],
)
def test_an_invitation_that_opens_nothing_says_why_and_leads_to_signing_in(
    app, saved, given, title
):
    token = tokens.new()
    if given is not None:
        saved(invited.invitation(token=token, brands=[saved(make.brand())], **given))

    assert ended(app.test_client(), f"/invitation/{token}") == (title, "Sign in", "/login")


def test_whoever_is_signed_in_goes_on_to_today(saved, client_of):
    client = client_of(saved(make.member()).user)

    _title, words, href = ended(client, f"/invitation/{tokens.new()}")

    assert (words.rpartition(">")[2], href) == ("Go to Today", "/today")


def test_too_many_wrong_codes_lead_back_to_the_code(app, saved):
    ana = saved(make.user())
    saved(factor(ana))
    client = app.test_client()
    client.post("/login", data={"email": ana.email, "password": make.PASSWORD})
    for _n in range(factors.TRIES):
        client.post("/login/code", data={"code": "000000"})

    stopped = client.post("/login/code", data={"code": "000000"})

    assert stopped.status_code == 429
    assert said(stopped)[1:] == ("Back to the code", "/login/code")
    assert client.get("/login/code").status_code == 200


def test_whoever_may_not_try_before_tomorrow_is_led_to_a_link(app, session, saved):
    ana = saved(make.user())
    for _n in range(sessions.TRIES_A_DAY):
        at = clock.now() - DAY / 2
        sessions.note_try(session, ana.email, "::1", at, succeeded=False, kind=Tried.SIGN_IN)
    session.commit()

    stopped = app.test_client().post("/login", data={"email": ana.email, "password": "x"})

    assert said(stopped)[1:] == ("Ask for a link", "/forgot")
