"""Relationships that a history begins: people of other brands, and strangers who got a word."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from irm.funnel import stages
from irm.imports import bulk
from irm.imports.history.record import Settled
from irm.imports.kinds import Context, Step, plain
from irm.imports.people import prospecting
from irm.models import Base, Influencer, Relationship, StageMove, User, Verdict, inserts


def related(
    session: Session, decisions: Sequence[Settled], context: Context, step: Step
) -> dict[int, Relationship]:
    """Return the brand's relationships with whom the rows are about, by person.

    Those there were not are begun, as by any list: unaware, with the first move, and counted.
    """
    people = {
        one.influencer_id
        for one in decisions
        if one.influencer_id is not None and one.verdict in (Verdict.CREATED, Verdict.UPDATED)
    }
    found = session.scalars(
        select(Relationship)
        .where(Relationship.brand_id == context.brand_id, Relationship.influencer_id.in_(people))
        .order_by(Relationship.id)
        .execution_options(populate_existing=True)
    )
    by_person = {one.influencer_id: one for one in found}
    for id in sorted(people - by_person.keys()):
        by_person[id] = _begin(session, id, context, step)
    return by_person


def _begin(session: Session, id: int, context: Context, step: Step) -> Relationship:
    person = session.get_one(Influencer, id)
    prospecting.end(session, context.brand_id, [id], step)
    user = session.get(User, context.user_id) if context.user_id is not None else None
    begun = stages.begin(session, person, context.brand_id, user=user, at=context.at)
    if not person.known:
        person.known = True
        step.changes(Influencer, id, {"known": (False, True)})
    session.flush()
    birth = session.scalars(select(StageMove.id).where(StageMove.relationship_id == begun.id)).all()
    step.creates(Relationship, [begun.id])
    step.creates(StageMove, birth)
    step.touched.add(id)
    return begun


def rewrite(session: Session, model: type[Base], one: Settled, step: Step) -> None:
    """Write what a row changes of a stored one, and note it."""
    table = inserts.table_of(model)
    stored = one.target._mapping
    step.changes(
        model,
        one.target.id,
        {name: (plain(stored[name]), plain(value)) for name, value in one.values.items()},
    )
    values = dict(one.values)
    if "row_version" in table.c:  # Whoever has its form open is told.
        values["row_version"] = table.c.row_version + bulk.BY_IMPORT
    session.connection().execute(update(table).where(table.c.id == one.target.id).values(values))
