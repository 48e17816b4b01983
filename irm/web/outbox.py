"""The mails irm wrote: what was sent, what waits, and what needs a decision."""

from flask import Blueprint, current_app, render_template, request
from sqlalchemy import ColumnElement, or_, select, true
from werkzeug.wrappers import Response

from irm import clock
from irm.access import Permission, can, here, me, memberships, require
from irm.db import db
from irm.directory import signatures
from irm.errors import NotFound
from irm.i18n import _, _l
from irm.mail import doubt
from irm.models import Bounce, BounceKind, BrandMember, Category, MailState, Outbox, OutboxAttempt
from irm.models.base import Rows
from irm.web import filters, mail_faults, suppressions
from irm.web.answers import back_to

bp = Blueprint("outbox", __name__)

#: What came of a try, in words.
OUTCOMES = {
    "accepted": _l("The server took it"),
    "deferred": _l("The server said: later"),
    "refused": _l("The server said: never"),
    "unknown": _l("No answer came back"),
    "expired": _l("Its time had run out"),
}

#: Mails on one page.
PAGE = 50


@bp.get("/outbox")
def index() -> str:
    """The newest mails this user may know of, of one state if asked."""
    require(Permission.OWN_MAIL)
    state = filters.word(MailState, "state")
    statement = _listed().where(_visible())
    if state is not None:
        statement = statement.where(Outbox.state == state)
    before = request.args.get("before", "")
    if before.isdecimal() and len(before) < 10:
        statement = statement.where(Outbox.id < int(before))
    found = db.session.execute(statement.limit(PAGE + 1)).all()
    return render_template(
        "outbox/index.html",
        mails=found[:PAGE],
        faults=mail_faults.of_mails(found[:PAGE]),
        more=found[PAGE - 1].id if len(found) > PAGE else None,
        state=state,
        states=list(MailState),
        has_server=_has_server(),
        # What is filtered or turned over is about mails.
        barred=suppressions.listed() if state is None and not before else [],
    )


@bp.get("/outbox/<int:id>")
def show(id: int) -> str:
    """One mail: what became of it, every try, and its text where the user may read it."""
    mail = _load(id)
    tries = select(OutboxAttempt).where(OutboxAttempt.outbox_id == id).order_by(OutboxAttempt.id)
    return render_template(
        "outbox/show.html",
        mail=mail,
        fault=mail_faults.of_mails([mail]).get(id, ""),
        tries=db.session.scalars(tries).all(),
        has_server=_has_server(),
        said=_said(mail),
        is_secret=mail.category is Category.SECURITY,
        outcomes=OUTCOMES,
        returned=db.session.scalars(
            select(Bounce).where(Bounce.outbox_id == id).order_by(Bounce.id)
        ).all(),
        barred_because=suppressions.reason_against(mail.to_address),
    )


@bp.post("/outbox/<int:id>/arrived")
def arrived(id: int) -> Response:
    """Count a mail in doubt as sent."""
    doubt.say_arrived(db.session, _load(id).id, me(), clock.now())
    db.session.commit()
    return back_to(f"/outbox/{id}", _("The mail counts as sent."))


@bp.post("/outbox/<int:id>/send")
def send(id: int) -> Response:
    """Send a held or failed mail (again)."""
    doubt.send_again(db.session, _load(id).id, me(), clock.now())
    db.session.commit()
    return back_to(f"/outbox/{id}", _("The mail goes out with the next round."))


def _listed() -> Rows:
    return (
        select(
            Outbox.id,
            Outbox.state,
            Outbox.subject,
            Outbox.to_address,
            Outbox.created_at,
            Outbox.sent_at,
            Outbox.not_before,
            Outbox.attempts,
            select(Bounce.id)
            .where(Bounce.outbox_id == Outbox.id, Bounce.kind != BounceKind.DELAYED)
            .exists()
            .label("came_back"),
        )
        .select_from(Outbox)
        .order_by(Outbox.id.desc())
    )


def _visible() -> ColumnElement[bool]:
    """Which mails the user may know of: all, those of the brand's people, or her own."""
    if me().is_admin:
        return true()
    own = Outbox.user_id == me().id
    if not can(Permission.ALL_MAIL):
        return own
    brand_id = here().brand_id
    colleagues = select(BrandMember.user_id).where(BrandMember.brand_id == brand_id)
    return or_(own, Outbox.brand_id == brand_id, Outbox.user_id.in_(colleagues))


def _load(id: int) -> Outbox:
    """Fetch a mail. Raises NotFound where it is not there or not for this user."""
    require(Permission.OWN_MAIL)
    if id >= 2**31:
        raise NotFound
    mail = db.session.scalar(select(Outbox).where(Outbox.id == id, _visible()))
    if mail is None:
        raise NotFound
    return mail


def _said(mail: Outbox) -> str | None:
    """The text of a mail, as far as the user may read it: a link in it acts for its recipient."""
    if not _may_read(mail):
        return None
    return mail.body_text if mail.user_id == me().id else signatures.cut(mail.body_text)


def _may_read(mail: Outbox) -> bool:
    """Whether the user may read the text: a colleague's may tell of brands that are not hers.

    A security letter may hold a link that opens an account: its text is shown to nobody, not even
    to its recipient, at whose open browser somebody else may sit.
    """
    if mail.category is Category.SECURITY:
        return False
    if me().is_admin or mail.user_id in (me().id, None):
        return True
    led = {one.brand_id for one in memberships() if can(Permission.ALL_MAIL, one.brand_id)}
    return set(mail.tells_of) <= led


def _has_server() -> bool:
    return bool(current_app.config["IRM"].smtp_url.get_secret_value())
