"""Inventing people: who they are, where they publish, how much, and how well it goes."""

import datetime as dt
import math
import random
from dataclasses import dataclass, field
from typing import Any

from irm.demo import names
from irm.demo.bios import BIOS, PLACES
from irm.demo.themes import OTHERS, OURS, THEMES
from irm.models import Archetype, Platform, Tier
from irm.models.keys import fold_handle
from irm.scoring import reach, tiers
from irm.scoring.resonance import DEFAULTS, VIEWED

Row = dict[str, Any]

#: log10 of the followers of a main account: three in five are micro, one in twenty macro.
_MEDIAN, _SPREAD, _LEAST, _MOST = 3.68, 1.04, 150, 9_000_000

_MAIN = (
    (Platform.INSTAGRAM, 46),
    (Platform.TIKTOK, 22),
    (Platform.YOUTUBE, 20),
    (Platform.BLOG, 5),
    (Platform.X, 4),
    (Platform.FACEBOOK, 3),
)
_OTHER = (
    (Platform.INSTAGRAM, 30),
    (Platform.YOUTUBE, 20),
    (Platform.TIKTOK, 20),
    (Platform.PINTEREST, 8),
    (Platform.NEWSLETTER, 8),
    (Platform.BLOG, 6),
    (Platform.BLUESKY, 4),
    (Platform.PODCAST, 4),
)
_ARCHETYPES = (
    (Archetype.CREATOR, 52),
    (Archetype.COMMUNITY_LEADER, 13),
    (Archetype.EXPERT, 13),
    (Archetype.LOCAL, 11),
    (Archetype.JOURNALIST, 4),
    (Archetype.FAN, 4),
    (None, 3),
)

#: Posts go back two years, most of them younger.
_DAYS = 730


@dataclass(frozen=True, slots=True)
class Size:
    """How much is told of each person: a small demo is rich, a large one lean."""

    posts: tuple[int, int]
    snapshots: int
    #: How many exchanges, against a small demo.
    liveliness: float
    #: The part of what is planned that falls into these days; a team bears only so much.
    due_now: float


def size_of(influencers: int) -> Size:
    """Choose how much is told of each of so many people."""
    if influencers <= 2000:
        return Size((14, 36), 3, 1.0, min(1.0, 600 / influencers))
    if influencers <= 10_000:
        return Size((8, 16), 1, 0.8, 600 / influencers)
    return Size((5, 11), 0, 0.5, 600 / influencers)


@dataclass(slots=True)
class Chunk:
    """The rows of some people. Ids count from 0 within their table until they are written."""

    people: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    snapshots: list[Row] = field(default_factory=list)
    posts: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    prospects: list[Row] = field(default_factory=list)
    relationships: list[Row] = field(default_factory=list)
    moves: list[Row] = field(default_factory=list)
    touchpoints: list[Row] = field(default_factory=list)
    interactions: list[Row] = field(default_factory=list)
    participants: list[Row] = field(default_factory=list)
    proofs: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Person:
    """What the history of a person goes by."""

    number: int
    name: str
    language: str
    theme: str
    tier: Tier
    handle: str


class People:
    """Invents people into a chunk; the same dice give the same people."""

    def __init__(self, rng: random.Random, size: Size, today: dt.date, taken: set[str]) -> None:
        self._rng = rng
        self._size = size
        self._today = today
        self._taken = taken
        #: Nothing was published or said after the evening before.
        self._latest = dt.datetime.combine(today, dt.time(18), dt.UTC) - dt.timedelta(days=1)

    def invent(self, chunk: Chunk, created_at: dt.datetime, kinship: float) -> Person:
        """Invent one person with accounts, figures and posts.

        `kinship`, from 0 to 1, is how likely they care for what the brand cares for.
        """
        rng = self._rng
        language = "fr" if rng.random() < 0.52 else "en"
        theme = rng.choice(OURS if rng.random() < kinship else OTHERS)
        second = rng.choice(OURS + OTHERS)
        name = names.name(rng, language)
        handle = names.handle(rng, name, language, self._taken)
        number = len(chunk.people)
        followers = self._followers()
        places = self._accounts(chunk, number, handle, followers, created_at)
        self._posts(chunk, places, (theme, second), language)

        audience = reach.audience(row["followers"] for row in places)
        archetype = _pick(rng, _ARCHETYPES)
        if followers > 1_000_000 and rng.random() < 0.3:
            archetype = Archetype.CELEBRITY
        tier = tiers.tier(audience, archetype)
        country, zone, city = self._place(language)
        chunk.people.append(
            {
                "id": number,
                "name": name,
                "country": country,
                "city": city,
                "language": language,
                "timezone": zone,
                "bio": rng.choice(BIOS[language][theme]).format(city=city),
                "archetype": archetype,
                "tier": tier,
                "audience": audience,
                "source": "demo",
                "is_demo": True,
                "created_at": created_at,
            }
        )
        return Person(number, name, language, theme, tier, handle)

    def _followers(self) -> int:
        drawn = int(math.pow(10, self._rng.gauss(_MEDIAN, _SPREAD)))
        return min(max(drawn, _LEAST), _MOST)

    def _place(self, language: str) -> tuple[str, str, str]:
        country, zone, cities = _pick(self._rng, PLACES[language])
        return country, zone, self._rng.choice(cities.split())

    def _accounts(
        self, chunk: Chunk, number: int, handle: str, followers: int, created_at: dt.datetime
    ) -> list[Row]:
        rng = self._rng
        main = _pick(rng, _MAIN)
        platforms = [main]
        for _again in range(rng.choice((0, 0, 1, 1, 1, 2, 3))):
            other = _pick(rng, _OTHER)
            if other not in platforms:
                platforms.append(other)
        rows: list[Row] = []
        for platform in platforms:
            has = (
                followers if platform is main else max(40, int(followers * rng.uniform(0.03, 0.6)))
            )
            rows.append(
                {
                    "id": len(chunk.accounts) + len(rows),
                    "influencer_id": number,
                    "platform": platform,
                    "handle": handle,
                    "handle_key": fold_handle(handle),
                    "url": f"https://{platform.value}.example/{handle}",
                    "followers": has,
                    "figures_on": self._latest.date(),
                    "created_at": created_at,
                }
            )
        chunk.accounts += rows
        self._snapshots(chunk, rows)
        return rows

    def _snapshots(self, chunk: Chunk, accounts: list[Row]) -> None:
        for account in accounts:
            has = account["followers"]
            for month in range(self._size.snapshots):
                day = account["figures_on"] - dt.timedelta(days=30 * month)
                chunk.snapshots.append(
                    {"account_id": account["id"], "day": day, "followers": int(has)}
                )
                has *= self._rng.uniform(0.93, 1.005)

    def _posts(
        self, chunk: Chunk, accounts: list[Row], themes: tuple[str, str], language: str
    ) -> None:
        rng, random_ = self._rng, self._rng.random
        talent = rng.lognormvariate(0, 0.45)
        spoken = [THEMES[language][theme] for theme in themes]
        for number in range(rng.randint(*self._size.posts)):
            account = accounts[0] if random_() < 0.75 else rng.choice(accounts)
            theme = spoken[random_() < 0.3]
            thing = theme.things[int(random_() * len(theme.things))]
            line = theme.lines[int(random_() * len(theme.lines))].replace("{thing}", thing)
            tag = theme.tags[int(random_() * len(theme.tags))]
            chunk.posts.append(
                {
                    "id": len(chunk.posts),
                    "account_id": account["id"],
                    "platform_post_id": f"demo-{number}",
                    "published_at": self._latest
                    - dt.timedelta(minutes=int(_DAYS * 1440 * random_() ** 2)),
                    "text": f"{line} #{tag}",
                    "language": language,
                    **self._counts(account, talent),
                }
            )

    def _counts(self, account: Row, talent: float) -> Row:
        """Counts of one post: the rate falls with size, as irm's own lines say, with noise."""
        rng, platform, followers = self._rng, account["platform"].value, account["followers"]
        views = None
        base: float = followers
        if platform in VIEWED:
            views = int(followers * rng.uniform(0.08, 0.7)) + 5
            base = views
        line = DEFAULTS.get(platform, DEFAULTS["instagram"])
        reactions = base * line.rate(followers) * talent * rng.lognormvariate(0, 0.4)
        return {
            "likes": int(reactions * 0.82),
            "comments": int(reactions * 0.06),
            "shares": int(reactions * 0.02),
            "views": views,
        }


def _pick(rng: random.Random, weighted: tuple[tuple[Any, int], ...]) -> Any:
    """Choose by weights that add up to 100."""
    left = rng.random() * 100
    for choice, weight in weighted:
        left -= weight
        if left < 0:
            return choice
    return weighted[0][0]
