"""What a batch of scores changes: columns of numbers against what is stored."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from irm.ledger.orders import score_order
from irm.models import ScoreKind, Tier
from irm.scoring import batch, facts, reasons, rules
from irm.scoring.fit import Weights
from irm.scoring.reasons import Reason
from irm.scoring.record import PersonChange, RelationshipChange, encoded
from irm.scoring.resonance import Expectation, Usual, expectation
from irm.scoring.tiers import is_chosen, tier

DIGITS = 2
"""Scores are stored with two decimals: less is noise."""

#: Rows as `reading` reads them; their places are named where they are taken apart.
StoredPerson: TypeAlias = Sequence[Any]
StoredRelationship: TypeAlias = Sequence[Any]

_REACH, _RESONANCE = ScoreKind.REACH, ScoreKind.RESONANCE
_RELEVANCE, _FIT = ScoreKind.RELEVANCE, ScoreKind.FIT

#: What is said of many thousand people where nothing is known.
_NO_REACH = reasons.of_reach(None, ())
_NO_RESONANCE = reasons.of_rates(())
_NO_FIT = reasons.of_fit(None, None, None)
_NO_TOPICS = reasons.of_topics((), {}, 0)


class Silences:
    """Why scores are not known, as far as that was written down.

    A score that never was known has no change to show, but people want to read why all the same.
    `rows` are (subject, kind, reasons as text), the newest of a subject and kind last.
    """

    def __init__(self, rows: Iterable[Any]) -> None:
        self._told = {(subject, kind): why for subject, kind, why in rows}

    def settle(
        self,
        subject: int,
        kind: ScoreKind,
        why: dict[ScoreKind, list[Reason]],
        reason: list[Reason],
    ) -> None:
        """Add the reason to what is to be written, unless it stands there already."""
        if kind in why or self._told.get((subject, kind)) != encoded(reason):
            why[kind] = reason


class PeopleColumns:
    """Reach and resonance of a block of people, read as plain values."""

    def __init__(self, block: batch.Block, scores: batch.PeopleScores) -> None:
        self.place = {one: place for place, one in enumerate(block.people.tolist())}
        self.reach = batch.optional(scores.reach, DIGITS)
        self.resonance = batch.optional(scores.resonance, DIGITS)
        self._audience = batch.optional(scores.audience, 0)
        self._rows = batch.row_ranges(block)
        self._account = block.account.tolist()
        self._platform = block.platform.tolist()
        self._followers = batch.optional(block.followers, 0)
        self._rate = batch.exact(block.rate)
        self._expected = scores.expected.tolist()
        self._posts = block.posts.tolist()
        self._listed = block.listed.tolist()
        self._newest = block.newest.tolist()

    def changes(
        self, stored: Sequence[StoredPerson], organisation: rules.Rules, silences: Silences
    ) -> list[PersonChange]:
        """Compare stored people with what they should be; those who do not move are left out."""
        lines = [expectation(one, organisation.expectations) for one in batch.PLATFORMS]
        overlap, thresholds = organisation.overlap, organisation.thresholds
        found = []
        for id, _bio, archetype, was, set_by, reason, audience, reach, resonance in stored:
            place = self.place[id]
            size = self._audience[place]
            heard = None if size is None else int(size)
            is_set = is_chosen(set_by, reason)
            named = Tier(was) if is_set else tier(heard, archetype, thresholds)
            now_reach, now_resonance = self.reach[place], self.resonance[place]
            why: dict[ScoreKind, list[Reason]] = {}
            if reach != now_reach:
                why[_REACH] = self._why_reach(place, heard, overlap)
            if resonance != now_resonance:
                why[_RESONANCE] = self._why_resonance(place, lines)
            if now_reach is None:
                silences.settle(id, _REACH, why, _NO_REACH)
            if now_resonance is None:
                silences.settle(id, _RESONANCE, why, _NO_RESONANCE)
            if why or was != named or audience != heard:
                found.append(PersonChange(id, heard, now_reach, now_resonance, named, why))
        return found

    def _why_reach(self, place: int, audience: int | None, overlap: float) -> list[Reason]:
        sizes = [
            (self._account[row], batch.PLATFORMS[self._platform[row]], int(followers))
            for row in self._rows[place]
            if (followers := self._followers[row]) is not None
        ]
        return reasons.of_reach(audience, sizes, overlap)

    def _why_resonance(self, place: int, lines: Sequence[Expectation]) -> list[Reason]:
        found = []
        for row in self._rows[place]:
            rate, followers = self._rate[row], self._followers[row]
            if rate is None or not followers:
                continue
            code = self._platform[row]
            found.append(
                reasons.of_rate(
                    self._account[row],
                    batch.PLATFORMS[code],
                    int(followers),
                    self._usual(row, rate),
                    self._expected[row],
                    lines[code],
                )
            )
            if len(found) == reasons.SHOWN_ACCOUNTS:
                break
        return found or _NO_RESONANCE

    def _usual(self, row: int, rate: float) -> Usual:
        if self._listed[row]:
            return Usual(rate, self._posts[row], "averages")
        return Usual(rate, self._posts[row], "posts", self._newest[row])


class BrandColumns:
    """Relevance and fit of a block of people for one brand, read as plain values."""

    def __init__(
        self,
        topics: Sequence[facts.Topic],
        places: Sequence[int],
        people: PeopleColumns,
        scores: batch.PeopleScores,
        said: batch.Speech,
        weights: Weights,
    ) -> None:
        self._topics = [(place, topics[place]) for place in places]
        self._prints = reasons.prints(topic for _, topic in self._topics)
        self._weights = weights
        self._people = people
        self._said = said
        found = batch.score_relationships(
            scores, said, places, [topic.weight for _, topic in self._topics], weights
        )
        self._relevance = batch.optional(found.relevance, DIGITS)
        self._fit = batch.optional(found.fit, DIGITS)
        self._gives = found.gives

    def changes(
        self, stored: Sequence[StoredRelationship], silences: Silences
    ) -> list[RelationshipChange]:
        """Compare stored relationships with what they should be, as above."""
        people, weights, found = self._people, self._weights, []
        for id, person, _brand, was_relevance, was_fit, *orders in stored:
            place = people.place[person]
            relevance, fit = self._relevance[place], self._fit[place]
            reach, resonance = people.reach[place], people.resonance[place]
            why: dict[ScoreKind, list[Reason]] = {}
            if was_relevance != relevance:
                why[_RELEVANCE] = self._why_relevance(place)
            if was_fit != fit:
                why[_FIT] = reasons.of_fit(reach, resonance, relevance, weights)
            if relevance is None:
                silences.settle(id, _RELEVANCE, why, self._why_relevance(place))
            if fit is None:
                silences.settle(id, _FIT, why, _NO_FIT)
            if why or orders != [*map(score_order, (relevance, fit, reach, resonance))]:
                found.append(
                    RelationshipChange(id, person, relevance, fit, reach, resonance, why, orders)
                )
        return found

    def scores(self, person: int) -> tuple[float | None, float | None]:
        """Give the relevance and the fit of a person of the block, be they related or not."""
        place = self._people.place[person]
        return self._relevance[place], self._fit[place]

    def why_relevant(self, person: int) -> list[Reason]:
        """Say why a person of the block is as relevant as they are."""
        return self._why_relevance(self._people.place[person])

    def _why_relevance(self, place: int) -> list[Reason]:
        if not self._topics:
            return _NO_TOPICS
        said = self._said
        found = [
            reasons.of_topic(
                topic.id,
                topic.name,
                float(self._gives[place, column]),
                int(said.posts[place, at]),
                said.named.get((place, at), ()),
                bool(said.in_bio[place, at]),
            )
            for column, (at, topic) in enumerate(self._topics)
            if said.matching[place, at] > 0
        ]
        texts = int(said.texts[place])
        return reasons.of_topics(found, self._prints, texts)
