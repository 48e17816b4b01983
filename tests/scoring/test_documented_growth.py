"""docs/scoring.md says how growth and doubts are made; here they are made again."""

import datetime as dt
import math

from irm.scoring import doubts, growth, jumps, observed
from irm.scoring.facts import Account, Counts, Post
from tests.scoring.test_documentation import PAGE, number, tables


def test_growth_and_the_doubt_come_out_as_the_page_says():
    rows = list(tables())
    start, end = rows.index(["day", "followers"]), rows.index(["growth and doubt", "value"])
    known = [
        growth.Snapshot(dt.date.fromisoformat(on), int(number(followers)))
        for on, followers in rows[start + 1 : end]
    ]
    listed = {row[0]: number(row[1]) for row in rows[end + 1 : end + 9]}
    day = dt.date(2026, 3, 2)

    def account(since):
        before = [Post(n, dt.date(2025, 11, 1 + n), Counts(400)) for n in range(8)]
        after = [Post(50 + n, day - dt.timedelta(days=7 * n), Counts(since)) for n in range(12)]
        return Account(1, "instagram", 23_500, posts=(*before, *after))

    [jump] = [one for one in doubts.of(account(430), known, day) if "jump" in one["code"]]
    month, year = growth.growth(known, day), growth.growth(known, day, growth.YEAR)

    assert list(listed.values()) == [
        month.followers,
        round(month.percent, 2),
        round(year.percent, 2),
        jump["now"] - jump["was"],
        round(jump["daily"], 4),
        jump["usual"],
        round(400 * math.sqrt(jump["now"] / jump["was"])),
        jump["after"],
    ]
    assert (jump["code"], jump["before"]) == ("jump.unmatched", 400)
    assert (jump["posts_before"], jump["posts_after"]) == (8, 12)
    assert doubts.of(account(600), known, day) == []


def test_the_page_gives_the_bounds_of_growth_and_doubts():
    for said in (
        f"{jumps.FAR:g} spreads above",
        f"at least {jumps.ENOUGH_CHANGES} of them",
        f"at least {jumps.LEAST_SPREAD:g} ",
        f"{jumps.SIGMA} × the median",
        f"{jumps.LEAST_GAIN} followers and {jumps.LEAST_SHARE:.0%}".replace("%", " %"),
        f"an account of {jumps.LEAST_FOLLOWERS} or more",
        f"of the {jumps.REACTION_DAYS} days before",
        f"at least {jumps.ENOUGH_POSTS} posts on either side",
        f"or of the {jumps.VIRAL_DAYS} days before them, got {jumps.VIRAL:g} times",
        f"more than {doubts.OUTSIDE:g} times the expected one, or less than 1/{doubts.OUTSIDE:g}",
        f"more than {growth.MOST_A_DAY} posts",
        f"last {growth.FREQUENCY_DAYS} days",
        f"over {growth.LEAST_DAYS} days at least",
        f"newest {observed.POSTS:,} posts",
        f"newest {observed.SNAPSHOTS} days",
    ):
        assert said in PAGE, said
