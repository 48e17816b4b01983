"""Logging what happened, from the page and from quick log."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Interaction, Kind, Role, State, Touchpoint, Visibility

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ravi(saved):
    """Ravi, who looks after a brand's people."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def chloe(saved, ravi):
    return saved(make.relationship(brand=ravi.brand, name="Chloé"))


def log(client, relationship, headers=None, **values):
    address = f"/relationships/{relationship.id}/interactions"
    return client.post(address, data={"kind": "give", **values}, headers=headers)


def test_two_fields_are_enough(session, client_of, ravi, chloe):
    response = log(client_of(ravi.user), chloe, summary="Sent the seeds.")

    assert response.status_code == 303
    logged = session.scalars(select(Interaction)).one()
    assert (logged.kind, logged.summary, logged.author_id) == (
        Kind.GIVE,
        "Sent the seeds.",
        ravi.user.id,
    )


def test_what_was_logged_stands_on_the_timeline_with_the_next_day(client_of, ravi, chloe):
    client = client_of(ravi.user)

    page = client.get(log(client, chloe, summary="Sent the seeds.").location).text

    assert "Sent the seeds." in page
    assert "Logged with Chloé. Next touchpoint" in page
    assert "today" in page


def test_quick_log_offers_the_next_touchpoint(client_of, ravi, chloe):
    response = log(client_of(ravi.user), chloe, HTMX, summary="Sent the seeds.", quick="1")

    assert response.status_code == 200
    for offer in ("3 days", "1 week", "1 month", "By cadence, 14 days", "None"):
        assert offer in response.text


def test_a_touchpoint_that_was_due_can_be_settled_by_what_was_logged(
    session, saved, client_of, ravi, chloe
):
    due = saved(
        make.touchpoint(
            relationship=chloe, owner=ravi.user, due_on=dt.date(2026, 3, 1), purpose="Send seeds"
        )
    )
    client = client_of(ravi.user)

    asked = log(client, chloe, HTMX, summary="Sent the seeds.", quick="1").text
    done = client.post(
        f"/touchpoints/{due.id}/complete", data={"row_version": 1, "logged": "1"}, headers=HTMX
    )

    assert "Still open: Send seeds. Was this it?" in asked
    assert "Next touchpoint in" in done.text
    assert len(session.scalars(select(Interaction)).all()) == 1
    session.refresh(due)
    assert due.state is State.DONE


def test_the_same_form_twice_is_one_interaction(session, client_of, ravi, chloe):
    client = client_of(ravi.user)

    first = log(client, chloe, summary="Sent the seeds.", request_key="abc")
    second = log(client, chloe, summary="Sent the seeds.", request_key="abc")

    assert (first.status_code, second.status_code) == (303, 303)
    assert len(session.scalars(select(Interaction)).all()) == 1


def test_quick_log_sent_twice_is_one_interaction_and_is_answered_alike(
    session, client_of, ravi, chloe
):
    client = client_of(ravi.user)
    sent = {"summary": "Sent the seeds.", "request_key": "abc", "quick": "1"}

    first = log(client, chloe, HTMX, **sent)
    second = log(client, chloe, HTMX, **sent)

    assert (first.status_code, second.status_code) == (200, 200)
    assert "By cadence, 14 days" in second.text
    assert len(session.scalars(select(Interaction)).all()) == 1


def test_every_quick_log_has_room_for_its_key(client_of, ravi):
    page = client_of(ravi.user).get("/today").text

    assert '<input type="hidden" name="request_key"' in page.split('id="quick-log"')[1]


@pytest.mark.parametrize("headers", [None, HTMX])
def test_another_text_under_the_same_key_is_refused_and_not_dropped_without_a_word(
    session, client_of, ravi, chloe, headers
):
    client = client_of(ravi.user)
    quick = {"quick": "1"} if headers else {}
    log(client, chloe, summary="Sent the seeds.", request_key="abc")

    response = log(client, chloe, headers, summary="She called.", request_key="abc", **quick)

    assert response.status_code == 422
    assert "This form was sent before, with another text." in response.text
    assert headers or "She called." in response.text
    assert session.scalars(select(Interaction.summary)).all() == ["Sent the seeds."]


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Pacific/Tongatapu", "UTC"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1989-12-30", "2200-01-01"])
def test_the_first_and_the_last_day_there_are_are_refused_in_every_zone(
    session, client_of, ravi, chloe, zone, day
):
    ravi.user.timezone = zone
    session.commit()

    response = log(client_of(ravi.user), chloe, summary="x", happened_on=day)

    assert response.status_code == 422
    assert session.scalars(select(Interaction)).all() == []


@pytest.mark.parametrize(
    "body",
    [[1, 2], "x", None, {"kind": "talk", "summary": 5}, {"kind": "talk", "summary": "a\ud800"}],
)
def test_a_form_takes_no_json(session, client_of, ravi, chloe, body):
    response = client_of(ravi.user).post(f"/relationships/{chloe.id}/interactions", json=body)

    assert response.status_code == 422
    assert session.scalars(select(Interaction)).all() == []


@pytest.mark.parametrize(
    "values",
    [
        {"summary": ""},
        {"summary": "  "},
        {"summary": "x", "kind": "shout"},
        {"summary": "x", "kind": ""},
        {"summary": "🙂" * 10_000},
        {"summary": "x", "happened_on": "9999-12-31"},
        {"summary": "x", "happened_on": "0001-01-01"},
        {"summary": "x", "happened_on": "yesterday"},
        {"summary": "x", "direction": "up"},
        {"summary": "x", "request_key": "k" * 100},
    ],
)
@pytest.mark.parametrize("headers", [None, HTMX])
def test_nonsense_is_refused_and_nothing_is_kept(session, client_of, ravi, chloe, values, headers):
    quick = {"quick": "1"} if headers else {}

    response = log(client_of(ravi.user), chloe, headers, **values, **quick)

    assert response.status_code == 422
    assert session.scalars(select(Interaction)).all() == []
    assert session.scalars(select(Touchpoint)).all() == []
    if headers:
        assert response.headers["HX-Retarget"] == "#quick-log-errors"
        assert 0 < len(response.text) < 200
    else:
        assert "form-error" in response.text


def test_a_day_of_the_past_is_kept_as_that_day(session, client_of, ravi, chloe):
    log(client_of(ravi.user), chloe, summary="Met her.", happened_on="2026-02-03")

    logged = session.scalars(select(Interaction)).one()
    assert logged.happened_at.date() == dt.date(2026, 2, 3)


def test_a_private_note_is_read_by_author_and_lead_alone(saved, client_of, ravi, chloe):
    log(client_of(ravi.user), chloe, summary="Her father is ill.", visibility=Visibility.PRIVATE)
    lead = saved(make.member(Role.LEAD, brand=ravi.brand)).user
    colleague = saved(make.member(Role.MANAGER, brand=ravi.brand)).user
    page = f"/influencers/{chloe.influencer_id}"

    def reads(user):
        return "Her father is ill." in client_of(user).get(page).text

    for one in (lead, colleague):
        client_of(one).post(f"/relationships/{chloe.id}/private")
    assert [reads(user) for user in (ravi.user, lead, colleague)] == [True, True, False]


def test_a_viewer_may_not_log(saved, client_of, ravi, chloe):
    vera = saved(make.member(Role.VIEWER, brand=ravi.brand)).user

    assert log(client_of(vera), chloe, summary="x").status_code == 403


def test_what_people_wrote_is_shown_as_text(client_of, ravi, chloe):
    client = client_of(ravi.user)

    page = client.get(log(client, chloe, summary="<b onclick=x>{{ 7 }}</b>").location).text

    assert "&lt;b onclick=x&gt;{{ 7 }}" in page
    assert "<b onclick" not in page
