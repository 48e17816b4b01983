"""Passing people on to colleagues: for good or until a day, all at once or a part, and back again.

Everything is done a few hundred at a time, so that two thousand people hold nobody up; whoever is
done has changed hands, so that a second run goes on with the rest.
"""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, insert, select, update
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.directory import team
from irm.errors import Done, Refused
from irm.funnel import introductions, sharing
from irm.funnel.handover_terms import Terms, selected
from irm.funnel.hands import NOBODY, give_strays, pass_on
from irm.i18n import _l
from irm.models import (
    Brand,
    Handover,
    HandoverItem,
    Influencer,
    Relationship,
    Stage,
    User,
)

#: Up to this many change hands while their page is waited for; more are left to the worker.
INLINE = 500

#: Relationships that change hands in one transaction: nobody waits longer for their turn.
CHUNK = 250

#: So many colleagues at most take somebody over at once.
MOST = 20

#: So long a reason may be.
WHY_LENGTH = 200

#: A colleague who is away for longer has left.
HORIZON_DAYS = 3 * 366

#: What a person at each stage counts when people are shared out.
_WEIGHTS = {stage: sharing.weight(stage) for stage in Stage}


def begin(
    session: Session,
    terms: Terms,
    *,
    back_on: dt.date | None,
    why: str,
    today: dt.date,
    user: User | None,
    at: dt.datetime,
) -> Handover:
    """Write down a handover before its first person changes hands.

    Raises Refused where it is to nobody, to too many or to whoever hands over, to somebody who
    cannot look after people, until a day that makes no sense, or where nobody would pass on.
    """
    known = {id for id, _name in session.execute(team.may_contact(terms.brand_id))}
    if not terms.to:
        raise Refused(_l("Choose at least one colleague who takes them over."))
    if len(terms.to) > MOST:
        raise Refused(_l("Choose %(n)s colleagues at most.", n=MOST))
    if terms.from_id in terms.to:
        raise Refused(_l("Nobody hands over to themselves: choose another colleague."))
    if not known.issuperset(terms.to):
        raise Refused(_l("Choose colleagues of this brand who may look after people."))
    if back_on is not None:
        refuse_day(back_on, today)
        if terms.from_id not in known:
            raise Refused(_l("They can only go back to a colleague who is still of the team."))
    there = select(Relationship.id).join(Influencer).where(*selected(terms)).limit(1)
    if session.scalar(there) is None:
        raise Refused(_l("There is nobody to hand over."))
    made = Handover(
        brand_id=terms.brand_id,
        from_id=terms.from_id or None,
        back_on=back_on,
        why=why,
        author_id=user.id if user else None,
        at=at,
    )
    session.add(made)
    session.flush()
    _note(session, made, "made", user, at)
    return made


def refuse_day(back_on: dt.date, today: dt.date) -> None:
    """Raise Refused where nobody goes back on such a day: it is past, or absurdly far."""
    if back_on <= today:
        raise Refused(_l("Choose a day after today: on that day they go back."))
    if (back_on - today).days > HORIZON_DAYS:
        raise Refused(_l("Choose a day within the next three years."))


def go_on(
    session: Session,
    made: Handover,
    terms: Terms,
    *,
    user: User | None,
    at: dt.datetime,
    limit: int = CHUNK,
) -> bool:
    """Let the next few change hands; whether those were the last. The caller commits.

    They go to whoever has least of this handover by then, the dearest first.
    """
    _take_turn(session, made)
    if made.undone_at is not None or made.returned_at is not None:
        return True
    found = session.execute(
        select(Relationship.id, Relationship.stage)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(*selected(terms))
        .order_by(case(_WEIGHTS, value=Relationship.stage).desc(), Relationship.id)
        .limit(limit)
    ).all()
    weights = [sharing.weight(row.stage) for row in found]
    ids = [row.id for row in found]
    to = dict(zip(ids, sharing.share(weights, _loads(session, made, terms)), strict=True))
    moved = pass_on(session, terms.brand_id, to, dict.fromkeys(ids, terms.from_id), user, at)
    if moved:
        session.execute(
            insert(HandoverItem),
            [
                {
                    "handover_id": made.id,
                    "relationship_id": id,
                    "to_id": to[id],
                    "touchpoints": touchpoints,
                }
                for id, touchpoints in moved.items()
            ],
        )
    # The command line plans none: nobody would be their author.
    if terms.introduce and user is not None:
        introductions.plan(session, made, {id: to[id] for id in moved}, user=user, at=at)
    if len(found) == limit:
        return False
    if terms.is_whole and made.back_on is None:
        give_strays(session, terms.brand_id, terms.from_id)
    return True


def refuse_return(session: Session, made: Handover) -> None:
    """Raise Refused where the people of a handover cannot go back to where they were."""
    if made.undone_at is not None:
        raise Done(_l("This handover was taken back already."))
    if made.returned_at is not None:
        raise Done(_l("These people went back already."))
    if made.from_id is not None and not _is_there(session, made):
        raise Refused(_l("They can only go back to a colleague who is still of the team."))


def go_back(
    session: Session,
    made: Handover,
    *,
    user: User | None,
    at: dt.datetime,
    is_undo: bool,
    limit: int = CHUNK,
) -> bool:
    """Give the next few back to who had them; whether those were the last. The caller commits.

    Whom somebody gave to a third since is left alone.
    """
    _take_turn(session, made)
    if made.undone_at is not None or made.returned_at is not None:
        return True
    found = session.execute(
        select(HandoverItem.relationship_id, HandoverItem.to_id)
        .join(Relationship, Relationship.id == HandoverItem.relationship_id)
        .where(HandoverItem.handover_id == made.id, Relationship.owner_id == HandoverItem.to_id)
        .order_by(HandoverItem.id)
        .limit(limit)
    ).all()
    ids = [row.relationship_id for row in found]
    if ids:
        introductions.drop(session, made, ids, at)
        to = dict.fromkeys(ids, made.from_id or NOBODY)
        before = {row.relationship_id: row.to_id for row in found}
        pass_on(session, made.brand_id, to, before, user, at)
    if len(ids) == limit:
        return False
    if is_undo:
        made.undone_at = at
    else:
        made.returned_at = at
    _note(session, made, "undone" if is_undo else "returned", user, at)
    session.flush()
    return True


def due(session: Session, now: dt.datetime) -> Sequence[int]:
    """The ids of handovers whose people go back today, by the brand's own day."""
    rows = session.execute(
        select(Handover.id, Handover.back_on, Brand.timezone)
        .join(Brand, Brand.id == Handover.brand_id)
        .where(
            Handover.back_on.is_not(None),
            # Nobody is further ahead than half a day: what is later needs no look at its zone.
            Handover.back_on <= (now + dt.timedelta(days=1)).date(),
            Handover.returned_at.is_(None),
            Handover.undone_at.is_(None),
        )
        .order_by(Handover.id)
    )
    return [row.id for row in rows if row.back_on <= now.astimezone(ZoneInfo(row.timezone)).date()]


def _loads(session: Session, made: Handover, terms: Terms) -> dict[int, float]:
    """What each colleague has of this handover already."""
    loads = dict.fromkeys(terms.to, 0.0)
    rows = session.execute(
        select(HandoverItem.to_id, Relationship.stage, func.count())
        .join(Relationship, Relationship.id == HandoverItem.relationship_id)
        .where(HandoverItem.handover_id == made.id)
        .group_by(HandoverItem.to_id, Relationship.stage)
    )
    for to_id, stage, people in rows:
        if to_id in loads:
            loads[to_id] += sharing.weight(stage) * people
    return loads


def _is_there(session: Session, made: Handover) -> bool:
    found = team.may_contact(made.brand_id).where(User.id == made.from_id)
    return session.execute(found).first() is not None


def _take_turn(session: Session, made: Handover) -> None:
    """Take the writer's turn, and read how far the handover is: one at a time works at it."""
    session.execute(
        update(Handover)
        .where(Handover.id == made.id)
        .values(author_id=Handover.author_id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(made)


def _note(
    session: Session, made: Handover, change: str, user: User | None, at: dt.datetime
) -> None:
    record(
        session,
        user,
        Action.HANDED_OVER,
        at,
        brand_id=made.brand_id,
        handover_id=made.id,
        change=change,
    )
