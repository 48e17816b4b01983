"""What to know before a planned contact: everything the reader may read, in a screenful."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from irm.directory.search import Reader
from irm.funnel import balance, guide, promises, questions, tactics, touchpoints
from irm.funnel.balance import Counts
from irm.funnel.facts import reminding
from irm.funnel.facts.reminding import Remembered
from irm.funnel.gate import Verdict
from irm.funnel.tactics import Tactic
from irm.i18n import _l
from irm.ledger.contact import ADDRESSED
from irm.models import (
    Channel,
    Direction,
    Fact,
    FactKind,
    Interaction,
    Relationship,
    Touchpoint,
    User,
    Visibility,
)
from irm.models.base import LabelledEnum

#: So many exchanges are enough to remember how it stands.
EXCHANGES = 3

#: Between these hours of their own day nobody is called.
NIGHT_FROM, NIGHT_TO = 21, 8


class Step(LabelledEnum):
    """What goes before the first contact, in this order."""

    KNOW = "follow", _l("Know their content: follow and read it, share what is good")
    COMMENT = "comment", _l("Comment on what they publish")
    TALK = "small_talk", _l("Join talk that has nothing to do with work")
    SHARED = "personal", _l("Find a shared interest and note it down")


class Done(NamedTuple):
    """One step before the first contact, and whether something logged says it was taken."""

    step: Step
    is_done: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """What whoever makes the contact wants to know."""

    #: The newest first: `id happened_at kind direction channel activity summary is_private by`.
    exchanges: Sequence[Any]
    #: Open ones, ours first; as irm/funnel/promises.py has them.
    promises: Sequence[Any]
    questions: Sequence[Any]
    #: What never to speak of first; what to ask rather than to say is among them.
    facts: list[Remembered]
    verdict: Verdict
    counts: Counts
    #: What is to be done, where a tactic was chosen; else what the guide proposes at the stage.
    tactic: Tactic | None
    is_proposed: bool
    #: Other touchpoints that are planned: `id due_on kind purpose why owner_name`.
    others: Sequence[Any]
    #: What an ask would bring them, as it was thought through.
    benefit: str
    #: Empty once somebody turned to them.
    steps: Sequence[Done]


def of(session: Session, touchpoint: Touchpoint, reader: Reader, today: dt.date) -> Brief:
    """The brief of one touchpoint; a constant number of statements."""
    relationship = touchpoint.relationship
    private: dict[str, Any] = {"user_id": reader.user_id, "reads_private": reader.reads_private}
    planned = session.execute(touchpoints.OPEN_ROWS, {"of_id": relationship.id}).all()
    facts = reminding.to_use(session, [relationship.id], today, reader)
    tactic = tactics.find(touchpoint.tactic)
    return Brief(
        exchanges=_exchanges(session, relationship, reader),
        promises=session.execute(promises.open_of(relationship.id, **private)).all(),
        questions=session.execute(questions.open_of(relationship.id, **private)).all(),
        facts=facts.get(relationship.id, []),
        verdict=balance.verdict(session, relationship, touchpoint),
        counts=balance.counts(session, relationship.id),
        tactic=tactic or guide.of(session, relationship, reader).next,
        is_proposed=tactic is None,
        others=[one for one in planned if one.id != touchpoint.id],
        benefit=next((one.benefit or "" for one in planned if one.id == touchpoint.id), ""),
        steps=_steps(session, relationship, reader),
    )


def time_there(timezone: str | None, at: dt.datetime) -> dt.datetime | None:
    """What their own clock shows; None where their time zone is not known."""
    try:
        return at.astimezone(ZoneInfo(timezone)) if timezone else None
    except (KeyError, ValueError, OSError):
        return None


def is_night(there: dt.datetime) -> bool:
    """Whether it is too late or too early there for a call."""
    return there.hour >= NIGHT_FROM or there.hour < NIGHT_TO


def _exchanges(session: Session, relationship: Relationship, reader: Reader) -> Sequence[Any]:
    return session.execute(
        select(
            Interaction.id,
            Interaction.happened_at,
            Interaction.kind,
            Interaction.direction,
            Interaction.channel,
            Interaction.activity,
            Interaction.summary,
            (Interaction.visibility == Visibility.PRIVATE).label("is_private"),
            User.name.label("by"),
        )
        .join(User, User.id == Interaction.author_id, isouter=True)
        .where(Interaction.relationship_id == relationship.id, _is_readable(reader))
        .order_by(Interaction.happened_at.desc(), Interaction.id.desc())
        .limit(EXCHANGES)
    ).all()


def _is_readable(reader: Reader) -> ColumnElement[bool]:
    if reader.reads_private:
        return Interaction.visibility.in_(tuple(Visibility))
    return or_(Interaction.visibility == Visibility.TEAM, Interaction.author_id == reader.user_id)


def _steps(session: Session, relationship: Relationship, reader: Reader) -> list[Done]:
    """The steps before the first contact; none once somebody wrote to, called or met them."""
    row = session.execute(
        select(
            _logged(Interaction.direction != Direction.IN, Interaction.channel.in_(ADDRESSED)),
            _logged(_code("follow", "share", "curate", "link", "mention"), _is_readable(reader)),
            _logged(
                or_(_code("comment"), Interaction.channel == Channel.COMMENT), _is_readable(reader)
            ),
            _logged(_code("small_talk"), _is_readable(reader)),
            or_(
                _logged(_code("personal"), _is_readable(reader)),
                exists().where(
                    Fact.relationship_id == bindparam("of_id"),
                    Fact.kind.in_((FactKind.PASSION, FactKind.TEAM, FactKind.TASTE)),
                    Fact.ended_at.is_(None),
                    reminding.may_read(reader),
                ),
            ),
        ),
        {"of_id": relationship.id},
    ).one()
    is_addressed, *done = row
    if is_addressed:
        return []
    return [Done(step, bool(one)) for step, one in zip(Step, done, strict=True)]


def _logged(*what: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Interaction.relationship_id == bindparam("of_id"), *what)


def _code(*codes: str) -> ColumnElement[bool]:
    return Interaction.activity.in_(codes)
