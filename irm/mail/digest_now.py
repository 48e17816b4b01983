"""A digest that its reader has sent to herself at once, beside the one of the morning.

It has a key of its own, and leaves the plan of the next digest and what that tells of as they are:
the one of the morning comes at its hour all the same.
"""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.funnel import digest
from irm.mail import outbox
from irm.mail.letters import Letter
from irm.models import Outbox, User

#: So long after one of these another may follow.
PAUSE = dt.timedelta(minutes=1)


def put(session: Session, user: User, letter: Letter, *, sender: str, at: dt.datetime) -> bool:
    """Write her digest of today to the outbox; False where she had it sent just before."""
    day = at.astimezone(user.zone).date()
    prefix = f"{digest.key_of(user.id, day)}:now:"
    earlier = select(func.count(), func.max(Outbox.created_at)).where(
        Outbox.user_id == user.id, Outbox.dedupe_key.startswith(prefix, autoescape=True)
    )
    written, last = session.execute(earlier).one()
    if written and at - last < PAUSE:
        return False
    # Two presses at once count the same number, and one key is taken once.
    return outbox.put(
        session, f"{prefix}{written}", letter, to=user.email, sender=sender, at=at, user_id=user.id
    )
