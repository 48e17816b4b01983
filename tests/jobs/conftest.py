"""Jobs meet a real mail server, and users who have something to do."""

import datetime as dt

import make
import pytest
from post_office import Inbox
from pydantic import SecretStr

from irm.models import Outbox, Role

#: Half past eight in Paris, on a Monday.
MORNING = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def at_work(app):
    """Jobs run inside the app."""
    with app.app_context():
        yield app


@pytest.fixture
def send_to(app):
    """Set the mail server."""

    def choose(url: str) -> None:
        app.config["IRM"] = app.config["IRM"].model_copy(update={"smtp_url": SecretStr(url)})

    return choose


@pytest.fixture
def inbox(send_to):
    with Inbox() as inbox:
        send_to(inbox.url)
        yield inbox


@pytest.fixture
def busy(saved):
    """A colleague in Paris whose digest is due, with one touchpoint due on MORNING's day."""

    def make_one(due_on=None, **given):
        given = {"timezone": "Europe/Paris", "next_digest_at": MORNING - DAY / 48, **given}
        member = saved(make.member(Role.MANAGER, user=make.user(**given)))
        person = make.relationship(brand=member.brand)
        saved(
            make.touchpoint(relationship=person, owner=member.user, due_on=due_on or MORNING.date())
        )
        return member.user

    return make_one


@pytest.fixture
def mail(saved):
    """A mail that waits in the outbox."""
    numbers = iter(range(1, 10**6))

    def make_one(**given):
        n = next(numbers)
        given.setdefault("not_before", MORNING)
        given.setdefault("created_at", MORNING)
        return saved(
            Outbox(
                **{
                    "dedupe_key": f"test:{n}",
                    "message_id": f"<{n}@example.com>",
                    "letter": "digest",
                    "to_address": f"ana{n}@example.com",
                    "subject": f"Mail {n}",
                    "body_text": "Text",
                    "body_html": "<p>Text</p>",
                    "headers": {"From": "irm <irm@example.com>"},
                    "category": "team",
                    "doubt_policy": "resend",
                    "deadline_at": dt.datetime(2100, 1, 1, tzinfo=dt.UTC),
                    **given,
                }
            )
        )

    return make_one
