"""Taking back what was just done with a touchpoint: that it was put off, or that it was done."""

import datetime as dt

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.funnel import amending
from irm.funnel.touchpoints import drop_planned_by_cadence, open_again, refuse_closed
from irm.i18n import _l
from irm.ledger import relationships as ledger
from irm.models import Interaction, Kind, Planner, State, Touchpoint, User


def bring_forward(session: Session, touchpoint: Touchpoint) -> None:
    """Put a touchpoint back to the day it was put off from, be it past.

    Raises Refused where it was not put off, or is closed meanwhile.
    """
    ledger.hold(session, touchpoint.relationship)
    refuse_closed(touchpoint)
    put_off = touchpoint.why.get("put_off")
    if not put_off:
        raise Refused(_l("This touchpoint was not put off."))
    touchpoint.due_on = dt.date.fromisoformat(put_off["from"])
    touchpoint.planned_by = Planner(put_off["planner"])
    touchpoint.snoozes = max(0, touchpoint.snoozes - 1)
    touchpoint.why = {key: kept for key, kept in touchpoint.why.items() if key != "put_off"}
    ledger.settle_next(session, touchpoint.relationship)


def take_back(session: Session, touchpoint: Touchpoint, *, user: User, at: dt.datetime) -> None:
    """Open a touchpoint again that was done by mistake; what it logged is removed, and kept.

    What the cadence planned in its place is dropped; what a person planned since stays. Raises
    Refused where it was not done, or by somebody else, or another ask is planned meanwhile.
    """
    relationship = touchpoint.relationship
    ledger.hold(session, relationship)
    if touchpoint.state is not State.DONE:
        raise Refused(_l("This touchpoint is not done."))
    if touchpoint.closed_by_id != user.id:
        raise Refused(_l("A colleague did this: only she can take it back."))
    if touchpoint.kind == Kind.ASK and _asks_again(session, touchpoint):
        raise Refused(_l("Another ask is planned already; what was given counts for that one."))
    logged = session.scalar(select(Interaction).where(Interaction.touchpoint_id == touchpoint.id))
    drop_planned_by_cadence(session, relationship, at)
    open_again(touchpoint)
    session.flush()
    if logged is not None:
        amending.remove(session, logged, user=user, at=at)
    ledger.settle_next(session, relationship)


def _asks_again(session: Session, touchpoint: Touchpoint) -> bool:
    another = exists().where(
        Touchpoint.relationship_id == touchpoint.relationship_id,
        Touchpoint.state == State.OPEN,
        Touchpoint.kind == Kind.ASK.value,
    )
    return bool(session.scalar(select(another)))
