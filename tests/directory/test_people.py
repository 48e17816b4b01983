"""The list of people: sorted, "not known" last, paged without a gap or a double."""

import random

import make
import pytest

from irm.directory import people
from irm.directory.people import Filter
from irm.directory.search import Reader
from irm.directory.sorting import BACKWARDS, LOWEST, Sort
from irm.errors import Refused
from irm.ledger import relationships as ledger
from irm.models import Platform, Stage, Tier
from irm.models.relationship import UNKNOWN_ORDER


@pytest.fixture
def crowd(session, saved):
    dice = random.Random(3)
    brand = saved(make.brand())
    for n in range(60):
        person = make.influencer(
            name=f"{dice.choice(['Éva', 'eva', 'Zoé', '😀'])} {n % 7}",
            reach=dice.choice([None, 10.5, 60.0]),
            tier=dice.choice(list(Tier)),
        )
        saved(
            make.relationship(
                influencer=person,
                brand=brand,
                fit=dice.choice([None, 1.0, 55.5]),
                stage=dice.choice(list(Stage)),
            )
        )
    ledger.rebuild(session)
    session.commit()
    return brand


@pytest.mark.parametrize("sort", list(Sort))
def test_paging_shows_everybody_once_whatever_the_order(session, crowd, sort):
    seen, after = [], None
    while True:
        page = people.page(session, crowd.id, [], sort, after, size=7)
        seen += page[:7]
        if len(page) <= 7:
            break
        after = people.page_token(page[6])

    assert len(seen) == len({row.id for row in seen}) == 60
    keys = [(row.order_key, row.id) for row in seen]
    if sort in LOWEST:
        unknown = [key for key in keys if key[0] == UNKNOWN_ORDER]
        assert unknown
        assert keys[-len(unknown) :] == sorted(unknown, reverse=True)
        keys = keys[: -len(unknown)]
    assert keys == sorted(keys, reverse=sort in BACKWARDS)


def test_the_best_fit_comes_first_and_not_known_last(session, crowd):
    fits = [row.fit for row in session.execute(people.rows(crowd.id, [], Sort.FIT))]

    known = [fit for fit in fits if fit is not None]
    assert known == sorted(known, reverse=True)
    assert fits[: len(known)] == known


@pytest.mark.parametrize(
    ("sort", "token"),
    [(Sort.FIT, "x~1"), (Sort.FIT, ""), (Sort.NEXT, "2026-13-01~1"), (Sort.NAME, "eva~1e9")],
)
def test_a_page_address_typed_by_hand_is_refused(session, sort, token):
    with pytest.raises(Refused):
        people.page(session, 1, [], sort, token)


def test_filters_narrow_and_counts_agree(session, crowd):
    filter = Filter(stage=Stage.AWARE, tier=Tier.MICRO)
    conditions = people.conditions(session, filter, Reader(crowd.id, 0))

    rows = session.execute(people.rows(crowd.id, conditions, Sort.FIT)).all()

    assert rows
    assert {(row.stage, row.tier) for row in rows} == {(Stage.AWARE, Tier.MICRO)}
    assert people.count(session, crowd.id, conditions) == len(rows)


def test_a_platform_keeps_those_with_a_current_account_there(session, saved, crowd):
    card = saved(make.relationship(brand=crowd, name="Zoé"))
    saved(make.account(influencer=card.influencer, platform=Platform.TIKTOK))
    gone = saved(make.relationship(brand=crowd, name="Marc"))
    saved(make.account(influencer=gone.influencer, platform=Platform.TIKTOK, is_current=False))
    conditions = people.conditions(session, Filter(platform=Platform.TIKTOK), Reader(crowd.id, 0))

    rows = session.execute(people.rows(crowd.id, conditions, Sort.FIT)).all()

    assert [row.name for row in rows] == ["Zoé"]


def test_strangers_archived_and_merged_people_are_not_listed(session, saved):
    brand = saved(make.brand())
    kept = saved(make.relationship(brand=brand, name="Zoé"))
    for hidden in (
        {"known": False},
        {"archived_at": make.MONDAY},
        {"merged_into_id": kept.influencer_id},
    ):
        saved(make.relationship(brand=brand, influencer=make.influencer(**hidden)))

    rows = session.execute(people.rows(brand.id, [], Sort.FIT)).all()

    assert [row.name for row in rows] == ["Zoé"]
