"""The people of a brand as a list: sorted, filtered, and paged by key."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    String,
    Subquery,
    bindparam,
    cast,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from irm.directory import search, teams
from irm.directory.columns import DEFAULT, expressions, owner
from irm.directory.sorting import BACKWARDS, KEYS, LOWEST, Sort
from irm.directory.teams import Teams
from irm.errors import Refused
from irm.i18n import _l
from irm.models import (
    Account,
    ContactPoint,
    Influencer,
    Platform,
    Relationship,
    RelationshipTag,
    Stage,
    Tag,
    Tier,
)
from irm.models.aside import aside
from irm.models.base import Rows
from irm.models.relationship import UNKNOWN_ORDER
from irm.named_rows import named

PAGE = 50

#: Beyond this many, a filtered count says "10,000+".
COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list or board is narrowed to; an empty one keeps everybody."""

    stage: Stage | None = None
    tier: Tier | None = None
    #: 0 stands for people without an owner.
    owner_id: int | None = None
    #: People whose owner is in one of these.
    teams: Teams | None = None
    platform: Platform | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filter()

    @property
    def is_counted(self) -> bool:
        """Whether the kept counters know how many these are."""
        return self.platform is None and not self.text.strip()


#: What every row of the list has.
_COLUMNS = (
    Relationship.id,
    Relationship.influencer_id,
    Influencer.name,
    Influencer.archived_at,
)


def page(
    session: Session,
    brand_id: int,
    conditions: Sequence[ColumnElement[bool]],
    sort: Sort,
    after: str | None = None,
    size: int = PAGE,
    *,
    columns: tuple[str, ...] = DEFAULT,
    archived: str = "",
    rank: ColumnElement[int] | None = None,
) -> list[Any]:
    """A page of the list, and one row more where there are more.

    `after` is the token of the row that the page comes behind; `rank` is how good a match is,
    where the list is sorted by that.
    Raises Refused where nobody's page ended there: the token was typed by hand.
    """
    if rank is not None and sort is Sort.MATCH:
        best = _best(brand_id, conditions, rank, after, size + 1, archived).subquery("best")
        return named(session.execute(_ranked(columns, best)))
    values = _key_of(sort, after) if after is not None else {}
    if sort in LOWEST:
        wanted = rows(brand_id, conditions, sort, columns, archived)
        return _lowest(session, wanted, KEYS[sort], values, size + 1)
    statement = _page(brand_id, sort, size + 1, after is not None, columns, archived)
    if conditions:
        statement = statement.where(*conditions)
    return named(session.execute(statement, values))


def _lowest(
    session: Session,
    wanted: Rows,
    key: ColumnElement[float] | InstrumentedAttribute[float],
    after: dict[str, Any],
    limit: int,
) -> list[Any]:
    """The lowest scores first, and behind them what is not known, which has the highest key."""
    behind: list[ColumnElement[bool]] = []
    above = after.get("above_key")
    if above is not None:
        last = tuple_(literal(above), literal(after["above_id"]))
        behind = [tuple_(key, Relationship.id) < last]
    found: list[Any] = []
    if above is None or above < UNKNOWN_ORDER:
        known = wanted.where(key < UNKNOWN_ORDER, *behind)
        found += named(session.execute(known.limit(limit)))
        behind = []
    if len(found) < limit:
        others = wanted.where(key == UNKNOWN_ORDER, *behind)
        found += named(session.execute(others.limit(limit - len(found))))
    return found


def _best(
    brand_id: int,
    conditions: Sequence[ColumnElement[bool]],
    rank: ColumnElement[int],
    after: str | None,
    limit: int,
    archived: str,
) -> Rows:
    """The best matches, by id and rank alone: the rest is read of those that are shown."""
    order = (rank, Relationship.fit_order, Relationship.id)
    best = (
        select(Relationship.id, rank.label("rank"))
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.brand_id == brand_id, is_listed(archived), *conditions)
        .order_by(*order)
        .limit(limit)
    )
    if after is None:
        return best
    found, key = _ranked_key(after)
    return best.where(tuple_(*order) > tuple_(literal(found), *map(literal, key)))


def _ranked(columns: tuple[str, ...], best: Subquery) -> Rows:
    return (
        _chosen(columns, Sort.MATCH)
        .add_columns(best.c.rank)
        .join(best, best.c.id == Relationship.id)
        .order_by(best.c.rank, Relationship.fit_order, Relationship.id)
    )


@lru_cache(256)
def _page(
    brand_id: int,
    sort: Sort,
    limit: int,
    goes_on: bool,
    columns: tuple[str, ...],
    archived: str,
) -> Rows:
    """The statement for everybody, kept: to put it together takes longer than to ask it."""
    statement = rows(brand_id, (), sort, columns, archived).limit(limit)
    if not goes_on:
        return statement
    key = KEYS[sort]
    above = (bindparam("above_key", type_=key.type), bindparam("above_id", type_=Integer()))
    place, limits = tuple_(key, Relationship.id), tuple_(*above)
    return statement.where(place < limits if sort is Sort.ADDED else place > limits)


def rows(
    brand_id: int,
    conditions: Sequence[ColumnElement[bool]],
    sort: Sort,
    columns: tuple[str, ...] = DEFAULT,
    archived: str = "",
) -> Rows:
    """Select the rows of a brand's list that meet the conditions, in order.

    Each row is plain columns: those of every row, those of the chosen columns, and `account`, the
    largest account, its platform and its handle with a space between; `order_key` is last: what
    the next page begins after.
    """
    order: list[Any] = [KEYS[sort], Relationship.id]
    if sort in BACKWARDS:
        order = [one.desc() for one in order]
    return (
        _chosen(columns, sort)
        .where(Relationship.brand_id == brand_id, is_listed(archived), *conditions)
        .order_by(*order)
    )


@lru_cache(256)
def _chosen(columns: tuple[str, ...], sort: Sort) -> Rows:
    return (
        select(
            *_COLUMNS,
            *expressions(columns),
            _largest_account().label("account"),
            KEYS[sort].label("order_key"),
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(owner, owner.id == Relationship.owner_id, isouter=True)
    )


def _largest_account() -> Any:
    return (
        select(type_coerce(Account.platform, String) + " " + Account.handle)
        .where(Account.influencer_id == Relationship.influencer_id, Account.is_current)
        .order_by(func.coalesce(Account.followers, -1).desc(), Account.id)
        .limit(1)
        .correlate(Relationship)
        .scalar_subquery()
    )


def is_listed(archived: str = "") -> ColumnElement[bool]:
    """The condition on Influencer that leaves out strangers, merged and archived people.

    `archived` lets those in the archive in: `any`, or `yes` for them alone.
    """
    here = Influencer.known & Influencer.merged_into_id.is_(None)
    if archived == "any":
        return here
    is_here = Influencer.archived_at.is_(None)
    return here & (~is_here if archived == "yes" else is_here)


def conditions(
    session: Session, filter: Filter, reader: search.Reader
) -> list[ColumnElement[bool]]:
    """What a filter asks of Relationship and Influencer; a text asks the search index."""
    found: list[ColumnElement[bool]] = []
    if filter.stage is not None:
        found.append(Relationship.stage == filter.stage)
    if filter.tier is not None:
        # Many are of a tier: the list is walked in its order, passing by the others.
        found.append(aside(Influencer.tier.expression) == filter.tier)
    if filter.owner_id is not None:
        found.append(
            Relationship.owner_id.is_(None)
            if filter.owner_id == 0
            else Relationship.owner_id == filter.owner_id
        )
    if filter.teams is not None:
        found.append(teams.look_after(session, filter.teams, PAGE))
    if filter.platform is not None:
        found.append(
            select(Account.id)
            .where(
                Account.influencer_id == Relationship.influencer_id,
                Account.platform == filter.platform,
                Account.is_current,
            )
            .exists()
        )
    if filter.text.strip():
        found.append(search.restrict(session, filter.text, reader))
    return found


def page_token(row: Any) -> str:
    """What the address of the next page carries: the last row's key and id."""
    rank = getattr(row, "rank", None)
    return f"{row.order_key}~{row.id}" if rank is None else f"{rank}~{row.order_key}~{row.id}"


def _key_of(sort: Sort, token: str) -> dict[str, Any]:
    value, _tilde, id = token.rpartition("~")
    try:
        typed: Any = value
        if sort is Sort.NEXT or sort is Sort.CONTACT:
            typed = dt.date.fromisoformat(value)
        elif sort is Sort.ADDED:
            typed = dt.datetime.fromisoformat(value).astimezone(dt.UTC)
        elif sort is not Sort.NAME:
            typed = float(value)
        return {"above_key": typed, "above_id": _id(id)}
    except (ValueError, OverflowError):
        raise Refused(_NO_PAGE) from None


def _ranked_key(token: str) -> tuple[int, tuple[float, int]]:
    rank, _tilde, rest = token.partition("~")
    if not rank.isdecimal() or len(rank) > 2:
        raise Refused(_NO_PAGE)
    key = _key_of(Sort.MATCH, rest)
    return int(rank), (key["above_key"], key["above_id"])


_NO_PAGE = _l("This page address is not valid; begin at the first page.")


def _id(digits: str) -> int:
    if not digits.isdecimal() or len(digits) > 9:
        raise ValueError(digits)
    return int(digits)


def count(
    session: Session,
    brand_id: int,
    conditions: Sequence[ColumnElement[bool]],
    archived: str = "",
) -> int:
    """Count what meets the conditions, up to COUNTED + 1."""
    some = (
        select(Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.brand_id == brand_id, is_listed(archived), *conditions)
        .limit(COUNTED + 1)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0


_current = select(
    literal("account").label("what"),
    cast(Account.platform, String).label("kind"),
    Account.handle.label("value"),
    Account.url,
    Account.followers,
    Account.figures_on,
    Account.id,
).where(Account.influencer_id == bindparam("influencer_id"), Account.is_current)

_direct = select(
    literal("contact"),
    ContactPoint.kind,
    ContactPoint.value,
    literal(None, String),
    literal(None, BigInteger),
    literal(None, Date),
    ContactPoint.id,
).where(ContactPoint.influencer_id == bindparam("influencer_id"))

_tagged = (
    select(
        literal("tag"),
        literal(None, String),
        Tag.name,
        literal(None, String),
        literal(None, BigInteger),
        literal(None, Date),
        Tag.id,
    )
    .join(RelationshipTag, RelationshipTag.tag_id == Tag.id)
    .where(RelationshipTag.relationship_id == bindparam("relationship_id"))
)

_ways = union_all(_current, _direct, _tagged).subquery("ways")

#: `what kind value url followers figures_on` of the current accounts of `influencer_id`, largest
#: first, of the ways to write to or call them, and of the tags of `relationship_id`: `account` and
#: a platform, `contact` and a kind, or `tag`; `id` is that of the row.
WAYS = select(_ways).order_by(_ways.c.what, func.coalesce(_ways.c.followers, -1).desc(), _ways.c.id)


def lookup(session: Session, query: str, reader: search.Reader, limit: int = 8) -> Rows:
    """Select the best few people a half-typed name may mean: `id influencer_id name stage`."""
    found = search.find(session, query, reader)
    order = [Relationship.fit_order, Relationship.id]
    return (
        select(
            Relationship.id,
            Relationship.influencer_id,
            Influencer.name,
            Relationship.stage,
            Influencer.tier,
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.brand_id == reader.brand_id, is_listed(), found.condition, *reader.seen)
        .order_by(*([] if found.rank is None else [found.rank]), *order)
        .limit(limit)
    )
