"""What if: how a colleague's part would come out otherwise, beside how it comes out now."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.funnel.planner import plans
from irm.funnel.planner.plans import Report
from irm.funnel.planner.reading import Wish
from irm.i18n import _l
from irm.models import Brand

#: Nobody works more than a week has hours.
MOST_HOURS = 80

#: What is compared of the two.
FIGURES = ("touches", "covered", "late", "days", "debt", "minutes", "used")


@dataclass(frozen=True, slots=True)
class Idea:
    """What is tried out: a colleague has so many hours more a week (or fewer), or is away."""

    whom: int
    hours: float = 0.0
    is_away: bool = False


def refuse(idea: Idea) -> None:
    """Raise Refused where nothing is tried out, or what nobody can mean."""
    if not idea.is_away and not idea.hours:
        raise Refused(_l("Say how many hours more or fewer, or that they are away."))
    if not -MOST_HOURS <= idea.hours <= MOST_HOURS:
        raise Refused(_l("Write a number of hours, from -%(n)s to %(n)s.", n=MOST_HOURS))


def both(
    session: Session,
    brand: Brand,
    wish: Wish,
    idea: Idea,
    *,
    report: Report = lambda done, total: None,
) -> dict[str, Any]:
    """Plan a colleague's part twice, as it is and as it would be; nothing is written.

    Returns {"now": figures, "then": figures}, both by the names of FIGURES.
    """
    report(0, 2)
    now = plans.attempt(session, brand, wish, owner_id=idea.whom).outcome()
    report(1, 2)
    tried = replace(
        wish,
        hours={idea.whom: idea.hours},
        away=frozenset({idea.whom} if idea.is_away else ()),
    )
    then = plans.attempt(session, brand, tried, owner_id=idea.whom).outcome()
    report(2, 2)
    return {"now": _figures(now), "then": _figures(then)}


def _figures(outcome: dict[str, Any]) -> dict[str, Any]:
    return {name: outcome[name] for name in FIGURES}
