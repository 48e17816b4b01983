"""Beginning a relationship and moving it from stage to stage; every move is a row."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from irm.audit import Action, record
from irm.errors import Refused, Stale
from irm.i18n import _l
from irm.ledger import counters
from irm.ledger.orders import score_order
from irm.models import Influencer, Relationship, Stage, StageMove, Tier, User
from irm.models.keys import name_order

STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person about to get a relationship, with what the board counts and sorts by."""

    influencer_id: int
    name: str
    tier: Tier
    audience: int | None
    reach: float | None = None
    resonance: float | None = None


def begin(
    session: Session,
    influencer: Influencer,
    brand_id: int,
    *,
    user: User | None,
    at: dt.datetime,
    owner_id: int | None = None,
) -> Relationship:
    """Begin a relationship at `unaware`, with its first move."""
    session.flush()
    newcomer = Newcomer(
        influencer.id,
        influencer.name,
        influencer.tier,
        influencer.audience,
        influencer.reach,
        influencer.resonance,
    )
    begin_many(session, [newcomer], brand_id, user=user, at=at, owner_id=owner_id)
    return session.scalars(
        select(Relationship).where(
            Relationship.brand_id == brand_id, Relationship.influencer_id == influencer.id
        )
    ).one()


def begin_many(
    session: Session,
    people: Sequence[Newcomer],
    brand_id: int,
    *,
    user: User | None,
    at: dt.datetime,
    owner_id: int | None = None,
) -> None:
    """Begin many relationships at once: three statements however many there are."""
    if not people:
        return
    common = {
        "brand_id": brand_id,
        "stage": Stage.UNAWARE,
        "stage_since": at,
        "owner_id": owner_id,
        "created_at": at,
    }
    ids = session.scalars(
        insert(Relationship).returning(Relationship.id),
        [
            {
                **common,
                "influencer_id": person.influencer_id,
                "name_order": name_order(person.name),
                "reach_order": score_order(person.reach),
                "resonance_order": score_order(person.resonance),
            }
            for person in people
        ],
    ).all()
    user_id = user.id if user else None
    session.execute(
        insert(StageMove),
        [
            {"relationship_id": id, "to_stage": Stage.UNAWARE, "at": at, "user_id": user_id}
            for id in ids
        ],
    )
    counters.shift(
        session,
        [
            (None, counters.Cell(brand_id, Stage.UNAWARE, p.tier, owner_id, p.audience))
            for p in people
        ],
    )


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
    before = cell_of(relationship)
    made = StageMove(
        relationship_id=relationship.id,
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
    counters.shift(session, [(before, cell_of(relationship))])
    return made


def undo(
    session: Session, made: StageMove, relationship: Relationship, *, user: User, at: dt.datetime
) -> StageMove:
    """Take a move back by another move, if nobody moved the card since.

    Raises Stale where somebody did, Refused where the move was a birth.
    """
    if made.from_stage is None:
        raise Refused(_l("The beginning of a relationship cannot be undone."))
    newest = session.scalar(
        select(StageMove.id)
        .where(StageMove.relationship_id == relationship.id)
        .order_by(StageMove.at.desc(), StageMove.id.desc())
        .limit(1)
    )
    if newest != made.id:
        raise Stale()
    back = move(session, relationship, made.from_stage, user=user, at=at)
    back.undoes_id = made.id
    return back


def assign(session: Session, relationship: Relationship, owner: User | None) -> None:
    """Give a relationship to an owner, or to nobody."""
    before = cell_of(relationship)
    relationship.owner_id = owner.id if owner else None
    session.flush()
    counters.shift(session, [(before, cell_of(relationship))])


def cell_of(relationship: Relationship) -> counters.Cell:
    """Where the board counts this relationship now."""
    person = relationship.influencer
    return counters.Cell(
        relationship.brand_id,
        relationship.stage,
        person.tier,
        relationship.owner_id,
        person.audience,
    )
