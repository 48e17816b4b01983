"""Taking the pulse: what somebody is to us when we begin with them."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Influencer, Proof, ProofKind, Relationship, Role, Stage

TODAY = dt.datetime.now(dt.UTC).date()
SPRING = dt.date(2026, 3, 2)


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def card(saved, lead):
    return saved(make.relationship(brand=lead.brand))


def take(client, card, **values):
    return client.post(f"/relationships/{card.id}/pulse", data=values)


def proofs(session):
    session.rollback()
    return [(one.kind, one.day) for one in session.scalars(select(Proof))]


def test_who_follows_us_has_earned_the_first_stage_and_claims_nothing(
    session, client_of, lead, card
):
    answer = take(client_of(lead.user), card, pulse="follower")
    assert answer.status_code == 303
    assert proofs(session) == [(ProofKind.FOLLOW, TODAY)]
    both = session.execute(select(Relationship.stage, Relationship.earned_stage)).one()
    assert both == (Stage.UNAWARE, Stage.AWARE)
    page = client_of(lead.user).get(f"/influencers/{card.influencer_id}").text
    assert "/pulse" not in page


def test_work_together_is_an_activity_on_its_day(session, client_of, lead, card):
    client = client_of(lead.user)
    answer = take(client, card, pulse="partner", worked_on=str(SPRING))
    assert answer.status_code == 303
    assert proofs(session) == [(ProofKind.ACTIVITY, SPRING)]
    assert "speaks for “Engaged”" in client.get(answer.location).text


def test_who_does_not_know_us_adds_nothing(session, client_of, lead, card):
    assert take(client_of(lead.user), card, pulse="stranger").status_code == 303
    assert proofs(session) == []


@pytest.mark.parametrize(
    "values",
    [
        {"pulse": "partner"},
        {"pulse": "partner", "worked_on": "tomorrow"},
        {"pulse": "partner", "worked_on": str(TODAY + dt.timedelta(days=40))},
        {"pulse": "friend"},
    ],
)
def test_an_answer_that_cannot_be_is_refused_in_a_sentence(session, client_of, lead, card, values):
    answer = take(client_of(lead.user), card, **values)
    assert answer.status_code == 422
    assert 'class="form-error"' in answer.text
    assert proofs(session) == []


def test_where_something_happened_the_question_is_answered(saved, session, client_of, lead, card):
    client = client_of(lead.user)
    page = f"/relationships/{card.id}/pulse"
    assert "What are they to us?" in client.get(page).text
    saved(make.interaction(relationship=card))
    assert "What are they to us?" not in client.get(page).text
    assert take(client, card, pulse="follower").status_code == 422
    assert proofs(session) == []


def test_answering_twice_adds_one_proof(session, client_of, lead, card):
    client = client_of(lead.user)
    take(client, card, pulse="follower")
    assert take(client, card, pulse="follower").status_code == 422
    assert len(proofs(session)) == 1


def test_somebody_new_comes_with_what_they_are_to_us(session, client_of, lead):
    person = {"name": "Mira Okafor", "source": "A fair", "lawful_basis": "consent"}
    values = {**person, "pulse": "partner", "worked_on": str(SPRING)}
    client = client_of(lead.user)
    answer = client.post("/influencers/new", data=values)
    assert answer.status_code == 303
    assert proofs(session) == [(ProofKind.ACTIVITY, SPRING)]
    assert "Mira Okafor is here now. Noted as evidence." in client.get(answer.location).text


def test_somebody_new_without_the_day_of_the_work_is_not_added_half(session, client_of, lead):
    person = {"name": "Mira Okafor", "source": "A fair", "lawful_basis": "consent"}
    answer = client_of(lead.user).post("/influencers/new", data={**person, "pulse": "partner"})
    assert answer.status_code == 422
    assert "Say when you worked together last" in answer.text
    assert session.scalar(select(Influencer).where(Influencer.name == "Mira Okafor")) is None
