"""What a query of the list asks of the database."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    cast,
    false,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import SQLColumnExpression

from irm.directory import filters, search, teams
from irm.directory.filters import ME, NONE, Clause, Query, ago, between
from irm.directory.people import PAGE, Filter
from irm.directory.search import Found, Reader
from irm.ledger import ageing
from irm.ledger.ageing import Ageing
from irm.ledger.claims import Backing, backed
from irm.models import (
    Account,
    Archetype,
    Brand,
    CampaignMember,
    Influencer,
    Origin,
    Platform,
    Relationship,
    RelationshipTag,
    Score,
    ScoreKind,
    Stage,
    Tag,
    Tier,
)
from irm.models.aside import aside
from irm.models.keys import fold
from irm.models.relationship import LEFT_IN_PEACE

Condition = ColumnElement[bool]

_TIER: ColumnElement[Any] = aside(Influencer.tier.expression)
_ARCHETYPE: ColumnElement[Any] = aside(Influencer.archetype.expression)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query for the database: conditions on Relationship and Influencer, and what was found."""

    conditions: list[Condition]
    found: Found | None = None


def ask(session: Session, query: Query, reader: Reader, now: dt.datetime, zone: dt.tzinfo) -> Asked:
    """What a query asks; days are those of the reader's zone."""
    is_aged = any(one.field == "age" for group in query.groups for one in group)
    brand = session.get_one(Brand, reader.brand_id) if is_aged else None
    conditions = groups(query, reader, now, zone, brand, session)
    if not query.text:
        return Asked(conditions)
    found = search.find(session, query.text, reader)
    return Asked([*conditions, found.condition], found)


def groups(
    query: Query,
    reader: Reader,
    now: dt.datetime,
    zone: dt.tzinfo,
    brand: Brand | None = None,
    session: Session | None = None,
) -> list[Condition]:
    """What the filters of a query ask, without the words searched for; unread ones ask nothing.

    Ages are reckoned by the limits and the days of `brand`; by `session` the shortest way to whom
    teams look after is found.
    """
    asked = _Clauses(reader, now, zone, brand, session)
    read = _narrowed(filters.without_unread(query), reader)
    each = [[asked.condition(one) for one in group] for group in read.groups]
    if len(each) == 1:
        return each[0]
    return [or_(*(and_(*group) for group in each))] if each else []


def _narrowed(query: Query, reader: Reader) -> Query:
    """A query as the reader may ask it: a partner asks for her own people, whatever she writes."""
    if not reader.only_own:
        return query
    hers = Clause("owner", (ME,))
    return replace(query, groups=tuple((*one, hers) for one in query.groups) or ((hers,),))


def counted(query: Query, reader: Reader) -> tuple[Filter, frozenset[Stage]] | None:
    """What the kept counters are asked for a query, and which stages to add; None: they cannot."""
    query = _narrowed(filters.without_unread(query), reader)
    if query.text or query.archived or len(query.groups) > 1:
        return None
    stages, tier, owner, some = frozenset(Stage), None, None, None
    for one in query.groups[0] if query.groups else ():
        if one.field == "stage":
            named = frozenset(map(Stage, one.values))
            stages = stages - named if one.is_not else stages & named
        elif one.field == "team" and some is None and not one.is_not:
            some = teams.named(reader.brand_id, reader.user_id, one.values)
        elif one.is_not or len(one.values) > 1:
            return None
        elif one.field == "tier" and tier is None:
            tier = Tier(one.values[0])
        elif one.field == "owner" and owner is None:
            owner = reader.user_id if one.values[0] == ME else int(one.values[0])
        else:
            return None
    return Filter(tier=tier, owner_id=owner, teams=some), stages


class _Clauses:
    """Clauses as conditions, for one reader on one day."""

    def __init__(
        self,
        reader: Reader,
        now: dt.datetime,
        zone: dt.tzinfo,
        brand: Brand | None,
        session: Session | None,
    ) -> None:
        self.session = session
        self.reader = reader
        self.brand = brand
        self.now = now
        self.zone = zone
        self.today = now.astimezone(zone).date()
        self.by_field: dict[str, Callable[[tuple[str, ...]], Condition]] = {
            "stage": lambda values: _in(Relationship.stage, list(map(Stage, values))),
            "claim": lambda values: or_(*(backed(Backing(one)) for one in values)),
            # A tier or an archetype keeps many: the list is walked in its order, passing by others.
            "tier": lambda values: _in(_TIER, list(map(Tier, values))),
            "origin": lambda values: _in(Influencer.origin, list(map(Origin, values))),
            "archetype": lambda values: _or_null(_ARCHETYPE, values, Archetype),
            "country": lambda values: _or_null(
                func.lower(Influencer.country), values, func.lower, Influencer.country
            ),
            "owner": self._owner,
            "team": self._team,
            "platform": _platform,
            "language": _language,
            "tag": self._tag,
            "campaign": _campaign,
            "topic": _topic,
            "fit": lambda values: _ranges(Relationship.fit, values),
            "relevance": lambda values: _ranges(Relationship.relevance, values),
            "reach": lambda values: _ranges(Influencer.reach, values),
            "resonance": lambda values: _ranges(Influencer.resonance, values),
            "audience": lambda values: _ranges(Influencer.audience, values),
            "contact": self._contact,
            "added": self._added,
            "due": self._due,
            "age": self._age,
        }

    def condition(self, clause: Clause) -> Condition:
        found = self.by_field[clause.field](clause.values)
        # What is not known is not so either: without this it would be in neither half.
        return not_(func.coalesce(found, false())) if clause.is_not else found

    def _owner(self, values: tuple[str, ...]) -> Condition:
        ids = [self.reader.user_id if one == ME else int(one) for one in values]
        some = [id for id in ids if id]
        named = _in(Relationship.owner_id, some) if some else false()
        return or_(Relationship.owner_id.is_(None), named) if 0 in ids else named

    def _team(self, values: tuple[str, ...]) -> Condition:
        named = teams.named(self.reader.brand_id, self.reader.user_id, values)
        if self.session is None:
            return named.hold(Relationship.owner_id)
        return teams.look_after(self.session, named, PAGE)

    def _tag(self, values: tuple[str, ...]) -> Condition:
        on = (
            select(RelationshipTag.tag_id)
            .join(Tag, Tag.id == RelationshipTag.tag_id)
            .where(RelationshipTag.relationship_id == Relationship.id)
        )
        keys = [fold(one) for one in values if one != NONE]
        named = on.where(Tag.name_key.in_(keys)).exists() if keys else false()
        return or_(not_(on.exists()), named) if NONE in values else named

    def _contact(self, values: tuple[str, ...]) -> Condition:
        at = Relationship.last_contact_at
        words: dict[str, Any] = {"never": at.is_(None), "unanswered": LEFT_IN_PEACE}
        return or_(*(words[one] if one in words else self._when(at, one) for one in values))

    def _added(self, values: tuple[str, ...]) -> Condition:
        return or_(*(self._when(Relationship.created_at, one) for one in values))

    def _when(self, at: SQLColumnExpression[Any], value: str) -> Condition:
        """Whether a moment lies more, or less, than so many days back, or within these days."""
        sign_and_days = ago(value)
        if sign_and_days is not None:
            sign, days = sign_and_days
            limit = self.now - dt.timedelta(days=days)
            return at < limit if sign == ">" else at >= limit
        start, end = _days_of(value)
        conditions = [at >= self._midnight(start)] if start else []
        if end and end < _LAST:
            conditions.append(at < self._midnight(end + dt.timedelta(days=1)))
        return and_(*conditions) if conditions else at.is_not(None)

    def _midnight(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(min(max(day, _FIRST), _LAST), dt.time(), self.zone)

    def _age(self, values: tuple[str, ...]) -> Condition:
        zone = ZoneInfo(self.brand.timezone) if self.brand else self.zone
        limits = ageing.limits(self.brand.limits if self.brand else None)
        day = self.now.astimezone(zone).date()
        return ageing.any_of([Ageing(one) for one in values], day, zone, limits)

    def _due(self, values: tuple[str, ...]) -> Condition:
        day = Relationship.next_touchpoint_on
        return or_(*(self._due_one(day, one) for one in values))

    def _due_one(self, day: SQLColumnExpression[Any], value: str) -> Condition:
        if value == NONE:
            return day.is_(None)
        if value == "overdue":
            return and_(day < self.today, ageing.is_not_paused(self.today))
        if value == "today":
            return and_(day == self.today, ageing.is_not_paused(self.today))
        sign_and_days = ago(value)
        if sign_and_days is not None:
            sign, days = sign_and_days
            limit = self.today + dt.timedelta(days=days)
            return day > limit if sign == ">" else and_(day >= self.today, day <= limit)
        start, end = _days_of(value)
        conditions = ([day >= start] if start else []) + ([day <= end] if end else [])
        return and_(*conditions)


#: Nothing here happened before or after, and every zone can reckon with them.
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(9990, 12, 31)


def _days_of(value: str) -> tuple[dt.date | None, dt.date | None]:
    start, end = between(value) or ("", "")
    return (
        dt.date.fromisoformat(start) if start else None,
        dt.date.fromisoformat(end) if end else None,
    )


def _in(column: SQLColumnExpression[Any], values: Sequence[Any]) -> Condition:
    return column == values[0] if len(values) == 1 else column.in_(values)


def _or_null(
    column: SQLColumnExpression[Any],
    values: Sequence[str],
    typed: Callable[[str], Any],
    bare: SQLColumnExpression[Any] | None = None,
) -> Condition:
    known = [typed(one) for one in values if one != NONE]
    named = _in(column, known) if known else false()
    nothing = (column if bare is None else bare).is_(None)
    return or_(nothing, named) if NONE in values else named


def _platform(values: tuple[str, ...]) -> Condition:
    return (
        select(Account.id)
        .where(
            Account.influencer_id == Relationship.influencer_id,
            _in(Account.platform, list(map(Platform, values))),
            Account.is_current,
        )
        .exists()
    )


def _language(values: tuple[str, ...]) -> Condition:
    """The language they publish in, or one of the others."""
    more = " " + func.coalesce(Influencer.further_languages, "") + " "
    conditions: list[Condition] = []
    for one in values:
        if one == NONE:
            conditions.append(Influencer.language.is_(None))
        else:
            conditions.append(func.coalesce(Influencer.language == one, false()))
            conditions.append(more.contains(f" {one} ", autoescape=True))
    return or_(*conditions)


def _campaign(values: tuple[str, ...]) -> Condition:
    """Whether they take part in one of these; `none`: in none, one that was called off included."""
    member = select(CampaignMember.id).where(CampaignMember.relationship_id == Relationship.id)
    ids = [int(one) for one in values if one != NONE]
    named = member.where(_in(CampaignMember.campaign_id, ids)).exists() if ids else false()
    return or_(not_(member.exists()), named) if NONE in values else named


def _topic(values: tuple[str, ...]) -> Condition:
    """What the newest score of relevance names among its reasons."""
    newest = (
        select(cast(Score.reasons, String))
        .where(Score.relationship_id == Relationship.id, Score.kind == ScoreKind.RELEVANCE)
        .order_by(Score.day.desc())
        .limit(1)
        .correlate(Relationship)
        .scalar_subquery()
    )
    names = [f'"topic": {one},' for one in values if one != NONE]
    named = or_(false(), *(newest.contains(name, autoescape=True) for name in names))
    nothing = not_(func.coalesce(newest.contains('"relevance.topic"', autoescape=True), false()))
    return or_(nothing, named) if NONE in values else named


def _ranges(column: SQLColumnExpression[Any], values: Sequence[str]) -> Condition:
    return or_(*(column.is_(None) if one == NONE else _range(column, one) for one in values))


def _range(column: SQLColumnExpression[Any], value: str) -> Condition:
    start, end = between(value) or ("", "")
    conditions = ([column >= float(start)] if start else []) + (
        [column <= float(end)] if end else []
    )
    return and_(*conditions)
