"""Groups as a database adds them up: one statement, however many people they are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Double, Select, case, cast, func, literal, select

from irm.models import Account, Influencer, Platform, Relationship, Tier
from irm.models.base import Rows
from irm.scoring.groups import DOUBLING, Group, Mean, Part
from irm.scoring.resonance import Expectation, expectation


def parts(
    conditions: Sequence[ColumnElement[bool]], lines: Mapping[str, Expectation] | None = None
) -> Select[Any]:
    """Select the sums of the people whom conditions on Relationship and Influencer name, by tier.

    `read` makes a group of the rows.
    """
    people = (
        select(
            Influencer.tier,
            cast(Influencer.audience, Double).label("audience"),
            Influencer.resonance,
            Relationship.relevance,
            _reactions(lines).label("reactions"),
        )
        .join(Influencer, Influencer.id == Relationship.influencer_id)
        .outerjoin(
            Account,
            (Account.influencer_id == Influencer.id) & Account.is_current & (Account.followers > 0),
        )
        .where(*conditions)
        # By person first: a sum of each is worked out once, however often it is asked for below.
        .group_by(Relationship.id, Influencer.id)
        .subquery("people")
    ).c
    sums: list[ColumnElement[Any]] = [func.count(), func.count(people.audience)]
    sums += [func.sum(people.audience), func.max(people.audience)]
    for score in (people.resonance, people.relevance):
        weighted = people.audience * score
        weight = func.sum(case((score.is_not(None), people.audience)))
        sums += [func.count(weighted), weight, func.sum(weighted)]
    sums += [func.count(people.reactions), func.sum(people.reactions)]
    return select(people.tier, *(one.label(f"sum{n}") for n, one in enumerate(sums))).group_by(
        people.tier
    )


def read(rows: Iterable[Any]) -> Group:
    """Make a group of the rows of `parts`."""
    found = {}
    for tier, people, sized, audience, largest, *rest in rows:
        resonance, relevance, (moving, moved) = rest[:3], rest[3:6], rest[6:]
        found[tier] = Part(
            tier,
            people,
            sized,
            round(audience or 0),
            round(largest or 0),
            Mean(resonance[0], resonance[1] or 0.0, resonance[2] or 0.0),
            Mean(relevance[0], relevance[1] or 0.0, relevance[2] or 0.0),
            moving,
            moved or 0.0,
        )
    return Group(tuple(found[tier] for tier in Tier if tier in found))


def nearest(conditions: Sequence[ColumnElement[bool]], audience: int, limit: int = 12) -> Rows:
    """Select the macros, `id name audience`, whose audience is nearest; all of theirs is known."""
    return (
        select(Influencer.id, Influencer.name, Influencer.audience)
        .join(Relationship, Relationship.influencer_id == Influencer.id)
        .where(
            Influencer.tier == Tier.MACRO,
            Influencer.audience > 0,
            Influencer.resonance.is_not(None),
            *conditions,
        )
        .order_by(func.abs(Influencer.audience - audience), Influencer.id)
        .limit(limit)
    )


def _reactions(lines: Mapping[str, Expectation] | None) -> ColumnElement[float]:
    """The sum of `groups.reactions` over the accounts that are joined to a person, in SQL."""
    followers = cast(Account.followers, Double)
    each = [(Account.platform == one, expectation(one.value, lines)) for one in Platform]
    factor = case(*((is_it, literal(10.0**line.intercept, Double())) for is_it, line in each))
    power = case(*((is_it, literal(1.0 + line.slope, Double())) for is_it, line in each))
    usual = func.sum(factor * func.power(followers, power))
    more = func.power(literal(2.0, Double()), (Influencer.resonance - 50.0) / float(DOUBLING))
    return cast(usual * more, Double)
