"""Relationships that a list of people gives to colleagues."""

from sqlalchemy.orm import Session

from irm.audit import passed_on
from irm.imports import handing, placing
from irm.imports.kinds import Step
from irm.imports.people.comparing import Plan


def give(session: Session, plan: Plan, step: Step) -> None:
    """Give relationships to whom the rows name; those that the list began were begun as theirs."""
    given: dict[int, tuple[int | None, int]] = {}
    begun: dict[int, tuple[int | None, int]] = {}
    for person, was in plan.given.items():
        if person.relationship_id is not None and person.owner is not None:
            hands = begun if person.relates else given
            hands[person.relationship_id] = was.id if was else None, person.owner.id
    if given:
        placing.rewrite(session, {id: {"owner_id": now} for id, (_was, now) in given.items()}, step)
        handing.give_along(session, given, plan.context, step)
    if begun:
        passed_on(session, begun, plan.context.user_id, plan.context.at)
