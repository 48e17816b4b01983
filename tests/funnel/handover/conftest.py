"""A team of four, and the people of the one who leaves."""

import pytest

from irm.ledger import counters
from irm.models import Role, Stage
from tests import make


@pytest.fixture
def ana(saved):
    """Ana, who leaves."""
    return saved(make.member(user=make.user(name="Ana")))


@pytest.fixture
def ben(saved, ana):
    return saved(make.member(brand=ana.brand, user=make.user(name="Ben"))).user


@pytest.fixture
def cleo(saved, ana):
    return saved(make.member(brand=ana.brand, user=make.user(name="Cleo"))).user


@pytest.fixture
def lea(saved, ana):
    """Lea, who leads."""
    return saved(make.member(Role.LEAD, brand=ana.brand, user=make.user(name="Lea"))).user


@pytest.fixture
def cards(session, saved, ana):
    """Three of Ana's at each stage, counted on the board."""
    made = [
        saved(make.relationship(brand=ana.brand, owner=ana.user, stage=stage))
        for stage in Stage
        for _n in range(3)
    ]
    counters.recount(session, ana.brand_id)
    session.commit()
    return made
