"""What a person decides about the mails that waited while sending was paused.

Send them all; or one digest for each colleague instead; or nothing, as somebody else did it.
"""

import datetime as dt
import enum
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, CursorResult, and_, func, or_, select, true, update
from sqlalchemy.orm import Session

from irm import audit
from irm.audit import Action
from irm.errors import Done
from irm.funnel import digest, happened
from irm.i18n import _l
from irm.mail import doubt
from irm.mail.outbox import PATIENCE
from irm.models import Category, Instance, MailState, NoticeMark, Outbox, User

#: What has not gone out.
WAITING = (MailState.PENDING, MailState.CLAIMED)

#: What a cancelled or held mail says of why, beside who decided it.
INSTEAD = "digest_instead"
ELSEWHERE = "elsewhere"


class Choice(enum.StrEnum):
    """The three ways to let sending go on."""

    ALL = "all"
    DIGEST = "digest"
    ELSEWHERE = "elsewhere"


def reason(session: Session) -> str | None:
    """Why no mail goes out, as a code; None where mail goes out."""
    row = session.execute(select(Instance.sending, Instance.paused_reason).limit(1)).one_or_none()
    if row is None or row.sending != "paused":
        return None
    return str(row.paused_reason or "person")


def waiting(session: Session, now: dt.datetime) -> dict[str, Any]:
    """How many mails wait, for how many colleagues, and since when the oldest does."""
    row = session.execute(
        select(
            func.count(Outbox.id),
            func.count(Outbox.user_id.distinct()),
            func.min(Outbox.not_before),
        ).where(_waits(now))
    ).one()
    return {"mails": row[0], "colleagues": row[1], "since": row[2]}


def decide(session: Session, choice: Choice, user: User | None, now: dt.datetime) -> int:
    """Let mail go out again, after the mails that wait were dealt with; returns how many did.

    Raises Done where sending is not paused any more: somebody decided already.
    """
    held = session.execute(
        update(Instance)
        .where(Instance.sending == "paused")
        .values(sending="on", paused_reason=None)
        .execution_options(synchronize_session=False)
    )
    if not cast("CursorResult[Any]", held).rowcount:
        raise Done(_l("Sending is not paused any more: somebody decided already."))
    count = int(waiting(session, now)["mails"])
    if choice is Choice.ALL:
        _send_all(session, now)
    elif choice is Choice.DIGEST:
        _one_digest(session, user, now)
        _pass_over(session, User.digest_hour.is_not(None))
    else:
        _close(session, _waits(now), MailState.CANCELLED, ELSEWHERE, user)
        # And the digests that are due but not written: the next is tomorrow's.
        due = and_(User.next_digest_at.is_not(None), User.next_digest_at <= now)
        _change_users(session, due, None)
        _pass_over(session, true())
    audit.record(session, user, Action.SENDING_DECIDED, now, choice=choice.value, mails=count)
    return count


def _pass_over(session: Session, whom: ColumnElement[bool]) -> None:
    """What happened so far is told to these colleagues by no letter: a copy would tell it again."""
    for stream in (happened.ASSIGNED, happened.WRITTEN, happened.REWRITTEN):
        mine = NoticeMark.user_id.in_(select(User.id).where(whom))
        session.execute(
            update(NoticeMark)
            .where(NoticeMark.stream == stream, mine)
            .values(upto=happened.last(session, stream)),
            execution_options={"synchronize_session": False},
        )


def _waits(now: dt.datetime) -> ColumnElement[bool]:
    """What waits, and what was on its way when the copy was made: nobody here sends that."""
    left = and_(Outbox.state == MailState.SENDING, Outbox.marked_at < now - doubt.GRACE)
    return or_(Outbox.state.in_(WAITING), left)


def _send_all(session: Session, now: dt.datetime) -> None:
    """All go out; those whose time ran out while they waited get another. A link that ran out, no.

    What was on its way when the copy was made is in doubt, and settled as every doubt.
    """
    late = and_(
        Outbox.state == MailState.PENDING,
        Outbox.category != Category.SECURITY,
        Outbox.deadline_at < now + doubt.GRACE,
    )
    _change(session, late, deadline_at=now + PATIENCE)


def _one_digest(session: Session, user: User | None, now: dt.datetime) -> None:
    """Each colleague gets the digest of her present day, and none of the mails that waited.

    A digest of that day that waits already is that one. Who wants no digest gets her mails: else
    she would get nothing. What leaves the team waits for a person, mail by mail.
    """
    of_team = and_(_waits(now), Outbox.category == Category.TEAM)
    found = select(User.id, User.timezone, User.digest_hour).where(User.is_active)
    has_mail = User.id.in_(select(Outbox.user_id).where(of_team))
    is_due = User.next_digest_at <= now
    for one in session.execute(found.where(User.digest_hour.is_not(None), has_mail | is_due)).all():
        key = digest.key_of(one.id, now.astimezone(ZoneInfo(one.timezone)).date())
        theirs = and_(of_team, Outbox.user_id == one.id)
        _close(session, and_(theirs, Outbox.dedupe_key != key), MailState.CANCELLED, INSTEAD, user)
        _change_users(session, User.id == one.id, now)
    outside = Outbox.category.in_((Category.EXTERNAL, Category.CAMPAIGN))
    _close(session, and_(_waits(now), outside), MailState.HELD, INSTEAD, user)
    _send_all(session, now)


def _close(
    session: Session,
    which: ColumnElement[bool],
    state: MailState,
    note: str,
    user: User | None,
) -> None:
    by = user.id if user else None
    _change(
        session,
        which,
        state=state,
        claim_token=None,
        lease_until=None,
        resolved_by_id=by,
        resolved_note=note,
    )


def _change(session: Session, which: ColumnElement[bool], **values: Any) -> None:
    statement = update(Outbox).where(which).values(**values)
    session.execute(statement.execution_options(synchronize_session=False))


def _change_users(session: Session, which: ColumnElement[bool], moment: dt.datetime | None) -> None:
    statement = update(User).where(which).values(next_digest_at=moment)
    session.execute(statement.execution_options(synchronize_session=False))
