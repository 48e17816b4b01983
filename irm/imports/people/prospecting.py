"""People whom a list brings to be looked through: prospects of the brand, outside its funnel."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, exists, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from irm.imports.kinds import Step
from irm.imports.people.comparing import Plan
from irm.models import UNKNOWN_ORDER, Influencer, Prospect, Relationship, inserts
from irm.models.ids import draw

_keys: BindParameter[Any] = bindparam("keys", expanding=True)
_people, _prospects, _relationships = (
    inserts.table_of(model) for model in (Influencer, Prospect, Relationship)
)
_ENDED = (
    delete(_prospects)
    .where(_prospects.c.brand_id == bindparam("brand"), _prospects.c.influencer_id.in_(_keys))
    .returning(
        _prospects.c.id,
        _prospects.c.influencer_id,
        _prospects.c.is_own,
        _prospects.c.dismissed_at,
        _prospects.c.created_at,
    )
)


def propose(session: Session, plan: Plan, step: Step) -> None:
    """Make prospects of those with whom the brand has nothing yet; note what was made."""
    if not plan.prospects:
        return
    context = plan.context
    begun = [one for one in plan.prospects if one.prospect_id is None]
    drawn = draw(session, {Prospect: len(begun)})[Prospect]
    step.creates(Prospect, drawn)
    ids = dict(zip(begun, drawn, strict=True))
    shared = {
        "brand_id": context.brand_id,
        "is_own": True,
        "reasons": [],
        "relevance_order": UNKNOWN_ORDER,
        "created_at": context.at,
    }
    new = set(plan.people)
    rows = [{"id": ids[one], "influencer_id": one.id} for one in begun if one in new]
    inserts.put(session, Prospect, rows, **shared)
    for one in begun:
        if one not in new:
            _put(session, {"id": ids[one], "influencer_id": one.id, **shared})
    for one in plan.prospects:
        if one.prospect_id is not None:
            _own(session, one.prospect_id)
            step.changes(Prospect, one.prospect_id, {"is_own": (False, True)})


def _put(session: Session, row: Mapping[str, Any]) -> None:
    """Insert a prospect; one that a scoring has proposed meanwhile is the brand's own now."""
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = make(_prospects).values(dict(row))
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["brand_id", "influencer_id"], set_={"is_own": True}
        )
    )


def _own(session: Session, id: int) -> None:
    session.connection().execute(
        update(_prospects).where(_prospects.c.id == id).values(is_own=True)
    )


def end(session: Session, brand_id: int, people: Sequence[int], step: Step) -> None:
    """End the proposals of people with whom a relationship begins; note what was the brand's own.

    What irm proposed itself it proposes again, if there is reason to.
    """
    ended = session.connection().execute(_ENDED, {"brand": brand_id, "keys": list(people)})
    for row in ended.all():
        if row.is_own:
            aside = row.dismissed_at and row.dismissed_at.isoformat()
            columns = {
                "brand_id": (brand_id, None),
                "influencer_id": (row.influencer_id, None),
                "dismissed_at": (aside, None),
                "created_at": (row.created_at.isoformat(), None),
            }
            step.changes(Prospect, row.id, columns)


def is_end(name: str, columns: Mapping[str, Any]) -> bool:
    """Whether what a step noted is that a proposal ended."""
    return name == Prospect.__tablename__ and "influencer_id" in columns


def begin_anew(session: Session, ended: Iterable[Mapping[str, Sequence[Any]]]) -> int:
    """Let people be prospects again whose relationships were undone; returns how many are."""
    found = 0
    for columns in ended:
        was = {name: both[0] for name, both in columns.items()}
        both_ids = {name: was[name] for name in ("brand_id", "influencer_id")}
        there = [
            exists().where(
                table.c.brand_id == was["brand_id"],
                table.c.influencer_id == was["influencer_id"],
            )
            for table in (_relationships, _prospects)
        ]
        person = select(_people.c.id).where(_people.c.id == was["influencer_id"], ~there[0])
        if session.scalar(person.where(~there[1])) is None:
            continue
        aside = was["dismissed_at"]
        session.execute(
            insert(Prospect).values(
                **both_ids,
                is_own=True,
                reasons=[],
                relevance_order=UNKNOWN_ORDER,
                dismissed_at=dt.datetime.fromisoformat(aside) if aside else None,
                created_at=dt.datetime.fromisoformat(was["created_at"]),
            )
        )
        found += 1
    return found
