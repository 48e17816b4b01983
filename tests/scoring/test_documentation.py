"""docs/scoring.md says how the numbers are made; here they are made again from what it says."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from irm.models import Platform, Tier
from irm.scoring import groups
from irm.scoring.facts import Account, Counts, Post, Topic
from irm.scoring.fit import fit
from irm.scoring.reach import audience, reach
from irm.scoring.relevance import ages, relevance, weight
from irm.scoring.resonance import expectation, of_account, of_person
from irm.scoring.tiers import tier

PAGE = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8")


def tables():
    """Read every row of every table as a list of cells."""
    for line in PAGE.splitlines():
        if line.startswith("|") and not set(line) <= set("|-: "):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def number(cell):
    return float(cell.replace(",", "").replace("%", ""))


def read_post(number, stored):
    day = stored["published_on"]
    counts = Counts(stored["likes"], stored["comments"], stored.get("shares"))
    return Post(number, day and dt.date.fromisoformat(day), counts, stored["text"])


@pytest.fixture
def example():
    return json.loads(re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1])


@pytest.fixture
def said():
    rows = list(tables())
    steps = rows[rows.index(["step", "value"]) + 1 :]
    return {row[0]: number(row[1]) for row in steps if len(row) == 2}


def test_the_example_comes_out_as_the_page_says(example, said):
    day = dt.date.fromisoformat(example["day"])
    accounts = [
        Account(
            place,
            one["platform"],
            one["followers"],
            Counts(**one.get("averages", {})),
            tuple(read_post(n, post) for n, post in enumerate(one.get("posts", []), start=1)),
        )
        for place, one in enumerate(example["accounts"])
    ]
    topics = [
        Topic(place, one["name"], tuple(one["keywords"]), one["weight"])
        for place, one in enumerate(example["topics"])
    ]
    posts = [post for one in accounts for post in one.posts]

    size = audience(one.followers for one in accounts)
    instagram, x = (of_account(one, day) for one in accounts)
    relevant = relevance(posts, example["bio"], topics, day)
    cycling, baking = relevant.topics
    resonance = of_person([instagram, x])

    assert said == {
        "audience: 40,000 + 0.5 × 6,000": size,
        "reach": round(reach(size), 2),
        "instagram, rates of the three posts: median": round(instagram.usual.rate, 4),
        "instagram, expected at 40,000": round(instagram.expected, 4),
        "instagram, resonance with n = 3": round(instagram.score, 2),
        "x, rate of the averages": round(x.usual.rate, 4),
        "x, expected at 6,000": round(x.expected, 4),
        "x, resonance with n = 5": round(x.score, 2),
        "resonance, weighted by followers": round(resonance, 2),
        "weight of everything: newest, 90 days, undated, bio": 1
        + sum(weight(days) for _, days in ages(posts, day)),
        "Cycling, s": round(cycling.share, 4),
        "Cycling gives": round(cycling.gives, 4),
        "Baking, s": round(baking.share, 4),
        "Baking gives": round(baking.gives, 4),
        "relevance": round(relevant.score, 2),
        "fit": round(fit(reach(size), resonance, relevant.score), 2),
    }
    assert tier(size, None) is Tier.MIDDLE
    assert (instagram.usual.posts, x.usual.posts) == (3, 5)


def test_the_page_lists_every_line_that_is_shipped():
    known = {platform.value for platform in Platform}
    listed = {row[0]: row[1:] for row in tables() if row[0] in known}

    assert set(listed) == known
    for platform, (intercept, slope, at_10_000) in listed.items():
        line = expectation(platform)
        assert (number(intercept), number(slope)) == (line.intercept, line.slope)
        assert number(at_10_000) == pytest.approx(100 * line.rate(10_000), abs=0.005)


def test_the_page_gives_the_reach_of_some_audiences():
    listed = {
        int(number(row[0])): number(row[1])
        for row in tables()
        if len(row) == 2 and row[0].replace(",", "").isdigit()
    }
    assert len(listed) == 4
    for size, score in listed.items():
        assert reach(size) == pytest.approx(score, abs=0.01)


def test_the_groups_example_comes_out_as_the_page_says():
    rows = [row for row in tables() if len(row) == 6 and row[0] in ("each of 40 micros", "Léa")]
    assert len(rows) == 2
    whole = []
    for (_who, platform, followers, resonance, rate, moved), (tier_, count) in zip(
        rows, ((Tier.MICRO, 40), (Tier.MACRO, 1)), strict=True
    ):
        size, score = int(number(followers)), number(resonance)
        found = groups.reactions([(platform, size)], score)
        assert round(100 * expectation(platform).rate(size), 2) == number(rate)
        assert round(found, 1) == number(moved)
        whole.append(groups.together([groups.Member(tier_, size, score, None, found)] * count))
    group, lea = whole
    found = groups.beside(group, lea)

    wanted = ("joint audience", "reactions")
    said = {
        row[0]: [number(cell) for cell in row[1:]]
        for row in tables()
        if len(row) == 4 and row[0] in wanted
    }
    assert said["joint audience"] == [group.audience, found.reaches, found.micros_reach]
    assert said["reactions"] == [
        round(group.reactions, 1),
        round(found.moves, 2),
        found.micros_move,
    ]
