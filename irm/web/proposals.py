"""Prospects as they are shown: who they are, what they speak of, and the posts that say so."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from irm.db import db
from irm.directory import prospects
from irm.i18n import _, _n
from irm.models import Topic
from irm.scoring import sentences
from irm.scoring.marks import Marker, Piece
from irm.web.timeline import is_web
from irm.web.words import Words, initials

#: Posts shown of each person, and accounts.
POSTS = 3
ACCOUNTS = 4


class Place(NamedTuple):
    """An account, in words."""

    icon: str
    platform: str
    handle: str
    href: str
    followers: str


class Spoken(NamedTuple):
    """A topic somebody speaks of."""

    name: str
    gives: str
    where: str


class Said(NamedTuple):
    """A post that speaks of a topic, from where it does."""

    icon: str
    platform: str
    when: str
    day: str
    href: str
    pieces: list[Piece]


class Proposal(NamedTuple):
    """One person of the list."""

    id: int
    name: str
    initials: str
    about: str
    is_own: bool
    is_aside: bool
    accounts: list[Place]
    scores: list[tuple[str, str]]
    topics: list[Spoken]
    posts: list[Said]
    #: What is said where no topic is named.
    instead: str


def proposals(rows: Sequence[Any], topics: Sequence[Topic], said: Words) -> list[Proposal]:
    """Make what is shown of some rows; two statements, however many they are."""
    accounts: dict[int, list[Any]] = defaultdict(list)
    for one in db.session.execute(prospects.accounts(row.influencer_id for row in rows)):
        accounts[one.influencer_id].append(one)
    named = {row.influencer_id: _posts(row.reasons) for row in rows}
    wanted = {id for ids in named.values() for id in ids}
    posts = {}
    if wanted:
        posts = {post.id: post for post in db.session.execute(prospects.posts(wanted))}
    # What is marked are the words of the topics as they are now.
    marker = Marker([[str(word) for word in topic.keywords] for topic in topics])
    return [
        _proposal(
            row,
            accounts[row.influencer_id],
            # A post may have gone to somebody else since, with its account.
            [
                _said(posts[id], marker, said)
                for id in named[row.influencer_id]
                if id in posts and posts[id].influencer_id == row.influencer_id
            ],
            said,
        )
        for row in rows
    ]


def _posts(reasons: Iterable[Any]) -> list[int]:
    """The first posts that reasons name: the newest of each topic, then those before."""
    by_topic = [one["posts"] for one in reasons if one.get("code") == "relevance.topic"]
    in_turn = (id for ids in zip_longest(*by_topic) for id in ids if id is not None)
    return list(dict.fromkeys(in_turn))[:POSTS]


def _proposal(row: Any, accounts: list[Any], posts: list[Said], said: Words) -> Proposal:
    audience = (
        _("Audience %(audience)s", audience=said.compact(row.audience))
        if row.audience is not None
        else ""
    )
    scores = (
        (_("Relevance"), row.relevance),
        (_("Fit"), row.fit),
        (_("Resonance"), row.resonance),
        (_("Reach"), row.reach),
    )
    topics = [_spoken(one, said) for one in row.reasons if one["code"] == "relevance.topic"]
    return Proposal(
        row.influencer_id,
        row.name,
        initials(row.name),
        " · ".join(part for part in (str(row.tier.label), audience) if part),
        row.is_own,
        row.dismissed_at is not None,
        [_place(one, said) for one in accounts[:ACCOUNTS]],
        [(words, said.score(value)) for words, value in scores],
        topics,
        posts,
        "" if topics else _instead(row.reasons, said),
    )


def _instead(reasons: Sequence[Any], said: Words) -> str:
    if not reasons:
        return _("Not scored yet: that comes by itself in a moment.")
    return sentences.sentence(reasons[0], said.number)


def _spoken(reason: Any, said: Words) -> Spoken:
    posts = _n("%(n)s post", "%(n)s posts", reason["matching"]) if reason["matching"] else ""
    bio = _("in the bio") if reason["bio"] else ""
    return Spoken(
        reason["name"],
        _("gives %(points)s points", points=said.number(round(reason["gives"]))),
        ", ".join(part for part in (posts, bio) if part),
    )


def _place(row: Any, said: Words) -> Place:
    return Place(
        row.platform.value,
        str(row.platform.label),
        row.handle,
        row.url if is_web(row.url) else "",
        said.compact(row.followers) if row.followers is not None else "",
    )


def _said(post: Any, marker: Marker, said: Words) -> Said:
    day = said.day(post.published_at) if post.published_at else None
    return Said(
        post.platform.value,
        str(post.platform.label),
        said.date[day] if day else "",
        day.isoformat() if day else "",
        post.url if is_web(post.url) else "",
        marker.excerpt(post.text, post.language),
    )
