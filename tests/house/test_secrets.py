"""Twelve secrets are planted and used, and then looked for wherever they do not belong."""

import datetime as dt
import html
import io
import logging
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import make
import pyotp
import pytest
import structlog
from pydantic import SecretStr
from sqlalchemy import select, update

from irm.backups import making
from irm.cli.main import irm as group
from irm.config import Settings
from irm.jobs import delivery, reminders
from irm.mail import confidential
from irm.models import MailState, Outbox, Role
from tests.house.asked import READS
from tests.house.rights import TABLE

DAY = dt.timedelta(days=1)
NOW = dt.datetime.now(dt.UTC)
MONDAY = (NOW + (7 - NOW.weekday()) * DAY).replace(hour=10, minute=0)

PASSWORD = "canary-of-a-password"
WRONG = "canary-of-a-wrong-password"
KEY = "tests-only-" + "x" * 32
SMTP, DATABASE, MAILBOX = "canary-smtp", "canary-database", "canary-mailbox"


@pytest.fixture
def backend():
    """One database: what is written down is the same on both."""
    return "sqlite"


@pytest.fixture
def logged():
    """Everything that is logged, debugging included."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=lambda *_given: structlog.PrintLogger(stream),
    )
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)
    structlog.reset_defaults()


class Story:
    """Ana signs in and does everything that has to do with a secret; `secrets` grows by it."""

    def __init__(self, app, session, saved):
        self.app, self.session = app, session
        urls = {
            "smtp_url": SecretStr(f"smtp://irm:{SMTP}@127.0.0.1:9"),
            "bounces_url": SecretStr(f"imaps://irm:{MAILBOX}@127.0.0.1:9/INBOX"),
        }
        app.config["IRM"] = app.config["IRM"].model_copy(update=urls)
        due = {"next_digest_at": MONDAY - DAY, "email": "ana@example.com"}
        user = make.user(name="Ana", is_admin=True, **due)
        self.lead = saved(make.member(Role.LEAD, user=user))
        self.card = saved(make.relationship(brand=self.lead.brand, owner=user))
        on = {"owner": user, "due_on": MONDAY.date()}
        saved(make.touchpoint(relationship=self.card, **on))
        self.client = app.test_client()
        self.pages: dict[str, str] = {}
        self.secrets = {
            "secret key": KEY,
            "password of the mail server": SMTP,
            "password of the mailbox": MAILBOX,
            "password": PASSWORD,
            "wrong password": WRONG,
        }

    def letter(self, name, pattern):
        asked = select(Outbox.body_text).where(Outbox.letter == name).order_by(Outbox.id.desc())
        return re.search(pattern, self.session.scalars(asked).first())[1]

    def tell(self):
        email = self.lead.user.email
        self.client.post("/login", data={"email": email, "password": WRONG})
        self.client.post("/forgot", data={"email": email})
        token = self.letter("reset", r"/reset/(\S+)")
        self.secrets["link to a new password"] = token
        self.client.get(f"/reset/{token}")
        self.client.post("/reset", data={"password": PASSWORD})
        self.client.post("/login", data={"email": email, "password": PASSWORD})
        with self.client.session_transaction() as cookie:
            self.secrets["session"] = cookie["token"]

        self.client.post("/settings/sign-in/factor")
        page = html.unescape(self.client.get("/settings/sign-in/factor").text)
        spelled = re.search(r">\s*((?:[A-Z2-7]{4} ?){8,})\s*<", page)[1]
        self.secrets["secret of the app"] = spelled.replace(" ", "")
        code = pyotp.TOTP(self.secrets["secret of the app"]).now()
        page = self.client.post("/settings/sign-in/factor/confirm", data={"code": code}).text
        self.secrets["recovery code"] = re.search(r"[>\n]([a-z0-9]{5}-[a-z0-9]{5})[<\n]", page)[1]
        with self.client.session_transaction() as cookie:
            self.secrets["session after the second step"] = cookie["token"]

        page = self.client.post("/settings/calendar").text
        self.secrets["address of the calendar"] = re.search(r"/calendar/([\w-]{43})\.ics", page)[1]
        self.app.test_client().get(f"/calendar/{self.secrets['address of the calendar']}.ics")
        invited_to = {"name": "Mira", "email": "mira@example.com", "role": "viewer", "locale": "en"}
        where = "/settings/invitations"
        self.client.post(where, data={**invited_to, "brands": self.lead.brand_id})
        token = self.letter("invitation", r"/invitation/(\S+)")
        self.secrets["link of an invitation"] = token
        self.app.test_client().get(f"/invitation/{token}")
        with self.app.app_context():
            reminders.remind(MONDAY)
        self.session.commit()
        self.secrets["link of a mail"] = self.letter("digest", r"/act/(\S+)")
        self.client.get(f"/act/{self.secrets['link of a mail']}")
        cookie = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        self.secrets["cookie"] = cookie.value


@pytest.fixture
def story(app, session, saved, logged):
    told = Story(app, session, saved)
    told.tell()
    return told


def found(secrets, text, but=()):
    """The names of the secrets that a text holds."""
    return [name for name, secret in secrets.items() if secret in text and name not in but]


def test_twelve_secrets_stand_nowhere_but_where_they_belong(
    app, session, story, logged, capsys, tmp_path, monkeypatch
):
    secrets = story.secrets
    assert len(set(secrets.values())) == len(secrets) >= 12
    assert all(len(secret) > 10 for secret in secrets.values())
    wrong = []

    # Mails: each secret in its own letter alone.
    own = {
        "reset": {"link to a new password"},
        "invitation": {"link of an invitation"},
        "digest": {"link of a mail"},
    }
    for mail in session.scalars(select(Outbox)):
        held = found(secrets, f"{mail.subject}{mail.body_text}{mail.body_html}{mail.headers}")
        wrong += [(mail.letter, one) for one in held if one not in own.get(mail.letter, ())]

    # Pages, failures and files, as an administrator; no mail with a secret is shown.
    rules = {rule.endpoint: rule.rule for rule in app.url_map.iter_rules()}
    ids = {"influencer": story.card.influencer_id, "relationship": story.card.id}
    mails = session.scalars(select(Outbox.id)).all()
    digest = session.scalars(select(Outbox.id).where(Outbox.letter == "digest")).one()
    for endpoint in READS:
        kind = TABLE[endpoint, "GET"][0]
        for id in mails if kind == "mail" else [ids.get(kind, 1)]:
            address = rules[endpoint].replace("<int:id>", str(id)).replace("<word>", "aware")
            page = story.client.get(address)
            # She reads her own digest on its page, links and all.
            but = {"link of a mail"} if (endpoint, id) == ("outbox.show", digest) else ()
            wrong += [(address, one) for one in found(secrets, str(page.headers) + page.text, but)]
    assert story.client.get("/settings/profile").status_code == 200
    audit = story.client.post(rules["audits.export"], data={"of": "all"})
    dossier = story.client.post(f"/influencers/{story.card.influencer_id}/dossier")
    assert (audit.mimetype, dossier.mimetype) == ("text/csv", "application/zip")
    with zipfile.ZipFile(io.BytesIO(dossier.data)) as file:
        files = "".join(file.read(name).decode() for name in file.namelist())
    wrong += [("audit", one) for one in found(secrets, audit.text)]
    wrong += [("dossier", one) for one in found(secrets, files)]

    def fail(*_given, **_more):
        raise RuntimeError("broken on purpose")

    monkeypatch.setitem(app.view_functions, "auth.sign_in", fail)
    broken = story.client.post("/login", data={"email": "a@b.example", "password": PASSWORD})
    assert broken.status_code == 500
    wrong += [("failure", one) for one in found(secrets, broken.text)]

    # The server refuses every mail; then all are gone, and their secrets with them.
    with app.app_context():
        delivery.deliver(NOW + DAY)
    session.execute(update(Outbox).values(state=MailState.SENT))
    session.commit()
    confidential.blank(session, NOW)
    session.commit()

    with app.app_context():
        group.main(["doctor"], standalone_mode=False)
    told = capsys.readouterr()
    wrong += [("doctor", one) for one in found(secrets, told.out + told.err)]

    made = making.make(app.config["IRM"], tmp_path / "backup.zip", NOW)
    with zipfile.ZipFile(made.path) as file:
        for name in file.namelist():
            # The key is what a restore needs; the digest is a mail, which is kept as it was sent.
            but = {"secret_key": {"secret key"}, "database": {"link of a mail"}}.get(name, ())
            held = found(secrets, file.read(name).decode("latin-1"), but)
            wrong += [(f"backup: {name}", one) for one in held]
        parts = set(file.namelist())
    assert parts == {"manifest.json", "database", "secret_key"}
    assert made.path.stat().st_mode & 0o077 == 0
    assert "broken on purpose" in logged.getvalue()
    wrong += [("log", one) for one in found(secrets, logged.getvalue())]
    assert wrong == []


@pytest.mark.parametrize("arguments", [["doctor"], ["db", "upgrade"]])
def test_a_database_that_cannot_be_reached_is_named_without_its_password(tmp_path, arguments):
    url = f"postgresql://irm:{DATABASE}@127.0.0.1:9/irm"
    settings = {"IRM_DATABASE_URL": url, "IRM_DATA_DIR": str(tmp_path), "IRM_SECRET_KEY": KEY}
    program = Path(sys.executable).parent / "irm"
    done = subprocess.run(
        [program, *arguments],
        env={**os.environ, **settings},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stdout + done.stderr
    assert done.returncode != 0
    assert "127.0.0.1" in told or "database" in told.lower()
    assert (DATABASE in told, KEY in told) == (False, False)


def test_settings_that_are_printed_hide_every_secret(tmp_path):
    given = {
        "database_url": f"postgresql://irm:{DATABASE}@127.0.0.1:9/irm",
        "smtp_url": f"smtp://irm:{SMTP}@127.0.0.1:9",
        "bounces_url": f"imaps://irm:{MAILBOX}@127.0.0.1:9/INBOX",
        "secret_key": KEY,
    }
    settings = Settings(_env_file=None, data_dir=tmp_path, **given)
    assert [one for one in (DATABASE, SMTP, MAILBOX, KEY) if one in f"{settings!r}{settings}"] == []
