"""Acting from a mail: what a signed link opens, for whom, how long, and that it acts once."""

from concurrent.futures import ThreadPoolExecutor

import make
import pytest
from sqlalchemy import event, func, select

from irm.db import db
from irm.models import (
    Interaction,
    Kind,
    Outcome,
    State,
    Touchpoint,
)
from tests.web.links import DAY, TODAY, link_of, press, reread


@pytest.mark.parametrize("way", ["", "/snooze/1", "/snooze/7", "/skip"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_shows_one_button_and_changes_nothing(app, session, due, link, way, method):
    written = []

    def note(_connection, _cursor, statement, *_rest):
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        page = app.test_client().open(link + way, method=method)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert page.status_code == 200
    assert written == []
    assert reread(session, due).state is State.OPEN
    if method == "GET":
        assert page.text.count("<button") == 1
        for said in ("Chloé", "Send seeds", "3 days ago", due.relationship.brand.name):
            assert said in page.text


def test_the_page_tells_nobody_where_it_is_and_sets_no_cookie(app, link):
    page = app.test_client().get(link)

    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in page.headers
    assert 'href="/funnel"' not in page.text


def test_the_link_signs_nobody_in(app, link):
    client = app.test_client()
    press(client, link).post()

    assert client.get("/today").location.startswith("/login")


def test_done_logs_what_happened_as_today_does(app, session, ana, due, link):
    page = press(app.test_client(), link).post(summary="She planted them")

    assert "Done and logged" in page.text
    assert "Undo" in page.text
    kept = reread(session, due)
    assert (kept.state, kept.closed_by_id) == (State.DONE, ana.user_id)
    logged = session.scalars(select(Interaction)).one()
    assert (logged.summary, logged.author_id) == ("She planted them", ana.user_id)
    assert logged.touchpoint_id == due.id
    following = session.scalars(select(Touchpoint).where(Touchpoint.state == State.OPEN)).one()
    assert following.due_on > TODAY


def test_done_without_a_word_is_what_was_planned(app, session, link):
    press(app.test_client(), link).post(summary="")

    assert session.scalars(select(Interaction.summary)).one() == "Send seeds"


def test_of_an_ask_it_asks_how_it_ended(app, saved, session, ana, due):
    ask = {"kind": Kind.ASK.value, "due_on": TODAY}
    asked = saved(make.touchpoint(relationship=due.relationship, owner=ana.user, **ask))
    link = link_of(app, ana.user, asked)

    assert "How it ended" in app.test_client().get(link).text
    press(app.test_client(), link).post(summary="Yes", outcome="accepted")

    logged = session.scalars(select(Interaction)).one()
    assert (logged.kind, logged.outcome) == (Kind.ASK, Outcome.ACCEPTED)


@pytest.mark.parametrize(("days", "said"), [(1, "tomorrow"), (7, "in 7 days")])
def test_it_is_put_off_to_the_day_the_button_names(app, session, due, link, days, said):
    client = app.test_client()
    assert f"Put it off: {said}" in client.get(f"{link}/snooze/{days}").text

    page = press(client, f"{link}/snooze/{days}").post()

    assert f"It was put off: {said}" in page.text
    assert "Undo" in page.text
    assert "Put it off" not in page.text
    assert reread(session, due).due_on == TODAY + days * DAY


def test_a_skip_keeps_its_reason(app, session, due, link):
    page = press(app.test_client(), link + "/skip").post(reason="other", words="On a farm")

    assert "You skipped it" in page.text
    kept = reread(session, due)
    assert kept.state is State.SKIPPED
    assert kept.why["skipped"] == {"code": "other", "words": "On a farm"}


def test_another_reason_wants_words(app, session, due, link):
    page = press(app.test_client(), link + "/skip").post(reason="other", words=" ")

    assert page.status_code == 422
    assert "Write the reason in a few words" in page.text
    assert reread(session, due).state is State.OPEN


@pytest.mark.parametrize("way", ["", "/snooze/1", "/snooze/7", "/skip"])
def test_undo_brings_it_back_by_the_same_right(app, session, due, link, way):
    client = app.test_client()
    press(client, link + way).post()

    page = press(client, link + way, "Undo").post()

    assert "Done, log it" in page.text
    kept = reread(session, due)
    assert (kept.state, kept.due_on) == (State.OPEN, TODAY - 3 * DAY)
    assert session.scalars(select(Interaction)).all() == []


@pytest.mark.parametrize("way", ["", "/snooze/1", "/skip"])
def test_a_second_press_does_no_harm_and_says_what_is_so(app, session, due, link, way):
    client = app.test_client()
    pressed = press(client, link + way)
    pressed.post()
    version = reread(session, due).row_version

    again = pressed.post()

    assert again.status_code == 200
    said = {"": "Done and logged", "/snooze/1": "It was put off: tomorrow", "/skip": "You skipped"}
    assert said[way] in again.text
    assert reread(session, due).row_version == version


def test_a_second_undo_does_no_harm(app, session, due, link):
    client = app.test_client()
    press(client, link + "/skip").post()
    undo = press(client, link + "/skip", "Undo")
    undo.post()
    version = reread(session, due).row_version

    assert undo.post().status_code == 200
    assert reread(session, due).row_version == version


@pytest.mark.parametrize("way", ["", "/snooze/1", "/skip"])
def test_twenty_who_press_at_once_act_once(app, session, due, link, way):
    pressed = press(app.test_client(), link + way)

    def post(_number):
        return app.test_client().post(pressed.action, data=pressed.values).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(post, range(20)))

    assert answers == {303}
    kept = reread(session, due)
    assert session.scalar(select(func.count(Interaction.id))) == (0 if way else 1)
    assert kept.snoozes == (1 if way == "/snooze/1" else 0)
    assert kept.row_version == 2


def test_what_somebody_changed_since_the_page_was_seen_is_not_acted_on(app, session, due, link):
    pressed = press(app.test_client(), link)
    due.purpose = "Send a book"
    session.commit()

    page = pressed.post()

    assert page.status_code == 409
    assert "Somebody changed this meanwhile" in page.text
    assert reread(session, due).state is State.OPEN


def test_a_form_that_is_not_whole_acts_on_nothing(app, session, due, link):
    for values in ({}, {"row_version": "x"}, {"row_version": "1", "outcome": "\0"}):
        assert app.test_client().post(link, data=values).status_code in (400, 422)
    assert reread(session, due).state is State.OPEN
