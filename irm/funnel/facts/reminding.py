"""What to remember of people now, and whose day comes: each one statement, however many they are.

Guesses are marked, and left out where it goes into a letter.
"""

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from irm.directory.people import is_listed
from irm.directory.search import Reader
from irm.funnel.facts import days
from irm.funnel.facts.days import Age
from irm.models import (
    Fact,
    FactKind,
    FactUse,
    Influencer,
    Relationship,
    Source,
    Visibility,
)
from irm.models.base import Rows
from irm.named_rows import named

#: A day that comes is brought up so many days before it.
SOON_DAYS = 14

#: A day that came once is asked after for so many days.
AFTER_DAYS = 30

#: Of one person so many facts are brought up at once.
EACH = 8

#: Days of a colleague's people that are read at once.
MOST = 50

#: Kinds that are brought up around their day alone.
_OF_THEIR_DAY = (FactKind.BIRTHDAY, FactKind.MILESTONE)


class How(enum.StrEnum):
    """What to do with a fact that is brought up."""

    #: Never speak of it.
    MIND = "mind"
    #: Their day comes.
    DAY = "day"
    #: Something to speak of, and to give by.
    SPEAK = "speak"
    #: It is a while since we knew it: ask, do not assert.
    ASK = "ask"


class Remembered(NamedTuple):
    """One fact to remember for a contact; `saying` puts it in a sentence."""

    id: int
    relationship_id: int
    kind: FactKind
    text: str
    source: Source
    how: How
    #: The day that comes, or the one that is asked after.
    on: dt.date | None
    #: How many years it is then, where the year is known.
    years: int | None
    #: When it was last made use of.
    used_at: dt.datetime | None
    is_sensitive: bool
    row_version: int

    @property
    def is_guess(self) -> bool:
        """Whether we only believe it: to be asked, never to be written."""
        return self.source is Source.GUESS


class Ahead(NamedTuple):
    """A day of somebody's that comes."""

    id: int
    relationship_id: int
    influencer_id: int
    name: str
    kind: FactKind
    text: str
    source: Source
    on: dt.date
    #: How many years it is then, where the year is known.
    years: int | None
    row_version: int


def to_use(
    session: Session,
    relationship_ids: Iterable[int],
    today: dt.date,
    reader: Reader,
    *,
    with_guesses: bool = True,
) -> dict[int, list[Remembered]]:
    """What to remember for a contact now, by relationship: EACH at most, in one statement.

    What never to speak of goes first, then days that come within SOON_DAYS and were not made use
    of, then the rest, what was used longest ago first. `with_guesses=False` is for what is written
    to somebody or sent by mail: it leaves out guesses and what is sensitive. Only what the reader
    may read is there; somebody without facts is not among the keys.
    """
    ids = sorted(set(relationship_ids))
    if not ids:
        return {}
    asked = _to_use(today, reader, with_guesses)
    rows = named(session.connection().execute(asked, {"ids": ids}))
    found: dict[int, list[Remembered]] = defaultdict(list)
    for row in rows:
        found[row.relationship_id].append(_remembered(row, today))
    return dict(found)


@lru_cache(64)
def _to_use(today: dt.date, reader: Reader, with_guesses: bool) -> Rows:
    """The statement of a reader's day, kept: to put it together takes longer than to ask it."""
    soon = _coming(today, today + dt.timedelta(days=SOON_DAYS))
    before = today - dt.timedelta(days=1)
    just_over = Fact.is_yearly.is_(False) & _coming(today - dt.timedelta(days=AFTER_DAYS), before)
    used_at = (
        select(func.max(FactUse.at))
        .where(FactUse.fact_id == Fact.id)
        .correlate(Fact)
        .scalar_subquery()
    )
    rank = case((Fact.kind == FactKind.NO_GO, 0), (soon, 1), else_=2)
    asked = select(*_REMEMBERED, rank.label("rank"), used_at.label("used_at")).where(
        Fact.relationship_id.in_(bindparam("ids", expanding=True)),
        Fact.ended_at.is_(None),
        may_read(reader),
        or_(Fact.kind.not_in(_OF_THEIR_DAY), soon, just_over),
    )
    if not with_guesses:
        asked = asked.where(Fact.source != Source.GUESS, Fact.is_sensitive.is_(False))
    # Worked out once for each fact, and not once more wherever it is looked at.
    known = asked.cte("known").prefix_with("MATERIALIZED")
    order = known.c.rank, known.c.used_at.asc().nulls_first(), known.c.known_on.desc(), known.c.id
    place = func.row_number().over(partition_by=known.c.relationship_id, order_by=order)
    placed = select(*known.c, place.label("place")).subquery("placed")
    return (
        select(placed)
        .where(placed.c.place <= EACH)
        .order_by(placed.c.relationship_id, placed.c.place)
    )


#: What is asked of each fact.
_REMEMBERED = (
    Fact.id,
    Fact.relationship_id,
    Fact.kind,
    Fact.text,
    Fact.source,
    Fact.known_on,
    Fact.shelf_days,
    Fact.on_month,
    Fact.on_day,
    Fact.on_year,
    Fact.is_yearly,
    Fact.is_sensitive,
    Fact.ended_at,
    Fact.row_version,
)


def days_ahead(
    session: Session,
    user_id: int,
    brand_id: int,
    today: dt.date,
    days: int,
    *,
    reads_private: bool = False,
    reader_id: int | None = None,
) -> list[Ahead]:
    """Birthdays and days to remember of a colleague's people, from today to so many days ahead.

    Those that were not made use of yet, the next first, MOST at most. People who rest, are put
    away or want no contact are left out, and so is what the colleague may not read, or whoever
    looks in her place. Guesses and what is sensitive are not among them: this goes into letters
    and lists.
    """
    last = today + dt.timedelta(days=days)
    reader = Reader(brand_id, reader_id or user_id, reads_private)
    # Those of the last days of a year go before those of the first: by year, then as they come.
    first_year = (Fact.on_month > today.month) | (
        (Fact.on_month == today.month) & (Fact.on_day >= today.day)
    )
    rows = session.execute(
        select(
            *(Fact.id, Fact.relationship_id, Fact.kind, Fact.text, Fact.source),
            *(Fact.on_month, Fact.on_day, Fact.on_year, Fact.is_yearly, Fact.row_version),
            Relationship.influencer_id,
            Influencer.name,
        )
        .join(Relationship, Relationship.id == Fact.relationship_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.brand_id == brand_id,
            Relationship.owner_id == user_id,
            or_(Relationship.paused_until.is_(None), Relationship.paused_until <= today),
            is_listed(),
            Influencer.do_not_contact.is_(False),
            Fact.on_month.is_not(None),
            Fact.ended_at.is_(None),
            Fact.source != Source.GUESS,
            Fact.is_sensitive.is_(False),
            may_read(reader),
            _coming(today, last),
        )
        .order_by(case((first_year, 0), else_=1), Fact.on_month, Fact.on_day, Fact.id)
        .limit(MOST)
    )
    found = []
    for row in rows:
        on, years = _day(row, today)
        assert on is not None
        found.append(
            Ahead(
                row.id,
                row.relationship_id,
                row.influencer_id,
                row.name,
                row.kind,
                row.text,
                row.source,
                on,
                years,
                row.row_version,
            )
        )
    return found


def may_read(reader: Reader) -> ColumnElement[bool]:
    """The condition on Fact that keeps what a reader may read."""
    if reader.reads_private:
        return literal(True)
    is_open = and_(Fact.visibility == Visibility.TEAM, Fact.is_sensitive.is_(False))
    return or_(is_open, Fact.author_id == reader.user_id)


def _remembered(row: Any, today: dt.date) -> Remembered:
    on, years = _day(row, today) if row.rank == 1 else (None, None)
    how = How.SPEAK
    if row.kind is FactKind.NO_GO:
        how = How.MIND
    elif on is not None:
        how = How.DAY
    elif days.age(row, today) is Age.AGEING:
        how = How.ASK
        on = days.holds_until(row) if row.kind is FactKind.MILESTONE else None
    return Remembered(
        row.id,
        row.relationship_id,
        row.kind,
        row.text,
        row.source,
        how,
        on,
        years,
        row.used_at,
        row.is_sensitive,
        row.row_version,
    )


def _day(row: Any, today: dt.date) -> tuple[dt.date | None, int | None]:
    """When the day of a row comes, and how many years it is then."""
    day = days.of(row)
    on = day.coming(today) if day else None
    if day is None or on is None or day.year is None or on.year <= day.year:
        return on, None
    return on, on.year - day.year


def _coming(first: dt.date, last: dt.date) -> ColumnElement[bool]:
    """Whether a fact's day lies within these days, and was not made use of for that time."""
    each = [
        and_(
            Fact.on_month == part.month,
            Fact.on_day.between(part.first, part.last),
            or_(
                and_(Fact.is_yearly, ~_is_used(literal(str(part.year), String()))),
                and_(
                    Fact.is_yearly.is_(False), Fact.on_year == part.year, ~_is_used(_iso_of_fact())
                ),
            ),
        )
        for part in days.parts(first, last)
    ]
    return or_(false(), *each)


def _is_used(occasion: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(FactUse.fact_id == Fact.id, FactUse.occasion == occasion).correlate(Fact)


def _iso_of_fact() -> ColumnElement[str]:
    """The one day of a fact as `2026-05-02`, which is how its use is noted."""
    dash = literal("-", String())
    year = cast(Fact.on_year, String)
    return year + dash + _two(Fact.on_month) + dash + _two(Fact.on_day)


def _two(number: Any) -> ColumnElement[str]:
    """A number of a day or month with two digits, on both databases alike."""
    zero = case((number < 10, literal("0", String())), else_=literal("", String()))
    return zero + cast(number, String)
