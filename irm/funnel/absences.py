"""Who is away when: colleagues, people who want no contact for a while, and whole brands.

What is read here are plain spans of days, first and last included: whoever plans asks for those of
a stretch of time and leaves them out. A public holiday is read from a library's tables by country.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.errors import Refused
from irm.funnel import countries
from irm.funnel.spans import Span, each_year, merged
from irm.i18n import _l
from irm.models import Absence, BrandMember, Influencer, QuietSeason, Relationship, User
from irm.models.base import Rows

#: So long a reason may be.
WHY_LENGTH = 200

#: Longer than any leave; more is a slip of the finger.
LONGEST_DAYS = 3 * 366

#: Nobody knows of an absence earlier than this many days ahead.
HORIZON_DAYS = 3 * 366

#: So many absences of one colleague or person are listed.
LISTED = 50


def add(
    session: Session,
    whose: User | Influencer,
    *,
    first: dt.date,
    last: dt.date,
    why: str,
    today: dt.date,
    user: User,
    at: dt.datetime,
) -> Absence:
    """Note that a colleague is away, or that a person wants no contact, from a day to a day.

    Raises Refused where the days are in the wrong order, behind us, absurdly far or long, or where
    an absence of theirs stands there already.
    """
    refuse_span(first, last, today)
    absence = Absence(
        user_id=whose.id if isinstance(whose, User) else None,
        influencer_id=whose.id if isinstance(whose, Influencer) else None,
        first_on=first,
        last_on=last,
        why=why,
        author_id=user.id,
        created_at=at,
    )
    _hold(session, absence)
    session.add(absence)
    session.flush()
    _refuse_overlap(session, absence)
    _note(session, absence, "added", user, at)
    return absence


def change(
    session: Session,
    absence: Absence,
    *,
    first: dt.date,
    last: dt.date,
    why: str,
    today: dt.date,
    user: User,
    at: dt.datetime,
) -> None:
    """Give an absence other days or another reason. Raises Refused as `add` does."""
    refuse_span(first, last, today)
    _hold(session, absence)
    absence.first_on, absence.last_on, absence.why = first, last, why
    session.flush()
    _refuse_overlap(session, absence)
    _note(session, absence, "changed", user, at)


def end(session: Session, absence: Absence, *, today: dt.date, user: User, at: dt.datetime) -> None:
    """They are back today. An absence that has not begun is removed as a whole.

    Raises Refused where it was over already.
    """
    if absence.last_on < today:
        raise Refused(_l("This absence is over already."))
    if absence.first_on >= today:
        remove(session, absence, user=user, at=at)
        return
    absence.last_on = today - dt.timedelta(days=1)
    session.flush()
    _note(session, absence, "ended", user, at)


def remove(session: Session, absence: Absence, *, user: User, at: dt.datetime) -> None:
    """Forget an absence: they are not away after all."""
    _note(session, absence, "removed", user, at)
    session.delete(absence)
    session.flush()


def refuse_span(first: dt.date, last: dt.date, today: dt.date) -> None:
    """Raise Refused where nobody can mean these days for an absence that is still to be minded."""
    if last < first:
        raise Refused(_l("The last day is before the first: turn the two round."))
    if last < today:
        raise Refused(_l("These days are behind us: choose a last day from today on."))
    if (first - today).days > HORIZON_DAYS:
        raise Refused(_l("Choose a first day within the next three years."))
    if (last - first).days >= LONGEST_DAYS:
        raise Refused(_l("An absence lasts three years at most: choose an earlier last day."))


def of_user(user_id: int, from_on: dt.date) -> Rows:
    """Select the absences of a colleague that are not over on a day, the next one first."""
    return _listed(from_on).where(Absence.user_id == user_id)


def of_person(influencer_id: int, from_on: dt.date) -> Rows:
    """Select the absences of a person that are not over on a day, the next one first."""
    return _listed(from_on).where(Absence.influencer_id == influencer_id)


def of_users(
    session: Session, brand_id: int, first: dt.date, last: dt.date
) -> dict[int, list[Span]]:
    """When each member of a brand is away between two days: {user id: disjoint spans, in order}.

    Spans are cut to the two days. Who is never away is not named.
    """
    return _spans(
        session.execute(
            select(Absence.user_id, Absence.first_on, Absence.last_on)
            .join(BrandMember, BrandMember.user_id == Absence.user_id)
            .where(
                BrandMember.brand_id == brand_id,
                Absence.first_on <= last,
                Absence.last_on >= first,
            )
        ),
        Span(first, last),
    )


def of_people(
    session: Session, brand_id: int, first: dt.date, last: dt.date
) -> dict[int, list[Span]]:
    """When each person a brand works with wants no contact: {influencer id: spans as above}."""
    return _spans(
        session.execute(
            select(Absence.influencer_id, Absence.first_on, Absence.last_on)
            .join(Relationship, Relationship.influencer_id == Absence.influencer_id)
            .where(
                Relationship.brand_id == brand_id,
                Absence.first_on <= last,
                Absence.last_on >= first,
            )
        ),
        Span(first, last),
    )


def quiet(session: Session, brand_id: int, first: dt.date, last: dt.date) -> list[Span]:
    """The days between two days on which a brand contacts nobody: disjoint spans, in order."""
    rows = session.execute(
        select(QuietSeason.first_on, QuietSeason.last_on, QuietSeason.is_yearly).where(
            QuietSeason.brand_id == brand_id
        )
    )
    spans = [
        span
        for first_on, last_on, is_yearly in rows
        for span in each_year(Span(first_on, last_on), is_yearly, first, last)
    ]
    return merged(spans, Span(first, last))


def days_off(
    country: str | None, first: dt.date, last: dt.date, locale: str = "en"
) -> dict[dt.date, str]:
    """The public holidays of a country between two days, by day, as they are called there.

    `country` is an ISO code; of one that is none (`countries.is_code`), nothing is known and
    nothing is returned. Names are in the reader's language where there are any, else in English.
    """
    if country is None or not countries.is_code(country):
        return {}
    years = range(first.year, last.year + 1)
    return {
        day: name
        for year in years
        for day, name in _of_year(country, year, locale)
        if first <= day <= last
    }


@lru_cache(512)
def _of_year(country: str, year: int, locale: str) -> Sequence[tuple[dt.date, str]]:
    # Fifteen megabytes and a fifth of a second with its first country: a process that asks for no
    # holiday does without.
    holidays: Any = import_module("holidays")
    language = {"fr": "fr"}.get(locale, "en_US")
    spoken = holidays.country_holidays(country).supported_languages
    chosen = next((one for one in (language, "en_US", "en_GB") if one in spoken), None)
    found = holidays.country_holidays(country, years=year, language=chosen)
    return tuple(sorted((day, name) for day, name in found.items() if day.year == year))


def _listed(from_on: dt.date) -> Rows:
    return (
        select(Absence.id, Absence.first_on, Absence.last_on, Absence.why)
        .where(Absence.last_on >= from_on)
        .order_by(Absence.first_on, Absence.id)
        .limit(LISTED)
    )


def _spans(rows: Any, within: Span) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    for id, first_on, last_on in rows:
        found.setdefault(id, []).append(Span(first_on, last_on))
    return {id: merged(spans, within) for id, spans in found.items()}


def _hold(session: Session, absence: Absence) -> None:
    """Lock whoever it is about: of two who note the same at once, the second is told."""
    whose: Mapping[Any, int | None] = {User: absence.user_id, Influencer: absence.influencer_id}
    for model, id in whose.items():
        if id is not None:
            session.execute(select(model.id).where(model.id == id).with_for_update())


def _refuse_overlap(session: Session, absence: Absence) -> None:
    """Asked once it is written: on SQLite the writer's turn begins there."""
    mine = (
        Absence.user_id == absence.user_id
        if absence.user_id is not None
        else Absence.influencer_id == absence.influencer_id
    )
    taken = session.scalar(
        select(Absence.id)
        .where(
            mine,
            Absence.id != absence.id,
            Absence.first_on <= absence.last_on,
            Absence.last_on >= absence.first_on,
        )
        .limit(1)
    )
    if taken is not None:
        raise Refused(_l("Another absence stands in these days already: change that one."))


def _note(session: Session, absence: Absence, change: str, user: User, at: dt.datetime) -> None:
    record(
        session,
        user,
        Action.ABSENCE_CHANGED,
        at,
        absence_id=absence.id,
        user_id=absence.user_id,
        influencer_id=absence.influencer_id,
        change=change,
    )
