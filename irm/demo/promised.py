"""Inventing who promised and asked what: most of it kept, some late, some still waited for."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.demo.brand import ZONE
from irm.demo.diary import Team
from irm.demo.people import Chunk
from irm.funnel.answering import Answering, answer_by, working_day_after
from irm.models import (
    Promise,
    Promiser,
    PromiseState,
    Question,
    QuestionState,
    Relationship,
    Stage,
)

#: Of a chunk's people so many hundredths have an open promise, and a closed one.
_OPEN, _CLOSED = 7, 14

#: And a question that waits, one with a holding reply, and one that was answered.
_WAITING, _HELD, _ANSWERED = 2, 1, 10

_DAY, _HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)

_OURS = {
    "en": (
        "Send the recipe cards before the shoot",
        "Two places at the open fire day",
        "Introduce them to the woman who designs the pans",
        "Pictures in full size, free to use",
        "A first look at the small stove",
        "A word on the draft of the film",
        "Where the iron comes from, in writing",
        "Lend the big tent for the weekend",
    ),
    "fr": (
        "Envoyer les fiches recettes avant le tournage",
        "Deux places pour la journée au feu de bois",
        "Présenter la créatrice des poêles",
        "Les photos en grand format, libres de droits",
        "Montrer le petit réchaud en avant-première",
        "Un retour sur le montage du film",
        "L’origine de la fonte, par écrit",
        "Prêter la grande tente pour le week-end",
    ),
}
_THEIRS = {
    "en": (
        "A short film of the first evening out",
        "Three dates for a call",
        "The address for the parcel",
        "The draft before it goes online",
        "The figures of the last post",
        "The names of two people we should know",
    ),
    "fr": (
        "Un petit film de la première soirée dehors",
        "Trois dates pour un appel",
        "L’adresse pour le colis",
        "Le brouillon avant la mise en ligne",
        "Les chiffres du dernier post",
        "Les noms de deux personnes à connaître",
    ),
}
_ASKED = {
    "en": (
        "May I keep the pan after the shoot?",
        "Is there PFAS in the coating?",
        "Can I bring a friend to the workshop?",
        "When does the small stove come back?",
        "For how long may you use my pictures?",
        "Could you lend three tents to a school?",
        "Do you deliver to Switzerland?",
    ),
    "fr": (
        "Puis-je garder la poêle après le tournage ?",
        "Y a-t-il des PFAS dans le revêtement ?",
        "Puis-je venir à l’atelier avec une amie ?",
        "Quand le petit réchaud revient-il ?",
        "Combien de temps pouvez-vous utiliser mes photos ?",
        "Pourriez-vous prêter trois tentes à une école ?",
        "Livrez-vous en Suisse ?",
    ),
}
_ANSWER = {"en": "An answer: %s", "fr": "Réponse : %s"}


class Promised:
    """Invents promises and questions; the same dice give the same ones."""

    def __init__(self, seed: int, today: dt.date, team: Team) -> None:
        self._rng = random.Random(f"promised {seed}")  # nosec B311  # dice
        self._today = today
        self._team = team

    def invent(self, session: Session, chunk: Chunk) -> None:
        """Let some of a chunk's people, who are known to us and have an owner, be promised to."""
        found = session.scalars(
            select(Relationship)
            .where(
                Relationship.id.in_([row["id"] for row in chunk.relationships]),
                Relationship.owner_id.is_not(None),
                Relationship.stage != Stage.UNAWARE,
                Relationship.last_contact_at.is_not(None),
            )
            .order_by(Relationship.id)
        ).all()
        if not found:
            return
        for share, invent in (
            (_OPEN, self._open),
            (_CLOSED, self._closed),
            (_WAITING, self._waiting),
            (_HELD, self._held),
            (_ANSWERED, self._answered),
        ):
            count = min(len(found), max(1, len(chunk.relationships) * share // 100))
            session.add_all([invent(one) for one in self._rng.sample(found, count)])
        session.flush()

    def _open(self, one: Relationship) -> Promise:
        """A promise that is open, one of four beyond its day."""
        is_late = self._rng.random() < 0.25
        ahead = -self._rng.randint(1, 8) if is_late else self._rng.randint(0, 21)
        return self._promise(one, self._today + ahead * _DAY)

    def _closed(self, one: Relationship) -> Promise:
        """A promise of the last months: most kept on their day, some later, a few not at all."""
        promise = self._promise(one, self._today - self._rng.randint(6, 110) * _DAY)
        luck = self._rng.random()
        promise.state = PromiseState.BROKEN if luck < 0.1 else PromiseState.KEPT
        late = self._rng.randint(1, 5) if luck < 0.28 else -self._rng.randint(0, 2)
        promise.closed_on = promise.due_on + late * _DAY
        promise.closed_by_id = promise.owner_id
        return promise

    def _promise(self, one: Relationship, due_on: dt.date) -> Promise:
        rng, language = self._rng, self._language(one)
        is_ours = rng.random() < 0.6
        made = min(due_on - rng.randint(3, 20) * _DAY, self._today - _DAY)
        return Promise(
            relationship_id=one.id,
            promiser=Promiser.US if is_ours else Promiser.THEM,
            what=rng.choice((_OURS if is_ours else _THEIRS)[language]),
            due_on=due_on,
            owner_id=one.owner_id,
            author_id=one.owner_id,
            created_at=self._at(made, rng.randint(8, 16)),
        )

    def _waiting(self, one: Relationship) -> Question:
        """A question of last night, whose clock runs, or of the day before, beyond its time."""
        if self._rng.random() < 0.6:
            return self._question(one, self._at(self._today - _DAY, self._rng.randint(21, 23)))
        return self._question(one, self._at(self._today - 2 * _DAY, self._rng.randint(8, 17)))

    def _held(self, one: Relationship) -> Question:
        """A question whose answer is promised."""
        question = self._question(one, self._at(self._today - 2 * _DAY, self._rng.randint(8, 12)))
        question.held_at = question.asked_at + self._rng.randint(1, 6) * _HOUR
        promise = self._promise(one, working_day_after(self._today - _DAY, 2))
        promise.promiser = Promiser.US
        promise.what = _ANSWER[self._language(one)] % question.text
        promise.created_at = question.held_at
        question.promise = promise
        return question

    def _answered(self, one: Relationship) -> Question:
        """A question of the last months with its answer, nearly always in time."""
        day = self._today - self._rng.randint(3, 100) * _DAY
        question = self._question(one, self._at(day, self._rng.randint(8, 17)))
        is_late = self._rng.random() < 0.15
        hours = self._rng.randint(25, 50) if is_late else self._rng.randint(1, 20)
        question.state = QuestionState.ANSWERED
        question.answered_at = question.asked_at + hours * _HOUR
        question.answered_by_id = question.owner_id
        return question

    def _question(self, one: Relationship, asked_at: dt.datetime) -> Question:
        is_urgent = self._rng.random() < 0.2
        return Question(
            relationship_id=one.id,
            text=self._rng.choice(_ASKED[self._language(one)]),
            asked_at=asked_at,
            is_urgent=is_urgent,
            answer_by=answer_by(
                asked_at, is_urgent=is_urgent, zone=ZoneInfo(ZONE), hours=Answering()
            ),
            owner_id=one.owner_id,
            author_id=one.owner_id,
            created_at=asked_at,
        )

    def _language(self, one: Relationship) -> str:
        return "fr" if one.owner_id == self._team.french else "en"

    def _at(self, day: dt.date, hour: int) -> dt.datetime:
        minute = self._rng.randint(0, 59)
        return dt.datetime.combine(day, dt.time(hour, minute), dt.UTC)
