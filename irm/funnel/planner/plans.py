"""Making a brand's plan: read, fill each desk, write each down, and say how it came out."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.funnel.planner import reading, writing
from irm.funnel.planner.filling import fill
from irm.funnel.planner.reading import Read, Wish
from irm.funnel.planner.terms import Desk, Filled
from irm.garbage import uncollected
from irm.i18n import _l
from irm.models import Brand, Plan

#: How far a plan reaches, unless another number of weeks is asked for, and at most.
WEEKS, MOST_WEEKS = 12, 26

#: Colleagues are written down together until they look after so many people: whoever logs
#: meanwhile waits for that, a small part of a second.
AT_ONCE = 5_000

#: Told how many desks of how many are planned.
Report = Callable[[int, int], None]

#: Ends a transaction and keeps what was written.
Settle = Callable[[], None]


@dataclass(slots=True)
class Made:
    """A plan that was made, or tried out."""

    read: Read
    filled: list[Filled] = field(default_factory=list)
    changed: Counter[str] = field(default_factory=Counter)

    def outcome(self) -> dict[str, Any]:
        """How it came out, in numbers: of the whole, and of each colleague."""
        desks = [desk for filled in self.filled if (desk := _desk(self.read, filled))["people"]]
        return {
            **sums(desks),
            "left_out": self.read.left_out,
            "changed": dict(self.changed),
            "desks": desks,
        }


def refuse_weeks(weeks: int) -> None:
    """Raise Refused where nobody plans so many weeks."""
    if not 1 <= weeks <= MOST_WEEKS:
        raise Refused(_l("A plan reaches from 1 to %(n)s weeks ahead.", n=MOST_WEEKS))


def refuse_first(first: dt.date, today: dt.date) -> None:
    """Raise Refused where a plan cannot begin on this day."""
    if first < today:
        raise Refused(_l("A plan begins today or later: what is past cannot be planned."))
    if (first - today).days > 366:
        raise Refused(_l("A plan begins within a year."))


def attempt(session: Session, brand: Brand, wish: Wish, *, owner_id: int | None = None) -> Made:
    """Make a plan without writing anything: what if."""
    with uncollected():
        read = reading.read(session, brand, wish, owner_id=owner_id)
        return Made(read, [fill(desk, wish.length) for desk in read.desks])


def make(
    session: Session,
    brand: Brand,
    wish: Wish,
    *,
    at: dt.datetime,
    settle: Settle,
    author_id: int | None = None,
    owner_id: int | None = None,
    report: Report = lambda done, total: None,
) -> Made:
    """Make a plan and write it down, one transaction for each few colleagues.

    `settle` ends a transaction: once everything is read, so that nobody waits for the computing,
    and after each few parts. Half-way each colleague has the whole of either plan.
    Raises Refused where nobody plans so many weeks.
    """
    refuse_weeks(wish.weeks)
    brand_id = brand.id
    with uncollected():
        made = Made(reading.read(session, brand, wish, owner_id=owner_id))
        settle()
        for desks in _batches(made.read.desks):
            filled = [fill(desk, wish.length) for desk in desks]
            for one in filled:
                made.changed += writing.write(session, made.read, one, brand_id=brand_id, at=at)
            settle()
            made.filled += filled
            report(len(made.filled), len(made.read.desks))
    outcome = made.outcome()
    if owner_id is not None:
        outcome = _beside(newest(session, brand_id), outcome, owner_id)
    session.add(
        Plan(
            brand_id=brand_id,
            from_on=wish.first,
            weeks=wish.weeks,
            outcome=outcome,
            author_id=author_id,
            made_at=at,
        )
    )
    settle()
    return made


def _batches(desks: Sequence[Desk]) -> Iterator[list[Desk]]:
    batch: list[Desk] = []
    for desk in desks:
        batch.append(desk)
        if sum(len(one.people) for one in batch) >= AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def newest(session: Session, brand_id: int) -> Plan | None:
    """The plan that was made last for a brand; None: there is none yet."""
    return session.scalar(
        select(Plan)
        .where(Plan.brand_id == brand_id)
        .order_by(Plan.made_at.desc(), Plan.id.desc())
        .limit(1)
    )


def _beside(before: Plan | None, outcome: dict[str, Any], owner_id: int) -> dict[str, Any]:
    """The outcome of one colleague's plan beside those of the others, as they were planned last."""
    if before is None:
        return outcome
    others = [desk for desk in before.outcome.get("desks", ()) if desk["owner_id"] != owner_id]
    desks = [*others, *outcome["desks"]]
    return {**before.outcome, **sums(desks), "changed": outcome["changed"], "desks": desks}


def sums(desks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is said of some colleagues together."""
    # A part that was planned by an earlier version may not say all of them.
    return {name: _rounded(sum(desk.get(name, 0) for desk in desks)) for name in _TOTALS}


#: What is said of each colleague, and of all of them in sum.
_TOTALS = (
    "people",
    "touches",
    "covered",
    "late",
    "without",
    "duties",
    "days",
    "debt",
    "minutes",
    "used",
    "overdue",
)


def _desk(read: Read, filled: Filled) -> dict[str, Any]:
    """One colleague's part in numbers; minutes are those of the plan's weeks."""
    desk = next(one for one in read.desks if one.owner_id == filled.owner_id)
    late = [gap for gap in filled.gaps if gap.what == "contact"]
    whole = desk.whole
    stays = [read.taken.get((filled.owner_id, day), 0) for day in range(len(whole))]
    return {
        "owner_id": filled.owner_id,
        "people": len(desk.people),
        "touches": len(filled.touches),
        "covered": len(desk.people) - len(late),
        "late": len(late),
        "without": sum(gap.is_whole for gap in late),
        "duties": sum(gap.what != "contact" for gap in filled.gaps),
        "days": sum(gap.days for gap in late),
        "debt": round(filled.debt, 1),
        "minutes": sum(whole),
        "used": filled.used + sum(stays),
        "overdue": read.overdue.get(filled.owner_id, 0),
        "weeks": _weeks(read.wish.first, whole, stays, filled),
    }


def _weeks(
    first: dt.date, whole: Sequence[int], stays: Sequence[int], filled: Filled
) -> list[dict[str, Any]]:
    """Minutes there are and minutes planned, by the weeks of the calendar; the first may be short.

    More planned than there are is said, not hidden.
    """
    planned = list(stays)
    for touch in filled.touches:
        planned[touch.day] += touch.minutes
    weeks: list[dict[str, Any]] = []
    for number, minutes in enumerate(whole):
        day = first + dt.timedelta(days=number)
        if not weeks or day.weekday() == 0:
            monday = day - dt.timedelta(days=day.weekday())
            weeks.append({"from": monday.isoformat(), "minutes": 0, "planned": 0})
        weeks[-1]["minutes"] += minutes
        weeks[-1]["planned"] += planned[number]
    return weeks


def _rounded(number: float) -> float | int:
    return number if isinstance(number, int) else round(number, 1)


def over(weeks: Iterable[Mapping[str, Any]]) -> list[str]:
    """The Mondays of the weeks in which more stays planned than there are minutes."""
    return [week["from"] for week in weeks if week["planned"] > week["minutes"]]
