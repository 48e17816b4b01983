"""Facts on a person's page, in the browser's words."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Fact, FactKind, FactUse, Role, Source, Visibility

TODAY = dt.datetime.now(dt.UTC).date()
HTMX = {"HX-Request": "true"}


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
def noted(saved, card, ana):
    def note(**given):
        common = {"relationship_id": card.id, "known_on": TODAY, "author_id": ana.user.id}
        return saved(make.fact(**common | given))

    return note


def kept(session):
    session.rollback()
    found = select(Fact).order_by(Fact.id).execution_options(populate_existing=True)
    return session.scalars(found).all()


def send(client, card, **more):
    values = {"kind": "passion", "text": "Sourdough", "source": "told"} | more
    return client.post(f"/relationships/{card.id}/facts", data=values)


def test_an_empty_section_teaches_what_to_note(client, card):
    page = client.get(f"/relationships/{card.id}/facts").text

    assert "Nothing is noted yet" in page
    assert "A passion, a team, a birthday" in page


def test_the_persons_page_loads_the_facts_after_it(client, card, noted):
    noted(text="Beekeeping")

    page = client.get(f"/influencers/{card.influencer_id}").text
    assert f'hx-get="/relationships/{card.id}/facts"' in page
    part = client.get(f"/relationships/{card.id}/facts", headers=HTMX).text
    assert "Beekeeping" in part
    assert "<html" not in part


def test_a_fact_is_noted_with_one_line_and_can_be_taken_back(session, client, card):
    answer = send(client, card)

    assert answer.location == f"/influencers/{card.influencer_id}#noted"
    [fact] = kept(session)
    assert (fact.text, fact.kind, fact.known_on) == ("Sourdough", FactKind.PASSION, TODAY)
    page = client.get(f"/influencers/{card.influencer_id}").text
    assert "Noted of Mira Okafor." in page
    client.post(f"/facts/{fact.id}/end", data={"row_version": "1"})
    assert kept(session)[0].ended_at is not None


def test_a_birthday_needs_its_day_alone(session, client, card):
    send(client, card, kind="birthday", text="", on_day="29", on_month="2", on_year="1984")

    [fact] = kept(session)
    assert (fact.on_day, fact.on_month, fact.on_year, fact.is_yearly) == (29, 2, 1984, True)
    assert "29" in client.get(f"/relationships/{card.id}/facts").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "birthday", "on_day": "30", "on_month": "2"}, "no such day"),
        ({"kind": "birthday"}, "Which day is it"),
        ({"kind": "nonsense"}, "Choose one from the list."),
        ({"text": ""}, "Write in one line what you learnt."),
        ({"text": "x" * 501}, "500 characters at most"),
        ({"on_day": "99"}, "A day from 1 to 31."),
        ({"on_year": "1" * 30, "on_day": "1", "on_month": "1"}, "A year such as 1988."),
        ({"shelf_days": "99999999999"}, "Choose one from the list."),
        ({"known_on": "2026-02-30"}, "Write a day as"),
        ({"known_on": "0001-01-01"}, "too long ago"),
        ({"source": "hearsay"}, "Choose one from the list."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_kept(
    session, client, card, wrong, said
):
    answer = send(client, card, **wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert kept(session) == []


def test_a_fact_is_put_right_and_of_two_the_second_is_told(session, client, noted):
    fact = noted(text="Sourdough", shelf_days=45)
    page = client.get(f"/facts/{fact.id}").text
    assert 'value="45" selected' in page

    values = {
        "kind": "passion",
        "text": "Rye bread",
        "source": "public",
        "shelf_days": "0",
        "row_version": "1",
    }
    assert client.post(f"/facts/{fact.id}", data=values).status_code == 303
    [now] = kept(session)
    assert (now.text, now.source, now.shelf_days) == ("Rye bread", Source.PUBLIC, None)
    assert 'value="0" selected' in client.get(f"/facts/{fact.id}").text
    assert client.post(f"/facts/{fact.id}", data=values | {"text": "x"}).status_code == 409
    assert client.post(f"/facts/{fact.id}/end", data={"row_version": "1"}).status_code == 409
    wrong = client.post(f"/facts/{fact.id}", data=values | {"text": "", "row_version": "2"})
    assert wrong.status_code == 422
    assert "Write in one line" in wrong.text


def test_an_old_fact_is_a_question_that_one_click_answers(session, client, card, noted):
    fact = noted(text="Lives in Leeds", known_on=TODAY - dt.timedelta(days=400), shelf_days=365)
    assert "ask whether it is still so" in client.get(f"/relationships/{card.id}/facts").text

    client.post(f"/facts/{fact.id}/confirm", data={"row_version": "1"})

    assert kept(session)[0].known_on == TODAY
    assert "ask whether it is still so" not in client.get(f"/relationships/{card.id}/facts").text


def test_what_ended_is_folded_away_and_comes_back(session, client, card, noted):
    fact = noted(text="Sourdough")
    answer = client.post(f"/facts/{fact.id}/end", data={"row_version": "1"}, follow_redirects=True)
    assert f'action="/facts/{fact.id}/restore"' in answer.text
    assert "Holds no more (1)" in client.get(f"/relationships/{card.id}/facts").text

    client.post(f"/facts/{fact.id}/restore", data={"row_version": "2"})

    assert kept(session)[0].ended_at is None


def test_the_second_who_congratulates_is_told_who_did(
    session, saved, client_of, client, ana, noted
):
    fact = noted(
        kind=FactKind.BIRTHDAY, text="", on_month=TODAY.month, on_day=TODAY.day, is_yearly=True
    )
    client.post(f"/facts/{fact.id}/use")
    tom = saved(make.member(Role.MANAGER, brand=ana.brand)).user

    answer = client_of(tom).post(f"/facts/{fact.id}/use")

    assert answer.status_code == 422
    assert f"{ana.user.name} made use of this already" in answer.text
    [use] = session.scalars(select(FactUse))
    client.post(f"/facts/{fact.id}/unuse", data={"use": use.id})
    session.rollback()
    assert session.scalars(select(FactUse)).all() == []


def test_a_use_goes_back_to_where_it_was_clicked(client, noted):
    fact = noted()

    assert client.post(f"/facts/{fact.id}/use", data={"back": "today"}).location == "/today"
    other = client.post(f"/facts/{noted(text='Tea').id}/use", data={"back": "//evil.example"})
    assert other.location.startswith("/influencers/")


@pytest.mark.parametrize("hidden", [{"is_sensitive": True}, {"visibility": Visibility.PRIVATE}])
def test_what_is_private_or_sensitive_is_for_its_author_and_the_lead(
    saved, client_of, client, ana, card, noted, hidden
):
    fact = noted(text="Rehabilitation", **hidden)
    tom = client_of(saved(make.member(Role.MANAGER, brand=ana.brand)).user)
    lead = client_of(saved(make.member(Role.LEAD, brand=ana.brand)).user)
    part = f"/relationships/{card.id}/facts"
    page = f"/influencers/{card.influencer_id}"

    assert "Rehabilitation" not in tom.get(part).text + tom.get(page).text
    assert tom.get(f"/facts/{fact.id}").status_code == 404
    for verb in ("", "/use", "/unuse", "/end", "/restore", "/confirm"):
        answer = tom.post(f"/facts/{fact.id}{verb}", data={"row_version": "1", "use": "1"})
        assert answer.status_code == 404
    assert "Rehabilitation" not in lead.get(part).text + lead.get(page).text
    assert lead.get(f"/facts/{fact.id}").status_code == 404
    lead.post(f"/relationships/{card.id}/private")
    for reader in (client, lead):
        assert "Rehabilitation" in reader.get(part).text
        assert "Rehabilitation" in reader.get(page).text


def test_a_viewer_reads_and_changes_nothing(saved, client_of, ana, card, noted):
    fact = noted(text="Sourdough")
    viewer = client_of(saved(make.member(Role.VIEWER, brand=ana.brand)).user)

    page = viewer.get(f"/relationships/{card.id}/facts").text

    assert "Sourdough" in page
    assert "<form" not in page.split('id="noted"')[1]
    assert send(viewer, card).status_code == 403
    assert viewer.post(f"/facts/{fact.id}/use").status_code == 403


def test_strangers_to_the_brand_find_nothing(saved, client_of, card, noted):
    fact = noted()
    stranger = client_of(saved(make.member(Role.LEAD)).user)

    assert stranger.get(f"/relationships/{card.id}/facts").status_code == 404
    assert stranger.get(f"/facts/{fact.id}").status_code == 404
    assert stranger.post(f"/facts/{2**40}/use").status_code == 404


def test_the_search_says_which_fact_it_found(client, card):
    send(client, card, text="Keeps bees on the roof")

    page = client.get("/influencers?q=keeps+bees").text

    assert "Mira Okafor" in page
    assert "Fact:" in page
