"""Whose people pass on, which of them, and to whom."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement

from irm.funnel.hands import owned_by
from irm.models import Influencer, Relationship, Stage, Tier


@dataclass(frozen=True, slots=True)
class Terms:
    """Whose people pass on, which of them, to whom and how; plain, so that a task keeps them."""

    brand_id: int
    #: A colleague, or NOBODY: those without an owner.
    from_id: int
    to: tuple[int, ...] = ()
    stage: str = ""
    tier: str = ""
    introduce: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nobody is left out."""
        return not self.stage and not self.tier

    def plain(self) -> dict[str, Any]:
        """The terms as JSON."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Terms":
        """The terms that were kept as JSON."""
        return cls(**{**plain, "to": tuple(plain["to"])})


def selected(terms: Terms) -> list[ColumnElement[bool]]:
    """The conditions of relationships that pass on; they want a join with Influencer."""
    asked = [
        Relationship.brand_id == terms.brand_id,
        owned_by(Relationship.owner_id, terms.from_id),
    ]
    if terms.stage:
        asked.append(Relationship.stage == Stage(terms.stage))
    if terms.tier:
        asked.append(Influencer.tier == Tier(terms.tier))
    return asked
