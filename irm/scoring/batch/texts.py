"""What many people say, as columns: the weight of their texts, and what a brand makes of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from irm.scoring import relevance
from irm.scoring.batch.accounts import PeopleScores
from irm.scoring.batch.formulas import (
    Floats,
    Places,
    ages,
    fits,
    post_weights,
    rank,
    relevances,
)
from irm.scoring.fit import Weights

Row: TypeAlias = Sequence[Any]


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
    people: Places, posts: Sequence[Row], bios: Sequence[int | None], topics: int, day: dt.date
) -> Speech:
    """Weigh what people said.

    `posts` rows of (person id, post id, moment, bit mask of the topics or `None`), `bios` a bit
    mask or `None` per person; the masks are those of `relevance.Matcher`.
    """
    columns = list(zip(*posts, strict=True)) or [()] * 4
    person = np.searchsorted(people, np.array(columns[0], dtype=np.int64))
    number = np.array(columns[1], dtype=np.int64)
    spoken = np.array([mask is not None for mask in columns[3]], dtype=bool)
    weight = post_weights(person, ages(columns[2], day), len(people))
    wordy = np.array([mask is not None for mask in bios], dtype=np.float64)
    total = np.bincount(person[spoken], weights=weight[spoken], minlength=len(people)) + wordy

    row, topic = _bits(columns[3])
    cell = person[row] * topics + topic
    size, shape = len(people) * topics, (len(people), topics)
    matching = np.zeros(size, dtype=np.float64)
    np.add.at(matching, cell, weight[row])
    in_bio = np.zeros(shape, dtype=bool)
    in_bio[_bits(bios)] = True

    order = np.lexsort((-number[row], -weight[row], cell))
    newest = order[rank(cell[order]) < relevance.SHOWN_POSTS]
    named: dict[tuple[int, int], list[int]] = defaultdict(list)
    for key, post in zip(cell[newest].tolist(), number[row][newest].tolist(), strict=True):
        named[divmod(key, topics)].append(post)
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


def _bits(masks: Sequence[int | None]) -> tuple[Places, Places]:
    rows, bits = [], []
    for row, mask in enumerate(masks):
        while mask:
            lowest = mask & -mask
            rows.append(row)
            bits.append(lowest.bit_length() - 1)
            mask ^= lowest
    return np.array(rows, dtype=np.int64), np.array(bits, dtype=np.int64)
