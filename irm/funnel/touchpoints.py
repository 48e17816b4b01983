"""Planning the next contact, and closing it: done, snoozed or skipped.

Whoever changes touchpoints holds their relationship first, so that two never wait for each other.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.funnel import balance, cadence, pacing
from irm.i18n import _l
from irm.ledger import relationships as ledger
from irm.ledger.ageing import is_paused
from irm.models import Ask, Kind, Planner, Relationship, State, Touchpoint, User

#: Nobody plans further ahead than this; a later day is a slip of the finger.
HORIZON_DAYS = 3 * 366


def open_ones(session: Session, relationship: Relationship) -> Sequence[Touchpoint]:
    """A relationship's open touchpoints, the next one first."""
    return session.scalars(_OPEN, {"of_id": relationship.id}).all()


_OPEN = (
    select(Touchpoint)
    .where(Touchpoint.relationship_id == bindparam("of_id"), Touchpoint.state == State.OPEN)
    .order_by(Touchpoint.due_on, Touchpoint.id)
)


#: The first open touchpoints of the relationship `of_id` as plain rows, for its page.
OPEN_ROWS = (
    select(
        Touchpoint.id,
        Touchpoint.row_version,
        Touchpoint.due_on,
        Touchpoint.kind,
        Touchpoint.purpose,
        Touchpoint.why,
        User.name.label("owner_name"),
        Ask.benefit,
    )
    .join(User, User.id == Touchpoint.owner_id, isouter=True)
    .join(Ask, Ask.touchpoint_id == Touchpoint.id, isouter=True)
    .where(Touchpoint.relationship_id == bindparam("of_id"), Touchpoint.state == State.OPEN)
    .order_by(Touchpoint.due_on, Touchpoint.id)
    .limit(20)
)


def plan(
    session: Session,
    relationship: Relationship,
    *,
    due_on: dt.date,
    today: dt.date,
    at: dt.datetime,
    author: User | None,
    owner_id: int | None = None,
    kind: Kind = Kind.TALK,
    purpose: str = "",
    channel: str | None = None,
    tactic: str | None = None,
    passed_gate: bool = False,
) -> Touchpoint:
    """Plan one contact for a day; `today` is the planner's own.

    It takes the place of what the cadence had planned, which only kept the seat warm.
    Raises Refused where the day is past or absurdly far, or where it is an ask that did not pass
    the gate: those are planned by irm/funnel/asks.py alone.
    """
    if kind is Kind.ASK and not passed_gate:
        raise Refused(_l("An ask is thought through before it is planned: open the ask form."))
    refuse_day(due_on, today)
    ledger.hold(session, relationship)
    replaced = drop_planned_by_cadence(session, relationship, at)
    touchpoint = Touchpoint(
        relationship_id=relationship.id,
        owner_id=owner_id or relationship.owner_id or (author.id if author else None),
        due_on=due_on,
        kind=kind.value,
        purpose=purpose,
        channel=channel,
        tactic=tactic,
        why={"code": "planned", "replaces": replaced},
        planned_by=Planner.PERSON,
        author_id=author.id if author else None,
        created_at=at,
    )
    session.add(touchpoint)
    ledger.settle_next(session, relationship)
    return touchpoint


def plan_by_cadence(
    session: Session,
    relationship: Relationship,
    *,
    at: dt.datetime,
    author: User,
    setting: pacing.Setting | None = None,
    kept: Sequence[Touchpoint] | None = None,
    is_held: bool = False,
) -> Touchpoint | None:
    """Plan the next contact by the brand's cadence, counted from the contacts so far.

    What a person or the plan put there is left alone and nothing is added to it; returns None
    then, where there was no contact yet, and where nobody answered so often that they are left in
    peace: what the cadence had planned is closed. Whoever knows by what it is reckoned, or what is
    open, says so; `is_held`: the relationship's row was written before what is open was read.
    """
    if kept is None:
        kept = open_ones(session, relationship)
    if cadence.is_left_in_peace(relationship):
        if drop_planned_by_cadence(session, relationship, at, "peace"):
            ledger.settle_next(session, relationship)
        return None
    if relationship.last_contact_at is None or any(
        touchpoint.planned_by is not Planner.CADENCE for touchpoint in kept
    ):
        return None
    zone = (relationship.owner or author).zone
    last_contact = relationship.last_contact_at.astimezone(zone).date()
    two_way = relationship.last_two_way_at
    due = pacing.due(
        setting or pacing.setting_of(session, relationship),
        pacing.terms(relationship),
        last_contact=last_contact,
        last_two_way=two_way.astimezone(zone).date() if two_way else None,
    )
    touchpoint = kept[0] if kept else None
    if touchpoint is None:
        touchpoint = Touchpoint(
            relationship_id=relationship.id,
            owner_id=relationship.owner_id or author.id,
            planned_by=Planner.CADENCE,
            created_at=at,
        )
        session.add(touchpoint)
    is_other_day = touchpoint.due_on != due.day
    touchpoint.due_on = due.day
    touchpoint.why = pacing.why(
        due,
        relationship.stage,
        last_contact,
        is_answered=two_way is not None and two_way >= relationship.last_contact_at,
    )
    if is_other_day and is_held and len(kept) == 1:
        ledger.set_next(session, relationship, due.day)
    elif is_other_day:
        ledger.settle_next(session, relationship)
    return touchpoint


def keep_pace(
    session: Session,
    relationship: Relationship,
    *,
    at: dt.datetime,
    author: User,
    setting: pacing.Setting | None = None,
    is_held: bool = False,
) -> None:
    """Let what the cadence had planned follow another cadence; where nothing was, nothing is.

    `is_held` as for `plan_by_cadence`.
    """
    if kept := open_ones(session, relationship):
        plan_by_cadence(
            session,
            relationship,
            at=at,
            author=author,
            setting=setting,
            kept=kept,
            is_held=is_held,
        )


def snooze(session: Session, touchpoint: Touchpoint, *, until: dt.date, today: dt.date) -> None:
    """Move an open touchpoint to another day, and note where it stood, so that it can go back.

    Raises Refused where it is closed, the day is past or absurdly far, or it is an ask that may
    not be asked on that day.
    """
    ledger.hold(session, touchpoint.relationship)
    refuse_closed(touchpoint)
    refuse_day(until, today)
    refuse_ask(session, touchpoint, until)
    touchpoint.why = {
        **touchpoint.why,
        "put_off": {"from": touchpoint.due_on.isoformat(), "planner": touchpoint.planned_by.value},
    }
    touchpoint.due_on = until
    touchpoint.snoozes += 1
    # From now on a person has a hand in it: the cadence leaves it alone.
    touchpoint.planned_by = Planner.PERSON
    ledger.settle_next(session, touchpoint.relationship)


def skip(
    session: Session,
    touchpoint: Touchpoint,
    *,
    user: User,
    at: dt.datetime,
    because: Mapping[str, str] | None = None,
) -> None:
    """Close a touchpoint without a contact; what the cadence had planned in its place is back.

    `because` is kept as the reason: a code of irm/funnel/skips.py, with the words of the user.
    Raises Refused where it is closed already.
    """
    ledger.hold(session, touchpoint.relationship)
    refuse_closed(touchpoint)
    if because:
        touchpoint.why = {**touchpoint.why, "skipped": dict(because)}
    _close(touchpoint, State.SKIPPED, user, at)
    for replaced in _replaced_by(session, touchpoint):
        open_again(replaced)
    ledger.settle_next(session, touchpoint.relationship)


def close_as_done(session: Session, touchpoint: Touchpoint, *, user: User, at: dt.datetime) -> None:
    """Close a touchpoint that was kept; the interaction is logged by irm/funnel/interactions.py.

    Raises Refused where it is closed already.
    """
    refuse_closed(touchpoint)
    _close(touchpoint, State.DONE, user, at)
    ledger.settle_next(session, touchpoint.relationship)


def reopen(session: Session, touchpoint: Touchpoint, *, at: dt.datetime) -> None:
    """Take a skip back.

    Raises Refused where it was kept: its interaction stands in the timeline; and where it is an
    ask for which the gate has shut since, unless it was planned with a reason, or who is left in
    peace on its day.
    """
    if touchpoint.state is not State.SKIPPED:
        raise Refused(_l("Only a skipped touchpoint can be opened again."))
    ledger.hold(session, touchpoint.relationship)
    refuse_ask(session, touchpoint, touchpoint.due_on)
    if touchpoint.planned_by is Planner.PERSON:
        drop_planned_by_cadence(session, touchpoint.relationship, at)
    open_again(touchpoint)
    ledger.settle_next(session, touchpoint.relationship)


def refuse_day(day: dt.date, today: dt.date) -> None:
    """Raise Refused where nobody can mean this day for a touchpoint."""
    if day < today:
        raise Refused(_l("Choose today or a later day."))
    if (day - today).days > HORIZON_DAYS:
        raise Refused(_l("Choose a day within the next three years."))


def refuse_ask(session: Session, touchpoint: Touchpoint, day: dt.date) -> None:
    """Raise Refused where it is an ask that could not be planned for this day now."""
    if touchpoint.kind != Kind.ASK:
        return
    if is_paused(touchpoint.relationship.paused_until, day):
        raise Refused(
            _l("They are paused on this day: end the pause first, or choose a day after it.")
        )
    if not balance.lets_through(session, touchpoint):
        raise Refused(_l("The gate has shut since: plan the ask anew."))


def refuse_closed(touchpoint: Touchpoint) -> None:
    """Raise Refused where it was done or skipped."""
    if touchpoint.state is not State.OPEN:
        raise Refused(_l("This touchpoint is already closed."))


def _close(touchpoint: Touchpoint, state: State, user: User, at: dt.datetime) -> None:
    touchpoint.state = state
    touchpoint.closed_at = at
    touchpoint.closed_by_id = user.id


def open_again(touchpoint: Touchpoint) -> None:
    """Make a closed touchpoint an open one; whoever does holds the relationship."""
    touchpoint.state = State.OPEN
    touchpoint.closed_at = touchpoint.closed_by_id = None
    touchpoint.why = {key: kept for key, kept in touchpoint.why.items() if key != "skipped"}


def drop_planned_by_cadence(
    session: Session, relationship: Relationship, at: dt.datetime, because: str = "replaced"
) -> list[int]:
    """Close what the cadence had planned, and note why; return the ids."""
    dropped = [
        touchpoint
        for touchpoint in open_ones(session, relationship)
        if touchpoint.planned_by is Planner.CADENCE
    ]
    for touchpoint in dropped:
        touchpoint.state = State.SKIPPED
        touchpoint.closed_at = at
        touchpoint.why = {**touchpoint.why, because: True}
    return [touchpoint.id for touchpoint in dropped]


def _replaced_by(session: Session, touchpoint: Touchpoint) -> Sequence[Touchpoint]:
    ids = touchpoint.why.get("replaces") or ()
    return session.scalars(
        select(Touchpoint).where(Touchpoint.id.in_(ids), Touchpoint.state == State.SKIPPED)
    ).all()
