"""The ties of a person on their page: shown, noted, taken back, and a stranger added."""

import make
import pytest
import tied
from sqlalchemy import select

from irm.models import Influencer, Platform, Relationship, Role, SearchEntry, Tie, TieKind


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def client(client_of, lead):
    return client_of(lead.user)


@pytest.fixture
def person(saved, lead):
    def person(name, handle):
        related = saved(make.relationship(brand=lead.brand, influencer=make.influencer(name=name)))
        saved(make.account(influencer=related.influencer, platform=Platform.X, handle=handle))
        return related.influencer

    return person


def test_a_tie_is_noted_by_handle_and_taken_back(client, session, person):
    chloe, ravi = person("Chloé Roux", "chloe"), person("Ravi Rao", "ravi")

    noted = client.post(
        f"/influencers/{chloe.id}/ties",
        data={"who": "@ravi", "joins": "introduced_by", "note": "In Lyon"},
    )

    assert noted.status_code == 303
    tie = session.scalars(select(Tie)).one()
    assert (tie.from_id, tie.to_id, tie.kind) == (ravi.id, chloe.id, TieKind.INTRODUCED)
    page = client.get(f"/influencers/{chloe.id}/ties").text
    assert "Ravi Rao" in page
    assert "In Lyon" in page
    client.post(f"/influencers/{chloe.id}/ties/drop", data={"tie": tie.id})
    session.expire_all()
    assert session.scalars(select(Tie)).all() == []


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"who": "nobody", "joins": "knows"}, "Nobody in your funnel has this handle"),
        ({"who": "@chloe", "joins": "knows"}, "Nobody has a tie to themselves"),
        ({"who": "@chloe", "joins": "loves"}, "Choose what joins the two."),
    ],
)
def test_a_form_that_cannot_be_meant_stays_with_a_sentence(client, session, person, sent, sentence):
    chloe = person("Chloé Roux", "chloe")

    answer = client.post(f"/influencers/{chloe.id}/ties", data=sent)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert session.scalars(select(Tie)).all() == []


def test_a_stranger_is_added_with_one_click(client, session, saved, person, lead):
    chloe = person("Chloé Roux", "chloe")
    stranger = saved(make.influencer(name="li", known=False))
    saved(make.account(influencer=stranger, platform=Platform.X, handle="li"))
    elsewhere = {"other": stranger.id}
    assert client.post(f"/influencers/{chloe.id}/ties/admit", data=elsewhere).status_code == 409
    saved(tied.tie(stranger, chloe, brand_id=lead.brand_id))

    assert client.post(f"/influencers/{chloe.id}/ties/admit", data=elsewhere).status_code == 303

    session.expire_all()
    assert session.get_one(Influencer, stranger.id).known
    related = select(Relationship.brand_id).where(Relationship.influencer_id == stranger.id)
    assert session.scalars(related).all() == [lead.brand_id]
    found = select(SearchEntry.source).where(SearchEntry.influencer_id == stranger.id)
    assert sorted(session.scalars(found)) == ["handle", "name"]
    assert client.get(f"/influencers/{stranger.id}").status_code == 200
