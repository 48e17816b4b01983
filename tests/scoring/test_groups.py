"""Groups scored as one: what is added up, and what they weigh beside one person."""

import math

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.models import Platform, Relationship, Tier
from irm.scoring import group_sums
from irm.scoring.groups import Group, Member, Part, beside, reactions, together
from irm.scoring.reach import reach
from irm.scoring.resonance import Expectation
from tests.scoring.strategies import scores

LINES = {"instagram": Expectation(-1.0, -0.2, 40), "tiktok": Expectation(-1.0, 0.0, 31)}

members = st.builds(
    Member,
    st.sampled_from(Tier),
    st.none() | st.integers(0, 10**9),
    scores,
    scores,
    st.none() | st.floats(0, 1e9),
)
crowds = st.lists(members, max_size=20)


def close(one, other):
    return one == other if one is None or other is None else math.isclose(one, other, rel_tol=1e-9)


@given(crowds, st.randoms())
def test_the_order_of_people_never_matters(crowd, random):
    one, other = together(crowd), together(random.sample(crowd, len(crowd)))

    assert one == other


@given(crowds)
def test_the_joint_audience_lies_between_the_largest_and_the_sum(crowd):
    group = together(crowd)
    sizes = [member.audience for member in crowd if member.audience is not None]

    assert group.people == len(crowd)
    assert group.audience == (sum(sizes) if sizes else None)
    assert group.largest == max(sizes, default=None)
    assert group.reach == reach(group.audience)


@given(crowds, members)
def test_somebody_more_never_makes_a_group_smaller(crowd, another):
    before, after = together(crowd), together([*crowd, another])

    assert (after.audience or 0) >= (before.audience or 0)
    assert (after.reactions or 0) >= (before.reactions or 0)
    assert after.people == before.people + 1


@given(crowds)
def test_a_weighted_score_lies_between_the_least_and_the_most_of_its_people(crowd):
    group = together(crowd)
    known = [one.resonance for one in crowd if one.audience and one.resonance is not None]

    if known:
        assert min(known) - 1e-6 <= group.resonance.value <= max(known) + 1e-6
    else:
        assert group.resonance.value is None


@given(members)
def test_a_group_of_one_is_that_person(member):
    group = together([member])

    assert group.audience == member.audience
    assert group.reactions == member.reactions
    if member.audience and member.relevance is not None:
        assert group.relevance.value == pytest.approx(member.relevance)


@given(crowds, crowds)
def test_tiers_add_up_as_all_do_together(some, others):
    group = together([*some, *others])
    apart = together(some), together(others)

    assert group.people == sum(one.people for one in apart)
    assert close(group.reactions or 0.0, math.fsum((one.reactions or 0.0) for one in apart))


def test_nobody_is_a_group_without_numbers():
    nobody = together([])

    assert nobody == Group(())
    assert (nobody.people, nobody.audience, nobody.largest, nobody.reach) == (0, None, None, None)
    assert nobody.resonance.value is nobody.reactions is None
    found = beside(nobody, nobody)
    assert (found.reaches, found.moves, found.micros_reach) == (None, None, None)


def test_reactions_follow_followers_the_usual_rate_and_the_resonance():
    usual = 10_000 * 10 ** (-1.0 - 0.2 * 4)

    assert reactions([("instagram", 10_000)], 50, LINES) == pytest.approx(usual)
    assert reactions([("instagram", 10_000)], 75, LINES) == pytest.approx(2 * usual)
    assert reactions([("instagram", 10_000)], 25, LINES) == pytest.approx(usual / 2)
    two = [("instagram", 10_000), ("tiktok", 500)]
    assert reactions(two, 50, LINES) == pytest.approx(usual + 50)
    assert reactions([("instagram", None), *two, ("tiktok", -3)], 50, LINES) == pytest.approx(
        usual + 50
    )
    assert reactions(two, None, LINES) is None
    assert reactions([("instagram", 0), ("tiktok", None)], 50, LINES) is None


def micro(n=1, **given):
    return [Member(Tier.MICRO, 8_000, 65.0, None, 300.0, **given)] * n


def test_forty_micros_are_set_beside_a_macro():
    macro = together([Member(Tier.MACRO, 320_000, 50.0, None, 4_000.0)])

    found = beside(together(micro(40)), macro)

    assert (found.reaches, found.moves) == (1.0, 3.0)
    assert (found.micros_reach, found.micros_move) == (40, 14)
    assert not found.at_least


def test_what_is_not_known_of_either_side_is_not_claimed():
    silent = together([Member(Tier.MACRO, 320_000)])
    assert beside(together(micro(40)), silent).moves is None
    assert beside(together(micro(40)), silent).micros_move is None
    assert beside(together(micro(40)), silent).reaches == 1.0

    macro = together([Member(Tier.MACRO, 320_000, 50.0, None, 4_000.0)])
    some = beside(together([*micro(40), Member(Tier.MICRO, 8_000)]), macro)
    assert (some.moves, some.at_least) == (3.0, True)
    nameless = beside(together([Member(Tier.MICRO)]), macro)
    assert (nameless.reaches, nameless.moves, nameless.micros_reach) == (None, None, None)


def test_only_micros_are_counted_as_micros():
    macro = together([Member(Tier.MACRO, 320_000, 50.0, None, 4_000.0)])

    mixed = beside(together([*micro(10), Member(Tier.MIDDLE, 90_000, 99.0, None, 9e9)]), macro)
    assert mixed.micros_reach == 40
    assert beside(together([Member(Tier.MIDDLE, 90_000)]), macro).micros_reach is None


def test_the_database_adds_up_as_we_do(session, saved):
    brand = saved(make.brand())
    crowd = [
        (Tier.MICRO, 9_000, 61.5, 40.0, [(Platform.INSTAGRAM, 8_000), (Platform.TIKTOK, 2_000)]),
        (Tier.MICRO, None, 70.0, None, []),
        (Tier.MICRO, 100, None, 12.0, [(Platform.INSTAGRAM, 100)]),
        (Tier.MICRO, 0, 50.0, 0.0, [(Platform.X, 0), (Platform.BLOG, None)]),
        (Tier.MACRO, 5 * 10**9, 0.0, 100.0, [(Platform.YOUTUBE, 5 * 10**9)]),
    ]
    expected = []
    for tier, audience, resonance, relevance, accounts in crowd:
        person = make.influencer(tier=tier, audience=audience, resonance=resonance)
        saved(make.relationship(brand=brand, influencer=person, relevance=relevance))
        for platform, followers in accounts:
            saved(make.account(influencer=person, platform=platform, followers=followers))
        saved(make.account(influencer=person, followers=10**6, is_current=False))
        moved = reactions([(p.value, f) for p, f in accounts], resonance, LINES)
        expected.append(Member(tier, audience, resonance, relevance, moved))
    saved(make.relationship(influencer=person))

    found = group_sums.read(
        session.execute(group_sums.parts([Relationship.brand_id == brand.id], LINES))
    )

    ours = together(expected)
    for one, other in zip(found.parts, ours.parts, strict=True):
        for name in ("tier", "people", "sized", "audience", "largest", "moving"):
            assert getattr(one, name) == getattr(other, name), name
        assert one.reactions == pytest.approx(other.reactions)
        for name in ("resonance", "relevance"):
            mine, theirs = getattr(one, name), getattr(other, name)
            assert mine.people == theirs.people
            assert (mine.weight, mine.weighted) == pytest.approx((theirs.weight, theirs.weighted))


def test_an_empty_database_is_nobody(session):
    assert group_sums.read(session.execute(group_sums.parts([]))) == Group(())


def test_the_nearest_macros_come_first_and_only_those_that_can_be_compared(session, saved):
    for name, audience, resonance in (
        ("Far", 900_000, 50.0),
        ("Near", 310_000, 50.0),
        ("Silent", 300_000, None),
        ("Nobody", None, 50.0),
    ):
        person = make.influencer(name=name, tier=Tier.MACRO, audience=audience, resonance=resonance)
        saved(make.relationship(influencer=person))
    saved(make.relationship(influencer=make.influencer(audience=300_000, resonance=50.0)))

    found = session.execute(group_sums.nearest([], 300_000)).all()

    assert [row.name for row in found] == ["Near", "Far"]


def test_a_part_without_figures_is_a_part_all_the_same():
    group = together([Member(Tier.MIDDLE)])

    assert group.of(Tier.MIDDLE) == Part(Tier.MIDDLE, 1)
    assert group.of(Tier.MACRO) is None
