"""Which posts speak of which topics: everybody's by the index of stems, a few people's by reading.

The index names the posts that may; their texts alone are read, by the `Matcher` that reads the
texts of one person too. So both ways give the same.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from irm.jobs.scoring import reading
from irm.models import Account, Post
from irm.scoring import batch, stem_index
from irm.scoring.relevance import Matcher

INDEXED = 1000
"""Posts that enter the index in one transaction: some tens of milliseconds."""

READ = 900
"""Posts whose texts are asked for at once: so many parameters every SQLite takes."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was heard, and whose posts speak of which topics: person → bit mask."""

    heard: batch.Heard
    speakers: dict[int, int]


def bring_up_to_date(session: Session) -> Iterator[int]:
    """Put all posts into the index that are not in it, a few at a time; say each time how many.

    The caller commits in between.
    """
    reader = stem_index.Reader()
    while read := stem_index.read_new(session, reader, INDEXED):
        yield read


def everybody(session: Session, matcher: Matcher) -> Hearing:
    """Listen to all posts that are in the index."""
    if not matcher.topics:
        return Hearing(batch.Heard({}, ()), {})
    terms = stem_index.Reader().terms(matcher.topics)
    masks: dict[int, int] = {}
    speakers: dict[int, int] = {}
    for person, post, text, language in _texts(session, stem_index.find(session, terms)):
        mask = matcher.match(text, language)
        if mask:
            masks[post] = mask
            speakers[person] = speakers.get(person, 0) | mask
    return Hearing(batch.Heard(masks, stem_index.wordless(session)), speakers)


def some(session: Session, matcher: Matcher, ids: Sequence[int]) -> Hearing:
    """Listen to the posts of some people, be they in the index or not."""
    if not matcher.topics:
        return Hearing(batch.Heard({}, ()), {})
    found = {
        post: matcher.match(text, language)
        for _person, post, text, language in reading.texts(session, ids)
    }
    masks = {post: mask for post, mask in found.items() if mask}
    return Hearing(batch.Heard(masks, [one for one in found if found[one] is None]), {})


_TEXTS = (
    select(Account.influencer_id, Post.id, Post.text, Post.language)
    .join(Account, Account.id == Post.account_id)
    .where(Post.id.in_(bindparam("ids", expanding=True)), Account.is_current)
)


def _texts(session: Session, ids: Collection[int]) -> Iterator[Any]:
    wanted = list(ids)
    connection = session.connection()
    for start in range(0, len(wanted), READ):
        yield from connection.execute(_TEXTS, {"ids": wanted[start : start + READ]})
