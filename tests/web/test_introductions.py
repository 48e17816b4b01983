"""Asking for an introduction in a browser: from the way found to what came of it."""

import datetime as dt
import re

import make
import pytest
from sqlalchemy import select
from tied import befriend, introduction, tie

from irm import clock
from irm.funnel import interactions
from irm.funnel.interactions import Exchange
from irm.models import (
    Introduction,
    Kind,
    Outcome,
    Relationship,
    Role,
    Stage,
    Touchpoint,
)

DAY = dt.timedelta(days=1)


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def client(client_of, lead):
    return client_of(lead.user)


@pytest.fixture
def ana(session, saved, lead):
    ana = saved(
        make.relationship(
            brand=lead.brand,
            owner=lead.user,
            name="Ana Ribeiro",
            stage=Stage.AMBASSADOR,
            earned_stage=Stage.AMBASSADOR,
        )
    )
    befriend(session, ana, lead.user, clock.now())
    return ana


@pytest.fixture
def zoe(saved, ana):
    zoe = saved(make.influencer(name="zoe_bakes", known=False))
    saved(make.account(influencer=zoe, handle="zoe_bakes"))
    saved(tie(ana.influencer, zoe, last_seen=clock.now().date()))
    return zoe


ASK = {
    "wish": "An introduction to zoe_bakes",
    "channel": "message",
    "benefit": "She meets a baker",
    "community": "They learn to bake",
    "shared_values": "Bread",
}


def soon():
    return (clock.now().date() + 3 * DAY).isoformat()


def test_a_way_leads_to_the_ask_form_which_knows_what_it_is_for(client, ana, zoe):
    page = client.get("/network/paths?to=@zoe_bakes").text
    (address,) = re.findall(rf'href="(/relationships/{ana.id}/ask\?way=[^"]+)"', page)

    form = client.get(address).text

    assert "For an introduction to zoe_bakes" in form
    assert "Ana Ribeiro → zoe_bakes" in form
    assert 'value="An introduction to zoe_bakes"' in form


def test_the_ask_is_a_touchpoint_and_stands_among_the_introductions(client, session, ana, zoe):
    way = f"{ana.influencer_id},{zoe.id}"
    answer = client.post(f"/relationships/{ana.id}/ask", data={**ASK, "way": way, "due_on": soon()})
    assert (answer.status_code, answer.location) == (303, "/network/introductions")

    page = client.get("/network/introductions").text
    assert "To be asked" in page
    assert "zoe_bakes" in page
    touchpoint = session.scalars(select(Touchpoint).where(Touchpoint.kind == "ask")).one()
    assert touchpoint.purpose == "An introduction to zoe_bakes"
    # Whoever looks for the same way again sees that it is asked for.
    again = client.get("/network/paths?to=@zoe_bakes").text
    assert "Asked for already" in again
    # Until it is asked, it costs as much of her kindness as one that was.
    form = client.get(f"/relationships/{ana.id}/ask?way={way}").text
    assert "50% of their readiness is left." in form


def test_done_with_an_outcome_made_and_added(client, session, lead, ana, zoe):
    way = f"{ana.influencer_id},{zoe.id}"
    client.post(f"/relationships/{ana.id}/ask", data={**ASK, "way": way, "due_on": soon()})
    touchpoint = session.scalars(select(Touchpoint).where(Touchpoint.kind == "ask")).one()
    client.post(
        f"/touchpoints/{touchpoint.id}/complete",
        data={"summary": "She will", "outcome": "accepted", "row_version": touchpoint.row_version},
    )
    page = client.get("/network/introductions").text
    assert "Agreed to introduce us" in page

    made = session.scalars(select(Introduction)).one()
    assert client.post(f"/introductions/{made.id}/made").status_code == 303
    page = client.get("/network/introductions").text
    assert "Noted: they introduced you." in page
    assert f'action="/influencers/{ana.influencer_id}/ties/admit"' in page

    client.post(f"/influencers/{ana.influencer_id}/ties/admit", data={"other": zoe.id})
    begun = select(Relationship).where(Relationship.influencer_id == zoe.id)
    assert session.scalars(begun).one().stage is Stage.UNAWARE
    page = client.get("/network/introductions").text
    assert f'href="/influencers/{zoe.id}"' in page

    assert client.post(f"/introductions/{made.id}/unmade").status_code == 303
    assert "Agreed to introduce us" in client.get("/network/introductions").text


def test_one_that_was_not_asked_cannot_be_noted_as_made(client, saved, ana, zoe):
    planned = saved(introduction(ana, zoe, made_at=None))
    answer = client.post(f"/introductions/{planned.id}/made")
    assert answer.status_code == 422
    assert "Log first that they were asked" in answer.text


def test_a_way_that_is_none_any_more_is_said_and_nothing_is_planned(client, session, ana, zoe):
    page = client.get(f"/relationships/{ana.id}/ask?way=7,8")
    assert page.status_code == 200
    assert "This is no way to anybody any more." in page.text
    answer = client.post(
        f"/relationships/{ana.id}/ask", data={**ASK, "way": "7,8", "due_on": soon()}
    )
    assert answer.status_code == 422
    # What was written stands there still.
    assert "She meets a baker" in answer.text
    assert not session.scalars(select(Touchpoint).where(Touchpoint.kind == "ask")).all()


def test_another_brand_sees_nothing_of_it(client_of, saved, ana, zoe):
    saved(introduction(ana, zoe))
    other = saved(make.member(Role.LEAD))
    assert "Nobody was asked for an introduction yet" in (
        client_of(other.user).get("/network/introductions").text
    )


def test_a_declined_one_offers_nothing_but_another_way(client, session, saved, lead, ana, zoe):
    way = f"{ana.influencer_id},{zoe.id}"
    client.post(f"/relationships/{ana.id}/ask", data={**ASK, "way": way, "due_on": soon()})
    touchpoint = session.scalars(select(Touchpoint).where(Touchpoint.kind == "ask")).one()
    interactions.log(
        session,
        session.get_one(Relationship, ana.id),
        Exchange("No", Kind.ASK, outcome=Outcome.DECLINED),
        author=lead.user,
        happened_at=clock.now(),
        at=clock.now(),
        fulfils=touchpoint,
    )
    session.commit()
    page = client.get("/network/introductions").text
    assert "Declined" in page
    assert "/made" not in page
