"""Where relationships stand after an import: stage, clock, owner, and the board's counters."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from irm.imports import bulk
from irm.imports.kinds import Step, plain
from irm.ledger import counters
from irm.models import Influencer, Relationship, StageMove, inserts


def settle_stages(session: Session, ids: Sequence[int], step: Step) -> None:
    """Let each relationship stand where its newest move led.

    Its clock is that of the newest move that stands: neither taken back, nor taking one back.
    """
    moves = session.execute(
        select(*inserts.table_of(StageMove).c)
        .where(StageMove.relationship_id.in_(ids))
        .order_by(StageMove.relationship_id, StageMove.at.desc(), StageMove.id.desc())
    ).all()
    wanted: dict[int, dict[str, Any]] = {}
    for id, of_one in groupby(moves, key=attrgetter("relationship_id")):
        newest = list(of_one)
        undone = {one.undoes_id for one in newest}
        standing = [one for one in newest if one.undoes_id is None and one.id not in undone]
        since = (standing or newest)[0].at
        wanted[id] = {"stage": newest[0].to_stage, "stage_since": since}
    rewrite(session, wanted, step)


def rewrite(session: Session, wanted: dict[int, dict[str, Any]], step: Step) -> None:
    """Write columns of relationships that differ, and note and count what that changes."""
    with _recounted(session, sorted(wanted)) as stored:
        table = inserts.table_of(Relationship)
        for id, columns in wanted.items():
            before = stored[id]._mapping
            values = {name: value for name, value in columns.items() if before[name] != value}
            if not values:
                continue
            pairs = {name: (plain(before[name]), plain(value)) for name, value in values.items()}
            step.changes(Relationship, id, pairs)
            version = table.c.row_version + bulk.BY_IMPORT
            statement = update(table).where(table.c.id == id)
            session.connection().execute(statement.values(**values, row_version=version))


@contextmanager
def _recounted(session: Session, ids: Sequence[int]) -> Iterator[dict[int, Any]]:
    """Give the stored relationships, and count them anew when the caller has changed them.

    Their people are held already, as whoever decides to write holds them first.
    """
    before = _stored(session, ids)
    yield before
    after = _stored(session, ids)
    counters.shift(session, [(_cell(before[id]), _cell(after[id])) for id in ids])


def _stored(session: Session, ids: Sequence[int]) -> dict[int, Any]:
    found = session.execute(
        select(
            *inserts.table_of(Relationship).c,
            Influencer.tier,
            Influencer.audience,
            Influencer.archived_at,
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.id.in_(ids))
    )
    return {row.id: row for row in found}


def _cell(row: Any) -> counters.Cell | None:
    """Where the board counts a relationship; archived people stand nowhere."""
    if row.archived_at is not None:
        return None
    return counters.Cell(row.brand_id, row.stage, row.tier, row.owner_id, row.audience)
