"""A review that the demo's team held three weeks ago, closed, with its minutes."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.demo.diary import Team
from irm.models import (
    Decision,
    Planner,
    Review,
    ReviewItem,
    Stage,
    StageMove,
    State,
    Touchpoint,
)

#: Days before today: from when on it looked, and while it was open.
SINCE, BEGUN, CLOSED = 52, 24, 20

#: So many cards were moved in it, and so many were decided on without a move.
MOVED, OTHERS = 6, 9

#: What was decided of the others, in turn, with a note for the minutes.
DECISIONS = (
    (Decision.STAYS, "No reply yet; the claim is fair."),
    (Decision.LATER, "En tournage jusqu’à la fin du mois."),
    (Decision.STAYS, ""),
)


def hold(session: Session, team: Team, today: dt.date) -> None:
    """Write the review of a brand whose people are there with their moves."""
    since, begun, closed = (
        dt.datetime.combine(today - dt.timedelta(days=days), dt.time(15), dt.UTC)
        for days in (SINCE, BEGUN, CLOSED)
    )
    made = _moves(session, team, begun, closed, MOVED)
    before = _moves(session, team, since, begun, OTHERS)
    seen = {move.relationship_id for move in made}
    others = [move for move in before if move.relationship_id not in seen]
    if not made and not others:
        return
    review = Review(
        brand_id=team.brand_id,
        user_id=team.lead,
        since=since,
        started_at=begun,
        closed_at=closed,
        recipients=[],
    )
    session.add(review)
    session.flush()
    items = [_moved(move) for move in made]
    planned = _planned(session, [move.relationship_id for move in others])
    for number, move in enumerate(others):
        at = begun + dt.timedelta(minutes=4 * number)
        touchpoint = planned.get(move.relationship_id)
        items.append(_other(move, number, touchpoint, at, team.lead))
    for place, item in enumerate(items, 1):
        item.review_id, item.place = review.id, place
    session.add_all(items)
    session.flush()


def _moves(
    session: Session, team: Team, start: dt.datetime, end: dt.datetime, count: int
) -> list[StageMove]:
    """The first moves of some people in a time, made by a colleague, one for each person."""
    rows = session.scalars(
        select(StageMove)
        .where(
            StageMove.brand_id == team.brand_id,
            StageMove.at >= start,
            StageMove.at < end,
            StageMove.from_stage.is_not(None),
            StageMove.user_id.is_not(None),
        )
        .order_by(StageMove.at, StageMove.id)
        .limit(10 * count)
    )
    found: dict[int, StageMove] = {}
    for move in rows:
        found.setdefault(move.relationship_id, move)
    return list(found.values())[:count]


def _planned(session: Session, ids: list[int]) -> dict[int, int]:
    """An open touchpoint of each, where a colleague planned one."""
    rows = session.execute(
        select(Touchpoint.relationship_id, Touchpoint.id)
        .where(
            Touchpoint.relationship_id.in_(ids),
            Touchpoint.state == State.OPEN,
            Touchpoint.planned_by == Planner.PERSON,
        )
        .order_by(Touchpoint.id)
    )
    return {row.relationship_id: row.id for row in rows}


def _why(move: StageMove, code: str = "moved") -> list[dict[str, object]]:
    start = move.from_stage or Stage.UNAWARE
    return [{"code": code, "from": start.value, "to": move.to_stage.value, "steps": 1}]


def _moved(move: StageMove) -> ReviewItem:
    return ReviewItem(
        relationship_id=move.relationship_id,
        why=_why(move, "proposed"),
        decision=Decision.MOVED,
        decided_at=move.at,
        decided_by_id=move.user_id,
    )


def _other(
    move: StageMove, number: int, touchpoint: int | None, at: dt.datetime, lead: int
) -> ReviewItem:
    decision, note = DECISIONS[number % len(DECISIONS)]
    if touchpoint is not None:
        decision, note = Decision.PLANNED, ""
    return ReviewItem(
        relationship_id=move.relationship_id,
        why=_why(move),
        decision=decision,
        note=note,
        touchpoint_id=touchpoint,
        decided_at=at,
        decided_by_id=lead,
    )
