"""Out of a copied or restored database nothing is sent before a person decides."""

import datetime as dt
import shutil
from contextlib import closing

import make
import pytest
from post_office import Inbox
from pydantic import SecretStr
from sqlalchemy import select, update

from irm import clock, scheduler
from irm.backups import making
from irm.db import db, dbapi
from irm.jobs import whereabouts
from irm.mail import outbox, proof, standstill
from irm.mail.letters import Letter
from irm.mail.standstill import Choice
from irm.models import AuditEntry, Category, Instance, MailState, Outbox, Role, Tick
from tests.backups.conftest import read, restore, write

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def inbox():
    with Inbox() as inbox:
        yield inbox


@pytest.fixture
def round_of(app_on, inbox):
    """Let the worker of an installation do all that is due; say what it did."""

    def go(settings, at=None):
        app = app_on(settings.model_copy(update={"smtp_url": SecretStr(inbox.url)}))
        with app.app_context():
            return scheduler.run_once(app, at or clock.now())

    return go


def colleague(settings, app_on, **given):
    """Somebody with a touchpoint due and a digest since yesterday, whatever day it is."""
    app = app_on(settings)
    with app.app_context():
        now = clock.now()
        user = make.user(next_digest_at=now - DAY, work_days="1234567", **given)
        member = make.member(Role.MANAGER, user=user)
        person = make.relationship(brand=member.brand)
        db.session.add_all(
            [member, make.touchpoint(relationship=person, owner=user, due_on=now.date())]
        )
        db.session.commit()
        found = user.id
        db.session.close()
        db.engine.dispose()
        return found


def post(settings, app_on, key, user_id=None, **given):
    """A mail that waits since yesterday."""
    app = app_on(settings)
    with app.app_context():
        at = clock.now() - DAY
        letter = Letter("assignment", key, "text", "<p>text</p>")
        outbox.put(
            db.session,
            key,
            letter,
            to=f"{key.replace(':', '.')}@example.com",
            sender="irm@example.com",
            at=at,
            user_id=user_id,
            **given,
        )
        db.session.commit()


def decide(settings, app_on, choice):
    app = app_on(settings)
    with app.app_context():
        count = standstill.decide(db.session, choice, None, clock.now())
        db.session.commit()
        return count


def states(settings, app_on):
    app = app_on(settings)
    with app.app_context():
        return dict(db.session.execute(select(Outbox.dedupe_key, Outbox.state)).all())


def why(settings):
    return read(settings, "SELECT paused_reason FROM instance")[0][0]


@pytest.mark.parametrize("choice", Choice)
def test_a_backup_restored_next_to_the_live_one_sends_nothing_before_the_choice(
    installation, backend, app_on, round_of, inbox, tmp_path, choice, figure
):
    live = installation()
    user_id = colleague(live, app_on)
    post(live, app_on, "note:1", user_id)
    made = making.make(live, tmp_path / "a.zip", clock.now() - DAY)
    # Meanwhile the live one sends all of it.
    assert round_of(live)["deliver"]["sent"] == 2
    assert len(inbox.taken) == 2

    other = installation("other")
    restore(other, made.path, clock.now())
    for at in (None, clock.now() + DAY):
        assert round_of(other, at)["deliver"]["sent"] == 0
    assert len(inbox.taken) == 2
    assert why(other) == "restored"
    figure(mails_before_the_choice=0)

    assert decide(other, app_on, choice) >= 2
    round_of(other)
    found = states(other, app_on)
    old, digests = found.pop("note:1"), list(found.values())
    if choice is Choice.ALL:
        assert old is MailState.SENT
        assert digests.count(MailState.SENT) >= 1
    elif choice is Choice.DIGEST:
        assert old is MailState.CANCELLED
        assert digests.count(MailState.SENT) == 1
        assert len(inbox.taken) == 3
    else:
        assert old is MailState.CANCELLED
        assert MailState.SENT not in digests
        assert len(inbox.taken) == 2
    app = app_on(other)
    with app.app_context():
        assert (
            db.session.scalar(
                select(AuditEntry.ids).where(AuditEntry.action == "mail.sending_decided")
            )["choice"]
            == choice
        )
        assert not proof.violations(db.session, clock.now())


def test_a_copied_folder_asks_before_it_sends(on_sqlite, app_on, round_of, inbox):
    live = on_sqlite()
    round_of(live)
    user_id = colleague(live, app_on)
    copied = on_sqlite("copied")
    with closing(dbapi.connect(str(live.data_dir / "irm.db"))) as one:
        target = copied.data_dir / "irm.db"
        target.unlink()
        with closing(dbapi.connect(str(target))) as two:
            one.backup(two)
    shutil.copy(live.data_dir / "witness.json", copied.data_dir)

    round_of(copied)
    assert inbox.taken == []
    assert why(copied) == "copied"
    # Asked once; what a person decided stands.
    decide(copied, app_on, Choice.ALL)
    round_of(copied)
    assert len(inbox.taken) == 1
    assert why(copied) is None
    assert user_id


def test_an_older_copy_in_the_place_of_the_live_file_asks(on_sqlite, app_on, round_of, inbox):
    live = on_sqlite()
    colleague(live, app_on)
    file = live.data_dir / "irm.db"
    app = app_on(live)
    with app.app_context():
        whereabouts.look(db.session, live, clock.now())
        db.engine.dispose()
    kept = file.read_bytes()
    with app.app_context():
        for minute in range(1, 10):
            whereabouts.look(db.session, live, clock.now() + minute * HOUR / 60)
        db.engine.dispose()
    # As `cp` does it: the same file, with what it held before.
    file.write_bytes(kept)
    round_of(live)
    assert inbox.taken == []
    assert why(live) == "went_back"


def test_after_a_mere_rest_nobody_is_asked(installation, app_on, round_of, inbox):
    live = installation()
    round_of(live)
    colleague(live, app_on)
    app = app_on(live)
    with app.app_context():
        long_ago = clock.now() - 40 * DAY
        db.session.execute(update(Tick).values(last_finished=long_ago, last_ok=long_ago))
        db.session.execute(update(Instance).values(last_seen=long_ago))
        db.session.commit()
    assert round_of(live)["deliver"]["sent"] == 1
    assert why(live) is None


def test_after_a_rest_without_a_witness_a_person_is_asked(installation, app_on, round_of, inbox):
    live = installation()
    round_of(live)
    colleague(live, app_on)
    app = app_on(live)
    with app.app_context():
        db.session.execute(update(Tick).values(last_finished=clock.now() - 7 * HOUR))
        db.session.commit()
    (live.data_dir / "witness.json").write_text("nonsense")
    # As the worker does it first of all; `--once` leaves its own signs of life.
    round_of(live)
    assert inbox.taken == []
    assert why(live) == "unwitnessed"


def test_another_worker_on_another_machine_is_no_copy(
    on_postgres, app_on, round_of, inbox, tmp_path
):
    live = on_postgres()
    round_of(live)
    colleague(live, app_on)
    (tmp_path / "beside").mkdir()
    beside = live.model_copy(update={"data_dir": tmp_path / "beside"})
    assert round_of(beside)["deliver"]["sent"] == 1


def test_what_is_paused_half_way_stops_before_the_next_mail(on_sqlite, app_on, round_of, inbox):
    live = on_sqlite()
    for n in range(3):
        post(live, app_on, f"note:{n}")

    class Pausing(Inbox):
        async def handle_DATA(self, server, session, envelope):  # noqa: N802  # aiosmtpd calls it so
            engine = dbapi.connect(str(live.data_dir / "irm.db"), isolation_level=None)
            engine.execute("UPDATE instance SET sending = 'paused', paused_reason = 'person'")
            engine.close()
            return await super().handle_DATA(server, session, envelope)

    with Pausing() as pausing:
        app = app_on(live.model_copy(update={"smtp_url": SecretStr(pausing.url)}))
        with app.app_context():
            scheduler.run_once(app, clock.now())
        assert len(pausing.taken) == 1
    found = sorted(one.value for one in states(live, app_on).values())
    assert found == ["pending", "pending", "sent"]


def test_while_nothing_goes_out_nothing_is_too_late(on_sqlite, app_on, round_of, inbox):
    live = on_sqlite()
    post(live, app_on, "note:1")
    app = app_on(live)
    with app.app_context():
        db.session.add(Instance(id=1, install_id="x", sending="paused", paused_reason="restored"))
        db.session.execute(update(Outbox).values(deadline_at=clock.now() - DAY))
        db.session.commit()
        scheduler.run_once(app, clock.now())
        assert not proof.violations(db.session, clock.now())
    assert states(live, app_on) == {"note:1": MailState.PENDING}
    decide(live, app_on, Choice.ALL)
    assert round_of(live)["deliver"]["sent"] == 1


def test_what_leaves_the_team_is_not_replaced_by_a_digest(on_sqlite, app_on, round_of, inbox):
    live = on_sqlite()
    user_id = colleague(live, app_on)
    without = colleague(live, app_on)
    write(live, f"UPDATE users SET digest_hour = NULL, next_digest_at = NULL WHERE id = {without}")
    post(live, app_on, "note:1", user_id)
    post(live, app_on, "note:2", without)
    post(live, app_on, "thanks:1", category=Category.EXTERNAL)
    app = app_on(live)
    with app.app_context():
        db.session.add(Instance(id=1, install_id="x", sending="paused", paused_reason="restored"))
        db.session.commit()
    decide(live, app_on, Choice.DIGEST)
    round_of(live)
    found = states(live, app_on)
    assert found.pop("note:1") is MailState.CANCELLED
    assert found.pop("note:2") is MailState.SENT
    assert found.pop("thanks:1") is MailState.HELD
    assert list(found.values()) == [MailState.SENT]
