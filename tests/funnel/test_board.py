"""A column is sorted by next touchpoint, then fit, and paged without a gap or a double."""

import datetime as dt
import random

import make
import pytest

from irm.funnel import board
from irm.funnel.board import Shown
from irm.ledger import relationships as ledger
from irm.models import Stage

DAY = dt.date(2026, 3, 2)


@pytest.fixture
def crowd(session, saved):
    """Seventy people of one stage, many alike in what they are sorted by."""
    dice = random.Random(7)
    brand = saved(make.brand())
    for _ in range(70):
        card = make.relationship(
            brand=brand, stage=Stage.AWARE, fit=dice.choice([None, 20.0, 33.3, 80.5])
        )
        saved(card)
        if dice.random() < 0.5:
            due_on = DAY + dt.timedelta(days=dice.randint(0, 3))
            session.add(make.touchpoint(relationship=card, due_on=due_on))
    ledger.rebuild(session)
    session.commit()
    return brand


def test_paging_shows_everybody_once_in_order(session, crowd):
    seen = []
    conditions = []
    while True:
        statement = board.column(Shown(crowd.id), Stage.AWARE, conditions)
        page = session.execute(statement.limit(board.COLUMN)).all()
        if not page:
            break
        seen += page
        conditions = [board.below(board.page_token(page[-1]))]

    assert len(seen) == len({card.id for card in seen}) == 70
    keys = [
        (
            card.next_touchpoint_on or dt.date.max,
            -(card.fit if card.fit is not None else -1),
            card.id,
        )
        for card in seen
    ]
    assert keys == sorted(keys)


def test_the_first_cards_are_the_beginning_of_each_column(session, crowd):
    first = board.first_cards(session, Shown(crowd.id))

    column = session.execute(
        board.column(Shown(crowd.id), Stage.AWARE).limit(board.COLUMN + 1)
    ).all()
    assert [card.id for card in first[Stage.AWARE]] == [card.id for card in column]
    assert first[Stage.ENGAGED] == []


@pytest.mark.parametrize("token", ["", "x", "2026-03-02~1.0", "2026-03-02~x~1", "~~", "a~b~c~d"])
def test_a_page_address_typed_by_hand_is_refused(token):
    with pytest.raises(board.Refused):
        board.below(token)
