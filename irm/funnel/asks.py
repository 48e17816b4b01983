"""Planning an ask: thought through on the ask form, and let through by the gate or by a reason."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.errors import Refused
from irm.funnel import balance, pauses, tactics, touchpoints
from irm.funnel.gate import Answer, Verdict
from irm.funnel.tactics import Tactic
from irm.i18n import LazyText, _l
from irm.ledger import relationships as ledger
from irm.models import Archetype, Ask, Kind, Relationship, Stage, State, Touchpoint, User

#: How long each answer of the form may be.
LENGTH = 500

#: What a touchpoint says of the wish.
PURPOSE_LENGTH = 200

#: Suggestions of one kind that are shown at once.
SUGGESTED = 4

_ORDER = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Thought:
    """What the ask form says: the wish, and the three questions somebody would ask back."""

    wish: str
    benefit: str
    community: str
    shared_values: str
    channel: str | None = None
    tactic: str | None = None
    #: Why it is asked although the gate is shut.
    reason: str = ""


class GateShut(Refused):
    """The gate is shut: it takes a reason, or what is missing."""


class Paused(Refused):
    """They are left in peace on that day."""


def plan(
    session: Session,
    relationship: Relationship,
    thought: Thought,
    *,
    due_on: dt.date,
    today: dt.date,
    at: dt.datetime,
    author: User,
) -> Ask:
    """Plan an ask for a day, with the answers and what the gate said.

    The relationship is held before the gate is asked: of two who ask at once, the second is judged
    by what the first has planned. Raises GateShut where it is shut and no reason is given or none
    can be, Paused where a pause holds on that day, Refused where the day cannot be, or the same is
    planned already.
    """
    touchpoints.refuse_day(due_on, today)
    ledger.hold(session, relationship)
    if pauses.holds_on(relationship, due_on, at):
        raise Paused(
            _l("They are paused on this day: end the pause first, or choose a day after it.")
        )
    verdict = balance.verdict(session, relationship)
    _refuse_repeated(session, relationship, thought.wish)
    if verdict.answer is Answer.NEVER:
        raise GateShut(why(verdict))
    if not verdict.is_open and not thought.reason:
        raise GateShut(
            _l(
                "%(why)s To ask all the same, write down why; the lead sees it.",
                why=why(verdict),
            )
        )
    planned = touchpoints.plan(
        session,
        relationship,
        due_on=due_on,
        today=today,
        at=at,
        author=author,
        kind=Kind.ASK,
        purpose=_short(thought.wish),
        channel=thought.channel,
        tactic=thought.tactic,
        passed_gate=True,
    )
    session.flush()
    ask = Ask(
        relationship_id=relationship.id,
        touchpoint_id=planned.id,
        wish=thought.wish,
        benefit=thought.benefit,
        community=thought.community,
        shared_values=thought.shared_values,
        gives=verdict.gives,
        gives_needed=verdict.needed,
        override_reason=None if verdict.is_open else thought.reason,
        author_id=author.id,
        created_at=at,
    )
    session.add(ask)
    session.flush()
    if not verdict.is_open:
        ids = {"relationship_id": relationship.id, "ask_id": ask.id}
        record(session, author, Action.GATE_OVERRIDDEN, at, **ids)
    return ask


def why(verdict: Verdict) -> LazyText:
    """Why the gate is not open, in one or two sentences."""
    missing = verdict.missing or 0
    match verdict.why.get("code"):
        case "first_contact":
            return _l("Your first contact is never an ask. Give something first.")
        case "unaware":
            return _l("Nothing shows yet that they know us: it is early to ask.")
        case "asked_already":
            return _l("Another ask is planned already; what was given counts for that one.")
        case _:
            return _l("Too little was given for an ask: %(n)s more first.", n=missing)


def to_ask(archetype: Archetype | None, stage: Stage) -> list[Tactic]:
    """What may be asked of such a person, what their stage is nearest to first."""
    return _nearest(Kind.ASK, archetype, stage)


def to_give(archetype: Archetype | None, stage: Stage) -> list[Tactic]:
    """What may be given to such a person first."""
    return _nearest(Kind.GIVE, archetype, stage)


def _nearest(kind: Kind, archetype: Archetype | None, stage: Stage) -> list[Tactic]:
    here = _ORDER.index(stage)
    found = [one for one in tactics.suited(archetype) if one.kind is kind]
    found.sort(key=lambda one: abs(_ORDER.index(one.stage) - here))
    return found[:SUGGESTED]


def _refuse_repeated(session: Session, relationship: Relationship, wish: str) -> None:
    """A double click, or a browser that repeats itself, asks once."""
    same = (
        select(Ask.id)
        .join(Touchpoint, Touchpoint.id == Ask.touchpoint_id)
        .where(
            Ask.relationship_id == relationship.id,
            Ask.wish == wish,
            Touchpoint.state == State.OPEN,
        )
    )
    if session.scalar(same.limit(1)) is not None:
        raise Refused(_l("This ask is planned already."))


def _short(wish: str) -> str:
    line = " ".join(wish.split())
    if len(line) <= PURPOSE_LENGTH:
        return line
    return line[: PURPOSE_LENGTH - 2].rsplit(" ", 1)[0] + " …"
