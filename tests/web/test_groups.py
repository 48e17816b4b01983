"""A filter or a view scored as one, on its page."""

import re

import make
import pytest

from irm.models import Role, Tier


@pytest.fixture
def viewer(saved):
    """Ravi, who may look."""
    return saved(make.member(Role.VIEWER))


def person(saved, brand, tier, followers, resonance=50.0, **given):
    known = make.influencer(tier=tier, audience=followers, resonance=resonance, **given)
    card = saved(make.relationship(brand=brand, influencer=known, relevance=40.0))
    if followers is not None:
        saved(make.account(influencer=known, followers=followers))
    return card.influencer


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def forty_micros_and(saved, brand, *macros):
    for _n in range(40):
        person(saved, brand, Tier.MICRO, 8_000, 65.0)
    return [person(saved, brand, Tier.MACRO, size, name=name) for name, size in macros]


def test_many_small_ones_are_said_to_weigh_as_much_as_a_large_one(saved, client_of, viewer):
    forty_micros_and(saved, viewer.brand, ("Léa", 320_000), ("Max", 2_000_000))

    page = text_of(client_of(viewer.user).get("/influencers/group?tier=micro").text)

    # docs/scoring.md has these very numbers.
    assert "These 40 micros reach as many people, and move 2.8 times as much, as Léa." in page
    assert (
        "It takes 40 micros like these to reach as many people as Léa, and 15 to move as much."
        in page
    )
    assert "about 13.3K (40 of 40 people counted) Léa about 4.7K" in page
    assert "At most: the sum" in page
    assert "the largest alone has 8,000" in page
    assert "40 people 100% 320K 100%" in page.replace("Micro 40", "40 people")


def test_reactions_are_said_in_whole_numbers(saved, client_of, viewer):
    person(saved, viewer.brand, Tier.MICRO, 900, 61.0)
    person(saved, viewer.brand, Tier.MACRO, 300_000, name="Léa")

    page = text_of(client_of(viewer.user).get("/influencers/group?tier=micro").text)

    assert re.search(r"Reactions to expect about \d+ \(1 of 1 person counted\)", page)


def test_the_group_is_set_beside_whom_the_reader_chooses(saved, client_of, viewer):
    _lea, max_ = forty_micros_and(saved, viewer.brand, ("Léa", 320_000), ("Max", 3_200_000))
    tiny = person(saved, viewer.brand, Tier.MICRO, 8_000, 65.0, name="Tiny")
    page = client_of(viewer.user)

    by_max = page.get(f"/influencers/group?tier=micro&beside={max_.id}").text
    assert "as Max." in text_of(by_max)
    assert f'<option value="{max_.id}" selected>' in by_max
    assert "as Tiny." in text_of(page.get(f"/influencers/group?tier=macro&beside={tiny.id}").text)


def test_a_person_of_another_brand_is_nobody_here(saved, client_of, viewer):
    person(saved, viewer.brand, Tier.MICRO, 8_000)
    theirs = person(saved, saved(make.brand()), Tier.MACRO, 300_000, name="Theirs")
    page = client_of(viewer.user)

    assert page.get(f"/influencers/group?tier=micro&beside={theirs.id}").status_code == 404
    for nonsense in ("x", "-1", "9" * 40, "²", str(2**31 - 1)):
        assert page.get(f"/influencers/group?beside={nonsense}").status_code == 404
    assert "Theirs" not in page.get("/influencers/group?tier=micro").text


def test_the_group_is_what_the_list_shows(saved, client_of, viewer):
    person(saved, viewer.brand, Tier.MICRO, 8_000, country="France")
    person(saved, viewer.brand, Tier.MIDDLE, 20_000, country="France")
    person(saved, viewer.brand, Tier.MIDDLE, 30_000, country="Spain")
    person(saved, viewer.brand, Tier.MIDDLE, 40_000, country="France", archived_at=make.MONDAY)
    person(saved, viewer.brand, Tier.MIDDLE, 50_000, country="France", known=False)
    page = client_of(viewer.user)

    listed = page.get("/influencers?country=france").text
    assert 'href="/influencers/group?country=france"' in listed
    group = text_of(page.get("/influencers/group?country=france").text)
    assert "2 people" in group
    assert "28,000" in group
    assert "Country" in group


def test_a_view_is_scored_under_its_name(saved, client_of, viewer):
    person(saved, viewer.brand, Tier.MICRO, 8_000)
    view = saved(
        make.view(brand_id=viewer.brand.id, user_id=viewer.user.id, name="Ours", query="tier=micro")
    )
    page = client_of(viewer.user)

    assert f"/influencers/group?view={view.id}" in page.get("/views").text
    assert "“Ours” as a group" in page.get(f"/influencers/group?view={view.id}").text


def test_a_search_is_a_group_too(saved, client_of, viewer):
    person(saved, viewer.brand, Tier.MICRO, 8_000, name="Anna")

    answer = client_of(viewer.user).get("/influencers/group?q=zzzz&tier=micro")

    assert answer.status_code == 200
    assert "Nobody fits these filters" in answer.text


def test_what_is_not_known_is_named_and_not_claimed(saved, client_of, viewer):
    person(saved, viewer.brand, Tier.MICRO, 8_000, 65.0)
    person(saved, viewer.brand, Tier.MICRO, None, None)
    person(saved, viewer.brand, Tier.MICRO, 9_000, None)
    person(saved, viewer.brand, Tier.MACRO, 300_000, name="Léa")
    silent = person(saved, viewer.brand, Tier.MACRO, 400_000, None, name="Silent")
    page = client_of(viewer.user)

    group = text_of(page.get("/influencers/group?tier=micro").text)
    assert "Not known of 1 person" in group
    assert "Not known of 2 people" in group
    assert "move at least" in group
    assert "1 of 3 people counted" in group
    beside = text_of(page.get(f"/influencers/group?tier=micro&beside={silent.id}").text)
    assert "What they move cannot be compared" in beside


def test_everybody_is_set_beside_nobody_unless_asked(saved, client_of, viewer):
    person(saved, viewer.brand, Tier.MACRO, 300_000)

    page = text_of(client_of(viewer.user).get("/influencers/group").text)

    assert "Everybody is in this group" in page


def test_without_a_macro_there_is_nobody_to_set_it_beside(saved, client_of, viewer):
    person(saved, viewer.brand, Tier.MICRO, 8_000)

    page = text_of(client_of(viewer.user).get("/influencers/group?tier=micro").text)

    assert "No macro outside of this group" in page


def test_a_filter_that_means_nothing_is_refused(client_of, viewer):
    assert client_of(viewer.user).get("/influencers/group?tier=giant").status_code == 422
    assert client_of(viewer.user).get("/influencers/group?reach=many").status_code == 422
