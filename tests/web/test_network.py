"""The network as a browser sees it: who leads, what is proposed, and the way to somebody."""

import datetime as dt

import make
import pytest
from sqlalchemy import select
from tied import tie

from irm import clock
from irm.jobs import tasks
from irm.models import Platform, Role, Stage, Task, TaskState, TieKind


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def client(client_of, lead):
    return client_of(lead.user)


@pytest.fixture
def friends(saved, lead):
    """Three people the brand serves well, tied to each other, and Zoé, whom nobody knows."""
    lately = clock.now() - dt.timedelta(days=5)
    found = [
        saved(
            make.relationship(
                brand=lead.brand,
                name=name,
                stage=Stage.ENGAGED,
                earned_stage=Stage.ENGAGED,
                gives_since_ask=1,
                last_two_way_at=lately,
                last_contact_at=lately,
            )
        ).influencer
        for name in ("Ana Ribeiro", "Ben Okoye", "Chloé Roux")
    ]
    zoe = saved(make.influencer(name="zoe_bakes", known=False))
    saved(make.account(influencer=zoe, platform=Platform.X, handle="zoe_bakes"))
    today = clock.now().date()
    for one, other in zip(found, [*found[1:], found[0]], strict=True):
        saved(tie(one, other, last_seen=today))
    for one in found[:2]:
        saved(tie(one, zoe, kind=TieKind.MENTIONS, last_seen=today))
    return [*found, zoe]


@pytest.fixture
def measured(app, session, lead, friends):
    session.commit()
    task = tasks.run_new(app, "network", {}, lambda done, total: None, brand_id=lead.brand_id)
    assert task.state is TaskState.DONE, task.error
    session.expire_all()
    return friends


def test_before_anything_is_known_it_says_where_ties_come_from(client):
    page = client.get("/network")

    assert page.status_code == 200
    assert "No ties are known yet" in page.text


def test_who_leads_what_is_proposed_and_who_is_together_stand_there(client, measured):
    page = client.get("/network").text

    assert f'<a href="/influencers/{measured[0].id}">Ana Ribeiro</a>' in page
    # A stranger has no page; there is a way to them instead.
    assert f'href="/influencers/{measured[3].id}"' not in page
    assert f'href="/network/paths?to={measured[3].id}"' in page
    assert "People: 3 · strangers: 1 · ties: 5 · communities: 1." in page
    assert "2 people you value follow or mention them" in page
    assert "Around " in page


def test_without_people_who_speak_of_the_topics_it_says_so(client, measured):
    page = client.get("/network?by=topics").text

    assert "Nobody of the network is known to speak of your topics yet." in page


@pytest.mark.parametrize("asked", ["zoe_bakes", "@zoe_bakes"])
def test_the_way_to_a_stranger_leads_over_whom_we_serve_well(client, measured, asked):
    page = client.get("/network/paths", query_string={"to": asked}).text

    assert "Ana Ribeiro → zoe_bakes" in page
    assert "Ben Okoye → zoe_bakes" in page
    assert "At Engaged, and the evidence supports it." in page
    assert "/ask" in page


def test_to_whom_we_know_already_no_way_has_to_be_found(client, measured):
    answer = client.get("/network/paths?to=Ana+Ribeiro")

    assert answer.status_code == 422
    assert "You are in contact with this person already" in answer.text


def test_nobody_of_that_name_is_one_clear_sentence(client):
    answer = client.get("/network/paths?to=nobody")

    assert answer.status_code == 422
    assert "Nobody in this brand’s network has the handle “nobody”." in answer.text


def test_it_is_measured_on_demand_and_once_at_a_time(client, session, lead):
    for _n in range(2):
        assert client.post("/network/measure").status_code == 303

    task = session.scalars(select(Task)).one()
    assert (task.kind, task.brand_id, task.user_id) == ("network", lead.brand_id, lead.user_id)
    assert "The network is being measured." in client.get("/network").text


def test_another_brand_sees_none_of_it(client_of, saved, measured):
    other = saved(make.member(Role.LEAD))

    page = client_of(other.user).get("/network").text

    assert "Ana Ribeiro" not in page
