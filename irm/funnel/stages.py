"""Beginning a relationship and moving it from stage to stage; every move is a row."""

import datetime as dt

from sqlalchemy import bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.base import ExecutableOption

from irm.audit import Action, record
from irm.errors import Done, PutAway, Refused, Stale
from irm.funnel import grounds, pacing, touchpoints
from irm.i18n import _l
from irm.ledger import counters, proving
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
    person = hold(session, relationship.influencer_id)
    _refuse_archived(person)
    if not reason:
        grounds.refuse_unreasoned(session, relationship, to, at)
    return _claim(session, relationship, person, to, user=user, at=at, reason=reason)


def _claim(
    session: Session,
    relationship: Relationship,
    person: Influencer,
    to: Stage,
    *,
    user: User,
    at: dt.datetime,
    reason: str | None,
) -> StageMove:
    """Write a move of somebody who is held, after all that were before: clocks may jump back."""
    before = cell_of(relationship, person)
    last = session.connection().scalar(_LAST, {"of_id": relationship.id})
    setting = pacing.setting_of(session, relationship)
    today = at.astimezone(user.zone).date()
    rhythm = pacing.on(setting, relationship, today)
    made = StageMove(
        relationship_id=relationship.id,
        brand_id=relationship.brand_id,
        from_stage=relationship.stage,
        to_stage=to,
        at=max(at, last) if last else at,
        user_id=user.id,
        reason=reason,
    )
    relationship.stage = to
    relationship.stage_since = made.at
    session.add(made)
    record(
        session,
        user,
        Action.MOVED,
        at,
        relationship_id=relationship.id,
        from_stage=made.from_stage,
        to_stage=to,
    )
    session.flush()
    counters.shift(session, [(before, cell_of(relationship, person))])
    if pacing.on(setting, relationship, today) != rhythm:
        touchpoints.keep_pace(
            session, relationship, at=at, author=user, setting=setting, is_held=True
        )
    return made


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

#: When it was made.
_LAST = _NEWEST.with_only_columns(StageMove.at)

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
    person = hold(session, relationship.influencer_id)
    last = newest(session, relationship.id)
    if last is not None and last.undoes_id == made.id:
        raise Done(_l("This move was taken back already."))
    if last is not made:
        raise Stale()
    _refuse_archived(person)
    back = _claim(session, relationship, person, made.from_stage, user=user, at=at, reason=None)
    back.undoes_id = made.id
    # The clock of the old stage goes on as if nothing had been.
    since = session.scalar(_STANDING, {"of_id": relationship.id, "made_id": made.id})
    if since is not None:
        relationship.stage_since = since
    session.flush()
    return back


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

    Raises Stale where the card was changed since `seen_version`.
    """
    if seen_version is not None and seen_version != relationship.row_version:
        raise Stale()
    owner_id, was = (owner.id if owner else None), relationship.owner_id
    if owner_id == was:
        return
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
