"""What came back is held against the mails we sent: only then it counts, and once.

Anybody can write a bounce. It is believed where it names the Message-ID of a mail of ours that was
handed over, which none but its recipient and the servers between us know, and its recipient.
"""

import datetime as dt
from typing import Any

from sqlalchemy import delete, distinct, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm import audit
from irm.audit import Action
from irm.errors import Refused
from irm.i18n import _l
from irm.mail.message import address_hash
from irm.mail.reports import Report
from irm.models import Bounce, BounceKind, MailState, Outbox, Suppression, User

#: So many mails of this span that the mailbox did not take, and we stop writing to it.
PATIENCE = dt.timedelta(days=30)
STRIKES = 5

#: Why an address is not written to any more, by what came back.
REASONS = {BounceKind.HARD: "hard_bounce", BounceKind.COMPLAINT: "complaint"}

#: These ended without a mail on its way; what reports one of them is forged.
_NEVER_SENT = (MailState.CANCELLED, MailState.SUPPRESSED)


def take(session: Session, report: Report, now: dt.datetime) -> BounceKind | None:
    """Write down what a report says of a mail of ours, and stop writing to its address if need be.

    None where it is about none of ours, or came before. The caller commits.
    """
    sent = select(Outbox.id, Outbox.to_address).where(
        Outbox.message_id.in_(report.message_ids),
        Outbox.attempts > 0,
        Outbox.state.not_in(_NEVER_SENT),
    )
    for mail in session.execute(sent).all():
        if mail.to_address.casefold() not in report.recipients:
            continue
        if not _note(session, report, mail.id, now):
            continue
        if report.kind in REASONS:
            suppress(session, mail.to_address, REASONS[report.kind], now)
        elif report.kind is BounceKind.SOFT and _strikes(session, mail.to_address, now) >= STRIKES:
            suppress(session, mail.to_address, "soft", now)
        return report.kind
    return None


def suppress(session: Session, address: str, reason: str, now: dt.datetime) -> None:
    """Write to an address no more; it keeps the first reason it had."""
    values = {"address_hash": address_hash(address), "reason": reason, "at": now}
    statement = _insert(session)(Suppression).values(**values)
    session.execute(statement.on_conflict_do_nothing(index_elements=["address_hash"]))


def lift(session: Session, suppression: Suppression, user: User, at: dt.datetime) -> None:
    """Let an address be written to again; what came back so far no longer counts against it.

    Raises Refused where the person behind it was erased: they are not written to any more.
    """
    if suppression.reason == "erased":
        raise Refused(_l("This person was erased: nobody writes to them any more."))
    hashed = suppression.address_hash
    ids = [
        row.id
        for row in session.execute(
            select(Bounce.id, Outbox.to_address)
            .join(Outbox, Outbox.id == Bounce.outbox_id)
            .where(Bounce.kind == BounceKind.SOFT, Bounce.at >= at - PATIENCE)
        )
        if address_hash(row.to_address) == hashed
    ]
    session.execute(update(Bounce).where(Bounce.id.in_(ids)).values(is_forgiven=True))
    session.execute(delete(Suppression).where(Suppression.id == suppression.id))
    audit.record(session, user, Action.ADDRESS_TRUSTED, at, suppression_id=suppression.id)


def _note(session: Session, report: Report, outbox_id: int, now: dt.datetime) -> bool:
    """Keep the report; False where it came before."""
    statement = _insert(session)(Bounce).values(
        report_key=report.key,
        outbox_id=outbox_id,
        kind=report.kind,
        status=report.status[:20],
        text=report.text[:500],
        at=now,
        is_forgiven=False,
    )
    once = statement.on_conflict_do_nothing(index_elements=["report_key", "outbox_id"])
    return session.scalar(once.returning(Bounce.id)) is not None


def _strikes(session: Session, address: str, now: dt.datetime) -> int:
    """How many mails to an address its mailbox did not take lately."""
    counted = (
        select(func.count(distinct(Bounce.outbox_id)))
        .join(Outbox, Outbox.id == Bounce.outbox_id)
        .where(
            Bounce.kind == BounceKind.SOFT,
            Bounce.at >= now - PATIENCE,
            ~Bounce.is_forgiven,
            func.lower(Outbox.to_address) == address.lower(),
        )
    )
    return session.scalar(counted) or 0


def _insert(session: Session) -> Any:
    dialect = session.get_bind().dialect.name
    return postgresql.insert if dialect == "postgresql" else sqlite.insert
