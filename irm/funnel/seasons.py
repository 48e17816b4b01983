"""Quiet seasons: days on which a brand contacts nobody, once or each year."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.errors import Refused
from irm.i18n import _l
from irm.models import Brand, QuietSeason, User
from irm.models.base import Rows

#: So long a name may be.
NAME_LENGTH = 120

#: A brand that is quiet for longer has no need of irm.
LONGEST_DAYS = 183

#: A first day this far from today is a slip of the finger.
HORIZON_DAYS = 3 * 366

#: More are no seasons any more.
MOST = 30


def of_brand(brand_id: int) -> Rows:
    """Select the quiet seasons of a brand by their first day."""
    return (
        select(
            QuietSeason.id,
            QuietSeason.name,
            QuietSeason.first_on,
            QuietSeason.last_on,
            QuietSeason.is_yearly,
        )
        .where(QuietSeason.brand_id == brand_id)
        .order_by(QuietSeason.first_on, QuietSeason.id)
        .limit(MOST)
    )


def add(
    session: Session,
    brand: Brand,
    *,
    name: str,
    first: dt.date,
    last: dt.date,
    is_yearly: bool,
    today: dt.date,
    user: User,
    at: dt.datetime,
) -> QuietSeason:
    """Keep a season of a brand free of contacts, once or each year from then on.

    Raises Refused where it has no name, its days make no sense, it stands there already, or there
    are too many.
    """
    _refuse_days(first, last, is_yearly, today)
    if not name:
        raise Refused(_l("Give the season a name: “Between the years”."))
    season = QuietSeason(
        brand_id=brand.id, name=name, first_on=first, last_on=last, is_yearly=is_yearly
    )
    session.execute(select(Brand.id).where(Brand.id == brand.id).with_for_update())
    session.add(season)
    session.flush()
    _refuse_double(session, season)
    _note(session, season, "added", user, at)
    return season


def remove(session: Session, season: QuietSeason, *, user: User, at: dt.datetime) -> None:
    """Take a season off: its days are days like others again."""
    _note(session, season, "removed", user, at)
    session.delete(season)
    session.flush()


def _refuse_days(first: dt.date, last: dt.date, is_yearly: bool, today: dt.date) -> None:
    if last < first:
        raise Refused(_l("The last day is before the first: turn the two round."))
    if (last - first).days >= LONGEST_DAYS:
        raise Refused(_l("A quiet season lasts half a year at most."))
    if abs((first - today).days) > HORIZON_DAYS:
        raise Refused(_l("Choose a first day within three years from today."))
    if not is_yearly and last < today:
        raise Refused(_l("These days are behind us: choose a last day from today on."))


def _refuse_double(session: Session, season: QuietSeason) -> None:
    """Asked once it is written: on SQLite the writer's turn begins there."""
    of_brand = QuietSeason.brand_id == season.brand_id
    if (session.scalar(select(func.count()).where(of_brand)) or 0) > MOST:
        raise Refused(_l("A brand has %(n)s quiet seasons at most: remove one first.", n=MOST))
    # Seasons may overlap: one of each year, and longer this time.
    same = session.scalar(
        select(QuietSeason.id)
        .where(
            of_brand,
            QuietSeason.id != season.id,
            QuietSeason.first_on == season.first_on,
            QuietSeason.last_on == season.last_on,
        )
        .limit(1)
    )
    if same is not None:
        raise Refused(_l("There is a quiet season on these days already."))


def _note(session: Session, season: QuietSeason, change: str, user: User, at: dt.datetime) -> None:
    record(
        session,
        user,
        Action.SEASON_CHANGED,
        at,
        brand_id=season.brand_id,
        season_id=season.id,
        change=change,
    )
