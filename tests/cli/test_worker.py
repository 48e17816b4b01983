"""`irm worker --once` and `irm remind`: one round of everything due at a moment."""

import datetime as dt
import json
from zoneinfo import ZoneInfo

import make
import pytest
from post_office import Inbox, free_port
from pydantic import SecretStr
from sqlalchemy import select

from irm import clock
from irm.models import MailState, Outbox, Role, Tick

PARIS = ZoneInfo("Europe/Paris")
TOMORROW = clock.today(PARIS) + dt.timedelta(days=1)
MORNING = f"{TOMORROW}T08:30"


@pytest.fixture(autouse=True)
def _in_paris(app):
    app.config["IRM"] = app.config["IRM"].model_copy(update={"timezone": "Europe/Paris"})


@pytest.fixture
def send_to(app):
    """Set the mail server."""

    def choose(port: int) -> None:
        url = SecretStr(f"smtp://127.0.0.1:{port}")
        app.config["IRM"] = app.config["IRM"].model_copy(update={"smtp_url": url})

    return choose


@pytest.fixture
def busy(saved):
    """A colleague in Paris, just added, with one touchpoint due tomorrow."""

    def make_one():
        user = make.user(timezone="Europe/Paris")
        member = saved(make.member(Role.MANAGER, user=user))
        person = make.relationship(brand=member.brand)
        saved(make.touchpoint(relationship=person, owner=user, due_on=TOMORROW))
        return user

    return make_one


def one_round(command):
    status, out, err = command("worker", "--once", "--at", MORNING, "--json")
    assert status == 0, err
    return json.loads(out)


def test_one_round_delivers_one_mail_for_each_colleague_and_none_the_second_time(
    command, busy, saved, send_to
):
    users = [busy() for _ in range(3)]
    saved(make.member(Role.MANAGER))  # she has nothing to do
    with Inbox() as inbox:
        send_to(inbox.port)
        first, second = one_round(command), one_round(command)
    assert (first["remind"]["written"], first["deliver"]["sent"], first["waiting"]) == (3, 3, 0)
    assert (second["remind"]["written"], second["deliver"]["sent"]) == (0, 0)
    assert sorted(inbox.recipients) == sorted(user.email for user in users)


def test_with_the_server_down_the_mail_waits_and_goes_out_later_once(command, busy, send_to):
    user, port = busy(), free_port()
    send_to(port)
    for _ in range(7):
        assert one_round(command)["waiting"] == 1
    with Inbox(port) as inbox:
        assert one_round(command)["waiting"] == 0
        assert one_round(command)["deliver"]["sent"] == 0
    assert inbox.recipients == [user.email]


def test_a_round_leaves_its_ticks(command, session):
    one_round(command)
    assert session.scalar(select(Tick.last_ok).where(Tick.name == "heartbeat")) is not None


def test_without_a_mail_server_a_round_says_that_mail_waits(command, busy):
    busy()
    status, out, err = command("worker", "--once", "--at", MORNING)
    assert status == 0
    assert "Digests written: 1." in out
    assert "IRM_SMTP_URL" in err


def test_remind_writes_and_sends_nothing(command, busy, send_to, session):
    busy()
    with Inbox() as inbox:
        send_to(inbox.port)
        assert command("remind", "--at", MORNING)[:2] == (0, "Digests written: 1.\n")
    assert not inbox.taken
    assert session.scalars(select(Outbox.state)).all() == [MailState.PENDING]


def test_a_dry_run_of_remind_writes_nothing(command, busy, session):
    busy()
    _status, out, _err = command("remind", "--at", MORNING, "--dry-run", "--json")
    assert json.loads(out)["written"] == 1
    assert not session.scalars(select(Outbox.id)).all()


def test_a_time_without_a_zone_is_in_the_installations(command, busy, session):
    user = busy()
    moment = dt.datetime.combine(TOMORROW, dt.time(8), PARIS).astimezone(dt.UTC)
    user.next_digest_at = moment
    session.commit()
    for at, written in ((f"{TOMORROW}T07:59", 0), (f"{TOMORROW}T08:00", 1)):
        _status, out, _err = command("remind", "--dry-run", "--json", "--at", at)
        assert json.loads(out)["written"] == written, at


@pytest.mark.parametrize(
    "arguments",
    [
        ("worker", "--once", "--at", "9999-12-31T08:30"),
        ("worker", "--once", "--at", "tomorrow"),
        ("worker", "--once", "--at", "😀" * 1000),
        ("worker", "--at", MORNING),
        ("remind", "--at", "0001-01-01"),
    ],
)
def test_nonsense_is_answered_with_one_sentence(command, arguments):
    status, out, err = command(*arguments)
    assert (status, out) == (1, "")
    assert 0 < len(err) < 200
