"""The ties that a brand's lists have told of some people."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import String, select, tuple_, type_coerce
from sqlalchemy.orm import Session

from irm.imports.people.known import Row
from irm.imports.ties.ends import Somebody
from irm.models import Tie, TieKind, TieOrigin
from irm.models.inserts import table_of

#: What a list says of a tie.
COLUMNS = ("weight", "is_mutual", "first_seen", "last_seen")

_ties = table_of(Tie)


@dataclass(slots=True, eq=False)
class Held(Row):
    """A tie that is stored, or that a row brings."""

    origin: Somebody = None  # type: ignore[assignment]
    target: Somebody = None  # type: ignore[assignment]
    kind: TieKind = TieKind.FOLLOWS


def between(
    session: Session, pairs: Iterable[tuple[int, int]], brand_id: int
) -> dict[tuple[int, int, TieKind], Held]:
    """Return the ties between some people, either way round, that lists of a brand told of."""
    wanted = {both for a, b in pairs if a != b for both in ((a, b), (b, a))}
    if not wanted:
        return {}
    # By pairs: of somebody with a hundred thousand ties no others are read.
    found = select(
        _ties.c.id,
        _ties.c.from_id,
        _ties.c.to_id,
        type_coerce(_ties.c.kind, String),
        *(_ties.c[name] for name in COLUMNS),
    ).where(
        tuple_(_ties.c.from_id, _ties.c.to_id).in_(sorted(wanted)),
        _ties.c.origin == TieOrigin.LIST,
        _ties.c.brand_id == brand_id,
    )
    return {
        (row[1], row[2], TieKind(row[3])): Held(
            row[0], dict(zip(COLUMNS, row[4:], strict=True)), kind=TieKind(row[3])
        )
        for row in session.connection().execute(found)
    }
