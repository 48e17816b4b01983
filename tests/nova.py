"""Who works at Nova in the tests of teams and of leaving: Lea, who leads, Ben and Mia."""

import make
import pytest

from irm.models import Role


@pytest.fixture
def lea(saved):
    """Lea, who leads Nova."""
    return saved(make.member(Role.LEAD, user=make.user(name="Lea"), brand=make.brand(name="Nova")))


@pytest.fixture
def ben(saved, lea):
    return saved(make.member(brand=lea.brand, user=make.user(name="Ben")))


@pytest.fixture
def mia(saved, lea):
    return saved(make.member(brand=lea.brand, user=make.user(name="Mia")))
