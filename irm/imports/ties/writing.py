"""Writes what was decided on ties: all of it or nothing, in the caller's transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from irm.directory import strangers
from irm.directory.strangers import Newcomer
from irm.imports import bulk
from irm.imports.kinds import Step
from irm.imports.people import prospecting
from irm.imports.people.comparing import Plan as PeoplePlan
from irm.imports.people.known import Person
from irm.imports.ties.matching import Decided, Plan
from irm.models import Account, Influencer, Tie, TieOrigin, inserts
from irm.models.ids import draw


def write(session: Session, plan: Plan, decisions: Sequence[Decided], step: Step) -> None:
    """Write strangers, prospects and ties, and note what was done."""
    _add_strangers(session, plan, step)
    _propose(session, plan, step)
    _add_ties(session, plan, step)
    _change(session, plan, step)
    proposed = {one.end.key: one.id for one in plan.prospects}
    for one in decisions:
        if one.record is not None and proposed:
            # Whoever became a prospect is to be read for the brand's topics.
            ends = (one.record.origin.key, one.record.target.key)
            one.influencer_id = next((proposed[key] for key in ends if key in proposed), None)
            step.touched.update({one.influencer_id} if one.influencer_id else ())


def _add_strangers(session: Session, plan: Plan, step: Step) -> None:
    context = plan.context
    new = [
        Newcomer(
            one.end.platform,
            one.end.handle,
            one.end.platform_id,
            one.end.name,
            is_taken=one.is_taken,
        )
        for one in plan.strangers
    ]
    people, accounts = strangers.make(
        session, new, source=context.source, lawful_basis=context.lawful_basis, at=context.at
    )
    for one, id in zip(plan.strangers, people, strict=True):
        one.id = id
    step.creates(Influencer, people)
    step.creates(Account, accounts)


def _propose(session: Session, plan: Plan, step: Step) -> None:
    """Let people whom only other brands know be prospects of the brand that names them."""
    if not plan.prospects:
        return
    of_people = PeoplePlan(None, plan.context, shows=False)  # type: ignore[arg-type]
    of_people.prospects = [
        Person(one.id, {}, prospect_id=one.prospect_id, is_own=True) for one in plan.prospects
    ]
    prospecting.propose(session, of_people, step)


def _add_ties(session: Session, plan: Plan, step: Step) -> None:
    if not plan.ties:
        return
    context = plan.context
    drawn = draw(session, {Tie: len(plan.ties)})[Tie]
    rows: list[dict[str, Any]] = [
        {"id": id, "from_id": one.origin.id, "to_id": one.target.id, "kind": one.kind, **one.now}
        for id, one in zip(drawn, plan.ties, strict=True)
    ]
    inserts.put(
        session,
        Tie,
        rows,
        origin=TieOrigin.LIST,
        brand_id=context.brand_id,
        source=context.source[:200],
        author_id=context.user_id,
        created_at=context.at,
    )
    step.creates(Tie, drawn)


def _change(session: Session, plan: Plan, step: Step) -> None:
    rows = []
    for one in plan.changed:
        assert one.id is not None
        rows.append({"of_id": one.id, **{name: one.now[name] for name in one.before}})
        noted = {name: (_plain(old), _plain(one.now[name])) for name, old in one.before.items()}
        step.changes(Tie, one.id, noted)
    bulk.update(session, Tie, rows)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
