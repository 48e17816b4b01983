"""Addresses that are not written to any more: which, why, and back again."""

import datetime as dt
from dataclasses import dataclass

from flask import Blueprint
from sqlalchemy import select
from werkzeug.wrappers import Response

from irm import clock
from irm.access import Permission, can, here, me, require
from irm.db import db
from irm.errors import NotFound
from irm.i18n import LazyText, _, _l
from irm.mail import bounces
from irm.mail.message import address_hash
from irm.models import BrandMember, Outbox, Suppression, User
from irm.models.outbox import MailState
from irm.web.answers import back_to

bp = Blueprint("suppressions", __name__)

#: Why, in words.
REASONS = {
    "hard_bounce": _l("A mail server said that there is no such address."),
    "soft": _l("Its mailbox did not take five mails within thirty days."),
    "complaint": _l("Its reader called a mail of ours spam."),
    "unsubscribe": _l("Its reader wants no mail."),
    "erased": _l("This person was erased."),
}

#: So many are listed, the newest first.
LISTED = 100


@dataclass(frozen=True, slots=True)
class Barred:
    """An address that is not written to; `address` is empty where only its hash is known."""

    id: int
    address: str
    reason: LazyText | str
    at: dt.datetime
    may_be_trusted: bool


@bp.post("/outbox/addresses/<int:id>/trust")
def trust(id: int) -> Response:
    """Write to an address again."""
    bounces.lift(db.session, _load(id), me(), clock.now())
    db.session.commit()
    return back_to("/outbox", _("Mail goes to this address again."))


def listed() -> list[Barred]:
    """The addresses this user may know of that are not written to."""
    newest = select(Suppression).order_by(Suppression.at.desc(), Suppression.id.desc())
    known = _addresses()
    if not me().is_admin:
        newest = newest.where(Suppression.address_hash.in_(known))
    return [
        Barred(
            id=one.id,
            address=known.get(one.address_hash, ""),
            reason=reason_of(one.reason),
            at=one.at,
            may_be_trusted=one.reason != "erased",
        )
        for one in db.session.scalars(newest.limit(LISTED))
    ]


def reason_of(code: str) -> LazyText | str:
    """Why an address is not written to, in words."""
    return REASONS.get(code, code)


def reason_against(address: str) -> LazyText | str | None:
    """Why this address is not written to; None where it is."""
    found = select(Suppression.reason).where(Suppression.address_hash == address_hash(address))
    code = db.session.scalar(found)
    return reason_of(code) if code else None


def _load(id: int) -> Suppression:
    """Fetch one. Raises NotFound where it is not there or not for this user."""
    require(Permission.OWN_MAIL)
    found = db.session.get(Suppression, id) if id < 2**31 else None
    if found is None or not (me().is_admin or found.address_hash in _addresses()):
        raise NotFound
    return found


def _addresses() -> dict[str, str]:
    """The addresses this user may know of, by their hash: only that is kept in the list."""
    emails = select(User.email)
    if not me().is_admin:
        emails = emails.where(User.id.in_(_colleagues()))
        return {address_hash(email): email for email in db.session.scalars(emails)}
    found = set(db.session.scalars(emails))
    ended = select(Outbox.to_address).where(
        Outbox.state.in_((MailState.SUPPRESSED, MailState.FAILED))
    )
    found |= set(db.session.scalars(ended.distinct().limit(LISTED * 10)))
    return {address_hash(address): address for address in found}


def _colleagues() -> list[int]:
    """Whose mail this user may know of, by irm/web/outbox.py's rule: her own, or the brand's."""
    if not can(Permission.ALL_MAIL):
        return [me().id]
    members = select(BrandMember.user_id).where(BrandMember.brand_id == here().brand_id)
    return [me().id, *db.session.scalars(members)]
