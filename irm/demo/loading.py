"""Writing the demo: some people at a time, so that nobody waits for the whole."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from irm.demo import absent, campaigned, reviewed, tied
from irm.demo.asks import Asks
from irm.demo.diary import Team
from irm.demo.evidence import Evidence
from irm.demo.facts import Facts
from irm.demo.history import History
from irm.demo.pauses import Pauses
from irm.demo.people import Chunk, People, Row, size_of
from irm.demo.promised import Promised
from irm.directory import search
from irm.ledger import counters, mentions, proving
from irm.models import (
    Account,
    Base,
    ContactPoint,
    Influencer,
    Interaction,
    InteractionColleague,
    Post,
    Proof,
    Prospect,
    Relationship,
    Snapshot,
    StageMove,
    Touchpoint,
    Visibility,
    inserts,
)
from irm.models.ids import draw

#: How likely somebody cares for what the brand cares for, by how far the relationship came.
KINSHIP = (0.6, 0.75, 0.9, 0.96, 1.0)

#: People written in one transaction: some thousand rows.
CHUNK = 400

#: At most so many people beside them are but looked through, and how likely they care.
OUTSIDE, OUTSIDE_KINSHIP = 24, 0.65


def load(
    session: Session, team: Team, *, influencers: int, seed: int, today: dt.date
) -> Iterator[int]:
    """Write so many invented people with their histories, yielding how many after each chunk.

    A few more stand outside the funnel, to be discovered. The caller commits at each yield.
    Same seed, same day: same data.
    """
    rng = random.Random(seed)  # nosec B311  # dice
    size = size_of(influencers)
    taken = set(session.scalars(select(Account.handle_key)))
    people = People(rng, size, today, taken)
    history = History(rng, size, today, team)
    evidence = Evidence(seed, today)
    asks, pauses = Asks(seed, today, team), Pauses(seed, today, team)
    promised = Promised(seed, today, team)
    facts = Facts(seed, today, team)
    for start in range(0, influencers, CHUNK):
        chunk = Chunk()
        for _one in range(min(CHUNK, influencers - start)):
            stage = history.stage()
            born = history.birth(stage)
            posts = len(chunk.posts)
            person = people.invent(chunk, born, KINSHIP[stage])
            history.invent(chunk, person, stage, born)
            evidence.invent(chunk, len(chunk.posts) - posts, team.lead)
        asks.end(chunk.interactions)
        facts.give(chunk)
        _write(session, chunk, team.brand_id)
        _prove(session, chunk, today)
        asks.plan(session, chunk)
        pauses.invent(session, chunk)
        promised.invent(session, chunk)
        facts.invent(session, chunk)
        yield start + len(chunk.people)
    _write(session, _outside(people, min(OUTSIDE, influencers // 10), team, today), team.brand_id)
    reviewed.hold(session, team, today)
    absent.hold(session, team, today)
    campaigned.hold(session, team, seed=seed, today=today)
    tied.hold(session, team, seed=seed, today=today)
    yield influencers


def _outside(people: People, count: int, team: Team, today: dt.date) -> Chunk:
    """Invent people whom the brand has but looked at, as a list brought them a week ago."""
    chunk = Chunk()
    at = dt.datetime.combine(today, dt.time(9), dt.UTC) - dt.timedelta(days=7)
    for number in range(count):
        people.invent(chunk, at, OUTSIDE_KINSHIP)
        chunk.prospects.append(
            {
                "brand_id": team.brand_id,
                "influencer_id": number,
                "is_own": True,
                "reasons": [],
                "created_at": at,
            }
        )
    return chunk


def count(session: Session, team: Team) -> None:
    """Count the board's cells, once everybody is there."""
    counters.recount(session, team.brand_id)


def _write(session: Session, chunk: Chunk, brand_id: int) -> None:
    people = _put(session, Influencer, chunk.people)
    _point(chunk.accounts, influencer_id=people)
    accounts = _put(session, Account, chunk.accounts)
    _point(chunk.snapshots, account_id=accounts)
    _put(session, Snapshot, chunk.snapshots)
    _point(chunk.posts, account_id=accounts)
    _put(session, Post, chunk.posts)
    _point(chunk.contacts, influencer_id=people)
    _put(session, ContactPoint, chunk.contacts)

    _point(chunk.prospects, influencer_id=people)
    _put(session, Prospect, chunk.prospects)
    _point(chunk.relationships, influencer_id=people)
    relationships = _put(session, Relationship, chunk.relationships)
    _point(chunk.moves, relationship_id=relationships)
    _put(session, StageMove, chunk.moves)
    _point(chunk.touchpoints, relationship_id=relationships)
    touchpoints = _put(session, Touchpoint, chunk.touchpoints)
    _point(chunk.interactions, relationship_id=relationships, touchpoint_id=touchpoints)
    interactions = _put(session, Interaction, chunk.interactions)
    _point(chunk.participants, interaction_id=interactions)
    inserts.put(session, InteractionColleague, chunk.participants)
    _point(chunk.proofs, relationship_id=relationships)
    _put(session, Proof, chunk.proofs)
    search.index_entries(session, _entries(chunk, brand_id))


def _prove(session: Session, chunk: Chunk, today: dt.date) -> None:
    mentions.read(session, [row["id"] for row in chunk.posts])
    noon = dt.datetime.combine(today, dt.time(12), dt.UTC)
    proving.settle(session, [row["id"] for row in chunk.relationships], noon)


def _entries(chunk: Chunk, brand_id: int) -> Iterator[Row]:
    """What can be found of these people: names, handles, contacts, notes, posts."""
    of = {row["id"]: row["influencer_id"] for row in chunk.relationships}
    for person in chunk.people:
        known = {"influencer_id": person["id"], "source_id": person["id"]}
        yield {**known, "source": "name", "text": person["name"]}
    for account in chunk.accounts:
        known = {"influencer_id": account["influencer_id"], "source_id": account["id"]}
        yield {**known, "source": "handle", "text": account["handle"]}
    owners = {account["id"]: account["influencer_id"] for account in chunk.accounts}
    for post in chunk.posts:
        known = {"influencer_id": owners[post["account_id"]], "source_id": post["id"]}
        yield {**known, "source": "post", "text": post["text"]}
    for contact in chunk.contacts:
        known = {"influencer_id": contact["influencer_id"], "source_id": contact["id"]}
        yield {**known, "source": "contact", "text": contact["value"]}
    for row in chunk.interactions:
        yield {
            "influencer_id": of[row["relationship_id"]],
            "brand_id": brand_id,
            "relationship_id": row["relationship_id"],
            "author_id": row["author_id"] if row["visibility"] is Visibility.PRIVATE else None,
            "source": "note",
            "source_id": row["id"],
            "text": row["summary"],
        }


def _point(rows: list[Row], **targets: Sequence[int]) -> None:
    """Let rows point at the ids their targets were given."""
    for row in rows:
        for name, ids in targets.items():
            if row[name] is not None:
                row[name] = ids[row[name]]


def _put(session: Session, model: type[Base], rows: list[Row]) -> Sequence[int]:
    """Insert rows, the numbered ones under ids drawn for them; returns those ids in order."""
    if not rows:
        return ()
    drawn: Sequence[int] = ()
    if "id" in rows[0]:
        drawn = _draw(session, model, len(rows))
        for row, id in zip(rows, drawn, strict=True):
            row["id"] = id
    inserts.put(session, model, rows)
    return drawn


def _draw(session: Session, model: type[Base], count: int) -> Sequence[int]:
    """Draw ids, on SQLite within our turn, which touching no row takes."""
    if session.get_bind().dialect.name == "sqlite":
        table = inserts.table_of(model)
        session.connection().execute(update(table).where(table.c.id < 0).values(id=table.c.id))
    return draw(session, {model: count})[model]
