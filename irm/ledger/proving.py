"""The earned stage of relationships: kept after each change, and read anew from its evidence.

`settle` is for relationships whose evidence changed, `due` finds those that time alone may change,
`rebuild` reads all. Whoever has no evidence costs nothing: nobody is touched who is not named.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Date,
    Row,
    String,
    bindparam,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union_all,
    update,
)
from sqlalchemy.orm import Session, attributes

from irm.ledger import evidence
from irm.ledger.evidence import Earned, Fact
from irm.models import (
    Account,
    Brand,
    Direction,
    Interaction,
    Kind,
    Outcome,
    Post,
    PostMention,
    Proof,
    ProofKind,
    Relationship,
    Stage,
    inserts,
)
from irm.models.base import UTCDateTime
from irm.models.keys import fold

#: Relationships settled in one step: bounded memory.
CHUNK = 500

#: Activities that somebody takes part in, as lists and our own form write them, squeezed.
ACTIVITIES = frozenset(
    (
        *("cocreation", "cocreacion", "event", "evenement", "evento", "reaction", "reaccion"),
        *("workshop", "interview", "visit"),
    )
)

#: The columns that are kept here.
DERIVED = ("earned_stage", "earned_on", "earned_check_on")

_ids: BindParameter[Any] = bindparam("ids", expanding=True)
_related = inserts.table_of(Relationship)
_HELD = (
    select(
        Relationship.id,
        Relationship.earned_stage,
        Relationship.earned_on,
        Relationship.earned_check_on,
        Brand.timezone,
        Brand.evidence,
    )
    .join(Brand, Brand.id == Relationship.brand_id)
    .where(Relationship.id.in_(_ids))
    .order_by(Relationship.id)
    .with_for_update(of=Relationship)
)

#: A sum has no index: SQLite would else go through all that was ever said of the brand, once for
#: each relationship, where the posts of the person are a few.
_speaks_of_theirs = (PostMention.post_id == Post.id) & (
    PostMention.brand_id + 0 == Relationship.brand_id
)

#: Activity, kind and outcome, where nothing was logged.
_NOT_LOGGED = (cast(null(), String),) * 3

#: All evidence of some relationships by one statement: what was logged, typed in, published.
_GATHERED: CompoundSelect[Any] = union_all(
    select(
        Interaction.relationship_id.label("of_id"),
        literal("logged").label("what"),
        Interaction.id.label("id"),
        type_coerce(Interaction.direction, String).label("word"),
        type_coerce(Interaction.happened_at, UTCDateTime()).label("at"),
        cast(null(), Date).label("day"),
        cast(null(), Date).label("until"),
        Interaction.activity.label("activity"),
        type_coerce(Interaction.kind, String).label("kind"),
        type_coerce(Interaction.outcome, String).label("outcome"),
    ).where(Interaction.relationship_id.in_(_ids)),
    select(
        Proof.relationship_id,
        literal("typed"),
        Proof.id,
        type_coerce(Proof.kind, String),
        cast(null(), UTCDateTime()),
        Proof.day,
        Proof.until,
        *_NOT_LOGGED,
    ).where(Proof.relationship_id.in_(_ids)),
    select(
        Relationship.id,
        literal("published"),
        Post.id,
        literal(ProofKind.MENTION.value),
        Post.published_at,
        cast(null(), Date),
        cast(null(), Date),
        *_NOT_LOGGED,
    )
    .join(Account, Account.influencer_id == Relationship.influencer_id)
    .join(Post, Post.account_id == Account.id)
    .join(
        PostMention,
        _speaks_of_theirs,
    )
    .where(Relationship.id.in_(_ids), Post.published_at.is_not(None)),
)
_WRITE = (
    update(_related)
    .where(_related.c.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}") for name in DERIVED})
)
_FORGET = update(_related).where(_related.c.id == bindparam("of_id")).values(dismissed_from=None)
_BRANDS = select(Brand.id, Brand.timezone).order_by(Brand.id)
_DUE = (
    select(Relationship.id)
    .where(
        Relationship.earned_check_on <= bindparam("day"),
        Relationship.brand_id == bindparam("brand"),
    )
    .order_by(Relationship.id)
    .limit(CHUNK)
)


class Source(NamedTuple):
    """One proof with the row it rests on."""

    fact: Fact
    #: `logged`, `typed` or `published`.
    what: str
    id: int


class Step(NamedTuple):
    """The last of some relationships that were settled, if there were any; how many differed."""

    last: int | None
    changed: int


class Gathered:
    """The evidence of one relationship, as days at its brand."""

    __slots__ = ("exchanges", "sources")

    def __init__(self, rows: Iterable[Row[Any]], zone: ZoneInfo) -> None:
        self.sources: list[Source] = []
        history: list[tuple[dt.datetime, Direction]] = []
        for row in rows:
            if row.what == "logged":
                direction = Direction(row.word)
                history.append((row.at, direction))
                for kind in _proven(direction, row.activity, row.kind, row.outcome):
                    fact = Fact(kind, row.at.astimezone(zone).date())
                    self.sources.append(Source(fact, row.what, row.id))
            else:
                day = row.day or row.at.astimezone(zone).date()
                fact = Fact(ProofKind(row.word), day, row.until)
                self.sources.append(Source(fact, row.what, row.id))
        self.exchanges = [at.astimezone(zone).date() for at in evidence.exchanges(history)]

    def earned(self, day: dt.date, rules: evidence.Thresholds) -> Earned:
        """What it supports on a day."""
        return evidence.earned([one.fact for one in self.sources], self.exchanges, day, rules)

    def lacking(self, day: dt.date, rules: evidence.Thresholds, to: Stage) -> list[evidence.Lack]:
        """What is missing on a day for a stage and for those below it."""
        facts = [one.fact for one in self.sources]
        return evidence.lacking(facts, self.exchanges, day, rules, to)


def _proven(
    direction: Direction, activity: str | None, kind: str, outcome: str | None
) -> list[ProofKind]:
    """What an interaction proves: that they answered, that they took part.

    Who said yes or no to an ask answered it; who was asked takes part by a yes alone.
    """
    is_ask = kind == Kind.ASK
    answered = is_ask and outcome in (Outcome.ACCEPTED, Outcome.DECLINED)
    if direction is Direction.OUT and not answered:
        return []
    took_part = (not is_ask or outcome == Outcome.ACCEPTED) and _is_activity(activity)
    return [ProofKind.REPLY, ProofKind.ACTIVITY] if took_part else [ProofKind.REPLY]


def _is_activity(activity: str | None) -> bool:
    return bool(activity) and "".join(filter(str.isalnum, fold(activity or ""))) in ACTIVITIES


def gather(session: Session, zones: dict[int, ZoneInfo], but: int = 0) -> dict[int, Gathered]:
    """Read the evidence of some relationships, given with their brands' zones.

    `but` is the id of an interaction that does not count.
    """
    rows: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.connection().execute(_GATHERED, {"ids": list(zones)}):
        if row.what != "logged" or row.id != but:
            rows[row.of_id].append(row)
    return {id: Gathered(rows[id], zone) for id, zone in zones.items()}


def settle(session: Session, ids: Collection[int], at: dt.datetime) -> int:
    """Read the earned stage of these relationships anew; returns how many were another.

    Where the evidence says something else now, what was dismissed may be proposed again.
    """
    wanted = sorted(ids)
    if not wanted:
        return 0
    session.flush()
    return sum(
        _settle_some(session, wanted[start : start + CHUNK], at)
        for start in range(0, len(wanted), CHUNK)
    )


def _settle_some(session: Session, ids: Sequence[int], at: dt.datetime) -> int:
    connection = session.connection()
    held = connection.execute(_HELD, {"ids": ids}).all()
    found = gather(session, {row.id: ZoneInfo(row.timezone) for row in held})
    differing, forgotten = [], []
    for row in held:
        day = at.astimezone(ZoneInfo(row.timezone)).date()
        right = found[row.id].earned(day, evidence.thresholds(row.evidence))
        if (right.stage, right.on, right.check_on) == tuple(row[1:4]):
            continue
        values = zip(DERIVED, (right.stage, right.on, right.check_on), strict=True)
        differing.append({"of_id": row.id, **{f"new_{name}": value for name, value in values}})
        if (right.stage, right.on) != (row.earned_stage, row.earned_on):
            forgotten.append({"of_id": row.id})
    if differing:
        connection.execute(_WRITE, differing)
    if forgotten:
        connection.execute(_FORGET, forgotten)
    return len(differing)


def settle_one(session: Session, relationship: Relationship, at: dt.datetime) -> None:
    """Read the earned stage of one relationship anew, and let the object say it too."""
    if not settle(session, [relationship.id], at):
        return
    names = (*DERIVED, "dismissed_from")
    kept = session.connection().execute(
        select(*(_related.c[name] for name in names)).where(_related.c.id == relationship.id)
    )
    for name, value in zip(names, kept.one(), strict=True):
        attributes.set_committed_value(relationship, name, value)


def settle_due(session: Session, at: dt.datetime) -> int:
    """Settle some of those whose stage time alone may have changed; 0 where none is left."""
    for brand in session.execute(_BRANDS).all():
        day = at.astimezone(ZoneInfo(brand.timezone)).date()
        ids = session.scalars(_DUE, {"brand": brand.id, "day": day}).all()
        if ids:
            settle(session, ids, at)
            return len(ids)
    return 0


def settle_next(session: Session, at: dt.datetime, after: int, brand_id: int | None = None) -> Step:
    """Settle the next relationships by id, of one brand or of every."""
    ids = select(Relationship.id).where(Relationship.id > after)
    if brand_id is not None:
        ids = ids.where(Relationship.brand_id == brand_id)
    found = session.scalars(ids.order_by(Relationship.id).limit(CHUNK)).all()
    return Step(found[-1], settle(session, found, at)) if found else Step(None, 0)


def rebuild(session: Session, at: dt.datetime, brand_id: int | None = None) -> int:
    """Read the earned stage of all anew, of one brand or of every; returns how many differed."""
    step, changed = Step(0, 0), 0
    while step.last is not None:
        step = settle_next(session, at, step.last, brand_id)
        changed += step.changed
    return changed


def of_people(session: Session, people: Iterable[int]) -> list[int]:
    """The relationships of some people, with any brand."""
    found = select(Relationship.id).where(Relationship.influencer_id.in_(_ids))
    return _collect(session, found, people)


def of_posts(session: Session, posts: Iterable[int]) -> list[int]:
    """The relationships of those who published these posts, with any brand."""
    found = (
        select(Relationship.id)
        .join(Account, Account.influencer_id == Relationship.influencer_id)
        .join(Post, Post.account_id == Account.id)
        .where(Post.id.in_(_ids))
    )
    return _collect(session, found, posts)


def _collect(session: Session, statement: Any, ids: Iterable[int]) -> list[int]:
    wanted, found = sorted(ids), set[int]()
    for start in range(0, len(wanted), CHUNK):
        found.update(session.scalars(statement, {"ids": wanted[start : start + CHUNK]}))
    return sorted(found)


def mentioned(session: Session, ids: Iterable[int]) -> list[int]:
    """Those of some new relationships whose people spoke of the brand before it knew them."""
    found = (
        select(Relationship.id)
        .join(Account, Account.influencer_id == Relationship.influencer_id)
        .join(Post, Post.account_id == Account.id)
        .join(
            PostMention,
            _speaks_of_theirs,
        )
        .where(Relationship.id.in_(_ids))
    )
    return _collect(session, found, ids)
