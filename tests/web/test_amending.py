"""Putting an exchange otherwise, taking it away, and reading what it said before."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Interaction, InteractionVersion, Role, Visibility

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture
def ravi(saved):
    """Ravi, who looks after a brand's people."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def ines(saved, ravi):
    """Inès, who works beside him."""
    return saved(make.member(Role.MANAGER, brand=ravi.brand, user=make.user(name="Inès Silva")))


@pytest.fixture
def chloe(saved, ravi):
    return saved(make.relationship(brand=ravi.brand, name="Chloé"))


@pytest.fixture
def logged(saved, ravi, chloe):
    """What Ravi logged with her."""
    return saved(make.interaction(relationship=chloe, author=ravi.user, summary="Sent the seeds."))


def send(client, interaction, **values):
    sent = {
        "kind": "talk",
        "summary": "Sent the winter seeds.",
        "direction": "out",
        "channel": "message",
        "visibility": "team",
        "happened_on": "2026-03-02",
        "row_version": "1",
        **values,
    }
    return client.post(f"/interactions/{interaction.id}/edit", data=sent)


def test_an_exchange_is_put_otherwise_and_says_so(session, client_of, ravi, ines, logged):
    client = client_of(ravi.user)

    page = client.get(f"/interactions/{logged.id}/edit").text
    assert "Sent the seeds." in page
    response = send(
        client,
        logged,
        present="Her agent",
        links="https://docs.example/a https://b.example/b",
        colleagues=str(ines.user_id),
    )
    timeline = client.get(response.location).text

    assert response.status_code == 303
    for words in (
        "Sent the winter seeds.",
        "edited, 1 earlier version",
        "with Her agent, Inès Silva",
        "docs.example",
        "Changed; what it said before is kept.",
    ):
        assert words in timeline
    session.refresh(logged)
    assert logged.happened_at == AT
    assert "Sent the seeds." in client.get(f"/interactions/{logged.id}/versions").text


def test_an_edit_is_taken_back_by_undo(session, client_of, ravi, logged):
    client = client_of(ravi.user)
    send(client, logged)
    version = session.scalars(select(InteractionVersion)).one()
    address = f"/interactions/versions/{version.id}/put_back"

    assert client.post(address, data={"row_version": "2"}).status_code == 303
    session.refresh(logged)
    assert logged.summary == "Sent the seeds."
    assert client.post(address, data={"row_version": "2"}).status_code == 409


def test_a_stale_form_shows_both_and_counts_when_it_is_sent_again(session, client_of, ravi, logged):
    client = client_of(ravi.user)
    send(client, logged, summary="She likes them.")

    response = send(client, logged, summary="She planted them.")

    assert response.status_code == 409
    assert "She likes them." in response.text
    assert "She planted them." in response.text
    assert 'name="row_version" value="2"' in response.text
    assert send(client, logged, summary="She planted them.", row_version="2").status_code == 303
    session.refresh(logged)
    assert logged.summary == "She planted them."


def test_what_was_removed_is_brought_back(session, client_of, ravi, chloe, logged):
    client, id = client_of(ravi.user), logged.id

    page = client.post(f"/interactions/{id}/remove", data={"row_version": "1"})
    timeline = client.get(page.location).text
    assert "An interaction was removed" in timeline
    assert "Removed from the timeline of Chloé." in timeline
    assert "Sent the seeds." not in timeline
    version = session.scalars(select(InteractionVersion)).one()
    before = client.get(f"/interactions/{id}/versions").text
    assert "Sent the seeds." in before
    assert "Bring it back" in before

    back = client.post(f"/interactions/versions/{version.id}/put_back", data={"row_version": "0"})
    again = client.post(f"/interactions/versions/{version.id}/put_back", data={"row_version": "0"})

    assert (back.status_code, again.status_code) == (303, 422)
    session.expire_all()
    assert session.get(Interaction, id).summary == "Sent the seeds."
    assert "An interaction was removed" not in client.get(back.location).text


def test_only_author_and_lead_change_what_was_logged(saved, client_of, ravi, ines, logged):
    lead = saved(make.member(Role.LEAD, brand=ravi.brand)).user

    assert send(client_of(ines.user), logged).status_code == 403
    removed = {"row_version": "1"}
    response = client_of(ines.user).post(f"/interactions/{logged.id}/remove", data=removed)
    assert response.status_code == 403
    assert f"/interactions/{logged.id}/edit" not in (
        client_of(ines.user).get(f"/influencers/{logged.relationship.influencer_id}").text
    )
    assert send(client_of(lead), logged).status_code == 303


def test_a_private_note_keeps_its_past_to_itself(session, saved, client_of, ravi, ines, logged):
    lead = saved(make.member(Role.LEAD, brand=ravi.brand)).user
    admin = saved(make.user(is_admin=True))
    send(client_of(ravi.user), logged, visibility=Visibility.PRIVATE.value)
    address = f"/interactions/{logged.id}/versions"

    def status(user, to=address):
        return client_of(user).get(to).status_code

    assert status(lead) == 404
    client_of(lead).post(f"/relationships/{logged.relationship_id}/private")
    assert [status(one) for one in (ravi.user, lead, ines.user, admin)] == [200, 200, 404, 404]
    assert status(admin, f"/interactions/{logged.id}/edit") == 404
    version = session.scalars(select(InteractionVersion)).one()
    back = f"/interactions/versions/{version.id}/put_back"
    assert client_of(ines.user).post(back, data={"row_version": "2"}).status_code == 404

    client_of(ravi.user).post(f"/interactions/{logged.id}/remove", data={"row_version": "2"})
    assert [status(one) for one in (ravi.user, lead, ines.user, admin)] == [200, 200, 404, 404]
    page = f"/influencers/{logged.relationship.influencer_id}"
    assert "An interaction was removed" not in client_of(ines.user).get(page).text


@pytest.mark.parametrize(
    "values",
    [
        {"summary": ""},
        {"kind": "shout"},
        {"links": "ftp://example.com/a"},
        {"links": "javascript:alert(1)"},
        {"links": " ".join(f"https://example.com/{n}" for n in range(11))},
        {"links": "https://example.com/" + "x" * 600},
        {"present": "x" * 201},
        {"colleagues": "999999"},
        {"colleagues": "x"},
        {"happened_on": "9999-12-31"},
        {"happened_on": "1066-01-01"},
        {"row_version": "x"},
    ],
)
def test_nonsense_changes_nothing(session, client_of, ravi, logged, values):
    response = send(client_of(ravi.user), logged, **values)

    assert response.status_code == 422
    assert "form-error" in response.text
    session.refresh(logged)
    assert (logged.summary, logged.row_version) == ("Sent the seeds.", 1)
    assert session.scalars(select(InteractionVersion)).all() == []


def test_present_links_and_colleagues_are_logged_and_shown(session, client_of, ravi, ines, chloe):
    client = client_of(ravi.user)
    sent = {
        "kind": "talk",
        "summary": "Met at the fair.",
        "present": "Her brother",
        "links": "https://photos.example/1",
        "colleagues": [str(ines.user_id), str(ravi.user_id)],
    }

    page = client.post(f"/relationships/{chloe.id}/interactions", data=sent)
    timeline = client.get(page.location).text

    assert "with Her brother, Inès Silva" in timeline
    assert "photos.example" in timeline
