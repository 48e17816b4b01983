"""What a batch of scores changes: columns of numbers against what is stored."""

from collections.abc import Iterable, Sequence
from typing import Any

from irm.ledger.orders import score_order
from irm.models import ScoreKind
from irm.scoring import batch, facts, reasons, rules
from irm.scoring.fit import Weights
from irm.scoring.reasons import Reason
from irm.scoring.record import PersonChange, RelationshipChange
from irm.scoring.resonance import Usual, expectation
from irm.scoring.tiers import is_chosen, tier

DIGITS = 2
"""Scores are stored with two decimals: less is noise."""


class Silences:
    """Why scores are not known, as far as that was written down.

    A score that never was known has no change to show, but people want to read why all the same.
    `rows` are (subject, kind, reasons), the newest of a subject and kind last.
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
        if kind in why or self._told.get((subject, kind)) != reason:
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
        self._platform = [batch.PLATFORMS[code] for code in block.platform.tolist()]
        self._followers = batch.optional(block.followers, 0)
        self._rate = batch.exact(block.rate)
        self._expected = scores.expected.tolist()
        self._posts = block.posts.tolist()
        self._listed = block.listed.tolist()
        self._newest = block.newest.tolist()

    def change(
        self, row: Any, organisation: rules.Rules, silences: Silences
    ) -> PersonChange | None:
        """Compare a stored person with what they should be; `None` where nothing moved."""
        place = self.place[row.id]
        size = self._audience[place]
        audience = None if size is None else int(size)
        named = row.tier
        if not is_chosen(row.tier_set_by_id, row.tier_reason):
            named = tier(audience, row.archetype, organisation.thresholds)
        why: dict[ScoreKind, list[Reason]] = {}
        if row.reach != self.reach[place]:
            why[ScoreKind.REACH] = self._why_reach(place, audience, organisation.overlap)
        if row.resonance != self.resonance[place]:
            why[ScoreKind.RESONANCE] = self._why_resonance(place, organisation)
        if self.reach[place] is None:
            silences.settle(row.id, ScoreKind.REACH, why, reasons.of_reach(None, ()))
        if self.resonance[place] is None:
            silences.settle(row.id, ScoreKind.RESONANCE, why, reasons.of_rates(()))
        if not why and row.tier is named and row.audience == audience:
            return None
        return PersonChange(row.id, audience, self.reach[place], self.resonance[place], named, why)

    def _why_reach(self, place: int, audience: int | None, overlap: float) -> list[Reason]:
        sizes = [
            (self._account[row], self._platform[row], int(followers))
            for row in self._rows[place]
            if (followers := self._followers[row]) is not None
        ]
        return reasons.of_reach(audience, sizes, overlap)

    def _why_resonance(self, place: int, organisation: rules.Rules) -> list[Reason]:
        rated = [row for row in self._rows[place] if self._rate[row] is not None]
        return reasons.of_rates(
            reasons.of_rate(
                self._account[row],
                self._platform[row],
                int(followers),
                self._usual(row),
                self._expected[row],
                expectation(self._platform[row], organisation.expectations),
            )
            for row in rated
            if (followers := self._followers[row])
        )

    def _usual(self, row: int) -> Usual:
        rate = self._rate[row] or 0.0
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

    def change(self, row: Any, silences: Silences) -> RelationshipChange | None:
        """Compare a stored relationship with what it should be; `None` where nothing moved."""
        place = self._people.place[row.influencer_id]
        relevance, fit = self._relevance[place], self._fit[place]
        reach, resonance = self._people.reach[place], self._people.resonance[place]
        why: dict[ScoreKind, list[Reason]] = {}
        if row.relevance != relevance:
            why[ScoreKind.RELEVANCE] = self._why_relevance(place)
        if row.fit != fit:
            why[ScoreKind.FIT] = reasons.of_fit(reach, resonance, relevance, self._weights)
        if relevance is None:
            silences.settle(row.id, ScoreKind.RELEVANCE, why, self._why_relevance(place))
        if fit is None:
            silences.settle(row.id, ScoreKind.FIT, why, reasons.of_fit(None, None, None))
        stored = (row.relevance_order, row.fit_order, row.reach_order, row.resonance_order)
        right = tuple(map(score_order, (relevance, fit, reach, resonance)))
        if not why and stored == right:
            return None
        return RelationshipChange(row.id, row.influencer_id, relevance, fit, reach, resonance, why)

    def scores(self, person: int) -> tuple[float | None, float | None]:
        """Give the relevance and the fit of a person of the block, be they related or not."""
        place = self._people.place[person]
        return self._relevance[place], self._fit[place]

    def why_relevant(self, person: int) -> list[Reason]:
        """Say why a person of the block is as relevant as they are."""
        return self._why_relevance(self._people.place[person])

    def _why_relevance(self, place: int) -> list[Reason]:
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
