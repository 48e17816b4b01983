"""Trying the mail server: an administrator has a test sent to herself, and sees what was said."""

from flask import Blueprint, current_app, render_template
from werkzeug.wrappers import Response

from irm import clock
from irm.access import Permission, me, require
from irm.config import Settings
from irm.db import db
from irm.errors import Refused
from irm.i18n import _l
from irm.mail import trial
from irm.mail.server import Server, server_of
from irm.models import ChannelHealth
from irm.web import mail_faults

bp = Blueprint("mail_trial", __name__)

#: How the line is kept secret, in words.
WAYS = {
    "implicit": _l("encrypted from the start"),
    "required": _l("encrypted by STARTTLS, or not at all"),
    "offered": _l("encrypted where the server offers it"),
    "off": _l("not encrypted"),
}


@bp.get("/status/mail")
def show() -> str:
    """Where mail goes out, and a button that tries it."""
    require(Permission.ADMINISTER)
    return _page(None)


@bp.post("/status/mail")
def send() -> str | Response:
    """Send the test letter to whoever asked, at once, and show what was said.

    It takes seconds: irm/mail/trial.py is impatient.
    """
    require(Permission.ADMINISTER)
    server, settings, user = _server(), _settings(), me()
    if server is None:
        raise Refused(_l("No mail server is set (IRM_SMTP_URL): there is nothing to test."))
    mail = trial.letter(settings, user.email, user.name, user.locale, user.timezone)
    # Whoever talks to a server holds no transaction.
    db.session.commit()
    result = trial.send(server, mail.sender, user.email, mail.data)
    return _page(result)


def _page(result: trial.Result | None) -> str:
    settings = _settings()
    return render_template(
        "status/mail.html",
        server=_server(),
        ways=WAYS,
        sender=settings.mail_from,
        header=settings.smtp_idempotency_header,
        reads_bounces=bool(settings.bounces_url.get_secret_value()),
        channel=(channel := db.session.get(ChannelHealth, "smtp")),
        channel_fault=mail_faults.of_channel(channel),
        result=result,
        tried_at=clock.now() if result else None,
    )


def _settings() -> Settings:
    settings: Settings = current_app.config["IRM"]
    return settings


def _server() -> Server | None:
    url = _settings().smtp_url.get_secret_value()
    return server_of(url) if url else None
