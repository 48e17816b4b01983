"""The password once more, where what is to be done matters and it was entered a while ago."""

import datetime as dt
import re

import make
import pytest
from sqlalchemy import select, update

from irm import clock
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
