"""Noting what was learnt of somebody, putting it right, and saying that it holds no more.

Nothing is deleted: what holds no more stays with who said so and when. The search finds what
holds, for those who may read it.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import reindexing
from irm.errors import Done, Refused, Stale
from irm.funnel.facts import days
from irm.funnel.facts.days import SHELF, Day
from irm.funnel.interactions import FIRST_DAY
from irm.i18n import _l
from irm.ledger import relationships as ledger
from irm.models import Fact, FactKind, Interaction, Relationship, Source, User, Visibility

#: So long a fact may be; longer texts belong in an interaction.
TEXT_LENGTH = 500

#: A shelf life of so many days: it holds for good.
FOR_GOOD = 0

#: More days than this are for good.
MOST_SHELF = 3650

_NOTED_ALREADY = _l("This is noted already.")


@dataclass(frozen=True, slots=True)
class Noted:
    """What the form says of a fact."""

    kind: FactKind
    text: str = ""
    source: Source = Source.TOLD
    #: Since when we know it; None: today.
    known_on: dt.date | None = None
    #: For so many days it holds: None as is usual for its kind, FOR_GOOD without end.
    shelf_days: int | None = None
    on_month: int | None = None
    on_day: int | None = None
    on_year: int | None = None
    is_yearly: bool = False
    is_sensitive: bool = False
    visibility: Visibility = Visibility.TEAM


def note(
    session: Session,
    relationship: Relationship,
    noted: Noted,
    *,
    author: User,
    at: dt.datetime,
    today: dt.date,
    learnt_in: Interaction | None = None,
) -> Fact:
    """Note a fact; `today` is the author's day, `learnt_in` the exchange that told us.

    Raises Refused where it says nothing or its day cannot be, Done where she, or the team, noted
    the same already.
    """
    values = _values(noted, today)
    ledger.hold(session, relationship)
    _refuse_repeated(session, relationship, values, author)
    fact = Fact(
        relationship_id=relationship.id,
        **values,
        author_id=author.id,
        interaction_id=learnt_in.id if learnt_in else None,
        created_at=at,
    )
    session.add(fact)
    session.flush()
    reindexing.mend(session, "fact", [fact.id])
    return fact


def edit(
    session: Session,
    fact: Fact,
    noted: Noted,
    *,
    user: User,
    at: dt.datetime,
    today: dt.date,
    seen_version: int,
) -> None:
    """Put a fact otherwise.

    Raises Stale where somebody changed it since, Refused as `note` does or where it holds no more.
    """
    _refuse_stale(fact, seen_version)
    _refuse_ended(fact)
    for name, value in _values(noted, today).items():
        setattr(fact, name, value)
    _changed(session, fact, user, at, "edited")


def confirm(
    session: Session,
    fact: Fact,
    *,
    user: User,
    at: dt.datetime,
    today: dt.date,
    seen_version: int,
) -> None:
    """Say that it is still so: from today on its shelf life begins anew.

    Raises Stale, or Refused where it holds no more, or its day has come and gone.
    """
    _refuse_stale(fact, seen_version)
    _refuse_ended(fact)
    day = days.of(fact)
    if day is not None and day.coming(today) is None:
        raise Refused(_l("This day is over: say that it holds no more, or give it another day."))
    fact.known_on = max(fact.known_on, today)
    _changed(session, fact, user, at, "confirmed")


def end(session: Session, fact: Fact, *, user: User, at: dt.datetime, seen_version: int) -> None:
    """Say that it holds no more; it stays in the history, and the search finds it no more.

    Raises Stale, or Refused where it ended already.
    """
    _refuse_stale(fact, seen_version)
    _refuse_ended(fact)
    fact.ended_at, fact.ended_by_id = at, user.id
    _changed(session, fact, user, at, "ended")


def restore(
    session: Session, fact: Fact, *, user: User, at: dt.datetime, seen_version: int
) -> None:
    """Let it hold again.

    Raises Stale, or Refused where it does hold.
    """
    _refuse_stale(fact, seen_version)
    if fact.ended_at is None:
        raise Done(_l("This holds already."))
    fact.ended_at = fact.ended_by_id = None
    _changed(session, fact, user, at, "restored")


def _values(noted: Noted, today: dt.date) -> dict[str, object]:
    """The columns of a fact as it is to be. Raises Refused where something cannot be."""
    if not noted.text and noted.kind is not FactKind.BIRTHDAY:
        raise Refused(_l("Write in one line what you learnt."))
    if len(noted.text) > TEXT_LENGTH:
        raise Refused(_l("This is too long: %(n)s characters at most.", n=TEXT_LENGTH))
    known_on = noted.known_on or today
    if known_on > today:
        raise Refused(_l("Nobody can have learnt this in the future."))
    if known_on < FIRST_DAY:
        raise Refused(_l("This day is too long ago to be right."))
    day = days.checked(
        noted.kind,
        noted.on_month,
        noted.on_day,
        noted.on_year,
        is_yearly=noted.is_yearly,
        today=today,
    )
    return {
        "kind": noted.kind,
        "text": noted.text,
        "source": noted.source,
        "known_on": known_on,
        "shelf_days": _shelf(noted),
        **_day_columns(day),
        "is_sensitive": noted.is_sensitive,
        "visibility": noted.visibility,
    }


def _day_columns(day: Day | None) -> dict[str, object]:
    return {
        "on_month": day.month if day else None,
        "on_day": day.day if day else None,
        "on_year": day.year if day else None,
        "is_yearly": bool(day and day.is_yearly),
    }


def _shelf(noted: Noted) -> int | None:
    """The shelf life as it is stored. Raises Refused where nobody means so many days."""
    if noted.shelf_days is None:
        return SHELF[noted.kind]
    if noted.shelf_days == FOR_GOOD:
        return None
    if not 0 < noted.shelf_days <= MOST_SHELF:
        raise Refused(_l("A fact holds from one day to ten years, or for good."))
    return noted.shelf_days


def _refuse_repeated(
    session: Session, relationship: Relationship, values: dict[str, object], author: User
) -> None:
    """A double click notes once; what another keeps to herself is not told of."""
    same = select(Fact.id).where(
        Fact.relationship_id == relationship.id,
        Fact.ended_at.is_(None),
        *(
            getattr(Fact, name) == values[name]
            for name in ("kind", "text", "visibility", "is_sensitive")
        ),
        Fact.on_month.is_not_distinct_from(values["on_month"]),
        Fact.on_day.is_not_distinct_from(values["on_day"]),
    )
    if values["is_sensitive"] or values["visibility"] is Visibility.PRIVATE:
        same = same.where(Fact.author_id == author.id)
    if session.scalar(same.limit(1)) is not None:
        raise Done(_NOTED_ALREADY)


def _changed(session: Session, fact: Fact, user: User, at: dt.datetime, change: str) -> None:
    """Write a change down, and let the search know."""
    session.flush()
    reindexing.mend(session, "fact", [fact.id])
    ids = {"relationship_id": fact.relationship_id, "fact_id": fact.id}
    record(session, user, Action.FACT_CHANGED, at, **ids, change=change)


def _refuse_stale(fact: Fact, seen_version: int) -> None:
    if seen_version != fact.row_version:
        raise Stale()


def _refuse_ended(fact: Fact) -> None:
    if fact.ended_at is not None:
        raise Refused(_l("This holds no more. Bring it back first."))
