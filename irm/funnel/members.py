"""Who works for a brand, as what, and what she has open there; changing that.

A role is what sessions were opened with: where it changes, hers end and she signs in again.
"""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, delete, exists, func, select, update
from sqlalchemy.orm import Session, joinedload

from irm.audit import Action, record
from irm.directory import sessions, team, teams
from irm.errors import Done, NotFound, Refused, Stale
from irm.funnel.hands import ALONG, let_strays_go
from irm.i18n import _l
from irm.models import (
    AuditEntry,
    Brand,
    BrandMember,
    Campaign,
    Relationship,
    Role,
    StageCounter,
    User,
)
from irm.models import Session as SignedIn
from irm.models.base import Rows

#: The words under which open work is counted, in the order of ALONG.
OPEN = ("touchpoints", "promises", "questions")

#: Who runs no campaigns: to partners they are closed, and viewers only look.
RUN_NONE = (Role.PARTNER, Role.VIEWER)


def of_brand(brand_id: int) -> Rows:
    """Select the members of a brand by name, each with her role, last sign and open work there."""
    return (
        _listed(brand_id)
        .add_columns(BrandMember.role)
        .join(BrandMember, BrandMember.user_id == User.id)
        .where(BrandMember.brand_id == brand_id, User.is_active)
    )


def everybody() -> Rows:
    """Select all users by name, those who are gone last, with what each has open at any brand."""
    return _listed(None).add_columns(User.is_admin, User.is_active)


def _listed(brand_id: int | None) -> Rows:
    return select(
        User.id,
        User.name,
        User.email,
        func.coalesce(_people(brand_id), 0).label("people"),
        *(
            func.coalesce(_open(model, is_open, brand_id), 0).label(name)
            for name, (model, is_open) in zip(OPEN, ALONG, strict=True)
        ),
        _last(SignedIn.last_seen_at, SignedIn.user_id).label("session_at"),
        _last(AuditEntry.at, AuditEntry.actor_id).label("acted_at"),
    ).order_by(User.is_active.desc(), User.name, User.id)


def _people(brand_id: int | None) -> ScalarSelect[Any]:
    some = select(func.sum(StageCounter.people)).where(StageCounter.owner_id == User.id)
    if brand_id is not None:
        some = some.where(StageCounter.brand_id == brand_id)
    return some.correlate(User).scalar_subquery()


def _open(model: Any, is_open: ColumnElement[bool], brand_id: int | None) -> ScalarSelect[Any]:
    some = select(func.count()).select_from(model).where(model.owner_id == User.id, is_open)
    if brand_id is not None:
        some = some.join(Relationship, Relationship.id == model.relationship_id).where(
            Relationship.brand_id == brand_id
        )
    return some.correlate(User).scalar_subquery()


def _last(moment: Any, whose: Any) -> ScalarSelect[Any]:
    return select(func.max(moment)).where(whose == User.id).correlate(User).scalar_subquery()


def seen_at(row: Any) -> dt.datetime | None:
    """When somebody of a list was last there: in a browser, or by what she did."""
    return max((at for at in (row.session_at, row.acted_at) if at is not None), default=None)


def member(session: Session, brand_id: int, user_id: int) -> BrandMember:
    """The place of an active colleague at a brand. Raises NotFound where she has none."""
    found = session.scalar(_place(brand_id, user_id).where(User.is_active))
    if found is None:
        raise NotFound()
    return found


def places(user_id: int, brand_id: int | None) -> Select[BrandMember]:
    """Select what somebody is at which brands, or at this one."""
    some = select(BrandMember).where(BrandMember.user_id == user_id)
    if brand_id is not None:
        some = some.where(BrandMember.brand_id == brand_id)
    return some.options(joinedload(BrandMember.brand), joinedload(BrandMember.user))


def _place(brand_id: int, user_id: int) -> Select[BrandMember]:
    return (
        select(BrandMember)
        .join(User, User.id == BrandMember.user_id)
        .where(BrandMember.brand_id == brand_id, BrandMember.user_id == user_id)
        .options(joinedload(BrandMember.user))
    )


def change_role(
    session: Session, place: BrandMember, role: Role, *, seen: str, by: User, at: dt.datetime
) -> None:
    """Give a member another role; her sessions end.

    `seen` is the role that whoever changes it saw. Raises Refused where it is her own or that of
    the last lead, or where she would only look and has work to do, Stale where it is another one
    meanwhile, Done where she has it already.
    """
    refuse_oneself(place.user_id, by)
    _hold(session, place)
    if place.role.value != seen:
        raise Stale()
    if place.role is role:
        raise Done(_l("%(name)s has this role already.", name=place.user.name))
    if role is not Role.LEAD:
        refuse_last_lead(session, place)
    if role is Role.VIEWER and _has_work(session, place):
        raise Refused(
            _l(
                "%(name)s looks after people here, and viewers only look: hand them over first.",
                name=place.user.name,
            )
        )
    before, place.role = place.role, role
    if role is Role.PARTNER:
        # From now on she sees her own people alone; her work with others would be nobody's.
        let_strays_go(session, place.brand_id, place.user_id)
    if role in RUN_NONE:
        _leave_campaigns(session, place)
    sessions.end_all(session, place.user)
    record(
        session,
        by,
        Action.MEMBER_CHANGED,
        at,
        brand_id=place.brand_id,
        user_id=place.user_id,
        from_role=before.value,
        to_role=role.value,
    )


def _has_work(session: Session, place: BrandMember) -> bool:
    """Whether a member looks after somebody at the brand, or has something to do there."""
    counted = [_open(model, is_open, place.brand_id) for model, is_open in ALONG]
    hers = select(_people(place.brand_id), *counted).select_from(User)
    return any(session.execute(hers.where(User.id == place.user_id)).one())


def _leave_campaigns(session: Session, place: BrandMember) -> None:
    """Those she ran are nobody's."""
    session.execute(
        update(Campaign)
        .where(Campaign.brand_id == place.brand_id, Campaign.owner_id == place.user_id)
        .values(owner_id=None),
        execution_options={"synchronize_session": False},
    )


def take_out(session: Session, place: BrandMember, *, by: User, at: dt.datetime) -> None:
    """Let somebody work for a brand no more; her sessions end, her account stays.

    Raises Refused where it is oneself or the last lead.
    """
    refuse_oneself(place.user_id, by)
    _hold(session, place)
    refuse_last_lead(session, place)
    sessions.end_all(session, place.user)
    teams.leave(session, place.brand_id, place.user_id, by=by, at=at)
    _record(session, Action.MEMBER_REMOVED, place, by, at)
    session.execute(delete(BrandMember).where(BrandMember.id == place.id))
    session.expunge(place)


def put_back(
    session: Session, brand: Brand, user_id: int, *, by: User, at: dt.datetime
) -> BrandMember:
    """Let somebody who was taken out of a brand work for it again, in the role and teams she had.

    Raises NotFound where she never did or is no user any more, Done where she does already.
    """
    user = session.get(User, user_id)
    before = _place_before(session, brand.id, user_id)
    if user is None or not user.is_active or before is None:
        raise NotFound()
    if session.scalar(_place(brand.id, user_id)) is not None:
        raise Done(_l("%(name)s is of this brand already.", name=user.name))
    role, left_at = before
    place = team.join(session, user, brand, role)
    place.user = user
    _record(session, Action.MEMBER_ADDED, place, by, at)
    teams.come_back(session, brand.id, user_id, left_at, by=by, at=at)
    return place


def refuse_oneself(user_id: int, by: User) -> None:
    """Raise Refused where somebody would change her own place."""
    if user_id == by.id:
        raise Refused(_l("Nobody changes her own role or place: ask another lead."))


def refuse_last_lead(session: Session, place: BrandMember) -> None:
    """Raise Refused where a brand would have no lead any more."""
    if place.role is Role.LEAD and is_last_lead(session, place):
        raise Refused(
            _l("%(name)s is the last lead: make somebody else lead first.", name=place.user.name)
        )


def is_last_lead(session: Session, place: BrandMember) -> bool:
    """Whether this lead's brand has no other one who is there."""
    if place.role is not Role.LEAD:
        return False
    others = exists().where(
        BrandMember.brand_id == place.brand_id,
        BrandMember.role == Role.LEAD,
        BrandMember.user_id != place.user_id,
        BrandMember.user_id == User.id,
        User.is_active,
    )
    return not session.scalar(select(others))


def _hold(session: Session, place: BrandMember) -> None:
    """Read a member again, and let nobody else change who leads her brand meanwhile."""
    quietly = {"synchronize_session": False}
    held = update(Brand).where(Brand.id == place.brand_id).values(name_key=Brand.name_key)
    session.execute(held, execution_options=quietly)
    there = session.scalar(select(BrandMember.id).where(BrandMember.id == place.id))
    if there is None:
        raise Stale()
    session.refresh(place, ["role"])


def _place_before(session: Session, brand_id: int, user_id: int) -> tuple[Role, dt.datetime] | None:
    """The role somebody had when she was taken out of a brand last, and when: of the audit."""
    row = session.execute(
        select(AuditEntry.ids, AuditEntry.at)
        .where(
            AuditEntry.brand_id == brand_id,
            AuditEntry.action == Action.MEMBER_REMOVED.code,
            AuditEntry.ids["user_id"].as_integer() == user_id,
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    return (Role(row.ids["role"]), row.at) if row else None


def _record(
    session: Session, action: Action, place: BrandMember, by: User, at: dt.datetime
) -> None:
    record(
        session,
        by,
        action,
        at,
        brand_id=place.brand_id,
        user_id=place.user_id,
        role=place.role.value,
    )
