"""The people of a brand as a list: sorted, filtered, and paged by key."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    String,
    bindparam,
    cast,
    func,
    literal,
    select,
    tuple_,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from irm.directory import search
from irm.errors import Refused
from irm.i18n import _l
from irm.models import Account, ContactPoint, Influencer, Platform, Relationship, Stage, Tier, User
from irm.models.base import LabelledEnum, Rows

PAGE = 50

#: Beyond this many, a filtered count says "10,000+".
COUNTED = 10_000


class Sort(LabelledEnum):
    """By what a list is sorted; reach is never the default."""

    FIT = "fit", _l("Fit")
    NAME = "name", _l("Name")
    RELEVANCE = "relevance", _l("Relevance")
    RESONANCE = "resonance", _l("Resonance")
    REACH = "reach", _l("Reach")
    CONTACT = "contact", _l("Longest without contact")
    NEXT = "next", _l("Next touchpoint")


_KEYS: dict[Sort, InstrumentedAttribute[Any]] = {
    Sort.FIT: Relationship.fit_order,
    Sort.NAME: Relationship.name_order,
    Sort.RELEVANCE: Relationship.relevance_order,
    Sort.RESONANCE: Relationship.resonance_order,
    Sort.REACH: Relationship.reach_order,
    Sort.CONTACT: Relationship.contact_order,
    Sort.NEXT: Relationship.next_order,
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list or board is narrowed to; an empty one keeps everybody."""

    stage: Stage | None = None
    tier: Tier | None = None
    #: 0 stands for people without an owner.
    owner_id: int | None = None
    platform: Platform | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Filter()

    @property
    def is_counted(self) -> bool:
        """Whether the kept counters know how many these are."""
        return self.platform is None and not self.text.strip()


owner = aliased(User, name="owner")

#: What a row of the list shows.
_COLUMNS = (
    Relationship.id,
    Relationship.influencer_id,
    Influencer.name,
    Influencer.tier,
    Influencer.audience,
    Influencer.reach,
    Influencer.resonance,
    Relationship.relevance,
    Relationship.fit,
    Relationship.stage,
    Relationship.last_contact_at,
    Relationship.next_touchpoint_on,
    owner.name.label("owner_name"),
)


def page(
    session: Session,
    brand_id: int,
    conditions: Sequence[ColumnElement[bool]],
    sort: Sort,
    after: str | None = None,
    size: int = PAGE,
) -> list[Any]:
    """A page of the list, and one row more where there are more.

    `after` is the token of the row that the page comes behind.
    Raises Refused where nobody's page ended there: the token was typed by hand.
    """
    values = _key_of(sort, after) if after is not None else {}
    statement = _page(brand_id, sort, size + 1, after is not None)
    if conditions:
        statement = statement.where(*conditions)
    return list(session.execute(statement, values))


@lru_cache(256)
def _page(brand_id: int, sort: Sort, limit: int, goes_on: bool) -> Rows:
    """The statement for everybody, kept: to put it together takes longer than to ask it."""
    statement = rows(brand_id, (), sort).limit(limit)
    if not goes_on:
        return statement
    key = _KEYS[sort]
    above = (bindparam("above_key", type_=key.type), bindparam("above_id", type_=Integer()))
    return statement.where(tuple_(key, Relationship.id) > tuple_(*above))


def rows(brand_id: int, conditions: Sequence[ColumnElement[bool]], sort: Sort) -> Rows:
    """Select the rows of a brand's list that meet the conditions, in order.

    Each row is plain columns; `account` is the largest account, its platform and its handle with
    a space between, and `order_key` is last: what the next page begins after.
    """
    key = _KEYS[sort]
    return (
        select(*_COLUMNS, _largest_account().label("account"), key.label("order_key"))
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .join(owner, owner.id == Relationship.owner_id, isouter=True)
        .where(Relationship.brand_id == brand_id, is_listed(), *conditions)
        .order_by(key, Relationship.id)
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


def is_listed() -> ColumnElement[bool]:
    """The condition on Influencer that leaves out strangers, archived and merged people."""
    return Influencer.known & Influencer.archived_at.is_(None) & Influencer.merged_into_id.is_(None)


def conditions(
    session: Session, filter: Filter, reader: search.Reader
) -> list[ColumnElement[bool]]:
    """What a filter asks of Relationship and Influencer; a text asks the search index."""
    found: list[ColumnElement[bool]] = []
    if filter.stage is not None:
        found.append(Relationship.stage == filter.stage)
    if filter.tier is not None:
        found.append(Influencer.tier == filter.tier)
    if filter.owner_id is not None:
        found.append(
            Relationship.owner_id.is_(None)
            if filter.owner_id == 0
            else Relationship.owner_id == filter.owner_id
        )
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
    return f"{row.order_key}~{row.id}"


def _key_of(sort: Sort, token: str) -> dict[str, Any]:
    value, _tilde, id = token.rpartition("~")
    try:
        typed: Any = value
        if sort is Sort.NEXT or sort is Sort.CONTACT:
            typed = dt.date.fromisoformat(value)
        elif sort is not Sort.NAME:
            typed = float(value)
        return {"above_key": typed, "above_id": _id(id)}
    except ValueError:
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None


def _id(digits: str) -> int:
    if not digits.isdecimal() or len(digits) > 9:
        raise ValueError(digits)
    return int(digits)


def count(session: Session, brand_id: int, conditions: Sequence[ColumnElement[bool]]) -> int:
    """Count what meets the conditions, up to COUNTED + 1."""
    some = (
        select(Relationship.id)
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(Relationship.brand_id == brand_id, is_listed(), *conditions)
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
    Account.id,
).where(Account.influencer_id == bindparam("influencer_id"), Account.is_current)

_direct = select(
    literal("contact"),
    ContactPoint.kind,
    ContactPoint.value,
    literal(None, String),
    literal(None, BigInteger),
    ContactPoint.id,
).where(ContactPoint.influencer_id == bindparam("influencer_id"))

_ways = union_all(_current, _direct).subquery("ways")

#: `what kind value url followers` of the current accounts of `influencer_id`, the largest first,
#: then of the ways to write to or call them: `account` and a platform, or `contact` and a kind.
WAYS = select(_ways).order_by(_ways.c.what, func.coalesce(_ways.c.followers, -1).desc(), _ways.c.id)


def lookup(session: Session, query: str, reader: search.Reader, limit: int = 8) -> Rows:
    """Select the best few people a half-typed name may mean: `id influencer_id name stage`."""
    return (
        select(
            Relationship.id,
            Relationship.influencer_id,
            Influencer.name,
            Relationship.stage,
            Influencer.tier,
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.brand_id == reader.brand_id,
            is_listed(),
            search.restrict(session, query, reader),
        )
        .order_by(Relationship.fit_order, Relationship.id)
        .limit(limit)
    )
