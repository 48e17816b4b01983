"""Whose moves a reading counts: everybody whom the board lists today, or of one owner, of teams.

Where two people were merged, the moves of both hang on one relationship, and one move does not go
on where the one before ended. Such histories are few: they are read one by one, move by move, and
what counts moves by the million leaves them out.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from irm.directory.teams import Teams
from irm.models import Influencer, Merge, Relationship, Stage, StageMove


class Step(NamedTuple):
    """One move, as a replay needs it."""

    id: int
    at: dt.datetime
    to_stage: Stage


class Joined(NamedTuple):
    """The history of one relationship that a merge made of two."""

    id: int
    stage: Stage
    steps: tuple[Step, ...]

    def stood(self, moment: dt.datetime) -> Stage | None:
        """Where it stood just before a moment; None where it had not begun."""
        before = [step.to_stage for step in self.steps if step.at < moment]
        if before:
            return before[-1]
        return None if self.steps else self.stage


@dataclass(frozen=True, slots=True)
class Whom:
    """Whose moves are read: a brand's, of one owner (0: nobody) or of teams where named."""

    brand_id: int
    owner_id: int | None = None
    teams: Teams | None = None

    @property
    def is_everybody(self) -> bool:
        """Whether nobody is left out for whose they are."""
        return self.owner_id is None and self.teams is None

    def relationships(self) -> list[ColumnElement[bool]]:
        """What a query of Relationship joined with Influencer asks for."""
        asked = [Relationship.brand_id == self.brand_id, Influencer.archived_at.is_(None)]
        if self.owner_id is not None:
            owner = Relationship.owner_id
            asked.append(owner == self.owner_id if self.owner_id else owner.is_(None))
        if self.teams is not None:
            asked.append(self.teams.hold(Relationship.owner_id))
        return asked

    def moves(self) -> list[ColumnElement[bool]]:
        """What a query of StageMove asks for; those of joined histories are left out."""
        of = StageMove.relationship_id
        if self.is_everybody:
            gone = self._archived().union_all(self._joined())
            return [StageMove.brand_id == self.brand_id, of.not_in(gone)]
        owned = (
            select(Relationship.id)
            .join(Influencer, Influencer.id == Relationship.influencer_id)
            .where(*self.relationships(), Relationship.id.not_in(self._joined()))
        )
        return [StageMove.brand_id == self.brand_id, of.in_(owned)]

    def joined(self, session: Session) -> list[Joined]:
        """The histories that a merge made of two, each whole."""
        rows = session.execute(
            select(
                Relationship.id,
                Relationship.stage,
                StageMove.id,
                StageMove.at,
                StageMove.to_stage,
            )
            .join(Influencer, Influencer.id == Relationship.influencer_id)
            .join(StageMove, StageMove.relationship_id == Relationship.id, isouter=True)
            .where(*self.relationships(), Relationship.id.in_(self._joined()))
            .order_by(Relationship.id, StageMove.at, StageMove.id)
        )
        stages: dict[int, Stage] = {}
        steps: dict[int, list[Step]] = defaultdict(list)
        for id, stage, move_id, at, to_stage in rows:
            stages[id] = stage
            if move_id is not None:
                steps[id].append(Step(move_id, at, to_stage))
        return [Joined(id, stage, tuple(steps[id])) for id, stage in stages.items()]

    def _archived(self) -> Select[Any]:
        return (
            select(Relationship.id)
            .join(Influencer, Influencer.id == Relationship.influencer_id)
            .where(Relationship.brand_id == self.brand_id, Influencer.archived_at.is_not(None))
        )

    def _joined(self) -> Select[Any]:
        """Select the relationships of those with whom somebody was merged, and still is."""
        return (
            select(Relationship.id)
            .join(Merge, Merge.kept_id == Relationship.influencer_id)
            .where(Relationship.brand_id == self.brand_id, Merge.undone_at.is_(None))
        )


def zero() -> dict[Stage, int]:
    """Nobody at any stage, in the order of the stages."""
    return dict.fromkeys(Stage, 0)


def added(counts: Sequence[dict[Stage, int]]) -> dict[Stage, int]:
    """Several counts as one."""
    return {stage: sum(one[stage] for one in counts) for stage in Stage}
