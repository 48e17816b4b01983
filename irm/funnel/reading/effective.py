"""Moves that were taken back, and the moves that took them back: as if neither had been.

To take back what took a move back lets that move stand again, and so on.
"""

from functools import lru_cache

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from irm.models import StageMove

_undo = aliased(StageMove, name="undo")
_undone = aliased(StageMove, name="undone")
_next = aliased(StageMove, name="next_undo")


@lru_cache(256)
def void(brand_id: int) -> Select[int]:
    """Select the ids of a brand's moves that do not count."""
    undos = select(_undo.id).where(_undo.brand_id == brand_id, _undo.undoes_id.is_not(None))
    chain = (
        select(_undone.id.label("root"), _undo.id.label("last"))
        .join_from(_undo, _undone, _undone.id == _undo.undoes_id)
        .where(_undo.brand_id == brand_id, _undone.undoes_id.is_(None))
        .cte("chain", recursive=True)
    )
    chain = chain.union_all(
        select(chain.c.root, _next.id).join_from(chain, _next, _next.undoes_id == chain.c.last)
    )
    # An odd number of them: the last one holds.
    gone = select(chain.c.root).group_by(chain.c.root).having(func.count() % 2 == 1)
    both = undos.union_all(gone).subquery("void")
    return select(both.c[0])


def counts(brand_id: int) -> ColumnElement[bool]:
    """The condition that leaves out the moves that do not count."""
    return StageMove.id.not_in(void(brand_id))


def voided(session: Session, brand_id: int) -> frozenset[int]:
    """The ids of a brand's moves that do not count."""
    return frozenset(session.scalars(void(brand_id)))
