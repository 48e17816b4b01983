"""Databases for relevance: a hundred thousand people, ten posts each, and what they speak of."""

import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.data import ROOT, digest, keep, run
from irm.db import dbapi

AT = "2026-03-02 09:00:00.000000"
NEVER = "9999-12-31"
POSTS = 10
TOPICS, KEYWORDS = 10, 6
VOCABULARY = 20_000
ENDINGS = ("dok", "bik", "kam", "zub", "rop", "tuk", "gap", "fim", "lob", "vak")

_PEOPLE = """INSERT INTO influencers (id, name, bio, origin, tier, do_not_contact, source,
    lawful_basis, known, is_demo, created_at, row_version)
    VALUES (?, ?, ?, 'external', 'micro', 0, 'list.csv', 'legitimate_interest', 1, 0, ?, 1)"""
_ACCOUNTS = """INSERT INTO accounts (id, influencer_id, platform, handle, handle_key, is_current,
    followers, created_at, row_version) VALUES (?, ?, 'instagram', ?, ?, 1, ?, ?, 1)"""
_RELATIONSHIPS = """INSERT INTO relationships (id, influencer_id, brand_id, stage, stage_since,
    created_at, row_version, gives_since_ask, name_order, fit_order, relevance_order,
    resonance_order, reach_order, next_order, contact_order)
    VALUES (?, ?, 1, 'unaware', ?, ?, 1, 0, ?, 101, 101, 101, 101, ?, ?)"""
_POSTS = """INSERT INTO posts (id, account_id, platform_post_id, published_at, text, language,
    likes) VALUES (?, ?, ?, ?, ?, 'en', ?)"""
_TOPIC = """INSERT INTO topics (id, brand_id, name, keywords, weight, created_at, row_version)
    VALUES (?, 1, ?, ?, ?, ?, 1)"""
_FULL_TEXT = (
    "CREATE VIRTUAL TABLE bare_posts USING fts5(text, content='posts', content_rowid='id')",
    "INSERT INTO bare_posts (bare_posts) VALUES ('rebuild')",
    "CREATE VIRTUAL TABLE bare_bios USING fts5(bio, content='influencers', content_rowid='id')",
    "INSERT INTO bare_bios (bare_bios) VALUES ('rebuild')",
)


def kept(people: int, say: Callable[[str], None]) -> Path:
    """A folder with a database of so many people and their posts, scored without any topic.

    The full-text tables of the bare side stand in it too, built beforehand like our own index.
    """
    return keep(
        f"spoken-{people}",
        _key(),
        lambda new: _make(new, people),
        lambda: say(f"making a database of {people * POSTS:,} posts to listen to …"),
    )


def _make(new: Path, people: int) -> None:
    run(new, "db", "upgrade")
    run(new, "brand", "add", "Bench")
    connection = dbapi.connect(str(new / "irm.db"), isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("BEGIN")
    ids, dice = range(1, people + 1), random.Random(17)
    words = _vocabulary(dice)
    bios = (" ".join(_said(dice, words)) for _ in ids)
    connection.executemany(
        _PEOPLE, ((id, f"Person {id}", bio, AT) for id, bio in zip(ids, bios, strict=False))
    )
    handles = ((id, f"person.{id}") for id in ids)
    connection.executemany(
        _ACCOUNTS,
        ((id, id, key, key, int(10 ** dice.gauss(3.9, 0.7)) + 50, AT) for id, key in handles),
    )
    connection.executemany(
        _RELATIONSHIPS, ((id, id, AT, AT, f"person {id}", NEVER, NEVER) for id in ids)
    )
    connection.executemany(_POSTS, _posts(dice, words, ids))
    for statement in _FULL_TEXT:
        connection.execute(statement)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    run(new, "score")


def add_topics(database: Path) -> None:
    """Give the brand its topics: five words and a phrase each."""
    words = _vocabulary(random.Random(17))
    connection = dbapi.connect(str(database))
    with connection:
        connection.executemany(
            _TOPIC,
            [
                (at + 1, f"Topic {at}", json.dumps(keywords), 1 - at / 20, AT)
                for at, keywords in enumerate(_keywords(words))
            ],
        )
        connection.execute("UPDATE scores SET day = date(day, '-1 day')")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _key() -> str:
    sources = [*(ROOT / "migrations").rglob("*.py"), Path(__file__)]
    return digest([*sources, ROOT / "irm/scoring/stem_index.py"])


def _vocabulary(dice: random.Random) -> list[str]:
    """Invent words that a stemmer leaves as they are: both sides then look for the same."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = (dice.choice("bcdfgklmnprtvz") + dice.choice("aiou") for _ in range(2))
        words["".join(syllables) + dice.choice(ENDINGS)] = None
    return list(words)


def _keywords(words: list[str]) -> list[list[str]]:
    own = [words[-KEYWORDS * (at + 1) :][:KEYWORDS] for at in range(TOPICS)]
    return [[*some[:-2], f"{some[-2]} {some[-1]}"] for some in own]


def _said(dice: random.Random, words: list[str]) -> list[str]:
    """Some words, those at the head of the vocabulary most of all."""
    return [words[int(VOCABULARY * dice.random() ** 3)] for _ in range(dice.randint(10, 20))]


def _posts(dice: random.Random, words: list[str], people: range) -> Iterator[Any]:
    """A third of the people speak of one topic, in four posts out of ten; others by chance."""
    topics, newest, number = _keywords(words), dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), 0
    for person in people:
        topic = dice.choice(topics) if dice.random() < 0.33 else None
        for _ in range(POSTS):
            number += 1
            said = _said(dice, words)
            if topic is not None and dice.random() < 0.4:
                said.insert(dice.randrange(len(said)), dice.choice(topic))
            at = newest - dt.timedelta(minutes=dice.randrange(400 * 1440))
            text = " ".join(said).capitalize() + "."
            yield (
                number,
                person,
                str(number),
                f"{at:%Y-%m-%d %H:%M:%S}.000000",
                text,
                dice.randrange(900),
            )
