"""The moments of the reviews that are tried, and what is asked of them."""

import datetime as dt

import make
from sqlalchemy import select

from irm.funnel import review_items, reviews
from irm.funnel.review_items import Cause
from irm.models import (
    ReviewItem,
)

START = make.MONDAY
DAY = dt.timedelta(days=1)
NOW = START + 10 * DAY


def items(session, review):
    return session.scalars(
        select(ReviewItem).where(ReviewItem.review_id == review.id).order_by(ReviewItem.place)
    ).all()


def decide(session, item, decision, lead, **given):
    at = given.pop("at", NOW)
    return reviews.decide(session, item, decision, user=lead.user, at=at, **given)


def found(session, lead, kinds=tuple(Cause)):
    return review_items.find(session, lead.brand, NOW - 5 * DAY, NOW, kinds)


def again(session, lead, at=NOW + 3 * DAY):
    """Whom the next review would look at."""
    since = reviews.begins(session, lead.brand_id, at)
    return review_items.find(session, lead.brand, since, at).causes


def closed(session, review, at=NOW + DAY):
    reviews.close(session, review, recipients=[], at=at)
    session.commit()
