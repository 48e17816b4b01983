"""What a move rests on: the evidence, or a reason that somebody gives."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from irm.errors import Unreasoned
from irm.i18n import _l
from irm.ledger import evidence, proving
from irm.ledger.claims import is_uncovered
from irm.ledger.evidence import Lack
from irm.models import Relationship, Stage

_ORDER = tuple(Stage)


def is_back(before: Stage, to: Stage) -> bool:
    """Whether a move leads back."""
    return _ORDER.index(to) < _ORDER.index(before)


def lacking(session: Session, relationship: Relationship, to: Stage, at: dt.datetime) -> list[Lack]:
    """What the evidence lacks for a stage and for those below it; empty where it covers it."""
    if not is_uncovered(to, relationship.earned_stage):
        return []
    brand = relationship.brand
    zone = ZoneInfo(brand.timezone)
    gathered = proving.gather(session, {relationship.id: zone})[relationship.id]
    return gathered.lacking(at.astimezone(zone).date(), evidence.thresholds(brand.evidence), to)


def refuse_unreasoned(
    session: Session, relationship: Relationship, to: Stage, at: dt.datetime
) -> None:
    """Refuse a move without a reason, where it takes one.

    Raises Unreasoned for a move back, and for one up that the evidence does not cover.
    """
    said = {"name": relationship.influencer.name, "stage": to.label}
    if is_back(relationship.stage, to):
        raise Unreasoned(_l("Say why %(name)s goes back to “%(stage)s”.", **said))
    missing = lacking(session, relationship, to, at)
    if missing:
        raise Unreasoned(
            _l(
                "The evidence on %(name)s does not cover “%(stage)s” yet. Add what is missing, or "
                "say why they move anyway.",
                **said,
            ),
            missing,
        )
