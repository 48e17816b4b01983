"""Taking the demo away: all that is flagged goes, what others hung on it stays and is named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from irm.directory import worksheet
from irm.ledger import counters
from irm.models import (
    Brand,
    Campaign,
    CampaignMember,
    Fact,
    Influencer,
    Interaction,
    Outbox,
    Pause,
    Promise,
    Proof,
    Question,
    Relationship,
    Score,
    StageMove,
    Touchpoint,
    User,
)

_Id = InstrumentedAttribute[int] | InstrumentedAttribute[int | None]

#: Rows removed in one transaction, with all that hangs on them.
CHUNK = 250


@dataclass(slots=True)
class Removal:
    """What goes, by id, and what stays, by name."""

    people: Sequence[int] = ()
    relationships: Sequence[int] = ()
    brands: Sequence[int] = ()
    users: Sequence[int] = ()
    kept_people: list[str] = field(default_factory=list)
    kept_brands: list[str] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """How many rows `remove` counts off."""
        return len(self.relationships) + 2 * len(self.people)


def plan(session: Session) -> Removal:
    """Find what goes and what stays; changes nothing.

    A relationship stays where a real person or a real brand has part in it, or a real colleague
    wrote something on it; its person and its brand stay with it.
    """
    users = session.scalars(select(User.id).where(User.is_demo)).all()
    brands = _named(session, Brand.id, Brand.name, Brand.is_demo)
    people = _named(session, Influencer.id, Influencer.name, Influencer.is_demo)
    touched = session.execute(
        select(Relationship.id, Relationship.influencer_id, Relationship.brand_id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(Brand, Brand.id == Relationship.brand_id)
        .where(or_(Influencer.is_demo, Brand.is_demo))
        .order_by(Relationship.id)
    ).all()
    ours = _written_on(session, users)
    kept = [
        row
        for row in touched
        if row.influencer_id not in people or row.brand_id not in brands or row.id in ours
    ]
    kept_ids = {row.id for row in kept}
    staying = {row.influencer_id for row in kept} | _merged_into(session)
    kept_people = [name for id, name in people.items() if id in staying]
    kept_brands = {row.brand_id for row in kept if row.brand_id in brands}
    return Removal(
        people=[id for id in people if id not in staying],
        relationships=[row.id for row in touched if row.id not in kept_ids],
        brands=[id for id in brands if id not in kept_brands],
        users=users,
        kept_people=kept_people,
        kept_brands=[brands[id] for id in sorted(kept_brands)],
    )


def remove(session: Session, removal: Removal) -> Iterator[int]:
    """Delete what was planned to go, yielding how many rows so far.

    The caller commits at each yield. The colleagues go last: until then the demo is known.
    """
    done = 0
    steps: tuple[tuple[Sequence[int], _Id, Sequence[ColumnElement[bool]]], ...] = (
        (removal.relationships, Relationship.id, ()),
        # No index leads from a person to scores of both kinds: with these gone, none is missed.
        (removal.people, Score.influencer_id, (Score.relationship_id.is_(None),)),
        (removal.people, Influencer.id, ()),
    )
    for ids, column, conditions in steps:
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            _delete(session, column, some, *conditions)
            done += len(some)
            yield done
    others = session.scalars(
        select(Relationship.brand_id).where(Relationship.owner_id.in_(removal.users)).distinct()
    ).all()
    _delete(session, Outbox.user_id, removal.users)
    _delete(session, Brand.id, removal.brands)
    # In a brand that stays, what the demo's people made and nobody takes part in any more.
    is_left = ~exists().where(CampaignMember.campaign_id == Campaign.id)
    _delete(session, Campaign.author_id, removal.users, is_left)
    for id in removal.brands:
        worksheet.forget(session, id)
    _delete(session, User.id, removal.users)
    kept = session.scalars(select(Brand.id).where(Brand.is_demo)).all()
    for brand_id in {*others, *kept}:
        counters.recount(session, brand_id)
    # What stays, stays for somebody's own work: it is no demo any more.
    for model in (Brand, Influencer):
        session.execute(
            update(model).where(model.is_demo).values(is_demo=False),
            execution_options={"synchronize_session": False},
        )
    yield done


def _named(
    session: Session,
    id: InstrumentedAttribute[int],
    name: InstrumentedAttribute[str],
    is_demo: InstrumentedAttribute[bool],
) -> dict[int, str]:
    found = session.execute(select(id, name).where(is_demo).order_by(id))
    return {row[0]: row[1] for row in found}


def _written_on(session: Session, users: Sequence[int]) -> set[int]:
    """The relationships on which somebody who is no part of the demo left something."""
    sources = (
        # Every exchange of the demo has an author; one without came from elsewhere.
        (Interaction.relationship_id, (Interaction.author_id,), True),
        (StageMove.relationship_id, (StageMove.user_id,), False),
        (Touchpoint.relationship_id, (Touchpoint.author_id, Touchpoint.closed_by_id), False),
        (Proof.relationship_id, (Proof.author_id,), False),
        (Pause.relationship_id, (Pause.user_id, Pause.ended_by_id), False),
        (Promise.relationship_id, (Promise.author_id, Promise.closed_by_id), False),
        (Question.relationship_id, (Question.author_id, Question.answered_by_id), False),
        (Fact.relationship_id, (Fact.author_id, Fact.ended_by_id), False),
        (CampaignMember.relationship_id, (CampaignMember.added_by_id,), False),
    )
    found: set[int] = set()
    for relationship, authors, or_nobody in sources:
        by_others = [author.not_in(users) for author in authors]
        if or_nobody:
            by_others += [author.is_(None) for author in authors]
        found.update(
            session.scalars(
                select(relationship)
                .join(Relationship, Relationship.id == relationship)
                .join(Influencer, Influencer.id == Relationship.influencer_id)
                .join(Brand, Brand.id == Relationship.brand_id)
                .where(or_(Influencer.is_demo, Brand.is_demo), or_(*by_others))
            )
        )
    return found


def _merged_into(session: Session) -> set[int]:
    """People of the demo into whom a real one was merged."""
    into = session.scalars(
        select(Influencer.merged_into_id).where(
            Influencer.merged_into_id.is_not(None), Influencer.is_demo.is_(False)
        )
    )
    return {id for id in into if id is not None}


def _delete(
    session: Session,
    column: _Id,
    ids: Sequence[int],
    *conditions: ColumnElement[bool],
) -> None:
    if ids:
        session.execute(
            delete(column.class_).where(column.in_(ids), *conditions),
            execution_options={"synchronize_session": False},
        )
