"""Pausing and going on, in the browser's words."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.ledger import relationships as ledger
from irm.models import Pause, Relationship, Role

TODAY = dt.datetime.now(dt.UTC).date()
SOON = TODAY + dt.timedelta(days=10)


@pytest.fixture
def ana(saved):
    """Ana, who manages relationships of her brand."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def card(saved, ana):
    return saved(make.relationship(brand=ana.brand, owner=ana.user, name="Mira Okafor"))


def pause(client, card, **more):
    values = {"until": str(SOON), "why": "On tour", "row_version": "1"} | more
    return client.post(f"/relationships/{card.id}/pause", data=values)


def held(session, card):
    session.rollback()
    return session.execute(
        select(Relationship.paused_until, Relationship.paused_why).where(Relationship.id == card.id)
    ).one()


def test_a_pause_is_said_on_the_page_and_can_be_taken_back(session, client_of, ana, card):
    client = client_of(ana.user)

    answer = pause(client, card)

    assert answer.location == f"/influencers/{card.influencer_id}"
    assert held(session, card) == (SOON, "On tour")
    page = client.get(answer.location).text
    assert ": On tour" in page
    assert "Mira Okafor is paused until" in page
    assert f'action="/relationships/{card.id}/resume"' in page
    client.post(f"/relationships/{card.id}/resume", data={"row_version": "2"})
    assert held(session, card) == (None, None)
    assert "The pause until" in client.get(answer.location).text


def test_going_on_offers_the_pause_again(session, client_of, ana, card):
    client = client_of(ana.user)
    pause(client, card)

    client.post(f"/relationships/{card.id}/resume", data={"row_version": "2"})

    page = client.get(f"/influencers/{card.influencer_id}").text
    assert f'name="until" value="{SOON}"' in page
    assert 'name="why" value="On tour"' in page


def test_from_the_board_it_goes_back_to_the_board_as_it_was(client_of, ana, card):
    values = {"until": str(SOON), "why": "On tour", "row_version": "1", "back": "funnel"}

    answer = client_of(ana.user).post(f"/relationships/{card.id}/pause?tier=micro", data=values)

    assert answer.location == "/funnel?tier=micro"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"why": ""}, "Say why"),
        ({"why": "x" * 201}, "too long"),
        ({"until": ""}, "Choose a day."),
        ({"until": "31.12.2026"}, "Write a day as"),
        ({"until": str(TODAY)}, "Choose a day after today"),
        ({"until": "9999-12-31"}, "within the next three years"),
    ],
)
def test_what_cannot_be_meant_comes_back_with_a_sentence_and_what_was_typed(
    session, client_of, ana, card, typed, said
):
    answer = pause(client_of(ana.user), card, **typed)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{typed.get("why", "On tour")}"' in answer.text
    assert held(session, card) == (None, None)
    assert session.scalar(select(Pause)) is None


def test_who_comes_second_is_told_so_and_the_first_stands(session, client_of, ana, card):
    client = client_of(ana.user)
    pause(client, card)

    answer = pause(client, card, why="Ill")

    assert answer.status_code == 409
    assert "Mira Okafor was changed meanwhile." in answer.text
    assert held(session, card) == (SOON, "On tour")


def test_a_viewer_sees_a_pause_and_no_way_to_end_it(saved, client_of, ana, card):
    pause(client_of(ana.user), card)
    ravi = saved(make.member(Role.VIEWER, brand=ana.brand))

    page = client_of(ravi.user).get(f"/influencers/{card.influencer_id}").text

    assert ": On tour" in page
    assert f"/relationships/{card.id}/resume" not in page


def test_a_person_says_what_they_are_over(saved, client_of, ana):
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=100)
    card = saved(make.relationship(brand=ana.brand, stage_since=long_ago, last_contact_at=long_ago))

    page = client_of(ana.user).get(f"/influencers/{card.influencer_id}").text

    assert "Beyond the second limit: 100 days without contact, the limit is 90" in page
    assert "Over the limit: 100 days at this stage, 90 are usual" in page


def test_what_fell_due_during_a_pause_is_nowhere_called_overdue(
    saved, session, client_of, ana, card
):
    saved(make.touchpoint(relationship=card, due_on=TODAY - dt.timedelta(days=4)))
    ledger.rebuild(session)
    session.commit()
    client = client_of(ana.user)
    places = (f"/influencers/{card.influencer_id}", "/influencers?columns=next")
    assert all("Overdue by 4 days" in client.get(one).text for one in places)

    pause(client, card)

    assert not any("Overdue by" in client.get(one).text for one in places)
