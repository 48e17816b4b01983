"""What a brand has with its people: relationships, their moves, exchanges and touchpoints."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from irm.directory.export.columns import COLUMNS, PERSON
from irm.models import (
    Base,
    Brand,
    Campaign,
    Influencer,
    Interaction,
    Relationship,
    RelationshipTag,
    StageMove,
    Tag,
    Touchpoint,
    User,
)
from irm.models.base import Rows

_owner, _author, _closer = aliased(User), aliased(User), aliased(User)
_kept, _undone = aliased(Touchpoint), aliased(StageMove)
_brand = Brand.name.label("brand")


def relationships(brand_id: int) -> Rows:
    """Select a brand's relationships; `with_tags` adds their tags."""
    found = select(
        Relationship.id,
        Relationship.influencer_id,
        _brand,
        _owner.email.label("owner"),
        *_own("relationships", Relationship),
    ).outerjoin(_owner, _owner.id == Relationship.owner_id)
    return _of_brand(found, brand_id)


def with_tags(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Give relationships the names of their tags."""
    found = session.execute(
        select(RelationshipTag.relationship_id, Tag.name)
        .join(Tag, Tag.id == RelationshipTag.tag_id)
        .where(RelationshipTag.relationship_id.in_([row["id"] for row in rows]))
        .order_by(Tag.name_key)
    )
    tags: dict[int, list[str]] = defaultdict(list)
    for relationship_id, name in found:
        tags[relationship_id].append(name)
    for row in rows:
        row["tags"] = tags[row["id"]]


def interactions(brand_id: int) -> Rows:
    """Select what happened, private notes included: an export is the operator's."""
    found = (
        select(
            Interaction.id,
            Relationship.influencer_id,
            _brand,
            *_own("interactions", Interaction),
            _author.email.label("author"),
            _kept.due_on.label("touchpoint_on"),
            _kept.created_at.label("touchpoint_created_at"),
        )
        .join(Relationship, Relationship.id == Interaction.relationship_id)
        .outerjoin(_author, _author.id == Interaction.author_id)
        .outerjoin(_kept, _kept.id == Interaction.touchpoint_id)
    )
    return _of_brand(found, brand_id)


def touchpoints(brand_id: int) -> Rows:
    """Select what was and is planned; `with_replaced` names what each took the place of."""
    found = (
        select(
            Touchpoint.id,
            Relationship.influencer_id,
            _brand,
            *_own("touchpoints", Touchpoint),
            _owner.email.label("owner"),
            _author.email.label("author"),
            _closer.email.label("closed_by"),
            Campaign.name.label("campaign"),
        )
        .join(Relationship, Relationship.id == Touchpoint.relationship_id)
        .outerjoin(_owner, _owner.id == Touchpoint.owner_id)
        .outerjoin(_author, _author.id == Touchpoint.author_id)
        .outerjoin(_closer, _closer.id == Touchpoint.closed_by_id)
        .outerjoin(Campaign, Campaign.id == Touchpoint.campaign_id)
    )
    return _of_brand(found, brand_id)


def with_replaced(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Name replaced touchpoints by the moments they were planned, as our ids end with us."""
    ids = {id for row in rows for id in row["why"].get("replaces") or ()}
    moments = _moments(session, ids) if ids else {}
    for row in rows:
        if "replaces" in row["why"]:
            replaced = [moments[id] for id in row["why"]["replaces"] if id in moments]
            row["why"] = {**row["why"], "replaces": replaced}


def _moments(session: Session, ids: Collection[int]) -> dict[int, Any]:
    found = session.execute(
        select(Touchpoint.id, Touchpoint.created_at).where(Touchpoint.id.in_(ids))
    )
    return {row[0]: row[1] for row in found}


def moves(brand_id: int) -> Rows:
    """Select every change of stage, the births too, with who made it."""
    found = (
        select(
            StageMove.id,
            Relationship.influencer_id,
            _brand,
            StageMove.at,
            StageMove.from_stage,
            StageMove.to_stage,
            _author.email.label("by"),
            StageMove.reason,
            _undone.at.label("undoes_at"),
        )
        .join(Relationship, Relationship.id == StageMove.relationship_id)
        .outerjoin(_author, _author.id == StageMove.user_id)
        .outerjoin(_undone, _undone.id == StageMove.undoes_id)
    )
    return _of_brand(found, brand_id)


def _own(kind: str, model: type[Base]) -> list[Any]:
    """The columns of an export that are the table's own; the others are joined or added."""
    table = model.__table__.c
    return [table[name] for name in COLUMNS[kind] if name in table and name not in PERSON]


def _of_brand(found: Any, brand_id: int) -> Rows:
    """Keep a brand's rows; whoever was merged lives on in whom they became."""
    rows: Rows = (
        found.join(Brand, Brand.id == Relationship.brand_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.brand_id == brand_id, Influencer.merged_into_id.is_(None))
    )
    return rows
