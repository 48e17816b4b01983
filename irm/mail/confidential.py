"""Letters that hold a secret, in the outbox: what they say is shown to nobody and is not kept.

Whoever reads such a letter can take an account over, so its text is there only as long as it has
to be sent; docs/decisions/0013 says why it is there at all.
"""

import datetime as dt

from flask import current_app
from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from irm.mail import access_letters, outbox
from irm.mail.access_letters import Changed
from irm.mail.letters import Letter
from irm.models import HOLDS_A_SECRET, Category, DoubtPolicy, MailState, Outbox, User

#: The states in which a mail is on its way and its text still needed.
_UNDER_WAY = (MailState.PENDING, MailState.CLAIMED, MailState.SENDING)


def put(
    session: Session,
    key: str,
    letter: Letter,
    *,
    to: str,
    at: dt.datetime,
    until: dt.datetime | None = None,
    user_id: int | None = None,
) -> None:
    """Write a security letter to the outbox, to go before all others and twice where in doubt.

    `until` is when it is of no use any more.
    """
    outbox.put(
        session,
        key,
        letter,
        to=to,
        sender=current_app.config["IRM"].mail_from,
        at=at,
        user_id=user_id,
        category=Category.SECURITY,
        doubt_policy=DoubtPolicy.RESEND,
        deadline_at=until,
    )


def tell_changed(session: Session, user: User, letter: Letter, at: dt.datetime) -> None:
    """Write the letter `changed` made to whoever has another password now."""
    key = f"password_changed:{user.id}:{int(at.timestamp() * 1000)}"
    put(session, key, letter, to=user.email, at=at, user_id=user.id)


def changed(user: User, at: dt.datetime) -> Letter:
    """Render the letter that says that her password is another one now."""
    return access_letters.password_changed(
        name=user.name, locale=user.locale, timezone=user.timezone, at=at
    )


def said(user: User, changed: Changed, at: dt.datetime) -> Letter:
    """Render the letter that says what was changed about how she comes in."""
    return access_letters.access_changed(
        changed, name=user.name, locale=user.locale, timezone=user.timezone, at=at
    )


def tell(
    session: Session, user: User, letter: Letter, at: dt.datetime, *, also_to: str | None = None
) -> None:
    """Write a letter about her way in; `also_to` is her address of before, if it changed."""
    key = f"{letter.name}:{int(at.timestamp() * 1000)}:{user.id}"
    put(session, key, letter, to=user.email, at=at, user_id=user.id)
    if also_to is not None:
        put(session, f"{key}:before", letter, to=also_to, at=at, user_id=user.id)


def call_back(session: Session, key: str) -> None:
    """Let a letter not go out any more whose link is dead, if it has not gone yet."""
    session.execute(
        update(Outbox)
        .where(Outbox.dedupe_key == key, Outbox.state == MailState.PENDING)
        .values(state=MailState.CANCELLED, body_text="", body_html="")
        .execution_options(synchronize_session=False)
    )


def blank(session: Session, now: dt.datetime) -> int:
    """Forget what letters with a secret say once it was sent or came to nothing; return how many.

    What a person may still decide on keeps its text until its time is over.
    """
    over = or_(
        Outbox.state.in_((MailState.SENT, MailState.CANCELLED)),
        and_(Outbox.state.not_in(_UNDER_WAY), Outbox.deadline_at < now),
    )
    ids = session.scalars(select(Outbox.id).where(HOLDS_A_SECRET, over).limit(1000)).all()
    if ids:
        session.execute(
            update(Outbox)
            .where(Outbox.id.in_(ids), over)
            .values(body_text="", body_html="")
            .execution_options(synchronize_session=False)
        )
    return len(ids)
