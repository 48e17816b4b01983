"""The fault table: a server fails at each step, for the first mail or the 37th, and the state is as
it is written: 24 modes, 48 states.
"""

import datetime as dt
import socket
import ssl

import pytest
from pydantic import SecretStr
from torture.fakesmtp import MODES
from torture.stage import fill

from irm import clock
from irm.jobs import delivery
from irm.mail import doubt, proof, smtp
from irm.models import ChannelHealth, MailState, Outbox, Suppression

HOUR = dt.timedelta(hours=1)

#: What becomes of the mail that meets a fault: where it stands, and how often it counts as tried.
#: "channel" is a fault of the server: the mail waits untried, and so do all after it.
CHANNEL, LATER, NEVER, DOUBT = "channel", "later", "never", "doubt"
TABLE = {
    CHANNEL: (1, 2, 3, 4, 5, 6, 7, 8, 17),
    LATER: (9, 10, 12, 15, 18, 19),
    NEVER: (11, 13, 14, 16, 20, 21),
    DOUBT: (22, 23, 24),
}
WANTED = {number: outcome for outcome, numbers in TABLE.items() for number in numbers}
NUMBERED = {int(name.split()[0]): name for name in MODES if name[0].isdigit()}

#: What this shows does not depend on the database.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


#: Modes in which the server lets us wait until we lose patience.
SILENT = (5, 6, 23)


@pytest.fixture(autouse=True)
def _hurried(monkeypatch, request):
    """A test does not wait half a minute for a server that hangs; one that works may be slow."""
    if request.node.callspec.params.get("number") not in SILENT:
        return
    monkeypatch.setattr(smtp, "SOCKET_TIMEOUT", 1.5)
    monkeypatch.setattr(smtp, "OPENING_TIMEOUT", 2.0)
    monkeypatch.setattr(smtp, "DOT_TIMEOUT", 1.5)


@pytest.fixture
def names(monkeypatch):
    """The name of the mail server, found so often; all other names as ever."""
    found = {"left": 10**6}
    ask = socket.getaddrinfo

    def look_up(host, *rest, **more):
        if host != "relay.example.com":
            return ask(host, *rest, **more)
        found["left"] -= 1
        if found["left"] < 0:
            raise socket.gaierror(-2, "Name or service not known")
        return ask("127.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return found


@pytest.fixture
def choose(app, mail_server, names, certificates, monkeypatch):
    """Have the server behave, and irm be set, as a mode needs it."""

    def set_up(mode: str, at: int) -> None:
        mail_server.mode(mode, at)
        where = MODES[mode][0]
        url = f"127.0.0.1:{mail_server.port}"
        if where == "auth":
            url = f"ana:secret@{url}"
        if where == "name":
            url = f"relay.example.com:{mail_server.port}"
            names["left"] = 0 if at == 1 else 1
        given = {"cafile": certificates[0]}
        monkeypatch.setattr(smtp, "_context", lambda: ssl.create_default_context(**given))
        tls = "required" if where == "tls" else "off"
        settings = app.config["IRM"]
        url = SecretStr(f"smtp://{url}?tls={tls}")
        app.config["IRM"] = settings.model_copy(update={"smtp_url": url})

    return set_up


def state_of(session, n):
    session.rollback()
    session.expire_all()
    return session.query(Outbox).filter_by(to_address=f"ana{n}@example.com").one()


@pytest.mark.parametrize("at", [1, 37], ids=["first", "37th"])
@pytest.mark.parametrize("number", sorted(WANTED), ids=NUMBERED.__getitem__)
def test_a_fault_leads_to_the_state_in_the_table(
    app, session, mail_server, choose, names, size, number, at
):
    mode, outcome = NUMBERED[number], WANTED[number]
    count = size.batch if at > 1 else 3
    fill(session, count, doubt_policy="hold")
    choose(mode, at)
    with app.app_context():
        counts = delivery.deliver(clock.now())
        hit, after = state_of(session, at), state_of(session, count)
        if outcome == CHANNEL:
            assert (hit.state, hit.attempts) == (MailState.PENDING, 0)
            assert (after.state, after.attempts) == (MailState.PENDING, 0)
            assert counts["sent"] == at - 1
            health = session.get_one(ChannelHealth, "smtp")
            assert health.consecutive_failures == 1
            # A wrong password is not tried again and again.
            assert (health.state == "open") == (number == 8)
        else:
            assert after.state is MailState.SENT
            assert counts["sent"] == count - 1
            assert hit.attempts == 1
        if outcome == LATER:
            assert hit.state is MailState.PENDING
            assert 0.8 <= (hit.not_before - clock.now()) / dt.timedelta(minutes=1) + 0.1 < 1.4
        if outcome == NEVER:
            assert hit.state is MailState.FAILED
            assert hit.last_text.startswith(MODES[mode][1].split(" ", 1)[1])
        if outcome == DOUBT:
            assert hit.state is MailState.SENDING
        suppressed = session.query(Suppression).count()
        assert suppressed == (1 if number == 13 else 0)

        # A day later the server is well again.
        mail_server.mode("well")
        names["left"] = 10**6
        doubt.sweep(session, clock.now() + HOUR)
        session.commit()
        delivery.deliver(clock.now() + 25 * HOUR, insist=True)
        ends = {DOUBT: MailState.HELD, NEVER: MailState.FAILED}
        assert state_of(session, at).state is ends.get(outcome, MailState.SENT)
        came = [to for to, _id in mail_server.taken]
        assert len(came) == len(set(came)) == count - (outcome == NEVER)
        assert not proof.violations(session, clock.now())


def test_the_table_has_24_modes(backend):
    assert sorted(WANTED) == sorted(NUMBERED) == list(range(1, 25))
