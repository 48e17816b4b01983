"""The password once more, where what is to be done matters and it was entered a while ago."""

import datetime as dt
import re

import make
import pytest
from crowd import crowd
from sqlalchemy import select, update

from irm import clock
from irm.directory import sessions
from irm.models import AuditEntry, Role, Session, Task
from irm.web import reentry


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def card(saved, lead):
    return saved(make.relationship(brand=lead.brand, name='Chloé "Coco" <b>'))


@pytest.fixture
def left_alone(session, lead, client_of):
    """A browser in which the lead signed in eleven minutes ago."""
    client = client_of(lead.user)
    long_ago = clock.now() - reentry.LASTS - dt.timedelta(minutes=1)
    session.execute(update(Session).values(entered_at=long_ago))
    session.commit()
    return client


def erase(client, card, **more):
    form = {"name": card.influencer.name, **more}
    return client.post(f"/influencers/{card.influencer_id}/erase", data=form)


def hidden(page):
    """What the page would send besides the password."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def test_the_form_waits_on_the_page_that_asks_and_is_then_done(session, card, left_alone):
    asked = erase(left_alone, card)

    assert asked.status_code == 403
    assert session.scalars(select(Task)).all() == []
    assert hidden(asked.text)["name"] == "Chloé &#34;Coco&#34; &lt;b&gt;"
    assert f'action="/influencers/{card.influencer_id}/erase"' in asked.text

    done = erase(left_alone, card, password_again=make.PASSWORD)

    assert (done.status_code, done.location) == (303, "/influencers")
    assert session.scalars(select(Task.kind)).all() == ["erase"]


def test_whoever_entered_it_of_late_is_not_asked(session, card, lead, client_of):
    assert erase(client_of(lead.user), card).status_code == 303


def test_once_entered_it_is_enough_for_a_while_in_this_browser_alone(
    session, card, lead, left_alone, client_of
):
    other = client_of(lead.user)
    session.execute(update(Session).values(entered_at=None))
    session.commit()
    erase(left_alone, card, password_again=make.PASSWORD)

    assert left_alone.post(f"/influencers/{card.influencer_id}/dossier").status_code == 200
    assert other.post(f"/influencers/{card.influencer_id}/dossier").status_code == 403


def test_a_cookie_of_before_is_worth_nothing_once_it_was_entered(app, card, left_alone):
    copied = app.test_client()
    with left_alone.session_transaction() as cookie, copied.session_transaction() as copy:
        copy["token"] = cookie["token"]
    assert copied.get("/today").status_code == 200

    erase(left_alone, card, password_again=make.PASSWORD)

    assert left_alone.get("/today").status_code == 200
    assert copied.get("/today").status_code == 302


@pytest.mark.parametrize("what", ["sessions", "others"])
def test_who_finds_a_browser_open_signs_nobody_out_elsewhere(session, lead, left_alone, what):
    sessions.open_for(session, lead.user, at=clock.now(), user_agent="hers", address="")
    session.commit()
    hers = session.scalars(select(Session.id).where(Session.user_agent == "hers")).one()
    address = f"/settings/sign-in/{what}/end"

    assert left_alone.post(address, data={"session": hers}).status_code == 403
    assert session.scalars(select(Session.id).where(Session.id == hers)).all() == [hers]

    more = {"session": hers, "password_again": make.PASSWORD}
    assert left_alone.post(address, data=more).status_code == 303
    assert session.scalars(select(Session.id).where(Session.id == hers)).all() == []


def test_a_zip_of_a_person_is_given_out_after_the_password(session, card, left_alone):
    address = f"/influencers/{card.influencer_id}/dossier"

    asked = left_alone.post(address, headers={"Referer": "http://localhost/influencers?q=a"})

    assert asked.status_code == 403
    assert hidden(asked.text)["asked_on"] == "/influencers?q=a"
    assert session.scalars(select(AuditEntry)).all() == []
    given = left_alone.post(address, data={"password_again": make.PASSWORD})
    assert given.mimetype == "application/zip"


@pytest.mark.parametrize(
    "referrer",
    ["https://evil.example/x", "//evil.example", "http://localhost//evil", "", "http://["],
)
def test_back_leads_nowhere_but_here(card, left_alone, referrer):
    asked = left_alone.post(
        f"/influencers/{card.influencer_id}/dossier", headers={"Referer": referrer}
    )

    assert hidden(asked.text)["asked_on"] == "/today"


def test_with_a_wrong_password_nothing_is_done_and_guessing_ends_soon(session, card, left_alone):
    for _ in range(5):
        response = erase(left_alone, card, password_again="not the password")
        assert response.status_code == 422
        assert "This is not your password." in response.text

    assert erase(left_alone, card, password_again=make.PASSWORD).status_code == 429
    assert session.scalars(select(Task)).all() == []


def test_where_too_many_passwords_are_looked_at_the_form_waits_on(session, card, left_alone):
    with crowd():
        response = erase(left_alone, card, password_again=make.PASSWORD)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert hidden(response.text)["name"] == "Chloé &#34;Coco&#34; &lt;b&gt;"
    assert erase(left_alone, card, password_again=make.PASSWORD).status_code == 303


def test_where_too_many_passwords_are_looked_at_none_is_changed(card, left_alone):
    form = {"current": make.PASSWORD, "password": "four quite unlike words"}

    with crowd():
        response = left_alone.post("/settings/sign-in/password", data=form)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "Wait five seconds" in response.text


@pytest.mark.parametrize(
    "address",
    [
        "/exports",
        "/promises/file",
        "/gifts/file",
        "/funnel/asks/file",
        "/funnel/moved/file",
        "/funnel/reviews/1/file",
        "/plan/file",
        "/imports/1/refused.csv",
        "/settings/audit/file",
        "/settings/members/1/role",
        "/settings/members/1/restore",
        "/settings/members/1/remove",
        "/settings/users/{id}/leave",
        "/settings/users/{id}/return",
        "/settings/invitations",
        "/settings/calendar",
    ],
)
def test_it_is_asked_before_data_leave_and_before_doors_open(session, lead, left_alone, address):
    address = f"{address.format(id=1)}?brand={lead.brand_id}"

    asked = left_alone.post(address, data={"form": "csv", "who": ["1", "2"]})

    assert asked.status_code == 403
    assert "Your password, please" in asked.text
    assert f'action="{address}"' in asked.text
    assert asked.text.count('<input type="hidden" name="who"') == 2
    assert session.scalars(select(AuditEntry)).all() == []


def test_a_list_is_taken_out_after_the_password(session, card, left_alone):
    form = {"form": "csv", "list": "", "columns": "fit,stage"}
    assert left_alone.post("/exports", data=form).status_code == 403

    given = left_alone.post("/exports", data={**form, "password_again": make.PASSWORD})
    assert given.mimetype == "text/csv"
    assert "Chloé" in given.text
    assert session.scalars(select(AuditEntry.action)).all() == ["list.exported"]


def test_the_role_changes_at_the_brand_the_form_was_about(session, saved, lead, left_alone):
    ravi = saved(make.member(Role.VIEWER, brand=lead.brand))
    address = f"/settings/members/{ravi.user_id}/role?brand={lead.brand_id}"
    saved(make.member(Role.LEAD, user=lead.user, brand=make.brand(name="A first brand")))
    form = {"role": "manager", "seen": "viewer", "password_again": make.PASSWORD}

    assert left_alone.post(address, data=form).status_code == 303

    session.refresh(ravi)
    assert ravi.role is Role.MANAGER
