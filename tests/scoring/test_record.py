"""Scores are written of those who are still there: people come and go while a scoring runs."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.funnel import admitting
from irm.jobs import scoring
from irm.jobs.scoring import runs
from irm.models import Influencer, Relationship, Score, ScoreKind, Tier
from irm.scoring.record import (
    PersonChange,
    RelationshipChange,
    write_people,
    write_relationships,
)

AT = make.MONDAY
DAY = AT.date()
REASON = {ScoreKind.REACH: [{"code": "reach.unknown"}]}
FIT = {ScoreKind.FIT: [{"code": "fit.unknown"}]}


def scored(session):
    session.expire_all()
    return session.execute(select(Score.influencer_id, Score.relationship_id)).all()


def test_whoever_was_erased_meanwhile_is_left_out(session, saved):
    here = saved(make.influencer())
    changes = [
        PersonChange(id, 5_000, 46.2, None, Tier.MICRO, REASON) for id in (here.id, here.id + 1000)
    ]

    assert write_people(session, DAY, changes) == 1
    session.commit()

    assert scored(session) == [(here.id, None)]


def test_a_relationship_that_ended_or_went_to_another_meanwhile_is_left_out(session, saved):
    card, moved = saved(make.relationship()), saved(make.relationship())
    changes = [
        RelationshipChange(id, person, None, 40.0, None, None, FIT)
        for id, person in (
            (card.id, card.influencer_id),
            (card.id + 1000, card.influencer_id),
            (moved.id, card.influencer_id),
        )
    ]

    assert write_relationships(session, DAY, changes) == 1
    session.commit()

    assert scored(session) == [(card.influencer_id, card.id)]
    assert session.get_one(Relationship, moved.id).fit is None


@pytest.mark.parametrize("is_erased", [False, True])
def test_a_scoring_goes_on_when_a_beginning_is_taken_back_meanwhile(
    session, saved, monkeypatch, is_erased
):
    lead, other = saved(make.member()), saved(make.relationship())
    gone = saved(make.influencer())
    saved(make.account(influencer=gone, followers=9_000, likes_average=90))
    saved(make.account(influencer=other.influencer, followers=7_000, likes_average=90))
    admitting.admit(session, gone.id, lead.brand_id, user=lead.user, at=AT)
    session.commit()
    other_id, gone_id, brand_id = other.id, gone.id, lead.brand_id
    read = runs._changes

    def slowly(*given):
        found = read(*given)
        if is_erased:
            session.delete(session.get_one(Influencer, gone_id))
        else:
            admitting.withdraw(session, gone_id, brand_id, is_own=True, at=AT)
        session.commit()
        return found

    monkeypatch.setattr(runs, "_changes", slowly)
    scoring.score(session, AT + dt.timedelta(hours=1))

    session.expire_all()
    assert session.get_one(Relationship, other_id).fit is not None
