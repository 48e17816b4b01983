"""Relevance: how much of what somebody says is about what a brand wants to be part of."""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import eq

from irm.scoring.compounds import Compounds
from irm.scoring.facts import UNDATED_AGE, Post, Topic, age, known
from irm.scoring.stems import READINGS, Stems, languages_of, words

HALF_LIFE_DAYS = 90
"""After how many days a post says half as much."""

PRIOR_WEIGHT = 3.0
"""Silence that is added to what somebody said, so that one post alone proves little."""

SATURATION = 0.15
"""The share of matching posts at which a topic has given 1 - 1/e of its weight."""

SHOWN_POSTS = 3
"""How many posts a reason names."""

LONG = 40
"""With more words than this, a text speaks of much in passing: sponsors, gear, other pages."""

OPENING = 20
"""Of a long text, what its first words name it speaks of; anything else it must name twice."""


class Matcher:
    """Topics made ready for reading many texts. Not to be shared between threads.

    A text's answer is a bit mask: bit n stands for the n-th topic given.
    """

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.topics = tuple(topics)
        compounds = Compounds([topic.keywords for topic in self.topics])
        self._lookups = {code: _Lookup(code, self.topics, compounds) for code in READINGS}

    def match(self, text: str, language: str | None = None) -> int | None:
        """Tell which topics a text speaks of; `None` for a text without a single word."""
        tokens = words(text)
        if not tokens:
            return None
        found = 0
        for code in languages_of(language):
            found |= self._lookups[code].match(tokens)
        return found


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """What one topic gives: its share of what was said, its part of the score, and where."""

    topic: Topic
    share: float
    gives: float
    posts: tuple[int, ...]
    matching: int
    in_bio: bool


@dataclass(frozen=True, slots=True)
class Relevance:
    """A score from 0 to 100 and the topics it comes from, the strongest first."""

    score: float
    topics: tuple[TopicMatch, ...]
    texts: int


def weight(days: int) -> float:
    """Weigh a post by its days before the person's newest: 1 for that one, half after 90."""
    return float(0.5 ** (days / HALF_LIFE_DAYS))


def ages(posts: Iterable[Post], day: dt.date) -> list[tuple[Post, int]]:
    """Give each post its age in days counted from the newest dated one; undated: 180 days."""
    found = [(post, age(post.published_on, day)) for post in posts]
    newest = min((days for _, days in found if days is not None), default=0)
    return [(post, UNDATED_AGE if days is None else days - newest) for post, days in found]


def saturate(share: float, topic_weight: float) -> float:
    """Turn a topic's share of what was said into its part of the score, 0 to its weight."""
    bounded = min(1.0, known(topic_weight) or 0.0)
    return bounded * -math.expm1(-share / SATURATION)


def relevance(
    posts: Iterable[Post],
    bio: str | None,
    topics: Sequence[Topic],
    day: dt.date,
    matcher: Matcher | None = None,
) -> Relevance | None:
    """Score a person's posts and bio against a brand's topics.

    The bio is what stands on the page today: it counts as one post as new as the newest. Texts
    without a word are left out. `None` when the brand has no topic or the person said nothing.
    """
    if not topics:
        return None
    matcher = matcher or Matcher(topics)
    read = [
        (weight(days), post.id, mask)
        for post, days in ages(posts, day)
        if (mask := matcher.match(post.text or "", post.language)) is not None
    ]
    bio_mask = matcher.match(bio or "")
    total = math.fsum([w for w, _, _ in read] + ([] if bio_mask is None else [1.0]))
    if total == 0:
        return None

    found = []
    for place, topic in enumerate(matcher.topics):
        hits = sorted((-w, -post) for w, post, mask in read if mask >> place & 1)
        in_bio = bool((bio_mask or 0) >> place & 1)
        if not hits and not in_bio:
            continue
        share = math.fsum([-w for w, _ in hits] + [1.0] * in_bio) / (total + PRIOR_WEIGHT)
        named = tuple(-post for _, post in hits[:SHOWN_POSTS])
        gives = saturate(share, topic.weight)
        found.append(TopicMatch(topic, share, gives, named, len(hits), in_bio))
    found.sort(key=lambda match: (-match.gives, match.topic.id))
    missing = math.prod(1 - match.gives for match in found)
    texts = len(read) + (bio_mask is not None)
    return Relevance(min(100.0, 100 * (1 - missing)), tuple(found), texts)


@dataclass(slots=True)
class _Entry:
    """What begins with a stem: topics it names by itself, and longer phrases."""

    mask: int
    phrases: list[tuple[tuple[str, ...], int]]


class _Lookup(dict[str, _Entry | None]):
    """The topics in one language, by folded word. A word never met is looked at once and kept."""

    LIMIT = 300_000

    def __init__(self, language: str, topics: Sequence[Topic], compounds: Compounds) -> None:
        super().__init__()
        self._stems = Stems(language)
        self._compounds = compounds
        self._entries: dict[str, _Entry] = {}
        for place, topic in enumerate(topics):
            for keyword in topic.keywords:
                self._add([self._stems.of(word) for word in words(keyword)], 1 << place)

    def _add(self, stems: list[str], mask: int) -> None:
        if not stems:
            return
        entry = self._entries.setdefault(stems[0], _Entry(0, []))
        if len(stems) == 1:
            entry.mask |= mask
        else:
            entry.phrases.append((tuple(stems), mask))

    def __missing__(self, word: str) -> _Entry | None:
        if len(self) >= self.LIMIT:
            self.clear()
        entry = self._entries.get(self._stems.of(word))
        if mask := self._compounds.match(word):
            entry = _Entry(mask | entry.mask, entry.phrases) if entry else _Entry(mask, [])
        self[word] = entry
        return entry

    def match(self, tokens: list[str]) -> int:
        entries = list(map(self.__getitem__, tokens))
        if not any(entries):
            return 0
        opening = once = again = 0
        for place, entry in enumerate(entries):
            if entry is None:
                continue
            mask = entry.mask
            for phrase, of in entry.phrases:
                if self._stands(phrase, tokens, place):
                    mask |= of
            again |= once & mask
            once |= mask
            if place < OPENING:
                opening |= mask
        return once if len(tokens) <= LONG else opening | again

    def _stands(self, phrase: tuple[str, ...], tokens: list[str], place: int) -> bool:
        """Say whether a phrase goes on as it should from a place where its first word stands."""
        following = tokens[place + 1 : place + len(phrase)]
        rest = phrase[1:]
        return len(following) == len(rest) and all(map(eq, map(self._stems.of, following), rest))
