"""One person's scores with their reasons, from what is stored now: for the page."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from irm import models
from irm.models import Influencer, Relationship, Tier
from irm.scoring import facts, reasons, rules
from irm.scoring.fit import fit
from irm.scoring.reach import audience, reach
from irm.scoring.reasons import Reason
from irm.scoring.relevance import relevance
from irm.scoring.resonance import of_account, of_person
from irm.scoring.tiers import is_chosen, tier


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score, or `None` for "not known", and why; see `reasons` and `sentences`."""

    value: float | None
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class Explanations:
    """All that irm says of one person, and of a brand's relationship where one was given."""

    audience: int | None
    reach: Explanation
    resonance: Explanation
    tier: Tier
    tier_reasons: list[Reason]
    relevance: Explanation | None
    fit: Explanation | None


def posts_of(influencer_id: int) -> Select[models.Post]:
    """Select a person's posts on the accounts they have now."""
    return (
        select(models.Post)
        .join(models.Account, models.Account.id == models.Post.account_id)
        .where(models.Account.influencer_id == influencer_id, models.Account.is_current)
    )


def topics_of(brand_id: int) -> Select[models.Topic]:
    """Select a brand's topics in the order of their making."""
    return select(models.Topic).where(models.Topic.brand_id == brand_id).order_by(models.Topic.id)


def topic(stored: models.Topic) -> facts.Topic:
    """Read a stored topic; keywords that are no text are left out."""
    words = stored.keywords if isinstance(stored.keywords, list) else []
    keywords = tuple(word for word in words if isinstance(word, str))
    return facts.Topic(stored.id, stored.name, keywords, stored.weight)


def accounts_of(session: Session, influencer: Influencer) -> list[facts.Account]:
    """Load a person's current accounts with their posts, in two queries at most."""
    posts: dict[int, list[facts.Post]] = {}
    for post in session.scalars(posts_of(influencer.id)):
        posts.setdefault(post.account_id, []).append(
            facts.Post(
                post.id,
                post.published_at.date() if post.published_at else None,
                facts.Counts(post.likes, post.comments, post.shares, post.views),
                post.text,
                post.language,
            )
        )
    current = (
        select(models.Account)
        .where(models.Account.influencer_id == influencer.id, models.Account.is_current)
        .order_by(models.Account.id)
    )
    return [
        facts.Account(
            account.id,
            account.platform.value,
            account.followers,
            facts.averages(
                account.likes_average,
                account.comments_average,
                account.shares_average,
                account.views_average,
                account.engagement_average,
            ),
            tuple(posts.get(account.id, ())),
        )
        for account in session.scalars(current)
    ]


def explain(
    session: Session,
    influencer: Influencer,
    relationship: Relationship | None,
    day: dt.date,
    organisation: rules.Rules | None = None,
) -> Explanations:
    """Score one person as of a day, saying why; in four queries at most.

    The batch of `irm score` stores the same numbers.
    """
    organisation = organisation or rules.rules(session)
    accounts = accounts_of(session, influencer)

    sizes = [
        (one.id, one.platform, one.followers)
        for one in sorted(accounts, key=lambda one: (-(one.followers or 0), one.id))
        if one.followers is not None and facts.known(one.followers) is not None
    ]
    size = audience([followers for _, _, followers in sizes], organisation.overlap)
    reached = reach(size)
    scored = [of_account(one, day, organisation.expectations) for one in accounts]
    resonated = of_person(scored)

    relevant = fitting = None
    if relationship is not None:
        topics = [topic(one) for one in session.scalars(topics_of(relationship.brand_id))]
        posts = [post for account in accounts for post in account.posts]
        found = relevance(posts, influencer.bio, topics, day)
        relevant = Explanation(found.score if found else None, reasons.of_relevance(found, topics))
        weights = rules.weights(relationship.brand.fit_weights)
        fitting = Explanation(
            fit(reached, resonated, relevant.value, weights),
            reasons.of_fit(reached, resonated, relevant.value, weights),
        )
    named, why = _tier(influencer, size, organisation)
    return Explanations(
        audience=size,
        reach=Explanation(reached, reasons.of_reach(size, sizes, organisation.overlap)),
        resonance=Explanation(resonated, reasons.of_resonance(scored, organisation.expectations)),
        tier=named,
        tier_reasons=why,
        relevance=relevant,
        fit=fitting,
    )


def _tier(
    influencer: Influencer, size: int | None, organisation: rules.Rules
) -> tuple[Tier, list[Reason]]:
    if is_chosen(influencer.tier_set_by_id, influencer.tier_reason):
        return influencer.tier, reasons.of_choice(influencer.tier_set_by_id, influencer.tier_reason)
    named = tier(size, influencer.archetype, organisation.thresholds)
    return named, reasons.of_tier(named, size, influencer.archetype, organisation.thresholds)
