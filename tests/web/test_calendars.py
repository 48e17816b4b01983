"""The calendar's address: what it opens, for whom, and until when."""

import datetime as dt
import hashlib
import logging
import re
from zoneinfo import ZoneInfo

import icalendar
import make
import pytest
from sqlalchemy import event, select, update

from irm.db import db
from irm.models import (
    AuditEntry,
    Brand,
    BrandMember,
    Campaign,
    CampaignDay,
    Promise,
    Promiser,
    Role,
    State,
    User,
    Visibility,
)

TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def ana(saved):
    return saved(make.member(Role.MANAGER))


@pytest.fixture
def due(saved, ana):
    """A touchpoint of Ana's, due in some days."""

    def plan(days=3, brand=None, **given):
        name = given.pop("name", "Chloé")
        card = saved(make.relationship(brand=brand or ana.brand, name=name))
        given = {"owner_id": ana.user_id, "purpose": "samples", "channel": "call"} | given
        when = TODAY + dt.timedelta(days=days)
        return saved(make.touchpoint(relationship=card, due_on=when, **given))

    return plan


@pytest.fixture
def address(client_of, ana):
    """The address of Ana's calendar, made as she makes it."""
    return address_in(client_of(ana.user).post("/settings/calendar").text)


def address_in(page):
    found = re.search(r'value="http://[^/"]+(/calendar/[\w-]{43}\.ics)"', page)
    return found[1]


def titles(app, address):
    return [str(one["SUMMARY"]) for one in fetched(app, address).walk("VEVENT")]


def change(session, ana, **values):
    session.execute(update(User).where(User.id == ana.user_id).values(**values))
    session.commit()


def fetched(app, address):
    response = app.test_client().get(address)
    assert response.status_code == 200
    return icalendar.Calendar.from_ical(response.data)


def test_the_address_opens_the_calendar_without_signing_in(app, due, address):
    due()

    response = app.test_client().get(address)

    assert response.mimetype == "text/calendar"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in response.headers
    assert titles(app, address) == ["Call Chloé: samples"]


def test_the_secret_is_shown_once_and_kept_by_nobody(session, client_of, ana, address):
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    client = client_of(ana.user)

    assert secret not in client.get("/settings/calendar").text
    assert "cannot be shown again" in client.get("/settings/calendar").text
    assert "Show how it stands" in client.get("/settings/profile").text
    kept = session.scalar(select(User.calendar_hash).where(User.id == ana.user_id))
    assert kept == hashlib.sha256(secret.encode()).hexdigest()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action.like("user.calendar%")))
    assert [one.ids for one in entries] == [{"user_id": ana.user_id, "change": "renewed"}]


def test_a_new_address_ends_the_old_one_at_once(app, client_of, ana, due, address):
    due()

    new = address_in(client_of(ana.user).post("/settings/calendar").text)

    assert app.test_client().get(address).status_code == 404
    assert titles(app, new) == ["Call Chloé: samples"]


def test_switched_off_it_opens_nothing_and_twice_is_as_good_as_once(app, client_of, ana, address):
    client = client_of(ana.user)

    first = client.post("/settings/calendar/off", follow_redirects=True).text
    again = client.post("/settings/calendar/off", follow_redirects=True).text

    assert "opens nothing any more" in first
    assert "switched off already" in again
    assert app.test_client().get(address).status_code == 404


def test_who_left_has_no_calendar(app, session, ana, address):
    change(session, ana, is_active=False)

    assert app.test_client().get(address).status_code == 404


@pytest.mark.parametrize("secret", ["x", "x" * 43, "%00", "é", "x" * 3000, "%ED%A0%80"])
def test_a_wrong_secret_is_told_nothing(app, address, secret):
    client = app.test_client()

    response = client.get(f"/calendar/{secret}.ics")

    assert (response.status_code, response.data) == (404, b"")
    assert "Set-Cookie" not in response.headers


def test_who_has_it_already_is_told_so(app, due, address):
    planned = due()
    client = app.test_client()
    first = client.get(address)
    mark = {"If-None-Match": first.headers["ETag"]}

    again = client.get(address, headers=mark)

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    due(name="Zoé")
    assert client.get(address, headers=mark).status_code == 200
    assert planned.id


def test_what_is_done_far_away_archived_or_of_others_is_not_in_it(
    app, session, saved, ana, due, address
):
    due(days=-29, name="Late")
    due(days=-31, name="Long ago")
    due(days=366, name="Next year")
    due(days=367, name="Far away")
    due(state=State.DONE, name="Done")
    due(owner_id=saved(make.user()).id, name="Another’s")
    archived = due(name="Archived")
    archived.relationship.influencer.archived_at = make.MONDAY
    resting, back = due(days=3, name="Resting"), due(days=9, name="Back")
    for one in (resting, back):
        one.relationship.paused_until = TODAY + dt.timedelta(days=8)
    session.commit()

    assert titles(app, address) == [
        "Call Late: samples",
        "Call Back: samples",
        "Call Next year: samples",
    ]


def test_a_brand_she_left_is_not_in_it(app, session, saved, ana, due, address):
    other = saved(make.member(user=ana.user))
    due(brand=other.brand)
    assert len(titles(app, address)) == 1

    session.delete(session.get(BrandMember, other.id))
    session.commit()

    assert titles(app, address) == []


def test_promises_and_the_days_of_campaigns_are_in_it_and_no_private_word(
    app, session, saved, ana, due, address
):
    card = due().relationship
    given = {"relationship_id": card.id, "due_on": TODAY, "created_at": make.MONDAY}
    hers = {"promiser": Promiser.US, "owner_id": ana.user_id}
    session.add_all(
        [
            Promise(what="glue", **hers, **given),
            Promise(what="a sample", **given, **hers | {"promiser": Promiser.THEM}),
            Promise(
                what="secret", visibility=Visibility.PRIVATE, author_id=ana.user_id, **hers, **given
            ),
            Promise(what="unseen", visibility=Visibility.PRIVATE, **hers, **given),
        ]
    )
    spring, fall = (
        Campaign(
            brand_id=ana.brand_id,
            name=name,
            starts_on=TODAY,
            ends_on=TODAY,
            created_at=make.MONDAY,
            cancelled_at=gone,
        )
        for name, gone in (("Spring", None), ("Called off", make.MONDAY))
    )
    session.add_all([spring, fall])
    session.flush()
    session.add_all(
        [CampaignDay(campaign_id=one.id, day=TODAY, name="Repair day") for one in (spring, fall)]
    )
    session.commit()

    text = app.test_client().get(address).text

    assert titles(app, address) == [
        "Call Chloé: samples",
        "Promised to Chloé: glue",
        "Promised to Chloé",
        "Spring: Repair day",
    ]
    assert "secret" not in text
    assert "unseen" not in text


def test_it_speaks_the_language_of_its_owner(app, session, ana, due, address):
    due()
    change(session, ana, locale="fr")

    (title,) = titles(app, address)

    assert title.endswith("Chloé\u00a0: samples")


def test_its_alarms_ring_at_the_hour_of_the_digest(app, session, ana, due, address):
    day = due().due_on
    change(session, ana, timezone="Pacific/Apia", digest_hour=7)

    (alarm,) = fetched(app, address).walk("VALARM")

    local = alarm["TRIGGER"].dt.astimezone(ZoneInfo("Pacific/Apia"))
    assert (local.date(), local.hour, local.minute) == (day, 7, 0)


def test_a_long_calendar_costs_as_many_statements_as_a_short_one(app, due, address):
    due()
    statements, counts = [], []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    for more in (0, 5):
        for _n in range(more):
            due()
        statements.clear()
        app.test_client().get(address)
        counts.append(len(statements))
    event.remove(engine, "before_cursor_execute", note)

    assert counts == [4, 4]


def test_a_fault_writes_no_secret_into_the_log(app, due, address, caplog, monkeypatch):
    due()
    monkeypatch.setattr("irm.web.calendars.feed.text", _fault)
    secret = address.removeprefix("/calendar/").removesuffix(".ics")

    with caplog.at_level(logging.DEBUG):
        response = app.test_client().get(address)

    assert response.status_code == 500
    assert "unexpected failure" in caplog.text
    assert secret not in caplog.text
    assert secret not in response.text


def _fault(*_arguments):
    raise RuntimeError("broken")


def test_a_stage_is_called_as_its_brand_calls_it(app, session, ana, due, address):
    brand = session.get(Brand, ana.brand_id)
    brand.stage_labels = {"aware": {"en": "Acquainted"}}
    session.commit()
    due(why={"code": "cadence", "days": 14, "stage": "aware"})

    (one,) = fetched(app, address).walk("VEVENT")

    assert "the cadence at Acquainted" in one["DESCRIPTION"]
