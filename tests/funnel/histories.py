"""Random pasts of a brand, and a slow replay of them that every reading must equal."""

import contextlib
import datetime as dt

import make
from hypothesis import strategies as st
from sqlalchemy import select

from irm.directory import merge, person
from irm.errors import Refused
from irm.funnel import stages
from irm.models import Influencer, Relationship, Role, Stage, StageMove

START = make.MONDAY
DAY = dt.timedelta(days=1)

#: Who, what happens to them, and how many hours later than what came before.
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from([*Stage, *Stage, "undo", "undo", "archive", "merge", "own"]),
        st.integers(0, 60),
    ),
    max_size=22,
)


def lived(session, events):
    """Let all this happen at a new brand; returns its lead's membership and when it ended."""
    lead = make.member(Role.LEAD)
    session.add(lead)
    session.flush()
    people, at = {}, START
    for who, what, hours in events:
        at += dt.timedelta(hours=hours)
        if who not in people:
            new = make.influencer()
            session.add(new)
            people[who] = stages.begin(session, new, lead.brand_id, user=None, at=at)
        else:
            # Nobody in the archive is moved.
            with contextlib.suppress(Refused):
                _happen(session, people, who, what, lead.user, at)
        session.flush()
    session.commit()
    return lead, at


def _happen(session, people, who, what, user, at):
    one = people[who]
    if what == "archive" and one.influencer.archived_at is None:
        person.archive(session, one.influencer_id, user=user, at=at)
    elif what == "own":
        stages.assign(session, one, None if one.owner_id else user, user=user, at=at)
    elif what == "undo":
        newest = moves_of(session, one.id)[-1]
        if newest.undoes_id is not None:
            # As it was once allowed.
            again = stages.move(session, one, newest.from_stage, user=user, at=at, reason="No.")
            again.undoes_id = newest.id
        elif newest.from_stage is not None:
            stages.undo(session, newest, one, user=user, at=at)
    elif what == "merge":
        _join(session, people, who, user, at)
    elif what in set(Stage) - {one.stage}:
        stages.move(session, one, what, user=user, at=at, reason="So they said.")


def _join(session, people, who, user, at):
    other = next((key for key in people if key != who), None)
    if other is None:
        return
    kept, gone = people[who].influencer_id, people.pop(other).influencer_id
    session.commit()
    for id in (kept, gone):
        if session.get_one(Influencer, id).archived_at is not None:
            person.restore(session, id, user=user, at=at)
    merge.merge(session, kept, gone, {}, user=user, at=at)
    session.commit()
    session.expire_all()
    people[who] = session.scalars(
        select(Relationship).where(Relationship.influencer_id == kept)
    ).one()


def moves_of(session, id):
    """All moves of a relationship, in their order."""
    return session.scalars(
        select(StageMove)
        .where(StageMove.relationship_id == id)
        .order_by(StageMove.at, StageMove.id)
    ).all()


def listed(session, brand_id, owner_id=None):
    """Whom the board lists today, of one owner where one is named."""
    found = select(Relationship).join(Influencer)
    found = found.where(Relationship.brand_id == brand_id, Influencer.archived_at.is_(None))
    if owner_id is not None:
        found = found.where(
            Relationship.owner_id == owner_id if owner_id else Relationship.owner_id.is_(None)
        )
    return session.scalars(found.order_by(Relationship.id)).all()


def stood(session, one, moment):
    """Where a relationship stood before a moment, by its moves one after another."""
    stage = None
    for move in moves_of(session, one.id):
        if move.at < moment:
            stage = move.to_stage
    return stage


def counted(stages_of):
    """How many at each stage."""
    found = dict.fromkeys(Stage, 0)
    for stage in stages_of:
        if stage is not None:
            found[stage] += 1
    return found
