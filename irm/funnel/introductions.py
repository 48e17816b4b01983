"""A first contact for whoever took somebody over: planned on days that have room for it."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from irm.funnel import absences
from irm.funnel.planner import choosing
from irm.funnel.sharing import AHEAD_DAYS, Diary
from irm.funnel.spans import Span
from irm.ledger import relationships as ledger
from irm.models import (
    Brand,
    Handover,
    Influencer,
    Kind,
    Planner,
    Relationship,
    State,
    Touchpoint,
    User,
)

#: What the touchpoint is: the tactic's code, and the code of its reason.
TACTIC, CODE = "introduction", "handover"


def plan(
    session: Session, made: Handover, to: Mapping[int, int], *, user: User, at: dt.datetime
) -> int:
    """Plan an introduction for each person who passed on, given as {relationship: colleague}.

    Days are those on which the new owner works and has room, the person is there and the brand is
    not quiet; where people go back, days before that. What the plan proposes makes room: it is made
    anew around the introductions. Whoever is to be contacted soonest comes first. Whom nobody has
    spoken to yet needs none, who rests or wants no contact gets none. Returns how many found a day.
    """
    people = session.execute(
        select(Relationship.id, Relationship.influencer_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.id.in_(list(to)),
            Relationship.last_contact_at.is_not(None),
            Influencer.do_not_contact.is_(False),
            Influencer.archived_at.is_(None),
            Relationship.paused_until.is_(None) | (Relationship.paused_until <= at.date()),
        )
        .order_by(Relationship.next_order, Relationship.contact_order.desc(), Relationship.id)
    ).all()
    first = at.date() + dt.timedelta(days=1)
    last = first + dt.timedelta(days=AHEAD_DAYS)
    if made.back_on is not None:
        last = min(last, made.back_on - dt.timedelta(days=1))
    within = Span(first, last)
    if last < first:
        return 0
    own = choosing.own_minutes(session.get_one(Brand, made.brand_id).planning)
    minutes = own.get(TACTIC) or choosing.usual_minutes(TACTIC)
    diaries = _diaries(session, made, set(to.values()), within, minutes, own)
    away = absences.of_people(session, made.brand_id, *within)
    rows = []
    for id, influencer_id in people:
        diary = diaries.get(to[id])
        day = diary.book(away.get(influencer_id, ())) if diary else None
        # A diary reaches further than people stay who go back.
        if day is not None and day <= within.last:
            rows.append(_row(made, id, to[id], day, minutes, user))
    if rows:
        session.execute(insert(Touchpoint), rows)
        ledger.rebuild_these(session, [row["relationship_id"] for row in rows])
    return len(rows)


def drop(session: Session, made: Handover, ids: Sequence[int], at: dt.datetime) -> None:
    """Close the introductions of a handover that are still to be made with these relationships."""
    closed = session.scalars(
        update(Touchpoint)
        .where(
            Touchpoint.relationship_id.in_(ids),
            Touchpoint.state == State.OPEN,
            Touchpoint.tactic == TACTIC,
            Touchpoint.created_at == made.at,
        )
        .values(state=State.SKIPPED, closed_at=at)
        .returning(Touchpoint.relationship_id),
        execution_options={"synchronize_session": False},
    ).all()
    ledger.rebuild_these(session, sorted(set(closed)))


def _row(
    made: Handover,
    relationship_id: int,
    owner_id: int,
    day: dt.date,
    minutes: int,
    user: User,
) -> dict[str, Any]:
    return {
        "relationship_id": relationship_id,
        "owner_id": owner_id,
        "due_on": day,
        "kind": Kind.TALK.value,
        "tactic": TACTIC,
        "why": {"code": CODE, "from": made.from_id},
        "planned_by": Planner.PERSON,
        "author_id": user.id,
        "minutes": minutes,
        "state": State.OPEN,
        # The handover's own moment: by it they are found again where it is taken back.
        "created_at": made.at,
    }


def _diaries(
    session: Session,
    made: Handover,
    ids: Collection[int],
    within: Span,
    minutes: int,
    own: Mapping[str, int],
) -> dict[int, Diary]:
    """The free minutes of each colleague who takes somebody over and has hours at all."""
    quiet = _days(absences.quiet(session, made.brand_id, *within))
    away = absences.of_users(session, made.brand_id, *within)
    taken = _taken(session, ids, within, own)
    # Introduced jointly: on a day on which the one who hands over is there, too.
    theirs = _days(away.get(made.from_id or 0, ())) if made.back_on is None else set()
    return {
        user.id: Diary(
            within.first,
            minutes=minutes,
            weekly_minutes=round(user.weekly_hours * 60),
            work_days={int(day) for day in user.work_days},
            off=quiet
            | theirs
            | _days(away.get(user.id, ()))
            | set(absences.days_off(user.country, *within)),
            taken=taken.get(user.id, {}),
        )
        for user in session.scalars(select(User).where(User.id.in_(ids)))
        if user.weekly_hours > 0
    }


def _taken(
    session: Session, ids: Collection[int], within: Span, own: Mapping[str, int]
) -> dict[int, Counter[dt.date]]:
    """The minutes of what stays with each colleague, by day."""
    found: dict[int, Counter[dt.date]] = {}
    rows = session.execute(
        select(
            Touchpoint.owner_id,
            Touchpoint.due_on,
            Touchpoint.minutes,
            Touchpoint.tactic,
            Touchpoint.channel,
        ).where(
            Touchpoint.owner_id.in_(ids),
            Touchpoint.state == State.OPEN,
            Touchpoint.due_on.between(*within),
            or_(Touchpoint.planned_by != Planner.PLAN, Touchpoint.is_pinned),
        )
    )
    for row in rows:
        found.setdefault(row.owner_id or 0, Counter())[row.due_on] += choosing.cost(row, own)
    return found


def _days(spans: Iterable[Span]) -> set[dt.date]:
    return {
        span.first + dt.timedelta(days=n)
        for span in spans
        for n in range((span.last - span.first).days + 1)
    }
