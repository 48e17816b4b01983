"""Inventing how asks ended, and some that are thought through and wait for their day."""

import datetime as dt
import random
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from irm.demo.diary import Team
from irm.demo.people import Chunk, Row
from irm.funnel import gate
from irm.funnel.gate import Answer, Facts, Verdict
from irm.models import (
    Ask,
    Kind,
    Outcome,
    Planner,
    Relationship,
    State,
    Touchpoint,
)

#: How often an ask ends how; the rest is still open.
_ENDS = (
    (0.5, Outcome.ACCEPTED),
    (0.7, Outcome.DECLINED),
    (0.85, Outcome.NO_ANSWER),
)

#: An ask is given so long before anybody says how it ended.
_PATIENCE = dt.timedelta(days=10)

#: Asks that wait for their day, among the people of one chunk.
_PLANNED = 8

#: The wish, what is in it for them, their community, shared values; in English and in French.
_THOUGHTS = {
    "en": (
        (
            "Two pages on mending in the winter booklet",
            "Their name and workshop before 40,000 readers, and a fee",
            "A repair that everybody can do at home",
            "Things that last, and those who keep them alive",
        ),
        (
            "An honest look at the new griddle before it is made",
            "They can still change it, and we say whose idea it was",
            "Their readers learn what a good griddle needs",
            "Rather one good tool than three poor ones",
        ),
    ),
    "fr": (
        (
            "Deux pages sur la réparation dans le carnet d’hiver",
            "Leur nom et leur atelier devant 40 000 lecteurs, et un cachet",
            "Une réparation que chacun peut faire chez soi",
            "Les choses qui durent, et ceux qui les font durer",
        ),
        (
            "Un avis franc sur la nouvelle plancha avant sa fabrication",
            "Tout peut encore changer, et nous dirons de qui vient l’idée",
            "Leur public apprend ce qu’il faut à une bonne plancha",
            "Un bon outil plutôt que trois mauvais",
        ),
    ),
}
_TACTICS = ("co_creation", "reaction")
_REASONS = {
    "en": "The booklet goes to the printer on Friday, and they offered to help.",
    "fr": "Le carnet part à l’imprimerie vendredi, et une aide avait été proposée.",
}


class Asks:
    """Invents with dice of its own, so that people and history are those they were without it."""

    def __init__(self, seed: int, today: dt.date, team: Team) -> None:
        self._rng = random.Random(f"asks {seed}")  # nosec B311  # dice
        self._today = today
        self._team = team
        self._is_overridden = False

    def end(self, rows: Sequence[Row]) -> None:
        """Say of exchanges that are asks how they ended; none of the last days has."""
        latest = dt.datetime.combine(self._today, dt.time(0), dt.UTC) - _PATIENCE
        for row in rows:
            row["outcome"] = None
            if row["kind"] is Kind.ASK and row["happened_at"] < latest:
                luck = self._rng.random()
                row["outcome"] = next((end for most, end in _ENDS if luck < most), None)

    def plan(self, session: Session, chunk: Chunk) -> None:
        """Turn some plans into asks that the gate lets through, and one with a reason."""
        ids = [row["id"] for row in chunk.relationships]
        found = session.scalars(
            select(Touchpoint)
            .join(Touchpoint.relationship)
            .where(
                Touchpoint.relationship_id.in_(ids),
                Touchpoint.state == State.OPEN,
                Touchpoint.planned_by == Planner.PERSON,
                Touchpoint.due_on >= self._today,
            )
            .options(contains_eager(Touchpoint.relationship))
            .order_by(Touchpoint.id)
        )
        planned = 0
        for touchpoint in found:
            verdict = _verdict(touchpoint.relationship)
            if verdict.is_open and planned < _PLANNED:
                planned += 1
                self._think(session, touchpoint, verdict)
            elif verdict.answer is Answer.SHUT and verdict.needed and not self._is_overridden:
                self._is_overridden = True
                self._think(session, touchpoint, verdict)
        session.flush()

    def _think(self, session: Session, touchpoint: Touchpoint, verdict: Verdict) -> None:
        by = touchpoint.owner_id or self._team.lead
        language = "fr" if by == self._team.french else "en"
        place = self._rng.randrange(len(_TACTICS))
        wish, benefit, community, values = _THOUGHTS[language][place]
        touchpoint.kind, touchpoint.purpose = Kind.ASK.value, wish
        touchpoint.tactic = _TACTICS[place]
        session.add(
            Ask(
                relationship_id=touchpoint.relationship_id,
                touchpoint_id=touchpoint.id,
                wish=wish,
                benefit=benefit,
                community=community,
                shared_values=values,
                gives=verdict.gives,
                gives_needed=verdict.needed,
                override_reason=None if verdict.is_open else _REASONS[language],
                author_id=by,
                created_at=touchpoint.created_at,
            )
        )


def _verdict(relationship: Relationship) -> Verdict:
    return gate.judge(
        Facts(
            relationship.stage,
            relationship.earned_stage,
            relationship.gives_since_ask,
            has_outbound=relationship.last_outbound_at is not None,
        )
    )
