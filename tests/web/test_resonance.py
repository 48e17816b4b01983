"""Where somebody's resonance stands among the others, drawn."""

import re

import make
import pytest

from irm.jobs.scoring import score
from irm.models import Platform, Role
from irm.scoring.resonance import Expectation
from irm.web.resonance import draw
from irm.web.words import Words


@pytest.fixture
def viewer(saved):
    """Ravi, who may look."""
    return saved(make.member(Role.VIEWER))


def person(saved, brand, followers=10_000, likes=300, **given):
    card = saved(make.relationship(brand=brand, **given))
    saved(make.account(influencer=card.influencer, followers=followers, likes_average=likes))
    return card.influencer


def crowd(saved, brand, count):
    """Accounts that react alike for their size, ever larger ones."""
    return [person(saved, brand, 1000 * n, 20 * n) for n in range(1, count + 1)]


def test_an_account_is_drawn_among_those_of_its_platform(session, saved, client_of, viewer):
    crowd(saved, viewer.brand, 40)
    chloe = person(saved, viewer.brand, 10_000, 800, name="Chloé")
    score(session, make.MONDAY)

    page = client_of(viewer.user).get(f"/influencers/{chloe.id}/resonance").text

    dots = re.search(r'class="dots" d="([^"]+)"', page)[1]
    assert dots.count("h0") == 41
    assert '<circle class="own"' in page
    assert "41 accounts of yours" in page
    assert "40 of the 41 accounts drawn here react less" in page
    assert "Each dot" in page
    assert page.count("<tr><th") == 2 + 1  # two powers of ten, and the head
    assert 'style="' not in page


def test_without_enough_accounts_irms_own_line_is_drawn_alone(session, saved, client_of, viewer):
    chloe = person(saved, viewer.brand)
    score(session, make.MONDAY)

    page = client_of(viewer.user).get(f"/influencers/{chloe.id}/resonance").text

    assert "irm’s own estimate" in page
    assert "Once thirty accounts" in page
    assert '<circle class="own"' in page
    assert "<table" not in page


def test_each_account_has_its_own_platforms_drawing(session, saved, client_of, viewer):
    chloe = person(saved, viewer.brand)
    saved(
        make.account(
            influencer=chloe,
            platform=Platform.YOUTUBE,
            followers=500,
            likes_average=10,
            views_average=400,
        )
    )
    score(session, make.MONDAY)

    page = client_of(viewer.user).get(f"/influencers/{chloe.id}/resonance").text

    assert page.count('role="img"') >= 2
    assert re.search(r"Instagram · handle\d+, 10K followers", page)
    assert "reactions for each view" in page
    assert "reactions for each follower" in page


def test_who_gets_no_reactions_has_a_line_and_no_point(session, saved, client_of, viewer):
    chloe = person(saved, viewer.brand, 10_000, 0)
    score(session, make.MONDAY)

    page = client_of(viewer.user).get(f"/influencers/{chloe.id}/resonance").text

    assert 'class="usual"' in page
    assert '<circle class="own"' not in page


def test_whose_resonance_is_not_known_has_the_reason_instead(session, saved, client_of, viewer):
    silent = saved(make.relationship(brand=viewer.brand)).influencer
    page = client_of(viewer.user)
    assert "Not scored yet." in page.get(f"/influencers/{silent.id}/resonance").text

    score(session, make.MONDAY)

    assert "No reactions are known" in page.get(f"/influencers/{silent.id}/resonance").text


def test_the_drawing_is_for_those_who_may_see_the_person(session, saved, client_of, viewer):
    theirs = person(saved, saved(make.brand()))
    score(session, make.MONDAY)

    assert client_of(viewer.user).get(f"/influencers/{theirs.id}/resonance").status_code == 404


@pytest.mark.parametrize(
    ("cloud", "own"),
    [
        ([], None),
        ([], (0.0, 1.5)),
        ([(12.0, 4.0)] * 3, (3.0, -9.0)),
        ([(0.0, 0.0), (9.0, -7.0)] * 200, None),
    ],
)
def test_whatever_the_figures_nothing_is_drawn_outside_of_the_drawing(cloud, own):
    said = Words("en", None, make.MONDAY.date())

    drawing = draw(cloud, Expectation(-0.9, -0.17), own, said)

    numbers = [*re.findall(r"[\d.]+ [\d.]+", drawing.dots), *drawing.line.replace(",", " ").split()]
    places = [float(one) for pair in numbers for one in pair.split()]
    assert all(0 <= place <= 360 for place in places)
    assert drawing.across[0].at < drawing.across[-1].at
    assert drawing.upwards[0].at > drawing.upwards[-1].at
