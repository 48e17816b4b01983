"""The board by tier, owner and archetype: the right cards in order, the heads by counting."""

import datetime as dt
import random
from zoneinfo import ZoneInfo

import make
import pytest
from sqlalchemy import text

from irm.directory.people import Filter
from irm.directory.search import Reader
from irm.errors import Refused
from irm.funnel import board, grouped, grouping
from irm.funnel.board import Head, Shown
from irm.funnel.board_order import Order, Sorting, Way
from irm.funnel.grouping import Grouping
from irm.ledger import ageing
from irm.ledger import relationships as ledger
from irm.ledger.ageing import Ageing, Limits
from irm.models import Archetype, Relationship, Stage, Tier

DAY = dt.date(2026, 3, 2)
OTHERS = [Grouping.TIER, Grouping.OWNER, Grouping.ARCHETYPE]


@pytest.fixture
def crowd(session, saved):
    """A hundred people of all tiers, two archetypes and two owners, many of them alike."""
    dice = random.Random(5)
    lead = saved(make.member())
    brand = lead.brand
    for n in range(100):
        person = make.influencer(
            tier=dice.choice([Tier.MICRO, Tier.MICRO, Tier.MIDDLE, Tier.MACRO]),
            archetype=dice.choice([None, Archetype.CREATOR, Archetype.FAN]),
            audience=dice.choice([None, 1000, 50_000]),
            resonance=dice.choice([None, 10.0, 70.0]),
            archived_at=make.MONDAY if n % 11 == 0 else None,
        )
        card = make.relationship(
            brand=brand,
            influencer=person,
            stage=dice.choice(list(Stage)),
            owner=dice.choice([None, lead.user]),
            fit=dice.choice([None, 20.0, 80.5]),
            stage_since=make.MONDAY - dt.timedelta(days=dice.randint(0, 300)),
        )
        saved(card)
        if dice.random() < 0.5:
            due_on = DAY + dt.timedelta(days=dice.randint(-3, 3))
            session.add(make.touchpoint(relationship=card, due_on=due_on))
    ledger.rebuild(session)
    session.commit()
    return brand


def everybody(session, brand, by, key):
    """Those of a column as they should stand, reckoned in Python."""
    kept = []
    for one in session.query(Relationship).filter_by(brand_id=brand.id):
        value = {
            Grouping.STAGE: one.stage,
            Grouping.TIER: one.influencer.tier,
            Grouping.OWNER: one.owner_id or 0,
            Grouping.ARCHETYPE: one.influencer.archetype or "none",
        }[by]
        if str(value) == key and one.influencer.archived_at is None:
            kept.append(one)
    return sorted(kept, key=lambda one: (one.next_order, one.fit_order, one.id))


def paged(session, brand, by, key, sorting):
    """All cards of a column, page by page."""
    seen, below = [], []
    while True:
        statement = grouped.column(Shown(brand.id), by, key, sorting, below).limit(7)
        page = session.execute(statement).all()
        if not page:
            return seen
        seen += page
        below = [grouped.below(by, board.page_token(page[-1]), sorting)]


@pytest.mark.parametrize("by", OTHERS)
@pytest.mark.parametrize("way", Way)
def test_every_way_shows_all_of_a_column_once_in_order(session, crowd, by, way):
    for key in grouping.columns(session, Reader(crowd.id, 0), by):
        seen = paged(session, crowd, by, key, Sorting(Order.NEXT, way))

        assert [card.id for card in seen] == [one.id for one in everybody(session, crowd, by, key)]


@pytest.mark.parametrize("by", OTHERS)
@pytest.mark.parametrize("way", Way)
def test_sorted_by_a_score_the_best_come_first_and_the_unknown_last(session, crowd, by, way):
    for key in grouping.columns(session, Reader(crowd.id, 0), by):
        seen = paged(session, crowd, by, key, Sorting(Order.RESONANCE, way))

        keys = [(card.resonance is None, -(card.resonance or 0), card.id) for card in seen]
        assert keys == sorted(keys)
        assert {card.id for card in seen} == {one.id for one in everybody(session, crowd, by, key)}


@pytest.mark.parametrize("by", OTHERS)
@pytest.mark.parametrize("order", [Order.NEXT, Order.FIT])
def test_the_first_cards_are_the_beginning_of_each_column(session, crowd, by, order):
    keys = list(grouping.columns(session, Reader(crowd.id, 0), by))
    ways = grouped.sortings(session, crowd.id, by, order, keys)

    first = grouped.first_cards(session, Shown(crowd.id), by, ways)

    assert any(first.values())
    for key, sorting in ways.items():
        column = grouped.column(Shown(crowd.id), by, key, sorting).limit(board.COLUMN + 1)
        assert first[key] == session.execute(column).all()


@pytest.mark.parametrize("by", [Grouping.STAGE, Grouping.TIER, Grouping.OWNER])
def test_heads_by_counting_agree_with_the_kept_counters(session, crowd, by):
    kept = grouped.heads(session, crowd.id, by, Filter())
    counted = count(session, crowd, by, 10_000)

    assert {key: one.head for key, one in counted.items() if one.head.people} == kept
    assert sum(head.people for head in kept.values()) == 90


@pytest.mark.parametrize("by", Grouping)
def test_overdue_and_over_the_limit_are_counted_as_they_are(session, crowd, by):
    counted = count(session, crowd, by, 10_000)

    for key, one in counted.items():
        people = everybody(session, crowd, by, key)
        ages = [ageing.age(card, DAY, ZoneInfo("UTC"), Limits()) for card in people]
        assert one.overdue == sum(card.next_order < DAY for card in people)
        assert one.over == sum(Ageing.STUCK in age.marks for age in ages)
    assert sum(one.over for one in counted.values())


def test_heads_by_counting_stop_at_their_limit_and_say_so(session, crowd):
    counted = count(session, crowd, Grouping.OWNER, 20)

    assert counted["0"].head.people == 20
    assert not counted["0"].head.is_exact


def count(session, brand, by, limit):
    """The columns of a board by counting."""
    keys = grouping.columns(session, Reader(brand.id, 0), by)
    stuck = ageing.condition(Ageing.STUCK, DAY, ZoneInfo("UTC"), Limits())
    late = Relationship.next_order < DAY
    return grouped.filtered_heads(session, Shown(brand.id), by, keys, (), limit, late, stuck)


@pytest.mark.parametrize("limited", [[], [Relationship.fit.is_not(None)]])
def test_the_one_in_the_middle_of_a_stage_is_found(session, crowd, limited):
    now = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
    people = {
        stage: [
            (now - one.stage_since).days
            for one in everybody(session, crowd, Grouping.STAGE, stage.value)
            if not limited or one.fit is not None
        ]
        for stage in Stage
    }

    found = grouped.medians(
        session,
        Shown(crowd.id),
        {stage: len(days) for stage, days in people.items()},
        limited,
        now,
    )

    assert found == {stage: sorted(days)[(len(days) - 1) // 2] for stage, days in people.items()}


def test_a_filter_by_stage_narrows_the_heads_of_tiers(session, crowd):
    found = grouped.heads(session, crowd.id, Grouping.TIER, Filter(), frozenset([Stage.AWARE]))

    for tier in Tier:
        people = everybody(session, crowd, Grouping.TIER, tier.value)
        aware = [one for one in people if one.stage is Stage.AWARE]
        assert found.get(tier.value, Head()).people == len(aware)


@pytest.mark.parametrize(
    ("by", "key"),
    [(by, "x") for by in Grouping] + [(Grouping.OWNER, "²"), (Grouping.TIER, "none")],
)
def test_a_column_that_nobody_knows_is_refused(by, key):
    with pytest.raises(Refused):
        grouping.known(by, key)


@pytest.mark.parametrize(
    ("by", "key", "way", "index"),
    [
        (Grouping.TIER, "macro", Way.WALK, "ix_relationships_planned"),
        (Grouping.TIER, "macro", Way.STAGE, "ix_influencers_tier"),
        (Grouping.ARCHETYPE, "fan", Way.WALK, "ix_relationships_planned"),
        (Grouping.ARCHETYPE, "none", Way.STAGE, "ix_influencers_archetype"),
        (Grouping.OWNER, "1", Way.OWNER, "ix_relationships_owner"),
    ],
)
def test_sqlite_goes_the_way_that_is_meant(uncounted, session, crowd, by, key, way, index):
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL weighs the ways by its own statistics")
    statement = grouped.column(Shown(crowd.id), by, key, Sorting(Order.NEXT, way)).limit(31)

    compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]

    assert index in plan[0]
    assert any("TEMP B-TREE" in step for step in plan) is (way is Way.STAGE)
