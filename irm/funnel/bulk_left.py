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
    problem = cast(BulkEditRow.problem, String)
    kept_out = BulkEditRow.edit_id == edit.id, problem.contains('"code"')
    is_archived = problem.contains('"archived"')
    numbers = session.execute(
        select(is_archived, func.count()).where(*kept_out).group_by(is_archived)
    )
    by_code = {"archived" if archived else "other_brand": n for archived, n in numbers}
    found = session.execute(
        select(Influencer.id, Influencer.name)
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .join(BulkEditRow, BulkEditRow.relationship_id == Relationship.id)
        .where(*kept_out)
        .order_by(Relationship.name_order, Relationship.id)
        .limit(NAMED)
    )
    problems = Counter(by_code)
    problems["gone"] = edit.refused - problems.total()
    return LeftOut(+problems, [(id, name) for id, name in found])
