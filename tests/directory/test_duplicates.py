"""Who may be one person: what agrees, what does not suffice, and that decisions are remembered."""

import datetime as dt

import make
import pytest
from sqlalchemy import select, update

from irm.directory import duplicates, merge, unmerge
from irm.directory.duplicates import traits, verdict
from irm.errors import Stale
from irm.jobs import duplicates as search
from irm.jobs import tasks
from irm.models import (
    ContactPoint,
    Duplicate,
    DuplicateState,
    Influencer,
    Platform,
    Relationship,
    Role,
    Task,
)
from irm.models.keys import name_order


@pytest.fixture
def person(saved):
    """Save a person: fields, handles by platform, contact points by kind."""

    def save(name, handles=None, contacts=None, **given):
        one = saved(make.influencer(name=name, **given))
        for platform, handle in (handles or {}).items():
            account = make.account(influencer=one, platform=Platform(platform), handle=handle)
            saved(account)
        for kind, value in (contacts or {}).items():
            point = {"kind": kind, "value": value, "value_key": value.casefold()}
            saved(ContactPoint(influencer_id=one.id, **point))
        return one

    return save


@pytest.fixture
def look(app, session):
    """Run the search in the background and return the waiting pairs by their names."""

    def run(**arguments):
        task = tasks.run_new(app, "duplicates", arguments, lambda done, total: None)
        assert task.error is None
        session.rollback()
        found = session.scalars(select(Duplicate).where(Duplicate.state == DuplicateState.OPEN))
        return {
            tuple(sorted((pair.left.name, pair.right.name))): [
                reason["code"] for reason in pair.reasons
            ]
            for pair in found
        }

    return run


def test_one_address_under_two_kinds_is_enough(person, look):
    person("Chloé", contacts={"email": "chloe.m@gmail.com"})
    person("Cuisine de C.", contacts={"business": "chloem+irm@gmail.com"})

    assert look() == {("Chloé", "Cuisine de C."): ["email"]}


def test_one_number_written_in_two_ways_is_enough(person, look):
    person("Chloé", contacts={"phone": "+33612345678"})
    person("Cuisine", contacts={"phone": "0612345678"})

    assert look() == {("Chloé", "Cuisine"): ["phone"]}


def test_one_link_in_two_bios_is_enough(person, look):
    person("Chloé", bio="Recipes: https://linktr.ee/chloe.cooks")
    person("Cuisine", bio="linktr.ee/chloe.cooks – all I do")

    assert look() == {("Chloé", "Cuisine"): ["link"]}


def test_one_handle_on_two_platforms_is_enough(person, look):
    person("Chloé", {"instagram": "chloe.cooks"})
    person("Cuisine", {"tiktok": "ChloeCooks"})

    assert look() == {("Chloé", "Cuisine"): ["handle"]}


def test_a_name_alone_is_never_enough(person, look):
    person("Marie Dubois", {"instagram": "mariedu"})
    person("Dubois Marie", {"tiktok": "quiltqueen"})

    assert look() == {}


@pytest.mark.parametrize(
    ("mine", "yours"),
    [
        ({"city": "Lyon"}, {"city": "lyon"}),
        ({"country": "France"}, {"country": "France"}),
    ],
)
def test_a_near_name_takes_a_second_thing(person, look, mine, yours):
    person("Chloé Martin", **mine)
    person("martin chloe", **yours)

    assert list(look()) == [("Chloé Martin", "martin chloe")]


def test_a_second_account_on_one_platform_does_not_hide_a_name_and_a_country(person, look):
    person("Chloé Martin", {"instagram": "chloe.cooks"}, country="France")
    person("Chloe Martin", {"instagram": "atelier33"}, country="France")

    assert look() == {("Chloe Martin", "Chloé Martin"): ["same_name", "country"]}


def test_one_name_in_two_countries_is_no_pair(person, look):
    person("Chloé Martin", {"instagram": "chloe.cooks"}, country="France", language="fr")
    person("Chloe Martin", {"tiktok": "atelier33"}, country="Canada", language="fr")

    assert look() == {}


def test_who_shares_an_address_stands_before_who_shares_all_but_that(person, look, session):
    same = {"city": "Lyon", "country": "France", "language": "fr", "categories": "cooking"}
    person("Chloé Martin", **same)
    person("Chloe Martin", **same)
    person("Lea", contacts={"email": "lea@example.com"})
    person("Cuisine", contacts={"business": "lea@example.com"})
    look()

    found = session.scalars(select(Duplicate).order_by(Duplicate.score.desc())).all()
    assert [pair.reasons[0]["code"] for pair in found] == ["email", "same_name"]


def test_a_misspelt_name_in_one_city_is_found(person, look):
    person("Chloé Martineau", city="Lyon")
    person("Chloe Martinau", city="Lyon")

    assert look() == {("Chloe Martinau", "Chloé Martineau"): ["city", "near_name"]}


def test_a_bio_that_names_the_others_handle_counts_with_the_name(person, look):
    person("Chloé Martin", {"instagram": "chloe.cooks"}, country="France")
    person("Chloé Martin", {"tiktok": "atelier33"}, bio="Also @chloe.cooks", country="Spain")

    assert "mention" in look()["Chloé Martin", "Chloé Martin"]


def test_the_address_of_an_agency_makes_nobody_one(person, look):
    for n in range(6):
        person(f"Talent {chr(65 + n) * 9}", bio="Bookings: talents@agency.example")

    assert look() == {}


def test_a_second_run_changes_nothing(person, look, session):
    person("Chloé", {"instagram": "chloe.cooks"})
    person("Cuisine", {"tiktok": "ChloeCooks"})
    look()
    before = session.execute(select(Duplicate.__table__)).all()

    look()

    assert session.execute(select(Duplicate.__table__)).all() == before


def test_a_pair_told_apart_is_never_proposed_again(person, look, session, saved):
    ana = saved(make.user())
    person("Chloé", {"instagram": "chloe.cooks"})
    person("Cuisine", {"tiktok": "ChloeCooks"})
    look()
    pair = session.scalars(select(Duplicate)).one()
    duplicates.decide(session, pair, DuplicateState.DISTINCT, user=ana, at=make.MONDAY)
    session.commit()

    assert look() == {}
    assert session.scalars(select(Duplicate.state)).all() == [DuplicateState.DISTINCT]


def test_what_was_said_of_the_merged_holds_for_the_kept(person, look, session, saved):
    ana = saved(make.user())
    one = person("Chloé", {"instagram": "chloe.cooks"})
    other = person("Cuisine", {"tiktok": "chloecooks"})
    look()
    pair = session.scalars(select(Duplicate)).one()
    duplicates.decide(session, pair, DuplicateState.DISTINCT, user=ana, at=make.MONDAY)
    third = person("C. M.")
    session.commit()

    merge.merge(session, third.id, one.id, {}, user=ana, at=make.MONDAY)
    session.commit()
    assert look() == {}
    assert other.id


def test_a_pair_that_agrees_in_nothing_any_more_goes(person, look, session):
    person("Chloé", city="Lyon")
    person("Chloe", city="Lyon")
    assert look()
    session.execute(update(Influencer).where(Influencer.name == "Chloe").values(city="Paris"))
    session.commit()

    assert look() == {}


def test_newcomers_are_compared_with_all_and_others_are_left_alone(person, look):
    person("Old A", {"instagram": "same.thing"})
    person("Old B", {"tiktok": "samething"})
    person("Chloé", {"instagram": "chloe.cooks"})
    newcomer = person("Cuisine", {"tiktok": "chloecooks"})

    assert list(look(people=[newcomer.id])) == [("Chloé", "Cuisine")]
    assert len(look()) == 2


def test_a_pair_of_somebody_merged_waits_for_undo(person, look, session, saved):
    ana = saved(make.user())
    one, other = person("A", {"instagram": "alike.one"}), person("B", {"tiktok": "alikeone"})
    third = person("C")
    look()
    people = (third.id, other.id)
    made = merge.merge(session, *people, {}, user=ana, at=make.MONDAY)
    session.commit()
    look()
    assert ("A", "C") in look()

    unmerge.unmerge(session, made, user=ana, at=make.MONDAY)
    session.commit()
    assert list(look()) == [("A", "B")]
    assert one.id


def test_strangers_and_the_demo_are_no_doubles_of_ours(person, look):
    person("Chloé", {"instagram": "chloe.cooks"})
    person("Stranger", {"tiktok": "chloecooks"}, known=False)
    person("Demo", {"x": "chloecooks"}, is_demo=True)

    assert look() == {}


def test_the_search_is_queued_once_a_night(session):
    night = dt.datetime(2026, 3, 3, 2, 0, tzinfo=dt.UTC)

    assert search.queue_nightly(session, night)
    assert not search.queue_nightly(session, night + dt.timedelta(minutes=10))
    session.execute(update(Task).values(state="done"))
    session.commit()
    assert not search.queue_nightly(session, night + dt.timedelta(hours=9))
    assert search.queue_nightly(session, night + dt.timedelta(hours=24))


def test_the_queue_shows_what_the_readers_brands_know_both(session, saved, person, look):
    ana, other = saved(make.member(Role.MANAGER)), saved(make.brand())
    one, two = person("A", {"instagram": "alike.one"}), person("B", {"tiktok": "alikeone"})
    for somebody, brand in ((one, ana.brand), (two, other)):
        relationship = make.relationship(influencer=somebody, brand=brand)
        saved(relationship)
    look()

    here = ana.brand_id
    assert session.scalars(duplicates.open_queue([here], here)).all() == []
    both = session.scalars(duplicates.open_queue([here, other.id], here)).one()
    assert {both.left.name, both.right.name} == {"A", "B"}
    assert session.execute(duplicates.counts([here, other.id], here)).all() == [("open", 1)]


def test_a_merged_pair_takes_no_other_decision(session, saved, person, look):
    ana = saved(make.user())
    one, two = person("A", {"instagram": "alike.one"}), person("B", {"tiktok": "alikeone"})
    look()
    merge.merge(session, one.id, two.id, {}, user=ana, at=make.MONDAY)
    pair = session.scalars(select(Duplicate)).one()

    with pytest.raises(Stale):
        duplicates.decide(session, pair, DuplicateState.LATER, user=ana, at=make.MONDAY)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": "Martin Chloe"}, "same_name"),
        ({"name": "Chloé Martn"}, "near_name"),
        ({"name": "Somebody", "handles": [("tiktok", "ChloeCooks")]}, "handle"),
        ({"name": "Somebody", "emails": ["Chloe@example.com"]}, "email"),
        ({"name": "chloecooks"}, None),
    ],
)
def test_likely_doubles_are_shown_before_saving(session, saved, person, given, code):
    ana = saved(make.member())
    points = {"email": "chloe@example.com"}
    chloe = person("Chloé Martin", {"instagram": "chloecooks"}, points, city="Lyon")
    relationship = make.relationship(influencer=chloe, brand=ana.brand)
    relationship.name_order = name_order(chloe.name)
    saved(relationship)

    found = duplicates.likely(session, brand_id=ana.brand_id, **given)

    assert [(one.influencer_id, one.reasons[0]["code"]) for one in found] == (
        [(chloe.id, code)] if code else []
    )


def test_a_stranger_to_the_brand_is_not_told(session, saved, person):
    ana = saved(make.member())
    person("Chloé Martin", {"instagram": "chloecooks"})

    given = {"name": "Chloé Martin", "handles": [("tiktok", "chloecooks")]}
    assert duplicates.likely(session, brand_id=ana.brand_id, **given) == []
    assert session.scalars(select(Relationship)).all() == []


def test_every_reason_is_a_sentence():
    params = {"value": "x", "one": "a", "other": "b", "on": "tiktok", "at": "x", "handle": "h"}
    for code in verdict.WEIGHTS:
        assert duplicates.sentence({"code": code, "params": params}), code
    assert duplicates.sentence({"code": "forgotten"}) == ""


def test_links_to_accounts_are_handles_and_others_are_links():
    bio = "tiktok.com/@chloe.cooks, https://www.youtube.com/c/ChloeCooks my site www.chloe.fr"
    person = make.influencer(name="Chloé", bio=bio)

    found = traits.of(person)

    assert found.mentions == {"chloecooks"}
    assert found.links == {"chloe.fr"}
