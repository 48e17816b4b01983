"""Inventing who is left in peace for a while, and why."""

import datetime as dt
import random

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.demo.diary import Team
from irm.demo.people import Chunk
from irm.models import Pause, Relationship, Stage

#: Among the people of one chunk.
_PAUSED = 4

#: In English and in French.
_REASONS = {
    "en": (
        "Parental leave; asked to be left in peace until then",
        "On tour with no time for anything else",
        "Moving house, back online afterwards",
        "Finishing a book; the publisher said when",
    ),
    "fr": (
        "Congé parental ; souhaite être tranquille d’ici là",
        "En tournée, aucun temps pour autre chose",
        "Déménagement, de retour en ligne ensuite",
        "Termine un livre ; l’éditeur a donné la date",
    ),
}


class Pauses:
    """Invents pauses; the same dice give the same ones."""

    def __init__(self, seed: int, today: dt.date, team: Team) -> None:
        self._rng = random.Random(f"pauses {seed}")  # nosec B311  # dice
        self._today = today
        self._team = team

    def invent(self, session: Session, chunk: Chunk) -> None:
        """Let some of a chunk's people rest, who are known to us and have an owner."""
        ids = [row["id"] for row in chunk.relationships]
        found = session.scalars(
            select(Relationship)
            .where(
                Relationship.id.in_(ids),
                Relationship.owner_id.is_not(None),
                Relationship.stage.in_((Stage.AWARE, Stage.INTERESTED, Stage.ENGAGED)),
                Relationship.last_contact_at.is_not(None),
            )
            .order_by(Relationship.id)
        ).all()
        for place, one in enumerate(self._rng.sample(found, min(_PAUSED, len(found)))):
            self._pause(session, one, place)
        session.flush()

    def _pause(self, session: Session, one: Relationship, place: int) -> None:
        language = "fr" if one.owner_id == self._team.french else "en"
        since = self._today - dt.timedelta(days=self._rng.randint(1, 9))
        one.paused_until = self._today + dt.timedelta(days=self._rng.randint(6, 80))
        one.paused_why = _REASONS[language][place]
        session.add(
            Pause(
                relationship_id=one.id,
                until=one.paused_until,
                why=one.paused_why,
                at=dt.datetime.combine(since, dt.time(9, 30), dt.UTC),
                user_id=one.owner_id,
            )
        )
