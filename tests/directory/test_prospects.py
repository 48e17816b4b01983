"""Whom a brand may want to begin with: who sees them, in what order, and putting them aside."""

import make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from irm.directory import prospects
from irm.directory.prospects import Filter, Sort
from irm.errors import Refused
from irm.models import Platform, Prospect, Tier


def reason(topic_id, name="Bread", gives=40.0):
    return {
        "code": "relevance.topic", "topic": topic_id, "name": name, "gives": gives,
        "matching": 1, "posts": [], "bio": True,
    }  # fmt: skip


def propose(saved, brand, name="Chloé", person=None, **given):
    person = person or saved(make.influencer(name=name))
    return saved(make.prospect(brand_id=brand.id, influencer_id=person.id, **given))


def names(session, brand, brands=(), filter=None, sort=Sort.RELEVANCE, size=50):
    where = [
        *prospects.visible(brand.id, brands),
        *prospects.conditions(filter or Filter()),
    ]
    return [row.name for row in prospects.page(session, where, sort, size=size)]


def test_who_was_brought_in_by_the_brand_is_seen_by_its_members(session, saved):
    acme, other = saved(make.brand()), saved(make.brand())
    propose(saved, acme, "Ours")
    propose(saved, other, "Theirs")

    assert names(session, acme, [acme.id]) == ["Ours"]


def test_who_stands_in_another_brands_funnel_is_seen_by_members_of_that_brand_alone(session, saved):
    acme, other = saved(make.brand()), saved(make.brand())
    card = saved(make.relationship(brand=other, name="Léa"))
    propose(saved, acme, person=card.influencer, is_own=False)

    assert names(session, acme, [acme.id, other.id]) == ["Léa"]
    assert names(session, acme, [acme.id]) == []


def test_whoever_is_in_the_funnel_put_away_merged_or_a_stranger_is_not_proposed(session, saved):
    acme = saved(make.brand())
    card = saved(make.relationship(brand=acme))
    propose(saved, acme, person=card.influencer)
    kept = propose(saved, acme, "Kept")
    for what in (
        {"archived_at": make.MONDAY},
        {"merged_into_id": kept.influencer_id},
        {"known": False},
    ):
        propose(saved, acme, person=saved(make.influencer(**what)))

    assert names(session, acme) == ["Kept"]


def test_the_most_relevant_come_first_and_not_known_last(session, saved):
    acme = saved(make.brand())
    for name, relevance, fit in [
        ("Unknown", None, None), ("Low", 10.0, 90.0), ("High", 80.0, 20.0), ("None", 0.0, 50.0),
    ]:  # fmt: skip
        propose(saved, acme, name, relevance=relevance, fit=fit)

    assert names(session, acme) == ["High", "Low", "None", "Unknown"]
    assert names(session, acme, sort=Sort.FIT) == ["Low", "None", "High", "Unknown"]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    scores=st.lists(st.none() | st.sampled_from([0.0, 33.3, 50.0, 99.9, 100.0]), max_size=9),
    size=st.integers(1, 4),
    sort=st.sampled_from(Sort),
)
def test_page_after_page_shows_everybody_once(session, saved, scores, size, sort):
    acme = saved(make.brand())
    for n, score in enumerate(scores):
        propose(saved, acme, f"P{n}", relevance=score, fit=score)
    where = prospects.visible(acme.id, [])
    seen, after = [], None
    while True:
        found = prospects.page(session, where, sort, after, size)
        seen += [row.id for row in found[:size]]
        if len(found) <= size:
            break
        after = prospects.page_token(found[size - 1])

    assert seen == [row.id for row in prospects.page(session, where, sort, size=50)]
    assert len(seen) == len(scores)


@pytest.mark.parametrize("token", ["", "~", "nan~1", "5~x", "-1~2", "1e999~3", "5~99999999999"])
def test_an_address_nobodys_page_ended_at_is_refused(session, saved, token):
    where = prospects.visible(saved(make.brand()).id, [])

    with pytest.raises(Refused):
        prospects.page(session, where, after=token)


def test_a_topic_keeps_those_who_speak_of_it_whatever_it_is_called(session, saved):
    acme = saved(make.brand())
    propose(saved, acme, "Baker", relevance=60.0, reasons=[reason(12)])
    propose(saved, acme, "Gamer", relevance=50.0, reasons=[reason(112, 'x "topic": 12, y')])
    read = {"code": "relevance.read", "texts": 3, "topics": {"12": 1, "112": 2}}
    propose(saved, acme, "Silent", relevance=0.0, reasons=[read])

    assert names(session, acme, filter=Filter(topic_id=12)) == ["Baker"]
    assert names(session, acme, filter=Filter(topic_id=112)) == ["Gamer"]


def test_tier_and_platform_narrow_the_list(session, saved):
    acme = saved(make.brand())
    macro = saved(make.account(platform=Platform.YOUTUBE)).influencer
    macro.tier = Tier.MACRO
    propose(saved, acme, person=macro)
    left = saved(make.account(platform=Platform.YOUTUBE, is_current=False)).influencer
    propose(saved, acme, person=left)

    assert names(session, acme, filter=Filter(tier=Tier.MACRO)) == [macro.name]
    assert names(session, acme, filter=Filter(platform=Platform.YOUTUBE)) == [macro.name]
    assert names(session, acme, filter=Filter(platform=Platform.TIKTOK)) == []


def test_who_is_put_aside_is_shown_only_when_asked_for_and_can_be_taken_back(session, saved):
    acme = saved(make.brand())
    one = propose(saved, acme, "Léa")

    prospects.dismiss(session, acme.id, one.influencer_id, make.MONDAY)
    session.commit()

    assert names(session, acme) == []
    assert names(session, acme, filter=Filter(dismissed=True)) == ["Léa"]

    prospects.take_back(session, acme.id, one.influencer_id)
    session.commit()

    assert names(session, acme) == ["Léa"]


def test_nobody_is_put_aside_who_is_not_proposed(session, saved):
    acme, person = saved(make.brand()), saved(make.influencer())

    with pytest.raises(Refused):
        prospects.dismiss(session, acme.id, person.id, make.MONDAY)
    assert session.scalars(select(Prospect)).all() == []


def test_counting_stops_at_a_limit(session, saved, monkeypatch):
    monkeypatch.setattr(prospects, "COUNTED", 2)
    acme = saved(make.brand())
    for _ in range(5):
        propose(saved, acme)

    assert prospects.count(session, prospects.visible(acme.id, [])) == 3
