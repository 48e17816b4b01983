"""How a claimed stage stands to the earned one, as conditions for the database."""

from typing import Any

from sqlalchemy import ColumnElement, TextClause, and_, case, literal_column

from irm.i18n import _l
from irm.models import Relationship, Stage
from irm.models.base import LabelledEnum
from irm.models.relationship import DIFFERS


class Backing(LabelledEnum):
    """Whether the evidence covers what was claimed."""

    COVERED = "covered", _l("Covered by evidence")
    UNCOVERED = "uncovered", _l("Claimed higher than earned")
    AHEAD = "ahead", _l("Earned higher than claimed")


def _place(column: ColumnElement[Any]) -> ColumnElement[int]:
    """A stage as its place in the funnel; nothing proven stands where unaware does."""
    places: list[tuple[Any, Any]] = [
        (column == literal_column(f"'{stage.value}'"), literal_column(str(place)))
        for place, stage in enumerate(Stage)
        if place
    ]
    return case(*places, else_=literal_column("0"))


_claimed = _place(Relationship.stage.expression)
_earned = _place(Relationship.earned_stage.expression)

#: They differ, which has an index of its own, and in this direction.
UNCOVERED = and_(DIFFERS, _claimed > _earned)
AHEAD = and_(DIFFERS, _claimed < _earned)

_CONDITIONS: dict[Backing, ColumnElement[bool]] = {
    Backing.COVERED: _claimed <= _earned,
    Backing.UNCOVERED: UNCOVERED,
    Backing.AHEAD: AHEAD,
}


def backed(how: Backing) -> ColumnElement[bool]:
    """The condition that a claim is backed like this."""
    return _CONDITIONS[how]


def differs() -> TextClause:
    """The condition that claim and evidence are two things, as their index says it."""
    return DIFFERS


def is_uncovered(claimed: Stage, earned: Stage | None) -> bool:
    """Whether a claim is higher than what was earned."""
    stages = tuple(Stage)
    return stages.index(claimed) > (stages.index(earned) if earned else 0)
