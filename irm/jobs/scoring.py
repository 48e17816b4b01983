"""Score people: read facts in chunks, compute on arrays, write what changed.

Everything but a few rows is read as tuples and written by `executemany`, in transactions short
enough that nobody waits for them. What a score is, `irm/scoring` says.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from irm import clock
from irm.db import db
from irm.jobs.scored import BrandColumns, PeopleColumns, Silences
from irm.models import (
    Account,
    Brand,
    Influencer,
    Post,
    Relationship,
    Score,
    Setting,
    Task,
    Topic,
)
from irm.scoring import batch, explanation, rules
from irm.scoring.fit import Weights
from irm.scoring.record import (
    PersonChange,
    RelationshipChange,
    write_people,
    write_relationships,
)
from irm.scoring.relevance import Matcher
from irm.scoring.resonance import WINDOW_DAYS, Expectation

READ = 4000
"""How many people are read and computed together: some tens of megabytes."""

WRITE_PEOPLE = 500
"""How many people are written in one transaction: some tens of milliseconds."""

WRITE_RELATIONSHIPS = 800
"""As many relationships: their sort keys lie scattered over six indexes, so that a short
transaction writes nearly the same pages as a longer one."""

NAP = 0.001
"""Seconds between two transactions."""

T = TypeVar("T")

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Outcome:
    """What a scoring did."""

    people: int = 0
    relationships: int = 0
    changed: int = 0
    lines: dict[str, Expectation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BrandTopics:
    """A brand's weights, and which of all topics are its own."""

    weights: Weights
    places: list[int]


@dataclass(frozen=True, slots=True)
class World:
    """What is the same for everybody in one run."""

    day: dt.date
    rules: rules.Rules
    matcher: Matcher
    brands: dict[int, BrandTopics]


def score(
    session: Session,
    at: dt.datetime,
    brand_id: int | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Score everybody, or the people a brand has a relationship with; commits as it goes.

    First the usual rate of every account is read and the expected lines are fitted, for they
    belong to all; then people are scored a chunk at a time.
    """
    day = at.date()
    outcome = Outcome()
    everybody = _ids(session, None)
    wanted = everybody if brand_id is None else set(_ids(session, brand_id))
    total = len(everybody) + len(wanted)

    tell = progress or _silent
    blocks, done = [], 0
    for ids in _runs(everybody, READ):
        blocks.append(_block(session, ids, day))
        done += len(ids)
        tell(done, total)
    outcome.lines = batch.fit_lines(blocks)
    _keep_lines(session, outcome.lines)
    session.commit()

    world = _world(session, day)
    for block in blocks:
        ids = [one for one in block.people.tolist() if brand_id is None or one in wanted]
        people, relationships = _changes(session, world, block, ids, outcome)
        for some in _runs(people, WRITE_PEOPLE):
            outcome.changed += write_people(session, day, some)
            _commit(session)
        for others in _runs(relationships, WRITE_RELATIONSHIPS):
            outcome.changed += write_relationships(session, day, others)
            _commit(session)
        done += len(ids)
        tell(done, total)
    return outcome


def score_people(session: Session, ids: Sequence[int], at: dt.datetime) -> Outcome:
    """Score a few people anew after a change, against the lines fitted last; commits nothing."""
    outcome = Outcome()
    world = _world(session, at.date())
    known = session.scalars(
        select(Influencer.id).where(*_who(None), Influencer.id.in_(ids)).order_by(Influencer.id)
    ).all()
    for some in _runs(known, READ):
        block = _block(session, some, world.day)
        people, relationships = _changes(session, world, block, some, outcome)
        outcome.changed += write_people(session, world.day, people)
        outcome.changed += write_relationships(session, world.day, relationships)
    return outcome


def run(_app: Flask, task: Task, report: Progress) -> dict[str, Any]:
    """Do a task of kind "score": the people whose ids it names, or a brand's, or all."""
    session, started = db.session, time.perf_counter()
    ids = task.arguments.get("people")
    if ids is None:
        outcome = score(session, clock.now(), task.brand_id, report)
    else:
        outcome = score_people(session, ids, clock.now())
        session.commit()
        report(len(ids), len(ids))
    return {
        "people": outcome.people,
        "relationships": outcome.relationships,
        "changed": outcome.changed,
        "lines": {platform: line.accounts for platform, line in outcome.lines.items()},
        "seconds": round(time.perf_counter() - started, 2),
    }


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def _who(brand_id: int | None) -> list[ColumnElement[bool]]:
    """People we know, not strangers; of one brand, or all."""
    chosen: list[ColumnElement[bool]] = [
        Influencer.known.is_(True),
        Influencer.merged_into_id.is_(None),
    ]
    if brand_id is not None:
        its = select(Relationship.influencer_id).where(Relationship.brand_id == brand_id)
        chosen.append(Influencer.id.in_(its))
    return chosen


def _ids(session: Session, brand_id: int | None) -> Sequence[int]:
    return session.scalars(
        select(Influencer.id).where(*_who(brand_id)).order_by(Influencer.id)
    ).all()


def _runs(rows: Sequence[T], length: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), length):
        yield rows[start : start + length]


def _commit(session: Session) -> None:
    """End a transaction, and let somebody who waits go first."""
    session.commit()
    time.sleep(NAP)


def _among(column: InstrumentedAttribute[Any], ids: Sequence[int]) -> ColumnElement[bool]:
    """Rows of these people: by their range where they stand close together, else one by one."""
    if ids[-1] - ids[0] < 2 * len(ids):
        return column.between(ids[0], ids[-1])
    return column.in_(ids)


def _block(session: Session, ids: Sequence[int], day: dt.date) -> batch.Block:
    """Read the accounts of some people and the counts of their posts of late."""
    chosen = set(ids)
    accounts = (
        session.connection()
        .execute(
            select(
                Account.influencer_id,
                Account.id,
                Account.platform,
                Account.followers,
                Account.likes_average,
                Account.comments_average,
                Account.shares_average,
                Account.views_average,
                Account.engagement_average,
            ).where(Account.is_current, _among(Account.influencer_id, ids))
        )
        .all()
    )
    since = dt.datetime.combine(day, dt.time(), dt.UTC) - dt.timedelta(days=WINDOW_DAYS)
    posts = (
        session.connection()
        .execute(
            select(
                Post.account_id,
                Post.id,
                Post.published_at,
                Post.likes,
                Post.comments,
                Post.shares,
                Post.views,
            )
            .join(Account, Account.id == Post.account_id)
            .where(
                Account.is_current,
                _among(Account.influencer_id, ids),
                or_(Post.published_at >= since, Post.published_at.is_(None)),
            )
        )
        .all()
    )
    accounts = [row for row in accounts if row[0] in chosen]
    known = {row[1] for row in accounts}
    return batch.block(ids, accounts, [row for row in posts if row[0] in known], day)


def _keep_lines(session: Session, lines: dict[str, Expectation]) -> None:
    """Keep the fitted lines for pages, and forget those that no longer rest on enough accounts."""
    kept = {setting.name: setting for setting in session.scalars(rules.settings())}
    names = {rules.EXPECTATION + platform: line for platform, line in lines.items()}
    for name, line in names.items():
        value = {"intercept": line.intercept, "slope": line.slope, "accounts": line.accounts}
        if name not in kept:
            session.add(Setting(name=name, value=value))
        elif kept[name].value != value:
            kept[name].value = value
    for name, setting in kept.items():
        if name.startswith(rules.EXPECTATION) and name not in names:
            session.delete(setting)


def _world(session: Session, day: dt.date) -> World:
    topics = session.scalars(select(Topic).order_by(Topic.id)).all()
    return World(
        day=day,
        rules=rules.rules(session),
        matcher=Matcher([explanation.topic(topic) for topic in topics]),
        brands={
            brand: BrandTopics(
                rules.weights(stored),
                [place for place, topic in enumerate(topics) if topic.brand_id == brand],
            )
            for brand, stored in session.execute(select(Brand.id, Brand.fit_weights))
        },
    )


def _changes(
    session: Session, world: World, block: batch.Block, ids: Sequence[int], outcome: Outcome
) -> tuple[list[PersonChange], list[RelationshipChange]]:
    """Compare what is stored of some people of a block with what it should be."""
    if not ids:
        return [], []
    wanted = set(ids)
    scores = batch.score_people(block, world.rules.overlap, world.rules.expectations)
    stored = (
        session.connection()
        .execute(
            select(
                Influencer.id,
                Influencer.bio,
                Influencer.archetype,
                Influencer.tier,
                Influencer.tier_set_by_id,
                Influencer.tier_reason,
                Influencer.audience,
                Influencer.reach,
                Influencer.resonance,
            ).where(_among(Influencer.id, ids))
        )
        .all()
    )
    stored = [row for row in stored if row.id in wanted]
    people = PeopleColumns(block, scores)
    relationships = (
        session.connection()
        .execute(
            select(
                Relationship.id,
                Relationship.influencer_id,
                Relationship.brand_id,
                Relationship.relevance,
                Relationship.fit,
                Relationship.relevance_order,
                Relationship.fit_order,
                Relationship.reach_order,
                Relationship.resonance_order,
            ).where(_among(Relationship.influencer_id, ids))
        )
        .all()
    )
    relationships = [row for row in relationships if row.influencer_id in wanted]
    said = _speech(session, world, block, ids, {row.id: row.bio for row in stored})

    outcome.people += len(ids)
    outcome.relationships += len(relationships)
    silences = Silences(_silences(session, Score.influencer_id, ids))
    changed_people = [people.change(row, world.rules, silences) for row in stored]
    their = sorted(row.id for row in relationships)
    silences = Silences(_silences(session, Score.relationship_id, their))
    changed = []
    for brand_id, topics in world.brands.items():
        of_brand = [row for row in relationships if row.brand_id == brand_id]
        if of_brand:
            columns = BrandColumns(
                world.matcher.topics, topics.places, people, scores, said, topics.weights
            )
            changed += [columns.change(row, silences) for row in of_brand]
    return (
        [change for change in changed_people if change is not None],
        [change for change in changed if change is not None],
    )


def _speech(
    session: Session,
    world: World,
    block: batch.Block,
    ids: Sequence[int],
    bios: Mapping[int, str | None],
) -> batch.Speech:
    """Read what some people wrote, as far as there are topics to look for."""
    match, topics = world.matcher.match, len(world.matcher.topics)
    wanted, posts = set(ids), []
    if topics:
        texts = session.connection().execute(
            select(Account.influencer_id, Post.id, Post.published_at, Post.text, Post.language)
            .join(Account, Account.id == Post.account_id)
            .where(Account.is_current, _among(Account.influencer_id, ids))
        )
        posts = [
            (person, post, moment, match(text, language))
            for person, post, moment, text, language in texts
            if person in wanted
        ]
    bio_masks = [match(bios.get(one) or "") for one in block.people.tolist()]
    return batch.speech(block.people, posts, bio_masks, topics, world.day)


def _silences(
    session: Session, subject: InstrumentedAttribute[Any], ids: Sequence[int]
) -> Sequence[Any]:
    """Read why scores of people, or of relationships, were written down as not known."""
    if not ids:
        return []
    of_person = Score.relationship_id.is_(None)
    return (
        session.connection()
        .execute(
            select(subject, Score.kind, Score.reasons)
            .where(
                Score.value.is_(None),
                of_person if subject is Score.influencer_id else ~of_person,
                _among(subject, ids),
            )
            .order_by(Score.day)
        )
        .all()
    )
