"""Minutes of each kind of touch, as a lead sets them for the planner."""

import make
import pytest
from sqlalchemy import select

from irm.models import Brand, Role


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


def kept(session):
    session.rollback()
    return session.scalar(select(Brand.planning))


def test_a_lead_sets_minutes_and_goes_back_to_the_usual_ones(session, client_of, lead):
    client = client_of(lead.user)
    assert 'placeholder="10"' in client.get("/settings/minutes").text

    client.post("/settings/minutes", data={"minutes_message": "12", "minutes_call": "30"})

    assert kept(session) == {"minutes": {"message": 12}}
    assert 'value="12"' in client.get("/settings/minutes").text
    client.post("/settings/minutes/reset")
    assert kept(session) == {"minutes": {}}


def test_nothing_changed_is_said(client_of, lead):
    answer = client_of(lead.user).post("/settings/minutes", data={}, follow_redirects=True)

    assert "nothing changed" in answer.text


@pytest.mark.parametrize("typed", ["0", "481", "-5", "9999999999", "ten"])
def test_what_no_touch_takes_comes_back_with_a_sentence(session, client_of, lead, typed):
    answer = client_of(lead.user).post("/settings/minutes", data={"minutes_message": typed})

    assert answer.status_code == 422
    assert "Write " in answer.text
    assert kept(session) == {}
