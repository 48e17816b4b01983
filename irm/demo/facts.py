"""Inventing what colleagues know of people, what they made use of, and what they gave for it."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from irm.demo.diary import Team
from irm.demo.facts_told import MERCH, MILESTONES, SENSITIVE, TOLD, Told
from irm.demo.people import Chunk, Row
from irm.directory import search
from irm.funnel.facts.days import SHELF, Day
from irm.models import (
    Channel,
    Fact,
    FactKind,
    FactUse,
    Gift,
    Kind,
    Source,
    Stage,
    Visibility,
    inserts,
)
from irm.models.ids import draw

#: How many facts are known of somebody, least and most, by the stage.
_KNOWN = {
    Stage.UNAWARE: (0, 0),
    Stage.AWARE: (0, 1),
    Stage.INTERESTED: (1, 3),
    Stage.ENGAGED: (2, 4),
    Stage.AMBASSADOR: (3, 5),
}

#: How likely the birthday of somebody is known, who told us anything.
_BIRTHDAY = 0.45

#: Gifts and items with the logo among the people of one chunk.
_GIFTS, _MERCH = 12, 5

_SOURCES = (Source.TOLD,) * 6 + (Source.PUBLIC,) * 3 + (Source.GUESS,)


class _Given(NamedTuple):
    """An exchange that was a gift: its row, and what it answers; of merch nothing."""

    exchange: Row
    item: str
    told: Told | None


class Facts:
    """Invents with dice of its own, so that people and history are those they were without it."""

    def __init__(self, seed: int, today: dt.date, team: Team) -> None:
        self._rng = random.Random(f"facts {seed}")  # nosec B311  # dice
        self._today = today
        self._team = team
        self._given: list[_Given] = []

    def give(self, chunk: Chunk) -> None:
        """Make gifts of some exchanges in which something was given or sent, before they are kept.

        What counts as a give and what as talk stays as it was.
        """
        self._given = []
        gives, talks = [], []
        for row in chunk.interactions:
            if row["activity"] or row["visibility"] is not Visibility.TEAM:
                continue
            if row["kind"] is Kind.GIVE and row["channel"] is Channel.PARCEL:
                gives.append(row)
            elif row["kind"] is Kind.TALK and row["channel"] is Channel.MESSAGE:
                talks.append(row)
        for row in self._some(gives, _GIFTS):
            told = self._rng.choice([one for one in TOLD[self._language(row)] if one.gift])
            row.update(activity="gift", summary=told.thanks)
            self._given.append(_Given(row, told.gift, told))
        for row in self._some(talks, _MERCH):
            item, summary = MERCH[self._language(row)]
            row.update(activity="merch", channel=Channel.PARCEL, summary=summary)
            self._given.append(_Given(row, item, None))

    def invent(self, session: Session, chunk: Chunk) -> None:
        """Note facts of a chunk's people, whose rows are kept by now; some were made use of."""
        people = {row["id"]: row["influencer_id"] for row in chunk.relationships}
        answered = [self._answered(one) for one in self._given if one.told]
        there = {(row["relationship_id"], row["text"]) for row in answered}
        known = [fact for one in chunk.relationships for fact in self._known(one)]
        rows = [row for row in known if (row["relationship_id"], row["text"]) not in there]
        rows += answered
        ids = draw(session, {Fact: len(rows)})[Fact]
        for row, id in zip(rows, ids, strict=True):
            row["id"] = id
        inserts.put(session, Fact, rows)
        inserts.put(session, FactUse, list(self._uses(rows, answered)))
        inserts.put(session, Gift, list(self._gifts(answered)))
        search.index_entries(session, [self._entry(row, people) for row in rows if row["text"]])

    def _known(self, one: Row) -> Iterator[Row]:
        least, most = _KNOWN[one["stage"]]
        count = self._rng.randint(least, most)
        by = one["owner_id"]
        if not count or by is None or one["last_contact_at"] is None:
            return
        language = "fr" if by == self._team.french else "en"
        for told in self._rng.sample(TOLD[language], count):
            yield self._fact(one, by, told.kind, told.text)
        if self._rng.random() < _BIRTHDAY:
            yield self._fact(one, by, FactKind.BIRTHDAY, "", day=self._birthday())
        if self._rng.random() < 0.04:
            text, ahead = self._rng.choice(MILESTONES[language])
            on = self._today + dt.timedelta(days=ahead + self._rng.randint(-3, 3))
            day = Day(on.month, on.day, on.year, is_yearly=False)
            yield self._fact(one, by, FactKind.MILESTONE, text, day=day)
        if self._rng.random() < 0.03:
            yield self._fact(one, by, FactKind.OTHER, SENSITIVE[language], is_sensitive=True)

    def _fact(
        self,
        one: Row,
        by: int,
        kind: FactKind,
        text: str,
        *,
        day: Day | None = None,
        is_sensitive: bool = False,
        at: dt.datetime | None = None,
    ) -> Row:
        """A row of a fact that was learnt between the beginning and the last contact."""
        if at is None:
            first, last = one["created_at"], one["last_contact_at"]
            at = first + (last - first) * self._rng.random()
        return {
            "relationship_id": one["id"],
            "kind": kind,
            "text": text,
            "source": Source.TOLD if is_sensitive else self._rng.choice(_SOURCES),
            "known_on": at.date(),
            "shelf_days": SHELF[kind],
            "on_month": day.month if day else None,
            "on_day": day.day if day else None,
            "on_year": day.year if day else None,
            "is_yearly": bool(day and day.is_yearly),
            "is_sensitive": is_sensitive,
            "visibility": Visibility.TEAM,
            "author_id": by,
            "interaction_id": None,
            "created_at": at,
        }

    def _birthday(self) -> Day:
        """A birthday; one in eight comes in the next two weeks, so that there is one to see."""
        ahead = self._rng.randint(0, 13 if self._rng.random() < 0.125 else 364)
        on = self._today + dt.timedelta(days=ahead)
        year = self._today.year - self._rng.randint(22, 61) if self._rng.random() < 0.5 else None
        # A leap day only where the year had one.
        return Day(on.month, min(on.day, 28) if on.month == 2 else on.day, year)

    def _answered(self, given: _Given) -> Row:
        """The fact that a gift answered: it was known a month before."""
        exchange, told = given.exchange, given.told
        assert told is not None
        at = exchange["happened_at"] - dt.timedelta(days=30)
        of = {"id": exchange["relationship_id"]}
        row = self._fact(of, exchange["author_id"], told.kind, told.text, at=at)
        return {**row, "source": Source.TOLD}

    def _uses(self, rows: Sequence[Row], answered: Sequence[Row]) -> Iterator[Row]:
        """Gifts made use of what they answer; of the rest some was used in a later exchange."""
        gifts = [one for one in self._given if one.told]
        for row, given in zip(answered, gifts, strict=True):
            at = given.exchange["happened_at"]
            yield _use(row, at, given.exchange["author_id"], given.exchange["id"])
        latest = dt.datetime.combine(self._today, dt.time(9), dt.UTC) - dt.timedelta(days=2)
        for row in rows[: len(rows) - len(answered)]:
            is_plain = row["on_month"] is None and row["kind"] is not FactKind.NO_GO
            at = row["created_at"] + dt.timedelta(days=self._rng.randint(10, 60))
            if is_plain and at < latest and self._rng.random() < 0.3:
                yield _use(row, at, row["author_id"], None)

    def _gifts(self, answered: Sequence[Row]) -> Iterator[Row]:
        facts = iter(answered)
        for one in self._given:
            yield {
                "interaction_id": one.exchange["id"],
                "item": one.item,
                "fact_id": next(facts)["id"] if one.told else None,
                "is_merch": one.told is None,
            }

    def _entry(self, row: Row, people: dict[int, int]) -> dict[str, Any]:
        return {
            "influencer_id": people[row["relationship_id"]],
            "brand_id": self._team.brand_id,
            "relationship_id": row["relationship_id"],
            "author_id": row["author_id"] if row["is_sensitive"] else None,
            "source": "fact",
            "source_id": row["id"],
            "text": row["text"],
        }

    def _language(self, row: Row) -> str:
        return "fr" if row["author_id"] == self._team.french else "en"

    def _some(self, rows: Sequence[Row], most: int) -> list[Row]:
        return self._rng.sample(rows, min(most, len(rows)))


def _use(row: Row, at: dt.datetime, user_id: int, interaction_id: int | None) -> Row:
    return {
        "fact_id": row["id"],
        "occasion": at.date().isoformat(),
        "at": at,
        "user_id": user_id,
        "interaction_id": interaction_id,
    }
