"""A column sorted by a score: the best first, what is not known last, whichever way it is found."""

import random
from itertools import pairwise

import make
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from irm.errors import Refused
from irm.funnel import board, board_order
from irm.funnel.board import Shown
from irm.funnel.board_order import Order, Sorting, Way
from irm.ledger import relationships as ledger
from irm.models import Influencer, Stage, Tier

SCORES = [order for order in Order if order is not Order.NEXT]


@pytest.fixture
def crowd(session, saved):
    """Ninety people of two stages and two owners, many alike in every score, some unknown."""
    dice = random.Random(11)
    brand, owner = saved(make.brand()), saved(make.user())
    for _ in range(90):
        scores = [dice.choice([None, 0.0, 33.3, 80.5, 100.0]) for _ in SCORES]
        person = make.influencer(
            reach=scores[0], resonance=scores[1], tier=dice.choice([Tier.MICRO, Tier.MACRO])
        )
        session.add(
            make.relationship(
                brand=brand,
                influencer=person,
                relevance=scores[2],
                fit=scores[3],
                stage=dice.choice([Stage.AWARE, Stage.AWARE, Stage.ENGAGED]),
                owner=dice.choice([None, owner]),
            )
        )
    session.commit()
    ledger.rebuild(session)
    session.commit()
    return brand, owner


def score_of(card, order):
    value = getattr(card, order.value)
    return (value is None, -(value or 0), card.id)


def paged(session, brand, sorting, conditions=(), owner_id=None):
    """All cards of a column, page by page."""
    seen, below = [], []
    while True:
        statement = board.column(
            Shown(brand.id), Stage.AWARE, [*conditions, *below], owner_id, sorting
        ).limit(7)
        page = session.execute(statement).all()
        if not page:
            return seen
        seen += page
        below = [board.below(board.page_token(page[-1]), sorting)]


@pytest.mark.parametrize("order", SCORES)
@pytest.mark.parametrize("way", Way)
def test_every_way_shows_everybody_once_the_best_first_and_the_unknown_last(
    session, crowd, order, way
):
    brand, _owner = crowd

    seen = paged(session, brand, Sorting(order, way))

    assert len(seen) == len({card.id for card in seen}) > 40
    assert [score_of(card, order) for card in seen] == sorted(
        score_of(card, order) for card in seen
    )
    assert getattr(seen[-1], order.value) is None


@pytest.mark.parametrize("way", Way)
def test_filters_by_owner_and_tier_hold_on_every_way(session, crowd, way):
    brand, owner = crowd
    macro = [Influencer.tier == Tier.MACRO]

    for id, name in ((owner.id, owner.name), (0, None)):
        seen = paged(session, brand, Sorting(Order.FIT, way), macro, id)

        assert seen
        assert {(card.owner_name, card.tier) for card in seen} == {(name, Tier.MACRO)}


@pytest.mark.parametrize("owned", [False, True])
def test_the_first_cards_of_a_sorted_board_are_the_beginning_of_each_column(session, crowd, owned):
    brand, owner = crowd
    owner_id = owner.id if owned else None
    heads = board.heads(session, brand.id, board.Filter(owner_id=owner_id))
    wanted = {stage: head.people for stage, head in heads.items()}
    ways = board_order.sortings(session, brand.id, Order.RESONANCE, owner_id, wanted)

    first = board.first_cards(session, Shown(brand.id), (), owner_id, ways)

    for stage in (Stage.AWARE, Stage.ENGAGED):
        whole = board.column(Shown(brand.id), stage, (), owner_id, ways[stage])
        assert first[stage] == session.execute(whole.limit(board.COLUMN + 1)).all()
        assert first[stage]


@given(
    of_stage=st.integers(0, 10**6),
    others=st.integers(0, 10**6),
    share=st.floats(0, 1),
    owned=st.none() | st.integers(0, 10**6),
)
def test_no_other_way_looks_at_fewer_people(of_stage, others, share, owned):
    everybody, wanted = of_stage + others, int(of_stage * share)

    found = board_order.way(of_stage, owned, everybody, wanted)

    steps = {Way.STAGE: of_stage, Way.OWNER: owned, Way.WALK: None}
    if wanted >= board_order.WANTED:
        steps[Way.WALK] = board_order.WANTED * everybody // wanted
    assert steps[found] == min(n for n in steps.values() if n is not None)


def test_an_unfiltered_board_never_looks_at_more_than_the_root_of_thirty_times_everybody():
    for everybody, (less, more) in (
        (n, pair) for n in (10**5, 10**6) for pair in pairwise((1, 2, 3))
    ):
        for of_stage in range(less * everybody // 400, more * everybody // 400, 97):
            found = board_order.way(of_stage, None, everybody, of_stage)
            steps = of_stage if found is Way.STAGE else board_order.WANTED * everybody / of_stage
            assert steps <= (board_order.WANTED * everybody) ** 0.5 + 1


@pytest.mark.parametrize("order", SCORES)
@pytest.mark.parametrize(
    ("way", "index"),
    [
        (Way.STAGE, "(brand_id=? AND stage=?)"),
        (Way.OWNER, "ix_relationships_owner (brand_id=? AND owner_id=?)"),
        (Way.WALK, "ix_relationships_{order}_order (brand_id=?"),
    ],
)
@pytest.mark.parametrize("analyzed", [False, True])
def test_sqlite_goes_the_way_that_is_meant(uncounted, session, crowd, order, way, index, analyzed):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL weighs the ways by its own statistics")
    brand, owner = crowd
    if analyzed:
        session.execute(text("ANALYZE"))
    sorting = Sorting(order, way)
    owner_id = owner.id if way is not Way.STAGE else None
    conditions = [Influencer.tier == Tier.MACRO, board.below("33.0~5", sorting)]
    statement = board.column(Shown(brand.id), Stage.AWARE, conditions, owner_id, sorting).limit(31)

    compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]

    assert index.format(order=order.value) in plan[0]
    assert any("TEMP B-TREE" in step for step in plan) is (way is not Way.WALK)


@pytest.mark.parametrize("token", ["", "x", "1.0", "~", "1.0~x", "x~1", "1.0~2~3", "1.0~²"])
def test_a_page_address_typed_by_hand_is_refused(token):
    with pytest.raises(Refused):
        board.below(token, Sorting(Order.FIT))
