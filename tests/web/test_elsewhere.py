"""That another brand is in touch with somebody stands where a contact is thought of."""

import datetime as dt

import make
import pytest

from irm.models import Role

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.date()
DAY = dt.timedelta(days=1)
BUSY = "another brand is in touch with them"


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def chloe(saved, ana):
    """Chloé, with whom Ana's brand has something planned, and whom another brand knows."""
    card = saved(make.relationship(brand=ana.brand, name="Chloé", owner=ana.user))
    card.planned = saved(make.touchpoint(relationship=card, owner=ana.user, due_on=TODAY))
    card.elsewhere = saved(
        make.relationship(brand=make.brand(name="Rival & Sons"), influencer=card.influencer)
    )
    return card


def pages(card):
    return (
        f"/influencers/{card.influencer_id}",
        "/today",
        f"/touchpoints/{card.planned.id}/brief",
    )


def test_it_is_said_on_the_page_on_today_and_in_the_brief_and_no_brand_is_named(
    session, client_of, ana, chloe
):
    client = client_of(ana.user)
    for page in pages(chloe):
        assert BUSY not in client.get(page).get_data(as_text=True)

    chloe.elsewhere.last_outbound_at = NOW - 2 * DAY
    session.commit()

    for page in pages(chloe):
        text = client.get(page).get_data(as_text=True)
        assert BUSY in text
        assert "Rival" not in text


def test_who_plans_into_those_days_is_told_and_may(session, client_of, ana, chloe):
    chloe.elsewhere.last_outbound_at = NOW - 2 * DAY
    session.commit()
    client, planned = client_of(ana.user), {"kind": "talk", "purpose": "Hello"}
    address = f"/relationships/{chloe.id}/touchpoints"

    client.post(address, data={**planned, "due_on": TODAY + DAY})
    assert "Busy until" in client.get("/stages").get_data(as_text=True)

    client.post(address, data={**planned, "due_on": TODAY + 9 * DAY})
    assert "Busy until" not in client.get("/stages").get_data(as_text=True)
