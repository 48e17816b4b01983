"""The page on which an administrator tries the mail server."""

import make
import pytest
from post_office import Inbox
from sqlalchemy import event

from irm.db import db
from irm.mail import trial
from irm.models import Role


@pytest.fixture
def admin(saved):
    return saved(make.user(is_admin=True))


def test_a_test_goes_to_whoever_asked_and_the_page_shows_what_was_said(admin, client_of, send_to):
    with Inbox() as inbox:
        send_to(inbox.url)
        page = client_of(admin).post("/status/mail")
    assert page.status_code == 200
    assert inbox.recipients == [admin.email]
    assert inbox.mails[0]["Subject"] == "irm: a test, mail arrives"
    assert "The server took the test" in page.text
    assert f"rcpt TO:&lt;{admin.email}&gt;" in page.text
    assert "queued as Q1" in page.text


def test_a_refusal_is_shown_in_the_servers_words_and_in_ours(admin, client_of, send_to):
    with Inbox() as inbox:
        inbox.says = {"rcpt": "550 5.7.1 relaying <b>denied</b>"}
        send_to(inbox.url)
        page = client_of(admin).post("/status/mail")
    assert page.status_code == 200
    assert "does not pass on mail" in page.text
    assert "relaying &lt;b&gt;denied" in page.text


def test_neither_page_shows_the_password(admin, client_of, send_to):
    with Inbox() as inbox:
        send_to(f"smtp://ana:hunter22@127.0.0.1:{inbox.port}?tls=off")
        client = client_of(admin)
        for page in (client.get("/status/mail"), client.post("/status/mail")):
            assert page.status_code == 200
            assert "hunter22" not in page.text


def test_looking_sends_nothing(admin, client_of, send_to):
    with Inbox() as inbox:
        send_to(inbox.url)
        assert "Send me a test" in client_of(admin).get("/status/mail").text
    assert inbox.connections == 0


def test_without_a_mail_server_there_is_nothing_to_test(admin, client_of):
    client = client_of(admin)
    assert "IRM_SMTP_URL" in client.get("/status/mail").text
    assert client.post("/status/mail").status_code == 422


@pytest.mark.parametrize("role", list(Role))
def test_it_is_for_administrators(saved, client_of, role):
    client = client_of(saved(make.member(role)).user)
    assert client.get("/status/mail").status_code == 403
    assert client.post("/status/mail").status_code == 403


def test_no_transaction_is_open_while_the_server_is_talked_to(
    app, admin, client_of, send_to, monkeypatch
):
    begun, ended, during = [], [], []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", lambda *_given: begun.append(1))
    event.listen(engine, "checkin", lambda *_given: ended.append(1))
    send = trial.send

    def watched(*given):
        during.append(len(begun) - len(ended))
        return send(*given)

    monkeypatch.setattr(trial, "send", watched)
    client = client_of(admin)
    began = len(begun) - len(ended)
    with Inbox() as inbox:
        send_to(inbox.url)
        assert client.post("/status/mail").status_code == 200
    assert during == [began - 1] or during == [began], (during, began)
