"""Beginning with somebody who was found, and taking it back while nothing was built on it."""

import datetime as dt

import make
import pytest
from sqlalchemy import select

from irm.directory import prospects, tags
from irm.errors import NotFound, Refused, Stale
from irm.funnel import admitting, interactions, stages
from irm.funnel.interactions import Exchange
from irm.ledger import relationships as ledger
from irm.models import (
    Prospect,
    Relationship,
    Score,
    ScoreKind,
    Stage,
    StageCounter,
    StageMove,
    Task,
)

LATER = make.MONDAY + dt.timedelta(hours=1)
WHY = [
    {
        "code": "relevance.topic", "topic": 1, "name": "Bread", "gives": 61.0, "matching": 2,
        "posts": [4, 3], "bio": False,
    },
    {"code": "relevance.read", "texts": 9, "topics": {"1": 5}},
]  # fmt: skip


@pytest.fixture
def ana(saved):
    return saved(make.member())


@pytest.fixture
def lea(saved, ana):
    person = saved(make.influencer(name="Léa", reach=30.0, resonance=None))
    return saved(
        make.prospect(
            brand_id=ana.brand_id,
            influencer_id=person.id,
            relevance=61.0,
            fit=50.5,
            reasons=WHY,
        )
    )


def admit(session, ana, lea):
    made = admitting.admit(session, lea.influencer_id, ana.brand_id, user=ana.user, at=LATER)
    session.commit()
    return made


def withdraw(session, ana, lea, *, is_own=True):
    back = admitting.withdraw(session, lea.influencer_id, ana.brand_id, is_own=is_own, at=LATER)
    session.commit()
    return back


def test_somebody_admitted_stands_at_unaware_with_the_scores_they_were_found_with(
    session, ana, lea
):
    made = admit(session, ana, lea)

    assert (made.stage, made.owner_id) == (Stage.UNAWARE, ana.user_id)
    assert (made.relevance, made.fit) == (61.0, 50.5)
    assert (made.relevance_order, made.fit_order, made.reach_order) == (39.0, 49.5, 70.0)
    scores = {one.kind: one for one in session.scalars(select(Score))}
    assert scores[ScoreKind.RELEVANCE].reasons == WHY
    assert scores[ScoreKind.FIT].reasons[0]["relevance"] == 61.0
    assert session.scalars(select(Prospect)).all() == []
    assert session.scalars(select(StageMove)).one().to_stage is Stage.UNAWARE
    assert session.scalars(select(StageCounter)).one().people == 1
    assert ledger.rebuild(session) == 0


def test_somebody_not_scored_yet_is_admitted_too(session, saved, ana):
    person = saved(make.influencer())
    saved(make.prospect(brand_id=ana.brand_id, influencer_id=person.id))

    made = admitting.admit(session, person.id, ana.brand_id, user=ana.user, at=LATER)
    session.commit()

    assert made.relevance is None
    assert session.scalars(select(Score)).all() == []


def test_of_two_who_admit_one_person_the_second_is_told(session, ana, lea):
    admit(session, ana, lea)

    with pytest.raises(Stale, match="Léa is in the funnel already"):
        admit(session, ana, lea)


def test_who_was_merged_put_away_or_erased_meanwhile_is_not_admitted(session, saved, ana):
    other = saved(make.influencer())
    merged = saved(make.influencer(merged_into_id=other.id))
    away = saved(make.influencer(archived_at=make.MONDAY))
    for id, error in ((merged.id, Stale), (away.id, Refused), (other.id + 99, NotFound)):
        with pytest.raises(error):
            admitting.admit(session, id, ana.brand_id, user=ana.user, at=LATER)
    assert session.scalars(select(Relationship)).all() == []


def test_several_are_admitted_at_once_and_those_who_cannot_be_are_said(session, saved, ana, lea):
    away = saved(make.influencer(name="Away", archived_at=make.MONDAY))

    made, refused = admitting.admit_all(
        session, [lea.influencer_id, away.id], ana.brand_id, user=ana.user, at=LATER
    )
    session.commit()

    assert [one.influencer_id for one in made] == [lea.influencer_id]
    assert "Away is in the archive" in str(refused[0])
    task = session.scalars(select(Task)).one()
    assert (task.kind, task.arguments) == ("score", {"people": [lea.influencer_id]})


def test_what_was_just_begun_can_be_taken_back_with_all_that_was_known(session, ana, lea):
    admit(session, ana, lea)

    back = withdraw(session, ana, lea)

    assert (back.relevance, back.fit, back.relevance_order) == (61.0, 50.5, 39.0)
    assert back.reasons == WHY
    assert back.is_own
    assert session.scalars(select(Relationship)).all() == []
    assert session.scalars(select(StageMove)).all() == []
    assert not sum(one.people for one in session.scalars(select(StageCounter)))
    assert len(prospects.page(session, prospects.visible(ana.brand_id, []))) == 1


def moved(session, made, ana):
    stages.move(session, made, Stage.AWARE, user=ana.user, at=LATER, reason="So they said.")


def talked(session, made, ana):
    said = Exchange("Hello")
    interactions.log(session, made, said, author=ana.user, happened_at=LATER, at=LATER)


def tagged(session, made, ana):
    tags.put(session, made.id, tags.named(session, ana.brand_id, "food").id)


def assigned(session, made, ana):
    stages.assign(session, made, None, user=ana.user, at=LATER)


@pytest.mark.parametrize("built", [moved, talked, tagged, assigned])
def test_what_somebody_built_on_is_not_taken_back(session, ana, lea, built):
    made = admit(session, ana, lea)
    built(session, made, ana)
    session.commit()

    with pytest.raises(Refused, match="stay in the funnel"):
        withdraw(session, ana, lea)
    assert session.scalars(select(Relationship)).one().id == made.id


def test_what_is_gone_already_is_not_taken_back_twice(session, ana, lea):
    admit(session, ana, lea)
    withdraw(session, ana, lea)

    with pytest.raises(Stale):
        withdraw(session, ana, lea)


def test_a_relationship_begun_by_any_door_ends_the_proposal(session, ana, lea):
    person = lea.influencer_id
    session.expunge(lea)
    stages.begin(
        session, session.get_one(make.Influencer, person), ana.brand_id, user=None, at=LATER
    )
    session.commit()

    assert session.scalars(select(Prospect)).all() == []


def test_whoever_a_list_brought_further_stays_in_the_funnel(session, saved):
    card = saved(make.relationship(stage=Stage.ENGAGED))

    with pytest.raises(Refused):
        admitting.withdraw(session, card.influencer_id, card.brand_id, is_own=True, at=make.MONDAY)
