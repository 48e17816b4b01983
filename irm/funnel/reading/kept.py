"""Readings that took long, kept for the rest of the day, so that they are read once."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Insert, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.funnel.reading import cohorts, flow, over_time, stays, stream
from irm.funnel.reading.period import Period
from irm.funnel.reading.whom import Whom
from irm.models import Reading, Stage

#: Where more moves than these lie within the period, what reads them takes a while.
MOST = 20_000

#: What was read on an earlier day is of no use, but for whoever began to look before midnight.
KEPT = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Question:
    """What is read: of whom, of which days, and when it is asked."""

    whom: Whom
    period: Period
    today: dt.date
    now: dt.datetime

    @property
    def key(self) -> str:
        """The question as a key; tomorrow it is another one."""
        owner = "" if self.whom.owner_id is None else self.whom.owner_id
        teams = f"~{self.whom.teams.key}" if self.whom.teams is not None else ""
        return f"{self.period.asked()}~{owner}~{self.today}{teams}"


class Answer(NamedTuple):
    """What was read, and when."""

    result: Any
    as_of: dt.datetime


class _Kind(NamedTuple):
    read: Callable[[Session, Question], Any]
    pack: Callable[[Any], Any]
    unpack: Callable[[Any], Any]


def _counts(values: list[int]) -> dict[Stage, int]:
    return dict(zip(Stage, values, strict=True))


def _spreads(rows: list[list[int | None]]) -> dict[Stage, stays.Spread]:
    return {
        stage: stays.Spread(int(row[0] or 0), *row[1:])
        for stage, row in zip(Stage, rows, strict=True)
    }


_KINDS = {
    "flow": _Kind(
        lambda session, of: flow.read(session, of.whom, of.period),
        lambda ways: [[came, went, people] for (came, went), people in ways.items()],
        lambda rows: {(came and Stage(came), Stage(went)): people for came, went, people in rows},
    ),
    "people": _Kind(
        lambda session, of: over_time.read(session, of.whom, of.period),
        lambda points: [[day.isoformat(), list(counts.values())] for day, counts in points],
        lambda rows: [(dt.date.fromisoformat(day), _counts(counts)) for day, counts in rows],
    ),
    "cohorts": _Kind(
        lambda session, of: cohorts.read(session, of.whom, cohorts.widened(of.period), of.today),
        lambda found: [
            [str(one.first), str(one.last), one.people, list(one.reached.values()), one.is_young]
            for one in found
        ],
        lambda rows: [
            cohorts.Cohort(
                dt.date.fromisoformat(first),
                dt.date.fromisoformat(last),
                people,
                _counts(reached),
                is_young,
            )
            for first, last, people, reached, is_young in rows
        ],
    ),
    "stays": _Kind(
        lambda session, of: stays.read(session, of.whom, of.period, of.now),
        lambda found: [[list(one) for one in spreads.values()] for spreads in found],
        lambda rows: stays.Stays(*(_spreads(some) for some in rows)),
    ),
}

KINDS = tuple(_KINDS)


def is_long(session: Session, of: Question) -> bool:
    """Whether so many moves are read that the answer is worth keeping."""
    return stream.is_long(session, of.whom.brand_id, of.period.since, MOST)


def read(session: Session, kind: str, of: Question) -> Any:
    """Read it now."""
    return _KINDS[kind].read(session, of)


def found(session: Session, of: Question) -> dict[str, Answer]:
    """What is kept of the answers to a question, by kind; one statement."""
    rows = session.execute(
        select(Reading.kind, Reading.result, Reading.as_of).where(
            Reading.brand_id == of.whom.brand_id, Reading.asked == of.key
        )
    )
    return {kind: Answer(_KINDS[kind].unpack(result), as_of) for kind, result, as_of in rows}


def keep(session: Session, kind: str, of: Question) -> Answer:
    """Read it now, and keep the answer in place of an earlier one. The caller commits."""
    result = read(session, kind, of)
    values = {
        "brand_id": of.whom.brand_id,
        "kind": kind,
        "asked": of.key,
        "as_of": of.now,
        "result": _KINDS[kind].pack(result),
    }
    session.connection().execute(_put(session.get_bind().dialect.name), values)
    return Answer(result, of.now)


@lru_cache(2)
def _put(dialect: str) -> Insert:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(cast(Table, Reading.__table__))
    return statement.on_conflict_do_update(
        index_elements=["brand_id", "kind", "asked"],
        set_={"as_of": statement.excluded.as_of, "result": statement.excluded.result},
    )


def drop(session: Session, of: Question) -> None:
    """Forget the answers to a question, so that it is read anew."""
    session.execute(
        delete(Reading).where(Reading.brand_id == of.whom.brand_id, Reading.asked == of.key)
    )


def forget(session: Session, now: dt.datetime) -> None:
    """Delete what was read on earlier days."""
    session.execute(delete(Reading).where(Reading.as_of < now - KEPT))
