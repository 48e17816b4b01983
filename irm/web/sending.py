"""While sending is paused: why, what waits, and the three ways on. For administrators."""

from flask import Blueprint, current_app, render_template

from irm import clock
from irm.access import Permission, me, require
from irm.db import db
from irm.forms.sending import SendingForm
from irm.i18n import _, _l, _n
from irm.mail import standstill
from irm.mail.standstill import Choice
from irm.web.answers import Answer, back_to, refuse_faults

bp = Blueprint("sending", __name__)

#: Why nothing goes out, by the codes of irm/jobs/whereabouts.py and of a restore.
REASONS = {
    "restored": _l(
        "This is a restored backup. What looks overdue in it may have been sent long ago, by the "
        "irm it was taken from."
    ),
    "copied": _l(
        "This database is a copy, or was moved to another place. If the other one still runs, it "
        "sends these mails too."
    ),
    "went_back": _l(
        "An older copy of the database was put in the place of the one that ran here. What looks "
        "overdue in it may have been sent since."
    ),
    "unwitnessed": _l(
        "Nothing ran here for hours, and nothing tells whether this is a copy. What looks overdue "
        "in it may have been sent by another irm."
    ),
    "person": _l("Somebody stopped all sending with `irm outbox hold`."),
}


@bp.get("/sending")
def index() -> str:
    """Whether mail goes out; where it does not, why, and what waits."""
    require(Permission.ADMINISTER)
    reason, waiting = standstill.reason(db.session), standstill.waiting(db.session, clock.now())
    count = waiting["mails"]
    return render_template(
        "sending/index.html",
        reason=REASONS.get(reason, REASONS["person"]) if reason else None,
        waiting=waiting,
        said={
            "waiting": _n("%(n)s mail waits.", "%(n)s mails wait.", count),
            "send": _n("Send %(n)s mail", "Send all %(n)s mails", count)
            if count
            else _("Let mail go out"),
        },
        has_server=bool(current_app.config["IRM"].smtp_url.get_secret_value()),
    )


@bp.post("/sending")
def decide() -> Answer:
    """Let mail go out again, in one of the three ways."""
    require(Permission.ADMINISTER)
    form = SendingForm()
    refuse_faults(form)
    choice = Choice(form.choice.data)
    count = standstill.decide(db.session, choice, me(), clock.now())
    db.session.commit()
    return back_to("/sending", _SAID[choice](count))


def _said_all(count: int) -> str:
    return _n(
        "Mail goes out again: %(n)s mail waits for its turn.",
        "Mail goes out again: %(n)s mails wait for their turn.",
        count,
    )


def _said_digest(_count: int) -> str:
    return _("Mail goes out again: each colleague gets one digest instead of the old mails.")


def _said_elsewhere(count: int) -> str:
    return _n(
        "Mail goes out again; %(n)s old mail was cancelled.",
        "Mail goes out again; %(n)s old mails were cancelled.",
        count,
    )


_SAID = {
    Choice.ALL: _said_all,
    Choice.DIGEST: _said_digest,
    Choice.ELSEWHERE: _said_elsewhere,
}
