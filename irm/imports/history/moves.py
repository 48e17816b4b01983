"""Changes of stage from our own export: who moved whom, when, and why.

A relationship has one birth; a move is known by its moment and where it led. The stage and its
clock are then what the whole history says.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.imports import placing
from irm.imports.complaints import Complaint
from irm.imports.history import cells as words
from irm.imports.history import relating
from irm.imports.history.kind import History, change
from irm.imports.history.record import Record, Settled
from irm.imports.kinds import Context, Step
from irm.models import StageMove, Verdict, inserts


class Moves(History):
    """A list of moves from stage to stage."""

    name = "moves"
    WORDS = {
        "at": "date day jour fecha moment when quand le",
        "from_stage": "from de depuis stagebefore etapeprecedente desde",
        "to_stage": "to vers a stage etape nouvelleetape stageafter etapa hacia",
        "by": "par por user utilisateur author auteur",
        "reason": "why raison motif pourquoi razon motivo note notes",
    }
    TEXTS = {"reason": 500}
    MOMENTS = ("at", "undoes_at")
    COLLEAGUES = ("by",)
    LISTED = {"from_stage": words.STAGES, "to_stage": words.STAGES}
    OWN = frozenset(("fromstage", "tostage"))
    SIGNS = (frozenset(("from_stage",)), frozenset(("to_stage",)), frozenset(("at",)))
    NEEDED = ("at", "to_stage")

    def told(self, record: Record) -> Record:
        """Return a record with its mark. Raises Complaint where moment or stage are missing."""
        said = dict(record.said)
        for name in self.MOMENTS:
            if name in said and not isinstance(said[name], dt.datetime):
                said[name] = dt.datetime.combine(said[name], dt.time(12), dt.UTC)
        if "at" not in said:
            raise Complaint("no_day")
        if "to_stage" not in said:
            raise Complaint("no_stage")
        mark = (said["at"].isoformat(), said["to_stage"], "from_stage" in said)
        return record._replace(said=said, mark=mark)

    def settle(self, session: Session, decisions: Sequence[Settled], context: Context) -> None:
        """Find those that are stored; refuse what has not happened yet."""
        stored = _Stored(session, decisions)
        for one in decisions:
            assert one.known is not None
            if one.said["at"] > context.at + dt.timedelta(days=1):
                one.verdict, one.complaint = Verdict.REFUSED, Complaint("not_yet")
                continue
            columns = {name: one.said[name] for name in _PLAIN if name in one.said}
            if "by_id" in one.values:
                columns["user_id"] = one.values["by_id"]
            found = stored.of(one)
            if found is None:
                one.values = columns
                continue
            one.target = found
            change(one, found._mapping, columns, {})

    def write(
        self, session: Session, decisions: Sequence[Any], context: Context, step: Step
    ) -> None:
        """Write moves in the order of the file, then let stages be what history says."""
        relationships = relating.related(session, decisions, context, step)
        made: list[tuple[StageMove, Settled]] = []
        for one in decisions:
            if one.verdict is Verdict.UPDATED:
                relating.rewrite(session, StageMove, one, step)
            elif one.verdict is Verdict.CREATED and one.influencer_id is not None:
                of = relationships[one.influencer_id]
                if _is_birth(one.said) and _became_the_birth(session, of.id, one, step):
                    continue
                new = StageMove(relationship_id=of.id, brand_id=of.brand_id, **one.values)
                made.append((new, one))
        session.add_all([new for new, _ in made])
        session.flush()
        step.creates(StageMove, [new.id for new, _ in made])
        for new, one in made:
            if "undoes_at" in one.said:
                new.undoes_id = _undone_by(session, new, one.said["undoes_at"])
        session.flush()
        placing.settle_stages(session, sorted(of.id for of in relationships.values()), step)


_PLAIN = ("at", "from_stage", "to_stage", "reason")


def _is_birth(said: Mapping[str, Any]) -> bool:
    return "from_stage" not in said


def _became_the_birth(session: Session, relationship_id: int, one: Settled, step: Step) -> bool:
    """Let the birth of a relationship that was begun for this very row be the row's."""
    born = select(*inserts.table_of(StageMove).c).where(
        StageMove.relationship_id == relationship_id, StageMove.from_stage.is_(None)
    )
    one.target = session.execute(born).first()
    if one.target is not None:
        relating.rewrite(session, StageMove, one, step)
    return one.target is not None


class _Stored:
    """The moves of some relationships: the one birth, and the others by moment and stage."""

    def __init__(self, session: Session, decisions: Sequence[Settled]) -> None:
        of = {one.known.relationship_id for one in decisions if one.known is not None} - {None}
        self._births: dict[int, Any] = {}
        self._others: dict[tuple[Any, ...], Any] = {}
        if not of:
            return
        found = select(*inserts.table_of(StageMove).c).where(StageMove.relationship_id.in_(of))
        for row in session.execute(found.order_by(StageMove.id)):
            if row.from_stage is None:
                self._births.setdefault(row.relationship_id, row)
            else:
                self._others[row.relationship_id, row.at, row.to_stage] = row

    def of(self, one: Settled) -> Any:
        """Return the stored move that a row is about; None where it is a new one."""
        assert one.known is not None
        id = one.known.relationship_id
        if _is_birth(one.said):
            return self._births.get(id or 0)
        return self._others.get((id, one.said["at"], one.said["to_stage"]))


def _undone_by(session: Session, move: StageMove, at: dt.datetime) -> int | None:
    """Return the move that one took back: it had led to where this one leads from."""
    return session.scalar(
        select(StageMove.id)
        .where(
            StageMove.relationship_id == move.relationship_id,
            StageMove.at == at,
            StageMove.to_stage == move.from_stage,
            StageMove.id != move.id,
        )
        .order_by(StageMove.id)
        .limit(1)
    )
