"""A colleague who leaves, a brand or altogether, with nothing open left to her; and her return.

What she has goes to colleagues, or is nobody's and then shown as that.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import sessions, team
from irm.errors import Done, Refused
from irm.funnel import handover
from irm.funnel.handover_terms import Terms
from irm.funnel.hands import ALONG, NOBODY, let_strays_go, pass_on
from irm.funnel.members import refuse_oneself
from irm.i18n import _l, _n
from irm.models import (
    Brand,
    Campaign,
    Handover,
    HandoverItem,
    MailState,
    Outbox,
    Relationship,
    User,
)

#: Plain updates of many rows; nothing of them is at hand.
_QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody has open at one brand."""

    brand_id: int
    brand_name: str
    people: int
    touchpoints: int
    promises: int
    questions: int
    campaigns: int

    @property
    def is_more_than_campaigns(self) -> bool:
        """Whether anything is open that whoever takes over can have, partners too."""
        return bool(self.people or self.touchpoints or self.promises or self.questions)


def held(
    session: Session, user_id: int, today: dt.date, brand_ids: Collection[int] | None = None
) -> list[Held]:
    """What somebody has at each brand (None: at any) where she has something. Six statements."""
    counts = [_by_brand(session, Relationship.brand_id, Relationship.owner_id == user_id)]
    for model, is_open in ALONG:
        joined = Relationship.id == model.relationship_id
        mine = and_(model.owner_id == user_id, is_open)
        counts.append(_by_brand(session, Relationship.brand_id, joined, mine))
    counts.append(_by_brand(session, Campaign.brand_id, *_runs(user_id, today)))
    ids = {id for count in counts for id in count}
    if brand_ids is not None:
        ids &= set(brand_ids)
    brands = select(Brand.id, Brand.name).where(Brand.id.in_(ids)).order_by(Brand.name_key)
    return [
        Held(row.id, row.name, *(count.get(row.id, 0) for count in counts))
        for row in session.execute(brands)
    ]


def campaigns_of(session: Session, user_id: int, brand_id: int, today: dt.date) -> int:
    """How many campaigns of a brand somebody runs that are not over."""
    return _by_brand(session, Campaign.brand_id, *_runs(user_id, today)).get(brand_id, 0)


def heir_of_campaigns(session: Session, brand_id: int, to: Collection[int]) -> int | None:
    """Who runs somebody's campaigns on: the one of these who may; None where none or several do.

    Campaigns are closed to partners.
    """
    may = team.may_take(brand_id, None).where(User.id.in_(to))
    found = [row.id for row in session.execute(may)]
    return found[0] if len(found) == 1 else None


def nobody_runs(brand_name: str, campaigns: int) -> str:
    """How many campaigns of a brand have nobody now, in words, with where they are found."""
    return _n(
        "Nobody runs %(n)s campaign of %(brand)s now: choose somebody under Campaigns.",
        "Nobody runs %(n)s campaigns of %(brand)s now: choose somebody under Campaigns.",
        campaigns,
        brand=brand_name,
    )


def leave_brand(
    session: Session,
    user: User,
    brand_id: int,
    to: Sequence[int],
    *,
    today: dt.date,
    by: User | None,
    at: dt.datetime,
) -> tuple[Handover, Terms] | None:
    """Let all somebody has at a brand go to these colleagues, or to nobody where none is named.

    Returns the handover where its people are too many to be passed on at once: whoever asks has
    the worker go on with it. Raises Refused where they cannot go to one of these.
    """
    _forget_returns(session, user.id, brand_id)
    let_strays_go(session, brand_id, user.id)
    heir = heir_of_campaigns(session, brand_id, to)
    campaigns = update(Campaign).where(Campaign.brand_id == brand_id, *_runs(user.id, today))
    session.execute(campaigns.values(owner_id=heir), execution_options=_QUIETLY)
    mine = and_(Relationship.brand_id == brand_id, Relationship.owner_id == user.id)
    people = session.scalar(select(func.count()).select_from(Relationship).where(mine)) or 0
    if not to:
        _let_go(session, user.id, brand_id, mine, by, at)
        return None
    if not people:
        return None
    terms = Terms(brand_id=brand_id, from_id=user.id, to=tuple(to))
    made = handover.begin(session, terms, back_on=None, why="", today=today, user=by, at=at)
    if people > handover.INLINE:
        return made, terms
    while not handover.go_on(session, made, terms, user=by, at=at):
        pass
    _follow(session, user.id, brand_id)
    return None


def deactivate(session: Session, user: User, *, by: User | None, at: dt.datetime) -> None:
    """Let somebody sign in no more: sessions, calendar and waiting mail end, links in mails die.

    Her roles stay for a return. `by` is None on the command line. Raises Refused where it is
    oneself, oneself is gone meanwhile, or nobody would be left to administer irm, Done where she is
    gone already.
    """
    if by is not None:
        refuse_oneself(user.id, by)
    there = _hold(session, user, by)
    if not there[user.id]:
        raise Done(_l("%(name)s is deactivated already.", name=user.name))
    if by is not None and not there[by.id]:
        raise Refused(_l("You were deactivated meanwhile."))
    _refuse_last_administrator(session, user)
    user.is_active = False
    user.calendar_hash = user.next_digest_at = user.next_weekly_at = None
    sessions.end_all(session, user)
    waits = or_(
        Outbox.state.in_((MailState.PENDING, MailState.CLAIMED)),
        # What is in doubt may have arrived: that is for a person to say.
        and_(Outbox.state == MailState.HELD, Outbox.doubt == 0),
    )
    session.execute(
        update(Outbox)
        .where(Outbox.user_id == user.id, waits)
        .values(state=MailState.CANCELLED, claim_token=None, lease_until=None),
        execution_options=_QUIETLY,
    )
    record(session, by, Action.USER_DEACTIVATED, at, user_id=user.id)


def activate(session: Session, user: User, *, by: User | None, at: dt.datetime) -> None:
    """Let somebody sign in again, in the roles she had; what was handed over stays where it is.

    Raises Done where she is there already.
    """
    if _hold(session, user, by)[user.id]:
        raise Done(_l("%(name)s is active already.", name=user.name))
    user.is_active = True
    record(session, by, Action.USER_ACTIVATED, at, user_id=user.id)


def _hold(session: Session, user: User, by: User | None) -> dict[int, bool]:
    """Whether both are active, and nobody changes that meanwhile; the smaller id is held first.

    Administrators are held with them: of the last two one stays, whoever asks for both at once.
    """
    ids = {user.id, by.id if by else user.id}
    held = select(User).where(or_(User.id.in_(ids), User.is_admin)).order_by(User.id)
    found = session.scalars(held.with_for_update(), execution_options={"populate_existing": True})
    return {one.id: one.is_active for one in found}


def _refuse_last_administrator(session: Session, user: User) -> None:
    others = select(User.id).where(User.is_admin, User.is_active, User.id != user.id).limit(1)
    if user.is_admin and session.scalar(others) is None:
        raise Refused(
            _l("%(name)s is the last administrator: add another one first.", name=user.name)
        )


def _by_brand(session: Session, brand: Any, *conditions: Any) -> dict[int, int]:
    rows = session.execute(select(brand, func.count()).where(*conditions).group_by(brand))
    return {row[0]: row[1] for row in rows}


def _runs(user_id: int, today: dt.date) -> tuple[Any, ...]:
    """The conditions of a campaign that somebody runs and that is not over."""
    is_on = and_(Campaign.cancelled_at.is_(None), Campaign.ends_on >= today)
    return Campaign.owner_id == user_id, is_on


def _let_go(
    session: Session, user_id: int, brand_id: int, mine: Any, by: User | None, at: dt.datetime
) -> None:
    """Let all her people be nobody's, with what is open in them."""
    some = select(Relationship.id).where(mine).order_by(Relationship.id).limit(handover.CHUNK)
    while ids := session.scalars(some).all():
        nobody = dict.fromkeys(ids, NOBODY)
        pass_on(session, brand_id, nobody, dict.fromkeys(ids, user_id), by, at)


def _forget_returns(session: Session, user_id: int, brand_id: int) -> None:
    """Whom she lent until a day stays with whoever has them: there is nobody to go back to."""
    session.execute(
        update(Handover).where(Handover.from_id == user_id, *_lent(brand_id)).values(back_on=None),
        execution_options=_QUIETLY,
    )


def _follow(session: Session, user_id: int, brand_id: int) -> None:
    """Whom she had until a day goes back on that day from whoever has them now."""
    now = (
        select(Relationship.owner_id)
        .where(Relationship.id == HandoverItem.relationship_id)
        .scalar_subquery()
    )
    lent = select(Handover.id).where(*_lent(brand_id))
    session.execute(
        update(HandoverItem)
        .where(HandoverItem.to_id == user_id, HandoverItem.handover_id.in_(lent))
        .values(to_id=now),
        execution_options=_QUIETLY,
    )


def _lent(brand_id: int) -> tuple[Any, ...]:
    is_open = and_(Handover.returned_at.is_(None), Handover.undone_at.is_(None))
    return Handover.brand_id == brand_id, Handover.back_on.is_not(None), is_open
