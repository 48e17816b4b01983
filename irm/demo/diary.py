"""What colleagues write down of a person, each in their own language: exchanges and plans."""

import datetime as dt
import random
from dataclasses import dataclass

from irm.demo import notes
from irm.demo.notes import Note
from irm.demo.people import Chunk, Person, Row
from irm.demo.themes import THEMES
from irm.funnel import cadence
from irm.models import Channel, Direction, Kind, Planner, Stage, State, Visibility

#: What an exchange of this kind by this channel is called, where the note does not say.
_USUAL = {
    (Kind.TALK, Channel.EMAIL): "email",
    (Kind.TALK, Channel.CALL): "call",
    (Kind.TALK, Channel.MEETING): "meeting",
    (Kind.TALK, Channel.EVENT): "at_event",
    (Kind.TALK, Channel.COMMENT): "comment",
    (Kind.GIVE, Channel.POST): "share",
}

#: Where people meet, others are there, too.
_MET = (Channel.MEETING, Channel.EVENT, Channel.CALL)


@dataclass(frozen=True, slots=True)
class Team:
    """Who works with whom: the lead with the large ones, the others by language."""

    brand_id: int
    lead: int
    english: int
    french: int


@dataclass(frozen=True, slots=True)
class Plan:
    """When the next contact is due; `last_on` is the day the cadence counts from, if it does."""

    due_on: dt.date
    last_on: dt.date | None

    @property
    def is_by_cadence(self) -> bool:
        return self.last_on is not None


class Diary:
    """Writes exchanges and touchpoints into a chunk."""

    def __init__(self, rng: random.Random, team: Team, diligence: float) -> None:
        self._rng = rng
        self._team = team
        #: How often an exchange had been planned.
        self._diligence = diligence
        #: For what stands beside an exchange: the story itself stays as it was drawn.
        self._aside = random.Random(repr(rng.getstate()[1][:4]))  # nosec B311  # dice

    def is_french(self, user: int, person: Person) -> bool:
        """Whether a colleague writes of a person in French; the lead writes as they speak."""
        if user == self._team.lead:
            return person.language == "fr"
        return user == self._team.french

    def say(
        self, chunk: Chunk, person: Person, owner: int | None, note: Note, at: dt.datetime
    ) -> Row:
        """Add one exchange; returns its row."""
        rng = self._rng
        by = owner or self._team.lead
        is_french = self.is_french(by, person)
        language = "fr" if is_french else "en"
        thing = rng.choice(THEMES[language][person.theme].things)
        summary = (note.fr if is_french else note.en).replace("{thing}", thing)
        if "{detail}" in summary:
            summary = summary.replace("{detail}", rng.choice(notes.DETAILS[language]))
        kept = None
        if note.direction is not Direction.IN and rng.random() < self._diligence:
            kept = self._kept(chunk, person, by, note, at)
        row: Row = {
            "id": len(chunk.interactions),
            "relationship_id": person.number,
            "happened_at": at,
            "kind": note.kind,
            "direction": note.direction,
            "channel": note.channel,
            "activity": note.activity or _USUAL.get((note.kind, note.channel)),
            "summary": summary,
            "present": self._present(note, is_french),
            "links": self._links(note),
            "visibility": Visibility.PRIVATE if rng.random() < 0.02 else Visibility.TEAM,
            "author_id": by,
            "touchpoint_id": kept,
            "created_at": at,
        }
        chunk.interactions.append(row)
        if note.channel in _MET and self._aside.random() < 0.3:
            others = sorted({self._team.lead, self._team.english, self._team.french} - {by})
            chunk.participants.append(
                {"interaction_id": row["id"], "user_id": self._aside.choice(others)}
            )
        return row

    def _present(self, note: Note, is_french: bool) -> str:
        if note.channel not in _MET or self._aside.random() > 0.4:
            return ""
        return self._aside.choice(notes.PRESENT["fr" if is_french else "en"])

    def _links(self, note: Note) -> list[str]:
        if note.channel not in (*_MET, Channel.EMAIL) or self._aside.random() > 0.2:
            return []
        return [f"https://docs.example.com/notes/{self._aside.randrange(1000, 9999)}"]

    def _kept(self, chunk: Chunk, person: Person, by: int, note: Note, at: dt.datetime) -> int:
        """Add the touchpoint that an exchange kept; returns its number."""
        due_on = at.date() + dt.timedelta(days=self._rng.randint(-2, 1))
        return self._touchpoint(
            chunk,
            person,
            owner_id=by,
            due_on=due_on,
            kind=note.kind.value,
            why={"code": "planned"},
            author_id=by,
            state=State.DONE,
            closed_at=at,
            closed_by_id=by,
            created_at=at - dt.timedelta(days=7),
        )

    def plan(
        self,
        chunk: Chunk,
        person: Person,
        owner: int,
        stage: Stage,
        plan: Plan,
        written_at: dt.datetime,
    ) -> None:
        """Add the touchpoint that is planned next."""
        planned: Row = {
            "owner_id": owner,
            "due_on": plan.due_on,
            "created_at": written_at,
        }
        if plan.is_by_cadence:
            days = cadence.BY_STAGE[stage].ideal
            planned["planned_by"] = Planner.CADENCE
            planned["why"] = {"code": "cadence", "days": days, "stage": stage.value}
        else:
            plans = notes.FIRST_PLANS if stage is Stage.UNAWARE else notes.PLANS
            kind, english, french = self._rng.choice(plans)
            planned["kind"] = kind.value
            planned["purpose"] = french if self.is_french(owner, person) else english
            planned["why"] = {"code": "planned"}
            planned["author_id"] = owner
        self._touchpoint(chunk, person, **planned)

    def _touchpoint(self, chunk: Chunk, person: Person, **given: object) -> int:
        number = len(chunk.touchpoints)
        chunk.touchpoints.append(
            {
                "id": number,
                "relationship_id": person.number,
                "kind": Kind.TALK.value,
                "purpose": "",
                "author_id": None,
                "planned_by": Planner.PERSON,
                "state": State.OPEN,
                "closed_at": None,
                "closed_by_id": None,
                **given,
            }
        )
        return number
