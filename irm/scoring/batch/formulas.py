"""The same formulas for many people at once, on arrays; and the expected lines, fitted.

A figure that is not known is nan. `person` and `account` arrays hold places, counted from 0.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from irm.scoring import fit, reach, relevance, resonance
from irm.scoring.facts import UNDATED_AGE, age

Floats: TypeAlias = NDArray[np.float64]
Places: TypeAlias = NDArray[np.int64]

SAMPLE = 800
"""How many accounts a line is fitted on at most: 320,000 pairs take some ten milliseconds."""


def figures(values: Iterable[int | float | None]) -> Floats:
    """Read a column of figures; one that is absent, negative or infinite is not known."""
    read = np.array(list(values), dtype=np.float64)
    read[~((read >= 0) & (read < np.inf))] = np.nan
    return read


def audiences(
    person: Places, followers: Floats, people: int, overlap: float = reach.OVERLAP
) -> Floats:
    """Add up the accounts of each person (see `reach.audience`); shape (people,)."""
    counted = ~np.isnan(followers)
    of, number = person[counted], followers[counted]
    total = np.bincount(of, weights=number, minlength=people)
    largest = np.full(people, -1.0)
    np.maximum.at(largest, of, number)
    audience: Floats = np.rint(largest + overlap * (total - largest))
    audience[largest < 0] = np.nan
    return audience


def reaches(audience: Floats) -> Floats:
    """Score each audience (see `reach.reach`)."""
    scores: Floats = np.minimum(100.0, 100 * np.log10(1 + audience) / reach.FULL)
    return scores


@dataclass(frozen=True, slots=True)
class CountColumns:
    """The counts of many posts, or the averages of many accounts: four columns of one length."""

    likes: Floats
    comments: Floats
    shares: Floats
    views: Floats


def rates(counts: CountColumns, followers: Floats, viewed: Floats, unliked: Floats) -> Floats:
    """Rate each post (see `resonance.rate`).

    `viewed` and `unliked` are masks: which rows are of a platform of that kind.
    """
    base = np.where(viewed, counts.views, followers)
    hidden = np.isnan(counts.likes) & ~unliked.astype(bool)
    silent = np.isnan(counts.likes) & np.isnan(counts.comments) & np.isnan(counts.shares)
    reactions = (
        np.nan_to_num(counts.likes)
        + resonance.COMMENT * np.nan_to_num(counts.comments)
        + resonance.SHARE * np.nan_to_num(counts.shares)
    )
    rated: Floats = np.full(len(base), np.nan)
    sound = (base > 0) & ~hidden & ~silent
    with np.errstate(over="ignore"):
        rated[sound] = reactions[sound] / base[sound]
    rated[np.isinf(rated)] = np.nan
    return rated


def medians(
    account: Places, age: Floats, post: Places, rate: Floats, accounts: int
) -> tuple[Floats, Places, Places]:
    """Take the median rate of each account's newest posts, how many they were, and the newest.

    `age` in days, nan for an undated post; ties of a day go to the higher post id.
    """
    age = np.where(np.isnan(age), UNDATED_AGE, age)
    usable = ~np.isnan(rate) & (age <= resonance.WINDOW_DAYS)
    account, age, post, rate = account[usable], age[usable], post[usable], rate[usable]

    order = np.lexsort((-post, age, account))
    account, rate, place = account[order], rate[order], rank(account[order])
    newest: Places = np.zeros(accounts, dtype=np.int64)
    newest[account[place == 0]] = post[order][place == 0]
    account, rate = account[place < resonance.LAST_POSTS], rate[place < resonance.LAST_POSTS]

    order = np.lexsort((rate, account))
    account, rate = account[order], rate[order]
    posts: Places = np.bincount(account, minlength=accounts)
    median = np.full(accounts, np.nan)
    some = posts > 0
    start = (np.cumsum(posts) - posts)[some]
    lower, upper = start + (posts[some] - 1) // 2, start + posts[some] // 2
    median[some] = (rate[lower] + rate[upper]) / 2
    return median, posts, newest


def fit_line(followers: Floats, rate: Floats) -> resonance.Expectation | None:
    """Fit a platform's expected line; `None` below 30 accounts with a known rate above 0.

    Theil-Sen: the median of the slopes of all pairs (H. Theil 1950, P. K. Sen 1968), on an even
    sample over the sizes; up to 29 % of wild accounts do not bend it. The slope is kept within
    `resonance.SLOPES`; the intercept is then the median over all accounts.
    """
    sound = (followers > 0) & (rate > 0)
    x, y = np.log10(followers[sound]), np.log10(rate[sound])
    if len(x) < resonance.ENOUGH_ACCOUNTS:
        return None
    order = np.lexsort((y, x))
    x, y = x[order], y[order]
    chosen = np.linspace(0, len(x) - 1, min(len(x), SAMPLE)).round().astype(np.int64)
    first, second = np.triu_indices(len(chosen), k=1)
    run = x[chosen][second] - x[chosen][first]
    rise = y[chosen][second] - y[chosen][first]
    apart = run > 0
    slope = float(np.median(rise[apart] / run[apart])) if apart.any() else 0.0
    slope = min(max(slope, resonance.SLOPES[0]), resonance.SLOPES[1])
    return resonance.Expectation(float(np.median(y - slope * x)), slope, len(x))


def account_resonances(
    followers: Floats, rate: Floats, posts: Places, intercept: Floats, slope: Floats
) -> Floats:
    """Score each account (see `resonance.of_account`) against its platform's line."""
    scores: Floats = np.full(len(rate), np.nan)
    scores[(rate == 0) & (followers > 0)] = 0.0
    sound = (rate > 0) & (followers > 0)
    expected = intercept[sound] + slope[sound] * np.log10(followers[sound])
    shrink = posts[sound] / (posts[sound] + resonance.PRIOR_POSTS)
    octaves = np.log2(rate[sound]) - expected * np.log2(10.0)
    scores[sound] = np.clip(50 + 25 * shrink * octaves, 0.0, 100.0)
    return scores


def resonances(person: Places, followers: Floats, score: Floats, people: int) -> Floats:
    """Take each person's mean over accounts, by followers (see `resonance.of_person`)."""
    counted = ~np.isnan(score)
    of, weight = person[counted], followers[counted]
    total = np.bincount(of, weights=weight, minlength=people)
    scores: Floats = np.full(people, np.nan)
    some = total > 0
    scores[some] = np.bincount(of, weights=weight * score[counted], minlength=people)[some]
    scores[some] /= total[some]
    return np.clip(scores, 0.0, 100.0)


def post_weights(person: Places, age: Floats, people: int) -> Floats:
    """Weigh each post by its days before its person's newest (see `relevance.weight`)."""
    newest = np.full(people, np.inf)
    dated = ~np.isnan(age)
    np.minimum.at(newest, person[dated], age[dated])
    days = np.where(dated, age - newest[person], UNDATED_AGE)
    weights: Floats = 0.5 ** (days / relevance.HALF_LIFE_DAYS)
    return weights


def relevances(
    total: Floats, matching: Floats, topic_weights: Sequence[float]
) -> tuple[Floats, Floats]:
    """Score people against one brand's topics (see `relevance.relevance`).

    `total` is the weight of all that each person said, shape (people,); `matching` the weight of
    what speaks of each topic, shape (people, topics). Gives the scores and what each topic gives.
    """
    bounded = np.nan_to_num(np.clip(np.array(topic_weights, dtype=np.float64), 0.0, 1.0))
    share = matching / (total + relevance.PRIOR_WEIGHT)[:, None]
    gives: Floats = bounded * -np.expm1(-share / relevance.SATURATION)
    scores: Floats = np.minimum(100.0, 100 * (1 - np.prod(1 - gives, axis=1)))
    scores[(total == 0) | (len(bounded) == 0)] = np.nan
    return scores, gives


def fits(reach_: Floats, resonance_: Floats, relevance_: Floats, weights: fit.Weights) -> Floats:
    """Put the three scores together (see `fit.fit`)."""
    scores = np.stack((reach_, resonance_, relevance_))
    weight = np.array([weights.reach, weights.resonance, weights.relevance])[:, None]
    counted = ~np.isnan(scores) & (weight > 0)
    total = np.where(counted, weight, 0.0).sum(axis=0)
    logs = np.where(counted, weight * np.log(np.maximum(scores, fit.FLOOR)), 0.0).sum(axis=0)
    together: Floats = np.full(scores.shape[1], np.nan)
    some = total > 0
    together[some] = np.minimum(100.0, np.exp(logs[some] / total[some]))
    return together


def optional(values: Floats, digits: int) -> list[float | None]:
    """Turn a column into what a database stores: rounded, and `None` for what is not known."""
    return exact(np.round(values, digits))


def exact(values: Floats) -> list[float | None]:
    """Turn a column into plain values, `None` for what is not known."""
    return [None if number != number else number for number in values.tolist()]


def ages(moments: Iterable[dt.datetime | None], day: dt.date) -> Floats:
    """Give posts their ages in days; nan for one without a believable date (see `facts.age`)."""
    found = [None if moment is None else age(moment.date(), day) for moment in moments]
    return np.array(found, dtype=np.float64)


def rank(group: Places) -> Places:
    """Number the rows of each group from 0; the rows of a group stand together."""
    if not len(group):
        return group
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    lengths = np.diff(np.r_[starts, len(group)])
    ranks: Places = np.arange(len(group)) - np.repeat(starts, lengths)
    return ranks
