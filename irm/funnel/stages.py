"""Beginning a relationship and moving it from stage to stage; every move is a row."""

import datetime as dt

from sqlalchemy import bindparam, delete, exists, inspect, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.base import ExecutableOption

from irm.audit import Action, record
from irm.directory import team
from irm.errors import Done, PutAway, Refused, Stale
from irm.funnel import grounds, hands, pacing, touchpoints
from irm.i18n import _l
from irm.ledger import claiming, counters, proving
from irm.ledger.orders import score_order
from irm.models import (
    Influencer,
    Prospect,
    Relationship,
    Stage,
    StageMove,
    State,
    Touchpoint,
    User,
)
from irm.models.keys import name_order

STAGES = tuple(Stage)


def begin(
    session: Session,
    influencer: Influencer,
    brand_id: int,
    *,
    user: User | None,
    at: dt.datetime,
    owner_id: int | None = None,
) -> Relationship:
    """Begin a relationship at `unaware`, with its first move; lists begin theirs by the hundred.

    Whoever was a prospect of the brand is none any more.
    """
    session.flush()
    person = hold(session, influencer.id)
    session.execute(
        delete(Prospect).where(
            Prospect.brand_id == brand_id, Prospect.influencer_id == influencer.id
        )
    )
    relationship = Relationship(
        influencer=person,
        brand_id=brand_id,
        stage=Stage.UNAWARE,
        stage_since=at,
        owner_id=owner_id,
        created_at=at,
        name_order=name_order(person.name),
        reach_order=score_order(person.reach),
        resonance_order=score_order(person.resonance),
    )
    session.add(relationship)
    session.flush()
    session.add(
        StageMove(
            relationship_id=relationship.id,
            brand_id=brand_id,
            to_stage=Stage.UNAWARE,
            at=at,
            user_id=user.id if user else None,
        )
    )
    counters.shift(session, [(None, cell_of(relationship, person))])
    if proving.mentioned(session, [relationship.id]):
        proving.settle_one(session, relationship, at)
    return relationship


def move(
    session: Session,
    relationship: Relationship,
    to: Stage,
    *,
    user: User,
    at: dt.datetime,
    reason: str | None = None,
    seen_version: int | None = None,
) -> StageMove:
    """Claim another stage. Who, when and why are kept; the old stage stays in history.

    Raises Done where the relationship stands there already, Stale where the card was changed
    since `seen_version`, PutAway where the person is archived, Unreasoned where no reason is given
    and one is needed: for a move back, and for one up that the evidence does not cover.
    """
    name = relationship.influencer.name
    if relationship.stage is to:
        raise Done(_l("%(name)s is already at “%(stage)s”.", name=name, stage=to.label))
    if seen_version is not None and seen_version != relationship.row_version:
        raise Stale(
            _l(
                "%(name)s was moved meanwhile and is now at “%(stage)s”.",
                name=name,
                stage=relationship.stage.label,
            )
        )
    last = _hold_at_hand(session, relationship)
    _refuse_archived(relationship.influencer)
    if not reason:
        grounds.refuse_unreasoned(session, relationship, to, at)
    return _claim(session, relationship, to, user=user, at=_after(last, at), now=at, reason=reason)


def _claim(
    session: Session,
    relationship: Relationship,
    to: Stage,
    *,
    user: User,
    at: dt.datetime,
    now: dt.datetime,
    reason: str | None,
    undoes_id: int | None = None,
    since: dt.datetime | None = None,
) -> StageMove:
    """Write a move of somebody who is held, at a moment after all that were before.

    `undoes_id` and `since` as in irm/ledger/claiming.py.
    """
    person = relationship.influencer
    before = cell_of(relationship, person)
    setting = pacing.setting_of(session, relationship)
    today = now.astimezone(user.zone).date()
    rhythm = pacing.on(setting, relationship, today)
    made = claiming.claim(
        session,
        relationship,
        to,
        at=at,
        user_id=user.id,
        reason=reason,
        undoes_id=undoes_id,
        since=since,
    )
    record(
        session,
        user,
        Action.MOVED,
        now,
        relationship_id=relationship.id,
        from_stage=made.from_stage,
        to_stage=to,
    )
    counters.shift(session, [(before, cell_of(relationship, person))])
    if pacing.on(setting, relationship, today) != rhythm:
        touchpoints.keep_pace(
            session, relationship, at=now, author=user, setting=setting, is_held=True
        )
    return made


def _after(last: dt.datetime | None, at: dt.datetime) -> dt.datetime:
    """A moment that is not before the last move: clocks may jump back."""
    return max(at, last) if last else at


def newest(session: Session, relationship_id: int, *options: ExecutableOption) -> StageMove | None:
    """The last move of a relationship; None where it has no past."""
    return session.scalars(_NEWEST.options(*options), {"of_id": relationship_id}).first()


_NEWEST_FIRST = (StageMove.at.desc(), StageMove.id.desc())
_NEWEST = (
    select(StageMove)
    .where(StageMove.relationship_id == bindparam("of_id"))
    .order_by(*_NEWEST_FIRST)
    .limit(1)
)

#: When the newest move was made that stands without the move `made_id`: one that neither was taken
#: back nor takes another back.
_undoing = aliased(StageMove)
_STANDING = (
    select(StageMove.at)
    .where(
        StageMove.relationship_id == bindparam("of_id"),
        StageMove.undoes_id.is_(None),
        StageMove.id != bindparam("made_id"),
        ~exists().where(_undoing.undoes_id == StageMove.id),
    )
    .order_by(*_NEWEST_FIRST)
    .limit(1)
)


def undo(
    session: Session, made: StageMove, relationship: Relationship, *, user: User, at: dt.datetime
) -> StageMove:
    """Take a move back by another move, if nobody moved the card since.

    Raises Stale where somebody did, Done where it was taken back already, PutAway where the person
    is archived, Refused where the move was a birth or takes one back itself.
    """
    if made.from_stage is None:
        raise Refused(_l("The beginning of a relationship cannot be undone."))
    if made.undoes_id is not None:
        raise Refused(_l("This took a move back. Move the card again instead."))
    last_at = _hold_at_hand(session, relationship)
    last = newest(session, relationship.id)
    if last is not None and last.undoes_id == made.id:
        raise Done(_l("This move was taken back already."))
    if last is not made:
        raise Stale()
    _refuse_archived(relationship.influencer)
    return _claim(
        session,
        relationship,
        made.from_stage,
        user=user,
        at=_after(last_at, at),
        now=at,
        reason=None,
        undoes_id=made.id,
        # The clock of the old stage goes on as if nothing had been.
        since=session.scalar(_STANDING, {"of_id": relationship.id, "made_id": made.id}),
    )


def assign(
    session: Session,
    relationship: Relationship,
    owner: User | None,
    *,
    user: User,
    at: dt.datetime,
    seen_version: int | None = None,
) -> None:
    """Give a relationship to an owner, or to nobody; what is planned goes along.

    Raises Stale where the card was changed since `seen_version`, Refused where the owner is a
    viewer.
    """
    if seen_version is not None and seen_version != relationship.row_version:
        raise Stale()
    owner_id, was = (owner.id if owner else None), relationship.owner_id
    if owner_id == was:
        return
    if owner is not None:
        team.refuse_onlooker(session, owner, relationship.brand_id)
    person = hold(session, relationship.influencer_id)
    before = cell_of(relationship, person)
    relationship.owner_id = owner_id
    record(
        session,
        user,
        Action.ASSIGNED,
        at,
        relationship_id=relationship.id,
        from_id=was,
        to_id=owner_id,
    )
    session.flush()
    counters.shift(session, [(before, cell_of(relationship, person))])
    if owner_id is not None:
        # Whoever has the relationship is reminded of it.
        session.execute(
            update(Touchpoint)
            .where(
                Touchpoint.relationship_id == relationship.id,
                Touchpoint.state == State.OPEN,
                or_(Touchpoint.owner_id == was, Touchpoint.owner_id.is_(None)),
            )
            .values(owner_id=owner_id),
            execution_options={"synchronize_session": False},
        )
    if was is not None and team.is_partner(session, was, relationship.brand_id):
        # She sees them no more: what she had promised there would be seen to by nobody.
        hands.give_along(session, relationship.id, was, owner_id)


def _refuse_archived(person: Influencer) -> None:
    if person.archived_at is not None:
        raise PutAway(person.name)


def hold(session: Session, influencer_id: int) -> Influencer:
    """Lock a person until the transaction ends, and read them anew.

    A rescoring may change tier and audience at any moment, and the board counts by both. Person
    first, then relationship: whoever locks both keeps this order.
    """
    return session.scalars(_PERSON, {"of_id": influencer_id}).one()


_PERSON = (
    select(Influencer)
    .where(Influencer.id == bindparam("of_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def _hold_at_hand(session: Session, relationship: Relationship) -> dt.datetime | None:
    """Lock a person who was read before, and read anew only what a move goes by.

    Returns when their relationship moved last.
    """
    person = relationship.influencer
    if inspect(person).modified:
        session.flush()
    whose = {"person_id": person.id, "of_id": relationship.id}
    tier, audience, archived_at, last = session.connection().execute(_HELD, whose).one()
    set_committed_value(person, "tier", tier)
    set_committed_value(person, "audience", audience)
    set_committed_value(person, "archived_at", archived_at)
    return last


_HELD = (
    select(
        Influencer.tier,
        Influencer.audience,
        Influencer.archived_at,
        _NEWEST.with_only_columns(StageMove.at).scalar_subquery(),
    )
    .where(Influencer.id == bindparam("person_id"))
    .with_for_update(of=Influencer)
)


def cell_of(relationship: Relationship, person: Influencer) -> counters.Cell | None:
    """Where the board counts this relationship, if it does; the person is held."""
    if person.archived_at is not None:
        return None
    return counters.Cell(
        relationship.brand_id,
        relationship.stage,
        person.tier,
        relationship.owner_id,
        person.audience,
    )
