"""Relationships that a list gives to colleagues, with what is planned in them."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.audit import passed_on
from irm.directory import team
from irm.funnel.hands import ALONG
from irm.imports import bulk
from irm.imports.kinds import Context, Step
from irm.models import Touchpoint

#: Relationship → who looked after it, and who does now.
Hands = Mapping[int, tuple[int | None, int]]


def give_along(session: Session, hands: Hands, context: Context, step: Step) -> None:
    """Let what is open go along, as where a person gives somebody away, and record the hands.

    The relationships themselves are written by the caller.
    """
    of = {was for was, _now in hands.values() if was is not None}
    partners = {was for was in of if team.is_partner(session, was, context.brand_id)}
    for model, is_open in ALONG:
        found = session.execute(
            select(model.id, model.relationship_id, model.owner_id)
            .where(model.relationship_id.in_(hands), is_open)
            .order_by(model.id)
            .with_for_update()
        )
        changed = []
        for id, relationship_id, owner_id in found:
            was, now = hands[relationship_id]
            # A partner sees them no more, so promises and questions go along as well.
            along = (was, None) if model is Touchpoint else partners & {was}
            if owner_id in along and owner_id != now:
                changed.append({"of_id": id, "owner_id": now})
                step.changes(model, id, {"owner_id": (owner_id, now)})
        bulk.update(session, model, changed)
    passed_on(session, hands, context.user_id, context.at)
