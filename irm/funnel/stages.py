"""Beginning a relationship and moving it from stage to stage; every move is a row."""

import datetime as dt

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.errors import Refused, Stale
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

    Raises Stale where the card was changed since `seen_version`, Refused where the relationship
    stands there already.
    """
    if seen_version is not None and seen_version != relationship.row_version:
        raise Stale(
            _l(
                "%(name)s was moved meanwhile and is now at “%(stage)s”.",
                name=relationship.influencer.name,
                stage=relationship.stage.label,
            )
        )
    if relationship.stage is to:
        raise Refused(
            _l(
                "%(name)s is already at “%(stage)s”.",
                name=relationship.influencer.name,
                stage=to.label,
            )
        )
    person = hold(session, relationship.influencer_id)
    before = cell_of(relationship, person)
    made = StageMove(
        relationship_id=relationship.id,
        brand_id=relationship.brand_id,
        from_stage=relationship.stage,
        to_stage=to,
        at=at,
        user_id=user.id,
        reason=reason,
    )
    relationship.stage = to
    relationship.stage_since = at
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
    return made


def undo(
    session: Session, made: StageMove, relationship: Relationship, *, user: User, at: dt.datetime
) -> StageMove:
    """Take a move back by another move, if nobody moved the card since.

    Raises Stale where somebody did, Refused where the move was a birth.
    """
    if made.from_stage is None:
        raise Refused(_l("The beginning of a relationship cannot be undone."))
    newest = session.scalars(
        select(StageMove)
        .where(StageMove.relationship_id == relationship.id)
        .order_by(StageMove.at.desc(), StageMove.id.desc())
    ).all()
    if newest[0] is not made:
        raise Stale()
    back = move(session, relationship, made.from_stage, user=user, at=at)
    back.undoes_id = made.id
    # The clock of the old stage goes on as if nothing had been.
    undone = {one.undoes_id for one in newest}
    standing = [one for one in newest[1:] if one.undoes_id is None and one.id not in undone]
    if standing:
        relationship.stage_since = standing[0].at
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
