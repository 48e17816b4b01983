"""`irm score` on both databases: what it writes, and that it writes it once."""

import datetime as dt
import json

import make
import pytest
from sqlalchemy import select

from irm.jobs import scoring
from irm.ledger import counters, relationships
from irm.models import (
    UNKNOWN_ORDER,
    Account,
    Archetype,
    Platform,
    Post,
    Relationship,
    Score,
    ScoreKind,
    Setting,
    Stage,
    StageCounter,
    Tier,
)
from irm.scoring.explanation import explain
from irm.scoring.rules import EXPECTATION

TUESDAY = dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC)


@pytest.fixture
def bikes(session, saved):
    """A brand that wants to be part of cycling."""
    brand = saved(make.brand())
    saved(make.topic(brand_id=brand.id, name="Cycling", keywords=["vélo", "bike"]))
    return brand


@pytest.fixture
def chloe(saved, bikes):
    """A cyclist with two accounts, three posts and a bio."""
    relationship = saved(make.relationship(brand=bikes, name="Chloé", stage=Stage.AWARE))
    person = relationship.influencer
    person.bio = "Je roule à vélo"
    large = saved(make.account(influencer=person, followers=20_000))
    saved(make.account(influencer=person, followers=4_000, platform=Platform.X))
    for number in (1, 2, 3):
        saved(post(large, number, text="Mon vélo" if number < 3 else "Ma tarte"))
    return relationship


def accounts_of(session, person):
    of_them = Account.influencer_id == person.id
    return session.scalars(select(Account).where(of_them).order_by(Account.id)).all()


def account_of(session, person):
    return accounts_of(session, person)[0]


def post(account, number, **given):
    given.setdefault("published_at", TUESDAY - dt.timedelta(days=number))
    given.setdefault("likes", 400 * number)
    return Post(account_id=account.id, platform_post_id=str(number), **given)


def scored(session, at=TUESDAY, brand_id=None):
    outcome = scoring.score(session, at, brand_id)
    session.expire_all()
    return outcome


def rows(session):
    return session.scalars(select(Score).order_by(Score.id)).all()


def test_a_person_and_a_relationship_get_their_scores(session, chloe):
    outcome = scored(session)

    person = chloe.influencer
    assert (person.audience, person.tier) == (22_000, Tier.MIDDLE)
    assert person.reach == pytest.approx(54.28, abs=0.01)
    assert 0 < person.resonance < 100
    assert 80 < chloe.relevance < 100
    assert chloe.fit_order == 100.0 - chloe.fit
    assert (outcome.people, outcome.relationships, outcome.changed) == (1, 1, 4)
    assert {row.kind for row in rows(session)} == set(ScoreKind)


def test_the_page_explains_the_numbers_that_the_batch_stored(session, chloe):
    scored(session)

    found = explain(session, chloe.influencer, chloe, TUESDAY.date())

    person = chloe.influencer
    assert (found.audience, found.tier) == (person.audience, person.tier)
    for kind, subject in (
        ("reach", person),
        ("resonance", person),
        ("relevance", chloe),
        ("fit", chloe),
    ):
        assert getattr(found, kind).value == pytest.approx(getattr(subject, kind), abs=0.01)
    stored = {row.kind.value: row.reasons for row in rows(session)}
    assert stored == {kind: json.loads(json.dumps(getattr(found, kind).reasons)) for kind in stored}


def test_scoring_again_writes_nothing(session, chloe):
    scored(session)
    before = [(row.id, row.day) for row in rows(session)]

    outcome = scored(session, TUESDAY + dt.timedelta(days=1))

    assert outcome.changed == 0
    assert [(row.id, row.day) for row in rows(session)] == before


def test_a_change_is_a_row_of_its_day_and_the_last_of_a_day_stands(session, chloe):
    scored(session)
    account_of(session, chloe.influencer).followers = 50_000
    session.commit()
    scored(session)
    today = [row.day for row in rows(session) if row.kind is ScoreKind.REACH]
    assert today == [TUESDAY.date()]

    account_of(session, chloe.influencer).followers = 60_000
    session.commit()
    scored(session, TUESDAY + dt.timedelta(days=1))

    reach = [row for row in rows(session) if row.kind is ScoreKind.REACH]
    assert [row.day.day for row in reach] == [3, 4]
    assert reach[-1].value == chloe.influencer.reach


def test_a_score_that_is_no_longer_known_says_so(session, chloe):
    scored(session)
    for account in accounts_of(session, chloe.influencer):
        account.is_current = False
    session.commit()

    scored(session, TUESDAY + dt.timedelta(days=1))

    person = chloe.influencer
    assert (person.audience, person.reach, person.resonance) == (None, None, None)
    assert (chloe.reach_order, chloe.resonance_order) == (UNKNOWN_ORDER, UNKNOWN_ORDER)
    assert person.tier is Tier.MICRO
    gone = [row for row in rows(session) if row.kind is ScoreKind.REACH][-1]
    assert (gone.value, gone.reasons) == (None, [{"code": "reach.unknown"}])


def test_the_board_counts_people_where_their_new_tier_is(session, chloe, saved):
    relationships.rebuild(session)
    session.commit()

    scored(session)

    kept = cells(session)
    assert kept == {(Stage.AWARE, Tier.MIDDLE): (1, 22_000)}
    assert relationships.rebuild(session) == 0
    assert cells(session) == kept


def cells(session):
    session.expire_all()
    return {
        (row.stage, row.tier): (row.people, row.audience)
        for row in session.scalars(select(StageCounter))
        if row.people
    }


def test_a_tier_that_a_colleague_chose_stands(session, chloe, saved):
    ana = saved(make.user())
    chloe.influencer.tier = Tier.MACRO
    chloe.influencer.tier_set_by_id = ana.id
    counters.recount(session)
    session.commit()

    scored(session)

    assert chloe.influencer.tier is Tier.MACRO
    assert cells(session) == {(Stage.AWARE, Tier.MACRO): (1, 22_000)}


def test_whoever_is_recognised_offline_is_macro(session, chloe):
    chloe.influencer.archetype = Archetype.JOURNALIST
    session.commit()

    scored(session)

    assert chloe.influencer.tier is Tier.MACRO


def test_scoring_refuses_nobodys_edit(session, chloe):
    versions = (chloe.row_version, chloe.influencer.row_version)

    scored(session)

    assert (chloe.row_version, chloe.influencer.row_version) == versions


def test_strangers_are_left_out_and_move_nobody(session, chloe, saved):
    scored(session)
    before = (chloe.influencer.reach, chloe.influencer.resonance)
    for number in range(40):
        person = saved(make.influencer(known=False))
        saved(make.account(influencer=person, followers=10**number % 10**9, likes_average=5))

    outcome = scored(session)

    assert outcome.people == 1
    assert outcome.changed == 0
    assert (chloe.influencer.reach, chloe.influencer.resonance) == before


def test_thirty_accounts_make_a_line_that_pages_can_read(session, saved, bikes):
    for number in range(1, 31):
        person = make.influencer()
        saved(make.relationship(brand=bikes, influencer=person))
        saved(make.account(influencer=person, followers=1000 * number, likes_average=20 * number))

    outcome = scored(session)

    assert outcome.lines[Platform.INSTAGRAM.value].accounts == 30
    kept = session.get(Setting, EXPECTATION + "instagram").value
    assert kept["accounts"] == 30
    everyone = session.scalars(select(Relationship.resonance_order)).all()
    assert everyone == [50.0] * 30

    session.delete(account_of(session, person))
    session.commit()
    scored(session)
    assert session.get(Setting, EXPECTATION + "instagram") is None


def test_a_line_stays_where_it_was_until_it_says_something_else(session, saved, bikes):
    for number in range(1, 42):
        person = make.influencer()
        saved(make.relationship(brand=bikes, influencer=person))
        saved(make.account(influencer=person, followers=1000 * number, likes_average=20 * number))
    scored(session)

    def line():
        session.expire_all()
        return session.get(Setting, EXPECTATION + "instagram").value

    before = line()
    everybody = select(Account).where(Account.influencer_id != person.id)
    for account in session.scalars(everybody):
        account.likes_average *= 1.01
    saved(make.account(influencer=person, platform=Platform.X))
    moved = scored(session).changed
    assert line() == before
    assert moved == 2 * 40, "the resonance and the fit of those whose own figures moved"

    for account in session.scalars(everybody):
        account.likes_average *= 1.05
    session.commit()
    scored(session)
    assert line()["intercept"] > before["intercept"]


def test_a_brand_is_scored_by_its_own_topics(session, chloe, saved):
    baker = saved(make.brand())
    saved(make.topic(brand_id=baker.id, name="Baking", keywords=["tarte"], weight=0.5))
    other = saved(make.relationship(brand=baker, influencer=chloe.influencer))
    bored = saved(make.relationship(influencer=chloe.influencer))

    scored(session)

    assert 0 < other.relevance < 50 < chloe.relevance
    assert bored.relevance is None
    assert bored.relevance_order == UNKNOWN_ORDER
    assert bored.fit is not None


def test_one_brand_alone_can_be_scored(session, chloe, saved):
    elsewhere = saved(make.relationship())
    saved(make.account(influencer=elsewhere.influencer, followers=500))

    outcome = scored(session, brand_id=chloe.brand_id)

    assert outcome.people == 1
    assert chloe.fit is not None
    assert elsewhere.influencer.reach is None


def test_a_few_people_are_scored_after_a_change(session, chloe, saved):
    elsewhere = saved(make.relationship())
    saved(make.account(influencer=elsewhere.influencer, followers=500))

    outcome = scoring.score_people(session, [chloe.influencer_id], TUESDAY)
    session.rollback()
    session.expire_all()
    assert (outcome.people, chloe.fit) == (1, None)

    scoring.score_people(session, [chloe.influencer_id, 10**9], TUESDAY)
    session.commit()
    session.expire_all()
    assert chloe.fit is not None
    assert elsewhere.influencer.reach is None


def test_nobody_is_scored_without_complaint(session):
    assert scored(session).people == 0
    assert scoring.score_people(session, [], TUESDAY).people == 0


def test_what_was_never_known_says_why_once(session, saved):
    relationship = saved(make.relationship())
    scored(session)
    assert {row.kind.value: (row.value, row.reasons[0]["code"]) for row in rows(session)} == {
        "reach": (None, "reach.unknown"),
        "resonance": (None, "resonance.unknown"),
        "relevance": (None, "relevance.no_topics"),
        "fit": (None, "fit.unknown"),
    }

    assert scored(session, TUESDAY + dt.timedelta(days=1)).changed == 0

    saved(make.topic(brand_id=relationship.brand_id))
    assert scored(session, TUESDAY + dt.timedelta(days=2)).changed == 1
    assert rows(session)[-1].reasons == [{"code": "relevance.unknown"}]


def test_odd_figures_are_stored_as_unknown(session, saved, bikes):
    relationship = saved(make.relationship(brand=bikes))
    account = saved(make.account(influencer=relationship.influencer, followers=-3))
    nobody = saved(make.account(influencer=relationship.influencer, followers=0))
    ahead = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    saved(post(account, 1, likes=-1, text="🔥🔥🔥", published_at=ahead))
    saved(post(nobody, 2, likes=9, text="", published_at=None))

    scored(session)

    person = relationship.influencer
    assert (person.audience, person.reach, person.resonance) == (0, 0, None)
    assert relationship.relevance is None
    assert relationship.fit == 1.0


def test_progress_ends_where_it_said_it_would(session, chloe):
    told = []
    scoring.score(session, TUESDAY, None, lambda done, total: told.append((done, total)))
    assert told == [(1, 5), (4, 5), (5, 5)], "a person, three posts to index, the person again"
