"""Whom a lead is told of: people left alone beyond the second limit, by who looks after them."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, not_, select
from sqlalchemy.orm import Session

from irm.directory.columns import owner
from irm.directory.people import is_listed
from irm.ledger import ageing
from irm.ledger.ageing import Ageing, Limits
from irm.models import Brand, BrandMember, Influencer, Relationship, Role
from irm.models.base import Rows

#: People named at once; a link leads to the rest.
SHOWN = 10

#: Counted exactly up to so many.
MOST = 999


class Rule(NamedTuple):
    """By what a brand reckons: its limits, its zone, and the day it is there."""

    limits: Limits
    zone: dt.tzinfo
    day: dt.date


class Group(NamedTuple):
    """The people of one colleague, the longest left alone first."""

    #: None: nobody looks after them.
    owner_id: int | None
    owner_name: str
    people: int
    #: Rows `influencer_id name stage days`; of some colleagues only the first.
    rows: Sequence[Any]


class Told(NamedTuple):
    """What a lead is told: how many people, of how many colleagues, and some of them."""

    people: int = 0
    is_exact: bool = True
    colleagues: int = 0
    groups: Sequence[Group] = ()


class Row(NamedTuple):
    """One person left alone."""

    influencer_id: int
    name: str
    stage: Any
    days: int


def rule_of(stored_limits: object, timezone: str, at: dt.datetime) -> Rule:
    """The rule of a brand at a moment."""
    zone = ZoneInfo(timezone)
    return Rule(ageing.limits(stored_limits), zone, at.astimezone(zone).date())


def told(session: Session, brand_id: int, rule: Rule) -> Told:
    """Who is beyond the second limit, by one statement.

    Each colleague has the longest left alone of theirs named, as far as there is room.
    """
    found = session.execute(_by_owner(brand_id, rule)).all()
    if not found:
        return Told()
    named = sorted(found, key=lambda row: (row.place, -row.of_owner, row.last_contact_at))[:SHOWN]
    chosen = {row.id for row in named}
    ranked = sorted(
        found, key=lambda row: (-row.of_owner, row.owner_name or "", row.owner_id or 0, row.place)
    )
    groups = []
    for (owner_id, name), rows in groupby(ranked, key=lambda row: (row.owner_id, row.owner_name)):
        of_one = list(rows)
        shown = [_row(row, rule) for row in of_one if row.id in chosen]
        if shown:
            groups.append(Group(owner_id, name or "", of_one[0].of_owner, shown))
    total = found[0].total
    colleagues = len({row.owner_id for row in found if row.owner_id is not None})
    return Told(min(total, MOST), total <= MOST, colleagues, groups)


def is_anybody_new(session: Session, brand_id: int, rule: Rule, since: dt.date) -> bool:
    """Whether somebody is beyond the second limit now who was not on an earlier day.

    It is reckoned from what is stored now: a touchpoint that was ahead then, or a pause that held,
    counts as it did.
    """
    limits, zone, day = rule
    then = ageing.condition(Ageing.LOST, since, zone, limits)
    contact, following = Relationship.contact_order, Relationship.next_order
    # One of these is why, and each is a short stretch of an index.
    reasons = (
        contact.between(
            since - dt.timedelta(days=limits.second + 1), day - dt.timedelta(days=limits.second)
        ),
        following.between(since, day - dt.timedelta(days=1)),
        and_(Relationship.paused_until > since, Relationship.paused_until <= day),
    )
    return any(
        session.execute(_lost(brand_id, rule).where(reason, not_(then)).limit(1)).first()
        for reason in reasons
    )


def leads(session: Session) -> dict[int, list[Any]]:
    """The brands of each lead, as rows `id name limits timezone`."""
    found: dict[int, list[Any]] = {}
    asked = (
        select(BrandMember.user_id, Brand.id, Brand.name, Brand.limits, Brand.timezone)
        .join(Brand, Brand.id == BrandMember.brand_id)
        .where(BrandMember.role == Role.LEAD)
        .order_by(BrandMember.user_id, Brand.name_key)
    )
    for row in session.execute(asked):
        found.setdefault(row.user_id, []).append(row)
    return found


def _lost(brand_id: int, rule: Rule) -> Rows:
    limits, zone, day = rule
    return (
        select(
            Relationship.id,
            Relationship.influencer_id,
            Relationship.stage,
            Relationship.last_contact_at,
            Relationship.owner_id,
            Influencer.name,
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .where(
            Relationship.brand_id == brand_id,
            ageing.condition(Ageing.LOST, day, zone, limits),
            is_listed(),
        )
    )


def _by_owner(brand_id: int, rule: Rule) -> Rows:
    # The same limit in days of UTC, and never narrower: an index leads along it.
    last_day = rule.day - dt.timedelta(days=rule.limits.second)
    longest_first = (
        _lost(brand_id, rule)
        .where(Relationship.contact_order <= last_day)
        .order_by(Relationship.contact_order, Relationship.id)
    )
    some = longest_first.limit(MOST + 1).subquery("some")
    longest = [some.c.last_contact_at, some.c.id]
    counted = select(
        *some.c,
        func.count().over().label("total"),
        func.count().over(partition_by=some.c.owner_id).label("of_owner"),
        func.row_number().over(partition_by=some.c.owner_id, order_by=longest).label("place"),
    ).subquery("counted")
    return (
        select(*counted.c, owner.name.label("owner_name"))
        .join(owner, owner.id == counted.c.owner_id, isouter=True)
        .where(counted.c.place <= SHOWN)
    )


def _row(row: Any, rule: Rule) -> Row:
    days = (rule.day - row.last_contact_at.astimezone(rule.zone).date()).days
    return Row(row.influencer_id, row.name, row.stage, days)
