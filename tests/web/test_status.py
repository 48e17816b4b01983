"""The Status page and /healthz: whether the worker lives, and what waits."""

import datetime as dt

import make
import pytest
from sqlalchemy import delete

from irm import clock, scheduler
from irm.jobs import tasks
from irm.mail import channel
from irm.models import ChannelHealth, Role, Task, Tick
from irm.web import status

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def lead(saved, client_of):
    return client_of(saved(make.member(Role.LEAD)).user)


@pytest.fixture
def beat(saved):
    """The worker's last sign of life."""

    def leave(ago, **given):
        at = clock.now() - ago
        given = {"name": "heartbeat", "last_started": at, "last_finished": at, **given}
        return saved(Tick(**given))

    return leave


@pytest.mark.parametrize(
    ("ago", "code", "worker"),
    [(MINUTE, 200, "ok"), (3 * MINUTE, 503, "silent"), (None, 503, "silent")],
)
def test_a_watchdog_hears_whether_the_worker_lives(app, beat, ago, code, worker):
    if ago is not None:
        beat(ago)
    response = app.test_client().get("/healthz")
    assert (response.status_code, response.json["worker"]) == (code, worker)
    assert response.json["database"] == "ok"


def test_the_page_says_that_the_worker_runs(lead, beat):
    beat(MINUTE)
    page = lead.get("/status")
    assert page.status_code == 200
    assert "The worker runs" in page.text


def test_the_page_says_that_the_worker_is_gone(lead, beat):
    assert "has never run" in lead.get("/status").text
    beat(5 * MINUTE, last_error="RuntimeError: <no>")
    page = lead.get("/status").text
    assert "was last seen" in page
    assert "RuntimeError: &lt;no&gt;" in page


REFUSED = "connect:  ConnectionRefusedError: [Errno 111] Connection refused"


def test_the_page_says_why_mail_does_not_go_out_and_what_to_do(lead, session, send_to):
    assert "IRM_SMTP_URL" in lead.get("/status").text

    send_to("smtp://mail.acme.example:2525")
    for said in ("did not answer the last time", "has not answered since"):
        channel.failed(session, REFUSED, clock.now(), at_once=said.startswith("has"))
        session.commit()
        page = lead.get("/status").text
        assert said in page
        assert "Nothing listens at mail.acme.example, port 2525: check the port" in page
        assert f'<small class="d-block text-break">{REFUSED}</small>' in page


@pytest.mark.parametrize(
    ("job", "kept", "said"),
    [
        ("remind", "OperationalError: (sqlite3) database is locked", "The database did not answer"),
        ("remind", "OperationalError: database or disk is full", "The disk is full"),
        ("tidy", "OSError: [Errno 28] No space left on device", "The disk is full"),
        ("tidy", "PermissionError: [Errno 13] Permission denied", "IRM_DATA_DIR"),
        ("bounces", "Unreadable: timeout: timed out", "check IRM_BOUNCES_URL"),
        ("audit", "RuntimeError: outbox audit: lost", "irm outbox audit"),
        ("backup", "Refused: The backup cannot be written.", "under Backups"),
        ("plans", "KeyError: 7", "It broke off, and is tried again"),
    ],
)
def test_a_job_that_failed_says_in_a_sentence_what_to_do(lead, beat, job, kept, said):
    beat(MINUTE, name=job, last_error=kept)
    page = lead.get("/status").text
    assert said in page
    assert f'<small class="d-block text-break">{kept}</small>' in page


def test_the_page_shows_long_work(lead, saved):
    saved(Task(kind="import", state="running", done=12, total=40, created_at=clock.now()))
    page = lead.get("/status").text
    assert 'max="40"' in page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_the_page_is_for_leads_and_administrators(saved, client_of, role):
    assert client_of(saved(make.member(role)).user).get("/status").status_code == 403


def test_every_page_learns_of_a_silence_but_not_while_all_of_irm_starts(
    app, session, beat, monkeypatch
):
    monkeypatch.delitem(app.extensions, "irm.worker", raising=False)
    with app.app_context():
        assert not status.look(session, clock.now()).is_silent
        monkeypatch.setattr(status, "PATIENCE", 0.0)
        assert status.look(session, clock.now()).is_silent

        beat(MINUTE)
        assert status.look(session, clock.now()).is_silent  # it trusts its last look
        monkeypatch.setattr(status, "LOOK", 0.0)
        assert not status.look(session, clock.now()).is_silent
    app.extensions.pop("irm.worker")


def test_within_two_minutes_of_its_last_sign_of_life_every_page_says_so():
    assert status.SILENCE.total_seconds() + status.LOOK < 120
    # A living worker leaves a sign this often, late by a beat.
    beat = status.INTERVALS["heartbeat"]
    assert status.SILENCE.total_seconds() > 2 * (scheduler.NEWS + beat)


def test_each_job_and_each_kind_of_task_has_words():
    assert {entry.name for entry in scheduler.TIMETABLE} == status.JOBS.keys()
    assert {entry.name: entry.seconds for entry in scheduler.TIMETABLE} == status.INTERVALS
    assert tasks.KINDS.keys() == status.TASKS.keys()


def test_each_job_says_when_it_runs_next(lead, beat, saved):
    beat(MINUTE / 6)
    now = clock.now()
    started = now - MINUTE
    saved(Tick(name="bounces", last_started=started, last_finished=started, last_ok=started))
    page = lead.get("/status").text
    following = started + dt.timedelta(seconds=status.INTERVALS["bounces"])
    assert f"{following:%H:%M}" in page
    assert "within a minute" in page


def test_the_page_says_when_the_mail_server_is_tried_next(lead, session, send_to):
    send_to("smtp://mail.acme.example")
    now = clock.now()
    for _ in range(channel.FAILURES):
        channel.failed(session, "connect: refused", now)
    session.commit()
    assert "Next try" in lead.get("/status").text


def test_the_page_names_what_irm_stands_on(lead, backend):
    page = lead.get("/status").text
    for words in ("Python", "APScheduler 3", "tzdata 20", "UTC", "differs by", " GB", " MB"):
        assert words in page, words
    assert ("SQLite 3" if backend == "sqlite" else "PostgreSQL 1") in page


def test_every_page_says_that_the_mail_server_is_away_and_no_longer_when_it_is_back(
    app, session, saved, client_of, monkeypatch
):
    monkeypatch.setattr(status, "LOOK", 0.0)
    manager = client_of(saved(make.member(Role.MANAGER)).user)
    said = "The mail server has not answered since"
    now = clock.now()
    for at, is_said in ((now - MINUTE, False), (now - 3 * MINUTE, True)):
        session.execute(delete(ChannelHealth))
        for _ in range(channel.FAILURES):
            channel.failed(session, "connect: refused", at)
        session.commit()
        page = manager.get("/today").text
        assert (said in page) is is_said
        assert "connect: refused" not in page

    channel.worked(session)
    session.commit()
    assert said not in manager.get("/today").text
    app.extensions.pop("irm.worker")
