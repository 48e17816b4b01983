"""A level and a cadence of one's own, in the browser's words."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Level, Planner, Relationship, Role, Touchpoint

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def card(saved, ana):
    card = saved(make.relationship(brand=ana.brand, owner=ana.user, last_contact_at=NOW))
    saved(make.interaction(relationship=card, happened_at=NOW))
    saved(
        make.touchpoint(
            relationship=card, due_on=NOW.date() + dt.timedelta(days=14), planned_by=Planner.CADENCE
        )
    )
    return card


def kept(session, card):
    session.rollback()
    return session.execute(
        select(Relationship.level, Relationship.cadence_ideal, Relationship.cadence_worst).where(
            Relationship.id == card.id
        )
    ).one()


def test_what_is_agreed_is_kept_and_followed_and_taken_back(session, client_of, ana, card):
    client = client_of(ana.user)
    data = {"level": "advanced", "ideal": "20", "worst": "40", "row_version": "1"}

    answer = client.post(f"/relationships/{card.id}/rhythm", data=data)

    assert kept(session, card) == (Level.ADVANCED, 20, 40)
    assert session.scalar(select(Touchpoint.due_on)) == NOW.date() + dt.timedelta(days=20)
    page = client.get(answer.location).text
    assert "every 20 days, at the latest after 40 days" in page
    assert "agreed for this person" in page
    back = {"level": "", "ideal": "", "worst": "", "row_version": "2"}
    client.post(f"/relationships/{card.id}/rhythm", data=back)
    assert kept(session, card) == (None, None, None)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"ideal": "0"}, "from 1 to 365"),
        ({"worst": "10000"}, "from 1 to 365"),
        ({"ideal": "30", "worst": "20"}, "not shorter than the ideal one"),
        ({"ideal": "often"}, "Write a whole number."),
    ],
)
def test_what_is_no_cadence_is_refused_in_a_sentence(session, client_of, ana, card, given, said):
    data = {"level": "", "row_version": "1"} | given

    answer = client_of(ana.user).post(f"/relationships/{card.id}/rhythm", data=data)

    assert answer.status_code == 422
    assert said in answer.text
    assert kept(session, card) == (None, None, None)


def test_of_two_who_agree_at_once_the_second_looks_again(client_of, ana, card):
    client = client_of(ana.user)
    data = {"level": "beginner", "row_version": "1"}
    client.post(f"/relationships/{card.id}/rhythm", data=data)

    again = client.post(f"/relationships/{card.id}/rhythm", data=data)

    assert again.status_code == 409
