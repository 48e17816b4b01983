"""Setting the rules that scores follow, and having everybody scored by them."""

import datetime as dt
from dataclasses import asdict
from typing import Any

from sqlalchemy import Double, Select, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.models import Account, Brand, Influencer, Setting, Task, TaskState, Tier, User
from irm.scoring import rules
from irm.scoring.fit import Weights
from irm.scoring.reach import OVERLAP
from irm.scoring.tiers import RECOGNISED, Thresholds


def decide(
    session: Session, thresholds: Thresholds, overlap: float, *, user: User, at: dt.datetime
) -> bool:
    """Set tier thresholds and overlap for everybody, and queue the rescoring this calls for.

    Says whether anything changed; where nothing did, nothing is queued.
    """
    before = rules.rules(session)
    if (before.thresholds, before.overlap) == (thresholds, overlap):
        return False
    session.merge(Setting(name=rules.TIERS, value=asdict(thresholds)))
    session.merge(Setting(name=rules.AUDIENCE, value={"overlap": overlap}))
    _decided(session, thresholds, overlap, user, at)
    return True


def reset(session: Session, *, user: User, at: dt.datetime) -> bool:
    """Go back to irm's own thresholds and overlap; says whether they were others."""
    before, defaults = rules.rules(session), Thresholds()
    for name in (rules.TIERS, rules.AUDIENCE):
        kept = session.get(Setting, name)
        if kept is not None:
            session.delete(kept)
    if (before.thresholds, before.overlap) == (defaults, OVERLAP):
        return False
    _decided(session, defaults, OVERLAP, user, at)
    return True


def weigh(session: Session, brand: Brand, weights: Weights, *, user: User, at: dt.datetime) -> bool:
    """Set what each score means to a brand's fit, and queue the rescoring of its people.

    Says whether anything changed.
    """
    if rules.weights(brand.fit_weights) == weights:
        return False
    brand.fit_weights = asdict(weights)
    record(session, user, Action.BRAND_CHANGED, at, brand_id=brand.id)
    session.add(_rescoring(brand.id, user, at))
    return True


def moved(thresholds: Thresholds, overlap: float, now: rules.Rules) -> Select[Any]:
    """Select how many people stand in which tier, and in which by these rules: `was is_ n`.

    The audience is what is stored, or added up again where the overlap would be another.
    """
    audience: Any = Influencer.audience
    people = select(Influencer.id)
    if overlap != now.overlap:
        sizes = _sizes(overlap)
        people = people.outerjoin(sizes, sizes.c.influencer_id == Influencer.id)
        audience = sizes.c.audience
    kind = Influencer.tier.type
    then = case(
        (
            or_(Influencer.tier_set_by_id.is_not(None), Influencer.tier_reason.is_not(None)),
            Influencer.tier,
        ),
        (
            or_(audience.is_(None), audience < thresholds.middle),
            literal(Tier.MICRO, kind),
        ),
        (
            or_(audience >= thresholds.macro, Influencer.archetype.in_(sorted(RECOGNISED))),
            literal(Tier.MACRO, kind),
        ),
        else_=literal(Tier.MIDDLE, kind),
    )
    found = (
        people.with_only_columns(
            Influencer.tier.label("was"), then.label("is_"), maintain_column_froms=True
        )
        .where(Influencer.known, Influencer.merged_into_id.is_(None))
        .subquery()
    )
    return select(found.c.was, found.c.is_, func.count().label("n")).group_by(
        found.c.was, found.c.is_
    )


def unfinished(brand_id: int | None) -> Select[Task]:
    """Select the scorings, queued or running, that concern a brand; the oldest first."""
    return (
        select(Task)
        .where(
            Task.kind == "score",
            Task.state.in_((TaskState.QUEUED, TaskState.RUNNING)),
            or_(Task.brand_id.is_(None), Task.brand_id == brand_id),
        )
        .order_by(Task.id)
    )


def _sizes(overlap: float) -> Any:
    followers = cast(Account.followers, Double)
    largest, total = func.max(followers), func.sum(followers)
    return (
        select(
            Account.influencer_id,
            func.round(largest + overlap * (total - largest)).label("audience"),
        )
        .where(Account.is_current, Account.followers >= 0)
        .group_by(Account.influencer_id)
        .subquery()
    )


def _decided(
    session: Session, thresholds: Thresholds, overlap: float, user: User, at: dt.datetime
) -> None:
    record(
        session,
        user,
        Action.SCORES_CHANGED,
        at,
        macro=thresholds.macro,
        middle=thresholds.middle,
        overlap=f"{overlap:g}",
    )
    session.add(_rescoring(None, user, at))


def _rescoring(brand_id: int | None, user: User, at: dt.datetime) -> Task:
    return Task(kind="score", arguments={}, brand_id=brand_id, user_id=user.id, created_at=at)
