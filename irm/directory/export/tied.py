"""Ties as rows: who reaches whom, as one brand may read it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from irm.directory import ties
from irm.models import Account, Influencer, Tie
from irm.models.base import Rows

_source, _target = aliased(Influencer), aliased(Influencer)


def _of_brand(brand_id: int) -> ColumnElement[bool]:
    """Its lists' and colleagues' ties, and of those that posts tell the ones of its people."""
    ours = or_(ties.is_known_to(brand_id, Tie.from_id), ties.is_known_to(brand_id, Tie.to_id))
    return or_(Tie.brand_id == brand_id, Tie.brand_id.is_(None) & ours)


def _rows(brand_id: int) -> Rows:
    living = _source.merged_into_id.is_(None) & _target.merged_into_id.is_(None)
    found: Rows = (
        select(
            Tie,
            _source.name.label("source_name"),
            _target.name.label("target_name"),
            ties.is_known_to(brand_id, Tie.from_id).label("knows_source"),
            ties.is_known_to(brand_id, Tie.to_id).label("knows_target"),
        )
        .join(_source, _source.id == Tie.from_id)
        .join(_target, _target.id == Tie.to_id)
        .where(_of_brand(brand_id), living)
    )
    return found


def count(brand_id: int) -> Select[int]:
    """Select how many rows there are."""
    found = _rows(brand_id).with_only_columns(Tie.id, maintain_column_froms=True)
    return select(func.count()).select_from(found.subquery())


def read(session: Session, brand_id: int, after: int, size: int) -> list[dict[str, Any]]:
    """Return the next ties after an id; of whom the brand does not know, only the account."""
    statement = _rows(brand_id).where(Tie.id > after).order_by(Tie.id).limit(size)
    found = session.execute(statement).all()
    accounts = _accounts(session, {id for row in found for id in (row.Tie.from_id, row.Tie.to_id)})
    rows = []
    for tie, source_name, target_name, knows_source, knows_target in found:
        source, source_platform_id = accounts.get(tie.from_id, ("", None))
        target, target_platform_id = accounts.get(tie.to_id, ("", None))
        rows.append(
            {
                "id": tie.id,
                "source_id": tie.from_id if knows_source else None,
                "source_account": source,
                "source_name": source_name if knows_source else None,
                "target_id": tie.to_id if knows_target else None,
                "target_account": target,
                "target_name": target_name if knows_target else None,
                "kind": tie.kind,
                "weight": tie.weight,
                "first_seen_on": tie.first_seen,
                "last_seen_on": tie.last_seen,
                "is_mutual": tie.is_mutual,
                "source_platform_id": source_platform_id,
                "target_platform_id": target_platform_id,
                "origin": tie.origin,
                "list": tie.source,
                "note": tie.note,
            }
        )
    session.expunge_all()
    return rows


def _accounts(session: Session, people: Collection[int]) -> dict[int, tuple[str, str | None]]:
    """Each person's largest account as `platform:handle`, and its id there."""
    rows = session.execute(
        select(Account.influencer_id, Account.platform, Account.handle, Account.platform_id)
        .where(Account.influencer_id.in_(people))
        .order_by(
            Account.is_current.desc(), func.coalesce(Account.followers, -1).desc(), Account.id
        )
    )
    found: dict[int, tuple[str, str | None]] = {}
    for id, platform, handle, platform_id in rows:
        found.setdefault(id, (f"{platform.value}:{handle}", platform_id))
    return found
