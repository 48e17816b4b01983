"""What many people say, as columns: the weight of their texts, and what a brand makes of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from irm.scoring import relevance
from irm.scoring.batch.accounts import PeopleScores
from irm.scoring.batch.formulas import (
    Floats,
    Places,
    fits,
    post_weights,
    rank,
    relevances,
)
from irm.scoring.fit import Weights

Row: TypeAlias = Sequence[Any]


class Heard:
    """Which posts speak of which topics: of everybody's, or of some people's.

    `posts` gives their ids with the bit masks of `relevance.Matcher`; `wordless` names those
    without a word. Any other post has words, and speaks of no topic.
    """

    def __init__(self, posts: Mapping[int, int], wordless: Collection[int]) -> None:
        order = sorted(posts)
        self.posts: Places = np.array(order, dtype=np.int64)
        hit, self.topic = _bits([posts[one] for one in order])
        #: Where the topics of the n-th post begin and end.
        self.bounds: Places = np.searchsorted(hit, np.arange(len(order) + 1))
        self.wordless: Places = np.array(sorted(wordless), dtype=np.int64)

    def topics_of(self, numbers: Places) -> tuple[Places, Places]:
        """Pair the places of posts, given by their ids, with each topic they speak of."""
        if not len(self.posts):
            return self.posts, self.posts
        at = np.minimum(np.searchsorted(self.posts, numbers), len(self.posts) - 1)
        row = np.flatnonzero(self.posts[at] == numbers)
        first, last = self.bounds[at[row]], self.bounds[at[row] + 1]
        many = last - first
        within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        return np.repeat(row, many), self.topic[np.repeat(first, many) + within]


@dataclass(frozen=True, slots=True)
class Speech:
    """What some people say of some topics: one row per person, one column per topic.

    `total` and `matching` are weights, `posts` counts; `named` gives the newest matching posts by
    place of person and topic; `texts` counts all that had a word.
    """

    total: Floats
    matching: Floats
    posts: Places
    in_bio: NDArray[np.bool_]
    named: Mapping[tuple[int, int], list[int]]
    texts: Places


def speech(
    people: Places,
    posts: Sequence[Row],
    heard: Heard,
    bios: Sequence[int | None],
    topics: int,
    day: dt.date,
) -> Speech:
    """Weigh what people said.

    `posts` rows of (person id, post id, day as a date or as its ISO text, `None` where it has
    none), `bios` a bit mask or `None` per person, as those of `relevance.Matcher`.
    """
    # Column by column: to turn the rows over at once takes many times as long.
    person = np.searchsorted(people, np.array([row[0] for row in posts], dtype=np.int64))
    number = np.array([row[1] for row in posts], dtype=np.int64)
    spoken = ~np.isin(number, heard.wordless)
    weight = post_weights(person, _ages([row[2] for row in posts], day), len(people))
    wordy = np.array([mask is not None for mask in bios], dtype=np.float64)
    total = np.bincount(person[spoken], weights=weight[spoken], minlength=len(people)) + wordy

    row, topic = heard.topics_of(number)
    cell = person[row] * topics + topic
    size, shape = len(people) * topics, (len(people), topics)
    in_bio = np.zeros(shape, dtype=bool)
    in_bio[_bits(bios)] = True

    order = np.lexsort((-number[row], -weight[row], cell))
    newest = order[rank(cell[order]) < relevance.SHOWN_POSTS]
    named: dict[tuple[int, int], list[int]] = defaultdict(list)
    for key, post in zip(cell[newest].tolist(), number[row][newest].tolist(), strict=True):
        named[divmod(key, topics)].append(post)
    matching = np.bincount(cell, weights=weight[row], minlength=size).astype(np.float64)
    return Speech(
        total=total,
        matching=matching.reshape(shape) + in_bio,
        posts=np.bincount(cell, minlength=size).reshape(shape),
        in_bio=in_bio,
        named=named,
        texts=np.bincount(person[spoken], minlength=len(people)) + wordy.astype(np.int64),
    )


@dataclass(frozen=True, slots=True)
class BrandScores:
    """What a brand's topics and weights make of some people: one row per person.

    `gives` has one column per topic of the brand.
    """

    relevance: Floats
    fit: Floats
    gives: Floats


def score_relationships(
    people: PeopleScores,
    said: Speech,
    places: Sequence[int],
    topic_weights: Sequence[float],
    weights: Weights,
) -> BrandScores:
    """Score people for one brand, whose topics stand at these places among all topics."""
    chosen = np.array(places, dtype=np.int64)
    relevant, gives = relevances(said.total, said.matching[:, chosen], topic_weights)
    return BrandScores(relevant, fits(people.reach, people.resonance, relevant, weights), gives)


def _ages(days: Sequence[Any], day: dt.date) -> Floats:
    """Give posts their ages in days; nan for one without a believable date (see `facts.age`)."""
    published = np.array(days, dtype="datetime64[D]")
    age = (np.datetime64(day, "D") - published).astype(np.float64)
    age[np.isnat(published) | (age < -1)] = np.nan
    return np.maximum(age, 0.0)


def _bits(masks: Sequence[int | None]) -> tuple[Places, Places]:
    rows, bits = [], []
    for row, mask in enumerate(masks):
        while mask:
            lowest = mask & -mask
            rows.append(row)
            bits.append(lowest.bit_length() - 1)
            mask ^= lowest
    return np.array(rows, dtype=np.int64), np.array(bits, dtype=np.int64)
