"""What each kind of touch costs a brand's colleagues: minutes the planner reckons with."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.errors import Refused
from irm.funnel import activities
from irm.i18n import _l
from irm.models import Brand, Kind, User

#: A working day: nothing that is planned takes longer.
MOST = 480

#: What the planner may plan: everything but an ask, which only a colleague plans.
PLANNED = tuple(one for one in activities.ALL if one.kind is not Kind.ASK)


def of_brand(stored: object) -> dict[str, int]:
    """Read a brand's own minutes by code; what is not set, or not sound, is irm's own."""
    said = stored.get("minutes") if isinstance(stored, dict) else None
    known = {one.code for one in PLANNED}
    return {
        code: minutes
        for code, minutes in (said if isinstance(said, dict) else {}).items()
        if code in known and type(minutes) is int and 1 <= minutes <= MOST
    }


def set_minutes(
    session: Session, brand: Brand, chosen: Mapping[str, int], *, user: User, at: dt.datetime
) -> bool:
    """Set a brand's own minutes; what it says as irm does is not kept. Returns if any changed.

    They hold for what is planned from now on. Raises Refused where a number is no working day.
    """
    if any(not 1 <= minutes <= MOST for minutes in chosen.values()):
        raise Refused(_l("Write whole minutes, from 1 to %(n)s.", n=MOST))
    usual = {one.code: one.minutes for one in PLANNED}
    own = {code: chosen[code] for code in usual if chosen.get(code, usual[code]) != usual[code]}
    if own == of_brand(brand.planning):
        return False
    brand.planning = {**(brand.planning or {}), "minutes": own}
    record(session, user, Action.BRAND_CHANGED, at, brand_id=brand.id)
    return True
