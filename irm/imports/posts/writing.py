"""Writes what was decided on posts: all of it or nothing, in the caller's transaction."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from irm.directory import search
from irm.imports import bulk
from irm.imports.kinds import Step
from irm.imports.posts import authors
from irm.imports.posts.matching import Decision, Held
from irm.imports.posts.record import Counts
from irm.ledger import mentions, proving
from irm.models import Post, PostSnapshot, inserts
from irm.models.ids import draw


def write(session: Session, decisions: Sequence[Decision], step: Step, at: dt.datetime) -> None:
    """Write people, posts and their days, and note what was done."""
    groups = list({id(one.group): one.group for one in decisions if one.group}.values())
    authors.write(session, groups, step)
    for one in decisions:
        if one.group:
            one.influencer_id = one.group.settled.influencer_id
    posts = list({id(one.post): one.post for one in decisions if one.post}.values())
    fresh = [post for post in posts if post.id is None]
    changed = [(post, changes) for post in posts if post.id and (changes := post.changed())]
    _add(session, fresh, step)
    _change(session, changed, step)
    reworded = [post.id for post, changes in changed if {"text", "published_at"} & changes.keys()]
    _prove(session, [*(post.id for post in fresh), *reworded], at)
    days = _days(session, posts, step)
    stirred = [*fresh, *(post for post, _ in changed), *days]
    step.touched.update(_person(post) for post in stirred)


def _add(session: Session, fresh: Sequence[Held], step: Step) -> None:
    if not fresh:
        return
    new = draw(session, {Post: len(fresh)})[Post]
    for post, id in zip(fresh, new, strict=True):
        post.id = id
    inserts.put(
        session,
        Post,
        [{"id": post.id, "account_id": _account(post), **post.columns} for post in fresh],
    )
    step.creates(Post, new)
    search.index_entries(session, (_entry(post) for post in fresh if post.columns["text"]))


def _change(
    session: Session,
    changed: Iterable[tuple[Held, Mapping[str, tuple[Any, Any]]]],
    step: Step,
) -> None:
    rows = []
    for post, changes in changed:
        assert post.id is not None
        rows.append({"of_id": post.id, **{name: after for name, (_, after) in changes.items()}})
        noted = {name: (_plain(was), _plain(now)) for name, (was, now) in changes.items()}
        step.changes(Post, post.id, noted)
        if "text" not in changes:
            continue
        if changes["text"][0]:
            search.reindex(session, "post", post.id, changes["text"][1])
        else:
            search.index_entries(session, [_entry(post)])
    bulk.update(session, Post, rows)


def _prove(session: Session, posts: Iterable[int | None], at: dt.datetime) -> None:
    """Note which posts speak of a brand; whoever wrote one has given a sign of life."""
    ids = [id for id in posts if id is not None]
    spoken = mentions.read(session, ids)
    if spoken:
        proving.settle(session, proving.of_posts(session, spoken), at)


def _days(session: Session, posts: Iterable[Held], step: Step) -> list[Held]:
    """Write the days that are new or say otherwise; return the posts they are of."""
    stirred, fresh, changed = [], [], []
    for post in posts:
        for day, counts in post.days.items():
            stored = post.stored_days.get(day)
            if counts == stored:
                continue
            stirred.append(post)
            if stored is None:
                fresh.append({"post_id": post.id, "day": day, **counts._asdict()})
            else:
                changed.append({"of_id": post.day_ids[day], **counts._asdict()})
                step.changes(PostSnapshot, post.day_ids[day], _both(stored, counts))
    if fresh:
        new = draw(session, {PostSnapshot: len(fresh)})[PostSnapshot]
        rows = [{"id": id, **row} for id, row in zip(new, fresh, strict=True)]
        inserts.put(session, PostSnapshot, rows)
        step.creates(PostSnapshot, new)
    bulk.update(session, PostSnapshot, changed)
    return stirred


def _both(was: Counts, now: Counts) -> dict[str, tuple[int | None, int | None]]:
    pairs = zip(Counts._fields, was, now, strict=True)
    return {name: (before, after) for name, before, after in pairs if before != after}


def _entry(post: Held) -> dict[str, Any]:
    return {
        "influencer_id": _person(post),
        "source": "post",
        "source_id": post.id,
        "text": post.columns["text"],
    }


def _account(post: Held) -> int:
    account = post.group.account
    assert account is not None
    assert account.id is not None
    return account.id


def _person(post: Held) -> int:
    person = post.group.settled.influencer_id
    assert person is not None
    return person


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
