"""People who are not in a brand's funnel are scored too, and the best of them proposed to it."""

import datetime as dt

import make
import pytest
from sqlalchemy import delete, select

from irm.jobs import scoring
from irm.models import Influencer, Post, Prospect, Relationship, Topic
from irm.scoring import prospecting

TUESDAY = dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)


@pytest.fixture
def bikes(saved):
    """A brand that wants to be part of cycling."""
    brand = saved(make.brand())
    saved(make.topic(brand_id=brand.id, name="Cycling", keywords=["vélo"]))
    return brand


@pytest.fixture
def elsewhere(saved):
    """Another brand, that has no topics."""
    return saved(make.brand())


def person(saved, *texts, brand=None, followers=20_000):
    """Somebody who posted these texts, in a brand's funnel or in none."""
    found = saved(make.influencer())
    account = saved(make.account(influencer=found, followers=followers))
    for number, text in enumerate(texts):
        saved(
            Post(
                account_id=account.id,
                platform_post_id=str(number),
                published_at=TUESDAY - dt.timedelta(days=number),
                text=text,
                likes=500,
            )
        )
    if brand is not None:
        saved(make.relationship(brand=brand, influencer=found))
    return found


def prospects(session, brand):
    session.expire_all()
    rows = session.scalars(select(Prospect).where(Prospect.brand_id == brand.id))
    return {row.influencer_id: row for row in rows}


def brought_in(saved, brand, influencer):
    return saved(make.prospect(brand_id=brand.id, influencer_id=influencer.id))


def test_who_speaks_of_a_topic_in_another_brands_funnel_is_proposed(
    session, saved, bikes, elsewhere
):
    cyclist = person(saved, "Mon vélo", "Encore le vélo", brand=elsewhere)
    person(saved, "Ma tarte", brand=elsewhere)

    scoring.score(session, TUESDAY)

    found = prospects(session, bikes)
    assert list(found) == [cyclist.id]
    assert not found[cyclist.id].is_own
    assert prospects(session, elsewhere) == {}


def test_a_prospect_has_the_scores_that_a_relationship_would_have(session, saved, bikes):
    texts = ("Mon vélo", "Ma tarte", "Le vélo")
    related = saved(make.relationship(brand=bikes, influencer=person(saved, *texts)))
    outsider = person(saved, *texts)
    brought_in(saved, bikes, outsider)

    scoring.score(session, TUESDAY)

    found = prospects(session, bikes)[outsider.id]
    session.refresh(related)
    assert found.relevance == related.relevance > 0
    assert (found.fit, found.relevance_order) == (related.fit, 100 - found.relevance)
    assert [one["code"] for one in found.reasons] == ["relevance.topic", "relevance.read"]
    named = session.scalars(select(Post.text).where(Post.id.in_(found.reasons[0]["posts"]))).all()
    assert sorted(named) == ["Le vélo", "Mon vélo"]


@pytest.mark.parametrize("of_all", [True, False])
def test_whom_the_brand_brought_in_stays_though_nothing_is_known(session, saved, bikes, of_all):
    silent, speaker = person(saved), person(saved, "Ma tarte")
    for one in (silent, speaker):
        brought_in(saved, bikes, one)

    scoring.score(session, TUESDAY, None if of_all else bikes.id)

    found = prospects(session, bikes)
    assert (found[silent.id].relevance, found[speaker.id].relevance) == (None, 0)
    assert found[silent.id].reasons == [{"code": "relevance.unknown"}]


def test_who_entered_the_funnel_is_no_prospect_any_more(session, saved, bikes):
    cyclist = person(saved, "Mon vélo")
    brought_in(saved, bikes, cyclist)
    saved(make.relationship(brand=bikes, influencer=cyclist))

    scoring.score_people(session, [cyclist.id], TUESDAY)

    assert prospects(session, bikes) == {}


def test_who_was_waved_away_is_scored_and_never_proposed_again(session, saved, bikes, elsewhere):
    cyclist = person(saved, "Mon vélo", brand=elsewhere)
    scoring.score(session, TUESDAY)
    prospects(session, bikes)[cyclist.id].dismissed_at = TUESDAY
    session.commit()

    scoring.score(session, TUESDAY)

    assert prospects(session, bikes)[cyclist.id].dismissed_at == TUESDAY


def test_a_topic_removed_takes_its_proposals_along(session, saved, bikes, elsewhere):
    person(saved, "Mon vélo", brand=elsewhere)
    kept = person(saved, "Ma tarte")
    brought_in(saved, bikes, kept)
    scoring.score(session, TUESDAY)
    session.execute(delete(Topic))
    session.commit()

    scoring.score(session, TUESDAY, bikes.id)

    found = prospects(session, bikes)
    assert list(found) == [kept.id]
    assert found[kept.id].reasons == [{"code": "relevance.no_topics"}]


def test_only_the_best_are_proposed(session, saved, bikes, elsewhere, monkeypatch):
    monkeypatch.setattr(prospecting, "PROPOSED", 2)
    once = person(saved, "Mon vélo", "Ma tarte", "Ma soupe", brand=elsewhere)
    twice = person(saved, "Mon vélo", "Le vélo", "Ma soupe", brand=elsewhere)
    always = person(saved, "Mon vélo", "Le vélo", "Un vélo", brand=elsewhere)

    scoring.score(session, TUESDAY)
    assert set(prospects(session, bikes)) == {twice.id, always.id}
    session.execute(delete(Relationship).where(Relationship.influencer_id == always.id))
    saved(make.relationship(brand=bikes, influencer=session.get_one(Influencer, always.id)))

    scoring.score(session, TUESDAY)
    assert set(prospects(session, bikes)) == {once.id, twice.id}


def test_the_second_time_nothing_is_written(session, saved, bikes, elsewhere):
    cyclist = person(saved, "Mon vélo", brand=elsewhere)
    scoring.score(session, TUESDAY)
    before = prospects(session, bikes)[cyclist.id]
    was = before.id, before.created_at

    scoring.score(session, TUESDAY)

    now = prospects(session, bikes)[cyclist.id]
    assert (now.id, now.created_at) == was


def test_many_read_by_the_index_score_as_each_read_alone(session, saved, bikes):
    texts = ["#veloboulot", "Vélos !", "pomme " * 50 + "vélo", "vélo " + "pomme " * 50, "🔥", ""]
    people = [person(saved, *texts[: n + 1], brand=bikes) for n in range(len(texts))]
    together = select(Relationship.influencer_id, Relationship.relevance, Relationship.fit)

    scoring.score(session, TUESDAY)
    found = sorted(session.execute(together))
    assert scoring.score_people(session, [one.id for one in people], TUESDAY).changed == 0

    assert sorted(session.execute(together)) == found


def test_who_is_gone_since_they_were_read_is_proposed_to_nobody(session, saved, bikes):
    here = person(saved, "Mon vélo")
    found = [
        prospecting.ProspectScore(id, 50.0, 50.0, [{"code": "relevance.no_topics"}])
        for id in (here.id, here.id + 1000)
    ]

    prospecting.propose(session, bikes.id, found, TUESDAY)
    prospecting.propose(session, bikes.id + 1000, found, TUESDAY)
    session.commit()

    assert list(prospects(session, bikes)) == [here.id]
