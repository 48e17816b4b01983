"""Risk: what a brand's reach rests on, in shares and in sentences of both languages."""

import datetime as dt

import make
import pytest
from flask_babel import force_locale

from irm import clock
from irm.models import Community, Place, Stage
from irm.network import risk, sentences

DAY = dt.timedelta(days=1)


@pytest.fixture
def brand(saved):
    return saved(make.brand())


@pytest.fixture
def engaged(saved, brand):
    def engaged(audience, stage=Stage.ENGAGED, **given):
        person = saved(make.influencer(audience=audience, name=given.pop("name", "Zoé")))
        return saved(make.relationship(brand=brand, influencer=person, stage=stage, **given))

    return engaged


def shares(session, brand):
    session.commit()
    found = risk.read(session, brand.id, clock.now())
    return {(one["of"], one["on"]): one for one in found if one["code"] == "risk.share"}


def test_nothing_rests_on_anything_where_there_is_nothing(session, brand):
    assert risk.read(session, brand.id, clock.now()) == []


def test_the_audience_of_three_of_those_engaged(session, brand, engaged):
    ids = [engaged(size).influencer_id for size in (500, 300, 100, 50, 50)]
    engaged(9_000, stage=Stage.INTERESTED)
    engaged(None)
    found = shares(session, brand)["audience", "people"]
    assert (found["share"], found["part"], found["total"]) == (0.9, 900, 1000)
    assert found["ids"] == ids[:3]
    assert found["high"]


def test_three_of_three_say_nothing(session, brand, engaged):
    for size in (500, 300, 100):
        engaged(size)
    assert ("audience", "people") not in shares(session, brand)


def test_ambassadors_of_one_community_and_one_colleague(session, saved, brand, engaged):
    ana = saved(make.user())
    both = {"stage": Stage.AMBASSADOR}
    near = [engaged(10, owner_id=ana.id, **both) for _n in range(3)]
    engaged(10, **both)
    first = clock.now().date()
    community = saved(Community(brand_id=brand.id, size=3, colour=0, first_on=first, last_on=first))
    for one in near[:2]:
        saved(
            Place(
                brand_id=brand.id,
                influencer_id=one.influencer_id,
                influence=0.1,
                rank=1,
                community_id=community.id,
                bridging=0,
                ties_in=1,
                ties_out=1,
            )
        )
    found = shares(session, brand)
    assert found["ambassadors", "community"]["share"] == 0.5
    assert found["ambassadors", "community"]["ids"] == [community.id]
    assert not found["ambassadors", "community"]["high"]
    assert found["ambassadors", "colleague"]["share"] == 0.75
    assert found["ambassadors", "colleague"]["ids"] == [ana.id]


def test_interactions_of_the_last_year_by_person_and_by_who_logged_them(
    session, saved, brand, engaged
):
    now, ana, ben = clock.now(), saved(make.user()), saved(make.user())
    cards = [engaged(10, stage=Stage.AWARE) for _n in range(5)]
    for times, card in zip((4, 2, 2, 1, 1), cards, strict=True):
        for n in range(times):
            saved(
                make.interaction(
                    relationship=card, author=ben if n else ana, happened_at=now - 30 * DAY
                )
            )
    saved(make.interaction(relationship=cards[4], author=ben, happened_at=now - 400 * DAY))
    found = shares(session, brand)
    assert found["interactions", "people"]["share"] == 0.8
    assert found["interactions", "people"]["ids"] == [one.influencer_id for one in cards[:3]]
    assert found["interactions", "colleague"]["ids"] == [ana.id]
    assert found["interactions", "colleague"]["share"] == 0.5


def test_those_whom_one_of_us_alone_knows(session, saved, brand, engaged):
    now, ana, ben = clock.now(), saved(make.user(name="Ana")), saved(make.user(name="Ben"))
    one, two, both = (engaged(10, last_contact_at=now) for _n in range(3))
    for card, who in ((one, ana), (two, ana), (both, ana), (both, ben)):
        saved(make.interaction(relationship=card, author=who, happened_at=now - DAY))
    session.commit()
    found = [x for x in risk.read(session, brand.id, now) if x["code"] == "risk.single"]
    assert found == [{"code": "risk.single", "people": 2, "of": 3, "by": [[ana.id, 2]]}]
    said = sentences.sentence(found[0], {ana.id: "Ana"})
    assert (
        said == "2 people, of 3 contacted, are known by one of us alone. Most of them by: Ana (2)."
    )


@pytest.mark.parametrize("of", ["audience", "ambassadors", "interactions"])
@pytest.mark.parametrize("on", ["people", "community", "colleague"])
def test_every_share_has_its_sentence_in_both_languages(app, of, on):
    finding = {"code": "risk.share", "of": of, "on": on, "share": 0.634, "ids": [7]}
    said = set()
    for locale in ("en", "fr"):
        with app.test_request_context(), force_locale(locale):
            sentence = sentences.sentence(finding, {7: "Zoé"})
            assert "63" in sentence
            assert "Zoé" in sentence
            said.add(sentence)
    assert len(said) == 2


def test_a_code_of_another_version_says_nothing():
    assert sentences.sentence({"code": "risk.new"}, {}) == ""
    assert sentences.sentence({"code": "risk.share", "of": "x", "on": "y"}, {}) == ""
