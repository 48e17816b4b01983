"""The accounts of many people as columns: their usual rates, the lines, reach and resonance."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from irm.models import Platform
from irm.scoring import resonance
from irm.scoring.batch.formulas import (
    CountColumns,
    Floats,
    Places,
    account_resonances,
    ages,
    audiences,
    figures,
    fit_line,
    medians,
    rates,
    reaches,
    resonances,
)

Row: TypeAlias = Sequence[Any]

PLATFORMS = tuple(platform.value for platform in Platform)


@dataclass(frozen=True, slots=True)
class Block:
    """The accounts of some people, each person's together and the largest first.

    `posts` is how many posts a rate counts as; `listed` marks those that are a list's averages.
    `newest` is the id of the newest post that a rate rests on, 0 where it rests on none.
    """

    people: Places
    person: Places
    account: Places
    platform: Places
    followers: Floats
    rate: Floats
    posts: Places
    listed: NDArray[np.bool_]
    newest: Places


def block(
    people: Sequence[int], accounts: Sequence[Row], posts: Sequence[Row], day: dt.date
) -> Block:
    """Read rows of the database into a block, with each account's usual rate as of a day.

    `people` ids, ascending; `accounts` rows of (person id, account id, platform, followers,
    average likes, comments, shares, views, engagement); `posts` rows of (account id, post id,
    moment, likes, comments, shares, views).
    """
    columns = list(zip(*accounts, strict=True)) or [()] * 9
    ids, followers = np.array(columns[1], dtype=np.int64), figures(columns[3])
    person = np.searchsorted(np.array(people, dtype=np.int64), np.array(columns[0], dtype=np.int64))
    order = np.lexsort((ids, -np.nan_to_num(followers, nan=-1.0), person))
    codes = {platform: code for code, platform in enumerate(PLATFORMS)}
    platform = np.array([codes[str(name)] for name in columns[2]], dtype=np.int64)
    viewed = np.array([name in resonance.VIEWED for name in PLATFORMS])[platform]
    unliked = np.array([name in resonance.UNLIKED for name in PLATFORMS])[platform]

    likes, comments, shares, views, engagement = (figures(column) for column in columns[4:9])
    unsplit = np.isnan(likes) & ~np.isnan(engagement)
    averages = CountColumns(
        np.where(unsplit, engagement, likes),
        np.where(unsplit, np.nan, comments),
        np.where(unsplit, np.nan, shares),
        views,
    )
    listed_rate = rates(averages, followers, viewed, unliked)

    columns = list(zip(*posts, strict=True)) or [()] * 7
    by_id = np.argsort(ids)
    of = np.array(columns[0], dtype=np.int64)
    of = by_id[np.searchsorted(ids, of, sorter=by_id)] if len(of) else of
    counts = CountColumns(*(figures(column) for column in columns[3:7]))
    rate = rates(counts, followers[of], viewed[of], unliked[of])
    number = np.array(columns[1], dtype=np.int64)
    median, usable, newest = medians(of, ages(columns[2], day), number, rate, len(ids))

    listed = (usable == 0) & ~np.isnan(listed_rate)
    return Block(
        people=np.array(people, dtype=np.int64),
        person=person[order],
        account=ids[order],
        platform=platform[order],
        followers=followers[order],
        rate=np.where(listed, listed_rate, median)[order],
        posts=np.where(listed, resonance.AVERAGES_COUNT_AS, usable)[order],
        listed=listed[order],
        newest=newest[order],
    )


CLOUD = 400
"""How many accounts a drawing shows at most; more are one blot."""


def cloud(followers: Floats, rate: Floats, most: int = CLOUD) -> resonance.Cloud:
    """Sample accounts with a known rate above 0, evenly over their order by size, for a drawing.

    The same accounts give the same sample, in whatever order. Two decimals are enough to draw by.
    """
    sound = (followers > 0) & (rate > 0)
    x, y = np.log10(followers[sound]), np.log10(rate[sound])
    order = np.lexsort((y, x))
    chosen = order[np.linspace(0, max(0, len(x) - 1), min(len(x), most)).round().astype(np.int64)]
    points = zip(np.round(x[chosen], 2).tolist(), np.round(y[chosen], 2).tolist(), strict=True)
    return tuple(points)


def fit_lines(blocks: Sequence[Block]) -> dict[str, resonance.Expectation]:
    """Fit the line of each platform that has enough accounts, with a sample of them beside it."""
    lines = {}
    for code, platform in enumerate(PLATFORMS):
        chosen = [one.platform == code for one in blocks]
        followers = [one.followers[rows] for one, rows in zip(blocks, chosen, strict=True)]
        rate = [one.rate[rows] for one, rows in zip(blocks, chosen, strict=True)]
        if not blocks:
            continue
        columns = np.concatenate(followers), np.concatenate(rate)
        line = fit_line(*columns)
        if line is not None:
            lines[platform] = replace(line, cloud=cloud(*columns))
    return lines


@dataclass(frozen=True, slots=True)
class PeopleScores:
    """What a block comes to: one row per person, and the expected rate of each account."""

    audience: Floats
    reach: Floats
    resonance: Floats
    expected: Floats


def score_people(
    of: Block, overlap: float, fitted: Mapping[str, resonance.Expectation]
) -> PeopleScores:
    """Score the people of a block for reach and resonance."""
    lines = [resonance.expectation(platform, fitted) for platform in PLATFORMS]
    intercept = np.array([line.intercept for line in lines])[of.platform]
    slope = np.array([line.slope for line in lines])[of.platform]
    score = account_resonances(of.followers, of.rate, of.posts, intercept, slope)
    size = np.where(of.followers > 0, of.followers, 1.0)
    audience = audiences(of.person, of.followers, len(of.people), overlap)
    return PeopleScores(
        audience=audience,
        reach=reaches(audience),
        resonance=resonances(of.person, of.followers, score, len(of.people)),
        expected=10.0 ** (intercept + slope * np.log10(size)),
    )


def row_ranges(of: Block) -> list[range]:
    """Say which rows of a block are each person's accounts."""
    ends = np.cumsum(np.bincount(of.person, minlength=len(of.people))).tolist()
    return [range(start, end) for start, end in zip([0, *ends], ends, strict=False)]
