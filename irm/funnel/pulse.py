"""Taking the pulse: what somebody is to us already, when we begin with them.

It adds the one proof that goes with the answer, and nothing else: what follows from it is read by
the rules of evidence, and claimed by whoever wants to.
"""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.funnel import evidence
from irm.funnel.evidence import Typed
from irm.i18n import _l
from irm.models import Interaction, Proof, ProofKind, Relationship, Stage, User
from irm.models.base import LabelledEnum


class Pulse(LabelledEnum):
    """What somebody is to us."""

    STRANGER = "stranger", _l("Does not know us")
    FOLLOWER = "follower", _l("Follows us")
    PARTNER = "partner", _l("Worked with us")


#: The claim that goes with an answer; the evidence says how far it is covered.
CLAIMS = {Pulse.FOLLOWER: Stage.AWARE, Pulse.PARTNER: Stage.ENGAGED}

_PROOFS = {Pulse.FOLLOWER: ProofKind.FOLLOW, Pulse.PARTNER: ProofKind.ACTIVITY}


def is_open(session: Session, relationship: Relationship) -> bool:
    """Whether the question may still be asked: nothing happened, and nothing is proven."""
    if relationship.stage is not Stage.UNAWARE or relationship.last_contact_at is not None:
        return False
    of = relationship.id
    logged = select(Interaction.id).where(Interaction.relationship_id == of).exists()
    typed = select(Proof.id).where(Proof.relationship_id == of).exists()
    return not session.scalar(select(or_(logged, typed)))


def take(
    session: Session,
    relationship: Relationship,
    pulse: Pulse,
    *,
    day: dt.date | None,
    today: dt.date,
    author: User,
    at: dt.datetime,
) -> Stage | None:
    """Add the proof that goes with an answer; returns the stage that may be claimed with it.

    Raises Refused where history answers the question already, where the day of the work together
    is missing, or cannot be.
    """
    kind = _PROOFS.get(pulse)
    if kind is None:
        return None
    if not is_open(session, relationship):
        raise Refused(_l("There is history with them already: add what is missing as evidence."))
    if day is None and pulse is Pulse.PARTNER:
        raise Refused(_l("Say when you worked together last, roughly."))
    evidence.add(session, relationship, Typed(kind, day or today), author=author, at=at)
    return CLAIMS[pulse]
