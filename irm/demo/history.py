"""Inventing what happened: how far a relationship came, by which exchanges, and what is planned.

The rules of the craft hold here too: gives come before asks, the first word is never an ask, and
each stage is reached by something that happened.
"""

import datetime as dt
import random
from itertools import pairwise

from irm.demo import notes
from irm.demo.diary import Diary, Plan, Team
from irm.demo.people import Chunk, Person, Row, Size
from irm.funnel import cadence
from irm.ledger import contact
from irm.ledger.orders import day_order
from irm.models import Direction, Kind, Stage, Tier
from irm.models.keys import name_order

_STAGES = tuple(Stage)

#: How many of a hundred stand where: a funnel.
_SHARES = (44, 26, 16, 10, 4)

#: Days since the relationship began, least and most, by the stage it came to.
_AGES = ((5, 300), (40, 450), (90, 550), (160, 650), (260, 720))

#: Exchanges while at a stage, least and most.
_EXCHANGES = ((0, 1), (2, 5), (3, 7), (4, 9), (8, 24))

#: Gives that come before an ask, by stage; none is enough before they know us.
_GIVES_FIRST = (99, 3, 3, 1, 0)


class History:
    """Invents what happened with people; the same dice give the same history."""

    def __init__(self, rng: random.Random, size: Size, today: dt.date, team: Team) -> None:
        self._rng = rng
        self._size = size
        self._today = today
        self._team = team
        self._brand_id = team.brand_id
        self._diary = Diary(rng, team, 0.2 * size.liveliness)
        self._latest = dt.datetime.combine(today, dt.time(18), dt.UTC) - dt.timedelta(days=1)

    def stage(self) -> int:
        """Choose how far a relationship came, as a place among the stages."""
        left = self._rng.random() * 100
        for place, share in enumerate(_SHARES):
            left -= share
            if left < 0:
                return place
        return 0

    def birth(self, stage: int) -> dt.datetime:
        """Choose when a relationship that came so far began."""
        age = self._rng.uniform(*_AGES[stage])
        return self._latest - dt.timedelta(minutes=int(age * 1440))

    def invent(self, chunk: Chunk, person: Person, stage: int, born: dt.datetime) -> None:
        """Invent the relationship of a person: moves, exchanges and plans."""
        owner = self._owner(person, stage)
        plan = self._intend(owner, stage, born)
        times = self._times(stage, born, plan)
        events = self._exchanges(chunk, person, owner, stage, times)
        if plan is not None and plan.is_by_cadence:
            note = notes.LATEST.get(_STAGES[stage]) or self._rng.choice(notes.TALKS)
            events.append(self._diary.say(chunk, person, owner, note, times[-1]))
        since = self._moves(chunk, person, owner, stage, times)
        read = contact.read(
            (row["happened_at"], row["direction"], row["kind"], row["channel"]) for row in events
        )
        due_on = plan.due_on if plan else None
        if owner is not None and plan is not None:
            self._diary.plan(
                chunk, person, owner, _STAGES[stage], plan, read.last_contact_at or self._latest
            )
        if stage > 1:
            self._contact(chunk, person)
        chunk.relationships.append(
            {
                "id": person.number,
                "influencer_id": person.number,
                "brand_id": self._team.brand_id,
                "stage": _STAGES[stage],
                "stage_since": since,
                "owner_id": owner,
                "created_at": born,
                "last_contact_at": read.last_contact_at,
                "last_two_way_at": read.last_two_way_at,
                "last_inbound_at": read.last_inbound_at,
                "last_outbound_at": read.last_outbound_at,
                "gives_since_ask": read.gives_since_ask,
                "unanswered": read.unanswered,
                "contact_order": day_order(read.last_contact_at),
                "next_touchpoint_on": due_on,
                "next_order": day_order(due_on),
                "name_order": name_order(person.name),
            }
        )

    def _owner(self, person: Person, stage: int) -> int | None:
        luck = self._rng.random()
        if stage == 0 and luck < 0.25:
            return None
        if luck > (0.4 if person.tier is Tier.MACRO or stage == 4 else 0.88):
            return self._team.lead
        return self._team.french if person.language == "fr" else self._team.english

    def _contact(self, chunk: Chunk, person: Person) -> None:
        address = f"{person.handle}@post.example"
        point = {"influencer_id": person.number, "kind": "email"}
        point |= {"id": len(chunk.contacts), "value": address, "value_key": address}
        chunk.contacts.append(point)

    def _intend(self, owner: int | None, stage: int, born: dt.datetime) -> Plan | None:
        """Choose when the next contact is due, for most who have an owner, and who says so.

        Where the cadence says so, the last contact was so many days before.
        """
        if owner is None or self._rng.random() > (0.8 if stage else 0.15):
            return None
        due_on = self._due()
        last = due_on - dt.timedelta(days=cadence.BY_STAGE[_STAGES[stage]].ideal)
        could_be = born.date() + dt.timedelta(days=3) < last < self._today
        return Plan(due_on, last if could_be and self._rng.random() < 0.75 else None)

    def _times(self, stage: int, born: dt.datetime, plan: Plan | None) -> list[dt.datetime]:
        """The moments at which each stage began, and that of the last exchange."""
        if plan is not None and plan.last_on is not None:
            last = dt.datetime.combine(plan.last_on, dt.time(self._rng.randint(9, 17), 20), dt.UTC)
        else:
            quiet = self._rng.random() < 0.15
            silence = self._rng.uniform(35, 110) if quiet else self._rng.expovariate(1 / 9)
            silence = min(silence, (self._latest - born).days * 0.6)
            last = self._latest - dt.timedelta(minutes=int(silence * 1440))
        parts = [self._rng.uniform(0.5, 1.5) for _stage in range(stage + 1)]
        moments, gone = [born], 0.0
        for part in parts[:-1]:
            gone += part / sum(parts)
            moments.append(_in_office_hours(born + (last - born) * gone))
        return [*moments, last]

    def _moves(
        self,
        chunk: Chunk,
        person: Person,
        owner: int | None,
        stage: int,
        times: list[dt.datetime],
    ) -> dt.datetime:
        """Add the moves; returns when the present stage began."""
        common: Row = {"relationship_id": person.number, "brand_id": self._brand_id}
        birth = {"from_stage": None, "user_id": None, "reason": None}
        chunk.moves.append({**common, **birth, "to_stage": Stage.UNAWARE, "at": times[0]})
        by = owner or self._team.lead
        for place in range(1, stage + 1):
            at = times[place] + dt.timedelta(minutes=self._rng.randint(2, 40))
            self._move(chunk, person, by, (place - 1, place), at)
        since: dt.datetime = chunk.moves[-1]["at"]
        if 0 < stage < 3 and self._rng.random() < 0.07:
            # Somebody was too quick, and saw it.
            for share, step in ((0.3, (stage, stage + 1)), (0.8, (stage + 1, stage))):
                at = _in_office_hours(times[stage] + (self._latest - times[stage]) * share)
                since = max(at, since + dt.timedelta(hours=1))
                self._move(chunk, person, by, step, since)
        return since

    def _move(
        self, chunk: Chunk, person: Person, by: int, step: tuple[int, int], at: dt.datetime
    ) -> None:
        before, after = step
        is_back = after < before
        reasons = notes.MOVED_BACK if is_back else notes.MOVED_UP[_STAGES[after]]
        english, french = self._rng.choice(reasons)
        chunk.moves.append(
            {
                "relationship_id": person.number,
                "brand_id": self._brand_id,
                "from_stage": _STAGES[before],
                "to_stage": _STAGES[after],
                "at": at,
                "user_id": by,
                "reason": french if self._diary.is_french(by, person) else english,
            }
        )

    def _exchanges(
        self,
        chunk: Chunk,
        person: Person,
        owner: int | None,
        stage: int,
        times: list[dt.datetime],
    ) -> list[Row]:
        """Add what was said, oldest first; returns those rows."""
        first, gives, last_note = len(chunk.interactions), 0, None
        for place, (begins, ends) in enumerate(pairwise(times)):
            if place:
                note = self._rng.choice(notes.OPENINGS[_STAGES[place]])
                self._diary.say(chunk, person, owner, note, begins)
            for at in self._moments(place, stage, begins, ends):
                note = self._rng.choice(notes.AT_STAGE[_STAGES[place]])
                if note is last_note:
                    note = self._rng.choice(notes.AT_STAGE[_STAGES[place]])
                if note.kind is Kind.ASK and gives < _GIVES_FIRST[place]:
                    note = self._rng.choice(notes.GIVES)
                self._diary.say(chunk, person, owner, note, at)
                if note.direction is not Direction.IN:
                    gives = 0 if note.kind is Kind.ASK else gives + (note.kind is Kind.GIVE)
                last_note = note
        return chunk.interactions[first:]

    def _moments(
        self, place: int, stage: int, begins: dt.datetime, ends: dt.datetime
    ) -> list[dt.datetime]:
        """When exchanges happened while at a stage: none before we knew them, for some."""
        least, most = _EXCHANGES[place]
        if place == 0 and stage > 0:
            least = 1
        if place == 4 and self._rng.random() < 0.06:
            least, most = 60, 70  # an old friend
        else:
            least, most = (round(n * self._size.liveliness) for n in (least, most))
        count = self._rng.randint(max(least, min(1, stage)), max(most, 1))
        span = ends - begins
        moments = {
            _in_office_hours(begins + span * self._rng.uniform(0.03, 0.97)) for _one in range(count)
        }
        return sorted(at for at in moments if begins < at < ends)

    def _due(self) -> dt.date:
        rng, luck = self._rng, self._rng.random()
        days = rng.randint(8, 42)
        if rng.random() < self._size.due_now:
            if luck < 0.10:
                days = -rng.randint(1, 12)
            elif luck < 0.20:
                days = 0
            elif luck < 0.48:
                days = rng.randint(1, 7)
        return self._today + dt.timedelta(days=days)


def _in_office_hours(at: dt.datetime) -> dt.datetime:
    """The same day, at a time when people work."""
    return at.replace(hour=8 + at.hour % 10, second=0, microsecond=0)
