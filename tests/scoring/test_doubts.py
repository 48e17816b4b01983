import dataclasses
import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irm.scoring import doubts, reasons
from irm.scoring.doubt_sentences import evidence, sentence, title
from irm.scoring.facts import Account, Counts, Post
from irm.scoring.growth import Snapshot
from irm.scoring.resonance import Expectation, of_account
from tests.scoring.strategies import DAY, accounts, averages, counts, figures

FLAT = {"instagram": Expectation(-2, 0), "youtube": Expectation(-2, 0)}


def ago(days):
    return DAY - dt.timedelta(days=days)


def seen(days_ago, followers, **averages):
    return Snapshot(ago(days_ago), followers, Counts(**averages) if averages else None)


def posts(likes, days, first_id=1, **counted):
    return [Post(first_id + n, ago(on), Counts(likes, **counted)) for n, on in enumerate(days)]


def instagram(*posts, followers=20_000, **given):
    return Account(1, "instagram", followers, posts=tuple(posts), **given)


def steady(before=10_000, jump=12_000, grows=1.01):
    """Ten months of an even growth, with so many more followers from 60 days ago on."""
    known = [round(before * grows**month) for month in range(10)]
    return [
        seen(270 - 30 * month, followers + (jump if 270 - 30 * month <= 60 else 0))
        for month, followers in enumerate(known)
    ]


def codes(found):
    return [one["code"] for one in found]


def of(account, snapshots=()):
    return doubts.of(account, snapshots, DAY, FLAT)


def test_a_jump_of_followers_without_reactions_is_named_with_what_it_rests_on():
    as_before = posts(200, range(95, 170, 10)) + posts(205, range(5, 60, 8), first_id=50)

    [found] = of(instagram(*as_before), steady())

    assert found["code"] == "jump.unmatched"
    assert (found["first"], found["last"]) == (str(ago(90)), str(ago(60)))
    assert found["now"] - found["was"] > 12_000
    assert found["usual"] == pytest.approx(106, abs=3)
    assert (found["before"], found["after"]) == (200, 205)
    assert (found["posts_before"], found["posts_after"]) == (8, 7)
    assert found["changes"] == 8


def test_a_jump_that_brought_reactions_is_no_doubt():
    more = posts(200, range(95, 170, 10)) + posts(420, range(5, 60, 8), first_id=50)

    assert of(instagram(*more), steady()) == []


def test_a_jump_that_followed_a_post_gone_viral_is_no_doubt():
    viral = posts(6_000, [80], first_id=99)
    as_before = posts(200, range(95, 170, 10)) + posts(205, range(5, 60, 8), first_id=50)

    assert of(instagram(*as_before, *viral), steady()) == []
    # One that went viral long before or after does not explain it.
    for days in (130, 20):
        elsewhere = posts(6_000, [days], first_id=99)
        assert codes(of(instagram(*as_before, *elsewhere), steady())) == ["jump.unmatched"]


def test_a_jump_whose_reactions_are_not_known_is_said_as_just_that():
    assert codes(of(instagram(), steady())) == ["jump.unchecked"]
    assert codes(of(instagram(*posts(200, [100])), steady())) == ["jump.unchecked"]


def test_the_averages_of_lists_tell_reactions_where_posts_do_not():
    listed = [dataclasses.replace(one, averages=Counts(likes=300, comments=10)) for one in steady()]

    [found] = of(instagram(), listed)

    assert found["code"] == "jump.unmatched"
    assert (found["before"], found["after"], found["posts_before"]) == (320, 320, 0)


def test_growth_that_is_usual_for_an_account_is_no_jump_however_fast():
    assert of(instagram(), steady(jump=0, grows=1.4)) == []
    assert of(instagram(), steady(jump=0, grows=0.7)) == []


@pytest.mark.parametrize(
    "known",
    [
        [],
        [seen(0, 90_000)],
        [seen(90, 1_000), seen(60, 1_010), seen(30, 1_020), seen(0, 90_000)],
        [seen(150 - 30 * n, 20 if n < 4 else 600) for n in range(6)],
        [seen(150 - 30 * n, 1_000 if n < 4 else 1_490) for n in range(6)],
        [seen(150 - 30 * n, 1_000_000 if n < 4 else 1_140_000) for n in range(6)],
        [seen(150 - 30 * n, 0 if n < 4 else 9_000) for n in range(6)],
    ],
    ids=["none", "one day", "too few", "just begun", "few followers", "a small part", "from 0"],
)
def test_it_takes_a_past_and_a_large_rise_to_call_it_a_jump(known):
    assert of(instagram(), known) == []


def test_followers_that_came_over_several_days_are_one_jump():
    daily = [seen(40 - n, 10_000 + 10 * n + 2_500 * min(max(n - 30, 0), 4)) for n in range(41)]

    [found] = of(instagram(), daily)

    assert (found["first"], found["last"]) == (str(ago(10)), str(ago(6)))
    assert found["now"] - found["was"] == 10_040


def test_a_jump_of_years_ago_is_history():
    old = [dataclasses.replace(one, day=one.day - dt.timedelta(days=800)) for one in steady()]

    assert of(instagram(), old) != []
    assert of(instagram(), [*old, seen(0, 30_000)]) == []


def test_a_rate_far_outside_of_what_is_usual_is_doubted_from_5_posts_on():
    for likes, code in ((4_100, "rate.high"), (9, "rate.low"), (0, "rate.low")):
        [found] = of(instagram(*posts(likes, range(5))))
        assert (found["code"], found["posts"], found["expected"]) == (code, 5, 0.01)
        assert of(instagram(*posts(likes, range(4)))) == []
    for likes in (3_900, 11):
        assert of(instagram(*posts(likes, range(5)))) == []


def test_an_account_is_not_doubted_where_few_would_react_at_best():
    assert of(instagram(*posts(0, range(5)), followers=1_999)) == []
    assert codes(of(instagram(*posts(0, range(5)), followers=2_000))) == ["rate.low"]


def test_the_averages_of_a_list_are_doubted_as_5_posts_are():
    [found] = of(instagram(averages=Counts(likes=5_000)))

    assert (found["code"], found["posts"]) == ("rate.high", 0)


def test_the_reasons_that_are_stored_raise_the_same_doubt_about_a_rate():
    for likes in (4_100, 9, 200):
        account = instagram(*posts(likes, range(5)))
        stored = reasons.of_resonance([of_account(account, DAY, FLAT)], FLAT)
        assert doubts.of_reasons(json.loads(json.dumps(stored))) == of(account)
    assert doubts.of_reasons([{"code": "resonance.rate"}, {"code": "resonance.unknown"}]) == []


def test_likes_far_above_the_followers_are_doubted_once():
    [found] = of(instagram(*posts(900, range(3)), *posts(50, [7, 8], first_id=9), followers=300))

    assert found["code"] == "likes.above"
    assert (found["posts"], found["of"], found["most"], found["followers"]) == (3, 5, 900, 300)
    half = [*posts(900, range(3)), *posts(50, [7, 8, 9], first_id=9)]
    assert "likes.above" not in codes(of(instagram(*half, followers=300)))


@pytest.mark.parametrize("followers", [None, 0, -4])
def test_likes_without_followers_are_doubted(followers):
    found = of(instagram(*posts(10, [1]), followers=followers))

    assert codes(found) == ["likes.alone"] + ["negative"] * (followers == -4)
    assert found[0]["followers"] == (0 if followers == 0 else None)
    assert of(instagram(*posts(0, [1]), followers=followers)) == found[1:]


def test_more_likes_than_views_cannot_be():
    odd = (
        posts(50, [1], views=49) + posts(90, [2], first_id=5, views=10) + posts(1, [3], 9, views=9)
    )

    [found] = doubts.of(Account(1, "youtube", 1000, posts=tuple(odd)), (), DAY)

    assert found["code"] == "likes.views"
    assert (found["posts"], found["likes"], found["views"]) == (2, 90, 10)


def test_a_post_of_2099_is_doubted_and_one_of_tomorrow_is_not():
    ahead = Post(1, dt.date(2099, 12, 31)), Post(2, dt.date(2099, 1, 1)), Post(3, ago(-1))

    [found] = of(instagram(*ahead))

    assert (found["code"], found["posts"], found["last"]) == ("posts.ahead", 2, "2099-12-31")
    assert codes(of(instagram(), [seen(-2, 10)])) == ["figures.ahead"]


def test_10_000_posts_a_day_are_doubted():
    [found] = of(instagram(*posts(None, [3] * 10_000), *posts(None, [4] * 101, first_id=10**6)))

    assert found["code"] == "posts.crowded"
    assert (found["days"], found["most"], found["on"]) == (2, 10_000, str(ago(3)))


def test_counts_below_zero_are_doubted_wherever_they_stand():
    account = instagram(
        *posts(-1, [1], comments=-7), followers=-3, averages=Counts(likes=4, shares=-2.4)
    )

    found = of(account, [seen(0, -9), seen(5, None, views=-1.0)])

    negative = found[codes(found).index("negative")]
    assert (negative["figures"], negative["least"]) == (6, -9)


def test_an_ordinary_account_raises_no_doubt():
    ordinary = posts(200, range(0, 90, 3), comments=9, shares=2)

    assert of(instagram(*ordinary, averages=Counts(likes=180)), steady(jump=0)) == []
    assert of(instagram(*posts(200, [1]))) == []
    assert of(instagram(followers=None)) == []


SAMPLES = {
    "jump.unmatched": lambda: of(
        instagram(*posts(200, range(95, 170, 9)), *posts(200, range(60), first_id=50)), steady()
    ),
    "jump.unchecked": lambda: of(instagram(), steady()),
    "rate.high": lambda: of(instagram(*posts(4_100, range(5)))),
    "rate.low": lambda: of(instagram(*posts(0, range(5)))),
    "likes.above": lambda: of(instagram(*posts(900, range(5)), followers=300)),
    "likes.alone": lambda: of(instagram(*posts(10, [1]), followers=0)),
    "likes.views": lambda: doubts.of(
        Account(1, "tiktok", 9, posts=tuple(posts(3, [1], views=2))), (), DAY
    ),
    "posts.ahead": lambda: of(instagram(Post(1, dt.date(2099, 1, 1)))),
    "figures.ahead": lambda: of(instagram(), [seen(-9, 10), seen(-8, 10)]),
    "posts.crowded": lambda: of(instagram(*posts(None, [3] * 101))),
    "negative": lambda: of(instagram(*posts(-1, [1]))),
}


@pytest.mark.parametrize("code", SAMPLES)
def test_every_doubt_has_a_title_and_a_sentence_and_its_parameters_can_be_stored(code):
    [found] = [one for one in SAMPLES[code]() if one["code"] == code]

    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert title(found)
    platform = "TikTok" if code == "likes.views" else "Instagram"
    assert sentence(found).startswith(f"{platform}: ")
    assert all(evidence(found))


@pytest.mark.parametrize("code", sorted(set(SAMPLES) - doubts.WRONG))
def test_shapes_that_look_bought_are_said_with_other_causes_and_with_evidence(code):
    [found] = SAMPLES[code]()

    assert "ought" in sentence(found)
    assert any(words in sentence(found) for words in ("; so do", "all look like this"))
    assert evidence(found)


@pytest.mark.parametrize("code", sorted(doubts.WRONG))
def test_figures_that_look_wrong_are_said_with_what_becomes_of_them(code):
    [found] = SAMPLES[code]()

    said = sentence(found)
    assert any(
        words in said
        for words in ("left out", "It counts as", "leaves them out", "read as not known")
    ), said


def test_a_jump_is_said_in_figures_and_days():
    [found] = SAMPLES["jump.unmatched"]()

    assert sentence(found).startswith(
        "Instagram: 12,106 more followers between 2025-12-02 and 2026-01-01, where about 106 "
        "would be usual for this account. People hardly react more than before."
    )
    assert evidence(found) == [
        "10,615 followers on 2025-12-02, 22,721 on 2026-01-01.",
        "Usual for this account: 0.0332% a day, give or take 0.1%, by 8 other changes.",
        (
            "Reactions to a post, where a comment counts twice and a share three times: 200 "
            "before, 200 since."
        ),
        "Posts looked at: 9 before, 60 since.",
    ]


def test_a_doubt_of_a_later_version_is_left_out():
    assert title({"code": "bought.reactions"}) == sentence({"code": "bought.reactions"}) == ""
    assert evidence({"code": "bought.reactions"}) == []


known_days = st.lists(
    st.builds(
        Snapshot,
        st.dates(DAY - dt.timedelta(900), DAY + dt.timedelta(9)),
        figures,
        st.none() | st.builds(Counts, averages, averages, averages, averages) | counts,
    ),
    max_size=20,
)


@given(accounts(), known_days, st.dates())
def test_whatever_the_figures_doubts_are_said_and_never_infinite(account, snapshots, day):
    for found in doubts.of(account, snapshots, day):
        json.dumps(found, allow_nan=False)
        assert sentence(found)
        assert all(evidence(found))


@given(accounts(), known_days, st.randoms())
def test_the_order_of_posts_and_days_never_matters(account, snapshots, random):
    shuffled = dataclasses.replace(
        account, posts=tuple(random.sample(account.posts, len(account.posts)))
    )
    mixed = random.sample(snapshots, len(snapshots))
    assert doubts.of(shuffled, mixed, DAY) == doubts.of(account, snapshots, DAY)


@given(st.integers(2_000, 10**7), st.floats(1.3, 50), st.floats(0.99, 1.05))
def test_a_planted_jump_is_found_in_accounts_of_every_size(followers, times, grows):
    known = steady(followers, round(followers * 1.6 * (times - 1)), grows)

    [found] = of(instagram(), known)

    assert (found["first"], found["last"]) == (str(ago(90)), str(ago(60)))


@given(st.lists(st.floats(-0.001, 0.001), min_size=20, max_size=60))
def test_the_noise_of_every_day_is_no_jump(noise):
    known = [50_000.0]
    for one in noise:
        known.append(known[-1] * (1.002 + one))
    daily = [seen(len(known) - n, round(one)) for n, one in enumerate(known)]

    assert of(instagram(), daily) == []
