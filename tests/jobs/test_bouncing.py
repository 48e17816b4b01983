"""What comes back: read once, believed where it is about a mail of ours, and never in the way."""

import datetime as dt
import time
import uuid

import make
import pytest
from pydantic import SecretStr
from returned_post import Mailbox, complaint, dsn, garbage, generator, holiday, post, qmail
from sqlalchemy import func, select, update

from irm.jobs import bouncing, delivery
from irm.mail import bounces, reports, returned
from irm.mail.message import address_hash
from irm.models import Bounce, BounceKind, MailState, Outbox, Suppression

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _at_work(at_work):
    """Every test here runs inside the app."""


@pytest.fixture
def sent(mail):
    """A mail that the server took."""

    def make_one(**given):
        given = {"message_id": f"<{uuid.uuid4()}@acme.example>", "attempts": 1, **given}
        return mail(state=MailState.SENT, sent_at=NOW, **given)

    return make_one


@pytest.fixture
def maildir(app, tmp_path):
    """A Maildir that irm reads; call it to put mails in, and it is read."""
    path = tmp_path / "bounces"
    for folder in ("new", "cur", "tmp"):
        (path / folder).mkdir(parents=True)
    app.config["IRM"] = app.config["IRM"].model_copy(
        update={"bounces_url": SecretStr(f"maildir://{path}")}
    )

    def read(*mails, at=NOW):
        for number, raw in enumerate(mails):
            (path / "new" / f"{time.monotonic_ns()}.{number:05}.host").write_bytes(raw)
        return bouncing.read_due(at)

    read.path = path
    return read


def suppressed(session, address):
    session.expire_all()
    found = select(Suppression.reason).where(Suppression.address_hash == address_hash(address))
    return session.scalar(found)


def test_five_hundred_reports_are_taken_for_what_they_are_and_garbage_harms_nobody(
    session, sent, maildir
):
    rng = generator()
    mails = [(one.message_id, one.to_address) for one in (sent() for _ in range(600))]
    real, expected = zip(*post(mails[:500], rng), strict=True)
    rubbish = list(garbage(mails[500:], rng))
    assert (len(real), len(rubbish)) == (500, 100)

    mixed = [*real, *rubbish]
    rng.shuffle(mixed)
    counts = maildir(*mixed)

    assert counts.total() == 600
    found = dict(
        session.execute(select(Outbox.message_id, Bounce.kind).join(Outbox, isouter=False)).all()
    )
    right = sum(found.get(id) == kind for (id, _to), kind in zip(mails, expected, strict=False))
    assert right >= 495, [
        (kind, found.get(id), raw)
        for (id, _to), kind, raw in zip(mails, expected, real, strict=False)
        if found.get(id) != kind
    ][:3]
    assert not {id for id, _to in mails[500:]} & found.keys()
    ends = {"hard", "complaint"}
    barred = {
        address_hash(to) for (_id, to), kind in zip(mails, expected, strict=False) if kind in ends
    }
    assert set(session.scalars(select(Suppression.address_hash))) == barred


@pytest.mark.parametrize("kind", ["dsn", "qmail", "complaint"])
def test_a_forged_report_bars_nobody(session, sent, maildir, kind):
    ours = sent()
    forge = {
        "dsn": lambda id, to: dsn(id, to, "5.1.1", "smtp; 550 5.1.1 no such user"),
        "qmail": lambda id, to: qmail(id, to, "550 5.1.1 User unknown"),
        "complaint": complaint,
    }[kind]
    # The address is right and the Message-ID guessed; the id is right and the address another's.
    counts = maildir(
        forge(f"<{uuid.uuid4()}@acme.example>", ours.to_address),
        forge(ours.message_id, "somebody@else.example"),
    )
    assert counts == {"nothing": 2}
    assert session.scalar(select(func.count()).select_from(Suppression)) == 0


def test_a_report_about_a_mail_that_never_went_out_is_not_believed(session, mail, maildir):
    waiting = mail(message_id=f"<{uuid.uuid4()}@acme.example>")
    assert maildir(dsn(waiting.message_id, waiting.to_address, "5.1.1", "smtp; 550")) == {
        "nothing": 1
    }
    assert suppressed(session, waiting.to_address) is None


def test_the_address_of_a_hard_bounce_is_not_written_to_again(session, sent, mail, maildir, inbox):
    gone = sent()
    maildir(dsn(gone.message_id, gone.to_address, "5.1.1", "smtp; 550 5.1.1 gone"))
    later = mail(to_address=gone.to_address)

    delivery.deliver(NOW)

    session.expire_all()
    assert suppressed(session, gone.to_address) == "hard_bounce"
    assert session.get_one(Outbox, later.id).state is MailState.SUPPRESSED
    assert not inbox.recipients
    [note] = session.scalars(select(Bounce))
    assert (note.outbox_id, note.status, note.text) == (gone.id, "5.1.1", "550 5.1.1 gone")


def test_a_refusal_by_policy_says_nothing_about_the_address(session, sent, maildir):
    one = sent()
    maildir(dsn(one.message_id, one.to_address, "5.7.1", "smtp; 550 5.7.1 blocked"))
    assert suppressed(session, one.to_address) is None


def soft(mail, key):
    return dsn(mail.message_id, mail.to_address, "4.2.2", "smtp; 452 4.2.2 full", key=str(key))


def test_five_mails_in_thirty_days_that_the_mailbox_did_not_take_are_enough(session, sent, maildir):
    mails = [sent(to_address="ana@example.com") for _ in range(6)]
    maildir(soft(mails[0], 0), at=NOW - 31 * DAY)
    for number, one in enumerate(mails[1:5], 1):
        maildir(soft(one, number), at=NOW + number * DAY)
    assert suppressed(session, "ana@example.com") is None
    maildir(soft(mails[5], 5), at=NOW + 5 * DAY)
    assert suppressed(session, "ana@example.com") == "soft"


def test_a_report_that_comes_again_counts_once(session, sent, maildir):
    one = sent()
    again = [soft(one, "same")] * 7
    assert maildir(*again) == {"soft": 1, "nothing": 6}
    # Nor do many reports about one mail add up.
    maildir(*(soft(one, f"other-{n}") for n in range(7)))
    assert suppressed(session, one.to_address) is None


def test_who_is_on_holiday_has_not_bounced(session, sent, maildir):
    one = sent()
    assert maildir(holiday(one.message_id)) == {"nothing": 1}
    assert suppressed(session, one.to_address) is None


def test_what_was_read_is_kept_as_seen_and_not_read_again(sent, maildir):
    one = sent()
    maildir(soft(one, 1))
    [kept] = (maildir.path / "cur").iterdir()
    assert kept.name.endswith(":2,S")
    assert not list((maildir.path / "new").iterdir())
    assert maildir() == {}


def test_an_imap_folder_is_read_and_marked_as_seen(app, session, sent):
    one, two = sent(), sent()
    raw = [
        dsn(one.message_id, one.to_address, "5.1.1", "smtp; 550 5.1.1 gone"),
        complaint(two.message_id, two.to_address),
        b"no report",
    ]
    with Mailbox(raw) as box:
        settings = app.config["IRM"].model_copy(update={"bounces_url": SecretStr(box.url)})
        app.config["IRM"] = settings
        counts, again = bouncing.read_due(NOW), bouncing.read_due(NOW)
    assert counts == {"hard": 1, "complaint": 1, "nothing": 1}
    assert again == {}
    assert box.seen == {1, 2, 3}
    assert not any("DELE" in command or "EXPUNGE" in command for command in box.commands)
    assert suppressed(session, two.to_address) == "complaint"


def test_a_mailbox_that_refuses_us_is_said_without_the_password(app):
    with Mailbox([], password="another") as box:
        settings = app.config["IRM"].model_copy(update={"bounces_url": SecretStr(box.url)})
        app.config["IRM"] = settings
        with pytest.raises(returned.Unreadable) as refused:
            bouncing.read_due(NOW)
    assert "wrong" in str(refused.value)
    assert "p@ss" not in str(refused.value)


def test_an_address_that_is_trusted_again_starts_anew(session, sent, maildir, saved):
    mails = [sent(to_address="ana@example.com") for _ in range(6)]
    maildir(*(soft(one, n) for n, one in enumerate(mails[:5])))
    barred = session.scalars(select(Suppression)).one()

    bounces.lift(session, barred, saved(make.user(is_admin=True)), NOW)
    session.commit()
    maildir(soft(mails[5], 5))

    assert suppressed(session, "ana@example.com") is None


def test_reading_a_report_takes_as_long_as_its_size_allows():
    began = time.perf_counter()
    bomb = b"From: mailer-daemon@x\r\n\r\n" + b"<" * 300_000 + b"@" * 300_000
    assert reports.read(bomb) == []
    nested = b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\n" * 50_000
    reports.read(nested)
    assert time.perf_counter() - began < 20


def test_a_mail_is_only_ours_once_it_was_tried(session, sent, maildir):
    one = sent()
    session.execute(update(Outbox).values(attempts=0))
    session.commit()
    assert maildir(soft(one, 1)) == {"nothing": 1}
    assert BounceKind.SOFT not in set(session.scalars(select(Bounce.kind)))
