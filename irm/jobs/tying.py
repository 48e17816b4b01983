"""Ties from posts: who answers, names or works with whom, brought up to date in steps.

What posts say is worked out anew for some people at a time and compared with what is stored, so
that a run that broke off, or runs twice, comes to the same end.
"""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import BindParameter, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from irm import clock
from irm.db import db
from irm.directory import mentioned, strangers
from irm.directory.strangers import Newcomer
from irm.imports.ties import ends
from irm.imports.ties.record import End
from irm.jobs.importing.states import NAP, TRIES, Report
from irm.jobs.nights import is_too_soon
from irm.models import (
    Account,
    Influencer,
    LawfulBasis,
    Platform,
    Post,
    Task,
    Tie,
    TieKind,
    TieOrigin,
    inserts,
)
from irm.models.ids import draw

#: People whose posts are read in one step, and texts read at once.
PEOPLE, TEXTS = 200, 2000

#: What is kept as the source of strangers whom posts name.
SOURCE = "posts"

_ties = inserts.table_of(Tie)
_keys: BindParameter[Any] = bindparam("keys", expanding=True)

#: Authors are people whom somebody knows.
_AUTHORS = (
    select(Account.influencer_id)
    .join(Influencer, Influencer.id == Account.influencer_id)
    .where(Influencer.known, Influencer.merged_into_id.is_(None))
)
_TEXTS = (
    select(Account.influencer_id, Account.platform, Post.text, Post.published_at, Post.counts_on)
    .join(Account, Account.id == Post.account_id)
    .where(Account.influencer_id.in_(_keys), Post.text.contains("@"))
    .order_by(Post.id)
)
_STORED = select(
    _ties.c.id,
    _ties.c.from_id,
    _ties.c.to_id,
    _ties.c.kind,
    _ties.c.weight,
    _ties.c.first_seen,
    _ties.c.last_seen,
).where(_ties.c.from_id.in_(_keys), _ties.c.origin == TieOrigin.POSTS, _ties.c.brand_id.is_(None))

#: An account on a platform.
Key = tuple[Platform, str]


class Seen(NamedTuple):
    """How often posts of one person show one tie, and when."""

    posts: int
    first: dt.date | None
    last: dt.date | None

    def on(self, day: dt.date | None) -> "Seen":
        """Return it with one post more."""
        days = [one for one in (self.first, self.last, day) if one]
        return Seen(self.posts + 1, min(days, default=None), max(days, default=None))


_NEVER = Seen(0, None, None)


def run(_app: Flask, task: Task, report: Report) -> dict[str, Any]:
    """Do a task of kind "ties": everybody's posts, or those of `people`."""
    session = db.session
    some = task.arguments.get("people")
    people = _authors(session, some)
    handles = _known_well(session, people)
    counts: dict[str, int] = defaultdict(int)
    for start in range(0, len(people), PEOPLE):
        chunk = people[start : start + PEOPLE]
        for name, n in _step(session, chunk, handles).items():
            counts[name] += n
        report(min(start + PEOPLE, len(people)), len(people))
        time.sleep(NAP)
    return dict(counts)


def queue_nightly(session: Session, now: dt.datetime) -> bool:
    """Queue the reading of everybody's posts, unless it waits, runs or was done lately; commits.

    Says whether it did.
    """
    last = session.execute(
        select(Task.created_at, Task.state)
        .where(Task.kind == "ties", Task.arguments["people"].as_string().is_(None))
        .order_by(Task.id.desc())
        .limit(1)
    ).one_or_none()
    if last is not None:
        if is_too_soon(last, now):
            return False
    elif session.scalar(select(Post.id).limit(1)) is None:
        return False
    session.add(Task(kind="ties", arguments={}, created_at=now))
    session.commit()
    return True


def _authors(session: Session, some: Sequence[int] | None) -> list[int]:
    """The people whose posts are read; those too whose ties are left of posts that are gone."""
    if some is not None:
        asked = _AUTHORS.where(Account.influencer_id.in_(some))
        return sorted(set(session.scalars(asked)))
    has_posts = select(Post.account_id).distinct()
    found = set(session.scalars(_AUTHORS.where(Account.id.in_(has_posts))))
    left = select(Tie.from_id).where(Tie.origin == TieOrigin.POSTS).distinct()
    return sorted(found | set(session.scalars(left)))


def _known_well(session: Session, people: Sequence[int]) -> frozenset[Key]:
    """The accounts that two of these people name, or one of them in two posts.

    Of others nobody makes a stranger: a name that fell once tells nothing.
    """
    once: set[Key] = set()
    enough: set[Key] = set()
    for start in range(0, len(people), PEOPLE):
        for _person, platform, mentions, _day in _mentions(session, people[start : start + PEOPLE]):
            for one in mentions:
                key = (platform, one.key)
                (enough if key in once else once).add(key)
    return frozenset(enough)


def _mentions(
    session: Session, people: Sequence[int]
) -> Iterator[tuple[int, Platform, list[mentioned.Mention], dt.date | None]]:
    """Read the posts of some people: whose, where, whom they name, and their day."""
    rows = session.connection().execute(_TEXTS, {"keys": list(people)})
    for row in rows.yield_per(TEXTS):
        found = mentioned.read(row.text, row.platform)
        if found:
            day = row.published_at.date() if row.published_at else row.counts_on
            yield row.influencer_id, row.platform, found, day


def _step(session: Session, people: Sequence[int], handles: frozenset[Key]) -> dict[str, int]:
    """Bring the ties of some people up to date; again where somebody else writes the same."""
    for attempt in range(1, TRIES + 1):
        try:
            done = _bring(session, people, handles)
            session.commit()
            return done
        except (IntegrityError, OperationalError):
            session.rollback()
            if attempt == TRIES:
                raise
            time.sleep(attempt * NAP)
    return {}


def _bring(session: Session, people: Sequence[int], handles: frozenset[Key]) -> dict[str, int]:
    said, named = _said(session, people)
    at = clock.now()
    owners, made = _owners(session, named, handles, at)
    wanted: dict[tuple[int, int, TieKind], Seen] = {}
    for (person, key, kind), seen in said.items():
        owner = owners.get(key)
        if owner is not None and owner != person:
            # Two accounts of one person are one end.
            before = wanted.get((person, owner, kind))
            wanted[person, owner, kind] = _both(before, seen) if before else seen
    stored = {
        (row.from_id, row.to_id, row.kind): row
        for row in session.connection().execute(_STORED, {"keys": list(people)})
    }
    gone = [row.id for key, row in stored.items() if key not in wanted]
    changed = [
        {"of_id": row.id, **_columns(wanted[key])}
        for key, row in stored.items()
        if key in wanted and (row.weight, row.first_seen, row.last_seen) != _values(wanted[key])
    ]
    new = [key for key in wanted if key not in stored]
    for start in range(0, len(gone), strangers.CHUNK):
        some = gone[start : start + strangers.CHUNK]
        session.execute(delete(Tie).where(Tie.id.in_(some)))
    if changed:
        values: dict[str, Any] = {
            name: bindparam(name) for name in ("weight", "first_seen", "last_seen")
        }
        statement = update(_ties).where(_ties.c.id == bindparam("of_id")).values(values)
        session.connection().execute(statement, changed)
    _add(session, {key: wanted[key] for key in new}, at)
    return {"added": len(new), "changed": len(changed), "removed": len(gone), "strangers": made}


def _said(
    session: Session, people: Sequence[int]
) -> tuple[dict[tuple[int, Key, TieKind], Seen], dict[Key, str]]:
    """What the posts of some people say, and how each account they name is written."""
    said: dict[tuple[int, Key, TieKind], Seen] = {}
    named: dict[Key, str] = {}
    for person, platform, mentions, day in _mentions(session, people):
        for one in mentions:
            key = (platform, one.key)
            named.setdefault(key, one.handle)
            about = (person, key, one.kind)
            said[about] = said.get(about, _NEVER).on(day)
    return said, named


def _owners(
    session: Session, named: dict[Key, str], handles: frozenset[Key], at: dt.datetime
) -> tuple[dict[Key, int], int]:
    """Whose the named accounts are; those named often enough become strangers, and how many."""
    owners: dict[Key, int] = {}
    made = 0
    size, keys = strangers.CHUNK, list(named)
    for start in range(0, len(keys), size):
        some = {
            key: End(key[0], named[key], key[1]) for key in keys[start : start + strangers.CHUNK]
        }
        by_end = {end.key: key for key, end in some.items()}
        found = ends.find(session, {end.key: end for end in some.values()}, 0, to_write=False)
        new = [some[by_end[at_key]] for at_key, who in found.items() if who.id is None]
        new = [end for end in new if (end.platform, end.handle_key) in handles]
        barred = set(ends.erased(session, new))
        new = [end for end in new if end.key not in barred]
        for at_key, who in found.items():
            if who.id is not None:
                owners[by_end[at_key]] = who.id
        people, _accounts = strangers.make(
            session,
            [Newcomer(end.platform, end.handle) for end in new],
            source=SOURCE,
            lawful_basis=LawfulBasis.LEGITIMATE_INTEREST.value,
            at=at,
        )
        made += len(new)
        for end, id in zip(new, people, strict=True):
            owners[end.platform, end.handle_key] = id
    return owners, made


def _add(session: Session, new: dict[tuple[int, int, TieKind], Seen], at: dt.datetime) -> None:
    if not new:
        return
    ids = draw(session, {Tie: len(new)})[Tie]
    rows = [
        {"id": id, "from_id": origin, "to_id": target, "kind": kind, **_columns(seen)}
        for id, ((origin, target, kind), seen) in zip(ids, new.items(), strict=True)
    ]
    shared = {"origin": TieOrigin.POSTS, "brand_id": None, "is_mutual": False, "created_at": at}
    inserts.put(session, Tie, rows, **shared)


def _columns(seen: Seen) -> dict[str, Any]:
    return dict(zip(("weight", "first_seen", "last_seen"), _values(seen), strict=True))


def _values(seen: Seen) -> tuple[float, dt.date | None, dt.date | None]:
    return float(seen.posts), seen.first, seen.last


def _both(one: Seen, other: Seen) -> Seen:
    firsts = [day for day in (one.first, other.first) if day]
    lasts = [day for day in (one.last, other.last) if day]
    return Seen(one.posts + other.posts, min(firsts, default=None), max(lasts, default=None))
