"""Who was left out of a change to many people, and why."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from irm.models import BulkEdit, BulkEditRow, Influencer, Relationship

#: People who are named.
NAMED = 50


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many were left out by why, and some of them: id and name."""

    problems: Counter[str]
    some: list[tuple[int, str]]


def left_out(session: Session, edit: BulkEdit) -> LeftOut:
    """Who was left out so far. Of who had gone before there is a number alone, and no row."""
    kept_out = BulkEditRow.edit_id == edit.id, cast(BulkEditRow.problem, String).contains('"code"')
    number = session.scalar(select(func.count()).select_from(BulkEditRow).where(*kept_out)) or 0
    found = session.execute(
        select(Influencer.id, Influencer.name)
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .join(BulkEditRow, BulkEditRow.relationship_id == Relationship.id)
        .where(*kept_out)
        .order_by(Relationship.name_order, Relationship.id)
        .limit(NAMED)
    )
    problems = Counter(other_brand=number, gone=edit.refused - number)
    return LeftOut(+problems, [(id, name) for id, name in found])
