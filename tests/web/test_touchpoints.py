"""Planning a contact, and closing it: done, snoozed, skipped."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Interaction, Role, State, Touchpoint

HTMX = {"HX-Request": "true"}
TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def ravi(saved):
    """Ravi, who looks after a brand's people."""
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def chloe(saved, ravi):
    return saved(make.relationship(brand=ravi.brand, name="Chloé"))


@pytest.fixture
def due(saved, ravi, chloe):
    """A touchpoint of Ravi's that is due today."""
    return saved(
        make.touchpoint(relationship=chloe, owner=ravi.user, due_on=TODAY, purpose="Send seeds")
    )


def close(client, touchpoint, how, headers=HTMX, **more):
    values = {"row_version": touchpoint.row_version} | more
    return client.post(f"/touchpoints/{touchpoint.id}/{how}", data=values, headers=headers)


def test_planning_says_when_and_can_be_undone(session, client_of, ravi, chloe):
    day = TODAY + dt.timedelta(days=3)

    response = client_of(ravi.user).post(
        f"/relationships/{chloe.id}/touchpoints", data={"due_on": day, "kind": "give"}, headers=HTMX
    )

    assert "Planned with Chloé: in 3 days" in response.text
    assert "Undo" in response.text
    assert session.scalars(select(Touchpoint)).one().due_on == day


def test_the_message_waits_for_a_page_that_is_loaded_anew(client_of, ravi, chloe):
    client = client_of(ravi.user)
    day = TODAY + dt.timedelta(days=3)

    response = client.post(
        f"/relationships/{chloe.id}/touchpoints",
        data={"due_on": day, "back": "reload"},
        headers=HTMX,
    )

    assert (response.status_code, response.text) == (204, "")
    page = client.get("/today").text
    assert "Planned with Chloé: in 3 days" in page
    assert "Undo" in page


def test_done_logs_what_was_planned_and_asks_for_the_next(session, client_of, ravi, due):
    response = close(client_of(ravi.user), due, "complete")

    assert response.status_code == 200
    assert f'id="row-t{due.id}"' in response.text
    assert "When is the next touchpoint?" in response.text
    logged = session.scalars(select(Interaction)).one()
    assert (logged.summary, logged.touchpoint_id) == ("Send seeds", due.id)


def test_done_twice_is_refused(session, client_of, ravi, due):
    client = client_of(ravi.user)
    close(client, due, "complete")

    assert close(client, due, "complete").status_code == 409
    assert len(session.scalars(select(Interaction)).all()) == 1


def test_snooze_puts_it_off_to_tomorrow(session, client_of, ravi, due):
    response = close(client_of(ravi.user), due, "snooze")

    assert "Chloé put off: tomorrow" in response.text
    session.refresh(due)
    assert due.due_on == TODAY + dt.timedelta(days=1)


def test_skip_can_be_taken_back(session, client_of, ravi, due):
    client = client_of(ravi.user)

    assert "Undo" in close(client, due, "skip").text
    session.refresh(due)
    assert due.state is State.SKIPPED

    close(client, due, "reopen", headers=None)
    session.refresh(due)
    assert due.state is State.OPEN


@pytest.mark.parametrize("how", ["complete", "snooze", "skip"])
def test_without_script_one_is_led_back(client_of, ravi, due, how):
    client = client_of(ravi.user)

    response = close(client, due, how, headers=None, back="today")

    assert (response.status_code, response.location) == (303, "/today")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"due_on": ""},
        {"due_on": "9999-12-31"},
        {"due_on": "0001-01-01"},
        {"due_on": "soon"},
        {"due_on": str(TODAY), "kind": "shout"},
        {"due_on": str(TODAY), "purpose": "🙂" * 10_000},
    ],
)
@pytest.mark.parametrize("headers", [None, HTMX])
def test_nonsense_plans_nothing(session, client_of, ravi, chloe, values, headers):
    response = client_of(ravi.user).post(
        f"/relationships/{chloe.id}/touchpoints", data=values, headers=headers
    )

    assert response.status_code == 422
    assert session.scalars(select(Touchpoint)).all() == []


@pytest.mark.parametrize(
    "values", [{}, {"row_version": "x"}, {"row_version": "1", "until": "9999-12-31"}]
)
def test_nonsense_snoozes_nothing(session, client_of, ravi, due, values):
    response = client_of(ravi.user).post(f"/touchpoints/{due.id}/snooze", data=values, headers=HTMX)

    assert response.status_code == 422
    session.refresh(due)
    assert due.due_on == TODAY


def test_somebody_else_was_quicker(client_of, ravi, due):
    assert close(client_of(ravi.user), due, "skip", row_version=7).status_code == 409


@pytest.mark.parametrize("how", ["complete", "snooze", "skip", "reopen"])
def test_a_viewer_may_not(saved, client_of, ravi, due, how):
    vera = saved(make.member(Role.VIEWER, brand=ravi.brand)).user

    assert close(client_of(vera), due, how).status_code == 403
