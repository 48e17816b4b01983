"""What people do with a planned contact: keep it, pin it, drop it, move it to another day.

Whatever a person took a hand in stays as it is when the weeks are planned anew.
"""

import datetime as dt

from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.funnel import touchpoints
from irm.i18n import _l
from irm.ledger import relationships as ledger
from irm.models import Planner, State, Touchpoint, User

#: The reason kept with what was dropped: nobody is asked for one on the Plan page.
DROPPED = {"code": "dropped"}


def accept(session: Session, touchpoint: Touchpoint) -> None:
    """Make a planned contact a colleague's own, on its day.

    Raises Refused where it is closed, or a colleague's own already.
    """
    ledger.hold(session, touchpoint.relationship)
    touchpoints.refuse_closed(touchpoint)
    if touchpoint.planned_by is Planner.PERSON:
        raise Refused(_l("This touchpoint is a colleague’s own already: it stays."))
    _take(touchpoint, touchpoint.due_on)


def move(session: Session, touchpoint: Touchpoint, *, to: dt.date, today: dt.date) -> None:
    """Put a contact on another day; it is a colleague's own from then on.

    Raises Refused where it is closed, the day is past or absurdly far, or it is an ask that may
    not be asked on that day.
    """
    ledger.hold(session, touchpoint.relationship)
    touchpoints.refuse_closed(touchpoint)
    touchpoints.refuse_day(to, today)
    touchpoints.refuse_ask(session, touchpoint, to)
    _take(touchpoint, to)
    ledger.settle_next(session, touchpoint.relationship)


def give_back(session: Session, touchpoint: Touchpoint) -> None:
    """Undo the last `accept` or `move`: its day, be it past, and whose it was.

    Raises Refused where it is closed meanwhile, or nobody took it.
    """
    ledger.hold(session, touchpoint.relationship)
    touchpoints.refuse_closed(touchpoint)
    taken = touchpoint.why.get("taken")
    if not taken:
        raise Refused(_l("Nobody moved or accepted this touchpoint."))
    touchpoint.due_on = dt.date.fromisoformat(taken["from"])
    touchpoint.planned_by = Planner(taken["planner"])
    touchpoint.why = {key: kept for key, kept in touchpoint.why.items() if key != "taken"}
    ledger.settle_next(session, touchpoint.relationship)


def pin(session: Session, touchpoint: Touchpoint, *, is_pinned: bool) -> None:
    """Let it stay on its day whatever is planned anew, or let it go. Raises Refused if closed."""
    ledger.hold(session, touchpoint.relationship)
    touchpoints.refuse_closed(touchpoint)
    touchpoint.is_pinned = is_pinned


def drop(session: Session, touchpoint: Touchpoint, *, user: User, at: dt.datetime) -> None:
    """Close it without a contact: nothing is planned with them in its week. Raises as `skip`."""
    touchpoints.skip(session, touchpoint, user=user, at=at, because=DROPPED)


def bring_back(session: Session, touchpoint: Touchpoint) -> None:
    """Open again what was dropped. Raises Refused where it was not."""
    if touchpoint.state is not State.SKIPPED or touchpoint.why.get("skipped") != DROPPED:
        raise Refused(_l("This touchpoint was not dropped."))
    ledger.hold(session, touchpoint.relationship)
    touchpoints.refuse_ask(session, touchpoint, touchpoint.due_on)
    touchpoints.open_again(touchpoint)
    ledger.settle_next(session, touchpoint.relationship)


def _take(touchpoint: Touchpoint, day: dt.date) -> None:
    before = {"from": touchpoint.due_on.isoformat(), "planner": touchpoint.planned_by.value}
    touchpoint.why = {**touchpoint.why, "taken": before}
    touchpoint.due_on = day
    touchpoint.planned_by = Planner.PERSON
