"""Every letter beforehand: of the reader's own brands, in either language, in a shut frame."""

import datetime as dt
from dataclasses import replace

import make
import pytest
from sqlalchemy import select

from irm import clock
from irm.jobs import reminders
from irm.mail import catalogue, digest_now, letters, outbox
from irm.models import ChannelHealth, Decision, DoubtPolicy, Outbox, Role, Stage, StageMove


@pytest.fixture
def lead(saved):
    """Ana, who leads her brand."""
    return saved(make.member(Role.LEAD))


def alone(client, letter, lang="en"):
    return client.get("/settings/letters/alone", query_string={"letter": letter, "lang": lang})


def test_a_digest_is_shown_with_what_is_due_to_the_reader(saved, client_of, lead):
    person = saved(make.relationship(brand=lead.brand, name="Mira Okafor"))
    saved(make.touchpoint(relationship=person, owner=lead.user, due_on=clock.today(lead.user.zone)))
    client = client_of(lead.user)

    page = client.get("/settings/letters?letter=digest")

    assert "1 today" in page.text
    assert "Mira Okafor" in page.text  # as plain text
    assert "Mira Okafor" in alone(client, "digest").text


def test_where_there_is_nothing_to_say_the_page_says_so(client_of, lead):
    client = client_of(lead.user)
    page = client.get("/settings/letters?letter=digest").text
    assert "There would be nothing to say today, so no mail." in page
    assert "<iframe" not in page
    assert alone(client, "digest").mimetype == "text/plain"


@pytest.fixture
def due(saved, lead):
    """What Ana has to do today."""
    person = saved(make.relationship(brand=lead.brand, name="Mira Okafor"))
    return saved(
        make.touchpoint(relationship=person, owner=lead.user, due_on=clock.today(lead.user.zone))
    )


def in_the_outbox(session):
    session.expire_all()
    return session.scalars(select(Outbox).order_by(Outbox.id)).all()


def test_todays_digest_is_sent_to_whoever_asks_and_the_one_of_the_morning_comes_all_the_same(
    app, session, client_of, lead, due, send_to
):
    send_to("smtp://mail.acme.example")
    lead.user.next_digest_at = clock.now()
    lead.user.digest_on_days_off = True
    session.commit()
    client = client_of(lead.user)
    assert "Send it to me now" in client.get("/settings/letters?letter=digest").text

    said = client.post("/settings/letters/digest", follow_redirects=True)

    assert f"on its way to {lead.user.email}" in said.text
    [now] = in_the_outbox(session)
    assert (now.to_address, now.user_id) == (lead.user.email, lead.user_id)
    assert "Mira Okafor" in now.body_text
    with app.app_context():
        assert [reminders.remind(clock.now())["written"] for _ in range(2)] == [1, 0]
    assert [one.letter for one in in_the_outbox(session)] == ["digest", "digest"]


def test_while_the_mail_server_is_away_the_digest_is_said_to_wait(
    session, client_of, lead, due, send_to, saved
):
    send_to("smtp://mail.acme.example")
    saved(ChannelHealth(channel="smtp", consecutive_failures=1, last_error="refused"))
    client = client_of(lead.user)

    said = client.post("/settings/letters/digest", follow_redirects=True)

    assert "it waits in the outbox, and goes as soon as mail does" in said.text
    assert len(in_the_outbox(session)) == 1


def test_a_digest_asked_for_twice_within_a_minute_is_sent_once(session, client_of, lead, due):
    client = client_of(lead.user)
    for said in ("mail waits in the outbox", "It was sent just now"):
        assert said in client.post("/settings/letters/digest", follow_redirects=True).text
    [first] = in_the_outbox(session)

    first.created_at -= digest_now.PAUSE
    session.commit()
    client.post("/settings/letters/digest")

    assert len(in_the_outbox(session)) == 2


def test_where_nothing_is_due_none_is_sent_and_that_is_said(session, client_of, lead):
    client = client_of(lead.user)
    assert "Send it to me now" not in client.get("/settings/letters?letter=digest").text

    said = client.post("/settings/letters/digest", follow_redirects=True)

    assert said.text.count("There would be nothing to say today, so no mail.") == 2
    assert not in_the_outbox(session)


def test_a_week_is_shown_to_whoever_leads_and_to_nobody_else(saved, client_of, lead):
    person = saved(make.relationship(brand=lead.brand, stage=Stage.AWARE, name="Mira Okafor"))
    saved(
        StageMove(
            relationship_id=person.id,
            brand_id=lead.brand_id,
            from_stage=Stage.UNAWARE,
            to_stage=Stage.AWARE,
            at=clock.now() - dt.timedelta(minutes=1),
        )
    )
    manager = saved(make.member(Role.MANAGER, brand=lead.brand))

    assert "Mira Okafor" in alone(client_of(lead.user), "weekly").text
    assert "Mira Okafor" not in alone(client_of(manager.user), "weekly").text


def test_minutes_are_an_example_until_a_review_was_closed(saved, client_of, lead):
    client = client_of(lead.user)
    assert "this is an example" in client.get("/settings/letters?letter=minutes").text

    review = saved(make.review(brand=lead.brand, closed_at=clock.now()))
    person = saved(make.relationship(brand=lead.brand, name="Mira Okafor"))
    saved(make.review_item(review=review, relationship=person, decision=Decision.STAYS))

    page = client.get("/settings/letters?letter=minutes").text
    assert "this is an example" not in page
    assert "Mira Okafor" in page


def test_looking_leaves_nothing_behind(session, client_of, lead):
    for letter in catalogue.BY_NAME:
        client_of(lead.user).get(f"/settings/letters?letter={letter}")
    assert session.query(make.Review).count() == 0


@pytest.mark.parametrize("letter", sorted(catalogue.BY_NAME))
@pytest.mark.parametrize("lang", ["en", "fr", "xx"])
def test_each_letter_has_its_page_in_each_language(client_of, lead, letter, lang):
    page = client_of(lead.user).get(f"/settings/letters?letter={letter}&lang={lang}")
    assert page.status_code == 200


def test_a_letter_may_look_as_it_looks_and_do_nothing(client_of, lead):
    shown = alone(client_of(lead.user), "minutes")
    policy = shown.headers["Content-Security-Policy"]
    # Of our origin, to be measured by the page; with no script in it that could use that.
    assert "sandbox allow-same-origin" in policy.split("; ")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy

    page = client_of(lead.user).get("/settings/letters?letter=minutes")
    assert 'sandbox="allow-same-origin"' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]


def test_a_letter_that_does_not_exist_is_not_found(client_of, lead):
    assert client_of(lead.user).get("/settings/letters?letter=ransom").status_code == 404


def test_an_administrator_chooses_what_is_done_with_a_letter_in_doubt(
    session, saved, client_of, lead
):
    admin = saved(make.user(is_admin=True))
    client = client_of(admin)
    address = "/settings/letters/doubt?letter=minutes"

    done = client.post(address, data={"policy": "hold"})

    assert done.status_code == 303
    letter = letters.Letter("minutes", "Minutes", "Text", "<p>Text</p>")
    for key, name in (("one", "minutes"), ("two", "digest")):
        outbox.put(
            session,
            key,
            replace(letter, name=name),
            to="ana@example.com",
            sender="irm@example.com",
            at=clock.now(),
        )
    assert dict(session.execute(select(Outbox.letter, Outbox.doubt_policy)).all()) == {
        "minutes": DoubtPolicy.HOLD,
        "digest": DoubtPolicy.RESEND,
    }
    assert 'selected value="hold"' in client.get("/settings/letters?letter=minutes").text
    assert client.post(address, data={"policy": "both"}).status_code == 422
    reset = address.replace("minutes", "reset")
    assert client.post(reset, data={"policy": "hold"}).status_code == 404
    assert "/settings/letters/doubt" not in client_of(lead.user).get("/settings/letters").text
