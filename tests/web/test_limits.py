"""A lead sets how long is too long."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import AuditEntry, Brand, Role, Stage

OWN = {
    "unaware": "90",
    "aware": "90",
    "interested": "63",
    "engaged": "180",
    "ambassador": "",
    "first": "45",
    "second": "90",
}


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD))


def kept(session, lead):
    session.rollback()
    return session.scalar(select(Brand.limits).where(Brand.id == lead.brand_id))


def test_limits_are_kept_and_hold_at_once(saved, session, client_of, lead):
    client = client_of(lead.user)
    ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=20)
    card = saved(make.relationship(brand=lead.brand, stage=Stage.AWARE, stage_since=ago))

    answer = client.post("/settings/limits", data=OWN | {"aware": "14", "interested": ""})

    assert answer.status_code == 303
    assert kept(session, lead) == {"aware": 14, "interested": None}
    page = client.get(f"/influencers/{card.influencer_id}").text
    assert "Over the limit: 20 days at this stage, 14 are usual" in page
    assert [one.action for one in session.scalars(select(AuditEntry))] == ["brand.changed"]


def test_a_look_says_how_many_would_be_over_it_and_saves_nothing(saved, session, client_of, lead):
    ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=20)
    for _n in range(3):
        saved(make.relationship(brand=lead.brand, stage_since=ago, last_contact_at=ago))
    saved(make.relationship(brand=lead.brand, stage_since=ago))

    page = client_of(lead.user).post(
        "/settings/limits", data=OWN | {"first": "10", "second": "30", "do": "look"}
    )

    assert "0 people would be too long at their stage." in page.text
    assert "3 people would be slipping away." in page.text
    assert "0 people would be beyond the second limit." in page.text
    assert 'value="10"' in page.text
    assert kept(session, lead) == {}


def test_our_own_limits_can_be_had_back(session, client_of, lead):
    client = client_of(lead.user)
    client.post("/settings/limits", data=OWN | {"first": "10"})
    assert "/settings/limits/reset" in client.get("/settings/limits").text

    client.post("/settings/limits/reset")

    assert kept(session, lead) == {}
    assert "/settings/limits/reset" not in client.get("/settings/limits").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"first": "90"}, "The second limit comes after the first"),
        ({"first": ""}, "Write a whole number of days, from 1 to 3650."),
        ({"aware": "0"}, "Write a whole number of days, from 1 to 3650."),
        ({"aware": "soon"}, "Write a whole number."),
        ({"second": "99999"}, "Write a whole number of days, from 1 to 3650."),
    ],
)
def test_what_cannot_be_meant_is_said_and_not_kept(session, client_of, lead, typed, said):
    answer = client_of(lead.user).post("/settings/limits", data=OWN | typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert kept(session, lead) == {}
