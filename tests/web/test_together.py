"""One event, logged with each of those who were there."""

import make
import pytest
from sqlalchemy import select

from irm.models import Interaction, Role


@pytest.fixture
def ravi(saved):
    """Ravi, who looks after a brand's people."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def three(saved, ravi):
    """Three people of the brand."""
    names = ("Anna", "Bruno", "Chloé")
    return [saved(make.relationship(brand=ravi.brand, name=name)) for name in names]


def send(client, people, **values):
    sent = {
        "kind": "talk",
        "summary": "Met at the fair.",
        "activity": "at_event",
        "channel": "event",
        "direction": "both",
        "visibility": "team",
        "request_key": "abc",
        "who": [str(one.id) for one in people],
        **values,
    }
    return client.post("/log/together", data=sent)


def logged(session):
    rows = session.scalars(select(Interaction).order_by(Interaction.relationship_id))
    return [(one.relationship_id, one.summary, one.activity) for one in rows]


def test_each_of_them_has_it_once(session, client_of, ravi, three):
    client = client_of(ravi.user)

    first = send(client, three, links="https://photos.example/1")
    again = send(client, three, links="https://photos.example/1")

    assert (first.status_code, again.status_code) == (303, 303)
    assert "Logged with 3 people." in client.get(first.location).text
    assert logged(session) == [(one.id, "Met at the fair.", "at_event") for one in three]
    assert {tuple(one.links) for one in session.scalars(select(Interaction))} == {
        ("https://photos.example/1",)
    }


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "ask"}, "Nobody is asked in a group"),
        ({"activity": "pitch"}, "Nobody is asked in a group"),
        ({"activity": "event"}, "Nobody is asked in a group"),
        ({"activity": "gift"}, "Only a meeting or an event"),
        ({"activity": ""}, "Only a meeting or an event"),
        ({"who": []}, "Choose at least one person"),
        ({"who": [str(n) for n in range(1, 300)]}, "At most 200 people"),
        ({"who": ["9" * 40]}, "form-error"),
        ({"who": ["x"]}, "form-error"),
        ({"summary": ""}, "Write in one line"),
        ({"happened_on": "9999-12-31"}, "cannot have happened in the future"),
        ({"links": "x"}, "Links begin with"),
    ],
)
def test_what_is_not_for_several_is_refused(session, client_of, ravi, three, values, sentence):
    response = send(client_of(ravi.user), three, **values)

    assert response.status_code == 422
    assert sentence in response.text
    assert logged(session) == []


def test_nobody_of_another_brand_is_logged_with(saved, session, client_of, ravi, three):
    stranger = saved(make.relationship(name="Zoé"))

    send(client_of(ravi.user), [*three, stranger])

    assert {id for id, *_rest in logged(session)} == {one.id for one in three}


def test_the_list_hands_over_who_was_selected(client_of, ravi, three):
    client = client_of(ravi.user)

    page = client.post("/log/together/choose", data={"who": [str(three[0].id), "x", "-1"]}).text

    assert "Anna" in page
    assert "Bruno" not in page
    assert "/log/together/choose" in client.get("/influencers").text
    assert client.get("/log/together").status_code == 200


def test_a_viewer_may_not(saved, client_of, ravi, three):
    vera = saved(make.member(Role.VIEWER, brand=ravi.brand)).user

    assert send(client_of(vera), three).status_code == 403
    assert client_of(vera).get("/log/together").status_code == 403
