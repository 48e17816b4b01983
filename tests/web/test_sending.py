"""The banner and the page of administrators while sending is paused."""

import make
import pytest

from irm.mail import doubt, standstill
from irm.models import Role

BANNER = "until you decide"


@pytest.fixture
def admin(saved, client_of):
    user = saved(make.user(is_admin=True))
    saved(make.member(Role.LEAD, user=user))
    return client_of(user)


@pytest.fixture
def paused(session):
    doubt.pause(session, "restored")
    session.commit()


def test_every_page_of_an_administrator_says_that_a_decision_is_waited_for(
    admin, paused, saved, client_of
):
    assert BANNER in admin.get("/today").text
    lead = client_of(saved(make.member(Role.LEAD)).user)
    assert BANNER not in lead.get("/today").text
    assert lead.get("/sending").status_code == 403


def test_without_a_pause_there_is_nothing_to_decide(admin):
    assert BANNER not in admin.get("/today").text
    page = admin.get("/sending").text
    assert "nothing is to be decided" in page
    assert 'name="choice"' not in page


def test_the_page_says_why_and_offers_three_ways(admin, paused):
    page = admin.get("/sending").text
    assert "This is a restored backup" in page
    assert page.count('name="choice"') == 3


def test_a_decision_is_made_once(admin, paused, session):
    page = admin.post("/sending", data={"choice": "elsewhere"}, follow_redirects=True)
    assert "Mail goes out again" in page.text
    session.expire_all()
    assert standstill.reason(session) is None
    again = admin.post("/sending", data={"choice": "all"})
    assert again.status_code == 422
    assert "somebody decided already" in again.text


@pytest.mark.parametrize("choice", ["", "none", "ALL"])
def test_a_way_that_is_none_of_the_three_changes_nothing(admin, paused, session, choice):
    assert admin.post("/sending", data={"choice": choice}).status_code == 422
    assert standstill.reason(session) == "restored"
