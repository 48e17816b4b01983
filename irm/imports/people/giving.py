"""Relationships that a list gives to colleagues, with what is planned in them."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.audit import passed_on
from irm.directory import team
from irm.funnel.hands import ALONG
from irm.imports import bulk, placing
from irm.imports.kinds import Step
from irm.imports.people.comparing import Plan
from irm.models import Touchpoint

#: Who looked after a relationship, and who does now.
_Hands = Mapping[int, tuple[int | None, int]]


def give(session: Session, plan: Plan, step: Step) -> None:
    """Give relationships to whom the rows name; those that the list began were begun as theirs."""
    hands: dict[int, tuple[int | None, int]] = {}
    begun: set[int] = set()
    for person, was in plan.given.items():
        if person.relationship_id is not None and person.owner is not None:
            hands[person.relationship_id] = was.id if was else None, person.owner.id
            if person.relates:
                begun.add(person.relationship_id)
    if not hands:
        return
    old = {id: hand for id, hand in hands.items() if id not in begun}
    placing.rewrite(session, {id: {"owner_id": now} for id, (_was, now) in old.items()}, step)
    _give_along(session, old, plan.context.brand_id, step)
    passed_on(session, hands, plan.context.user_id, plan.context.at)


def _give_along(session: Session, hands: _Hands, brand_id: int, step: Step) -> None:
    """Let what is open go along, as where a person gives somebody away."""
    of = {was for was, _now in hands.values() if was is not None}
    partners = {was for was in of if team.is_partner(session, was, brand_id)}
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
