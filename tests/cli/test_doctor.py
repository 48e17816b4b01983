"""`irm doctor`: one line for each check, what to do, and never a traceback."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import make
import pytest
from factored import factor
from post_office import Inbox, free_port, password_check
from pydantic import SecretStr
from sqlalchemy import text

from irm import clock
from irm.cli.checks import machine, registry, store
from irm.mail import bounces
from irm.models import Instance, Outbox, Tick
from irm.web import installation

ROOT = Path(__file__).parents[2]


@pytest.fixture
def set_to(app):
    """Change settings for this test."""

    def change(**given):
        app.config["IRM"] = app.config["IRM"].model_copy(update=given)

    return change


@pytest.fixture
def checked(command):
    """Run the doctor; return its status and what each check found."""

    def run(*arguments):
        status, out, _err = command("doctor", "--json", *arguments)
        found = json.loads(out)
        return status, {one["name"]: one for one in found["checks"]}

    return run


@pytest.fixture
def beating(saved):
    """A worker that was just seen."""
    now = clock.now()
    saved(Tick(name="heartbeat", last_started=now, last_finished=now, last_ok=now))


def test_a_healthy_installation_passes(checked, beating, set_to, app, backend):
    folder = app.config["IRM"].data_dir / "backups"
    folder.mkdir(exist_ok=True)
    (folder / "irm-1.db").write_bytes(b"x")
    with Inbox() as inbox:
        set_to(
            smtp_url=SecretStr(inbox.url),
            mail_from="irm <irm@acme.example>",
            public_url="https://irm.acme.example",
        )
        status, found = checked()
        assert not inbox.taken
    # The tests' own PostgreSQL does not wait for the disk; that is what the doctor is for.
    faults = {name for name, one in found.items() if one["state"] != "ok"}
    assert faults == (set() if backend == "sqlite" else {"durability"})
    assert status == (0 if backend == "sqlite" else 1)
    assert ("journal" in found, "durability" in found) == (backend == "sqlite", backend != "sqlite")


def test_each_line_says_state_check_and_what_to_do(command):
    status, out, err = command("doctor")
    assert status == 1
    assert err == ""
    lines = out.splitlines()
    assert all(line[:4].strip() in ("ok", "warn", "fail") for line in lines)
    [worker] = [line for line in lines if line[4:].split()[0] == "worker"]
    assert worker.startswith("fail")
    assert "→ Start `irm serve`" in worker


def test_what_waits_for_a_person_is_found(checked, saved, session, app, beating):
    user = saved(make.user())
    now = clock.now()
    saved(Instance(id=1, install_id="x", sending="paused", paused_reason="restored"))
    saved(Tick(name="remind", last_started=now, last_finished=now, last_error="RuntimeError: x"))
    for number, state in enumerate(("held", "failed", "sent")):
        saved(
            Outbox(
                dedupe_key=f"k{number}",
                message_id=f"<{number}@x>",
                letter="digest",
                to_address=user.email,
                subject="s",
                body_text="t",
                body_html="h",
                category="team",
                doubt_policy="resend",
                state=state,
                not_before=now,
                deadline_at=now,
                created_at=now,
            )
        )
    bounces.suppress(session, user.email.upper(), "hard_bounce", now)
    session.commit()

    _status, found = checked()

    assert found["sending"]["state"] == "warn"
    assert "restored" in found["sending"]["said"]
    assert found["jobs"]["said"] == "Jobs fail: Write digests (RuntimeError: x)"
    assert "is tried again by itself" in found["jobs"]["advice"]
    assert "decision: 1; that failed in a week: 1" in found["undecided"]["said"]
    assert user.email in found["addresses"]["said"]
    # Sent, and no server ever took it.
    assert "sent_without_acceptance" in found["outbox-audit"]["said"]


def test_a_worker_that_is_gone_is_found(checked, saved):
    gone = clock.now() - dt.timedelta(minutes=3)
    saved(Tick(name="heartbeat", last_started=gone, last_finished=gone))
    assert checked()[1]["worker"]["state"] == "fail"


def test_the_mail_server_is_asked_and_its_refusal_explained(checked, set_to):
    check = password_check(b"irm", b"right")
    with Inbox(authenticator=check, auth_require_tls=False) as inbox:
        set_to(smtp_url=SecretStr(inbox.url.replace("://", "://irm:wrong@")))
        _status, found = checked()
    assert found["mail-server"]["state"] == "fail"
    assert "535" in found["mail-server"]["said"]
    assert "user or password" in found["mail-server"]["advice"]
    set_to(smtp_url=SecretStr(f"smtp://127.0.0.1:{free_port()}"))
    assert "Nothing listens" in checked()[1]["mail-server"]["advice"]


def test_in_production_more_must_hold(checked, saved, set_to):
    saved(make.brand(is_demo=True))
    status, found = checked("--deploy")
    assert status == 1
    for name in ("https", "cookies", "demo", "encrypted-mail", "real-sender", "administrators"):
        assert found[name]["state"] == "fail", name
        assert found[name]["advice"], name
    set_to(public_url="https://irm.acme.example")
    assert checked("--deploy")[1]["proxies"]["state"] == "fail"
    set_to(smtp_url=SecretStr("smtps://mail.nowhere.invalid"), trusted_proxies=1)
    found = checked("--deploy")[1]
    assert (found["https"]["state"], found["proxies"]["state"]) == ("ok", "ok")
    assert found["encrypted-mail"]["state"] == "ok"


def test_administrators_need_a_second_step(checked, saved):
    saved(make.user())
    assert checked("--deploy")[1]["second-steps"]["state"] == "ok"
    boss = saved(make.user(is_admin=True, email="boss@example.com"))
    found = checked("--deploy")[1]["second-steps"]
    assert (found["state"], "boss@example.com" in found["said"]) == ("fail", True)
    saved(factor(boss))
    assert checked("--deploy")[1]["second-steps"]["state"] == "ok"


@pytest.mark.parametrize(
    ("hours", "state"), [(1, "ok"), (25, "ok"), (27, "warn")], ids=["new", "of-the-night", "old"]
)
def test_a_backup_of_last_night_is_wanted(checked, app, hours, state):
    folder = app.config["IRM"].data_dir / "backups"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    file = folder / "irm-1.db"
    file.write_bytes(b"x")
    at = clock.now().timestamp() - hours * 3600
    os.utime(file, (at, at))
    assert checked()[1]["backups"]["state"] == state


def test_a_folder_that_others_may_enter_is_found(checked, app):
    folder = app.config["IRM"].data_dir
    before = folder.stat().st_mode
    try:
        for mode, state in ((0o700, "ok"), (0o750, "warn"), (0o770, "fail")):
            folder.chmod(mode)
            assert checked()[1]["data-folder"]["state"] == state
    finally:
        folder.chmod(before)


MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / /srv/share rw,relatime shared:2 - nfs4 server:/x rw
41 40 8:2 / /srv/share/local\\040disk rw - xfs /dev/sdb rw
42 22 0:36 / /mnt rw - fuse.sshfs me@host: rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/irm", "ext4"),
        ("/srv/share/irm", "nfs4"),
        ("/srv/share/local disk/irm", "xfs"),
        ("/mnt/irm", "fuse.sshfs"),
        ("/srv/shared", "ext4"),
    ],
)
def test_the_file_system_of_a_folder_is_known(path, kind):
    assert machine.file_system(Path(path), MOUNTS) == kind


def test_sqlite_on_a_network_share_fails(checked, monkeypatch, backend):
    monkeypatch.setattr(machine, "file_system", lambda _path: "nfs4")
    assert checked()[1]["local-disk"]["state"] == ("fail" if backend == "sqlite" else "warn")


def test_a_clock_before_the_program_was_made_fails(checked, monkeypatch):
    monkeypatch.setattr(machine, "RELEASED", dt.date(2100, 1, 1))
    assert checked()[1]["clock-is-right"]["state"] == "fail"


def test_a_clock_that_differs_from_the_databases_fails(checked, monkeypatch):
    away = clock.now() + dt.timedelta(minutes=5)
    monkeypatch.setattr(installation, "clock_of_the_database", lambda *_given: away)
    assert checked()[1]["clock-is-right"]["state"] == "fail"


def test_a_check_that_breaks_is_a_finding_and_the_next_ones_are_run(checked, monkeypatch):
    def broken(ground):
        ground.session.execute(text("SELECT nonsense FROM nowhere"))

    monkeypatch.setattr(registry, "ALWAYS", (broken, store.database))
    status, found = checked()
    assert status == 1
    assert "could not be looked at" in found["broken"]["said"]
    assert "nonsense" in found["broken"]["said"] or "nowhere" in found["broken"]["said"]
    assert found["database"]["state"] == "ok"


def test_no_two_checks_have_one_name():
    names = [registry.name_of(check) for check in (*registry.ALWAYS, *registry.DEPLOY)]
    assert len(set(names)) == len(names)
    assert all(check.__doc__ for check in (*registry.ALWAYS, *registry.DEPLOY))


@pytest.mark.parametrize(
    ("broken", "status"),
    [
        ({"IRM_DATABASE_URL": "postgresql://x@127.0.0.1:9/x"}, 1),
        ({"IRM_SMTP_URL": "nonsense"}, 1),
        ({"IRM_DATA_DIR": "/proc/nowhere"}, 1),
        ({}, 1),
    ],
    ids=["no-database", "wrong-setting", "no-folder", "empty"],
)
def test_a_broken_installation_gets_sentences_and_no_traceback(tmp_path, broken, status):
    environment = {**os.environ, "IRM_DATA_DIR": str(tmp_path / "data"), **broken}
    done = subprocess.run(
        [sys.executable, "-m", "irm.cli.main", "doctor"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == status
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout or len(done.stderr.splitlines()) == 1


def test_a_damaged_database_is_said_so(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "irm.db").write_bytes(b"no database at all" * 1000)
    done = subprocess.run(
        [sys.executable, "-m", "irm.cli.main", "doctor"],
        cwd=ROOT,
        env={**os.environ, "IRM_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert "not a database" in done.stdout


def test_a_test_mail_is_sent_and_shown(command, set_to):
    with Inbox() as inbox:
        set_to(smtp_url=SecretStr(inbox.url))
        status, out, _err = command("doctor", "--mail", "ana@example.com")
    assert status == 0
    assert inbox.recipients == ["ana@example.com"]
    assert inbox.mails[0]["Subject"] == "irm: a test, mail arrives"
    assert "> rcpt TO:<ana@example.com>" in out
    assert "< 354" in out
    assert "The server took the test." in out


def test_a_test_mail_that_is_refused_says_what_to_do(command, set_to):
    with Inbox() as inbox:
        inbox.says = {"rcpt": "550 5.7.1 relaying denied"}
        set_to(smtp_url=SecretStr(inbox.url))
        status, out, _err = command("doctor", "--mail", "ana@example.com", "--json")
    found = json.loads(out)
    assert (status, found["sent"], found["stage"]) == (1, False, "rcpt")
    assert "does not pass on mail" in found["advice"]


@pytest.mark.parametrize("address", ["nobody", "zoé@example.com", "a b@example.com", ""])
def test_no_test_goes_to_what_is_no_address(command, set_to, address):
    set_to(smtp_url=SecretStr("smtp://127.0.0.1:9"))
    status, out, err = command("doctor", "--mail", address)
    assert (status, out) == (1, "")
    assert "is not an address" in err


def test_without_a_mail_server_there_is_nothing_to_test(command):
    assert command("doctor", "--mail", "ana@example.com")[0] == 1
