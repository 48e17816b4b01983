"""By what the board is sorted, and the way through the database to the first cards of a column.

The board's own order has an index that begins with the stage; the scores have one for all stages
together. So the best of a stage are found by walking along the score and passing by the other
stages, which is short where the stage holds many of all, or by gathering the stage (or what the
owner has) and sorting it, which is short where these are few. The kept counters tell which, as if
stage, owner and tier had nothing to do with the score: where those who are wanted stand at the end
of it, a walk is longer than was reckoned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.i18n import _l
from irm.ledger.counters import NOBODY
from irm.models import Relationship, Stage, StageCounter
from irm.models.aside import aside
from irm.models.base import LabelledEnum

#: The longest a walk is planned for, in cards that are found.
WANTED = 30


class Order(LabelledEnum):
    """By what the columns are sorted; reach is never the default."""

    NEXT = "next", _l("Next touchpoint")
    FIT = "fit", _l("Fit")
    RELEVANCE = "relevance", _l("Relevance")
    RESONANCE = "resonance", _l("Resonance")
    REACH = "reach", _l("Reach")


_SCORES: dict[Order, ColumnElement[float]] = {
    Order.FIT: Relationship.fit_order.expression,
    Order.RELEVANCE: Relationship.relevance_order.expression,
    Order.RESONANCE: Relationship.resonance_order.expression,
    Order.REACH: Relationship.reach_order.expression,
}


_PLANNED: tuple[ColumnElement[Any], ...] = (
    Relationship.next_order.expression,
    Relationship.fit_order.expression,
    Relationship.id.expression,
)


class Way(LabelledEnum):
    """How the first cards are found: all ways give the same ones."""

    STAGE = "stage"
    OWNER = "owner"
    WALK = "walk"


@dataclass(frozen=True, slots=True)
class Sorting:
    """An order, and the way that leads to it."""

    order: Order = Order.NEXT
    way: Way = Way.STAGE

    @property
    def score(self) -> ColumnElement[float] | None:
        """What the next page begins after, where it is sorted by a score."""
        return _SCORES.get(self.order)

    @property
    def keys(self) -> tuple[ColumnElement[Any], ...]:
        """What it is sorted by; the best score first, what is not known last."""
        if self.score is None:
            return _PLANNED
        key = self.score if self.way is Way.WALK else aside(self.score)
        return (key, Relationship.id.expression)

    def narrowed(self, stage: Stage, owner_id: int | None) -> list[ColumnElement[bool]]:
        """The conditions for a stage and an owner (0: nobody), for the way that is meant."""
        by_stage, by_owner = Relationship.stage.expression, Relationship.owner_id.expression
        found = [(by_stage if self.way is Way.STAGE else aside(by_stage)) == stage]
        if owner_id is not None:
            whose = by_owner if self.way is Way.OWNER else aside(by_owner)
            found.append(whose == owner_id if owner_id else whose.is_(None))
        return found

    def key_in(self, token: str) -> tuple[float, int]:
        """The key of the card that a token names. Raises Refused where it was typed by hand."""
        value, _tilde, id = token.rpartition("~")
        try:
            if not (id.isascii() and id.isdecimal()) or len(id) > 9:
                raise ValueError(id)
            return float(value), int(id)
        except ValueError:
            raise Refused(_l("This page address is not valid; begin at the first page.")) from None


def sortings(
    session: Session,
    brand_id: int,
    order: Order,
    owner_id: int | None,
    wanted: Mapping[Stage, int],
) -> dict[Stage, Sorting]:
    """The shortest way to each column; `wanted` says how many of each stage the filter keeps."""
    if order is Order.NEXT:
        return {stage: Sorting() for stage in wanted}
    owned = func.sum(StageCounter.people).filter(StageCounter.owner_id == (owner_id or NOBODY))
    counted = (
        select(StageCounter.stage, func.sum(StageCounter.people), func.coalesce(owned, 0))
        .where(StageCounter.brand_id == brand_id)
        .group_by(StageCounter.stage)
    )
    found = {stage: (int(people), int(own)) for stage, people, own in session.execute(counted)}
    everybody = sum(people for people, _own in found.values())
    own = sum(own for _people, own in found.values()) if owner_id is not None else None
    return {
        stage: Sorting(order, way(found.get(stage, (0, 0))[0], own, everybody, wanted[stage]))
        for stage in wanted
    }


def way(of_stage: int, of_owner: int | None, everybody: int, wanted: int) -> Way:
    """The way that looks at the fewest people, of whom `wanted` are to be found."""
    steps = {Way.STAGE: of_stage}
    if of_owner is not None:
        steps[Way.OWNER] = of_owner
    if wanted >= WANTED:
        steps[Way.WALK] = WANTED * everybody // wanted
    return min(steps, key=lambda one: steps[one])
