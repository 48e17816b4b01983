"""Inventing who is away: a colleague next week, a person on tour, the brand between the years."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.demo.diary import Team
from irm.models import Absence, Influencer, QuietSeason, Relationship, Stage, User

#: Where the colleagues of each zone have their public holidays.
_COUNTRIES = {"Europe/Paris": "FR", "Europe/London": "GB"}

_TOUR = {"en": "On tour, no signal", "fr": "En tournée, joignable au retour"}


def hold(session: Session, team: Team, today: dt.date) -> None:
    """Let a colleague be away next week, and somebody who is known to us be on tour.

    Same people, same day: same absences.
    """
    at = dt.datetime.combine(today, dt.time(9, 15), dt.UTC)
    users = session.scalars(select(User).where(User.is_demo).order_by(User.id)).all()
    for user in users:
        user.country = _COUNTRIES.get(user.timezone)
    monday = today + dt.timedelta(days=7 - today.weekday())
    away = next((user for user in users if user.id not in (team.lead, team.french)), None)
    if away is not None:
        friday = monday + dt.timedelta(days=4)
        _absence(session, at, away.id, monday, friday, "Walking in Wales", user_id=away.id)
    on_tour = session.execute(
        select(Relationship.influencer_id, Relationship.owner_id, Influencer.language)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.brand_id == team.brand_id,
            Relationship.owner_id.is_not(None),
            Relationship.stage == Stage.INTERESTED,
            Relationship.paused_until.is_(None),
        )
        .order_by(Relationship.id)
        .limit(1)
    ).first()
    if on_tour is not None:
        first = today + dt.timedelta(days=5)
        last = first + dt.timedelta(days=30)
        why = (
            "En tournée, joignable au retour" if on_tour.language == "fr" else "On tour, no signal"
        )
        whose = {"influencer_id": on_tour.influencer_id}
        _absence(session, at, on_tour.owner_id, first, last, why, **whose)
    session.add(
        QuietSeason(
            brand_id=team.brand_id,
            name="Between the years",
            first_on=dt.date(today.year, 12, 21),
            last_on=dt.date(today.year + 1, 1, 3),
            is_yearly=True,
        )
    )
    session.flush()


def _absence(
    session: Session,
    at: dt.datetime,
    author_id: int | None,
    first: dt.date,
    last: dt.date,
    why: str,
    **whose: int,
) -> None:
    session.add(
        Absence(first_on=first, last_on=last, why=why, author_id=author_id, created_at=at, **whose)
    )
