"""People whom a list names for the first time: the person, the account, the relationship."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from irm.directory import search
from irm.imports import bulk
from irm.imports.accounts import FIGURES
from irm.imports.matching import Decision
from irm.ledger import counters
from irm.ledger.relationships import order_columns
from irm.models import Account, ImportBatch, Influencer, Relationship, Stage, StageMove
from irm.scoring import reach, tiers
from irm.scoring.rules import Rules


class _Unscored(NamedTuple):
    """A relationship that was never scored, as far as its sort keys go."""

    fit: float | None = None
    relevance: float | None = None


_UNSCORED = _Unscored()


def add(
    session: Session,
    batch: ImportBatch,
    decisions: Sequence[Decision],
    rules: Rules,
    at: dt.datetime,
) -> None:
    """Write the people and accounts that were unknown, note their ids, let them be found."""
    fresh = [one for one in decisions if one.row is not None and one.known is None]
    if not fresh:
        return
    people, accounts = bulk.draw(session, len(fresh), Influencer, Account)
    for one, person, account in zip(fresh, people, accounts, strict=True):
        one.influencer_id, one.account_id = person, account
    bulk.put(
        session,
        Influencer,
        [_person(one, rules) for one in fresh],
        source=batch.source,
        lawful_basis=batch.lawful_basis,
        created_at=at,
    )
    bulk.put(session, Account, [_account(one, batch.as_of) for one in fresh], created_at=at)
    search.index_entries(session, [entry for one in fresh for entry in _entries(one)])


def relate(
    session: Session, batch: ImportBatch, decisions: Sequence[Decision], at: dt.datetime
) -> None:
    """Begin the brand's relationships: unaware, with the first move, and counted."""
    people = {one.influencer_id for one in decisions if one.relates}
    if not people:
        return
    columns = (Influencer.name, Influencer.tier, Influencer.audience)
    scores = (Influencer.reach, Influencer.resonance)
    known = session.execute(
        select(Influencer.id, *columns, *scores)
        .where(Influencer.id.in_(people))
        .order_by(Influencer.id)
        # A rescoring must not change what they are counted by in between.
        .with_for_update()
    ).all()
    (ids,) = bulk.draw(session, len(known), Relationship)
    bulk.put(
        session,
        Relationship,
        [
            {"id": id, "influencer_id": row.id, **order_columns(row, _UNSCORED)}
            for id, row in zip(ids, known, strict=True)
        ],
        brand_id=batch.brand_id,
        stage=Stage.UNAWARE,
        stage_since=at,
        created_at=at,
    )
    bulk.put(
        session,
        StageMove,
        [{"relationship_id": id} for id in ids],
        to_stage=Stage.UNAWARE,
        at=at,
        user_id=batch.user_id,
    )
    cells = (
        counters.Cell(batch.brand_id, Stage.UNAWARE, row.tier, None, row.audience) for row in known
    )
    counters.shift(session, [(None, cell) for cell in cells])


def _person(one: Decision, rules: Rules) -> dict[str, Any]:
    assert one.row is not None
    audience = reach.audience([one.row.followers], rules.overlap)
    return {
        "id": one.influencer_id,
        "name": _name(one),
        "country": one.row.country,
        "city": one.row.city,
        "language": one.row.language,
        "bio": one.row.bio,
        "categories": one.row.categories,
        "audience": audience,
        "tier": tiers.tier(audience, None, rules.thresholds),
    }


def _account(one: Decision, as_of: dt.date) -> dict[str, Any]:
    """The columns of a new account; its figures become the day's snapshot too."""
    assert one.row is not None
    figures = {column: getattr(one.row, name) for column, name in FIGURES.items()}
    is_known = any(value is not None for value in figures.values())
    one.figures = figures if is_known else {}
    return {
        "id": one.account_id,
        "influencer_id": one.influencer_id,
        **one.row.account._asdict(),
        **figures,
        "figures_on": as_of if is_known else None,
    }


def _entries(one: Decision) -> list[dict[str, Any]]:
    assert one.row is not None
    name = {"source": "name", "source_id": one.influencer_id, "text": _name(one)}
    handle = {"source": "handle", "source_id": one.account_id, "text": one.row.account.handle}
    return [{"influencer_id": one.influencer_id, **entry} for entry in (name, handle)]


def _name(one: Decision) -> str:
    """The handle stands for a name that nobody gave."""
    assert one.row is not None
    return one.row.name or one.row.account.handle
