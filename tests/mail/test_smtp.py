"""The wire: what the server says at each step, and what irm makes of it."""

import contextlib
import datetime as dt
import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest
from post_office import GREETING, Inbox, Script, free_port, password_check

from irm.mail import doubt, smtp
from irm.mail.server import server_of
from irm.mail.smtp import Outcome, Wire

BYTES = b"Subject: Hello\r\n\r\nOne.\r\n.hidden dot\r\n"


class Marker:
    """Counts how often a mail was marked as on its way."""

    def __init__(self, answer: bool = True) -> None:
        self.calls = 0
        self._answer = answer

    def __call__(self) -> bool:
        self.calls += 1
        return self._answer


def send(url, mark=None, wire=None):
    wire = wire or Wire(server_of(url))
    try:
        return wire.send("irm@example.com", "ana@example.com", BYTES, mark or Marker())
    finally:
        wire.close()


@pytest.fixture
def certificate(tmp_path):
    """A certificate that nobody has signed."""
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    program = shutil.which("openssl") or pytest.skip("no openssl to make a certificate with")
    asked = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=127.0.0.1",
    ]
    command = [program, *asked, "-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def test_a_mail_arrives_as_it_was_sent():
    with Inbox() as inbox:
        answer = send(inbox.url)
    assert answer.outcome is Outcome.ACCEPTED
    assert answer.text == "2.0.0 queued as Q1"
    assert inbox.taken[0].to == ["ana@example.com"]
    assert inbox.taken[0].data == BYTES


def test_the_marker_comes_after_the_servers_go_ahead_and_before_the_mail():
    with Script(*GREETING, b"354 go", b"250 ok") as script:
        heard = []

        def mark():
            heard.append(script.heard)
            return True

        assert send(script.url, mark).outcome is Outcome.ACCEPTED
    assert heard[0].endswith(b"DATA\r\n")
    assert b"One." not in heard[0]


def test_without_the_marker_not_a_byte_of_the_mail_is_sent():
    with Script(*GREETING, b"354 go", b"250 ok") as script:
        answer = send(script.url, Marker(answer=False))
    assert answer.outcome is Outcome.DROPPED
    assert script.heard.endswith(b"DATA\r\n")


def test_a_marker_that_cannot_be_written_stops_the_mail():
    def fail():
        raise RuntimeError("the disk is full")

    with Script(*GREETING, b"354 go", b"250 ok") as script, pytest.raises(RuntimeError):
        send(script.url, fail)
    assert script.heard.endswith(b"DATA\r\n")


@pytest.mark.parametrize(
    ("stage", "said", "outcome", "marks"),
    [
        ("mail", "450 4.3.0 later", Outcome.DEFERRED, 0),
        ("mail", "421 4.3.0 closing", Outcome.CHANNEL, 0),
        ("mail", "530 5.7.0 sign in first", Outcome.CHANNEL, 0),
        ("mail", "550 5.7.1 not you", Outcome.REFUSED, 0),
        ("rcpt", "451 4.3.0 later", Outcome.DEFERRED, 0),
        ("rcpt", "550 5.1.1 no such user", Outcome.REFUSED, 0),
        ("dot", "451 4.3.0 later", Outcome.DEFERRED, 1),
        ("dot", "552 5.3.4 too large", Outcome.REFUSED, 1),
    ],
)
def test_what_the_server_says_is_certain(stage, said, outcome, marks):
    mark = Marker()
    with Inbox() as inbox:
        inbox.says = {stage: said}
        answer = send(inbox.url, mark)
    assert (answer.outcome, answer.stage) == (outcome, stage)
    assert answer.code == int(said[:3])
    assert mark.calls == marks
    assert not inbox.taken


@pytest.mark.parametrize(
    "after_the_dot", [(None,), (b"gibberish",), (b"99 what",)], ids=["cut", "garbage", "number"]
)
def test_silence_or_nonsense_after_the_dot_is_doubt(after_the_dot):
    with Script(*GREETING, b"354 go", *after_the_dot) as script:
        answer = send(script.url)
    assert answer.outcome is Outcome.UNKNOWN
    assert script.heard.endswith(b"\r\n.\r\n")


def test_a_server_that_never_answers_after_the_dot_is_doubt(monkeypatch):
    monkeypatch.setattr(smtp, "DOT_TIMEOUT", 0.3)
    with Script(*GREETING, b"354 go") as script:
        script.lines = (*GREETING, b"354 go", b"250-and so on")
        assert send(script.url).outcome is Outcome.UNKNOWN


def test_the_mail_and_the_answer_to_its_dot_share_one_patience(monkeypatch):
    monkeypatch.setattr(smtp, "DOT_TIMEOUT", 0.6)
    listener = socket.create_server(("127.0.0.1", 0))

    def drip():
        client, _address = listener.accept()
        with client, contextlib.suppress(OSError):
            for line in (*GREETING, b"354 go"):
                client.sendall(line + b"\r\n")
                client.recv(1000)
            time.sleep(0.4)
            said = b""
            while not said.endswith(b"\r\n.\r\n"):
                said = said[-10:] + client.recv(1 << 20)
            time.sleep(0.4)
            client.sendall(b"250 ok\r\n")

    server = threading.Thread(target=drip, daemon=True)
    server.start()
    wire = Wire(server_of(f"smtp://127.0.0.1:{listener.getsockname()[1]}"))
    # More than the buffers between us hold: sending takes as long as the server takes.
    large = b"Subject: x\r\n\r\n" + b"0123456789\r\n" * 3_000_000
    answer = wire.send("irm@example.com", "ana@example.com", large, Marker())
    wire.close()
    listener.close()
    server.join(5)

    assert answer.outcome is Outcome.UNKNOWN
    assert dt.timedelta(seconds=600) + dt.timedelta(minutes=1) < doubt.GRACE


def test_what_we_say_of_an_address_is_in_the_language_of_the_installation(app, monkeypatch):
    monkeypatch.setattr(app.config["IRM"], "locale", "fr")
    with app.app_context():
        answer = Wire(server_of("smtp://127.0.0.1:1")).send("a@b.c", "é@b.c", BYTES, Marker())
    assert answer.text.startswith("cette adresse")


def test_a_line_cut_before_the_dot_is_not_doubt():
    mark = Marker()
    with Script(*GREETING[:3], None) as script:
        answer = send(script.url, mark)
    assert (answer.outcome, mark.calls) == (Outcome.CHANNEL, 0)


def test_a_server_that_is_down_is_the_channels_fault():
    answer = send(f"smtp://127.0.0.1:{free_port()}")
    assert (answer.outcome, answer.stage) == (Outcome.CHANNEL, "connect")


def test_a_greeting_that_drips_does_not_keep_the_worker(monkeypatch):
    monkeypatch.setattr(smtp, "OPENING_TIMEOUT", 0.3)
    with Script() as script:
        script.lines = (b"220-drip",)
        answer = send(script.url)
    assert (answer.outcome, answer.stage) == (Outcome.CHANNEL, "connect")


def test_encryption_that_is_required_and_not_offered_ends_before_the_password():
    with Inbox() as inbox:
        answer = send(f"{inbox.url}?tls=required")
    assert (answer.outcome, answer.stage) == (Outcome.CHANNEL, "starttls")
    assert not inbox.taken


def test_smtps_does_not_talk_to_a_server_nobody_vouches_for(certificate):
    with Script(*GREETING, tls=certificate) as script:
        answer = send(script.url.replace("smtp:", "smtps:"))
    assert answer.outcome is Outcome.CHANNEL
    assert "CERTIFICATE_VERIFY_FAILED" in answer.text
    assert script.heard == b""


def test_smtps_never_falls_back_to_plain():
    with Inbox() as inbox:
        answer = send(inbox.url.replace("smtp:", "smtps:"))
    assert answer.outcome is Outcome.CHANNEL
    assert not inbox.taken


def test_starttls_is_taken_where_it_is_offered_and_its_certificate_must_be_good(
    certificate, monkeypatch
):
    with Inbox(tls_context=certificate) as inbox:
        refused = send(inbox.url)

        def trusting():
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            return context

        monkeypatch.setattr(smtp, "_context", trusting)
        accepted = send(inbox.url)
    assert (refused.outcome, refused.stage) == (Outcome.CHANNEL, "starttls")
    assert accepted.outcome is Outcome.ACCEPTED


def test_a_user_signs_in_and_a_wrong_password_is_the_channels_fault():
    check = password_check(b"ana", b"p@ss/word")
    with Inbox(authenticator=check, auth_require_tls=False) as inbox:
        good = send(f"smtp://ana:p%40ss%2Fword@127.0.0.1:{inbox.port}")
        bad = send(f"smtp://ana:wrong@127.0.0.1:{inbox.port}")
    assert good.outcome is Outcome.ACCEPTED
    assert (bad.outcome, bad.stage, bad.code) == (Outcome.CHANNEL, "auth", 535)


def test_one_connection_serves_many_mails():
    with Inbox() as inbox:
        wire = Wire(server_of(inbox.url))
        for _ in range(3):
            wire.send("irm@example.com", "ana@example.com", BYTES, Marker())
        wire.quit()
    assert len(inbox.taken) == 3
    assert inbox.connections == 1


def test_a_connection_that_went_stale_is_opened_again():
    with Script(*GREETING, b"354 go", b"250 ok") as script:
        wire = Wire(server_of(script.url))
        answers = [wire.send("a@example.com", "b@example.com", BYTES, Marker()) for _ in range(2)]
        wire.close()
    assert [answer.outcome for answer in answers] == [Outcome.ACCEPTED, Outcome.ACCEPTED]


@pytest.mark.parametrize("address", ["zoé@example.com", "a\r\nRCPT TO:<b@example.com>"])
def test_an_address_that_smtp_cannot_carry_is_refused_and_harms_nobody(address):
    with Inbox() as inbox:
        wire = Wire(server_of(inbox.url))
        first = wire.send("irm@example.com", address, BYTES, Marker())
        second = wire.send("irm@example.com", "ana@example.com", BYTES, Marker())
        wire.close()
    assert first.outcome is Outcome.REFUSED
    assert second.outcome is Outcome.ACCEPTED
    assert inbox.recipients == ["ana@example.com"]


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://mail.example.com", 25, "offered"),
        ("smtp://u:p@mail.example.com", 587, "required"),
        ("smtp://u:p@localhost", 587, "offered"),
        ("smtp://mail.example.com?tls=required", 25, "required"),
        ("smtp://mail.example.com:2525?tls=off", 2525, "off"),
        ("smtps://mail.example.com", 465, "implicit"),
        ("smtps://mail.example.com?tls=off", 465, "implicit"),
    ],
)
def test_an_address_says_how_the_line_is_kept_secret(url, port, tls):
    server = server_of(url)
    assert (server.port, server.tls) == (port, tls)


def test_dots_at_the_beginning_of_lines_survive():
    data = b"Subject: Dots\r\n\r\n.\n..two\r.three"
    with Inbox() as inbox:
        wire = Wire(server_of(inbox.url))
        wire.send("a@example.com", "b@example.com", data, Marker())
        wire.quit()
    assert inbox.taken[0].data == b"Subject: Dots\r\n\r\n.\r\n..two\r\n.three\r\n"
