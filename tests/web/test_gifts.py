"""Logging gifts and looking at them, in the browser's words."""

import make
import pytest
from sqlalchemy import select

from irm.models import Archetype, Gift, Interaction, Kind, Role


@pytest.fixture
def ana(saved):
    """Ana, who manages relationships of her brand."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def card(saved, ana):
    return saved(make.relationship(brand=ana.brand, owner=ana.user, name="Mira Okafor"))


@pytest.fixture
def client(client_of, ana):
    return client_of(ana.user)


@pytest.fixture
def passion(saved, card):
    return saved(make.fact(relationship_id=card.id, text="Sourdough"))


def send(client, card, **more):
    values = {"item": "A rye starter", "channel": "parcel", "request_key": "k1"} | more
    return client.post(f"/relationships/{card.id}/gift", data=values)


def kept(session):
    session.rollback()
    return session.execute(
        select(Gift.item, Gift.fact_id, Gift.is_merch, Interaction.kind).join(Gift.interaction)
    ).all()


def test_without_a_passion_the_form_asks_to_note_one_first(client, card):
    page = client.get(f"/relationships/{card.id}/gift").text

    assert "Note a passion first" in page
    assert f'href="/relationships/{card.id}/facts"' in page
    assert 'value="merch"' in page


def test_a_gift_starts_from_a_passion_and_counts_as_a_give(session, client, card, passion):
    page = client.get(f"/relationships/{card.id}/gift?fact={passion.id}").text
    assert f'value="{passion.id}" checked' in page

    answer = send(client, card, answers=passion.id)

    assert answer.location == f"/influencers/{card.influencer_id}"
    assert kept(session) == [("A rye starter", passion.id, False, Kind.GIVE)]
    assert "counts as a give" in client.get(answer.location).text


def test_merch_is_said_not_to_count(session, client, card):
    answer = send(client, card, item="A mug", answers="merch")

    assert kept(session) == [("A mug", None, True, Kind.TALK)]
    assert "it does not count as a give" in client.get(answer.location).text


def test_a_double_click_gives_once(session, client, card, passion):
    assert send(client, card, answers=passion.id).status_code == 303
    assert send(client, card, answers=passion.id).status_code == 303

    assert len(kept(session)) == 1
    other = send(client, card, item="Another thing", answers=passion.id)
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"item": ""}, "Write what was given."),
        ({"item": "x" * 201}, "200 characters at most"),
        ({}, "Choose a passion of theirs, or note one first."),
        ({"answers": "nonsense"}, "Choose one from the list."),
        ({"answers": "9" * 30}, "Choose one from the list."),
        ({"answers": "2147483647"}, "Choose a passion of theirs"),
        ({"answers": "merch", "happened_on": "2999-01-01"}, "in the future"),
        ({"answers": "merch", "happened_on": "1901-01-01"}, "too long ago"),
        ({"answers": "merch", "channel": "pigeon"}, "Choose one from the list."),
        ({"answers": "merch", "note": "x" * 501}, "500 characters at most"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_kept(
    session, client, card, wrong, said
):
    answer = send(client, card, **wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert kept(session) == []


def test_a_journalist_is_given_nothing_without_a_second_thought(session, client, card, passion):
    card.influencer.archetype = Archetype.JOURNALIST
    session.commit()
    assert "Nothing of value" in client.get(f"/relationships/{card.id}/gift").text

    answer = send(client, card, answers=passion.id)
    assert answer.status_code == 422
    assert "Nothing of value may change hands with Mira Okafor" in answer.text

    assert send(client, card, answers=passion.id, is_confirmed="y").status_code == 303


def test_gifts_and_merch_stand_apart_on_their_page_and_in_the_file(client, card, passion):
    assert "Nothing was given in this time" in client.get("/gifts").text
    send(client, card, answers=passion.id)
    send(client, card, item="=A mug", answers="merch", request_key="k2")

    page = client.get("/gifts?days=30").text

    assert "A rye starter" in page
    assert "Sourdough" in page
    assert page.count("1 time, 1 person") == 2
    file = client.post("/gifts/file", data={"days": "30"})
    assert file.mimetype == "text/csv"
    lines = file.text.lstrip("\ufeff").splitlines()
    assert lines[0] == "Day,Kind,What,What it answers,Person,Colleague"
    assert len(lines) == 3
    assert ",=A mug" not in file.text, "nothing that a spreadsheet would run"


def test_a_viewer_sees_the_list_and_gets_no_file(saved, client_of, ana, card):
    viewer = client_of(saved(make.member(Role.VIEWER, brand=ana.brand)).user)

    assert viewer.get("/gifts").status_code == 200
    assert viewer.post("/gifts/file").status_code == 403
    assert viewer.get(f"/relationships/{card.id}/gift").status_code == 403
    assert send(viewer, card, answers="merch").status_code == 403
