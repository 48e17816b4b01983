"""Trying the mail server: what is said, nothing secret in it, and what to do where it fails."""

import shutil
import socket
import ssl
import subprocess
import time
from base64 import b64encode
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from post_office import GREETING, Inbox, Script, free_port, password_check

from irm.mail import advice, certificate, smtp, trial
from irm.mail.server import server_of
from irm.mail.smtp import Answer, Outcome

BYTES = b"Subject: Test\r\n\r\nHello.\r\n"


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    """What waits ten seconds for a stranger waits one here."""
    monkeypatch.setattr(trial, "SILENCE", 1.0)


def tried(url, **given):
    sender, recipient = given.get("sender", "irm@acme.example"), "ana@example.com"
    return trial.send(server_of(url), sender, recipient, BYTES)


def said(result):
    return "\n".join(f"{line.who}: {line.text}" for line in result.lines)


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Make a certificate: for which name, by whom, for how long."""
    program = shutil.which("openssl") or pytest.skip("no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*arguments):
        subprocess.run([program, *map(str, arguments)], check=True, capture_output=True)

    authority = folder / "authority"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Acme CA",
            "-keyout", f"{authority}.key", "-out", f"{authority}.pem")  # fmt: skip

    def make(name, *, is_signed=True, is_over=False):
        path = folder / f"{name}-{is_signed}-{is_over}"
        path.with_suffix(".ext").write_text(f"subjectAltName=DNS:{name}\n")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
                "-keyout", f"{path}.key", "-out", f"{path}.csr")  # fmt: skip
        signed = ["-CA", f"{authority}.pem", "-CAkey", f"{authority}.key", "-CAcreateserial"]
        if not is_signed:
            signed = ["-signkey", f"{path}.key"]
        days = ["-days", "-1" if is_over else "2"]
        openssl("x509", "-req", "-in", f"{path}.csr", *signed, *days,
                "-extfile", path.with_suffix(".ext"), "-out", f"{path}.pem")  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{path}.pem", f"{path}.key")
        return context

    return SimpleNamespace(make=make, authority=f"{authority}.pem")


@pytest.fixture
def trusted(made, monkeypatch):
    """Trust the authority of the tests, as a system trusts the public ones."""

    def context():
        return ssl.create_default_context(cafile=made.authority)

    monkeypatch.setattr(smtp, "_context", context)


def test_a_test_arrives_and_all_that_was_said_is_shown():
    with Inbox() as inbox:
        result = tried(inbox.url)
    assert result.is_good
    assert result.advice == ""
    assert inbox.recipients == ["ana@example.com"]
    words = said(result)
    for line in ("irm: ehlo", "irm: rcpt TO:<ana@example.com>", "server: 354", "queued as Q1"):
        assert line in words
    assert "Hello." not in words


@pytest.mark.parametrize("password", ["p@ss/word", "x" * 300])
def test_no_password_is_shown_whatever_way_it_is_said(password):
    check = password_check(b"ana", b"another")
    with Inbox(authenticator=check, auth_require_tls=False) as inbox:
        result = tried(f"smtp://ana:{quote(password, safe='')}@127.0.0.1:{inbox.port}")
    words = said(result)
    assert "AUTH PLAIN ••••••" in words
    assert "AUTH LOGIN" in words
    hidden = (password, b64encode(password.encode()).decode()[:40])
    hidden += (b64encode(f"\0ana\0{password}".encode()).decode()[:40],)
    assert not any(one in words for one in hidden)
    assert "535" in result.said
    assert "user or password" in result.advice


def test_what_the_server_says_of_a_refusal_is_explained():
    cases = {
        ("rcpt", "550 5.7.1 relaying denied"): "does not pass on mail",
        ("rcpt", "554 5.7.1 <a@b.c>: Relay access denied"): "does not pass on mail",
        ("rcpt", "550 5.1.1 no such user"): "knows no mailbox ana@example.com",
        ("rcpt", "450 4.7.1 Greylisted, come back"): "greylisting",
        ("rcpt", "451 4.3.0 later"): "later",
        ("mail", "550 5.7.1 not you"): "send as irm@acme.example",
        ("mail", "530 5.7.0 authentication required"): "wants irm to sign in",
        ("mail", "421 4.3.0 closing"): "no mail at the moment",
        ("dot", "554 5.6.0 no"): "its own words",
    }
    with Inbox() as inbox:
        for (stage, words), advised in cases.items():
            inbox.says = {stage: words}
            result = tried(inbox.url)
            assert advised in result.advice, (words, result.advice)
            assert words[4:] in result.said
            assert not result.is_good


def test_nobody_listens():
    port = free_port()
    result = tried(f"smtp://127.0.0.1:{port}")
    assert f"Nothing listens at 127.0.0.1, port {port}" in result.advice


def test_there_is_no_such_machine():
    result = tried("smtp://mail.nowhere.invalid")
    assert "No machine is called mail.nowhere.invalid" in result.advice


def test_a_silent_server_is_given_up_soon(monkeypatch):
    monkeypatch.setattr(certificate, "TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        began = time.monotonic()
        result = tried(f"smtp://127.0.0.1:{listener.getsockname()[1]}")
        assert time.monotonic() - began < 5
    assert "does not answer at port" in result.advice


def test_a_server_that_drips_is_cut_off_as_a_whole(monkeypatch):
    monkeypatch.setattr(trial, "PATIENCE", 0.5)
    with Script(*GREETING, b"354 go") as script:
        script.lines = (*GREETING, b"354 go", b"250-and so on")
        began = time.monotonic()
        result = tried(script.url)
        assert time.monotonic() - began < 4
    assert not result.is_good
    assert "no answer came back" in result.advice


def test_smtp_at_a_port_that_encrypts_from_the_start(made):
    with Script(*GREETING, tls=made.make("mail.acme.example")) as script:
        result = tried(script.url)
    assert "write smtps:// instead of smtp://" in result.advice


def test_smtps_at_a_port_that_speaks_plainly():
    with Inbox() as inbox:
        result = tried(inbox.url.replace("smtp:", "smtps:"))
    assert "write smtp:// instead of smtps://" in result.advice


def test_encryption_is_wanted_and_not_offered():
    with Inbox() as inbox:
        result = tried(f"{inbox.url}?tls=required")
    assert "does not encrypt at port" in result.advice


@pytest.mark.parametrize("way", ["starttls", "implicit"])
@pytest.mark.parametrize(
    ("name", "given", "advised"),
    [
        ("mail.acme.example", {}, "is for mail.acme.example, not for localhost"),
        ("localhost", {"is_over": True}, "ran out on 20"),
        ("localhost", {"is_signed": False}, "(for localhost) is signed by itself"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said_with_its_name(
    made, trusted, way, name, given, advised
):
    context = made.make(name, **given)
    if way == "starttls":
        with Inbox(tls_context=context) as inbox:
            result = tried(inbox.url.replace("127.0.0.1", "localhost") + "?tls=required")
    else:
        with Script(*GREETING, tls=context) as script:
            result = tried(script.url.replace("smtp://127.0.0.1", "smtps://localhost"))
    assert advised in result.advice


def test_an_authority_nobody_knows(made):
    with Inbox(tls_context=made.make("localhost")) as inbox:
        result = tried(inbox.url.replace("127.0.0.1", "localhost"))
    assert "signed by an authority this machine does not know" in result.advice


def test_a_good_certificate_is_encrypted_and_said_so(made, trusted):
    with Inbox(tls_context=made.make("localhost")) as inbox:
        result = tried(inbox.url.replace("127.0.0.1", "localhost"))
    assert result.is_good
    assert "encrypted from here on: TLSv1" in said(result)


def test_greeting_alone_sends_nothing():
    with Inbox() as inbox:
        assert trial.greet(server_of(inbox.url)).is_good
        assert not inbox.taken


def test_a_server_that_lets_nobody_sign_in():
    with Inbox() as inbox:
        result = tried(inbox.url.replace("://", "://ana:secret@"))
    assert "lets nobody sign in" in result.advice


def test_every_fault_has_a_sentence():
    server = server_of("smtp://mail.acme.example")
    for stage in ("connect", "hello", "starttls", "auth", "mail", "rcpt", "data", "dot", "address"):
        for code in (None, 421, 450, 500, 535, 550, 554):
            for outcome in Outcome:
                answer = Answer(outcome, stage, code, "")
                assert advice.about(advice.Fault(server, "a@b.c", "d@e.f", answer))


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("connect:  ConnectionRefusedError: [Errno 111] Connection refused", "Nothing listens"),
        ("connect:  gaierror: [Errno -2] Name or service not known", "No machine is called"),
        ("connect:  TimeoutError: timed out", "does not answer at port 25"),
        ("hello:  SMTPServerDisconnected: Connection unexpectedly closed: timed out", "firewall"),
        ("hello:  SMTPServerDisconnected: Connection unexpectedly closed", "hung up"),
        ("starttls:  SSLCertVerificationError: [SSL] certificate has expired", "certificate"),
        ("auth: 535 5.7.8 no", "refuses user or password"),
        ("mail: 421 too many mails", "takes no mail at the moment"),
        ("connect:  OSError: [Errno 101] Network is unreachable", "cannot be reached"),
        ("as nobody ever wrote it", "cannot be reached"),
    ],
)
def test_a_fault_that_was_written_down_has_its_sentence_without_a_look(monkeypatch, kept, said):
    monkeypatch.setattr(certificate, "seen_at", pytest.fail)
    monkeypatch.setattr(certificate, "speaks_tls", pytest.fail)

    assert said in advice.about_kept(server_of("smtp://mail.acme.example"), "a@b.c", kept)
