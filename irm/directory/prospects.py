"""People a brand may want to begin with: who they are, what they speak of, and putting them aside.

A brand sees those it brought in itself, and those who stand in another brand's funnel that the
reader is a member of. To begin with one of them is irm/funnel/admitting.py.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from irm.errors import Refused
from irm.i18n import _l
from irm.models import (
    UNKNOWN_ORDER,
    Account,
    Influencer,
    Platform,
    Post,
    Prospect,
    Relationship,
    Tier,
)
from irm.models.base import LabelledEnum, Rows

PAGE = 20

#: Beyond this many, a count says "1,000+".
COUNTED = 1_000

#: How much of a post is read to show where it speaks of a topic.
READ = 2_000


class Sort(LabelledEnum):
    """By what prospects are sorted; "not known" comes last."""

    RELEVANCE = "relevance", _l("Relevance")
    FIT = "fit", _l("Fit")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list of prospects is narrowed to; an empty one keeps everybody not put aside."""

    topic_id: int | None = None
    tier: Tier | None = None
    platform: Platform | None = None
    #: Those who were put aside, and nobody else.
    dismissed: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Filter()


_BY_FIT = func.coalesce(literal(100.0, Float) - Prospect.fit, literal(UNKNOWN_ORDER, Float))
_KEYS: dict[Sort, ColumnElement[float]] = {
    Sort.RELEVANCE: Prospect.relevance_order.expression,
    Sort.FIT: _BY_FIT,
}


def visible(brand_id: int, brands: Collection[int]) -> list[ColumnElement[bool]]:
    """What holds of the prospects of a brand that a member of `brands` may see.

    Asked of Prospect and Influencer.
    """
    of_person = Relationship.influencer_id == Prospect.influencer_id
    is_begun = select(Relationship.id).where(of_person, Relationship.brand_id == brand_id).exists()
    elsewhere = [one for one in brands if one != brand_id]
    known = select(Relationship.id).where(of_person, Relationship.brand_id.in_(elsewhere)).exists()
    return [
        Prospect.brand_id == brand_id,
        or_(Prospect.is_own, known) if elsewhere else and_(Prospect.is_own),
        and_(Influencer.known, Influencer.merged_into_id.is_(None)),
        Influencer.archived_at.is_(None),
        ~is_begun,
    ]


def conditions(filter: Filter) -> list[ColumnElement[bool]]:
    """What a filter asks of Prospect and Influencer."""
    aside = Prospect.dismissed_at.is_not(None)
    found: list[ColumnElement[bool]] = [aside if filter.dismissed else ~aside]
    if filter.topic_id is not None:
        found += [Prospect.relevance_order < 100.0, _speaks_of(filter.topic_id)]
    if filter.tier is not None:
        found.append(Influencer.tier == filter.tier)
    if filter.platform is not None:
        found.append(
            select(Account.id)
            .where(
                Account.influencer_id == Prospect.influencer_id,
                Account.platform == filter.platform,
                Account.is_current,
            )
            .exists()
        )
    return found


def _speaks_of(topic_id: int) -> ColumnElement[bool]:
    """Whether the stored reasons name a topic: both databases keep them as they were written."""
    # Within a text a quotation mark has a backslash before it, so no name can pretend to be this.
    return cast(Prospect.reasons, String).contains(f'"topic": {topic_id},', autoescape=True)


def page(
    session: Session,
    where: Sequence[ColumnElement[bool]],
    sort: Sort = Sort.RELEVANCE,
    after: str | None = None,
    size: int = PAGE,
) -> list[Any]:
    """A page of prospects, and one row more where there are more.

    Raises Refused where nobody's page ended at `after`: it was typed by hand.
    """
    key = _KEYS[sort]
    statement = (
        select(
            Prospect.id,
            Prospect.influencer_id,
            Prospect.is_own,
            Prospect.relevance,
            Prospect.fit,
            Prospect.reasons,
            Prospect.dismissed_at,
            Influencer.name,
            Influencer.tier,
            Influencer.audience,
            Influencer.reach,
            Influencer.resonance,
            key.label("order_key"),
        )
        .join(Influencer, Influencer.id == Prospect.influencer_id)
        .where(*where)
        .order_by(key, Prospect.id)
        .limit(size + 1)
    )
    if after is not None:
        above = _key_of(after)
        statement = statement.where(
            tuple_(key, Prospect.id) > tuple_(literal(above[0], Float), literal(above[1], Integer))
        )
    return list(session.execute(statement))


def page_token(row: Any) -> str:
    """What the address of the next page carries: the last row's key and id."""
    return f"{row.order_key}~{row.id}"


def _key_of(token: str) -> tuple[float, int]:
    value, _tilde, id = token.rpartition("~")
    try:
        if not id.isdecimal() or len(id) > 9:
            raise ValueError(id)
        key = float(value)
        if not 0 <= key <= UNKNOWN_ORDER:
            raise ValueError(value)
        return key, int(id)
    except ValueError:
        raise Refused(_l("This page address is not valid; begin at the first page.")) from None


def count(session: Session, where: Sequence[ColumnElement[bool]]) -> int:
    """Count prospects, up to COUNTED + 1."""
    some = (
        select(Prospect.id)
        .join(Influencer, Influencer.id == Prospect.influencer_id)
        .where(*where)
        .limit(COUNTED + 1)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0


def accounts(people: Iterable[int]) -> Rows:
    """Select the current accounts of some people, the largest first."""
    return (
        select(
            Account.influencer_id,
            Account.platform,
            Account.handle,
            Account.url,
            Account.followers,
        )
        .where(Account.influencer_id.in_(list(people)), Account.is_current)
        .order_by(func.coalesce(Account.followers, -1).desc(), Account.id)
    )


def posts(ids: Iterable[int]) -> Rows:
    """Select posts with whose they are and the beginning of their text."""
    return (
        select(
            Post.id,
            Account.influencer_id,
            Account.platform,
            Post.published_at,
            Post.url,
            Post.language,
            func.substr(Post.text, 1, READ).label("text"),
        )
        .join(Account, Account.id == Post.account_id)
        .where(Post.id.in_(list(ids)))
    )


_ONE = select(Prospect).where(
    and_(
        Prospect.brand_id == bindparam("brand"),
        Prospect.influencer_id == bindparam("person"),
    )
)


def of(session: Session, brand_id: int, influencer_id: int) -> Prospect | None:
    """Return a brand's prospect, if this person is one."""
    return session.scalar(_ONE, {"brand": brand_id, "person": influencer_id})


def dismiss(session: Session, brand_id: int, influencer_id: int, at: dt.datetime) -> None:
    """Put somebody aside: they are proposed no more.

    Raises Refused where they are not proposed to the brand.
    """
    _proposed(session, brand_id, influencer_id).dismissed_at = at


def take_back(session: Session, brand_id: int, influencer_id: int) -> None:
    """Propose somebody again who was put aside.

    Raises Refused where they are not proposed to the brand.
    """
    _proposed(session, brand_id, influencer_id).dismissed_at = None


def _proposed(session: Session, brand_id: int, influencer_id: int) -> Prospect:
    found = of(session, brand_id, influencer_id)
    if found is None:
        raise Refused(_l("This person is not proposed to your brand any more."))
    return found
