"""Who never answered is left in peace: their page says so, and a lead is told and finds them."""

import datetime as dt

import make
import pytest

from irm.ledger.orders import day_order
from irm.models import Role

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def card(saved, lead):
    at = NOW - dt.timedelta(days=2)
    return saved(
        make.relationship(
            brand=lead.brand,
            name="Mira Okafor",
            owner=lead.user,
            unanswered=3,
            last_contact_at=at,
            contact_order=day_order(at),
        )
    )


def test_their_page_says_why_nothing_is_planned(client_of, lead, card):
    page = client_of(lead.user).get(f"/influencers/{card.influencer_id}").text

    assert "they are left in peace" in page


def test_a_lead_is_told_on_today_and_finds_them_in_the_list(saved, client_of, lead, card):
    saved(make.relationship(brand=lead.brand, name="Somebody Else", unanswered=2))
    client = client_of(lead.user)

    today = client.get("/today").text
    assert "1 person did not answer three times" in today
    assert 'href="/influencers?contact=unanswered"' in today
    found = client.get("/influencers?contact=unanswered").text
    assert "Mira Okafor" in found
    assert "Somebody Else" not in found
    assert "no answer three times" in found


def test_a_manager_is_not_told_of_the_brands_whole(saved, client_of, lead, card):
    manager = saved(make.member(Role.MANAGER, brand=lead.brand))

    assert "did not answer three times" not in client_of(manager.user).get("/today").text
