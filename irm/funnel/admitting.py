"""Beginning with somebody who was found: out of the prospects, into the funnel, and back."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from irm.directory import moving, prospects, strangers
from irm.errors import NotFound, Refused, Stale
from irm.funnel import stages
from irm.i18n import _l
from irm.ledger import counters
from irm.models import (
    Brand,
    Influencer,
    Prospect,
    Relationship,
    Score,
    ScoreKind,
    Stage,
    Task,
    User,
)
from irm.scoring import reasons, record, rules

#: How many rows of a table irm itself hangs on a relationship that begins; None: as many as it
#: likes. Any more, and somebody has built on it.
_OURS: dict[str, int | None] = {"stage_moves": 1, "scores": None}


def admit(
    session: Session, influencer_id: int, brand_id: int, *, user: User, at: dt.datetime
) -> Relationship:
    """Begin the brand's relationship with somebody, with the scores they were proposed with.

    Raises Stale where they are in the funnel already or are another one now, Refused where they
    are in the archive, NotFound where they are gone.
    """
    person = _held(session, influencer_id)
    if person.merged_into_id is not None:
        raise Stale(_l("%(name)s was merged with another meanwhile.", name=person.name))
    if _begun(session, influencer_id, brand_id) is not None:
        raise Stale(_l("%(name)s is in the funnel already.", name=person.name))
    if person.archived_at is not None:
        raise Refused(
            _l("%(name)s is in the archive. Take them out of it first.", name=person.name)
        )
    if not person.known:
        strangers.become_known(session, [person.id])
    found = prospects.of(session, brand_id, influencer_id)
    known = None if found is None else (found.relevance, found.fit, list(found.reasons))
    made = stages.begin(session, person, brand_id, user=user, at=at, owner_id=user.id)
    if known is not None and known[2]:
        _score(session, made, person, *known, at=at)
    return made


def admit_all(
    session: Session, people: Sequence[int], brand_id: int, *, user: User, at: dt.datetime
) -> tuple[list[Relationship], list[Refused]]:
    """Begin with several, and have them scored; returns whom, and why not with the others.

    People are taken in the order of their ids, so that two who do this do not block each other.
    """
    made, refused = [], []
    for id in sorted(set(people)):
        try:
            made.append(admit(session, id, brand_id, user=user, at=at))
        except Refused as no:
            refused.append(no)
    if made:
        ids = [one.influencer_id for one in made]
        session.add(Task(kind="score", arguments={"people": ids}, user_id=user.id, created_at=at))
    return made, refused


def withdraw(
    session: Session,
    influencer_id: int,
    brand_id: int,
    *,
    is_own: bool,
    at: dt.datetime,
) -> Prospect:
    """Take the beginning of a relationship back: they are a prospect again.

    `is_own` says whether the brand had brought them in; whom no other brand knows, it had.
    Raises Stale where it is gone already, Refused where somebody has built on it.
    """
    person = _held(session, influencer_id)
    made = _begun(session, influencer_id, brand_id)
    if made is None:
        raise Stale(_l("%(name)s is not in the funnel any more.", name=person.name))
    if not _is_untouched(session, made):
        raise Refused(
            _l("Something was done with %(name)s since: they stay in the funnel.", name=person.name)
        )
    newest = session.scalars(
        select(Score.reasons)
        .where(Score.relationship_id == made.id, Score.kind == ScoreKind.RELEVANCE)
        .order_by(Score.day.desc())
        .limit(1)
    ).first()
    again = Prospect(
        brand_id=brand_id,
        influencer_id=influencer_id,
        is_own=is_own or not _is_known_elsewhere(session, made),
        relevance=made.relevance,
        fit=made.fit,
        reasons=newest or [],
        relevance_order=made.relevance_order,
        created_at=at,
    )
    cell = stages.cell_of(made, person)
    session.execute(delete(Relationship).where(Relationship.id == made.id))
    session.expunge(made)
    counters.shift(session, [(cell, None)])
    session.add(again)
    session.flush()
    return again


def _held(session: Session, influencer_id: int) -> Influencer:
    session.flush()
    try:
        return stages.hold(session, influencer_id)
    except NoResultFound:
        raise NotFound() from None


def _begun(session: Session, influencer_id: int, brand_id: int) -> Relationship | None:
    return session.scalar(
        select(Relationship)
        .where(Relationship.influencer_id == influencer_id, Relationship.brand_id == brand_id)
        .execution_options(populate_existing=True)
    )


def _is_known_elsewhere(session: Session, made: Relationship) -> bool:
    others = select(Relationship.id).where(
        Relationship.influencer_id == made.influencer_id, Relationship.id != made.id
    )
    return session.scalar(others.limit(1)) is not None


def _is_untouched(session: Session, made: Relationship) -> bool:
    """Whether nothing but its birth hangs on a relationship, and nobody has changed it."""
    # A list may begin further on, and nothing would keep where.
    if made.row_version != 1 or made.stage is not Stage.UNAWARE:
        return False
    for name in moving.RELATED:
        rows = moving.table(name)
        most = _OURS.get(name, 0)
        on_it = select(func.count()).where(rows.c[moving.related_by(name)] == made.id)
        if most is not None and (session.scalar(on_it) or 0) > most:
            return False
    return True


def _score(
    session: Session,
    made: Relationship,
    person: Influencer,
    relevance: float | None,
    fit: float | None,
    why: list[reasons.Reason],
    *,
    at: dt.datetime,
) -> None:
    """Let list, board and page show at once what the prospect was found with."""
    weights = rules.weights(session.get_one(Brand, made.brand_id).fit_weights)
    record.write_relationships(
        session,
        at.date(),
        [
            record.RelationshipChange(
                made.id,
                person.id,
                relevance,
                fit,
                person.reach,
                person.resonance,
                {
                    ScoreKind.RELEVANCE: why,
                    ScoreKind.FIT: reasons.of_fit(
                        person.reach, person.resonance, relevance, weights
                    ),
                },
            )
        ],
    )
    session.expire(made)
