"""Jobs meet a real mail server, and users who have something to do."""

import datetime as dt
from types import SimpleNamespace

import make
import pytest
from post_office import Inbox
from pydantic import SecretStr

from irm.funnel import interactions
from irm.jobs import noticing
from irm.models import Outbox, Role, Visibility

#: Half past eight in Paris, on a Monday.
MORNING = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
#: When the things happen that letters tell of.
AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


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


@pytest.fixture
def team(saved):
    """Claire who leads, Ana and Tom who manage, Vera of another brand; nothing happened so far."""
    brand = make.brand(name="Nova")

    def colleague(role, name, brand=brand):
        user = make.user(name=name, digest_hour=None)
        return saved(make.member(role, user=user, brand=brand)).user

    claire, ana = colleague(Role.LEAD, "Claire Dupont"), colleague(Role.MANAGER, "Ana Ribeiro")
    tom = colleague(Role.MANAGER, "Tom Ashwell")
    vera = colleague(Role.MANAGER, "Vera Holm", make.brand())
    noticing.notice(AT - DAY)
    return SimpleNamespace(brand=brand, claire=claire, ana=ana, tom=tom, vera=vera)


@pytest.fixture
def person(saved, team):
    def make_one(**given):
        given.setdefault("brand", team.brand)
        return saved(make.relationship(**given))

    return make_one


@pytest.fixture
def note(session, person):
    """Somebody logs a note, as the form does."""
    numbers = iter(range(10**6))

    def log(summary, author, at=AT, of=None, visibility=Visibility.TEAM):
        made = interactions.log(
            session,
            of or person(),
            interactions.Exchange(summary=summary, visibility=visibility),
            author=author,
            happened_at=at,
            at=at,
            plan_next=False,
            request_key=f"form-{next(numbers)}",
        )
        session.commit()
        return made

    return log
