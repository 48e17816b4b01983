"""A lead, somebody to be looked at, and a review that has begun."""

import make
import pytest

from irm.funnel import reviews, stages
from irm.funnel.review_items import Cause
from irm.models import (
    Role,
    Stage,
)
from tests.funnel.reviews.sitting import DAY, NOW, START


@pytest.fixture
def lead(saved):
    return saved(make.member(Role.LEAD))


@pytest.fixture
def somebody(session, lead):
    """Somebody who began long ago, at unaware, in nobody's mind."""

    def make_one(fit=50.0, **given):
        person = make.influencer(**given)
        session.add(person)
        at = START - 300 * DAY
        one = stages.begin(session, person, lead.brand_id, user=None, at=at, owner_id=lead.user_id)
        one.fit, one.fit_order = fit, 100.0 - fit
        session.commit()
        return one

    return make_one


@pytest.fixture
def moved(session, lead, somebody):
    """Somebody who became aware yesterday, without evidence."""

    def make_one(**given):
        one = somebody(**given)
        reason = "They said so."
        at = NOW - DAY
        stages.move(session, one, Stage.AWARE, user=lead.user, at=at, reason=reason)
        session.commit()
        return one

    return make_one


@pytest.fixture
def begun(session, lead):
    """A review of all kinds that has begun."""

    def begin(kinds=tuple(Cause)):
        review = reviews.start(session, lead.brand, kinds, user=lead.user, at=NOW)
        session.commit()
        return review

    return begin
