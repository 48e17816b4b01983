"""What is noted of one person at one brand, as a reader may see it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from irm.directory.search import Reader
from irm.funnel.facts.reminding import may_read
from irm.models import Fact, FactKind, FactUse, User

#: Facts of one person that are shown at once, what holds before what ended.
SHOWN = 100

#: What never to speak of is read first, then what is about the person and those around them.
_ORDER = (FactKind.NO_GO, FactKind.BIRTHDAY, FactKind.MILESTONE, FactKind.FAMILY)

_author, _user = aliased(User, name="author"), aliased(User, name="used_by")


def of(session: Session, relationship_id: int, reader: Reader) -> Sequence[Any]:
    """The facts of a relationship that the reader may read: SHOWN, and one more if there are more.

    Rows: the fact's columns, `author_name`, and of its last use `used_at used_by`. One
    statement.
    """
    last = (
        select(func.max(FactUse.id))
        .where(FactUse.fact_id == Fact.id)
        .correlate(Fact)
        .scalar_subquery()
    )
    place = case(
        *((Fact.kind == kind, number) for number, kind in enumerate(_ORDER)), else_=len(_ORDER)
    )
    return session.execute(
        select(
            Fact.__table__,
            _author.name.label("author_name"),
            FactUse.at.label("used_at"),
            _user.name.label("used_by"),
        )
        .outerjoin(_author, _author.id == Fact.author_id)
        .outerjoin(FactUse, FactUse.id == last)
        .outerjoin(_user, _user.id == FactUse.user_id)
        .where(Fact.relationship_id == relationship_id, may_read(reader))
        .order_by(Fact.ended_at.is_not(None), place, Fact.known_on.desc(), Fact.id.desc())
        .limit(SHOWN + 1)
    ).all()
