"""Pictures of a part of the network: what they speak of is drawn, however weak it is."""

from itertools import combinations

import make
import pytest
from tied import tie

from irm import clock
from irm.models import TieKind
from irm.network import pictures
from irm.network.pictures import MOST_LINKS, Size


@pytest.fixture
def brand(saved):
    return saved(make.brand())


@pytest.fixture
def circle(session, brand):
    """So many people, each of whom follows every other."""

    def circle(many):
        people = [make.relationship(brand=brand) for _ in range(many)]
        session.add_all(people)
        session.flush()
        today = clock.now().date()
        for one, other in combinations(people, 2):
            session.add(tie(one.influencer, other.influencer, weight=5, last_seen=today))
        return [one.influencer for one in people]

    return circle


def test_of_somebody_in_a_crowd_every_tie_is_told_and_drawn(session, brand, circle):
    crowd = circle(39)
    person = make.relationship(brand=brand)
    session.add(person)
    session.flush()
    for one in crowd:
        session.add(tie(person.influencer, one, weight=0.01, kind=TieKind.FOLLOWS))
    session.commit()
    middle = person.influencer_id

    drawn = pictures.around(
        session, brand.id, middle, clock.now().date(), steps=1, size=Size.INFLUENCE
    )

    assert len(drawn.links) == MOST_LINKS
    assert drawn.undrawn == 39 * 40 // 2 - MOST_LINKS
    assert set(drawn.to_middle) == {one.id for one in crowd}
    assert sum(middle in (link.one, link.other) for link in drawn.links) == 39


def test_the_one_tie_that_joins_two_crowds_is_drawn(session, brand, circle):
    here, there = circle(26), circle(26)
    session.add(tie(here[0], there[0], weight=0.01))
    session.commit()

    drawn = pictures.around(
        session, brand.id, here[0].id, clock.now().date(), steps=2, size=Size.INFLUENCE
    )

    (pair,) = drawn.sole
    assert set(pair) == {here[0].id, there[0].id}
    assert len(drawn.links) == MOST_LINKS
    assert set(pair) in [{link.one, link.other} for link in drawn.links]
