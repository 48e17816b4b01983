"""Planning a contact, and closing it: done, snoozed, skipped."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.models import Interaction, Kind, Outcome, Role, State, Touchpoint

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


TODAY_PAGE = HTMX | {"HX-Current-URL": "http://localhost/today"}


@pytest.mark.parametrize("how", ["complete", "snooze", "skip", "reassign"])
@pytest.mark.parametrize("headers", [None, HTMX])
def test_each_action_asks_in_the_row_or_on_a_page(saved, client_of, ravi, due, how, headers):
    saved(make.member(Role.LEAD, brand=ravi.brand, user=make.user(name="Ana Lopes")))
    page = client_of(ravi.user).get(f"/touchpoints/{due.id}/{how}", headers=headers).text

    assert f'action="/touchpoints/{due.id}/{how}"' in page
    assert ("<html" in page) is (headers is None)
    wanted = {"complete": "Send seeds", "snooze": "1 week", "skip": "They are away"}
    assert wanted.get(how, "Ana Lopes") in page


@pytest.mark.parametrize("how", ["complete", "snooze", "skip", "reassign"])
def test_what_is_closed_is_not_asked_about(client_of, ravi, due, how):
    client = client_of(ravi.user)
    close(client, due, "skip")

    assert client.get(f"/touchpoints/{due.id}/{how}", headers=HTMX).status_code == 422


def test_done_says_what_happened_and_how_an_ask_ended(session, saved, client_of, ravi, chloe):
    ask = saved(
        make.touchpoint(relationship=chloe, owner=ravi.user, due_on=TODAY, kind=Kind.ASK.value)
    )
    client = client_of(ravi.user)
    assert "How it ended" in client.get(f"/touchpoints/{ask.id}/complete", headers=HTMX).text

    close(client, ask, "complete", summary="Asked for a film", outcome="accepted")

    logged = session.scalars(select(Interaction)).one()
    assert (logged.summary, logged.outcome) == ("Asked for a film", Outcome.ACCEPTED)


def test_done_can_be_taken_back_in_its_row(session, client_of, ravi, due):
    client = client_of(ravi.user)
    answer = close(client, due, "complete", headers=TODAY_PAGE).text
    assert f'hx-post="/touchpoints/{due.id}/reopen" hx-target="#row-t{due.id}"' in answer
    session.refresh(due)

    back = close(client, due, "reopen", headers=TODAY_PAGE).text

    assert "Send seeds" in back
    assert "Planned with Chloé: today" in back
    session.refresh(due)
    assert due.state is State.OPEN
    assert session.scalars(select(Interaction)).all() == []


def test_a_snooze_offers_other_days_which_count_from_the_same_one(session, client_of, ravi, due):
    client = client_of(ravi.user)
    answer = close(client, due, "snooze", headers=TODAY_PAGE).text
    assert "Rather 3 days" in answer
    assert "Rather 1 week" in answer
    session.refresh(due)

    week = TODAY + dt.timedelta(days=7)
    close(client, due, "snooze", headers=TODAY_PAGE, until=week, instead="1")

    session.refresh(due)
    assert (due.due_on, due.snoozes) == (week, 1)
    close(client, due, "bring-forward", headers=TODAY_PAGE)
    session.refresh(due)
    assert (due.due_on, due.snoozes) == (TODAY, 0)


def test_a_skip_has_a_reason_and_another_one_takes_words(session, client_of, ravi, due):
    client = client_of(ravi.user)
    assert close(client, due, "skip", reason="other").status_code == 422

    close(client, due, "skip", reason="other", words="Exams")

    session.refresh(due)
    assert due.why["skipped"] == {"code": "other", "words": "Exams"}


@pytest.mark.parametrize(
    "values",
    [{"reason": "weather"}, {"reason": "other", "words": "x" * 201}, {"outcome": "perhaps"}],
)
def test_nonsense_closes_nothing(session, client_of, ravi, due, values):
    for how in ("skip", "complete"):
        assert close(client_of(ravi.user), due, how, **values).status_code == 422
    session.refresh(due)
    assert due.state is State.OPEN


def test_a_colleague_gets_it_and_sees_who_gave_it(session, saved, client_of, ravi, due):
    ana = saved(make.member(Role.MANAGER, brand=ravi.brand, user=make.user(name="Ana Lopes"))).user
    client = client_of(ravi.user)

    answer = close(client, due, "reassign", headers=TODAY_PAGE, to=ana.id).text

    assert "Chloé: Ana Lopes has it now." in answer
    page = client_of(ana).get("/today").text
    assert "Send seeds" in page
    assert f"From {ravi.user.name}" in page
    session.refresh(due)
    assert "Send seeds" in close(client, due, "give-back", headers=TODAY_PAGE).text
    session.refresh(due)
    assert due.owner_id == ravi.user_id


def test_it_is_given_to_nobody_who_may_not_make_contacts(session, saved, client_of, ravi, due):
    vera = saved(make.member(Role.VIEWER, brand=ravi.brand)).user
    stranger = saved(make.member(Role.LEAD)).user
    for to, status in ((vera.id, 404), (stranger.id, 404), ("", 422), (2**40, 422)):
        assert close(client_of(ravi.user), due, "reassign", to=to).status_code == status
    session.refresh(due)
    assert due.owner_id == ravi.user_id


def test_one_is_led_back_to_whose_day_it_was(client_of, ravi, due):
    where = HTMX | {"HX-Current-URL": "http://localhost/today?of=team"}
    client = client_of(ravi.user)
    page = client.get(f"/touchpoints/{due.id}/skip", headers=where).text
    assert 'name="back" value="today-team"' in page

    response = close(client, due, "skip", headers=None, back="today-team")

    assert response.location == "/today?of=team"


@pytest.mark.parametrize("back", ["today-x", "https://evil.example", "today-99999999999"])
def test_nobody_is_led_elsewhere(client_of, ravi, due, chloe, back):
    response = close(client_of(ravi.user), due, "skip", headers=None, back=back)

    assert response.location in ("/today", f"/influencers/{chloe.influencer_id}")
