"""Giving one planned contact to a colleague, who sees who gave it; and taking that back."""

import datetime as dt

from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.funnel.touchpoints import refuse_closed
from irm.i18n import _l
from irm.ledger import relationships as ledger
from irm.models import Planner, Touchpoint, User


def pass_on(session: Session, touchpoint: Touchpoint, to: User, *, user: User, on: dt.date) -> None:
    """Give an open touchpoint to a colleague of the brand; who owns the relationship stays.

    `on` is the giver's day. Raises Refused where it is closed, or hers already.
    """
    ledger.hold(session, touchpoint.relationship)
    refuse_closed(touchpoint)
    if to.id == touchpoint.owner_id:
        raise Refused(_l("%(name)s has this touchpoint already.", name=to.name))
    touchpoint.why = {
        **touchpoint.why,
        "given": {
            "by": user.id,
            "from": touchpoint.owner_id,
            "on": on.isoformat(),
            "planner": touchpoint.planned_by.value,
        },
    }
    touchpoint.owner_id = to.id
    # From now on a person has a hand in it: the cadence leaves it alone.
    touchpoint.planned_by = Planner.PERSON


def give_back(session: Session, touchpoint: Touchpoint, before: User | None) -> None:
    """Undo the last `pass_on`; `before` is who had it, if they are still there.

    Raises Refused where it was not given on, or is closed meanwhile.
    """
    ledger.hold(session, touchpoint.relationship)
    refuse_closed(touchpoint)
    given = touchpoint.why.get("given")
    if not given:
        raise Refused(_l("This touchpoint was not given on."))
    touchpoint.owner_id = before.id if before else None
    touchpoint.planned_by = Planner(given["planner"])
    touchpoint.why = {key: kept for key, kept in touchpoint.why.items() if key != "given"}


def giver(touchpoint: Touchpoint) -> tuple[int | None, int | None]:
    """The ids of whoever gave it on, and of who had it before."""
    given = touchpoint.why.get("given") or {}
    return given.get("by"), given.get("from")
