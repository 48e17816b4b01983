"""How far an introduction has come: what became of its ask."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from irm.models import (
    Interaction,
    Introduction,
    IntroductionState,
    Outcome,
    State,
    Touchpoint,
    Visibility,
)

_ENDED: dict[Outcome | None, IntroductionState] = {
    Outcome.ACCEPTED: IntroductionState.AGREED,
    Outcome.DECLINED: IntroductionState.DECLINED,
    Outcome.NO_ANSWER: IntroductionState.UNANSWERED,
}


def state(
    made_at: dt.datetime | None, touchpoint: State | None, outcome: Outcome | None
) -> IntroductionState:
    """What an introduction has come to; without a touchpoint its ask was dropped."""
    if made_at is not None:
        return IntroductionState.MADE
    if touchpoint is State.OPEN:
        return IntroductionState.PLANNED
    if touchpoint is State.DONE:
        return _ENDED.get(outcome, IntroductionState.ASKED)
    return IntroductionState.DROPPED


def asked(
    session: Session, relationship_ids: Collection[int]
) -> dict[int, list[tuple[IntroductionState, dt.date | None]]]:
    """Which introductions each of some relationships was asked for, with the day, or is to be.

    A private exchange counts as asked, however it ended: what it cost would tell.
    """
    found: dict[int, list[tuple[IntroductionState, dt.date | None]]] = defaultdict(list)
    if not relationship_ids:
        return found
    rows = session.execute(
        select(
            Introduction.connector_id,
            Introduction.made_at,
            Touchpoint.state,
            Touchpoint.closed_at,
            Interaction.outcome,
            Interaction.happened_at,
        )
        .outerjoin(Touchpoint, Touchpoint.id == Introduction.touchpoint_id)
        .outerjoin(
            Interaction,
            and_(
                Interaction.touchpoint_id == Touchpoint.id,
                Interaction.visibility == Visibility.TEAM,
            ),
        )
        .where(Introduction.connector_id.in_(relationship_ids))
    )
    for connector, made_at, touchpoint, closed_at, outcome, happened_at in rows:
        said = state(made_at, touchpoint, outcome)
        moments = () if said is IntroductionState.PLANNED else (happened_at, closed_at, made_at)
        days = [one.date() for one in moments if one is not None]
        found[connector].append((said, days[0] if days else None))
    return found
